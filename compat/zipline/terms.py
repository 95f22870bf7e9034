"""What trading each asset of a run means to the core: its instrument, commission and slippage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...core.instruments import Instrument
from .assets import Asset, Future

if TYPE_CHECKING:
    from .algorithm import Algorithm

_STOCK = Instrument()


def instrument_of(asset: Asset) -> Instrument:
    """Shares are paid for; a futures contract takes no cash, its profit is settled into it."""
    if not isinstance(asset, Future):
        return _STOCK
    return Instrument(multiplier=asset.price_multiplier, margin=0.0)


def terms_of(algorithm: Algorithm) -> dict[str, Any]:
    """Instruments, commission and slippage as the arguments of a `Simulation`."""
    commission, slippage = algorithm.commission.terms(), algorithm.slippage.terms()
    assets = algorithm.market.assets
    if not any(isinstance(asset, Future) for asset in assets):
        return {"commission": commission, "slippage": slippage}
    from .finance import futures

    fees = algorithm.futures_commission or futures.default_commission()
    impact = algorithm.futures_slippage or futures.default_slippage()
    instruments, commissions, slippages = [], [], []
    for asset in assets:
        contract = isinstance(asset, Future)
        instruments.append(instrument_of(asset))
        commissions.append(fees.terms_of(asset) if contract else commission)
        slippages.append(impact.terms_of(asset) if contract else slippage)
    return {"instruments": instruments, "commission": commissions, "slippage": slippages}

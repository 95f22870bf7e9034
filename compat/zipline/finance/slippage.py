"""Slippage models: at which price an order trades in a bar, and how much of it.

The built-in ones are public names for rows of `core.costs`. A run whose models are all built in is
matched by the core; a class of a script's own is asked order by order, as is what it inherits.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Any

from ....core.costs import Slippage, share_of_volume
from ..assets import Equity, Future
from ..pricing import row_of
from .shared import AllowedAssetMarker, FinancialModelMeta, Followed
from .transaction import create_transaction

__all__ = [
    "EquitySlippageModel",
    "FixedBasisPointsSlippage",
    "FixedSlippage",
    "FutureSlippageModel",
    "LiquidityExceeded",
    "NoSlippage",
    "SlippageModel",
    "VolumeShareSlippage",
    "fill_price_worse_than_limit_price",
]

SELL, BUY, STOP, LIMIT = 1, 2, 4, 8
SQRT_252 = math.sqrt(252)
DEFAULT_EQUITY_VOLUME_SLIPPAGE_BAR_LIMIT = 0.025
DEFAULT_FUTURE_VOLUME_SLIPPAGE_BAR_LIMIT = 0.05

_POINTS = 10_000.0
_OF_FUTURES = ("DEFAULT_ETA", "MarketImpactBase", "VolatilityVolumeShare")


def __getattr__(name: str):
    """What serves futures is read at its first use only."""
    if name in _OF_FUTURES:
        from . import futures

        return getattr(futures, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class LiquidityExceeded(Exception):
    """The bar's volume is used up: no further order in the asset trades in it."""


def fill_price_worse_than_limit_price(fill_price, order) -> bool:
    """Whether a price lies beyond an order's limit; an order without one has none."""
    if not order.limit:
        return False
    return fill_price > order.limit if order.direction > 0 else fill_price < order.limit


class SlippageModel(Followed, metaclass=FinancialModelMeta):
    """Base of the models: override `process_order`, or `simulate` as a whole."""

    allowed_asset_types = (Equity, Future)
    _volume_for_bar = 0

    def __init__(self) -> None:
        self._volume_for_bar = 0

    @property
    def volume_for_bar(self):
        """Shares that have traded in the current bar of the asset, unsigned."""
        return self._volume_for_bar

    @abstractmethod
    def process_order(self, data, order) -> Any:
        """(price, signed shares) at which an order trades now; (None, None) when it does not.

        Raises LiquidityExceeded to end the bar for the asset.
        """

    def simulate(self, data, asset, orders_for_asset):
        """Pairs of an order and its fill in the current bar, for one asset's open orders."""
        self._volume_for_bar = 0
        if data.current(asset, "volume") == 0:
            return
        close = data.current(asset, "close")
        if close != close:
            return
        now = data.current_dt
        for order in orders_for_asset:
            if order.open_amount == 0:
                continue
            order.check_triggers(close, now)
            if not order.triggered:
                continue
            try:
                price, amount = self.process_order(data, order)
                if price is None:
                    continue
                fill = create_transaction(order, now, price, amount)
            except LiquidityExceeded:
                return
            self._volume_for_bar += abs(fill.amount)
            yield order, fill

    def asdict(self) -> dict:
        return vars(self)

    def terms(self) -> Slippage | None:
        """The model as the core prices it; None where only its own methods can."""
        return None

    def terms_of(self, asset) -> Slippage | None:
        """The terms for one asset, where they differ."""
        return self.terms()

    def _price(self, data, order, size) -> tuple[float, float, bool]:
        """`core.costs.share_of_volume` for `size` shares of an order in the current bar."""
        price, shares, exhausted = share_of_volume(
            row_of(self.terms()),
            float(data.current(order.asset, "close")),
            float(order.direction),
            float(abs(size)),
            float(data.current(order.asset, "volume")),
            float(self.volume_for_bar),
        )
        return float(price), float(shares), exhausted  # see `CommissionModel._price`


class EquitySlippageModel(SlippageModel, metaclass=AllowedAssetMarker):
    """Base of the models that serve equities only."""

    allowed_asset_types = (Equity,)


class FutureSlippageModel(SlippageModel, metaclass=AllowedAssetMarker):
    """Base of the models that serve futures only."""

    allowed_asset_types = (Future,)


class NoSlippage(SlippageModel):
    """The whole order trades at the close."""

    @staticmethod
    def process_order(data, order):
        return data.current(order.asset, "close"), order.amount

    def terms(self) -> Slippage:
        return Slippage()


class FixedSlippage(SlippageModel):
    """The whole order trades half of `spread` (dollars) away from the close."""

    def __init__(self, spread=0.0) -> None:
        super().__init__()
        self.spread = spread

    def process_order(self, data, order):
        return self._price(data, order, order.amount)[0], order.amount

    def terms(self) -> Slippage:
        return Slippage("spread", float(self.spread))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(spread={self.spread})"


class FixedBasisPointsSlippage(SlippageModel):
    """`basis_points` away from the close, at most `volume_limit` of the bar's volume."""

    def __init__(self, basis_points=5.0, volume_limit=0.1) -> None:
        _check_bound("basis_points", basis_points, basis_points >= 0, "at least 0")
        _check_bound("volume_limit", volume_limit, volume_limit > 0, "above 0")
        super().__init__()
        self.basis_points = basis_points
        self.percentage = basis_points / _POINTS
        self.volume_limit = volume_limit

    def process_order(self, data, order):
        price, shares, exhausted = self._price(data, order, order.open_amount)
        if exhausted:
            raise LiquidityExceeded()
        return price, shares * order.direction

    def terms(self) -> Slippage:
        return Slippage("basis_points", self._rate(), float(self.volume_limit))

    def _rate(self) -> float:
        """The basis points that make `percentage`, which is what counts where a script sets one."""
        points, fraction = float(self.basis_points), float(self.percentage)
        if points / _POINTS == fraction:
            return points
        near = fraction * _POINTS
        tries = (near, math.nextafter(near, math.inf), math.nextafter(near, -math.inf))
        return next((one for one in tries if one / _POINTS == fraction), near)

    def __repr__(self) -> str:
        return _lines(
            self, f"basis_points={self.basis_points},", f"volume_limit={self.volume_limit},\n"
        )


class VolumeShareSlippage(SlippageModel):
    """The price moves with the square of the order's share of the bar's volume.

    price_impact: the factor; volume_limit: the largest share that may trade in a bar.
    """

    def __init__(
        self, volume_limit=DEFAULT_EQUITY_VOLUME_SLIPPAGE_BAR_LIMIT, price_impact=0.1
    ) -> None:
        super().__init__()
        self.volume_limit = volume_limit
        self.price_impact = price_impact

    def process_order(self, data, order):
        price, shares, exhausted = self._price(data, order, order.open_amount)
        if exhausted:
            raise LiquidityExceeded()
        if not shares or fill_price_worse_than_limit_price(price, order):
            return None, None
        return price, math.copysign(shares, order.direction)

    def terms(self) -> Slippage:
        # The impact is always against the order, whatever its sign.
        return Slippage("volume_share", abs(float(self.price_impact)), float(self.volume_limit))

    def __repr__(self) -> str:
        return _lines(
            self, f"volume_limit={self.volume_limit},", f"price_impact={self.price_impact}"
        )


def _lines(model: SlippageModel, *fields: str) -> str:
    shown = "".join(f"\n    {field}" for field in fields)
    return f"{type(model).__name__}({shown})"


def _check_bound(name: str, value, holds: bool, bound: str) -> None:
    if not holds:
        raise ValueError(f"FixedBasisPointsSlippage: {name} must be {bound}, not {value!r}.")

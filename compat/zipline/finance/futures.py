"""What trading futures costs: commission by contract, and slippage by market impact.

Scripts find the models in `commission` and `slippage`. Costs can differ by root symbol, so the
core's terms are made for one contract at a time.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np

from ....core.costs import Commission, Slippage, commission_of_fill, root_impact
from ..assets import Future
from ..errors import HistoryWindowStartsBeforeData
from ..pricing import row_of
from .commission import FutureCommissionModel
from .constants import DEFAULT_ETA, FUTURE_EXCHANGE_FEES_BY_SYMBOL, ROOT_SYMBOL_TO_ETA
from .slippage import SlippageModel, fill_price_worse_than_limit_price

__all__ = ["MarketImpactBase", "PerContract", "PerFutureTrade", "VolatilityVolumeShare"]

DEFAULT_PER_CONTRACT_COST = 0.85
DEFAULT_FUTURE_VOLUME_SLIPPAGE_BAR_LIMIT = 0.05

#: Sessions that mean volume and volatility are taken of.
IMPACT_WINDOW = 20
_SQRT_252 = math.sqrt(252)
_POINTS = 10_000.0

#: Columns of the bars that `VolatilityVolumeShare` needs.
IMPACT_VOLATILITY, IMPACT_VOLUME = "impact_volatility", "impact_volume"


class ByRoot:
    """A number for each root symbol: one for all, or a table.

    default: of a root symbol that is not in the table; None: there is none, it is a KeyError.
    """

    def __init__(self, given: Any, table: Mapping[str, float], default: float | None) -> None:
        self.single: float | None = None
        self._table = dict(table)
        if isinstance(given, (int, float)):
            self.single = float(given)
        else:
            self._table.update(given)
        self._default = default

    def __getitem__(self, root_symbol) -> float:
        if self.single is not None:
            return self.single
        if self._default is None:
            return self._table[root_symbol]
        return self._table.get(root_symbol, self._default)

    def __str__(self) -> str:
        return "<varies>" if self.single is None else str(self.single)


class PerContract(FutureCommissionModel):
    """`cost` for each contract, and `exchange_fee` for each order; at least `min_trade_cost`.

    In dollars. cost, exchange_fee: numbers, or by root symbol: a cost that is not given is 0.85, a
    fee that is not given is that of the exchange.
    """

    def __init__(self, cost, exchange_fee, min_trade_cost=0.0) -> None:
        self._cost = ByRoot(cost, {}, DEFAULT_PER_CONTRACT_COST)
        self._fee = ByRoot(exchange_fee, FUTURE_EXCHANGE_FEES_BY_SYMBOL, None)
        self.min_trade_cost = min_trade_cost or 0

    def calculate(self, order, transaction):
        terms = self.terms_of(order.asset)
        filled = float(abs(order.filled))
        owed = filled * terms.rate + (terms.per_order if filled else 0.0)
        fee, _ = commission_of_fill(
            row_of(terms), float(abs(transaction.amount)), float(transaction.price), False,
            filled, owed, float(order.commission), 0.0,
        )  # fmt: skip
        fee = float(fee)  # a kernel run as plain Python returns NumPy's own
        if order.commission == 0:
            return max(self.min_trade_cost, fee)  # in the type that the script gave
        return fee or 0

    def terms(self) -> Commission:
        return Commission("per_contract")

    def terms_of(self, asset) -> Commission:
        cost = abs(self._cost[asset.root_symbol])
        try:
            fee = self._fee[asset.root_symbol]
        except KeyError as error:
            return Commission(function=_refusal(error))
        return Commission("per_contract", cost, float(self.min_trade_cost), per_order=fee)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(cost_per_contract={self._cost}, exchange_fee={self._fee}, "
            f"min_trade_cost={self.min_trade_cost})"
        )


def _refusal(error: KeyError):
    """A commission that is not known: the contract can be held, but not traded."""

    def fee(units, price, filled, paid):
        raise error

    return fee


class PerFutureTrade(PerContract):
    """`cost` dollars for each order, with its first fill: a number, or by root symbol."""

    def __init__(self, cost=0.0) -> None:
        super().__init__(cost=0, exchange_fee=cost)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(cost_per_trade={self._fee})"


class MarketImpactBase(SlippageModel):
    """Base of the models in which an order moves the price away from the middle of the bar.

    Override `get_txn_volume` and `get_simulated_impact`.
    """

    #: Impact as a fraction of the price where volume or volatility is not known.
    NO_DATA_VOLATILITY_SLIPPAGE_IMPACT = 10.0 / _POINTS

    def __init__(self) -> None:
        super().__init__()
        self._known: dict = {}

    @abstractmethod
    def get_txn_volume(self, data, order) -> Any:
        """The most contracts of an order that can trade in the current bar."""

    @abstractmethod
    def get_simulated_impact(
        self, order, current_price, current_volume, txn_volume, mean_volume, volatility
    ) -> Any:
        """By how much the price moves against the order, in dollars.

        mean_volume: of a session. volatility: of the closes' changes, per year, a fraction. Both
        of the 20 sessions before.
        """

    def process_order(self, data, order):
        if order.open_amount == 0:
            return None, None
        asset = order.asset
        bar = data.current(asset, ["volume", "high", "low"])
        mean_volume, volatility = self._window_data(data, asset)
        price = (bar["high"] + bar["low"]) / 2.0
        volume = bar["volume"]
        if not volume:
            return None, None
        shares = int(min(self.get_txn_volume(data, order), abs(order.open_amount)))
        if shares == 0:
            return None, None
        if mean_volume == 0 or volatility != volatility:
            moved = price * self.NO_DATA_VOLATILITY_SLIPPAGE_IMPACT
        else:
            moved = self.get_simulated_impact(
                order=order,
                current_price=price,
                current_volume=volume,
                txn_volume=shares,
                mean_volume=mean_volume,
                volatility=volatility,
            )
        price += math.copysign(moved, order.direction)
        if fill_price_worse_than_limit_price(price, order):
            return None, None
        return price, math.copysign(shares, order.direction)

    def _window_data(self, data, asset) -> tuple[float, float]:
        """Mean volume and volatility of the sessions before: (0, NaN) where there are too few."""
        session = data.current_session
        if self._known.get(asset, (None,))[0] != session:
            try:
                volumes, closes = (
                    data.history(asset, field, IMPACT_WINDOW + 1, "1d").to_numpy()[:-1]
                    for field in ("volume", "close")
                )
                found = float(volumes.mean()), float(volatility_of(closes))
            except HistoryWindowStartsBeforeData:
                return 0.0, math.nan
            self._known[asset] = (session, found)
        return self._known[asset][1]


class VolatilityVolumeShare(MarketImpactBase):
    """The price moves with the volatility and the square root of the order's share of the volume.

    volume_limit: the largest fraction of the bar's volume that an order may trade. eta: by how
    much: a number, or by root symbol.
    """

    NO_DATA_VOLATILITY_SLIPPAGE_IMPACT = 7.5 / _POINTS
    allowed_asset_types = (Future,)

    def __init__(self, volume_limit, eta=ROOT_SYMBOL_TO_ETA) -> None:
        super().__init__()
        self.volume_limit = volume_limit
        self._eta = ByRoot(eta, ROOT_SYMBOL_TO_ETA, DEFAULT_ETA)

    def get_txn_volume(self, data, order):
        return data.current(order.asset, "volume") * self.volume_limit

    def get_simulated_impact(
        self, order, current_price, current_volume, txn_volume, mean_volume, volatility
    ):
        eta = self._eta[order.asset.root_symbol]
        share = float(txn_volume / mean_volume)
        return float(root_impact(eta, float(current_price), share, float(volatility)))

    def terms(self) -> Slippage:
        return self._terms(DEFAULT_ETA)

    def terms_of(self, asset) -> Slippage:
        return self._terms(self._eta[asset.root_symbol])

    def _terms(self, eta: float) -> Slippage:
        return Slippage(
            "mid_square_root",
            eta,
            float(self.volume_limit),
            within_bar=False,
            unknown=self.NO_DATA_VOLATILITY_SLIPPAGE_IMPACT,
            volatility=IMPACT_VOLATILITY,
            volume=IMPACT_VOLUME,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(volume_limit={self.volume_limit}, eta={self._eta})"


def default_commission() -> PerContract:
    """What futures pay in a run that sets nothing."""
    return PerContract(DEFAULT_PER_CONTRACT_COST, FUTURE_EXCHANGE_FEES_BY_SYMBOL)


def default_slippage() -> VolatilityVolumeShare:
    """How futures trade in a run that sets nothing."""
    return VolatilityVolumeShare(DEFAULT_FUTURE_VOLUME_SLIPPAGE_BAR_LIMIT)


def volatility_of(closes: np.ndarray) -> np.ndarray:
    """The volatility per year of windows of closes, the last axis: float64[·].

    Of the changes from one session to the next, a gap being no change; NaN for a window that
    begins with a gap.
    """
    filled = closes.copy()
    for n in range(1, closes.shape[-1]):
        gap = np.isnan(filled[..., n])
        filled[..., n] = np.where(gap, filled[..., n - 1], filled[..., n])
    with np.errstate(divide="ignore", invalid="ignore"):
        changes = filled[..., 1:] / filled[..., :-1] - 1.0
        return changes.std(axis=-1, ddof=1) * _SQRT_252

"""Commission models: what a fill costs.

The built-in ones are public names for rows of `core.costs`, see `slippage`.
"""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from ....core.costs import Commission, commission_raw, commission_whole
from ..assets import Equity, Future
from ..pricing import row_of
from .shared import AllowedAssetMarker, FinancialModelMeta, Followed

__all__ = [
    "CommissionModel",
    "EquityCommissionModel",
    "FutureCommissionModel",
    "NoCommission",
    "PerDollar",
    "PerShare",
    "PerTrade",
]

DEFAULT_PER_SHARE_COST = 0.001
DEFAULT_PER_CONTRACT_COST = 0.85
DEFAULT_PER_DOLLAR_COST = 0.0015
DEFAULT_MINIMUM_COST_PER_EQUITY_TRADE = 0.0
DEFAULT_MINIMUM_COST_PER_FUTURE_TRADE = 0.0

_OF_FUTURES = ("FUTURE_EXCHANGE_FEES_BY_SYMBOL", "PerContract", "PerFutureTrade")


def __getattr__(name: str):
    """What futures cost is read at its first use only."""
    if name in _OF_FUTURES:
        from . import futures

        return getattr(futures, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class CommissionModel(Followed, metaclass=FinancialModelMeta):
    """Base of the models: override `calculate`."""

    allowed_asset_types = (Equity, Future)

    @abstractmethod
    def calculate(self, order, transaction):
        """What a fill costs, in dollars. `order` is as it was before the fill."""

    def terms(self) -> Commission | None:
        """The model as the core prices it; None where only its own methods can."""
        return None

    def terms_of(self, asset) -> Commission | None:
        """The terms for one asset, where they differ."""
        return self.terms()

    def _price(self, order, transaction, accrued: float = 0.0) -> float:
        """`core.costs.commission_whole` of one fill of an order.

        accrued: what the order owes for the shares that have filled, before the minimum.
        """
        fee = commission_whole(
            row_of(self.terms()),
            float(abs(transaction.amount)),
            float(transaction.price),
            accrued,
            float(order.commission),
        )
        return float(fee)  # a kernel run as plain Python returns NumPy's own


class NoCommission(CommissionModel):
    """Trading is free."""

    @staticmethod
    def calculate(order, transaction):
        return 0.0

    def terms(self) -> Commission:
        return Commission()


class EquityCommissionModel(CommissionModel, metaclass=AllowedAssetMarker):
    """Base of the models that serve equities only."""

    allowed_asset_types = (Equity,)


class FutureCommissionModel(CommissionModel, metaclass=AllowedAssetMarker):
    """Base of the models that serve futures only."""

    allowed_asset_types = (Future,)


class PerShare(EquityCommissionModel):
    """`cost` in dollars for each share, at least `min_trade_cost` for each order."""

    def __init__(
        self, cost=DEFAULT_PER_SHARE_COST, min_trade_cost=DEFAULT_MINIMUM_COST_PER_EQUITY_TRADE
    ) -> None:
        self.cost_per_share = float(cost)
        self.min_trade_cost = min_trade_cost or 0

    def calculate(self, order, transaction):
        fee = self._price(order, transaction, abs(order.filled * self.cost_per_share))
        if order.commission == 0:
            return max(self.min_trade_cost, fee)  # in the type that the script gave
        return fee or 0

    def terms(self) -> Commission:
        # The sign of the cost per share has no effect: it is a cost either way.
        return Commission("per_share", abs(self.cost_per_share), float(self.min_trade_cost))

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(cost_per_share={self.cost_per_share}, "
            f"min_trade_cost={self.min_trade_cost})"
        )


def calculate_per_unit_commission(
    order, transaction, cost_per_unit, initial_commission, min_trade_cost
):
    """What a fill costs by the unit, with a fee for each order and a minimum for each order."""
    row = row_of(Commission("per_share", abs(cost_per_unit), min_trade_cost))
    paid, units = float(order.commission), float(abs(transaction.amount))
    if not paid:
        fee = float(commission_raw(row, units, 0.0)) + initial_commission
        return max(min_trade_cost, fee)  # in the type that was given
    owed = abs(order.filled * cost_per_unit) + initial_commission
    return float(commission_whole(row, units, 0.0, owed, paid)) or 0


class PerTrade(CommissionModel):
    """`cost` in dollars for each order, with its first fill."""

    def __init__(self, cost=0.0) -> None:
        self.cost = float(cost)

    def calculate(self, order, transaction):
        return self._price(order, transaction)

    def terms(self) -> Commission:
        return Commission("per_trade", self.cost)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(cost_per_trade={self.cost})"


class PerDollar(EquityCommissionModel):
    """`cost` in dollars for each dollar that changes hands."""

    def __init__(self, cost=DEFAULT_PER_DOLLAR_COST) -> None:
        self.cost_per_dollar = float(cost)

    def calculate(self, order, transaction):
        # Of the fill alone: what the order has paid is what it owes.
        fee = self._price(order, transaction, float(order.commission))
        return np.float64(fee) if isinstance(transaction.price, np.floating) else fee

    def terms(self) -> Commission:
        return Commission("percent", self.cost_per_dollar)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(cost_per_dollar={self.cost_per_dollar})"

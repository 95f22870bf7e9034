"""Commission models: public names for rows of `core.costs`."""

from __future__ import annotations

from ....core.costs import Commission
from ..assets import Equity
from ..unsupported import custom_model, missing, module_gaps

__all__ = [
    "CommissionModel",
    "EquityCommissionModel",
    "NoCommission",
    "PerDollar",
    "PerShare",
    "PerTrade",
]

__getattr__ = module_gaps("zipline.finance.commission")


class CommissionModel:
    """Base of the models. Classes of your own are not supported yet."""

    allowed_asset_types = (Equity,)

    def __init_subclass__(cls, **kwargs) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__module__ != __name__:
            raise custom_model(f"the commission model {cls.__name__}")

    def terms(self) -> Commission:
        """The model as the core prices it."""
        raise missing(f"the commission model {type(self).__name__}")

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value}" for name, value in vars(self).items())
        return f"{type(self).__name__}({values})"


class NoCommission(CommissionModel):
    """Trading is free."""

    def terms(self) -> Commission:
        return Commission()


class EquityCommissionModel(CommissionModel):
    """Base of the models that serve equities only."""


class PerShare(EquityCommissionModel):
    """`cost` in dollars for each share, at least `min_trade_cost` for each order."""

    def __init__(self, cost=0.001, min_trade_cost=0.0) -> None:
        self.cost_per_share = float(cost)
        self.min_trade_cost = min_trade_cost or 0

    def terms(self) -> Commission:
        # The sign of the cost per share has no effect: it is a cost either way.
        return Commission("per_share", abs(self.cost_per_share), float(self.min_trade_cost))


class PerTrade(CommissionModel):
    """`cost` in dollars for each order, with its first fill."""

    def __init__(self, cost=0.0) -> None:
        self.cost = float(cost)
        _refuse_rebate("PerTrade", self.cost)

    def terms(self) -> Commission:
        return Commission("per_trade", self.cost)

    def __repr__(self) -> str:
        return f"PerTrade(cost_per_trade={self.cost})"


class PerDollar(EquityCommissionModel):
    """`cost` in dollars for each dollar that changes hands."""

    def __init__(self, cost=0.0015) -> None:
        self.cost_per_dollar = float(cost)
        _refuse_rebate("PerDollar", self.cost_per_dollar)

    def terms(self) -> Commission:
        return Commission("percent", self.cost_per_dollar)


def _refuse_rebate(model: str, cost: float) -> None:
    if cost < 0.0:
        raise missing(f"{model} with the negative cost {cost}", "Use a cost of at least 0.")

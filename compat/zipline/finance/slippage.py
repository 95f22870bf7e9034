"""Slippage models: public names for rows of `core.costs`."""

from __future__ import annotations

from ....core.costs import Slippage
from ..assets import Equity
from ..unsupported import custom_model, missing, module_gaps

__all__ = [
    "EquitySlippageModel",
    "FixedBasisPointsSlippage",
    "FixedSlippage",
    "NoSlippage",
    "SlippageModel",
    "VolumeShareSlippage",
]

__getattr__ = module_gaps("zipline.finance.slippage")


class LiquidityExceeded(Exception):
    """The bar's volume is used up."""


class SlippageModel:
    """Base of the models. Classes of your own are not supported yet."""

    allowed_asset_types = (Equity,)

    def __init_subclass__(cls, **kwargs) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__module__ != __name__:
            raise custom_model(f"the slippage model {cls.__name__}")

    def terms(self) -> Slippage:
        """The model as the core prices it."""
        raise missing(f"the slippage model {type(self).__name__}")

    def __repr__(self) -> str:
        values = "".join(f"\n    {name}={value}," for name, value in self._shown().items())
        return f"{type(self).__name__}({values}\n)" if values else f"{type(self).__name__}()"

    def _shown(self) -> dict:
        return {}

    def asdict(self) -> dict:
        return vars(self)


class EquitySlippageModel(SlippageModel):
    """Base of the models that serve equities only."""


class NoSlippage(SlippageModel):
    """The whole order trades at the close."""

    def terms(self) -> Slippage:
        return Slippage()


class FixedSlippage(SlippageModel):
    """The whole order trades half of `spread` (dollars) away from the close."""

    def __init__(self, spread=0.0) -> None:
        self.spread = spread

    def terms(self) -> Slippage:
        return Slippage("spread", float(self.spread))

    def __repr__(self) -> str:
        return f"FixedSlippage(spread={self.spread})"


class FixedBasisPointsSlippage(SlippageModel):
    """`basis_points` away from the close, at most `volume_limit` of the bar's volume."""

    def __init__(self, basis_points=5.0, volume_limit=0.1) -> None:
        _check_bound("basis_points", basis_points, basis_points >= 0, "at least 0")
        _check_bound("volume_limit", volume_limit, volume_limit > 0, "above 0")
        self.basis_points = basis_points
        self.percentage = basis_points / 10000.0
        self.volume_limit = volume_limit

    def terms(self) -> Slippage:
        return Slippage("basis_points", float(self.basis_points), float(self.volume_limit))

    def _shown(self) -> dict:
        return {"basis_points": self.basis_points, "volume_limit": self.volume_limit}


class VolumeShareSlippage(SlippageModel):
    """The price moves with the square of the order's share of the bar's volume.

    price_impact: the factor; volume_limit: the largest share that may trade in a bar.
    """

    def __init__(self, volume_limit=0.025, price_impact=0.1) -> None:
        self.volume_limit = volume_limit
        self.price_impact = price_impact

    def terms(self) -> Slippage:
        # The impact is always against the order, whatever its sign.
        return Slippage("volume_share", abs(float(self.price_impact)), float(self.volume_limit))

    def _shown(self) -> dict:
        return {"volume_limit": self.volume_limit, "price_impact": self.price_impact}


def _check_bound(name: str, value, holds: bool, bound: str) -> None:
    if not holds:
        raise ValueError(f"FixedBasisPointsSlippage: {name} must be {bound}, not {value!r}.")

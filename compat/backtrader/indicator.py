"""Where Backtrader keeps the base of indicators."""

from __future__ import annotations

from .iterators import Indicator
from .unsupported import missing

MetaIndicator = type(Indicator)

__all__ = [
    "Indicator",
    "MetaIndicator",
]


def __getattr__(name: str):
    raise missing("indicator", name)

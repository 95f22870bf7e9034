"""Where Backtrader keeps what is evaluated bar by bar."""

from __future__ import annotations

from .couplers import LineCoupler, LinesCoupler, MultiCoupler, SingleCoupler
from .iterators import IndicatorBase, LineIterator, MetaLineIterator
from .strategy import Strategy
from .unsupported import missing

StrategyBase = Strategy

__all__ = [
    "IndicatorBase",
    "LineCoupler",
    "LineIterator",
    "LinesCoupler",
    "MetaLineIterator",
    "MultiCoupler",
    "SingleCoupler",
    "StrategyBase",
]


def __getattr__(name: str):
    raise missing("lineiterator", name)

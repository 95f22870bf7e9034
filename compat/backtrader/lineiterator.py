"""Where Backtrader keeps what is evaluated bar by bar."""

from __future__ import annotations

from .couplers import LineCoupler, LinesCoupler, MultiCoupler, SingleCoupler
from .iterators import IndicatorBase, LineIterator, MetaLineIterator
from .observer import Observer
from .strategy import StrategyBase
from .unsupported import missing

ObserverBase = Observer
DataAccessor = LineIterator

__all__ = [
    "DataAccessor",
    "IndicatorBase",
    "LineCoupler",
    "LineIterator",
    "LinesCoupler",
    "MetaLineIterator",
    "MultiCoupler",
    "ObserverBase",
    "SingleCoupler",
    "StrategyBase",
]


def __getattr__(name: str):
    raise missing("lineiterator", name)

"""Time series of any kind: statistics, plots, splitting."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .drawdowns import Drawdowns
    from .ranges import Ranges
    from .splitters import ExpandingSplitter, RangeSplitter, RollingSplitter

# Where the names of the package are; imported when they are used, as they need each other.
_PLACES = {
    "Drawdowns": "drawdowns",
    "DrawdownStatus": "enums",
    "RangeStatus": "enums",
    "drawdown_dt": "enums",
    "range_dt": "enums",
    "Ranges": "ranges",
    "ExpandingSplitter": "splitters",
    "RangeSplitter": "splitters",
    "RollingSplitter": "splitters",
}

__all__ = ["Drawdowns", "ExpandingSplitter", "RangeSplitter", "Ranges", "RollingSplitter"]


def __getattr__(name: str):
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_PLACES[name]}", __name__), name)

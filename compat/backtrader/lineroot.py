"""Where Backtrader keeps the root of all lines."""

from __future__ import annotations

from .lines import Line, LineRoot, LineSeries
from .unsupported import missing

LineSingle = Line
LineMultiple = LineSeries

__all__ = [
    "LineMultiple",
    "LineRoot",
    "LineSingle",
]


def __getattr__(name: str):
    raise missing("lineroot", name)

"""Where Backtrader keeps objects with lines."""

from __future__ import annotations

from .info import LineAlias
from .lines import NAN, Lines, LineSeries, SingleLine, as_series
from .unsupported import missing

LineSeriesStub = SingleLine
LineSeriesMaker = as_series

__all__ = [
    "NAN",
    "LineAlias",
    "LineSeries",
    "LineSeriesMaker",
    "LineSeriesStub",
    "Lines",
]


def __getattr__(name: str):
    raise missing("lineseries", name)

"""Where Backtrader keeps objects with lines."""

from __future__ import annotations

from .info import LineAlias
from .lines import Lines, LineSeries, SingleLine, as_series
from .unsupported import missing

LineSeriesStub = SingleLine
LineSeriesMaker = as_series

__all__ = [
    "LineAlias",
    "LineSeries",
    "LineSeriesMaker",
    "LineSeriesStub",
    "Lines",
]


def __getattr__(name: str):
    raise missing("lineseries", name)

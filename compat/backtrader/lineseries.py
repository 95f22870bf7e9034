"""Where Backtrader keeps objects with lines."""

from __future__ import annotations

from typing import Any

from .info import LineAlias
from .lines import NAN, Lines, LineSeries, SingleLine, as_series
from .unsupported import missing

LineSeriesStub = SingleLine


def LineSeriesMaker(arg: Any, slave: bool = False) -> LineSeries:
    """`arg` itself, or a single line as an object with lines.

    slave: there, whether something else moves the line. Here the cursor is the line's own.
    """
    made = as_series(arg)
    if made is not arg:
        vars(made)["slave"] = slave
    return made


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

"""What was computed in one run, kept for further runs over the same feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from .clock import Clock
from .lines import bar_by_bar


class _Kept:
    """Results by what they were computed from, and the columns that outlive a run, by identity."""

    def __init__(self, feeds: list[Any]) -> None:
        self.results: dict[Any, tuple[np.ndarray, ...]] = {}
        self.clocks: dict[tuple[int, ...], Clock] = {}
        self.columns: dict[int, np.ndarray] = {}
        for feed in feeds:
            self.know(line._column for line in feed.lines if line._column is not None)

    def know(self, columns: Any) -> None:
        for column in columns:
            self.columns[id(column)] = column

    def known(self, lines: Any) -> tuple[int, ...] | None:
        """What tells the columns of `lines` from others; None where one is of this run only."""
        ids = tuple(id(line._column) for line in lines)
        return ids if all(one in self.columns for one in ids) else None

    def key(self, indicator: Any) -> Any:
        """The class, the parameters and the inputs; None where an input is of this run only."""
        inputs = []
        for data in indicator.datas:
            for line in data.lines:
                if id(line._column) not in self.columns:
                    return None
                inputs.append((id(line._column), line._minperiod))
        values = tuple(indicator.p._getvalues())
        periods = (indicator._base, indicator._minperiod)
        return type(indicator), values, periods, tuple(inputs)


_kept: _Kept | None = None


@contextmanager
def shared_columns(feeds: list[Any]) -> Iterator[None]:
    """Within: runs over the loaded `feeds` share what their indicators compute."""
    global _kept
    before, _kept = _kept, _Kept(feeds)
    try:
        yield
    finally:
        _kept = before


def clock_of(feeds: list[Any]) -> Clock:
    """The clock of loaded feeds: that of an earlier run where their columns are the same."""
    columns = None if _kept is None else _kept.known(line for feed in feeds for line in feed.lines)
    if _kept is None or columns is None:
        return Clock(feeds)
    found = _kept.clocks.get(columns)
    if found is None:
        found = _kept.clocks[columns] = Clock(feeds)
    return found


def computed(
    indicator: Any, compute: Callable[[], tuple[np.ndarray, ...]]
) -> tuple[np.ndarray, ...]:
    """The columns of an indicator: those of an earlier run where it is the same, else `compute`d.

    Nobody changes a column: who writes to a line writes to a list made from it.
    """
    if _kept is None or bar_by_bar():
        return compute()
    key = _kept.key(indicator)
    try:
        found = _kept.results.get(key)
    except TypeError:
        # A parameter that cannot be compared, a list for one.
        key = found = None
    if found is None:
        found = tuple(compute())
        if key is not None:
            _kept.results[key] = found
            _kept.know(found)
    return found

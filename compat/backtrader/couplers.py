"""Couplers: lines of one clock repeated on another, `data1()`, `line()`, `LinesCoupler(line)`.

They live only in runs that go bar by bar; with `runonce` they stay NaN.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from .iterators import LineIterator
from .lines import Line, SingleLine, build
from .operations import LineActions
from .ticks import ticks

_numbers = itertools.count()


class SingleCoupler(LineActions):
    """The latest value of one line, at each bar of `clock` (by default of the owner)."""

    __slots__ = ()

    def __init__(self, cdata: Line, clock: Any = None) -> None:
        super().__init__(cdata)
        self._clock = clock if clock is not None else self._owner
        self.cdata = cdata
        self._register()

    def _once(self) -> None:
        size = self._clock.buflen()
        self.home()
        self._seen = None
        now = ticks()
        if now is None:
            self.set_column(np.full(size, np.nan))
            self.oncebinding()
        else:
            start = self._minperiod - 1
            now.keep(self, _followed([self.cdata], now, now.rows(self), start)[0], size)


class MultiCoupler(LineIterator):
    """The latest values of an object with lines, at each bar of another clock."""

    def _once_own(self, size: int) -> None:
        now = ticks()
        if now is None:
            return
        if not self.data.lines[0].buflen():
            # It was made before what it couples, and so stands before it at each tick.
            self.data._followers = [*self.data._followers, lambda: self._follow(now, size, 1)]
            return
        self._follow(now, size)

    def _follow(self, now: Any, size: int, behind: int = 0) -> None:
        sources = self.data.lines[: len(self.lines._lines)]
        columns = _followed(sources, now, now.rows(self), self._minperiod - 1, behind)
        for line, column in zip(self.lines, columns, strict=False):
            now.keep(line, column, size)

    def advance(self, size: int = 1) -> None:
        if len(self) < len(self._clock):
            self.lines.advance(size)


def _followed(
    lines: Any, now: Any, rows: np.ndarray, start: int, behind: int = 0
) -> list[np.ndarray]:
    """What couplers of `lines` show at each tick, from bar `start` of their clock (rows) on.

    They count the bars of their source, one at most per tick, and take a value only while the
    source is ahead of that count. behind: how many ticks ago the source was as they see it.
    """
    lines = list(lines)
    lengths = now.rows(lines[0]) + 1
    sources = [now.seen(line) for line in lines]
    taken = np.full(now.size, -1)
    count, at = 0, -1
    for t in np.flatnonzero(rows >= start).tolist():
        seen = t - behind
        if seen >= 0 and lengths[seen] > count:
            count += 1
            at = seen
        taken[t] = at
    return [np.where(taken >= 0, source[taken], np.nan) for source in sources]


def LinesCoupler(cdata: Any, clock: Any = None, **kwargs: Any) -> Any:
    """The lines of `cdata` on another clock: by default that of its owner."""
    if isinstance(cdata, Line):
        return SingleCoupler(cdata, clock)
    like = type(cdata)
    names = () if isinstance(cdata, SingleLine) else like._line_names
    space = {"lines": names, "params": like.params._gettuple(), "__module__": __name__}
    if isinstance(cdata, SingleLine):
        space["extralines"] = 1
    else:
        space["linealias"] = dict(_aliases_of(like))
    coupler: Any = type(LineIterator)(f"LinesCoupler_{next(_numbers)}", (MultiCoupler,), space)
    if not isinstance(cdata, SingleLine):
        # Plots draw it as they draw what it couples.
        coupler.plotinfo, coupler.plotlines = like.plotinfo, like.plotlines
    globals()[coupler.__name__] = coupler
    made = coupler(cdata, **kwargs)
    if clock is None:
        clock = getattr(cdata, "_clock", None)
        if clock is not None:
            further = getattr(clock, "_clock", None)
            if further is None:
                further = getattr(clock, "data", None)
            if further is not None:
                clock = further
        if clock is None:
            clock = made._owner
    made._clock = clock
    return made


def _aliases_of(like: Any) -> list[tuple[str, tuple[str, ...]]]:
    by_line: dict[str, list[str]] = {}
    for alias, line in like._line_aliases.items():
        by_line.setdefault(line, []).append(alias)
    return [(line, tuple(others)) for line, others in by_line.items()]


LineCoupler = LinesCoupler
build.coupler = LinesCoupler

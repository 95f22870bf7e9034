"""Feeds in the rounds of a run, where all that happens to their bars is that they get longer.

Filters of scripts, and feeds that scripts write, look at bars through lines and change them there.
Where there are only the feeds of this package, resampled or replayed or neither, and clones of
them, nobody does: a bar is one row of the columns that were read beforehand, and the lines get
their columns when all rounds have been played. The filters are the same, and so are the rounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .data import AbstractDataBase
from .dates import num2date
from .feed import DataClone
from .loading import PRICES, Queue, unlike
from .resamplerfilter import Resampler

_DATETIME = 6
_NAN = float("nan")

#: What is done here in another way: a class that has its own is left to do it.
_OWN = (
    "_add2stack",
    "_barvalues",
    "_check",
    "_filtered",
    "_fromstack",
    "_getnexteos",
    "_last",
    "_save2stack",
    "_session_end",
    "_tick_fill",
    "_updatebar",
    "advance",
    "buflen",
    "date2num",
    "get_notifications",
    "num2date",
    "rewind",
)


class _Times:
    """The times of the bars of such a feed, by their place from the current one."""

    __slots__ = ("feed",)

    def __init__(self, feed: Passing) -> None:
        self.feed = feed

    def __getitem__(self, ago: int) -> float:
        feed = self.feed
        return feed.bars[feed.idx + ago][_DATETIME]

    def datetime(self) -> Any:
        return num2date(self[0], self.feed._tz)

    def date(self) -> Any:
        return self.datetime().date()


class Passing(Queue):
    """A feed on its way through the rounds.

    bars: the rows of the bars that have been read, values in the order of the feed's lines. idx:
    where the feed stands. met: the row that orders meet. source: of which it is a clone.
    """

    def __init__(self, feed: Any, source: Passing | None) -> None:
        self.feed = feed
        self.data = source
        self._clone = source is not None
        self.bars: list[tuple[float, ...]] = []
        self.idx = -1
        self.met: tuple[float, ...] | None = None
        self.datetime = _Times(self)
        self.resampling, self.replaying = feed.resampling, feed.replaying
        self._timeframe, self._compression = feed._timeframe, feed._compression
        self._calendar, self._tz = feed._calendar, feed._tz
        self._barstack, self._barstash = feed._barstack, feed._barstash
        self._filters, self._ffilters = feed._filters, feed._ffilters
        self._rows = feed._rows_ahead if source is None else self._of_source()
        self._from, self._to = feed.fromdate, feed.todate
        self.date2num, self.num2date = feed.date2num, feed.num2date
        self._session_end, self._timeoffset = feed._session_end, feed._timeoffset
        self._nothing = (_NAN,) * len(feed.lines._names)
        #: The row of which there are names, and its values by name.
        self._named: tuple[float, ...] | None = None
        self._names: dict[str, float] = {}
        #: The number of the source's bars that were looked at.
        self._looked = 0
        for filter, _, _ in self._filters:
            filter.data = self
        #: The only filter, where the rows are those that were read and not made by the source.
        self._gathers: Any = None
        base = self if source is None else source
        plain = base.data is None and (base is self or not base._filters)
        if plain and len(self._filters) == 1:
            self._gathers = self._filters[0][0]
            self._gathers.look_ahead(base.feed._times_ahead)

    def __len__(self) -> int:
        return self.idx + 1

    def buflen(self) -> int:
        return len(self.bars)

    def _barvalues(self) -> tuple[float, ...]:
        return self.bars[self.idx]

    def _updatebar(self, bar: Any, forward: bool = False, ago: int = 0) -> None:
        if forward:
            self.bars.append(self._nothing)
            self.idx += 1
        at = self.idx + ago
        self.bars[at] = (*bar, *self.bars[at][len(bar) :])

    def backwards(self, size: int = 1, force: bool = False) -> None:
        del self.bars[len(self.bars) - size :]
        self.idx -= size

    def rewind(self, size: int = 1) -> None:
        self.idx -= size

    def _of_source(self) -> Iterator[tuple[float, ...] | None]:
        """The rows of the feed that this one is a clone of; None: there is none yet."""
        source, size = self.data, len(self._nothing)
        while True:
            if source.idx < self._looked:
                yield None
                continue
            self._looked += 1
            row = source.bars[source.idx]
            yield row if len(row) == size else (*row, *self._nothing)[:size]

    def load(self) -> bool:
        """Read rows until one, or a bar made of them, is left by dates and filters."""
        gathers = self._gathers
        while True:
            if self._barstack:
                self._fromstack(forward=True)
                return True
            row = next(self._rows, None)
            if row is None:
                return False
            when = row[_DATETIME]
            if when < self._from:
                self.feed._leave_out(when, when)
                continue
            if when > self._to:
                self.feed._leave_out(when, when)
                return False
            if gathers is not None:
                last = self.bars[self.idx][_DATETIME] if self.bars else 0.0
                if gathers.only_grows(when, last):
                    if gathers.grow(self, row):
                        continue
                    return True
            self.bars.append(row)
            self.idx += 1
            if not self._filters or not self._filtered():
                return True

    def next(self, datamaster: Any = None, ticks: bool = False) -> bool:
        """Go to the next bar; with `datamaster` not past its time. False: there is none yet."""
        if self.idx + 1 < len(self.bars):
            self.idx += 1
            self._looked += 1
        elif not self.load():
            return False
        if datamaster is not None and self.bars[self.idx][_DATETIME] > datamaster.datetime[0]:
            self.idx -= 1
            return False
        return True

    def _check(self, forcedata: Any = None) -> None:
        gathers = self._gathers
        if gathers is None or not gathers.waits(forcedata.datetime[0]):
            super()._check(forcedata)

    def _tick_fill(self, force: bool = False) -> None:
        if force or self.met is None:
            self.met = self.bars[self.idx]

    @property
    def _ticks(self) -> dict[str, float]:
        """What orders meet, by name; the same dictionary as long as it is the same row."""
        if self.met is not self._named:
            self._named = self.met
            self._names = self._by_name()
        return self._names

    def _by_name(self) -> dict[str, float]:
        names = self.feed.lines._names
        ticks = {f"tick_{name}": value for name, value in zip(names, self.met or (), strict=True)}
        del ticks["tick_datetime"]
        return {**ticks, "tick_last": ticks["tick_close"]}

    def _meets(self) -> list[float] | None:
        """What orders meet, open to close, if that is not the current bar."""
        met = self.met
        if met is None or self.idx < 0:
            return None
        bar = self.bars[self.idx]
        return None if met is bar else unlike([met[k] for k in PRICES], [bar[k] for k in PRICES])

    def _hand_over(self) -> None:
        """Give the feed the bars, and its filters back."""
        shape = (len(self.bars), len(self._nothing))
        columns = np.array(self.bars, dtype=np.float64).reshape(shape).T
        for line, column in zip(self.feed.lines, columns, strict=True):
            line.set_column(np.ascontiguousarray(column))
        for filter, _, _ in self._filters:
            filter.data = self.feed


def passing(feeds: list[Any]) -> list[Passing] | None:
    """The feeds of a run as they pass through its rounds; None where one needs its lines there."""
    made: dict[int, Passing] = {}
    if not all(_passes(feed, feeds) for feed in feeds):
        return None
    if not all(feed._clone or feed._begin_rows() for feed in feeds):
        return None

    def of(feed: Any) -> Passing:
        if id(feed) not in made:
            made[id(feed)] = Passing(feed, of(feed.data) if feed._clone else None)
        return made[id(feed)]

    return [of(feed) for feed in feeds]


def _passes(feed: Any, feeds: list[Any]) -> bool:
    """Whether nobody looks at the lines of a feed while it is read."""
    cls = type(feed)
    if cls is DataClone:
        ours = any(feed.data is other for other in feeds)
    else:
        ours = feed._columnar() and all(
            getattr(cls, name) is getattr(AbstractDataBase, name) for name in _OWN
        )
    return (
        ours
        and not feed.buflen()
        and all(type(filter).__module__ == Resampler.__module__ for filter, _, _ in feed._filters)
    )

"""The clock that the feeds of a run share, and the feeds' bars on it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from .dates import to_nanoseconds
from .unsupported import unsupported

#: The lines of a feed that the engine reads, in its sequence.
FIELDS = ("open", "high", "low", "close", "volume")


class Clock:
    """The times at which any feed has a bar, and where each feed then stands.

    times: float64[T]; rows: int64[N, T] index of each feed's latest bar, -1 before its first.
    lengths: int64[T] the length of the strategies at each time; None where it grows by one.
    show: called with the number of each time before anything else, where feeds change what they
    show between their bars. failure: what a feed raised after the last of these times. shown: by
    feed number, float64[L, T] what the lines of such a feed show at each time. uneven: whether a
    feed takes a bar back that was seen, or shows several new ones at once. ends: where each feed
    stands after the last time. growing: whether bars are read one after another in the bar loop.
    stamped: whether bars can bear other times than those at which they come.
    """

    lengths: np.ndarray | None = None
    show: Callable[[int], None] | None = None
    failure: Exception | None = None
    uneven = False
    growing = False
    stamped = False
    ends: tuple[int, ...] = ()
    shown: dict[int, np.ndarray] = {}  # noqa: RUF012

    def __init__(self, feeds: list[Any]) -> None:
        columns = [feed.datetime.column() for feed in feeds]
        if not all((column[1:] > column[:-1]).all() for column in columns):
            self.stamped = True
            self.times, self.rows = _one_by_one(columns)
            return
        if len(columns) == 1:
            self.times = columns[0]
            self.rows = np.arange(len(self.times))[np.newaxis]
            return
        self.times = np.unique(np.concatenate(columns))
        self.rows = np.stack(
            [np.searchsorted(column, self.times, side="right") - 1 for column in columns]
        )

    def __len__(self) -> int:
        return len(self.times)

    @property
    def single(self) -> bool:
        """Whether each time is one bar of the only feed."""
        return len(self.rows) == 1

    # The same clock can serve several runs: what is made of it is kept here.

    _bars: Any = None

    @functools.cached_property
    def periods(self) -> dict[Any, Any]:
        """What analyzers worked out of the times, by what it is."""
        return {}

    def read(self) -> np.ndarray:
        """How many bars of each feed have been read at each time, where they are read as they come.

        int64[N, T]. In each round a feed is asked for its next bar; one that is too late waits.
        """
        shows = np.diff(self.rows, axis=1, prepend=-1) > 0
        over = self.rows == self.rows[:, -1:]
        return self.rows + 2 - (shows | over)

    def bars(self, feeds: list[Any]):
        """The feeds as `core.bars.Bars`."""
        if self._bars is None:
            self._bars = self._make_bars(feeds)
        return self._bars

    def _make_bars(self, feeds: list[Any]):
        """The feeds as `core.bars.Bars`."""
        from ...core.bars import Bars

        size = len(self.times)
        block = feeds[0]._prices() if len(feeds) == 1 and type(self) is Clock else None
        if block is not None and not self.stamped and block.shape[1] == size:
            # The only feed has a bar at each time, and its prices stand as they are needed.
            missing = np.isnan(block[3]).any()
            mask = np.ones((1, size), dtype=bool) if missing else None
            names = (f"0:{feeds[0]._name}",)
            return Bars(instants(self.times), names, block[:, np.newaxis], mask=mask)
        values = np.full((5, len(feeds), size), np.nan)
        mask = np.zeros(values.shape[1:], dtype=bool)
        stamps = np.tile(self.times, (len(feeds), 1)) if self.stamped else None
        for n, feed in enumerate(feeds):
            rows = self.rows[n]
            new = np.flatnonzero(np.diff(rows, prepend=-1))
            mask[n, new] = True
            for k, name in enumerate(FIELDS):
                values[k, n, new] = getattr(feed.lines, name).column()[rows[new]]
            if stamps is not None:
                stamps[n, new] = feed.datetime.column()[rows[new]]
        self._change(values, mask, stamps)
        assets = tuple(f"{n}:{feed._name}" for n, feed in enumerate(feeds))
        times = instants(self.times)
        if stamps is not None:
            stamps = to_nanoseconds(stamps)
            stamps = None if (stamps == times).all() else stamps
        complete = (mask == ~np.isnan(values[3])).all()
        return Bars(times, assets, values, mask=None if complete else mask, stamps=stamps)

    def _change(self, values: np.ndarray, mask: np.ndarray, stamps: np.ndarray | None) -> None:
        """Enter what orders meet where it is not a feed's own bar, and the time that it bears.

        values: float64[5, N, T]; mask: bool[N, T], where there is a bar; stamps: float64[N, T],
        None where it is that of the clock.
        """


class FirstClock(Clock):
    """The clock of `oldsync`: each bar of the first feed, on which others go at most one bar on."""

    def __init__(self, feeds: list[Any]) -> None:
        first, *others = (feed.datetime.column() for feed in feeds)
        self.times = first
        self.stamped = True
        rows = [np.arange(len(first))]
        for feed, column in zip(feeds[1:], others, strict=True):
            found, place = [], -1
            for now in first.tolist():
                if place + 1 == len(column):
                    raise unsupported(
                        f"oldsync=True with {feed._name or 'a data'}, which ends before "
                        f"{feeds[0]._name or 'the first one'}",
                        "Leave out the bars of the first data that are later.",
                    )
                place += bool(column[place + 1] <= now)
                found.append(place)
            rows.append(np.array(found, dtype=np.int64))
        self.rows = np.stack(rows)


def _one_by_one(columns: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The clock of feeds whose times do not all increase.

    At each time every feed whose next bar is not later than the earliest one goes one bar on.
    """
    lists = [column.tolist() for column in columns]
    places = [0] * len(lists)
    times, rows = [], []
    end = float("inf")
    while True:
        due = [c[p] if p < len(c) else end for c, p in zip(lists, places, strict=True)]
        now = min(due)
        if now == end:
            break
        places = [p + (d <= now) for p, d in zip(places, due, strict=True)]
        times.append(now)
        rows.append([p - 1 for p in places])
    rows_of = np.array(rows, dtype=np.int64).reshape(len(rows), len(lists))
    return np.array(times, dtype=np.float64), np.ascontiguousarray(rows_of.T)


def instants(times: np.ndarray) -> np.ndarray:
    """int64[T] nanoseconds since 1970, strictly increasing, of float times that need not be.

    What does not increase stands a nanosecond after what came before: orders are judged by the
    times that bars bear, which stay as they are.
    """
    ns = to_nanoseconds(times)
    if (ns[1:] > ns[:-1]).all():
        return ns
    place = np.arange(len(ns))
    return np.maximum.accumulate(ns - place) + place

"""Minutes of a calendar as consecutive numbers, and one asset's bars by these numbers."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..data.sources import MinuteColumns, MinuteSource
from ..hours import DAY_NS, MINUTE_NS, Hours
from .columns import rounded

#: How many sessions before those of a run are read when a first look goes back further.
_READ_BEFORE = 5


class MinuteAxis:
    """The minutes of consecutive sessions, counted from 0 at the first minute of the first one.

    first: that session's place on the calendar. begin: int64[S + 1], the number of each session's
    first minute, and the end.
    """

    def __init__(self, hours: Hours, first: int, end: int) -> None:
        if len(hours.calendar.break_starts) and hours.calendar.break_starts.notna().any():
            from ..unsupported import missing

            raise missing(
                f"minutes of the calendar {hours.calendar.name}",
                "Its sessions have a break: use daily bars.",
            )
        self.first = first
        self.opens = hours.first_minutes[first:end]
        self.lengths = (hours.closes[first:end] - self.opens) // MINUTE_NS + 1
        self.begin = np.concatenate([[0], np.cumsum(self.lengths)])

    @cached_property
    def times(self) -> np.ndarray:
        """int64[minutes]: ns UTC."""
        within = np.arange(self.begin[-1]) - np.repeat(self.begin[:-1], self.lengths)
        return np.repeat(self.opens, self.lengths) + within * MINUTE_NS

    @cached_property
    def index(self):
        """The times as a DatetimeIndex."""
        import pandas as pd

        return pd.DatetimeIndex(self.times.view("datetime64[ns]"), tz="UTC")

    def latest(self, time: int) -> int:
        """The number of the last minute at or before a time, ns UTC; -1 for none."""
        session = int(np.searchsorted(self.opens, time, side="right")) - 1
        if session < 0:
            return -1
        within = min((time - int(self.opens[session])) // MINUTE_NS, self.lengths[session] - 1)
        return int(self.begin[session] + within)

    def session(self, minute: int) -> int:
        """The place on this axis of the session of a minute."""
        return int(np.searchsorted(self.begin, minute, side="right")) - 1


class MinuteRows:
    """One asset's minutes from some session on, read as far back as they are asked for.

    begin: the number of the first minute that is read.
    """

    def __init__(
        self,
        axis: MinuteAxis,
        source: MinuteSource,
        sid: int,
        shift: int,
        span: tuple[int, int, int],
        decimals: int | None,
    ) -> None:
        """shift: the place on the axis of the source's first session. span: sessions of the axis:
        that of the asset's first day, the first that is read now, and the end of all reading.
        """
        self._axis = axis
        self._source = source
        self._sid = sid
        self._shift = shift
        self._earliest, self._first, self._end = span
        self._first = max(self._first, self._earliest)
        self.decimals = decimals
        self._parts: list[tuple[MinuteColumns, tuple]] = []
        self._dense: dict[str, np.ndarray] = {}
        self._rounded: dict[str, np.ndarray] = {}
        self._latest: np.ndarray | None = None
        self._read(self._first, self._end)

    @property
    def begin(self) -> int:
        return int(self._axis.begin[self._first])

    def _read(self, first: int, end: int) -> None:
        low, high = max(first - self._shift, 0), max(end - self._shift, 0)
        stored = self._source.of(self._sid, low, high)
        if stored is not None and first < end:
            lengths = self._axis.lengths[first:end]
            places = stored.places(first - self._shift, lengths, self._source.minutes_per_day)
            self._parts.insert(0, (stored, places))

    def reach(self, minute: int) -> None:
        """Read back to a minute, as far as the asset has any."""
        self._back_to(max(self._axis.session(max(minute, 0)), self._earliest))

    def reach_further(self) -> bool:
        """Read some more sessions before those that are read; False when there are no more."""
        if self._first <= self._earliest:
            return False
        sessions = max(_READ_BEFORE, 2 * (self._end - self._first))
        self._back_to(max(self._first - sessions, self._earliest))
        return True

    def _back_to(self, first: int) -> None:
        if first < self._first:
            self._read(first, self._first)
            self._first = first
            self._dense.clear()
            self._rounded.clear()
            self._latest = None

    def column(self, field: str) -> np.ndarray:
        """[minutes from `begin`]: a price as traded, float64, NaN for none; volumes as stored."""
        try:
            return self._dense[field]
        except KeyError:
            dense = [stored.dense(field, places) for stored, places in self._parts]
            joined = np.concatenate(dense) if dense else np.zeros(0)
            return self._dense.setdefault(field, joined)

    def rounded(self, field: str) -> np.ndarray:
        """float64: `column`, rounded as history shows it."""
        try:
            return self._rounded[field]
        except KeyError:
            values = self.column(field).astype(np.float64)
            return self._rounded.setdefault(field, rounded(values, self.decimals))

    @property
    def traded(self) -> np.ndarray:
        """int64[minutes from `begin`]: the latest minute with volume, as counted here; -1: none."""
        if self._latest is None:
            volumes = self.column("volume")
            at = np.where(volumes != 0, np.arange(len(volumes)), -1)
            self._latest = np.maximum.accumulate(at) if len(at) else at
        return self._latest


def day_of(times):
    """The UTC day of times in ns."""
    return times // DAY_NS

"""When a calendar's sessions begin and end, and in which session each time of a run lies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

MINUTE_NS = 60 * 10**9
DAY_NS = 24 * 60 * MINUTE_NS


@dataclass(frozen=True, eq=False)
class Hours:
    """All sessions of a calendar: int64[S] ns UTC each.

    labels: midnights. first_minutes, closes: the calendar's own. opens, ends: between which an
    algorithm runs; on the calendar us_futures a part of the session only.
    """

    calendar: Any  # an exchange calendar
    labels: np.ndarray
    first_minutes: np.ndarray
    closes: np.ndarray
    opens: np.ndarray
    ends: np.ndarray

    @cached_property
    def early_closes(self) -> np.ndarray:
        """int64[·]: labels of the sessions that close early."""
        return nanoseconds(self.calendar.early_closes)


@lru_cache(maxsize=16)
def hours(calendar) -> Hours:
    """The sessions of a calendar."""
    labels = nanoseconds(calendar.sessions)
    first, closes = calendar.first_minutes_nanos, calendar.closes_nanos
    opens, ends = first, closes
    if calendar.name == "us_futures":
        opens = nanoseconds(calendar.execution_time_from_open(first.view("datetime64[ns]")))
        ends = nanoseconds(calendar.execution_time_from_close(closes.view("datetime64[ns]")))
    return Hours(calendar, labels, first, closes, opens, ends)


class Times:
    """Times of a run, int64[T] ns UTC, as a calendar sees them."""

    def __init__(self, hours: Hours, times: np.ndarray) -> None:
        self.hours = hours
        self.times = times

    @cached_property
    def session(self) -> np.ndarray:
        """int64[T]: the number of the session in which each time lies, or of the next one."""
        found = np.searchsorted(self.hours.closes, self.times)
        if len(found) and found.max() >= len(self.hours.closes):
            raise ValueError(f"The calendar {self.hours.calendar.name} has no session that late.")
        return found

    @cached_property
    def trading(self) -> np.ndarray:
        """bool[T]: whether each time lies in a session."""
        return self.times >= self.hours.first_minutes[self.session]


def nanoseconds(dates) -> np.ndarray:
    """int64: an index, or an array of dates, in ns since 1970."""
    values = dates if isinstance(dates, np.ndarray) else dates.to_numpy()
    return values.astype("datetime64[ns]").astype(np.int64)

"""The calendar that fits the times of some data, or one that is made of them."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from ..utils.calendar_utils import get_calendar

#: Tried in this order. Others are taken when a run names them.
_KNOWN = ("XNYS", "24/7")
#: A calendar fits when so much of its sessions, from the first to the last of the data, has data.
_COVERED = 0.9
_DAY = 86_400 * 10**9  # ns
_MINUTE = 60 * 10**9

#: The name of a calendar made of the data's own days.
OWN = "DATA"


def is_intraday(times: np.ndarray, present: np.ndarray) -> bool:
    """Whether some asset has two bars on one day (UTC). present: bool[T, N]."""
    same_day = np.diff(times // _DAY) == 0
    if not same_day.any():
        return False
    days = times // _DAY
    first = np.flatnonzero(np.diff(days, prepend=days[0] - 1))
    return bool((np.add.reduceat(present.astype(np.int64), first, axis=0) > 1).any())


def fitting(times: np.ndarray, intraday: bool):
    """The calendar whose sessions the data has: XNYS, 24/7, or one of the data's own days.

    times: int64[T] ns UTC, ascending; the labels of days, or the ends of bars within the day.
    """
    for name in _KNOWN:
        found = _reaching(name, times)
        if _fits(found, times, intraday):
            return found
    return _made_of(_own_days(times, intraday))


def given(calendar, times: np.ndarray, intraday: bool):
    """A calendar that a run names; raises ValueError when data lies outside its sessions."""
    sessions = session_of(calendar, times, intraday)
    if (sessions < 0).any():
        wrong = np.datetime64(int(times[np.argmax(sessions < 0)]), "ns")
        raise ValueError(
            f"data: {wrong} (UTC) lies in no session of the calendar {calendar.name}. Leave "
            "trading_calendar out to take the sessions from the data, or leave such rows out."
        )
    return calendar


def session_of(calendar, times: np.ndarray, intraday: bool) -> np.ndarray:
    """int64[T]: the place of each time's session on the calendar; -1 for none.

    A day is a label; a time within the day lies between the first minute and the close.
    """
    if not intraday:
        labels = calendar.sessions_nanos
        days = times // _DAY * _DAY
        place = np.minimum(np.searchsorted(labels, days), len(labels) - 1)
        return np.where(labels[place] == days, place, -1)
    ends = _minutes(times) * _MINUTE
    place = np.searchsorted(calendar.first_minutes_nanos, ends, side="right") - 1
    inside = (place >= 0) & (ends <= calendar.closes_nanos[np.maximum(place, 0)])
    return np.where(inside, place, -1)


def _minutes(times: np.ndarray) -> np.ndarray:
    """Whole minutes since 1970: a bar within a minute belongs to the minute's end."""
    return -(-times // _MINUTE)


def _reaching(name: str, times: np.ndarray):
    """A calendar that covers the data, from a year before to a year after where it is not usual."""
    import pandas as pd

    calendar = get_calendar(name)
    if calendar.sessions_nanos[0] <= times[0] and times[-1] < calendar.sessions_nanos[-1]:
        return calendar
    year = pd.Timedelta(days=365)
    first, last = (pd.Timestamp(int(t // _DAY * _DAY)) for t in times[[0, -1]])
    return get_calendar(name, start=first - year, end=last + year)


def _fits(calendar, times: np.ndarray, intraday: bool) -> bool:
    sessions = session_of(calendar, times, intraday)
    if (sessions < 0).any():
        return False
    with_data = len(np.unique(sessions))
    return with_data >= _COVERED * (sessions[-1] - sessions[0] + 1)


def _own_days(times: np.ndarray, intraday: bool) -> np.ndarray:
    # The bar that ends at midnight belongs to the day before.
    return np.unique((_minutes(times) * _MINUTE - 1 if intraday else times) // _DAY)


def _made_of(days: np.ndarray):
    """A calendar with these sessions (days since 1970), each from midnight to midnight UTC."""
    import pandas as pd
    from exchange_calendars import ExchangeCalendar

    first, last = days[0] - 1, days[-1] + 1
    idle = np.setdiff1d(np.arange(first, last + 1), days)
    holidays = list(pd.DatetimeIndex(idle.astype("datetime64[D]").astype("datetime64[ns]")))

    class OwnCalendar(ExchangeCalendar):
        name: Any = OWN
        tz: Any = datetime.UTC
        weekmask: Any = "1111111"
        open_times: Any = ((None, datetime.time(0)),)
        close_times: Any = ((None, datetime.time(0)),)
        close_offset: Any = 1

        @property
        def adhoc_holidays(self) -> Any:
            return holidays

    start: Any = pd.Timestamp(int(first) * _DAY)
    end: Any = pd.Timestamp(int(last) * _DAY)
    return OwnCalendar(start, end, side="right")

"""Rules for `schedule_function`: on which sessions a function runs.

A rule answers for all sessions of the run at once (`Rule.mask`), before the loop starts.
"""

from __future__ import annotations

import datetime
import inspect
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..unsupported import custom_model, missing

__all__ = [
    "AfterOpen",
    "Always",
    "BeforeClose",
    "ComposedRule",
    "EventRule",
    "NDaysBeforeLastTradingDayOfMonth",
    "NDaysBeforeLastTradingDayOfWeek",
    "Never",
    "NotHalfDay",
    "NthTradingDayOfMonth",
    "NthTradingDayOfWeek",
    "StatelessRule",
    "calendars",
    "date_rules",
    "make_eventrule",
    "time_rules",
]

_DAY_NS = 86_400_000_000_000
_MINUTE = datetime.timedelta(minutes=1)
_MONTH_DAYS = 23
_WEEK_DAYS = 5


@dataclass(frozen=True)
class Sessions:
    """The sessions of a run, for rules: labels, first minutes and closes as int64[T] ns UTC."""

    calendar: Any  # an exchange calendar
    labels: np.ndarray
    first_minutes: np.ndarray
    closes: np.ndarray


class EventRule:
    """Base of the rules. Classes of your own are not supported yet."""

    def __init_subclass__(cls, **kwargs) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__module__ != __name__:
            raise custom_model(f"the schedule rule {cls.__name__}")

    def mask(self, sessions: Sessions) -> np.ndarray:
        """bool[T]: the sessions on which the rule holds at the close."""
        raise NotImplementedError


class StatelessRule(EventRule):
    """A rule that depends on the session alone; `&` joins two."""

    def and_(self, rule):
        return ComposedRule(self, rule)

    __and__ = and_


class ComposedRule(StatelessRule):
    """Both rules hold."""

    def __init__(self, first, second, composer=None) -> None:
        if composer is not None:
            raise missing("ComposedRule with a composer of its own")
        if not (isinstance(first, StatelessRule) and isinstance(second, StatelessRule)):
            raise ValueError("Only two StatelessRules can be joined.")
        self.first = first
        self.second = second

    def mask(self, sessions: Sessions) -> np.ndarray:
        return self.first.mask(sessions) & self.second.mask(sessions)


class Always(StatelessRule):
    """Every session."""

    def mask(self, sessions: Sessions) -> np.ndarray:
        return np.ones(len(sessions.labels), dtype=bool)


class Never(StatelessRule):
    """No session."""

    def mask(self, sessions: Sessions) -> np.ndarray:
        return np.zeros(len(sessions.labels), dtype=bool)


class AfterOpen(StatelessRule):
    """A time after the open. As a date rule it holds where that time is the close."""

    def __init__(self, offset=None, **kwargs) -> None:
        self.offset = _offset(offset, kwargs)

    def mask(self, sessions: Sessions) -> np.ndarray:
        after = _nanoseconds(self.offset - _MINUTE)
        return sessions.first_minutes + after == sessions.closes


class BeforeClose(StatelessRule):
    """A time before the close. As a date rule it never holds: it is never the close itself."""

    def __init__(self, offset=None, **kwargs) -> None:
        self.offset = _offset(offset, kwargs)

    def mask(self, sessions: Sessions) -> np.ndarray:
        return sessions.closes - _nanoseconds(self.offset) == sessions.closes


class NotHalfDay(StatelessRule):
    """Sessions that do not close early."""

    def mask(self, sessions: Sessions) -> np.ndarray:
        early = _nanosecond_labels(sessions.calendar.early_closes)
        return ~np.isin(sessions.labels, early)


class _NthOfPeriod(StatelessRule):
    """The n-th session of each week or month; a period with fewer sessions has none."""

    limit = 0

    def __init__(self, n, from_end: bool) -> None:
        n = _whole(type(self).__name__, n)
        if not 0 <= n < self.limit:
            raise ValueError(f"offset must be from 0 to {self.limit - 1}, not {n}.")
        self._n = n
        self._from_end = from_end

    def mask(self, sessions: Sessions) -> np.ndarray:
        # Periods are counted on the whole calendar: a run may begin in the middle of one.
        labels = _nanosecond_labels(sessions.calendar.sessions)
        periods = self._periods(labels)
        starts = np.flatnonzero(np.r_[True, periods[1:] != periods[:-1]])
        ends = np.r_[starts[1:], len(labels)]
        chosen = ends - 1 - self._n if self._from_end else starts + self._n
        chosen = chosen[(chosen >= starts) & (chosen < ends)]
        return np.isin(sessions.labels, labels[chosen])

    @staticmethod
    def _periods(labels: np.ndarray) -> np.ndarray:
        raise NotImplementedError


class _OfWeek(_NthOfPeriod):
    limit = _WEEK_DAYS

    @staticmethod
    def _periods(labels: np.ndarray) -> np.ndarray:
        return (labels // _DAY_NS + 3) // 7  # 1970-01-01 was a Thursday


class _OfMonth(_NthOfPeriod):
    limit = _MONTH_DAYS

    @staticmethod
    def _periods(labels: np.ndarray) -> np.ndarray:
        return labels.view("datetime64[ns]").astype("datetime64[M]").astype(np.int64)


class NthTradingDayOfWeek(_OfWeek):
    def __init__(self, n) -> None:
        super().__init__(n, from_end=False)


class NDaysBeforeLastTradingDayOfWeek(_OfWeek):
    def __init__(self, n) -> None:
        super().__init__(n, from_end=True)


class NthTradingDayOfMonth(_OfMonth):
    def __init__(self, n) -> None:
        super().__init__(n, from_end=False)


class NDaysBeforeLastTradingDayOfMonth(_OfMonth):
    def __init__(self, n) -> None:
        super().__init__(n, from_end=True)


class date_rules:
    """On which days a scheduled function runs."""

    @staticmethod
    def every_day():
        """Every session."""
        return Always()

    @staticmethod
    def month_start(days_offset=0):
        """`days_offset` sessions after the first of the month."""
        return NthTradingDayOfMonth(n=days_offset)

    @staticmethod
    def month_end(days_offset=0):
        """`days_offset` sessions before the last of the month."""
        return NDaysBeforeLastTradingDayOfMonth(n=days_offset)

    @staticmethod
    def week_start(days_offset=0):
        """`days_offset` sessions after the first of the week."""
        return NthTradingDayOfWeek(n=days_offset)

    @staticmethod
    def week_end(days_offset=0):
        """`days_offset` sessions before the last of the week."""
        return NDaysBeforeLastTradingDayOfWeek(n=days_offset)


class time_rules:
    """At which time of the day a scheduled function runs; with daily bars always at the close."""

    @staticmethod
    def market_open(offset=None, hours=None, minutes=None):
        """From 1 minute to 12 hours after the open."""
        return AfterOpen(offset=offset, hours=hours, minutes=minutes)

    @staticmethod
    def market_close(offset=None, hours=None, minutes=None):
        """From 1 minute to 12 hours before the close."""
        return BeforeClose(offset=offset, hours=hours, minutes=minutes)

    every_minute = Always


class _Calendar:
    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"sentinel({self._name!r})"


class calendars:
    """Calendars that a scheduled function can follow."""

    US_EQUITIES = _Calendar("US_EQUITIES")
    US_FUTURES = _Calendar("US_FUTURES")


class ScheduledRule:
    """A date rule that fires at most once in 24 hours.

    A session that closes early, less than a day after a close on which the rule fired, is
    therefore left out.
    """

    def __init__(self, date_rule, half_days: bool) -> None:
        self._inner = date_rule if half_days else date_rule & NotHalfDay()

    def sessions(self, sessions: Sessions, first: int) -> list[bool]:
        """For each session of the run whether it fires; none before the session `first`."""
        wanted = self._inner.mask(sessions).tolist()
        fires = [False] * len(wanted)
        renewed = None
        fired = False
        for t, close in enumerate(sessions.closes.tolist()):
            if t < first:
                continue
            if renewed is None or close >= renewed + _DAY_NS:
                fired = False
                renewed = close
            if wanted[t] and not fired:
                fires[t] = fired = True
        return fires


def make_eventrule(date_rule, time_rule, cal=None, half_days=True) -> ScheduledRule:
    """The rule of a scheduled function in a daily run, where the time of day does not count."""
    for rule in (date_rule, time_rule):
        if inspect.isclass(rule) or inspect.isfunction(rule):
            raise TypeError(f"{rule!r} is not a rule: did you mean {rule.__name__}()?")
    return ScheduledRule(date_rule, half_days)


def _offset(offset, kwargs) -> datetime.timedelta:
    given = {name: value for name, value in kwargs.items() if value is not None}
    if offset is None and not given:
        return _MINUTE
    if offset is not None and given:
        raise ValueError("Give an offset, or hours and minutes, not both.")
    if offset is None:
        offset = datetime.timedelta(**given)
    elif not isinstance(offset, datetime.timedelta):
        raise TypeError("offset must be a timedelta; or give hours= and minutes=.")
    if not 60 <= offset.total_seconds() <= 43200:
        raise ValueError("offset must be from 1 minute to 12 hours.")
    return offset


def _whole(owner: str, n):
    if not isinstance(n, float):
        return n
    if n != int(n):
        raise TypeError(n)
    warnings.warn(f"{owner}: n should be an int; {n} is taken as {int(n)}.", stacklevel=5)
    return int(n)


def _nanoseconds(delta: datetime.timedelta) -> int:
    return round(delta.total_seconds() * 1e9)


def _nanosecond_labels(index) -> np.ndarray:
    return index.to_numpy().astype("datetime64[ns]").astype(np.int64)

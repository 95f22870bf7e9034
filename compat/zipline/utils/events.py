"""Rules for `schedule_function`: at which bars a function runs.

The rules here answer for all bars of a run at once (`mask`), before the loop starts; a rule of a
script's own is asked at each bar (`should_trigger`).
"""

from __future__ import annotations

import datetime
import inspect
import warnings
from abc import ABC, abstractmethod
from collections import namedtuple
from contextlib import nullcontext
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from ..hours import DAY_NS, MINUTE_NS, Times, hours, nanoseconds

__all__ = [
    "AfterOpen",
    "Always",
    "BeforeClose",
    "ComposedRule",
    "Event",
    "EventManager",
    "EventRule",
    "NDaysBeforeLastTradingDayOfMonth",
    "NDaysBeforeLastTradingDayOfWeek",
    "Never",
    "NotHalfDay",
    "NthTradingDayOfMonth",
    "NthTradingDayOfWeek",
    "OncePerDay",
    "StatefulRule",
    "StatelessRule",
    "calendars",
    "date_rules",
    "make_eventrule",
    "time_rules",
]

MAX_MONTH_RANGE = 23
MAX_WEEK_RANGE = 5

_MINUTE = datetime.timedelta(minutes=1)


# The frame of all rules


class EventRule(ABC):
    """Base of the rules; `cal` is the calendar that it follows once a function is scheduled."""

    _cal: Any = None

    @property
    def cal(self) -> Any:
        return self._cal

    @cal.setter
    def cal(self, value) -> None:
        self._cal = value

    @abstractmethod
    def should_trigger(self, dt) -> bool:
        """Whether a function runs at the time `dt` of a bar."""
        raise NotImplementedError("should_trigger")


class StatelessRule(EventRule):
    """A rule that depends on the time alone; `&` joins two."""

    def and_(self, rule):
        """A rule that holds where both do."""
        return ComposedRule(self, rule, ComposedRule.lazy_and)

    __and__ = and_


class ComposedRule(StatelessRule):
    """Two rules; composer(first.should_trigger, second.should_trigger, dt) decides."""

    def __init__(self, first, second, composer) -> None:
        if not (isinstance(first, StatelessRule) and isinstance(second, StatelessRule)):
            raise ValueError("Only two StatelessRules can be joined.")
        self.first = first
        self.second = second
        self.composer = composer

    def should_trigger(self, dt):
        return self.composer(self.first.should_trigger, self.second.should_trigger, dt)

    @staticmethod
    def lazy_and(first_should_trigger, second_should_trigger, dt):
        """Both hold; the second is asked only where the first one does."""
        return first_should_trigger(dt) and second_should_trigger(dt)

    @property
    def cal(self):
        return self.first.cal

    @cal.setter
    def cal(self, value) -> None:
        self.first.cal = self.second.cal = value


class _KnownRule(StatelessRule):
    """A rule that can tell beforehand at which bars it holds."""

    def mask(self, times: Times) -> np.ndarray:
        """bool[T]: the bars at which the rule holds."""
        raise NotImplementedError

    def should_trigger(self, dt) -> bool:
        times = Times(hours(self.cal), np.array([dt.value], dtype=np.int64))
        return bool(self.mask(times)[0])


class Always(_KnownRule):
    """Every bar."""

    def mask(self, times: Times) -> np.ndarray:
        return np.ones(len(times.times), dtype=bool)

    def should_trigger(self, dt) -> bool:
        return True


class Never(_KnownRule):
    """No bar."""

    def mask(self, times: Times) -> np.ndarray:
        return np.zeros(len(times.times), dtype=bool)

    def should_trigger(self, dt) -> bool:
        return False


# Times of the day


class AfterOpen(_KnownRule):
    """The bar that ends a time after the open; by default the first one."""

    def __init__(self, offset=None, **kwargs) -> None:
        self.offset = _offset(offset, kwargs)

    def mask(self, times: Times) -> np.ndarray:
        wanted = times.hours.opens[times.session] + _nanoseconds(self.offset) - MINUTE_NS
        return times.times == wanted


class BeforeClose(_KnownRule):
    """The bar that ends a time before the close; by default the last but one."""

    def __init__(self, offset=None, **kwargs) -> None:
        self.offset = _offset(offset, kwargs)

    def mask(self, times: Times) -> np.ndarray:
        return times.times == times.hours.ends[times.session] - _nanoseconds(self.offset)


# Days


class NotHalfDay(_KnownRule):
    """Sessions that do not close early."""

    def mask(self, times: Times) -> np.ndarray:
        return ~np.isin(times.hours.labels[times.session], times.hours.early_closes)


class _NthOfPeriod(_KnownRule):
    """The n-th session of each week or month; a period with fewer sessions has none."""

    limit = 0

    def __init__(self, n, invert: bool) -> None:
        n = lossless_float_to_int(type(self).__name__, None, "n", n)
        if not 0 <= n < self.limit:
            raise ValueError(f"offset must be from 0 to {self.limit - 1}, not {n}.")
        self.td_delta = -n - 1 if invert else n

    @property
    def execution_period_values(self) -> set[int]:
        """Labels of the sessions on which the rule holds, in ns since 1970."""
        labels = nanoseconds(self.cal.sessions)
        return set(labels[self._chosen(labels)].tolist())

    def mask(self, times: Times) -> np.ndarray:
        if not times.trading.all():
            first = np.flatnonzero(~times.trading)[0]
            outside = times.times[first : first + 1].view("datetime64[ns]")[0]
            raise ValueError(f"{outside} lies in no session of {times.hours.calendar.name}.")
        # Periods are counted on the whole calendar: a run may begin in the middle of one.
        return np.isin(times.session, self._chosen(times.hours.labels))

    def _chosen(self, labels: np.ndarray) -> np.ndarray:
        periods = self._periods(labels)
        starts = np.flatnonzero(np.r_[True, periods[1:] != periods[:-1]])
        ends = np.r_[starts[1:], len(labels)]
        chosen = (ends if self.td_delta < 0 else starts) + self.td_delta
        return chosen[(chosen >= starts) & (chosen < ends)]

    @staticmethod
    def _periods(labels: np.ndarray) -> np.ndarray:
        """int64[S]: a number for the period of each session."""
        raise NotImplementedError


class TradingDayOfWeekRule(_NthOfPeriod):
    """The n-th session of each week, counted from its end if `invert`."""

    limit = MAX_WEEK_RANGE

    @staticmethod
    def _periods(labels: np.ndarray) -> np.ndarray:
        return (labels // DAY_NS + 3) // 7  # 1970-01-01 was a Thursday


class TradingDayOfMonthRule(_NthOfPeriod):
    """The n-th session of each month, counted from its end if `invert`."""

    limit = MAX_MONTH_RANGE

    @staticmethod
    def _periods(labels: np.ndarray) -> np.ndarray:
        return labels.view("datetime64[ns]").astype("datetime64[M]").astype(np.int64)


class NthTradingDayOfWeek(TradingDayOfWeekRule):
    """The session n sessions after the first of the week."""

    def __init__(self, n) -> None:
        super().__init__(n, invert=False)


class NDaysBeforeLastTradingDayOfWeek(TradingDayOfWeekRule):
    """The session n sessions before the last of the week."""

    def __init__(self, n) -> None:
        super().__init__(n, invert=True)


class NthTradingDayOfMonth(TradingDayOfMonthRule):
    """The session n sessions after the first of the month."""

    def __init__(self, n) -> None:
        super().__init__(n, invert=False)


class NDaysBeforeLastTradingDayOfMonth(TradingDayOfMonthRule):
    """The session n sessions before the last of the month."""

    def __init__(self, n) -> None:
        super().__init__(n, invert=True)


# Rules that remember


class StatefulRule(EventRule):
    """A rule around another one, which may remember what it answered."""

    def __init__(self, rule=None) -> None:
        self.rule = rule or Always()

    @property
    def cal(self):
        return self.rule.cal

    @cal.setter
    def cal(self, value) -> None:
        self.rule.cal = value


class OncePerDay(StatefulRule):
    """Holds where its rule does, at most once in 24 hours from the first bar that it sees.

    A session that begins less than a day after the first bar of the one before, or a daily bar
    less than a day after the one before (a half day), therefore belongs to the same day.
    """

    def __init__(self, rule=None) -> None:
        self.triggered = False
        self.date = None
        self.next_date = None
        super().__init__(rule)

    def should_trigger(self, dt) -> bool:
        if self.next_date is None or dt >= self.next_date:
            self.triggered = False
            self.date = dt
            self.next_date = dt + datetime.timedelta(days=1)
        if not self.triggered and self.rule.should_trigger(dt):
            self.triggered = True
            return True
        return False


def firing(rule, times: np.ndarray, first: int) -> np.ndarray | None:
    """bool[T]: the bars at which a rule fires when it is asked from bar `first` on.

    times: int64[T] ns UTC. None for a rule that has to be asked at each bar.
    """
    if type(rule) is not OncePerDay:
        mask = _mask(rule, times)
        if mask is not None:
            mask[:first] = False
        return mask
    wanted = _mask(rule.rule, times)
    if wanted is None:
        return None
    fires = np.zeros(len(times), dtype=bool)
    at = np.flatnonzero(wanted)
    while first < len(times):
        until = int(np.searchsorted(times, times[first] + DAY_NS))
        place = int(np.searchsorted(at, first))
        if place < len(at) and at[place] < until:
            fires[at[place]] = True
        first = until
    return fires


def _mask(rule, times: np.ndarray) -> np.ndarray | None:
    """Where a rule holds; None when it, or a part of it, is of a script's own making."""
    if type(rule) is ComposedRule and rule.composer is ComposedRule.lazy_and:
        first = _mask(rule.first, times)
        if first is None or not first.any():
            return first
        # The second is asked only where the first one holds: elsewhere it may have no answer.
        second = _mask(rule.second, times[first])
        if second is not None:
            first[first] = second
            return first
        return None
    if isinstance(rule, _KnownRule) and type(rule).__module__ == __name__:
        return rule.mask(Times(hours(rule.cal), times))
    return None


# What an algorithm keeps


class Event(namedtuple("Event", ["rule", "callback"])):
    """A rule and what it calls."""

    __slots__ = ()

    def __new__(cls, rule, callback=None):
        return super().__new__(cls, rule, callback or (lambda *args, **kwargs: None))

    def handle_data(self, context, data, dt) -> None:
        """Call if the rule holds."""
        if self.rule.should_trigger(dt):
            self.callback(context, data)


class EventManager:
    """Events in their sequence; create_context(data) wraps all of a bar."""

    def __init__(self, create_context=None) -> None:
        self._events: list[Event] = []
        self._create_context = create_context or (lambda data: nullcontext())

    def add_event(self, event: Event, prepend: bool = False) -> None:
        """Add one at the end, or in front of all others."""
        if prepend:
            self._events.insert(0, event)
        else:
            self._events.append(event)

    def handle_data(self, context, data, dt) -> None:
        """Call all whose rules hold."""
        with self._create_context(data):
            for event in self._events:
                event.handle_data(context, data, dt)


# What scripts write


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


def make_eventrule(date_rule, time_rule, cal, half_days=True) -> OncePerDay:
    """The rule of a scheduled function: day and time, at most once a day."""
    for rule in (date_rule, time_rule):
        if inspect.isclass(rule) or inspect.isfunction(rule):
            raise TypeError(f"{rule!r} is not a rule: did you mean {rule.__name__}()?")
    inner = date_rule & time_rule
    once = OncePerDay(rule=inner if half_days else inner & NotHalfDay())
    once.cal = cal
    return once


def ensure_utc(time, tz="UTC"):
    """A time of the zone `tz`, unless it has one of its own, marked as UTC."""
    if not time.tzinfo:
        time = time.replace(tzinfo=ZoneInfo(tz))
    return time.replace(tzinfo=datetime.UTC)


def lossless_float_to_int(funcname, *arguments) -> Any:
    """(funcname, func, argname, arg): a float that is whole as an int, with a warning.

    Other floats raise TypeError, anything else is returned as it is. Called with fewer arguments
    it waits for the others.
    """
    if len(arguments) < 3:
        return partial(lossless_float_to_int, funcname, *arguments)
    _, name, given = arguments
    if not isinstance(given, float):
        return given
    if given != int(given):
        raise TypeError(given)
    warnings.warn(
        f"{funcname}: {name} should be an int; {given} is taken as {int(given)}.", stacklevel=5
    )
    return int(given)


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


def _nanoseconds(delta: datetime.timedelta) -> int:
    return round(delta.total_seconds() * 1e9)

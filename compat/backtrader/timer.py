"""Timers: calls of `notify_timer` at a time of day, on the days that weekdays and dates choose."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from functools import partial
from typing import Any

from .data import AbstractDataBase
from .dates import TIME_MAX, date2num, num2date
from .params import ParamsBase

SESSION_TIME, SESSION_START, SESSION_END = range(3)


class Timer(ParamsBase):
    """Comes due at `when`, and every `repeat` after it until the session ends."""

    params = (
        ("tid", None),
        ("owner", None),
        ("strats", False),
        ("when", None),
        ("offset", dt.timedelta()),
        ("repeat", dt.timedelta()),
        ("weekdays", []),
        ("weekcarry", False),
        ("monthdays", []),
        ("monthcarry", True),
        ("allow", None),
        ("tzdata", None),
        ("cheat", False),
    )

    SESSION_TIME, SESSION_START, SESSION_END = range(3)

    #: The time for which it came due last.
    lastwhen: dt.datetime

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.args = args
        self.kwargs = kwargs

    def start(self, data: Any) -> None:
        """A run begins; `data` gives the session where no other data is named."""
        p = self.p
        self._tzdata = p.tzdata
        self._rstwhen = p.when
        if isinstance(p.when, int):
            if p.tzdata is None:
                self._tzdata = data
            if p.when == SESSION_START:
                self._rstwhen = self._tzdata.p.sessionstart
            elif p.when == SESSION_END:
                self._rstwhen = self._tzdata.p.sessionend
        self._isdata = isinstance(self._tzdata, AbstractDataBase)
        self._rest()
        self._session_end = dt.datetime.min
        self._day = dt.date.min
        self._dates = _Days(p.monthdays, p.monthcarry)
        self._weekdays = _Days(p.weekdays, p.weekcarry)

    def _rest(self, day: Any = None) -> None:
        """Wait for the time of day again; `day`: not on this day."""
        self._when = self._rstwhen
        self._due: float | None = None
        self._due_time: Any = None
        self._done = day

    def _end_of_session(self, day: dt.date) -> dt.datetime:
        if self._isdata:
            return self._tzdata._getnexteos()[0]
        return dt.datetime.combine(day, TIME_MAX)

    def _takes(self, day: dt.date) -> bool:
        """Whether it may come due on a day that begins."""
        taken = self._dates.take(day.month, day.day)
        if taken:
            _, week, weekday = day.isocalendar()
            taken = self._weekdays.take(week, weekday)
        if taken and self.p.allow is not None:
            taken = self.p.allow(day)
        return taken

    def check(self, dt: float) -> bool:
        """Whether it comes due at a bar's time, a float."""
        now = num2date(dt)
        day = now.date()
        if self._done == day:
            return False
        if now > self._session_end:
            self._session_end = self._end_of_session(day)
            self._rest()
        if day > self._day:
            self._day = day
            if not self._takes(day):
                self._rest(day)
                return False
        due = self._due
        if due is None:
            due = self._due = self._set(day)
        if dt < due:
            return False
        self.lastwhen = self._due_time
        if self.p.repeat:
            self._repeat(now, day)
        else:
            self._rest(day)
        return True

    def _set(self, day: dt.date) -> float:
        """When it comes due on a day."""
        when = dt.datetime.combine(day, self._when)
        if self.p.offset:
            when += self.p.offset
        self._due_time = when
        data = self._tzdata
        return data.date2num(when) if self._isdata else date2num(when, tz=data)

    def _repeat(self, now: dt.datetime, day: dt.date) -> None:
        """Find out when it comes due again, if it does before the session ends."""
        if now > self._session_end:
            self._session_end = self._end_of_session(day)
        when = self._due_time
        while True:
            when += self.p.repeat
            if when > self._session_end:
                self._rest(day)
                return
            if when > now:
                break
        self._due = due = date2num(when)
        data = self._tzdata
        self._due_time = data.num2date(due) if self._isdata else num2date(due, tz=data)


class _Days:
    """Days of the month, or of the week: which of them are taken in the current one.

    carry: a day on which nothing was traded is made up for on the next one.
    """

    def __init__(self, days: Any, carry: bool) -> None:
        self.days = days
        self.carry = carry
        self.current = -1
        self.left: list[int] = []

    def take(self, period: int, day: int) -> bool:
        """Whether a day that begins is one of the days; `period`: its month or week."""
        if not self.days:
            return True
        carried = False
        if period != self.current:
            self.current = period
            carried = bool(self.carry and self.left)
            self.left = list(self.days)
        passed = bisect_left(self.left, day)
        carried = carried or bool(self.carry and passed > 0)
        # Once earlier days were passed over, the next one in the list counts as this day.
        hit = passed < len(self.left) and bisect_right(self.left, day, lo=passed) > 0
        del self.left[: passed + hit]
        return carried or hit


def add_timer(
    cerebro: Any,
    owner: Any,
    when: Any,
    offset: Any = dt.timedelta(),
    repeat: Any = dt.timedelta(),
    weekdays: Any = [],  # noqa: B006
    weekcarry: bool = False,
    monthdays: Any = [],  # noqa: B006
    monthcarry: bool = True,
    allow: Any = None,
    tzdata: Any = None,
    strats: bool = False,
    cheat: bool = False,
    *args: Any,
    **kwargs: Any,
) -> Timer:
    """A timer of `owner`, whose `notify_timer` gets `kwargs`."""
    if args:
        # There, they would take the places of arguments that are given by name.
        raise TypeError("Cerebro._add_timer() got multiple values for argument 'owner'")
    timer = Timer(
        tid=len(cerebro._pretimers),
        owner=owner,
        strats=strats,
        when=when,
        offset=offset,
        repeat=repeat,
        weekdays=weekdays,
        weekcarry=weekcarry,
        monthdays=monthdays,
        monthcarry=monthcarry,
        allow=allow,
        tzdata=tzdata,
        cheat=cheat,
        **kwargs,
    )
    cerebro._pretimers.append(timer)
    return timer


def start_timers(cerebro: Any) -> None:
    """Start all timers; from now on they are checked at each bar."""
    for timer in cerebro._pretimers:
        timer.start(cerebro.datas[0])
    early = [timer for timer in cerebro._pretimers if timer.p.cheat]
    others = [timer for timer in cerebro._pretimers if not timer.p.cheat]
    for timers, calls in ((early, cerebro._opening), (others, cerebro._passed)):
        if timers:
            calls.append(partial(_check, timers, cerebro.runningstrats))


def _check(timers: list[Timer], strategies: list[Any], time: float) -> None:
    """Call those who wait for a timer that comes due at a bar's time."""
    for timer in timers:
        if timer.check(time):
            waiting = [timer.p.owner, *(strategies if timer.p.strats else ())]
            for who in waiting:
                who.notify_timer(timer, timer.lastwhen, *timer.args, **timer.kwargs)


__all__ = ["SESSION_END", "SESSION_START", "SESSION_TIME", "Timer"]

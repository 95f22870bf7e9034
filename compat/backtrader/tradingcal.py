"""Trading calendars: which days are traded, and from when to when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from .dates import TIME_MAX, UTC
from .params import ParamsBase

ONEDAY = dt.timedelta(days=1)

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
(
    ISONODAY,
    ISOMONDAY,
    ISOTUESDAY,
    ISOWEDNESDAY,
    ISOTHURSDAY,
    ISOFRIDAY,
    ISOSATURDAY,
    ISOSUNDAY,
) = range(8)
WEEKEND = [SATURDAY, SUNDAY]
ISOWEEKEND = [ISOSATURDAY, ISOSUNDAY]


class TradingCalendarBase(ParamsBase):
    """What a calendar is asked; a subclass answers `_nextday` and `schedule`."""

    def _nextday(self, day: Any) -> tuple[Any, Any]:
        """The next traded day, and its (year, week, weekday)."""
        raise NotImplementedError

    def schedule(self, day: Any, tz: Any = None) -> tuple[dt.datetime, dt.datetime]:
        """(opening, closing) in UTC of the session of a time."""
        raise NotImplementedError

    def nextday(self, day: Any) -> Any:
        return self._nextday(day)[0]

    def nextday_week(self, day: Any) -> None:
        """Gives nothing, as in the original."""
        self._nextday(day)

    def last_weekday(self, day: Any) -> bool:
        """Whether the week's last traded day."""
        return day.isocalendar()[1] != self._nextday(day)[1][1]

    def last_monthday(self, day: Any) -> bool:
        """Whether the month's last traded day."""
        return day.month != self._nextday(day)[0].month

    def last_yearday(self, day: Any) -> bool:
        """Whether the year's last traded day."""
        return day.year != self._nextday(day)[0].year


class TradingCalendar(TradingCalendarBase):
    """A calendar by rule: `offdays` of each week, `holidays`, and days that end early.

    earlydays: (date, opening, closing) each. offdays: 1 (Monday) to 7.
    """

    params = (
        ("open", dt.time.min),
        ("close", TIME_MAX),
        ("holidays", []),
        ("earlydays", []),
        ("offdays", ISOWEEKEND),
    )

    def __init__(self) -> None:
        self._earlydays = [early[0] for early in self.p.earlydays]

    def _nextday(self, day: Any) -> tuple[Any, Any]:
        while True:
            day += ONEDAY
            parts = day.isocalendar()
            if parts[2] not in self.p.offdays and day not in self.p.holidays:
                return day, parts

    def schedule(self, day: Any, tz: Any = None) -> tuple[dt.datetime, dt.datetime]:
        while True:
            date = day.date()
            opening, closing = self.p.open, self.p.close
            if date in self._earlydays:
                opening, closing = self.p.earlydays[self._earlydays.index(date)][1:]
            end = _utc(dt.datetime.combine(date, closing), tz)
            if day <= end:
                return _utc(dt.datetime.combine(date, opening), tz), end
            day += ONEDAY


def _utc(time: dt.datetime, tz: Any) -> dt.datetime:
    """A local time, in UTC and without a zone."""
    if tz is None:
        return time
    return tz.localize(time).astimezone(UTC).replace(tzinfo=None)


class PandasMarketCalendar(TradingCalendarBase):
    """A calendar of the package pandas_market_calendars, by name, or an object like it.

    calendar: has `valid_days(start, end)` and `schedule(start, end)`. cachesize: days per question.
    """

    params = (("calendar", None), ("cachesize", 365))

    def __init__(self) -> None:
        import pandas as pd

        self._calendar = self.p.calendar
        if isinstance(self._calendar, str):
            import pandas_market_calendars as calendars  # pyright: ignore[reportMissingImports]

            self._calendar = calendars.get_calendar(self._calendar)
        none = pd.DatetimeIndex([0.0])
        self.dcache: Any = none
        self.idcache: Any = pd.DataFrame(index=none)
        self.csize = dt.timedelta(days=self.p.cachesize)

    def _nextday(self, day: Any) -> tuple[Any, Any]:
        day += ONEDAY
        while True:
            at = self.dcache.searchsorted(day)
            if at < len(self.dcache):
                found = self.dcache[at].to_pydatetime()
                return found, found.isocalendar()
            self.dcache = self._calendar.valid_days(day, day + self.csize)

    def schedule(self, day: Any, tz: Any = None) -> tuple[dt.datetime, dt.datetime]:
        while True:
            at = self.idcache.index.searchsorted(day.date())
            if at == len(self.idcache):
                self.idcache = self._calendar.schedule(day, day + self.csize)
                continue
            opening, closing = (time.tz_localize(None) for time in self.idcache.iloc[at, 0:2])
            if day <= closing:
                return opening.to_pydatetime(), closing.to_pydatetime()
            day += ONEDAY


def calendar_of(cal: Any) -> Any:
    """A calendar of what `addcalendar` takes: a name, a class, a calendar, or one of pandas'."""
    if isinstance(cal, str) or hasattr(cal, "valid_days"):
        return PandasMarketCalendar(calendar=cal)
    if isinstance(cal, type) and issubclass(cal, TradingCalendarBase):
        return cal()
    return cal


__all__ = ["PandasMarketCalendar", "TradingCalendar", "TradingCalendarBase"]

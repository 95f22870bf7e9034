"""Times as floats and back, and time zones."""

from __future__ import annotations

import datetime
import time

from ..dates import (
    TIME_MAX,
    TIME_MIN,
    UTC,
    Localizer,
    date2num,
    num2date,
    num2dt,
    num2time,
    time2num,
    tzparse,
)


class _Local(datetime.tzinfo):
    """The time zone of this computer."""

    @staticmethod
    def _offset(seconds: int) -> datetime.timedelta:
        return datetime.timedelta(seconds=-seconds)

    def _summer(self, dt: datetime.datetime) -> bool:
        try:
            stamp = time.mktime((*dt.timetuple()[:6], dt.weekday(), 0, 0))
        except (ValueError, OverflowError):
            return False
        return time.localtime(stamp).tm_isdst > 0

    def utcoffset(self, dt: datetime.datetime) -> datetime.timedelta:  # type: ignore[override]
        summer = time.daylight and self._summer(dt)
        return self._offset(time.altzone if summer else time.timezone)

    def dst(self, dt: datetime.datetime) -> datetime.timedelta:  # type: ignore[override]
        if time.daylight and self._summer(dt):
            return self._offset(time.altzone) - self._offset(time.timezone)
        return datetime.timedelta()

    def tzname(self, dt: datetime.datetime) -> str:  # type: ignore[override]
        return time.tzname[self._summer(dt)]

    def localize(self, dt: datetime.datetime) -> datetime.datetime:
        return dt.replace(tzinfo=self)


TZLocal = _Local()

__all__ = [
    "TIME_MAX",
    "TIME_MIN",
    "UTC",
    "Localizer",
    "TZLocal",
    "date2num",
    "num2date",
    "num2dt",
    "num2time",
    "time2num",
    "tzparse",
]

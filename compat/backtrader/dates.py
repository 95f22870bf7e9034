"""Times as floats: days since year 0, the day's fraction as its time of day (UTC)."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple

import numpy as np

#: Ordinal of 1970-01-01.
EPOCH = 719163
#: So many values are computed at once.
_BLOCK = 8_192
NS_PER_DAY = 86_400_000_000_000

TIME_MAX = time(23, 59, 59, 999990)
TIME_MIN = time.min
UTC = UTC

_HOURS = 24.0
_MINUTES = 1440.0
_SECONDS = 86_400.0
_MICROSECONDS = 86_400_000_000.0


def _parts(hour: int, minute: int, second: int, microsecond: int) -> tuple[float, ...]:
    return hour / _HOURS, minute / _MINUTES, second / _SECONDS, microsecond / _MICROSECONDS


def date2num(dt: Any, tz: tzinfo | None = None) -> float:
    """A date or datetime as a float; an aware one is brought to UTC first."""
    if tz is not None:
        localize = getattr(tz, "localize", None)
        dt = localize(dt) if localize else dt.replace(tzinfo=tz)
    if getattr(dt, "tzinfo", None) is not None:
        offset = dt.tzinfo.utcoffset(dt)
        if offset is not None:
            dt = dt - offset
    day = float(dt.toordinal())
    if hasattr(dt, "hour"):
        return math.fsum((day, *_parts(dt.hour, dt.minute, dt.second, dt.microsecond)))
    return day


def num2date(x: float, tz: tzinfo | None = None, naive: bool = True) -> datetime:
    """The datetime of a float; with `tz` in that zone. The last 10 microseconds round up."""
    dt, late = _in_utc(float(x))
    if tz is not None:
        dt = dt.replace(tzinfo=UTC).astimezone(tz)
        if naive:
            dt = dt.replace(tzinfo=None)
    return dt + late if late else dt


@functools.lru_cache(64)
def _in_utc(x: float) -> tuple[datetime, timedelta | None]:
    """The time of a float, and what rounds it up. A bar is asked for its time several times."""
    day = int(x)
    rest = x - day
    hour, rest = divmod(24.0 * rest, 1)
    minute, rest = divmod(60.0 * rest, 1)
    second, rest = divmod(60.0 * rest, 1)
    micro = int(1e6 * rest)
    if micro < 10:
        # Below the resolution of the float.
        micro = 0
    year, month, of_month = _calendar_day(day)
    dt = datetime(year, month, of_month, int(hour), int(minute), int(second), micro)
    return dt, timedelta(microseconds=1e6 - micro) if micro > 999990 else None


@functools.lru_cache(64)
def _calendar_day(day: int) -> tuple[int, int, int]:
    start = date.fromordinal(day)
    return start.year, start.month, start.day


def num2dt(num: float, tz: tzinfo | None = None, naive: bool = True) -> date:
    """The date of a float."""
    return num2date(num, tz, naive).date()


def num2time(num: float, tz: tzinfo | None = None, naive: bool = True) -> time:
    """The time of day of a float."""
    return num2date(num, tz, naive).time()


def time2num(tm: time) -> float:
    """A time of day as a fraction of a day."""
    hour, minute, second, micro = _parts(tm.hour, tm.minute, tm.second, tm.microsecond)
    return hour + minute + second + micro


def blocks(*columns: np.ndarray) -> Iterator[tuple[np.ndarray, ...]]:
    """The same parts of several columns, in sequence: views.

    What is computed on the way from one column to another then fits into memory that is there,
    and need not be asked of the system, cleared and given back for each of them.
    """
    for start in range(0, columns[0].shape[-1], _BLOCK):
        yield tuple(column[..., start : start + _BLOCK] for column in columns)


def days_and_times(ordinals: np.ndarray, micros: np.ndarray) -> np.ndarray:
    """float64[T] of many times: int64[T] ordinals of days, int64[T] microseconds since midnight.

    The sum of the day and its four fractions, rounded once, as `date2num` has it.
    """
    days = ordinals.astype(np.float64)
    minutes, rest = np.divmod(micros, 60_000_000)
    if rest.any():
        times, which = np.unique(micros, return_inverse=True)
        high, low = _sums(times)
    else:
        which = minutes
        high, low = _minutes()
    # The sum of the day and both floats of its time, its error kept.
    time = high[which]
    total = days + time
    rest = (time - (total - days)) + low[which]
    ulp = np.spacing(total)
    out = total + rest
    # Where the rest is half a step to the last bit, how it was rounded itself may decide.
    near_half = np.abs(np.abs(rest) - 0.5 * ulp) < 1e-6 * ulp
    for i in np.flatnonzero(near_half | (np.frexp(total)[0] == 0.5)).tolist():
        out[i] = math.fsum((days[i], *_fractions(int(micros[i]))))
    return out


def _sums(micros: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The sums of the fractions of times of day, each as two floats: the rounded one, the rest."""
    fractions = [_fractions(micro) for micro in micros.tolist()]
    high = np.array([math.fsum(parts) for parts in fractions])
    low = np.array([math.fsum((*parts, -h)) for parts, h in zip(fractions, high, strict=True)])
    return high, low


@functools.cache
def _minutes() -> tuple[np.ndarray, np.ndarray]:
    """`_sums` of all minutes of a day."""
    return _sums(np.arange(1440) * 60_000_000)


def _fractions(micro: int) -> tuple[float, ...]:
    """The parts of a day that a time of day in microseconds consists of."""
    seconds, us = divmod(micro, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return _parts(hour, minute, second, us)


def to_nanoseconds(nums: np.ndarray) -> np.ndarray:
    """int64[T] nanoseconds since 1970 of float times: strictly increasing where they are."""
    nums = np.asarray(nums, dtype=np.float64)
    out = np.empty(nums.shape, dtype=np.int64)
    for part, into in blocks(nums, out):
        into[...] = np.rint((part - EPOCH) * NS_PER_DAY)
    return out


def nanoseconds(num: float) -> int:
    """The same for one float, kept within int64 and away from 0 (which means "never")."""
    ns = round((num - EPOCH) * NS_PER_DAY)
    return max(-(2**62), min(2**62, ns)) or -1


class TimesOfDay(NamedTuple):
    """Times of day as columns."""

    hour: np.ndarray
    minute: np.ndarray
    second: np.ndarray
    microsecond: np.ndarray


def times_of_day(nums: np.ndarray) -> tuple[np.ndarray, TimesOfDay]:
    """The day numbers and the times of day of `num2date` for many floats: all of them int64[T]."""
    days = np.floor(nums)
    hours, rest = np.divmod(24.0 * (nums - days), 1)
    minutes, rest = np.divmod(60.0 * rest, 1)
    seconds, rest = np.divmod(60.0 * rest, 1)
    micros = np.floor(1e6 * rest)
    # As there: the first microseconds are none, the last ones round up.
    late = micros > 999990
    micros[late | (micros < 10)] = 0
    total = (hours * 3600 + minutes * 60 + seconds + late).astype(np.int64)
    carried, total = np.divmod(total, 86_400)
    hour, total = np.divmod(total, 3600)
    minute, second = np.divmod(total, 60)
    time = TimesOfDay(hour, minute, second, micros.astype(np.int64))
    return days.astype(np.int64) + carried, time


def ordinals(nums: np.ndarray) -> np.ndarray:
    """The day numbers of `num2date` for many floats."""
    return times_of_day(nums)[0]


def Localizer(tz: Any) -> Any:
    """`tz` with a method `localize`, which gives a time that zone."""
    if tz is not None and not hasattr(tz, "localize"):
        tz.localize = lambda dt: dt.replace(tzinfo=tz)
    return tz


def tzparse(tz: Any) -> Any:
    """A time zone of a name, where pytz knows it; anything else is taken as it is."""
    if not isinstance(tz, str):
        return Localizer(tz)
    try:
        import pytz  # pyright: ignore[reportMissingModuleSource]
    except ImportError:
        return Localizer(tz)
    try:
        return pytz.timezone("CST6CDT" if tz == "CST" else tz)
    except pytz.UnknownTimeZoneError:
        return Localizer(tz)

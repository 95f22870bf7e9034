"""Times: from what people hold (dates, datetimes, text, epochs) to int64 nanoseconds UTC."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import DataError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = [
    "MISSING",
    "SAYS_HOW",
    "duration",
    "epoch_unit",
    "format_time",
    "instant",
    "later",
    "nanoseconds",
    "to_times",
]

MISSING = np.iinfo(np.int64).min
"""The int64 that stands for "no time", the same bits as NumPy's NaT."""

SAYS_HOW = (
    "Give every time a zone or none, or pass policy={'mixed_time_zones': 'convert'} to convert "
    "each to UTC, or time_zone='...' to name the one zone that they are all in"
)

NS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
_LENGTHS = {**NS, "m": 60 * NS["s"], "h": 3600 * NS["s"], "d": 86_400 * NS["s"]}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|us|ns|[dhms])")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FIRST = dt.datetime(1677, 9, 22, tzinfo=dt.UTC)
_LAST = dt.datetime(2262, 4, 11, tzinfo=dt.UTC)


def format_time(time: int) -> str:
    """A time (ns UTC) as text: the date alone at midnight, else ISO 8601 with a Z."""
    if time == MISSING:
        return "no time"
    whole, fraction = str(np.datetime64(int(time), "ns")).split(".")
    fraction = fraction.rstrip("0")
    if not fraction and whole.endswith("T00:00:00"):
        return whole[:10]
    return f"{whole}.{fraction}Z" if fraction else f"{whole}Z"


def nanoseconds(moment: dt.date, zone: ZoneInfo | None = None) -> int:
    """One date or datetime in ns UTC, exactly; without a zone of its own it is in `zone` or UTC."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime(moment.year, moment.month, moment.day)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone or dt.UTC)
    if not _FIRST <= moment <= _LAST:
        raise DataError(
            "unreadable_time",
            "this time is outside the years 1677 to 2262 that int64 nanoseconds hold",
            value=str(moment),
        )
    whole = (moment - _EPOCH) // dt.timedelta(microseconds=1) * 1000
    return whole + int(getattr(moment, "nanosecond", 0))


def instant(time: object) -> int:
    """One time in ns UTC from an int (ns), datetime64, date, datetime or ISO 8601 text."""
    if isinstance(time, (int, np.integer)):
        return int(time)
    if isinstance(time, np.datetime64):
        return int(time.astype("datetime64[ns]").astype(np.int64))
    if isinstance(time, dt.date):
        return nanoseconds(time)
    if isinstance(time, str):
        try:
            return nanoseconds(dt.datetime.fromisoformat(time))
        except ValueError:
            pass
    raise DataError(
        "unreadable_time",
        "this is not a time",
        value=time,
        remedy="Pass int nanoseconds UTC, a date, a datetime, datetime64 or ISO 8601 text",
    )


def duration(span: object, name: str = "duration") -> int:
    """A length of time in ns from an int (ns), timedelta, timedelta64 or text such as `1h30m`.

    Units in text: d, h, m, s, ms, us, ns; a day is 24 hours. name: the parameter, for the error.
    Raises `ValueError` for anything else and for a negative length.
    """
    length: int | None = None
    if isinstance(span, np.timedelta64):  # a NumPy integer too, so it comes first
        if not np.isnat(span):
            length = int(span.astype("timedelta64[ns]").astype(np.int64))
    elif isinstance(span, (int, np.integer)) and not isinstance(span, bool):
        length = int(span)
    elif isinstance(span, dt.timedelta) and span == span:
        # What has nanoseconds of its own beyond a timedelta's microseconds says so.
        own = int(getattr(span, "nanoseconds", 0))
        length = span // dt.timedelta(microseconds=1) * 1000 + own
    elif isinstance(span, str):
        parts = _PART.findall(span.replace(" ", ""))
        if parts and "".join(number + unit for number, unit in parts) == span.replace(" ", ""):
            length = 0
            for number, unit in parts:
                whole, _, part = number.partition(".")
                length += int(whole + part) * _LENGTHS[unit] // 10 ** len(part)
    if length is None or length < 0:
        raise ValueError(
            f"{name}={span!r}: pass nanoseconds, a timedelta or text such as '250ms' or '1h30m', "
            "not negative"
        )
    return length


def later(times: np.ndarray, span: int) -> np.ndarray:
    """int64[n]: times moved later by `span` ns; beyond int64 they stay at its largest number."""
    end = np.iinfo(np.int64).max
    span = min(span, end)
    return np.where(times > end - span, end, times + min(span, end))


def epoch_unit(magnitude: int) -> str:
    """The unit of epoch numbers, from their largest absolute value.

    Seconds reach 1e11 in the year 5138 and milliseconds pass 1e11 in 1973, so the decades in
    between separate the four units for every market date from 1973 on. Name the unit for older
    ones (`time_unit`).
    """
    for unit, limit in (("s", 10**11), ("ms", 10**14), ("us", 10**17)):
        if magnitude < limit:
            return unit
    return "ns"


def to_times(times: Any, time_zone: str | None = None, convert_zones: bool = False) -> np.ndarray:
    """int64[T] ns UTC from an array or a sequence of times; `MISSING` where there is none.

    Integers are nanoseconds UTC. datetime64, dates and datetimes without a zone are in
    `time_zone` (default UTC). Raises `DataError` on anything else, and where some times have a
    zone and others have none, or a different one, unless `convert_zones`.
    """
    values: Any = np.asarray(times) if not _has_dtype(times) else times
    kind = getattr(values, "dtype", np.dtype(object)).kind
    if kind in "iu" or values.size == 0:
        return np.ascontiguousarray(values, dtype=np.int64)
    if kind == "M":
        return _localised(_to_ns(np.asarray(values)), time_zone)
    if kind == "O" or kind in "US":
        return _from_objects(list(times), time_zone, convert_zones)
    raise DataError(
        "unreadable_time",
        f"times are of type {getattr(values, 'dtype', type(times))}",
        remedy="Pass datetime64, dates, datetimes or int64 nanoseconds UTC",
    )


def _has_dtype(times: Any) -> bool:
    return isinstance(getattr(times, "dtype", None), np.dtype)


def _to_ns(values: np.ndarray) -> np.ndarray:
    """datetime64 of any unit to int64 ns, refusing what would wrap around."""
    fine = values.astype("datetime64[us]")
    outside = (fine < np.datetime64("1677-09-22")) | (fine > np.datetime64("2262-04-11"))
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        raise DataError(
            "unreadable_time",
            "this time is outside the years 1677 to 2262 that int64 nanoseconds hold",
            row=row + 1,
            value=str(values[row]),
        )
    return values.astype("datetime64[ns]").astype(np.int64)


def _localised(times: np.ndarray, time_zone: str | None) -> np.ndarray:
    """Wall-clock ns to ns UTC. A wall-clock time that the zone has twice or never is refused."""
    if time_zone is None or time_zone.upper() == "UTC":
        return times
    moments = [
        None
        if t == MISSING
        else dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=int(t) // 1000)
        for t in times
    ]
    out = _from_objects(moments, time_zone, False)
    known = times != MISSING
    out[known] += times[known] % 1000
    return out


def _from_objects(moments: Sequence, time_zone: str | None, convert_zones: bool) -> np.ndarray:
    """Dates, datetimes, ISO texts and None, one by one."""
    zone = None
    if time_zone:
        from zoneinfo import ZoneInfo

        zone = ZoneInfo(time_zone)
    out = np.full(len(moments), MISSING, dtype=np.int64)
    first: str | None = None
    for row, moment in enumerate(moments):
        if moment is None or moment != moment:  # NaT is not equal to itself
            continue
        if isinstance(moment, np.datetime64):
            moment = moment.astype("datetime64[us]").item()
        if isinstance(moment, str):
            with contextlib.suppress(ValueError):
                moment = dt.datetime.fromisoformat(moment)
        if not isinstance(moment, dt.date):
            raise DataError(
                "unreadable_time",
                "this is not a time",
                row=row + 1,
                value=moment,
                remedy="Pass dates, datetimes or ISO 8601 text",
            )
        tz = moment.tzinfo if isinstance(moment, dt.datetime) else None
        own = (
            "no zone"
            if tz is None
            else str(getattr(tz, "key", None) or getattr(tz, "zone", None) or tz)
        )
        if first is None:
            first = own
        elif own != first and not convert_zones and not (zone and "no zone" not in (own, first)):
            raise DataError(
                "mixed_time_zones",
                f"this time is in {own!r} and the first one in {first!r}",
                row=row + 1,
                value=str(moment),
                remedy=SAYS_HOW,
            )
        if tz is None and zone is not None and isinstance(moment, dt.datetime):
            early, late = moment.replace(tzinfo=zone, fold=0), moment.replace(tzinfo=zone, fold=1)
            if early.utcoffset() != late.utcoffset():
                raise DataError(
                    "ambiguous_time",
                    f"{time_zone} has this wall-clock time twice or never (daylight saving)",
                    row=row + 1,
                    value=str(moment),
                    remedy="Write the times with their offset from UTC, or in UTC",
                )
        try:
            out[row] = nanoseconds(moment, zone)
        except DataError as error:
            raise DataError(error.check, error.problem, row=row + 1, value=error.value) from None
    return out


def epoch_times(numbers: np.ndarray, unit: str | None = None) -> np.ndarray:
    """int64[n] ns UTC from epoch numbers; NaN gives `MISSING`.

    unit: s, ms, us or ns. Without it, eight-digit numbers that are all dates (YYYYMMDD) are read
    as such, and else the unit is told from the largest number (see `epoch_unit`).
    """
    if unit is not None and unit not in NS:
        raise ValueError(f"time_unit={unit!r}: choose one of {', '.join(NS)}")
    out = np.full(len(numbers), MISSING, dtype=np.int64)
    known = np.isfinite(numbers)
    given = numbers[known]
    if not len(given):
        return out
    whole = given.astype(np.int64)
    if unit is None and given.min() >= 19000101 and given.max() <= 22001231:
        year, month, day = whole // 10000, whole // 100 % 100, whole % 100
        months = (year - 1970) * 12 + month - 1
        dates = months.astype("datetime64[M]").astype("datetime64[D]") + (day - 1)
        if ((month >= 1) & (month <= 12) & (day >= 1)).all() and (
            dates.astype("datetime64[M]").astype(np.int64) == months
        ).all():
            out[known] = dates.astype("datetime64[ns]").astype(np.int64)
            return out
    scale = NS[unit or epoch_unit(int(np.abs(given).max()))]
    limit = np.iinfo(np.int64).max // scale
    beyond = np.abs(given) > limit
    if beyond.any():
        row = int(np.flatnonzero(known)[np.flatnonzero(beyond)[0]])
        raise DataError(
            "unreadable_time",
            "this time is outside the years 1677 to 2262 that int64 nanoseconds hold",
            row=row + 1,
            value=numbers[row].item(),
            remedy="Name the unit of the times: time_unit='s', 'ms', 'us' or 'ns'",
        )
    # A float of seconds carries about a microsecond: what lies below it is noise of the format.
    part = np.rint((given - whole) * (scale // 1000)).astype(np.int64) * 1000
    out[known] = whole * scale + (part if scale > 1000 else 0)
    return out

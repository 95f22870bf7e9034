"""Frequencies, time zones and times."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone, tzinfo

import numpy as np
import pandas as pd

from ..unsupported import missing

DatetimeIndexes = (pd.DatetimeIndex, pd.TimedeltaIndex, pd.PeriodIndex)


def freq_to_timedelta(arg) -> pd.Timedelta:
    """A frequency ("D", "1h", an offset, a timedelta) as the time of one row."""
    if isinstance(arg, str) and not arg[0].isdigit():
        return pd.Timedelta(1, unit=arg)  # pyright: ignore - any word, or ValueError
    if isinstance(arg, pd.offsets.BaseOffset):
        return pd.Timedelta(arg.nanos, unit="ns")  # pyright: ignore[reportReturnType]
    return pd.Timedelta(arg)  # pyright: ignore[reportReturnType] - pandas types it as NaT too


def get_utc_tz() -> timezone:
    return UTC


def get_local_tz() -> timezone:
    """The offset from UTC that this machine has at the moment."""
    offset = datetime.now(UTC).astimezone().utcoffset()
    return timezone(offset or timedelta(0))


def _today_at(t: time, tz_out: tzinfo | None) -> datetime:
    return datetime.combine(datetime.today(), t).astimezone(tz_out)


def convert_tzaware_time(t: time, tz_out: tzinfo | None) -> time:
    """A time of one zone as one of another."""
    return _today_at(t, tz_out).timetz()


def tzaware_to_naive_time(t: time, tz_out: tzinfo | None) -> time:
    """A time of one zone as one of another, which is left out."""
    return _today_at(t, tz_out).time()


def naive_to_tzaware_time(t: time, tz_out: tzinfo | None) -> time:
    """A time of this machine's zone as one of another."""
    return _today_at(t, tz_out).time().replace(tzinfo=tz_out)


def convert_naive_time(t: time, tz_out: tzinfo | None) -> time:
    """A time of this machine's zone as one of another, which is left out."""
    return _today_at(t, tz_out).time()


def is_tz_aware(dt) -> bool:
    return dt.tzinfo is not None and dt.tzinfo.utcoffset(datetime.now()) is not None


def to_timezone(tz, to_py_timezone: bool | None = None, **kwargs) -> tzinfo:
    """A zone of a name, hours, a timedelta or a zone; None is this machine's.

    to_py_timezone: as a fixed offset, the one of now; by default as
    `settings["datetime"]["to_py_timezone"]` says.
    """
    from .._settings import settings

    if tz is None:
        return get_local_tz()
    if to_py_timezone is None:
        to_py_timezone = settings["datetime"]["to_py_timezone"]
    if isinstance(tz, str):
        tz = _zone_named(tz, kwargs)
    if isinstance(tz, (int, float)):
        tz = timedelta(hours=tz)
    if isinstance(tz, timedelta):
        tz = timezone(tz)
    if not isinstance(tz, tzinfo):
        raise TypeError(f"{tz!r} is no time zone")
    if to_py_timezone:
        return timezone(tz.utcoffset(datetime.now()) or timedelta(0))
    return tz


def _zone_named(name: str, kwargs: dict):
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        parsed = _parse(f"now {name}", kwargs)
        return name if parsed is None else parsed.tzinfo


def _parse(text: str, kwargs: dict) -> datetime | None:
    """A time in words."""
    if not kwargs:
        if text == "now":
            return datetime.now()
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    try:
        import dateparser
    except ImportError:
        raise missing(
            f"reading the time {text!r}", "Write it as 2020-01-31 10:00, or install dateparser."
        ) from None
    return dateparser.parse(text, **kwargs)


def _of_numpy(value: np.datetime64) -> datetime | None:
    if np.isnat(value):
        return None
    # In years first: nanoseconds cannot hold what a datetime can, and conversions wrap around.
    year = int(value.astype("datetime64[Y]").astype(int)) + 1970
    if not 1 <= year <= 9999:
        return None
    return value.astype("datetime64[us]").astype(datetime)


def to_tzaware_datetime(dt_like, naive_tz=None, tz=None, **kwargs) -> datetime:
    """A time of a number (seconds since 1970, or finer by its digits, in UTC), a text, or a time.

    naive_tz: the zone of a time without one, by default `settings["datetime"]["naive_tz"]`.
    tz: the zone to convert to. kwargs: for the parser of texts.
    """
    from .._settings import settings

    if naive_tz is None:
        naive_tz = settings["datetime"]["naive_tz"]
    if isinstance(dt_like, float):
        dt = datetime.fromtimestamp(dt_like, UTC)
    elif isinstance(dt_like, int):
        digits = max(len(str(dt_like)), 10)
        dt = datetime.fromtimestamp(dt_like / 10 ** (digits - 10), UTC)
    elif isinstance(dt_like, str):
        dt = _parse(dt_like, kwargs)
    elif isinstance(dt_like, pd.Timestamp):
        dt = dt_like.to_pydatetime()
    elif isinstance(dt_like, np.datetime64):
        dt = _of_numpy(dt_like)
    else:
        dt = dt_like
    if dt is None:
        raise ValueError(f"{dt_like!r} is no time")
    dt = dt.replace(tzinfo=to_timezone(dt.tzinfo if is_tz_aware(dt) else naive_tz))
    return dt if tz is None else dt.astimezone(to_timezone(tz))


def datetime_to_ms(dt: datetime) -> int:
    """Milliseconds since 1970."""
    return int(dt.timestamp() * 1000.0)


def interval_to_ms(interval: str) -> int | None:
    """Milliseconds of "5m", "1h", "2d" or "1w"; None for anything else."""
    units = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
    try:
        return int(interval[:-1]) * units[interval[-1]] * 1000
    except (ValueError, KeyError):
        return None

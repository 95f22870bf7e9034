"""Another name of `utils.date`."""

from __future__ import annotations

from .date import (
    TIME_MAX,
    TIME_MIN,
    UTC,
    Localizer,
    TZLocal,
    date2num,
    num2date,
    num2dt,
    num2time,
    time2num,
    tzparse,
)

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

"""Another name of `utils.date`."""

from __future__ import annotations

from . import date as _date
from .date import *  # noqa: F403

HOURS_PER_DAY = 24.0
MINUTES_PER_HOUR = 60.0
SECONDS_PER_MINUTE = 60.0
MUSECONDS_PER_SECOND = 1e6
MINUTES_PER_DAY = MINUTES_PER_HOUR * HOURS_PER_DAY
SECONDS_PER_DAY = SECONDS_PER_MINUTE * MINUTES_PER_DAY
MUSECONDS_PER_DAY = MUSECONDS_PER_SECOND * SECONDS_PER_DAY

__all__ = [
    "HOURS_PER_DAY",
    "MINUTES_PER_DAY",
    "MINUTES_PER_HOUR",
    "MUSECONDS_PER_DAY",
    "MUSECONDS_PER_SECOND",
    "SECONDS_PER_DAY",
    "SECONDS_PER_MINUTE",
]
__all__ += _date.__all__

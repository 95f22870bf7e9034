"""Matplotlib's locators of times, where x counts bars: ticks stand on bars."""

from __future__ import annotations

import bisect
import datetime
import math
import warnings
from collections.abc import Sequence
from typing import Any

from dateutil.relativedelta import relativedelta
from matplotlib import dates as mdates
from matplotlib.dates import (
    DAYS_PER_WEEK,
    HOURS_PER_DAY,
    MIN_PER_HOUR,
    MONTHS_PER_YEAR,
    SEC_PER_DAY,
    SEC_PER_HOUR,
    SEC_PER_MIN,
)

__all__ = [
    "DAYS_PER_WEEK",
    "HOURS_PER_DAY",
    "MIN_PER_HOUR",
    "MONTHS_PER_YEAR",
    "SEC_PER_DAY",
    "SEC_PER_HOUR",
    "SEC_PER_MIN",
    "AutoDateFormatter",
    "AutoDateLocator",
    "RRuleLocator",
]


def _time_of(bar: Any, dates: Sequence[float], tz: Any) -> Any:
    """The time of the bar at x, as Matplotlib counts days; a time stays as it is."""
    if isinstance(bar, datetime.date):
        return bar
    return mdates.num2date(dates[max(0, min(round(bar), len(dates) - 1))], tz)


class _OnBars:
    """What the locators share: their axis counts the bars of `_dates`."""

    _dates: Sequence[float]
    axis: Any
    tz: Any

    def _times(self, interval: Any) -> tuple:
        return tuple(_time_of(bar, self._dates, self.tz) for bar in sorted(interval))

    def datalim_to_dt(self) -> tuple:
        return self._times(self.axis.get_data_interval())

    def viewlim_to_dt(self) -> tuple:
        return self._times(self.axis.get_view_interval())

    def tick_values(self, vmin: Any, vmax: Any) -> list[int]:
        parent: Any = super()
        return [bisect.bisect_left(self._dates, day) for day in parent.tick_values(vmin, vmax)]


class RRuleLocator(_OnBars, mdates.RRuleLocator):
    """Ticks by a rule of the calendar."""

    def __init__(self, dates: Sequence[float], o: Any, tz: Any = None) -> None:
        self._dates = dates
        super().__init__(o, tz)


class AutoDateLocator(_OnBars, mdates.AutoDateLocator):
    """Ticks by the unit of time of which the view holds enough."""

    def __init__(self, dates: Sequence[float], *args: Any, **kwargs: Any) -> None:
        self._dates = dates
        super().__init__(*args, **kwargs)

    def get_locator(self, dmin: Any, dmax: Any) -> Any:
        this: Any = self
        amounts = _amounts(dmin, dmax)
        enough = [unit for unit, amount in enumerate(amounts) if amount >= this.minticks]
        if not enough:
            return self._placed(mdates.MicrosecondLocator(1, tz=self.tz))
        unit = enough[0]
        amount = amounts[unit]
        frequency = this._freqs[unit]
        steps = this.intervald[frequency]
        fitting = [s for s in steps if amount <= s * (this.maxticks[frequency] - 1)]
        if not fitting:
            warnings.warn(
                "AutoDateLocator was unable to pick an appropriate interval for this date range. "
                "It may be necessary to add an interval value to the AutoDateLocator's intervald "
                f"dictionary. Defaulting to {steps[-1]}.",
                stacklevel=2,
            )
        step = fitting[0] if fitting else steps[-1]
        this._freq = frequency
        if unit == len(this._freqs) - 1:
            return self._placed(mdates.MicrosecondLocator(step, tz=self.tz))
        # Smaller units stand at their first value: a tick of months is on a 1st, at midnight.
        chosen: list[Any] = [None] * (unit + 1) + [1, 1, 0, 0, 0][unit:]
        every = this._byranges[unit]
        chosen[unit] = every
        if every and this.interval_multiples:
            chosen[unit] = every[::step]
            step = 1
        names = ("bymonth", "bymonthday", "byhour", "byminute", "bysecond")
        rule = mdates.rrulewrapper(
            frequency,
            interval=step,
            dtstart=dmin,
            until=dmax,
            **dict(zip(names, chosen[1:], strict=True)),
        )
        return self._placed(RRuleLocator(self._dates, rule, self.tz))

    def _placed(self, locator: Any) -> Any:
        locator.set_axis(self.axis)
        return locator


def _amounts(dmin: Any, dmax: Any) -> list[float]:
    """How many years, months, …, microseconds lie between two times."""
    calendar, span = relativedelta(dmax, dmin), dmax - dmin
    if dmin > dmax:
        calendar, span = -calendar, -span
    years = float(calendar.years)
    hours = span.days * HOURS_PER_DAY + calendar.hours
    minutes = hours * MIN_PER_HOUR + calendar.minutes
    seconds = span.total_seconds()
    return [
        years,
        years * MONTHS_PER_YEAR + calendar.months,
        span.days,
        hours,
        minutes,
        math.floor(seconds),
        math.floor(seconds * 1e6),
    ]


class AutoDateFormatter(mdates.AutoDateFormatter):
    """Texts in the unit of an AutoDateLocator."""

    def __init__(
        self, dates: Sequence[float], locator: Any, tz: Any = None, defaultfmt: str = "%Y-%m-%d"
    ) -> None:
        self._dates = dates
        super().__init__(locator, tz, defaultfmt)

    def __call__(self, x: float, pos: Any = None) -> str:
        bar = max(0, min(round(x), len(self._dates) - 1))
        return str(super().__call__(self._dates[bar], pos))

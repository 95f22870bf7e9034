"""Texts of ticks: volumes in thousands, and times, where x counts bars."""

from __future__ import annotations

from collections.abc import Sequence
from types import MethodType
from typing import Any

from matplotlib import dates as mdates
from matplotlib import ticker as mplticker

from ..dates import num2date


class MyVolFormatter(mplticker.Formatter):
    """Volumes as whole K, M, G, …; nothing far above the highest one."""

    Suffixes = ("", "K", "M", "G", "T", "P")

    def __init__(self, volmax: float) -> None:
        self.volmax = volmax
        self.divisor = 1.0
        thousands = 0
        while abs(volmax / self.divisor) >= 1000:
            thousands += 1
            self.divisor *= 1000.0
        self.suffix = self.Suffixes[thousands]

    def __call__(self, x: float, pos: Any = 0) -> str:
        if x > self.volmax * 1.2:
            return ""
        return f"{int(x / self.divisor)}{self.suffix}"


class MyDateFormatter(mplticker.Formatter):
    """The time of the bar at x."""

    def __init__(self, dates: Sequence[float], fmt: str = "%Y-%m-%d") -> None:
        self.dates = dates
        self.lendates = len(dates)
        self.fmt = fmt

    def __call__(self, x: float, pos: Any = 0) -> str:
        bar = max(0, min(round(x), self.lendates - 1))
        return num2date(self.dates[bar]).strftime(self.fmt)


def patch_locator(locator: Any, xdates: Sequence[float]) -> None:
    """Let a locator of times work where x counts the bars at `xdates`."""

    def times(locator: Any, interval: Any) -> tuple:
        first, last = interval
        last = min(int(last), len(xdates) - 1)
        return num2date(xdates[int(first)], locator.tz), num2date(xdates[last], locator.tz)

    def datalim_to_dt(self: Any) -> tuple:
        return times(self, self.axis.get_data_interval())

    def viewlim_to_dt(self: Any) -> tuple:
        return times(self, self.axis.get_view_interval())

    locator.datalim_to_dt = MethodType(datalim_to_dt, locator)
    locator.viewlim_to_dt = MethodType(viewlim_to_dt, locator)


def patch_formatter(formatter: Any, xdates: Sequence[float]) -> None:
    """Let a formatter of times work where x counts the bars at `xdates`."""

    def text(self: Any, x: float, pos: Any = 0) -> str:
        return self.strftime(num2date(xdates[int(x)], self.tz), self.fmt)

    formatter.__call__ = MethodType(text, formatter)


def getlocator(xdates: Sequence[float], numticks: int = 5, tz: Any = None) -> tuple:
    """(locator, formatter) for x that counts the bars at `xdates`."""
    make: Any = getattr(mdates, "date_ticker_factory")  # noqa: B009 - gone from newer ones
    locator, formatter = make(span=xdates[-1] - xdates[0], tz=tz, numticks=numticks)
    patch_locator(locator, xdates)
    patch_formatter(formatter, xdates)
    return locator, formatter

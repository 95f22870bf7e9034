"""Deviations from an average."""

from __future__ import annotations

from typing import Any

from ..iterators import Indicator
from .computed import Computed, column_of, whole
from .mabase import MovAv, kind_of


def _mean(indicator: Any) -> Any:
    """The second data, or the average of the first."""
    if len(indicator.datas) > 1:
        return indicator.data1
    return indicator.p.movav(indicator.data, period=indicator.p.period)


class StandardDeviation(Computed):
    """The standard deviation over `period` bars, or around a given mean (second data)."""

    alias = ("StdDev",)
    lines = ("stddev",)
    params = (("period", 20), ("movav", MovAv.Simple), ("safepow", True))

    def _plotlabel(self):
        return [self.p.period, *([self.p.movav] * self.p.notdefault("movav"))]

    def _fits(self):
        return kind_of(self.p.movav) >= 0 and whole(self.p.period) and bool(self.p.safepow)

    def _express(self):
        mean = _mean(self)
        squares = self.p.movav(pow(self.data, 2), period=self.p.period)
        variance = squares - pow(mean, 2)
        self.lines.stddev = pow(abs(variance) if self.p.safepow else variance, 0.5)

    def _periods(self):
        squares = max(self.data._minperiod, self.data.lines[0]._minperiod) + self.p.period - 1
        if len(self.datas) > 1:
            squares = self.data.lines[0]._minperiod + self.p.period - 1
            return (max(squares, self.data1.lines[0]._minperiod, self._base),)
        return (squares,)

    def _columns(self):
        from ....core.indicators.bands import standard_deviation
        from ....core.indicators.moving_average import average

        kind, period = kind_of(self.p.movav), self.p.period
        values = column_of(self.data)
        if len(self.datas) > 1:
            mean = column_of(self.data1)
        else:
            mean = average(kind, values, period, self.data._minperiod - 1)
        start = self.data.lines[0]._minperiod - 1
        first = self._periods()[0] - 1
        return (standard_deviation(values, mean, period, kind, start, first),)


class MeanDeviation(Indicator):
    """The mean distance over `period` bars from the average, or from a second data."""

    alias = ("MeanDev",)
    lines = ("meandev",)
    params = (("period", 20), ("movav", MovAv.Simple))

    def _plotlabel(self):
        return [self.p.period, *([self.p.movav] * self.p.notdefault("movav"))]

    def __init__(self) -> None:
        distance = abs(self.data - _mean(self))
        self.lines.meandev = self.p.movav(distance, period=self.p.period)
        super().__init__()

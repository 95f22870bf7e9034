"""Deviations from an average."""

from __future__ import annotations

from ..unsupported import unsupported
from .computed import Computed, column_of
from .mabase import MovAv, kind_of


class StandardDeviation(Computed):
    """The standard deviation over `period` bars, or around a given mean (second data)."""

    alias = ("StdDev",)
    lines = ("stddev",)
    params = (("period", 20), ("movav", MovAv.Simple), ("safepow", True))

    def _periods(self):
        kind_of(self)
        if not self.p.safepow:
            raise unsupported("StdDev(safepow=False)")
        squares = max(self.data._minperiod, self.data.lines[0]._minperiod) + self.p.period - 1
        if len(self.datas) > 1:
            squares = self.data.lines[0]._minperiod + self.p.period - 1
            return (max(squares, self.data1.lines[0]._minperiod, self._base),)
        return (squares,)

    def _columns(self):
        from ....core.indicators.bands import standard_deviation
        from ....core.indicators.moving_average import average

        kind, period = kind_of(self), self.p.period
        values = column_of(self.data)
        if len(self.datas) > 1:
            mean = column_of(self.data1)
        else:
            mean = average(kind, values, period, self.data._minperiod - 1)
        start = self.data.lines[0]._minperiod - 1
        first = self._periods()[0] - 1
        return (standard_deviation(values, mean, period, kind, start, first),)

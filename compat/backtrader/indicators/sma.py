"""The simple moving average."""

from __future__ import annotations

from .mabase import MovingAverageBase


class MovingAverageSimple(MovingAverageBase):
    """The mean of the last `period` values."""

    alias = ("SMA", "SimpleMovingAverage")
    lines = ("sma",)
    _kind = 0

    def _express(self):
        from .basicops import Average

        self.lines[0] = Average(self.data, period=self.p.period)

"""Exponential averages of exponential averages."""

from __future__ import annotations

from .mabase import MovAv, MovingAverageBase


class DoubleExponentialMovingAverage(MovingAverageBase):
    """Twice an average minus its own average."""

    alias = ("DEMA", "MovingAverageDoubleExponential")
    lines = ("dema",)
    params = (("_movav", MovAv.EMA),)

    def _express(self):
        movav, period = self.p._movav, self.p.period
        first = movav(self.data, period=period)
        second = movav(first, period=period)
        self.lines.dema = 2.0 * first - second


class TripleExponentialMovingAverage(MovingAverageBase):
    """Three times an average, minus three times its average, plus the average of that."""

    alias = ("TEMA", "MovingAverageTripleExponential")
    lines = ("tema",)
    params = (("_movav", MovAv.EMA),)

    def _express(self):
        movav, period = self.p._movav, self.p.period
        first = movav(self.data, period=period)
        second = movav(first, period=period)
        third = movav(second, period=period)
        self.lines.tema = 3.0 * first - 3.0 * second + third

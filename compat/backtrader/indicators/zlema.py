"""The zero-lag exponential average."""

from __future__ import annotations

from .mabase import MovAv, MovingAverageBase


class ZeroLagExponentialMovingAverage(MovingAverageBase):
    """An average of the data plus its change over half the period."""

    alias = ("ZLEMA", "ZeroLagEma")
    lines = ("zlema",)
    params = (("_movav", MovAv.EMA),)

    def _express(self):
        lag = (self.p.period - 1) // 2
        ahead = 2 * self.data - self.data(-lag)
        self.lines.zlema = self.p._movav(ahead, period=self.p.period)

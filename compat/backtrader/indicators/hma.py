"""Hull's moving average."""

from __future__ import annotations

from .mabase import MovAv, MovingAverageBase


class HullMovingAverage(MovingAverageBase):
    """Twice the average of half the period minus that of the whole, averaged once more."""

    alias = ("HMA", "HullMA")
    lines = ("hma",)
    params = (("_movav", MovAv.WMA),)

    def _express(self):
        movav, period = self.p._movav, self.p.period
        whole = movav(self.data, period=period)
        half = 2.0 * movav(self.data, period=period // 2)
        self.lines.hma = movav(half - whole, period=int(pow(period, 0.5)))

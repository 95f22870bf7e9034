"""Wilder's moving average."""

from __future__ import annotations

from .mabase import MovingAverageBase


class SmoothedMovingAverage(MovingAverageBase):
    """Wilder's average: weight 1 / period on the newest value."""

    alias = (
        "SMMA",
        "WilderMA",
        "MovingAverageSmoothed",
        "MovingAverageWilder",
        "ModifiedMovingAverage",
    )
    lines = ("smma",)
    _kind = 2

    def _express(self):
        from .basicops import ExponentialSmoothing

        period = self.p.period
        self.lines[0] = ExponentialSmoothing(self.data, period=period, alpha=1.0 / period)

"""Kaufman's adaptive moving average."""

from __future__ import annotations

from .basicops import ExponentialSmoothingDynamic, SumN
from .mabase import MovingAverageBase


class AdaptiveMovingAverage(MovingAverageBase):
    """Smoothing that is fast where the values go one way and slow where they go to and fro.

    fast, slow: the periods whose exponential weights bound the smoothing.
    """

    alias = ("KAMA", "MovingAverageAdaptive")
    lines = ("kama",)
    params = (("fast", 2), ("slow", 30))

    def _express(self):
        p, data = self.p, self.data
        change = data - data(-p.period)
        way = SumN(abs(data - data(-1)), period=p.period)
        efficiency = abs(change / way)
        fast, slow = 2.0 / (p.fast + 1.0), 2.0 / (p.slow + 1.0)
        weight = pow(efficiency * (fast - slow) + slow, 2)
        self.lines[0] = ExponentialSmoothingDynamic(data, period=p.period, alpha=weight)

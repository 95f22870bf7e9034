"""The weighted moving average."""

from __future__ import annotations

from .mabase import MovingAverageBase


class WeightedMovingAverage(MovingAverageBase):
    """Weights 1, 2, … period, the newest value the heaviest."""

    alias = ("WMA", "MovingAverageWeighted")
    lines = ("wma",)
    _kind = 3

    def _express(self):
        from .basicops import WeightedAverage

        period = self.p.period
        coef = 2.0 / (period * (period + 1.0))
        weights = tuple(float(weight) for weight in range(1, period + 1))
        self.lines[0] = WeightedAverage(self.data, period=period, coef=coef, weights=weights)

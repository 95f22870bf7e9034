"""The exponential moving average."""

from __future__ import annotations

from .mabase import MovingAverageBase


class ExponentialMovingAverage(MovingAverageBase):
    """Weight 2 / (period + 1) on the newest value."""

    alias = ("EMA", "MovingAverageExponential")
    lines = ("ema",)
    _kind = 1

    def __init__(self) -> None:
        self.alpha = 2.0 / (1.0 + self.p.period)
        self.alpha1 = 1.0 - self.alpha
        super().__init__()

    def _express(self):
        from .basicops import ExponentialSmoothing

        period, alpha = self.p.period, self.alpha
        self.lines[0] = ExponentialSmoothing(self.data, period=period, alpha=alpha)

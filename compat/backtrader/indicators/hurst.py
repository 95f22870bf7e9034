"""The Hurst exponent."""

from __future__ import annotations

import numpy as np

from .labels import shown
from .stepped import Stepped


class HurstExponent(Stepped):
    """How differences grow with their lag: 0.5 random, above it trending, below it reverting."""

    alias = ("Hurst",)
    lines = ("hurst",)
    params = (("period", 40), ("lag_start", None), ("lag_end", None))

    def _plotlabel(self):
        return [*shown(self, "period"), self._lag_start, self._lag_end]

    def __init__(self) -> None:
        super().__init__()
        self._lag_start = self.p.lag_start or 2
        self._lag_end = self.p.lag_end or self.p.period // 2
        self.lags = np.asarray(range(self._lag_start, self._lag_end))
        self.log10lags = np.log10(self.lags)

    def _columns(self):
        from ....core.indicators.hurst import hurst_exponents

        values = self.data.lines[0].column()
        return (hurst_exponents(values, self.lags, self.p.period, self._minperiod - 1),)

    def next(self) -> None:
        from ....core.indicators.hurst import hurst_exponent

        window = np.asarray(self.data.get(size=self.p.period))
        self.lines.hurst[0] = hurst_exponent(window, self.lags)


HurstExponent._kernel_class = HurstExponent

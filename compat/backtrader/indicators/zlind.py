"""The error-correcting average of Ehlers and Way."""

from __future__ import annotations

import numpy as np

from ..iterators import Indicator
from ..lines import bar_by_bar
from .computed import Windowed, column_of, kernels
from .mabase import MovAv, MovingAverageBase


class ZeroLagIndicator(Windowed, MovingAverageBase):
    """An exponential average plus the gain, up to `gainlimit` tenths, that misses least."""

    alias = ("ZLIndicator", "ZLInd", "EC", "ErrorCorrecting")
    lines = ("ec",)
    params = (("gainlimit", 50), ("_movav", MovAv.EMA))

    def _plotlabel(self):
        p = self.p
        return [p.period, p.gainlimit, *([p._movav] * p.notdefault("_movav"))]

    def __init__(self) -> None:
        # Always this average: `_movav` is only shown.
        self.ema = MovAv.Exponential(period=self.p.period)
        self.limits = [-self.p.gainlimit, self.p.gainlimit + 1]
        super().__init__()

    def next(self) -> None:
        least, best = 2.0**63, self.ema[0]
        average, value, last = best, self.data[0], self.lines[0][-1]
        alpha, rest = self.ema.alpha, self.ema.alpha1
        for step in range(*self.limits):
            corrected = alpha * (average + step / 10 * (value - last)) + rest * last
            error = abs(value - corrected)
            if error < least:
                least, best = error, corrected
        self.lines[0][0] = best

    def _follows_kernel(self) -> bool:
        known = isinstance(self.p.gainlimit, int | np.integer) and self._minperiod >= 1
        # Walking over an indicator, `next` stays on its first value: it is not advanced there.
        walks = bar_by_bar() or not isinstance(self.data, Indicator)
        return known and walks and super()._follows_kernel()

    def _kernel_column(self):
        first, limit = self._minperiod - 1, self.p.gainlimit
        values, average = column_of(self.data), column_of(self.ema)
        return kernels().error_correcting_average(values, average, self.ema.alpha, limit, first)


ZeroLagIndicator._kernel_class = ZeroLagIndicator

"""Fractals: bars that stand out among their neighbours."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ...indicators.stepped import Stepped
from ...ticks import ticks
from ...unsupported import unsupported

__all__ = ["Fractal"]

_MARKER = {"markersize": 4.0, "color": "lightblue", "fillstyle": "full", "ls": ""}


class Fractal(Stepped):
    """Marks, two bars ago, a high or low that leads its window; known only two bars later.

    bardist: how far from the bar it is marked, as a part of the price.
    shift_to_potential_fractal: which bar of the window, from 0, the oldest, must lead it.
    """

    lines = ("fractal_bearish", "fractal_bullish")
    params = (("period", 5), ("bardist", 0.015), ("shift_to_potential_fractal", 2))
    plotinfo: ClassVar = {"subplot": False, "plotlinelabels": False, "plot": True}
    plotlines: ClassVar = {
        "fractal_bearish": {"marker": "^", **_MARKER},
        "fractal_bullish": {"marker": "v", **_MARKER},
    }

    def _columns(self):
        from .....core.indicators.candles import fractals

        p, data = self.p, self.data
        high, low = data.high.column(), data.low.column()
        shift, margin = p.shift_to_potential_fractal, float(p.bardist)
        return fractals(high, low, p.period, shift, margin, self._minperiod - p.period)

    def _once_own(self, size: int) -> None:
        now = ticks()
        if now is None:
            super()._once_own(size)
        elif type(self).next is not Fractal.next:
            raise unsupported(
                "a subclass of Fractal in a run that goes bar by bar",
                "Leave runonce and preload True.",
            )
        elif size >= self._minperiod:
            if self._minperiod < 2:
                raise IndexError("array assignment index out of range")
            if any(line._seen is not None for line in (self.data.high, self.data.low)):
                raise unsupported(
                    "Fractal over bars that change", "Give it a data that is not replayed."
                )
            bars = now.rows(self)
            # Two bars before the second is the last one so far, as an index of -1 says.
            marked = np.where(bars == 1, 1, bars - 2)
            for line, column in zip(self.lines, self._columns(), strict=True):
                values = np.where(bars < 1, np.nan, column[bars - 2])
                now.later(line, values, np.where(np.isnan(values), -1, marked))

    def next(self) -> None:
        p, lines = self.p, self.lines
        for line, target, best, factor in (
            (self.data.high, lines.fractal_bearish, max, 1 + p.bardist),
            (self.data.low, lines.fractal_bullish, min, 1 - p.bardist),
        ):
            window = line.get(size=p.period)
            extreme = best(window)
            if window.index(extreme) == p.shift_to_potential_fractal:
                target[-2] = extreme * factor


Fractal._kernel_class = Fractal

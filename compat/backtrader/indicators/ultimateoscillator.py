"""Buying pressure over three periods."""

from __future__ import annotations

from typing import Any

from ..iterators import Indicator
from .atr import TrueLow, TrueRange
from .basicops import SumN


class UltimateOscillator(Indicator):
    """How far above the true low bars close, over the true range, weighted 4 : 2 : 1."""

    lines = ("uo",)
    params = (("p1", 7), ("p2", 14), ("p3", 28), ("upperband", 70.0), ("lowerband", 30.0))

    def _plotinit(self) -> None:
        bands = [self.p.upperband, self.p.lowerband]
        self.plotinfo.plotyhlines = bands
        self.plotinfo.plotyticks = [10.0, 50.0, 90.0, *bands]

    def __init__(self) -> None:
        pressure = self.data.close - TrueLow(self.data)
        span = TrueRange(self.data)

        def share(period: int) -> Any:
            return SumN(pressure, period=period) / SumN(span, period=period)

        unit = 100.0 / (4.0 + 2.0 + 1.0)
        short, middle, long = share(self.p.p1), share(self.p.p2), share(self.p.p3)
        self.lines.uo = 4.0 * unit * short + 2.0 * unit * middle + unit * long
        super().__init__()

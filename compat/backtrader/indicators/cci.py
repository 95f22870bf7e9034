"""The commodity channel index."""

from __future__ import annotations

from ..iterators import Indicator
from .deviation import MeanDeviation
from .labels import shown
from .mabase import MovAv


class CommodityChannelIndex(Indicator):
    """How far the typical price is from its average, in mean deviations times `factor`."""

    alias = ("CCI",)
    lines = ("cci",)
    params = (
        ("period", 20),
        ("factor", 0.015),
        ("movav", MovAv.Simple),
        ("upperband", 100.0),
        ("lowerband", -100.0),
    )

    def _plotlabel(self):
        return shown(self, "period", "factor", changed=("movav",))

    def _plotinit(self) -> None:
        self.plotinfo.plotyhlines = [0.0, self.p.upperband, self.p.lowerband]

    def __init__(self) -> None:
        period = self.p.period
        price = (self.data.high + self.data.low + self.data.close) / 3.0
        mean = self.p.movav(price, period=period)
        # The mean deviation is averaged simply, whatever `movav` is.
        deviation = MeanDeviation(price, mean, period=period)
        self.lines.cci = (price - mean) / (self.p.factor * deviation)
        super().__init__()

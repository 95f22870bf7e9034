"""The rank of how high in their range the last bars closed."""

from __future__ import annotations

from ..iterators import Indicator
from .mabase import MovAv
from .percentrank import PercentRank


class DV2(Indicator):
    """The close over the middle of the bar, averaged, ranked over `period` bars, 0 to 100."""

    lines = ("dv2",)
    params = (("period", 252), ("maperiod", 2), ("_movav", MovAv.SMA))

    def __init__(self) -> None:
        data = self.data
        strength = data.close / ((data.high + data.low) / 2.0)
        average = self.p._movav(strength, period=self.p.maperiod)
        self.lines.dv2 = PercentRank(average, period=self.p.period) * 100
        super().__init__()

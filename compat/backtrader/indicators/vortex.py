"""How far each bar reaches beyond the other side of the one before."""

from __future__ import annotations

from typing import ClassVar

from ..iterators import Indicator
from ..operations import Max
from .basicops import SumN


class Vortex(Indicator):
    """Upward and downward reach over `period` bars, in true ranges."""

    lines = ("vi_plus", "vi_minus")
    params = (("period", 14),)
    plotlines: ClassVar = {"vi_plus": {"_name": "+VI"}, "vi_minus": {"_name": "-VI"}}

    def __init__(self) -> None:
        high, low, close, period = self.data.high, self.data.low, self.data.close, self.p.period
        up = SumN(abs(high - low(-1)), period=period)
        down = SumN(abs(low - high(-1)), period=period)
        true_range = Max(abs(high - low), abs(high - close(-1)), abs(low - close(-1)))
        span = SumN(true_range, period=period)
        self.lines.vi_plus = up / span
        self.lines.vi_minus = down / span
        super().__init__()

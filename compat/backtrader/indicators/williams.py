"""Two indicators of Larry Williams."""

from __future__ import annotations

from typing import ClassVar

from ..iterators import Indicator
from ..operations import If
from .atr import TrueHigh, TrueLow
from .basicops import Accum, Highest, Lowest
from .updown import DownDay, UpDay


class WilliamsR(Indicator):
    """Where the close stands in the range of the last bars, from -100 to 0."""

    lines = ("percR",)
    params = (("period", 14), ("upperband", -20.0), ("lowerband", -80.0))
    plotinfo: ClassVar = {"plotname": "Williams R%"}
    plotlines: ClassVar = {"percR": {"_name": "R%"}}

    def __init__(self) -> None:
        highest = Highest(self.data.high, period=self.p.period)
        lowest = Lowest(self.data.low, period=self.p.period)
        self.lines.percR = -100.0 * (highest - self.data.close) / (highest - lowest)
        super().__init__()


class WilliamsAD(Indicator):
    """Accumulation and distribution: how far up days close above the true low, and so on."""

    lines = ("ad",)

    def __init__(self) -> None:
        close = self.data.close
        bought = If(UpDay(close), close - TrueLow(self.data), 0.0)
        sold = If(DownDay(close), close - TrueHigh(self.data), 0.0)
        self.lines.ad = Accum(bought + sold)
        super().__init__()

"""The distance of the price from its average in true ranges."""

from __future__ import annotations

from ..iterators import Indicator
from .atr import AverageTrueRange
from .mabase import MovAv


class PrettyGoodOscillator(Indicator):
    """The price minus its average, over the average true range."""

    alias = ("PGO", "PrettyGoodOsc")
    lines = ("pgo",)
    params = (("period", 14), ("_movav", MovAv.Simple))

    def __init__(self) -> None:
        average = self.p._movav(self.data, period=self.p.period)
        span = AverageTrueRange(self.data, period=self.p.period)
        self.lines.pgo = (self.data - average) / span
        super().__init__()

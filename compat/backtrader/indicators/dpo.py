"""The price without its trend."""

from __future__ import annotations

from typing import ClassVar

from ..iterators import Indicator
from .labels import shown
from .mabase import MovAv


class DetrendedPriceOscillator(Indicator):
    """The price minus the average of about half a `period` ago."""

    alias = ("DPO",)
    lines = ("dpo",)
    params = (("period", 20), ("movav", MovAv.Simple))
    plotinfo: ClassVar = {"plothlines": [0.0]}

    def _plotlabel(self):
        return shown(self, "period", changed=("movav",))

    def __init__(self) -> None:
        average = self.p.movav(self.data, period=self.p.period)
        # Half a period, rounded up, less one bar.
        self.lines.dpo = self.data - average(1 - (self.p.period + 1) // 2)
        super().__init__()

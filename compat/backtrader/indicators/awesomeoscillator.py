"""The difference of two averages of the middle of the bars."""

from __future__ import annotations

from typing import ClassVar

from ..iterators import Indicator
from .mabase import MovAv


class AwesomeOscillator(Indicator):
    """The fast minus the slow average of the middle between high and low."""

    alias = ("AwesomeOsc", "AO")
    lines = ("ao",)
    params = (("fast", 5), ("slow", 34), ("movav", MovAv.SMA))
    plotlines: ClassVar = {"ao": {"_method": "bar", "alpha": 0.50, "width": 1.0}}

    def __init__(self) -> None:
        middle = (self.data.high + self.data.low) / 2.0
        fast, slow = (self.p.movav(middle, period=n) for n in (self.p.fast, self.p.slow))
        self.lines.ao = fast - slow
        super().__init__()

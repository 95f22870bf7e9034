"""How far the awesome oscillator stands from its own average."""

from __future__ import annotations

from typing import ClassVar

from ..iterators import Indicator
from .awesomeoscillator import AwesomeOscillator
from .mabase import MovAv


class AccelerationDecelerationOscillator(Indicator):
    """The awesome oscillator minus its average over `period` bars."""

    alias = ("AccDeOsc",)
    lines = ("accde",)
    params = (("period", 5), ("movav", MovAv.SMA))
    plotlines: ClassVar = {"accde": {"_method": "bar", "alpha": 0.50, "width": 1.0}}

    def __init__(self) -> None:
        awesome = AwesomeOscillator(self.data)
        self.lines.accde = awesome - self.p.movav(awesome, period=self.p.period)
        super().__init__()

"""Changes over some bars."""

from __future__ import annotations

from typing import ClassVar

from ..iterators import Indicator


class Momentum(Indicator):
    """The change over `period` bars."""

    lines = ("momentum",)
    params = (("period", 12),)
    plotinfo: ClassVar = {"plothlines": [0.0]}

    def __init__(self) -> None:
        self.lines.momentum = self.data - self.data(-self.p.period)
        super().__init__()


class MomentumOscillator(Indicator):
    """100 times the ratio to the value `period` bars before."""

    alias = ("MomentumOsc",)
    lines = ("momosc",)
    params = (("period", 12), ("band", 100.0))

    def _plotlabel(self):
        return [self.p.period]

    def _plotinit(self):
        self.plotinfo.plothlines = [self.p.band]

    def __init__(self) -> None:
        self.lines.momosc = 100.0 * (self.data / self.data(-self.p.period))
        super().__init__()


class RateOfChange(Indicator):
    """The relative change over `period` bars."""

    alias = ("ROC",)
    lines = ("roc",)
    params = (("period", 12),)

    def __init__(self) -> None:
        before = self.data(-self.p.period)
        self.lines.roc = (self.data - before) / before
        super().__init__()


class RateOfChange100(Indicator):
    """100 times the relative change over `period` bars."""

    alias = ("ROC100",)
    lines = ("roc100",)
    params = (("period", 12),)

    def __init__(self) -> None:
        self.lines.roc100 = 100.0 * RateOfChange(self.data, period=self.p.period)
        super().__init__()

"""Where the close stands in the range of the last bars."""

from __future__ import annotations

from typing import ClassVar

from ..iterators import Indicator
from ..operations import DivByZero
from .basicops import Highest, Lowest
from .labels import shown
from .mabase import MovAv


class _Stochastic(Indicator):
    lines = ("percK", "percD")
    params = (
        ("period", 14),
        ("period_dfast", 3),
        ("movav", MovAv.Simple),
        ("upperband", 80.0),
        ("lowerband", 20.0),
        ("safediv", False),
        ("safezero", 0.0),
    )
    plotlines: ClassVar = {"percD": {"_name": "%D", "ls": "--"}, "percK": {"_name": "%K"}}

    def _plotlabel(self):
        return shown(self, "period", "period_dfast", changed=("movav",))

    def _plotinit(self) -> None:
        self.plotinfo.plotyhlines = [self.p.upperband, self.p.lowerband]

    def __init__(self) -> None:
        highest = Highest(self.data.high, period=self.p.period)
        lowest = Lowest(self.data.low, period=self.p.period)
        above, span = self.data.close - lowest, highest - lowest
        if self.p.safediv:
            place = DivByZero(above, span, zero=self.p.safezero)
        else:
            place = above / span
        self.k = 100.0 * place
        self.d = self.p.movav(self.k, period=self.p.period_dfast)
        super().__init__()


class StochasticFast(_Stochastic):
    """From 0 to 100, and averaged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines.percK = self.k
        self.lines.percD = self.d


class Stochastic(_Stochastic):
    """Averaged once and twice."""

    alias = ("StochasticSlow",)
    params = (("period_dslow", 3),)

    def _plotlabel(self):
        return shown(self, "period", "period_dfast", "period_dslow", changed=("movav",))

    def __init__(self) -> None:
        super().__init__()
        self.lines.percK = self.d
        self.lines.percD = self.p.movav(self.lines.percK, period=self.p.period_dslow)


class StochasticFull(_Stochastic):
    """From 0 to 100, averaged once and twice."""

    lines = ("percDSlow",)
    params = (("period_dslow", 3),)
    plotlines: ClassVar = {"percDSlow": {"_name": "%DSlow"}}

    def _plotlabel(self):
        return shown(self, "period", "period_dfast", "period_dslow", changed=("movav",))

    def __init__(self) -> None:
        super().__init__()
        self.lines.percK = self.k
        self.lines.percD = self.d
        self.lines.percDSlow = self.p.movav(self.lines.percD, period=self.p.period_dslow)

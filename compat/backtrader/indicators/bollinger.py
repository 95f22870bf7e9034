"""Bands around an average."""

from __future__ import annotations

from typing import ClassVar

from .computed import Computed, column_of, kernels, whole
from .deviation import StandardDeviation
from .mabase import MovAv, kind_of


class BollingerBands(Computed):
    """An average and two bands at `devfactor` standard deviations."""

    alias = ("BBands",)
    lines = ("mid", "top", "bot")
    params = (("period", 20), ("devfactor", 2.0), ("movav", MovAv.Simple))
    plotinfo: ClassVar = {"subplot": False}
    plotlines: ClassVar = {
        "mid": {"ls": "--"},
        "top": {"_samecolor": True},
        "bot": {"_samecolor": True},
    }

    def _plotlabel(self):
        p = self.p
        return [p.period, p.devfactor, *([p.movav] * p.notdefault("movav"))]

    def _fits(self):
        p = self.p
        return kind_of(p.movav) >= 0 and whole(p.period) and isinstance(p.devfactor, float | int)

    def _express(self):
        p, lines = self.p, self.lines
        lines.mid = middle = p.movav(self.data, period=p.period)
        deviation = StandardDeviation(self.data, middle, period=p.period, movav=p.movav)
        width = p.devfactor * deviation
        lines.top = middle + width
        lines.bot = middle - width

    def _periods(self):
        return (self.data._minperiod + self.p.period - 1,) * 3

    def _columns(self):
        p = self.p
        start = self.data._minperiod - 1
        return kernels().bollinger_bands(
            column_of(self.data), p.period, float(p.devfactor), kind_of(self.p.movav), start
        )


class BollingerBandsPct(BollingerBands):
    """The same, and where the value stands between the bands."""

    lines = ("pctb",)
    plotlines: ClassVar = {"pctb": {"_name": "%B"}}

    def __init__(self) -> None:
        super().__init__()
        self.lines.pctb = (self.data - self.lines.bot) / (self.lines.top - self.lines.bot)

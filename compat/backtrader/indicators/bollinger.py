"""Bands around an average."""

from __future__ import annotations

from typing import ClassVar

from .computed import Computed, column_of, kernels
from .mabase import MovAv, kind_of


class BollingerBands(Computed):
    """An average and two bands at `devfactor` standard deviations."""

    alias = ("BBands",)
    lines = ("mid", "top", "bot")
    params = (("period", 20), ("devfactor", 2.0), ("movav", MovAv.Simple))
    plotinfo: ClassVar = {"subplot": False}

    def _periods(self):
        kind_of(self)
        return (self.data._minperiod + self.p.period - 1,) * 3

    def _columns(self):
        p = self.p
        start = self.data._minperiod - 1
        return kernels().bollinger_bands(
            column_of(self.data), p.period, float(p.devfactor), kind_of(self), start
        )


class BollingerBandsPct(BollingerBands):
    """The same, and where the value stands between the bands."""

    lines = ("pctb",)

    def __init__(self) -> None:
        super().__init__()
        self.lines.pctb = (self.data - self.lines.bot) / (self.lines.top - self.lines.bot)

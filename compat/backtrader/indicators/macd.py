"""The convergence and divergence of two averages."""

from __future__ import annotations

from typing import ClassVar

from .computed import Computed, column_of, kernels, whole
from .mabase import MovAv, kind_of


class MACD(Computed):
    """Fast minus slow average, and its own average."""

    lines = ("macd", "signal")
    params = (
        ("period_me1", 12),
        ("period_me2", 26),
        ("period_signal", 9),
        ("movav", MovAv.Exponential),
    )

    plotinfo: ClassVar = {"plothlines": [0.0]}
    plotlines: ClassVar = {"signal": {"ls": "--"}}

    def _plotlabel(self):
        labels = self.p._getvalues()
        if self.p.isdefault("movav"):
            labels.remove(self.p.movav)
        return labels

    def _fits(self):
        p = self.p
        return kind_of(p.movav) >= 0 and whole(p.period_me1, p.period_me2, p.period_signal)

    def _express(self):
        p, lines = self.p, self.lines
        fast = p.movav(self.data, period=p.period_me1)
        slow = p.movav(self.data, period=p.period_me2)
        lines.macd = fast - slow
        lines.signal = p.movav(lines.macd, period=p.period_signal)

    def _periods(self):
        first = self.data._minperiod + max(self.p.period_me1, self.p.period_me2) - 1
        return first, first + self.p.period_signal - 1

    def _columns(self):
        p = self.p
        return kernels().macd(
            column_of(self.data),
            p.period_me1,
            p.period_me2,
            p.period_signal,
            kind_of(self.p.movav),
            self.data._minperiod - 1,
        )


class MACDHisto(MACD):
    """The same, and the difference of its two lines."""

    alias = ("MACDHistogram",)
    lines = ("histo",)
    plotlines: ClassVar = {"histo": {"_method": "bar", "alpha": 0.50, "width": 1.0}}

    def __init__(self) -> None:
        super().__init__()
        self.lines.histo = self.lines.macd - self.lines.signal

"""The convergence and divergence of two averages."""

from __future__ import annotations

from .computed import Computed, column_of, kernels
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

    def _periods(self):
        kind_of(self)
        first = self.data._minperiod + max(self.p.period_me1, self.p.period_me2) - 1
        return first, first + self.p.period_signal - 1

    def _columns(self):
        p = self.p
        return kernels().macd(
            column_of(self.data),
            p.period_me1,
            p.period_me2,
            p.period_signal,
            kind_of(self),
            self.data._minperiod - 1,
        )


class MACDHisto(MACD):
    """The same, and the difference of its two lines."""

    alias = ("MACDHistogram",)
    lines = ("histo",)

    def __init__(self) -> None:
        super().__init__()
        self.lines.histo = self.lines.macd - self.lines.signal

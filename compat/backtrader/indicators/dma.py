"""Dickson's moving average."""

from __future__ import annotations

from .mabase import MovAv, MovingAverageBase
from .zlind import ZeroLagIndicator


class DicksonMovingAverage(MovingAverageBase):
    """The mean of an error-correcting average and a Hull average."""

    alias = ("DMA", "DicksonMA")
    lines = ("dma",)
    params = (
        ("gainlimit", 50),
        ("hperiod", 7),
        ("_movav", MovAv.EMA),
        ("_hma", MovAv.HMA),
    )

    def _plotlabel(self):
        p = self.p
        labels = [p.period, p.gainlimit, p.hperiod]
        return labels + [p._movav] * p.notdefault("_movav") + [p._hma] * p.notdefault("_hma")

    def _express(self):
        p = self.p
        corrected = ZeroLagIndicator(period=p.period, gainlimit=p.gainlimit, _movav=p._movav)
        self.lines.dma = (corrected + p._hma(period=p.hperiod)) / 2.0

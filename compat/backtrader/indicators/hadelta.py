"""The body of Heikin-Ashi candles."""

from __future__ import annotations

from typing import ClassVar

from ..iterators import Indicator
from .heikinashi import HeikinAshi
from .mabase import MovAv


class haDelta(Indicator):
    """Close minus open of the averaged candles, and its average.

    autoheikin: whether the data is made into averaged candles, or is already made of them.
    """

    alias = ("haD",)
    lines = ("haDelta", "smoothed")
    params = (("period", 3), ("movav", MovAv.SMA), ("autoheikin", True))
    plotinfo: ClassVar = {"subplot": True}
    plotlines: ClassVar = {
        "haDelta": {"color": "red"},
        "smoothed": {"color": "grey", "_fill_gt": (0, "green"), "_fill_lt": (0, "red")},
    }

    def __init__(self) -> None:
        candles = HeikinAshi(self.data) if self.p.autoheikin else self.data
        body = candles.close - candles.open
        self.lines.haDelta = body
        self.lines.smoothed = self.p.movav(body, period=self.p.period)
        super().__init__()

"""Know sure thing: rates of change over four periods, summed by weight."""

from __future__ import annotations

from typing import ClassVar

from ..iterators import Indicator
from .mabase import MovAv
from .momentum import RateOfChange100


class KnowSureThing(Indicator):
    """The averaged rates of change times `rfactors`, and the average of their sum."""

    alias = ("KST",)
    lines = ("kst", "signal")
    params = (
        ("rp1", 10),
        ("rp2", 15),
        ("rp3", 20),
        ("rp4", 30),
        ("rma1", 10),
        ("rma2", 10),
        ("rma3", 10),
        ("rma4", 10),
        ("rsignal", 9),
        ("rfactors", [1.0, 2.0, 3.0, 4.0]),
        ("_rmovav", MovAv.SMA),
        ("_smovav", MovAv.SMA),
    )
    plotinfo: ClassVar = {"plothlines": [0.0]}

    def __init__(self) -> None:
        p = self.p
        periods = ((p.rp1, p.rma1), (p.rp2, p.rma2), (p.rp3, p.rma3), (p.rp4, p.rma4))
        rates = [
            p._rmovav(RateOfChange100(self.data, period=change), period=average)
            for change, average in periods
        ]
        self.lines.kst = sum(weight * rate for weight, rate in zip(p.rfactors, rates, strict=False))
        self.lines.signal = p._smovav(self.lines.kst, period=p.rsignal)
        super().__init__()

"""The rate of change of a threefold average."""

from __future__ import annotations

from typing import ClassVar

from ..iterators import Indicator
from .labels import shown
from .mabase import MovAv


class Trix(Indicator):
    """The change of the threefold average over `_rocperiod` bars, in percent."""

    alias = ("TRIX",)
    lines = ("trix",)
    params = (("period", 15), ("_rocperiod", 1), ("_movav", MovAv.EMA))
    plotinfo: ClassVar = {"plothlines": [0.0]}

    def _plotlabel(self):
        return shown(self, "period", changed=("_rocperiod", "_movav"))

    def __init__(self) -> None:
        average = self.data
        for _ in range(3):
            average = self.p._movav(average, period=self.p.period)
        self.lines.trix = 100.0 * (average / average(-self.p._rocperiod) - 1.0)
        super().__init__()


class TrixSignal(Trix):
    """The same, and its average over `sigperiod` bars."""

    lines = ("signal",)
    params = (("sigperiod", 9),)

    def __init__(self) -> None:
        super().__init__()
        self.lines.signal = self.p._movav(self.lines[0], period=self.p.sigperiod)

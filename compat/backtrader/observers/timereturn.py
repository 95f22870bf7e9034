"""The return of periods."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from ..data import TimeFrame
from ..observer import Observer


class TimeReturn(Observer):
    """The portfolio's return of the current period so far."""

    _stclock = True
    lines = ("timereturn",)
    params = (("timeframe", None), ("compression", None), ("fund", None))
    plotinfo: ClassVar[Any] = {"plot": True, "subplot": True}
    plotlines: ClassVar[Any] = {"timereturn": {"_name": "Return"}}

    def _plotlabel(self) -> list[Any]:
        analyzer = self.treturn
        name = TimeFrame.getname(analyzer.timeframe, analyzer.compression)
        return [name, str(analyzer.compression)]

    def __init__(self) -> None:
        from ..analyzers import TimeReturn as Analyzer

        self.treturn = self._owner._addanalyzer_slave(Analyzer, **self.p._getkwargs())

    def next(self) -> None:
        self.lines.timereturn[0] = self.treturn.rets.get(self.treturn.dtkey, math.nan)

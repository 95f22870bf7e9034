"""Logarithmic returns of datas."""

from __future__ import annotations

from typing import Any, ClassVar

from ..data import TimeFrame
from ..observer import Observer


class LogReturns(Observer):
    """The logarithmic return of the first data."""

    _stclock = True
    lines = ("logret1",)
    params = (("timeframe", None), ("compression", None), ("fund", None))
    plotinfo: ClassVar[Any] = {"plot": True, "subplot": True}

    def _plotlabel(self) -> list[Any]:
        p = self.p
        return [TimeFrame.getname(p.timeframe, p.compression), str(p.compression or 1)]

    def __init__(self) -> None:
        self.logret1 = self._returns_of(self.data0)

    def _returns_of(self, data: Any) -> Any:
        from ..analyzers import LogReturnsRolling

        kwargs = self.p._getkwargs()
        return self._owner._addanalyzer_slave(LogReturnsRolling, data=data, **kwargs)

    def next(self) -> None:
        self.lines.logret1[0] = self.logret1.rets[self.logret1.dtkey]


class LogReturns2(LogReturns):
    """The logarithmic returns of two datas."""

    lines = ("logret2",)

    def __init__(self) -> None:
        super().__init__()
        self.logret2 = self._returns_of(self.data1)

    def next(self) -> None:
        super().next()
        self.lines.logret2[0] = self.logret2.rets[self.logret2.dtkey]

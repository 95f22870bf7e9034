"""How far the account is below its highest value."""

from __future__ import annotations

from typing import Any, ClassVar

from ..observer import Observer


class DrawDown(Observer):
    """The drawdown in percent, and the largest so far."""

    _stclock = True
    params = (("fund", None),)
    lines = ("drawdown", "maxdrawdown")
    plotinfo: ClassVar[Any] = {"plot": True, "subplot": True}
    plotlines: ClassVar[Any] = {"maxdrawdown": {"_plotskip": True}}

    def __init__(self) -> None:
        from ..analyzers import DrawDown as Analyzer

        self._dd = self._owner._addanalyzer_slave(Analyzer, **self.p._getkwargs())

    def next(self) -> None:
        self.lines.drawdown[0] = self._dd.rets.drawdown
        self.lines.maxdrawdown[0] = self._dd.rets.max.drawdown


class DrawDownLength(Observer):
    """The number of bars of the drawdown, and of the longest so far."""

    _stclock = True
    lines = ("len", "maxlen")
    plotinfo: ClassVar[Any] = {"plot": True, "subplot": True}
    plotlines: ClassVar[Any] = {"maxlength": {"_plotskip": True}}

    def __init__(self) -> None:
        from ..analyzers import DrawDown as Analyzer

        self._dd = self._owner._addanalyzer_slave(Analyzer)

    def next(self) -> None:
        self.lines.len[0] = self._dd.rets.len
        self.lines.maxlen[0] = self._dd.rets.max.len


class DrawDown_Old(Observer):
    """The same as `DrawDown`, without an analyzer."""

    _stclock = True
    lines = ("drawdown", "maxdrawdown")
    plotinfo: ClassVar[Any] = {"plot": True, "subplot": True}
    plotlines: ClassVar[Any] = {"maxdrawdown": {"_plotskip": "True"}}

    def __init__(self) -> None:
        super().__init__()
        self.maxdd = 0.0
        self.peak = float("-inf")

    def next(self) -> None:
        value = self._owner.broker.getvalue()
        self.peak = max(self.peak, value)
        down = 100.0 * (self.peak - value) / self.peak
        self.maxdd = max(self.maxdd, down)
        self.lines.drawdown[0] = down
        self.lines.maxdrawdown[0] = self.maxdd

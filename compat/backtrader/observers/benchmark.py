"""The portfolio beside a data."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from .timereturn import TimeReturn


class Benchmark(TimeReturn):
    """The returns of the portfolio and of a data (`data`, by default the first)."""

    _stclock = True
    lines = ("benchmark",)
    params = (("data", None), ("_doprenext", False), ("firstopen", False), ("fund", None))
    plotlines: ClassVar[Any] = {"benchmark": {"_name": "Benchmark"}}

    def _plotlabel(self) -> list[Any]:
        return [*super()._plotlabel(), self.p.data._name]

    def __init__(self) -> None:
        from ..analyzers import TimeReturn as Analyzer

        if self.p.data is None:
            self.p.data = self.data0
        super().__init__()
        kwargs = {**self.p._getkwargs(), "data": None}
        own = self._owner._addanalyzer_slave(Analyzer, **kwargs)
        self.treturn, self.tbench = own, self.treturn

    def next(self) -> None:
        super().next()
        self.lines.benchmark[0] = self.tbench.rets.get(self.treturn.dtkey, math.nan)

    def prenext(self) -> None:
        if self.p._doprenext:
            super().prenext()

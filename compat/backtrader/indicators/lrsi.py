"""A filter of four stages in a row, and relative strength between its stages."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, ClassVar

from .stepped import Stepped


class _Laguerre(Stepped):
    params: Any = (("gamma", 0.5),)

    _kernel = ""

    #: The values of the four stages.
    l0: float = 0.0
    l1: float = 0.0
    l2: float = 0.0
    l3: float = 0.0

    def _columns(self):
        from ....core.indicators import laguerre

        kernel = getattr(laguerre, self._kernel)
        values = self.data.lines[0].column()
        column, stages = kernel(values, float(self.p.gamma), self._minperiod - 1)
        self.l0, self.l1, self.l2, self.l3 = stages[:, -1].tolist()
        return (column,)

    def _step(self) -> tuple[float, float, float, float]:
        gamma, before = self.p.gamma, (self.l0, self.l1, self.l2, self.l3)
        self.l0 = (1.0 - gamma) * self.data[0] + gamma * before[0]
        self.l1 = -gamma * self.l0 + before[0] + gamma * before[1]
        self.l2 = -gamma * self.l1 + before[1] + gamma * before[2]
        self.l3 = -gamma * self.l2 + before[2] + gamma * before[3]
        return self.l0, self.l1, self.l2, self.l3


class LaguerreRSI(_Laguerre):
    """The falls from stage to stage over all differences between stages, from 0 to 1."""

    alias = ("LRSI",)
    lines = ("lrsi",)
    params = (("period", 6),)
    plotinfo: ClassVar = {"plotymargin": 0.15, "plotyticks": [0.0, 0.2, 0.5, 0.8, 1.0]}
    _kernel = "laguerre_strength"

    def next(self) -> None:
        stages = self._step()
        up = down = 0.0
        for this, following in pairwise(stages):
            if this >= following:
                up += this - following
            else:
                down += following - this
        whole = up + down
        self.lines.lrsi[0] = up / whole if whole else 1.0


class LaguerreFilter(_Laguerre):
    """The stages weighted 1, 2, 2, 1."""

    alias = ("LAGF",)
    lines = ("lfilter",)
    plotinfo: ClassVar = {"subplot": False}
    _kernel = "laguerre_filter"

    def next(self) -> None:
        a, b, c, d = self._step()
        self.lines.lfilter[0] = (a + 2 * b + 2 * c + d) / 6


LaguerreRSI._kernel_class = LaguerreRSI
LaguerreFilter._kernel_class = LaguerreFilter

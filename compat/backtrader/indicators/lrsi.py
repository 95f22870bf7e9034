"""A filter of four stages in a row, and relative strength between its stages."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, ClassVar

from ..lines import bar_by_bar
from .stepped import Stepped


class _Laguerre(Stepped):
    params: Any = (("gamma", 0.5),)

    _kernel = ""
    #: The stages at every bar, where the kernel computed them.
    _stages: Any = None
    _state = (0.0, 0.0, 0.0, 0.0)

    # The values of the four stages: after the last bar where the run is not bar by bar.
    l0 = property(lambda self: self._standing_at()[0])
    l1 = property(lambda self: self._standing_at()[1])
    l2 = property(lambda self: self._standing_at()[2])
    l3 = property(lambda self: self._standing_at()[3])

    def _standing_at(self) -> tuple[float, ...]:
        if self._stages is None:
            return self._state
        bar = len(self) - 1 if bar_by_bar() else -1
        return _Laguerre._state if 0 <= bar < self._minperiod - 1 else self._stages[:, bar].tolist()

    def _columns(self):
        from ....core.indicators import laguerre

        kernel = getattr(laguerre, self._kernel)
        values = self.data.lines[0].column()
        column, self._stages = kernel(values, float(self.p.gamma), self._minperiod - 1)
        return (column,)

    def _step(self) -> tuple[float, ...]:
        gamma, (a, b, c, d) = self.p.gamma, self._state
        first = (1.0 - gamma) * self.data[0] + gamma * a
        second = -gamma * first + a + gamma * b
        third = -gamma * second + b + gamma * c
        self._state = first, second, third, -gamma * third + c + gamma * d
        return self._state


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

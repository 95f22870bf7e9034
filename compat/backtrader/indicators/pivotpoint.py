"""Support and resistance levels made of one bar's prices."""

from __future__ import annotations

from typing import Any, ClassVar

from ..iterators import Indicator
from ..lines import _building
from ..operations import CmpEx


class _Pivot(Indicator):
    plotinfo: ClassVar = {"subplot": False}
    params = (("open", False), ("close", False), ("_autoplot", True))

    #: The line `p` of the subclasses stands in `lines` only: this name is the parameters'.
    p: Any = None

    def _plotinit(self) -> None:
        if self.p._autoplot and hasattr(self.data, "data"):
            self.plotinfo.plotmaster = self.data.data

    def __init__(self) -> None:
        self._levels()
        super().__init__()
        if self.p._autoplot:
            # What is plotted is a copy on the clock of the chart: a coupler beside this indicator.
            self.plotinfo.plot = False
            inside = _building.pop()
            try:
                self()
            finally:
                _building.append(inside)

    def _levels(self) -> None:
        """Bind the lines."""
        raise NotImplementedError

    def _mean(self) -> Any:
        """The typical price of the bar, with the open or twice the close by parameter."""
        open_, high, low, close = (getattr(self.data, n) for n in ("open", "high", "low", "close"))
        if self.p.close:
            return (high + low + 2.0 * close) / 4.0
        if self.p.open:
            return (high + low + close + open_) / 4.0
        return (high + low + close) / 3.0


class PivotPoint(_Pivot):
    """The bar's typical price, and two levels on either side."""

    lines = ("p", "s1", "s2", "r1", "r2")

    def _levels(self) -> None:
        lines, high, low = self.lines, self.data.high, self.data.low
        pivot, span = self._mean(), high - low
        lines.p = pivot
        lines.s1, lines.r1 = 2.0 * pivot - high, 2.0 * pivot - low
        lines.s2, lines.r2 = pivot - span, pivot + span


class FibonacciPivotPoint(_Pivot):
    """The bar's typical price, and three levels on either side at parts of the bar's range."""

    lines = ("p", "s1", "s2", "s3", "r1", "r2", "r3")
    params = (("level1", 0.382), ("level2", 0.618), ("level3", 1.0))

    def _levels(self) -> None:
        lines, pivot, span = self.lines, self._mean(), self.data.high - self.data.low
        lines.p = pivot
        for number in (1, 2, 3):
            distance = getattr(self.p, f"level{number}") * span
            setattr(lines, f"s{number}", pivot - distance)
            setattr(lines, f"r{number}", pivot + distance)


class DemarkPivotPoint(_Pivot):
    """A level that weights low, high or close twice, by how the bar closed, and two around it."""

    lines = ("p", "s1", "r1")
    params = (("level1", 0.382), ("level2", 0.618), ("level3", 1.0))

    def _levels(self) -> None:
        data, lines = self.data, self.lines
        high, low, close = data.high, data.low, data.close
        fell = high + 2.0 * low + close
        rose = 2.0 * high + low + close
        even = high + low + 2.0 * close
        weighted = CmpEx(close, data.open, fell, rose, even)
        lines.p = weighted / 4.0
        lines.s1 = weighted / 2.0 - high
        lines.r1 = weighted / 2.0 - low

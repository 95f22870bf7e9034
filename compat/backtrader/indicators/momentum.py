"""Changes over some bars."""

from __future__ import annotations

from ..iterators import Indicator


class Momentum(Indicator):
    """The change over `period` bars."""

    lines = ("momentum",)
    params = (("period", 12),)

    def __init__(self) -> None:
        super().__init__()
        self.lines.momentum = self.data - self.data(-self.p.period)


class RateOfChange(Indicator):
    """The relative change over `period` bars."""

    alias = ("ROC",)
    lines = ("roc",)
    params = (("period", 12),)

    def __init__(self) -> None:
        super().__init__()
        before = self.data(-self.p.period)
        self.lines.roc = (self.data - before) / before

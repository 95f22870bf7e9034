"""The relative change over some bars."""

from __future__ import annotations

from typing import ClassVar

from ..iterators import Indicator


class PercentChange(Indicator):
    """The relative change over `period` bars."""

    alias = ("PctChange",)
    lines = ("pctchange",)
    plotlines: ClassVar = {"pctchange": {"_name": "%change"}}
    params = (("period", 30),)

    def __init__(self) -> None:
        super().__init__()
        self.lines.pctchange = self.data / self.data(-self.p.period) - 1.0

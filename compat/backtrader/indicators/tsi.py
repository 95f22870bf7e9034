"""Changes, averaged twice, over their sizes, averaged twice."""

from __future__ import annotations

from typing import Any

from ..iterators import Indicator
from .mabase import MovAv


class TrueStrengthIndicator(Indicator):
    """From -100 (only falls) to 100 (only rises)."""

    alias = ("TSI",)
    lines = ("tsi",)
    params = (
        ("period1", 25),
        ("period2", 13),
        ("pchange", 1),
        ("_movav", MovAv.EMA),
    )

    def __init__(self) -> None:
        change = self.data - self.data(-self.p.pchange)
        self.lines.tsi = 100.0 * (self._twice(change) / self._twice(abs(change)))
        super().__init__()

    def _twice(self, line: Any) -> Any:
        once = self.p._movav(line, period=self.p.period1)
        return self.p._movav(once, period=self.p.period2)

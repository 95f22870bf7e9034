"""Rises and falls over some bars."""

from __future__ import annotations

from ..iterators import Indicator
from ..operations import Max


class UpDay(Indicator):
    """The rise over `period` bars, or 0."""

    lines = ("upday",)
    params = (("period", 1),)

    def __init__(self) -> None:
        self.lines.upday = Max(self.data - self.data(-self.p.period), 0.0)
        super().__init__()


class DownDay(Indicator):
    """The fall over `period` bars, or 0."""

    lines = ("downday",)
    params = (("period", 1),)

    def __init__(self) -> None:
        self.lines.downday = Max(self.data(-self.p.period) - self.data, 0.0)
        super().__init__()


class UpDayBool(Indicator):
    """1.0 after a rise over `period` bars, else 0.0."""

    lines = ("upday",)
    params = (("period", 1),)

    def __init__(self) -> None:
        self.lines.upday = self.data > self.data(-self.p.period)
        super().__init__()


class DownDayBool(Indicator):
    """1.0 after a fall over `period` bars, else 0.0."""

    lines = ("downday",)
    params = (("period", 1),)

    def __init__(self) -> None:
        self.lines.downday = self.data(-self.p.period) > self.data
        super().__init__()

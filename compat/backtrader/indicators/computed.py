"""Indicators whose lines a kernel of `core.indicators` fills."""

from __future__ import annotations

import numpy as np

from ..iterators import Indicator
from ..lines import too_short


def kernels():
    """The module of the kernels; it is loaded where an indicator is evaluated, not imported."""
    from ....core import indicators

    return indicators


class Columns:
    """The child of an indicator that fills its lines by a kernel."""

    __slots__ = ("_first", "_minperiod", "_owner")

    def __init__(self, owner: Computed, periods: tuple[int, ...]) -> None:
        self._owner = owner
        self._first = min(periods)
        self._minperiod = max(periods)

    def _once(self) -> None:
        owner = self._owner
        size = owner._clock.buflen()
        if too_short(self._minperiod, size) and self._first > size:
            return
        with np.errstate(all="ignore"):
            columns = owner._columns()
        for line, column in zip(owner.lines, columns, strict=False):
            line.set_column(column)

    def home(self) -> None:
        pass

    def advance(self, size: int = 1) -> None:
        pass


class Computed(Indicator):
    """An indicator whose lines a kernel computes."""

    def __init__(self) -> None:
        super().__init__()
        #: The minimum period of the datas, before this indicator adds its own.
        self._base = self._minperiod
        periods = self._periods()
        for line, period in zip(self.lines, periods, strict=False):
            line.updateminperiod(period)
        self.addindicator(Columns(self, periods))

    def _periods(self) -> tuple[int, ...]:
        """The minimum period of each line that the kernel fills."""
        raise NotImplementedError

    def _columns(self) -> tuple[np.ndarray, ...]:
        """The lines."""
        raise NotImplementedError


def column_of(data) -> np.ndarray:
    """The first line of `data` as float64[T]."""
    return data.lines[0].column()

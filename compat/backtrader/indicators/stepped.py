"""Indicators that step from bar to bar, with a kernel for the usual case."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..iterators import Indicator
from ..lines import bar_by_bar, too_short
from ..ticks import ticks
from .basicops import PeriodN


class Stepped(PeriodN):
    """An indicator that is defined by `next`, and by a kernel where every line moves with it.

    The kernel serves unless a subclass overrides what it replaces, clocks differ, or the datas do
    not move on with the walk: an indicator as data stays where it is while it is walked over, and
    a line that is there twice moves twice.
    """

    #: The class whose `next` the kernel replaces.
    _kernel_class: Any = None

    def _columns(self) -> tuple[np.ndarray, ...]:
        """The lines, by the kernel."""
        raise NotImplementedError

    def _once_own(self, size: int) -> None:
        if not self._follows_kernel(size):
            super()._once_own(size)
        elif not too_short(self, self._minperiod, size):
            with np.errstate(all="ignore"):
                columns = self._columns()
            for line, column in zip(self.lines, columns, strict=True):
                line.set_column(column)
            # Everything stands where the walk would have left it.
            for obj in (*self.datas, self):
                for line in obj.lines:
                    line.cursor.idx = size - 1

    def _follows_kernel(self, size: int) -> bool:
        cls, known = type(self), self._kernel_class
        if any(
            getattr(cls, name) is not getattr(known, name)
            for name in ("prenext", "nextstart", "next", "once")
        ):
            return False
        if bar_by_bar():
            now = ticks()
            return now is None or not now.mixed
        lines = [line for data in self.datas for line in data.lines]
        return (
            not self._indicators
            and not any(isinstance(data, Indicator) for data in self.datas)
            and len({id(line) for line in lines}) == len(lines)
            and all(data.buflen() >= size for data in self.datas)
        )

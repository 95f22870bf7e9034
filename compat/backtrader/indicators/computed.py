"""Indicators whose lines a kernel of `core.indicators` fills.

Each is an expression of lines as well (`_express`), for parameters that its kernel does not know.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..failing import up_to
from ..iterators import Indicator
from ..lines import bar_by_bar, too_short
from ..sharing import computed
from ..ticks import Ticks, ticks


def kernels():
    """The module of the kernels; it is loaded where an indicator is evaluated, not imported."""
    from ....core import indicators

    return indicators


def column_of(data) -> np.ndarray:
    """The first line of `data` as float64[T]."""
    return data.lines[0].column()


def whole(*periods: Any) -> bool:
    """Whether the kernels can count with these periods: whole numbers from 1 on."""
    return all(isinstance(p, int | np.integer) and p >= 1 for p in periods)


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
        if too_short(owner, self._minperiod, size) and self._first > size:
            return
        now = ticks()
        with np.errstate(all="ignore"):
            columns = computed(owner, owner._columns) if now is None else self._by_bar(now, size)
        for line, column in zip(owner.lines, columns, strict=False):
            line.set_column(column)

    def _by_bar(self, now: Ticks, size: int) -> Any:
        """The columns up to a bar at which the kernel fails; NaN from there on."""
        owner = self._owner
        columns: list[Any] = [np.empty(0) for _ in owner.lines]

        def compute(end: int) -> None:
            with now.before(end):
                columns[:] = owner._columns()

        if up_to(compute, self._first - 1, size, now.fail_at(owner)) == size:
            return columns
        return [np.append(c, np.full(size - len(c), np.nan)) for c in columns]

    def home(self) -> None:
        pass

    def advance(self, size: int = 1) -> None:
        pass


class Computed(Indicator):
    """An indicator whose lines a kernel computes."""

    def __init__(self) -> None:
        #: The minimum period of the datas, before this indicator adds its own.
        self._base = self._minperiod
        if self._fits():
            periods = self._periods()
            for line, period in zip(self.lines, periods, strict=False):
                line.updateminperiod(period)
            self.addindicator(Columns(self, periods))
        else:
            self._express()
        super().__init__()

    def _fits(self) -> bool:
        """Whether the kernel knows these parameters."""
        return True

    def _express(self) -> None:
        """The same as an expression of lines."""

    def _periods(self) -> tuple[int, ...]:
        """The minimum period of each line that the kernel fills."""
        raise NotImplementedError

    def _columns(self) -> tuple[np.ndarray, ...]:
        """The lines."""
        raise NotImplementedError


class _Filling:
    """What fills the line of a `Windowed` indicator by its kernel."""

    def __init__(self, owner: Windowed) -> None:
        self._owner = owner
        self._first = owner._minperiod
        self.done = True

    def _once(self) -> None:
        with np.errstate(all="ignore"):
            column = self._owner._kernel_column()
        if column is None:
            self.done = False
        else:
            self._owner.lines[0].set_column(column)


class Windowed(Indicator):
    """An indicator with `next` and `once` of its own, which a kernel can replace."""

    def _once_own(self, size: int) -> None:
        filling = _Filling(self)
        if self._follows_kernel():
            if too_short(self, self._minperiod, size):
                return
            now = ticks()
            if now is not None and now.mixed:
                now.fill(self, filling)
            else:
                filling._once()
            if filling.done:
                return
            for line in self.lines:
                line.allocate(size)
        super()._once_own(size)

    #: The class that defines what the kernel does, set by that class.
    _kernel_class: Any = None

    def _follows_kernel(self) -> bool:
        """Whether nothing that the kernel replaces was overridden."""
        cls, known = type(self), self._kernel_class
        names = ("preonce", "oncestart", "once")
        if bar_by_bar() or known.once is Indicator.once:
            names = ("prenext", "nextstart", "next")
        return all(getattr(cls, name) is getattr(known, name) for name in names)

    def _kernel_column(self) -> np.ndarray | None:
        """The line, or None where the kernel cannot do it (for one, because it must fail)."""
        raise NotImplementedError

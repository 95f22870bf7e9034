"""Operations over a window of values."""

from __future__ import annotations

from .computed import Computed, column_of, kernels


class _Extreme(Computed):
    params = (("period", 1),)

    _kernel = ""

    def _periods(self):
        return (self.data._minperiod + self.p.period - 1,)

    def _columns(self):
        kernel = getattr(kernels(), self._kernel)
        return (kernel(column_of(self.data), self.p.period, self.data._minperiod - 1),)


class Highest(_Extreme):
    """The highest of the last `period` values."""

    alias = ("MaxN",)
    lines = ("highest",)
    _kernel = "highest"


class Lowest(_Extreme):
    """The lowest of the last `period` values."""

    alias = ("MinN",)
    lines = ("lowest",)
    _kernel = "lowest"

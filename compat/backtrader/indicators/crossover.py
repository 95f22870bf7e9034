"""Lines that cross."""

from __future__ import annotations

from typing import Any, ClassVar

from ..iterators import Indicator
from .computed import Computed, column_of, kernels


class _Cross(Computed):
    _mindatas = 2
    _kernel = ""
    _extra = 1

    def _periods(self):
        return (self._base + self._extra,)

    def _columns(self):
        kernel = getattr(kernels(), self._kernel)
        return (kernel(column_of(self.data), column_of(self.data1), self._base - 1),)


class NonZeroDifference(_Cross):
    """The difference of two lines, or the last one that was not 0."""

    alias = ("NZD",)
    lines = ("nzd",)
    _kernel = "last_nonzero_difference"
    _extra = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        # As the original, it takes keywords that are no parameters.
        Indicator.__init__(self, *args, **kwargs)


class CrossUp(_Cross):
    """1.0 where the first crosses the second upward."""

    lines = ("cross",)
    plotinfo: ClassVar = {"plotymargin": 0.05, "plotyhlines": [0.0, 1.0]}
    _kernel = "cross_up"


class CrossDown(_Cross):
    """1.0 where the first crosses the second downward."""

    lines = ("cross",)
    plotinfo: ClassVar = {"plotymargin": 0.05, "plotyhlines": [0.0, 1.0]}
    _kernel = "cross_down"


class CrossOver(_Cross):
    """1.0 where the first crosses the second upward, -1.0 downward."""

    lines = ("crossover",)
    plotinfo: ClassVar = {"plotymargin": 0.05, "plotyhlines": [-1.0, 1.0]}
    _kernel = "cross_over"

"""Where the last value of a window stands among the others."""

from __future__ import annotations

from .basicops import BaseApplyN
from .computed import column_of


def _share_below(window):
    """The share of the values that are below the last one."""
    return sum(value < window[-1] for value in window) / len(window)


class PercentRank(BaseApplyN):
    """The share, 0 to 1, of the last `period` values below the last one."""

    alias = ("PctRank",)
    lines = ("pctrank",)
    params = (("period", 50), ("func", _share_below))

    _known = staticmethod(_share_below)

    def _kernel_column(self):
        from ....core.indicators.ranks import percent_rank

        return percent_rank(column_of(self.data), self.p.period, self._start())

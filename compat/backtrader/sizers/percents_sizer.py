"""Sizers of a percentage of the cash."""

from __future__ import annotations

from ..sizer import Sizer


class PercentSizer(Sizer):
    """`percents` of the cash; with a position, its whole size."""

    params = (("percents", 20), ("retint", False))

    def __init__(self) -> None:
        """Takes parameters only."""

    def _getsizing(self, comminfo, cash, data, isbuy):
        position = self.broker.getposition(data)
        size = position.size or cash / data.close[0] * (self.p.percents / 100)
        return int(size) if self.p.retint else size


class AllInSizer(PercentSizer):
    """All of the cash."""

    params = (("percents", 100),)


class PercentSizerInt(PercentSizer):
    """Whole numbers of units."""

    params = (("retint", True),)


class AllInSizerInt(PercentSizerInt):
    """All of the cash, in whole numbers of units."""

    params = (("percents", 100),)

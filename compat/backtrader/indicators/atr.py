"""True ranges and their average."""

from __future__ import annotations

from .computed import Computed, kernels, whole
from .mabase import MovAv, kind_of


class _Range(Computed):
    def _first(self) -> int:
        data = self.data
        return max(
            data._minperiod,
            data.high._minperiod,
            data.low._minperiod,
            data.close._minperiod + 1,
        )

    def _periods(self):
        return (self._first(),)


class TrueHigh(_Range):
    """The higher of the high and the previous close."""

    lines = ("truehigh",)

    def _columns(self):
        data = self.data
        return (kernels().true_high(data.high.column(), data.close.column(), self._first() - 2),)


class TrueLow(_Range):
    """The lower of the low and the previous close."""

    lines = ("truelow",)

    def _columns(self):
        data = self.data
        return (kernels().true_low(data.low.column(), data.close.column(), self._first() - 2),)


class TrueRange(_Range):
    """True high minus true low."""

    alias = ("TR",)
    lines = ("tr",)

    def _columns(self):
        columns = (getattr(self.data, name).column() for name in ("high", "low", "close"))
        return (kernels().true_range(*columns, self._first() - 2),)


class AverageTrueRange(_Range):
    """The true range, averaged."""

    alias = ("ATR",)
    lines = ("atr",)
    params = (("period", 14), ("movav", MovAv.Smoothed))

    def _plotlabel(self):
        return [self.p.period, *([self.p.movav] * self.p.notdefault("movav"))]

    def _fits(self):
        return kind_of(self.p.movav) >= 0 and whole(self.p.period)

    def _express(self):
        self.lines.atr = self.p.movav(TrueRange(self.data), period=self.p.period)

    def _periods(self):
        return (self._first() + self.p.period - 1,)

    def _columns(self):
        columns = (getattr(self.data, name).column() for name in ("high", "low", "close"))
        start = self._first() - 2
        kind = kind_of(self.p.movav)
        return (kernels().average_true_range(*columns, self.p.period, kind, start),)

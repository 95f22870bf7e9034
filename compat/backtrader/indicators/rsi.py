"""The relative strength index."""

from __future__ import annotations

from ..operations import DivZeroByZero
from .computed import Computed, column_of, kernels, whole
from .mabase import MovAv, kind_of
from .updown import DownDay as DownDay
from .updown import DownDayBool as DownDayBool
from .updown import UpDay as UpDay
from .updown import UpDayBool as UpDayBool


class RelativeStrengthIndex(Computed):
    """Average rise against average fall, from 0 to 100."""

    alias = ("RSI", "RSI_SMMA", "RSI_Wilder")
    lines = ("rsi",)
    params = (
        ("period", 14),
        ("movav", MovAv.Smoothed),
        ("upperband", 70.0),
        ("lowerband", 30.0),
        ("safediv", False),
        ("safehigh", 100.0),
        ("safelow", 50.0),
        ("lookback", 1),
    )

    def _plotlabel(self):
        p = self.p
        labels = [p.period, *([p.movav] * p.notdefault("movav"))]
        return labels + [p.lookback] * p.notdefault("lookback")

    def _plotinit(self):
        self.plotinfo.plotyhlines = [self.p.upperband, self.p.lowerband]

    def _fits(self):
        return kind_of(self.p.movav) >= 0 and whole(self.p.period, self.p.lookback)

    def _express(self):
        p = self.p
        rise = p.movav(UpDay(self.data, period=p.lookback), period=p.period)
        fall = p.movav(DownDay(self.data, period=p.lookback), period=p.period)
        if p.safediv:
            both, down = self._rscalc(p.safehigh), self._rscalc(p.safelow)
            strength = DivZeroByZero(rise, fall, both, down)
        else:
            strength = rise / fall
        self.lines.rsi = 100.0 - 100.0 / (1.0 + strength)

    def _first(self) -> int:
        data = self.data
        return max(data._minperiod, data.lines[0]._minperiod + self.p.lookback)

    def _periods(self):
        return (self._first() + self.p.period - 1,)

    def _rscalc(self, index: float) -> float:
        """The ratio of rises to falls that gives this index."""
        return float("inf") if index == 100.0 else -100.0 / (index - 100.0) - 1.0

    def _columns(self):
        p = self.p
        column, divided = kernels().rsi(
            column_of(self.data),
            p.period,
            p.lookback,
            kind_of(self.p.movav),
            self._first() - 1 - p.lookback,
            bool(p.safediv),
            self._rscalc(p.safelow),
            self._rscalc(p.safehigh),
        )
        if divided:
            raise ZeroDivisionError("float division by zero")
        return (column,)


class RSI_Safe(RelativeStrengthIndex):
    """The same; where nothing fell the index is `safehigh`, where nothing moved `safelow`."""

    params = (("safediv", True),)


class RSI_SMA(RelativeStrengthIndex):
    """The same with simple averages."""

    alias = ("RSI_Cutler",)
    params = (("movav", MovAv.Simple),)


class RSI_EMA(RelativeStrengthIndex):
    """The same with exponential averages."""

    params = (("movav", MovAv.Exponential),)

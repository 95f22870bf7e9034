"""The relative strength index."""

from __future__ import annotations

from .computed import Computed, column_of, kernels
from .mabase import MovAv, kind_of


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

    def _first(self) -> int:
        data = self.data
        return max(data._minperiod, data.lines[0]._minperiod + self.p.lookback)

    def _periods(self):
        kind_of(self)
        return (self._first() + self.p.period - 1,)

    def _strength(self, index: float) -> float:
        """The ratio of rises to falls that gives this index."""
        return float("inf") if index == 100.0 else -100.0 / (index - 100.0) - 1.0

    def _columns(self):
        p = self.p
        column, divided = kernels().rsi(
            column_of(self.data),
            p.period,
            p.lookback,
            kind_of(self),
            self._first() - 1 - p.lookback,
            bool(p.safediv),
            self._strength(p.safelow),
            self._strength(p.safehigh),
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

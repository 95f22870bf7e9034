"""Indicators of technical analysis."""

from __future__ import annotations

import numpy as np

from .....core import window_formulas
from ..data import EquityPricing
from ..mixins import SingleInputMixin
from .basic import (  # noqa: F401 - these names can be imported from here as well
    VWAP,
    LinearWeightedMovingAverage,
    MaxDrawdown,
    SimpleMovingAverage,
    WeightedAverageValue,
    weights_and_sum,
)
from .factor import CustomFactor
from .formulas import WindowFormula


class RSI(SingleInputMixin, WindowFormula, CustomFactor):
    """Relative strength: 100 - 100 / (1 + mean rise / mean fall) of the daily changes."""

    window_length = 15
    inputs = (EquityPricing.close,)
    window_safe = True
    _formula = window_formulas.relative_strength


class BollingerBands(WindowFormula, CustomFactor):
    """The mean of the close, and k population deviations below and above it."""

    params = ("k",)
    inputs = (EquityPricing.close,)
    outputs = ("lower", "middle", "upper")
    _formula = window_formulas.bands

    def _arguments(self, length, k):
        return [k]


class Aroon(WindowFormula, CustomFactor):
    """How late in the window its lowest low and highest high were: 0 (first day) to 100 (last)."""

    inputs = (EquityPricing.low, EquityPricing.high)
    outputs = ("down", "up")
    _formula = window_formulas.days_of_extremes
    _windows = 2


class FastStochasticOscillator(WindowFormula, CustomFactor):
    """Where the last close lies between the window's lowest low (0) and highest high (100)."""

    inputs = (EquityPricing.close, EquityPricing.low, EquityPricing.high)
    window_safe = True
    window_length = 14
    _formula = window_formulas.stochastic
    _windows = 3


class IchimokuKinkoHyo(WindowFormula, CustomFactor):
    """The five lines of the cloud chart; NaN where a price that they need is missing."""

    params = {  # noqa: RUF012 - names with defaults
        "tenkan_sen_length": 9,
        "kijun_sen_length": 26,
        "chikou_span_length": 26,
    }
    inputs = (EquityPricing.high, EquityPricing.low, EquityPricing.close)
    outputs = ("tenkan_sen", "kijun_sen", "senkou_span_a", "senkou_span_b", "chikou_span")
    window_length = 52
    _formula = window_formulas.cloud
    _windows = 3

    def _validate(self) -> None:
        super()._validate()
        for name, length in self.params.items():
            if length > self.window_length:
                raise ValueError(f"{name} is {length}, above the window_length.")

    def _arguments(self, length, tenkan_sen_length, kijun_sen_length, chikou_span_length):
        if chikou_span_length >= length:
            raise IndexError(
                f"chikou_span_length is {chikou_span_length}: a window of {length} rows has no "
                "row of that number."
            )
        return [tenkan_sen_length, kijun_sen_length, chikou_span_length]


class RateOfChangePercentage(WindowFormula, CustomFactor):
    """The last value against the first one of the window, in percent."""

    _formula = window_formulas.change_in_percent


class TrueRange(WindowFormula, CustomFactor):
    """The largest of high - low and the distances of both to the close of the day before."""

    inputs = (EquityPricing.high, EquityPricing.low, EquityPricing.close)
    window_length = 2
    _formula = window_formulas.true_range
    _windows = 3

    def _arguments(self, length):
        if length != 2:
            raise ValueError(f"TrueRange is of two days; its window_length is {length}.")
        return ()


class MovingAverageConvergenceDivergenceSignal(WindowFormula, CustomFactor):
    """The signal line: the average of fast less slow exponential averages of the close.

    Periods are days, at least 1, the fast one below the slow one; ValueError if not.
    """

    inputs = (EquityPricing.close,)
    params = ("fast_period", "slow_period", "signal_period")
    _formula = window_formulas.average_difference

    def __new__(cls, fast_period=12, slow_period=26, signal_period=9, *args, **kwargs):
        periods = {"fast": fast_period, "slow": slow_period, "signal": signal_period}
        for name, days in periods.items():
            if days < 1:
                raise ValueError(f"MACDSignal: {name}_period must be at least 1, not {days}.")
        if slow_period <= fast_period:
            raise ValueError(
                f"MACDSignal: slow_period ({slow_period}) must be above fast_period "
                f"({fast_period})."
            )
        return super().__new__(
            cls,
            *args,
            fast_period=fast_period,
            slow_period=slow_period,
            signal_period=signal_period,
            window_length=slow_period + signal_period - 1,
            **kwargs,
        )

    def _arguments(self, length, fast_period, slow_period, signal_period):
        lines = [
            weights_and_sum(days, 1.0 - 2.0 / (1.0 + days))
            for days in (slow_period, fast_period, signal_period)
        ]
        return np.concatenate([[fast_period, slow_period, signal_period], *lines])


MACDSignal = MovingAverageConvergenceDivergenceSignal

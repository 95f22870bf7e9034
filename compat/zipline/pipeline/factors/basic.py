"""Averages, returns and other plain statistics of the last days."""

from __future__ import annotations

from numbers import Number

import numpy as np

from .....core import ranking, window_formulas
from ...lib.rank import group_codes
from ..data import EquityPricing
from ..mixins import SingleInputMixin
from .factor import CustomFactor
from .formulas import WindowFormula, latest


class _Change(WindowFormula, CustomFactor):
    """The last value of the window against the first."""

    # A share of a price means the same on every day.
    window_safe = True

    def _validate(self) -> None:
        super()._validate()
        if self.window_length < 2:
            raise ValueError(
                f"{type(self).__name__} needs a window_length of at least 2 (for the change of one "
                f"day), not {self.window_length}."
            )


class Returns(_Change):
    """The change of the close over the window: last / first - 1."""

    inputs = (EquityPricing.close,)
    _formula = window_formulas.change


class PercentChange(SingleInputMixin, _Change):
    """The change of a value over the window as a share of the first one's size."""

    _formula = window_formulas.change_of_size


class DailyReturns(Returns):
    """The change of the close since the day before."""

    inputs = (EquityPricing.close,)
    window_safe = True
    window_length = 2


class SimpleMovingAverage(SingleInputMixin, WindowFormula, CustomFactor):
    """The mean of the values that are there."""

    _formula = window_formulas.mean


class WeightedAverageValue(WindowFormula, CustomFactor):
    """The sum of value times weight, by the sum of weights; inputs: values, weights."""

    _formula = window_formulas.weighted_value
    _windows = 2


class VWAP(WeightedAverageValue):
    """The average price per share traded, at closes."""

    inputs = (EquityPricing.close, EquityPricing.volume)


class MaxDrawdown(SingleInputMixin, WindowFormula, CustomFactor):
    """The largest fall (as an amount) from a peak, as a share of the value to which it fell."""

    _formula = window_formulas.drawdown


class AverageDollarVolume(WindowFormula, CustomFactor):
    """Close times volume, summed, by the length of the window."""

    inputs = (EquityPricing.close, EquityPricing.volume)
    _formula = window_formulas.turnover
    _windows = 2


def exponential_weights(length, decay_rate):
    """float64[length]: powers of the rate, from length + 1 for the oldest value down to 2."""
    return np.full(length, decay_rate, np.float64) ** np.arange(length + 1, 1, -1)


def weights_and_sum(length, decay_rate):
    """The same with their sum behind; ZeroDivisionError if that is 0."""
    weights = exponential_weights(length, decay_rate)
    total = weights.sum()
    if total == 0.0:
        raise ZeroDivisionError("The weights sum to zero, so there is no average.")
    return [*weights, total]


class _ExponentialWeightedFactor(SingleInputMixin, WindowFormula, CustomFactor):
    """Weights that fall by `decay_rate` from each day to the one before."""

    params = ("decay_rate",)

    @classmethod
    def from_span(cls, inputs, window_length, span, **kwargs):
        """With the rate 1 - 2 / (1 + span); span: above 1."""
        if not isinstance(span, Number):
            raise TypeError(f"from_span(): span must be a number, not {span!r}.")
        if span <= 1:  # pyright: ignore[reportOperatorIssue]
            raise ValueError(f"span must be above 1, not {span}.")
        rate = 1.0 - 2.0 / (1.0 + span)  # pyright: ignore[reportOperatorIssue]
        return cls(inputs=inputs, window_length=window_length, decay_rate=rate, **kwargs)

    @classmethod
    def from_halflife(cls, inputs, window_length, halflife, **kwargs):
        """With the rate at which a weight halves in `halflife` days; above 0."""
        if not isinstance(halflife, Number):
            raise TypeError(f"from_halflife(): halflife must be a number, not {halflife!r}.")
        if halflife <= 0:  # pyright: ignore[reportOperatorIssue]
            raise ValueError(f"halflife must be above 0, not {halflife}.")
        rate = np.exp(np.log(0.5) / halflife)
        return cls(inputs=inputs, window_length=window_length, decay_rate=rate, **kwargs)

    @classmethod
    def from_center_of_mass(cls, inputs, window_length, center_of_mass, **kwargs):
        """With the rate 1 - 1 / (1 + center_of_mass)."""
        rate = 1.0 - 1.0 / (1.0 + center_of_mass)
        return cls(inputs=inputs, window_length=window_length, decay_rate=rate, **kwargs)


class ExponentialWeightedMovingAverage(_ExponentialWeightedFactor):
    """The average with exponential weights; NaN if a value is missing."""

    _formula = window_formulas.weighted_average

    def _arguments(self, length, decay_rate):
        return weights_and_sum(length, decay_rate)


class ExponentialWeightedMovingStdDev(_ExponentialWeightedFactor):
    """The deviation with exponential weights, corrected for bias; NaN if a value is missing."""

    _formula = window_formulas.weighted_deviation

    def _arguments(self, length, decay_rate):
        *weights, total = weights_and_sum(length, decay_rate)
        squares = np.sum(np.array(weights) ** 2)
        with np.errstate(divide="ignore"):
            return [*weights, total, total**2 / (total**2 - squares)]


EWMA = ExponentialWeightedMovingAverage
EWMSTD = ExponentialWeightedMovingStdDev


class LinearWeightedMovingAverage(SingleInputMixin, WindowFormula, CustomFactor):
    """The average with weights 1 for the oldest day to window_length for the last one.

    Missing values add nothing, while their weights still count.
    """

    _formula = window_formulas.linear_average


class AnnualizedVolatility(WindowFormula, CustomFactor):
    """The population deviation of daily returns, times the root of the days of a year."""

    inputs = (Returns(window_length=2),)
    params = {"annualization_factor": 252.0}  # noqa: RUF012 - names with defaults
    window_length = 252
    _formula = window_formulas.deviation

    def _arguments(self, length, annualization_factor):
        return [annualization_factor**0.5]


class PeerCount(SingleInputMixin, CustomFactor):
    """How many assets have the same label that day, itself included; NaN without a label."""

    window_length = 1

    def _validate(self) -> None:
        super()._validate()
        if self.window_length != 1:
            raise ValueError(f"PeerCount needs a window_length of 1, not {self.window_length}.")

    def compute(self, today, assets, out, classifier_values):
        labels, null = self.inputs[0]._to_integral(classifier_values[[0]])
        codes, groups = group_codes(labels, null, np.ones(labels.shape, dtype=bool))
        counts = np.empty(labels.shape)
        ranking.count_peers(codes, groups, counts)
        np.copyto(out, counts[0], where=codes[0] >= 0)


class Clip(CustomFactor):
    """Values cut to lie within two bounds."""

    window_length = 1
    params = ("min_bound", "max_bound")

    def _compute_block(self, blocks, dates, assets, mask):
        return np.clip(latest(blocks[0], mask), self.params["min_bound"], self.params["max_bound"])

    def compute(self, today, assets, out, values, min_bound, max_bound):
        np.clip(values[-1], min_bound, max_bound, out=out)

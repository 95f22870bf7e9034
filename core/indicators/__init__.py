"""Jitted indicators on whole columns.

Every function takes float64[T] columns (time along the only axis) and `start`, the first index at
which its inputs are defined; it returns a new float64[T] that is NaN before its own first value.
Sums are exactly rounded, recursions run in time order, so that a comparison of two columns does
not depend on how they were computed.
"""

from .bands import bollinger_bands, standard_deviation
from .crossing import cross_down, cross_over, cross_up, last_nonzero_difference
from .momentum import macd, rsi
from .moving_average import (
    exponential_average,
    simple_average,
    smoothed_average,
    weighted_average,
)
from .ranges import average_true_range, highest, lowest, true_high, true_low, true_range

__all__ = [
    "average_true_range",
    "bollinger_bands",
    "cross_down",
    "cross_over",
    "cross_up",
    "exponential_average",
    "highest",
    "last_nonzero_difference",
    "lowest",
    "macd",
    "rsi",
    "simple_average",
    "smoothed_average",
    "standard_deviation",
    "true_high",
    "true_low",
    "true_range",
    "weighted_average",
]

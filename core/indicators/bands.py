"""Standard deviation and the bands made of it."""

from __future__ import annotations

import math

import numpy as np

from ..jit import njit
from .moving_average import average


@njit
def standard_deviation(values, mean, period, kind, start, first):
    """Root of |average of squares - square of the mean|.

    mean: float64[T], the average to measure from. start: where `values` begin, so the squares are
    averaged from there; first: where the result begins. Powers are the C library's: `x ** 2.0`
    and `x ** 0.5`, so that the last bit agrees with plain Python.
    """
    n = len(values)
    squares = np.full(n, np.nan)
    two = 2.0 + 0.0 * period
    half = 0.5 + 0.0 * period
    for i in range(start, n):
        squares[i] = math.pow(values[i], two)
    squares = average(kind, squares, period, start)
    out = np.full(n, np.nan)
    for i in range(first, n):
        out[i] = math.pow(abs(squares[i] - math.pow(mean[i], two)), half)
    return out


@njit
def bollinger_bands(values, period, factor, kind, start):
    """Average, upper and lower band at `factor` standard deviations: three float64[T]."""
    middle = average(kind, values, period, start)
    width = factor * standard_deviation(values, middle, period, kind, start, start + period - 1)
    return middle, middle + width, middle - width

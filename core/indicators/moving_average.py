"""Moving averages: simple, exponential, smoothed (Wilder) and weighted."""

from __future__ import annotations

import numpy as np

from ..jit import njit
from .sums import exact_sum, window_sums


@njit
def simple_average(values, period, start):
    """Mean of the last `period` values; first defined at `start + period - 1`."""
    out = window_sums(values, period, start)
    for i in range(len(out)):
        out[i] /= period
    return out


@njit
def smooth(values, period, alpha, start):
    """`previous * (1 - alpha) + value * alpha`, begun with the mean of the first window."""
    n = len(values)
    out = np.full(n, np.nan)
    first = start + period - 1
    if first >= n:
        return out
    rest = 1.0 - alpha
    previous = exact_sum(values, start, first + 1) / period
    out[first] = previous
    for i in range(first + 1, n):
        previous = previous * rest + values[i] * alpha
        out[i] = previous
    return out


@njit
def exponential_average(values, period, start):
    """Exponential average with weight 2 / (period + 1) on the newest value."""
    return smooth(values, period, 2.0 / (1.0 + period), start)


@njit
def smoothed_average(values, period, start):
    """Wilder's average: weight 1 / period on the newest value."""
    return smooth(values, period, 1.0 / period, start)


@njit
def weighted_average(values, period, start):
    """Average with the weights 1, 2, ... `period`, the newest value the heaviest."""
    n = len(values)
    out = np.full(n, np.nan)
    scale = 2.0 / (period * (period + 1.0))
    terms = np.empty(period)
    for i in range(start + period - 1, n):
        for k in range(period):
            terms[k] = values[i - period + 1 + k] * (k + 1.0)
        out[i] = scale * exact_sum(terms, 0, period)
    return out


#: Numbers by which other indicators choose their average.
SIMPLE, EXPONENTIAL, SMOOTHED, WEIGHTED = 0, 1, 2, 3


@njit
def average(kind, values, period, start):
    """The moving average that `kind` numbers: `SIMPLE`, `EXPONENTIAL`, `SMOOTHED`, `WEIGHTED`."""
    if kind == SIMPLE:
        return simple_average(values, period, start)
    if kind == EXPONENTIAL:
        return exponential_average(values, period, start)
    if kind == SMOOTHED:
        return smoothed_average(values, period, start)
    return weighted_average(values, period, start)

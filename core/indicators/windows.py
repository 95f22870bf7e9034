"""Running sums and what a moving window holds: weighted sums, any, all, where its extreme is."""

from __future__ import annotations

import numpy as np

from ..jit import njit
from .sums import exact_sum


@njit
def running_sum(values, first_term, start):
    """`first_term` plus all values from `start` on, added one by one."""
    n = len(values)
    out = np.full(n, np.nan)
    total = first_term
    for i in range(start, n):
        total = total + values[i]
        out[i] = total
    return out


@njit
def weighted_sum(values, weights, scale, period, start):
    """`scale` times the sum, rounded once, of the window's values times `weights`.

    weights: float64[up to `period`], the first one for the oldest value of the window; values
    without a weight do not count. First defined at `start + period - 1`.
    """
    n = len(values)
    out = np.full(n, np.nan)
    size = len(weights)
    terms = np.empty(size)
    for i in range(start + period - 1, n):
        for k in range(size):
            terms[k] = values[i - period + 1 + k] * weights[k]
        out[i] = scale * exact_sum(terms, 0, size)
    return out


@njit
def any_nonzero(values, period, start):
    """1.0 where one of the last `period` values is not 0 (NaN is not), else 0.0."""
    n = len(values)
    out = np.full(n, np.nan)
    last = -1
    for i in range(start, n):
        if values[i] != 0.0:
            last = i
        if i >= start + period - 1:
            out[i] = 1.0 if last > i - period else 0.0
    return out


@njit
def all_nonzero(values, period, start):
    """1.0 where none of the last `period` values is 0, else 0.0."""
    n = len(values)
    out = np.full(n, np.nan)
    last = -1
    for i in range(start, n):
        if values[i] == 0.0:
            last = i
        if i >= start + period - 1:
            out[i] = 0.0 if last > i - period else 1.0
    return out


@njit
def bars_since_extreme(values, period, start, high, oldest):
    """How many bars ago the extreme of the last `period` values stood: (float64[T], found).

    high: the highest value, else the lowest. oldest: of equal values the first, else the last.
    found: False where a window's extreme is NaN (its first value is), which equals nothing; what
    follows it is not computed.
    """
    n = len(values)
    out = np.full(n, np.nan)
    for i in range(start + period - 1, n):
        first = i - period + 1
        best = values[first]
        place = first
        for k in range(first + 1, i + 1):
            value = values[k]
            if (value > best) if high else (value < best):
                best = value
                place = k
            elif value == best and not oldest:
                place = k
        if best != best:
            return out, False
        out[i] = i - place
    return out, True

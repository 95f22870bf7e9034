"""Smoothing with a weight that changes from bar to bar."""

from __future__ import annotations

import numpy as np

from ..jit import njit
from .sums import exact_sum


@njit
def smooth_by(values, weights, rests, period, first):
    """`previous * rest + value * weight`, begun at `first` with the mean of `period` values.

    weights, rests: float64[T], the weight of each value and of what was before it.
    """
    n = len(values)
    out = np.full(n, np.nan)
    if first >= n:
        return out
    previous = exact_sum(values, first - period + 1, first + 1) / period
    out[first] = previous
    for i in range(first + 1, n):
        previous = previous * rests[i] + values[i] * weights[i]
        out[i] = previous
    return out

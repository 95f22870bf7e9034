"""An exponential average that is pulled to the price, so that it lags less."""

from __future__ import annotations

import numpy as np

from ..jit import njit


@njit
def error_correcting_average(values, average, alpha, limit, first):
    """The average plus the gain that leaves the smallest error: float64[T] from `first` on.

    values, average: float64[T]. alpha: the weight of the newest value. limit: the gains tried are
    the tenths from -limit / 10 to limit / 10, the first of the best one is taken. Where no error
    is a number, as on the first bar, the result is the average.
    """
    n = len(values)
    out = np.full(n, np.nan)
    rest = 1.0 - alpha
    previous = np.nan
    for i in range(first, n):
        least = 2.0**63
        best = average[i]
        for step in range(-limit, limit + 1):
            gain = step / 10
            corrected = alpha * (average[i] + gain * (values[i] - previous)) + rest * previous
            error = abs(values[i] - corrected)
            if error < least:
                least = error
                best = corrected
        out[i] = best
        previous = best
    return out

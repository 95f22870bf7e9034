"""Extremes of windows and the true range."""

from __future__ import annotations

import numpy as np

from ..jit import njit
from .moving_average import average


@njit
def highest(values, period, start):
    """Highest of the last `period` values. A NaN never wins, but stays where it comes first."""
    n = len(values)
    out = np.full(n, np.nan)
    for i in range(start + period - 1, n):
        best = values[i - period + 1]
        for k in range(i - period + 2, i + 1):
            if values[k] > best:
                best = values[k]
        out[i] = best
    return out


@njit
def lowest(values, period, start):
    """Lowest of the last `period` values. A NaN never wins, but stays where it comes first."""
    n = len(values)
    out = np.full(n, np.nan)
    for i in range(start + period - 1, n):
        best = values[i - period + 1]
        for k in range(i - period + 2, i + 1):
            if values[k] < best:
                best = values[k]
        out[i] = best
    return out


@njit
def true_high(high, close, start):
    """The higher of the bar's high and the previous close."""
    out = np.full(len(high), np.nan)
    for i in range(start + 1, len(high)):
        out[i] = close[i - 1] if close[i - 1] > high[i] else high[i]
    return out


@njit
def true_low(low, close, start):
    """The lower of the bar's low and the previous close."""
    out = np.full(len(low), np.nan)
    for i in range(start + 1, len(low)):
        out[i] = close[i - 1] if close[i - 1] < low[i] else low[i]
    return out


@njit
def true_range(high, low, close, start):
    """True high minus true low; first defined at `start + 1`."""
    return true_high(high, close, start) - true_low(low, close, start)


@njit
def average_true_range(high, low, close, period, kind, start):
    """The true range averaged over `period` bars by the moving average `kind`."""
    return average(kind, true_range(high, low, close, start), period, start + 1)

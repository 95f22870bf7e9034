"""Relative strength and the difference of two averages."""

from __future__ import annotations

import numpy as np

from ..jit import njit
from .moving_average import average


@njit
def rsi(values, period, lookback, kind, start, safe, both_zero, down_zero):
    """Relative strength index: (float64[T], divided), divided 1 where the fall average was 0.

    Rises and falls over `lookback` bars are averaged by the moving average `kind`; first defined
    at `start + lookback + period - 1`. safe: a quotient with denominator 0 becomes `both_zero`
    when both are 0, else `down_zero`; when not safe the second return value is 1 and the caller
    must raise the division error.
    """
    n = len(values)
    rises = np.full(n, np.nan)
    falls = np.full(n, np.nan)
    for i in range(start + lookback, n):
        change = values[i] - values[i - lookback]
        back = values[i - lookback] - values[i]
        rises[i] = 0.0 if change < 0.0 else change
        falls[i] = 0.0 if back < 0.0 else back
    up = average(kind, rises, period, start + lookback)
    down = average(kind, falls, period, start + lookback)
    out = np.full(n, np.nan)
    divided = 0
    for i in range(start + lookback + period - 1, n):
        if down[i] == 0.0:
            if not safe:
                divided = 1
                break
            strength = both_zero if up[i] == 0.0 else down_zero
        else:
            strength = up[i] / down[i]
        if 1.0 + strength == 0.0:
            divided = 1
            break
        out[i] = 100.0 - 100.0 / (1.0 + strength)
    return out, divided


@njit
def macd(values, fast, slow, signal, kind, start):
    """Fast minus slow average, and the average of that over `signal` bars: two float64[T]."""
    line = average(kind, values, fast, start) - average(kind, values, slow, start)
    return line, average(kind, line, signal, start + max(fast, slow) - 1)

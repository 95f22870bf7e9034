"""Where the last value of a window stands among the others."""

from __future__ import annotations

import numpy as np

from ..jit import njit


@njit
def percent_rank(values, period, start):
    """The share, 0 to 1, of the last `period` values below the last one: float64[T]."""
    n = len(values)
    out = np.full(n, np.nan)
    for i in range(start + period - 1, n):
        below = 0
        for k in range(i - period + 1, i):
            if values[k] < values[i]:
                below += 1
        out[i] = below / period
    return out

"""When one column crosses another."""

from __future__ import annotations

import numpy as np

from ..jit import njit


@njit
def last_nonzero_difference(first, second, start):
    """`first - second`, or the last such difference that was not 0."""
    n = len(first)
    out = np.full(n, np.nan)
    previous = np.nan
    for i in range(start, n):
        difference = first[i] - second[i]
        if i == start or difference != 0.0:
            previous = difference
        out[i] = previous
    return out


@njit
def cross_up(first, second, start):
    """1.0 where `first` is above `second` and was last below it, else 0.0."""
    before = last_nonzero_difference(first, second, start)
    out = np.full(len(first), np.nan)
    for i in range(start + 1, len(first)):
        out[i] = 1.0 if before[i - 1] < 0.0 and first[i] > second[i] else 0.0
    return out


@njit
def cross_down(first, second, start):
    """1.0 where `first` is below `second` and was last above it, else 0.0."""
    before = last_nonzero_difference(first, second, start)
    out = np.full(len(first), np.nan)
    for i in range(start + 1, len(first)):
        out[i] = 1.0 if before[i - 1] > 0.0 and first[i] < second[i] else 0.0
    return out


@njit
def cross_over(first, second, start):
    """1.0 where `first` crosses `second` upward, -1.0 downward, else 0.0."""
    n = len(first)
    out = np.full(n, np.nan)
    before = np.nan
    for i in range(start, n):
        difference = first[i] - second[i]
        if i > start:
            out[i] = 0.0
            if before < 0.0 and first[i] > second[i]:
                out[i] = 1.0
            elif before > 0.0 and first[i] < second[i]:
                out[i] = -1.0
        if i == start or difference != 0.0:
            before = difference
    return out

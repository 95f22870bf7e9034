"""Exactly rounded sums of moving windows."""

from __future__ import annotations

import numpy as np

from ..jit import njit


@njit
def exact_sum(values, first, stop):
    """The sum of `values[first:stop]`, rounded once: the float nearest to the true sum.

    Keeps the partial sums as non-overlapping floats (Shewchuk 1997), so the result does not depend
    on the order of the terms. Infinities and NaN follow IEEE addition.
    """
    partials = np.empty(64)
    count = 0
    special = 0.0
    for k in range(first, stop):
        x = values[k]
        if not np.isfinite(x):
            special += x
            continue
        kept = 0
        for j in range(count):
            y = partials[j]
            if abs(x) < abs(y):
                x, y = y, x
            high = x + y
            low = y - (high - x)
            if low != 0.0:
                partials[kept] = low
                kept += 1
            x = high
        partials[kept] = x
        count = kept + 1
    if special != 0.0 or np.isnan(special):
        return special
    if count == 0:
        return 0.0
    n = count - 1
    total = partials[n]
    low = 0.0
    while n > 0:
        x = total
        n -= 1
        y = partials[n]
        total = x + y
        low = y - (total - x)
        if low != 0.0:
            break
    # Half-way cases: what lies below the rounding error decides in which direction it goes.
    if n > 0 and ((low < 0.0 and partials[n - 1] < 0.0) or (low > 0.0 and partials[n - 1] > 0.0)):
        y = low * 2.0
        x = total + y
        if y == x - total:
            total = x
    return total


@njit
def window_sums(values, period, start):
    """Sums of the last `period` values, each rounded once; NaN before `start + period - 1`.

    values: float64[T]. The window is carried as an unevaluated pair of floats: as long as no
    addition to the lower one was inexact the pair is the true sum, else the window is summed anew.
    """
    n = len(values)
    out = np.full(n, np.nan)
    first = start + period - 1
    if first >= n:
        return out
    high = 0.0
    low = 0.0
    known = False
    for i in range(first, n):
        if known:
            exact = True
            for leaving in range(2):
                x = values[i] if leaving == 0 else -values[i - period]
                total = high + x
                part = total - high
                error = (high - (total - part)) + (x - part)
                lower = low + error
                part = lower - low
                if (low - (lower - part)) + (error - part) != 0.0:
                    exact = False
                high = total
                low = lower
            known = exact and np.isfinite(high) and np.isfinite(low)
        if known:
            out[i] = high + low
            continue
        total = exact_sum(values, i - period + 1, i + 1)
        out[i] = total
        if np.isfinite(total):
            # What rounding left out, summed again against the rounded total.
            high = total
            low = remainder(values, i - period + 1, i + 1, total)
            known = exact_pair(values, i - period + 1, i + 1, high, low)
    return out


@njit
def remainder(values, first, stop, total):
    """The sum of `values[first:stop]` minus `total`, rounded once."""
    rest = np.empty(stop - first + 1)
    for k in range(first, stop):
        rest[k - first] = values[k]
    rest[stop - first] = -total
    return exact_sum(rest, 0, len(rest))


@njit
def exact_pair(values, first, stop, high, low):
    """Whether `high + low` is the true sum of `values[first:stop]`."""
    rest = np.empty(stop - first + 2)
    for k in range(first, stop):
        rest[k - first] = values[k]
    rest[stop - first] = -high
    rest[stop - first + 1] = -low
    return exact_sum(rest, 0, len(rest)) == 0.0

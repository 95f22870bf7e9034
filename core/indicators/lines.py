"""Formulas between many lines at once: relative strength, stochastic, volume balance, crossings.

A line is one column from the first row to the last; results have one line for each task, and the
arrays `source`, `left`, `right`: int64[tasks] say which lines a task reads. So what several
results share is computed once and never copied.
"""

from __future__ import annotations

import functools

import numpy as np

from ..jit import njit, prange, threads_for

__all__ = [
    "above",
    "bands",
    "cross_series",
    "crossed_above",
    "differences",
    "equal",
    "on_balance_volume",
    "relative_strength",
    "rises_and_falls",
    "stochastic",
    "true_ranges",
]


def _over_tasks(function):
    """A kernel over tasks, which all threads share where there is much to do."""
    kernel = njit(parallel=True)(function)

    @functools.wraps(function)
    def run(lines, *others):
        tasks = max(len(a) for a in others if isinstance(a, np.ndarray) and a.ndim == 1)
        with threads_for(tasks * lines.shape[1]):
            return kernel(lines, *others)

    return run


@_over_tasks
def bands(means, deviations, source, factor):
    """Upper and lower: `factor[k]` deviations above and below a mean; float64[2, tasks, rows]."""
    tasks, rows = len(source), means.shape[1]
    out = np.empty((2, tasks, rows))
    for k in prange(tasks):
        mean = means[source[k]]
        deviation = deviations[source[k]]
        for i in range(rows):
            width = factor[k] * deviation[i]
            out[0, k, i] = mean[i] + width
            out[1, k, i] = mean[i] - width
    return out


@njit
def rises_and_falls(lines):
    """By how much each value is above or below the one before; float64[2, lines, rows].

    The first row has none (NaN), nor has a row where one of the two values is missing.
    """
    count, rows = lines.shape
    out = np.empty((2, count, rows))
    for k in range(count):
        for i in range(rows):
            change = lines[k, i] - lines[k, i - 1] if i > 0 else np.nan
            out[0, k, i] = 0.0 if change < 0.0 else change
            out[1, k, i] = 0.0 if change > 0.0 else abs(change)
    return out


@_over_tasks
def relative_strength(rises, falls, source):
    """100 - 100 / (1 + mean rise / mean fall); 100 without falls, NaN without either."""
    tasks, rows = len(source), rises.shape[1]
    out = np.empty((tasks, rows))
    for k in prange(tasks):
        rise = rises[source[k]]
        fall = falls[source[k]]
        for i in range(rows):
            out[k, i] = 100.0 - 100.0 / (1.0 + rise[i] / fall[i])
    return out


@_over_tasks
def stochastic(close, lowest, highest, source, extreme):
    """Where close stands between the lowest and the highest, in percent.

    close: float64[lines, rows], read at source[k]; lowest, highest: read at extreme[k].
    """
    tasks, rows = len(source), close.shape[1]
    out = np.empty((tasks, rows))
    for k in prange(tasks):
        value = close[source[k]]
        low = lowest[extreme[k]]
        high = highest[extreme[k]]
        for i in range(rows):
            out[k, i] = 100.0 * (value[i] - low[i]) / (high[i] - low[i])
    return out


@_over_tasks
def differences(lines, left, right):
    """One line less another; float64[tasks, rows]."""
    tasks, rows = len(left), lines.shape[1]
    out = np.empty((tasks, rows))
    for k in prange(tasks):
        one = lines[left[k]]
        other = lines[right[k]]
        for i in range(rows):
            out[k, i] = one[i] - other[i]
    return out


@njit
def true_ranges(high, low, close):
    """The largest of high - low and the distances of both from the close before; by line.

    The first row is high - low. A distance that is not known does not count.
    """
    count, rows = high.shape
    out = np.empty((count, rows))
    for k in range(count):
        for i in range(rows):
            largest = high[k, i] - low[k, i]
            if i > 0:
                up = abs(high[k, i] - close[k, i - 1])
                down = abs(low[k, i] - close[k, i - 1])
                largest = up if up > largest else largest
                largest = down if down > largest else largest
            out[k, i] = largest
    return out


@njit
def on_balance_volume(close, volume, negative, out):
    """Sum of volumes so far, those of falling closes subtracted and of equal ones left out.

    The first row's volume is added, as is that of a row whose close is unknown; a missing volume
    counts as 0. negative: the volumes with the other sign. volume, negative and out: [lines, rows],
    of the type that sums are kept in.
    """
    for k in range(close.shape[0]):
        total = out.dtype.type(0)
        for i in range(close.shape[1]):
            amount = volume[k, i]
            if i > 0:
                if close[k, i] < close[k, i - 1]:
                    amount = negative[k, i]
                elif close[k, i] == close[k, i - 1] and np.isfinite(close[k, i]):
                    amount = volume[k, i] - volume[k, i]
            if amount == amount:
                total += amount
            out[k, i] = total


@njit
def cross_series(a, b, wait, out):
    """Write to `out`, bool[rows], where `a` has risen above `b` that it was below, `wait` rows ago.

    Equal values neither end nor begin being below; where a value is missing all begins anew.
    """
    was_below = False
    above = -1
    for i in range(len(a)):
        x = a[i]
        y = b[i]
        if x > y:
            above += was_below
            out[i] = was_below and above == wait
            continue
        out[i] = False
        above = -1
        if x < y:
            was_below = True
        elif x != y:
            was_below = False


@_over_tasks
def crossed_above(one, left, other, right, wait):
    """True `wait` rows after a line rises above another that it was below; bool[tasks, rows].

    one: float64[·, rows], read at left[k]; other: read at right[k]. See `cross_series`.
    """
    tasks, rows = len(left), one.shape[1]
    out = np.empty((tasks, rows), np.bool_)
    for k in prange(tasks):
        cross_series(one[left[k]], other[right[k]], wait, out[k])
    return out


@_over_tasks
def above(one, left, other, right):
    """Where a line is above another; bool[tasks, rows]. Arguments as of `crossed_above`."""
    tasks, rows = len(left), one.shape[1]
    out = np.empty((tasks, rows), np.bool_)
    for k in prange(tasks):
        a = one[left[k]]
        b = other[right[k]]
        for i in range(rows):
            out[k, i] = a[i] > b[i]
    return out


@_over_tasks
def equal(one, left, other, right):
    """Where a line equals another; bool[tasks, rows]. Arguments as of `crossed_above`."""
    tasks, rows = len(left), one.shape[1]
    out = np.empty((tasks, rows), np.bool_)
    for k in prange(tasks):
        a = one[left[k]]
        b = other[right[k]]
        for i in range(rows):
            out[k, i] = a[i] == b[i]
    return out

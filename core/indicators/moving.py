"""Means, deviations and extremes over windows: many windows of many columns in one pass.

A *line* is one column from the first row to the last, contiguous. A *task* is one result: a
formula over one line with one window. All tasks of a call run in parallel, so a call with every
window of a search costs little more than writing its results. NaN is a value that is not there:
it fills no window, and a result with fewer than `least` values is NaN. Other infinities and large
numbers spoil a running sum from where they come on: that is part of each formula, since traders
compare averages with each other and the last bit decides which is above.
"""

from __future__ import annotations

import numpy as np

from ..jit import njit, prange, threads_for

__all__ = [
    "CUMULATIVE_MEAN",
    "DEVIATION",
    "EXPONENTIAL_DEVIATION",
    "EXPONENTIAL_MEAN",
    "HIGHEST",
    "LOWEST",
    "MEAN",
    "cumulative_mean",
    "exponential_deviation",
    "exponential_mean",
    "moving",
    "rolling_deviation",
    "rolling_extreme",
    "rolling_mean",
]

#: What a task computes.
MEAN, CUMULATIVE_MEAN, DEVIATION, EXPONENTIAL_MEAN, EXPONENTIAL_DEVIATION, LOWEST, HIGHEST = range(
    7
)

#: A sum of squares that falls by more than this factor in one step has lost its digits.
_DIGITS_LEFT = float(np.finfo(np.float64).eps) * 1e3

#: Tasks of means that one thread runs side by side: one sum waits for its last addition.
_SIDE_BY_SIDE = 4


def moving(
    formula: int | np.ndarray,
    lines: np.ndarray,
    source: np.ndarray,
    window: np.ndarray,
    least: np.ndarray | None = None,
    adjust: bool = False,
    freedom: int = 0,
) -> np.ndarray:
    """Compute tasks: float64[tasks, rows].

    formula: one of the constants above, for all tasks or for each. lines: float64[lines, rows].
    source: int64[tasks], which line. window: int64[tasks], rows of a window, or the span of an
    exponential weight. least: int64[tasks], values that a window must have; by default all of it.
    adjust: exponential weights are divided by their sum. freedom: subtracted from the number of
    values (of weights) in a deviation.
    """
    lines = np.ascontiguousarray(lines, np.float64)
    source = np.ascontiguousarray(source, np.int64)
    window = np.ascontiguousarray(window, np.int64)
    least = window if least is None else np.ascontiguousarray(least, np.int64)
    formulas = np.empty(len(source), np.int64)
    formulas[:] = formula
    out = np.empty((len(source), lines.shape[1]))
    order = np.argsort(source, kind="stable")
    with threads_for(out.size):
        _run(formulas, lines, source, window, least, adjust, freedom, order, out)
    return out


@njit(parallel=True)
def _run(formulas, lines, source, window, least, adjust, freedom, order, out):
    """Run all tasks in `order` (by lines), `_SIDE_BY_SIDE` at a time; see `moving`."""
    complete = np.empty(len(lines), np.bool_)
    for n in prange(len(lines)):
        complete[n] = _is_complete(lines[n])
    tasks = len(source)
    for block in prange((tasks + _SIDE_BY_SIDE - 1) // _SIDE_BY_SIDE):
        first = block * _SIDE_BY_SIDE
        stop = min(first + _SIDE_BY_SIDE, tasks)
        beside = order[first:stop]
        if len(beside) == _SIDE_BY_SIDE and _are_full_means(
            formulas, source, window, least, complete, beside
        ):
            _four_means(lines[source[beside[0]]], window, beside, out)
            continue
        for n in range(len(beside)):
            k = beside[n]
            line = lines[source[k]]
            if formulas[k] == MEAN:
                rolling_mean(line, window[k], least[k], out[k])
            elif formulas[k] == CUMULATIVE_MEAN:
                cumulative_mean(line, window[k], least[k], out[k])
            elif formulas[k] == DEVIATION:
                rolling_deviation(line, window[k], least[k], freedom, out[k])
            elif formulas[k] == EXPONENTIAL_MEAN:
                exponential_mean(line, window[k], least[k], adjust, out[k])
            elif formulas[k] == EXPONENTIAL_DEVIATION:
                exponential_deviation(line, window[k], least[k], adjust, freedom, out[k])
            else:
                rolling_extreme(line, window[k], least[k], formulas[k] == HIGHEST, out[k])


@njit
def _is_complete(line):
    """Whether no value is missing."""
    missing = 0
    for i in range(len(line)):
        missing += line[i] != line[i]
    return missing == 0


@njit
def _are_full_means(formulas, source, window, least, complete, tasks):
    """Whether these tasks are means over whole windows of one line without gaps."""
    for k in tasks:
        if (
            formulas[k] != MEAN
            or source[k] != source[tasks[0]]
            or not complete[source[k]]
            or least[k] != window[k]
            or window[k] < 1
        ):
            return False
    return True


@njit
def _four_means(line, window, tasks, out):
    """`rolling_mean` of four windows of a line that has no NaN, all values wanted."""
    rows = len(line)
    a, b, c, d = out[tasks[0]], out[tasks[1]], out[tasks[2]], out[tasks[3]]
    v, w, x, y = window[tasks[0]], window[tasks[1]], window[tasks[2]], window[tasks[3]]
    longest = min(max(v, w, x, y), rows)
    p = q = r = s = 0.0
    for i in range(longest):
        value = line[i]
        p += value
        q += value
        r += value
        s += value
        if i >= v:
            p -= line[i - v]
        if i >= w:
            q -= line[i - w]
        if i >= x:
            r -= line[i - x]
        if i >= y:
            s -= line[i - y]
        a[i] = p / v if i >= v - 1 else np.nan
        b[i] = q / w if i >= w - 1 else np.nan
        c[i] = r / x if i >= x - 1 else np.nan
        d[i] = s / y if i >= y - 1 else np.nan
    for i in range(longest, rows):
        value = line[i]
        p = p + value - line[i - v]
        q = q + value - line[i - w]
        r = r + value - line[i - x]
        s = s + value - line[i - y]
        a[i] = p / v
        b[i] = q / w
        c[i] = r / x
        d[i] = s / y


@njit
def rolling_mean(line, window, least, out):
    """Mean of the last `window` values by a running sum: the new value in, then the old one out."""
    total = 0.0
    count = 0
    for i in range(len(line)):
        value = line[i]
        if value == value:
            total += value
            count += 1
        if i >= window:
            value = line[i - window]
            if value == value:
                total -= value
                count -= 1
        out[i] = total / count if count >= least else np.nan


@njit
def cumulative_mean(line, window, least, out):
    """Mean of the last `window` values as the difference of two sums from the first row on.

    The sums are kept in the type of `line`.
    """
    sums = np.empty_like(line)
    counts = np.empty(len(line), np.int64)
    total = 0.0
    known = 0
    for i in range(len(line)):
        value = line[i]
        if value == value:
            total += value
            known += 1
        sums[i] = total
        counts[i] = known
        inside = total
        count = known
        if i >= window:
            inside = total - sums[i - window]
            count = known - counts[i - window]
        out[i] = inside / count if count >= least else np.nan


@njit
def rolling_deviation(line, window, least, freedom, out):
    """Standard deviation of the last `window` values, by Welford's updates in both directions.

    Divided by the number of values less `freedom`. Where an update leaves too few digits the
    window is taken up anew.
    """
    least = max(least, 1)
    count = 0.0
    mean = 0.0
    squares = 0.0
    carried_in = 0.0
    carried_out = 0.0
    for i in range(len(line)):
        anew = i == 0 or window == 0
        if not anew:
            lost = False
            if i >= window:
                value = line[i - window]
                if value == value:
                    count, mean, squares, carried_out, lost = _take_out(
                        value, count, mean, squares, carried_out
                    )
            value = line[i]
            if value == value:
                count, mean, squares, carried_in, anew = _take_in(
                    value, count, mean, squares, carried_in
                )
            anew = anew or lost
        if anew:
            count = mean = squares = carried_in = carried_out = 0.0
            for j in range(max(0, i - window + 1), i + 1):
                value = line[j]
                if value == value:
                    count, mean, squares, carried_in, anew = _take_in(
                        value, count, mean, squares, carried_in
                    )
        if count >= least and count > freedom:
            out[i] = np.sqrt(squares / (count - freedom))
        else:
            out[i] = np.nan


@njit(forceinline=True)
def _take_in(value, count, mean, squares, carried):
    """Welford's update by one more value, with the rounding of the mean carried on."""
    count += 1.0
    before = mean - carried
    exact = value - carried
    delta = exact - mean
    carried = delta + mean - exact
    mean += delta / count
    sum_before = squares
    squares += (value - before) * (value - mean)
    return count, mean, squares, carried, sum_before * _DIGITS_LEFT > squares


@njit(forceinline=True)
def _take_out(value, count, mean, squares, carried):
    """Welford's update by one value less."""
    count -= 1.0
    if count == 0.0:
        return count, 0.0, 0.0, carried, False
    before = mean - carried
    exact = value - carried
    delta = exact - mean
    carried = delta + mean - exact
    mean -= delta / count
    sum_before = squares
    squares -= (value - before) * (value - mean)
    return count, mean, squares, carried, sum_before * _DIGITS_LEFT > squares


@njit
def exponential_mean(line, span, least, adjust, out):
    """Mean with weights that fall by 1 - 2 / (span + 1) a row, rows without a value included.

    adjust: weights are divided by their sum; else each value moves the mean by the same share.
    """
    share = 1.0 / (1.0 + (span - 1) / 2.0)
    fall = 1.0 - share
    newest = 1.0 if adjust else share
    mean = np.nan
    weight = 1.0
    count = 0
    for i in range(len(line)):
        value = line[i]
        known = value == value
        count += known
        if mean == mean:
            weight *= fall
            if known:
                if mean != value:
                    mean = (weight * mean + newest * value) / (weight + newest)
                weight = weight + newest if adjust else 1.0
        elif known:
            mean = value
        out[i] = mean if count >= least else np.nan


@njit
def exponential_deviation(line, span, least, adjust, freedom, out):
    """Standard deviation with the weights of `exponential_mean`."""
    share = 1.0 / (1.0 + (span - 1) / 2.0)
    fall = 1.0 - share
    newest = 1.0 if adjust else share
    mean = np.nan
    variance = 0.0
    weight = weights = squared_weights = 1.0
    count = 0
    for i in range(len(line)):
        value = line[i]
        known = value == value
        count += known
        if mean == mean:
            weights *= fall
            squared_weights *= fall * fall
            weight *= fall
            if known:
                before = mean
                if mean != value:
                    mean = (weight * before + newest * value) / (weight + newest)
                variance = (
                    weight * (variance + (before - mean) * (before - mean))
                    + newest * ((value - mean) * (value - mean))
                ) / (weight + newest)
                weights += newest
                squared_weights += newest * newest
                weight += newest
                if not adjust:
                    weights /= weight
                    squared_weights /= weight * weight
                    weight = 1.0
        elif known:
            mean = value
        out[i] = np.nan
        if count > 0 and count >= least and np.isfinite(mean):
            if freedom == 0:
                out[i] = np.sqrt(variance)
            else:
                square = weights * weights
                rest = square - freedom * squared_weights
                if rest > 0.0:
                    out[i] = np.sqrt(square / rest * variance)


@njit
def rolling_extreme(line, window, least, high, out):
    """Highest (`high`) or lowest of the last `window` values.

    Kept in a queue: positions of the values that can still become the extreme of a window.
    """
    rows = len(line)
    queue = np.empty(rows, np.int64)
    front = back = 0
    count = 0
    for i in range(rows):
        value = line[i]
        if window == 0:
            out[i] = value if least <= 0 else np.nan
            continue
        if value == value:
            count += 1
            while back > front and (
                line[queue[back - 1]] < value if high else line[queue[back - 1]] > value
            ):
                back -= 1
            queue[back] = i
            back += 1
        if i >= window:
            old = line[i - window]
            count -= old == old
            if back > front and queue[front] <= i - window:
                front += 1
        out[i] = line[queue[front]] if count >= least and back > front else np.nan

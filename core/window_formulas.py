"""Formulas over moving windows of one asset's columns.

Each one takes `column` float64[rows] (or several), the window's `length`, and computes for every
day from `first` to before `stop`: the window of a day d is rows d to d + length - 1. Results go to
`out` float64[days] at d. NaN is a value that is not there.

The order of additions is part of a formula, as results are compared to the last bits and a window
of equal values must have a deviation of exactly what it had: "in order" adds row by row; "in
pairs" adds as numpy does over contiguous memory. The inner loops run over the days, each of which
has its own sum: the processor does several at once without changing any of them.
"""

from __future__ import annotations

import numpy as np

from .jit import njit

#: So many days are computed at once where the terms of a sum are written down: they fit the cache.
LANES = 64


@njit
def sum_in_pairs(terms, first, count, lanes, total):
    """Sums of the rows `terms[first:first + count]`, in the order in which numpy adds an array.

    terms: float64[rows, at least lanes]. total: float64[at least lanes], the sum of each column.
    """
    if count > 128:
        half = count // 2
        half -= half % 8
        rest = np.empty(lanes)
        sum_in_pairs(terms, first, half, lanes, total)
        sum_in_pairs(terms, first + half, count - half, lanes, rest)
        for j in range(lanes):
            total[j] += rest[j]
        return
    whole = count - count % 8
    if whole == 0:
        for j in range(lanes):
            total[j] = terms[first, j]
        whole = 1
    else:
        parts = np.empty((8, lanes))
        for k in range(8):
            _copy(terms[first + k], lanes, parts[k])
        for i in range(8, whole):
            _add(terms[first + i], lanes, parts[i % 8])
        for j in range(lanes):
            total[j] = ((parts[0, j] + parts[1, j]) + (parts[2, j] + parts[3, j])) + (
                (parts[4, j] + parts[5, j]) + (parts[6, j] + parts[7, j])
            )
    for i in range(whole, count):
        _add(terms[first + i], lanes, total)


@njit
def _copy(row, lanes, target):
    for j in range(lanes):
        target[j] = row[j]


@njit
def _add(row, lanes, target):
    for j in range(lanes):
        target[j] += row[j]


@njit
def sums(column, length, first, stop, total, count):
    """Sum in order and number of the values that are there, into float64[stop - first] each."""
    days = stop - first
    for j in range(days):
        total[j] = 0.0
        count[j] = 0.0
    for i in range(length):
        row = column[first + i : stop + i]
        for j in range(days):
            x = row[j]
            total[j] += x if x == x else 0.0
            count[j] += 1.0 if x == x else 0.0


@njit
def means(column, length, first, stop, mean, count):
    """Mean and number of the values that are there, into float64[stop - first] each."""
    sums(column, length, first, stop, mean, count)
    for j in range(stop - first):
        mean[j] = mean[j] / count[j] if count[j] > 0.0 else np.nan


@njit
def deviations(column, length, first, stop, mean, deviation):
    """Mean and population deviation of what is there, into float64[stop - first] each."""
    days = stop - first
    count = np.empty(days)
    means(column, length, first, stop, mean, count)
    for j in range(days):
        deviation[j] = 0.0
    for i in range(length):
        row = column[first + i : stop + i]
        for j in range(days):
            x = row[j]
            d = x - mean[j]
            deviation[j] += d * d if x == x else 0.0
    for j in range(days):
        deviation[j] = np.sqrt(deviation[j] / count[j]) if count[j] > 0.0 else np.nan


@njit
def extremes(column, length, first, stop, sign, best):
    """The highest value (sign 1.0) or the lowest (-1.0) that is there, into float64[stop - first].

    NaN if none is.
    """
    days = stop - first
    for j in range(days):
        best[j] = np.nan
    for i in range(length):
        row = column[first + i : stop + i]
        for j in range(days):
            x = row[j]
            kept = best[j]
            better = x * sign > kept * sign or (kept != kept)
            best[j] = x if better else kept


@njit
def full_extremes(column, length, first, stop, sign, best):
    """Like `extremes`, but NaN if any value of the window is."""
    days = stop - first
    for j in range(days):
        best[j] = column[first + j]
    for i in range(1, length):
        row = column[first + i : stop + i]
        for j in range(days):
            x = row[j]
            kept = best[j]
            best[j] = x if (x * sign > kept * sign or x != x) else kept


@njit
def places_of_extremes(column, length, first, stop, sign, place):
    """In which row of the window its first highest (or lowest) value is; -1 if none is there."""
    for day in range(first, stop):
        found = -1
        best = np.nan
        for i in range(length):
            x = column[day + i]
            if x == x and (found < 0 or x * sign > best * sign):
                best = x
                found = i
        place[day - first] = found


@njit
def write_last(column, length, first, stop, out):
    for day in range(first, stop):
        out[day] = column[day + length - 1]


@njit
def write_mean(column, length, first, stop, out):
    days = stop - first
    count = np.empty(days)
    means(column, length, first, stop, out[first:stop], count)


@njit
def write_deviation(column, length, first, stop, factor, out):
    days = stop - first
    mean = np.empty(days)
    deviations(column, length, first, stop, mean, out[first:stop])
    for day in range(first, stop):
        out[day] = out[day] * factor


@njit
def write_bands(column, length, first, stop, width, out):
    """Mean less `width` deviations, mean, and mean plus them, into three rows of `out`."""
    days = stop - first
    mean = np.empty(days)
    deviation = np.empty(days)
    deviations(column, length, first, stop, mean, deviation)
    for j in range(days):
        difference = width * deviation[j]
        out[0, first + j] = mean[j] - difference
        out[1, first + j] = mean[j]
        out[2, first + j] = mean[j] + difference


@njit
def write_change(column, length, first, stop, out):
    """Last value less first one, as a share of the first."""
    for day in range(first, stop):
        old = column[day]
        out[day] = (column[day + length - 1] - old) / old


@njit
def write_change_of_size(column, length, first, stop, out):
    """Last value less first one, as a share of the first one's size."""
    for day in range(first, stop):
        old = column[day]
        out[day] = (column[day + length - 1] - old) / abs(old)


@njit
def write_change_in_percent(column, length, first, stop, out):
    for day in range(first, stop):
        old = column[day]
        out[day] = ((column[day + length - 1] - old) / old) * 100.0


@njit
def write_weighted_value(values, weights, length, first, stop, out):
    """Sum of values times weights by sum of weights, what is not there left out of each."""
    days = stop - first
    products = np.zeros(days)
    total = np.zeros(days)
    for i in range(length):
        value = values[first + i : stop + i]
        weight = weights[first + i : stop + i]
        for j in range(days):
            w = weight[j]
            x = value[j] * w
            products[j] += x if x == x else 0.0
            total[j] += w if w == w else 0.0
    for j in range(days):
        out[first + j] = products[j] / total[j]


@njit
def write_turnover(values, amounts, length, first, stop, out):
    """Sum of values times amounts that are there, by the window's length."""
    days = stop - first
    products = np.zeros(days)
    for i in range(length):
        value = values[first + i : stop + i]
        amount = amounts[first + i : stop + i]
        for j in range(days):
            x = value[j] * amount[j]
            products[j] += x if x == x else 0.0
    for j in range(days):
        out[first + j] = products[j] / length


@njit
def write_linear_average(column, length, first, stop, out):
    """Weights 1 (oldest) to `length`, by the sum of all weights whether values are there or not."""
    days = stop - first
    products = np.zeros(days)
    for i in range(length):
        row = column[first + i : stop + i]
        for j in range(days):
            x = row[j] * (i + 1.0)
            products[j] += x if x == x else 0.0
    normalizer = length * (length + 1) / 2
    for j in range(days):
        out[first + j] = products[j] / normalizer


@njit
def weighted_averages(column, first, lanes, weights, length, terms, average):
    """The averages, in pairs, of the windows that begin at `first` to `first + lanes - 1`.

    NaN if a value of the window is. weights: float64[at least length + 1], the oldest value's
    first, the last of them followed by their sum. terms: float64[length, lanes] to work in.
    """
    for i in range(length):
        row = column[first + i : first + i + lanes]
        weight = weights[i]
        term = terms[i]
        for j in range(lanes):
            term[j] = row[j] * weight
    sum_in_pairs(terms, 0, length, lanes, average)
    for j in range(lanes):
        average[j] /= weights[length]


@njit
def write_weighted_average(column, length, first, stop, weights, out):
    """weights: float64[length + 1], oldest value's first, the last entry their sum."""
    terms = np.empty((length, LANES))
    for day in range(first, stop, LANES):
        lanes = min(LANES, stop - day)
        weighted_averages(column, day, lanes, weights, length, terms, out[day : day + lanes])


@njit
def write_weighted_deviation(column, length, first, stop, weights, out):
    """Deviation from the weighted average; weights as there, then the factor of its variance."""
    terms = np.empty((length, LANES))
    mean = np.empty(LANES)
    variance = np.empty(LANES)
    for day in range(first, stop, LANES):
        lanes = min(LANES, stop - day)
        weighted_averages(column, day, lanes, weights, length, terms, mean)
        for i in range(length):
            row = column[day + i : day + i + lanes]
            weight = weights[i]
            term = terms[i]
            for j in range(lanes):
                d = row[j] - mean[j]
                term[j] = (d * d) * weight
        sum_in_pairs(terms, 0, length, lanes, variance)
        for j in range(lanes):
            out[day + j] = np.sqrt(variance[j] / weights[length] * weights[length + 1])


@njit
def write_average_difference(column, first, stop, lengths_and_weights, out):
    """The average over `signal` days of a fast average less a slow one.

    The window is slow + signal - 1 rows. lengths_and_weights: fast, slow, signal; then the weights
    of the slow average, of the fast one, of the signal, each followed by its sum. Within a stretch
    of days each average is computed once.
    """
    fast = int(lengths_and_weights[0])
    slow = int(lengths_and_weights[1])
    signal = int(lengths_and_weights[2])
    of_slow = lengths_and_weights[3:]
    of_fast = of_slow[slow + 1 :]
    of_signal = of_fast[fast + 1 :]
    positions = stop - first + signal - 1
    difference = np.empty(positions)
    other = np.empty(LANES)
    terms = np.empty((max(slow, signal), LANES))
    for p in range(0, positions, LANES):
        lanes = min(LANES, positions - p)
        line = difference[p : p + lanes]
        weighted_averages(column, first + p + slow - fast, lanes, of_fast, fast, terms, line)
        weighted_averages(column, first + p, lanes, of_slow, slow, terms, other)
        for j in range(lanes):
            line[j] -= other[j]
    for j in range(0, stop - first, LANES):
        lanes = min(LANES, stop - first - j)
        line = out[first + j : first + j + lanes]
        weighted_averages(difference, j, lanes, of_signal, signal, terms, line)


@njit
def write_drawdown(column, length, first, stop, out):
    """The largest fall from a peak within the window, as a share of where it ended.

    Largest as an amount; of equal ones the first.
    """
    days = stop - first
    peak = np.full(days, np.nan)
    largest = np.full(days, -np.inf)
    end = np.full(days, np.nan)
    peak_then = np.full(days, np.nan)
    for i in range(length):
        row = column[first + i : stop + i]
        for j in range(days):
            x = row[j]
            high = peak[j]
            high = x if (x > high or high != high) else high
            fall = high - x
            deeper = fall > largest[j]
            peak[j] = high
            largest[j] = fall if deeper else largest[j]
            end[j] = x if deeper else end[j]
            peak_then[j] = high if deeper else peak_then[j]
    for j in range(days):
        out[first + j] = (peak_then[j] - end[j]) / end[j]


@njit
def write_relative_strength(column, length, first, stop, out):
    """100 less 100 / (1 + mean rise / mean fall), of the changes that are there."""
    days = stop - first
    rises = np.zeros(days)
    falls = np.zeros(days)
    count = np.zeros(days)
    for i in range(length - 1):
        row = column[first + i : stop + i]
        following = column[first + i + 1 : stop + i + 1]
        for j in range(days):
            d = following[j] - row[j]
            rises[j] += d if d > 0.0 else 0.0
            falls[j] += d if d < 0.0 else 0.0
            count[j] += 1.0 if d == d else 0.0
    for j in range(days):
        if count[j] > 0.0:
            strength = (rises[j] / count[j]) / abs(falls[j] / count[j])
            out[first + j] = 100.0 - (100.0 / (1.0 + strength))
        else:
            out[first + j] = np.nan


@njit
def write_stochastic(closes, lows, highs, length, first, stop, out):
    """Where the last close stands between the window's lowest low and highest high, 0 to 100."""
    days = stop - first
    highest = np.empty(days)
    lowest = np.empty(days)
    extremes(highs, length, first, stop, 1.0, highest)
    extremes(lows, length, first, stop, -1.0, lowest)
    for j in range(days):
        close = closes[first + j + length - 1]
        out[first + j] = ((close - lowest[j]) / (highest[j] - lowest[j])) * 100.0


@njit
def write_days_of_extremes(lows, highs, length, first, stop, asked, out):
    """Rows before the lowest low and before the highest high, in percent of the last row's number.

    Into two rows of `out`. Returns False where a window asked for, bool[days], has no low or high.
    """
    days = stop - first
    low = np.empty(days)
    high = np.empty(days)
    places_of_extremes(lows, length, first, stop, -1.0, low)
    places_of_extremes(highs, length, first, stop, 1.0, high)
    for j in range(days):
        if asked[first + j] and (low[j] < 0.0 or high[j] < 0.0):
            return False
        out[0, first + j] = (100.0 * low[j]) / (length - 1)
        out[1, first + j] = (100.0 * high[j]) / (length - 1)
    return True


@njit
def write_true_range(highs, lows, closes, first, stop, out):
    """The largest of high - low and their distances to the close before, of two rows."""
    for day in range(first, stop):
        high = highs[day + 1]
        low = lows[day + 1]
        best = high - low
        to_high = abs(high - closes[day])
        to_low = abs(low - closes[day])
        if best != best or to_high > best:
            best = to_high
        if best != best or to_low > best:
            best = to_low
        out[day] = best


@njit
def write_middles(highs, lows, length, back, first, stop, out):
    """Half way between highest high and lowest low of the window's last `back` rows."""
    days = stop - first
    skipped = length - back
    highest = np.empty(days)
    lowest = np.empty(days)
    full_extremes(highs, back, first + skipped, stop + skipped, 1.0, highest)
    full_extremes(lows, back, first + skipped, stop + skipped, -1.0, lowest)
    for j in range(days):
        out[first + j] = (highest[j] + lowest[j]) / 2.0


@njit
def write_cloud(highs, lows, closes, length, first, stop, rows, out):
    """The five lines of a cloud chart into five rows of `out`.

    rows: turning, base, back. Middle of the last `turning` rows, of the last `base` rows, the
    middle of these two, the middle of the window, and the close of the window's row `back`.
    """
    turning = int(rows[0])
    base = int(rows[1])
    back = int(rows[2])
    write_middles(highs, lows, length, turning, first, stop, out[0])
    write_middles(highs, lows, length, base, first, stop, out[1])
    write_middles(highs, lows, length, length, first, stop, out[3])
    for day in range(first, stop):
        out[2, day] = (out[0, day] + out[1, day]) / 2.0
        out[4, day] = closes[day + back]

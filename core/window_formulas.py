"""Formulas over moving windows of one asset's columns.

Each one takes `column` float64[rows] (or several), the window's `length`, and computes for every
day from `first` to before `stop`: the window of a day d is rows d to d + length - 1. Results go to
`out` float64[days] at d. NaN is a value that is not there.

The order of additions is part of a formula, as results are compared to the last bits and a window
of equal values must have a deviation of exactly what it had: "in order" adds row by row; "in
pairs" adds as numpy does over contiguous memory. In order, the inner loop runs over the days, each
of which has its own sum: the processor does several at once without changing any of them.
"""

from __future__ import annotations

import numpy as np

from .jit import njit


@njit
def sum_in_pairs(values, first, count):
    """The sum of `count` values from `first` on, in the order in which numpy adds an array."""
    if count < 8:
        total = -0.0
        for i in range(first, first + count):
            total += values[i]
        return total
    if count > 128:
        half = count // 2
        half -= half % 8
        return sum_in_pairs(values, first, half) + sum_in_pairs(values, first + half, count - half)
    s0, s1, s2, s3 = values[first], values[first + 1], values[first + 2], values[first + 3]
    s4, s5, s6, s7 = values[first + 4], values[first + 5], values[first + 6], values[first + 7]
    whole = count - count % 8
    for i in range(first + 8, first + whole, 8):
        s0 += values[i]
        s1 += values[i + 1]
        s2 += values[i + 2]
        s3 += values[i + 3]
        s4 += values[i + 4]
        s5 += values[i + 5]
        s6 += values[i + 6]
        s7 += values[i + 7]
    total = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))
    for i in range(first + whole, first + count):
        total += values[i]
    return total


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
def weighted_average(column, day, weights, first_weight, length, terms):
    """The average, in pairs, of a window with weights; NaN if any of its values is.

    weights: from `first_weight` on, then their sum. terms: float64[length] to work in.
    """
    for i in range(length):
        terms[i] = column[day + i] * weights[first_weight + i]
    return sum_in_pairs(terms, 0, length) / weights[first_weight + length]


@njit
def write_weighted_average(column, length, first, stop, weights, out):
    """weights: float64[length + 1], oldest value's first, the last entry their sum."""
    terms = np.empty(length)
    for day in range(first, stop):
        out[day] = weighted_average(column, day, weights, 0, length, terms)


@njit
def write_weighted_deviation(column, length, first, stop, weights, out):
    """Deviation from the weighted average; weights as there, then the factor of its variance."""
    terms = np.empty(length)
    for day in range(first, stop):
        mean = weighted_average(column, day, weights, 0, length, terms)
        for i in range(length):
            d = column[day + i] - mean
            terms[i] = (d * d) * weights[i]
        variance = sum_in_pairs(terms, 0, length) / weights[length]
        out[day] = np.sqrt(variance * weights[length + 1])


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
    weights = lengths_and_weights[3:]
    positions = stop - first + signal - 1
    difference = np.empty(positions)
    terms = np.empty(max(slow, signal))
    for p in range(positions):
        old = weighted_average(column, first + p, weights, 0, slow, terms)
        new = weighted_average(column, first + p + slow - fast, weights, slow + 1, fast, terms)
        difference[p] = new - old
    for j in range(stop - first):
        out[first + j] = weighted_average(difference, j, weights, slow + fast + 2, signal, terms)


@njit
def write_drawdown(column, length, first, stop, out):
    """The largest fall from a peak within the window, as a share of where it ended.

    Largest as an amount; of equal ones the first.
    """
    for day in range(first, stop):
        peak = np.nan
        largest = -np.inf
        peak_then = np.nan
        end = np.nan
        for i in range(length):
            x = column[day + i]
            if x != x:
                continue
            if peak != peak or x > peak:
                peak = x
            if peak - x > largest:
                largest = peak - x
                peak_then = peak
                end = x
        out[day] = (peak_then - end) / end


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

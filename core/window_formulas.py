"""Formulas over moving windows of columns; `rolling` gives them what they take.

A formula is formula(columns, length, first, stop, arguments, asked, out). columns: float64[inputs,
rows]. It computes the windows that begin at the rows from `first` to before `stop`; window d is
rows d to d + length - 1, its results go to out[:, d], float64[outputs, rows]. NaN is a value that
is not there. arguments: float64, numbers that the formula takes besides. asked: bool[rows], which
windows matter: a formula that costs much leaves out the others. A formula may have no value, not
even a missing one, for a window that is asked for: then it returns False, and out holds nothing.

The order of additions is part of a formula, as results are compared to the last bits and a window
of equal values must have a deviation of exactly what it had: "in order" adds row by row; "in
pairs" adds as numpy does over contiguous memory. The inner loops run over windows, each of which
has its own sum: the processor does several at once without changing any of them.
"""

from __future__ import annotations

import numpy as np

from .jit import njit

#: So many windows at once where the terms of a sum are written down: they fit the cache.
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
    parts = np.zeros((8, lanes))
    for i in range(whole):
        _add(terms[first + i], lanes, parts[i % 8])
    for j in range(lanes):
        total[j] = ((parts[0, j] + parts[1, j]) + (parts[2, j] + parts[3, j])) + (
            (parts[4, j] + parts[5, j]) + (parts[6, j] + parts[7, j])
        )
    for i in range(whole, count):
        _add(terms[first + i], lanes, total)


@njit
def _add(row, lanes, total):
    for j in range(lanes):
        total[j] += row[j]


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
def last(columns, length, first, stop, arguments, asked, out):
    """The last value of the window."""
    column = columns[0]
    line = out[0]
    for day in range(first, stop):
        line[day] = column[day + length - 1]


@njit
def mean(columns, length, first, stop, arguments, asked, out):
    """The mean of what is there, in order."""
    means(columns[0], length, first, stop, out[0, first:stop], np.empty(stop - first))


@njit
def deviation(columns, length, first, stop, arguments, asked, out):
    """The population deviation of what is there, times arguments[0]; in order."""
    line = out[0, first:stop]
    deviations(columns[0], length, first, stop, np.empty(stop - first), line)
    for j in range(stop - first):
        line[j] = line[j] * arguments[0]


@njit
def bands(columns, length, first, stop, arguments, asked, out):
    """The mean less arguments[0] deviations, the mean, and the mean plus them: three outputs."""
    days = stop - first
    mean = np.empty(days)
    deviation = np.empty(days)
    deviations(columns[0], length, first, stop, mean, deviation)
    for j in range(days):
        difference = arguments[0] * deviation[j]
        out[0, first + j] = mean[j] - difference
        out[1, first + j] = mean[j]
        out[2, first + j] = mean[j] + difference


@njit
def change(columns, length, first, stop, arguments, asked, out):
    """The last value less the first one, as a share of the first."""
    column = columns[0]
    line = out[0]
    for day in range(first, stop):
        old = column[day]
        line[day] = (column[day + length - 1] - old) / old


@njit
def change_of_size(columns, length, first, stop, arguments, asked, out):
    """The last value less the first one, as a share of the first one's size."""
    column = columns[0]
    line = out[0]
    for day in range(first, stop):
        old = column[day]
        line[day] = (column[day + length - 1] - old) / abs(old)


@njit
def change_in_percent(columns, length, first, stop, arguments, asked, out):
    """The last value less the first one, in percent of the first."""
    column = columns[0]
    line = out[0]
    for day in range(first, stop):
        old = column[day]
        line[day] = ((column[day + length - 1] - old) / old) * 100.0


@njit
def weighted_value(columns, length, first, stop, arguments, asked, out):
    """Sum of values times weights by sum of weights, what is not there left out of each.

    Columns: values, weights. In order.
    """
    values = columns[0]
    weights = columns[1]
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
        out[0, first + j] = products[j] / total[j]


@njit
def turnover(columns, length, first, stop, arguments, asked, out):
    """Sum of values times amounts that are there, by the window's length.

    Columns: values, amounts. In order.
    """
    values = columns[0]
    amounts = columns[1]
    days = stop - first
    products = np.zeros(days)
    for i in range(length):
        value = values[first + i : stop + i]
        amount = amounts[first + i : stop + i]
        for j in range(days):
            x = value[j] * amount[j]
            products[j] += x if x == x else 0.0
    for j in range(days):
        out[0, first + j] = products[j] / length


@njit
def linear_average(columns, length, first, stop, arguments, asked, out):
    """Weights 1 (oldest) to `length`, by the sum of all weights whether values are there or not.

    In order.
    """
    column = columns[0]
    days = stop - first
    products = np.zeros(days)
    for i in range(length):
        row = column[first + i : stop + i]
        for j in range(days):
            x = row[j] * (i + 1.0)
            products[j] += x if x == x else 0.0
    normalizer = length * (length + 1) / 2
    for j in range(days):
        out[0, first + j] = products[j] / normalizer


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
def weighted_average(columns, length, first, stop, arguments, asked, out):
    """The average with weights; NaN if a value is. In pairs.

    arguments: the weights, oldest value's first, and their sum.
    """
    line = out[0]
    terms = np.empty((length, LANES))
    for day in range(first, stop, LANES):
        lanes = min(LANES, stop - day)
        weighted_averages(columns[0], day, lanes, arguments, length, terms, line[day : day + lanes])


@njit
def weighted_deviation(columns, length, first, stop, arguments, asked, out):
    """The deviation from the weighted average; NaN if a value is. In pairs.

    arguments: the weights, oldest value's first, their sum, the factor of the variance.
    """
    column = columns[0]
    terms = np.empty((length, LANES))
    mean = np.empty(LANES)
    variance = np.empty(LANES)
    for day in range(first, stop, LANES):
        lanes = min(LANES, stop - day)
        weighted_averages(column, day, lanes, arguments, length, terms, mean)
        for i in range(length):
            row = column[day + i : day + i + lanes]
            weight = arguments[i]
            term = terms[i]
            for j in range(lanes):
                d = row[j] - mean[j]
                term[j] = (d * d) * weight
        sum_in_pairs(terms, 0, length, lanes, variance)
        for j in range(lanes):
            biased = variance[j] / arguments[length]
            out[0, day + j] = np.sqrt(biased * arguments[length + 1])


@njit
def average_difference(columns, length, first, stop, arguments, asked, out):
    """The average over `signal` rows of a fast average less a slow one; in pairs.

    The window is slow + signal - 1 rows. arguments: fast, slow, signal; then the weights of the
    slow average, of the fast one, of the signal, each followed by its sum. Each average is computed
    once, for all windows that take it.
    """
    column = columns[0]
    fast = int(arguments[0])
    slow = int(arguments[1])
    signal = int(arguments[2])
    of_slow = arguments[3:]
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
        line = out[0, first + j : first + j + lanes]
        weighted_averages(difference, j, lanes, of_signal, signal, terms, line)


@njit
def drawdown(columns, length, first, stop, arguments, asked, out):
    """The largest fall from a peak within the window, as a share of where it ended.

    Largest as an amount; of equal ones the first.
    """
    column = columns[0]
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
        out[0, first + j] = (peak_then[j] - end[j]) / end[j]


@njit
def relative_strength(columns, length, first, stop, arguments, asked, out):
    """100 less 100 / (1 + mean rise / mean fall), of the changes that are there; in order."""
    column = columns[0]
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
        strength = (rises[j] / count[j]) / abs(falls[j] / count[j])
        out[0, first + j] = 100.0 - (100.0 / (1.0 + strength))


@njit
def stochastic(columns, length, first, stop, arguments, asked, out):
    """Where the last close stands between the window's lowest low and highest high, 0 to 100.

    Columns: closes, lows, highs.
    """
    closes = columns[0]
    days = stop - first
    highest = np.empty(days)
    lowest = np.empty(days)
    extremes(columns[2], length, first, stop, 1.0, highest)
    extremes(columns[1], length, first, stop, -1.0, lowest)
    for j in range(days):
        close = closes[first + j + length - 1]
        out[0, first + j] = ((close - lowest[j]) / (highest[j] - lowest[j])) * 100.0


@njit
def days_of_extremes(columns, length, first, stop, arguments, asked, out):
    """Rows before the lowest low and before the highest high, in percent of the last row's number.

    Columns: lows, highs. Two outputs. No value where there is no low or no high.
    """
    days = stop - first
    low = np.empty(days)
    high = np.empty(days)
    places_of_extremes(columns[0], length, first, stop, -1.0, low)
    places_of_extremes(columns[1], length, first, stop, 1.0, high)
    for j in range(days):
        if asked[first + j] and (low[j] < 0.0 or high[j] < 0.0):
            return False
        out[0, first + j] = (100.0 * low[j]) / (length - 1)
        out[1, first + j] = (100.0 * high[j]) / (length - 1)
    return True


@njit
def true_range(columns, length, first, stop, arguments, asked, out):
    """The largest of high - low and their distances to the close before, of two rows.

    Columns: highs, lows, closes.
    """
    highs = columns[0]
    lows = columns[1]
    closes = columns[2]
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
        out[0, day] = best


@njit
def _middles(columns, length, back, first, stop, out):
    """Half way between highest high and lowest low of the window's last `back` rows."""
    skipped = length - back
    lowest = np.empty(stop - first)
    full_extremes(columns[0], back, first + skipped, stop + skipped, 1.0, out[first:stop])
    full_extremes(columns[1], back, first + skipped, stop + skipped, -1.0, lowest)
    for j in range(stop - first):
        out[first + j] = (out[first + j] + lowest[j]) / 2.0


@njit
def cloud(columns, length, first, stop, arguments, asked, out):
    """The five lines of a cloud chart; NaN where a price that they need is missing.

    Columns: highs, lows, closes. arguments: turning, base, back. Outputs: the middle of the last
    `turning` rows, of the last `base` rows, the middle of these two, the middle of the window, and
    the close of the window's row `back`.
    """
    back = int(arguments[2])
    _middles(columns, length, int(arguments[0]), first, stop, out[0])
    _middles(columns, length, int(arguments[1]), first, stop, out[1])
    _middles(columns, length, length, first, stop, out[3])
    for day in range(first, stop):
        out[2, day] = (out[0, day] + out[1, day]) / 2.0
        out[4, day] = columns[2, day + back]

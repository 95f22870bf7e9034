"""Slopes, correlations and regressions over moving windows of two columns.

As in `window_formulas`: float64[rows] columns, the window of day d is rows d to d + length - 1,
results at d. What costs much is computed only on days that are `asked` for, bool[days].
"""

from __future__ import annotations

import numpy as np

from .jit import njit
from .ranking import AVERAGE, write_ranks
from .special import two_sided_t
from .window_formulas import sum_in_pairs


@njit
def write_slope(values, against, length, first, stop, allowed_missing, out):
    """The slope of `values` against another column, over the rows where both are there.

    NaN where more than `allowed_missing` rows of the window lack one of them. Sums are in order.
    """
    days = stop - first
    count = np.zeros(days)
    mean = np.zeros(days)
    for i in range(length):
        y_row = values[first + i : stop + i]
        x_row = against[first + i : stop + i]
        for j in range(days):
            x = x_row[j]
            known = y_row[j] == y_row[j] and x == x
            mean[j] += x if known else 0.0
            count[j] += 1.0 if known else 0.0
    covariance = np.zeros(days)
    variance = np.zeros(days)
    for j in range(days):
        mean[j] = mean[j] / count[j] if count[j] > 0.0 else np.nan
    for i in range(length):
        y_row = values[first + i : stop + i]
        x_row = against[first + i : stop + i]
        for j in range(days):
            y = y_row[j]
            d = x_row[j] - mean[j]
            product = d * y
            square = d * d
            covariance[j] += product if product == product else 0.0
            variance[j] += square if product == product else 0.0
    for j in range(days):
        if length - count[j] > allowed_missing or count[j] == 0.0:
            out[first + j] = np.nan
        else:
            out[first + j] = (covariance[j] / count[j]) / (variance[j] / count[j])


@njit
def write_correlation(left, right, length, first, stop, asked, out):
    """Pearson's correlation; NaN if any value is. Sums are in pairs."""
    a = np.empty(length)
    b = np.empty(length)
    terms = np.empty(length)
    for day in range(first, stop):
        if not asked[day]:
            continue
        a_mean = sum_in_pairs(left, day, length) / length
        b_mean = sum_in_pairs(right, day, length) / length
        for i in range(length):
            a[i] = left[day + i] - a_mean
            b[i] = right[day + i] - b_mean
        for i in range(length):
            terms[i] = a[i] * a[i]
        a_variance = sum_in_pairs(terms, 0, length) / length
        for i in range(length):
            terms[i] = b[i] * b[i]
        b_variance = sum_in_pairs(terms, 0, length) / length
        for i in range(length):
            terms[i] = b[i] * a[i]
        covariance = sum_in_pairs(terms, 0, length) / length
        out[day] = covariance / np.sqrt(b_variance * a_variance)


@njit
def write_rank_correlation(left, right, length, first, stop, asked, out):
    """Spearman's correlation of average ranks; NaN if any value is, or all of a side are equal."""
    a = np.empty(length)
    b = np.empty(length)
    order = np.empty(length, np.int64)
    room = np.empty(length, np.int64)
    middle = 0.5 * (length + 1)
    for day in range(first, stop):
        if not asked[day]:
            continue
        out[day] = np.nan
        if _any_missing(left, day, length) or _any_missing(right, day, length):
            continue
        if _all_equal(left, day, length) or _all_equal(right, day, length):
            continue
        write_ranks(left[day : day + length], length, AVERAGE, order, room, a)
        write_ranks(right[day : day + length], length, AVERAGE, order, room, b)
        a_square = 0.0
        b_square = 0.0
        product = 0.0
        for i in range(length):
            d = a[i] - middle
            e = b[i] - middle
            a_square += d * d
            b_square += e * e
            product += d * e
        freedom = length - 1.0
        r = (product / freedom) / np.sqrt(b_square / freedom) / np.sqrt(a_square / freedom)
        out[day] = min(max(r, -1.0), 1.0)


@njit
def _any_missing(values, first, count):
    missing = False
    for i in range(first, first + count):
        missing = missing or values[i] != values[i]
    return missing


@njit
def _all_equal(values, first, count):
    lowest = highest = values[first]
    for i in range(first, first + count):
        lowest = min(lowest, values[i])
        highest = max(highest, values[i])
    return lowest == highest


@njit
def write_regression(values, against, length, first, stop, asked, out):
    """The line of least squares of `values` against another column, into five rows of `out`.

    These are: value at 0, slope, correlation, two-sided p-value of no slope, standard error of the
    slope; NaN if any value is. Returns False if on a day asked for all values of the other column
    are equal: there is no line.
    """
    x = np.empty(length)
    y = np.empty(length)
    for day in range(first, stop):
        if not asked[day]:
            continue
        if _any_missing(values, day, length) or _any_missing(against, day, length):
            for k in range(5):
                out[k, day] = np.nan
            continue
        if _all_equal(against, day, length):
            return False
        x_mean = sum_in_pairs(against, day, length) / length
        y_mean = sum_in_pairs(values, day, length) / length
        x_square = 0.0
        y_square = 0.0
        product = 0.0
        for i in range(length):
            x[i] = against[day + i] - x_mean
            y[i] = values[day + i] - y_mean
        for i in range(length):
            x_square += x[i] * x[i]
            y_square += y[i] * y[i]
            product += x[i] * y[i]
        x_square /= length
        y_square /= length
        product /= length
        if x_square == 0.0 or y_square == 0.0:
            r = np.nan if product == 0.0 else 0.0
        else:
            r = product / np.sqrt(x_square * y_square)
            r = 1.0 if r > 1.0 else -1.0 if r < -1.0 else r
        slope = product / x_square
        out[0, day] = y_mean - slope * x_mean
        out[1, day] = slope
        out[2, day] = r
        if length == 2:
            out[3, day] = 1.0 if values[day] == values[day + 1] else 0.0
            out[4, day] = 0.0
        else:
            freedom = length - 2.0
            t = r * np.sqrt(freedom / ((1.0 - r + 1e-20) * (1.0 + r + 1e-20)))
            out[3, day] = two_sided_t(t, freedom)
            out[4, day] = np.sqrt((1.0 - r * r) * y_square / x_square / freedom)
    return True

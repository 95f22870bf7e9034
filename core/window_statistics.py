"""Slopes, correlations and regressions over moving windows of two columns.

Formulas as those of `window_formulas`, where it says what they take.
"""

from __future__ import annotations

import numpy as np

from .jit import njit
from .ranking import AVERAGE, write_ranks
from .special import two_sided_t
from .window_formulas import LANES, sum_in_pairs


@njit
def slope(columns, length, first, stop, arguments, asked, out):
    """The slope of one column against another, over the rows where both are there; in order.

    NaN where more than arguments[0] rows of the window lack one of them.
    """
    values = columns[0]
    against = columns[1]
    allowed_missing = arguments[0]
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
            out[0, first + j] = np.nan
        else:
            out[0, first + j] = (covariance[j] / count[j]) / (variance[j] / count[j])


@njit
def correlation(columns, length, first, stop, arguments, asked, out):
    """Pearson's correlation of two columns; NaN if any value is. In pairs."""
    a = np.empty((length, LANES))
    b = np.empty((length, LANES))
    terms = np.empty((length, LANES))
    a_variance = np.empty(LANES)
    b_variance = np.empty(LANES)
    covariance = np.empty(LANES)
    for day in range(first, stop, LANES):
        lanes = min(LANES, stop - day)
        _residuals(columns[0], day, length, lanes, a)
        _residuals(columns[1], day, length, lanes, b)
        _mean_products(a, a, length, lanes, terms, a_variance)
        _mean_products(b, b, length, lanes, terms, b_variance)
        _mean_products(b, a, length, lanes, terms, covariance)
        for j in range(lanes):
            out[0, day + j] = covariance[j] / np.sqrt(b_variance[j] * a_variance[j])


@njit
def _residuals(column, day, length, lanes, rows):
    """The windows of `lanes` days less their means, one in each column of `rows`; the means."""
    mean = np.empty(lanes)
    for i in range(length):
        row = column[day + i : day + i + lanes]
        target = rows[i]
        for j in range(lanes):
            target[j] = row[j]
    sum_in_pairs(rows, 0, length, lanes, mean)
    for j in range(lanes):
        mean[j] /= length
    for i in range(length):
        target = rows[i]
        for j in range(lanes):
            target[j] -= mean[j]
    return mean


@njit
def _mean_products(one, other, length, lanes, terms, mean):
    for i in range(length):
        left = one[i]
        right = other[i]
        target = terms[i]
        for j in range(lanes):
            target[j] = left[j] * right[j]
    sum_in_pairs(terms, 0, length, lanes, mean)
    for j in range(lanes):
        mean[j] /= length


@njit
def rank_correlation(columns, length, first, stop, arguments, asked, out):
    """Spearman's correlation of average ranks; NaN if any value is, or all of a side are equal."""
    left = columns[0]
    right = columns[1]
    a = np.empty(length)
    b = np.empty(length)
    order = np.empty(length, np.int64)
    middle = 0.5 * (length + 1)
    for day in range(first, stop):
        if not asked[day]:
            continue
        out[0, day] = np.nan
        if _any_missing(left, day, length) or _any_missing(right, day, length):
            continue
        if _all_equal(left, day, length) or _all_equal(right, day, length):
            continue
        write_ranks(left[day : day + length], length, AVERAGE, order, a)
        write_ranks(right[day : day + length], length, AVERAGE, order, b)
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
        out[0, day] = min(max(r, -1.0), 1.0)


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
def regression(columns, length, first, stop, arguments, asked, out):
    """The line of least squares of one column against another: five outputs, NaN if a value is.

    The value at 0, the slope, the correlation, the two-sided p-value of no slope, and the standard
    error of the slope. No value where all values of the other column are equal: there is no line.
    """
    values = columns[0]
    against = columns[1]
    x = np.empty((length, 1))
    y = np.empty((length, 1))
    for day in range(first, stop):
        if not asked[day]:
            continue
        if _any_missing(values, day, length) or _any_missing(against, day, length):
            for k in range(5):
                out[k, day] = np.nan
            continue
        if _all_equal(against, day, length):
            return False
        x_mean = _residuals(against, day, length, 1, x)[0]
        y_mean = _residuals(values, day, length, 1, y)[0]
        x_square = 0.0
        y_square = 0.0
        product = 0.0
        for i in range(length):
            x_square += x[i, 0] * x[i, 0]
            y_square += y[i, 0] * y[i, 0]
            product += x[i, 0] * y[i, 0]
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

"""Columns of a matrix, one by one: shifted, filled, cumulated, reduced.

Functions of one series (`_series`) and of a matrix of rows x columns, for compiled callers and
plain ones. A NaN is a value that is not there.
"""

from __future__ import annotations

import numpy as np

from .indicators.lines import cross_series
from .indicators.moving import (
    exponential_deviation,
    exponential_mean,
    rolling_deviation,
    rolling_extreme,
    rolling_mean,
)
from .jit import njit


@njit
def _like(a, value):
    """A copy of `a`, wide enough for the value as well."""
    return np.where(np.zeros(a.shape, np.bool_), value, a)


@njit
def shuffle_series(a, seed=None):
    """The values in random order; seed: of the compiler's generator."""
    if seed is not None:
        np.random.seed(seed)  # noqa: NPY002 - the compiler has no other
    return np.random.permutation(a)  # noqa: NPY002


@njit
def shuffle(a, seed=None):
    """Each column in a random order of its own, drawn from the first column to the last."""
    if seed is not None:
        np.random.seed(seed)  # noqa: NPY002 - the compiler has no other
    out = np.empty_like(a)
    for k in range(a.shape[1]):
        out[:, k] = np.random.permutation(a[:, k])  # noqa: NPY002
    return out


@njit
def replace(a, mask, value):
    """`value` (a number, or an array like `a`) where the mask is set."""
    return np.where(mask, value, a)


@njit
def fill(a, value):
    """`value` where nothing is known."""
    return np.where(np.isnan(a), value, a)


@njit
def earlier_series(a, n=1, value=np.nan):
    """Values moved `n` rows back in time; the last rows are `value`."""
    out = _like(a, value)
    for i in range(len(a)):
        if i + n < len(a):
            out[i] = a[i + n]
        else:
            out[i] = value
    return out


@njit
def earlier(a, n=1, value=np.nan):
    """`earlier_series` of each column."""
    out = _like(a, value)
    for i in range(a.shape[0]):
        for k in range(a.shape[1]):
            if i + n < a.shape[0]:
                out[i, k] = a[i + n, k]
            else:
                out[i, k] = value
    return out


@njit
def later_series(a, n=1, value=np.nan):
    """Values moved `n` rows on in time; the first rows are `value`."""
    out = _like(a, value)
    for i in range(len(a)):
        if i >= n:
            out[i] = a[i - n]
        else:
            out[i] = value
    return out


@njit
def later(a, n=1, value=np.nan):
    """`later_series` of each column."""
    out = _like(a, value)
    for i in range(a.shape[0]):
        for k in range(a.shape[1]):
            if i >= n:
                out[i, k] = a[i - n, k]
            else:
                out[i, k] = value
    return out


@njit
def difference_series(a, n=1):
    """What a value is above the one `n` rows before; NaN in the first rows."""
    out = np.full(len(a), np.nan)
    for i in range(n, len(a)):
        out[i] = a[i] - a[i - n]
    return out


@njit
def difference(a, n=1):
    """`difference_series` of each column."""
    out = np.full(a.shape, np.nan)
    for i in range(n, a.shape[0]):
        for k in range(a.shape[1]):
            out[i, k] = a[i, k] - a[i - n, k]
    return out


@njit
def change_series(a, n=1):
    """A value over the one `n` rows before, less one; NaN in the first rows."""
    out = np.full(len(a), np.nan)
    for i in range(n, len(a)):
        out[i] = a[i] / a[i - n] - 1.0
    return out


@njit
def change(a, n=1):
    """`change_series` of each column."""
    out = np.full(a.shape, np.nan)
    for i in range(n, a.shape[0]):
        for k in range(a.shape[1]):
            out[i, k] = a[i, k] / a[i - n, k] - 1.0
    return out


@njit
def fill_forward_series(a):
    """The last known value where nothing is known."""
    out = np.empty(len(a), a.dtype)
    last = a[0]
    for i in range(len(a)):
        if not np.isnan(a[i]):
            last = a[i]
        out[i] = last
    return out


@njit
def fill_forward(a):
    """`fill_forward_series` of each column."""
    out = np.empty(a.shape, a.dtype)
    for k in range(a.shape[1]):
        last = a[0, k]
        for i in range(a.shape[0]):
            if not np.isnan(a[i, k]):
                last = a[i, k]
            out[i, k] = last
    return out


@njit
def fill_backward_series(a):
    """The next known value where nothing is known."""
    out = np.empty(len(a), a.dtype)
    following = a[-1]
    for i in range(len(a) - 1, -1, -1):
        if not np.isnan(a[i]):
            following = a[i]
        out[i] = following
    return out


@njit
def fill_backward(a):
    """`fill_backward_series` of each column."""
    out = np.empty(a.shape, a.dtype)
    for k in range(a.shape[1]):
        following = a[-1, k]
        for i in range(a.shape[0] - 1, -1, -1):
            if not np.isnan(a[i, k]):
                following = a[i, k]
            out[i, k] = following
    return out


@njit
def cumulative_sum(a):
    """Running sums of each column, over what is known."""
    out = np.empty(a.shape, a.dtype)
    for k in range(a.shape[1]):
        total = np.zeros(1, a.dtype)
        for i in range(a.shape[0]):
            if not np.isnan(a[i, k]):
                total[0] += a[i, k]
            out[i, k] = total[0]
    return out


@njit
def cumulative_product(a):
    """Running products of each column, over what is known."""
    out = np.empty(a.shape, a.dtype)
    for k in range(a.shape[1]):
        total = np.ones(1, a.dtype)
        for i in range(a.shape[0]):
            if not np.isnan(a[i, k]):
                total[0] *= a[i, k]
            out[i, k] = total[0]
    return out


@njit
def deviation_series(a, freedom=0):
    """Standard deviation of what is known, NaN where `freedom` leaves nothing."""
    count = np.sum(~np.isnan(a))
    left = max(count - freedom, 0)
    return np.sqrt(np.nanvar(a) * count / left) if left else np.nan


@njit
def deviation(a, freedom=0):
    """`deviation_series` of each column."""
    out = np.empty(a.shape[1])
    for k in range(a.shape[1]):
        out[k] = deviation_series(a[:, k], freedom)
    return out


@njit
def _least(window, least):
    if least is None:
        return window
    if least > window:
        raise ValueError("minp must be <= window")
    return least


@njit
def rolling_lowest_series(a, window, least=None):
    """`rolling_lowest` of one series."""
    out = np.empty(len(a))
    rolling_extreme(a, window, _least(window, least), False, out)
    return out


@njit
def rolling_highest_series(a, window, least=None):
    """`rolling_highest` of one series."""
    out = np.empty(len(a))
    rolling_extreme(a, window, _least(window, least), True, out)
    return out


@njit
def rolling_mean_series(a, window, least=None):
    """`rolling_average` of one series."""
    out = np.empty(len(a))
    rolling_mean(a, window, _least(window, least), out)
    return out


@njit
def rolling_deviation_series(a, window, least=None, freedom=0):
    """`rolling_spread` of one series."""
    out = np.empty(len(a))
    rolling_deviation(a, window, _least(window, least), freedom, out)
    return out


@njit
def exponential_mean_series(a, span, least=0, adjust=False):
    """`weighted_average` of one series."""
    out = np.empty(len(a))
    exponential_mean(a, span, _least(span, least), adjust, out)
    return out


@njit
def exponential_deviation_series(a, span, least=0, adjust=False, freedom=0):
    """`weighted_spread` of one series."""
    out = np.empty(len(a))
    exponential_deviation(a, span, _least(span, least), adjust, freedom, out)
    return out


@njit
def rolling_lowest(a, window, least=None):
    """Lowest of the last `window` rows at each, where `least` of them (None: all) are known."""
    out = np.empty(a.shape[::-1])
    for k in range(a.shape[1]):
        rolling_extreme(a[:, k], window, _least(window, least), False, out[k])
    return out.T


@njit
def rolling_highest(a, window, least=None):
    """Highest of the last `window` rows; see `rolling_lowest`."""
    out = np.empty(a.shape[::-1])
    for k in range(a.shape[1]):
        rolling_extreme(a[:, k], window, _least(window, least), True, out[k])
    return out.T


@njit
def rolling_average(a, window, least=None):
    """Mean of the last `window` rows; see `rolling_lowest`."""
    out = np.empty(a.shape[::-1])
    for k in range(a.shape[1]):
        rolling_mean(a[:, k], window, _least(window, least), out[k])
    return out.T


@njit
def rolling_spread(a, window, least=None, freedom=0):
    """Standard deviation of the last `window` rows; see `rolling_lowest`."""
    out = np.empty(a.shape[::-1])
    for k in range(a.shape[1]):
        rolling_deviation(a[:, k], window, _least(window, least), freedom, out[k])
    return out.T


@njit
def weighted_average(a, span, least=0, adjust=False):
    """Mean with weights that fall by 1 - 2 / (span + 1) a row."""
    out = np.empty(a.shape[::-1])
    for k in range(a.shape[1]):
        exponential_mean(a[:, k], span, _least(span, least), adjust, out[k])
    return out.T


@njit
def weighted_spread(a, span, least=0, adjust=False, freedom=0):
    """Standard deviation with the weights of `weighted_average`."""
    out = np.empty(a.shape[::-1])
    for k in range(a.shape[1]):
        exponential_deviation(a[:, k], span, _least(span, least), adjust, freedom, out[k])
    return out.T


@njit
def cumulative_highest(a, least=1):
    """Highest known value so far, where `least` are known."""
    return rolling_highest(a, max(a.shape[0], least), least)


@njit
def cumulative_lowest(a, least=1):
    """Lowest known value so far, where `least` are known."""
    return rolling_lowest(a, max(a.shape[0], least), least)


@njit
def cumulative_average(a, least=1):
    """Mean of what is known so far, where `least` values are."""
    return rolling_average(a, max(a.shape[0], least), least)


@njit
def cumulative_spread(a, least=1, freedom=0):
    """Standard deviation of what is known so far, where `least` values are."""
    return rolling_spread(a, max(a.shape[0], least), least, freedom)


@njit
def known(a):
    """How many values of each column are known."""
    out = np.zeros(a.shape[1], np.int64)
    for k in range(a.shape[1]):
        for i in range(a.shape[0]):
            out[k] += not np.isnan(a[i, k])
    return out


@njit
def product(a):
    """Product of what is known, for each column."""
    out = np.empty(a.shape[1], a.dtype)
    for k in range(a.shape[1]):
        total = np.ones(1, a.dtype)
        for i in range(a.shape[0]):
            if not np.isnan(a[i, k]):
                total[0] *= a[i, k]
        out[k] = total[0]
    return out


@njit
def total(a):
    """Sum of what is known, for each column."""
    out = np.zeros(a.shape[1], a.dtype)
    for k in range(a.shape[1]):
        for i in range(a.shape[0]):
            if not np.isnan(a[i, k]):
                out[k] += a[i, k]
    return out


@njit
def lowest(a):
    """Lowest known value of each column."""
    out = np.empty(a.shape[1], a.dtype)
    for k in range(a.shape[1]):
        out[k] = np.nanmin(a[:, k])
    return out


@njit
def highest(a):
    """Highest known value of each column."""
    out = np.empty(a.shape[1], a.dtype)
    for k in range(a.shape[1]):
        out[k] = np.nanmax(a[:, k])
    return out


@njit
def average(a):
    """Mean of what is known, for each column."""
    out = np.empty(a.shape[1])
    for k in range(a.shape[1]):
        out[k] = np.nanmean(a[:, k])
    return out


@njit
def middle(a):
    """Median of what is known, for each column."""
    out = np.empty(a.shape[1])
    for k in range(a.shape[1]):
        out[k] = np.nanmedian(a[:, k])
    return out


@njit
def place_of_lowest(a):
    """Where the lowest known value of a series is; ValueError without any."""
    best = -1
    for i in range(len(a)):
        if not np.isnan(a[i]) and (best < 0 or a[i] < a[best]):
            best = i
    if best < 0:
        raise ValueError("no value of the series is known")
    return best


@njit
def place_of_highest(a):
    """Where the highest known value of a series is; ValueError without any."""
    best = -1
    for i in range(len(a)):
        if not np.isnan(a[i]) and (best < 0 or a[i] > a[best]):
            best = i
    if best < 0:
        raise ValueError("no value of the series is known")
    return best


@njit
def description(a, fractions, freedom):
    """Count, mean, standard deviation, lowest, the quantiles, highest of a series."""
    some = a[~np.isnan(a)]
    out = np.full(5 + len(fractions), np.nan)
    out[0] = len(some)
    if len(some) > 0:
        out[1] = np.mean(some)
        out[2] = deviation_series(some, freedom)
        out[3] = np.min(some)
        out[4:-1] = np.percentile(some, fractions * 100)
        out[-1] = np.max(some)
    return out


@njit
def flatten_groups(a, lengths, by_rows):
    """Each group of columns as one column, row by row or column by column.

    Shorter groups than the longest have NaN where columns are missing; see `flatten_even_groups`.
    """
    most = np.max(lengths)
    out = np.full((a.shape[0] * most, len(lengths)), np.nan)
    first = 0
    for g in range(len(lengths)):
        for k in range(lengths[g]):
            for i in range(a.shape[0]):
                out[i * most + k if by_rows else k * a.shape[0] + i, g] = a[i, first + k]
        first += lengths[g]
    return out


@njit
def flatten_even_groups(a, lengths, by_rows):
    """`flatten_groups` of groups of one length, in the type of `a`."""
    most = np.max(lengths)
    out = np.empty((a.shape[0] * most, len(lengths)), a.dtype)
    first = 0
    for g in range(len(lengths)):
        for k in range(lengths[g]):
            for i in range(a.shape[0]):
                out[i * most + k if by_rows else k * a.shape[0] + i, g] = a[i, first + k]
        first += lengths[g]
    return out


@njit
def count_codes(codes, n_codes, lengths):
    """codes x groups: how often each code stands in the columns of a group."""
    out = np.zeros((n_codes, len(lengths)), np.int64)
    first = 0
    for g in range(len(lengths)):
        for k in range(first, first + lengths[g]):
            for i in range(codes.shape[0]):
                out[codes[i, k], g] += 1
        first += lengths[g]
    return out


@njit
def crossing_series(a, b, wait=0):
    """bool[rows]: see `indicators.lines.cross_series`."""
    out = np.empty(len(a), np.bool_)
    cross_series(a, b, wait, out)
    return out


@njit
def crossing(a, b, wait=0):
    """`crossing_series` of each column."""
    out = np.empty(a.shape[::-1], np.bool_)
    for k in range(a.shape[1]):
        cross_series(a[:, k], b[:, k], wait, out[k])
    return out.T

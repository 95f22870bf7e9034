"""Ranks and other comparisons of the values of a row, for many rows at once.

Blocks are float64[rows, columns], C-contiguous. NaN is a value that is not there. Equal values keep
the order of their columns wherever an order matters. Sums add column by column.
"""

from __future__ import annotations

import numpy as np

from .jit import njit

#: What happens to equal values: they share the average, the lowest or the highest of their places,
#: or one place (and the next value takes the next number); or each gets its own, in column order.
AVERAGE, LOWEST, HIGHEST, DENSE, ORDINAL = range(5)

#: What `transform_groups` does with the values of a group.
DEMEAN, STANDARDIZE, WINSORIZE, RANK = range(4)

#: What `summarize_rows` makes of a row.
MEAN, DEVIATION, MAXIMUM, MINIMUM, MEDIAN, TOTAL = range(6)

#: Up to so many values are sorted by insertion.
_FEW = 24
_POSITIVE = 0x7FFFFFFFFFFFFFFF


@njit
def sort_order(values, count, order):
    """Put the places of `values[:count]` into `order`, lowest first; return how many are there.

    Stable; NaN come last. order: int64[at least count].
    """
    there = 0
    for i in range(count):
        if values[i] == values[i]:
            order[there] = i
            there += 1
    last = there
    if there < count:
        for i in range(count):
            if values[i] != values[i]:
                order[last] = i
                last += 1
    if there > _FEW:
        _sort_by_digits(values, there, order)
        return there
    for i in range(1, there):
        place = order[i]
        value = values[place]
        k = i
        while k > 0 and values[order[k - 1]] > value:
            order[k] = order[k - 1]
            k -= 1
        order[k] = place
    return there


@njit
def _sort_by_digits(values, count, order):
    """Sort the places `order[:count]` by eight digits of 256, the last one first."""
    floats = np.empty(count)
    for i in range(count):
        floats[i] = values[order[i]] + 0.0  # -0.0 is 0.0
    keys = floats.view(np.int64)
    counts = np.zeros((8, 256), np.int64)
    for i in range(count):
        # The bits of a negative number grow with its size.
        key = keys[i] ^ ((keys[i] >> 63) & _POSITIVE)
        keys[i] = key
        for digit in range(8):
            counts[digit, _digit(key, digit)] += 1
    places = order
    other_keys = np.empty(count, np.int64)
    other_places = np.empty(count, np.int64)
    for digit in range(8):
        starts = counts[digit]
        if starts[_digit(keys[0], digit)] == count:
            continue  # the same in all of them
        start = 0
        for k in range(256):
            size = starts[k]
            starts[k] = start
            start += size
        for i in range(count):
            k = _digit(keys[i], digit)
            target = starts[k]
            starts[k] = target + 1
            other_keys[target] = keys[i]
            other_places[target] = places[i]
        keys, other_keys = other_keys, keys
        places, other_places = other_places, places
    for i in range(count):
        order[i] = places[i]


@njit
def _digit(key, digit):
    # Of the first digit half is negative.
    return ((key >> (8 * digit)) & 255) ^ (128 if digit == 7 else 0)


@njit
def write_ranks(values, count, method, order, ranks):
    """The ranks, from 1, of `values[:count]` (all there, but for ORDINAL) into `ranks[:count]`."""
    sort_order(values, count, order)
    if method == ORDINAL:
        for k in range(count):
            ranks[order[k]] = k + 1.0
        return
    dense = 0.0
    low = 0
    while low < count:
        value = values[order[low]]
        high = low + 1
        while high < count and values[order[high]] == value:
            high += 1
        dense += 1.0
        if method == AVERAGE:
            rank = low + 1.0 + (high - low - 1.0) / 2.0
        elif method == LOWEST:
            rank = low + 1.0
        elif method == HIGHEST:
            rank = float(high)
        else:
            rank = dense
        for k in range(low, high):
            ranks[order[k]] = rank
        low = high


@njit
def rank_rows(values, left_out, method, descending, out):
    """Rank each row; NaN in cells that are `left_out`.

    values: NaN in the cells that are left out. Missing values take the last places if each value
    gets its own place (ORDINAL); by any other method one makes its whole row NaN.
    left_out: bool[rows, columns]. out: float64[rows, columns].
    """
    rows, columns = values.shape
    order = np.empty(columns, np.int64)
    row = np.empty(columns)
    for t in range(rows):
        complete = True
        for n in range(columns):
            x = values[t, n]
            row[n] = -x if descending else x
            complete = complete and x == x
        ranks = out[t]
        if complete or method == ORDINAL:
            write_ranks(row, columns, method, order, ranks)
        for n in range(columns):
            if left_out[t, n] or not (complete or method == ORDINAL):
                ranks[n] = np.nan


@njit
def transform_groups(values, codes, groups, transform, first, second, fill, out):
    """Set each value against the others of its group in its row.

    codes: int64[rows, columns], 0 to groups - 1; -1 is in no group and gets `fill`.
    transform: DEMEAN: less the group's mean. STANDARDIZE: that, by its population deviation.
    WINSORIZE: the lowest share `first` and the values from share `second` on become the nearest
    one that is kept. RANK: `first` is the method, `second` not 0 for the highest first; a missing
    value makes its whole group NaN.
    """
    rows, columns = values.shape
    sizes = np.zeros(groups, np.int64)
    starts = np.zeros(groups, np.int64)
    found = np.empty(columns, np.int64)
    members = np.empty(columns, np.int64)
    order = np.empty(columns, np.int64)
    group = np.empty(columns)
    result = np.empty(columns)
    for t in range(rows):
        count = 0
        for n in range(columns):
            code = codes[t, n]
            if code < 0:
                out[t, n] = fill
                continue
            if sizes[code] == 0:
                found[count] = code
                count += 1
            sizes[code] += 1
        start = 0
        for k in range(count):
            starts[found[k]] = start
            start += sizes[found[k]]
        for n in range(columns):
            code = codes[t, n]
            if code >= 0:
                members[starts[code]] = n
                starts[code] += 1
        start = 0
        for k in range(count):
            size = sizes[found[k]]
            sizes[found[k]] = 0
            for i in range(size):
                group[i] = values[t, members[start + i]]
            if transform == WINSORIZE:
                _winsorize(group, size, first, second, order, result)
            elif transform == RANK:
                _rank_group(group, size, int(first), second != 0.0, order, result)
            else:
                _center(group, size, transform == STANDARDIZE, result)
            for i in range(size):
                out[t, members[start + i]] = result[i]
            start += size


@njit
def _center(group, size, scaled, result):
    mean, deviation = _moments(group, size, scaled)
    for i in range(size):
        x = group[i] - mean
        result[i] = x / deviation if scaled else x


@njit
def _moments(values, size, both):
    """Mean and (if `both`) population deviation of what is there."""
    total = 0.0
    count = 0
    for i in range(size):
        if values[i] == values[i]:
            total += values[i]
            count += 1
    if count == 0:
        return np.nan, np.nan
    mean = total / count
    squares = 0.0
    if both:
        for i in range(size):
            if values[i] == values[i]:
                d = values[i] - mean
                squares += d * d
    return mean, np.sqrt(squares / count)


@njit
def _winsorize(group, size, low, high, order, result):
    there = sort_order(group, size, order)
    for i in range(size):
        result[i] = group[i]
    if low > 0.0 and there > 0:
        cut = int(low * there)
        for k in range(cut):
            result[order[k]] = group[order[cut]]
    if high < 1.0:
        cut = int(np.ceil(there * high))
        if cut < there:
            kept = result[order[cut - 1]]
            for k in range(cut, there):
                result[order[k]] = kept


@njit
def _rank_group(group, size, method, descending, order, result):
    for i in range(size):
        if group[i] != group[i]:
            for k in range(size):
                result[k] = np.nan
            return
    if descending:
        for i in range(size):
            group[i] = -group[i]
    write_ranks(group, size, method, order, result)


@njit
def mark_maxima(values, codes, groups, out):
    """Mark the first highest value of each group in its row.

    values: int64[rows, columns]. codes: as in `transform_groups`. out: bool[rows, columns].
    """
    rows, columns = values.shape
    best = np.full(groups, -1, np.int64)
    for t in range(rows):
        for n in range(columns):
            out[t, n] = False
            code = codes[t, n]
            if code >= 0 and (best[code] < 0 or values[t, n] > values[t, best[code]]):
                best[code] = n
        for n in range(columns):
            code = codes[t, n]
            if code >= 0 and best[code] >= 0:
                out[t, best[code]] = True
                best[code] = -1


@njit
def count_peers(codes, groups, out):
    """How many values of a row are in the same group, itself included; NaN in no group."""
    rows, columns = codes.shape
    sizes = np.zeros(groups, np.int64)
    for t in range(rows):
        for n in range(columns):
            if codes[t, n] >= 0:
                sizes[codes[t, n]] += 1
        for n in range(columns):
            code = codes[t, n]
            out[t, n] = sizes[code] if code >= 0 else np.nan
        for n in range(columns):
            if codes[t, n] >= 0:
                sizes[codes[t, n]] = 0


@njit
def interpolate(values, order, count, share):
    """The value below which `share` (0 to 1) of the `count` ordered values lie, linear between two.

    Bit for bit what numpy's percentile gives; NaN if nothing is there.
    """
    if count == 0:
        return np.nan
    virtual = (count - 1) * share
    if virtual >= count - 1:
        low = values[order[count - 1]]
        high = low
        part = virtual + 1.0
    else:
        place = int(np.floor(virtual))
        low = values[order[place]]
        high = values[order[place + 1]]
        part = virtual - place
    difference = high - low
    if part >= 0.5:
        return high - difference * (1.0 - part)
    return low + difference * part


@njit
def mark_between(values, low, high, out):
    """Mark what lies from a row's percentile `low` to `high` (shares, 0 to 1), ends included."""
    rows, columns = values.shape
    order = np.empty(columns, np.int64)
    for t in range(rows):
        row = values[t]
        count = sort_order(row, columns, order)
        lower = interpolate(row, order, count, low)
        upper = interpolate(row, order, count, high)
        for n in range(columns):
            out[t, n] = lower <= row[n] and row[n] <= upper


@njit
def label_quantiles(values, shares, missing, out):
    """Number of the piece, from 0, in which each value of a row lies; its upper end belongs to it.

    shares: float64[pieces + 1], the ends of the pieces as shares of the row's values, 0 to 1.
    missing: int64, the label where nothing is there. out: int64[rows, columns].
    Returns the first row in which ends of several pieces are equal or unknown, so that there is no
    answer (nothing is computed after it), or -1.
    """
    rows, columns = values.shape
    ends = np.empty(len(shares))
    order = np.empty(columns, np.int64)
    for t in range(rows):
        row = values[t]
        count = sort_order(row, columns, order)
        for k in range(len(shares)):
            ends[k] = interpolate(row, order, count, shares[k])
        if len(shares) != 2:
            for k in range(1, len(shares)):
                if ends[k] == ends[k - 1] or (ends[k] != ends[k] and ends[k - 1] != ends[k - 1]):
                    return t
        for n in range(columns):
            out[t, n] = missing
        piece = 0
        for i in range(count):
            x = row[order[i]]
            while piece < len(shares) and ends[piece] < x:
                piece += 1
            end = 1 if x == ends[0] else piece
            if 0 < end < len(shares):
                out[t, order[i]] = end - 1
    return -1


@njit
def summarize_rows(values, statistic, out):
    """One number for each row of what is there: mean, population deviation, and so on.

    out: float64[rows], NaN where nothing is there (TOTAL: 0.0).
    """
    rows, columns = values.shape
    order = np.empty(columns, np.int64)
    for t in range(rows):
        row = values[t]
        if statistic <= DEVIATION:  # or the mean
            mean, deviation = _moments(row, columns, statistic == DEVIATION)
            out[t] = deviation if statistic == DEVIATION else mean
        elif statistic == TOTAL:
            total = 0.0
            for n in range(columns):
                if row[n] == row[n]:
                    total += row[n]
            out[t] = total
        else:
            count = sort_order(row, columns, order)
            if count == 0:
                out[t] = np.nan
            elif statistic == MAXIMUM:
                out[t] = row[order[count - 1]]
            elif statistic == MINIMUM:
                out[t] = row[order[0]]
            elif count % 2 == 1:
                out[t] = row[order[count // 2]]
            else:
                out[t] = 0.5 * (row[order[count // 2 - 1]] + row[order[count // 2]])

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

_RUN = 12  # so many values are sorted by insertion, longer pieces by merging


@njit
def sort_order(values, count, order, room):
    """Put the places of `values[:count]` into `order`, lowest first; return how many are there.

    Stable; NaN come last. order, room: int64[at least count], room to work in.
    """
    there = 0
    for i in range(count):
        if values[i] == values[i]:
            order[there] = i
            there += 1
    if there < count:
        last = there
        for i in range(count):
            if values[i] != values[i]:
                order[last] = i
                last += 1
    for low in range(0, there, _RUN):
        for i in range(low + 1, min(low + _RUN, there)):
            place = order[i]
            value = values[place]
            k = i
            while k > low and values[order[k - 1]] > value:
                order[k] = order[k - 1]
                k -= 1
            order[k] = place
    width = _RUN
    while width < there:
        for low in range(0, there, 2 * width):
            middle = min(low + width, there)
            high = min(low + 2 * width, there)
            if middle < high and values[order[middle - 1]] > values[order[middle]]:
                _merge(values, order, room, low, middle, high)
        width *= 2
    return there


@njit
def _merge(values, order, room, low, middle, high):
    """Merge the sorted pieces [low, middle) and [middle, high) of `order`."""
    for i in range(low, middle):
        room[i] = order[i]
    left = low
    right = middle
    k = low
    while left < middle and right < high:
        if values[room[left]] > values[order[right]]:
            order[k] = order[right]
            right += 1
        else:
            order[k] = room[left]
            left += 1
        k += 1
    while left < middle:
        order[k] = room[left]
        left += 1
        k += 1


@njit
def write_ranks(values, count, method, order, room, ranks):
    """The ranks, from 1, of `values[:count]` (all there, but for ORDINAL) into `ranks[:count]`."""
    sort_order(values, count, order, room)
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
    room = np.empty(columns, np.int64)
    row = np.empty(columns)
    for t in range(rows):
        complete = True
        for n in range(columns):
            x = values[t, n]
            row[n] = -x if descending else x
            complete = complete and x == x
        ranks = out[t]
        if complete or method == ORDINAL:
            write_ranks(row, columns, method, order, room, ranks)
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
    room = np.empty(columns, np.int64)
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
                _winsorize(group, size, first, second, order, room, result)
            elif transform == RANK:
                _rank_group(group, size, int(first), second != 0.0, order, room, result)
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
def _winsorize(group, size, low, high, order, room, result):
    there = sort_order(group, size, order, room)
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
def _rank_group(group, size, method, descending, order, room, result):
    for i in range(size):
        if group[i] != group[i]:
            for k in range(size):
                result[k] = np.nan
            return
    if descending:
        for i in range(size):
            group[i] = -group[i]
    write_ranks(group, size, method, order, room, result)


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
    room = np.empty(columns, np.int64)
    for t in range(rows):
        row = values[t]
        count = sort_order(row, columns, order, room)
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
    room = np.empty(columns, np.int64)
    for t in range(rows):
        row = values[t]
        count = sort_order(row, columns, order, room)
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
    room = np.empty(columns, np.int64)
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
            count = sort_order(row, columns, order, room)
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

"""Records by column as kernels that other compiled functions can call.

A map of the columns is (index, count): the first `count[0]` numbers of `index` are the records of
column 0, and so on. A range of columns, for records that are sorted by column, is a matrix of
columns x 2 with the first record and the one after the last, -1 for a column without any.
"""

from __future__ import annotations

import numpy as np

from .jit import njit

__all__ = [
    "column_count",
    "column_range",
    "count_codes",
    "in_sequence",
    "in_sequence_with_ids",
    "mark_highest",
    "mark_lowest",
    "select_map",
    "select_range",
    "select_records_of_map",
    "select_records_of_range",
    "single_places",
    "spread_values",
    "stack_values",
]


@njit
def column_range(columns, n_columns):
    """The range of each column; the numbers in `columns` must ascend (ValueError)."""
    out = np.full((n_columns, 2), -1, np.int64)
    for n in range(len(columns)):
        column = columns[n]
        if n > 0 and column < columns[n - 1]:
            raise ValueError("records must be sorted by column")
        if out[column, 0] < 0:
            out[column, 0] = n
        out[column, 1] = n + 1
    return out


@njit
def column_count(columns, n_columns):
    """The map of the columns, from the column of each record."""
    count = np.zeros(n_columns, np.int64)
    for column in columns:
        count[column] += 1
    place = np.cumsum(count) - count
    index = np.empty(len(columns), np.int64)
    for n in range(len(columns)):
        index[place[columns[n]]] = n
        place[columns[n]] += 1
    return index, count


@njit
def select_range(columns, chosen):
    """Records of the chosen columns and their new columns, from a range of columns."""
    total = 0
    for column in chosen:
        total += columns[column, 1] - columns[column, 0]
    index = np.empty(total, np.int64)
    owner = np.empty(total, np.int64)
    k = 0
    for new in range(len(chosen)):
        for n in range(columns[chosen[new], 0], columns[chosen[new], 1]):
            index[k] = n
            owner[k] = new
            k += 1
    return index, owner


@njit
def select_map(columns, chosen):
    """Records of the chosen columns and their new columns, from a map of columns."""
    index, count = columns
    start = np.cumsum(count) - count
    total = 0
    for column in chosen:
        total += count[column]
    out = np.empty(total, np.int64)
    owner = np.empty(total, np.int64)
    k = 0
    for new in range(len(chosen)):
        first = start[chosen[new]]
        for n in range(first, first + count[chosen[new]]):
            out[k] = index[n]
            owner[k] = new
            k += 1
    return out, owner


@njit
def _renumbered(records, index, owner):
    out = records[index]
    for n in range(len(out)):
        out[n]["col"] = owner[n]
    return out


@njit
def select_records_of_range(records, columns, chosen):
    """The records of the chosen columns, with new columns, from a range of columns."""
    index, owner = select_range(columns, chosen)
    return _renumbered(records, index, owner)


@njit
def select_records_of_map(records, columns, chosen):
    """The records of the chosen columns, with new columns, from a map of columns."""
    index, owner = select_map(columns, chosen)
    return _renumbered(records, index, owner)


@njit
def in_sequence(columns):
    """Whether records are sorted by column."""
    unsorted = False
    for n in range(1, len(columns)):
        unsorted |= columns[n] < columns[n - 1]
    return not unsorted


@njit
def in_sequence_with_ids(columns, ids):
    """Whether records are sorted by column and id."""
    for n in range(1, len(columns)):
        if columns[n] < columns[n - 1]:
            return False
        if columns[n] == columns[n - 1] and ids[n] < ids[n - 1]:
            return False
    return True


@njit
def _mark(mask, places, values, n, highest):
    """Mark the `n` first of the places in the order of `mark_highest` or `mark_lowest`."""
    if n <= 0:
        return
    m = len(values)
    known = values == values
    keys = np.empty(m, np.float64)
    for k in range(m):
        # Of equal values the last is the highest, the first the lowest; NaN comes after all.
        at = m - 1 - k if highest else k
        value = float(values[at])
        keys[k] = np.inf if not known[at] else (-value if highest else value)
    order = np.argsort(keys, kind="mergesort")
    left = n
    for wanted in (True, False):
        for k in range(m):
            at = m - 1 - order[k] if highest else order[k]
            if left > 0 and known[at] == wanted:
                mask[places[at]] = True
                left -= 1


@njit
def mark_highest(mask, places, column, values, n):
    """Mark the `n` highest values; of equal ones the last, NaN after all."""
    _mark(mask, places, values, n, True)


@njit
def mark_lowest(mask, places, column, values, n):
    """Mark the `n` lowest values; of equal ones the first, NaN after all."""
    _mark(mask, places, values, n, False)


@njit
def single_places(columns, rows, shape):
    """Whether no two records have the same row and column of a matrix."""
    taken = np.zeros(shape, np.bool_)
    for n in range(len(columns)):
        if taken[rows[n], columns[n]]:
            return False
        taken[rows[n], columns[n]] = True
    return True


@njit
def spread_values(values, columns, rows, shape, fill):
    """The values in a matrix of rows x columns, `fill` elsewhere."""
    # The type that holds both the values and what is filled in.
    out = np.full(shape, fill * np.ones(1, values.dtype)[0])
    for n in range(len(values)):
        out[rows[n], columns[n]] = values[n]
    return out


@njit
def stack_values(values, columns, fill):
    """The values of each column from row 0 on, `fill` below the shorter ones."""
    index, count = columns
    out = np.full((np.max(count), len(count)), fill * np.ones(1, values.dtype)[0])
    n = 0
    for column in range(len(count)):
        for k in range(count[column]):
            out[k, column] = values[index[n]]
            n += 1
    return out


@njit
def count_codes(codes, n_codes, columns):
    """How often each column has each code: codes x columns."""
    index, count = columns
    out = np.zeros((n_codes, len(count)), np.int64)
    n = 0
    for column in range(len(count)):
        for _ in range(count[column]):
            out[codes[index[n]], column] += 1
            n += 1
    return out

"""Call a user's compiled function for every record, or for the records of every column.

`columns` is where the records of each column are, as (index, count): the first `count[0]` numbers
of `index` are the records of column 0, and so on. `function` must be compiled; further arguments
are passed on to it. Nothing here is cached on disk: every function makes code of its own.
"""

from __future__ import annotations

import numpy as np

from .jit import njit

__all__ = [
    "apply_to_records",
    "apply_to_values",
    "map_records",
    "mark_values",
    "reduce_to_number",
    "reduce_to_numbers",
    "reduce_to_place",
    "reduce_to_places",
]


@njit(cache=False)
def map_records(records, function, *args):
    """float64, one per record: `function(record, *args)`."""
    out = np.empty(len(records), np.float64)
    for n in range(len(records)):
        out[n] = function(records[n], *args)
    return out


@njit(cache=False)
def apply_to_records(records, columns, function, *args):
    """float64, one per record: `function(records_of_column, *args)` gives those of a column."""
    index, count = columns
    out = np.empty(len(records), np.float64)
    last = 0
    for column in range(len(count)):
        first, last = last, last + count[column]
        if count[column] > 0:
            own = index[first:last]
            out[own] = function(records[own], *args)
    return out


@njit(cache=False)
def apply_to_values(values, columns, function, *args):
    """float64, one per value: `function(places, column, values_of_column, *args)`."""
    index, count = columns
    out = np.empty(len(values), np.float64)
    last = 0
    for column in range(len(count)):
        first, last = last, last + count[column]
        if count[column] > 0:
            own = index[first:last]
            out[own] = function(own, column, values[own], *args)
    return out


@njit(cache=False)
def mark_values(values, columns, function, *args):
    """Mask that `function(mask, places, column, values_of_column, *args)` writes to."""
    index, count = columns
    out = np.zeros(len(values), np.bool_)
    last = 0
    for column in range(len(count)):
        first, last = last, last + count[column]
        if count[column] > 0:
            own = index[first:last]
            function(out, own, column, values[own], *args)
    return out


@njit(cache=False)
def reduce_to_number(values, columns, fill, function, *args):
    """float64, one per column: `function(column, values_of_column, *args)`, else `fill`."""
    index, count = columns
    out = np.full(len(count), fill, np.float64)
    last = 0
    for column in range(len(count)):
        first, last = last, last + count[column]
        if count[column] > 0:
            out[column] = function(column, values[index[first:last]], *args)
    return out


@njit(cache=False)
def reduce_to_place(values, columns, rows, fill, function, *args):
    """As `reduce_to_number`, where the function's answer is a place: the row of that value."""
    index, count = columns
    out = np.full(len(count), fill, np.float64)
    last = 0
    for column in range(len(count)):
        first, last = last, last + count[column]
        if count[column] > 0:
            own = index[first:last]
            out[column] = rows[own[function(column, values[own], *args)]]
    return out


@njit(cache=False)
def _first_column(columns):
    count = columns[1]
    for column in range(len(count)):
        if count[column] > 0:
            return column
    return -1


@njit(cache=False)
def reduce_to_numbers(values, columns, fill, function, *args):
    """numbers x columns, float64: `function(column, values_of_column, *args)` is an array.

    Without any value there is nothing to call the function with: ValueError.
    """
    index, count = columns
    some = _first_column(columns)
    if some < 0:
        raise ValueError("there are no values to reduce")
    answer = function(some, values[index[: count[some]]], *args)
    out = np.full((len(answer), len(count)), fill, np.float64)
    last = 0
    for column in range(len(count)):
        first, last = last, last + count[column]
        if count[column] > 0:
            if column > some:
                answer = function(column, values[index[first:last]], *args)
            for n in range(len(answer)):
                out[n, column] = answer[n]
    return out


@njit(cache=False)
def reduce_to_places(values, columns, rows, fill, function, *args):
    """As `reduce_to_numbers`, where the function's answers are places: the rows of those."""
    index, count = columns
    some = _first_column(columns)
    if some < 0:
        raise ValueError("there are no values to reduce")
    answer = function(some, values[index[: count[some]]], *args)
    out = np.full((len(answer), len(count)), fill, np.float64)
    last = 0
    for column in range(len(count)):
        first, last = last, last + count[column]
        if count[column] > 0:
            own = index[first:last]
            if column > some:
                answer = function(column, values[own], *args)
            for n in range(len(answer)):
                out[n, column] = rows[own[answer[n]]]
    return out

"""Call a user's compiled function for columns, rows, windows, groups or cells of a matrix.

Matrices are rows x columns, float64 where not said otherwise. `function` must be compiled; further
arguments are passed on to it. The type of the results is that of the first one. Nothing here is
cached on disk: every function makes code of its own.
"""

from __future__ import annotations

import numpy as np

from .jit import njit

__all__ = [
    "apply_to_cells",
    "apply_to_columns",
    "apply_to_groups",
    "apply_to_groups_of_rows",
    "apply_to_rows",
    "apply_to_windows",
    "apply_to_windows_of_rows",
    "flat",
    "keep_cells",
    "reduce_columns",
    "reduce_columns_to_arrays",
    "reduce_flat_groups",
    "reduce_flat_groups_to_arrays",
    "reduce_groups",
    "reduce_groups_to_arrays",
    "reduce_mapped",
    "squeeze_groups",
]


@njit(cache=False)
def apply_to_columns(a, function, *args):
    """Column by column: `function(column, values, *args)` gives the new one (or one number)."""
    first = function(0, a[:, 0], *args)
    out = np.empty(a.shape, np.asarray(first).dtype)
    out[:, 0] = first
    for k in range(1, a.shape[1]):
        out[:, k] = function(k, a[:, k], *args)
    return out


@njit(cache=False)
def apply_to_rows(a, function, *args):
    """Row by row: `function(row, values, *args)` gives the new one (or one number)."""
    first = function(0, a[0, :], *args)
    out = np.empty(a.shape, np.asarray(first).dtype)
    out[0, :] = first
    for i in range(1, a.shape[0]):
        out[i, :] = function(i, a[i, :], *args)
    return out


@njit(cache=False)
def apply_to_windows(a, window, least, function, *args):
    """`function(row, column, values, *args)` of the last `window` rows at each; float64.

    NaN where fewer than `least` of them (None: all) are known. The first windows are shorter.
    """
    least = window if least is None else least
    out = np.empty(a.shape, np.float64)
    for k in range(a.shape[1]):
        known = 0
        for i in range(a.shape[0]):
            known += not np.isnan(a[i, k])
            if i >= window:
                known -= not np.isnan(a[i - window, k])
            if known < least:
                out[i, k] = np.nan
            else:
                out[i, k] = function(i, k, a[max(0, i + 1 - window) : i + 1, k], *args)
    return out


@njit(cache=False)
def apply_to_windows_of_rows(a, window, least, function, *args):
    """`function(row, rows of the window, *args)` gives a row, or one number for all of it.

    What is missing counts by row: the gaps of row i less those of row `i - window`.
    """
    least = window if least is None else least
    out = np.empty(a.shape, np.float64)
    gaps = np.empty(a.shape[0], np.int64)
    for i in range(a.shape[0]):
        gaps[i] = np.sum(np.isnan(a[i, :]))
        known = i + 1 - gaps[i] if i < window else window - (gaps[i] - gaps[i - window])
        if known < least:
            out[i, :] = np.nan
        else:
            out[i, :] = function(i, a[max(0, i + 1 - window) : i + 1, :], *args)
    return out


@njit(cache=False)
def apply_to_groups(a, rows, start, function, *args):
    """groups x columns: `function(rows of the group, column, values, *args)` gives a number.

    Group g has the rows `rows[start[g] : start[g + 1]]`.
    """
    own = rows[start[0] : start[1]]
    first = function(own, 0, a[own, 0], *args)
    out = np.empty((len(start) - 1, a.shape[1]), np.asarray(first).dtype)
    for k in range(a.shape[1]):
        for g in range(len(start) - 1):
            own = rows[start[g] : start[g + 1]]
            out[g, k] = function(own, k, a[own, k], *args)
    return out


@njit(cache=False)
def apply_to_groups_of_rows(a, rows, start, function, *args):
    """groups x columns: `function(rows of the group, their matrix, *args)` gives a row of it."""
    own = rows[start[0] : start[1]]
    first = function(own, a[own, :], *args)
    out = np.empty((len(start) - 1, a.shape[1]), np.asarray(first).dtype)
    out[0, :] = first
    for g in range(1, len(start) - 1):
        own = rows[start[g] : start[g + 1]]
        out[g, :] = function(own, a[own, :], *args)
    return out


@njit(cache=False)
def apply_to_cells(a, function, *args):
    """`function(row, column, value, *args)` of each known value; float64, NaN stays."""
    out = np.full(a.shape, np.nan, np.float64)
    for k in range(a.shape[1]):
        for i in range(a.shape[0]):
            if not np.isnan(a[i, k]):
                out[i, k] = function(i, k, a[i, k], *args)
    return out


@njit(cache=False)
def keep_cells(a, function, *args):
    """The values for which `function(row, column, value, *args)` is true, NaN for the others."""
    out = a.astype(np.float64)
    for k in range(a.shape[1]):
        for i in range(a.shape[0]):
            if not np.isnan(a[i, k]) and not function(i, k, a[i, k], *args):
                out[i, k] = np.nan
    return out


@njit(cache=False)
def reduce_mapped(a, function, args, reduce, reduce_args):
    """One number per column: `reduce(column, function(column, values, *args), *reduce_args)`."""
    first = reduce(0, function(0, a[:, 0], *args), *reduce_args)
    out = np.empty(a.shape[1], np.asarray(first).dtype)
    out[0] = first
    for k in range(1, a.shape[1]):
        out[k] = reduce(k, function(k, a[:, k], *args), *reduce_args)
    return out


@njit(cache=False)
def reduce_columns(a, function, *args):
    """One number per column: `function(column, values, *args)`."""
    first = function(0, a[:, 0], *args)
    out = np.empty(a.shape[1], np.asarray(first).dtype)
    out[0] = first
    for k in range(1, a.shape[1]):
        out[k] = function(k, a[:, k], *args)
    return out


@njit(cache=False)
def reduce_columns_to_arrays(a, function, *args):
    """numbers x columns: `function(column, values, *args)` gives an array."""
    first = function(0, a[:, 0], *args)
    out = np.empty((first.shape[0], a.shape[1]), first.dtype)
    out[:, 0] = first
    for k in range(1, a.shape[1]):
        out[:, k] = function(k, a[:, k], *args)
    return out


@njit(cache=False)
def reduce_groups(a, lengths, function, *args):
    """One number per group of columns: `function(group, its matrix, *args)`."""
    first = function(0, a[:, : lengths[0]], *args)
    out = np.empty(len(lengths), np.asarray(first).dtype)
    out[0] = first
    end = lengths[0]
    for g in range(1, len(lengths)):
        begin, end = end, end + lengths[g]
        out[g] = function(g, a[:, begin:end], *args)
    return out


@njit(cache=False)
def reduce_groups_to_arrays(a, lengths, function, *args):
    """numbers x groups: `function(group, its matrix, *args)` gives an array."""
    first = function(0, a[:, : lengths[0]], *args)
    out = np.empty((first.shape[0], len(lengths)), first.dtype)
    out[:, 0] = first
    end = lengths[0]
    for g in range(1, len(lengths)):
        begin, end = end, end + lengths[g]
        out[:, g] = function(g, a[:, begin:end], *args)
    return out


@njit
def flat(a, by_rows):
    """A matrix as one series, row after row (`by_rows`) or column after column."""
    rows, columns = a.shape
    out = np.empty(rows * columns, a.dtype)
    for i in range(rows):
        for k in range(columns):
            out[i * columns + k if by_rows else k * rows + i] = a[i, k]
    return out


@njit(cache=False)
def reduce_flat_groups(a, lengths, by_rows, function, *args):
    """One number per group: `function(group, its values as one series, *args)`."""
    first = function(0, flat(a[:, : lengths[0]], by_rows), *args)
    out = np.empty(len(lengths), np.asarray(first).dtype)
    out[0] = first
    end = lengths[0]
    for g in range(1, len(lengths)):
        begin, end = end, end + lengths[g]
        out[g] = function(g, flat(a[:, begin:end], by_rows), *args)
    return out


@njit(cache=False)
def reduce_flat_groups_to_arrays(a, lengths, by_rows, function, *args):
    """numbers x groups: `function(group, its values as one series, *args)` gives an array."""
    first = function(0, flat(a[:, : lengths[0]], by_rows), *args)
    out = np.empty((first.shape[0], len(lengths)), first.dtype)
    out[:, 0] = first
    end = lengths[0]
    for g in range(1, len(lengths)):
        begin, end = end, end + lengths[g]
        out[:, g] = function(g, flat(a[:, begin:end], by_rows), *args)
    return out


@njit(cache=False)
def squeeze_groups(a, lengths, function, *args):
    """rows x groups: `function(row, group, the group's values in the row, *args)`."""
    first = function(0, 0, a[0, : lengths[0]], *args)
    out = np.empty((a.shape[0], len(lengths)), np.asarray(first).dtype)
    end = 0
    for g in range(len(lengths)):
        begin, end = end, end + lengths[g]
        for i in range(a.shape[0]):
            out[i, g] = function(i, g, a[i, begin:end], *args)
    return out

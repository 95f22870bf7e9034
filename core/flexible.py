"""Elements of arrays that stand for a whole table: a scalar, a row, a column, or all of it."""

from __future__ import annotations

from .jit import njit


@njit
def flex_choose_i_and_col_nb(a, flex_2d=True):
    """Where in `a` every element is found: (row, column), -1 where the table's own counts.

    A one-dimensional array is a row where the table has columns (`flex_2d`), else a column.
    """
    row = -1
    col = -1
    if a.ndim == 0:
        row = 0
        col = 0
    elif a.ndim == 1:
        if flex_2d:
            row = 0
            if a.shape[0] == 1:
                col = 0
        else:
            col = 0
            if a.shape[0] == 1:
                row = 0
    else:
        if a.shape[0] == 1:
            row = 0
        if a.shape[1] == 1:
            col = 0
    return row, col


@njit
def flex_select_nb(a, i, col, flex_i, flex_col, flex_2d=True):
    """The element of `a` for row `i` and column `col`; flex_i, flex_col: see
    `flex_choose_i_and_col_nb`.
    """
    if flex_i == -1:
        flex_i = i
    if flex_col == -1:
        flex_col = col
    if a.ndim == 0:
        return a.item()
    if a.ndim == 1:
        if flex_2d:
            return a[flex_col]
        return a[flex_i]
    return a[flex_i, flex_col]


@njit
def flex_select_auto_nb(a, i, col, flex_2d=True):
    """The element of `a` for row `i` and column `col`."""
    flex_i, flex_col = flex_choose_i_and_col_nb(a, flex_2d)
    return flex_select_nb(a, i, col, flex_i, flex_col, flex_2d)

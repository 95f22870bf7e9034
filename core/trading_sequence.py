"""Shared cash, value and returns after every single column, in the sequence in which they trade.

Within a row the columns of a group trade one after another: `sequence` int64[rows, columns] holds
their places within the group. `lengths`: columns of each group, neighbours. All tables are
float64[rows, columns]; what stands for a column is the whole group's when it has traded.
"""

from __future__ import annotations

import numpy as np

from .execution import snapped_sum
from .jit import njit
from .metrics import simple_return

__all__ = ["cash_in_sequence", "returns_in_sequence", "value_in_sequence"]


@njit
def cash_in_sequence(flow, lengths, first, sequence):
    """Cash of the group. flow: of each column. first: cash of each group before the first row."""
    out = np.empty_like(flow)
    begin = 0
    for group in range(len(lengths)):
        cash = first[group]
        for i in range(flow.shape[0]):
            for k in range(lengths[group]):
                column = begin + sequence[i, begin + k]
                cash = snapped_sum(cash, flow[i, column])
                out[i, column] = cash
        begin += lengths[group]
    return out


@njit
def value_in_sequence(cash, held, lengths, sequence):
    """Cash of the group plus what its columns hold, each valued when it last traded.

    cash: see `cash_in_sequence`. held: market value of each column; NaN makes the value NaN until
    every column has traded again.
    """
    out = np.empty_like(cash)
    begin = 0
    for group in range(len(lengths)):
        width = lengths[group]
        worth = 0.0
        known = width  # columns since the last one without a value
        for i in range(cash.shape[0]):
            for k in range(width):
                column = begin + sequence[i, begin + k]
                if i > 0:
                    before = held[i - 1, begin + sequence[i - 1, begin + k]]
                    if before == before:
                        worth -= before
                if held[i, column] == held[i, column]:
                    worth += held[i, column]
                else:
                    known = 0
                out[i, column] = cash[i, column] + worth if known >= width else np.nan
                known += 1
        begin += width
    return out


@njit
def returns_in_sequence(value, lengths, first, sequence):
    """The group's return since the column before. value: see `value_in_sequence`."""
    out = np.empty_like(value)
    begin = 0
    for group in range(len(lengths)):
        before = first[group]
        for i in range(value.shape[0]):
            for k in range(lengths[group]):
                column = begin + sequence[i, begin + k]
                out[i, column] = simple_return(before, value[i, column])
                before = value[i, column]
        begin += lengths[group]
    return out

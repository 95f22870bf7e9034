"""Ranges of rows: where a series has values, how much of the rows they cover.

A range runs from row `start_idx` to row `end_idx`. A closed one ends before that row, an open one
includes it: its end is not known yet.
"""

from __future__ import annotations

import numpy as np

from .jit import njit
from .records import CLOSED, OPEN, ColumnMap

__all__ = ["RANGE_RECORD", "coverage", "masks", "ranges"]

RANGE_RECORD = np.dtype(
    [
        ("id", np.int64),
        ("col", np.int64),
        ("start_idx", np.int64),
        ("end_idx", np.int64),
        ("status", np.int64),
    ],
    align=True,
)


def ranges(present: np.ndarray) -> np.ndarray:
    """One `RANGE_RECORD` per run of true values in each column of a matrix of rows x columns.

    A run that reaches the last row is `OPEN`, and the last row its end.
    """
    rows, columns = present.shape
    padded = np.zeros((columns, rows + 2), np.int8)
    padded[:, 1:-1] = present.T
    change = np.diff(padded, axis=1)
    column, first = np.nonzero(change == 1)
    end = np.nonzero(change == -1)[1]
    out = np.empty(len(first), RANGE_RECORD)
    out["id"] = np.arange(len(first))
    out["col"] = column
    out["start_idx"] = first
    out["end_idx"] = np.minimum(end, rows - 1)
    out["status"] = np.where(end == rows, OPEN, CLOSED)
    return out


@njit
def _coverage(first, end, index, start, rows, covered, overlapped):
    change = np.zeros(rows + 1, np.int64)
    for j in range(len(start) - 1):
        for i in range(rows + 1):
            change[i] = 0
        for n in range(start[j], start[j + 1]):
            k = index[n]
            if end[k] > first[k]:
                change[first[k]] += 1
                change[min(end[k], rows)] -= 1
        depth = 0
        for i in range(rows):
            depth += change[i]
            covered[j] += depth > 0
            overlapped[j] += depth > 1


def coverage(
    first: np.ndarray, last: np.ndarray, status: np.ndarray, columns: ColumnMap, rows: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rows that at least one range of each column covers, and that at least two cover."""
    covered = np.zeros(len(columns[1]) - 1, np.int64)
    overlapped = np.zeros(len(columns[1]) - 1, np.int64)
    first = np.ascontiguousarray(first)
    _coverage(first, last + (status == OPEN), *columns, rows, covered, overlapped)
    return covered, overlapped


@njit
def _masks(first, end, index, start, out):
    for j in range(len(start) - 1):
        for n in range(start[j], start[j + 1]):
            k = index[n]
            for i in range(first[k], min(end[k], out.shape[1])):
                out[j, i] = True


def masks(
    first: np.ndarray, last: np.ndarray, status: np.ndarray, columns: ColumnMap, rows: int
) -> np.ndarray:
    """Rows x columns: whether a range covers the row."""
    out = np.zeros((len(columns[1]) - 1, rows), np.bool_)
    _masks(np.ascontiguousarray(first), last + (status == OPEN), *columns, out)
    return out.T

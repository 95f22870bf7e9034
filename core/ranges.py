"""Ranges of rows: where a series has values, how much of the rows they cover.

A range runs from row `start_idx` to row `end_idx`. A closed one ends before that row, an open one
includes it: its end is not known yet.
"""

from __future__ import annotations

import numpy as np

from .jit import njit
from .records import CLOSED, OPEN, ColumnMap

__all__ = [
    "RANGE_RECORD",
    "between",
    "between_runs",
    "coverage",
    "from_to",
    "masks",
    "ranges",
    "runs",
]

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
def _count(present):
    found = 0
    for i in range(present.shape[0]):
        for k in range(present.shape[1]):
            if present[i, k]:
                found += 1
    return found


@njit
def _record(out, n, column, start, end, status):
    record = out[n]
    record["id"] = n
    record["col"] = column
    record["start_idx"] = start
    record["end_idx"] = end
    record["status"] = status
    return n + 1


@njit
def runs(a):
    """`ranges`, for compiled callers."""
    out = np.empty(_count(a), RANGE_RECORD)
    rows = a.shape[0]
    n = 0
    for k in range(a.shape[1]):
        first = -1
        for i in range(rows):
            if not a[i, k]:
                if first >= 0:
                    n = _record(out, n, k, first, i, CLOSED)
                first = -1
            elif first < 0:
                first = i
        if first >= 0:
            n = _record(out, n, k, first, rows - 1, OPEN)
    return out[:n]


@njit
def between(a):
    """One `RANGE_RECORD` from each true value to the next one of its column."""
    out = np.empty(_count(a), RANGE_RECORD)
    n = 0
    for k in range(a.shape[1]):
        last = -1
        for i in range(a.shape[0]):
            if a[i, k]:
                if last >= 0:
                    n = _record(out, n, k, last, i, CLOSED)
                last = i
    return out[:n]


@njit
def between_runs(a):
    """One `RANGE_RECORD` from the last value of each run of true ones to the next run's first."""
    out = np.empty(_count(a), RANGE_RECORD)
    n = 0
    for k in range(a.shape[1]):
        last = -1
        for i in range(a.shape[0]):
            if a[i, k]:
                if 0 <= last < i - 1:
                    n = _record(out, n, k, last, i, CLOSED)
                last = i
    return out[:n]


@njit
def from_to(a, b, from_other=False):
    """One `RANGE_RECORD` from each true value of `a` to the first one of `b` in or behind its row.

    from_other: for each of `b`, from the last one of `a` in or before its row.
    """
    out = np.empty(_count(b if from_other else a), RANGE_RECORD)
    n = 0
    rows = a.shape[0]
    for k in range(a.shape[1]):
        if from_other:
            last = -1
            for i in range(rows):
                if a[i, k]:
                    last = i
                if b[i, k] and last >= 0:
                    n = _record(out, n, k, last, i, CLOSED)
        else:
            end = 0
            for i in range(rows):
                if a[i, k]:
                    end = max(end, i)
                    while end < rows and not b[end, k]:
                        end += 1
                    if end == rows:
                        break
                    n = _record(out, n, k, i, end, CLOSED)
    return out[:n]


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

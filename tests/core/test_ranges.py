"""Ranges of rows: where values are, and what they cover."""

from __future__ import annotations

import numpy as np
from fillproof.core import ranges, records


def slow_ranges(present):
    out = []
    for column in range(present.shape[1]):
        first = None
        for row in range(len(present)):
            if present[row, column] and first is None:
                first = row
            elif not present[row, column] and first is not None:
                out.append((column, first, row, records.CLOSED))
                first = None
        if first is not None:
            out.append((column, first, len(present) - 1, records.OPEN))
    return out


def test_runs_of_values():
    rng = np.random.default_rng(1)
    for share in (0.0, 0.3, 0.8, 1.0):
        present = rng.random((30, 5)) < share
        out = ranges.ranges(present)
        fields = [out[name].tolist() for name in ("col", "start_idx", "end_idx", "status")]
        assert list(zip(*fields, strict=True)) == slow_ranges(present)
        assert out["id"].tolist() == list(range(len(out)))


def test_what_ranges_cover():
    rng = np.random.default_rng(2)
    rows, n = 25, 60
    columns = rng.integers(0, 4, n)
    columns[columns == 2] = 1
    first = rng.integers(0, rows, n)
    last = np.minimum(first + rng.integers(0, 8, n), rows - 1)
    status = rng.integers(0, 2, n)
    depth = np.zeros((rows, 4), int)
    for k in range(n):
        depth[first[k] : last[k] + (status[k] == records.OPEN), columns[k]] += 1
    by = records.map_columns(columns, 4)
    covered, overlapped = ranges.coverage(first, last, status, by, rows)
    np.testing.assert_array_equal(covered, (depth > 0).sum(axis=0))
    np.testing.assert_array_equal(overlapped, (depth > 1).sum(axis=0))
    np.testing.assert_array_equal(ranges.masks(first, last, status, by, rows), depth > 0)

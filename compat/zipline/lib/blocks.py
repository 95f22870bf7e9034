"""One input of a term over all its rows at once, for kernels that walk whole columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .adjustment import Float64Add, Float64Multiply, Float64Overwrite

_KINDS = {Float64Multiply: 0, Float64Add: 1, Float64Overwrite: 2}


@dataclass(frozen=True)
class Changes:
    """Adjustments of float columns, sorted by column and within it in sequence of application.

    first: int64[N + 1], the changes of column n are first[n]:first[n + 1]. known: int64[K], the
    row from which on a change is known. top, last: int64[K], the rows that it changes, both
    included. kind: int64[K], 0 multiply, 1 add, 2 overwrite. value: float64[K].
    """

    first: np.ndarray
    known: np.ndarray
    top: np.ndarray
    last: np.ndarray
    kind: np.ndarray
    value: np.ndarray

    @classmethod
    def sorted(cls, columns: int, column, known, top, last, kind, value) -> Changes:
        """From arrays in sequence of application, one entry for each change of one column."""
        order = np.argsort(column, kind="stable")
        counts = np.bincount(column, minlength=columns)
        first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return cls(
            first, *(np.ascontiguousarray(a[order]) for a in (known, top, last, kind, value))
        )

    @classmethod
    def none(cls, columns: int) -> Changes:
        """No changes of any column."""
        rows = np.zeros(0, dtype=np.int64)
        return cls(np.zeros(columns + 1, np.int64), rows, rows, rows, rows, np.zeros(0))

    def from_row(self, offset: int) -> Changes:
        """The same with rows counted from `offset`; what changes earlier rows only is harmless."""
        if not offset:
            return self
        top = np.maximum(self.top - offset, 0)
        # A last row below 0 leaves an empty range.
        return Changes(
            self.first, self.known - offset, top, self.last - offset, self.kind, self.value
        )

    def by_row(self) -> dict[int, list]:
        """The same as lists of `Adjustment` by row."""
        makers = {kind: make for make, kind in _KINDS.items()}
        columns = np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))
        rows: dict[int, list] = {}
        parts = (columns, self.known, self.top, self.last, self.kind, self.value)
        for n, known, top, last, kind, value in zip(*(a.tolist() for a in parts), strict=True):
            rows.setdefault(known, []).append(makers[kind](top, last, n, n, value))
        return rows


@dataclass(frozen=True)
class Block:
    """The rows that all windows of an input cover.

    The window of date t is rows t to t + window_length - 1, with every change applied whose known
    row is at most the window's last row.

    values: float64[N, R], one contiguous row of the array for each asset's column, as first
    known; R = dates + window_length - 1. Not to be written to. changes: see `Changes`.
    """

    values: np.ndarray
    changes: Changes = field(repr=False)


def block_of(data, adjustments: Mapping[int, list], offset: int) -> Block | None:
    """Data [rows, assets] from row `offset` on with its adjustments; None unless all are floats."""
    if data.dtype != np.float64 or type(data) is not np.ndarray:
        return None
    entries = []
    for known in sorted(adjustments):
        for one in adjustments[known]:
            kind = _KINDS.get(type(one))
            if kind is None:
                return None
            entries.extend(
                (column, known, one.first_row, one.last_row, kind, one.value)
                for column in range(one.first_col, one.last_col + 1)
            )
    columns = data.shape[1]
    if entries:
        column, known, top, last, kind, value = map(np.array, zip(*entries, strict=True))
        changes = Changes.sorted(columns, column, known, top, last, kind, value.astype(np.float64))
    else:
        changes = Changes.none(columns)
    return Block(np.ascontiguousarray(data[offset:].T), changes.from_row(offset))

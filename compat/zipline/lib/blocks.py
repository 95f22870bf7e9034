"""Inputs of terms as whole columns, the form in which kernels take them (`core.rolling`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np

from ....core.rolling import ADD, MULTIPLY, REPLACE, Adjustments, Input
from .adjustment import Float64Add, Float64Multiply, Float64Overwrite

_KINDS = {Float64Multiply: MULTIPLY, Float64Add: ADD, Float64Overwrite: REPLACE}
_MAKERS = {kind: make for make, kind in _KINDS.items()}


def column_adjustments(columns: int, column, *parts) -> Adjustments:
    """The adjustments of `columns` columns from arrays with an entry for each change of one.

    column: whose rows change. parts: known, top, last, kind and value as in `Adjustments`, in the
    sequence of application.
    """
    order = np.argsort(column, kind="stable")
    counts = np.bincount(column, minlength=columns)
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Adjustments(first, *(np.ascontiguousarray(part[order]) for part in parts))


def _from_row(adjustments: Adjustments, offset: int) -> Adjustments:
    """The same with rows counted from `offset`; kernels leave out rows below 0."""
    if not offset:
        return adjustments
    return adjustments._replace(
        known=adjustments.known - offset,
        top=adjustments.top - offset,
        last=adjustments.last - offset,
    )


class AdjustmentsByRow(Mapping):
    """Adjustments of whole columns, as the lists by row that an AdjustedArray has.

    The lists are made when somebody looks at them: terms that compute whole columns never do.
    """

    def __init__(self, columns: Adjustments) -> None:
        self.columns = columns

    @cached_property
    def _rows(self) -> dict[int, list]:
        one = self.columns
        column = np.repeat(np.arange(len(one.first) - 1), np.diff(one.first))
        parts = (column, one.known, one.top, one.last, one.kind, one.value)
        rows: dict[int, list] = {}
        for n, known, top, last, kind, value in zip(*(a.tolist() for a in parts), strict=True):
            rows.setdefault(known, []).append(_MAKERS[kind](top, last, n, n, value))
        return rows

    def __getitem__(self, row: int) -> list:
        return self._rows[row]

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return repr(self._rows)


def block_of(data, adjustments: Adjustments, offset: int) -> Input:
    """Data [rows, assets] from row `offset` on with its adjustments.

    The values of an asset lie together; they may be those of `data` itself, not to be written to.
    """
    return Input(np.ascontiguousarray(data[offset:].T), _from_row(adjustments, offset))


def latest_rows(block: Input) -> np.ndarray:
    """float64[rows, assets]: each row as it is known on itself."""
    rows = block.values.T.copy()
    known = block.adjustments
    if known is None:
        return rows
    # A row shows what was known by its own day: changes known later are not in it.
    begin = np.maximum(np.maximum(known.top, known.known), 0)
    end = np.minimum(known.last + 1, len(rows))
    column = np.repeat(np.arange(len(known.first) - 1), np.diff(known.first))
    apply = {MULTIPLY: np.multiply, ADD: np.add}
    for n in np.flatnonzero(begin < end).tolist():
        cells = slice(begin[n], end[n]), column[n]
        if known.kind[n] == REPLACE:
            rows[cells] = known.value[n]
        else:
            rows[cells] = apply[known.kind[n]](rows[cells], known.value[n])
    return rows


def adjustments_of(data, adjustments: Mapping[int, list]) -> Adjustments | None:
    """The adjustments of data [rows, assets] as whole columns; None unless all are of floats."""
    if data.dtype != np.float64 or type(data) is not np.ndarray:
        return None
    if isinstance(adjustments, AdjustmentsByRow):
        return adjustments.columns
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
    if not entries:
        nothing = np.zeros(0, dtype=np.int64)
        return column_adjustments(data.shape[1], *[nothing] * 5, np.zeros(0))
    *rows, value = map(np.array, zip(*entries, strict=True))
    return column_adjustments(data.shape[1], *rows, value.astype(np.float64))

"""Rows in stretches: ranges, rolling windows, growing windows, each in one or more sets."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ..base.index_fns import find_first_occurrence
from ..utils import checks


def split_ranges_into_sets(
    start_idxs, end_idxs, set_lens: Any = (), left_to_right: Any = True
) -> Iterator[tuple[np.ndarray, ...]]:
    """The rows of each range, in sets.

    start_idxs, end_idxs: first and last row of each. set_lens: lengths of all sets but one, in
    rows or as parts of the range, for all ranges or for each; the set that is left over comes last,
    or first without `left_to_right`.
    """
    start_idxs, end_idxs = np.asarray(start_idxs), np.asarray(end_idxs)
    checks.assert_len_equal(start_idxs, end_idxs)
    for n, (start, end) in enumerate(zip(start_idxs, end_idxs, strict=True)):
        rows = np.arange(start, end + 1)
        if len(set_lens) == 0:
            yield (rows,)
            continue
        own = set_lens[n] if checks.is_sequence(set_lens[0]) else set_lens
        forward = left_to_right[n] if checks.is_sequence(left_to_right) else left_to_right
        lengths = [math.floor(x * len(rows)) if 0 < x < 1 else x for x in own]
        if 0 in lengths:
            raise ValueError(f"Set {lengths.index(0)} in the range {n} is empty")
        rest = len(rows) - sum(lengths)
        if rest <= 0:
            raise ValueError(
                f"Range of length {len(rows)} too short to split into {len(lengths) + 1} sets"
            )
        lengths = [*lengths, rest] if forward else [rest, *lengths]
        yield tuple(np.split(rows, np.cumsum(lengths)[:-1]))


def _index_of(x: Any) -> pd.Index:
    if isinstance(x, pd.Series | pd.DataFrame):
        return x.index
    return pd.RangeIndex(len(np.asarray(x)))


def _length(length: float, rows: int) -> int:
    return math.floor(length * rows) if 0 < length < 1 else int(length)


def _chosen(start, end, n: int | None, min_len: int, name: str, ranges: str):
    """The ranges that are long enough, `n` of them evenly spread."""
    start, end = np.broadcast_arrays(start, end)
    long_enough = end - start + 1 >= min_len
    if not np.any(long_enough):
        raise ValueError(f"There are no ranges that meet {name}>={min_len}")
    start, end = start[long_enough], end[long_enough]
    if n is None:
        return start, end
    if n > len(start):
        raise ValueError(f"n cannot be bigger than the maximum number of {ranges} {len(start)}")
    places = np.round(np.linspace(0, len(start) - 1, n)).astype(int)
    return start[places], end[places]


class BaseSplitter:
    """What has `split(X, ...)`, which yields the sets of one range after another."""

    def split(self, X, **kwargs) -> Iterator[tuple[np.ndarray, ...]]:
        raise NotImplementedError


class RangeSplitter(BaseSplitter):
    """Ranges of one length, or between given rows."""

    def split(
        self,
        X,
        n: Any = None,
        range_len=None,
        min_len=1,
        start_idxs=None,
        end_idxs=None,
        **kwargs,
    ):
        """`n` ranges of `range_len` rows (or part of all rows); without either as many as fit.

        start_idxs, end_idxs: first and last rows instead, as places or as labels (an Index).
        kwargs go to `split_ranges_into_sets`.
        """
        index = _index_of(X)
        if start_idxs is None and end_idxs is None:
            if range_len is None and n is None:
                raise ValueError("At least n, range_len, or start_idxs and end_idxs must be set")
            length = _length(len(index) // n if range_len is None else range_len, len(index))
            start, end = np.arange(len(index) - length + 1), np.arange(length - 1, len(index))
        elif start_idxs is None or end_idxs is None:
            raise ValueError("Both start_idxs and end_idxs must be set")
        else:
            start, end = (
                np.asarray([find_first_occurrence(label, index) for label in rows])
                if isinstance(rows, pd.Index)
                else np.asarray(rows)
                for rows in (start_idxs, end_idxs)
            )
        chosen = _chosen(start, end, n, min_len, "range_len", "ranges")
        return split_ranges_into_sets(*chosen, **kwargs)


class RollingSplitter(BaseSplitter):
    """Windows of one length that walk through the rows."""

    def split(self, X, n: Any = None, window_len=None, min_len=1, **kwargs):
        """`n` windows of `window_len` rows (or part of all rows); without `n` one at each row."""
        rows = len(_index_of(X))
        if window_len is None and n is None:
            raise ValueError("At least n or window_len must be set")
        length = _length(rows // n if window_len is None else window_len, rows)
        start, end = np.arange(rows - length + 1), np.arange(length - 1, rows)
        chosen = _chosen(start, end, n, min_len, "window_len", "windows")
        return split_ranges_into_sets(*chosen, **kwargs)


class ExpandingSplitter(BaseSplitter):
    """Windows that begin at the first row and grow."""

    def split(self, X, n: Any = None, min_len=1, **kwargs):
        """`n` windows of at least `min_len` rows; without `n` one that ends at each row."""
        rows = len(_index_of(X))
        chosen = _chosen(np.zeros(rows, int), np.arange(rows), n, min_len, "window_len", "windows")
        return split_ranges_into_sets(*chosen, **kwargs)

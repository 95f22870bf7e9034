"""Tables of results whose columns are picked out of lines that several tables share.

A line is one column of a result from the first row to the last. A thousand pairs out of a hundred
windows need a hundred lines: crossings and comparisons read those, and a table of all pairs is
made only when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ....core.indicators import lines as between
from ..base.reshape_fns import to_2d_array


class Lines:
    """A table of shape (rows, columns): column k is line `places[k]`, or line k where None.

    lines: [lines, rows]. Reads as an array, which is made at the first reading.
    """

    ndim = 2

    def __init__(self, lines: np.ndarray, places: np.ndarray | None = None) -> None:
        self.lines = lines
        self.places = places
        self._array: np.ndarray | None = None

    @classmethod
    def of(cls, table) -> Lines:
        """Of a table of any kind; itself if it is one."""
        return table if isinstance(table, Lines) else cls(to_2d_array(table).T)

    @property
    def shape(self) -> tuple[int, int]:
        count = len(self.lines) if self.places is None else len(self.places)
        return self.lines.shape[1], count

    @property
    def dtype(self) -> np.dtype:
        return self.lines.dtype

    @property
    def array(self) -> np.ndarray:
        """The table, its columns contiguous where lines are."""
        if self._array is None:
            self._array = (self.lines if self.places is None else self.lines[self.places]).T
        return self._array

    def positions(self) -> np.ndarray:
        """The line of each column."""
        return np.arange(len(self.lines)) if self.places is None else self.places

    def take(self, columns) -> Lines:
        """Some columns, of the same lines."""
        if isinstance(columns, slice) and columns == slice(None):
            return self
        return Lines(self.lines, np.atleast_1d(self.positions()[columns]))

    def select(self, rows, columns) -> Lines:
        """Some rows (a slice of all, or positions) of some columns."""
        taken = self.take(columns)
        if isinstance(rows, slice) and rows == slice(None):
            return taken
        return Lines(np.ascontiguousarray(taken.array[rows].T))

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key) -> Any:
        return self.array[key]

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        array = self.array if dtype is None else self.array.astype(dtype, copy=False)
        return array.copy() if copy else array

    def __eq__(self, other) -> bool:
        if not isinstance(other, Lines):
            return NotImplemented
        same = self.shape == other.shape and self.dtype == other.dtype
        return same and bool(np.array_equal(self.array, other.array, equal_nan=True))

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self):
        return Lines, (np.ascontiguousarray(self.array.T),)


def wrap_lines(wrapper, array: np.ndarray) -> Any:
    """A table of the wrapper's labels around an array that nobody else changes, not copied."""
    if wrapper.ndim == 1:
        return pd.Series(array[:, 0], index=wrapper.index, name=wrapper.name, copy=False)
    return pd.DataFrame(array, index=wrapper.index, columns=wrapper.columns, copy=False)


def _read(table: Lines) -> tuple[np.ndarray, np.ndarray]:
    """Lines as floats, and the line of each column."""
    return np.ascontiguousarray(table.lines, np.float64), table.positions()


def cross(one: Lines, other: Lines, wait: int = 0) -> np.ndarray:
    """Where columns of `one` cross those of `other` upward; see `crossed_above` of the core."""
    return between.crossed_above(*_read(one), *_read(other), int(wait)).T


#: Comparisons of floats: the function of the core, and whether sides change places.
_OF_FLOATS: dict[Any, tuple[Any, bool]] = {
    np.greater: (between.above, False),
    np.less: (between.above, True),
    np.equal: (between.equal, False),
}


def compare(one: Lines, other: Lines, operation: Callable) -> np.ndarray:
    """A NumPy function of two arrays between columns, cell by cell."""
    if operation in _OF_FLOATS and one.dtype == other.dtype == np.float64:
        function, change = _OF_FLOATS[operation]
        sides = (other, one) if change else (one, other)
        return function(*_read(sides[0]), *_read(sides[1])).T
    shared = one.places is None and other.places is None
    left = one.lines if shared else one.lines[one.positions()]
    right = other.lines if shared else other.lines[other.positions()]
    return operation(left, right).T

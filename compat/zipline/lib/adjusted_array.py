"""Arrays [dates, assets] with changes that become known later, and windows over them."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ....core.rolling import Input
from ..errors import WindowLengthNotPositive, WindowLengthTooLong
from ..utils.numpy_utils import bool_dtype, datetime64ns_dtype, float64_dtype, int64_dtype
from .blocks import adjustments_of, block_of
from .labelarray import LabelArray

BOOL_DTYPES = frozenset(map(np.dtype, ("bool", "uint8")))
FLOAT_DTYPES = frozenset(map(np.dtype, ("float32", "float64")))
# uint64 is not there: it may not fit into int64.
INT_DTYPES = frozenset(map(np.dtype, ("int16", "uint16", "int32", "uint32", "int64")))
DATETIME_DTYPES = frozenset([datetime64ns_dtype])
OBJECT_DTYPES = frozenset([np.dtype("O")])
STRING_KINDS = frozenset("SU")
REPRESENTABLE_DTYPES = BOOL_DTYPES | FLOAT_DTYPES | INT_DTYPES | DATETIME_DTYPES | OBJECT_DTYPES


def can_represent_dtype(dtype) -> bool:
    """Whether there can be an AdjustedArray of a dtype."""
    return dtype in REPRESENTABLE_DTYPES or dtype.kind in STRING_KINDS


def is_categorical(dtype) -> bool:
    """Whether values of a dtype are kept as labels."""
    return dtype in OBJECT_DTYPES or dtype.kind in STRING_KINDS


def _stored(data, missing_value):
    """(array as kept and changed, dtype as shown; None for labels)."""
    if isinstance(data, LabelArray):
        return data, None
    dtype = data.dtype
    if dtype in BOOL_DTYPES:
        return data.astype(np.uint8, copy=False), bool_dtype
    if dtype in FLOAT_DTYPES:
        return data.astype(np.float64, copy=False), float64_dtype
    if dtype in INT_DTYPES:
        return data.astype(np.int64, copy=False), int64_dtype
    if is_categorical(dtype):
        if not isinstance(missing_value, LabelArray.SUPPORTED_SCALAR_TYPES):
            raise TypeError(
                f"The missing value of labels is bytes, str or None, not {missing_value!r}."
            )
        return LabelArray(data, missing_value), None
    if dtype.kind == "M":
        return data.astype("datetime64[ns]", copy=False).view("int64"), datetime64ns_dtype
    raise TypeError(f"There is no AdjustedArray of dtype {dtype}.")


class AdjustedArray:
    """Values [dates, assets], and for some rows the changes that are known from this row on.

    data: the values as they were first known. adjustments: lists of `Adjustment` by row.
    missing_value: what stands for no value.
    """

    def __init__(self, data, adjustments, missing_value) -> None:
        self._data, self._shown_as = _stored(data, missing_value)
        self.adjustments = adjustments
        self.missing_value = missing_value
        self._invalidated = False
        #: The adjustments, and the same as whole columns, once somebody has asked.
        self._columns: tuple | None = None

    def copy(self) -> AdjustedArray:
        """A copy with data of its own; ValueError when the data was given away."""
        if self._invalidated:
            raise ValueError("This AdjustedArray was traversed without a copy: its data changed.")
        return type(self)(self.data.copy(order="F"), self.adjustments, self.missing_value)

    def update_adjustments(self, adjustments, method) -> None:
        """Further adjustments by row, behind ("append") or before ("prepend") those of the row."""
        if method not in ("append", "prepend"):
            raise ValueError(f"method must be 'append' or 'prepend', not {method!r}.")
        merged = {row: list(present) for row, present in self.adjustments.items()}
        for row, further in adjustments.items():
            present = merged.get(row, [])
            merged[row] = [*present, *further] if method == "append" else [*further, *present]
        self.adjustments = merged

    @property
    def data(self):
        """The values, as a view in their dtype."""
        return self._data if self._shown_as is None else self._data.view(self._shown_as)

    @cached_property
    def dtype(self):
        """The dtype of the values; of labels that of their codes' bytes."""
        return self._data.dtype if self._shown_as is None else self._shown_as

    def traverse(self, window_length, offset=0, perspective_offset=0, copy=True):
        """An iterator over read-only windows [window_length, assets], one for each last row.

        offset: rows to leave out before the first window. perspective_offset: 1 shows each window
        as the row after it knows it. copy=False uses up the data: no second traversal.
        """
        if self._invalidated:
            raise ValueError("This AdjustedArray was traversed without a copy: its data changed.")
        if window_length < 1:
            raise WindowLengthNotPositive(window_length=window_length)
        if window_length > self._data.shape[0]:
            raise WindowLengthTooLong(nrows=self._data.shape[0], window_length=window_length)
        if perspective_offset > 1:
            raise ValueError(f"perspective_offset is 0 or 1, not {perspective_offset}.")
        if not copy:
            self._invalidated = True
        return AdjustedArrayWindow(self, window_length, offset, perspective_offset, copy)

    def block(self, offset: int) -> Input | None:
        """All rows from `offset` on for terms that compute whole columns; None if they cannot."""
        if self._columns is None or self._columns[0] is not self.adjustments:
            columns = adjustments_of(self._data, self.adjustments)
            self._columns = self.adjustments, columns
        columns = self._columns[1]
        return None if columns is None else block_of(self._data, columns, offset)

    def inspect(self) -> str:
        """Data and adjustments as text."""
        return (
            f"Adjusted Array ({self.dtype.name}):\n\n"
            f"Data:\n{self.data!r}\n\nAdjustments:\n{self.adjustments}\n"
        )

    def update_labels(self, func) -> None:
        """Map a function over the labels, also those of adjustments; TypeError without labels."""
        if not isinstance(self._data, LabelArray):
            raise TypeError("update_labels works on labels only.")
        self._data = self._data.map(func)
        for row in self.adjustments.values():
            for adjustment in row:
                adjustment.value = func(adjustment.value)


class AdjustedArrayWindow:
    """Windows over an AdjustedArray; each shows what is known on its last row."""

    def __init__(self, source: AdjustedArray, window_length, offset, perspective, copy) -> None:
        self.window_length = window_length
        self._source = source
        self._offset = offset
        self._copy = copy
        self._perspective = perspective
        #: One past the last row of the window shown.
        self._anchor = window_length + offset - 1
        self._rows = source._data.shape[0]
        # The copy is made at the first window: whole columns need none.
        self._data = None
        self._pending: list[int] = []
        self._output = None

    @property
    def data(self):
        """The values that the windows are cut from, all rows."""
        return self._source.data if self._data is None else self._data

    def block(self) -> Input | None:
        """The rows that the windows cover, as a whole; None when there is no such form."""
        return self._source.block(self._offset)

    def __iter__(self):
        return self

    def __next__(self):
        return self._show(self._anchor + 1)

    def seek(self, target_anchor):
        """The window that ends before the row `target_anchor`; windows only move forward."""
        if target_anchor < self._anchor:
            raise ValueError("A window moves forward only.")
        return self._output if target_anchor == self._anchor else self._show(target_anchor)

    def _show(self, target):
        if target > self._rows:
            raise StopIteration
        if self._data is None:
            data = self._source._data
            self._data = data.copy(order="F") if self._copy else data
            self._pending = sorted(self._source.adjustments, reverse=True)
        while self._pending and self._pending[-1] < target + self._perspective:
            for adjustment in self._source.adjustments[self._pending.pop()]:
                adjustment.mutate(self._data)
        self._anchor = target
        window = self._data[target - self.window_length : target]
        if self._source._shown_as is not None:
            window = window.view(self._source._shown_as)
        window.setflags(write=False)
        self._output = window
        return window


def ensure_adjusted_array(ndarray_or_adjusted_array, missing_value) -> AdjustedArray:
    """An array as an AdjustedArray without adjustments; an AdjustedArray as it is."""
    if isinstance(ndarray_or_adjusted_array, AdjustedArray):
        return ndarray_or_adjusted_array
    if isinstance(ndarray_or_adjusted_array, np.ndarray):
        return AdjustedArray(ndarray_or_adjusted_array, {}, missing_value)
    name = type(ndarray_or_adjusted_array).__name__
    raise TypeError(f"An AdjustedArray is made from an array, not from {name}.")


def ensure_ndarray(ndarray_or_adjusted_array):
    """The values as they were first known; an array as it is."""
    if isinstance(ndarray_or_adjusted_array, np.ndarray):
        return ndarray_or_adjusted_array
    if isinstance(ndarray_or_adjusted_array, AdjustedArray):
        return ndarray_or_adjusted_array.data
    raise TypeError(f"{type(ndarray_or_adjusted_array).__name__} holds no array.")

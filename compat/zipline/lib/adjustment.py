"""Changes to the rows of an array that become known on a later row."""

from __future__ import annotations

import enum
from typing import Any

import numpy as np
import pandas as pd

from ..utils.numpy_utils import datetime64ns_dtype


class AdjustmentKind(enum.IntEnum):
    """What an adjustment does to the values."""

    MULTIPLY = 0
    ADD = 1
    OVERWRITE = 2


MULTIPLY, ADD, OVERWRITE = AdjustmentKind
ADJUSTMENT_KIND_NAMES = {kind: kind.name for kind in AdjustmentKind}


class Adjustment:
    """A change of the cells of some rows and columns, first and last included.

    Raises ValueError when first lies behind last, or before 0.
    """

    __slots__ = ("first_col", "first_row", "last_col", "last_row", "value")

    def __init__(self, first_row, last_row, first_col, last_col, value) -> None:
        for axis, first, last in (("row", first_row, last_row), ("col", first_col, last_col)):
            if not 0 <= first <= last:
                raise ValueError(f"first_{axis}={first} must lie between 0 and last_{axis}={last}.")
        self.first_row = first_row
        self.last_row = last_row
        self.first_col = first_col
        self.last_col = last_col
        self.value: Any = self._checked(value)

    @staticmethod
    def _checked(value):
        return value

    @property
    def cells(self) -> tuple[slice, slice]:
        """The rows and columns, as an index."""
        return slice(self.first_row, self.last_row + 1), slice(self.first_col, self.last_col + 1)

    def mutate(self, data) -> None:
        """Change an array [rows, columns] in place."""
        raise NotImplementedError

    @classmethod
    def from_assets_and_dates(
        cls, dates_index, assets_index, start_date, end_date, asset_id, value
    ):
        """The adjustment of one asset between two dates; see `get_adjustment_locs`."""
        first, last, column = get_adjustment_locs(
            dates_index, assets_index, start_date, end_date, asset_id
        )
        return cls(first, last, column, column, value)

    def _key(self) -> tuple:
        return self.first_row, self.last_row, self.first_col, self.last_col, self.value

    def __eq__(self, other):
        if type(self) is not type(other):
            return NotImplemented
        return self._key() == other._key()

    __hash__ = None  # pyright: ignore[reportAssignmentType] - the value may change

    def __reduce__(self):
        return type(self), (*self._key()[:4], self._shown())

    def _shown(self):
        return self.value

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(first_row={self.first_row}, last_row={self.last_row}, "
            f"first_col={self.first_col}, last_col={self.last_col}, value={self._text()})"
        )

    def _text(self) -> str:
        return repr(self._shown())


class Float64Adjustment(Adjustment):
    """A change of float64 values."""

    __slots__ = ()

    @staticmethod
    def _checked(value):
        return float(value)

    def _text(self) -> str:
        return f"{self.value:f}"


class Float64Multiply(Float64Adjustment):
    """Values times a number."""

    __slots__ = ()

    def mutate(self, data) -> None:
        data[self.cells] *= self.value


class Float64Add(Float64Adjustment):
    """Values plus a number."""

    __slots__ = ()

    def mutate(self, data) -> None:
        data[self.cells] += self.value


class _Overwrite(Adjustment):
    __slots__ = ()

    def mutate(self, data) -> None:
        data[self.cells] = self.value


class Float64Overwrite(Float64Adjustment, _Overwrite):
    """A number instead of the values."""

    __slots__ = ()


class Int64Overwrite(_Overwrite):
    """An integer instead of the values."""

    __slots__ = ()

    @staticmethod
    def _checked(value):
        return int(value)


class Datetime64Adjustment(Adjustment):
    """A change of dates; `value` and the data are int64 nanoseconds."""

    __slots__ = ()

    @staticmethod
    def _checked(value):
        return _nanoseconds(value)

    def _shown(self):
        return np.datetime64(self.value, "ns")


class Datetime64Overwrite(Datetime64Adjustment, _Overwrite):
    """A date instead of the values."""

    __slots__ = ()


class BooleanAdjustment(Adjustment):
    """A change of truth values; `value` and the data are uint8."""

    __slots__ = ()

    @staticmethod
    def _checked(value):
        return int(bool(value))

    def _shown(self):
        return bool(self.value)


class BooleanOverwrite(BooleanAdjustment, _Overwrite):
    """A truth value instead of the values."""

    __slots__ = ()


class ObjectOverwrite(Adjustment):
    """A label instead of the values of a LabelArray."""

    __slots__ = ()

    def mutate(self, data) -> None:
        data.set_scalar(self.cells, self.value)


class ArrayAdjustment(Adjustment):
    """One value for each row instead of the values; `values` is the array.

    Raises ValueError unless there are as many values as rows.
    """

    __slots__ = ("values",)

    def __init__(self, first_row, last_row, first_col, last_col, values) -> None:
        super().__init__(first_row, last_row, first_col, last_col, None)
        if last_row + 1 - first_row != len(values):
            raise ValueError(
                f"There are {len(values)} values for the rows {first_row} to {last_row}."
            )
        self.values = self._array(values)

    @staticmethod
    def _array(values):
        return np.asarray(values)

    def mutate(self, data) -> None:
        data[self.cells] = self.values[:, None]

    def _key(self) -> tuple:
        return (*super()._key()[:4], tuple(self.values.ravel().tolist()))

    def _shown(self):
        return self.values

    def __repr__(self) -> str:
        head = super().__repr__().rpartition("value=")[0]
        return f"{head}values={np.asarray(self._shown())})"


class Float641DArrayOverwrite(ArrayAdjustment):
    """Numbers, one for each row, instead of the values."""

    __slots__ = ()

    @staticmethod
    def _array(values):
        return np.asarray(values, dtype=np.float64)


class Datetime641DArrayOverwrite(ArrayAdjustment):
    """Dates, one for each row, instead of the values (int64 nanoseconds)."""

    __slots__ = ()

    @staticmethod
    def _array(values):
        return np.array([_nanoseconds(one) for one in values], dtype=np.int64)

    def _shown(self):
        return self.values.view("datetime64[ns]")


class Object1DArrayOverwrite(ArrayAdjustment):
    """Labels, a LabelArray with one for each row, instead of the values."""

    __slots__ = ()

    @staticmethod
    def _array(values):
        return values[:, None]

    def mutate(self, data) -> None:
        data[self.cells] = self.values


class Boolean1DArrayOverwrite(ArrayAdjustment):
    """Truth values, one for each row, instead of the values (uint8)."""

    __slots__ = ()

    @staticmethod
    def _array(values):
        if values.dtype.kind != "b":
            raise TypeError(f"The values must be bool, not {values.dtype}.")
        return values.view("uint8")

    def _shown(self):
        return self.values.view("?")


def _nanoseconds(value) -> int:
    if isinstance(value, pd.Timestamp):
        return value.as_unit("ns").value
    if not isinstance(value, np.datetime64) or value.dtype != datetime64ns_dtype:
        raise TypeError(f"A date is a Timestamp or datetime64[ns], not {value!r}.")
    return int(value.astype(np.int64))


_FLOATS = {MULTIPLY: Float64Multiply, ADD: Float64Add, OVERWRITE: Float64Overwrite}
_OVERWRITES: tuple[tuple[Any, type[Adjustment]], ...] = (
    # bool is an int as well, so it comes before.
    ((float, np.float64), Float64Overwrite),
    ((np.datetime64, pd.Timestamp), Datetime64Overwrite),
    ((bool, np.bool_, np.uint8), BooleanOverwrite),
    ((int, np.int64), Int64Overwrite),
    ((bytes, str, type(None)), ObjectOverwrite),
)


def choose_adjustment_type(adjustment_kind, value) -> type[Adjustment]:
    """The class for a kind and a value; TypeError when the kind cannot have it."""
    try:
        kind = AdjustmentKind(adjustment_kind)
    except ValueError:
        raise ValueError(f"There is no kind of adjustment {adjustment_kind!r}.") from None
    if kind is not OVERWRITE:
        if not isinstance(value, (float, np.float64)):
            raise TypeError(f"{kind.name} takes a float, not {value!r}.")
        return _FLOATS[kind]
    for types, adjustment in _OVERWRITES:
        if isinstance(value, types):
            return adjustment
    raise TypeError(f"OVERWRITE cannot write {value!r}.")


def make_adjustment_from_indices(
    first_row, last_row, first_column, last_column, adjustment_kind, value
) -> Adjustment:
    """The adjustment of some rows and columns."""
    make = choose_adjustment_type(adjustment_kind, value)
    return make(first_row, last_row, first_column, last_column, value)


def make_adjustment_from_labels(
    dates_index, assets_index, start_date, end_date, asset_id, adjustment_kind, value
) -> Adjustment:
    """The adjustment of one asset between two dates; see `get_adjustment_locs`."""
    make = choose_adjustment_type(adjustment_kind, value)
    return make.from_assets_and_dates(
        dates_index, assets_index, start_date, end_date, asset_id, value
    )


def get_adjustment_locs(
    dates_index, assets_index, start_date, end_date, asset_id
) -> tuple[int, int, int]:
    """(first row, last row, column) of an asset between two dates.

    The first row is the first date at or after start_date (0 if that is missing), the last row
    the last date at or before end_date; -1 where there is none.
    """
    first = 0
    if not pd.isnull(start_date):
        first = int(dates_index.get_indexer([start_date], method="bfill")[0])
    last = dates_index.get_indexer([end_date], method="ffill")[0]
    return first, last, assets_index.get_indexer([asset_id])[0]

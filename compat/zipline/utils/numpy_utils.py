"""The dtypes that Pipeline computes with, their missing values, and views of repeated arrays."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided

__all__ = [
    "INT_DTYPES_BY_SIZE_BYTES",
    "UNSIGNED_INT_DTYPES_BY_SIZE_BYTES",
    "NaTD",
    "NaT_for_dtype",
    "NaTns",
    "NoDefaultMissingValue",
    "as_column",
    "bool_dtype",
    "categorical_dtype",
    "changed_locations",
    "coerce_to_dtype",
    "complex128_dtype",
    "datetime64D_dtype",
    "datetime64ns_dtype",
    "default_missing_value_for_dtype",
    "float32_dtype",
    "float64_dtype",
    "int64_dtype",
    "int_dtype_with_size_in_bytes",
    "is_datetime",
    "is_float",
    "is_int",
    "is_missing",
    "is_object",
    "make_datetime64D",
    "make_datetime64ns",
    "object_dtype",
    "repeat_first_axis",
    "repeat_last_axis",
    "rolling_window",
    "same",
    "uint8_dtype",
    "uint32_dtype",
    "uint64_dtype",
    "unsigned_int_dtype_with_size_in_bytes",
]

uint8_dtype = np.dtype("uint8")
bool_dtype = np.dtype("bool")
uint32_dtype = np.dtype("uint32")
uint64_dtype = np.dtype("uint64")
int64_dtype = np.dtype("int64")
float32_dtype = np.dtype("float32")
float64_dtype = np.dtype("float64")
complex128_dtype = np.dtype("complex128")
datetime64D_dtype = np.dtype("datetime64[D]")
datetime64ns_dtype = np.dtype("datetime64[ns]")
object_dtype = np.dtype("O")
#: Texts are labels: see `zipline.lib.labelarray`.
categorical_dtype = object_dtype

INT_DTYPES_BY_SIZE_BYTES = {size: np.dtype(f"i{size}") for size in (1, 2, 4, 8)}
UNSIGNED_INT_DTYPES_BY_SIZE_BYTES = {size: np.dtype(f"u{size}") for size in (1, 2, 4, 8)}

_UNITS = ("ns", "us", "ms", "s", "m", "D")
NaTns = np.datetime64("NaT", "ns")
NaTD = np.datetime64("NaT", "D")

_MISSING = {
    bool_dtype: False,
    float32_dtype: np.nan,
    float64_dtype: np.nan,
    datetime64ns_dtype: NaTns,
    object_dtype: None,
}


class NoDefaultMissingValue(Exception):
    """A dtype without a natural missing value, such as int64, was given none."""


def default_missing_value_for_dtype(dtype):
    """What stands for "no value" in a dtype: NaN, NaT, None or False."""
    try:
        return _MISSING[dtype]
    except KeyError:
        raise NoDefaultMissingValue(f"The dtype {dtype} needs a missing_value.") from None


def NaT_for_dtype(dtype):
    """NaT in the unit of a datetime64 dtype."""
    return np.datetime64("NaT", np.datetime_data(np.dtype(dtype))[0])


def make_datetime64ns(value):
    return np.datetime64(value, "ns")


def make_datetime64D(value):
    return np.datetime64(value, "D")


def coerce_to_dtype(dtype, value):
    """A value as a scalar of a dtype."""
    if dtype.kind == "M":
        if dtype != datetime64ns_dtype:
            raise TypeError(f"Dates are datetime64[ns], not {dtype}.")
        return make_datetime64ns(value)
    return dtype.type(value)


def _of_size(table: dict, size: int):
    try:
        return table[size]
    except KeyError:
        raise ValueError(f"There is no integer of {size} bytes.") from None


def int_dtype_with_size_in_bytes(size):
    """The signed integer of 1, 2, 4 or 8 bytes."""
    return _of_size(INT_DTYPES_BY_SIZE_BYTES, size)


def unsigned_int_dtype_with_size_in_bytes(size):
    """The unsigned integer of 1, 2, 4 or 8 bytes."""
    return _of_size(UNSIGNED_INT_DTYPES_BY_SIZE_BYTES, size)


def _kind_test(kind: str, python_types):
    def test(value) -> bool:
        dtype = getattr(value, "dtype", None)
        return isinstance(value, python_types) if dtype is None else dtype.kind == kind

    return test


def _is_date(value) -> bool:
    from datetime import datetime

    dtype = getattr(value, "dtype", None)
    return isinstance(value, datetime) if dtype is None else dtype.kind == "M"


is_float = _kind_test("f", float)
is_int = _kind_test("i", int)
is_datetime = _is_date
is_object = _kind_test("O", object)


def is_missing(data, missing_value):
    """bool, the shape of `data`: where it holds the missing value. NaN and NaT count as equal."""
    if is_float(data) and np.isnan(missing_value):
        return np.isnan(data)
    if is_datetime(data) and np.isnat(missing_value):
        return np.isnat(data)
    if is_object(data) and missing_value is None:
        return np.array([one is None for one in data.ravel()], dtype=bool).reshape(data.shape)
    return data == missing_value


def same(x, y) -> bool:
    """Whether two scalars are equal, NaN and NaT to themselves as well."""
    if (is_float(x) and np.isnan(x)) and (is_float(y) and np.isnan(y)):
        return True
    if (is_datetime(x) and np.isnat(x)) and (is_datetime(y) and np.isnat(y)):
        return True
    return x == y


def repeat_first_axis(array, count):
    """A view of `count` times the whole array: shape (count, *array.shape)."""
    return as_strided(array, (count, *array.shape), (0, *array.strides))


def repeat_last_axis(array, count):
    """A view of every element `count` times: shape (*array.shape, count)."""
    return as_strided(array, (*array.shape, count), (*array.strides, 0))


def rolling_window(array, length):
    """A view of all windows along the first axis: shape (rows - length + 1, length, ...)."""
    if not array.shape:
        raise IndexError("A scalar has no windows.")
    if length < 1:
        raise IndexError("A window has at least one row.")
    if length > array.shape[0]:
        raise IndexError(f"A window of {length} rows does not fit into {array.shape[0]} rows.")
    shape = (array.shape[0] - length + 1, length, *array.shape[1:])
    return as_strided(array, shape, (array.strides[0], *array.strides))


def as_column(a):
    """A one-dimensional array as a column: shape (len(a), 1)."""
    if a.ndim != 1:
        raise ValueError(f"as_column takes one dimension, not {a.ndim}.")
    return a[:, None]


def changed_locations(a, include_first):
    """int64: the places of `a` that differ from the one before; the first, if asked for."""
    if a.ndim > 1:
        raise ValueError("changed_locations takes one dimension.")
    places = np.flatnonzero(np.diff(a)) + 1
    return np.concatenate([[0], places]) if include_first else places

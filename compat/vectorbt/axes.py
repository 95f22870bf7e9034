"""Labels of the results: which index, columns and groups, as VectorBT derives them.

Inputs are scalars, NumPy, Polars or pandas objects. Only their labels and shapes are looked at
here; the values stay where they are.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ._settings import settings
from .unsupported import missing


def as_array_like(value):
    """pandas and NumPy objects as they are; Polars and lists as NumPy."""
    if isinstance(value, (pd.Series, pd.DataFrame, np.ndarray)):
        return value
    if hasattr(value, "to_numpy"):  # Polars
        return value.to_numpy()
    return np.asarray(value)


def _columns_of(value) -> pd.Index:
    if isinstance(value, pd.Series):
        return pd.Index([0 if value.name is None else value.name])
    return value.columns


def _is_default(index: pd.Index) -> bool:
    return (
        not isinstance(index, pd.MultiIndex)
        and index.name is None
        and index.equals(pd.RangeIndex(len(index)))
    )


def _same(a: pd.Index, b: pd.Index) -> bool:
    if isinstance(a, pd.MultiIndex) != isinstance(b, pd.MultiIndex):
        return False
    return list(a.names) == list(b.names) and a.equals(b)


def _repeat(index: pd.Index, n: int) -> pd.Index:
    return pd.RangeIndex(len(index) * n) if _is_default(index) else index.repeat(n)


def _stack(a: pd.Index, b: pd.Index) -> pd.Index:
    """Both sets of column labels as levels, without levels that repeat or say nothing."""
    levels = []
    for index in (a, b):
        levels += [index.get_level_values(n) for n in range(index.nlevels)]
    last = {(x.name, tuple(x.tolist())): n for n, x in enumerate(levels)}
    levels = [x for n, x in enumerate(levels) if n in last.values()]
    telling = [
        x
        for x in levels
        if not _is_default(x) and not (len(x) > 1 and x.nunique() == 1 and x.name is None)
    ]
    levels = telling or levels
    return levels[0] if len(levels) == 1 else pd.MultiIndex.from_arrays(levels)


def _common_index(labelled: list, axis: int, length: int) -> pd.Index:
    """The index (axis 0) or columns (axis 1) of everything that has labels."""
    indexes = [x.index if axis == 0 else _columns_of(x) for x in labelled]
    if all(_same(x, indexes[0]) for x in indexes[1:]):
        common = indexes[0]
    else:
        common = None
        for value, index in zip(labelled, indexes, strict=True):
            if (axis == 1 and isinstance(value, pd.Series)) or _is_default(index):
                continue
            if common is None or _same(index, common):
                common = index if common is None else common
                continue
            if axis == 0:
                raise ValueError(
                    "the inputs have different indexes; give all of them the same rows "
                    "(for example with reindex_like)"
                )
            if len(index) != len(common) and min(len(index), len(common)) > 1:
                raise ValueError(
                    f"columns cannot be combined: {len(common)} and {len(index)} of them"
                )
            if len(index) > len(common):
                common = _repeat(common, len(index))
            elif len(index) < len(common):
                index = _repeat(index, len(common))
            common = _stack(common, index)
    if common is None:
        return pd.RangeIndex(length)
    if len(common) < length:
        if axis == 0 or len(common) > 1:
            raise ValueError(f"labels for {len(common)} do not fit {length}")
        common = _repeat(common, length)
    return common


def frequency(value) -> pd.Timedelta | None:
    """A frequency as the time of one row: a word ("D", "1h"), an offset or a timedelta."""
    if value is None:
        return None
    if isinstance(value, str) and not value[0].isdigit():
        step = pd.Timedelta(1, unit=value)  # pyright: ignore[reportArgumentType] - any word
    elif isinstance(value, pd.offsets.BaseOffset):
        step = pd.Timedelta(value.nanos, unit="ns")
    else:
        step = pd.Timedelta(value)
    return step  # pyright: ignore[reportReturnType] - pandas types it as possibly NaT


@dataclass(frozen=True)
class Labels:
    """Labels of rows, columns and groups, and how results are wrapped in them.

    `ndim` is 1 where the inputs were one column without being a table: results then are Series
    and scalars. `groups` is None, or one label per column.
    """

    index: pd.Index
    columns: pd.Index
    ndim: int
    freq_setting: object = None
    groups: pd.Index | None = None

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        raise missing(f"ArrayWrapper.{name}", "Use index, columns, ndim, shape or freq.")

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.index), len(self.columns)

    @cached_property
    def freq(self) -> pd.Timedelta | None:
        """Time of one row: as given, else from the index; None where neither tells."""
        given = self.freq_setting
        if given is None:
            given = settings["array_wrapper"]["freq"]
        if given is not None:
            return frequency(given)
        if isinstance(self.index, (pd.DatetimeIndex, pd.TimedeltaIndex, pd.PeriodIndex)):
            own = getattr(self.index, "freq", None)
            if own is None:
                own = getattr(self.index, "inferred_freq", None)
            return frequency(own)
        return None

    @cached_property
    def _factorized(self) -> tuple[np.ndarray, pd.Index]:
        if self.groups is None:
            raise ValueError("these labels have no groups")
        codes, names = pd.factorize(self.groups)
        names = names if isinstance(names, pd.Index) else pd.Index(names)
        if isinstance(self.groups, pd.MultiIndex):
            names.names = self.groups.names
        else:
            names.name = self.groups.name
        return codes, names

    @cached_property
    def lengths(self) -> np.ndarray:
        """Columns per group (1 for each column without groups); groups must be neighbours."""
        if self.groups is None:
            return np.ones(len(self.columns), np.int64)
        codes = self._factorized[0]
        if np.any(np.diff(codes) < 0):
            raise ValueError("group_by must keep the columns of a group next to each other")
        return np.bincount(codes).astype(np.int64)

    def unit_of_column(self, grouped: bool) -> np.ndarray:
        """The number of the unit (group or column) that each column belongs to."""
        return self._factorized[0] if grouped else np.arange(len(self.columns))

    def unit_labels(self, grouped: bool) -> pd.Index:
        return self._factorized[1] if grouped else self.columns

    def one(self, grouped: bool) -> bool:
        """Whether results are Series and scalars: one column without a table, or one group."""
        if grouped:
            return len(self.unit_labels(True)) == 1
        return self.ndim == 1

    def name(self, grouped: bool):
        """The name of a Series of results."""
        if not self.one(grouped):
            return None
        label = self.unit_labels(grouped)[0]
        return None if isinstance(label, (int, np.integer)) and label == 0 else label

    def wrap(self, matrix: np.ndarray, grouped: bool = False):
        """A matrix of rows x units as a DataFrame, or as a Series where there is one unit."""
        if self.one(grouped):
            return pd.Series(matrix[:, 0], index=self.index, name=self.name(grouped))
        return pd.DataFrame(matrix, index=self.index, columns=self.unit_labels(grouped))

    def wrap_reduced(self, array: np.ndarray, name: str, grouped: bool = False):
        """One number per unit as a Series, or as a scalar where there is one unit."""
        array = np.asarray(array)
        if self.one(grouped):
            return array[0]
        return pd.Series(array, index=self.unit_labels(grouped), name=name)

    def to_timedelta(self, value, silent: bool = False):
        """Numbers of rows as times; unchanged, with a warning, without a frequency."""
        if self.freq is None:
            if not silent and not settings["array_wrapper"]["silence_warnings"]:
                warnings.warn(
                    "durations are in rows: the index has no frequency; pass freq=... or set "
                    "settings.array_wrapper['freq']",
                    stacklevel=3,
                )
            return value
        if isinstance(value, pd.Series):
            return pd.to_timedelta(value * self.freq.value, unit="ns")
        return value * self.freq


def _groups_of(columns: pd.Index, group_by) -> pd.Index | None:
    if group_by is None or group_by is False:
        return None
    if group_by is True:
        return pd.Index(["group"] * len(columns))
    if isinstance(group_by, (int, str)):
        group_by = columns.get_level_values(group_by)
    elif (
        isinstance(group_by, (list, tuple))
        and len(group_by) != len(columns)
        and isinstance(columns, pd.MultiIndex)
        and isinstance(group_by[0], (int, str))
    ):
        levels = [columns.get_level_values(level) for level in group_by]
        group_by = levels[0] if len(levels) == 1 else pd.MultiIndex.from_arrays(levels)
    if not isinstance(group_by, pd.Index):
        group_by = pd.Index(group_by)
    if len(group_by) != len(columns):
        raise ValueError(f"group_by names {len(group_by)} columns of {len(columns)}")
    return group_by


def broadcast(values: dict[str, Any], freq, group_by) -> tuple[Labels, dict[str, Any]]:
    """The labels that all inputs have together, and the inputs as arrays for the engine.

    A Series is a column; a one-dimensional array is a column where everything is
    one-dimensional and a row otherwise.
    """
    arrays: dict[str, Any] = {
        name: value
        if isinstance(value, (bool, int, float, np.number, np.bool_))
        else as_array_like(value)
        for name, value in values.items()
    }
    dimensional = [x for x in arrays.values() if getattr(x, "ndim", 0) > 0]
    flat = all(x.ndim == 1 for x in dimensional)
    if any(x.ndim > 2 for x in dimensional):
        raise ValueError("an input has more than 2 dimensions")
    tables = [x for x in dimensional if isinstance(x, pd.DataFrame) and x.shape[1] > 1]
    if len({x.shape[1] for x in tables}) > 1:
        raise missing(
            "aligning tables with different numbers of columns",
            "Give every table the same columns before the call.",
        )
    out: dict[str, Any] = {}
    shapes = []
    for name, value in arrays.items():
        if getattr(value, "ndim", 0) == 0:
            out[name] = value
            continue
        array = value.to_numpy() if isinstance(value, (pd.Series, pd.DataFrame)) else value
        if array.ndim == 1:
            array = array[:, None] if flat or isinstance(value, pd.Series) else array[None, :]
        out[name] = array
        shapes.append(array.shape)
    shape = np.broadcast_shapes(*shapes) if shapes else (1, 1)
    labelled = [x for x in dimensional if isinstance(x, (pd.Series, pd.DataFrame))]
    if labelled:
        index = _common_index(labelled, 0, shape[0])
        columns = _common_index(labelled, 1, shape[1])
        if len(index) != shape[0]:
            raise ValueError(f"the labels name {len(index)} rows, the inputs have {shape[0]}")
    else:
        index, columns = pd.RangeIndex(shape[0]), pd.RangeIndex(shape[1])
    labels = Labels(index, columns, 1 if flat else 2, freq, _groups_of(columns, group_by))
    return labels, out

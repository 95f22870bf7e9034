"""Index, columns and groups: how arrays become pandas objects, and what indexing makes of them."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from .._settings import settings
from ..utils import checks
from ..utils.array_ import get_ranges_arr
from ..utils.attr_ import AttrResolver
from ..utils.config import Configured
from ..utils.datetime_ import DatetimeIndexes, freq_to_timedelta
from ..utils.decorators import cached_method
from . import index_fns, reshape_fns
from .column_grouper import ColumnGrouper
from .indexing import IndexingError, PandasIndexer
from .reshape_fns import series_name


def _setting(name: str, *values):
    """The first that is not None, or the setting of that name."""
    for value in values:
        if value is not None:
            return value
    return settings["array_wrapper"][name]


class ArrayWrapper(Configured, PandasIndexer):
    """Labels of rows and columns, and groups of columns.

    ndim: 1 where results are Series (with `[name]` as `columns`), 2 where they are tables.
    freq: time of one row, where the index does not tell. column_only_select: index this object
    as a Series of columns. group_select: where there are groups, select them and not columns.
    grouped_ndim: ndim of what has one column per group. kwargs: for `ColumnGrouper`.
    """

    def __init__(
        self,
        index,
        columns,
        ndim: int,
        freq=None,
        column_only_select: bool | None = None,
        group_select: bool | None = None,
        grouped_ndim: int | None = None,
        **kwargs,
    ) -> None:
        for value in (index, columns, ndim):
            checks.assert_not_none(value)
        self._index = index_fns.to_any_index(index)
        self._columns = index_fns.to_any_index(columns)
        self._ndim = ndim
        self._freq = freq
        self._column_only_select = column_only_select
        self._group_select = group_select
        self._grouped_ndim = grouped_ndim
        self._grouper = ColumnGrouper(self._columns, **kwargs)
        PandasIndexer.__init__(self)
        Configured.__init__(
            self,
            **{
                "index": index,
                "ndim": ndim,
                "freq": freq,
                "column_only_select": column_only_select,
                "group_select": group_select,
                "grouped_ndim": grouped_ndim,
                **self._grouper.config,
            },
        )

    @classmethod
    def from_obj(cls, obj, *args, **kwargs):
        """The labels of a table, Series or array."""
        obj = reshape_fns.to_pd_array(obj)
        for name in ("index", "columns", "ndim"):
            kwargs.pop(name, None)
        return cls(
            index_fns.get_index(obj, 0), index_fns.get_index(obj, 1), obj.ndim, *args, **kwargs
        )

    @classmethod
    def from_shape(cls, shape, *args, **kwargs):
        """Ranges as labels."""
        columns = shape[1] if len(shape) > 1 else 1
        return cls(pd.RangeIndex(shape[0]), pd.RangeIndex(columns), len(shape), *args, **kwargs)

    # What there is; `get_X` with one column per group, where there are groups

    @property
    def index(self) -> pd.Index:
        return self._index

    @property
    def columns(self) -> pd.Index:
        return self._columns

    def get_columns(self, group_by=None) -> pd.Index:
        return self.resolve(group_by=group_by).columns

    @property
    def name(self):
        """The name of a Series; None for tables."""
        return series_name(self.columns) if self.ndim == 1 else None

    def get_name(self, group_by=None):
        return self.resolve(group_by=group_by).name

    @property
    def ndim(self) -> int:
        return self._ndim

    def get_ndim(self, group_by=None) -> int:
        return self.resolve(group_by=group_by).ndim

    @property
    def shape(self) -> tuple[int, ...]:
        rows = len(self.index)
        return (rows,) if self.ndim == 1 else (rows, len(self.columns))

    def get_shape(self, group_by=None) -> tuple[int, ...]:
        return self.resolve(group_by=group_by).shape

    @property
    def shape_2d(self) -> tuple[int, int]:
        return len(self.index), 1 if self.ndim == 1 else len(self.columns)

    def get_shape_2d(self, group_by=None) -> tuple[int, int]:
        return self.resolve(group_by=group_by).shape_2d

    @property
    def freq(self) -> pd.Timedelta | None:
        """Time of one row: as given, as in the settings, or from the index."""
        return self._freq_of(self._freq)

    def _freq_of(self, given) -> pd.Timedelta | None:
        """Time of one row, were `given` what was given."""
        given = _setting("freq", given)
        return self._index_freq() if given is None else freq_to_timedelta(given)

    def _index_freq(self) -> pd.Timedelta | None:
        known = self.__dict__
        if "_own_freq" not in known:
            freq = None
            if isinstance(self.index, DatetimeIndexes):
                freq = getattr(self.index, "freq", None)
                if freq is None:
                    freq = getattr(self.index, "inferred_freq", None)
            known["_own_freq"] = None if freq is None else freq_to_timedelta(freq)
        return known["_own_freq"]

    def to_timedelta(self, a, to_pd: bool = False, silence_warnings: bool | None = None) -> Any:
        """Numbers of rows as times; unchanged, with a warning, where `freq` is None."""
        freq = self.freq
        if freq is None:
            if not _setting("silence_warnings", silence_warnings):
                warnings.warn(
                    "durations are in rows: the index has no frequency; pass freq=... or set "
                    "settings.array_wrapper['freq']",
                    stacklevel=2,
                )
            return a
        if not to_pd and not checks.is_pandas(a):
            return a * freq
        out = a * freq.value
        if isinstance(out, pd.DataFrame):
            return out.apply(lambda column: pd.to_timedelta(column, unit="ns"))
        return pd.to_timedelta(out, unit="ns")

    @property
    def column_only_select(self) -> bool | None:
        return self._column_only_select

    @property
    def group_select(self) -> bool | None:
        return self._group_select

    @property
    def grouper(self) -> ColumnGrouper:
        return self._grouper

    @property
    def grouped_ndim(self) -> int:
        """1 where there is one group and results are Series."""
        if self._grouped_ndim is not None:
            return self._grouped_ndim
        if self.grouper.is_grouped():
            return 2 if self.grouper.get_group_count() > 1 else 1
        return self.ndim

    def regroup(self, group_by, **kwargs) -> ArrayWrapper:
        """With other groups; itself where nothing changes."""
        grouper = self.grouper
        if not grouper.is_grouping_changed(group_by=group_by):
            return self
        grouper.check_group_by(group_by=group_by)
        grouped_ndim = None
        if grouper.is_grouped(group_by) and not grouper.is_group_count_changed(group_by):
            grouped_ndim = self.grouped_ndim
        return self.replace(grouped_ndim=grouped_ndim, group_by=group_by, **kwargs)

    @cached_method
    def resolve(self, group_by=None, **kwargs) -> ArrayWrapper:
        """One with groups as columns; itself where there are none."""
        grouped = self.regroup(group_by, **kwargs)
        if not grouped.grouper.is_grouped():
            return grouped
        return grouped.replace(
            columns=grouped.grouper.get_columns(),
            ndim=grouped.grouped_ndim,
            grouped_ndim=None,
            group_by=None,
        )

    # Indexing

    @cached_method
    def indexing_func_meta(
        self,
        pd_indexing_func,
        index=None,
        columns=None,
        column_only_select: bool | None = None,
        group_select: bool | None = None,
        group_by=None,
    ) -> tuple[ArrayWrapper, Any, Any, Any]:
        """What `pd_indexing_func` selects: (wrapper, rows, groups, columns).

        Rows, groups and columns are arrays of positions, or one number; groups are columns
        where groups were not selected. index, columns: labels to select by, if not those here.
        column_only_select, group_select: instead of the wrapper's own and of the settings.
        """
        columns_only = _setting("column_only_select", column_only_select, self.column_only_select)
        base = self.regroup(group_by)
        grouped = base.grouper.is_grouped()
        by_group = grouped and _setting("group_select", group_select, self.group_select)
        index = base.index if index is None else index_fns.to_any_index(index)
        if columns is None:
            columns = base.grouper.get_columns() if by_group else base.columns
        columns = index_fns.to_any_index(columns)
        ndim = base.get_ndim() if by_group else base.ndim
        select = _select_columns if columns_only else _select_both
        rows, cols, new_index, new_columns, new_ndim = select(
            pd_indexing_func, index, columns, ndim
        )
        if not grouped:
            new = base.replace(
                index=new_index,
                columns=new_columns,
                ndim=new_ndim,
                grouped_ndim=None,
                group_by=None,
            )
            return new, rows, cols, cols
        if np.ndim(rows) == 0:
            raise IndexingError("one row of grouped columns cannot become a column")
        places = np.atleast_1d(cols)
        if not by_group:
            new = base.replace(
                index=new_index,
                columns=new_columns,
                ndim=new_ndim,
                grouped_ndim=None,
                group_by=base.grouper.group_by[places],  # pyright: ignore[reportOptionalSubscript]
            )
            return new, rows, cols, cols
        starts = base.grouper.get_group_start_idxs()[places]
        ends = base.grouper.get_group_end_idxs()[places]
        members: Any = get_ranges_arr(starts, ends)
        member_columns = base.columns[members]
        one = new_ndim == 1 and len(member_columns) == 1
        new = base.replace(
            index=new_index,
            columns=member_columns,
            ndim=1 if one else 2,
            grouped_ndim=new_ndim,
            # By position: indexing may have changed the labels.
            group_by=new_columns[np.repeat(np.arange(len(places)), ends - starts)],
        )
        return new, rows, cols, members[0] if one else members

    def indexing_func(self, pd_indexing_func, **kwargs) -> ArrayWrapper:
        """See `indexing_func_meta`."""
        return self.indexing_func_meta(pd_indexing_func, **kwargs)[0]

    # Arrays as pandas objects

    def wrap(
        self,
        arr,
        index=None,
        columns=None,
        fillna=None,
        dtype=None,
        group_by=None,
        to_timedelta: bool = False,
        to_index: bool = False,
        silence_warnings: bool | None = None,
    ) -> Any:
        """An array of all rows as a Series or table.

        index, columns, dtype: instead of its own. fillna: for missing values. to_timedelta:
        numbers of rows as times. to_index: positions of rows as their labels, NaN for -1.
        """
        target = self.resolve(group_by=group_by)
        index = target.index if index is None else index_fns.to_any_index(index)
        columns = target.columns if columns is None else index_fns.to_any_index(columns)
        name = series_name(columns) if len(columns) == 1 else None
        arr = _filled(np.asarray(arr), fillna)
        checks.assert_ndim(arr, (1, 2))
        arr = reshape_fns.soft_to_ndim(arr, self.ndim)
        checks.assert_shape_equal(arr, index, axis=(0, 0))
        if arr.ndim == 2:
            checks.assert_shape_equal(arr, columns, axis=(1, 0))
        if arr.ndim == 2 and arr.shape[1] == 1 and target.ndim == 1:
            arr = arr[:, 0]
        if arr.ndim == 1:
            out: Any = pd.Series(arr, index=index, name=name, dtype=dtype)
        else:
            out = pd.DataFrame(arr, index=index, columns=columns, dtype=dtype)
        return self._converted(out, to_index, to_timedelta, silence_warnings)

    def wrap_reduced(
        self,
        arr,
        name_or_index=None,
        columns=None,
        fillna=None,
        dtype=None,
        group_by=None,
        to_timedelta: bool = False,
        to_index: bool = False,
        silence_warnings: bool | None = None,
    ) -> Any:
        """One number, or a few, per column: a scalar, Series or table.

        name_or_index: the name of a Series of columns, or the labels of several numbers. Others:
        see `wrap`.
        """
        checks.assert_not_none(self.ndim)
        target = self.resolve(group_by=group_by)
        columns = target.columns if columns is None else index_fns.to_any_index(columns)
        if to_index:
            dtype = np.int64 if dtype is None else dtype
            fillna = -1 if fillna is None else fillna
        arr = _filled(np.asarray(arr), fillna)
        labels = None if isinstance(name_or_index, str) else name_or_index
        single = target.ndim == 1
        if arr.ndim > 2:
            raise ValueError(f"an array of {arr.ndim} dimensions cannot be wrapped")
        out: Any
        if arr.ndim == 0 or (arr.ndim == 1 and single and len(arr) == 1):
            out = _scalar(arr, dtype)
        elif arr.ndim == 1 and not single:
            out = pd.Series(arr, index=columns, name=name_or_index, dtype=dtype)
        elif arr.ndim == 1 or (single and arr.shape[1] == 1):
            out = pd.Series(arr.reshape(-1), index=labels, name=series_name(columns), dtype=dtype)
        else:
            out = pd.DataFrame(arr, index=labels, columns=columns, dtype=dtype)
        return self._converted(out, to_index, to_timedelta, silence_warnings)

    def _converted(self, out, to_index: bool, to_timedelta: bool, silence_warnings) -> Any:
        if to_index:

            def label(place):
                return self.index[place] if place != -1 else np.nan

            out = out.map(label) if checks.is_pandas(out) else label(out)
        if to_timedelta:
            out = self.to_timedelta(out, silence_warnings=silence_warnings)
        return out

    def dummy(self, group_by=None, **kwargs) -> Any:
        """A Series or table of whatever was in memory."""
        target = self.resolve(group_by=group_by)
        return target.wrap(np.empty(target.shape), **kwargs)

    def fill(self, fill_value, group_by=None, **kwargs) -> Any:
        """A Series or table full of one value."""
        target = self.resolve(group_by=group_by)
        return target.wrap(np.full(target.shape_2d, fill_value), **kwargs)

    def fill_reduced(self, fill_value, group_by=None, **kwargs) -> Any:
        """One value per column, wrapped as rows are (that is what the original does)."""
        target = self.resolve(group_by=group_by)
        return target.wrap(np.full(target.shape_2d[1], fill_value), **kwargs)


def _filled(arr: np.ndarray, fillna) -> np.ndarray:
    if fillna is None:
        return arr
    gaps = pd.isnull(arr)
    if not np.any(gaps):
        return arr
    arr = arr.copy()
    arr[gaps] = fillna
    return arr


def _scalar(arr: np.ndarray, dtype) -> Any:
    if arr.ndim == 0:
        return pd.Series(arr, dtype=dtype)[0]  # pyright: ignore - an array, as in the original
    if dtype is None and arr.dtype.kind in "biufO":
        return arr[0]
    return pd.Series(arr, dtype=dtype).iloc[0]


def _select_columns(pd_indexing_func, index: pd.Index, columns: pd.Index, ndim: int) -> tuple:
    """(rows, columns, new index, new columns, ndim) of a selection from a Series of columns."""
    if ndim == 1:
        raise IndexingError("there is one column only: nothing to select columns from")
    try:
        chosen = pd_indexing_func(pd.Series(np.arange(len(columns)), index=columns))
    except pd.errors.IndexingError:
        warnings.warn(
            "only columns can be selected here: index this object as a Series of columns, "
            "not as a table",
            stacklevel=2,
        )
        raise
    rows = np.arange(len(index))
    if checks.is_series(chosen):
        return rows, chosen.to_numpy(), index, chosen.index, 2
    return rows, chosen, index, columns[[chosen]], 1


def _select_both(pd_indexing_func, index: pd.Index, columns: pd.Index, ndim: int) -> tuple:
    """(rows, columns, new index, new columns, ndim) of a selection from a table or a Series."""
    n_rows, n_columns = len(index), len(columns)
    if ndim == 1:
        chosen = pd_indexing_func(
            pd.Series(np.arange(n_rows), index=index, name=series_name(columns))
        )
        if not checks.is_series(chosen):
            raise IndexingError("a single element cannot be selected")
        return (
            chosen.to_numpy(),
            0,
            chosen.index,
            _new_columns(chosen, index, columns, chosen.to_numpy(), 0),
            1,
        )

    def select(places: np.ndarray):
        full = np.broadcast_to(places, (n_rows, n_columns))
        return pd_indexing_func(pd.DataFrame(full, index=index, columns=columns, copy=False))

    in_rows = select(np.arange(n_rows)[:, None])
    in_columns = select(np.arange(n_columns))
    if checks.is_frame(in_rows):
        rows, cols = in_rows.to_numpy()[:, 0], in_columns.to_numpy()[0]
    elif checks.is_series(in_rows):
        rows, cols = in_rows.to_numpy(), in_columns.to_numpy()
        one_row, one_column = np.all(rows == rows.item(0)), np.all(cols == cols.item(0))
        if one_row and one_column:
            raise IndexingError("at least two rows or columns must be selected")
        if one_column:
            cols = cols[0]
        elif one_row:
            rows = rows[0]
        else:
            raise IndexingError("what was selected is neither rows nor columns")
    else:
        raise IndexingError("a single element cannot be selected")
    new_columns = _new_columns(in_rows, index, columns, rows, cols)
    return rows, cols, in_rows.index, new_columns, in_rows.ndim


def _new_columns(chosen, index: pd.Index, columns: pd.Index, rows, cols) -> pd.Index:
    if np.ndim(rows) == 0:
        return index[[rows]]
    if np.ndim(cols) == 0:
        return columns[[cols]]
    return index_fns.get_index(chosen, 1)


class Wrapping(Configured, PandasIndexer, AttrResolver):
    """An object with a wrapper: its labels, its groups, and indexing by them."""

    def __init__(self, wrapper: ArrayWrapper, **kwargs) -> None:
        checks.assert_instance_of(wrapper, ArrayWrapper)
        self._wrapper = wrapper
        Configured.__init__(self, wrapper=wrapper, **kwargs)
        PandasIndexer.__init__(self)
        AttrResolver.__init__(self)

    def indexing_func(self, pd_indexing_func, **kwargs) -> Any:
        return self.replace(wrapper=self.wrapper.indexing_func(pd_indexing_func, **kwargs))

    @property
    def wrapper(self) -> ArrayWrapper:
        """Labels, groups and shape."""
        return self._wrapper

    def regroup(self, group_by, **kwargs) -> Any:
        """With other groups; itself where nothing changes."""
        grouper = self.wrapper.grouper
        if not grouper.is_grouping_changed(group_by=group_by):
            return self
        grouper.check_group_by(group_by=group_by)
        return self.replace(wrapper=self.wrapper.regroup(group_by, **kwargs))

    def resolve_self(
        self,
        cond_kwargs: dict | None = None,
        custom_arg_names: set[str] | None = None,
        impacts_caching: bool = True,
        silence_warnings: bool | None = None,
    ) -> Any:
        """Itself, or a copy with the `freq` that `cond_kwargs` hold."""
        if not cond_kwargs or "freq" not in cond_kwargs:
            return self
        if self.wrapper._freq_of(cond_kwargs["freq"]) == self.wrapper.freq:
            return self
        wrapper = self.wrapper.replace(freq=cond_kwargs["freq"])
        if not _setting("silence_warnings", silence_warnings):
            warnings.warn(
                "another frequency needs a copy of this object, which computes everything anew; "
                "pass freq=... when it is made",
                stacklevel=2,
            )
        new = self.replace(wrapper=wrapper)
        for alias in self.self_aliases:
            if alias not in (custom_arg_names or ()):
                cond_kwargs[alias] = new
        cond_kwargs["freq"] = new.wrapper.freq
        if impacts_caching:
            cond_kwargs["use_caching"] = False
        return new

    def select_one(self, column=None, group_by=None, **kwargs) -> Any:
        """One column or group: by label, or by position where there is no such label."""
        base = self.regroup(group_by, **kwargs)
        wrapper = base.wrapper
        grouped = wrapper.grouper.is_grouped()
        what, ndim = _what(wrapper)
        if column is None:
            if ndim == 1:
                return base
            raise TypeError(f"there are several {what}s: index this object or pass column=...")
        if ndim == 1:
            raise TypeError(f"there is only one {what}: leave out column=...")
        if column in (wrapper.get_columns() if grouped else wrapper.columns):
            out = base[column]
        elif not isinstance(column, int):
            raise KeyError(f"there is no {what} {column!r}")
        else:
            out = base.iloc[column] if wrapper.column_only_select else base.iloc[:, column]
        if (out.wrapper.grouped_ndim if grouped else out.wrapper.ndim) != 1:
            raise TypeError(f"column={column!r} are several {what}s")
        return out

    @staticmethod
    def select_one_from_obj(obj, wrapper: ArrayWrapper, column=None) -> Any:
        """The part of a table or Series of columns that belongs to one column or group."""
        grouped = wrapper.grouper.is_grouped()
        what, ndim = _what(wrapper)
        if column is None:
            if ndim == 1:
                return obj
            raise TypeError(f"there are several {what}s: index this object or pass column=...")
        if wrapper.ndim == 1:
            raise TypeError(f"there is only one {what}: leave out column=...")
        if column in (wrapper.get_columns() if grouped else wrapper.columns):
            return obj[column]
        if not isinstance(column, int):
            raise KeyError(f"there is no {what} {column!r}")
        return obj.iloc[:, column] if isinstance(obj, pd.DataFrame) else obj.iloc[column]


def _what(wrapper: ArrayWrapper) -> tuple[str, int]:
    """What columns are called, and 1 where there is one of them."""
    if wrapper.grouper.is_grouped():
        return "group", wrapper.grouped_ndim
    return "column", wrapper.ndim

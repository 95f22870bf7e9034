"""Arrays and tables in other shapes: broadcast with their labels, tiled, unstacked."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ....core.flexible import flex_choose_i_and_col_nb, flex_select_auto_nb, flex_select_nb
from .._settings import settings
from ..utils import checks
from ..utils.config import resolve_dict
from . import index_fns

__all__ = [
    "broadcast",
    "broadcast_index",
    "broadcast_to",
    "broadcast_to_array_of",
    "broadcast_to_axis_of",
    "flex_choose_i_and_col_nb",
    "flex_select_auto_nb",
    "flex_select_nb",
    "get_multiindex_series",
    "make_symmetric",
    "repeat",
    "soft_to_ndim",
    "tile",
    "to_1d",
    "to_1d_array",
    "to_2d",
    "to_2d_array",
    "to_any_array",
    "to_dict",
    "to_pd_array",
    "unstack_to_array",
    "unstack_to_df",
    "wrap_broadcasted",
]


def to_any_array(arg, raw: bool = False) -> Any:
    """pandas and NumPy objects as they are (`raw`: NumPy only), anything else as NumPy."""
    if isinstance(arg, np.ndarray) or (not raw and checks.is_pandas(arg)):
        return arg
    if hasattr(arg, "to_numpy") and not checks.is_pandas(arg):  # Polars
        return arg.to_numpy()
    return np.asarray(arg)


def to_pd_array(arg) -> Any:
    """As a Series or DataFrame."""
    if checks.is_pandas(arg):
        return arg
    arg = to_any_array(arg)
    if arg.ndim == 1:
        return pd.Series(arg)
    if arg.ndim == 2:
        return pd.DataFrame(arg)
    raise ValueError(f"an array of {arg.ndim} dimensions is neither a Series nor a DataFrame")


def soft_to_ndim(arg, ndim: int, raw: bool = False) -> Any:
    """In `ndim` dimensions where one column makes that possible, else as it is."""
    arg = to_any_array(arg, raw=raw)
    if ndim == 1 and arg.ndim == 2 and arg.shape[1] == 1:
        return arg.iloc[:, 0] if checks.is_frame(arg) else arg[:, 0]
    if ndim == 2 and arg.ndim == 1:
        return arg.to_frame() if checks.is_series(arg) else arg[:, None]
    return arg


def to_1d(arg, raw: bool = False) -> Any:
    """In one dimension: one column without its table, a scalar as one element."""
    arg = soft_to_ndim(arg, 1, raw=raw)
    if arg.ndim == 0:
        return arg.reshape((1,))
    if arg.ndim == 1:
        return arg
    raise ValueError(f"an array of shape {arg.shape} is not one column")


to_1d_array = functools.partial(to_1d, raw=True)


def to_2d(arg, raw: bool = False, expand_axis: int = 1) -> Any:
    """In two dimensions: one dimension becomes a column, or a row with expand_axis=0."""
    arg = to_any_array(arg, raw=raw)
    if arg.ndim == 2:
        return arg
    if arg.ndim == 0:
        return arg.reshape((1, 1))
    if arg.ndim == 1:
        if checks.is_series(arg):
            if expand_axis == 1:
                return arg.to_frame()
            if expand_axis == 0:
                return pd.DataFrame(arg.to_numpy()[None, :], columns=arg.index)
        return np.expand_dims(arg, expand_axis)
    raise ValueError(f"an array of {arg.ndim} dimensions does not fit two")


to_2d_array = functools.partial(to_2d, raw=True)


def to_dict(arg, orient: str = "dict") -> dict:
    """As a dict; orient: as in pandas, or "index_series" for one Series per row."""
    arg = to_pd_array(arg)
    if orient == "index_series":
        return {arg.index[n]: arg.iloc[n] for n in range(len(arg.index))}
    return arg.to_dict(orient)


def _lengthened(arg, n: int, axis: int, raw: bool, grow, grow_index) -> Any:
    from .array_wrapper import ArrayWrapper

    if axis not in (0, 1):
        raise ValueError(f"axis={axis}: rows are 0, columns 1")
    arg = to_any_array(arg, raw=raw)
    arg = to_2d(arg) if axis == 1 else arg
    if not checks.is_pandas(arg):
        return grow(arg)
    name = "index" if axis == 0 else "columns"
    labels = {name: grow_index(getattr(arg, name), n)}
    return ArrayWrapper.from_obj(arg).wrap(grow(arg.to_numpy()), **labels)


def repeat(arg, n: int, axis: int = 1, raw: bool = False) -> Any:
    """Every row or column `n` times."""
    return _lengthened(
        arg, n, axis, raw, lambda a: np.repeat(a, n, axis=axis), index_fns.repeat_index
    )


def tile(arg, n: int, axis: int = 1, raw: bool = False) -> Any:
    """All rows or columns `n` times."""

    def grow(a):
        return np.tile(a, (1, n) if axis == 1 else (n, 1) if a.ndim == 2 else n)

    return _lengthened(arg, n, axis, raw, grow, index_fns.tile_index)


def broadcast_index(
    args: Sequence,
    to_shape: tuple,
    index_from=None,
    axis: int = 0,
    ignore_sr_names: bool | None = None,
    **kwargs,
) -> pd.Index | None:
    """The labels of one axis that arrays have together.

    index_from: "keep" or None: None, each keeps its own. "stack": different ones as levels
    (`kwargs` for `stack_indexes`). "strict": all must be the same. "reset": a range. A number:
    those of that array. Anything else: these labels. ignore_sr_names: names of Series do not
    count where labels differ.
    """
    ignore_sr_names = index_fns._setting("ignore_sr_names", ignore_sr_names)
    what = "columns" if axis == 1 else "index"
    length = to_shape[0] if axis == 0 else to_shape[1] if len(to_shape) > 1 else 1
    rule = index_from.lower() if isinstance(index_from, str) else index_from
    if rule is None or (isinstance(rule, str) and rule == "keep"):
        return None
    if isinstance(rule, int):
        if not checks.is_pandas(args[rule]):
            raise TypeError(f"{what}_from={rule}: the argument at that position has no labels")
        labels = index_fns.get_index(args[rule], axis)
    elif not isinstance(rule, str):
        labels = rule
    elif rule == "reset":
        labels = pd.RangeIndex(length)
    elif rule in ("stack", "strict"):
        labels = _common_labels(args, axis, ignore_sr_names, rule == "strict", what, kwargs)
    else:
        raise ValueError(f"{what}_from={index_from!r} is unknown: keep, stack, strict or reset")
    if labels is None:
        return pd.RangeIndex(length)
    if length > len(labels):
        if isinstance(rule, str) and rule == "strict":
            raise ValueError(_not_strict(what))
        if len(labels) > 1:
            raise ValueError(f"{len(labels)} labels ({what}) do not fit {length}")
        labels = index_fns.repeat_index(labels, length)
    return labels


def _not_strict(what: str) -> str:
    return (
        f"the inputs have different labels ({what}), which {what}_from='strict' does not allow; "
        "give all of them the same (for example with reindex_like)"
    )


def _common_labels(args, axis, ignore_sr_names, strict, what, kwargs) -> pd.Index | None:
    labelled = [(arg, index_fns.get_index(arg, axis)) for arg in args if checks.is_pandas(arg)]
    if not labelled:
        return None
    same = all(
        x is y or checks.is_index_equal(x, y)
        for (_, x), (_, y) in zip(labelled[1:], labelled[:-1], strict=True)
    )
    if same:
        return labelled[-1][1]
    out = None
    for arg, index in labelled:
        if axis == 1 and ignore_sr_names and checks.is_series(arg):
            continue
        if checks.is_default_index(index):
            continue
        if out is None:
            out = index
            continue
        if checks.is_index_equal(index, out):
            continue
        if strict:
            raise ValueError(_not_strict(what))
        if len(index) != len(out):
            if len(index) > 1 and len(out) > 1:
                raise ValueError(f"{len(out)} and {len(index)} labels ({what}) do not fit")
            if len(index) > len(out):
                out = index_fns.repeat_index(out, len(index))
            else:
                index = index_fns.repeat_index(index, len(out))
        out = index_fns.stack_indexes([out, index], **kwargs)
    return out


def wrap_broadcasted(
    old_arg,
    new_arg: np.ndarray,
    is_pd: bool = False,
    new_index: pd.Index | None = None,
    new_columns: pd.Index | None = None,
) -> Any:
    """An array that was broadcast, with labels (`is_pd`): the new ones, or its own repeated."""
    if not is_pd:
        return new_arg
    if checks.is_pandas(old_arg):
        if new_index is None:
            new_index = _stretched(index_fns.get_index(old_arg, 0), new_arg.shape[0])
        if new_columns is None:
            width = new_arg.shape[1] if new_arg.ndim == 2 else 1
            new_columns = _stretched(index_fns.get_index(old_arg, 1), width)
    if new_arg.ndim == 2:
        return pd.DataFrame(new_arg, index=new_index, columns=new_columns)
    name = None
    if new_columns is not None and len(new_columns) == 1:
        name = series_name(new_columns)
    return pd.Series(new_arg, index=new_index, name=name)


def _stretched(index: pd.Index, length: int) -> pd.Index:
    return index if len(index) == length else index_fns.repeat_index(index, length)


def series_name(columns: pd.Index):
    """The name of a Series from its one column: 0 stands for none."""
    name = columns[0]
    return None if name == 0 else name


def _given(setting: str, value):
    return settings["broadcasting"][setting] if value is None else value


def aligned(arrays: list, align_index: bool, align_columns: bool) -> list:
    """Tables with fewer labels than the longest, brought to its labels by common levels."""
    arrays = list(arrays)
    for wanted, axis in ((align_index, 0), (align_columns, 1)):
        if not wanted:
            continue
        kind = checks.is_pandas if axis == 0 else checks.is_frame
        places = [n for n, a in enumerate(arrays) if kind(a) and a.shape[axis] > 1]
        if len({arrays[n].shape[axis] for n in places}) <= 1:
            continue
        labels = [arrays[n].index if axis == 0 else arrays[n].columns for n in places]
        for n, chosen in zip(places, index_fns.align_indexes(labels), strict=True):
            if not isinstance(chosen, slice):
                arrays[n] = arrays[n].iloc[chosen] if axis == 0 else arrays[n].iloc[:, chosen]
    return arrays


def broadcast(
    *args,
    to_shape=None,
    to_pd=None,
    to_frame: bool | None = None,
    align_index: bool | None = None,
    align_columns: bool | None = None,
    index_from=None,
    columns_from=None,
    require_kwargs=None,
    keep_raw=False,
    return_meta: bool = False,
    **kwargs,
) -> Any:
    """Bring arrays and tables to one shape by NumPy's rules, and to common labels.

    to_shape: the shape, instead of the smallest that fits. to_pd: whether results have labels
    (by default where one argument has), for all or for each. to_frame: two dimensions, or not.
    align_index, align_columns: bring tables of fewer labels to those of more, by common levels.
    index_from, columns_from: see `broadcast_index`, which gets `kwargs`. require_kwargs: for
    `np.require`, for all or for each. keep_raw: only make sure that an argument fits, and leave
    its shape; for all or for each. return_meta: (arrays, shape, index, columns). What is None
    is taken from `settings["broadcasting"]`.
    """
    require_kwargs = {} if require_kwargs is None else require_kwargs
    arrays = [to_any_array(arg) for arg in args]
    if isinstance(to_shape, int):
        to_shape = (to_shape,)
    if to_shape is not None:
        checks.assert_instance_of(to_shape, tuple)
    is_2d = any(a.ndim > 1 for a in arrays) or (to_shape is not None and len(to_shape) > 1)
    is_2d = is_2d if to_frame is None else to_frame
    is_pd = any(map(checks.is_pandas, arrays))
    if to_pd is not None:
        is_pd = any(to_pd) if isinstance(to_pd, Sequence) else to_pd
    arrays = aligned(
        arrays, _given("align_index", align_index), _given("align_columns", align_columns)
    )
    tables = [a.to_frame() if is_2d and checks.is_series(a) else a for a in arrays]
    if to_shape is None:
        to_shape = np.broadcast_shapes(*(a.shape for a in tables))
    out = []
    for n, array in enumerate(tables):
        raw = keep_raw[n] if isinstance(keep_raw, Sequence) else keep_raw
        full = np.broadcast_to(array, to_shape)
        out.append(np.require(array if raw else full, **resolve_dict(require_kwargs, i=n)))
    index = columns = None
    if is_pd:
        # A Series says something else about columns than a table of one column.
        index = broadcast_index(
            arrays, to_shape, index_from=_given("index_from", index_from), axis=0, **kwargs
        )
        columns = broadcast_index(
            arrays, to_shape, index_from=_given("columns_from", columns_from), axis=1, **kwargs
        )
    for n, array in enumerate(arrays):
        if not (keep_raw[n] if isinstance(keep_raw, Sequence) else keep_raw):
            labelled = to_pd[n] if isinstance(to_pd, Sequence) else is_pd
            out[n] = wrap_broadcasted(array, out[n], labelled, index, columns)
    result = tuple(out) if len(out) > 1 else out[0]
    return (result, to_shape, index, columns) if return_meta else result


def broadcast_to(
    arg1, arg2, to_pd: bool | None = None, index_from=None, columns_from=None, **kw
) -> Any:
    """`arg1` in the shape and with the labels of `arg2`; see `broadcast`."""
    arg1, arg2 = to_any_array(arg1), to_any_array(arg2)
    to_pd = checks.is_pandas(arg2) if to_pd is None else to_pd
    if to_pd:
        index_from = index_fns.get_index(arg2, 0) if index_from is None else index_from
        columns_from = index_fns.get_index(arg2, 1) if columns_from is None else columns_from
    return broadcast(
        arg1,
        to_shape=arg2.shape,
        to_pd=to_pd,
        index_from=index_from,
        columns_from=columns_from,
        **kw,
    )


def broadcast_to_array_of(arg1, arg2) -> np.ndarray:
    """One array like `arg2` for each element of `arg1`, full of it; what has that shape stays."""
    arg1, arg2 = to_any_array(arg1, raw=True), to_any_array(arg2, raw=True)
    if arg1.ndim == arg2.ndim + 1 and arg1.shape[1:] == arg2.shape:
        return arg1
    arg1 = to_1d(arg1) if arg1.ndim == 0 else arg1
    checks.assert_ndim(arg1, 1)
    if arg2.ndim == 0:
        return arg1
    return np.tile(arg1.reshape(-1, *(1,) * arg2.ndim), (1, *arg2.shape))


def broadcast_to_axis_of(arg1, arg2, axis: int, require_kwargs: dict | None = None) -> Any:
    """One element of `arg1` for each row or column of `arg2`; one number where it has none."""
    arg2 = to_any_array(arg2)
    if arg2.ndim < axis + 1:
        return np.broadcast_to(arg1, (1,))[0]
    return np.require(np.broadcast_to(arg1, (arg2.shape[axis],)), **(require_kwargs or {}))


def get_multiindex_series(arg) -> pd.Series:
    """A Series with several levels, from a Series or a table of one row or column."""
    checks.assert_instance_of(arg, (pd.Series, pd.DataFrame))
    if checks.is_frame(arg):
        if arg.shape[0] == 1:
            arg = arg.iloc[0, :]
        elif arg.shape[1] == 1:
            arg = arg.iloc[:, 0]
        else:
            raise ValueError(f"a table of shape {arg.shape} is not one row or one column")
    checks.assert_instance_of(arg.index, pd.MultiIndex)
    return arg


def unstack_to_array(arg, levels=None) -> np.ndarray:
    """Levels of the index as axes, their values sorted; NaN where there is no such label."""
    series = to_1d(get_multiindex_series(arg))
    if series.index.duplicated().any():
        raise ValueError("the index has labels more than once; they cannot become one place each")
    if levels is None:
        levels = range(series.index.nlevels)
    elif isinstance(levels, (int, str)):
        levels = (levels,)
    axes = [
        np.unique(index_fns.select_levels(series.index, level).to_numpy(), return_inverse=True)
        for level in levels
    ]
    out = np.full([len(values) for values, _ in axes], np.nan)
    out[tuple(places for _, places in axes)] = series.to_numpy()
    return out


def make_symmetric(arg, sort: bool = True) -> pd.DataFrame:
    """A table with the same labels on both axes, and each value on both sides of the diagonal.

    sort: labels sorted, else rows first, then columns.
    """
    checks.assert_instance_of(arg, (pd.Series, pd.DataFrame))
    table = to_2d(arg)
    multi = isinstance(table.index, pd.MultiIndex) or isinstance(table.columns, pd.MultiIndex)
    if multi:
        for labels in (table.index, table.columns):
            checks.assert_instance_of(labels, pd.MultiIndex)
        checks.assert_array_equal(table.index.nlevels, table.columns.nlevels)
        rows, cols = tuple(table.index.names), tuple(table.columns.names)
        name = rows if rows == cols else tuple(zip(rows, cols, strict=True))
    else:
        rows, cols = table.index.name, table.columns.name
        name = rows if rows == cols else (rows, cols)
    labels = np.concatenate((table.index, table.columns))
    labels = np.unique(labels).tolist() if sort else list(dict.fromkeys(labels))
    if multi:
        both: pd.Index = pd.MultiIndex.from_tuples(labels, names=name)
        table = table.set_axis(table.index.set_names(name), axis=0)
        table = table.set_axis(table.columns.set_names(name), axis=1)
    else:
        both = pd.Index(labels, name=name)
        table = table.set_axis(table.index.rename(name), axis=0)
        table = table.set_axis(table.columns.rename(name), axis=1)
    dtype = np.promote_types(table.to_numpy().dtype, np.min_scalar_type(np.nan))
    out = pd.DataFrame(index=both, columns=both, dtype=dtype)
    out.loc[:, :] = table
    out[out.isnull()] = table.transpose()
    return out


def unstack_to_df(
    arg, index_levels=None, column_levels=None, symmetric: bool = False, sort: bool = True
) -> pd.DataFrame:
    """Some levels of the index as rows, others as columns; symmetric: see `make_symmetric`."""
    series = to_1d(get_multiindex_series(arg))
    if series.index.nlevels > 2 and (index_levels is None or column_levels is None):
        name = "index_levels" if index_levels is None else "column_levels"
        raise ValueError(f"the index has {series.index.nlevels} levels: pass {name}")
    index_levels = 0 if index_levels is None else index_levels
    column_levels = 1 if column_levels is None else column_levels
    rows = index_fns.select_levels(arg.index, index_levels).unique()
    columns = index_fns.select_levels(arg.index, column_levels).unique()
    values = unstack_to_array(series, levels=(index_levels, column_levels))
    out = pd.DataFrame(
        values,
        index=rows[np.argsort(rows.to_numpy())],
        columns=columns[np.argsort(columns.to_numpy())],
    )
    out = out.reindex(index=rows, columns=columns)
    return make_symmetric(out, sort=sort) if symmetric else out


def laid_out(
    values: dict[str, Any],
    to_shape=None,
    to_frame: bool | None = None,
    align_index: bool | None = None,
    align_columns: bool | None = None,
    index_from=None,
    columns_from=None,
    main: str = "close",
    **kwargs,
) -> tuple[dict[str, Any], int, pd.Index, pd.Index]:
    """What `broadcast` would make of named values, without making it.

    Gives (values, ndim, index, columns): scalars as they are, everything else as a
    two-dimensional array of the shape that it came in, at most aligned; whether the result has
    one dimension or two; and the labels that the value named `main` would have as a table.
    The sequence of the values counts, as it does in `broadcast`; see there for the arguments.
    """
    plain = (bool, int, float, np.number, np.bool_)
    names = list(values)
    arrays = {n: values[n] for n in names if not isinstance(values[n], plain)}
    arrays = {n: to_any_array(v) for n, v in arrays.items()}
    to_shape = (to_shape,) if isinstance(to_shape, int) else to_shape
    is_2d = any(a.ndim > 1 for a in arrays.values()) or (to_shape is not None and len(to_shape) > 1)
    is_2d = is_2d if to_frame is None else to_frame
    wide = {n: a for n, a in arrays.items() if a.ndim > 0}
    labelled = [a for a in wide.values() if checks.is_pandas(a)]
    if labelled:
        ready = aligned(
            list(wide.values()), _given("align_index", align_index),
            _given("align_columns", align_columns),
        )  # fmt: skip
        wide = dict(zip(wide, ready, strict=True))
    out: dict[str, Any] = {}
    for name in names:
        array = wide.get(name, values[name])
        if name not in wide:
            out[name] = array.item() if isinstance(array, np.ndarray) else array
            continue
        row = is_2d and array.ndim == 1 and not checks.is_series(array)
        array = array.to_numpy() if checks.is_pandas(array) else array
        out[name] = array if array.ndim != 1 else array[None, :] if row else array[:, None]
    shapes = [out[name].shape for name in wide]
    shape: Any
    if to_shape is None:
        if not shapes:
            raise ValueError(f"every input is a single number: {main} must be an array or a table")
        shape = np.broadcast_shapes(*shapes)
    else:
        shape = to_shape if len(to_shape) > 1 else (to_shape[0], 1)
        np.broadcast_shapes(shape, *shapes)
    if len(shape) > 2:
        raise ValueError(f"an input has {len(shape)} dimensions; at most two are possible")
    index = columns = None
    if labelled:
        every = list(wide.values())
        if isinstance(index_from, int) or isinstance(columns_from, int):
            every = [wide.get(name, arrays.get(name, values[name])) for name in names]
        target = shape if is_2d else shape[:1]
        index = broadcast_index(
            every, target, index_from=_given("index_from", index_from), axis=0, **kwargs
        )
        columns = broadcast_index(
            every, target, index_from=_given("columns_from", columns_from), axis=1, **kwargs
        )
        own = wide.get(main)
        if checks.is_pandas(own):
            if index is None:
                index = _stretched(index_fns.get_index(own, 0), shape[0])
            if columns is None:
                columns = _stretched(index_fns.get_index(own, 1), shape[1])
    index = pd.RangeIndex(shape[0]) if index is None else index_fns.to_any_index(index)
    columns = pd.RangeIndex(shape[1]) if columns is None else index_fns.to_any_index(columns)
    if not is_2d and len(columns) == 1:  # as the name of a Series
        columns = pd.Index([0 if columns[0] is None else columns[0]])
    for labels, length, what in ((index, shape[0], "rows"), (columns, shape[1], "columns")):
        if len(labels) != length:
            raise ValueError(f"{len(labels)} labels do not fit {length} {what}")
    return out, 2 if is_2d else 1, index, columns

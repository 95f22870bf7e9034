"""From inputs and parameters to a function's outputs: the way of every indicator."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..base import index_fns, reshape_fns
from ..base.array_wrapper import ArrayWrapper
from ..utils import checks
from ..utils.config import merge_dicts, resolve_dict
from ..utils.enum_ import map_enum_fields
from ..utils.mapping import apply_mapping
from ..utils.params import broadcast_params, create_param_product, to_typed_list
from ..utils.random_ import set_seed
from .lines import Lines

_PARAM_SETTINGS = [
    "dtype",
    "is_tuple",
    "is_array_like",
    "bc_to_input",
    "broadcast_kwargs",
    "per_column",
]
_WRITEABLE = {"require_kwargs": {"requirements": "W"}}


def _is_typed_list(value) -> bool:
    import sys

    typed = sys.modules.get("numba.typed")
    return typed is not None and isinstance(value, typed.List)


def params_to_list(params, is_tuple: bool, is_array_like: bool) -> list:
    """The values of a parameter: of a list, and of a tuple or array unless that is one value."""
    several = (
        isinstance(params, list)
        or (isinstance(params, tuple) and not is_tuple)
        or (isinstance(params, np.ndarray) and not is_array_like)
        or _is_typed_list(params)
    )
    return list(params) if several else [params]


def prepare_params(
    param_list: Sequence, param_settings=None, input_shape=None, to_2d: bool = False
) -> list[list]:
    """The values of each parameter: words mapped to numbers, arrays broadcast to the input.

    param_settings: a dict for each parameter, or one for all: `dtype` (a mapping or enumeration),
    `is_tuple`, `is_array_like`, `bc_to_input` (True, or the axis), `broadcast_kwargs`.
    """
    out = []
    for n, params in enumerate(param_list):
        known = resolve_dict(param_settings, i=n)
        is_tuple = known.get("is_tuple", False)
        dtype = known.get("dtype")
        if checks.is_mapping_like(dtype):
            named = checks.is_namedtuple(dtype)
            params = map_enum_fields(params, dtype) if named else apply_mapping(params, dtype)
        values = params_to_list(params, is_tuple, known.get("is_array_like", False))
        axis = known.get("bc_to_input", False)
        if axis is not False:
            if is_tuple:
                raise ValueError("a parameter of tuples (is_tuple) cannot have bc_to_input")
            kwargs = known.get("broadcast_kwargs", _WRITEABLE)
            values = _broadcast_to_input(values, axis, input_shape, to_2d, kwargs)
        out.append(values)
    return out


def _broadcast_to_input(values: list, axis, shape, to_2d: bool, kwargs: dict) -> list:
    """Values as arrays of the input's shape, or of its rows (axis 0) or columns (axis 1)."""
    if shape is None:
        raise ValueError("bc_to_input needs the shape of the input: pass input_shape")
    if axis is not True:
        checks.assert_in(axis, (0, 1))
        columns = shape[1] if len(shape) > 1 else 1
        shape = (columns,) if axis else (shape[0],)
    arrays = reshape_fns.broadcast(*values, to_shape=shape, **kwargs)
    arrays = [arrays] if len(values) == 1 else list(arrays)
    if to_2d and axis is True:
        raw = kwargs.get("keep_raw", False)
        for n, array in enumerate(arrays):
            if not (raw[n] if isinstance(raw, (tuple, list)) else raw):
                arrays[n] = reshape_fns.to_2d(array)
    return arrays


def build_columns(
    param_list: Sequence[Sequence],
    input_columns,
    level_names: Sequence[str] | None = None,
    hide_levels: Sequence[int] | None = None,
    param_settings=None,
    per_column: bool = False,
    ignore_default: bool = False,
    **kwargs,
) -> tuple[list[pd.Index], pd.Index]:
    """The labels of each parameter for every column, and all of them above the input's.

    hide_levels: positions of parameters that get no level. per_column: one value for each column.
    ignore_default: see `repeat_index`; kwargs: for `stack_indexes`.
    """
    if level_names is not None:
        checks.assert_len_equal(param_list, level_names)
    columns = index_fns.to_any_index(input_columns)
    indexes = []
    for n, params in enumerate(param_list):
        name = None if level_names is None else level_names[n]
        if per_column:
            indexes.append(index_fns.index_from_values(params, name=name))
        elif resolve_dict(param_settings, i=n).get("per_column", False):
            indexes.append(_column_labels(params, name, len(columns), ignore_default))
        else:
            index = index_fns.index_from_values(params, name=name)
            indexes.append(
                index_fns.repeat_index(index, len(columns), ignore_default=ignore_default)
            )
    hidden = hide_levels or ()
    shown = [index for n, index in enumerate(indexes) if n not in hidden]
    if not shown:
        return indexes, columns
    if not per_column:
        count = len(param_list[0]) if param_list else 1
        columns = index_fns.tile_index(columns, count, ignore_default=ignore_default)
    return indexes, index_fns.stack_indexes([*shown, columns], **kwargs)


def _column_labels(params, name, columns: int, ignore_default: bool) -> pd.Index:
    """Labels where each value of a parameter is an array with one value for each column."""
    parts = [
        index_fns.index_from_values(np.broadcast_to(one, (columns,)), name=name) for one in params
    ]
    index = parts[0]
    for part in parts[1:]:
        index = index.append(part)
    if len(index) == 1 and columns > 1:
        index = index_fns.repeat_index(index, columns, ignore_default=ignore_default)
    return index


class _Run:
    """One call of `run_pipeline`: the shapes that its parts share.

    shape: of the inputs (None without inputs), of one column where parameters go per column;
    whole: of all columns.
    """

    def __init__(self, shape, index, columns, per_column: bool, to_2d: bool, keep_pd: bool) -> None:
        if shape is not None and not isinstance(shape, tuple):
            shape = (shape,)
        if per_column and shape is None:
            raise ValueError("per_column=True needs inputs, or their shape: pass input_shape")
        self.whole: Any = shape
        self.shape: Any = (shape[0],) if per_column and shape is not None else shape
        self.index, self.columns = index, columns
        self.per_column, self.to_2d, self.keep_pd = per_column, to_2d, keep_pd

    @staticmethod
    def two(shape):
        return None if shape is None else shape if len(shape) > 1 else (shape[0], 1)

    @property
    def shape_2d(self) -> Any:
        return self.two(self.shape)

    @property
    def whole_2d(self) -> Any:
        return self.two(self.whole)

    @property
    def shape_ready(self) -> Any:
        """As functions see it."""
        return self.shape_2d if self.to_2d else self.shape

    def _kept(self, array: np.ndarray, column: int | None = None):
        """The array as functions get it: with its labels if those are kept."""
        if not self.keep_pd:
            return array
        columns = self.columns if column is None else self.columns[[column]]
        return ArrayWrapper(self.index, columns, array.ndim).wrap(array)

    def inputs(self, arrays: list) -> list:
        """What the function gets for each input; of `per_column`, a list by column."""
        if not self.per_column:
            return [self._kept(reshape_fns.to_2d(a) if self.to_2d else a) for a in arrays]
        out = []
        for array in arrays:
            table = reshape_fns.to_2d(array)
            key = [[n] if self.to_2d else n for n in range(table.shape[1])]
            out.append([self._kept(table[:, k], n) for n, k in enumerate(key)])
        return out

    def in_outputs(self, given: list, settings, count: int) -> tuple[list, list]:
        """The arrays that the function writes to, and its views of them by parameter."""
        wide, views = [], []
        if given and self.shape_2d is None:
            raise ValueError("in-place outputs need inputs, or their shape: pass input_shape")
        for n, array in enumerate(given):
            rows, columns = self.shape_2d
            if array is None:
                dtype = (settings if isinstance(settings, dict) else settings[n]).get("dtype")
                array = np.empty((rows, columns * count), dtype=dtype)
            else:
                array = np.require(array, requirements="W")
                if self.per_column:
                    array = reshape_fns.to_2d(array)
                else:
                    array = reshape_fns.tile(array, count, axis=1)
            parts = []
            for k in range(count):
                part = array[:, k * columns : (k + 1) * columns]
                part = part[:, 0] if len(self.shape_ready) == 1 else part
                parts.append(self._kept(part, k if self.per_column else None))
            wide.append(array)
            views.append(parts)
        return wide, views


def _broadcast_inputs(arrays: list, shape, index, columns, kwargs: dict, writeable: bool):
    """Inputs of one shape as plain arrays, with shape, index and columns."""
    how = {"to_shape": shape, "index_from": index, "columns_from": columns}
    if writeable:
        how |= _WRITEABLE
    out, shape, index, columns = reshape_fns.broadcast(
        *arrays, return_meta=True, **merge_dicts(how, kwargs)
    )
    index = pd.RangeIndex(shape[0]) if index is None else index
    if columns is None:
        columns = pd.RangeIndex(shape[1] if len(shape) > 1 else 1)
    out = [out] if len(arrays) == 1 else out
    return [np.asarray(one) for one in out], shape, index, columns


def _split(output, expected: int) -> tuple[list, list]:
    """The tables of what a function returned, and what it returned beside them."""
    if output is None:
        parts = []
    elif isinstance(output, (tuple, list)) or _is_typed_list(output):
        parts = list(output)
    else:
        parts = [output]
    if len(parts) < expected:
        raise ValueError(f"the function returned {len(parts)} outputs, {expected} are expected")
    tables = [p if isinstance(p, Lines) else reshape_fns.to_2d_array(p) for p in parts[:expected]]
    return tables, parts[expected:]


def _place_of(param_map: list, wanted: list) -> list[int]:
    """Where each tuple of parameters is among those that were computed."""
    try:
        places: dict = {}
        for n, key in enumerate(param_map):
            places.setdefault(key, n)
        return [places[key] for key in wanted]
    except TypeError:  # arrays have no hash
        return [param_map.index(key) for key in wanted]
    except KeyError as error:
        raise ValueError(f"{error.args[0]!r} is not among the parameters of use_raw") from None


def _pick(raw: tuple, param_list: list) -> tuple:
    """The columns of some parameters out of what was computed for others."""
    tables, param_map, width, others = raw
    first = np.array(_place_of(param_map, list(zip(*param_list, strict=True))), np.int64) * width
    columns = (first[:, None] + np.arange(width)).ravel()
    return [Lines.of(table).take(columns) for table in tables], param_map, width, others


def _unique(param_list: list) -> list | None:
    """Each combination of parameters once; None where all are different, or have no hash."""
    combinations = list(zip(*param_list, strict=True))
    try:
        once = list(dict.fromkeys(combinations))
    except TypeError:
        return None
    return (
        [list(values) for values in zip(*once, strict=True)]
        if len(once) < len(combinations)
        else None
    )


def run_pipeline(
    num_ret_outputs: int,
    custom_func,
    *args,
    require_input_shape: bool = False,
    input_shape=None,
    input_index=None,
    input_columns=None,
    input_list: Sequence | None = None,
    in_output_list: Sequence | None = None,
    in_output_settings=None,
    broadcast_kwargs: dict | None = None,
    param_list: Sequence | None = None,
    param_product: bool = False,
    param_settings=None,
    run_unique: bool = False,
    silence_warnings: bool = False,
    per_column: bool = False,
    pass_col: bool = False,
    keep_pd: bool = False,
    to_2d: bool = True,
    as_lists: bool = False,
    pass_input_shape: bool = False,
    pass_flex_2d: bool = False,
    pass_seed: bool = False,
    level_names: Sequence[str] | None = None,
    hide_levels: Sequence[int] | None = None,
    stacking_kwargs: dict | None = None,
    return_raw: bool = False,
    use_raw: tuple | None = None,
    wrapper_kwargs: dict | None = None,
    seed: int | None = None,
    **kwargs,
) -> Any:
    """Call `custom_func` with inputs of one shape and lists of parameters of one length.

    It gets inputs, in-place outputs and parameters (three lists where `as_lists`), `args` and
    `kwargs`, and returns `num_ret_outputs` tables of as many columns as inputs times parameters;
    what it returns beyond them is handed on.

    input_shape, input_index, input_columns: of the inputs; where there are none, of the outputs.
    in_output_list: arrays to write to, None for empty ones of `in_output_settings[n]["dtype"]`.
    param_product: every value with every other one. run_unique: compute equal parameters once.
    per_column: the n-th value of each parameter for the n-th column alone. pass_col,
    pass_input_shape, pass_flex_2d, pass_seed: hand these over by name. keep_pd: hand over pandas
    objects. to_2d: hand over tables only. level_names, hide_levels, stacking_kwargs: see
    `build_columns`. return_raw: stop before labels are made; use_raw: take the columns from such a
    result. seed: of the random generators.

    Returns (wrapper, inputs, which input column is under which output column, in-place outputs,
    outputs, parameters, labels of each parameter, other objects returned); what the function
    returned if `return_cache` is among `kwargs`.
    """
    if require_input_shape:
        checks.assert_not_none(input_shape)
        pass_input_shape = True
    index: Any = None if input_index is None else index_fns.to_any_index(input_index)
    columns: Any = None if input_columns is None else index_fns.to_any_index(input_columns)
    inputs: list[Any] = list(input_list or ())
    given: list[Any] = list(in_output_list or ())
    in_output_settings = {} if in_output_settings is None else in_output_settings
    checks.assert_dict_sequence_valid(in_output_settings, ["dtype"])
    param_settings = {} if param_settings is None else param_settings
    checks.assert_dict_sequence_valid(param_settings, _PARAM_SETTINGS)
    if keep_pd and checks.is_engine_compatible_func(custom_func, engine="auto"):
        raise ValueError("a compiled function takes no pandas objects: set keep_pd to False")

    if inputs or any(array is not None for array in given):
        present = [n for n, array in enumerate(given) if array is not None]
        arrays, input_shape, index, columns = _broadcast_inputs(
            [*inputs, *(given[n] for n in present)],
            input_shape,
            index,
            columns,
            broadcast_kwargs or {},
            not getattr(custom_func, "reads_only", False),
        )
        inputs, written = arrays[: len(inputs)], arrays[len(inputs) :]
        for n, array in zip(present, written, strict=True):
            given[n] = array
    run = _Run(input_shape, index, columns, per_column, to_2d, keep_pd)

    params = prepare_params(param_list or (), param_settings, run.shape, to_2d=to_2d)
    if len(params) > 1:
        if level_names is not None:
            checks.assert_len_equal(params, level_names)
            for name in level_names:
                if name is not None and columns is not None:
                    checks.assert_level_not_exists(columns, name)
        if param_product:
            params = create_param_product(params)
    if params:
        params = broadcast_params(params, to_n=run.whole_2d[1] if per_column else None)
    count = len(params[0]) if params else 1
    once = _unique(params) if run_unique and not per_column else None
    computed = params if once is None else once
    n_computed = len(computed[0]) if computed else 1
    compiled = checks.is_numba_func(custom_func)

    if use_raw is None:
        wide, views = run.in_outputs(given, in_output_settings, n_computed)
        options: dict[str, Any] = {}
        if pass_input_shape:
            options["input_shape"] = run.shape_ready
        if pass_flex_2d:
            if run.shape is None:
                raise ValueError("pass_flex_2d needs inputs, or their shape: pass input_shape")
            options["flex_2d"] = len(run.shape) == 2
        if pass_seed:
            options["seed"] = seed
        options |= kwargs
        if seed is not None:
            set_seed(seed)

        def call(some_inputs, some_views, some_params, some_options):
            if compiled:
                some_views = [to_typed_list(one) for one in some_views]
                some_params = [to_typed_list(one) for one in some_params]
            lists = some_inputs, some_views, some_params
            if as_lists:
                lists = tuple(map(tuple, lists)) if compiled else lists
                return custom_func(*lists, *args, **some_options)
            return custom_func(*lists[0], *lists[1], *lists[2], *args, **some_options)

        ready = run.inputs(inputs)
        if per_column:
            caches = options.get("use_cache")
            caches_differ = isinstance(caches, list) and len(caches) == count
            output = []
            for n in range(count if params else run.whole_2d[1]):
                own = dict(options)
                if caches_differ:
                    own["use_cache"] = caches[n]  # pyright: ignore[reportOptionalSubscript]
                if pass_col:
                    own["col"] = n
                parts = [[[one[n]] for one in some] for some in (views, computed)]
                output.append(call([one[n] for one in ready], parts[0], parts[1], own))
        else:
            output = call(ready, views, computed, options)

        def warn(what: str) -> None:
            if once is not None and not silence_warnings:
                warnings.warn(
                    f"{what} for each different combination of parameters once (run_unique=True)",
                    stacklevel=3,
                )

        if kwargs.get("return_cache", False):
            warn("the cache is made")
            return output
        raw = _tables(output, num_ret_outputs, wide, run, computed, n_computed, warn)
        if return_raw:
            warn("the raw output is made")
            return [np.asarray(table) for table in raw[0]], *raw[1:]
        tables, _, width, others = raw if once is None else _pick(raw, params)
    else:
        tables, _, width, others = _pick(use_raw, params)

    return _labelled(
        run, inputs, tables, len(given), params, count, width, others,
        level_names, hide_levels, param_settings, stacking_kwargs or {}, wrapper_kwargs or {},
    )  # fmt: skip


def _tables(output, expected: int, wide: list, run: _Run, params: list, count: int, warn) -> tuple:
    """What the function returned as (tables, combinations of parameters, columns of each, other
    objects), in-place outputs first.
    """
    if run.per_column:
        split = [_split(one, expected) for one in output]
        tables = [np.hstack(group) for group in zip(*(one[0] for one in split), strict=True)]
        others = [one[1] for one in split if one[1]]
    else:
        tables, others = _split(output, expected)
        if others:
            warn("additional objects are returned")
    tables = wide + tables
    if any(table.shape != tables[0].shape for table in tables):
        raise ValueError(f"outputs have different shapes: {[table.shape for table in tables]}")
    width = 1 if run.per_column else tables[0].shape[1] // count
    if run.shape_2d is not None:
        expected_width = run.shape_2d[1]
        if width != expected_width or (run.per_column and tables[0].shape[1] != run.whole_2d[1]):
            raise ValueError(
                f"outputs have {tables[0].shape[1]} columns; "
                + (
                    "with per_column=True each call returns one"
                    if run.per_column
                    else f"{expected_width} of the inputs times {count} of the parameters expected"
                )
            )
    return tables, list(zip(*params, strict=True)), width, others


def _labelled(
    run, inputs, tables, n_in_outputs, params, count, width, others,
    level_names, hide_levels, param_settings, stacking_kwargs, wrapper_kwargs,
):  # fmt: skip
    """Put labels on the tables: what `run_pipeline` returns."""
    shape = run.whole
    rows = tables[0].shape[0]
    if shape is None:
        shape = (rows,) if width == 1 else (rows, width)
    index = pd.RangeIndex(shape[0]) if run.index is None else run.index
    columns = run.columns
    if columns is None:
        columns = pd.RangeIndex(shape[1] if len(shape) > 1 else 1)
    mapper, labels, new_columns = None, [], columns
    if params:
        labels, new_columns = build_columns(
            params,
            columns,
            level_names=level_names,
            hide_levels=hide_levels,
            param_settings=param_settings,
            per_column=run.per_column,
            **stacking_kwargs,
        )
        if inputs:
            mapper = np.tile(np.arange(len(columns)), 1 if run.per_column else count)
    ndim = len(shape) if tables[0].shape[1] == 1 else 2
    wrapper = ArrayWrapper(index, new_columns, ndim, **wrapper_kwargs)
    return (
        wrapper,
        inputs,
        mapper,
        tables[:n_in_outputs],
        tables[n_in_outputs:],
        params,
        labels,
        others,
    )

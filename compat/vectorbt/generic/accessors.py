"""`.vbt` on Series and DataFrames: windows, reductions, crossings, splits, statistics."""

from __future__ import annotations

import importlib
import inspect
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....core import array_calls as calls
from ....core import array_columns as columns
from .._settings import settings
from ..base import index_fns, reshape_fns
from ..base.accessors import BaseAccessor, BaseDFAccessor, BaseSRAccessor
from ..base.array_wrapper import ArrayWrapper, Wrapping
from ..records.mapped_array import MappedArray
from ..utils import checks
from ..utils.config import Config, get_func_arg_names, merge_dicts, resolve_dict
from ..utils.mapping import apply_mapping, to_mapping
from . import nb
from .drawdowns import Drawdowns
from .plot_methods import FramePlotMethods, PlotMethods, SeriesPlotMethods, plot_splits
from .plots_builder import PlotsBuilderMixin
from .ranges import Ranges
from .splitters import ExpandingSplitter, RangeSplitter, RollingSplitter
from .stats_builder import StatsBuilderMixin

_NEEDED = inspect.Parameter.empty


def _of_columns(name: str, function: Callable[..., Any], **arguments: Any) -> Any:
    """A method that is a function of the matrix, with the names and defaults of its arguments."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    signature = inspect.Signature(
        [
            inspect.Parameter("self", kind),
            *(inspect.Parameter(key, kind, default=value) for key, value in arguments.items()),
            inspect.Parameter("engine", kind, default=None),
            inspect.Parameter("wrap_kwargs", inspect.Parameter.KEYWORD_ONLY, default=None),
        ]
    )

    def method(self, *args, **kwargs):
        given = signature.bind(self, *args, **kwargs)
        given.apply_defaults()
        own = [given.arguments[key] for key in arguments]
        out = function(self.to_2d_array(), *own)
        wrap_kwargs = given.arguments["wrap_kwargs"]
        if name == "product":
            label = merge_dicts({"name_or_index": name}, wrap_kwargs)
            return self.wrapper.wrap_reduced(out, **label)
        return self.wrapper.wrap(out, **merge_dicts({}, wrap_kwargs))

    method.__name__ = name
    method.__doc__ = f"`core.array_columns.{function.__name__}` of the columns."
    method.__signature__ = signature  # type: ignore[attr-defined]
    return method


def _by_sklearn(name: str, transformer: str) -> Any:
    """A method that is a transformer of scikit-learn."""

    def method(self, **kwargs):
        kind = getattr(importlib.import_module("sklearn.preprocessing"), transformer)
        own = {key: kwargs.pop(key) for key in get_func_arg_names(kind.__init__) if key in kwargs}
        return self.transform(kind(**own), **kwargs)

    method.__name__ = name
    method.__doc__ = f"See `sklearn.preprocessing.{transformer}`."
    return method


def _groups_of(grouped: Any) -> tuple[np.ndarray, np.ndarray, list]:
    """Rows of pandas' groups one after another, where each begins, and their labels."""
    indices = {key: np.asarray(rows, np.int64) for key, rows in grouped.indices.items()}
    start = np.concatenate([[0], np.cumsum([len(rows) for rows in indices.values()])])
    rows = np.concatenate([*indices.values(), np.zeros(0, np.int64)])
    return rows.astype(np.int64), start.astype(np.int64), list(indices)


def _resolved_mapping(mapping: Any, wrapper: ArrayWrapper) -> Any:
    if isinstance(mapping, str):
        if mapping.lower() == "index":
            mapping = wrapper.index
        elif mapping.lower() == "columns":
            mapping = wrapper.columns
    return to_mapping(mapping)


def _metric(title: str, calc_func: Any, *tags: str, **more: Any) -> dict:
    return {
        "title": title,
        "calc_func": calc_func,
        "inv_check_has_mapping": True,
        "tags": ["generic", *tags],
        **more,
    }


def _of_wrapper(title: str, calc_func: Callable[[Any], Any], **more: Any) -> dict:
    return {"title": title, "calc_func": calc_func, "agg_func": None, "tags": "wrapper", **more}


class MetaGenericAccessor(type(StatsBuilderMixin), type(PlotsBuilderMixin)):
    """Classes with metrics and subplots."""


class GenericAccessor(
    PlotMethods, BaseAccessor, StatsBuilderMixin, PlotsBuilderMixin, metaclass=MetaGenericAccessor
):
    """What `.vbt` does with any Series or DataFrame.

    mapping: what the values stand for (a mapping, an enumeration, "index" or "columns"). engine
    is accepted: there is one engine here.
    """

    def __init__(self, obj, mapping=None, engine=None, **kwargs) -> None:
        BaseAccessor.__init__(self, obj, mapping=mapping, engine=engine, **kwargs)
        StatsBuilderMixin.__init__(self)
        PlotsBuilderMixin.__init__(self)
        self._mapping = None if mapping is None else _resolved_mapping(mapping, self.wrapper)
        self._engine = engine

    @property
    def engine(self):
        return self._engine

    @property
    def sr_accessor_cls(self):
        return GenericSRAccessor

    @property
    def df_accessor_cls(self):
        return GenericDFAccessor

    @property
    def mapping(self):
        """What the values stand for."""
        return self._mapping

    def apply_mapping(self, **kwargs):
        """The values by what they stand for."""
        return apply_mapping(self.obj, self.mapping, **kwargs)

    def _wrapped(self, out, wrap_kwargs, **more):
        return self.wrapper.wrap(out, group_by=False, **merge_dicts(more, wrap_kwargs))

    # Functions of the columns, and windows

    shuffle = _of_columns("shuffle", columns.shuffle, seed=None)
    fillna = _of_columns("fillna", columns.fill, value=_NEEDED)
    bshift = _of_columns("bshift", columns.earlier, n=1, fill_value=np.nan)
    fshift = _of_columns("fshift", columns.later, n=1, fill_value=np.nan)
    diff = _of_columns("diff", columns.difference, n=1)
    pct_change = _of_columns("pct_change", columns.change, n=1)
    bfill = _of_columns("bfill", columns.fill_backward)
    ffill = _of_columns("ffill", columns.fill_forward)
    cumsum = _of_columns("cumsum", columns.cumulative_sum)
    cumprod = _of_columns("cumprod", columns.cumulative_product)
    rolling_min = _of_columns("rolling_min", columns.rolling_lowest, window=_NEEDED, minp=None)
    rolling_max = _of_columns("rolling_max", columns.rolling_highest, window=_NEEDED, minp=None)
    rolling_mean = _of_columns("rolling_mean", columns.rolling_average, window=_NEEDED, minp=None)
    expanding_min = _of_columns("expanding_min", columns.cumulative_lowest, minp=1)
    expanding_max = _of_columns("expanding_max", columns.cumulative_highest, minp=1)
    expanding_mean = _of_columns("expanding_mean", columns.cumulative_average, minp=1)
    product = _of_columns("product", columns.product)

    def rolling_std(self, window, minp=None, ddof=1, engine=None, wrap_kwargs=None):
        """Standard deviation of the last `window` rows."""
        out = columns.rolling_spread(self._floats(), window, minp, ddof)
        return self._wrapped(out, wrap_kwargs)

    def expanding_std(self, minp=1, ddof=1, engine=None, wrap_kwargs=None):
        """Standard deviation of all rows so far."""
        out = columns.cumulative_spread(self._floats(), minp, ddof)
        return self._wrapped(out, wrap_kwargs)

    def ewm_mean(self, span, minp=0, adjust=True, engine=None, wrap_kwargs=None):
        """Mean with exponential weights; without `adjust` pandas' own, which minds gaps."""
        if not adjust and wrap_kwargs is None:
            return self.obj.ewm(span=span, min_periods=minp, adjust=False).mean()
        out = columns.weighted_average(self._floats(), span, minp, adjust)
        return self._wrapped(out, wrap_kwargs)

    def ewm_std(self, span, minp=0, adjust=True, ddof=1, engine=None, wrap_kwargs=None):
        """Standard deviation with exponential weights."""
        out = columns.weighted_spread(self._floats(), span, minp, adjust, ddof)
        return self._wrapped(out, wrap_kwargs)

    def _floats(self) -> np.ndarray:
        return np.asarray(self.to_2d_array(), np.float64)

    # The user's functions; each must be compiled

    def apply_along_axis(self, apply_func, *args, axis=0, engine=None, wrap_kwargs=None):
        """`apply_func(column, values, *args)` column by column, or by row with `axis=1`."""
        checks.assert_engine_func(apply_func, engine=engine)
        if axis not in (0, 1):
            raise ValueError("Only axes 0 and 1 are supported")
        call = calls.apply_to_columns if axis == 0 else calls.apply_to_rows
        return self._wrapped(call(self.to_2d_array(), apply_func, *args), wrap_kwargs)

    def rolling_apply(
        self,
        window,
        apply_func,
        *args,
        minp=None,
        on_matrix=False,
        engine=None,
        wrap_kwargs=None,
    ):
        """`apply_func(row, column, values, *args)` of the last `window` rows.

        on_matrix: `apply_func(row, matrix, *args)` of all columns at once.
        """
        checks.assert_engine_func(apply_func, engine=engine)
        call = calls.apply_to_windows_of_rows if on_matrix else calls.apply_to_windows
        out = call(self.to_2d_array(), window, minp, apply_func, *args)
        return self._wrapped(out, wrap_kwargs)

    def expanding_apply(
        self, apply_func, *args, minp=1, on_matrix=False, engine=None, wrap_kwargs=None
    ):
        """`rolling_apply` over all rows so far."""
        return self.rolling_apply(
            len(self.wrapper.index),
            apply_func,
            *args,
            minp=minp,
            on_matrix=on_matrix,
            engine=engine,
            wrap_kwargs=wrap_kwargs,
        )

    def _by_group(self, grouped, apply_func, args, on_matrix):
        rows, start, labels = _groups_of(grouped)
        call = calls.apply_to_groups_of_rows if on_matrix else calls.apply_to_groups
        return call(self.to_2d_array(), rows, start, apply_func, *args), labels

    def groupby_apply(
        self, by, apply_func, *args, on_matrix=False, engine=None, wrap_kwargs=None, **kwargs
    ):
        """`apply_func(rows, column, values, *args)` of each group of rows; `by`: as in pandas.

        on_matrix: `apply_func(rows, matrix, *args)` of all columns at once.
        """
        checks.assert_engine_func(apply_func, engine=engine)
        out, labels = self._by_group(self.obj.groupby(by, **kwargs), apply_func, args, on_matrix)
        label = merge_dicts({"name_or_index": labels}, wrap_kwargs)
        return self.wrapper.wrap_reduced(out, group_by=False, **label)

    def resample_apply(
        self, freq, apply_func, *args, on_matrix=False, engine=None, wrap_kwargs=None, **kwargs
    ):
        """`groupby_apply` over periods of the calendar; NaN in those without rows."""
        checks.assert_engine_func(apply_func, engine=engine)
        resampled = self.obj.resample(freq, **kwargs)
        out, labels = self._by_group(resampled, apply_func, args, on_matrix)
        some = self.wrapper.wrap(out, group_by=False, index=labels)
        periods = resampled.asfreq().index
        every = np.full((len(periods), self.to_2d_array().shape[1]), np.nan)
        whole = self._wrapped(every, wrap_kwargs, index=periods)
        whole.loc[some.index] = some.to_numpy()
        return whole

    def applymap(self, apply_func, *args, engine=None, wrap_kwargs=None):
        """`apply_func(row, column, value, *args)` of each known value."""
        checks.assert_engine_func(apply_func, engine=engine)
        out = calls.apply_to_cells(self.to_2d_array(), apply_func, *args)
        return self._wrapped(out, wrap_kwargs)

    def filter(self, filter_func, *args, engine=None, wrap_kwargs=None):
        """The values for which `filter_func(row, column, value, *args)` is true."""
        checks.assert_engine_func(filter_func, engine=engine)
        out = calls.keep_cells(self.to_2d_array(), filter_func, *args)
        return self._wrapped(out, wrap_kwargs)

    def apply_and_reduce(
        self,
        apply_func,
        reduce_func,
        apply_args=None,
        reduce_args=None,
        engine=None,
        wrap_kwargs=None,
    ):
        """`reduce_func(column, apply_func(column, values, *apply_args), *reduce_args)`."""
        checks.assert_engine_func(apply_func, engine=engine)
        checks.assert_engine_func(reduce_func, engine=engine, func_suffix="_reduce")
        out = calls.reduce_mapped(
            self.to_2d_array(), apply_func, apply_args or (), reduce_func, reduce_args or ()
        )
        label = merge_dicts({"name_or_index": "apply_and_reduce"}, wrap_kwargs)
        return self.wrapper.wrap_reduced(out, group_by=False, **label)

    def reduce(
        self,
        reduce_func,
        *args,
        returns_array=False,
        returns_idx=False,
        flatten=False,
        order="C",
        to_index=True,
        engine=None,
        group_by=None,
        wrap_kwargs=None,
    ):
        """`reduce_func(column, values, *args)` of each column, or of each group's matrix.

        flatten: a group's values as one series, by rows (`order="C"`) or by columns ("F").
        returns_array: the function gives an array. returns_idx: it gives places, which become
        labels of rows unless `to_index=False`.
        """
        checks.assert_engine_func(reduce_func, engine=engine, func_suffix="_reduce")
        matrix = self.to_2d_array()
        if not self.wrapper.grouper.is_grouped(group_by=group_by):
            call = calls.reduce_columns_to_arrays if returns_array else calls.reduce_columns
            out = call(matrix, reduce_func, *args)
        else:
            lengths = self.wrapper.grouper.get_group_lens(group_by=group_by)
            if flatten:
                checks.assert_in(order.upper(), ["C", "F"])
                by_rows = order.upper() == "C"
                call = (
                    calls.reduce_flat_groups_to_arrays
                    if returns_array
                    else calls.reduce_flat_groups
                )
                out = call(matrix, lengths, by_rows, reduce_func, *args)
                if returns_idx:
                    out = out // lengths if by_rows else out % self.wrapper.shape[0]
            else:
                call = calls.reduce_groups_to_arrays if returns_array else calls.reduce_groups
                out = call(matrix, lengths, reduce_func, *args)
        how = {
            "name_or_index": None if returns_array else "reduce",
            "to_index": returns_idx and to_index,
            "fillna": -1 if returns_idx else None,
            "dtype": np.int64 if returns_idx else None,
        }
        return self.wrapper.wrap_reduced(out, group_by=group_by, **merge_dicts(how, wrap_kwargs))

    # Reductions of each column or group

    def _reduced(self, name, reducer, plain, group_by, wrap_kwargs, *args, **more):
        label = merge_dicts({"name_or_index": name}, wrap_kwargs)
        if self.wrapper.grouper.is_grouped(group_by=group_by):
            return self.reduce(
                reducer, *args, group_by=group_by, flatten=True, wrap_kwargs=label, **more
            )
        with warnings.catch_warnings():
            # Of columns without any value.
            warnings.simplefilter("ignore", RuntimeWarning)
            out = plain(self.to_2d_array())
        return self.wrapper.wrap_reduced(out, group_by=False, **label)

    def min(self, group_by=None, wrap_kwargs=None, engine=None):
        """Lowest known value."""
        plain = lambda a: np.nanmin(a, axis=0)  # noqa: E731
        return self._reduced("min", nb.min_reduce_nb, plain, group_by, wrap_kwargs)

    def max(self, group_by=None, wrap_kwargs=None, engine=None):
        """Highest known value."""
        plain = lambda a: np.nanmax(a, axis=0)  # noqa: E731
        return self._reduced("max", nb.max_reduce_nb, plain, group_by, wrap_kwargs)

    def mean(self, group_by=None, wrap_kwargs=None, engine=None):
        """Mean of what is known."""
        plain = lambda a: np.nanmean(a, axis=0)  # noqa: E731
        return self._reduced("mean", nb.mean_reduce_nb, plain, group_by, wrap_kwargs)

    def median(self, group_by=None, wrap_kwargs=None, engine=None):
        """Median of what is known."""
        plain = lambda a: np.nanmedian(a, axis=0)  # noqa: E731
        return self._reduced("median", nb.median_reduce_nb, plain, group_by, wrap_kwargs)

    def std(self, ddof=1, group_by=None, wrap_kwargs=None, engine=None):
        """Standard deviation of what is known."""
        plain = lambda a: np.nanstd(a, ddof=ddof, axis=0)  # noqa: E731
        return self._reduced("std", nb.std_reduce_nb, plain, group_by, wrap_kwargs, ddof)

    def sum(self, group_by=None, wrap_kwargs=None, engine=None):
        """Sum of what is known."""
        plain = lambda a: np.nansum(a, axis=0)  # noqa: E731
        return self._reduced("sum", nb.sum_reduce_nb, plain, group_by, wrap_kwargs)

    def count(self, group_by=None, wrap_kwargs=None, engine=None):
        """How many values are known."""
        how = merge_dicts({"dtype": np.int64}, wrap_kwargs)
        plain = lambda a: np.sum(~np.isnan(a), axis=0)  # noqa: E731
        return self._reduced("count", nb.count_reduce_nb, plain, group_by, how)

    def idxmin(self, group_by=None, order="C", wrap_kwargs=None, engine=None):
        """The row of the lowest known value."""
        return self._reduced(
            "idxmin",
            nb.argmin_reduce_nb,
            lambda a: self._rows_of(np.nanargmin, a),
            group_by,
            wrap_kwargs,
            returns_idx=True,
            order=order,
        )

    def idxmax(self, group_by=None, order="C", wrap_kwargs=None, engine=None):
        """The row of the highest known value."""
        return self._reduced(
            "idxmax",
            nb.argmax_reduce_nb,
            lambda a: self._rows_of(np.nanargmax, a),
            group_by,
            wrap_kwargs,
            returns_idx=True,
            order=order,
        )

    def _rows_of(self, place: Callable[..., Any], a: np.ndarray) -> np.ndarray:
        out = np.full(a.shape[1], np.nan, dtype=object)
        some = ~np.all(np.isnan(a), axis=0)
        out[some] = self.wrapper.index[place(a[:, some], axis=0)]
        return out

    def describe(self, percentiles=None, ddof=1, group_by=None, wrap_kwargs=None, engine=None):
        """Count, mean, standard deviation and quantiles, as pandas lays them out."""
        grouped = self.wrapper.grouper.is_grouped(group_by=group_by)
        if not grouped and wrap_kwargs is None and ddof == 1:
            return self.obj.describe(percentiles=percentiles)
        wanted = [0.25, 0.5, 0.75]
        if percentiles is not None:
            wanted = [*reshape_fns.to_1d_array(percentiles).tolist(), 0.5]
        fractions = np.unique(wanted)
        names = pd.Series([0.0]).describe(percentiles=fractions.tolist()).index
        return self.reduce(
            nb.describe_reduce_nb,
            fractions,
            ddof,
            group_by=group_by,
            flatten=grouped,
            returns_array=True,
            wrap_kwargs=merge_dicts({"name_or_index": pd.Index(names)}, wrap_kwargs),
        )

    def value_counts(
        self,
        normalize=False,
        sort_uniques=True,
        sort=False,
        ascending=False,
        dropna=False,
        group_by=None,
        mapping=None,
        incl_all_keys=False,
        wrap_kwargs=None,
        engine=None,
        **kwargs,
    ):
        """How often each value stands in a column or group.

        normalize: as parts of all. sort_uniques: by value; sort: by how often, `ascending` or not.
        incl_all_keys: also what the mapping has and the values have not.
        """
        mapping = self.mapping if mapping is None else _resolved_mapping(mapping, self.wrapper)
        codes, values = pd.factorize(
            self.obj.to_numpy().flatten(), sort=False, use_na_sentinel=False
        )
        lengths = self.wrapper.grouper.get_group_lens(group_by=group_by)
        codes = codes.reshape(self.wrapper.shape_2d)
        counts = columns.count_codes(codes, len(values), lengths)
        if incl_all_keys and mapping is not None:
            some_missing = pd.isnull(values).any()
            absent = [
                key
                for key in mapping
                if not (pd.isnull(key) and some_missing) and key not in values
            ]
            counts = np.vstack([counts, np.zeros((len(absent), counts.shape[1]), np.int64)])
            values = np.concatenate([values, np.array(absent)])
        if dropna:
            known = ~np.isnan(values)
            counts, values = counts[known], values[known]
        if sort_uniques:
            order = values.argsort(kind="stable")
            counts, values = counts[order], values[order]
        total = counts.sum(axis=1)
        shown = counts / total.sum() if normalize else counts
        if sort:
            order = (total if ascending else -total).argsort(kind="stable")
            shown, values = shown[order], values[order]
        out = self.wrapper.wrap(
            shown, index=values, group_by=group_by, **merge_dicts({}, wrap_kwargs)
        )
        if mapping is not None:
            out.index = apply_mapping(out.index, mapping, **kwargs)
        return out

    # Statistics

    def resolve_self(
        self,
        cond_kwargs=None,
        custom_arg_names=None,
        impacts_caching=True,
        silence_warnings=False,
    ):
        """This accessor, or a copy for another frequency or mapping."""
        cond_kwargs = {} if cond_kwargs is None else cond_kwargs
        custom_arg_names = set() if custom_arg_names is None else custom_arg_names
        own = Wrapping.resolve_self(
            self,
            cond_kwargs=cond_kwargs,
            custom_arg_names=custom_arg_names,
            impacts_caching=impacts_caching,
            silence_warnings=silence_warnings,
        )
        if "mapping" not in cond_kwargs:
            return own
        copy = own.replace(mapping=cond_kwargs["mapping"])
        if checks.is_deep_equal(copy.mapping, own.mapping):
            return own
        if not silence_warnings:
            warnings.warn(
                "another mapping makes a copy of the object: pass it when the object is made to "
                "share what was computed",
                stacklevel=2,
            )
        for alias in own.self_aliases:
            if alias not in custom_arg_names:
                cond_kwargs[alias] = copy
        cond_kwargs["mapping"] = copy.mapping
        if impacts_caching:
            cond_kwargs["use_caching"] = False
        return copy

    @property
    def stats_defaults(self) -> dict:
        """Arguments of `stats` that are left out."""
        return merge_dicts(
            StatsBuilderMixin.stats_defaults.__get__(self), settings["generic"]["stats"]
        )

    @property
    def plots_defaults(self) -> dict:
        """Arguments of `plots` that are left out."""
        return merge_dicts(
            PlotsBuilderMixin.plots_defaults.__get__(self), settings["generic"]["plots"]
        )

    _metrics: ClassVar[Config] = Config(
        {
            "start": _of_wrapper("Start", lambda self: self.wrapper.index[0]),
            "end": _of_wrapper("End", lambda self: self.wrapper.index[-1]),
            "period": _of_wrapper(
                "Period", lambda self: len(self.wrapper.index), apply_to_timedelta=True
            ),
            "count": _metric("Count", "count", "describe"),
            "mean": _metric("Mean", "mean", "describe"),
            "std": _metric("Std", "std", "describe"),
            "min": _metric("Min", "min", "describe"),
            "median": _metric("Median", "median", "describe"),
            "max": _metric("Max", "max", "describe"),
            "idx_min": _metric("Min Index", "idxmin", "index", agg_func=None),
            "idx_max": _metric("Max Index", "idxmax", "index", agg_func=None),
            "value_counts": {
                "title": "Value Counts",
                "calc_func": lambda value_counts: reshape_fns.to_dict(
                    value_counts, orient="index_series"
                ),
                "resolve_value_counts": True,
                "check_has_mapping": True,
                "tags": ["generic", "value_counts"],
            },
        },
        copy_kwargs={"copy_mode": "deep"},
    )

    @property
    def metrics(self) -> Config:
        return self._metrics

    _subplots: ClassVar[Config] = Config(
        {
            "plot": {
                "check_is_not_grouped": True,
                "plot_func": "plot",
                "pass_trace_names": False,
                "tags": "generic",
            }
        },
        copy_kwargs={"copy_mode": "deep"},
    )

    @property
    def subplots(self) -> Config:
        return self._subplots

    # Other objects

    def drawdown(self, wrap_kwargs=None, engine=None):
        """How far the values are below their peak, as a part of it."""
        own = self._floats()
        return self._wrapped(own / columns.cumulative_highest(own, 1) - 1, wrap_kwargs)

    @property
    def ranges(self) -> Ranges:
        """Records of the stretches of known values."""
        return self.get_ranges()

    def get_ranges(self, wrapper_kwargs=None, **kwargs) -> Ranges:
        wrapper_kwargs = merge_dicts(self.wrapper.config, wrapper_kwargs)
        return Ranges.from_ts(self.obj, wrapper_kwargs=wrapper_kwargs, **kwargs)

    @property
    def drawdowns(self) -> Drawdowns:
        """Records of the falls below a peak."""
        return self.get_drawdowns()

    def get_drawdowns(self, wrapper_kwargs=None, **kwargs) -> Drawdowns:
        wrapper_kwargs = merge_dicts(self.wrapper.config, wrapper_kwargs)
        return Drawdowns.from_ts(self.obj, wrapper_kwargs=wrapper_kwargs, **kwargs)

    def to_mapped(self, dropna=True, dtype=None, group_by=None, **kwargs) -> MappedArray:
        """The values as a mapped array, column after column."""
        rows, width = self.wrapper.shape_2d
        values = self.to_2d_array().flatten(order="F")
        column, row = np.repeat(np.arange(width), rows), np.tile(np.arange(rows), width)
        if dropna and np.isnan(values).any():
            known = ~np.isnan(values)
            values, column, row = values[known], column[known], row[known]
        return MappedArray(
            self.wrapper, np.asarray(values, dtype=dtype), column, idx_arr=row, **kwargs
        ).regroup(group_by)

    def to_returns(self, **kwargs):
        """Returns from row to row."""
        return self.obj.vbt.returns.from_value(self.obj, **kwargs).obj

    # Crossings

    def crossed_above(self, other, wait=0, engine=None, broadcast_kwargs=None, wrap_kwargs=None):
        """True where a value rises above the other's, `wait` rows later."""
        return self._crossing(other, wait, broadcast_kwargs, wrap_kwargs, False)

    def crossed_below(self, other, wait=0, engine=None, broadcast_kwargs=None, wrap_kwargs=None):
        """True where a value falls below the other's, `wait` rows later."""
        return self._crossing(other, wait, broadcast_kwargs, wrap_kwargs, True)

    def _crossing(self, other, wait, broadcast_kwargs, wrap_kwargs, below):
        own, others = reshape_fns.broadcast(self.obj, other, **resolve_dict(broadcast_kwargs))
        a, b = (np.asarray(reshape_fns.to_2d_array(x), np.float64) for x in (own, others))
        out = columns.crossing(b, a, wait) if below else columns.crossing(a, b, wait)
        return ArrayWrapper.from_obj(own).wrap(out, group_by=False, **resolve_dict(wrap_kwargs))

    # Transformations

    binarize = _by_sklearn("binarize", "Binarizer")
    minmax_scale = _by_sklearn("minmax_scale", "MinMaxScaler")
    maxabs_scale = _by_sklearn("maxabs_scale", "MaxAbsScaler")
    normalize = _by_sklearn("normalize", "Normalizer")
    robust_scale = _by_sklearn("robust_scale", "RobustScaler")
    scale = _by_sklearn("scale", "StandardScaler")
    quantile_transform = _by_sklearn("quantile_transform", "QuantileTransformer")
    power_transform = _by_sklearn("power_transform", "PowerTransformer")

    def transform(self, transformer, wrap_kwargs=None, **kwargs):
        """By a transformer of scikit-learn (or alike), which is fitted first if it is not yet."""
        exceptions = importlib.import_module("sklearn.exceptions")
        validation = importlib.import_module("sklearn.utils.validation")
        try:
            validation.check_is_fitted(transformer)
            call = transformer.transform
        except exceptions.NotFittedError:
            call = transformer.fit_transform
        return self._wrapped(call(self.to_2d_array(), **kwargs), wrap_kwargs)

    def zscore(self, **kwargs):
        """Distances from the mean in standard deviations."""
        return self.scale(with_mean=True, with_std=True, **kwargs)

    def rebase(self, base, wrap_kwargs=None, engine=None):
        """All series scaled to begin at `base`; gaps are filled forward, then backward."""
        out = columns.fill_backward(columns.fill_forward(self._floats()))
        return self._wrapped(out / out[0] * base, wrap_kwargs)

    # Splits

    def split(
        self,
        splitter,
        stack_kwargs=None,
        keys=None,
        plot=False,
        trace_names=None,
        heatmap_kwargs=None,
        **kwargs,
    ):
        """The rows in stretches, side by side: (table, list of their indexes) for each set.

        splitter: has `split(series, **kwargs)`, as those of `splitters` and of scikit-learn. keys:
        names of the stretches. plot: their figure instead; see `plot_splits`.
        """
        rows = pd.Series(np.arange(len(self.wrapper.index)), index=self.wrapper.index)
        stretches = list(splitter.split(rows, **kwargs))
        if not stretches:
            raise ValueError("No splits were generated")
        keys = keys if keys is None or isinstance(keys, pd.Index) else pd.Index(keys)
        out = []
        for own in zip(*stretches, strict=True):
            tables = [self.obj.iloc[places].reset_index(drop=True) for places in own]
            names = [f"split_{n}" for n in range(len(own))] if keys is None else list(keys)
            indexes = [
                pd.Index(self.wrapper.index[places], name=name)
                for places, name in zip(own, names, strict=True)
            ]
            table = pd.concat(tables, axis=1).reset_index(drop=True)
            labels = pd.Index(np.arange(len(own)), name="split_idx") if keys is None else keys
            labels = index_fns.repeat_index(labels, len(self.wrapper.columns))
            out.append((table.vbt.stack_index(labels, **(stack_kwargs or {})), indexes))
        if plot:
            sets = [indexes for _, indexes in out]
            return plot_splits(self.wrapper.index, sets, trace_names, heatmap_kwargs)
        return out[0] if len(out) == 1 else tuple(out)

    def range_split(self, **kwargs):
        """`split` by `RangeSplitter`."""
        return self.split(RangeSplitter(), **kwargs)

    def rolling_split(self, **kwargs):
        """`split` by `RollingSplitter`."""
        return self.split(RollingSplitter(), **kwargs)

    def expanding_split(self, **kwargs):
        """`split` by `ExpandingSplitter`."""
        return self.split(ExpandingSplitter(), **kwargs)


class GenericSRAccessor(SeriesPlotMethods, GenericAccessor, BaseSRAccessor):
    """What `.vbt` does with a Series."""

    def __init__(self, obj, mapping=None, **kwargs) -> None:
        BaseSRAccessor.__init__(self, obj, **kwargs)
        GenericAccessor.__init__(self, obj, mapping=mapping, **kwargs)

    def squeeze_grouped(self, squeeze_func, *args, engine=None, group_by=None, wrap_kwargs=None):
        """One number per group of rows: see `GenericDFAccessor.squeeze_grouped`."""
        table = self.obj.to_frame().transpose()
        row = table.vbt.squeeze_grouped(squeeze_func, *args, engine=engine, group_by=group_by)
        label = merge_dicts({"name_or_index": self.wrapper.name}, wrap_kwargs)
        return ArrayWrapper.from_obj(table).wrap_reduced(row.iloc[0], group_by=group_by, **label)

    def flatten_grouped(self, group_by=None, order="C", wrap_kwargs=None, engine=None):
        """Each group of rows as a column: see `GenericDFAccessor.flatten_grouped`."""
        table = self.obj.to_frame().transpose()
        return table.vbt.flatten_grouped(group_by=group_by, order=order, wrap_kwargs=wrap_kwargs)


class GenericDFAccessor(FramePlotMethods, GenericAccessor, BaseDFAccessor):
    """What `.vbt` does with a DataFrame."""

    def __init__(self, obj, mapping=None, **kwargs) -> None:
        BaseDFAccessor.__init__(self, obj, **kwargs)
        GenericAccessor.__init__(self, obj, mapping=mapping, **kwargs)

    def _group_lengths(self, group_by) -> np.ndarray:
        if not self.wrapper.grouper.is_grouped(group_by=group_by):
            raise ValueError("Grouping required: pass group_by=...")
        return self.wrapper.grouper.get_group_lens(group_by=group_by)

    def squeeze_grouped(self, squeeze_func, *args, engine=None, group_by=None, wrap_kwargs=None):
        """`squeeze_func(row, group, values, *args)` of each row of each group of columns."""
        lengths = self._group_lengths(group_by)
        checks.assert_engine_func(squeeze_func, engine=engine, func_suffix="_squeeze")
        out = calls.squeeze_groups(self.to_2d_array(), lengths, squeeze_func, *args)
        return self.wrapper.wrap(out, group_by=group_by, **merge_dicts({}, wrap_kwargs))

    def flatten_grouped(self, group_by=None, order="C", wrap_kwargs=None, engine=None):
        """Each group as one column, by rows (`order="C"`) or by columns ("F").

        Smaller groups are filled up with NaN.
        """
        lengths = self._group_lengths(group_by)
        checks.assert_in(order.upper(), ["C", "F"])
        even = np.all(lengths == lengths[0])
        flatten = columns.flatten_even_groups if even else columns.flatten_groups
        by_rows = order.upper() == "C"
        out = flatten(self.to_2d_array(), lengths, by_rows)
        repeated = index_fns.repeat_index if by_rows else index_fns.tile_index
        index = repeated(self.wrapper.index, np.max(lengths))
        return self.wrapper.wrap(
            out, group_by=group_by, **merge_dicts({"index": index}, wrap_kwargs)
        )

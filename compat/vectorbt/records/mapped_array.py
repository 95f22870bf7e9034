"""One value per record, with the columns that they belong to."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from pandas.io.formats.format import format_percentiles

from ....core import record_calls, record_columns
from ....core.record_columns import SUMMARY
from .._settings import settings
from ..base.array_wrapper import Wrapping
from ..base.reshape_fns import to_1d_array, to_dict
from ..generic.plots_builder import PlotsBuilderMixin
from ..generic.stats_builder import StatsBuilderMixin
from ..utils import checks
from ..utils.config import Config, Configured, merge_dicts
from ..utils.decorators import attach_binary_magic_methods, attach_unary_magic_methods
from ..utils.mapping import apply_mapping, to_mapping
from .col_mapper import ColumnMapper
from .metrics import METRICS_OF_ROWS, metric

_PANDAS = int(pd.__version__.split(".")[0])


def combine_mapped_with_other(self, other, np_func):
    """`np_func` of the values and of another array's; both must be of the same records."""
    if isinstance(other, MappedArray):
        checks.assert_array_equal(self.id_arr, other.id_arr)
        checks.assert_array_equal(self.col_arr, other.col_arr)
        other = other.values
    return self.replace(mapped_arr=np_func(self.values, other))


def replaced_without_columns(self, changes: dict, column_name: str, columns) -> Any:
    """`Configured.replace` for what keeps a `col_mapper`: it goes when what it maps changes."""
    if self.config.get("col_mapper", None) is not None and (
        changes.get("wrapper", self.wrapper) is not self.wrapper
        or changes.get(column_name, columns) is not columns
    ):
        changes["col_mapper"] = None
    return Configured.replace(self, **changes)


def look_up(values: np.ndarray, mapping: dict, **kwargs) -> Any:
    """`apply_mapping`, by one look-up for all values where they are numbers and it knows them."""
    if not len(values) or kwargs or values.dtype.kind not in "iu":
        return apply_mapping(values, mapping, **kwargs)
    low, high = int(values.min()), int(values.max())
    if high - low > 4 * len(mapping) + 4:
        return apply_mapping(values, mapping)
    used = np.flatnonzero(np.bincount(values - low)) + low
    words = np.empty(high - low + 1, dtype=object)
    words[used - low] = apply_mapping(used, mapping)
    return words[values - low]


class MetaMappedArray(type(StatsBuilderMixin), type(PlotsBuilderMixin)):
    pass


@attach_binary_magic_methods(combine_mapped_with_other)
@attach_unary_magic_methods(lambda self, np_func: self.replace(mapped_arr=np_func(self.values)))
class MappedArray(Wrapping, StatsBuilderMixin, PlotsBuilderMixin, metaclass=MetaMappedArray):
    """`values`, one per record, and how they reduce per column or group.

    col_arr, id_arr, idx_arr: column, id and row of each. mapping: what the values stand for.
    """

    def __init__(
        self,
        wrapper,
        mapped_arr,
        col_arr,
        id_arr=None,
        idx_arr=None,
        mapping=None,
        col_mapper=None,
        engine=None,
        **kwargs,
    ) -> None:
        Wrapping.__init__(
            self,
            wrapper,
            mapped_arr=mapped_arr,
            col_arr=col_arr,
            id_arr=id_arr,
            idx_arr=idx_arr,
            mapping=mapping,
            col_mapper=col_mapper,
            engine=engine,
            **kwargs,
        )
        StatsBuilderMixin.__init__(self)
        mapped_arr = np.asarray(mapped_arr)
        col_arr = np.asarray(col_arr)
        checks.assert_shape_equal(mapped_arr, col_arr, axis=0)
        if idx_arr is not None:
            idx_arr = np.asarray(idx_arr)
            checks.assert_shape_equal(mapped_arr, idx_arr, axis=0)
        self._mapped_arr = mapped_arr
        self._col_arr = col_arr
        self._id_arr = np.arange(len(mapped_arr)) if id_arr is None else np.asarray(id_arr)
        self._idx_arr = idx_arr
        self._given_mapping = mapping
        self._engine = engine
        self._col_mapper = (
            ColumnMapper(wrapper, col_arr, engine=engine) if col_mapper is None else col_mapper
        )

    def _labels(self, mapping) -> pd.Index | None:
        """The labels that a mapping by name stands for."""
        if isinstance(mapping, str) and mapping.lower() in ("index", "columns"):
            return self.wrapper.index if mapping.lower() == "index" else self.wrapper.columns
        return None

    def _resolved(self, mapping):
        labels = self._labels(mapping)
        return to_mapping(mapping if labels is None else labels)

    @property
    def engine(self):
        return self._engine

    def replace(self, **kwargs):
        """A copy with some of its arguments changed."""
        return replaced_without_columns(self, kwargs, "col_arr", self.col_arr)

    def indexing_func_meta(self, pd_indexing_func, **kwargs):
        wrapper, _, group_idxs, col_idxs = self.wrapper.indexing_func_meta(
            pd_indexing_func, column_only_select=True, **kwargs
        )
        places, columns = self.col_mapper.select(col_idxs)
        rows = None if self.idx_arr is None else self.idx_arr[places]
        taken = self.values[places], columns, self.id_arr[places], rows
        return wrapper, *taken, group_idxs, col_idxs

    def indexing_func(self, pd_indexing_func, **kwargs):
        wrapper, values, columns, ids, rows, _, _ = self.indexing_func_meta(
            pd_indexing_func, **kwargs
        )
        return self.replace(
            wrapper=wrapper, mapped_arr=values, col_arr=columns, id_arr=ids, idx_arr=rows
        )

    @property
    def mapped_arr(self) -> np.ndarray:
        return self._mapped_arr

    @property
    def values(self) -> np.ndarray:
        return self._mapped_arr

    def __len__(self) -> int:
        return len(self.values)

    @property
    def col_arr(self) -> np.ndarray:
        return self._col_arr

    @property
    def col_mapper(self) -> ColumnMapper:
        return self._col_mapper

    @property
    def id_arr(self) -> np.ndarray:
        return self._id_arr

    @property
    def idx_arr(self):
        return self._idx_arr

    @cached_property
    def mapping(self):
        """What the values stand for, as a dict; None where they are what they are."""
        given = self._given_mapping
        return None if given is None else self._resolved(given)

    # Choosing and sorting

    def is_sorted(self, incl_id=False, engine=None) -> bool:
        """Whether the values are sorted by column (and id)."""
        return record_columns.in_sequence(self.col_arr, self.id_arr if incl_id else None)

    def _taken(self, places, idx_arr, group_by, kwargs):
        rows = self.idx_arr if idx_arr is None else idx_arr
        return self.replace(
            mapped_arr=self.values[places],
            col_arr=self.col_arr[places],
            id_arr=self.id_arr[places],
            idx_arr=None if rows is None else np.asarray(rows)[places],
            **kwargs,
        ).regroup(group_by)

    def sort(self, incl_id=False, idx_arr=None, group_by=None, engine=None, **kwargs):
        """Sorted by column (and id), values of a column in their sequence."""
        if self.is_sorted(incl_id=incl_id):
            rows = self.idx_arr if idx_arr is None else idx_arr
            return self.replace(idx_arr=rows, **kwargs).regroup(group_by)
        if incl_id:
            places = np.lexsort((self.id_arr, self.col_arr))
        else:
            places = np.argsort(self.col_arr, kind="stable")
        return self._taken(places, idx_arr, group_by, kwargs)

    def apply_mask(self, mask, idx_arr=None, group_by=None, **kwargs):
        """The values where `mask` is true."""
        return self._taken(np.flatnonzero(mask), idx_arr, group_by, kwargs)

    def map_to_mask(self, inout_map_func_nb, *args, group_by=None) -> np.ndarray:
        """A mask that `inout_map_func_nb(mask, places, column, values, *args)` writes."""
        return record_calls.mark_values(
            self.values, self.col_mapper.get_col_map(group_by), inout_map_func_nb, *args
        )

    def top_n_mask(self, n, group_by=None, engine=None, **kwargs) -> np.ndarray:
        """Mask of the `n` highest values of each column or group."""
        return record_columns.highest(self._numbers, self.col_mapper.by_unit(group_by), n)

    def bottom_n_mask(self, n, group_by=None, engine=None, **kwargs) -> np.ndarray:
        """Mask of the `n` lowest values of each column or group."""
        return record_columns.lowest(self._numbers, self.col_mapper.by_unit(group_by), n)

    def top_n(self, n, **kwargs):
        """The `n` highest values of each column or group."""
        return self.apply_mask(self.top_n_mask(n), **kwargs)

    def bottom_n(self, n, **kwargs):
        """The `n` lowest values of each column or group."""
        return self.apply_mask(self.bottom_n_mask(n), **kwargs)

    # Matrices

    def _rows(self, idx_arr):
        if idx_arr is None:
            idx_arr = self.idx_arr
        if idx_arr is None:
            raise ValueError("the rows of the values are not known: pass idx_arr")
        return np.asarray(idx_arr)

    def is_expandable(self, idx_arr=None, group_by=None, engine=None) -> bool:
        """Whether every value has a place of its own in a matrix of rows x columns."""
        rows = self._rows(idx_arr)
        shape = self.wrapper.get_shape_2d(group_by=group_by)
        return record_columns.single_places(self.col_mapper.get_col_arr(group_by), rows, shape)

    def to_pd(
        self,
        idx_arr=None,
        ignore_index=False,
        fill_value=np.nan,
        group_by=None,
        wrap_kwargs=None,
        engine=None,
    ):
        """The values in a matrix of rows x columns; one below the other with `ignore_index`."""
        wrap_kwargs = wrap_kwargs or {}
        if ignore_index:
            if self.wrapper.ndim == 1:
                index = np.arange(len(self.values))
                return self.wrapper.wrap(self.values, index=index, group_by=group_by, **wrap_kwargs)
            out = record_columns.stack(self.values, self.col_mapper.by_unit(group_by), fill_value)
            index = np.arange(len(out))
            return self.wrapper.wrap(out, index=index, group_by=group_by, **wrap_kwargs)
        rows = self._rows(idx_arr)
        if not self.is_expandable(idx_arr=rows, group_by=group_by):
            raise ValueError(
                "several values are in the same row and column; pass ignore_index=True"
            )
        columns = self.col_mapper.get_col_arr(group_by)
        shape = self.wrapper.get_shape_2d(group_by=group_by)
        out = record_columns.expand(self.values, columns, rows, shape, fill_value)
        return self.wrapper.wrap(out, group_by=group_by, **wrap_kwargs)

    def apply(
        self, apply_func_nb, *args, group_by=None, apply_per_group=False, dtype=None, **kwargs
    ):
        """Values by `apply_func_nb(places, column, values, *args)`, column by column."""
        checks.assert_numba_func(apply_func_nb)
        col_map = self.col_mapper.get_col_map(group_by if apply_per_group else False)
        out = record_calls.apply_to_values(self.values, col_map, apply_func_nb, *args)
        out = np.asarray(out, dtype=dtype)
        return self.replace(mapped_arr=out, **kwargs).regroup(group_by)

    # Reductions

    def reduce(
        self,
        reduce_func_nb,
        *args,
        idx_arr=None,
        returns_array=False,
        returns_idx=False,
        to_index=True,
        fill_value=np.nan,
        group_by=None,
        wrap_kwargs=None,
    ):
        """One number (or array) per column by `reduce_func_nb(column, values, *args)`.

        returns_idx: what it returns is a place within the values; the row of that is the result,
        as a label of the index with `to_index`.
        """
        checks.assert_numba_func(reduce_func_nb)
        rows = self._rows(idx_arr) if returns_idx else None
        col_map = self.col_mapper.get_col_map(group_by)
        values = self.values
        if returns_idx:
            call = record_calls.reduce_to_places if returns_array else record_calls.reduce_to_place
            out = call(values, col_map, rows, fill_value, reduce_func_nb, *args)
        elif returns_array:
            out = record_calls.reduce_to_numbers(values, col_map, fill_value, reduce_func_nb, *args)
        else:
            out = record_calls.reduce_to_number(values, col_map, fill_value, reduce_func_nb, *args)
        name = None if returns_array else "reduce"
        return self._wrapped(out, name, returns_idx, to_index, group_by, wrap_kwargs)

    def _wrapped(self, out, name, is_row, to_index, group_by, wrap_kwargs):
        how = {"name_or_index": name, "to_index": is_row and to_index}
        if is_row:
            how |= {"fillna": -1, "dtype": np.int64}
        how |= wrap_kwargs or {}
        return self.wrapper.wrap_reduced(out, group_by=group_by, **how)

    @cached_property
    def _numbers(self) -> np.ndarray:
        """The values as the engine reads them."""
        return np.ascontiguousarray(self.values, np.float64)

    @cached_property
    def _own_summary(self) -> np.ndarray:
        return record_columns.summary(self._numbers, self.col_mapper.by_unit())

    def _summary(self, group_by) -> np.ndarray:
        """Count, sum, minimum and maximum of each column or group, with their places."""
        if group_by is None:
            return self._own_summary
        return record_columns.summary(self._numbers, self.col_mapper.by_unit(group_by))

    def _number(self, name, out, group_by, wrap_kwargs, fill_value=np.nan, idx_arr=None):
        """Wrap one number per column; `fill_value` for columns of no records."""
        start = self.col_mapper.by_unit(group_by)[1]
        out[start[1:] == start[:-1]] = fill_value
        return self._wrapped(out, name, False, False, group_by, wrap_kwargs)

    def _row(
        self,
        name,
        places,
        group_by,
        wrap_kwargs,
        fill_value=np.nan,
        idx_arr=None,
        to_index=True,
    ):
        """Wrap the rows of the values at one place per column."""
        rows = self._rows(idx_arr)
        columns = self.col_mapper.by_unit(group_by)
        out = record_columns.at_places(rows, columns, places())
        out[columns[1][1:] == columns[1][:-1]] = fill_value
        return self._wrapped(out, name, True, to_index, group_by, wrap_kwargs)

    def nth(self, n, group_by=None, wrap_kwargs=None, **kwargs):
        """The n-th value of each column; the last with -1."""
        columns = self.col_mapper.by_unit(group_by)
        places = record_columns.nth_places(columns, n)
        out = record_columns.at_places(self.values, columns, places)
        return self._number("nth", out, group_by, wrap_kwargs, **kwargs)

    def nth_index(self, n, group_by=None, wrap_kwargs=None, **kwargs):
        """The row of the n-th value of each column."""
        columns = self.col_mapper.by_unit(group_by)

        def places():
            return record_columns.nth_places(columns, n)

        return self._row("nth_index", places, group_by, wrap_kwargs, **kwargs)

    def min(self, group_by=None, wrap_kwargs=None, **kwargs):
        out = self._summary(group_by)[SUMMARY.index("min")].copy()
        return self._number("min", out, group_by, wrap_kwargs, **kwargs)

    def max(self, group_by=None, wrap_kwargs=None, **kwargs):
        out = self._summary(group_by)[SUMMARY.index("max")].copy()
        return self._number("max", out, group_by, wrap_kwargs, **kwargs)

    def mean(self, group_by=None, wrap_kwargs=None, **kwargs):
        out = record_columns.means(self._summary(group_by))
        return self._number("mean", out, group_by, wrap_kwargs, **kwargs)

    def median(self, group_by=None, wrap_kwargs=None, **kwargs):
        columns = self.col_mapper.by_unit(group_by)
        out = record_columns.percentiles(self._numbers, columns, np.array([0.5]))[0]
        return self._number("median", out, group_by, wrap_kwargs, **kwargs)

    def std(self, ddof=1, group_by=None, wrap_kwargs=None, **kwargs):
        columns, sums = self.col_mapper.by_unit(group_by), self._summary(group_by)
        out = record_columns.deviations(self._numbers, columns, sums, ddof)
        return self._number("std", out, group_by, wrap_kwargs, **kwargs)

    def sum(self, fill_value=0.0, group_by=None, wrap_kwargs=None, **kwargs):
        out = self._summary(group_by)[SUMMARY.index("sum")].copy()
        return self._number("sum", out, group_by, wrap_kwargs, fill_value=fill_value, **kwargs)

    def _extreme_row(self, name, highest, group_by, wrap_kwargs, kwargs):
        columns = self.col_mapper.by_unit(group_by)

        def places():
            return record_columns.extreme_places(columns, self._summary(group_by), highest)

        return self._row(name, places, group_by, wrap_kwargs, **kwargs)

    def idxmin(self, group_by=None, wrap_kwargs=None, **kwargs):
        """The row of the lowest value of each column."""
        return self._extreme_row("idxmin", False, group_by, wrap_kwargs, kwargs)

    def idxmax(self, group_by=None, wrap_kwargs=None, **kwargs):
        """The row of the highest value of each column."""
        return self._extreme_row("idxmax", True, group_by, wrap_kwargs, kwargs)

    def describe(self, percentiles=None, ddof=1, group_by=None, wrap_kwargs=None, **kwargs):
        """Count, mean, standard deviation, minimum, percentiles and maximum of each column."""
        grouped = self.wrapper.grouper.is_grouped(group_by=group_by)
        # With pandas 3 the original asks pandas to describe the matrix.
        by_pandas = _PANDAS >= 3 and not grouped and wrap_kwargs is None and ddof == 1
        if by_pandas:
            group_by = None  # its matrix has the groups of the array, whatever is asked for
            if not self.is_expandable():
                raise ValueError(
                    "several values are in the same row and column; group or sort them"
                )
            kwargs = {}
        given = [0.25, 0.5, 0.75] if percentiles is None else to_1d_array(percentiles).tolist()
        if not by_pandas and 0.5 not in given:
            given.append(0.5)
        if by_pandas and not len(given):
            given = []
        fractions = np.unique(given)
        if len(fractions) and not (fractions.min() >= 0 and fractions.max() <= 1):
            raise ValueError("percentiles must lie between 0 and 1")
        words = format_percentiles(fractions) if len(fractions) else []
        index = pd.Index(["count", "mean", "std", "min", *words, "max"])
        columns = self.col_mapper.by_unit(group_by)
        out = record_columns.describe(self._numbers, columns, fractions, ddof)
        fill = kwargs.pop("fill_value", np.nan)
        empty = columns[1][1:] == columns[1][:-1]
        out[1:, empty] = fill
        out[0, empty] = 0.0 if np.isnan(fill) else fill
        how = {"name_or_index": index, **(wrap_kwargs or {})}
        return self._wrapped(out, index, False, False, group_by, how)

    def count(self, group_by=None, wrap_kwargs=None):
        """How many values each column or group has."""
        how = {"name_or_index": "count", **(wrap_kwargs or {})}
        count = np.diff(self.col_mapper.by_unit(group_by)[1])
        return self.wrapper.wrap_reduced(count, group_by=group_by, **how)

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
        """How often each column has each value; a row per value, or what it stands for."""
        mapping = self.mapping if mapping is None else self._resolved(mapping)
        codes, uniques = pd.factorize(self.values, sort=False, use_na_sentinel=False)
        uniques = np.asarray(uniques)
        columns = self.col_mapper.by_unit(group_by)
        counts = record_columns.codes_by_column(codes, len(uniques), columns)
        if incl_all_keys and mapping is not None:
            known = {x for x in uniques.tolist() if not pd.isnull(x)}
            has_nan = bool(pd.isnull(uniques).any())
            more = [x for x in mapping if not (has_nan if pd.isnull(x) else x in known)]
            counts = np.vstack((counts, np.zeros((len(more), counts.shape[1]), counts.dtype)))
            uniques = np.concatenate((uniques, np.array(more)))
        if dropna:
            known = ~np.isnan(uniques)
            counts, uniques = counts[known], uniques[known]
        if sort_uniques:
            order = uniques.argsort(kind="stable")
            counts, uniques = counts[order], uniques[order]
        total = counts.sum(axis=1)
        if normalize:
            counts = counts / total.sum()
        if sort:
            order = (total if ascending else -total).argsort(kind="stable")
            counts, uniques = counts[order], uniques[order]
        out = self.wrapper.wrap(counts, index=uniques, group_by=group_by, **(wrap_kwargs or {}))
        if mapping is not None:
            out.index = apply_mapping(out.index, mapping, **kwargs)
        return out

    def apply_mapping(self, mapping=None, **kwargs):
        """The values as what they stand for."""
        return self.replace(mapped_arr=self.mapped_values(mapping), **kwargs)

    def mapped_values(self, mapping=None) -> np.ndarray:
        """What the values stand for."""
        if mapping is None:
            mapping = self._given_mapping
        if mapping is None:
            return self.values
        labels = self._labels(mapping)
        if labels is None:
            return look_up(self.values, to_mapping(mapping))
        values = self.values
        if not len(values) or values.dtype.kind not in "iu":
            return look_up(values, to_mapping(labels))
        if values.min() < 0 or values.max() >= len(labels):
            return look_up(values, to_mapping(labels))
        # Only the labels that are used: an index may have millions.
        used = np.flatnonzero(np.bincount(values))
        words = np.empty(used[-1] + 1, dtype=object)
        words[used] = apply_mapping(np.arange(len(used)), to_mapping(labels[used]))
        return words[values]

    def to_index(self) -> pd.Index:
        """The values, as rows, as labels of the index."""
        return self.wrapper.index[self.values]

    @property
    def stats_defaults(self):
        return merge_dicts(
            StatsBuilderMixin.stats_defaults.__get__(self),  # pyright: ignore
            settings["mapped_array"]["stats"],
        )

    _metrics = Config(
        dict(
            **METRICS_OF_ROWS,
            count=metric("Count", "count", "mapped_array"),
            **{
                name: metric(title, name, ["mapped_array", "describe"], inv_check_has_mapping=True)
                for name, title in (
                    ("mean", "Mean"),
                    ("std", "Std"),
                    ("min", "Min"),
                    ("median", "Median"),
                    ("max", "Max"),
                )
            },
            **{
                name: metric(
                    title,
                    calculation,
                    ["mapped_array", "index"],
                    inv_check_has_mapping=True,
                    agg_func=None,
                )
                for name, title, calculation in (
                    ("idx_min", "Min Index", "idxmin"),
                    ("idx_max", "Max Index", "idxmax"),
                )
            },
            value_counts=metric(
                "Value Counts",
                lambda value_counts: to_dict(value_counts, orient="index_series"),
                ["mapped_array", "value_counts"],
                resolve_value_counts=True,
                check_has_mapping=True,
            ),
        ),
        copy_kwargs={"copy_mode": "deep"},
    )

    @property
    def metrics(self) -> Config:
        return self._metrics

    def histplot(self, group_by=None, **kwargs):
        """A histogram of the values."""
        return self.to_pd(group_by=group_by, ignore_index=True).vbt.histplot(**kwargs)

    def boxplot(self, group_by=None, **kwargs):
        """A box plot of the values."""
        return self.to_pd(group_by=group_by, ignore_index=True).vbt.boxplot(**kwargs)

    @property
    def plots_defaults(self):
        return merge_dicts(
            PlotsBuilderMixin.plots_defaults.__get__(self),  # pyright: ignore
            settings["mapped_array"]["plots"],
        )

    _subplots = Config(
        {
            "to_pd_plot": {
                "check_is_not_grouped": True,
                "plot_func": "to_pd.vbt.plot",
                "pass_trace_names": False,
                "tags": "mapped_array",
            }
        },
        copy_kwargs={"copy_mode": "deep"},
    )

    @property
    def subplots(self) -> Config:
        return self._subplots

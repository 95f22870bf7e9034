"""Data of several symbols: a Series or a table for each, all with the same index and columns."""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from .._settings import settings
from ..base.array_wrapper import ArrayWrapper, Wrapping
from ..generic.plots_builder import PlotsBuilderMixin
from ..generic.stats_builder import StatsBuilderMixin
from ..records.metrics import METRICS_OF_ROWS, metric
from ..unsupported import missing as unsupported
from ..utils import checks
from ..utils.config import Config, merge_dicts
from ..utils.datetime_ import is_tz_aware, to_timezone
from ..utils.decorators import cached_method

__all__ = ["Data", "symbol_dict"]


class symbol_dict(dict):
    """A value for each symbol, where others are meant for all of them."""


class MetaData(type(StatsBuilderMixin), type(PlotsBuilderMixin)):
    """The class of `Data` and of what derives from it."""


def _common(labels: list[pd.Index], missing: str, what: str) -> pd.Index:
    """The labels that objects are brought to. missing: 'nan' all of them, 'drop' those that all
    objects have, 'raise'.
    """
    common = labels[0]
    for other in labels[1:]:
        if len(common.intersection(other)) == len(common.union(other)):
            continue
        if missing == "raise":
            raise ValueError(
                f"Symbols have mismatching {what}; pass missing_{what}='nan' or 'drop' to align it"
            )
        if missing not in ("nan", "drop"):
            raise ValueError(f"missing={missing!r} is unknown; choose from nan, drop, raise")
        doing = "Setting" if missing == "nan" else "Dropping"
        end = " to NaN" if missing == "nan" else ""
        warnings.warn(
            f"Symbols have mismatching {what}. {doing} missing data points{end}.", stacklevel=5
        )
        common = common.union(other) if missing == "nan" else common.intersection(other)
    return common


def _as_pandas(value: Any, first_row: Any = 0) -> Any:
    if isinstance(value, (pd.Series, pd.DataFrame)):
        return value
    value = np.asarray(value)
    index = pd.RangeIndex(first_row, first_row + len(value))
    return pd.Series(value, index=index) if value.ndim == 1 else pd.DataFrame(value, index=index)


def _in_zone(obj: Any, tz_localize: Any, tz_convert: Any) -> Any:
    """Dates read as times of `tz_localize` where they name no zone, shown as of `tz_convert`."""
    if isinstance(obj.index, pd.DatetimeIndex):
        if tz_localize is not None and not is_tz_aware(obj.index):
            obj = obj.tz_localize(to_timezone(tz_localize))
        if tz_convert is not None:
            obj = obj.tz_convert(to_timezone(tz_convert))
    return obj


def _with_freq(obj: Any) -> Any:
    if isinstance(obj.index, pd.DatetimeIndex):
        obj.index.freq = obj.index.inferred_freq  # type: ignore[misc]
    return obj


def _null_counts(self, group_by) -> dict:
    return {
        symbol: obj.isnull().vbt(wrapper=self.wrapper).sum(group_by=group_by)
        for symbol, obj in self.data.items()
    }


class Data(Wrapping, StatsBuilderMixin, PlotsBuilderMixin, metaclass=MetaData):
    """Data by symbol. Derive from it, and say in `download_symbol` where a symbol comes from.

    wrapper: the labels of all. data: a Series or a DataFrame by symbol. tz_localize, tz_convert,
    missing_index, missing_columns: see `from_data`. download_kwargs: what `download` was given.
    """

    def __init__(
        self,
        wrapper: ArrayWrapper,
        data: dict,
        tz_localize,
        tz_convert,
        missing_index: str,
        missing_columns: str,
        download_kwargs: dict,
        **kwargs,
    ) -> None:
        Wrapping.__init__(
            self,
            wrapper,
            data=data,
            tz_localize=tz_localize,
            tz_convert=tz_convert,
            missing_index=missing_index,
            missing_columns=missing_columns,
            download_kwargs=download_kwargs,
            **kwargs,
        )
        StatsBuilderMixin.__init__(self)
        PlotsBuilderMixin.__init__(self)
        checks.assert_instance_of(data, dict)
        first = next(iter(data.values()))
        for obj in data.values():
            checks.assert_meta_equal(obj, first)
        self._data = data
        self._tz_localize = tz_localize
        self._tz_convert = tz_convert
        self._missing_index = missing_index
        self._missing_columns = missing_columns
        self._download_kwargs = download_kwargs

    def indexing_func(self, pd_indexing_func, **kwargs):
        return self.replace(
            wrapper=pd_indexing_func(self.wrapper),
            data={symbol: pd_indexing_func(obj) for symbol, obj in self.data.items()},
        )

    @property
    def data(self) -> dict:
        """A Series or a DataFrame by symbol."""
        return self._data

    @property
    def symbols(self) -> list:
        return list(self.data)

    @property
    def tz_localize(self) -> Any:
        """The zone of dates that name none."""
        return self._tz_localize

    @property
    def tz_convert(self) -> Any:
        """The zone in which dates are shown."""
        return self._tz_convert

    @property
    def missing_index(self) -> str:
        """What is done where the indexes of symbols differ."""
        return self._missing_index

    @property
    def missing_columns(self) -> str:
        """What is done where the columns of symbols differ."""
        return self._missing_columns

    @property
    def download_kwargs(self) -> dict:
        """What `download` was given."""
        return self._download_kwargs

    # Making

    @classmethod
    def align_index(cls, data: dict, missing: str = "nan") -> dict:
        """The data with one index.

        missing: 'nan' keeps every row and fills it up, 'drop' keeps those that all symbols have,
        'raise' raises ValueError where rows differ.
        """
        if len(data) == 1:
            return data
        index = _common([obj.index for obj in data.values()], missing, "index")
        return {symbol: obj.reindex(index=index) for symbol, obj in data.items()}

    @classmethod
    def align_columns(cls, data: dict, missing: str = "raise") -> dict:
        """The data with the same columns; see `align_index`. Series stay so if all are."""
        if len(data) == 1:
            return data
        series = [obj for obj in data.values() if isinstance(obj, pd.Series)]
        nameless = any(one.name is None for one in series)
        tables = {
            symbol: obj.to_frame() if isinstance(obj, pd.Series) else obj
            for symbol, obj in data.items()
        }
        columns = _common([table.columns for table in tables.values()], missing, "columns")
        out: dict = {symbol: table.reindex(columns=columns) for symbol, table in tables.items()}
        if len(series) == len(data):
            for symbol, table in out.items():
                one = table[columns[0]]
                out[symbol] = one.rename(None) if nameless else one
        return out

    @classmethod
    def select_symbol_kwargs(cls, symbol, kwargs: dict) -> dict:
        """The arguments that are meant for one symbol; see `symbol_dict`."""
        return {
            key: value[symbol] if isinstance(value, symbol_dict) else value
            for key, value in kwargs.items()
            if not isinstance(value, symbol_dict) or symbol in value
        }

    @classmethod
    def from_data(
        cls,
        data: dict,
        tz_localize=None,
        tz_convert=None,
        missing_index: str | None = None,
        missing_columns: str | None = None,
        wrapper_kwargs: dict | None = None,
        **kwargs,
    ) -> Any:
        """From arrays, Series or DataFrames by symbol, which are aligned.

        tz_localize: the zone of dates that name none. tz_convert: the zone to show dates in.
        missing_index, missing_columns: see `align_index`. What is None comes from
        `settings["data"]`. wrapper_kwargs: of the `ArrayWrapper`. kwargs: of the constructor.
        """
        own = settings["data"]
        zones = (
            own["tz_localize"] if tz_localize is None else tz_localize,
            own["tz_convert"] if tz_convert is None else tz_convert,
        )
        missing_index = own["missing_index"] if missing_index is None else missing_index
        missing_columns = own["missing_columns"] if missing_columns is None else missing_columns
        data = {k: _with_freq(_in_zone(_as_pandas(v), *zones)) for k, v in data.items()}
        data = cls.align_index(data, missing=missing_index)
        data = cls.align_columns(data, missing=missing_columns)
        wrapper = ArrayWrapper.from_obj(next(iter(data.values())), **(wrapper_kwargs or {}))
        return cls(
            wrapper,
            data,
            tz_localize=zones[0],
            tz_convert=zones[1],
            missing_index=missing_index,
            missing_columns=missing_columns,
            **kwargs,
        )

    @classmethod
    def download_symbol(cls, symbol, **kwargs) -> Any:
        """The data of one symbol: a Series, a DataFrame or an array. To be overridden."""
        raise NotImplementedError(f"{cls.__name__} does not say where symbols come from")

    @classmethod
    def download(
        cls,
        symbols,
        tz_localize=None,
        tz_convert=None,
        missing_index: str | None = None,
        missing_columns: str | None = None,
        wrapper_kwargs: dict | None = None,
        **kwargs,
    ) -> Any:
        """The data of one or several symbols, from `download_symbol`, which gets `kwargs`.

        A tuple is one symbol. For the other arguments see `from_data`.
        """
        if checks.is_hashable(symbols):
            symbols = [symbols]
        elif not checks.is_sequence(symbols):
            raise TypeError(f"symbols must be one symbol or a list of them, not {type(symbols)}")
        return cls.from_data(
            {
                one: cls.download_symbol(one, **cls.select_symbol_kwargs(one, kwargs))
                for one in symbols
            },
            tz_localize=tz_localize,
            tz_convert=tz_convert,
            missing_index=missing_index,
            missing_columns=missing_columns,
            wrapper_kwargs=wrapper_kwargs,
            download_kwargs=kwargs,
        )

    def update_symbol(self, symbol, **kwargs) -> Any:
        """The later data of one symbol. To be overridden."""
        raise NotImplementedError(f"{type(self).__name__} does not say how symbols are updated")

    def update(self, **kwargs) -> Any:
        """With what `update_symbol` gives: new rows, and rows in place of those known."""
        new: dict = {}
        for symbol, known in self.data.items():
            given = self.update_symbol(symbol, **self.select_symbol_kwargs(symbol, kwargs))
            first_row = 0 if isinstance(given, (pd.Series, pd.DataFrame)) else known.index[-1]
            new[symbol] = _in_zone(_as_pandas(given, first_row), self.tz_localize, self.tz_convert)
        new = self.align_index(new, missing=self.missing_index)
        new = self.align_columns(new, missing=self.missing_columns)
        for symbol, obj in new.items():
            known = self.data[symbol]
            if isinstance(known, pd.DataFrame):
                obj = obj[known.columns]
            elif isinstance(obj, pd.DataFrame):
                obj = obj[known.name]
            joined = pd.concat((known, obj), axis=0)
            new[symbol] = _with_freq(joined[~joined.index.duplicated(keep="last")])
        wrapper = self.wrapper.replace(index=new[self.symbols[0]].index)
        return self.replace(wrapper=wrapper, data=new)

    # Reading

    @cached_method
    def concat(self, level_name: str = "symbol") -> dict:
        """By column: a DataFrame of all symbols, or a Series if there is but one."""
        first = self.data[self.symbols[0]]
        columns = [first.name] if isinstance(first, pd.Series) else first.columns
        out = {}
        for column in columns:
            parts = {
                symbol: obj if isinstance(obj, pd.Series) else obj[column]
                for symbol, obj in self.data.items()
            }
            if len(parts) == 1:
                # Into floats, as the original: whole numbers do not stay so.
                joined: Any = pd.Series(np.nan, index=first.index, name=self.symbols[0])
                joined.loc[:] = parts[self.symbols[0]]
            else:
                whole = {symbol: part.astype(object) for symbol, part in parts.items()}
                joined = pd.DataFrame(whole, index=first.index)
                joined.columns = pd.Index(self.symbols, name=level_name)
            out[column] = joined.infer_objects()
        return out

    def get(self, column=None, **kwargs) -> Any:
        """The data of the only symbol; for several symbols a DataFrame of them by column.

        column: one, or a list. Several columns of several symbols come as a tuple. kwargs: of
        `concat`.
        """
        if len(self.symbols) == 1:
            only = self.data[self.symbols[0]]
            return only if column is None else only[column]
        found = self.concat(**kwargs)
        if len(found) > 1:
            if column is None:
                return tuple(found.values())
            return tuple(found[c] for c in column) if isinstance(column, list) else found[column]
        table = next(iter(found.values()))
        if column is not None:
            chosen = column if isinstance(column, list) else [column]
            if all(one in table.columns for one in chosen):
                return table[column]
        return table

    # Statistics and plots

    @property
    def stats_defaults(self) -> dict:
        """Arguments of `stats` that are left out."""
        return merge_dicts(
            StatsBuilderMixin.stats_defaults.__get__(self), settings["data"]["stats"]
        )

    _metrics: ClassVar[Config] = Config(
        {
            **METRICS_OF_ROWS,
            "total_symbols": metric(
                "Total Symbols", lambda self: len(self.symbols), "data", agg_func=None
            ),
            "null_counts": metric("Null Counts", _null_counts, "data"),
        },
        copy_kwargs={"copy_mode": "deep"},
    )

    @property
    def metrics(self) -> Config:
        return self._metrics

    def plot(self, column=None, base: float | None = None, **kwargs) -> Any:
        """Lines of a column. base: what each of them begins with."""
        own = self.select_one(column=column, group_by=False).get()
        if base is not None:
            own = own.vbt.rebase(base)
        if not hasattr(own.vbt, "plot"):
            raise unsupported("Data.plot", "Plot `get()`, a pandas object.")
        return own.vbt.plot(**kwargs)

    @property
    def plots_defaults(self) -> dict:
        """Arguments of `plots` that are left out."""
        return merge_dicts(
            PlotsBuilderMixin.plots_defaults.__get__(self), settings["data"]["plots"]
        )

    _subplots: ClassVar[Config] = Config(
        {
            "plot": {
                "check_is_not_grouped": True,
                "plot_func": "plot",
                "pass_add_trace_kwargs": True,
                "tags": "data",
            }
        },
        copy_kwargs={"copy_mode": "deep"},
    )

    @property
    def subplots(self) -> Config:
        return self._subplots

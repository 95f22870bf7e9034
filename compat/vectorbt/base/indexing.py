"""Indexing of objects that have rows and columns, as pandas indexes tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_object_dtype, is_string_dtype

from ..utils import checks
from . import index_fns


class IndexingError(Exception):
    """What was asked for cannot be selected."""


class IndexingBase:
    """What `indexing_func` makes a new object of."""

    def indexing_func(self, pd_indexing_func, **kwargs) -> Any:
        """The object whose tables are what `pd_indexing_func` makes of those here."""
        raise NotImplementedError


class LocBase:
    """An indexer: what stands in brackets goes to `indexing_func`."""

    def __init__(self, indexing_func, **kwargs) -> None:
        self._indexing_func = indexing_func
        self._indexing_kwargs = kwargs

    @property
    def indexing_func(self):
        return self._indexing_func

    @property
    def indexing_kwargs(self) -> dict:
        return self._indexing_kwargs

    def __getitem__(self, key) -> Any:
        raise NotImplementedError


class iLoc(LocBase):
    """By position."""

    def __getitem__(self, key) -> Any:
        return self.indexing_func(lambda x: x.iloc[key], **self.indexing_kwargs)


class Loc(LocBase):
    """By label."""

    def __getitem__(self, key) -> Any:
        return self.indexing_func(lambda x: x.loc[key], **self.indexing_kwargs)


class PandasIndexer(IndexingBase):
    """An object with `iloc`, `loc`, `xs` and brackets; `kwargs` go to `indexing_func`."""

    def __init__(self, **kwargs) -> None:
        self._indexing_kwargs = kwargs

    @property
    def indexing_kwargs(self) -> dict:
        return self._indexing_kwargs

    @property
    def iloc(self) -> iLoc:
        """Select by position."""
        return iLoc(self.indexing_func, **self.indexing_kwargs)

    @property
    def loc(self) -> Loc:
        """Select by label."""
        return Loc(self.indexing_func, **self.indexing_kwargs)

    def xs(self, *args, **kwargs) -> Any:
        """Select by one label of a level."""
        return self.indexing_func(lambda x: x.xs(*args, **kwargs), **self.indexing_kwargs)

    def __getitem__(self, key) -> Any:
        return self.indexing_func(lambda x: x[key], **self.indexing_kwargs)


def _without_numpy_scalars(obj):
    if isinstance(obj, tuple):
        return tuple(_without_numpy_scalars(x) for x in obj)
    return obj.item() if isinstance(obj, np.generic) else obj


def _as_text(obj) -> str:
    return str(_without_numpy_scalars(obj))


class ParamLoc(LocBase):
    """Columns by the value of a parameter; `mapper` says which value each column has."""

    def __init__(self, mapper: pd.Series, indexing_func, level_name=None, **kwargs) -> None:
        checks.assert_instance_of(mapper, pd.Series)
        if is_object_dtype(mapper.dtype):
            mapper = mapper.map(_without_numpy_scalars).astype(str)
        self._mapper = mapper
        self._level_name = level_name
        super().__init__(indexing_func, **kwargs)

    @property
    def mapper(self) -> pd.Series:
        return self._mapper

    @property
    def level_name(self):
        return self._level_name

    def get_indices(self, key) -> np.ndarray:
        """The columns that a value, a list of values or a slice means."""
        if is_object_dtype(self.mapper.dtype) or is_string_dtype(self.mapper.dtype):
            if isinstance(key, slice):
                start, stop = (None if x is None else _as_text(x) for x in (key.start, key.stop))
                key = slice(start, stop, key.step)
            elif isinstance(key, (list, np.ndarray)):
                key = [_as_text(x) for x in key]
            else:
                key = _as_text(key)
        places = pd.Series(np.arange(len(self.mapper)), index=self.mapper.to_numpy())
        several = isinstance(key, (slice, list, np.ndarray))
        found: Any = places.loc[key] if several else places.loc[[key]]
        return found.to_numpy() if isinstance(found, pd.Series) else found

    def __getitem__(self, key) -> Any:
        places = self.get_indices(key)
        one = not isinstance(key, (slice, list, np.ndarray))

        def pd_indexing_func(obj):
            chosen = obj.iloc[:, places]
            multi = checks.is_frame(chosen) and isinstance(chosen.columns, pd.MultiIndex)
            if one and self.level_name is not None and multi:
                chosen.columns = index_fns.drop_levels(chosen.columns, self.level_name)
            return chosen

        return self.indexing_func(pd_indexing_func, **self.indexing_kwargs)


def indexing_on_mapper(mapper: pd.Series, ref_obj, pd_indexing_func) -> pd.Series | None:
    """The values of the columns that `pd_indexing_func` selects of a table like `ref_obj`."""
    from .reshape_fns import broadcast_to

    checks.assert_instance_of(mapper, pd.Series)
    checks.assert_instance_of(ref_obj, (pd.Series, pd.DataFrame))
    places = pd_indexing_func(broadcast_to(np.arange(len(mapper)), ref_obj))
    chosen: Any = mapper.iloc[places.to_numpy()[0]]
    if checks.is_frame(places):
        return pd.Series(chosen.to_numpy(), index=places.columns, name=mapper.name)
    if checks.is_series(places):
        return pd.Series([chosen], index=[places.name], name=mapper.name)
    return None


def build_param_indexer(param_names, class_name: str = "ParamIndexer", module_name=None) -> type:
    """A class with a property `NAME_loc` for each parameter: columns by its value."""

    def __init__(self, param_mappers, level_names=None, **kwargs) -> None:
        checks.assert_len_equal(param_names, param_mappers)
        for n, name in enumerate(param_names):
            level = None if level_names is None else level_names[n]
            loc = ParamLoc(param_mappers[n], self.indexing_func, level_name=level, **kwargs)
            setattr(self, f"_{name}_loc", loc)

    def loc_of(name: str) -> property:
        return property(
            lambda self: getattr(self, f"_{name}_loc"),
            doc=f"Select columns by the value of `{name}`: one, a list, or a slice.",
        )

    members: dict[str, Any] = {f"{name}_loc": loc_of(name) for name in param_names}
    members["__init__"] = __init__
    if module_name is not None:
        members["__module__"] = module_name
    return type(class_name, (IndexingBase,), members)

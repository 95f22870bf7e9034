"""`.vbt`: the root of all accessors on Series and DataFrames, and how others are put below it."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

import pandas as pd
from pandas.core.accessor import DirNamesMixin

from .generic.accessors import GenericDFAccessor, GenericSRAccessor
from .utils.config import Configured


class Accessor:
    """An attribute that makes an accessor of its object, anew at each access."""

    def __init__(self, name: str, accessor: type) -> None:
        self._name = name
        self._accessor = accessor

    def __get__(self, obj, cls=None) -> Any:
        if obj is None:
            return self._accessor
        if isinstance(obj, (pd.Series, pd.DataFrame)):
            return self._accessor(obj)
        if isinstance(obj, Configured):
            return obj.replace(cls_=self._accessor)
        return self._accessor(obj.obj)


def register_accessor(name: str, cls: type):
    """Put the decorated class below `cls`, under a name."""

    def decorator(accessor: type) -> type:
        if hasattr(cls, name):
            warnings.warn(
                f"the accessor {accessor!r} takes the name {name!r} of {cls!r}, which has an "
                "attribute of that name",
                UserWarning,
                stacklevel=2,
            )
        setattr(cls, name, Accessor(name, accessor))
        cls._accessors.add(name)  # pyright: ignore[reportAttributeAccessIssue]
        return accessor

    return decorator


def register_series_accessor(name: str):
    """Put the decorated class on Series."""
    return register_accessor(name, pd.Series)


def register_dataframe_accessor(name: str):
    """Put the decorated class on DataFrames."""
    return register_accessor(name, pd.DataFrame)


class Vbt_SRAccessor(DirNamesMixin, GenericSRAccessor):
    """`.vbt` on Series."""

    def __init__(self, obj, **kwargs) -> None:
        self._obj = obj
        DirNamesMixin.__init__(self)
        GenericSRAccessor.__init__(self, obj, **kwargs)


class Vbt_DFAccessor(DirNamesMixin, GenericDFAccessor):
    """`.vbt` on DataFrames."""

    def __init__(self, obj, **kwargs) -> None:
        self._obj = obj
        DirNamesMixin.__init__(self)
        GenericDFAccessor.__init__(self, obj, **kwargs)


def register_series_vbt_accessor(name: str, parent: type = Vbt_SRAccessor):
    """Put the decorated class below `.vbt` on Series."""
    return register_accessor(name, parent)


def register_dataframe_vbt_accessor(name: str, parent: type = Vbt_DFAccessor):
    """Put the decorated class below `.vbt` on DataFrames."""
    return register_accessor(name, parent)


def install() -> None:
    """Put `.vbt` on Series and DataFrames."""
    kinds: list[Any] = [(pd.Series, Vbt_SRAccessor), (pd.DataFrame, Vbt_DFAccessor)]
    for kind, accessor in kinds:
        kind.vbt = Accessor("vbt", accessor)
        kind._accessors.add("vbt")


install()
# What stands below `.vbt` registers itself.
for _name in ("ohlcv_accessors", "returns.accessors", "signals.accessors"):
    import_module(f".{_name}", __package__)

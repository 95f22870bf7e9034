"""Dates, dictionaries and what else scripts import from `backtrader.utils`."""

from __future__ import annotations

from collections import OrderedDict
from importlib import import_module

from ..autodict import AutoDict, AutoDictList, AutoOrderedDict, DotDict
from ..dates import (
    TIME_MAX,
    TIME_MIN,
    UTC,
    Localizer,
    date2num,
    num2date,
    num2dt,
    num2time,
    time2num,
    tzparse,
)

#: Names and modules that few scripts use, loaded when they are asked for.
_LATE = {"TZLocal": "date", "OrderedDefaultdict": "ordereddefaultdict", "Tree": "autodict"}
_MODULES = ("autodict", "date", "dateintern", "ordereddefaultdict", "py3")

__all__ = [
    "TIME_MAX",
    "TIME_MIN",
    "UTC",
    "AutoDict",
    "AutoDictList",
    "AutoOrderedDict",
    "DotDict",
    "Localizer",
    "OrderedDict",
    "date2num",
    "num2date",
    "num2dt",
    "num2time",
    "time2num",
    "tzparse",
]


def __getattr__(name: str):
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name in _LATE:
        return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
    raise AttributeError(f"module 'backtrader.utils' has no attribute {name!r}")

"""Helpers that scripts import from `backtrader.utils`."""

from __future__ import annotations

from collections import OrderedDict

from .autodict import AutoDict, AutoDictList, AutoOrderedDict, DotDict
from .dates import (
    TIME_MAX,
    TIME_MIN,
    UTC,
    date2num,
    num2date,
    num2dt,
    num2time,
    time2num,
)

__all__ = [
    "TIME_MAX",
    "TIME_MIN",
    "UTC",
    "AutoDict",
    "AutoDictList",
    "AutoOrderedDict",
    "DotDict",
    "OrderedDict",
    "date2num",
    "num2date",
    "num2dt",
    "num2time",
    "time2num",
]

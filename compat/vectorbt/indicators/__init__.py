"""Indicators, and the factory that makes them."""

from __future__ import annotations

from importlib import import_module

from . import configs as configs
from .basic import ATR, BBANDS, MA, MACD, MSTD, OBV, RSI, STOCH
from .factory import IndicatorBase as IndicatorBase
from .factory import IndicatorFactory

__all__ = [
    "ATR",
    "BBANDS",
    "MA",
    "MACD",
    "MSTD",
    "OBV",
    "RSI",
    "STOCH",
    "IndicatorFactory",
    "pandas_ta",
    "ta",
    "talib",
]


def talib(*args, **kwargs) -> type[IndicatorBase]:
    """See `IndicatorFactory.from_talib`."""
    return IndicatorFactory.from_talib(*args, **kwargs)


def pandas_ta(*args, **kwargs) -> type[IndicatorBase]:
    """See `IndicatorFactory.from_pandas_ta`."""
    return IndicatorFactory.from_pandas_ta(*args, **kwargs)


def ta(*args, **kwargs) -> type[IndicatorBase]:
    """See `IndicatorFactory.from_ta`."""
    return IndicatorFactory.from_ta(*args, **kwargs)


def __getattr__(name: str):
    if name == "nb":
        return import_module(f"{__name__}.nb")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

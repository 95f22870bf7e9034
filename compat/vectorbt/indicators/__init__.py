"""Indicators, and the factory that makes them."""

from __future__ import annotations

from .basic import ATR, BBANDS, MA, MACD, MSTD, OBV, RSI, STOCH
from .factory import IndicatorBase, IndicatorFactory

__all__ = [
    "ATR",
    "BBANDS",
    "MA",
    "MACD",
    "MSTD",
    "OBV",
    "RSI",
    "STOCH",
    "IndicatorBase",
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

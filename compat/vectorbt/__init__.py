"""VectorBT's names on the array engine: what `import vectorbt as vbt` gives a script.

`Portfolio` with its records and statistics, `MA`, and `settings`. Every other public name of
VectorBT raises UnsupportedFeature when it is imported or used.
"""

from __future__ import annotations

from importlib import import_module

from . import portfolio
from .portfolio import Portfolio
from ._settings import settings
from .unsupported import TOP_LEVEL, missing

__version__ = "1.2.0"

__all__ = ["Portfolio", "portfolio", "settings"]

_INDICATORS = (
    "ATR", "BBANDS", "IndicatorFactory", "MA", "MACD", "MSTD", "OBV", "RSI", "STOCH", "pandas_ta",
    "ta", "talib",
)  # fmt: skip


def __getattr__(name: str):
    if name.startswith("__"):
        raise AttributeError(name)
    if name == "indicators" or name in _INDICATORS:
        indicators = import_module(f"{__name__}.indicators")
        return indicators if name == "indicators" else getattr(indicators, name)
    if name in TOP_LEVEL:
        raise TOP_LEVEL[name].error()
    raise missing(name)

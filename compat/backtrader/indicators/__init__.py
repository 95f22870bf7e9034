"""The built-in indicators: names, parameters and minimum periods over `core.indicators`.

Every module here is loaded when one of its names is asked for: `_MODULES` says where they are.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any as _Anything

from ..iterators import Indicator
from ..operations import (
    All,
    And,
    Any_,
    Cmp,
    CmpEx,
    DivByZero,
    DivZeroByZero,
    If,
    LineActions,
    Logic,
    Max,
    Min,
    MultiLogic,
    Or,
    Reduce,
    Sum,
)
from ..unsupported import missing_indicator
from .mabase import MovAv, MovingAverage, MovingAverageBase

Any = Any_

#: The public names of each module; a name of an alias stands like any other.
_MODULES = {
    "atr": "TrueHigh TrueLow TrueRange TR AverageTrueRange ATR",
    "basicops": "Highest MaxN Lowest MinN",
    "bollinger": "BollingerBands BBands BollingerBandsPct",
    "crossover": "NonZeroDifference NZD CrossUp CrossDown CrossOver",
    "deviation": "StandardDeviation StdDev",
    "ema": "ExponentialMovingAverage EMA MovingAverageExponential",
    "mabase": "MovAv MovingAverage MovingAverageBase MetaMovAvBase",
    "macd": "MACD MACDHisto MACDHistogram",
    "momentum": "Momentum RateOfChange ROC",
    "percentchange": "PercentChange PctChange",
    "rsi": ("RelativeStrengthIndex RSI RSI_SMMA RSI_Wilder RSI_Safe RSI_SMA RSI_Cutler RSI_EMA"),
    "sma": "MovingAverageSimple SMA SimpleMovingAverage",
    "smma": (
        "SmoothedMovingAverage SMMA WilderMA MovingAverageSmoothed MovingAverageWilder "
        "ModifiedMovingAverage"
    ),
    "wma": "WeightedMovingAverage WMA MovingAverageWeighted",
}
_WHERE = {name: module for module, names in _MODULES.items() for name in names.split()}


def __getattr__(name: str) -> _Anything:
    if name in _WHERE:
        value = getattr(import_module(f".{_WHERE[name]}", __name__), name)
        globals()[name] = value
        return value
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    raise missing_indicator(name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE, *_MODULES})


#: What `from backtrader.indicators import *` gives.
__all__ = [
    "All",
    "And",
    "Any",
    "Cmp",
    "CmpEx",
    "DivByZero",
    "DivZeroByZero",
    "If",
    "Indicator",
    "LineActions",
    "Logic",
    "Max",
    "Min",
    "MovAv",
    "MovingAverage",
    "MovingAverageBase",
    "MultiLogic",
    "Or",
    "Reduce",
    "Sum",
    *_WHERE,
]

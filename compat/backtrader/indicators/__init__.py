"""The built-in indicators: names, parameters and minimum periods over `core.indicators`.

Every module here is loaded when one of its names is asked for: `_MODULES` says where they are.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any as _Anything

from ..functions import List
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
    MultiLogicReduce,
    Or,
    Reduce,
    Sum,
)
from ..unsupported import missing_indicator
from .mabase import NAMES, MovAv, MovingAverage, MovingAverageBase

Any = Any_


def _joined(ending: str) -> str:
    """The names of all averages with an ending."""
    return " ".join(f"{name}{ending}" for name in NAMES)


#: The public names of each module; a name of an alias stands like any other.
_MODULES = {
    "atr": "TrueHigh TrueLow TrueRange TR AverageTrueRange ATR",
    "basicops": (
        "PeriodN OperationN BaseApplyN ApplyN Highest MaxN Lowest MinN ReduceN SumN AnyN AllN "
        "FindFirstIndex FindFirstIndexHighest FindFirstIndexLowest FindLastIndex "
        "FindLastIndexHighest FindLastIndexLowest Accum CumSum CumulativeSum Average "
        "ArithmeticMean Mean ExponentialSmoothing ExpSmoothing ExponentialSmoothingDynamic "
        "ExpSmoothingDynamic WeightedAverage AverageWeighted"
    ),
    "bollinger": "BollingerBands BBands BollingerBandsPct",
    "crossover": "NonZeroDifference NZD CrossUp CrossDown CrossOver",
    "dema": (
        "DoubleExponentialMovingAverage DEMA MovingAverageDoubleExponential "
        "TripleExponentialMovingAverage TEMA MovingAverageTripleExponential"
    ),
    "deviation": "StandardDeviation StdDev MeanDeviation MeanDev",
    "dma": "DicksonMovingAverage DMA DicksonMA",
    "ema": "ExponentialMovingAverage EMA MovingAverageExponential",
    "envelope": f"EnvelopeMixIn Envelope {_joined('Envelope')}",
    "hma": "HullMovingAverage HMA HullMA",
    "kama": "AdaptiveMovingAverage KAMA MovingAverageAdaptive",
    "mabase": "MovAv MovingAverage MovingAverageBase MetaMovAvBase",
    "macd": "MACD MACDHisto MACDHistogram",
    "momentum": ("Momentum MomentumOscillator MomentumOsc RateOfChange ROC RateOfChange100 ROC100"),
    "oscillator": (f"OscillatorMixIn Oscillator {_joined('Oscillator')} {_joined('Osc')}"),
    "percentchange": "PercentChange PctChange",
    "rsi": ("RelativeStrengthIndex RSI RSI_SMMA RSI_Wilder RSI_Safe RSI_SMA RSI_Cutler RSI_EMA"),
    "sma": "MovingAverageSimple SMA SimpleMovingAverage",
    "smma": (
        "SmoothedMovingAverage SMMA WilderMA MovingAverageSmoothed MovingAverageWilder "
        "ModifiedMovingAverage"
    ),
    "wma": "WeightedMovingAverage WMA MovingAverageWeighted",
    "zlema": "ZeroLagExponentialMovingAverage ZLEMA ZeroLagEma",
    "zlind": "ZeroLagIndicator ZLIndicator ZLInd EC ErrorCorrecting",
    "accdecoscillator": "AccelerationDecelerationOscillator AccDeOsc",
    "aroon": (
        "AroonUp AroonDown AroonUpDown AroonIndicator AroonOscillator AroonOsc "
        "AroonUpDownOscillator AroonUpDownOsc"
    ),
    "awesomeoscillator": "AwesomeOscillator AwesomeOsc AO",
    "cci": "CommodityChannelIndex CCI",
    "contrib": "",
    "directionalmove": (
        "UpMove DownMove DirectionalIndicator DI PlusDirectionalIndicator PlusDI "
        "MinusDirectionalIndicator MinusDI AverageDirectionalMovementIndex ADX "
        "AverageDirectionalMovementIndexRating ADXR DirectionalMovementIndex DMI "
        "DirectionalMovement DM"
    ),
    "dpo": "DetrendedPriceOscillator DPO",
    "dv2": "DV2",
    "hadelta": "haDelta haD",
    "heikinashi": "HeikinAshi",
    "hurst": "HurstExponent Hurst",
    "ichimoku": "Ichimoku",
    "kst": "KnowSureThing KST",
    "lrsi": "LaguerreRSI LRSI LaguerreFilter LAGF",
    "ols": "OLS_Slope_InterceptN OLS_TransformationN OLS_BetaN CointN",
    "percentrank": "PercentRank PctRank",
    "pivotpoint": "PivotPoint FibonacciPivotPoint DemarkPivotPoint",
    "prettygoodoscillator": "PrettyGoodOscillator PGO PrettyGoodOsc",
    "priceoscillator": (
        "PriceOscillator PriceOsc AbsolutePriceOscillator APO AbsPriceOsc "
        "PercentagePriceOscillator PPO PercPriceOsc PercentagePriceOscillatorShort PPOShort "
        "PercPriceOscShort"
    ),
    "psar": "ParabolicSAR PSAR",
    "rmi": "RelativeMomentumIndex RMI",
    "stochastic": "StochasticFast Stochastic StochasticSlow StochasticFull",
    "trix": "Trix TRIX TrixSignal",
    "tsi": "TrueStrengthIndicator TSI",
    "ultimateoscillator": "UltimateOscillator",
    "updown": "UpDay DownDay UpDayBool DownDayBool",
    "vortex": "Vortex",
    "williams": "WilliamsR WilliamsAD",
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
__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
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
    "List",
    "Logic",
    "Max",
    "Min",
    "MovAv",
    "MovingAverage",
    "MovingAverageBase",
    "MultiLogic",
    "MultiLogicReduce",
    "Or",
    "Reduce",
    "Sum",
    *_WHERE,
]

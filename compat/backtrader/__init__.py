"""The names of `backtrader`, over `fillproof.core`.

`fillproof run script.py` puts this package in the place of `backtrader`. What is missing raises
`UnsupportedFeature` where it is named; `unsupported.GAPS` lists it.
"""

from __future__ import annotations

from importlib import import_module

from . import (
    analyzers,
    brokers,
    errors,
    feeds,
    indicators,
    mathsupport,
    observers,
    sizers,
    utils,
)
from . import indicators as ind
from . import observers as obs
from .analyzer import Analyzer, TimeFrameAnalyzerBase
from .broker import BackBroker, BrokerBack, BrokerBase
from .cerebro import Cerebro
from .comminfo import CommInfoBase, CommissionInfo
from .data import AbstractDataBase, DataBase, TimeFrame
from .dates import date2num, num2date, num2time, time2num
from .errors import (
    BacktraderError,
    FromModuleImportError,
    ModuleImportError,
    StrategySkipError,
)
from .feed import CSVDataBase, CSVFeedBase, DataClone, FeedBase
from .iterators import Indicator, IndicatorBase, LineIterator
from .lines import Line as LineBuffer
from .lines import LineRoot, LineSeries
from .observers import Observer
from .operations import (
    All,
    And,
    Any_,
    Cmp,
    CmpEx,
    DivByZero,
    DivZeroByZero,
    If,
    LineActions,
    LineDelay,
    Logic,
    Max,
    Min,
    MultiLogic,
    Or,
    Reduce,
    Sum,
)
from .order import BuyOrder, Order, OrderBase, OrderData, OrderExecutionBit, SellOrder
from .params import MetaParams, ParamsBase
from .position import Position
from .sizers import Sizer, SizerBase, SizerFix
from .strategy import Strategy
from .trade import Trade
from .unsupported import missing
from .writer import WriterBase, WriterFile

Any = Any_

#: The version whose behaviour this package has.
__version__ = "1.9.78.123"
__btversion__ = (1, 9, 78, 123)

(
    SIGNAL_NONE,
    SIGNAL_LONGSHORT,
    SIGNAL_LONG,
    SIGNAL_LONG_INV,
    SIGNAL_LONG_ANY,
    SIGNAL_SHORT,
    SIGNAL_SHORT_INV,
    SIGNAL_SHORT_ANY,
    SIGNAL_LONGEXIT,
    SIGNAL_LONGEXIT_INV,
    SIGNAL_LONGEXIT_ANY,
    SIGNAL_SHORTEXIT,
    SIGNAL_SHORTEXIT_INV,
    SIGNAL_SHORTEXIT_ANY,
) = range(14)


#: Names that few scripts use, by the module that is loaded when they are asked for.
_LATE = {
    "LineCoupler": "couplers",
    "LinesCoupler": "couplers",
    "MultiCoupler": "couplers",
    "SingleCoupler": "couplers",
}


#: Modules that few scripts use, loaded when they are asked for.
_LATE_MODULES = ("studies", "talib")


def __getattr__(name: str):
    if name in _LATE_MODULES:
        return import_module(f"{__name__}.{name}")
    if name in _LATE:
        return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
    raise missing("", name)


__all__ = [
    "AbstractDataBase",
    "All",
    "Analyzer",
    "And",
    "Any",
    "BackBroker",
    "BacktraderError",
    "BrokerBack",
    "BrokerBase",
    "BuyOrder",
    "CSVDataBase",
    "CSVFeedBase",
    "Cerebro",
    "Cmp",
    "CmpEx",
    "CommInfoBase",
    "CommissionInfo",
    "DataBase",
    "DataClone",
    "DivByZero",
    "DivZeroByZero",
    "FeedBase",
    "FromModuleImportError",
    "If",
    "Indicator",
    "IndicatorBase",
    "LineActions",
    "LineBuffer",
    "LineDelay",
    "LineIterator",
    "LineRoot",
    "LineSeries",
    "Logic",
    "Max",
    "MetaParams",
    "Min",
    "ModuleImportError",
    "MultiLogic",
    "Observer",
    "Or",
    "Order",
    "OrderBase",
    "OrderData",
    "OrderExecutionBit",
    "ParamsBase",
    "Position",
    "Reduce",
    "SellOrder",
    "Sizer",
    "SizerBase",
    "SizerFix",
    "Strategy",
    "StrategySkipError",
    "Sum",
    "TimeFrame",
    "TimeFrameAnalyzerBase",
    "Trade",
    "WriterBase",
    "WriterFile",
    "analyzers",
    "brokers",
    "date2num",
    "errors",
    "feeds",
    "ind",
    "indicators",
    "mathsupport",
    "num2date",
    "num2time",
    "obs",
    "observers",
    "sizers",
    "time2num",
    "utils",
]

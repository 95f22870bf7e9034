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
from .sizer import Sizer, SizerBase
from .sizers import SizerFix
from .strategy import Strategy
from .trade import Trade
from .unsupported import missing
from .writer import WriterBase, WriterFile

Any = Any_

#: Every public name is here or a gap, as docs/surface-backtrader.md lists them.
_complete = True

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
_NAMES_OF = {
    "analyzer": "MetaAnalyzer",
    "autodict": "AutoDictList AutoOrderedDict DotDict",
    "couplers": "LineCoupler LinesCoupler MultiCoupler SingleCoupler",
    "dataseries": "DataSeries OHLC OHLCDateTime SimpleFilterWrapper",
    "dates": "tzparse",
    "flt": "Filter",
    "functions": "List MultiLogicReduce",
    "indicator": "LinePlotterIndicator MetaIndicator",
    "linebuffer": "LineNum LineOwnOperation LinesOperation PseudoArray",
    "lineiterator": "DataAccessor MetaLineIterator ObserverBase StrategyBase",
    "lineroot": "LineMultiple LineSingle",
    "lines": "MetaLineSeries NAN",
    "lineseries": "LineAlias LineSeriesMaker LineSeriesStub Lines",
    "metabase": "AutoInfoClass ItemCollection findowner",
    "order": "StopBuyOrder StopLimitBuyOrder StopLimitSellOrder StopSellOrder",
    "observer": "MetaObserver",
    "resamplerfilter": "DTFaker Replayer Resampler "
    "ReplayerTicks ReplayerSeconds ReplayerMinutes ReplayerDaily ReplayerWeekly ReplayerMonthly "
    "ReplayerYearly ResamplerTicks ResamplerSeconds ResamplerMinutes ResamplerDaily "
    "ResamplerWeekly ResamplerMonthly ResamplerYearly",
    "optimisation": "OptReturn",
    "signal": "Signal SignalStrategy SignalTypes",
    "strategy": "MetaStrategy",
    "timer": "SESSION_END SESSION_START SESSION_TIME Timer",
    "tradingcal": "PandasMarketCalendar TradingCalendar TradingCalendarBase",
    "trade": "TradeHistory",
    "utils": "OrderedDict",
    "writer": "WriterStringIO",
    "utils.py3": "MAXINT cmp filter integer_types iteritems itervalues keys map range string_types "
    "with_metaclass zip",
}
_LATE = {name: place for place, names in _NAMES_OF.items() for name in names.split()}

#: Modules of Python that scripts find under `backtrader`, since it imports them.
_PYTHON = {
    "array": "array",
    "calendar": "calendar",
    "collections": "collections",
    "collectionsAbc": "collections.abc",
    "copy": "copy",
    "datetime": "datetime",
    "functools": "functools",
    "inspect": "inspect",
    "io": "io",
    "itertools": "itertools",
    "math": "math",
    "multiprocessing": "multiprocessing",
    "operator": "operator",
    "os": "os",
    "pp": "pprint",
    "sys": "sys",
}
_OF_PYTHON = {"date": "datetime", "timedelta": "datetime", "islice": "itertools"}

#: Modules that few scripts use, loaded when they are asked for.
_LATE_MODULES = (
    "btrun",
    "commissions",
    "dataseries",
    "feed",
    "fillers",
    "filters",
    "flt",
    "functions",
    "indicator",
    "linebuffer",
    "lineiterator",
    "lineroot",
    "lineseries",
    "metabase",
    "observer",
    "plot",
    "resamplerfilter",
    "signal",
    "signals",
    "sizer",
    "store",
    "strategies",
    "studies",
    "talib",
    "timer",
    "tradingcal",
    "version",
)


#: Other names of such modules.
_MODULE_NAMES = {"comms": "commissions", "filler": "fillers"}


def __getattr__(name: str):
    name = _MODULE_NAMES.get(name, name)
    if name in _LATE_MODULES:
        return import_module(f"{__name__}.{name}")
    if name == "strats":
        return import_module(f"{__name__}.strategies")
    if name in _LATE:
        return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
    if name in _PYTHON:
        return import_module(_PYTHON[name])
    if name in _OF_PYTHON:
        return getattr(import_module(_OF_PYTHON[name]), name)
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

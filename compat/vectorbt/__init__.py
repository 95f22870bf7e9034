"""VectorBT's names on the array engine: what `import vectorbt as vbt` gives a script.

Names are imported when they are used. Those that are not there yet raise UnsupportedFeature.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pandas as pd

from ._settings import settings
from .unsupported import TOP_LEVEL, missing

__version__ = "1.2.0"

# Where the names of the package are.
_PLACES = {
    "base": ("ArrayWrapper",),
    "data": (
        "AlpacaData", "BinanceData", "CCXTData", "Data", "DataUpdater", "GBMData",
        "SyntheticData", "YFData", "symbol_dict",
    ),
    "generic.drawdowns": ("Drawdowns",),
    "generic.ranges": ("Ranges",),
    "generic.splitters": ("ExpandingSplitter", "RangeSplitter", "RollingSplitter"),
    "indicators": (
        "ATR", "BBANDS", "IndicatorFactory", "MA", "MACD", "MSTD", "OBV", "RSI", "STOCH",
        "pandas_ta", "ta", "talib",
    ),
    "labels": (
        "BOLB", "FIXLB", "FMAX", "FMEAN", "FMIN", "FSTD", "LEXLB", "MEANLB", "TRENDLB",
    ),
    "portfolio": (
        "EntryTrades", "ExitTrades", "Logs", "Orders", "Portfolio", "Positions", "Trades",
    ),
    "records": ("MappedArray", "Records"),
    "signals": (
        "OHLCSTCX", "OHLCSTX", "RAND", "RANDNX", "RANDX", "RPROB", "RPROBCX", "RPROBNX", "RPROBX",
        "STCX", "STX", "SignalFactory",
    ),
    "utils": (
        "AtomicConfig", "CacheCondition", "Config", "Configured", "Rep", "RepEval", "RepFunc",
        "Sub", "atomic_dict", "cached_method", "cached_property", "deep_substitute",
        "merge_dicts", "set_seed",
    ),
    "utils.figure": ("Figure", "FigureWidget", "make_figure", "make_subplots"),
    "utils.module_": ("import_submodules",),
    "utils.schedule_": ("AsyncJob", "AsyncScheduler", "CancelledError", "ScheduleManager"),
}  # fmt: skip
_MODULES = (
    "base", "data", "generic", "indicators", "labels", "ohlcv_accessors", "portfolio",
    "px_accessors", "records",
    "returns", "root_accessors", "signals", "utils",
)  # fmt: skip
_PLACE_OF = {name: place for place, names in _PLACES.items() for name in names}

__all__ = ["nb", "settings", *_MODULES, *_PLACE_OF]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    if name in TOP_LEVEL:
        raise TOP_LEVEL[name].error()
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name in ("nb", "plotting"):
        return import_module(f"{__name__}.generic.{name}")
    if name not in _PLACE_OF:
        raise missing(name)
    found = getattr(import_module(f"{__name__}.{_PLACE_OF[name]}"), name)
    globals()[name] = found
    return found


class _Accessors:
    """`.vbt` until somebody uses it: then the accessors take its place."""

    def __get__(self, obj: Any, cls: Any = None) -> Any:
        import_module(f"{__name__}.root_accessors")
        return (cls if obj is None else obj).vbt


for _kind in (pd.Series, pd.DataFrame):
    if "vbt" not in vars(_kind):
        setattr(_kind, "vbt", _Accessors())  # noqa: B010 - a new attribute
        _kind._accessors.add("vbt")  # pyright: ignore[reportAttributeAccessIssue]

"""The feeds that scripts make; each kind is loaded when a script names it."""

from __future__ import annotations

import importlib

from ..data import DataBase
from ..dataseries import TimeFrame
from ..params import MetaParams
from ..unsupported import missing_feed

#: The module of each name.
_HOMES = {
    "blaze": "",
    "btcsv": "BacktraderCSVData BacktraderCSV",
    "chainer": "Chainer",
    "csvgeneric": "GenericCSVData GenericCSV",
    "influxfeed": "InfluxDB",
    "mt4csv": "MT4CSVData",
    "pandafeed": "PandasData PandasDirectData",
    "quandl": "QuandlCSV Quandl",
    "rollover": "RollOver",
    "sierrachart": "SierraChartCSVData",
    "vchart": "VChartData VChartFeed",
    "vchartcsv": "VChartCSVData VChartCSV",
    "yahoo": ("YahooFinanceCSVData YahooLegacyCSV YahooFinanceCSV YahooFinanceData YahooFinance"),
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = ["DataBase", "MetaParams", "TimeFrame", *_MODULES]  # pyright: ignore


def __getattr__(name: str):
    module = _MODULES.get(name)
    if module is None:
        if name in _HOMES:
            return importlib.import_module(f".{name}", __name__)
        raise missing_feed(name)
    value = globals()[name] = getattr(importlib.import_module(f".{module}", __name__), name)
    return value

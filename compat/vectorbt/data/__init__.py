"""Data of several symbols with one index, and generators of it."""

from __future__ import annotations

from .base import Data, symbol_dict
from .custom import AlpacaData, BinanceData, CCXTData, GBMData, SyntheticData, YFData
from .updater import DataUpdater

__all__ = [
    "AlpacaData",
    "BinanceData",
    "CCXTData",
    "Data",
    "DataUpdater",
    "GBMData",
    "SyntheticData",
    "YFData",
    "symbol_dict",
]

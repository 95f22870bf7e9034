"""The built-in analyzers: each is loaded when a script names it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ..unsupported import missing_analyzer

if TYPE_CHECKING:
    from .annualreturn import AnnualReturn
    from .calmar import Calmar
    from .drawdown import DrawDown, TimeDrawDown
    from .leverage import GrossLeverage
    from .logreturnsrolling import LogReturnsRolling
    from .periodstats import PeriodStats
    from .positions import PositionsValue
    from .pyfolio import PyFolio
    from .returns import Returns
    from .sharpe import SharpeRatio, SharpeRatio_A
    from .sqn import SQN
    from .timereturn import TimeReturn
    from .tradeanalyzer import TradeAnalyzer
    from .transactions import Transactions
    from .vwr import VWR, VariabilityWeightedReturn

#: The module of each analyzer.
_MODULES = {
    "AnnualReturn": "annualreturn",
    "Calmar": "calmar",
    "DrawDown": "drawdown",
    "GrossLeverage": "leverage",
    "LogReturnsRolling": "logreturnsrolling",
    "PeriodStats": "periodstats",
    "PositionsValue": "positions",
    "PyFolio": "pyfolio",
    "Returns": "returns",
    "SQN": "sqn",
    "SharpeRatio": "sharpe",
    "SharpeRatio_A": "sharpe",
    "TimeDrawDown": "drawdown",
    "TimeReturn": "timereturn",
    "TradeAnalyzer": "tradeanalyzer",
    "Transactions": "transactions",
    "VWR": "vwr",
    "VariabilityWeightedReturn": "vwr",
}

#: Names of other modules that the original hands on.
_OTHERS = {
    "Analyzer": "analyzer",
    "AutoDict": "autodict",
    "AutoOrderedDict": "autodict",
    "Order": "order",
    "Position": "position",
    "TimeFrame": "dataseries",
    "TimeFrameAnalyzerBase": "analyzer",
}


def __getattr__(name: str):
    if name in _OTHERS:
        return getattr(import_module(f"..{_OTHERS[name]}", __name__), name)
    module = _MODULES.get(name)
    if module is not None:
        found = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
        return found
    if name in _MODULES.values():
        return import_module(f"{__name__}.{name}")
    raise missing_analyzer(name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES, *_MODULES.values(), *_OTHERS})


__all__ = [
    "SQN",
    "VWR",
    "AnnualReturn",
    "Calmar",
    "DrawDown",
    "GrossLeverage",
    "LogReturnsRolling",
    "PeriodStats",
    "PositionsValue",
    "PyFolio",
    "Returns",
    "SharpeRatio",
    "SharpeRatio_A",
    "TimeDrawDown",
    "TimeReturn",
    "TradeAnalyzer",
    "Transactions",
    "VariabilityWeightedReturn",
]

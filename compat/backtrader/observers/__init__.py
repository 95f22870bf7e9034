"""The built-in observers; each module is loaded when one of its names is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..unsupported import missing

_MODULES = {
    "benchmark": "Benchmark",
    "broker": "Broker CashValue Cash Value FundValue FundShareValue FundVal FundShares",
    "buysell": "BuySell",
    "drawdown": "DrawDown DrawDownLength DrawDown_Old",
    "logreturns": "LogReturns LogReturns2",
    "timereturn": "TimeReturn",
    "trades": "Trades DataTrades",
}
#: Names of other modules that the original hands on.
_OTHERS = {"Observer": "observer", "TimeFrame": "data", "Trade": "trade"}
_WHERE = {name: module for module, names in _MODULES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name in _OTHERS:
        return getattr(import_module(f"..{_OTHERS[name]}", __name__), name)
    module = _WHERE.get(name)
    if module is None:
        raise missing("observers", name)
    found = globals()[name] = getattr(import_module(f".{module}", __name__), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE, *_OTHERS})

"""The array engine. It knows no framework by name; adapters translate to it.

The names that most uses need are here, each loaded when it is first read::

    from fillproof.core import Bars, Commission, Rules, run
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .account import Wallet
    from .actions import Action, ActionKind
    from .alignment import align
    from .bars import Bars
    from .costs import Commission, Slippage
    from .instruments import Instrument
    from .native import Now, run
    from .orders import Kind, Status, TimeInForce
    from .pricing import Pricing
    from .result import Result
    from .risk import (
        BreakEven,
        DailyLoss,
        GrossExposure,
        MaxDrawdown,
        NetExposure,
        OrderLimit,
        PositionLimit,
        StopLoss,
        TakeProfit,
        TimeStop,
        Trailing,
        VolatilityTarget,
    )
    from .rules import Rules
    from .simulation import OrderError, Simulation

_HOMES = {
    "Action": "actions",
    "ActionKind": "actions",
    "Bars": "bars",
    "BreakEven": "risk",
    "Commission": "costs",
    "DailyLoss": "risk",
    "GrossExposure": "risk",
    "Instrument": "instruments",
    "Kind": "orders",
    "MaxDrawdown": "risk",
    "NetExposure": "risk",
    "Now": "native",
    "OrderError": "simulation",
    "OrderLimit": "risk",
    "PositionLimit": "risk",
    "Pricing": "pricing",
    "Result": "result",
    "Rules": "rules",
    "Simulation": "simulation",
    "Slippage": "costs",
    "Status": "orders",
    "StopLoss": "risk",
    "TakeProfit": "risk",
    "TimeInForce": "orders",
    "TimeStop": "risk",
    "Trailing": "risk",
    "VolatilityTarget": "risk",
    "Wallet": "account",
    "align": "alignment",
    "run": "native",
}

__all__ = [
    "Action",
    "ActionKind",
    "Bars",
    "BreakEven",
    "Commission",
    "DailyLoss",
    "GrossExposure",
    "Instrument",
    "Kind",
    "MaxDrawdown",
    "NetExposure",
    "Now",
    "OrderError",
    "OrderLimit",
    "PositionLimit",
    "Pricing",
    "Result",
    "Rules",
    "Simulation",
    "Slippage",
    "Status",
    "StopLoss",
    "TakeProfit",
    "TimeInForce",
    "TimeStop",
    "Trailing",
    "VolatilityTarget",
    "Wallet",
    "align",
    "run",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value

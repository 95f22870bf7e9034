"""The array engine. It knows no framework by name; adapters translate to it.

The names that most uses need are here, each loaded when it is first read::

    from fillproof.core import Bars, Commission, Rules, run
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .account import Wallet
    from .bars import Bars
    from .costs import Commission, Slippage
    from .instruments import Instrument
    from .native import Now, run
    from .orders import Kind, Status, TimeInForce
    from .result import Result
    from .rules import Rules
    from .simulation import OrderError, Simulation

_HOMES = {
    "Bars": "bars",
    "Commission": "costs",
    "Instrument": "instruments",
    "Kind": "orders",
    "Now": "native",
    "OrderError": "simulation",
    "Result": "result",
    "Rules": "rules",
    "Simulation": "simulation",
    "Slippage": "costs",
    "Status": "orders",
    "TimeInForce": "orders",
    "Wallet": "account",
    "run": "native",
}

__all__ = [
    "Bars",
    "Commission",
    "Instrument",
    "Kind",
    "Now",
    "OrderError",
    "Result",
    "Rules",
    "Simulation",
    "Slippage",
    "Status",
    "TimeInForce",
    "Wallet",
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

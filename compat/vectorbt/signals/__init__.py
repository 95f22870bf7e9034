"""Entry and exit signals: generators, ranking, statistics. Names are imported when used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PLACES = {
    "enums": ("FactoryMode", "StopType"),
    "factory": ("SignalFactory",),
    "generators": (
        "OHLCSTCX", "OHLCSTX", "RAND", "RANDNX", "RANDX", "RPROB", "RPROBCX", "RPROBNX", "RPROBX",
        "STCX", "STX",
    ),
}  # fmt: skip
_PLACE_OF = {name: place for place, names in _PLACES.items() for name in names}

__all__ = [*_PLACE_OF]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name in ("nb", "dispatch", "accessors", *_PLACES):
        return import_module(f"{__name__}.{name}")
    if name in _PLACE_OF:
        return getattr(import_module(f"{__name__}.{_PLACE_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

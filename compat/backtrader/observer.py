"""Where Backtrader keeps the base of observers."""

from __future__ import annotations

from .observers import Observer
from .unsupported import missing

MetaObserver = type(Observer)

__all__ = [
    "MetaObserver",
    "Observer",
]


def __getattr__(name: str):
    raise missing("observer", name)

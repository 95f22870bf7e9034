"""Stores are connections to brokers for live trading: not here."""

from __future__ import annotations

from .unsupported import missing


def __getattr__(name: str):
    raise missing("" if name == "Store" else "store", name)

"""Portfolios: simulation from signals, orders and call-backs, and what follows from it."""

from __future__ import annotations

from .base import Portfolio
from .enums import *  # noqa: F403 - the public names of the package
from .logs import Logs
from .orders import Orders
from .trades import EntryTrades, ExitTrades, Positions, Trades

__all__ = ["EntryTrades", "ExitTrades", "Logs", "Orders", "Portfolio", "Positions", "Trades"]

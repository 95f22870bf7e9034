"""Where Backtrader keeps the simulated broker."""

from __future__ import annotations

from ..broker import BackBroker, BrokerBack

__all__ = ["BackBroker", "BrokerBack"]

"""The brokers that scripts name."""

from __future__ import annotations

from ..unsupported import missing
from .bbroker import BackBroker, BrokerBack

__all__ = ["BackBroker", "BrokerBack"]


def __getattr__(name: str):
    raise missing("brokers", name)

"""The brokers that scripts name."""

from __future__ import annotations

from .broker import BackBroker, BrokerBack

__all__ = ["BackBroker", "BrokerBack"]


def __getattr__(name: str):
    from .unsupported import missing

    raise missing("brokers", name)

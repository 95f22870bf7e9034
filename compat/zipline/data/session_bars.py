"""Readers of one bar for each session."""

from __future__ import annotations

from abc import abstractmethod

from .bar_reader import BarReader

__all__ = ["CurrencyAwareSessionBarReader", "SessionBarReader"]


class SessionBarReader(BarReader):
    """A reader of daily bars."""

    @property
    def data_frequency(self) -> str:
        return "session"

    @property
    @abstractmethod
    def sessions(self):
        """The labels of all sessions it covers."""


class CurrencyAwareSessionBarReader(SessionBarReader):
    """A reader of daily bars that knows in which currency each asset is quoted."""

    @abstractmethod
    def currency_codes(self, sids):
        """object[n]: three letters for each sid; None when it is not known."""

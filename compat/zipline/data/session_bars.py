"""Readers of one bar for each session."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property

from .bar_reader import BarReader
from .sources import DailyTable, ReadDays

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

    @cached_property
    def _table(self) -> DailyTable:
        """What a `DataPortal` runs over."""
        try:
            calendar = self.trading_calendar
        except NotImplementedError:
            calendar = None
        return DailyTable(ReadDays(self), calendar, self.sessions)


class CurrencyAwareSessionBarReader(SessionBarReader):
    """A reader of daily bars that knows in which currency each asset is quoted."""

    @abstractmethod
    def currency_codes(self, sids):
        """object[n]: three letters for each sid; None when it is not known."""

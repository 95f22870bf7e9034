"""What every reader of bars can be asked, and how it says that it has none."""

from __future__ import annotations

from abc import ABC, abstractmethod

__all__ = ["OHLCV", "BarReader", "NoDataAfterDate", "NoDataBeforeDate", "NoDataForSid",
           "NoDataOnDate"]  # fmt: skip

OHLCV = ("open", "high", "low", "close", "volume")


class NoDataOnDate(Exception):
    """The reader's calendar has no such session or minute."""


class NoDataBeforeDate(NoDataOnDate):
    """The asset has no bars yet."""


class NoDataAfterDate(NoDataOnDate):
    """The asset has no bars any more."""


class NoDataForSid(Exception):
    """The reader has no bars of the asset at all."""


class BarReader(ABC):
    """Bars of assets on a calendar. Dates are session labels, or minutes in UTC."""

    @property
    @abstractmethod
    def data_frequency(self) -> str:
        """ "session" or "minute"."""

    @abstractmethod
    def load_raw_arrays(self, columns, start_date, end_date, assets) -> list:
        """For each column an array [dates, assets], not adjusted; start and end included."""

    @property
    @abstractmethod
    def last_available_dt(self):
        """The last session or minute."""

    @property
    @abstractmethod
    def trading_calendar(self):
        """The calendar that the bars follow."""

    @property
    @abstractmethod
    def first_trading_day(self):
        """The first session."""

    @abstractmethod
    def get_value(self, sid, dt, field):
        """One field at one time: prices NaN where there was no trade, volume 0."""

    @abstractmethod
    def get_last_traded_dt(self, asset, dt):
        """The latest time up to `dt` with volume; NaT when there is none."""

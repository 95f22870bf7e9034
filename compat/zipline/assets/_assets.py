"""What can be traded: `Asset` and its kinds."""

from __future__ import annotations

import operator
from ctypes import c_float
from typing import Any

import numpy as np


class Comparable:
    """What compares, hashes and indexes as its integer `sid`."""

    __slots__ = ()
    sid: int

    def __int__(self) -> int:
        return self.sid

    __index__ = __int__

    def __hash__(self) -> int:
        return self.sid

    def _compare(self, other, test):
        try:
            return test(self.sid, operator.index(other))
        except TypeError:
            return NotImplemented

    def __eq__(self, other):
        return self._compare(other, operator.eq)

    def __ne__(self, other):
        return self._compare(other, operator.ne)

    def __lt__(self, other):
        return self._compare(other, operator.lt)

    def __le__(self, other):
        return self._compare(other, operator.le)

    def __gt__(self, other):
        return self._compare(other, operator.gt)

    def __ge__(self, other):
        return self._compare(other, operator.ge)


class Asset(Comparable):
    """What can be traded. It compares, hashes and indexes as its integer `sid`."""

    __slots__ = (
        "asset_name",
        "auto_close_date",
        "end_date",
        "exchange_info",
        "first_traded",
        "price_multiplier",
        "sid",
        "start_date",
        "symbol",
        "tick_size",
    )
    _kwargnames = frozenset(
        (
            "asset_name",
            "auto_close_date",
            "end_date",
            "exchange_info",
            "first_traded",
            "multiplier",
            "sid",
            "start_date",
            "symbol",
            "tick_size",
        )
    )

    def __init__(
        self,
        sid,
        exchange_info,
        symbol="",
        asset_name="",
        start_date: Any = None,  # dates: Timestamps, None where not known
        end_date: Any = None,
        first_traded: Any = None,
        auto_close_date: Any = None,
        tick_size=0.01,
        multiplier=1.0,
    ) -> None:
        self.sid = operator.index(sid)
        self.exchange_info = exchange_info
        self.symbol = symbol
        self.asset_name = asset_name
        self.start_date = start_date
        self.end_date = end_date
        self.first_traded = first_traded
        self.auto_close_date = auto_close_date
        self.tick_size = tick_size
        # 32 bits, as the real framework keeps it: 0.1 becomes 0.10000000149011612.
        self.price_multiplier = c_float(multiplier).value

    @property
    def exchange(self) -> str:
        return self.exchange_info.canonical_name

    @property
    def exchange_full(self) -> str:
        return self.exchange_info.name

    @property
    def country_code(self) -> str:
        return self.exchange_info.country_code

    def __repr__(self) -> str:
        name = f" [{self.symbol}]" if self.symbol else ""
        return f"{type(self).__name__}({self.sid}{name})"

    def __reduce__(self):
        return (
            type(self),
            (
                self.sid,
                self.exchange_info,
                self.symbol,
                self.asset_name,
                self.start_date,
                self.end_date,
                self.first_traded,
                self.auto_close_date,
                self.tick_size,
                self.price_multiplier,
            ),
        )

    def to_dict(self) -> dict:
        """All attributes, by name."""
        return {
            "sid": self.sid,
            "symbol": self.symbol,
            "asset_name": self.asset_name,
            "start_date": self.start_date,
            "end_date": self.end_date,
            "first_traded": self.first_traded,
            "auto_close_date": self.auto_close_date,
            "exchange": self.exchange,
            "exchange_full": self.exchange_full,
            "tick_size": self.tick_size,
            "multiplier": self.price_multiplier,
            "exchange_info": self.exchange_info,
        }

    @classmethod
    def from_dict(cls, dict_):
        """The asset that `to_dict` described."""
        known = cls._kwargnames
        return cls(**{name: value for name, value in dict_.items() if name in known})

    def is_alive_for_session(self, session_label) -> bool:
        """Whether the session lies between the first and the last day, both included."""
        return self.start_date.value <= session_label.value <= self.end_date.value

    def is_exchange_open(self, dt_minute) -> bool:
        return self.exchange_info.calendar.is_open_on_minute(dt_minute)


class Equity(Asset):
    """Shares of a company, a trust or a partnership."""

    __slots__ = ()


class Future(Asset):
    """A futures contract.

    root_symbol: what is delivered, shared by all contracts of a chain. notice_date,
    expiration_date: Timestamps or None; without an auto_close_date the earlier of them is it.
    price_multiplier: dollars for each point of one contract's price.
    """

    __slots__ = ("expiration_date", "notice_date", "root_symbol")
    _kwargnames = Asset._kwargnames | {"root_symbol", "notice_date", "expiration_date"}

    def __init__(
        self,
        sid,
        exchange_info,
        symbol="",
        root_symbol="",
        asset_name="",
        start_date: Any = None,
        end_date: Any = None,
        notice_date: Any = None,
        expiration_date: Any = None,
        auto_close_date: Any = None,
        first_traded: Any = None,
        tick_size=0.001,
        multiplier=1.0,
    ) -> None:
        if auto_close_date is None:
            known = [date for date in (notice_date, expiration_date) if date is not None]
            auto_close_date = min(known, default=None)
        super().__init__(
            sid,
            exchange_info,
            symbol,
            asset_name,
            start_date,
            end_date,
            first_traded,
            auto_close_date,
            tick_size,
            multiplier,
        )
        self.root_symbol = root_symbol
        self.notice_date = notice_date
        self.expiration_date = expiration_date

    def __reduce__(self):
        return (
            type(self),
            (
                self.sid,
                self.exchange_info,
                self.symbol,
                self.root_symbol,
                self.asset_name,
                self.start_date,
                self.end_date,
                self.notice_date,
                self.expiration_date,
                self.auto_close_date,
                self.first_traded,
                self.tick_size,
                self.price_multiplier,
            ),
        )

    def to_dict(self) -> dict:
        return super().to_dict() | {
            "root_symbol": self.root_symbol,
            "notice_date": self.notice_date,
            "expiration_date": self.expiration_date,
        }


def make_asset_array(size, asset) -> np.ndarray:
    """object[size] that holds `asset` in every place."""
    if not isinstance(asset, Asset):
        raise TypeError(f"asset: {asset!r} is no asset.")
    out = np.empty(size, dtype=object)
    out.fill(asset)
    return out

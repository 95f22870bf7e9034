"""What can be traded: `Asset` and its kinds."""

from __future__ import annotations

import operator
from typing import Any


class Asset:
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
        self.price_multiplier = multiplier

    @property
    def exchange(self) -> str:
        return self.exchange_info.canonical_name

    @property
    def exchange_full(self) -> str:
        return self.exchange_info.name

    @property
    def country_code(self) -> str:
        return self.exchange_info.country_code

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
        known = {
            "sid", "symbol", "asset_name", "start_date", "end_date", "first_traded",
            "auto_close_date", "tick_size", "multiplier", "exchange_info",
        }  # fmt: skip
        return cls(**{name: value for name, value in dict_.items() if name in known})

    def is_alive_for_session(self, session_label) -> bool:
        """Whether the session lies between the first and the last day, both included."""
        return self.start_date.value <= session_label.value <= self.end_date.value

    def is_exchange_open(self, dt_minute) -> bool:
        return self.exchange_info.calendar.is_open_on_minute(dt_minute)


class Equity(Asset):
    """Shares of a company, a trust or a partnership."""

    __slots__ = ()

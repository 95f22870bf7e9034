"""`Equity`, and the finder that resolves symbols to it."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import Any

from .errors import SameSymbolUsedAcrossCountries, SidsNotFound, SymbolNotFound
from .unsupported import module_gaps

__all__ = ["Asset", "AssetFinder", "Equity", "ExchangeInfo"]

__getattr__ = module_gaps("zipline.assets")


@dataclass(frozen=True)
class ExchangeInfo:
    """Where an asset trades: full name, short name, two-letter country code."""

    name: str
    canonical_name: str
    country_code: str

    def __repr__(self) -> str:
        return f"ExchangeInfo({self.name!r}, {self.canonical_name!r}, {self.country_code!r})"

    @property
    def calendar(self):
        from .utils.calendar_utils import get_calendar

        return get_calendar(self.canonical_name)


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


def split_symbol(symbol) -> tuple[str, str]:
    """Company and share class, upper case: `brk.b`, `BRK-B` and `BRK_B` give ("BRK", "B")."""
    if symbol is None or symbol != symbol or symbol == "":
        return "", ""
    company, *share_class = re.split(r"[./\-_]", symbol.upper(), maxsplit=1)
    return company, share_class[0] if share_class else ""


@dataclass(frozen=True)
class Ownership:
    """Which asset held a symbol, from `start` (timestamp) until another took it."""

    symbol: str
    start: Any
    end: Any
    sid: int


class AssetFinder:
    """Resolves sids and symbols.

    equities: all assets. owners: one `Ownership` for each symbol an asset has held.
    """

    def __init__(self, equities: list[Equity], owners: list[Ownership]) -> None:
        self.equities = equities
        self._by_sid = {asset.sid: asset for asset in equities}
        self._maps: dict[str, dict[tuple[str, str], list]] = {}
        for owner in owners:
            country = self._by_sid[owner.sid].country_code
            by_symbol = self._maps.setdefault(country, {})
            by_symbol.setdefault(split_symbol(owner.symbol), []).append(
                (owner.start, owner.end, owner.sid)
            )
        for by_symbol in self._maps.values():
            for periods in by_symbol.values():
                periods.sort()

    @property
    def sids(self) -> list[int]:
        return list(self._by_sid)

    def retrieve_asset(self, sid, default_none: bool = False):
        asset = self._by_sid.get(sid)
        if asset is None and not default_none:
            raise SidsNotFound(sids=[sid])
        return asset

    def retrieve_all(self, sids, default_none: bool = False) -> list:
        return [self.retrieve_asset(sid, default_none) for sid in sids]

    def lookup_symbol(self, symbol, as_of_date, fuzzy: bool = False, country_code=None):
        """The asset that held `symbol` on `as_of_date`; it keeps it until another asset takes it.

        Raises SymbolNotFound; SameSymbolUsedAcrossCountries when a country_code must decide.
        """
        if symbol is None:
            raise TypeError(f"symbol: None is no symbol (as of {as_of_date}).")
        key = split_symbol(symbol)
        maps = self._maps if country_code is None else {country_code: self._maps.get(country_code)}
        found = {}
        for country, by_symbol in maps.items():
            periods = (by_symbol or {}).get(key, [])
            for n, (start, _, sid) in enumerate(periods):
                taken = periods[n + 1][0] if n + 1 < len(periods) else None
                if start <= as_of_date and (taken is None or as_of_date < taken):
                    found[country] = self._by_sid[sid]
        if not found:
            raise SymbolNotFound(symbol=symbol)
        if len(found) > 1:
            raise SameSymbolUsedAcrossCountries(symbol=symbol, options=found)
        return next(iter(found.values()))

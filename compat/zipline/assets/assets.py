"""`AssetFinder`, which resolves sids and symbols to assets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..errors import SameSymbolUsedAcrossCountries, SidsNotFound, SymbolNotFound
from ._assets import Equity


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

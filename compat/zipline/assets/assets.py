"""`AssetFinder`, which resolves sids and symbols to assets."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Iterable
from functools import cached_property
from numbers import Integral
from typing import Any, NamedTuple, NoReturn

import numpy as np

from ..errors import (
    EquitiesNotFound,
    FutureContractsNotFound,
    MultipleSymbolsFound,
    MultipleSymbolsFoundForFuzzySymbol,
    MultipleValuesFoundForField,
    MultipleValuesFoundForSid,
    NoValueForSid,
    SameSymbolUsedAcrossCountries,
    SidsNotFound,
    SymbolNotFound,
    ValueNotFoundForField,
)
from ._assets import Asset, Equity, Future
from .asset_db_schema import ASSET_DB_VERSION as ASSET_DB_VERSION
from .continuous_futures import (
    ADJUSTMENT_STYLES,
    CHAIN_PREDICATES,
    ContinuousFuture,
    OrderedContracts,
)
from .exchange_info import ExchangeInfo
from .symbols import split_delimited_symbol

__all__ = [
    "AssetConvertible",
    "AssetFinder",
    "ContinuousFuture",
    "Lifetimes",
    "NotAssetConvertible",
    "OwnershipPeriod",
    "PricingDataAssociable",
    "merge_ownership_periods",
    "only_active_assets",
    "was_active",
]

_DATES = ("start_date", "end_date", "first_traded", "auto_close_date")
_FUTURE_DATES = (*_DATES, "notice_date", "expiration_date")
_ROLL_STYLES = {"calendar": 0, "volume": 1}
_ADJUSTMENTS = {None: 0, "mul": 1, "add": 2}
_LAST_NS = np.iinfo(np.int64).max


class OwnershipPeriod(NamedTuple):
    """Who held a symbol (or a value of a field) from `start` until before `end`."""

    start: Any
    end: Any
    sid: Any
    value: Any


class Lifetimes(NamedTuple):
    """Sids, and the first and the last days of their assets: int64[N] each, days in ns."""

    sid: np.ndarray
    start: np.ndarray
    end: np.ndarray


class AssetConvertible(ABC):  # noqa: B024 - types are registered, not derived
    """What `lookup_generic` turns into an asset: integers, texts and assets."""


for _type in (Integral, Asset, str):
    AssetConvertible.register(_type)


class PricingDataAssociable(ABC):  # noqa: B024 - the same
    """What has prices: assets, and continuous futures."""


for _type in (Asset, Future, ContinuousFuture):
    PricingDataAssociable.register(_type)


class NotAssetConvertible(ValueError):
    """`lookup_generic` got what stands for no asset."""


def merge_ownership_periods(mappings: dict) -> dict:
    """Lists of `OwnershipPeriod`s by key: sorted, each lasting until the next one begins."""
    import pandas as pd

    merged = {}
    for key, periods in mappings.items():
        periods = sorted(periods)
        ends = [period.start for period in periods[1:]] + [pd.Timestamp.max]
        merged[key] = tuple(
            period._replace(end=end) for period, end in zip(periods, ends, strict=True)
        )
    return merged


def was_active(reference_date_value: int, asset) -> bool:
    """Whether an asset is alive at a time in ns."""
    return asset.start_date.value <= reference_date_value <= asset.end_date.value


def only_active_assets(reference_date_value: int, assets: Iterable) -> list:
    """The assets that are alive at a time in ns."""
    return [asset for asset in assets if was_active(reference_date_value, asset)]


class AssetFinder:
    """Resolves sids and symbols.

    engine: the path of an asset database, or the asset tables of a bundle: lists of rows
    `exchanges`, `equities`, `symbols`, `supplementary`, `futures` and `roots`.
    future_chain_predicates: by root symbol, which contracts belong to its chain.
    """

    def __init__(
        self,
        engine,
        future_chain_predicates: dict[str, Callable[[Any], bool]] | None = CHAIN_PREDICATES,
    ) -> None:
        self.engine = engine
        self._chain_predicates = future_chain_predicates or {}
        self._chains: dict[str, OrderedContracts] = {}
        self._continuous: dict[int, ContinuousFuture] = {}
        self._lifetimes_by_country: dict[frozenset, Lifetimes] = {}

    def close(self) -> None:
        """Nothing stays open."""

    @cached_property
    def _tables(self) -> Any:
        if hasattr(self.engine, "equities"):
            return self.engine
        from . import database

        return database.read(database.path_of(self.engine))

    # Assets by sid

    @cached_property
    def exchange_info(self) -> dict[str, ExchangeInfo]:
        """Where assets trade, by the full name of the exchange."""
        rows = self._tables.exchanges
        return {
            row["exchange"]: ExchangeInfo(
                row["exchange"], row["canonical_name"], row["country_code"]
            )
            for row in rows
        }

    @cached_property
    def equities(self) -> list[Equity]:
        """All equities, by sid."""
        rows = sorted(self._tables.equities, key=lambda row: row["sid"])
        return [
            Equity(
                row["sid"],
                self.exchange_info[row["exchange"]],
                row["symbol"],
                row["asset_name"],
                **_dates(row, _DATES),
            )
            for row in rows
        ]

    @cached_property
    def futures(self) -> list[Future]:
        """All futures contracts, by sid."""
        rows = sorted(self._tables.futures, key=lambda row: row["sid"])
        return [
            Future(
                row["sid"],
                self.exchange_info[row["exchange"]],
                row["symbol"],
                row["root_symbol"],
                row["asset_name"],
                tick_size=0.001 if row["tick_size"] is None else row["tick_size"],
                multiplier=row["multiplier"],
                **_dates(row, _FUTURE_DATES),
            )
            for row in rows
        ]

    @cached_property
    def assets(self) -> list[Asset]:
        """All equities and futures contracts, by sid."""
        return sorted([*self.equities, *self.futures])

    @cached_property
    def _by_sid(self) -> dict[int, Asset]:
        return {asset.sid: asset for asset in self.assets}

    @property
    def sids(self) -> tuple[int, ...]:
        """The sids of all assets."""
        return tuple(self._by_sid)

    @property
    def equities_sids(self) -> tuple[int, ...]:
        """The sids of all equities."""
        return tuple(asset.sid for asset in self.equities)

    @property
    def futures_sids(self) -> tuple[int, ...]:
        """The sids of all futures contracts."""
        return tuple(asset.sid for asset in self.futures)

    def lookup_asset_types(self, sids) -> dict[Any, str | None]:
        """By sid "equity", "future", or None where there is no asset."""
        return {sid: self._type(sid) for sid in sids}

    def _type(self, sid) -> str | None:
        asset = self._by_sid.get(sid)
        if asset is None:
            return None
        return "future" if isinstance(asset, Future) else "equity"

    def group_by_type(self, sids) -> dict[str | None, set]:
        """The sids by the type of their asset, as `lookup_asset_types` names it."""
        groups: dict[str | None, set] = {}
        for sid, asset_type in self.lookup_asset_types(sids).items():
            groups.setdefault(asset_type, set()).add(sid)
        return groups

    def retrieve_asset(self, sid, default_none: bool = False) -> Any:
        """The asset with a sid; raises SidsNotFound, or gives None with `default_none`."""
        asset = self._by_sid.get(sid)
        if asset is None:
            asset = self._continuous.get(sid)
        if asset is None and not default_none:
            if not hasattr(sid, "__index__"):
                raise KeyError(f"{sid!r} is no sid: a sid is an integer.")
            raise SidsNotFound(sids=[sid])
        return asset

    def retrieve_all(self, sids, default_none: bool = False) -> list:
        """The assets with the sids, in their sequence; raises SidsNotFound for all missing."""
        sids = list(sids)
        assets = [self.retrieve_asset(sid, default_none=True) for sid in sids]
        if not default_none:
            absent = dict.fromkeys(
                sid for sid, asset in zip(sids, assets, strict=True) if asset is None
            )
            if absent:
                raise SidsNotFound(sids=list(absent))
        return assets

    def retrieve_equities(self, sids) -> dict[int, Equity]:
        """Equities by sid; raises EquitiesNotFound."""
        return self._of_type(sids, Equity, EquitiesNotFound)

    def retrieve_futures_contracts(self, sids) -> dict[int, Future]:
        """Futures contracts by sid; raises FutureContractsNotFound."""
        return self._of_type(sids, Future, FutureContractsNotFound)

    def _of_type(self, sids, asset_type: type, error: type[SidsNotFound]) -> dict:
        found, absent = {}, []
        for sid in dict.fromkeys(sids):
            asset = self._by_sid.get(sid)
            if isinstance(asset, asset_type):
                found[sid] = asset
            else:
                absent.append(sid)
        if absent:
            raise error(sids=tuple(absent))
        return found

    # Equities by symbol

    @cached_property
    def symbol_ownership_maps_by_country_code(self) -> dict[str, dict]:
        """By country: who held the symbol (company, share class), in periods."""
        countries = {asset.sid: asset.country_code for asset in self.equities}
        by_country: dict[str, list] = {}
        for row in self._tables.symbols:
            if row["sid"] in countries:
                by_country.setdefault(countries[row["sid"]], []).append(row)
        return {
            country: _periods(
                rows,
                lambda row: (row["company_symbol"], row["share_class_symbol"]),
                lambda row: row["symbol"],
            )
            for country, rows in by_country.items()
        }

    @cached_property
    def symbol_ownership_map(self) -> dict:
        """`symbol_ownership_maps_by_country_code`, all countries together."""
        together: dict = {}
        for owners in self.symbol_ownership_maps_by_country_code.values():
            for key, periods in owners.items():
                together.setdefault(key, []).extend(periods)
        return together

    @cached_property
    def fuzzy_symbol_ownership_maps_by_country_code(self) -> dict[str, dict]:
        """By country: who held the symbol without delimiters."""
        return {
            country: _fuzzy(owners)
            for country, owners in self.symbol_ownership_maps_by_country_code.items()
        }

    @cached_property
    def fuzzy_symbol_ownership_map(self) -> dict:
        """`fuzzy_symbol_ownership_maps_by_country_code`, all countries together."""
        return _fuzzy(self.symbol_ownership_map)

    @property
    def country_codes(self) -> tuple[str, ...]:
        """The countries in which equities trade."""
        return tuple(self.symbol_ownership_maps_by_country_code)

    def lookup_symbol(self, symbol, as_of_date, fuzzy: bool = False, country_code=None) -> Any:
        """The equity that held `symbol` on `as_of_date`; it keeps it until another one takes it.

        Without a date the only one that ever held it. fuzzy: delimiters in the symbol do not
        count. Raises SymbolNotFound; MultipleSymbolsFound when a date must decide;
        SameSymbolUsedAcrossCountries when a country_code must.
        """
        if symbol is None:
            raise TypeError(f"symbol: None is no symbol (as of {as_of_date}).")
        return self._symbol_lookup(symbol, fuzzy, country_code)(symbol, as_of_date)

    def lookup_symbols(self, symbols, as_of_date, fuzzy: bool = False, country_code=None) -> list:
        """`lookup_symbol` for several symbols."""
        if not symbols:
            return []
        lookup = self._symbol_lookup(symbols[0], fuzzy, country_code)
        found = {symbol: lookup(symbol, as_of_date) for symbol in dict.fromkeys(symbols)}
        return [found[symbol] for symbol in symbols]

    def _symbol_lookup(self, symbol, fuzzy: bool, country_code) -> Callable[[Any, Any], Any]:
        if fuzzy:
            maps = self.fuzzy_symbol_ownership_maps_by_country_code
            together, lookup = self.fuzzy_symbol_ownership_map, self._lookup_fuzzy
        else:
            maps = self.symbol_ownership_maps_by_country_code
            together, lookup = self.symbol_ownership_map, self._lookup_strict
        owners = together if country_code is None else maps.get(country_code)
        if owners is None:
            raise SymbolNotFound(symbol=symbol)
        return lambda symbol, date: lookup(owners, country_code is None, symbol, date)

    def _lookup_strict(self, owners: dict, countries: bool, symbol, date) -> Any:
        periods = owners.get(split_delimited_symbol(symbol))
        if periods is None:
            raise SymbolNotFound(symbol=symbol)
        if date:
            found = [self._by_sid[p.sid] for p in periods if p.start <= date < p.end]
            if not found:
                raise SymbolNotFound(symbol=symbol)
            if len(found) > 1 and countries:
                _refuse_countries(symbol, found)
            return found[0]
        if len(periods) == 1:
            return self._by_sid[periods[0].sid]
        options = {self._by_sid[period.sid] for period in periods}
        if countries and len({asset.country_code for asset in options}) > 1:
            _refuse_countries(symbol, options)
        raise MultipleSymbolsFound(symbol=symbol, options=options)

    def _lookup_fuzzy(self, owners: dict, countries: bool, symbol, date) -> Any:
        symbol = symbol.upper()
        parts = split_delimited_symbol(symbol)
        periods = owners.get("".join(parts))
        if periods is None:
            raise SymbolNotFound(symbol=symbol)
        if date:
            held = {p.sid: p.value for p in periods if p.start <= date < p.end}
            if not held:
                raise SymbolNotFound(symbol=symbol)
            exact = [sid for sid, name in held.items() if split_delimited_symbol(name) == parts]
            if len(held) == 1:
                return self._by_sid[next(iter(held))]
            if len(exact) == 1 or (exact and not countries):
                return self._by_sid[exact[0]]
        else:
            exact = [period.sid for period in periods if period.value == symbol]
            if len(periods) == 1:
                return self._by_sid[periods[0].sid]
            if len(exact) == 1:
                return self._by_sid[exact[0]]
        options = [self._by_sid[period.sid] for period in periods]
        raise MultipleSymbolsFoundForFuzzySymbol(symbol=symbol, options=options)

    # Equities by other fields

    @cached_property
    def equity_supplementary_map(self) -> dict:
        """Who had a value of a field, in periods: by (field, value)."""
        return self._supplementary("value")

    @cached_property
    def equity_supplementary_map_by_sid(self) -> dict:
        """Which value of a field an equity had, in periods: by (field, sid)."""
        return self._supplementary("sid")

    def _supplementary(self, second: str) -> dict:
        return _periods(
            self._tables.supplementary,
            lambda row: (row["field"], row[second]),
            lambda row: row["value"],
        )

    def lookup_by_supplementary_field(self, field_name, value, as_of_date) -> Any:
        """The equity that had a value of a field on a date; without a date the only one ever.

        Raises ValueNotFoundForField, MultipleValuesFoundForField.
        """
        periods = self.equity_supplementary_map.get((field_name, value), ())
        if not as_of_date and len(periods) > 1:
            options = {self._by_sid[period.sid] for period in periods}
            raise MultipleValuesFoundForField(field=field_name, value=value, options=options)
        for period in periods:
            if not as_of_date or period.start <= as_of_date < period.end:
                return self.retrieve_asset(period.sid)
        raise ValueNotFoundForField(field=field_name, value=value)

    def get_supplementary_field(self, sid, field_name, as_of_date) -> Any:
        """The value of a field that an equity had on a date; without a date the only one ever.

        Raises NoValueForSid, MultipleValuesFoundForSid.
        """
        periods = self.equity_supplementary_map_by_sid.get((field_name, sid), ())
        if not as_of_date and len(periods) > 1:
            options = {period.value for period in periods}
            raise MultipleValuesFoundForSid(field=field_name, sid=sid, options=options)
        for period in periods:
            if not as_of_date or period.start <= as_of_date < period.end:
                return period.value
        raise NoValueForSid(field=field_name, sid=sid)

    # Futures

    @cached_property
    def _by_future_symbol(self) -> dict[str, Future]:
        return {asset.symbol: asset for asset in reversed(self.futures)}

    def lookup_future_symbol(self, symbol) -> Any:
        """The contract with this symbol; raises SymbolNotFound."""
        if symbol not in self._by_future_symbol:
            raise SymbolNotFound(symbol=symbol)
        return self._by_future_symbol[symbol]

    def get_ordered_contracts(self, root_symbol) -> OrderedContracts:
        """The chain of a root symbol's contracts, by sid."""
        if root_symbol not in self._chains:
            contracts = [asset for asset in self.futures if asset.root_symbol == root_symbol]
            self._chains[root_symbol] = OrderedContracts(
                root_symbol, contracts, self._chain_predicates.get(root_symbol)
            )
        return self._chains[root_symbol]

    def create_continuous_future(self, root_symbol, offset, roll_style, adjustment) -> Any:
        """What follows the chain of a root symbol.

        offset: 0 for the current contract, 1 for the next. roll_style: "calendar" or "volume".
        adjustment: "mul", "add" or None. Raises SymbolNotFound for a root symbol that is not
        listed, ValueError for an adjustment, KeyError for a roll style.
        """
        if adjustment not in ADJUSTMENT_STYLES:
            raise ValueError(
                f"adjustment: {adjustment!r} is none of {', '.join(map(repr, _ADJUSTMENTS))}."
            )
        chain = self.get_ordered_contracts(root_symbol)
        exchange = self._root_exchange(root_symbol)
        for style, number in _ADJUSTMENTS.items():
            letters = "".join(str(ord(letter)) for letter in root_symbol.upper())
            sid = int(f"1{offset}{letters}{_ROLL_STYLES[roll_style]}{number}")
            self._continuous[sid] = found = ContinuousFuture(
                sid,
                root_symbol,
                offset,
                roll_style,
                chain.start_date,
                chain.end_date,
                self.exchange_info[exchange],
                style,
            )
            if style == adjustment:
                asked = found
        return asked  # pyright: ignore[reportPossiblyUnboundVariable] - one style was asked for

    def _root_exchange(self, root_symbol) -> str:
        for row in self._tables.roots:
            if row["root_symbol"] == root_symbol and row["exchange"] is not None:
                return row["exchange"]
        raise SymbolNotFound(symbol=root_symbol)

    # Anything

    def lookup_generic(self, obj, as_of_date, country_code) -> tuple[Any, list]:
        """What `obj` stands for: an asset, or a list for an iterable; and what was not found.

        Integers are sids, texts symbols. Raises SidsNotFound and SymbolNotFound for a scalar,
        NotAssetConvertible for anything else.
        """
        if isinstance(obj, (AssetConvertible, ContinuousFuture)):
            found = self._lookup_one(obj, as_of_date, country_code)
            if found is None:
                if isinstance(obj, str):
                    raise SymbolNotFound(symbol=obj)
                raise SidsNotFound(sids=[obj])
            return found, []
        try:
            several = list(obj)
        except TypeError:
            raise NotAssetConvertible(
                f"{obj!r} is neither an asset, a sid or a symbol nor several of them."
            ) from None
        found = [(one, self._lookup_one(one, as_of_date, country_code)) for one in several]
        matches = [asset for _, asset in found if asset is not None]
        return matches, [one for one, asset in found if asset is None]

    def _lookup_one(self, obj, as_of_date, country_code) -> Any:
        if isinstance(obj, (Asset, ContinuousFuture)):
            return obj
        if isinstance(obj, Integral):
            return self.retrieve_asset(int(obj), default_none=True)
        if isinstance(obj, str):
            try:
                return self.lookup_symbol(obj, as_of_date, country_code=country_code)
            except SymbolNotFound:
                return self._by_future_symbol.get(obj)
        raise NotAssetConvertible(f"{obj!r} is neither an asset, a sid nor a symbol.")

    # Equities by their lives

    def lifetimes(self, dates, include_start_date: bool, country_codes) -> Any:
        """Which equities of some countries are alive on which dates.

        A frame of bool: dates as rows, sids as columns; on the last day an equity is alive, on
        the first one with `include_start_date`.
        """
        import pandas as pd

        if isinstance(country_codes, str):
            raise TypeError(
                f"country_codes: {country_codes!r} is one text; give several in a list."
            )
        countries = frozenset(country_codes)
        if countries not in self._lifetimes_by_country:
            self._lifetimes_by_country[countries] = self._lifetimes(
                lambda asset: asset.country_code in countries
            )
        lives = self._lifetimes_by_country[countries]
        days = dates.to_numpy().astype("datetime64[ns]").astype(np.int64)[:, None]
        begun = lives.start <= days if include_start_date else lives.start < days
        return pd.DataFrame(begun & (days <= lives.end), index=dates, columns=lives.sid)

    def _lifetimes(self, chosen: Callable[[Equity], bool]) -> Lifetimes:
        assets = [asset for asset in self.equities if chosen(asset)]
        starts = [0 if a.start_date is None else a.start_date.value for a in assets]
        ends = [_LAST_NS if a.end_date is None else a.end_date.value for a in assets]
        sids = [asset.sid for asset in assets]
        return Lifetimes(*(np.array(column, dtype=np.int64) for column in (sids, starts, ends)))

    def equities_sids_for_country_code(self, country_code) -> tuple[int, ...]:
        """The sids of the equities of a country."""
        return tuple(asset.sid for asset in self.equities if asset.country_code == country_code)

    def equities_sids_for_exchange_name(self, exchange_name) -> tuple[int, ...]:
        """The sids of the equities of an exchange, given its full name."""
        return tuple(asset.sid for asset in self.equities if asset.exchange_full == exchange_name)


def _dates(row: dict, names: tuple[str, ...]) -> dict[str, Any]:
    """Dates of a row as Timestamps, None where not known."""
    import pandas as pd

    return {name: None if row[name] is None else pd.Timestamp(row[name]) for name in names}


def _periods(rows: Iterable[dict], key: Callable, value: Callable) -> dict:
    import pandas as pd

    mappings: dict = {}
    for row in rows:
        start, end = pd.Timestamp(row["start_date"]), pd.Timestamp(row["end_date"])
        period = OwnershipPeriod(start, end, row["sid"], value(row))
        mappings.setdefault(key(row), []).append(period)
    return merge_ownership_periods(mappings)


def _fuzzy(owners: dict) -> dict:
    fuzzy: dict = {}
    for (company, share_class), periods in owners.items():
        fuzzy.setdefault(company + share_class, []).extend(periods)
    for periods in fuzzy.values():
        periods.sort()
    return fuzzy


def _refuse_countries(symbol, assets: Iterable[Asset]) -> NoReturn:
    options = {asset.country_code: asset for asset in assets}
    raise SameSymbolUsedAcrossCountries(symbol=symbol, options=options)

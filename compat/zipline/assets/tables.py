"""What is known of a bundle's assets, as plain rows, and how frames become such rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Any

import numpy as np

from .symbols import split_delimited_symbol

#: ns since 1970 of a date that is not known, in tables of the real framework.
NO_DATE = np.iinfo(np.int64).min
_FIRST_DAY = 0
_LAST_DAY = np.iinfo(np.int64).max

Row = dict[str, Any]


@dataclass
class AssetTables:
    """One list of rows for each table; a row is a dict. Dates are ns since 1970, None: not known.

    exchanges: exchange, canonical_name, country_code.
    equities: sid, symbol (the latest), asset_name, exchange, start_date, end_date, first_traded,
    auto_close_date; by sid.
    symbols: which equity held which symbol when: sid, symbol, company_symbol, share_class_symbol,
    start_date, end_date; as written.
    supplementary: sid, field, value, start_date, end_date.
    futures: sid, symbol, root_symbol, asset_name, exchange, start_date, end_date, first_traded,
    notice_date, expiration_date, auto_close_date, tick_size (None: not given), multiplier.
    roots: root_symbol, root_symbol_id, sector, description, exchange.
    """

    exchanges: list[Row] = field(default_factory=list)
    equities: list[Row] = field(default_factory=list)
    symbols: list[Row] = field(default_factory=list)
    supplementary: list[Row] = field(default_factory=list)
    futures: list[Row] = field(default_factory=list)
    roots: list[Row] = field(default_factory=list)

    def extend(self, more: AssetTables) -> None:
        """Add the rows of a further call of a writer; raises ValueError for symbols held twice."""
        known = {row["exchange"]: n for n, row in enumerate(self.exchanges)}
        for row in more.exchanges:
            if row["exchange"] in known:
                self.exchanges[known[row["exchange"]]] = row
            else:
                self.exchanges.append(row)
        for one in fields(self):
            if one.name != "exchanges":
                getattr(self, one.name).extend(getattr(more, one.name))
        self._check_owners()
        self.equities.sort(key=lambda row: row["sid"])

    def _check_owners(self) -> None:
        """A symbol has one owner at a time in each country."""
        countries = {row["exchange"]: row["country_code"] for row in self.exchanges}
        country_of = {}
        for row in self.equities:
            if row["exchange"] not in countries:
                raise ValueError(f"exchanges: {row['exchange']!r} of sid {row['sid']} is missing.")
            country_of[row["sid"]] = countries[row["exchange"]]
        owners: dict[tuple[str, str], list[Row]] = {}
        for row in self.symbols:
            if row["sid"] not in country_of:
                raise ValueError(f"equities: the sid {row['sid']} of {row['symbol']} is missing.")
            owners.setdefault((row["symbol"], country_of[row["sid"]]), []).append(row)
        for (symbol, country), several in owners.items():
            several = sorted(several, key=lambda row: row["start_date"])
            for before, after in pairwise(several):
                if after["start_date"] <= before["end_date"]:
                    raise ValueError(
                        f"Ambiguous ownership: the symbol {symbol} ({country}) belongs to sid "
                        f"{before['sid']} and to sid {after['sid']} at the same time. Let the "
                        "periods not overlap."
                    )


def from_frames(
    equities=None,
    futures=None,
    exchanges=None,
    root_symbols=None,
    equity_supplementary_mappings=None,
) -> AssetTables:
    """The rows of frames as `AssetDBWriter.write` takes them.

    An equity frame has one row for each symbol that an asset held. Frames are indexed by their key
    (sid, exchange, root_symbol) or have it as a column. Raises ValueError for a missing column.
    """
    given = [frame for frame in (equities, futures, root_symbols) if _some(frame)]
    tables = AssetTables(
        exchanges=_exchanges(exchanges, given),
        supplementary=_supplementary(equity_supplementary_mappings),
        futures=_futures(futures),
        roots=_roots(root_symbols),
    )
    if _some(equities):
        rows = _equity_rows(equities)
        tables.symbols = [_symbol_row(row["sid"], row) for row in rows]
        tables.equities = _one_row_per_sid(rows)
    return tables


def from_direct_frames(
    equities=None,
    equity_symbol_mappings=None,
    equity_supplementary_mappings=None,
    futures=None,
    exchanges=None,
    root_symbols=None,
) -> AssetTables:
    """The rows of frames as `AssetDBWriter.write_direct` takes them: symbols in a frame of their
    own, one row for each equity.
    """
    if equities is not None and equity_symbol_mappings is None:
        raise ValueError("equities: give equity_symbol_mappings with them.")
    tables = from_frames(None, futures, exchanges, root_symbols, equity_supplementary_mappings)
    if not _some(equities):
        return tables
    frame = _Columns(equity_symbol_mappings, None)
    held = frame.rows(
        texts={"symbol": "symbol"},
        numbers={"sid": int},
        dates={"start_date": _FIRST_DAY, "end_date": _LAST_DAY},
    )
    tables.symbols = [_symbol_row(row["sid"], row) for row in held]
    latest = {row["sid"]: row["symbol"] for row in sorted(held, key=lambda row: row["end_date"])}
    tables.equities = [
        {**row, "symbol": latest.get(row["sid"], "")} for row in _equity_rows(equities)
    ]
    if not tables.exchanges:
        tables.exchanges = _exchanges(None, [equities])
    return tables


def _some(frame) -> bool:
    return frame is not None and len(frame) > 0


class _Columns:
    """A frame's columns as plain lists: None for what is missing."""

    def __init__(self, frame, key: str | None) -> None:
        self.frame = frame.set_index(key) if key is not None and key in frame else frame
        self.key = key

    def __contains__(self, name: str) -> bool:
        return name in self.frame

    def texts(self, *names: str) -> list:
        """The first of the columns that is there; a missing value is None."""
        for name in names:
            if name in self.frame:
                values = self.frame[name]
                return [None if value is None or value != value else value for value in values]
        return [None] * len(self.frame)

    def dates(self, name: str, default: int | None) -> list:
        if name not in self.frame:
            return [default] * len(self.frame)
        return nanoseconds(self.frame[name].values)

    def numbers(self, name: str, kind: type, default) -> list:
        return [default if v is None else kind(v) for v in self.texts(name)]

    def rows(self, texts: dict, numbers: dict, dates: dict) -> list[Row]:
        """One dict for each row; texts by the name of their column, dates by their default."""
        columns = {name: self.texts(*column.split("|")) for name, column in texts.items()}
        columns |= {name: self.numbers(name, kind, None) for name, kind in numbers.items()}
        columns |= {name: self.dates(name, default) for name, default in dates.items()}
        if self.key is not None:
            columns[self.key] = [_plain(value) for value in self.frame.index]
        names = list(columns)
        return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value):
    return int(value) if isinstance(value, (int, np.integer)) else str(value)


def nanoseconds(values) -> list:
    """Dates of any form as ns since 1970 UTC; None for what is missing."""
    import pandas as pd

    index = pd.DatetimeIndex(pd.to_datetime(values))
    if index.tz is not None:
        index = index.tz_convert("UTC").tz_localize(None)
    numbers = index.to_numpy().astype("datetime64[ns]").astype(np.int64)
    return [None if n == NO_DATE else n for n in numbers.tolist()]


def _exchanges(exchanges, given: list) -> list[Row]:
    if not _some(exchanges):
        names: list = []
        for frame in given:
            names += [name for name in _required(frame, "exchange") if name is not None]
        exchange_names = dict.fromkeys(map(str, names))
        return [
            {"exchange": name, "canonical_name": name, "country_code": "??"}
            for name in exchange_names
        ]
    rows = _Columns(exchanges, "exchange").rows(
        {"canonical_name": "canonical_name", "country_code": "country_code"}, {}, {}
    )
    for row in rows:
        row["canonical_name"] = str(row["canonical_name"] or row["exchange"])
        row["country_code"] = str(row["country_code"] or "??").upper()
    return rows


def _required(frame, name: str):
    if name not in frame:
        raise ValueError(f"no default value for column {name!r}: the frame lacks it.")
    return frame[name]


_EQUITY_DATES = {
    "start_date": _FIRST_DAY,
    "end_date": _LAST_DAY,
    "first_traded": None,
    "auto_close_date": None,
}


def _equity_rows(equities) -> list[Row]:
    _required(equities, "exchange")
    frame = _Columns(equities, "sid")
    rows = frame.rows(
        {
            "symbol": "file_name|symbol",
            "asset_name": "asset_name|company_name",
            "exchange": "exchange",
        },
        {},
        _EQUITY_DATES,
    )
    for row in rows:
        row["symbol"] = str(row["symbol"] or "").upper()
        row["asset_name"] = str(row["asset_name"] or "")
        row["exchange"] = str(row["exchange"])
    return rows


def _symbol_row(sid: int, row: Row) -> Row:
    symbol = str(row["symbol"] or "").upper()
    company, share_class = split_delimited_symbol(symbol)
    return {
        "sid": sid,
        "symbol": symbol,
        "company_symbol": company,
        "share_class_symbol": share_class,
        "start_date": row["start_date"],
        "end_date": row["end_date"],
    }


def _one_row_per_sid(rows: Iterable[Row]) -> list[Row]:
    """An asset that changed its symbol has several rows: the latest counts, the dates span all."""
    by_sid: dict[int, list[Row]] = {}
    for row in rows:
        by_sid.setdefault(row["sid"], []).append(row)
    assets = []
    for several in by_sid.values():
        latest = dict(max(several, key=lambda row: row["end_date"]))
        latest["start_date"] = min(row["start_date"] for row in several)
        latest["end_date"] = max(row["end_date"] for row in several)
        assets.append(latest)
    return assets


def _futures(futures) -> list[Row]:
    if not _some(futures):
        return []
    dates = _EQUITY_DATES | dict.fromkeys(("notice_date", "expiration_date"))
    rows = _Columns(futures, "sid").rows(
        {
            "symbol": "symbol",
            "root_symbol": "root_symbol",
            "asset_name": "asset_name",
            "exchange": "exchange",
        },
        {"tick_size": float, "multiplier": float},
        dates,
    )
    for row in rows:
        for name in ("symbol", "root_symbol"):
            row[name] = str(row[name] or "").upper()
        row["asset_name"] = str(row["asset_name"] or "")
        if row["multiplier"] is None:
            row["multiplier"] = 1.0
    return rows


def _roots(root_symbols) -> list[Row]:
    if not _some(root_symbols):
        return []
    rows = _Columns(root_symbols, "root_symbol").rows(
        {"sector": "sector", "description": "description", "exchange": "exchange"}, {}, {}
    )
    # The real writer takes no identifiers of roots either: the column stays empty.
    return [{**row, "root_symbol_id": None} for row in rows]


def _supplementary(mappings) -> list[Row]:
    if not _some(mappings):
        return []
    rows = _Columns(mappings, "sid").rows(
        {"field": "field", "value": "value"},
        {},
        {"start_date": _FIRST_DAY, "end_date": _LAST_DAY},
    )
    for row in rows:
        row["value"] = str(row["value"])
    return rows

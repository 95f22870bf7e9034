"""Asset databases of the real framework (SQLite, version 7): read and write."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from .asset_db_schema import ASSET_DB_VERSION as VERSION
from .tables import NO_DATE, AssetTables, Row

_EQUITIES = ("sid", "asset_name", "start_date", "end_date", "first_traded", "auto_close_date",
             "exchange")  # fmt: skip
_SYMBOLS = ("sid", "symbol", "company_symbol", "share_class_symbol", "start_date", "end_date")
_FUTURES = ("sid", "symbol", "root_symbol", "asset_name", "start_date", "end_date",
            "first_traded", "exchange", "notice_date", "expiration_date", "auto_close_date",
            "multiplier", "tick_size")  # fmt: skip
_ROOTS = ("root_symbol", "root_symbol_id", "sector", "description", "exchange")
_SUPPLEMENTARY = ("sid", "field", "start_date", "end_date", "value")
_EXCHANGES = ("exchange", "canonical_name", "country_code")

_DATES = ("start_date", "end_date", "first_traded", "auto_close_date", "notice_date",
          "expiration_date")  # fmt: skip
_SCHEMA = """
CREATE TABLE exchanges (exchange TEXT NOT NULL PRIMARY KEY, canonical_name TEXT NOT NULL,
    country_code TEXT NOT NULL);
CREATE TABLE equities (sid BIGINT NOT NULL PRIMARY KEY, asset_name TEXT,
    start_date BIGINT NOT NULL, end_date BIGINT NOT NULL, first_traded BIGINT,
    auto_close_date BIGINT, exchange TEXT REFERENCES exchanges);
CREATE TABLE equity_symbol_mappings (id BIGINT NOT NULL PRIMARY KEY,
    sid BIGINT NOT NULL REFERENCES equities, symbol TEXT NOT NULL, company_symbol TEXT,
    share_class_symbol TEXT, start_date BIGINT NOT NULL, end_date BIGINT NOT NULL);
CREATE INDEX ix_equity_symbol_mappings_sid ON equity_symbol_mappings (sid);
CREATE INDEX ix_equity_symbol_mappings_company_symbol ON equity_symbol_mappings (company_symbol);
CREATE TABLE equity_supplementary_mappings (sid BIGINT NOT NULL REFERENCES equities,
    field TEXT NOT NULL, start_date BIGINT NOT NULL, end_date BIGINT NOT NULL,
    value TEXT NOT NULL, PRIMARY KEY (sid, field, start_date));
CREATE TABLE futures_root_symbols (root_symbol TEXT NOT NULL PRIMARY KEY, root_symbol_id BIGINT,
    sector TEXT, description TEXT, exchange TEXT REFERENCES exchanges);
CREATE TABLE futures_contracts (sid BIGINT NOT NULL PRIMARY KEY, symbol TEXT,
    root_symbol TEXT REFERENCES futures_root_symbols, asset_name TEXT,
    start_date BIGINT NOT NULL, end_date BIGINT NOT NULL, first_traded BIGINT,
    exchange TEXT REFERENCES exchanges, notice_date BIGINT NOT NULL,
    expiration_date BIGINT NOT NULL, auto_close_date BIGINT NOT NULL, multiplier FLOAT,
    tick_size FLOAT);
CREATE UNIQUE INDEX ix_futures_contracts_symbol ON futures_contracts (symbol);
CREATE INDEX ix_futures_contracts_root_symbol ON futures_contracts (root_symbol);
CREATE TABLE asset_router (sid BIGINT NOT NULL PRIMARY KEY, asset_type TEXT);
CREATE TABLE version_info (id INTEGER NOT NULL PRIMARY KEY, version INTEGER NOT NULL UNIQUE,
    CHECK (id <= 1));
"""


def path_of(engine) -> Path:
    """Where a database lies: its path, as text with or without `sqlite:///`, or an engine's."""
    url = getattr(engine, "url", None)
    text = url.database if url is not None else str(engine)
    return Path(text.removeprefix("sqlite:///"))


def read(path: Path | str) -> AssetTables:
    """The tables of a database; raises FileNotFoundError, AssetDBVersionError."""
    if not Path(path).exists():
        raise FileNotFoundError(f"There is no asset database {str(path)!r}.")
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return read_connection(connection)
    finally:
        connection.close()


def read_connection(connection: sqlite3.Connection) -> AssetTables:
    """The tables of an open database; raises AssetDBVersionError."""
    from ..errors import AssetDBVersionError

    versions = _rows(connection, "version_info", ("version",), "id")
    version = versions[0]["version"] if versions else 0
    if version != VERSION:
        raise AssetDBVersionError(db_version=version, expected_version=VERSION)
    tables = AssetTables(
        exchanges=_rows(connection, "exchanges", _EXCHANGES, "rowid"),
        symbols=_rows(connection, "equity_symbol_mappings", _SYMBOLS, "id"),
        equities=_rows(connection, "equities", _EQUITIES, "sid"),
        supplementary=_rows(connection, "equity_supplementary_mappings", _SUPPLEMENTARY, "rowid"),
        futures=_rows(connection, "futures_contracts", _FUTURES, "sid"),
        roots=_rows(connection, "futures_root_symbols", _ROOTS, "rowid"),
    )
    latest = {row["sid"]: row for row in sorted(tables.symbols, key=lambda row: row["end_date"])}
    for row in tables.equities:
        row["symbol"] = latest[row["sid"]]["symbol"] if row["sid"] in latest else ""
        row["asset_name"] = row["asset_name"] or ""
    return tables


def _rows(connection, table: str, columns: tuple[str, ...], order: str) -> list[Row]:
    query = f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}"
    rows = [dict(zip(columns, row, strict=True)) for row in connection.execute(query)]
    for row in rows:
        for name in _DATES:
            if row.get(name) == NO_DATE:
                row[name] = None
    return rows


def write(path: Path | str, tables: AssetTables) -> None:
    """Write a database in place of one that is there."""
    Path(path).unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    try:
        connection.executescript(_SCHEMA)
        symbols = [{**row, "id": n} for n, row in enumerate(tables.symbols)]
        _insert(connection, "exchanges", _EXCHANGES, tables.exchanges)
        _insert(connection, "futures_root_symbols", _ROOTS, tables.roots)
        _insert(connection, "futures_contracts", _FUTURES, tables.futures)
        _insert(connection, "equities", _EQUITIES, tables.equities)
        _insert(connection, "equity_symbol_mappings", ("id", *_SYMBOLS), symbols)
        _insert(connection, "equity_supplementary_mappings", _SUPPLEMENTARY, tables.supplementary)
        kinds = [(row["sid"], "equity") for row in tables.equities]
        kinds += [(row["sid"], "future") for row in tables.futures]
        connection.executemany("INSERT INTO asset_router VALUES (?, ?)", kinds)
        connection.execute("INSERT INTO version_info VALUES (1, ?)", (VERSION,))
        connection.commit()
    finally:
        connection.close()


def _insert(connection, table: str, columns: tuple[str, ...], rows: list[Row]) -> None:
    def plain(row: Row, name: str):
        value = row.get(name)
        return NO_DATE if value is None and name in _DATES else value

    marks = ", ".join("?" * len(columns))
    connection.executemany(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
        [tuple(plain(row, name) for name in columns) for row in rows],
    )

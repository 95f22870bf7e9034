"""`AssetDBWriter`, which writes what is known of assets into a database."""

from __future__ import annotations

from collections import namedtuple

from . import database
from .asset_db_schema import ASSET_DB_VERSION
from .symbols import split_delimited_symbol
from .tables import AssetTables, from_direct_frames, from_frames

__all__ = ["ASSET_DB_VERSION", "AssetDBWriter", "AssetData", "split_delimited_symbol"]

SQLITE_MAX_VARIABLE_NUMBER = 999

#: The frames of a database.
AssetData = namedtuple(
    "AssetData",
    "equities equities_mappings futures exchanges root_symbols equity_supplementary_mappings",
)


class AssetDBWriter:
    """Writes a SQLite database of assets.

    engine: its path, or an engine of SQLAlchemy for one.
    """

    DEFAULT_CHUNK_SIZE = SQLITE_MAX_VARIABLE_NUMBER

    def __init__(self, engine) -> None:
        self.engine = engine

    def write(
        self,
        equities=None,
        futures=None,
        exchanges=None,
        root_symbols=None,
        equity_supplementary_mappings=None,
        chunk_size=DEFAULT_CHUNK_SIZE,
    ) -> None:
        """Add assets; each table is a frame or None.

        equities: one row for each symbol that an asset held, with sid, symbol, exchange, and where
        known asset_name, start_date, end_date, first_traded, auto_close_date. futures: further
        root_symbol, notice_date, expiration_date, tick_size, multiplier. exchanges: exchange,
        canonical_name, country_code. root_symbols: root_symbol, sector, description, exchange.
        equity_supplementary_mappings: sid, field, value, start_date, end_date. Raises ValueError
        for a missing column, and for a symbol that two assets held at a time.
        """
        self._add(
            from_frames(equities, futures, exchanges, root_symbols, equity_supplementary_mappings)
        )

    def write_direct(
        self,
        equities=None,
        equity_symbol_mappings=None,
        equity_supplementary_mappings=None,
        futures=None,
        exchanges=None,
        root_symbols=None,
        chunk_size=DEFAULT_CHUNK_SIZE,
    ) -> None:
        """As `write`, with the symbols of equities in a frame of their own."""
        self._add(
            from_direct_frames(
                equities,
                equity_symbol_mappings,
                equity_supplementary_mappings,
                futures,
                exchanges,
                root_symbols,
            )
        )

    def init_db(self, txn=None) -> None:
        """Make the tables, where they are not there."""
        self._add(AssetTables())

    def _add(self, more: AssetTables) -> None:
        path = database.path_of(self.engine)
        tables = database.read(path) if path.exists() else AssetTables()
        tables.extend(more)
        database.write(path, tables)

"""The writers that an ingest function receives: they write the files of `store`."""

from __future__ import annotations

from pathlib import Path

from .....core.data.catalog import RowsWriter
from ..actions import Actions
from ..adjustments import SQLiteAdjustmentWriter
from ..bcolz_daily_bars import BcolzDailyBarReader, BcolzDailyBarWriter
from ..bcolz_minute_bars import BcolzMinuteBarWriter
from ..sources import FIELDS, DailyTable
from . import asset_tables, store
from .minutes import MinuteFiles


class DailyBarWriter(BcolzDailyBarWriter):
    """Takes each asset's daily bars: a frame with the five columns, indexed by session."""

    def _file(self) -> RowsWriter:
        return RowsWriter(self._path / store.DAILY, FIELDS)


class MinuteBarWriter(BcolzMinuteBarWriter):
    """Takes assets' minute bars: frames with the five columns, indexed by minute (UTC)."""

    def _open_files(self) -> MinuteFiles:
        sessions = self._labels.to_numpy()
        per_day = self._minutes_per_day
        return MinuteFiles(self._rootdir, sessions, per_day, self.ohlc_ratio_for_sid)

    def _write_metadata(self) -> None:
        """All of it is in the description of the ingestion."""

    def close(self) -> None:
        self._files.close()


class ActionWriter(SQLiteAdjustmentWriter):
    """Takes splits, mergers, dividends and stock dividends."""

    def __init__(self, path: Path, calendar, sessions) -> None:
        self._path = path
        self._calendar = calendar
        self._sessions = sessions

    @property
    def _equity_daily_bar_reader(self) -> BcolzDailyBarReader:
        """Of what was written so far."""
        bars = store.read_bars(self._path)
        return BcolzDailyBarReader(DailyTable(bars, self._calendar, self._sessions))

    def _add(self, more: Actions) -> None:
        actions = store.read_actions(self._path)
        actions.extend(more)
        store.write_actions(self._path, actions)

    def close(self) -> None:
        """Nothing stays open."""


class AssetWriter:
    """Takes the assets' metadata: names, exchanges, first and last days."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(
        self,
        equities=None,
        futures=None,
        exchanges=None,
        root_symbols=None,
        equity_supplementary_mappings=None,
        chunk_size=None,
    ) -> None:
        """Add assets; each table is a frame or None, see `asset_tables.from_frames`."""
        self._add(
            asset_tables.from_frames(
                equities, futures, exchanges, root_symbols, equity_supplementary_mappings
            )
        )

    def write_direct(
        self,
        equities=None,
        equity_symbol_mappings=None,
        equity_supplementary_mappings=None,
        futures=None,
        exchanges=None,
        root_symbols=None,
        chunk_size=None,
    ) -> None:
        """As `write`, with the symbols of equities in a frame of their own."""
        self._add(
            asset_tables.from_direct_frames(
                equities,
                equity_symbol_mappings,
                equity_supplementary_mappings,
                futures,
                exchanges,
                root_symbols,
            )
        )

    def _add(self, more: asset_tables.AssetTables) -> None:
        tables = store.read_assets(self._path)
        tables.extend(more)
        store.write_assets(self._path, tables)

    def init_db(self, txn=None) -> None:
        """Nothing to prepare: the files are made by `write`."""

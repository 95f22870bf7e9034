"""The writers that an ingest function receives: they write the files of `store`."""

from __future__ import annotations

from pathlib import Path

from .....core.data.catalog import RowsWriter
from ...assets.asset_writer import AssetDBWriter
from ...assets.tables import AssetTables
from ..actions import Actions
from ..adjustments import SQLiteAdjustmentWriter
from ..bcolz_daily_bars import BcolzDailyBarReader, BcolzDailyBarWriter
from ..bcolz_minute_bars import BcolzMinuteBarWriter
from ..sources import FIELDS, DailyTable
from . import store
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


class AssetWriter(AssetDBWriter):
    """Takes the assets' metadata: names, exchanges, first and last days."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _add(self, more: AssetTables) -> None:
        tables = store.read_assets(self._path)
        tables.extend(more)
        store.write_assets(self._path, tables)

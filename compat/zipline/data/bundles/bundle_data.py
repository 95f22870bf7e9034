"""What a bundle gives to a run, and the readers of it that scripts see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...assets import AssetFinder
from ...assets.tables import AssetTables
from ..actions import Actions
from ..adjustments import SQLiteAdjustmentReader
from ..bcolz_daily_bars import BcolzDailyBarReader
from ..bcolz_minute_bars import BcolzMinuteBarReader
from ..sources import DailySource, DailyTable, MinuteSource, MinuteTable


@dataclass(frozen=True)
class BundleData:
    """One ingestion, loaded: see `store` and `..sources` for its parts.

    start_session, end_session: what it covers, Timestamps. Sessions of `bars` and `minutes` are
    counted from the first of them.
    """

    asset_finder: AssetFinder
    bars: DailySource
    minutes: MinuteSource
    actions: Actions
    tables: AssetTables
    calendar: Any  # an exchange calendar
    start_session: Any
    end_session: Any

    @cached_property
    def sessions(self):
        """The labels of all sessions that it covers."""
        return self.calendar.sessions_in_range(self.start_session, self.end_session)

    @cached_property
    def equity_daily_bar_reader(self) -> BcolzDailyBarReader:
        return BcolzDailyBarReader(DailyTable(self.bars, self.calendar, self.sessions))

    @cached_property
    def equity_minute_bar_reader(self) -> BcolzMinuteBarReader:
        return BcolzMinuteBarReader(MinuteTable(self.minutes, self.calendar, self.sessions))

    @cached_property
    def adjustment_reader(self) -> SQLiteAdjustmentReader:
        return SQLiteAdjustmentReader(self.actions)

    def close(self) -> None:
        """Nothing stays open."""

    def __enter__(self):
        return self

    def __exit__(self, *exc_info) -> bool:
        return False

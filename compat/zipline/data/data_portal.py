"""`DataPortal`: the data of a run, for scripts that build their `TradingAlgorithm` themselves.

It also answers by itself, about any time that its readers cover.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..assets import Asset, AssetConvertible, Equity, PricingDataAssociable
from ..unsupported import missing

if TYPE_CHECKING:
    from ..market import Market, MinuteMarket
    from .bundles.bundle_data import BundleData

__all__ = [
    "BASE_FIELDS",
    "DEFAULT_DAILY_HISTORY_PREFETCH",
    "DEFAULT_MINUTE_HISTORY_PREFETCH",
    "HISTORY_FREQUENCIES",
    "OHLCVP_FIELDS",
    "OHLCV_FIELDS",
    "DataPortal",
]

OHLCV_FIELDS = frozenset(("open", "high", "low", "close", "volume"))
OHLCVP_FIELDS = OHLCV_FIELDS | {"price"}
BASE_FIELDS = OHLCVP_FIELDS | {"contract", "sid", "last_traded"}
HISTORY_FREQUENCIES = {"1m", "1d"}
#: How far the original reads ahead. Here columns are read once.
DEFAULT_MINUTE_HISTORY_PREFETCH = 1560
DEFAULT_DAILY_HISTORY_PREFETCH = 40


class DataPortal:
    """The data behind readers: those of a bundle, or others that read files of bars.

    asset_finder: the assets. trading_calendar: that of the run. first_trading_day: the first
    session. Readers of equities serve futures too, and those of futures equities.
    """

    def __init__(
        self,
        asset_finder,
        trading_calendar,
        first_trading_day,
        equity_daily_reader=None,
        equity_minute_reader=None,
        future_daily_reader=None,
        future_minute_reader=None,
        adjustment_reader=None,
        last_available_session=None,
        last_available_minute=None,
        minute_history_prefetch_length=DEFAULT_MINUTE_HISTORY_PREFETCH,
        daily_history_prefetch_length=DEFAULT_DAILY_HISTORY_PREFETCH,
    ) -> None:
        self.asset_finder = asset_finder
        self.trading_calendar = trading_calendar
        daily = _one(equity_daily_reader, future_daily_reader, "daily")
        minutes = _one(equity_minute_reader, future_minute_reader, "minute")
        self.bundle = _bundle(asset_finder, trading_calendar, daily, minutes, adjustment_reader)

    @classmethod
    def of_bundle(cls, bundle: BundleData, trading_calendar) -> DataPortal:
        """The portal of a run over a bundle."""
        portal = cls.__new__(cls)
        portal.bundle = bundle
        portal.asset_finder = bundle.asset_finder
        portal.trading_calendar = trading_calendar
        return portal

    @property
    def adjustment_reader(self):
        """Reads the adjustments of the data."""
        return self.bundle.adjustment_reader

    # The markets that answer: they span all sessions of the data.

    @cached_property
    def _minutes(self) -> MinuteMarket:
        from ..hours import hours
        from ..market import MinuteMarket

        when, run = hours(self.trading_calendar), self._span
        sessions = self.trading_calendar.sessions[run]
        return MinuteMarket(
            self.bundle, self.trading_calendar, sessions, when.first_minutes[run], when.closes[run]
        )

    @cached_property
    def _days(self) -> Market:
        from ..hours import hours
        from ..market import Market

        sessions = self.trading_calendar.sessions[self._span]
        closes = hours(self.trading_calendar).closes[self._span]
        return Market(self.bundle, self.trading_calendar, sessions, closes)

    @property
    def _span(self) -> slice:
        sessions = self.trading_calendar.sessions
        bounds = sessions.searchsorted([self.bundle.start_session, self.bundle.end_session])
        return slice(int(bounds[0]), int(bounds[1]) + 1)

    def _session(self, dt) -> int:
        """The number of the session of a time among those of the data."""
        label = self._label(dt)
        return int(self._days.sessions.get_loc(label))

    def _label(self, dt):
        """The session of a minute, or of a label."""
        if dt.tzinfo is None and dt == dt.normalize():
            return dt
        return self.trading_calendar.minute_to_session(dt)

    def _minute(self, dt) -> int:
        return self._minutes.axis.latest(dt.value)

    # Values

    def get_spot_value(self, assets, field, dt, data_frequency) -> Any:
        """A field at a time, of one asset or (as a list) of several."""
        if isinstance(assets, (AssetConvertible, PricingDataAssociable)):
            return self.get_scalar_asset_spot_value(assets, field, dt, data_frequency)
        if not isinstance(assets, Iterable):
            raise TypeError(f"assets: {assets!r} is neither an asset nor several.")
        return [
            self.get_scalar_asset_spot_value(asset, field, dt, data_frequency) for asset in assets
        ]

    def get_scalar_asset_spot_value(self, asset, field, dt, data_frequency):
        """A field of one asset at a time: see `BarData.current`."""
        if field not in OHLCVP_FIELDS and field != "last_traded":
            raise KeyError(f"field: {field!r} is none of {', '.join(sorted(OHLCVP_FIELDS))}.")
        if data_frequency == "minute":
            return self._minutes.value(asset, field, self._minute(dt))
        days = self._days
        column = days.spot(field).get(asset.sid)
        return (days.spot_column(asset, field) if column is None else column)[self._session(dt)]

    def get_last_traded_dt(self, asset, dt, data_frequency):
        """The latest time up to `dt` with volume; NaT when there is none."""
        return self.get_scalar_asset_spot_value(asset, "last_traded", dt, data_frequency)

    def get_adjustments(self, assets, field, dt, perspective_dt) -> list[float]:
        """For each asset what a value of `dt` is multiplied by at `perspective_dt`."""
        second = 10**9
        span = dt.value // second, perspective_dt.value // second
        several = [assets] if isinstance(assets, Asset) else assets
        return [
            self._days.adjustments(int(asset)).ratio_between(*span, volume=field == "volume")
            for asset in several
        ]

    def get_adjusted_value(self, asset, field, dt, perspective_dt, data_frequency, spot_value=None):
        """A value of `dt` as it is seen at `perspective_dt`."""
        if spot_value is None:
            spot_value = self.get_spot_value(asset, field, dt, data_frequency)
        if isinstance(asset, Equity):
            spot_value *= self.get_adjustments(asset, field, dt, perspective_dt)[0]
        return spot_value

    def get_history_window(
        self, assets, end_dt, bar_count, frequency, field, data_frequency, ffill=True
    ):
        """A DataFrame of the last `bar_count` bars up to a time: see `BarData.history`."""
        import pandas as pd

        if field not in OHLCVP_FIELDS:
            raise ValueError(f"field: {field!r} is none of {', '.join(sorted(OHLCVP_FIELDS))}.")
        if bar_count < 1:
            raise ValueError(f"bar_count must be at least 1, not {bar_count}.")
        if frequency not in HISTORY_FREQUENCIES:
            raise ValueError(f"frequency must be '1d' or '1m', not {frequency!r}.")
        assets = list(assets)
        if frequency == "1d" and data_frequency == "daily":
            t = self._session(end_dt)
            index = self._days.window_index(t, bar_count)
            values = self._days.windows(assets, field, t, bar_count) if assets else None
        else:
            minute = self._minute(end_dt)
            index = self._minutes.window_index(minute, bar_count, frequency)
            values = (
                self._minutes.windows(assets, field, minute, bar_count, frequency)
                if assets
                else None
            )
        if values is None:
            return pd.DataFrame(None, index=index, columns=None)
        return pd.DataFrame(values.T, index=index, columns=assets)

    def contains(self, asset, field) -> bool:
        """Whether the data has a field."""
        return field in BASE_FIELDS

    def get_splits(self, assets, dt) -> list[tuple]:
        """(asset, ratio) of the splits of these assets that are in force from a date on."""
        wanted = {int(asset) for asset in assets}
        return [
            (self.asset_finder.retrieve_asset(sid), ratio)
            for sid, date, ratio in self.bundle.actions.splits.tolist()
            if sid in wanted and date == dt.value // 10**9
        ]

    def get_stock_dividends(self, sid, trading_days):
        raise missing("DataPortal.get_stock_dividends", "Runs pay stock dividends by themselves.")

    def get_fetcher_assets(self, dt):
        raise missing("DataPortal.get_fetcher_assets", "Use data.fetcher_assets.")

    def handle_extra_source(self, source_df, sim_params):
        raise missing("DataPortal.handle_extra_source", "Use fetch_csv.")

    def get_current_future_chain(self, continuous_future, dt) -> list:
        """The contracts of a continuous future from the current one on."""
        return self._days.continuous.chain(continuous_future, self._label(dt))


def _one(first, second, kind: str) -> Any:
    """The one of two readers that is given."""
    if first is not None and second is not None and first is not second:
        raise missing(
            f"a DataPortal with two {kind} readers", "Write futures and equities into one bundle."
        )
    return second if first is None else first


def _bundle(finder, calendar, daily, minutes, adjustments) -> BundleData:
    """The readers' data as that of a bundle."""
    from ..assets.tables import AssetTables
    from .actions import Actions
    from .bundles.bundle_data import BundleData

    tables = [_table(reader) for reader in (daily, minutes) if reader is not None]
    if not tables:
        raise ValueError("DataPortal needs a reader of daily bars or of minutes.")
    starts = {table.sessions[0] for table in tables}
    if len(starts) > 1:
        raise missing("a DataPortal whose readers begin on different sessions")
    return BundleData(
        finder,
        _Nothing() if daily is None else _table(daily).source,
        _Nothing() if minutes is None else _table(minutes).source,
        Actions() if adjustments is None else adjustments._actions,
        AssetTables(),
        tables[0].calendar or calendar,
        tables[0].sessions[0],
        max(table.sessions[-1] for table in tables),
    )


def _table(reader) -> Any:
    table = getattr(reader, "_table", None)
    if table is None:
        raise missing(
            f"a DataPortal over {type(reader).__name__}", "Use the readers of a bundle, or files."
        )
    return table


class _Nothing:
    """A source without bars."""

    sids = np.zeros(0, dtype=np.int64)
    decimals: int | None = 3
    minutes_per_day = 390

    def of(self, sid: int, first: int = 0, end: int | None = None) -> None:
        """No asset has any."""

"""Readers of bars that follow chains of contracts; nothing is adjusted."""

from __future__ import annotations

from typing import Any

import numpy as np

from .session_bars import SessionBarReader

__all__ = ["ContinuousFutureMinuteBarReader", "ContinuousFutureSessionBarReader"]


class ContinuousFutureSessionBarReader(SessionBarReader):
    """Daily bars of continuous futures.

    bar_reader: of the contracts. roll_finders: by roll style, see `zipline.assets.roll_finder`.
    """

    def __init__(self, bar_reader, roll_finders) -> None:
        self._bar_reader = bar_reader
        self._roll_finders = roll_finders

    def load_raw_arrays(self, columns, start_date, end_date, assets) -> list:
        """For each column an array [dates, assets]; "sid" gives the contracts' sids.

        Prices are NaN and volumes 0 where there was no trade.
        """
        dates = self._dates(start_date, end_date)
        outs = []
        for column in columns:
            absent = 0 if column in ("volume", "sid") else np.nan
            outs.append(np.full((len(dates), len(assets)), absent))
        for n, asset in enumerate(assets):
            for sid, begin, end in self._parts(asset, start_date, end_date, dates):
                for column, out in zip(columns, outs, strict=True):
                    if column == "sid":
                        out[begin:end, n] = int(sid)
                    elif begin < end:
                        span = dates[begin], dates[end - 1]
                        out[begin:end, n] = self._bar_reader.load_raw_arrays(
                            [column], *span, [sid]
                        )[0][:, 0]
        return outs

    def _dates(self, start_date, end_date) -> Any:
        return self.trading_calendar.sessions_in_range(start_date, end_date)

    def _parts(self, asset, start_date, end_date, dates) -> list[tuple[int, int, int]]:
        """The contracts between two dates: (sid, first place in `dates`, end)."""
        rolls = self._roll_finders[asset.roll_style].get_rolls(
            asset.root_symbol, start_date, end_date, asset.offset
        )
        parts, begin = [], 0
        for sid, roll in rolls:
            end = len(dates) if roll is None else int(dates.searchsorted(self._first(roll)))
            parts.append((sid, begin, end))
            begin = end
        return parts

    def _first(self, session) -> Any:
        """The first date of a session."""
        return session

    @property
    def last_available_dt(self):
        return self._bar_reader.last_available_dt

    @property
    def trading_calendar(self):
        return self._bar_reader.trading_calendar

    @property
    def first_trading_day(self):
        return self._bar_reader.first_trading_day

    @property
    def sessions(self):
        return self._bar_reader.sessions

    def get_value(self, continuous_future, dt, field):
        """A field of the current contract."""
        return self._bar_reader.get_value(self._center(continuous_future, dt), dt, field)

    def get_last_traded_dt(self, asset, dt):
        """When the current contract last traded; NaT when there is no contract."""
        import pandas as pd

        sid = self._center(asset, dt)
        if sid is None:
            return pd.NaT
        finder = self._roll_finders[asset.roll_style].asset_finder
        return self._bar_reader.get_last_traded_dt(finder.retrieve_asset(int(sid)), dt)

    def _center(self, asset, dt) -> Any:
        rolls = self._roll_finders[asset.roll_style]
        return rolls.get_contract_center(asset.root_symbol, dt, asset.offset)


class ContinuousFutureMinuteBarReader(ContinuousFutureSessionBarReader):
    """Minutes of continuous futures; contracts are exchanged between sessions."""

    @property
    def data_frequency(self) -> str:
        return "minute"

    def _dates(self, start_date, end_date) -> Any:
        return self.trading_calendar.minutes_in_range(start_date, end_date)

    def _first(self, session) -> Any:
        return self.trading_calendar.session_first_minute(session)

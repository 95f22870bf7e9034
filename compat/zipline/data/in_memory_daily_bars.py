"""Daily bars from frames in memory."""

from __future__ import annotations

import numpy as np

from .bar_reader import OHLCV, NoDataForSid, NoDataOnDate
from .session_bars import CurrencyAwareSessionBarReader

__all__ = ["InMemoryDailyBarReader", "verify_frames_aligned"]


class InMemoryDailyBarReader(CurrencyAwareSessionBarReader):
    """Reads daily bars from five frames: rows sessions, columns sids.

    frames: by open, high, low, close and volume. currency_codes: a Series by sid.
    verify_indices: whether all frames must cover the sessions of the calendar. Raises ValueError.
    """

    def __init__(self, frames, calendar, currency_codes, verify_indices=True) -> None:
        if set(frames) != set(OHLCV):
            raise ValueError(
                f"frames must have the keys {', '.join(OHLCV)}, not {', '.join(sorted(frames))}."
            )
        if verify_indices:
            verify_frames_aligned(list(frames.values()), calendar)
        self.frames = dict(frames)
        self._calendar = calendar
        self._currency_codes = currency_codes
        self._sids = frames["close"].columns

    @classmethod
    def from_dfs(cls, dfs, calendar, currency_codes):
        """As the constructor."""
        return cls(dfs, calendar, currency_codes)

    @property
    def sessions(self):
        return self.frames["close"].index

    @property
    def first_trading_day(self):
        return self.sessions[0]

    @property
    def last_available_dt(self):
        return self.sessions[-1]

    @property
    def trading_calendar(self):
        return self._calendar

    def load_raw_arrays(self, columns, start_dt, end_dt, assets) -> list[np.ndarray]:
        """For each column an array [sessions, assets]; raises NoDataOnDate, NoDataForSid."""
        for date in (start_dt, end_dt):
            if date not in self.sessions:
                raise NoDataOnDate(date)
        places = self._sids.get_indexer(assets)
        if (places == -1).any():
            raise NoDataForSid(np.asarray(assets)[places == -1])
        rows = self.sessions.slice_indexer(start_dt, end_dt)
        return [self.frames[name].to_numpy()[rows, places] for name in columns]

    def get_value(self, sid, dt, field):
        return self.frames[field].loc[dt, int(sid)]

    def get_last_traded_dt(self, asset, dt):
        """The latest session up to `dt` with a close; NaT when there is none."""
        import pandas as pd

        found = self.frames["close"].loc[:dt, int(asset)].last_valid_index()
        return pd.NaT if found is None else found

    def currency_codes(self, sids) -> np.ndarray:
        return self._currency_codes.loc[sids].to_numpy()


def verify_frames_aligned(frames, calendar) -> None:
    """Raise ValueError unless all frames have the same columns, and the calendar's sessions."""
    first = frames[0]
    for frame in frames[1:]:
        if not frame.index.equals(first.index):
            raise ValueError("DataFrame indexes don't match: give all frames the same sessions.")
        if not frame.columns.equals(first.columns):
            raise ValueError("DataFrame columns don't match: give all frames the same sids.")
    sessions = calendar.sessions_in_range(first.index[0], first.index[-1])
    if not first.index.tz_localize(None).equals(sessions):
        raise ValueError(f"DataFrame index doesn't match {calendar.name} calendar.")

"""One reader out of several: each asset is asked of the reader of its type."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property

import numpy as np

__all__ = [
    "AssetDispatchBarReader",
    "AssetDispatchMinuteBarReader",
    "AssetDispatchSessionBarReader",
]


class AssetDispatchBarReader(ABC):
    """Asks the reader of an asset's type.

    readers: by type of asset; all must follow `trading_calendar`. last_available_dt: default, the
    latest of the readers.
    """

    def __init__(self, trading_calendar, asset_finder, readers, last_available_dt=None) -> None:
        for kind, reader in readers.items():
            assert trading_calendar == reader.trading_calendar, (
                f"The reader {reader} of {kind} follows {reader.trading_calendar} and not "
                f"{trading_calendar}: all readers must share the calendar."
            )
        self._trading_calendar = trading_calendar
        self._asset_finder = asset_finder
        self._readers = readers
        self._last_available_dt = last_available_dt

    @abstractmethod
    def _dt_window_size(self, start_dt, end_dt) -> int:
        """How many bars lie between two times, both included."""

    @property
    def trading_calendar(self):
        return self._trading_calendar

    @cached_property
    def last_available_dt(self):
        if self._last_available_dt is not None:
            return self._last_available_dt
        return max(reader.last_available_dt for reader in self._readers.values())

    @cached_property
    def first_trading_day(self):
        return min(reader.first_trading_day for reader in self._readers.values())

    def get_value(self, sid, dt, field):
        asset = self._asset_finder.retrieve_asset(sid)
        return self._readers[type(asset)].get_value(asset, dt, field)

    def get_last_traded_dt(self, asset, dt):
        return self._readers[type(asset)].get_last_traded_dt(asset, dt)

    def load_raw_arrays(self, fields, start_dt, end_dt, sids) -> list[np.ndarray]:
        """For each field an array [times, sids]; prices float64, others int64."""
        assets = self._asset_finder.retrieve_all(sids)
        shape = self._dt_window_size(start_dt, end_dt), len(sids)
        out = [
            np.zeros(shape, dtype=np.int64)
            if field in ("volume", "sid")
            else np.full(shape, np.nan)
            for field in fields
        ]
        for kind in dict.fromkeys(map(type, assets)):
            places = [n for n, asset in enumerate(assets) if type(asset) is kind]
            found = self._readers[kind].load_raw_arrays(
                fields, start_dt, end_dt, [assets[n] for n in places]
            )
            for whole, part in zip(out, found, strict=True):
                whole[:, places] = part
        return out


class AssetDispatchMinuteBarReader(AssetDispatchBarReader):
    """Of minute bars."""

    def _dt_window_size(self, start_dt, end_dt) -> int:
        return len(self.trading_calendar.minutes_in_range(start_dt, end_dt))


class AssetDispatchSessionBarReader(AssetDispatchBarReader):
    """Of daily bars."""

    def _dt_window_size(self, start_dt, end_dt) -> int:
        return len(self.trading_calendar.sessions_in_range(start_dt, end_dt))

    @cached_property
    def sessions(self):
        return self.trading_calendar.sessions_in_range(
            self.first_trading_day, self.last_available_dt
        )

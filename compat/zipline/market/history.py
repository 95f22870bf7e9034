"""Windows of sessions as `data.history` shows them."""

from __future__ import annotations

import numpy as np

from ..assets import Asset
from ..data.bundles.core import BundleData
from ..errors import HistoryWindowStartsBeforeData
from .columns import DECIMALS, AssetColumns, carried, date_seconds, seconds


class SessionWindows:
    """A bundle's columns on a calendar, and the windows of sessions cut out of them.

    Sessions are counted on the calendar (`ordinal`), those of the run from 0 (`t`).
    """

    def __init__(self, bundle: BundleData, calendar, sessions) -> None:
        self.calendar = calendar
        self.sessions = sessions
        self._all_labels = seconds(calendar.sessions)
        self.labels = seconds(sessions)
        self.first = self.ordinal(int(self.labels[0]))
        self.bundle_first = self.ordinal(bundle.start_session.value // 10**9)
        self.bundle_last = self.ordinal(bundle.end_session.value // 10**9)
        self._bundle = bundle
        self._actions = self._actions_by_sid()
        self._columns: dict[int, AssetColumns | None] = {}

    def ordinal(self, seconds: int) -> int:
        """The place on the calendar of the first session at or after a time (s since 1970)."""
        return int(np.searchsorted(self._all_labels, seconds))

    def _actions_by_sid(self) -> dict[int, list]:
        actions = self._bundle.actions
        by_sid: dict[int, list] = {}
        for kind, table in enumerate((actions.splits, actions.mergers, actions.dividends)):
            for sid, date, ratio in table.tolist():
                by_sid.setdefault(sid, []).append((kind, date, self.ordinal(date), ratio))
        return by_sid

    def columns(self, sid: int) -> AssetColumns | None:
        """An asset's rows; None when the bundle has none."""
        try:
            return self._columns[sid]
        except KeyError:
            stored = self._bundle.bars.of(sid)
            found = None
            if stored is not None:
                first = self.bundle_first + stored.first
                found = AssetColumns(first, stored.raw, self._actions.get(sid, []))
            self._columns[sid] = found
            return found

    def row_seconds(self, columns: AssetColumns, *rows: int) -> list[int]:
        return [int(self._all_labels[columns.first + r]) for r in rows]

    def window_index(self, t: int, count: int):
        """The session labels of a window that ends at bar t."""
        end = self.first + t
        start = end - count + 1
        sessions = self.calendar.sessions
        if start < self.bundle_first:
            suggested = min(self.bundle_first + count, len(sessions) - 1)
            raise HistoryWindowStartsBeforeData(
                first_trading_day=sessions[self.bundle_first].date(),
                bar_count=count,
                suggested_start_day=sessions[suggested].date(),
            )
        if end > self.bundle_last:
            raise KeyError(f"{sessions[end].date()} is after the last session of the bundle.")
        return sessions[start : end + 1]

    def window(self, asset: Asset, field: str, t: int, count: int) -> np.ndarray:
        """float64[count]: the field up to bar t, adjusted to bar t, then rounded.

        Prices NaN where there was no trade, volume 0.
        """
        columns = self.columns(asset.sid)
        out = np.zeros(count) if field == "volume" else np.full(count, np.nan)
        if columns is None:
            return out
        end = self.first + t
        start = end - count + 1
        low, high = max(start, columns.first), min(end + 1, columns.first + columns.count)
        if high <= low:
            return out
        rows = slice(low - columns.first, high - columns.first)
        at = slice(low - start, high - start)
        actions = columns.split_actions if field == "volume" else columns.price_actions
        actions = [(ordinal, ratio) for ordinal, ratio in actions if start < ordinal <= end]
        if not actions:
            out[at] = columns.rounded[field][rows]
            return out
        if field == "volume":
            out[at] = columns.columns["volume"][rows]
        else:
            out[at] = columns.prices(field)[rows]
        for ordinal, ratio in actions:
            out[: ordinal - start] *= ratio
        return np.round(out, DECIMALS)

    def price_window(self, asset: Asset, t: int, count: int) -> np.ndarray:
        """float64[count]: closes as `window` gives them, carried over gaps.

        The first value may come from before the window; NaN after the asset's end.
        """
        out = self.window(asset, "close", t, count)
        end = self.first + t
        start = end - count + 1
        if np.isnan(out[0]):
            out[0] = self._price_before(asset, start, end)
        missing = np.isnan(out)
        if missing.any():
            out = carried(out)
        last = self.ordinal(date_seconds(asset.end_date) + 1) - 1
        if last < end:
            out[max(last + 1 - start, 0) :] = np.nan
        return out

    def _price_before(self, asset: Asset, start: int, end: int) -> float:
        """The price on the last session with volume up to `start`, adjusted to `end`."""
        columns = self.columns(asset.sid)
        if columns is None or start < columns.first:
            return np.nan
        rows = min(start - columns.first, columns.count - 1)
        traded = np.flatnonzero(columns.columns["volume"][: rows + 1])
        if not len(traded):
            return np.nan
        close = columns.columns["close"]
        then = int(traded[-1])
        then_s, end_s = int(self._all_labels[columns.first + then]), int(self._all_labels[end])
        life = date_seconds(asset.start_date), date_seconds(asset.end_date)
        if not life[0] <= then_s <= life[1]:
            return np.nan
        row = then
        while row >= 0 and close[row] == 0:
            row -= 1
        if row < 0:
            return np.nan
        value = float(close[row]) * 0.001
        if row != then:
            value *= columns.ratio_between(self.row_seconds(columns, row)[0], then_s)
        return value * columns.ratio_between(then_s, end_s)

"""Windows of sessions as `data.history` shows them."""

from __future__ import annotations

import numpy as np

from ..assets import Asset, Future
from ..data.bundles.core import BundleData
from ..errors import HistoryWindowStartsBeforeData
from ..utils.math_utils import number_of_decimal_places
from .blocks import Block, Blocks
from .columns import Adjustments, AssetColumns, carried, date_seconds, rounded, seconds


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
        self._adjustments: dict[int, Adjustments] = {}
        self._columns: dict[int, AssetColumns | None] = {}
        self._last_sessions: dict[int, int] = {}
        self._blocks = Blocks(self._block)

    def ordinal(self, seconds: int) -> int:
        """The place on the calendar of the first session at or after a time (s since 1970)."""
        return int(np.searchsorted(self._all_labels, seconds))

    def label(self, ordinal: int) -> int:
        """The label of a session of the calendar, in s since 1970."""
        return self._all_labels[ordinal]

    def last_session(self, asset: Asset) -> int:
        """The place on the calendar of the last session of an asset's life."""
        try:
            return self._last_sessions[asset.sid]
        except KeyError:
            last = self.ordinal(date_seconds(asset.end_date) + 1) - 1
            return self._last_sessions.setdefault(asset.sid, last)

    def alive(self, asset: Asset, t: int) -> bool:
        """Whether session t of the run lies in an asset's life; t may lie outside the run."""
        label = int(self._all_labels[self.first + t])
        return date_seconds(asset.start_date) <= label <= date_seconds(asset.end_date)

    def listed(self, asset: Asset, t: int) -> bool:
        """Whether an asset is alive on session t and its positions are not closed by then."""
        close_out = asset.auto_close_date
        if close_out is None or close_out != close_out:
            return self.alive(asset, t)
        label = int(self._all_labels[self.first + t])
        return self.alive(asset, t) and label <= date_seconds(close_out)

    def _actions_by_sid(self) -> dict[int, list]:
        actions = self._bundle.actions
        by_sid: dict[int, list] = {}
        for kind, table in enumerate((actions.splits, actions.mergers, actions.dividends)):
            for sid, date, ratio in table.tolist():
                by_sid.setdefault(sid, []).append((kind, date, self.ordinal(date), ratio))
        return by_sid

    def adjustments(self, sid: int) -> Adjustments:
        """The actions that adjust an asset's prices."""
        try:
            return self._adjustments[sid]
        except KeyError:
            found = Adjustments(self._actions.get(sid, []))
            return self._adjustments.setdefault(sid, found)

    def decimals(self, asset: Asset, default: int | None) -> int | None:
        """To how many decimals history rounds an asset's values: those of a future's tick."""
        if default is not None and isinstance(asset, Future) and asset.tick_size:
            return number_of_decimal_places(asset.tick_size)
        return default

    def columns(self, asset: Asset) -> AssetColumns | None:
        """An asset's rows; None when the bundle has none."""
        try:
            return self._columns[asset.sid]
        except KeyError:
            bars = self._bundle.bars
            stored = bars.of(asset.sid)
            found = None
            if stored is not None:
                first = self.bundle_first + stored.first
                decimals = self.decimals(asset, bars.decimals)
                found = AssetColumns(first, stored, self.adjustments(asset.sid), decimals)
            self._columns[asset.sid] = found
            return found

    def row_seconds(self, columns: AssetColumns, *rows: int) -> list[int]:
        return [int(self._all_labels[columns.first + r]) for r in rows]

    def window_index(self, t: int, count: int, minutes: bool = False):
        """The labels of the sessions of a window that ends at session t.

        minutes: that session is made of minutes, and may be the first one after the bundle's.
        """
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
        if end - minutes > self.bundle_last:
            raise KeyError(f"{sessions[end].date()} is after the last session of the bundle.")
        return sessions[start : end + 1]

    def window(self, asset: Asset, field: str, t: int, count: int, seen: int = 0) -> np.ndarray:
        """float64[count]: the field up to session t, adjusted, then rounded.

        seen: how many sessions later it is looked at, which decides what is adjusted. Prices NaN
        where there was no trade, volume 0.
        """
        columns = self.columns(asset)
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
        actions = columns.adjustments.of(field)
        actions = [(when, ratio) for when, ratio in actions if start < when <= end + seen]
        if not actions:
            out[at] = columns.rounded[field][rows]
            return out
        out[at] = (columns.volumes if field == "volume" else columns.prices(field))[rows]
        for when, ratio in actions:
            out[: when - start] *= ratio
        return rounded(out, columns.decimals)

    def windows(self, assets: list, field: str, t: int, count: int, seen: int = 0) -> np.ndarray:
        """float64[N, count]: `window` or `price_window` of several assets."""
        price = field == "price"
        field = "close" if price else field
        end = self.first + t + 1
        start = end - count
        limit = max(self.bundle_last, self.first + len(self.labels) - 1) + 1
        block = self._blocks.of(assets, field, start, end, limit)
        out = block.cut(start, end)
        for row in block.changed(start, end - 1 + seen):
            out[row] = self.window(assets[row], field, t, count, seen)
        if price:
            self.carry_all(assets, out, t, t - count + 1, block.ends)
        return out

    def carry_all(self, assets: list, closes: np.ndarray, t: int, before: int, ends: int) -> None:
        """`carry` for each row of [N, count]; ends: the last session of the first to end."""
        if self.first + t > ends:
            rows = range(len(assets))
        else:
            rows = np.flatnonzero(np.isnan(closes).any(axis=1)).tolist()
        for row in rows:
            self.carry(assets[row], closes[row], t, before)

    def _block(self, assets: list, field: str, begin: int, end: int) -> Block:
        """The sessions of the calendar from `begin` to before `end`, of several assets."""
        absent = 0.0 if field == "volume" else np.nan
        values = np.full((len(assets), end - begin), absent)
        changes = []
        for row, asset in enumerate(assets):
            columns = self.columns(asset)
            if columns is None:
                continue
            low, high = max(begin, columns.first), min(end, columns.first + columns.count)
            if low < high:
                rows = slice(low - columns.first, high - columns.first)
                values[row, low - begin : high - begin] = columns.rounded[field][rows]
            changes += [(when, row) for when, _ in columns.adjustments.of(field)]
        return Block(begin, values, changes, min(map(self.last_session, assets)))

    def price_window(self, asset: Asset, t: int, count: int) -> np.ndarray:
        """float64[count]: closes as `window` gives them, carried over gaps.

        The first value may come from before the window; NaN after the asset's end.
        """
        out = self.window(asset, "close", t, count)
        self.carry(asset, out, t, t - count + 1)
        return out

    def carry(self, asset: Asset, closes: np.ndarray, t: int, before: int) -> None:
        """Fill the gaps of a window that ends at session t; end it with the asset's life.

        before: where the price that precedes the window is looked for, and before that.
        """
        if np.isnan(closes[0]):
            closes[0] = self._price_before(asset, self.first + before, self.first + t)
        if np.isnan(closes).any():
            closes[:] = carried(closes)
        after = self.last_session(asset) + 1 - (self.first + t - len(closes) + 1)
        if after < len(closes):
            closes[max(after, 0) :] = np.nan

    def _price_before(self, asset: Asset, start: int, end: int) -> float:
        """The price on the last session with volume up to `start`, adjusted to `end`."""
        columns = self.columns(asset)
        if columns is None or start < columns.first:
            return np.nan
        rows = min(start - columns.first, columns.count - 1)
        traded = np.flatnonzero(columns.volumes[: rows + 1])
        if not len(traded):
            return np.nan
        close = columns.prices("close")
        then = int(traded[-1])
        then_s, end_s = int(self._all_labels[columns.first + then]), int(self._all_labels[end])
        life = date_seconds(asset.start_date), date_seconds(asset.end_date)
        if not life[0] <= then_s <= life[1]:
            return np.nan
        known = np.flatnonzero(~np.isnan(close[: then + 1]))
        if not len(known):
            return np.nan
        row = int(known[-1])
        value = float(close[row])
        between = columns.adjustments.ratio_between
        if row != then:
            value *= between(self.row_seconds(columns, row)[0], then_s)
        return value * between(then_s, end_s)

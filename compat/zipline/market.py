"""The market data of a run as columns: what trades, what is shown, what history shows.

Sessions are counted on the calendar (`ordinal`), bars of the run from 0 (`t`).
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ...core.bars import Bars
from .assets import Asset, Equity
from .data.bundles.core import BundleData
from .data.bundles.store import PRICES
from .errors import HistoryWindowStartsBeforeData

#: Decimals to which history is rounded after adjustment.
_DECIMALS = 3


class AssetColumns:
    """One asset's rows: float prices (NaN: none), volumes, and the actions that adjust them.

    first: the ordinal of row 0. price_actions, split_actions: (ordinal from which the action is
    in force, ratio), in the sequence in which they apply.
    """

    def __init__(self, first: int, columns: dict[str, np.ndarray], actions: list) -> None:
        self.first = first
        self.columns = columns
        self.count = len(columns["close"])
        #: (kind 0 split, 1 merger, 2 dividend; date in s; ordinal; ratio), as they were written.
        self.actions = actions
        by_time = sorted(actions, key=lambda one: (one[2], (2, 0, 1)[one[0]]))
        self.price_actions = [(ordinal, ratio) for _, _, ordinal, ratio in by_time]
        self.split_actions = [(o, 1.0 / ratio) for kind, _, o, ratio in by_time if kind == 0]

    def prices(self, field: str) -> np.ndarray:
        """float64[rows]: as traded, NaN where there was no trade."""
        raw = self.columns[field]
        return np.where(raw == 0, np.nan, raw.astype(np.float64) * 0.001)

    @cached_property
    def rounded(self) -> dict[str, np.ndarray]:
        """Unadjusted columns, rounded as history shows them."""
        columns: dict[str, np.ndarray] = {
            name: np.round(self.prices(name), _DECIMALS) for name in PRICES
        }
        columns["volume"] = self.columns["volume"].astype(np.float64)
        return columns

    def ratio_between(self, after_s: int, until_s: int) -> float:
        """What a price of the time `after_s` is multiplied by at `until_s`."""
        ratio = 1.0
        for wanted in (0, 1, 2):
            for kind, date, _, one in self.actions:
                if kind != wanted:
                    continue
                if after_s < date <= until_s:
                    ratio *= one
                elif date > until_s:
                    break
        return ratio


class Market:
    """A bundle's data on the sessions of one run.

    sessions: the run's session labels. closes_ns: their close minutes, int64[T] ns UTC.
    """

    def __init__(self, bundle: BundleData, calendar, sessions, closes_ns: np.ndarray) -> None:
        self.calendar = calendar
        self.sessions = sessions
        self.closes_ns = closes_ns
        self.assets: list[Equity] = list(bundle.asset_finder.equities)
        self.index = {asset.sid: n for n, asset in enumerate(self.assets)}
        self._all_labels = _seconds(calendar.sessions)
        self.labels = _seconds(sessions)
        self.first = self.ordinal(int(self.labels[0]))
        self.bundle_first = self.ordinal(bundle.start_session.value // 10**9)
        self.bundle_last = self.ordinal(bundle.end_session.value // 10**9)
        self._bundle = bundle
        self._actions = self._actions_by_sid()
        self._columns: dict[int, AssetColumns | None] = {}
        self._spot: dict[str, dict[int, list]] = {}
        self._tradable: dict[int, list[bool]] = {}
        #: For each asset the last t with a price, -1 for none; filled by `bars`.
        self.last_bars = [-1] * len(self.assets)

    def tradable(self, asset: Asset) -> list[bool]:
        """For each session whether the asset is alive, not closed out, and has a price by then."""
        try:
            return self._tradable[asset.sid]
        except KeyError:
            labels, second = self.labels, 10**9
            price = np.array(self.spot_column(asset, "price"), dtype=np.float64)
            open_ = (asset.start_date.value // second <= labels) & ~np.isnan(price)
            open_ &= labels <= asset.end_date.value // second
            close_out = asset.auto_close_date
            if close_out is not None and close_out == close_out:
                open_ &= labels <= close_out.value // second
            self._tradable[asset.sid] = open_.tolist()
            return self._tradable[asset.sid]

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
            place = self._bundle.bars.rows(sid)
            found = None
            if place is not None:
                offset, rows = place
                raw = {name: column[rows] for name, column in self._bundle.bars.columns.items()}
                found = AssetColumns(self.bundle_first + offset, raw, self._actions.get(sid, []))
            self._columns[sid] = found
            return found

    def lifetime(self, asset: Asset) -> tuple[int, int]:
        """First and last t of the asset's life within the run; first > last when it has none."""
        start = int(np.searchsorted(self.labels, _date_seconds(asset.start_date)))
        end = int(np.searchsorted(self.labels, _date_seconds(asset.end_date), side="right")) - 1
        return start, end

    def last_order(self, asset: Asset) -> int:
        """The last t on which an order for the asset is accepted."""
        if not asset.auto_close_date:
            return len(self.labels)
        last = min(_date_seconds(asset.end_date), _date_seconds(asset.auto_close_date))
        return int(np.searchsorted(self.labels, last, side="right")) - 1

    def close_out(self, asset: Asset) -> int | None:
        """The first t at whose end positions in the asset are closed; None for never."""
        if not asset.auto_close_date:
            return None
        first = int(np.searchsorted(self.closes_ns, asset.auto_close_date.value))
        return first if first < len(self.labels) else None

    def _window(self, asset: Asset, columns: AssetColumns) -> tuple[int, int, int]:
        """(first t, end t, row of the first t) of the rows that lie in the run and the life."""
        start, end = self.lifetime(asset)
        shift = columns.first - self.first
        begin = max(start, shift, 0)
        stop = max(min(end + 1, shift + columns.count, len(self.labels)), begin)
        return begin, stop, begin - shift

    def price(self, asset: Asset) -> np.ndarray:
        """float64[T]: the last close, carried over gaps and adjusted for actions within them.

        NaN before the first trade, and outside the asset's life.
        """
        out = np.full(len(self.labels), np.nan)
        columns = self.columns(asset.sid)
        if columns is None:
            return out
        begin, stop, row = self._window(asset, columns)
        if stop <= begin:
            return out
        rows = slice(row, row + stop - begin)
        close = columns.prices("close")
        missing = np.isnan(close)
        if missing[rows].any():
            latest = np.maximum.accumulate(np.where(missing, -1, np.arange(len(close))))
            carried = np.where(latest >= 0, close[latest], np.nan)
            if columns.actions:
                for r in (np.flatnonzero(missing[rows]) + row).tolist():
                    if latest[r] >= 0:
                        then, now = self._row_seconds(columns, latest[r], r)
                        carried[r] *= columns.ratio_between(then, now)
            close = carried
        out[begin:stop] = close[rows]
        return out

    def _row_seconds(self, columns: AssetColumns, *rows: int) -> list[int]:
        return [int(self._all_labels[columns.first + r]) for r in rows]

    def bars(self) -> Bars:
        """What the core trades on: the carried price as close, volume 0 where there is no trade.

        Orders look at the close alone, and an asset without volume does not trade; positions are
        worth the carried price, after an asset's end the last one.
        """
        shape = (len(self.assets), len(self.labels))
        values = np.empty((5, *shape))
        values[4] = 0.0
        for n, asset in enumerate(self.assets):
            price = self.price(asset)
            known = np.flatnonzero(~np.isnan(price))
            self.last_bars[n] = int(known[-1]) if len(known) else -1
            values[3, n] = _carried(price)
            columns = self.columns(asset.sid)
            if columns is None:
                continue
            begin, stop, row = self._window(asset, columns)
            rows = slice(row, row + stop - begin)
            traded = columns.columns["close"][rows] != 0
            values[4, n, begin:stop] = np.where(traded, columns.columns["volume"][rows], 0)
        values[:3] = values[3]
        names = tuple(str(asset.sid) for asset in self.assets)
        return Bars(self.closes_ns, names, values)

    def events(self) -> tuple[dict, dict]:
        """Splits and payouts by the t on whose session they fall exactly; others move no account.

        Splits: (asset number, ratio); payouts: (asset number, amount, pay date in s).
        """
        at = {label: t for t, label in enumerate(self.labels.tolist())}
        splits: dict[int, list] = {}
        payouts: dict[int, list] = {}
        for sid, date, ratio in self._bundle.actions.splits.tolist():
            if date in at and sid in self.index:
                splits.setdefault(at[date], []).append((self.index[sid], ratio))
        for sid, ex_date, pay_date, amount in self._bundle.actions.payouts.tolist():
            if ex_date in at and sid in self.index:
                payouts.setdefault(at[ex_date], []).append((self.index[sid], amount, pay_date))
        return splits, payouts

    def spot(self, field: str) -> dict[int, list]:
        """The values that `current` shows, by sid: one list over the bars of the run each."""
        return self._spot.setdefault(field, {})

    def spot_column(self, asset: Asset, field: str) -> list:
        """The list of one asset, made at its first use."""
        if field == "price":
            column = _scalars(self.price(asset))
        elif field == "last_traded":
            column = self._last_traded(asset)
        else:
            column = self._field_column(asset, field)
        self._spot.setdefault(field, {})[asset.sid] = column
        return column

    def _field_column(self, asset: Asset, field: str) -> list:
        absent = 0 if field == "volume" else np.nan
        column: list = [absent] * len(self.labels)
        columns = self.columns(asset.sid)
        start, end = self.lifetime(asset)
        if field == "volume":
            # In the asset's life, but not among its rows.
            for t in range(max(start, 0), min(end + 1, len(column))):
                column[t] = np.nan
        if columns is None:
            return column
        begin, stop, row = self._window(asset, columns)
        rows = slice(row, row + stop - begin)
        if field == "volume":
            column[begin:stop] = columns.columns["volume"][rows].tolist()
        else:
            column[begin:stop] = _scalars(columns.prices(field)[rows])
        return column

    def _last_traded(self, asset: Asset) -> list:
        import pandas as pd

        columns = self.columns(asset.sid)
        column = [pd.NaT] * len(self.labels)
        if columns is None:
            return column
        traded = np.flatnonzero(columns.columns["volume"]) + columns.first
        for t in range(len(column)):
            ordinal = self.first + t
            found = int(np.searchsorted(traded, ordinal, side="right")) - 1
            if found >= 0 and self.bundle_first <= ordinal <= self.bundle_last:
                column[t] = self.calendar.sessions[traded[found]]
        return column

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
        return np.round(out, _DECIMALS)

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
            out = _carried(out)
        last = self.ordinal(_date_seconds(asset.end_date) + 1) - 1
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
        life = _date_seconds(asset.start_date), _date_seconds(asset.end_date)
        if not life[0] <= then_s <= life[1]:
            return np.nan
        row = then
        while row >= 0 and close[row] == 0:
            row -= 1
        if row < 0:
            return np.nan
        value = float(close[row]) * 0.001
        if row != then:
            value *= columns.ratio_between(self._row_seconds(columns, row)[0], then_s)
        return value * columns.ratio_between(then_s, end_s)


def _carried(values: np.ndarray) -> np.ndarray:
    """Gaps filled with the last value before them."""
    missing = np.isnan(values)
    if not missing.any():
        return values
    latest = np.maximum.accumulate(np.where(missing, -1, np.arange(len(values))))
    return np.where(latest >= 0, values[latest], np.nan)


def _scalars(values: np.ndarray) -> list:
    """Plain floats, as a script receives them; NaN is NumPy's own, which `is` finds."""
    scalars = values.tolist()
    for n in np.flatnonzero(np.isnan(values)).tolist():
        scalars[n] = np.nan
    return scalars


def _seconds(index) -> np.ndarray:
    return index.to_numpy().astype("datetime64[s]").astype(np.int64)


def _date_seconds(date) -> int:
    return date.value // 10**9

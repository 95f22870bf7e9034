"""The market data of a run with daily bars: what trades and what is shown.

Sessions are counted on the calendar (`ordinal`), bars of the run from 0 (`t`).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ....core.bars import Bars
from ..assets import Asset, Future
from ..data.bundles.core import BundleData
from .columns import AssetColumns, Moments, carried, date_seconds, scalars
from .history import SessionWindows

if TYPE_CHECKING:
    from .continuous import Continuous


class Market(SessionWindows):
    """A bundle's data on the sessions of one run.

    sessions: the run's session labels. times: when its bars end, int64[T] ns UTC: the close
    minutes of the sessions.
    """

    def __init__(
        self,
        bundle: BundleData,
        calendar,
        sessions,
        closes_ns: np.ndarray,
        shown: tuple[Market, list[int]] | None = None,
    ) -> None:
        """shown: see the method; None for this market itself, session by session."""
        super().__init__(bundle, calendar, sessions)
        self.times = closes_ns
        self._shown = shown
        #: The closes as Timestamps.
        self.dates = Moments(closes_ns)
        self.assets: list[Asset] = bundle.asset_finder.assets
        self.index = {asset.sid: n for n, asset in enumerate(self.assets)}
        self._spot: dict[str, dict[int, list]] = {}
        self._tradable: dict[int, list[bool]] = {}
        #: For each asset the last t with a price, -1 for none; known once it is traded.
        self.last_bars = [-1] * len(self.assets)
        self._values = np.zeros((5, 0, 0))
        self._filled: set[int] = set()

    @property
    def days(self) -> Market:
        """The sessions of this market: itself."""
        return self

    def shown(self) -> tuple[Market, list[int]]:
        """(what `data` shows, which of its sessions for each session of the run)."""
        return self._shown or (self, list(range(len(self.labels))))

    @cached_property
    def continuous(self) -> Continuous:
        """What is shown of continuous futures."""
        from .continuous import Continuous

        return Continuous(self, self._bundle.asset_finder)

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

    def lifetime(self, asset: Asset) -> tuple[int, int]:
        """First and last t of the asset's life within the run; first > last when it has none."""
        start = int(np.searchsorted(self.labels, date_seconds(asset.start_date)))
        end = int(np.searchsorted(self.labels, date_seconds(asset.end_date), side="right")) - 1
        return start, end

    def last_order(self, asset: Asset) -> int:
        """The last t on which an order for the asset is accepted."""
        if not asset.auto_close_date:
            return len(self.labels)
        last = min(date_seconds(asset.end_date), date_seconds(asset.auto_close_date))
        return int(np.searchsorted(self.labels, last, side="right")) - 1

    def close_out(self, asset: Asset) -> int | None:
        """The first t at whose end positions in the asset are closed; None for never."""
        if not asset.auto_close_date:
            return None
        first = int(np.searchsorted(self.times, asset.auto_close_date.value))
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
        columns = self.columns(asset)
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
            filled = np.where(latest >= 0, close[latest], np.nan)
            if columns.adjustments:
                for r in (np.flatnonzero(missing[rows]) + row).tolist():
                    if latest[r] >= 0:
                        then, now = self.row_seconds(columns, latest[r], r)
                        filled[r] *= columns.adjustments.ratio_between(then, now)
            close = filled
        out[begin:stop] = close[rows]
        return out

    def bars(self) -> Bars:
        """What the core trades on: the carried price as close, volume 0 where there is no trade.

        Orders look at the close alone, and an asset without volume does not trade; positions are
        worth the carried price, after an asset's end the last one. An asset's row is filled at its
        first order (`trade`): memory that is never written to is none.
        """
        shape = (5, len(self.assets), len(self.times))
        self._values = np.zeros(shape)
        names = tuple(str(asset.sid) for asset in self.assets)
        mask = np.broadcast_to(np.True_, shape[1:])
        bars = Bars(self.times, names, self._values, mask=mask)
        if not any(isinstance(asset, Future) for asset in self.assets):
            return bars
        from .impact import with_impact

        return with_impact(bars, self, self.assets, np.arange(len(self.labels)))

    def trade(self, number: int) -> None:
        """The asset with this number is going to be ordered or held: fill its row of `bars`."""
        if number in self._filled:
            return
        self._filled.add(number)
        asset, values = self.assets[number], self._values
        price = self.price(asset)
        known = np.flatnonzero(~np.isnan(price))
        self.last_bars[number] = int(known[-1]) if len(known) else -1
        values[:4, number] = carried(price)
        columns = self.columns(asset)
        if columns is None:
            return
        begin, stop, row = self._window(asset, columns)
        rows = slice(row, row + stop - begin)
        traded = ~np.isnan(columns.prices("close")[rows])
        values[4, number, begin:stop] = np.where(traded, columns.volumes[rows], 0)
        if isinstance(asset, Future):  # trades between the high and the low
            for field, name in ((1, "high"), (2, "low")):
                values[field, number, begin:stop] = columns.prices(name)[rows]

    def events(self) -> tuple[dict, dict, dict]:
        """Splits and payouts by the t on whose session they fall exactly; others move no account.

        Splits: (asset number, ratio); payouts: (asset number, amount, pay date in s); stock
        payouts: (asset number, number of the asset paid in, shares for each share, pay date in s).
        """
        at = {label: t for t, label in enumerate(self.labels.tolist())}
        splits: dict[int, list] = {}
        payouts: dict[int, list] = {}
        for sid, date, ratio in self._bundle.actions.splits.tolist():
            if date in at and sid in self.index:
                splits.setdefault(at[date], []).append((self.index[sid], ratio))
        for sid, amount, ex_date, pay_date, *_ in self._bundle.actions.payouts.tolist():
            if ex_date in at and sid in self.index:
                payouts.setdefault(at[ex_date], []).append((self.index[sid], amount, pay_date))
        stock_payouts: dict[int, list] = {}
        for row in self._bundle.actions.stock_payouts:
            sid, paid_in, ex_date = (int(row[name]) for name in ("sid", "payment_sid", "ex_date"))
            if ex_date in at and sid in self.index and paid_in in self.index:
                terms = self.index[paid_in], float(row["ratio"]), int(row["pay_date"])
                stock_payouts.setdefault(at[ex_date], []).append((self.index[sid], *terms))
        return splits, payouts, stock_payouts

    def stock_dividend(self, asset: Asset, first, last):
        """The ex date of the first stock dividend between two sessions; None when none is."""
        import pandas as pd

        rows = self._bundle.actions.stock_payouts
        inside = rows["ex_date"] > date_seconds(first)
        inside &= (rows["pay_date"] < date_seconds(last)) & (rows["sid"] == asset.sid)
        dates = rows["ex_date"][inside]
        return pd.Timestamp(int(dates[0]), unit="s") if len(dates) else None

    def spot(self, field: str) -> dict[int, list]:
        """The values that `current` shows, by sid: one list over the bars of the run each."""
        return self._spot.setdefault(field, {})

    def spot_column(self, asset: Asset, field: str) -> list:
        """The list of one asset, made at its first use."""
        if field == "price":
            column = scalars(self.price(asset))
        elif field == "last_traded":
            column = self._last_traded(asset)
        else:
            column = self._field_column(asset, field)
        self._spot.setdefault(field, {})[asset.sid] = column
        return column

    def _field_column(self, asset: Asset, field: str) -> list:
        absent = 0 if field == "volume" else np.nan
        column: list = [absent] * len(self.labels)
        columns = self.columns(asset)
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
            column[begin:stop] = columns.volumes[rows].tolist()
        else:
            column[begin:stop] = scalars(columns.prices(field)[rows])
        return column

    def _last_traded(self, asset: Asset) -> list:
        import pandas as pd

        columns = self.columns(asset)
        column = [pd.NaT] * len(self.labels)
        if columns is None:
            return column
        traded = np.flatnonzero(columns.volumes) + columns.first
        for t in range(len(column)):
            ordinal = self.first + t
            found = int(np.searchsorted(traded, ordinal, side="right")) - 1
            if found >= 0 and self.bundle_first <= ordinal <= self.bundle_last:
                column[t] = self.calendar.sessions[traded[found]]
        return column

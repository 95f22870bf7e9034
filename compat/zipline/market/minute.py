"""The market data of a run with minute bars."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ....core.bars import Bars
from ..assets import Asset, ContinuousFuture, Future
from ..data.bundles.core import BundleData
from ..errors import HistoryWindowStartsBeforeData
from ..hours import MINUTE_NS, Times, hours
from ..utils.calendar_utils import get_calendar
from .blocks import Block, Blocks
from .columns import Moments, carried, date_seconds, rounded, scalars
from .daily import Market
from .minute_rows import MinuteAxis, MinuteRows, day_of

if TYPE_CHECKING:
    from .continuous_minutes import ContinuousMinutes

_SECOND = 10**9


class MinuteMarket:
    """A bundle's minutes on the sessions of one run, and its sessions (`days`).

    Bars of the run are counted from 0, and so are its sessions. times: when the bars end, int64[T]
    ns UTC. first_bars: int[S + 1], the first bar of each session, and the end. dates: the bars'
    times as Timestamps.
    """

    def __init__(
        self, bundle: BundleData, calendar, sessions, opens: np.ndarray, closes: np.ndarray
    ) -> None:
        """sessions: the run's labels; opens, closes: their first and last bar, int64[S] ns UTC."""
        self.days = days = Market(bundle, calendar, sessions, closes)
        self.calendar, self.sessions, self.labels = calendar, sessions, days.labels
        self.assets, self.index = days.assets, days.index
        counts = (closes - opens) // MINUTE_NS + 1
        self.first_bars: list[int] = [0, *np.cumsum(counts).tolist()]
        within = np.arange(self.first_bars[-1]) - np.repeat(self.first_bars[:-1], counts)
        self.times = np.repeat(opens, counts) + within * MINUTE_NS
        self.dates = Moments(self.times)
        #: For each asset the last bar with a price, -1 for none; known once it is traded.
        self.last_bars = [-1] * len(self.assets)
        self._source = bundle.minutes
        first = min(days.bundle_first, days.first)
        end = max(days.bundle_last, days.first + len(sessions) - 1) + 1
        self.axis = MinuteAxis(hours(calendar), first, end)
        self._rows: dict[int, MinuteRows] = {}
        #: The session that runs, and the first of its minutes on the axis.
        self.session, self.first_minute = 0, self._bars(0)[0]
        self._spot: dict[str, dict[int, list]] = {}
        self._partial: dict[tuple, np.ndarray] = {}
        self._blocks = Blocks(self._block)
        self._run_end = self._bars(len(sessions) - 1)[1]
        self._open_on: dict[str, np.ndarray | None] = {}
        self._run_prices: dict[int, np.ndarray] = {}
        self._values = np.zeros((5, 0, 0))
        self._filled: set[int] = set()

    # The session that runs

    def open_session(self, session: int) -> None:
        """The columns that `spot` shows are those of this session from now on."""
        self.session, self.first_minute = session, self._bars(session)[0]
        for columns in self._spot.values():
            columns.clear()
        self._partial.clear()

    def spot(self, field: str) -> dict[int, list]:
        """What `current` shows, by sid: one list over the bars of the session that runs each."""
        return self._spot.setdefault(field, {})

    def spot_column(self, asset: Asset, field: str) -> list:
        """The list of one asset, made at its first use in a session."""
        begin, end = self._bars(self.session)
        if field == "last_traded":
            column = self._last_traded(asset, begin, end)
        elif field == "price":
            column = scalars(self._session_price(asset))
        elif field == "volume":
            column = self._alive(asset, begin, end, self.minutes(asset, begin), field).tolist()
        else:
            column = scalars(self._alive(asset, begin, end, self.minutes(asset, begin), field))
        self.spot(field)[asset.sid] = column
        return column

    def tradable(self, asset: Asset) -> list[bool]:
        """For each bar of the session that runs whether the asset can be traded by then.

        That is: it is alive and not closed out, its exchange is open, and it has a price.
        """
        columns = self.spot("tradable")
        try:
            return columns[asset.sid]
        except KeyError:
            first, end = self.first_bars[self.session : self.session + 2]
            if self.days.listed(asset, self.session):
                open_ = ~np.isnan(self._session_price(asset))
                hours_ = self.exchange_open(asset)
                found = (open_ if hours_ is None else open_ & hours_[first:end]).tolist()
            else:
                found = [False] * (end - first)
            return columns.setdefault(asset.sid, found)

    def exchange_open(self, asset: Asset) -> np.ndarray | None:
        """bool[T]: the bars at which the asset's exchange trades; None for all.

        Raises what `get_calendar` raises for an exchange that is no calendar.
        """
        name = asset.exchange
        if name not in self._open_on:
            calendar = get_calendar(name)
            own = calendar.name == self.calendar.name
            self._open_on[name] = None if own else Times(hours(calendar), self.times).trading
        return self._open_on[name]

    def _bars(self, session: int) -> tuple[int, int]:
        """The minutes of a session's bars on the axis: first and end."""
        first, end = self.first_bars[session : session + 2]
        begin = self.axis.latest(int(self.times[first]))
        return begin, begin + end - first

    # Columns

    def minutes(self, asset: Asset, begin: int) -> MinuteRows:
        """An asset's minutes, read back to `begin` where there are any.

        Raises NoDataForSid when the bundle has no minutes of it.
        """
        rows = self._rows.get(asset.sid)
        if rows is None:
            if asset.sid not in self._sids:
                from ..data.bar_reader import NoDataForSid

                raise NoDataForSid(f"No minute data for sid {asset.sid}.")
            axis, days = self.axis, self.days
            born = max(days.ordinal(date_seconds(asset.start_date)), days.bundle_first)
            run = days.first - axis.first
            span = (min(born - axis.first, run), run, run + len(self.sessions))
            decimals = days.decimals(asset, self._source.decimals)
            shift = days.bundle_first - axis.first
            rows = MinuteRows(axis, self._source, asset.sid, shift, span, decimals)
            self._rows[asset.sid] = rows
        if begin < rows.begin:
            rows.reach(begin)
        return rows

    @property
    def _sids(self) -> set[int]:
        try:
            return self._known_sids
        except AttributeError:
            self._known_sids = set(self._source.sids.tolist())
            return self._known_sids

    @cached_property
    def _continuous(self) -> ContinuousMinutes:
        from .continuous_minutes import ContinuousMinutes

        return ContinuousMinutes(self)

    def raw(self, asset: Asset, field: str, begin: int, end: int) -> np.ndarray:
        """[end - begin]: a field between two minutes of the axis, as traded."""
        rows = self.minutes(asset, begin)
        absent = 0 if field == "volume" else np.nan
        return self._slice(rows, rows.column(field), begin, end, absent)

    def latest_close(self, asset: Asset, minute: int) -> float | None:
        """The close of the latest minute with volume up to one; None when there is none."""
        rows, traded = self._traded(asset, minute, minute + 1)
        return None if traded[0] < 0 else float(rows.column("close")[traded[0] - rows.begin])

    def _slice(self, rows: MinuteRows, column: np.ndarray, begin: int, end: int, absent):
        """[end - begin]: a copy of a column between two minutes; `absent` where nothing is read."""
        low = begin - rows.begin
        if low >= 0 and end - rows.begin <= len(column):
            return column[low : end - rows.begin].copy()
        out = np.full(end - begin, absent, dtype=column.dtype)
        have = column[max(low, 0) : max(end - rows.begin, 0)]
        out[max(-low, 0) : max(-low, 0) + len(have)] = have
        return out

    def _alive(self, asset: Asset, begin: int, end: int, rows: MinuteRows, field: str):
        """[end - begin]: a column of `rows`, empty outside the asset's life."""
        absent = 0 if field == "volume" else np.nan
        out = self._slice(rows, rows.column(field), begin, end, absent)
        out[~self._lives(asset, begin, end)] = absent
        return out

    def _lives(self, asset: Asset, begin: int, end: int) -> np.ndarray:
        """bool[end - begin]: minutes of sessions up to the asset's end, from its first day on."""
        axis = self.axis
        times = axis.times[begin:end]
        last = self.days.last_session(asset) + 1 - axis.first
        stop = int(axis.begin[min(max(last, 0), len(axis.lengths))])
        alive = times >= asset.start_date.value
        alive[max(stop - begin, 0) :] = False
        return alive

    def _traded(self, asset: Asset, begin: int, end: int) -> tuple[MinuteRows, np.ndarray]:
        """int64[end - begin]: the latest minute of the axis with volume by then; -1 for none."""
        rows = self.minutes(asset, begin)
        if len(rows.column("volume")) == 0:
            return rows, np.full(end - begin, -1)
        while True:
            found = self._slice(rows, rows.traded, begin, end, -1)
            if found[0] >= 0 or not rows.reach_further():
                break
        found = np.where(found >= 0, found + rows.begin, -1)
        born = self.axis.times[np.maximum(found, 0)] >= asset.start_date.value
        return rows, np.where(born, found, -1)

    def price(self, asset: Asset, begin: int, end: int) -> np.ndarray:
        """float64[end - begin]: the close of each minute, else that of the latest one with volume.

        Adjusted for actions since, NaN before the first trade and outside the asset's life.
        """
        out = self._alive(asset, begin, end, self.minutes(asset, begin), "close")
        gaps = np.flatnonzero(np.isnan(out) & self._lives(asset, begin, end))
        if len(gaps):
            rows, traded = self._traded(asset, begin, end)
            traded = traded[gaps]
            gaps, traded = gaps[traded >= 0], traded[traded >= 0]
            values = rows.column("close")[traded - rows.begin]
            adjustments = self.days.adjustments(asset.sid)
            if adjustments:
                times = self.axis.times
                then, now = times[traded], times[begin + gaps]
                for n in np.flatnonzero(day_of(then) != day_of(now)).tolist():
                    span = int(then[n]) // _SECOND, int(now[n]) // _SECOND
                    values[n] *= adjustments.ratio_between(*span)
            out[gaps] = values
        return out

    def _run_price(self, asset: Asset) -> np.ndarray:
        """float64[T]: `price` at the bars of the run. One pass: a session's share is small."""
        found = self._run_prices.get(asset.sid)
        if found is None:
            found = np.empty(len(self.times))
            for bars, span in self._stretches():
                found[bars] = self.price(asset, *span)
            self._run_prices[asset.sid] = found
        return found

    def _session_price(self, asset: Asset) -> np.ndarray:
        """float64[bars]: `price` at the bars of the session that runs."""
        return self._run_price(asset)[slice(*self.first_bars[self.session : self.session + 2])]

    def _last_traded(self, asset: Asset, begin: int, end: int) -> list:
        import pandas as pd

        _, traded = self._traded(asset, begin, end)
        known: dict[int, object] = {-1: pd.NaT}
        for minute in np.unique(traded[traded >= 0]).tolist():
            known[minute] = pd.Timestamp(int(self.axis.times[minute]), tz="UTC")
        return [known[minute] for minute in traded.tolist()]

    # What the core trades on

    def lifetime(self, asset: Asset) -> tuple[int, int]:
        """First and last bar of the asset's life within the run; first > last when it has none."""
        start, end = self.days.lifetime(asset)
        return self.first_bars[start], self.first_bars[end + 1] - 1

    def last_order(self, asset: Asset) -> int:
        """The last bar at which an order for the asset is accepted."""
        session = self.days.last_order(asset)
        return self.first_bars[min(session + 1, len(self.labels))] - 1

    def bars(self) -> Bars:
        """What the core trades on. An asset's row is filled at its first order (`trade`).

        Orders for shares look at the close and the volume alone: the other prices stay empty, and
        memory that is never written to is none.
        """
        shape = (5, len(self.assets), len(self.times))
        self._values = np.zeros(shape)
        names = tuple(str(asset.sid) for asset in self.assets)
        mask = np.broadcast_to(np.True_, shape[1:])
        bars = Bars(self.times, names, self._values, mask=mask)
        if not any(isinstance(asset, Future) for asset in self.assets):
            return bars
        from .impact import with_impact

        sessions = np.repeat(np.arange(len(self.labels)), np.diff(self.first_bars))
        return with_impact(bars, self.days, self.assets, sessions)

    def trade(self, number: int) -> None:
        """The asset with this number is going to be ordered or held: fill its row of `bars`."""
        if number in self._filled:
            return
        self._filled.add(number)
        asset = self.assets[number]
        close, volume = self._values[3, number], self._values[4, number]
        close[:] = self._run_price(asset)
        for bars, span in self._stretches():
            rows = self.minutes(asset, span[0])
            shares = self._alive(asset, *span, rows, "volume")
            traded = ~np.isnan(self._alive(asset, *span, rows, "close"))
            volume[bars] = np.where(traded, shares, 0)
            if isinstance(asset, Future):  # trades between the high and the low
                for field, name in ((1, "high"), (2, "low")):
                    self._values[field, number, bars] = self._alive(asset, *span, rows, name)
        known = np.flatnonzero(~np.isnan(close))
        self.last_bars[number] = int(known[-1]) if len(known) else -1
        close[:] = carried(close)

    def _stretches(self) -> list[tuple[slice, tuple[int, int]]]:
        """Bars of the run, and the minutes of the axis that they are; as long as they can be."""
        last = len(self.labels) - 1
        whole = self._bars(0)[0], self._bars(last)[1]
        if whole[1] - whole[0] == len(self.times):
            return [(slice(None), whole)]
        bars = zip(self.first_bars[:-1], self.first_bars[1:], strict=True)
        return [(slice(*one), self._bars(n)) for n, one in enumerate(bars)]

    # Before trading starts

    def before(self, time: int) -> int:
        """The number on the axis of the minute before a time (ns UTC); -1 for none."""
        return self.axis.latest(time - MINUTE_NS)

    def ratio(self, asset: Asset, minute: int, time: int, volume: bool = False) -> float:
        """What a value of a minute is multiplied by at a time (ns UTC)."""
        span = int(self.axis.times[minute]) // _SECOND, time // _SECOND
        return self.days.adjustments(asset.sid).ratio_between(*span, volume=volume)

    def value(self, asset: Asset, field: str, minute: int):
        """What `current` shows at one minute of the axis."""
        if field == "last_traded":
            return self._last_traded(asset, minute, minute + 1)[0]
        if field == "price":
            return self.price(asset, minute, minute + 1).item()
        return self._alive(asset, minute, minute + 1, self.minutes(asset, minute), field).item()

    def price_at(self, asset: Asset, minute: int, time: int) -> float:
        """The close of the latest minute with volume up to `minute`, as seen at a later time."""
        session = int(np.searchsorted(self.days.times, time))
        if not self.days.alive(asset, session) or time < asset.start_date.value:
            return np.nan
        rows, traded = self._traded(asset, minute, minute + 1)
        if traded[0] < 0:
            return np.nan
        value = float(rows.column("close")[traded[0] - rows.begin])
        return value * self.ratio(asset, int(traded[0]), time)

    # Windows

    def window_index(self, end: int, count: int, frequency: str):
        """The labels of a window that ends with a minute of the axis; "1d": of sessions."""
        if frequency == "1m":
            return self.minute_index(end, count)
        return self.days.window_index(self._day(end), count, minutes=True)

    def window(self, asset, field: str, end: int, count: int, frequency: str) -> np.ndarray:
        """float64[count]: a window that ends with a minute of the axis, a copy."""
        if isinstance(asset, ContinuousFuture):
            return self._continuous.window(asset, field, end, count, frequency)
        if frequency == "1d":
            return self.day_window(asset, field, end, count)
        if field == "price":
            return self.minute_price_window(asset, end, count)
        return self.minute_window(asset, field, end, count)

    def windows(self, assets: list, field: str, end: int, count: int, frequency: str) -> np.ndarray:
        """float64[N, count]: `window` of several assets."""
        if ContinuousFuture in set(map(type, assets)):
            one_by_one = [self.window(asset, field, end, count, frequency) for asset in assets]
            return np.array(one_by_one)
        if frequency == "1d":
            return self._day_windows(assets, field, end, count)
        price = field == "price"
        field = "close" if price else field
        start = end - count + 1
        block = self._blocks.of(assets, field, start, end + 1, self._run_end)
        out = block.cut(start, end + 1)
        rows = block.changed(start, end)
        if price:
            whole = np.isnan(out).any(axis=1) if end <= block.ends else np.True_
            rows |= set(np.flatnonzero(np.broadcast_to(whole, len(assets))).tolist())
        for row in rows:
            if price:
                out[row] = self.minute_price_window(assets[row], end, count)
            else:
                out[row] = self.minute_window(assets[row], field, end, count)
        return out

    def _block(self, assets: list, field: str, begin: int, end: int) -> Block:
        """The minutes of the axis from `begin` to before `end`, of several assets."""
        absent = 0 if field == "volume" else np.nan
        values = np.empty((len(assets), end - begin))
        changes, last = [], []
        for row, asset in enumerate(assets):
            rows = self.minutes(asset, begin)
            values[row] = self._slice(rows, rows.rounded(field), begin, end, absent)
            for session, _ in self.days.adjustments(asset.sid).of(field):
                changes.append((self._first_minute(session), row))
            last.append(self.days.last_session(asset) - self.axis.first)
        ends = min(max(min(last), -1), len(self.axis.lengths) - 1)
        return Block(begin, values, changes, int(self.axis.begin[ends + 1]) - 1)

    def _day_windows(self, assets: list, field: str, end: int, count: int) -> np.ndarray:
        """float64[N, count]: `day_window` of several assets."""
        price = field == "price"
        field = "close" if price else field
        session, t = self.axis.session(end), self._day(end)
        out = np.empty((len(assets), count))
        if count > 1:
            out[:, :-1] = self.days.windows(assets, field, t - 1, count - 1, seen=1)
        out[:, -1] = self._all_so_far(assets, field, session, end)
        if price:
            ends = min(map(self.days.last_session, assets))
            self.days.carry_all(assets, out, t, t - count, ends)
        return out

    def _all_so_far(self, assets: list, field: str, session: int, minute: int) -> np.ndarray:
        """float64[N]: `_so_far` of several assets."""
        key = (field, session, *[asset.sid for asset in assets])
        found = self._partial.get(key)
        if found is None:
            found = np.array([self._growth(asset, field, session) for asset in assets])
            self._partial[key] = found
        return found[:, minute - int(self.axis.begin[session])]

    def _day(self, minute: int) -> int:
        """The session of a minute of the axis, counted as those of the run."""
        return self.axis.session(minute) + self.axis.first - self.days.first

    def minute_index(self, end: int, count: int):
        """The times of a window of minutes that ends with the minute `end` of the axis."""
        start = end - count + 1
        earliest = int(self.axis.begin[self.days.bundle_first - self.axis.first])
        if start < earliest:
            later = self.axis.index[min(earliest + count, len(self.axis.times) - 1)]
            suggested = self.calendar.minute_to_session(later + self.calendar.day)
            raise HistoryWindowStartsBeforeData(
                first_trading_day=self.calendar.sessions[self.days.bundle_first].date(),
                bar_count=count,
                suggested_start_day=suggested.date(),
            )
        return self.axis.index[start : end + 1]

    def minute_window(self, asset: Asset, field: str, end: int, count: int) -> np.ndarray:
        """float64[count]: the field up to a minute of the axis, adjusted to it, then rounded.

        Prices NaN where there was no trade, volume 0.
        """
        start = end - count + 1
        rows = self.minutes(asset, start)
        absent = 0 if field == "volume" else np.nan
        adjustments = self.days.adjustments(asset.sid)
        changes = []
        if adjustments:
            times = self.axis.times
            for session, ratio in adjustments.of(field):
                at = self._first_minute(session)
                if start < at <= end and day_of(times[start]) < day_of(times[at]):
                    changes.append((at, ratio))
        if not changes:
            return self._slice(rows, rows.rounded(field), start, end + 1, absent)
        out = self._slice(rows, rows.column(field), start, end + 1, absent).astype(np.float64)
        for at, ratio in changes:
            out[: at - start] *= ratio
        return rounded(out, rows.decimals)

    def _first_minute(self, session: int) -> int:
        """The first minute of the axis on or after the day of a session of the calendar."""
        place = session - self.axis.first
        if place < 0:
            return -1
        if place >= len(self.axis.lengths):
            return int(self.axis.begin[-1])
        midnight = int(self.days.label(session)) * _SECOND
        within = max((midnight - int(self.axis.opens[place])) // MINUTE_NS, 0)
        return int(self.axis.begin[place] + within)

    def minute_price_window(self, asset: Asset, end: int, count: int) -> np.ndarray:
        """float64[count]: closes as `minute_window` gives them, carried over gaps.

        The first value may come from before the window; NaN after the asset's end.
        """
        out = self.minute_window(asset, "close", end, count)
        start = end - count + 1
        times = self.axis.times
        if np.isnan(out[0]):
            rows, traded = self._traded(asset, start, start + 1)
            then = int(traded[0])
            if then >= 0 and self._lives(asset, then, then + 1)[0]:
                value = float(rows.column("close")[then - rows.begin])
                out[0] = value * self.ratio(asset, then, int(times[end]))
        if np.isnan(out).any():
            out = carried(out)
        over = day_of(times[start : end + 1]) * 86400 > date_seconds(asset.end_date)
        out[over] = np.nan
        return out

    def day_window(self, asset: Asset, field: str, end: int, count: int) -> np.ndarray:
        """float64[count]: sessions up to that of a minute of the axis, which goes so far itself.

        Earlier sessions are daily bars, adjusted as seen on the last one; that one is made of its
        minutes, not rounded.
        """
        price = field == "price"
        field = "close" if price else field
        session, t = self.axis.session(end), self._day(end)
        out = np.empty(count)
        if count > 1:
            out[:-1] = self.days.window(asset, field, t - 1, count - 1, seen=1)
        out[-1] = self.so_far(asset, field, session, end)
        if price:
            self.days.carry(asset, out, t, t - count)
        return out

    def so_far(self, asset: Asset, field: str, session: int, minute: int) -> float:
        """A field of a session (of the axis) made of its minutes up to `minute`."""
        key = (asset.sid, field, session)
        found = self._partial.get(key)
        if found is None:
            found = self._partial[key] = self._growth(asset, field, session)
        return found[minute - int(self.axis.begin[session])]

    def _growth(self, asset: Asset, field: str, session: int) -> np.ndarray:
        """float64[minutes]: a field of a session made of its minutes up to each of them."""
        begin, end = int(self.axis.begin[session]), int(self.axis.begin[session + 1])
        if not self.days.alive(asset, session + self.axis.first - self.days.first):
            return np.full(end - begin, 0.0 if field == "volume" else np.nan)
        rows = self.minutes(asset, begin)
        absent = 0 if field == "volume" else np.nan
        return _SO_FAR[field](self._slice(rows, rows.column(field), begin, end, absent))


def _first_known(values: np.ndarray) -> np.ndarray:
    known = np.flatnonzero(~np.isnan(values))
    out = np.full(len(values), np.nan)
    if len(known):
        out[known[0] :] = values[known[0]]
    return out


#: How a session's bar grows with its minutes.
_SO_FAR = {
    "open": _first_known,
    "high": np.fmax.accumulate,
    "low": np.fmin.accumulate,
    "close": carried,
    "volume": lambda volumes: np.cumsum(volumes, dtype=np.float64),
}

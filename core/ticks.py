"""Ticks as degenerate bars, and coarse bars from fine ones with the rows that each was made of.

The engine knows bars only. A tick is a bar whose four prices are one, so that trades and quotes run
through the same engine as everything else; an asset has a bar only at the times at which it ticks.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from .bars import Bars
from .checks import FIELDS, AssetColumns, Place, Repair, Repaired, clean, settle, sort_times
from .errors import DataError
from .jit import njit
from .reading import Options, Symbols, Table, read_rows
from .tables import is_table, plain_table
from .times import duration, format_time, later, nanoseconds, to_times

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "QUOTES",
    "TRADES",
    "Resampled",
    "TickKind",
    "bars_of_ticks",
    "fine_rows",
    "quotes_to_bars",
    "resample",
    "trades_to_bars",
]

_WHO = {
    "time": ("time", "timestamp", "datetime", "date"),
    "symbol": ("symbol", "ticker", "asset", "instrument"),
}
TRADE_NAMES = {
    **_WHO,
    "price": ("price", "last", "last_price", "trade_price", "p"),
    "size": ("size", "volume", "quantity", "qty", "amount", "last_size", "trade_size", "v"),
}
"""The names, in any case, under which the columns of a table of trades are found."""
QUOTE_NAMES = {
    **_WHO,
    "bid": ("bid", "bid_price", "best_bid"),
    "ask": ("ask", "ask_price", "best_ask", "offer"),
    "bid_size": ("bid_size", "bidsize", "bid_qty", "bid_volume"),
    "ask_size": ("ask_size", "asksize", "ask_qty", "ask_volume"),
}
"""The names, in any case, under which the columns of a table of quotes are found."""


class TickKind(NamedTuple):
    """A kind of ticks, and how its columns are found."""

    names: Mapping[str, tuple[str, ...]]
    optional: tuple[str, ...]
    price: str
    """What the bar's prices are called in errors: a role, or words."""


TRADES = TickKind(TRADE_NAMES, ("symbol", "size"), "price")
QUOTES = TickKind(QUOTE_NAMES, ("symbol", "bid_size", "ask_size"), "mid of bid and ask")

SameTime = Literal["merge", "step"]


def trades_to_bars(
    times: Any,
    prices: ArrayLike | None = None,
    sizes: ArrayLike | None = None,
    *,
    assets: Sequence[str] | str | None = None,
    columns: Mapping[str, str | None] | None = None,
    same_time: SameTime = "merge",
    policy: Repair | Mapping[str, str] | None = None,
    time_zone: str | None = None,
    time_unit: str | None = None,
) -> Bars:
    """Bars from trades: open = high = low = close = price, volume = size.

    times, prices, sizes: n each; without sizes the volume is NaN (not known). assets: the asset of
    each trade, or one name for all (default "asset"). In place of `times` a Polars, pandas or Arrow
    table, its columns found by `TRADE_NAMES` or named by `columns`. A row without a price is no
    trade. The bars of several assets stand on the union of their times.

    Trades of one asset at one time, in the order of the source:

    - `same_time="merge"` makes them one bar: first price, highest, lowest, last, the sum of the
      sizes. No time is invented; a fill cannot tell them apart.
    - `same_time="step"` keeps each: a trade stands at least 1 ns after the one before it. Times
      only ever move later.

    Raises `DataError` as other bars do (see `Repair`), with the row of the trade.
    """
    options = Options(columns, None, time_zone, time_unit, None, Repair.of(policy))
    given = {"price": prices, "size": sizes}
    table = _table(times, given, TRADES, assets, options)
    return bars_of_ticks([table], TRADES, same_time, options.policy)


def quotes_to_bars(
    times: Any,
    bid: ArrayLike | None = None,
    ask: ArrayLike | None = None,
    bid_size: ArrayLike | None = None,
    ask_size: ArrayLike | None = None,
    *,
    assets: Sequence[str] | str | None = None,
    columns: Mapping[str, str | None] | None = None,
    same_time: SameTime = "merge",
    policy: Repair | Mapping[str, str] | None = None,
    time_zone: str | None = None,
    time_unit: str | None = None,
) -> Bars:
    """Bars from quotes: the four prices are the mid, the volume is NaN (not known).

    `extra` has `bid` and `ask`, and `bid_size` and `ask_size` where given: float64[T, N], NaN where
    the asset has no quote at that time. Arguments as of `trades_to_bars`, with `QUOTE_NAMES`. Of
    several quotes at one time `merge` keeps the last bid, ask and sizes; the prices are the first,
    highest, lowest and last mid.

    A row with neither side is no quote. A row with one side only (`one_sided_quote`) and a bid
    above the ask (`crossed_quote`) raise `DataError` unless the policy says otherwise.
    """
    options = Options(columns, None, time_zone, time_unit, None, Repair.of(policy))
    given = {"bid": bid, "ask": ask, "bid_size": bid_size, "ask_size": ask_size}
    table = _table(times, given, QUOTES, assets, options)
    return bars_of_ticks([table], QUOTES, same_time, options.policy)


def bars_of_ticks(
    tables: Sequence[tuple[str, Table]], kind: TickKind, same_time: str, rule: Repair
) -> Bars:
    """Bars from tables of one kind of ticks, each with the asset's name where it has no symbols."""
    if same_time not in ("merge", "step"):
        raise ValueError(f"same_time={same_time!r}: choose one of 'merge', 'step'")
    repairs = [repair for _, table in tables for repair in table.repairs]
    ready = []
    for one in (one for asset, table in tables for one in _by_asset(asset, table, kind)):
        read = _trades if kind is TRADES else _quotes
        one, changes = read(one, rule)
        repairs += changes
        one, changes = clean(one, rule)
        repairs += changes
        ready.append(_one_per_time(one, same_time))
    return Bars.from_columns(ready, rule, repairs)


def _trades(columns: AssetColumns, rule: Repair) -> tuple[AssetColumns, list[Repaired]]:
    price = columns.extra["price"]
    values = _degenerate(price, columns.extra.get("size"))
    return sort_times(replace(columns, extra={}, values=values).take(~np.isnan(price)), rule)


def _quotes(columns: AssetColumns, rule: Repair) -> tuple[AssetColumns, list[Repaired]]:
    one = columns.take(~(np.isnan(columns.extra["bid"]) & np.isnan(columns.extra["ask"])))
    one, repairs = sort_times(one, rule)
    alone = np.isnan(one.extra["bid"]) | np.isnan(one.extra["ask"])
    problem = "the quote has only one of bid and ask"
    one, changes = settle(one, "one_sided_quote", rule, alone, "bid", problem)
    repairs += changes
    crossed = one.extra["bid"] > one.extra["ask"]
    one, changes = settle(one, "crossed_quote", rule, crossed, "bid", "the bid is above the ask")
    repairs += changes
    mid = (one.extra["bid"] + one.extra["ask"]) / 2
    return replace(one, values=_degenerate(mid, None)), repairs


def _degenerate(price: np.ndarray, size: np.ndarray | None) -> np.ndarray:
    values = np.empty((len(FIELDS), len(price)))
    values[:4] = price
    values[4] = np.nan if size is None else size
    return values


def _one_per_time(columns: AssetColumns, same_time: str) -> AssetColumns:
    """Rows in time order whose times are made unique; `same_time` says how."""
    times, values = columns.times, columns.values
    new = np.ones(len(times), dtype=bool)
    new[1:] = times[1:] != times[:-1]
    if new.all():
        return columns
    if same_time == "step":
        place = np.arange(len(times))
        return replace(columns, times=place + np.maximum.accumulate(times - place))
    starts = np.flatnonzero(new)
    last = np.append(starts[1:], len(times)) - 1
    merged = np.stack(
        [
            values[0, starts],
            np.maximum.reduceat(values[1], starts),
            np.minimum.reduceat(values[2], starts),
            values[3, last],
            np.add.reduceat(values[4], starts),
        ]
    )
    return replace(columns.take(last), values=merged)


def _table(
    times: Any,
    given: Mapping[str, ArrayLike | None],
    kind: TickKind,
    assets: Sequence[str] | str | None,
    options: Options,
) -> tuple[str, Table]:
    """The asset's name and the table of ticks, from a table or from arrays."""
    if is_table(times):
        if any(column is not None for column in given.values()):
            raise ValueError("a table brings its own columns: pass it alone")
        table = read_rows(plain_table(times), kind.names, kind.optional, options)
        if assets is not None and table.symbols is not None:
            raise ValueError("the table has a symbol column: leave assets out")
        if not (assets is None or isinstance(assets, str)):
            raise ValueError("assets names the one asset of a table without a symbol column")
        return assets or "asset", table
    if options.columns is not None:
        raise ValueError("columns names the columns of a table; here arrays were passed")
    stamps = to_times(times, options.time_zone, options.policy.mixed_time_zones == "convert")
    numbers = {}
    for name, column in given.items():
        if column is not None:
            numbers[name] = _numbers(name, column, len(stamps))
        elif name not in kind.optional:
            raise ValueError(f"{name} is missing: pass it, or a table alone")
    symbols = None
    if assets is not None and not isinstance(assets, str):
        if len(assets) != len(stamps):
            raise ValueError(
                f"{len(assets)} asset names for {len(stamps)} ticks: one each, or one for all"
            )
        numbering: dict[str, int] = {}
        code = [numbering.setdefault(str(name), len(numbering)) for name in assets]
        symbols = Symbols(list(numbering), np.array(code, dtype=np.int64))
    rows = np.arange(1, len(stamps) + 1)
    name = assets if isinstance(assets, str) else "asset"
    return name, Table(stamps, "naive", numbers, symbols, rows, Place(), [])


def _by_asset(asset: str, table: Table, kind: TickKind) -> list[AssetColumns]:
    """The rows of each asset, its numbers under `extra`; what the prices are called in errors."""
    if not len(table.times):
        raise DataError(
            "empty",
            "there are no ticks",
            file=table.place.file,
            remedy="Pass at least one row",
        )
    own = table.place.names
    called: dict[str, str] = dict.fromkeys(FIELDS[:4], own.get(kind.price, kind.price))
    called["volume"] = own.get("size", "size")
    place = replace(table.place, names={**own, **called})
    blank = np.empty((len(FIELDS), len(table.times)))
    whole = AssetColumns(asset, table.times, blank, dict(table.numbers), table.rows, place)
    if table.symbols is None:
        return [whole]
    names, code = table.symbols
    order = np.argsort(code, kind="stable")
    ends = np.cumsum(np.bincount(code, minlength=len(names)))
    parts = [(name, order[ends[k - 1] if k else 0 : ends[k]]) for k, name in enumerate(names)]
    return [replace(whole.take(rows), asset=name) for name, rows in parts if len(rows)]


def _numbers(name: str, column: ArrayLike, length: int) -> np.ndarray:
    try:
        numbers = np.asarray(column, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError("unreadable_value", f"not numbers: {error}", column=name) from None
    if numbers.shape != (length,):
        raise DataError(
            "shape",
            f"shape {numbers.shape} does not go with {length} times",
            column=name,
            remedy="Pass one number for each tick",
        )
    return numbers


# Coarse and fine


def fine_rows(
    coarse_times: ArrayLike,
    fine_times: ArrayLike,
    label: Literal["left", "right"] = "right",
    fine_label: Literal["left", "right"] = "left",
    period: object = None,
) -> np.ndarray:
    """int64[T + 1]: coarse bar t is made of the fine rows index[t] to before index[t + 1].

    coarse_times (T of them), fine_times: both sorted. label: whether a coarse bar is stamped with
    its beginning ("left") or its end ("right"). fine_label: the same of the fine bars; ticks, which
    have no length, are "left". It decides on which side of a border a row at exactly that time
    lies: a left-labelled row begins there and belongs to the later bar, a right-labelled one ends
    there and belongs to the earlier.

    Bars follow each other without a gap: a left-labelled one lasts until the next one begins, a
    right-labelled one begins where the one before it ends. What lies before the first
    left-labelled or after the last right-labelled bar belongs to none. `period` (ns, timedelta
    or text) is the length of the bar at the open end (the last left-labelled one, the first
    right-labelled one), which otherwise reaches to the end of the fine rows. Rows without any fine
    time give an empty range.
    """
    _check_label("label", label)
    _check_label("fine_label", fine_label)
    coarse, fine = to_times(coarse_times), to_times(fine_times)
    for name, one in (("coarse_times", coarse), ("fine_times", fine)):
        back = np.flatnonzero(one[1:] < one[:-1])
        if len(back):
            raise DataError(
                "unsorted_times",
                f"{name} must be sorted: this one is earlier than the one before it",
                row=int(back[0]) + 2,
                time=format_time(int(one[back[0] + 1])),
            )
    side = fine_label
    index = np.searchsorted(fine, coarse, side)
    if not len(coarse):
        return np.zeros(1, dtype=np.int64)
    if label == "left":
        end = len(fine)
        if period is not None:
            border = later(coarse[-1:], duration(period, "period"))
            end = int(np.searchsorted(fine, border, side)[0])
        return np.append(index, end).astype(np.int64)
    start = 0
    if period is not None:
        border = max(int(coarse[0]) - duration(period, "period"), np.iinfo(np.int64).min)
        start = int(np.searchsorted(fine, border, side))
    return np.concatenate([[start], index]).astype(np.int64)


class Resampled(NamedTuple):
    """Coarse bars, and which fine rows each is made of."""

    bars: Bars
    index: np.ndarray
    """int64[T + 1]: coarse bar t is made of the fine rows index[t] to before index[t + 1]."""


_EXTRA_RULES = ("last", "first", "sum", "mean", "max", "min")


def resample(
    bars: Bars,
    every: object,
    *,
    by: Literal["time", "ticks", "volume", "value"] = "time",
    label: Literal["left", "right"] = "right",
    fine_label: Literal["left", "right"] = "left",
    clock: str | None = None,
    offset: object = 0,
    time_zone: str | None = None,
    partial: bool = True,
    extra: Mapping[str, str] | None = None,
) -> Resampled:
    """Coarse bars from finer ones (or from ticks), all assets on the same borders.

    `by="time"`: `every` is

    - a length of time (ns, timedelta, text such as "5m"): borders at its multiples since 1970 UTC,
      moved by `offset`;
    - a calendar length, "1d", "1w" (from Monday), "1mo", "1y" or a multiple: borders at midnight in
      `time_zone` (default UTC);
    - sorted borders themselves (K + 1 times), for sessions: their closes with `label="right"`, or
      their opens with `label="left"`. Rows before the first and after the last border are left out.

    `by="ticks"`, `"volume"` or `"value"` (volume times close): a bar closes with the fine row in
    which the number of bars, the volume or the value since the last bar's end reaches `every`;
    that row belongs to it whole, and the next bar counts from zero. NaN counts as 0. With several
    assets `clock` names the one that is counted.

    label: coarse bars are stamped with their beginning or end; by ticks, volume or value, with the
    time of their first or last row. The end is when a bar is known, hence the default. fine_label:
    as of `fine_rows`; "left", the default, never puts a row into a bar that ended before the row
    did. A border without rows makes no bar.

    Of each asset open is its first open, close its last close, high and low its extremes, volume
    the sum of those known (NaN if none is); without a bar in the span it has none. extra: by name
    one of last, first, sum, mean, max, min of the numbers that are not NaN (default last).

    partial: whether to keep the last bar although it may not be complete: by time, no later row
    shows that it is over; otherwise, `every` was not reached.
    """
    _check_label("label", label)
    _check_label("fine_label", fine_label)
    rules = dict(extra or {})
    for name, rule in rules.items():
        if name not in bars.extra:
            raise ValueError(f"extra={{{name!r}: ...}}: the bars have {', '.join(bars.extra)}")
        if rule not in _EXTRA_RULES:
            raise ValueError(f"extra={{{name!r}: {rule!r}}}: choose one of {_EXTRA_RULES}")
    if not len(bars):
        return Resampled(bars, np.zeros(1, dtype=np.int64))
    if by == "time":
        if clock is not None:
            raise ValueError("clock goes with by='ticks', 'volume' or 'value'")
        borders = _borders(bars.times, every, duration(offset, "offset"), time_zone)
        rows = np.searchsorted(bars.times, borders, fine_label)
        full = rows[1:] > rows[:-1]
        stamps = (borders[:-1] if label == "left" else borders[1:])[full]
        index = np.append(rows[:-1][full], rows[1:][full][-1:])
        # No row after the last bar: nothing shows that it is over.
        closed = len(stamps) > 0 and int(index[-1]) < len(bars)
    elif by in ("ticks", "volume", "value"):
        index, closed = _counted(bars, every, by, clock)
        stamps = bars.times[index[:-1] if label == "left" else index[1:] - 1]
    else:
        raise ValueError(f"by={by!r}: choose one of 'time', 'ticks', 'volume', 'value'")
    if not partial and not closed and len(stamps):
        stamps, index = stamps[:-1], index[:-1]
    if not len(stamps):
        return Resampled(bars.until(0), np.zeros(1, dtype=np.int64))
    return Resampled(_coarse(bars, stamps, index, rules), index.astype(np.int64))


def _check_label(name: str, label: str) -> None:
    if label not in ("left", "right"):
        raise ValueError(f"{name}={label!r}: choose 'left' (the beginning) or 'right' (the end)")


_CALENDAR = re.compile(r"(\d+)(d|w|mo|y)")


def _borders(times: np.ndarray, every: Any, offset: int, time_zone: str | None) -> np.ndarray:
    """int64[K + 1]: borders that enclose all the times, or those that were given."""
    if np.ndim(every) == 1:
        borders = to_times(every, time_zone)
        if len(borders) < 2 or not (borders[1:] > borders[:-1]).all():
            raise ValueError("borders of bars must be at least two times, strictly increasing")
        return borders
    calendar = _CALENDAR.fullmatch(every) if isinstance(every, str) else None
    if calendar:
        return _calendar(times, int(calendar[1]), calendar[2], time_zone) + offset
    length = duration(every, "every")
    if length <= 0:
        raise ValueError(f"every={every!r}: a bar must have a length")
    number = (times - offset) // length
    # Only borders beside rows: a month without ticks needs no million borders.
    return np.unique(np.concatenate([number - 1, number, number + 1, number + 2])) * length + offset


def _calendar(times: np.ndarray, count: int, unit: str, time_zone: str | None) -> np.ndarray:
    """Midnights of the zone, from a bar before the first time to one after the last."""
    if count < 1:
        raise ValueError(f"every='{count}{unit}': a bar must have a length")
    zone = ZoneInfo(time_zone) if time_zone else None
    days = times[[0, -1]].astype("datetime64[ns]").astype("datetime64[D]")
    # A zone's date is at most a day from that in UTC.
    first, last = days[0] - 1, days[1] + 1
    if unit in "dw":
        length, origin = (count, 0) if unit == "d" else (count * 7, -3)  # day -3 was a Monday
        low = (int(first.astype(np.int64)) - origin) // length
        high = (int(last.astype(np.int64)) - origin) // length + 2
        dates = (np.arange(low, high) * length + origin).astype("datetime64[D]")
    else:
        length = count * (12 if unit == "y" else 1)
        low = int(first.astype("datetime64[M]").astype(np.int64)) // length
        high = int(last.astype("datetime64[M]").astype(np.int64)) // length + 2
        dates = (np.arange(low, high) * length).astype("datetime64[M]").astype("datetime64[D]")
    midnight = dt.time()
    return np.array(
        [nanoseconds(dt.datetime.combine(day, midnight), zone) for day in dates.tolist()],
        dtype=np.int64,
    )


def _counted(bars: Bars, every: Any, by: str, clock: str | None) -> tuple[np.ndarray, bool]:
    """Rows at which bars of `every` ticks, units or money begin, and whether the last is full."""
    if isinstance(every, bool) or not isinstance(every, (int, float, np.number)) or not every > 0:
        raise ValueError(f"every={every!r}: by={by!r} needs a positive number")
    if clock is None and len(bars.assets) != 1:
        raise ValueError(f"several assets: name the one that is counted, clock='{bars.assets[0]}'")
    n = 0 if clock is None else bars.index(clock)
    close, volume = bars.values[3, n], bars.values[4, n]
    if by == "ticks":
        amount = (~np.isnan(close)).astype(np.float64)
    else:
        amount = volume if by == "volume" else volume * close
        if np.isnan(amount).all():
            raise DataError(
                "missing_volume",
                f"bars by {by} need volumes, and none is known",
                asset=bars.assets[n],
                column="volume",
                remedy="Count by='ticks', or give the bars a volume",
            )
        amount = np.ascontiguousarray(amount)
    ends = np.empty(len(amount), dtype=np.int64)
    count = int(_ends(amount, float(every), ends))
    closed = count > 0 and int(ends[count - 1]) == len(amount)
    index = [0, *ends[:count].tolist()] + ([] if closed else [len(amount)])
    return np.array(index, dtype=np.int64), closed


@njit
def _ends(amount, every, ends):
    """Write where each bar ends, as the row after its last one; returns how many bars are full.

    amount: float64[T], what each row adds (NaN adds nothing). every: what a bar needs. ends:
    int64[T], written from the start.
    """
    count = 0
    total = 0.0
    for t in range(len(amount)):
        if amount[t] == amount[t]:
            total += amount[t]
        if total >= every:
            ends[count] = t + 1
            count += 1
            total = 0.0
    return count


def _coarse(bars: Bars, stamps: np.ndarray, index: np.ndarray, rules: dict[str, str]) -> Bars:
    """The bars of consecutive ranges of rows, none of them empty."""
    part = slice(int(index[0]), int(index[-1]))
    starts = index[:-1] - index[0]
    values = bars.values[:, :, part]
    present = ~np.isnan(values[3])
    first, last = _ends_of(present, starts)
    out = np.empty((len(FIELDS), len(bars.assets), len(stamps)))
    some = last >= 0
    columns = np.arange(len(bars.assets))[:, None]
    out[0] = np.where(some, values[0][columns, first], np.nan)
    out[1] = np.fmax.reduceat(values[1], starts, axis=1)
    out[2] = np.fmin.reduceat(values[2], starts, axis=1)
    out[3] = np.where(some, values[3][columns, last], np.nan)
    out[4] = _reduced(values[4], starts, "sum")
    extra = {}
    for name, matrix in bars.extra.items():
        extra[name] = _reduced(matrix[part].T, starts, rules.get(name, "last")).T
    return Bars(np.ascontiguousarray(stamps), bars.assets, out, extra, bars.repairs)


def _ends_of(there: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int64[N, K]: the first and the last column of each range where bool[N, T] holds; -1: none."""
    place = np.arange(there.shape[1])
    last = np.maximum.reduceat(np.where(there, place, -1), starts, axis=1)
    first = np.minimum.reduceat(np.where(there, place, there.shape[1]), starts, axis=1)
    return np.where(last >= 0, first, -1), last


def _reduced(matrix: np.ndarray, starts: np.ndarray, rule: str) -> np.ndarray:
    """float64[N, K] of float64[N, T]: one number for each range, NaN where it has none."""
    if rule == "max":
        return np.fmax.reduceat(matrix, starts, axis=1)
    if rule == "min":
        return np.fmin.reduceat(matrix, starts, axis=1)
    there = ~np.isnan(matrix)
    first, last = _ends_of(there, starts)
    if rule in ("first", "last"):
        rows = np.arange(len(matrix))[:, None]
        return np.where(last >= 0, matrix[rows, first if rule == "first" else last], np.nan)
    total = np.add.reduceat(np.where(there, matrix, 0.0), starts, axis=1)
    if rule == "mean":
        total /= np.maximum(np.add.reduceat(there.astype(np.int64), starts, axis=1), 1)
    return np.where(last >= 0, total, np.nan)

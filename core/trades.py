"""Fills to trades: from flat to flat, by lots, or by the orders that entered or exited."""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np

from .jit import njit
from .lots import match_lots
from .trade_rows import (
    PART,
    SAME,
    SEGMENT,
    STATE,
    TRADE,
    averaged,
    begin,
    clear,
    end_trade,
    enter,
    price_at,
    rescale,
    rescale_row,
    restated,
    worth,
)

__all__ = ["TRADE", "TradeMethod", "trades"]


class TradeMethod(IntEnum):
    """What one trade is.

    `FLAT`: all fills from the one that leaves a flat position to the one that comes back to it,
    at average prices. `FIFO`: each exit is matched with the earliest lots that are still open (a
    lot: what one fill opened), a trade for each match. `LIFO`: with the latest lots. `ROUND_TRIP`:
    as `FIFO`, the matches of one fill merged to one trade. `EXIT`: a trade for each order that
    reduces a position, against the average price of what is held. `ENTRY`: a trade for each order
    that opens or increases a position, against the average of all exits of that position.
    """

    FLAT = 0
    FIFO = 1
    LIFO = 2
    ROUND_TRIP = 3
    EXIT = 4
    ENTRY = 5


_FLAT, _FIFO, _LIFO, _ROUND_TRIP, _EXIT, _ENTRY = (int(m) for m in TradeMethod)


@njit
def _segment(row, number, trade, state, multiplier, last, end_price):
    """From the position's latest fill to bar `last`, with what is held since that fill."""
    row["trade"] = number
    row["asset"] = trade["asset"]
    row["first"] = state["bar"]
    row["last"] = last
    row["units"] = state["held"] * multiplier
    row["flow"] = trade["pnl"] - state["held"] * state["basis"] * multiplier
    row["end_price"] = end_price


@njit
def _flat(fills, slots, multiplier, inverse, marks, end, states, out, segments):
    """Trades from flat to flat, one segment between two fills; returns how many of both."""
    n = 0
    n_segments = 0
    for k in range(len(fills)):
        fill = fills[k]
        slot = slots[k]
        state = states[slot]
        asset = fill["asset"]
        level = worth(fill["price"], inverse[asset])
        ratio = restated(state["held"], fill)
        if ratio == 0.0:
            out[state["row"]]["open"] = False
            clear(state)
        elif ratio != 1.0:
            rescale(state, ratio)
            rescale_row(out[state["row"]], ratio)
        if state["row"] >= 0:
            trade = out[state["row"]]
            _segment(segments[n_segments], state["row"], trade, state, multiplier[asset],
                     fill["bar"], fill["price"])  # fmt: skip
            n_segments += 1
            if fill["closed"] != 0.0:
                closed = -fill["closed"]
                trade["pnl"] += closed * (level - state["basis"]) * multiplier[asset]
                trade["exit_price"] = averaged(trade["exit_price"], state["left"], closed, level)
                trade["exit_commission"] += fill["closed_commission"]
                state["left"] += closed
                state["held"] -= closed
                if fill["opened"] != 0.0 or fill["position_size"] == 0.0:
                    end_trade(trade, k, fill)
                    clear(state)
        if fill["opened"] != 0.0:
            if state["row"] < 0:
                state["row"] = n
                begin(out[n], k, fill, slot)
                n += 1
            trade = out[state["row"]]
            trade["entry_price"] = averaged(
                trade["entry_price"], trade["entered"], fill["opened"], level
            )
            trade["entered"] += fill["opened"]
            trade["entry_commission"] += fill["opened_commission"]
            enter(state, fill["opened"], level, 0.0)
            if abs(fill["position_size"]) > abs(trade["size"]):
                trade["size"] = fill["position_size"]
        state["bar"] = fill["bar"]
    for slot in range(len(states)):
        state = states[slot]
        if state["row"] >= 0:
            trade = out[state["row"]]
            asset = trade["asset"]
            trade["held"] = state["held"]
            profit = state["held"] * (marks[asset] - state["basis"]) * multiplier[asset]
            trade["unrealised"] = profit
            _segment(segments[n_segments], state["row"], trade, state, multiplier[asset], end,
                     math.nan)  # fmt: skip
            n_segments += 1
    return n, n_segments


@njit
def _open_part(trade, state, fills, slot):
    """Describe what is held, at its average worth."""
    begin(trade, state["first"], fills[state["first"]], slot)
    trade["size"] = state["held"]
    trade["entered"] = state["held"]
    trade["held"] = state["held"]
    trade["entry_price"] = state["basis"]
    trade["entry_commission"] = state["commission"]
    trade["restated"] = state["restated"]


@njit
def _exits(fills, slots, multiplier, inverse, marks, rows_of, states, out):
    """A trade for each order that reduces a position, then one for each position still open.

    rows_of: int64[orders], -1: the latest trade of each order.
    """
    n = 0
    for k in range(len(fills)):
        fill = fills[k]
        slot = slots[k]
        state = states[slot]
        asset = fill["asset"]
        level = worth(fill["price"], inverse[asset])
        ratio = restated(state["held"], fill)
        if ratio == 0.0:
            _open_part(out[n], state, fills, slot)
            out[n]["open"] = False
            out[n]["held"] = 0.0
            n += 1
            clear(state)
        elif ratio != 1.0:
            rescale(state, ratio)
        if fill["closed"] != 0.0 and state["first"] >= 0:
            closed = -fill["closed"]
            whole = fill["opened"] != 0.0 or fill["position_size"] == 0.0
            paid = state["commission"]
            if not whole:
                paid *= closed / state["held"]
            order = fill["order"]
            row = rows_of[order] if order >= 0 else -1
            if row < 0 or out[row]["slot"] != slot or out[row]["entry_fill"] != state["first"]:
                row = n
                begin(out[n], state["first"], fills[state["first"]], slot)
                n += 1
                if order >= 0:
                    rows_of[order] = row
            trade = out[row]
            trade["restated"] = state["restated"]
            before = trade["entered"]
            trade["entry_price"] = averaged(trade["entry_price"], before, closed, state["basis"])
            trade["exit_price"] = averaged(trade["exit_price"], before, closed, level)
            trade["entered"] += closed
            trade["size"] = trade["entered"]
            trade["pnl"] += closed * (level - state["basis"]) * multiplier[asset]
            trade["entry_commission"] += paid
            trade["exit_commission"] += fill["closed_commission"]
            end_trade(trade, k, fill)
            state["commission"] -= paid
            state["held"] -= closed
            if whole:
                clear(state)
        if fill["opened"] != 0.0:
            if state["first"] < 0:
                state["first"] = k
            enter(state, fill["opened"], level, fill["opened_commission"])
    for slot in range(len(states)):
        state = states[slot]
        if state["first"] >= 0:
            trade = out[n]
            n += 1
            _open_part(trade, state, fills, slot)
            asset = trade["asset"]
            profit = state["held"] * (marks[asset] - state["basis"]) * multiplier[asset]
            trade["unrealised"] = profit
    return n


@njit
def _share_exits(out, chain, state, mark, multiplier):
    """Give the entry trades of a position their shares of its exits, by size.

    mark: the worth at which what is still held counts as sold; not used when nothing is.
    """
    total = state["left_worth"]
    if state["held"] != 0.0:
        total += state["held"] * mark
    average = total / state["entered"]
    closed = state["left_worth"] / state["left"] if state["left"] != 0.0 else math.nan
    row = state["row"]
    while row >= 0:
        trade = out[row]
        share = trade["entered"] / state["entered"]
        profit = trade["entered"] * (average - trade["entry_price"]) * multiplier
        trade["exit_price"] = closed
        trade["exit_commission"] = share * state["exit_commission"]
        trade["held"] = share * state["held"]
        trade["pnl"] = profit
        if state["held"] != 0.0:
            trade["pnl"] = share * state["pnl"]
            trade["unrealised"] = profit - trade["pnl"]
        row = chain[row]


@njit
def _entries(fills, slots, multiplier, inverse, marks, rows_of, chain, states, out):
    """A trade for each order that opens or increases a position.

    rows_of: as in `_exits`. chain: int64[len(out)], the next trade of the same position, or -1.
    """
    n = 0
    for k in range(len(fills)):
        fill = fills[k]
        slot = slots[k]
        state = states[slot]
        asset = fill["asset"]
        level = worth(fill["price"], inverse[asset])
        ratio = restated(state["held"], fill)
        if ratio != 1.0:
            row = state["row"]
            while row >= 0:
                if ratio == 0.0:
                    # Nothing is known of what ended: the trades keep what was closed before.
                    share = out[row]["entered"] / state["entered"]
                    out[row]["pnl"] = share * state["pnl"]
                    out[row]["exit_commission"] = share * state["exit_commission"]
                    out[row]["open"] = False
                else:
                    rescale_row(out[row], ratio)
                row = chain[row]
            if ratio == 0.0:
                clear(state)
            else:
                rescale(state, ratio)
        if fill["closed"] != 0.0 and state["row"] >= 0:
            closed = -fill["closed"]
            state["pnl"] += closed * (level - state["basis"]) * multiplier[asset]
            state["left"] += closed
            state["left_worth"] += closed * level
            state["exit_commission"] += fill["closed_commission"]
            state["held"] -= closed
            if fill["opened"] != 0.0 or fill["position_size"] == 0.0:
                state["held"] = 0.0
                # The sum of the entries, whatever rounding made of the sum of the exits.
                state["left_worth"] *= state["entered"] / state["left"]
                state["left"] = state["entered"]
                _share_exits(out, chain, state, 0.0, multiplier[asset])
                row = state["row"]
                while row >= 0:
                    end_trade(out[row], k, fill)
                    row = chain[row]
                clear(state)
        if fill["opened"] != 0.0:
            order = fill["order"]
            row = rows_of[order] if order >= 0 else -1
            if row < 0 or out[row]["slot"] != slot or out[row]["entry_fill"] < state["first"]:
                row = -1
            if state["row"] < 0 or row < 0:
                row = n
                n += 1
                begin(out[row], k, fill, slot)
                chain[row] = -1
                if order >= 0:
                    rows_of[order] = row
                if state["row"] < 0:
                    state["row"] = row
                    state["first"] = k
                else:
                    chain[state["last_row"]] = row
                state["last_row"] = row
            trade = out[row]
            trade["entry_price"] = averaged(
                trade["entry_price"], trade["entered"], fill["opened"], level
            )
            trade["entered"] += fill["opened"]
            trade["size"] = trade["entered"]
            trade["entry_commission"] += fill["opened_commission"]
            enter(state, fill["opened"], level, 0.0)
    for slot in range(len(states)):
        state = states[slot]
        if state["row"] >= 0:
            asset = out[state["row"]]["asset"]
            _share_exits(out, chain, state, marks[asset], multiplier[asset])
    return n


@np.errstate(divide="ignore", invalid="ignore")
def trades(
    fills: np.ndarray,
    n_assets: int,
    method: TradeMethod | str = TradeMethod.FLAT,
    *,
    slots: np.ndarray | None = None,
    multiplier: np.ndarray | None = None,
    inverse: np.ndarray | None = None,
    times: np.ndarray | None = None,
    values: np.ndarray | None = None,
    positions: np.ndarray | None = None,
    whole_bars: bool = False,
) -> np.ndarray:
    """`TRADE[·]` of `FILL[·]`, by a `TradeMethod` or its name.

    slots: int64[·], the position that each fill changed; by default the fills' own, or their
    assets. multiplier: float64[N], inverse: bool[N], by default 1 and False. times: int64[T] and
    values: float64[5, N, T] of the bars: without them open trades have no mark, and holding time
    of open trades, bars held and excursions are not known (NaN, -1). positions: float64[slots],
    the units held now, where splits may have changed them since the last fill. whole_bars: see
    `excursions.measure`.

    Sequence: `FLAT` and `ENTRY` as they were entered; the others as they were exited, the open
    ones behind. All methods agree on units, commission, and profit realised and unrealised; what
    is realised while a position is open depends on the method. Profit is computed from prices.

    A position that ended without a fill (a liquidation outside the market) leaves trades that are
    neither open nor have an exit, once the asset is traded again. When a split has changed a
    position since a fill, its trades count in the units of after it. A fill that closes what
    no fill has opened is in no trade. Raises ValueError for an unknown method or arrays of wrong
    length.
    """
    kind = _method(method)
    key = "slot" if "slot" in (fills.dtype.names or ()) else "asset"
    slots = np.ascontiguousarray(fills[key] if slots is None else slots, np.int64)
    _check(fills, n_assets, slots, values, positions)
    factor = _per_asset("multiplier", multiplier, 1.0, n_assets, np.float64)
    turned = _per_asset("inverse", inverse, False, n_assets, np.bool_)
    closes = np.full(n_assets, np.nan) if values is None else last_known(values[3])
    marks = np.where(turned, -1.0 / closes, closes)
    end = 0 if values is None else values.shape[2]
    states = np.zeros(int(slots.max(initial=-1)) + 1, dtype=STATE)
    states["row"] = states["last_row"] = states["first"] = -1
    parts = np.empty(len(fills), dtype=PART)
    for name in PART.names or ():
        parts[name] = fills[name]
    if positions is not None:
        parts, slots = _brought_up(parts, slots, np.asarray(positions, np.float64))
    terms = (parts, slots, factor, turned, marks)
    segments = None
    if kind == _FLAT:
        out = np.zeros(len(fills), dtype=TRADE)
        segments = np.zeros(len(parts) + len(states), dtype=SEGMENT)
        n, n_segments = _flat(*terms, end, states, out, segments)
        segments = segments[:n_segments]
    else:
        opened = np.count_nonzero(fills["opened"])
        out = np.zeros(opened + np.count_nonzero(fills["closed"]), dtype=TRADE)
        if kind in (_EXIT, _ENTRY):
            rows_of = np.full(int(fills["order"].max(initial=-1)) + 1, -1, np.int64)
            if kind == _EXIT:
                n = _exits(*terms, rows_of, states, out)
            else:
                n = _entries(*terms, rows_of, np.full(len(out), -1, np.int64), states, out)
        else:
            head = np.full(len(states), -1, np.int64)
            after = np.full(len(parts), -1, np.int64)
            lots = np.zeros((len(parts), 4))
            latest_first, merge = kind == _LIFO, kind == _ROUND_TRIP
            tail = head.copy()
            n = match_lots(*terms, latest_first, merge, head, tail, after, lots, states, out)
    out = out[:n]
    last_time = int(times[-1]) if times is not None and len(times) else -1
    _finish(out, factor, turned, closes, last_time)
    if "cause" in (fills.dtype.names or ()) and len(out):
        out["entry_cause"] = fills["cause"][out["entry_fill"]]
        out["exit_cause"] = np.where(out["exit_fill"] >= 0, fills["cause"][out["exit_fill"]], -1)
    if values is not None:
        from .excursions import measure

        measure(out, segments, values, factor, turned, whole_bars)
    return out


def _check(fills, n_assets: int, slots, values, positions) -> None:
    """Refuse what kernels would read out of bounds for."""
    if len(slots) != len(fills):
        raise ValueError(f"slots: {len(slots)} for {len(fills)} fills.")
    if slots.min(initial=0) < 0:
        raise ValueError(f"slots: {slots.min()} is negative.")
    if positions is not None and len(positions) <= slots.max(initial=-1):
        raise ValueError(f"positions: {len(positions)}, but there is slot {slots.max()}.")
    bounds = {"asset": n_assets}
    if values is not None:
        if values.ndim != 3 or values.shape[:2] != (5, n_assets):
            raise ValueError(f"values: shape {values.shape}, not (5, {n_assets}, bars).")
        bounds["bar"] = values.shape[2]
    for name, bound in bounds.items():
        found = fills[name]
        if found.min(initial=0) < 0 or found.max(initial=-1) >= bound:
            raise ValueError(f"fills: {name} {found.min()} to {found.max()} of {bound}.")


def _brought_up(
    parts: np.ndarray, slots: np.ndarray, positions: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The fills, and a fill of nothing for each position that changed without one since."""
    after = np.zeros(len(positions))
    after[slots] = parts["position_size"]  # of repeated slots the last one stays
    asset = np.zeros(len(positions), np.int64)
    asset[slots] = parts["asset"]
    moved = np.flatnonzero((after != 0.0) & (np.abs(positions - after) > SAME * np.abs(after)))
    more = np.zeros(len(moved), dtype=PART)
    more["order"] = -1
    more["asset"] = asset[moved]
    more["price"] = np.nan
    more["position_size"] = positions[moved]
    return np.concatenate((parts, more)), np.concatenate((slots, moved))


def _method(method: TradeMethod | str) -> int:
    if isinstance(method, str):
        known = {m.name.lower(): int(m) for m in TradeMethod}
        if method.lower() not in known:
            raise ValueError(f"method: {method!r} is not one of {', '.join(known)}.")
        return known[method.lower()]
    return int(TradeMethod(method))


def _per_asset(name: str, given, default, count: int, dtype: type) -> np.ndarray:
    if given is None:
        return np.full(count, default, dtype=dtype)
    array = np.ascontiguousarray(given, dtype)
    if array.shape != (count,):
        raise ValueError(f"{name}: shape {array.shape} for {count} assets.")
    return array


def last_known(closes: np.ndarray) -> np.ndarray:
    """The last close of each asset, float64[N] of float64[N, T]; NaN where there is none."""
    count, length = closes.shape
    if not length:
        return np.full(count, np.nan)
    since = np.argmax(~np.isnan(closes[:, ::-1]), axis=1)
    return closes[np.arange(count), length - 1 - since]


@njit
def _finish(rows, multiplier, inverse, closes, last_time):
    """Worths to prices, and what follows from the other fields; last_time: ns, -1 not known."""
    for row in rows:
        asset = row["asset"]
        value = abs(row["entered"] * row["entry_price"] * multiplier[asset])
        row["entry_value"] = value
        row["entry_price"] = price_at(row["entry_price"], inverse[asset])
        row["exit_price"] = price_at(row["exit_price"], inverse[asset])
        row["commission"] = row["entry_commission"] + row["exit_commission"]
        row["return"] = (row["pnl"] + row["unrealised"] - row["commission"]) / value
        # Neither open nor exited: it ended outside of the market, nobody knows when.
        row["holding_ns"] = -1
        if row["exit_fill"] >= 0:
            row["holding_ns"] = row["exit_time"] - row["entry_time"]
        elif row["open"]:
            row["mark"] = closes[asset]
            if last_time >= 0:
                row["holding_ns"] = last_time - row["entry_time"]
        row["holding_bars"] = -1
        row["mfe"] = math.nan
        row["mae"] = math.nan
        row["mfe_return"] = math.nan
        row["mae_return"] = math.nan

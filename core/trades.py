"""Fills to trades: from flat to flat, by lots, or by the orders that entered or exited."""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np

from .jit import njit


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

#: One trade. Units are signed (long > 0), money is in the asset's currency. Rows and numbers are
#: -1, prices NaN where there is none; what a trade with `open` says of its exit is of the part
#: that is closed already. `pnl` and `unrealised` are gross, commission is positive.
TRADE = np.dtype(
    [
        ("asset", np.int64),
        ("entry_bar", np.int64),  # of its first fill
        ("exit_bar", np.int64),  # of its last fill, -1 while open
        ("entry_time", np.int64),
        ("exit_time", np.int64),
        ("size", np.float64),  # FLAT: the largest position; else the units that it entered
        ("entry_price", np.float64),  # averages over the units entered and closed
        ("exit_price", np.float64),
        ("pnl", np.float64),  # of the closed part
        ("commission", np.float64),
        ("open", np.bool_),
        ("slot", np.int64),  # the position that it belongs to
        ("entry_fill", np.int64),
        ("exit_fill", np.int64),
        ("entry_order", np.int64),
        ("exit_order", np.int64),
        ("entry_cause", np.int64),  # `cause` of these fills, -1 where fills have none
        ("exit_cause", np.int64),
        ("entered", np.float64),  # units that it opened in all
        ("held", np.float64),  # of which are still open
        ("entry_value", np.float64),  # absolute worth of the units entered at their prices
        ("entry_commission", np.float64),
        ("exit_commission", np.float64),
        ("mark", np.float64),  # last close, of an open trade
        ("unrealised", np.float64),  # profit of `held` at `mark`, 0 of a closed trade
        ("return", np.float64),  # profit after commission / entry_value
        ("holding_ns", np.int64),  # to the exit, or to the last bar
        ("holding_bars", np.int64),  # bars of the asset after the entry's, up to the exit's
        ("mfe", np.float64),  # see `excursions.measure`
        ("mae", np.float64),
        ("mfe_return", np.float64),  # the same / entry_value
        ("mae_return", np.float64),
        ("restated", np.bool_),  # a split changed its units: its excursions are not known
    ]
)

# What a trade needs of a fill: kernels stay the same, whatever else fills carry.
_PART = np.dtype(
    [(name, np.int64) for name in ("order", "asset", "bar", "time")]
    + [
        (name, np.float64)
        for name in (
            "price",
            "closed",
            "opened",
            "closed_commission",
            "opened_commission",
            "position_size",
        )
    ]
)

# What is known of a position while the fills are read. Worth is price, or -1 / price of an inverse
# contract: profit is multiplier x units x difference in worth.
_STATE = np.dtype(
    [
        ("held", np.float64),
        ("basis", np.float64),  # average worth of what is held
        ("commission", np.float64),  # paid on the entries of what is held
        ("row", np.int64),  # the open trade; ENTRY: the first of its chain. -1: flat
        ("last_row", np.int64),
        ("first", np.int64),  # the fill that left the flat position
        ("bar", np.int64),  # of its latest fill
        ("entered", np.float64),
        ("left", np.float64),  # units that were closed
        ("left_worth", np.float64),
        ("pnl", np.float64),
        ("exit_commission", np.float64),
        ("restated", np.bool_),
    ]
)

#: A stretch of time in which the units of a trade do not change: its profit at price p is
#: `flow + units x worth(p)`. `end_price` is where the stretch ends, NaN at the end of the data.
SEGMENT = np.dtype(
    [
        ("trade", np.int64),
        ("asset", np.int64),
        ("first", np.int64),
        ("last", np.int64),
        ("units", np.float64),  # times the multiplier
        ("flow", np.float64),
        ("end_price", np.float64),
    ]
)

_SAME = 1e-9


@njit
def worth(price, inverse):
    """What a unit is worth at `price`, before the multiplier: price, or -1 / price if inverse."""
    return -1.0 / price if inverse else price


@njit
def price_at(level, inverse):
    """The price at which a unit is worth `level`."""
    return -1.0 / level if inverse else level


@njit
def _restated(held, fill):
    """Units that a unit held before this fill has become without a fill: 1.0 usually.

    A split changes it; 0.0 when the position ended outside of the market.
    """
    if held == 0.0:
        return 1.0
    after = fill["position_size"]
    if fill["closed"] == 0.0 and after == fill["opened"]:
        return 0.0
    size = fill["closed"] + fill["opened"]
    before = after - size
    if abs(before - held) <= _SAME * max(abs(held), abs(after), abs(size)):
        return 1.0
    ratio = before / held
    return ratio if ratio > 0.0 and np.isfinite(ratio) else 1.0


@njit
def _begin(trade, k, fill, slot):
    """Start a trade with fill k; its prices hold worths until `_finish`."""
    trade["asset"] = fill["asset"]
    trade["slot"] = slot
    trade["entry_bar"] = fill["bar"]
    trade["entry_time"] = fill["time"]
    trade["entry_fill"] = k
    trade["entry_order"] = fill["order"]
    trade["exit_bar"] = -1
    trade["exit_time"] = 0
    trade["exit_fill"] = -1
    trade["exit_order"] = -1
    trade["entry_cause"] = -1
    trade["exit_cause"] = -1
    trade["entry_price"] = math.nan
    trade["exit_price"] = math.nan
    trade["mark"] = math.nan
    trade["open"] = True


@njit
def _end(trade, k, fill):
    trade["exit_bar"] = fill["bar"]
    trade["exit_time"] = fill["time"]
    trade["exit_fill"] = k
    trade["exit_order"] = fill["order"]
    trade["open"] = False
    trade["held"] = 0.0


@njit
def _averaged(average, units, more, level):
    """The average worth of `units` and `more` of them at `level`; NaN average: none so far."""
    return level if units == 0.0 else (average * units + level * more) / (units + more)


@njit
def _enter(state, opened, level, commission):
    state["basis"] = _averaged(state["basis"], state["held"], opened, level)
    state["held"] += opened
    state["entered"] += opened
    state["commission"] += commission


@njit
def _rescale(state, ratio):
    """A split: more units, each worth less."""
    state["held"] *= ratio
    state["basis"] /= ratio
    state["entered"] *= ratio
    state["left"] *= ratio
    state["restated"] = True


@njit
def _rescale_row(trade, ratio):
    trade["size"] *= ratio
    trade["entered"] *= ratio
    trade["held"] *= ratio
    trade["entry_price"] /= ratio
    trade["exit_price"] /= ratio
    trade["restated"] = True


@njit
def _clear(state):
    state["held"] = 0.0
    state["basis"] = 0.0
    state["commission"] = 0.0
    state["row"] = -1
    state["last_row"] = -1
    state["first"] = -1
    state["entered"] = 0.0
    state["left"] = 0.0
    state["left_worth"] = 0.0
    state["pnl"] = 0.0
    state["exit_commission"] = 0.0
    state["restated"] = False


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
        ratio = _restated(state["held"], fill)
        if ratio == 0.0:
            out[state["row"]]["open"] = False
            _clear(state)
        elif ratio != 1.0:
            _rescale(state, ratio)
            _rescale_row(out[state["row"]], ratio)
        if state["row"] >= 0:
            trade = out[state["row"]]
            _segment(segments[n_segments], state["row"], trade, state, multiplier[asset],
                     fill["bar"], fill["price"])  # fmt: skip
            n_segments += 1
            if fill["closed"] != 0.0:
                closed = -fill["closed"]
                trade["pnl"] += closed * (level - state["basis"]) * multiplier[asset]
                trade["exit_price"] = _averaged(trade["exit_price"], state["left"], closed, level)
                trade["exit_commission"] += fill["closed_commission"]
                state["left"] += closed
                state["held"] -= closed
                if fill["opened"] != 0.0 or fill["position_size"] == 0.0:
                    _end(trade, k, fill)
                    _clear(state)
        if fill["opened"] != 0.0:
            if state["row"] < 0:
                state["row"] = n
                _begin(out[n], k, fill, slot)
                n += 1
            trade = out[state["row"]]
            trade["entry_price"] = _averaged(
                trade["entry_price"], trade["entered"], fill["opened"], level
            )
            trade["entered"] += fill["opened"]
            trade["entry_commission"] += fill["opened_commission"]
            _enter(state, fill["opened"], level, 0.0)
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
    _begin(trade, state["first"], fills[state["first"]], slot)
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
        ratio = _restated(state["held"], fill)
        if ratio == 0.0:
            _open_part(out[n], state, fills, slot)
            out[n]["open"] = False
            out[n]["held"] = 0.0
            n += 1
            _clear(state)
        elif ratio != 1.0:
            _rescale(state, ratio)
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
                _begin(out[n], state["first"], fills[state["first"]], slot)
                n += 1
                if order >= 0:
                    rows_of[order] = row
            trade = out[row]
            trade["restated"] = state["restated"]
            before = trade["entered"]
            trade["entry_price"] = _averaged(trade["entry_price"], before, closed, state["basis"])
            trade["exit_price"] = _averaged(trade["exit_price"], before, closed, level)
            trade["entered"] += closed
            trade["size"] = trade["entered"]
            trade["pnl"] += closed * (level - state["basis"]) * multiplier[asset]
            trade["entry_commission"] += paid
            trade["exit_commission"] += fill["closed_commission"]
            _end(trade, k, fill)
            state["commission"] -= paid
            state["held"] -= closed
            if whole:
                _clear(state)
        if fill["opened"] != 0.0:
            if state["first"] < 0:
                state["first"] = k
            _enter(state, fill["opened"], level, fill["opened_commission"])
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
        ratio = _restated(state["held"], fill)
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
                    _rescale_row(out[row], ratio)
                row = chain[row]
            if ratio == 0.0:
                _clear(state)
            else:
                _rescale(state, ratio)
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
                    _end(out[row], k, fill)
                    row = chain[row]
                _clear(state)
        if fill["opened"] != 0.0:
            order = fill["order"]
            row = rows_of[order] if order >= 0 else -1
            if row < 0 or out[row]["slot"] != slot or out[row]["entry_fill"] < state["first"]:
                row = -1
            if state["row"] < 0 or row < 0:
                row = n
                n += 1
                _begin(out[row], k, fill, slot)
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
            trade["entry_price"] = _averaged(
                trade["entry_price"], trade["entered"], fill["opened"], level
            )
            trade["entered"] += fill["opened"]
            trade["size"] = trade["entered"]
            trade["entry_commission"] += fill["opened_commission"]
            _enter(state, fill["opened"], level, 0.0)
    for slot in range(len(states)):
        state = states[slot]
        if state["row"] >= 0:
            asset = out[state["row"]]["asset"]
            _share_exits(out, chain, state, marks[asset], multiplier[asset])
    return n


@njit
def _lots(fills, slots, multiplier, inverse, marks, latest_first, merge, head, tail, after, lots,
          states, out):  # fmt: skip
    """A trade for each match of an exit with a lot, or for each exit; then the lots still open.

    Lot k is what fill k opened. head, tail: int64[slots], -1: the lot that is closed next and the
    last one. after: int64[fills], the lot that follows. lots: float64[fills, 4]: units that are
    left, their worth each, the commission paid on them, and 1 after a split.
    """
    n = 0
    for k in range(len(fills)):
        fill = fills[k]
        slot = slots[k]
        state = states[slot]
        asset = fill["asset"]
        level = worth(fill["price"], inverse[asset])
        ratio = _restated(state["held"], fill)
        if ratio != 1.0:
            state["held"] *= ratio
            lot = head[slot]
            while lot >= 0:
                if ratio == 0.0:
                    _open_lot(out[n], lot, fills[lot], slot, lots)
                    out[n]["open"] = False
                    out[n]["held"] = 0.0
                    n += 1
                    lots[lot, 0] = 0.0
                else:
                    lots[lot, 0] *= ratio
                    lots[lot, 1] /= ratio
                    lots[lot, 3] = 1.0
                lot = after[lot]
            if ratio == 0.0:
                head[slot] = tail[slot] = -1
        if fill["closed"] != 0.0 and head[slot] >= 0:
            whole = fill["opened"] != 0.0 or fill["position_size"] == 0.0
            need = -fill["closed"]
            state["held"] = 0.0 if whole else state["held"] - need
            unpaid = fill["closed_commission"]
            row = -1
            while head[slot] >= 0 and (whole or need != 0.0):
                lot = head[slot]
                left = lots[lot, 0]
                last = after[lot] < 0
                taken = left
                gone = True
                if whole:
                    done = last
                else:
                    same = abs(need - left) <= _SAME * abs(left)
                    done = same or last or abs(need) < abs(left)
                    if done and (last or not same):
                        # The last lot stays while the position does, if as a rounding error.
                        taken = need
                        gone = False
                paid = lots[lot, 2]
                if not gone:
                    paid *= min(taken / left, 1.0)
                exit_paid = unpaid
                if not done:
                    exit_paid = fill["closed_commission"] * (taken / -fill["closed"])
                if row < 0 or not merge:
                    row = n
                    n += 1
                    _begin(out[row], lot, fills[lot], slot)
                    _end(out[row], k, fill)
                    out[row]["exit_price"] = level
                trade = out[row]
                trade["entry_price"] = _averaged(
                    trade["entry_price"], trade["entered"], taken, lots[lot, 1]
                )
                trade["restated"] = trade["restated"] or lots[lot, 3] != 0.0
                trade["entered"] += taken
                trade["size"] = trade["entered"]
                trade["pnl"] += taken * (level - lots[lot, 1]) * multiplier[asset]
                trade["entry_commission"] += paid
                trade["exit_commission"] += exit_paid
                unpaid -= exit_paid
                need = 0.0 if done and not whole else need - taken
                lots[lot, 2] -= paid
                if gone:
                    lots[lot, 0] = 0.0
                    head[slot] = after[lot]
                    if last:
                        tail[slot] = -1
                else:
                    lots[lot, 0] = state["held"] if last else left - taken
        if fill["opened"] != 0.0:
            state["held"] += fill["opened"]
            lots[k, 0] = fill["opened"]
            lots[k, 1] = level
            lots[k, 2] = fill["opened_commission"]
            after[k] = -1
            if head[slot] < 0:
                head[slot] = tail[slot] = k
            elif latest_first:
                after[k] = head[slot]
                head[slot] = k
            else:
                after[tail[slot]] = k
                tail[slot] = k
    for k in range(len(fills)):
        if lots[k, 0] != 0.0:
            trade = out[n]
            n += 1
            _open_lot(trade, k, fills[k], slots[k], lots)
            asset = trade["asset"]
            profit = trade["held"] * (marks[asset] - trade["entry_price"]) * multiplier[asset]
            trade["unrealised"] = profit
    return n


@njit
def _open_lot(trade, lot, fill, slot, lots):
    """Describe what is left of a lot."""
    _begin(trade, lot, fill, slot)
    trade["size"] = lots[lot, 0]
    trade["entered"] = lots[lot, 0]
    trade["held"] = lots[lot, 0]
    trade["entry_price"] = lots[lot, 1]
    trade["entry_commission"] = lots[lot, 2]
    trade["restated"] = lots[lot, 3] != 0.0


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
    if len(slots) != len(fills):
        raise ValueError(f"slots: {len(slots)} for {len(fills)} fills.")
    factor = _per_asset("multiplier", multiplier, 1.0, n_assets, np.float64)
    turned = _per_asset("inverse", inverse, False, n_assets, np.bool_)
    closes = np.full(n_assets, np.nan) if values is None else last_known(values[3])
    marks = np.where(turned, -1.0 / closes, closes)
    end = 0 if values is None else values.shape[2]
    states = np.zeros(int(slots.max(initial=-1)) + 1, dtype=_STATE)
    states["row"] = states["last_row"] = states["first"] = -1
    parts = np.empty(len(fills), dtype=_PART)
    for name in _PART.names or ():
        parts[name] = fills[name]
    if positions is not None:
        if len(positions) <= slots.max(initial=-1):
            raise ValueError(f"positions: {len(positions)}, but there are more slots.")
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
            n = _lots(*terms, kind == _LIFO, kind == _ROUND_TRIP, head, head.copy(), after, lots,
                      states, out)  # fmt: skip
    out = out[:n]
    last_time = int(times[-1]) if times is not None and len(times) else -1
    with np.errstate(divide="ignore", invalid="ignore"):
        _finish(out, factor, turned, closes, last_time)
    if "cause" in (fills.dtype.names or ()) and len(out):
        out["entry_cause"] = fills["cause"][out["entry_fill"]]
        out["exit_cause"] = np.where(out["exit_fill"] >= 0, fills["cause"][out["exit_fill"]], -1)
    if values is not None:
        from .excursions import measure

        measure(out, segments, values, factor, turned, whole_bars)
    return out


def _brought_up(
    parts: np.ndarray, slots: np.ndarray, positions: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The fills, and a fill of nothing for each position that changed without one since."""
    after = np.zeros(len(positions))
    after[slots] = parts["position_size"]  # of repeated slots the last one stays
    asset = np.zeros(len(positions), np.int64)
    asset[slots] = parts["asset"]
    moved = np.flatnonzero((after != 0.0) & (np.abs(positions - after) > _SAME * np.abs(after)))
    more = np.zeros(len(moved), dtype=_PART)
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

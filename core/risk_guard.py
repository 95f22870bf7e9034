"""Risk rules at work: orders that protect positions, and halts. Kernels over a `Book`.

For each slot the rules keep at most three reduce-only orders: a stop at the tightest level that
stop loss, trailing and break-even ask for, a limit order at the nearest profit to take, and a
market order when time or a loss of the account ends the position. They meet bars as any order
does. They stand at the broker: what the rules send, move or take back is there at once, and
moving one is no event.
"""

from __future__ import annotations

import numpy as np

from .account import FAULT_ROOM
from .book import CLOSE_FIELD, HIGH, LOW, PENDING, WAITING, asset_of, opened, row_of
from .hooks import apart
from .jit import njit
from .order_book import (
    advance_bracket,
    cancel_oco_mates,
    cancel_one,
    end,
    working,
)
from .orders import CANCELLED, CLOSE, LIMIT, MARKET, STOP, Cause, Reason, TimeInForce
from .risk_limits import alive
from .rows import MOST_ENTRIES, RiskKind
from .rules import BracketActivation, FillTime, PricePath, TrailUpdate, TriggerOn
from .submission import enter_prices, send

_STOP_LOSS = int(RiskKind.STOP_LOSS)
_TAKE_PROFIT = int(RiskKind.TAKE_PROFIT)
_TRAILING = int(RiskKind.TRAILING)
_BREAK_EVEN = int(RiskKind.BREAK_EVEN)
_TIME_STOP = int(RiskKind.TIME_STOP)
_MAX_DRAWDOWN = int(RiskKind.MAX_DRAWDOWN)
_DAILY_LOSS = int(RiskKind.DAILY_LOSS)
_FOR_PROFIT = int(Cause.TAKE_PROFIT)
_FOR_TIME = int(Cause.TIME_STOP)
_GROUP = int(Reason.GROUP)
_HALTED = int(Reason.HALTED)
_SAME_BAR = int(BracketActivation.SAME_BAR)
_EXTREME = int(TrailUpdate.EXTREME)
_TRIGGER_CLOSE = int(TriggerOn.CLOSE)
_WHOLE_BAR = int(PricePath.WHOLE_BAR)
_NEXT_CLOSE = int(FillTime.NEXT_CLOSE)
_THIS_CLOSE = int(FillTime.THIS_CLOSE)
_AT_CLOSE = int(TimeInForce.AT_CLOSE)
_NEVER = 2**62

# `GUARD["rest"]`: what of a bar came after the fill.
NOTHING, FROM_PRICE, ALL_OF_IT = 0, 1, 2


@njit
def _serves(rule, asset):
    """Whether a rule protects positions in an asset."""
    return rule["kind"] < _MAX_DRAWDOWN and rule["asset"] in (-1, asset)


@njit
def _unit(rule, state, price):
    """What one unit of a rule's distances is in price; NaN: not known yet."""
    return state["scale"] * abs(price) if rule["relative"] else state["scale"]


# Orders


@njit
def _drop(book, i):
    """Take back an order of the rules, if it is still pending."""
    if i >= 0 and working(book.orders[i]["status"]):
        cancel_one(book, i, _GROUP)


@njit
def release(book, slot):
    """The position is no more: no order of the rules survives it."""
    guard = book.guards[slot]
    _drop(book, guard["stop"])
    _drop(book, guard["target"])
    _drop(book, guard["market"])
    guard["stop"] = -1
    guard["target"] = -1
    guard["market"] = -1
    guard["entry"] = -1
    guard["size"] = 0.0


@njit
def _is_full(book):
    """Whether what is pending, and one order more, might need all the room that is left."""
    head = book.account[0]
    parts = head["parts"]
    live = head["n_pending"] + head["n_submitted"] + head["n_activating"] + 1
    return (
        head["n_fills"] + parts * live > len(book.fills)
        or head["n_events"] + (8 + 2 * parts) * live > len(book.events)
        or 2 * live > book.queue.shape[1]
    )


@njit
def _send(book, t, slot, kind, limit, stop, cause):
    """Send a reduce-only order for the whole position of a slot; returns its number."""
    asset = asset_of(book, slot)
    size = -book.positions[slot]["size"]
    if book.account[0]["parts"] > MOST_ENTRIES and _is_full(book):
        book.account[0]["fault"] = FAULT_ROOM
        return -1
    return send(book, t, asset, size, kind, limit, stop, np.nan, np.nan, 0, 0, np.nan, -1, -1,
                True, 0, True, False, slot != asset, cause)  # fmt: skip


@njit
def _keep(book, t, slot, i, kind, level, cause, sends):
    """Bring order i (-1: none) of a slot to a level and to the position's size; returns its number.

    level: NaN, there is to be none. sends: one may be sent where there is none.
    """
    living = i >= 0 and working(book.orders[i]["status"])
    if np.isnan(level):
        _drop(book, i)
        return -1
    limit = level if kind == LIMIT else np.nan
    stop = level if kind == STOP else np.nan
    if not living:
        return _send(book, t, slot, kind, limit, stop, cause) if sends else -1
    order = book.orders[i]
    order["remaining"] = -book.positions[slot]["size"]
    order["size"] = order["filled"] + order["remaining"]
    order["cause"] = cause
    enter_prices(book, order, limit, stop)
    return i


# Levels


@njit
def _begin(book, slot):
    """A position was opened: the rules forget what they knew of the one before."""
    position = book.positions[slot]
    book.guards[slot]["entry"] = position["entry_fill"]
    for r in range(len(book.risk)):
        rule = book.risk[r]
        if rule["kind"] < _MAX_DRAWDOWN:
            state = book.risk_state[r, slot]
            state["best"] = position["price"]
            state["armed"] = rule["kind"] == _TRAILING and rule["activation"] == 0.0
            state["scale"] = 1.0 if rule["column"] < 0 else np.nan


@njit
def _learn_scale(book, slot, row):
    """Distances in a column's units: its value in the bar `row`, the first that has one."""
    asset = asset_of(book, slot)
    for r in range(len(book.risk)):
        rule = book.risk[r]
        if _serves(rule, asset) and row >= 0 and np.isnan(book.risk_state[r, slot]["scale"]):
            value = book.columns[rule["column"], asset, row]
            if value >= 0.0:
                book.risk_state[r, slot]["scale"] = value


@njit
def _learn_price(book, slot, price):
    """The price was here while the position was open: trailing and break-even take note."""
    position = book.positions[slot]
    asset = asset_of(book, slot)
    side = 1.0 if position["size"] > 0.0 else -1.0
    for r in range(len(book.risk)):
        rule = book.risk[r]
        if not _serves(rule, asset):
            continue
        state = book.risk_state[r, slot]
        if side * (price - state["best"]) > 0.0:
            state["best"] = price
        wanted = rule["activation"] if rule["kind"] == _TRAILING else rule["distance"]
        profit = side * (price - position["price"])
        if profit >= wanted * _unit(rule, state, position["price"]):
            state["armed"] = True


@njit
def _levels(book, slot):
    """(stop, cause of the stop, target) that the rules ask for; NaN for none."""
    entry = book.positions[slot]["price"]
    side = 1.0 if book.positions[slot]["size"] > 0.0 else -1.0
    asset = asset_of(book, slot)
    stop = np.nan
    target = np.nan
    cause = 0
    for r in range(len(book.risk)):
        rule = book.risk[r]
        state = book.risk_state[r, slot]
        kind = rule["kind"]
        if not _serves(rule, asset) or kind == _TIME_STOP or np.isnan(state["scale"]):
            continue
        unit = _unit(rule, state, entry)
        if kind == _TAKE_PROFIT:
            level = entry + side * rule["distance"] * unit
            if not side * (level - target) >= 0.0:
                target = level
            continue
        level = entry - side * rule["distance"] * unit
        if kind != _STOP_LOSS and not state["armed"]:
            continue
        if kind == _TRAILING:
            best = state["best"]
            level = best - side * rule["distance"] * _unit(rule, state, best)
        elif kind == _BREAK_EVEN:
            level = entry + side * rule["offset"] * unit
        if not side * (level - stop) <= 0.0:
            stop = level
            cause = rule["cause"]
    return stop, cause, target


@njit
def keep_in_step(book, slot, t, row, sends):
    """Bring the orders of the rules for a slot to its position: number, size and levels.

    row: the asset's latest bar whose columns are known. sends: orders may be sent.
    """
    position = book.positions[slot]
    guard = book.guards[slot]
    if position["size"] == 0.0 or position["ended"]:
        if guard["entry"] >= 0 or guard["size"] != 0.0:
            release(book, slot)
        return
    if guard["entry"] != position["entry_fill"] or guard["size"] * position["size"] <= 0.0:
        release(book, slot)
        _begin(book, slot)
    _learn_scale(book, slot, row)
    stop, cause, target = _levels(book, slot)
    guard["stop"] = _keep(book, t, slot, guard["stop"], STOP, stop, cause, sends)
    guard["target"] = _keep(book, t, slot, guard["target"], LIMIT, target, _FOR_PROFIT, sends)
    guard["size"] = position["size"]


@njit
def _exit(book, slot, t, cause):
    """A market order ends the position."""
    guard = book.guards[slot]
    i = guard["market"]
    if i >= 0 and working(book.orders[i]["status"]):
        order = book.orders[i]
        order["remaining"] = -book.positions[slot]["size"]
        order["size"] = order["filled"] + order["remaining"]
    else:
        guard["market"] = _send(book, t, slot, MARKET, np.nan, np.nan, cause)


# Within a bar


@njit
def walks(rule):
    """Whether the price of a bar is taken along a path: orders meet its legs."""
    return rule["price_path"] != _WHOLE_BAR and rule["trigger_on"] != _TRIGGER_CLOSE


@njit
def parts_of(book, t):
    """The number of finer bars inside bar t."""
    return book.finer_from[t + 1] - book.finer_from[t] if len(book.finer_from) > 1 else 0


@apart
def after_fill(book, i, price: float):
    """Order i has filled at `price`: orders for a position that is gone end."""
    order = book.orders[i]
    rule = book.rules[0]
    slot = order["slot"]
    position = book.positions[slot]
    guard = book.guards[slot]
    if position["size"] == 0.0 or guard["entry"] != position["entry_fill"]:
        release(book, slot)
    market = order["kind"] == MARKET
    guard["price"] = price
    guard["rest"] = FROM_PRICE
    at_close = order["kind"] == CLOSE or order["tif"] == _AT_CLOSE
    at_close |= market and rule["fill_time"] == _NEXT_CLOSE
    if at_close or rule["trigger_on"] == _TRIGGER_CLOSE:
        guard["rest"] = NOTHING
    elif market and rule["fill_time"] == _THIS_CLOSE:
        guard["rest"] = ALL_OF_IT
    return 0


@njit
def has_grown(book, slot):
    """Whether a position is larger than, or another one than, when the rules last saw to it."""
    position = book.positions[slot]
    guard = book.guards[slot]
    if position["size"] == 0.0:
        return False
    return guard["entry"] != position["entry_fill"] or abs(position["size"]) > abs(guard["size"])


@apart
def protect(book, asset):
    """Within a bar that is walked: what an order has just opened is protected from here on."""
    if book.rules[0]["bracket_activation"] != _SAME_BAR:
        return 0
    t = book.account[0]["bar"]
    for slot in range(asset, len(book.positions), len(book.terms)):
        if has_grown(book, slot):
            keep_in_step(book, slot, t, row_of(book, asset, t - 1) if t > 0 else -1, True)
    return 0


@apart
def follow(book, asset, price: float, sends):
    """The price of an asset has come to `price` within a bar.

    sends: a part of the bar has ended, so that what it opened is protected in the next one.
    """
    t = book.account[0]["bar"]
    for slot in range(asset, len(book.positions), len(book.terms)):
        if book.positions[slot]["size"] == 0.0:
            continue
        grown = has_grown(book, slot)
        row = row_of(book, asset, t - 1) if t > 0 else -1
        if grown and sends:
            keep_in_step(book, slot, t, row, True)
        if sends or not grown:
            _learn_price(book, slot, price)
            keep_in_step(book, slot, t, row, sends)
    return 0


@njit
def _learn_extreme(book, slot, prices, at):
    """The best price of a bar in which a position was open all the time, where rules follow it."""
    if book.rules[0]["trail_update"] == _EXTREME:
        field = HIGH if book.positions[slot]["size"] > 0.0 else LOW
        _learn_price(book, slot, prices[field, asset_of(book, slot), at])


@apart
def follow_part(book, asset, f):
    """A part of the bar has ended for an asset: its finer bar f, or with -1 its whole bar."""
    prices = book.finer if f >= 0 else book.values
    at = f if f >= 0 else book.account[0]["bar"]
    if not walks(book.rules[0]):
        for slot in range(asset, len(book.positions), len(book.terms)):
            if book.positions[slot]["size"] != 0.0 and not has_grown(book, slot):
                _learn_extreme(book, slot, prices, at)
    follow(book, asset, prices[CLOSE_FIELD, asset, at], True)
    return 0


# At the close


@njit
def _learn_bar(book, slot, t):
    """What the bar that has ended tells of the price while the position was open.

    Its extreme only where the position was open all the time; of a bar that was walked, or had
    finer ones inside, that has been seen on the way.
    """
    asset = asset_of(book, slot)
    position = book.positions[slot]
    if row_of(book, asset, t) != t:
        return
    entered = position["entry_bar"] == t and book.guards[slot]["rest"] != ALL_OF_IT
    if not (entered or walks(book.rules[0]) or parts_of(book, t) > 0):
        _learn_extreme(book, slot, book.values, t)
    _learn_price(book, slot, book.values[CLOSE_FIELD, asset, t])


@njit
def _time_is_over(book, slot, t):
    """Whether a time stop ends a position at the close of bar t."""
    entry = book.positions[slot]["entry_bar"]
    asset = asset_of(book, slot)
    for r in range(len(book.risk)):
        rule = book.risk[r]
        if rule["kind"] == _TIME_STOP and _serves(rule, asset):
            if rule["bars"] > 0 and t - entry >= rule["bars"]:
                return True
            if rule["time"] > 0 and book.times[t] - book.times[entry] >= rule["time"]:
                return True
    return False


@njit
def _judge_account(book, t):
    """Losses of the account: starts and ends halts; returns the cause to close all for, or 0."""
    head = book.account[0]
    equity = head["equity"]
    halts = False
    flatten = 0
    for r in range(len(book.risk)):
        rule = book.risk[r]
        if rule["kind"] not in (_MAX_DRAWDOWN, _DAILY_LOSS):
            continue
        state = book.risk_state[r, 0]
        if rule["kind"] == _DAILY_LOSS and state["session"] != book.sessions[t]:
            state["session"] = book.sessions[t]
            state["best"] = state["last"]
            state["armed"] = False
        elif rule["kind"] == _MAX_DRAWDOWN and not state["armed"]:
            state["best"] = max(state["best"], equity)
        elif rule["kind"] == _MAX_DRAWDOWN and t >= state["until"]:
            state["best"] = equity
            state["armed"] = False
        state["last"] = equity
        allowed = rule["distance"] * (abs(state["best"]) if rule["relative"] else 1.0)
        if not state["armed"] and allowed > 0.0 and state["best"] - equity >= allowed:
            state["armed"] = True
            state["until"] = t + rule["bars"] if rule["bars"] > 0 else _NEVER
        if state["armed"]:
            halts = True
            if rule["flatten"] and flatten == 0:
                flatten = rule["cause"]
    head["halted"] = int(halts)
    return flatten


@njit
def _opens(book, i):
    """Whether order i of the strategy could open; one that reduces is made reduce-only."""
    order = book.orders[i]
    if order["cause"] != 0 or order["reduce_only"] or not alive(order["status"]):
        return False
    if book.positions[order["slot"]]["size"] * order["size"] < 0.0:
        order["reduce_only"] = True
        return False
    return True


@njit
def _revoke_openings(book):
    """A halt: what could open a position is cancelled, wherever it is on its way."""
    head = book.account[0]
    k = head["n_pending"] - 1
    while k >= 0:
        if k < head["n_pending"] and _opens(book, book.queue[PENDING, k]):
            i = book.queue[PENDING, k]
            cancel_one(book, i, _HALTED)
            if book.orders[i]["parent"] < 0:
                advance_bracket(book, i, True)
            else:
                book.orders[i]["in_bracket"] = False
        k -= 1
    kept = 0
    n = head["n_submitted"]
    for k in range(n):
        i = book.queue[WAITING, k]
        if not _opens(book, i):
            book.queue[WAITING, kept] = i
            kept += 1
            continue
        end(book, i, CANCELLED, _HALTED)
        cancel_oco_mates(book, i)
        if book.orders[i]["parent"] < 0:
            advance_bracket(book, i, True)
        else:
            book.orders[i]["in_bracket"] = False
    head["n_submitted"] = kept


@apart
def oversee(book, t):
    """All rules at the close of bar t, once equity is marked."""
    flatten = _judge_account(book, t)
    for slot in range(len(book.positions)):
        asset = asset_of(book, slot)
        row = row_of(book, asset, t)
        keep_in_step(book, slot, t, row, False)
        position = book.positions[slot]
        if position["size"] == 0.0 or position["ended"]:
            continue
        _learn_bar(book, slot, t)
        keep_in_step(book, slot, t, row, True)
        if flatten != 0:
            _exit(book, slot, t, flatten)
        elif _time_is_over(book, slot, t):
            _exit(book, slot, t, _FOR_TIME)
    if book.account[0]["halted"] != 0:
        _revoke_openings(book)
    return 0


# Corporate actions


@njit
def restate(book, slot, ratio):
    """A split: prices that rules remember of a slot are multiplied by `ratio`, units divided."""
    if len(book.guards) == 0:
        return
    for r in range(len(book.risk)):
        rule = book.risk[r]
        if rule["kind"] < _MAX_DRAWDOWN:
            state = book.risk_state[r, slot]
            state["best"] *= ratio
            if not rule["relative"]:
                state["scale"] *= ratio
    book.guards[slot]["price"] *= ratio
    book.guards[slot]["size"] /= ratio


@njit
def split(asset, ratio, table):
    """`restate` from Python, between two steps, the positions being restated already.

    ratio: new price over old. table: `book.handles`.
    """
    book = opened(table)
    t = book.account[0]["bar"]
    for slot in range(asset, len(book.positions), len(book.terms)):
        restate(book, slot, ratio)
        if len(book.guards) > 0:
            keep_in_step(book, slot, t, row_of(book, asset, t) if t >= 0 else -1, False)

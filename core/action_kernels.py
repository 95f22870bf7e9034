"""What the engine does when an action takes effect: kernels over a `Book`."""

from __future__ import annotations

import numpy as np

from .account import apply_fill, joined_price, levered, month_of, profit_of, value_of
from .actions import NEVER, ActionKind, Stage
from .book import CLOSE_FIELD, PENDING, WAITING, row_of
from .instruments import RIGHTS
from .jit import apart, njit
from .order_book import (
    advance_bracket,
    cancel_oco_mates,
    end,
    enter,
    enter_prices,
    remove_pending,
    to_lot,
)
from .orders import (
    ACCEPTED,
    CANCELLED,
    EXPIRED,
    FILLED,
    MARKET,
    PARTIAL,
    SUBMITTED,
    TRAIL,
    TRAIL_LIMIT,
    TRIGGERED,
    Cause,
    Reason,
)
from .risk import RiskKind
from .risk_guard import release, restate
from .rules import CashCheck, Queue, Sizing

_SPLIT = int(ActionKind.SPLIT)
_CASH_DIVIDEND = int(ActionKind.CASH_DIVIDEND)
_STOCK_DIVIDEND = int(ActionKind.STOCK_DIVIDEND)
_SYMBOL_CHANGE = int(ActionKind.SYMBOL_CHANGE)
_DELISTING = int(ActionKind.DELISTING)
_EXPIRY = int(ActionKind.EXPIRY)
_ROLL = int(ActionKind.ROLL)
_FUNDING = int(ActionKind.FUNDING)
_INTEREST = int(ActionKind.INTEREST)
_EX = int(Stage.EX)
_PAY = int(Stage.PAY)
_CALL = RIGHTS.index("call")
_PUT = RIGHTS.index("put")
_BINARY_CALL = RIGHTS.index("binary_call")
_BINARY_PUT = RIGHTS.index("binary_put")
_FOR_EXPIRY = int(Cause.EXPIRY)
_FOR_DELISTING = int(Cause.DELISTING)
_FOR_ROLL = int(Cause.ROLL)
_FOR_FRACTION = int(Cause.CASH_IN_LIEU)
_FOR_STOCK = int(Cause.STOCK_DIVIDEND)
_FOR_CHANGE = int(Cause.SYMBOL_CHANGE)
_ENDED = int(Reason.EXPIRED_ASSET)
_ACTION = int(Reason.ACTION)
_FIRST_OF_ACCOUNT = int(RiskKind.MAX_DRAWDOWN)
_WHOLE = int(Sizing.WHOLE)
_BY_ASSET = int(Queue.BY_ASSET)
_NO_CHECK = int(CashCheck.NONE)

# Units that differ by less, relatively, are the same: sizes after a ratio are not exact.
_SAME = 1e-9


@njit
def _known_row(book, asset, at_close):
    """The asset's latest bar before the current one, or with `at_close` up to it; -1: none."""
    t = book.account[0]["bar"]
    if not at_close:
        t -= 1
    return row_of(book, asset, t) if t >= 0 else -1


@njit
def _sides(book):
    """Positions of an asset: one, under hedging two."""
    return len(book.positions) // len(book.terms)


@njit
def _last_close(book, asset, at_close):
    """The close of `_known_row`, NaN without one."""
    row = _known_row(book, asset, at_close)
    return book.values[CLOSE_FIELD, asset, row] if row >= 0 else np.nan


@njit
def _note(book, n, slot, to, before, after, price, cash, orders):
    """Write a row of `Book.action_events` for action n."""
    head = book.account[0]
    k = head["n_action_events"]
    row = book.actions[n]
    event = book.action_events[k]
    event["action"] = row["given"]
    event["kind"] = row["kind"]
    event["stage"] = row["stage"]
    event["bar"] = head["bar"]
    event["asset"] = row["asset"]
    event["to"] = to
    event["slot"] = slot
    event["wallet"] = row["wallet"]
    event["size_before"] = before
    event["size_after"] = after
    event["price"] = price
    event["cash"] = cash
    event["orders"] = orders
    head["n_action_events"] = k + 1


@njit
def _pay(book, wallet, amount):
    """Move cash into a wallet."""
    book.account[wallet]["cash"] += amount
    book.account[wallet]["flow"] += amount


@njit
def _trade(book, slot, asset, units, price, row, cause, free):
    """Trade `units` (signed) of a position at `price`, by an order of the engine's own.

    No cash check refuses it. row: the asset's bar that the fill is dated at. free: without
    commission.
    """
    head = book.account[0]
    t = head["bar"]
    i = head["n_orders"]
    n = head["n_fills"]
    dated = row if row >= 0 else t
    order = book.orders[i]
    order["asset"] = asset
    order["slot"] = slot
    order["kind"] = MARKET
    order["cause"] = cause
    order["active"] = True
    order["transmit"] = True
    order["met"] = True
    order["parent"] = -1
    order["sibling"] = -1
    order["last_child"] = i
    order["oco"] = i
    order["oco_next"] = -1
    order["oco_last"] = i
    order["size"] = units
    order["asked"] = units
    order["remaining"] = units
    order["limit"] = np.nan
    order["stop"] = np.nan
    order["trail_amount"] = np.nan
    order["trail_percent"] = np.nan
    order["reference"] = price
    order["created_bar"] = dated
    order["created_time"] = book.times[dated]
    order["created_close"] = price
    order["session"] = book.sessions[t]
    order["arrives"] = t
    order["cancel_arrives"] = -1
    order["change_arrives"] = -1
    order["noted_close"] = np.nan
    order["closed_bar"] = -1
    order["average_price"] = np.nan
    order["needed"] = np.nan
    order["available"] = np.nan
    head["n_orders"] = i + 1
    enter(book, i, ACCEPTED, -1)
    rules = book.rules.copy()
    rules[0]["cash_check"] = _NO_CHECK
    terms = book.terms[asset : asset + 1].copy()
    term = terms[0]
    if free:
        term["commission_kind"] = 0
        term["commission_minimum"] = 0.0
        term["commission_plain"] = True
    wallet = book.account[term["wallet"]]
    if not term["commission_plain"]:
        month = month_of(book.times[t])
        if wallet["month"] != month:
            wallet["month"] = month
            wallet["counted"] = 0.0
    position = book.positions[slot]
    held = position["size"]
    fill = book.fills[n]
    apply_fill(term, rules[0], wallet, position, order, units, price, fill, False, False)
    if not term["stock_like"]:
        head["n_marked"] += int(position["size"] != 0.0) - int(held != 0.0)
    if fill["opened"] == position["size"]:
        position["entry_bar"] = t
        position["entry_fill"] = n
    fill["order"] = i
    fill["bar"] = dated
    fill["booked"] = t
    fill["time"] = book.times[dated]
    fill["slot"] = slot
    fill["cause"] = cause
    fill["maker"] = False
    fill["ambiguous"] = False
    fill["step"] = -1
    head["n_fills"] = n + 1
    order["remaining"] = 0.0  # the parts of a trade need not add up to the last bit
    enter(book, i, FILLED, n)


# Orders


@njit
def _in_play(book, i):
    """Whether order i can still trade, or is on its way to where it can."""
    order = book.orders[i]
    status = order["status"]
    if status < FILLED or status >= TRIGGERED:
        return True
    if order["resent"]:
        for k in range(book.account[0]["n_pending"]):
            if book.queue[PENDING, k] == i:
                return True
    return False


@njit
def _remove_waiting(book, i):
    """Take order i out of those on their way to the market."""
    head = book.account[0]
    kept = 0
    for k in range(head["n_submitted"]):
        if book.queue[WAITING, k] != i:
            book.queue[WAITING, kept] = book.queue[WAITING, k]
            kept += 1
    head["n_submitted"] = kept


@njit
def _end_orders(book, slot, status, reason):
    """All orders of a position end, with what hangs on them; returns their number."""
    head = book.account[0]
    count = 0
    first = head["n_orders"]
    for i in range(head["n_orders"]):
        if book.orders[i]["slot"] == slot and _in_play(book, i):
            remove_pending(book, i)
            _remove_waiting(book, i)
            end(book, i, status, reason)
            first = min(first, i)
            count += 1
    for i in range(first, head["n_orders"]):
        order = book.orders[i]
        ended = order["closed_bar"] == head["bar"] and order["reason"] == reason
        if order["slot"] == slot and ended:
            cancel_oco_mates(book, i)
            advance_bracket(book, i, True)
    return count


@njit
def _restate(book, i, new, old, shift):
    """Order i after `new` units became of `old` ones, and prices moved by `shift` besides."""
    order = book.orders[i]
    remaining = order["remaining"] * new / old
    if book.rules[0]["sizing"] == _WHOLE:
        remaining = to_lot(remaining, 1.0)
    order["remaining"] = to_lot(remaining, book.terms[order["asset"]]["lot"])
    order["filled"] *= new / old
    order["size"] = order["filled"] + order["remaining"]
    limit = order["limit"] * old / new + shift
    stop = order["stop"] * old / new + shift
    if order["kind"] in (TRAIL, TRAIL_LIMIT):  # a moving stop lies on no grid
        order["limit"] = limit
        order["stop"] = stop
    else:
        enter_prices(book, order, limit, stop)
    order["trail_amount"] *= old / new
    order["limit_offset"] *= old / new
    order["average_price"] *= old / new
    order["new_size"] *= new / old
    order["reference"] = order["reference"] * old / new + shift
    order["created_close"] = order["created_close"] * old / new + shift
    order["noted_close"] = order["noted_close"] * old / new + shift
    order["new_limit"] = order["new_limit"] * old / new + shift
    order["new_stop"] = order["new_stop"] * old / new + shift


@njit
def _carry_orders(book, slot, asset, to, new, old, shift):
    """The orders of a position are restated, and move to the position `to` of `asset`.

    Those of which nothing is left end. Returns their number.
    """
    head = book.account[0]
    by_asset = book.rules[0]["queue"] == _BY_ASSET
    count = 0
    for i in range(head["n_orders"]):
        order = book.orders[i]
        if order["slot"] != slot or not _in_play(book, i):
            continue
        count += 1
        order["slot"] = to
        order["asset"] = asset
        _restate(book, i, new, old, shift)
        if order["remaining"] == 0.0:
            remove_pending(book, i)
            _remove_waiting(book, i)
            end(book, i, CANCELLED, _ACTION)
            cancel_oco_mates(book, i)
            advance_bracket(book, i, True)
        elif order["status"] in (ACCEPTED, PARTIAL, TRIGGERED, SUBMITTED):
            enter(book, i, order["status"], -1)
    if by_asset and slot != to and count > 0:
        _sort_by_asset(book, slot, asset)
    return count


@njit
def _sort_by_asset(book, before, asset):
    """Restore the sequence of `Queue.BY_ASSET` after orders moved from one asset to another."""
    head = book.account[0]
    positions = book.positions
    if positions[asset]["rank"] == 0:
        positions[asset]["rank"] = positions[before]["rank"]
    positions[before]["rank"] = 0
    queue = book.queue
    for k in range(1, head["n_pending"]):
        i = queue[PENDING, k]
        rank = positions[book.orders[i]["asset"]]["rank"]
        place = k
        while (
            place > 0 and positions[book.orders[queue[PENDING, place - 1]]["asset"]]["rank"] > rank
        ):
            queue[PENDING, place] = queue[PENDING, place - 1]
            place -= 1
        queue[PENDING, place] = i


# Positions


@njit
def _restate_position(book, slot, asset, new, old, price):
    """`new` units of a position for `old` ones; a fraction is sold at `price` where units are
    whole."""
    position = book.positions[slot]
    size = position["size"]
    position["impact"] *= old / new
    restate(book, slot, old / new)
    if size == 0.0:
        return
    term = book.terms[asset]
    after = size * new / old
    position["price"] = position["price"] * old / new
    position["base"] = position["base"] * old / new
    if not term["stock_like"] and np.isnan(term["margin_rate"]):
        # A margin per unit: more units hold more cash.
        _pay(book, term["wallet"], -levered(term, abs(after) * term["margin"]))
        _pay(book, term["wallet"], levered(term, abs(size) * term["margin"]))
    position["size"] = after
    if book.rules[0]["sizing"] != _WHOLE:
        return
    whole = to_lot(after, 1.0)
    if abs(after - whole) <= _SAME * max(1.0, abs(after)):
        position["size"] = whole
        return
    row = _known_row(book, asset, False)
    _trade(book, slot, asset, whole - after, price, row, _FOR_FRACTION, True)


@njit
def _scale_entitled(book, asset, to, new, old):
    """Units that are still to come are restated too, and come in another asset."""
    for n in range(len(book.actions)):
        row = book.actions[n]
        if row["kind"] == _STOCK_DIVIDEND and row["asset"] == asset and row["stage"] != 0:
            row["entitled"][0] *= new / old
            row["entitled"][1] *= new / old
            row["asset"] = to


@njit
def _restated_price(book, n):
    """What a new unit is worth: as given, or by the last close."""
    row = book.actions[n]
    if not np.isnan(row["price"]):
        return row["price"]
    return _last_close(book, row["asset"], False) * row["old"] / row["new"]


@njit
def _split(book, n):
    """A split, or a stock dividend that comes at once."""
    row = book.actions[n]
    asset = row["asset"]
    price = _restated_price(book, n)
    for slot in range(asset, len(book.positions), len(book.terms)):
        before = book.positions[slot]["size"]
        cash = book.account[row["wallet"]]["cash"]
        count = _carry_orders(book, slot, asset, slot, row["new"], row["old"], 0.0)
        _restate_position(book, slot, asset, row["new"], row["old"], price)
        after = book.positions[slot]["size"]
        cash = book.account[row["wallet"]]["cash"] - cash
        if before != 0.0 or count > 0:
            _note(book, n, slot, -1, before, after, price, cash, count)
    if row["stage"] != _EX:
        _scale_entitled(book, asset, asset, row["new"], row["old"])


@njit
def _entitle(book, n):
    """Note who holds what as a dividend goes ex; of a stock dividend, restate the orders."""
    row = book.actions[n]
    asset = row["asset"]
    for side in range(_sides(book)):
        slot = asset + side * len(book.terms)
        size = book.positions[slot]["size"]
        row["entitled"][side] = size
        count = 0
        if row["kind"] == _STOCK_DIVIDEND:
            count = _carry_orders(book, slot, asset, slot, row["new"], row["old"], 0.0)
        if size != 0.0 or count > 0:
            _note(book, n, slot, -1, size, size, np.nan, 0.0, count)


@njit
def _pay_dividend(book, n):
    """Cash for the units that were held: to longs less what is withheld, from shorts in full."""
    row = book.actions[n]
    asset = row["asset"]
    term = book.terms[asset]
    for side in range(_sides(book)):
        slot = asset + side * len(book.terms)
        size = book.positions[slot]["size"]
        if row["stage"] == _PAY:
            size = book.actions[row["link"]]["entitled"][side]
        if size != 0.0:
            cash = value_of(term, size, row["amount"])
            if size > 0.0:
                cash -= cash * row["withholding"]
            _pay(book, row["wallet"], cash)
            _note(book, n, slot, -1, size, size, np.nan, cash, 0)


@njit
def _deliver(book, n):
    """Units of a stock dividend come at a price of 0; a fraction, or all of what has ended, is
    sold at the last close."""
    row = book.actions[n]
    asset = row["asset"]
    whole = book.rules[0]["sizing"] == _WHOLE
    close = _last_close(book, asset, False)
    price = row["price"] if not np.isnan(row["price"]) else close
    dated = _known_row(book, asset, False)
    for side in range(_sides(book)):
        slot = asset + side * len(book.terms)
        units = book.actions[row["link"]]["entitled"][side] * row["new"] / row["old"]
        if units == 0.0:
            continue
        before = book.positions[slot]["size"]
        cash = book.account[row["wallet"]]["cash"]
        kept = to_lot(units, 1.0) if whole else units
        if book.positions[slot]["ended"]:
            kept = 0.0
        if abs(units - kept) <= _SAME * max(1.0, abs(units)):
            units = kept
        _trade(book, slot, asset, units, 0.0, dated, _FOR_STOCK, True)
        if units != kept:
            _trade(book, slot, asset, kept - units, price, dated, _FOR_FRACTION, True)
        after = book.positions[slot]["size"]
        cash = book.account[row["wallet"]]["cash"] - cash
        _note(book, n, slot, -1, before, after, price, cash, 0)


@njit
def _move_guard(book, slot, to):
    """Risk rules go on with a position in its new slot; where one is held already, with that."""
    if len(book.guards) == 0:
        return
    if book.positions[slot]["size"] == 0.0 or book.positions[to]["size"] != 0.0:
        release(book, slot)
        return
    release(book, to)
    for r in range(len(book.risk)):
        if book.risk[r]["asset"] < 0 and book.risk[r]["kind"] < _FIRST_OF_ACCOUNT:
            book.risk_state[r, to] = book.risk_state[r, slot]
    book.guards[to] = book.guards[slot]
    guard = book.guards[slot]
    guard["stop"] = -1
    guard["target"] = -1
    guard["market"] = -1
    guard["entry"] = -1
    guard["size"] = 0.0


@njit
def _move_position(book, slot, asset, to, to_asset, price):
    """What a position holds becomes part of another one, at its average price.

    price: the last close, at which the two are netted where one is long and the other short, and
    to which futures-like ones are settled where both are held.
    """
    old = book.positions[slot]
    new = book.positions[to]
    term = book.terms[to_asset]
    size = old["size"]
    held = new["size"]
    if size != 0.0 and held != 0.0 and (size > 0.0) != (held > 0.0):
        row = _known_row(book, asset, False)
        _trade(book, slot, asset, -size, price, row, _FOR_CHANGE, True)
        row = row_of(book, to_asset, book.account[0]["bar"])
        _trade(book, to, to_asset, size, price, row, _FOR_CHANGE, True)
    elif size != 0.0:
        if held == 0.0:
            new["price"] = old["price"]
            new["base"] = old["base"]
            new["entry_bar"] = old["entry_bar"]
            new["entry_fill"] = old["entry_fill"]
            new["impact"] = old["impact"]
        else:
            average = (new["price"] * held + old["price"] * size) / (held + size)
            new["price"] = joined_price(term, held, new["price"], size, old["price"], average)
            if not term["stock_like"]:
                _pay(book, term["wallet"], profit_of(term, size, old["base"], price))
                _pay(book, term["wallet"], profit_of(term, held, new["base"], price))
                new["base"] = price
                book.account[0]["n_marked"] -= 1
        new["size"] = held + size
    old["size"] = 0.0
    old["price"] = 0.0
    old["base"] = 0.0
    old["impact"] = 0.0


@njit
def _change_symbol(book, n):
    """Position and orders move to another column; the old one is over."""
    row = book.actions[n]
    asset = row["asset"]
    to_asset = row["to"]
    price = _restated_price(book, n)
    count = len(book.terms)
    for slot in range(asset, len(book.positions), count):
        to = slot - asset + to_asset
        before = book.positions[slot]["size"]
        cash = book.account[row["wallet"]]["cash"]
        _restate_position(book, slot, asset, row["new"], row["old"], price)
        _move_guard(book, slot, to)
        moved = _carry_orders(book, slot, to_asset, to, row["new"], row["old"], 0.0)
        _move_position(book, slot, asset, to, to_asset, price)
        book.positions[slot]["ended"] = True
        book.positions[to]["ended"] = False
        after = book.positions[to]["size"]
        cash = book.account[row["wallet"]]["cash"] - cash
        if before != 0.0 or moved > 0:
            _note(book, n, slot, to_asset, before, after, price, cash, moved)
    _scale_entitled(book, asset, to_asset, row["new"], row["old"])


@njit
def _settlement(book, asset, at_close):
    """What a unit is settled at as its contract expires: see `Instrument.expiry`."""
    place = book.rules[0]["column_settlement"]
    if place >= 0:
        row = _known_row(book, asset, at_close)
        value = book.columns[place, asset, row] if row >= 0 else np.nan
        if np.isnan(value):
            # The outcome may be told after the last bar.
            value = book.columns[place, asset, book.account[0]["bar"]]
        if not np.isnan(value):
            return value
    term = book.terms[asset]
    right = term["right"]
    if right != 0 and term["underlying"] >= 0:
        close = _last_close(book, term["underlying"], at_close)
        strike = term["strike"]
        if not np.isnan(close):
            if right == _CALL:
                return max(close - strike, 0.0)
            if right == _PUT:
                return max(strike - close, 0.0)
            above = close > strike
            return 1.0 if above == (right == _BINARY_CALL) else 0.0
    return _last_close(book, asset, at_close)


@njit
def _finish(book, n, at_close):
    """An asset ends: by a delisting or an expiry."""
    row = book.actions[n]
    asset = row["asset"]
    price = row["price"]
    cause = _FOR_EXPIRY
    if row["kind"] == _DELISTING:
        cause = _FOR_DELISTING
        if np.isnan(price):
            price = _last_close(book, asset, at_close) * row["rate"]
    elif np.isnan(price):
        price = _settlement(book, asset, at_close)
    dated = _known_row(book, asset, at_close)
    for slot in range(asset, len(book.positions), len(book.terms)):
        position = book.positions[slot]
        before = position["size"]
        cash = book.account[row["wallet"]]["cash"]
        count = _end_orders(book, slot, EXPIRED, _ENDED)
        if before != 0.0 and not row["hold"]:
            _trade(book, slot, asset, -before, price, dated, cause, True)
        position["ended"] = True
        cash = book.account[row["wallet"]]["cash"] - cash
        if before != 0.0 or count > 0:
            _note(book, n, slot, -1, before, position["size"], price, cash, count)


@njit
def _roll(book, n, at_close):
    """A position is closed in one contract and opened in another."""
    row = book.actions[n]
    asset = row["asset"]
    to_asset = row["to"]
    term = book.terms[to_asset]
    price = row["price"]
    dated = row_of(book, asset, book.account[0]["bar"])
    if np.isnan(price):
        price = _last_close(book, asset, at_close)
        dated = _known_row(book, asset, at_close)
    to_price = row["to_price"]
    to_dated = row_of(book, to_asset, book.account[0]["bar"])
    if np.isnan(to_price):
        to_price = _last_close(book, to_asset, at_close)
        to_dated = _known_row(book, to_asset, at_close)
    for slot in range(asset, len(book.positions), len(book.terms)):
        to = slot - asset + to_asset
        before = book.positions[slot]["size"]
        there = book.positions[to]["size"]
        wallet = row["wallet"]
        cash = book.account[wallet]["cash"]
        shift = to_price - price * row["old"] / row["new"]
        if len(book.guards) > 0:
            release(book, slot)  # the rules send their own for the new position
        if row["moves_orders"]:
            count = _carry_orders(book, slot, to_asset, to, row["new"], row["old"], shift)
        else:
            count = _end_orders(book, slot, CANCELLED, _ACTION)
        if before != 0.0:
            _trade(book, slot, asset, -before, price, dated, _FOR_ROLL, row["free"])
        if before != 0.0 or count > 0:
            cash = book.account[wallet]["cash"] - cash
            _note(book, n, slot, to_asset, before, 0.0, price, cash, count)
        units = before * row["new"] / row["old"]
        if book.rules[0]["sizing"] == _WHOLE:
            units = to_lot(units, 1.0)
        units = to_lot(units, term["lot"])
        if units != 0.0:
            cash = book.account[term["wallet"]]["cash"]
            _trade(book, to, to_asset, units, to_price, to_dated, _FOR_ROLL, row["free"])
            cash = book.account[term["wallet"]]["cash"] - cash
            after = book.positions[to]["size"]
            _note(book, n, to, to_asset, there, after, to_price, cash, 0)


@njit
def _pay_on_positions(book, n, at_close):
    """Funding (longs pay) or interest (longs receive) of an asset's positions."""
    row = book.actions[n]
    asset = row["asset"]
    term = book.terms[asset]
    price = row["price"]
    if np.isnan(price):
        price = _last_close(book, asset, at_close)
    for slot in range(asset, len(book.positions), len(book.terms)):
        size = book.positions[slot]["size"]
        if size == 0.0:
            continue
        if np.isnan(row["rate"]):
            cash = size * row["amount"]
        else:
            cash = value_of(term, size, price) * row["rate"]
        if row["kind"] == _FUNDING:
            cash = -cash
            book.account[row["wallet"]]["funding"] += cash
        else:
            book.account[row["wallet"]]["interest"] += cash
        _pay(book, row["wallet"], cash)
        _note(book, n, slot, -1, size, size, price, cash, 0)


@njit
def _pay_on_cash(book, n):
    """Interest on the cash of a wallet, or an amount."""
    row = book.actions[n]
    wallet = book.account[row["wallet"]]
    cash = row["amount"]
    if np.isnan(cash):
        cash = wallet["cash"] * row["rate"]
    wallet["interest"] += cash
    _pay(book, row["wallet"], cash)
    _note(book, n, -1, -1, 0.0, 0.0, np.nan, cash, 0)


@njit
def _apply(book, n):
    """Action n takes effect."""
    row = book.actions[n]
    kind = row["kind"]
    stage = row["stage"]
    at_close = row["key"] % 2 == 1
    if stage == _EX:
        _entitle(book, n)
    elif kind == _SPLIT or (kind == _STOCK_DIVIDEND and stage != _PAY):
        _split(book, n)
    elif kind == _STOCK_DIVIDEND:
        _deliver(book, n)
    elif kind == _CASH_DIVIDEND:
        _pay_dividend(book, n)
    elif kind == _SYMBOL_CHANGE:
        _change_symbol(book, n)
    elif kind in (_DELISTING, _EXPIRY):
        _finish(book, n, at_close)
    elif kind == _ROLL:
        _roll(book, n, at_close)
    elif row["asset"] >= 0:
        _pay_on_positions(book, n, at_close)
    else:
        _pay_on_cash(book, n)


@apart
def apply_actions(book, key):
    """The actions that are due take effect, in their sequence.

    key: twice the current bar, + 1 at its end. The account's `action_due` is the key of the next
    one. The caller sees to room for `actions.MOST_EVENTS` orders and fills of each.
    """
    head = book.account[0]
    n = head["next_action"]
    while n < len(book.actions) and book.actions[n]["key"] <= key:
        _apply(book, n)
        n += 1
    head["next_action"] = n
    head["action_due"] = book.actions[n]["key"] if n < len(book.actions) else NEVER
    return 0

"""What the engine does when an action takes effect: kernels over a `Book`."""

from __future__ import annotations

import numpy as np

from .account import joined_price, levered, profit_of, value_of
from .action_orders import carry_orders, end_orders, trade
from .actions import ActionKind, Stage
from .book import CLOSE_FIELD, row_of
from .hooks import apart
from .instruments import RIGHTS
from .jit import njit
from .orders import CANCELLED, EXPIRED, Cause, Reason
from .risk_guard import release, restate
from .rows import NEVER, RiskKind
from .rules import Sizing
from .submission import to_lot

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
    trade(book, slot, asset, whole - after, price, row, _FOR_FRACTION, True)


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
        count = carry_orders(book, slot, asset, slot, row["new"], row["old"], 0.0)
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
            count = carry_orders(book, slot, asset, slot, row["new"], row["old"], 0.0)
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
        trade(book, slot, asset, units, 0.0, dated, _FOR_STOCK, True)
        if units != kept:
            trade(book, slot, asset, kept - units, price, dated, _FOR_FRACTION, True)
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
        trade(book, slot, asset, -size, price, row, _FOR_CHANGE, True)
        row = row_of(book, to_asset, book.account[0]["bar"])
        trade(book, to, to_asset, size, price, row, _FOR_CHANGE, True)
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
        moved = carry_orders(book, slot, to_asset, to, row["new"], row["old"], 0.0)
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
        count = end_orders(book, slot, EXPIRED, _ENDED)
        if before != 0.0 and not row["hold"]:
            trade(book, slot, asset, -before, price, dated, cause, True)
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
            count = carry_orders(book, slot, to_asset, to, row["new"], row["old"], shift)
        else:
            count = end_orders(book, slot, CANCELLED, _ACTION)
        if before != 0.0:
            trade(book, slot, asset, -before, price, dated, _FOR_ROLL, row["free"])
        if before != 0.0 or count > 0:
            cash = book.account[wallet]["cash"] - cash
            _note(book, n, slot, to_asset, before, 0.0, price, cash, count)
        units = before * row["new"] / row["old"]
        if book.rules[0]["sizing"] == _WHOLE:
            units = to_lot(units, 1.0)
        units = to_lot(units, term["lot"])
        if units != 0.0:
            cash = book.account[term["wallet"]]["cash"]
            trade(book, to, to_asset, units, to_price, to_dated, _FOR_ROLL, row["free"])
            cash = book.account[term["wallet"]]["cash"] - cash
            after = book.positions[to]["size"]
            _note(book, n, to, -1, there, after, to_price, cash, 0)
            event = book.action_events[book.account[0]["n_action_events"] - 1]
            event["asset"] = to_asset
            event["wallet"] = term["wallet"]


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
    one. The caller sees to room for `rows.MOST_EVENTS` orders and fills of each.
    """
    head = book.account[0]
    n = head["next_action"]
    while n < len(book.actions) and book.actions[n]["key"] <= key:
        _apply(book, n)
        n += 1
    head["next_action"] = n
    head["action_due"] = book.actions[n]["key"] if n < len(book.actions) else NEVER
    return 0

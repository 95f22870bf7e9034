"""What reaches the market later: new orders with their cash check, changes and cancels.

Kernels over a `Book`; `cancel` and `modify` are entries from Python, `withdraw` and `change` those
from other kernels.
"""

from __future__ import annotations

import numpy as np

from .book import OPEN, PENDING, WAITING, opened, row_of
from .booking import check_cash
from .hooks import apart, may_grow
from .jit import njit
from .order_book import (
    accept,
    advance_bracket,
    cancel_one,
    end,
    enter,
    insert,
    reduces,
    refuse,
    remove_pending,
    working,
)
from .orders import (
    ACCEPTED,
    CANCELLED,
    MARGIN,
    MARKET,
    PARTIAL,
    PENDING_CANCEL,
    REJECTED,
    SUBMITTED,
    TRAIL_LIMIT,
    TRIGGERED,
    Reason,
)
from .rules import (
    BuyingPower,
    CashCheck,
    ChangePriority,
    ExitCheck,
    FillTime,
    LateMember,
    UnknownPrice,
)
from .submission import arrival, delayed, enter_prices, to_lot

_ON_SUBMIT = int(CashCheck.ON_SUBMIT)
_FROM_CASH = int(BuyingPower.CASH)
_EXITS_PASS = int(ExitCheck.PASSES)
_THIS_OPEN = int(FillTime.THIS_OPEN)
_PRICE_WAITS = int(UnknownPrice.WAITS)
_JOINS = int(LateMember.JOINS)
_KEEP = int(ChangePriority.KEEP)
_USER = int(Reason.USER)
_GROUP = int(Reason.GROUP)
_PARENT = int(Reason.PARENT)
_CASH = int(Reason.CASH)
_MODIFIED = int(Reason.MODIFIED)


@njit
def withdraw(book, i):
    """`cancel`, from other kernels."""
    head = book.account[0]
    order = book.orders[i]
    status = order["status"]
    if order["cause"] != 0:
        return False  # the engine's own
    if delayed(book):
        if not (working(status) or status == SUBMITTED) or order["cancel_arrives"] >= 0:
            return False
        order["cancel_arrives"] = arrival(book, head["bar"])
        head["delayed"] += 1
        enter(book, i, PENDING_CANCEL, -1)
        return True
    if not cancel_one(book, i, _USER):
        return False
    advance_bracket(book, i, True)
    return True


@njit
def cancel(i, table):
    """Cancel a pending order with its OCO group and bracket; False when it is not pending.

    Under latency it becomes `PENDING_CANCEL`, until the cancel arrives. table: `book.handles`.
    """
    return withdraw(opened(table), i)


@njit
def revoke(book, i, reason):
    """The engine itself takes back a pending order, its OCO group and its bracket, at once."""
    if not cancel_one(book, i, reason):
        return False
    advance_bracket(book, i, True)
    return True


@njit
def _affordable(book, i, size, limit, stop):
    """Whether order i, changed, would pass the cash check on submission; alone, and now."""
    order = book.orders[i]
    position = book.positions[order["slot"]]
    position["check_size"] = position["size"]
    position["check_price"] = position["price"]
    position["check_stamp"] = -1
    term = book.terms[order["asset"]]
    price = limit if not np.isnan(limit) else stop
    if np.isnan(price):
        price = order["reference"]
    rule = book.rules[0]
    if rule["buying_power"] != _FROM_CASH:
        return True  # decided when it fills
    remaining = size - order["filled"]
    if rule["exit_check"] == _EXITS_PASS and reduces(position["size"], remaining):
        return True
    wallet = book.account[term["wallet"]]
    cash = wallet["cash"] - wallet["held"] - wallet["unsettled"]
    left, _, _ = check_cash(book, i, remaining, price, cash)
    return left >= 0.0


@njit
def _apply_change(book, i, size, limit, stop):
    """A change reaches the market; False when the order is no longer pending or must not change.

    NaN leaves a number as it is. What leaves nothing to trade cancels the order.
    """
    order = book.orders[i]
    status = order["status"]
    if status not in (ACCEPTED, PARTIAL, TRIGGERED):
        return False
    size = order["size"] if np.isnan(size) else to_lot(size, book.terms[order["asset"]]["lot"])
    remaining = size - order["filled"]
    if abs(size) < book.terms[order["asset"]]["minimum_size"]:
        return False
    guarded = len(book.risk) > 0
    if guarded and may_grow(book, i, remaining, book.account[0]["bar"]) == 0:
        return False
    if remaining == 0.0 or (remaining > 0.0) != (order["size"] > 0.0):
        cancel_one(book, i, _MODIFIED)
        advance_bracket(book, i, True)
        return True
    if (book.rules[0]["cash_check"] & _ON_SUBMIT) != 0 and not _affordable(
        book, i, size, limit, stop
    ):
        return False
    moved = abs(remaining) > abs(order["remaining"])
    if not np.isnan(limit) or not np.isnan(stop):
        moved = True
        order["limit_reached"] = False
    new_limit = order["limit"] if np.isnan(limit) else limit
    new_stop = order["stop"] if np.isnan(stop) or order["triggered"] else stop
    follows = order["kind"] == TRAIL_LIMIT and not order["triggered"]
    if follows and np.isnan(limit):
        new_limit = new_stop - order["limit_offset"]
    enter_prices(book, order, new_limit, new_stop)
    if follows and not np.isnan(limit):
        order["limit_offset"] = order["stop"] - order["limit"]
    order["size"] = size
    order["remaining"] = remaining
    if moved and book.rules[0]["change_priority"] != _KEEP and remove_pending(book, i):
        insert(book, i)
    enter(book, i, status, -1)
    return True


@njit
def change(book, i, size, limit, stop):
    """`modify`, from other kernels."""
    head = book.account[0]
    order = book.orders[i]
    status = order["status"]
    if order["cause"] != 0:
        return False  # the engine's own
    if not delayed(book):
        return _apply_change(book, i, size, limit, stop)
    if status == PENDING_CANCEL or not (working(status) or status == SUBMITTED):
        return False
    arrives = arrival(book, head["bar"])
    if order["change_arrives"] < 0:
        order["change_arrives"] = arrives
        order["new_size"] = size
        order["new_limit"] = limit
        order["new_stop"] = stop
        head["delayed"] += 1
        return True
    if order["change_arrives"] != arrives:
        return False  # an earlier change is still on its way
    if not np.isnan(size):
        order["new_size"] = size
    if not np.isnan(limit):
        order["new_limit"] = limit
    if not np.isnan(stop):
        order["new_stop"] = stop
    return True


@njit
def modify(i, size, limit, stop, table):
    """Change a pending order; NaN leaves a number as it is. False: it is not pending any more.

    size: the whole order's, signed, with what has been filled. table: `book.handles`.
    """
    return change(opened(table), i, size, limit, stop)


@apart
def receive(book, t):
    """Changes and cancels that were on their way to the market arrive."""
    head = book.account[0]
    left = 0
    # From the end: a cancelled order's place is taken by one that was seen already.
    k = head["n_pending"] - 1
    while k >= 0:
        if k < head["n_pending"]:
            i = book.queue[PENDING, k]
            order = book.orders[i]
            if order["change_arrives"] >= 0:
                if order["change_arrives"] <= t:
                    order["change_arrives"] = -1
                    _apply_change(book, i, order["new_size"], order["new_limit"], order["new_stop"])
                else:
                    left += 1
            if order["cancel_arrives"] >= 0 and working(order["status"]):
                if order["cancel_arrives"] <= t:
                    cancel_one(book, i, _USER)
                    advance_bracket(book, i, True)
                else:
                    left += 1
        k -= 1
    for k in range(head["n_submitted"]):
        order = book.orders[book.queue[WAITING, k]]
        left += int(order["cancel_arrives"] >= 0) + int(order["change_arrives"] >= 0)
    head["delayed"] = left
    return 0


@njit
def arrive(book):
    """Orders that were on their way reach the market, and its cash check where there is one.

    In sequence, each on the cash that the earlier ones leave: cash that went negative stays so
    for the orders behind, until one of them frees some.
    """
    head = book.account[0]
    rules = book.rules
    checked = (rules[0]["cash_check"] & _ON_SUBMIT) != 0
    checked &= rules[0]["buying_power"] == _FROM_CASH  # else: `margin.screen`
    head["stamp"] += 1
    stamp = head["stamp"]
    t = head["bar"]
    kept = 0
    for k in range(head["n_submitted"]):
        i = book.queue[WAITING, k]
        order = book.orders[i]
        if order["arrives"] > t:
            book.queue[WAITING, kept] = i
            kept += 1
            continue
        asset = order["asset"]
        row = row_of(book, asset, t)
        # One that protects a part, or that no sibling ends, is wanted all the same.
        wanted = rules[0]["late_member"] == _JOINS and order["in_bracket"] and order["active"]
        if order["parent"] >= 0 and not (wanted or book.orders[order["parent"]]["bracket_open"]):
            end(book, i, REJECTED, _PARENT)
            continue
        if not order["in_oco"] and rules[0]["late_member"] == _JOINS:
            # Its group traded while it was on its way.
            end(book, i, CANCELLED, _GROUP)
            advance_bracket(book, i, True)
            continue
        if not checked or order["cause"] != 0:
            accept(book, i)
            continue
        position = book.positions[order["slot"]]
        if position["check_stamp"] != stamp:
            position["check_stamp"] = stamp
            position["check_size"] = position["size"]
            position["check_price"] = position["price"]
        wallet = book.account[book.terms[asset]["wallet"]]
        if wallet["check_stamp"] != stamp:
            wallet["check_stamp"] = stamp
            wallet["check_cash"] = wallet["cash"] - wallet["held"] - wallet["unsettled"]
        price = order["reference"]
        if rules[0]["fill_time"] == _THIS_OPEN and order["kind"] == MARKET:
            price = book.values[OPEN, asset, row]
        if np.isnan(price) and (row < 0 or rules[0]["unknown_price"] == _PRICE_WAITS):
            accept(book, i)
            continue
        passes = rules[0]["exit_check"] == _EXITS_PASS
        passes &= order["reduce_only"] or reduces(position["check_size"], order["remaining"])
        cash, needed, available = check_cash(
            book, i, order["remaining"], price, wallet["check_cash"]
        )
        wallet["check_cash"] = cash
        if cash >= 0.0 or passes:
            accept(book, i)
            continue
        order["needed"] = needed
        order["available"] = available
        refuse(book, i, MARGIN, _CASH)
    head["n_submitted"] = kept

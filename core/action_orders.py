"""Orders when an action takes effect: the engine's own trades, and what becomes of the pending."""

from __future__ import annotations

from .account import apply_fill
from .book import PENDING, WAITING, stamp_of
from .booking import begin_month, record_fill
from .jit import njit
from .order_book import (
    advance_bracket,
    cancel_oco_mates,
    end,
    enter,
    remove_pending,
)
from .orders import (
    ACCEPTED,
    CANCELLED,
    FILLED,
    MARKET,
    PARTIAL,
    SUBMITTED,
    TRAIL,
    TRAIL_LIMIT,
    TRIGGERED,
    Reason,
)
from .rules import CashCheck, Queue, Sizing
from .submission import enter_prices, new_order, to_lot

_ACTION = int(Reason.ACTION)
_WHOLE = int(Sizing.WHOLE)
_BY_ASSET = int(Queue.BY_ASSET)
_NO_CHECK = int(CashCheck.NONE)


@njit
def trade(book, slot, asset, units, price, row, cause, free):
    """Trade `units` (signed) of a position at `price`, by an order of the engine's own.

    No cash check refuses it. row: the asset's bar that the fill is dated at. free: without
    commission.
    """
    head = book.account[0]
    t = head["bar"]
    n = head["n_fills"]
    dated = row if row >= 0 else t
    i = new_order(book, dated, asset, slot, MARKET, cause, units)
    order = book.orders[i]
    order["met"] = True
    order["reference"] = price
    order["created_time"] = stamp_of(book, asset, dated)
    order["created_close"] = price
    order["session"] = book.sessions[t]
    order["arrives"] = t
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
    begin_month(book, term, wallet)
    position = book.positions[slot]
    held = position["size"]
    fill = book.fills[n]
    apply_fill(term, rules[0], wallet, position, order, units, price, fill, False, False)
    record_fill(book, i, dated, held, False, False, -1)
    order["remaining"] = 0.0  # the parts of a trade need not add up to the last bit
    enter(book, i, FILLED, n)


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
def end_orders(book, slot, status, reason):
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
def carry_orders(book, slot, asset, to, new, old, shift):
    """The orders of a position are restated, and move to the position `to` of `asset`.

    They say so by an event, once in a bar; those of which nothing is left end. Returns their
    number.
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
        elif order["restated"] != head["bar"] + 1:
            order["restated"] = head["bar"] + 1  # however often: there is room for one event
            if order["status"] in (ACCEPTED, PARTIAL, TRIGGERED, SUBMITTED):
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

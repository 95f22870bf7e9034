"""Sending orders: what is not sent at all, and what goes to the market alone or with its bracket.

Kernels over a `Book`; `submit` is the entry from Python, `send` that from other kernels.
"""

from __future__ import annotations

import numpy as np

from .account import FAULT_ROOM
from .book import CLOSE_FIELD, WAITING, opened, row_of, stamp_of
from .hooks import admit
from .jit import njit
from .matching import to_tick, trail
from .order_book import (
    accept,
    end,
    enter,
    group_is_over,
    stands,
)
from .orders import (
    DENIED,
    FILLED,
    INITIALISED,
    LIMIT,
    LIMIT_IF_TOUCHED,
    MARKET,
    MARKET_IF_TOUCHED,
    REJECTED,
    STOP,
    STOP_LIMIT,
    SUBMITTED,
    TRAIL,
    TRAIL_LIMIT,
    Reason,
    TimeInForce,
)
from .rows import RiskKind
from .rules import BarStamp, CashCheck, LateMember

_ON_SUBMIT = int(CashCheck.ON_SUBMIT)
_JOINS = int(LateMember.JOINS)
_STAMP_CLOSE = int(BarStamp.CLOSE)
_GTC = int(TimeInForce.GTC)
_GROUP = int(Reason.GROUP)
_PARENT = int(Reason.PARENT)
_SIZE = int(Reason.SIZE)
_HALTED = int(Reason.HALTED)
_ENDED = int(Reason.EXPIRED_ASSET)
_DRAWDOWN = int(RiskKind.MAX_DRAWDOWN)
_DAILY_LOSS = int(RiskKind.DAILY_LOSS)


@njit
def delayed(book):
    """Whether messages take time to reach the market."""
    rule = book.rules[0]
    return rule["latency_bars"] != 0 or rule["latency"] != 0


@njit
def halted(book, i):
    """Whether a halt forbids order i. One that reduces a position may be sent, as reduce-only."""
    order = book.orders[i]
    if book.account[0]["halted"] == 0 or order["cause"] != 0 or order["reduce_only"]:
        return False
    if book.positions[order["slot"]]["size"] * order["size"] < 0.0:
        order["reduce_only"] = True
        return False
    for r in range(len(book.risk)):
        if book.risk[r]["kind"] in (_DRAWDOWN, _DAILY_LOSS) and book.risk_state[r, 0]["armed"]:
            order["cause"] = book.risk[r]["cause"]
    return True


@njit
def arrival(book, t):
    """The time index from which the market has what was sent at time index t; T: not at all."""
    rule = book.rules[0]
    u = t + 1 + rule["latency_bars"]
    if rule["latency"] > 0:
        # A bar that is stamped with its close has begun when the one before it ended.
        shift = 1 if rule["bar_stamp"] == _STAMP_CLOSE else 0
        due = book.times[max(t, 0)] + rule["latency"]
        begun = np.searchsorted(book.times, due)
        if begun > 0:
            u = max(u, begun + shift)
    return min(u, len(book.times))


@njit
def to_lot(size, lot):
    """`size` cut toward zero to a multiple of `lot`."""
    if lot == 0.0:
        return size
    steps = abs(size) / lot
    nearest = np.rint(steps)
    if abs(steps - nearest) > max(1e-9, 1e-15 * steps):
        nearest = np.floor(steps)
    return nearest * lot if size > 0.0 else -nearest * lot


@njit
def enter_prices(book, order, limit, stop):
    """Enter limit and stop (NaN: none) into an order, on the grid of its asset."""
    tick = book.terms[order["asset"]]["tick"]
    if tick == 0.0:
        order["limit"] = limit
        order["stop"] = stop
        return
    buys = order["size"] > 0.0
    touched = order["kind"] in (MARKET_IF_TOUCHED, LIMIT_IF_TOUCHED)
    order["limit"] = to_tick(limit, tick, not buys)
    order["stop"] = to_tick(stop, tick, buys != touched)


@njit(forceinline=True)
def _denial(book, i):
    """Why order i is not sent at all; 0 when it is."""
    order = book.orders[i]
    term = book.terms[order["asset"]]
    if book.positions[order["slot"]]["ended"]:
        return _ENDED
    small = abs(order["remaining"]) < term["minimum_size"] and not stands(order["cause"])
    if order["remaining"] == 0.0 or small:
        order["needed"] = max(term["minimum_size"], term["lot"])
        order["available"] = abs(order["remaining"])
        return _SIZE
    return _HALTED if halted(book, i) else 0


@njit
def _deny_parked(book, root):
    """A bracket is sent whole or not at all: one of its children was denied."""
    if book.orders[root]["status"] == INITIALISED:
        _deny_bracket(book, root)


@njit
def _deny_bracket(book, root):
    """None of the orders of a bracket that were not sent yet will be."""
    orders = book.orders
    orders[root]["bracket_open"] = False
    member = root
    while member >= 0:
        if orders[member]["status"] == INITIALISED:
            orders[member]["in_bracket"] = False
            orders[member]["in_oco"] = False
            end(book, member, DENIED, _GROUP)
        member = orders[member]["sibling"]


@njit(forceinline=True)
def _admit_bracket(book, root, t):
    """Risk rules judge the orders of a bracket that are about to be sent; what they deny ends."""
    if len(book.risk) == 0 and book.account[0]["halted"] == 0:
        return
    orders = book.orders
    member = root
    while member >= 0:
        if orders[member]["in_bracket"] and orders[member]["status"] == INITIALISED:
            reason = admit(book, member, t)
            if reason != 0:
                end(book, member, DENIED, reason)
                orders[member]["in_bracket"] = False
                orders[member]["in_oco"] = False
                if member == root:
                    _deny_bracket(book, root)
                else:
                    _deny_parked(book, root)
        member = orders[member]["sibling"]


@njit
def _first_session(book, t, arrives):
    """Session of the first bar that an order sent at t can meet.

    arrives: time index from which the market has it under latency, else -1.
    """
    first = arrives if arrives >= 0 else t + 1
    return book.sessions[min(first, len(book.times) - 1)]


@njit(forceinline=True)
def new_order(book, t, asset, slot, kind, cause, size):
    """Take the next row for an order created at time index t; returns its number.

    Every field is written: an active order for itself, without prices. The caller sees to room.
    """
    head = book.account[0]
    i = head["n_orders"]
    head["n_orders"] = i + 1
    order = book.orders[i]
    order["asset"] = asset
    order["slot"] = slot
    order["kind"] = kind
    order["status"] = INITIALISED
    order["tif"] = _GTC
    order["reason"] = 0
    order["cause"] = cause
    order["fill_time"] = -1
    order["triggered"] = False
    order["limit_reached"] = False
    order["active"] = True
    order["transmit"] = True
    order["resent"] = False
    order["reduce_only"] = False
    order["independent"] = False
    order["met"] = False
    order["tried"] = False
    order["held_in"] = -1
    order["sequence"] = 0
    order["parent"] = -1
    order["sibling"] = -1
    order["last_child"] = i
    order["bracket_open"] = False
    order["in_bracket"] = False
    order["oco"] = i
    order["in_oco"] = False
    order["oco_next"] = -1
    order["oco_last"] = i
    order["size"] = size
    order["asked"] = size
    order["filled"] = 0.0
    order["remaining"] = size
    order["limit"] = np.nan
    order["stop"] = np.nan
    order["trail_amount"] = np.nan
    order["trail_percent"] = np.nan
    order["limit_offset"] = 0.0
    order["reference"] = np.nan
    order["created_bar"] = t
    order["closed_bar"] = -1
    order["created_time"] = 0
    order["created_close"] = np.nan
    order["session"] = 0
    order["expires"] = 0
    order["session_end"] = 0
    order["arrives"] = t
    order["cancel_arrives"] = -1
    order["change_arrives"] = -1
    order["new_size"] = 0.0
    order["new_limit"] = 0.0
    order["new_stop"] = 0.0
    order["restated"] = 0
    order["noted_close"] = np.nan
    order["accrued"] = 0.0
    order["commission"] = 0.0
    order["average_price"] = np.nan
    order["needed"] = np.nan
    order["available"] = np.nan
    return i


@njit
def send(book, t, asset, size, kind, limit, stop, trail_amount, trail_percent, expires,
         session_end, reference, parent, oco, transmit, tif, reduce_only, independent, short_side,
         cause):  # fmt: skip
    """`submit`, from other kernels."""
    head = book.account[0]
    orders = book.orders
    times = book.times
    head["bar"] = max(t, head["bar"])
    if head["n_orders"] >= len(orders):
        head["fault"] = FAULT_ROOM
        return -1
    row = row_of(book, asset, t) if t >= 0 else -1
    close = book.values[CLOSE_FIELD, asset, row] if row >= 0 else np.nan
    if not stands(cause):
        size = to_lot(size, book.terms[asset]["lot"])
    slot = asset + len(book.terms) if short_side else asset
    i = new_order(book, t, asset, slot, kind, cause, size)
    order = orders[i]
    order["tif"] = tif
    order["active"] = parent < 0
    order["transmit"] = transmit
    order["reduce_only"] = reduce_only
    order["independent"] = independent
    order["parent"] = parent
    order["bracket_open"] = parent < 0
    order["in_oco"] = True
    order["trail_amount"] = trail_amount
    order["trail_percent"] = trail_percent
    order["created_time"] = stamp_of(book, asset, row) if row >= 0 else times[0] - 1
    order["created_close"] = close
    order["session"] = _first_session(book, t, -1)
    order["expires"] = expires
    order["session_end"] = session_end
    enter_prices(book, order, np.nan if kind == TRAIL else limit, stop)
    if kind in (TRAIL, TRAIL_LIMIT):
        start = close if np.isnan(stop) else stop
        if kind == TRAIL_LIMIT:
            given = not np.isnan(limit) or (row >= 0 and np.isnan(start))
            order["limit_offset"] = start - limit if given else 0.0
        order["stop"] = np.inf if size > 0.0 else -np.inf
        trail(order, start, book.terms[asset]["tick"])
    if np.isnan(reference):
        if kind in (LIMIT, LIMIT_IF_TOUCHED):
            reference = order["limit"]
        elif kind in (STOP, STOP_LIMIT, TRAIL, TRAIL_LIMIT, MARKET_IF_TOUCHED):
            reference = order["stop"]
        else:
            reference = close
    order["reference"] = reference
    if oco >= 0:
        leader = orders[oco]["oco"]
        order["oco"] = leader
        orders[orders[leader]["oco_last"]]["oco_next"] = i
        orders[leader]["oco_last"] = i
    reason = _denial(book, i)
    if reason != 0:
        end(book, i, DENIED, reason)
        order["in_oco"] = False
        order["bracket_open"] = False
        if parent >= 0:
            _deny_parked(book, parent)
        return i
    joins = book.rules[0]["late_member"] == _JOINS
    if joins and group_is_over(book, i):
        end(book, i, REJECTED, _GROUP)
        order["bracket_open"] = False
        return i
    root = i
    if parent >= 0:
        root = parent
        if not orders[root]["bracket_open"]:
            end(book, i, REJECTED, _PARENT)
            return i
        orders[orders[root]["last_child"]]["sibling"] = i
        orders[root]["last_child"] = i
        if joins and orders[root]["status"] == FILLED:
            order["active"] = True
    order["in_bracket"] = True
    if not transmit:
        return i
    _admit_bracket(book, root, t)
    if order["status"] == DENIED:
        return i
    late = delayed(book) and not stands(cause)
    wait = late or ((book.rules[0]["cash_check"] & _ON_SUBMIT) != 0 and not stands(cause))
    arrives = arrival(book, t) if late else t
    member = root
    while member >= 0:
        if orders[member]["in_bracket"]:
            if orders[member]["status"] != INITIALISED:
                if joins:
                    member = orders[member]["sibling"]
                    continue
                orders[member]["resent"] = True
            orders[member]["session"] = _first_session(book, t, arrives if late else -1)
            if wait:
                orders[member]["arrives"] = arrives
                enter(book, member, SUBMITTED, -1)
                book.queue[WAITING, head["n_submitted"]] = member
                head["n_submitted"] += 1
            else:
                accept(book, member)
        member = orders[member]["sibling"]
    return i


@njit
def submit_market(t, asset, size, reference, table):
    """`submit` of a market order of which nothing else is given: quicker to call."""
    nan = np.nan
    return send(opened(table), t, asset, size, MARKET, nan, nan, nan, nan, 0, 0, reference, -1, -1,
                True, 0, False, False, False, 0)  # fmt: skip


@njit
def submit(t, asset, size, kind, limit, stop, trail_amount, trail_percent, expires, session_end,
           reference, parent, oco, transmit, tif, reduce_only, independent, short_side, cause,
           table):  # fmt: skip
    """Create an order at time index t and send it, or park it with its bracket; returns its number.

    size: signed units, cut to the lot. Prices NaN where not given. A trailing order's `stop` (for
    `TRAIL_LIMIT` also `limit`) is the price from which it starts, NaN for the latest close.
    reference: the price of the cash check at submission, NaN for the order's own price.
    session_end: for `CLOSE` orders, ns. parent, oco: numbers of other orders or -1. independent: a
    child that no sibling cancels. short_side: it trades the short position of a hedged asset.
    cause: `orders.Cause`. table: `book.handles`.
    An order whose parent has ended is rejected; -1: there is no room for one more.
    """
    return send(opened(table), t, asset, size, kind, limit, stop, trail_amount, trail_percent,
                expires, session_end, reference, parent, oco, transmit, tif, reduce_only,
                independent, short_side, cause)  # fmt: skip

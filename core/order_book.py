"""The life of orders: sending, accepting, changing and cancelling them, and their groups.

`enter` is the only place that writes an order's status, and it follows `orders.TRANSITIONS`. All
kernels work on a `Book`; `head` is its account row 0, which holds the counts. The caller sees to
capacity: `Simulation._reserve`.
"""

from __future__ import annotations

import numpy as np

from .account import FAULT_ROOM, FAULT_TRANSITION, preview
from .book import (
    ACTIVATING,
    CLOSE_FIELD,
    OPEN,
    PENDING,
    WAITING,
    opened,
    row_of,
)
from .hooks import apart
from .jit import njit
from .matching import to_tick, trail
from .orders import (
    ACCEPTED,
    CANCELLED,
    DENIED,
    FILLED,
    INITIALISED,
    LIMIT,
    LIMIT_IF_TOUCHED,
    MARGIN,
    MARKET,
    MARKET_IF_TOUCHED,
    PARTIAL,
    PENDING_CANCEL,
    REJECTED,
    STOP,
    STOP_LIMIT,
    SUBMITTED,
    TRAIL,
    TRAIL_LIMIT,
    TRANSITIONS,
    TRIGGERED,
    Cause,
    Reason,
    TimeInForce,
)
from .risk_limits import admit, halted, may_grow
from .rules import (
    BarStamp,
    BracketActivation,
    BuyingPower,
    CashCheck,
    ChangePriority,
    ExitCheck,
    FillTime,
    LateMember,
    PartialParent,
    Queue,
)

_ON_SUBMIT = int(CashCheck.ON_SUBMIT)
_FROM_CASH = int(BuyingPower.CASH)
_EXITS_PASS = int(ExitCheck.PASSES)
_BY_ASSET = int(Queue.BY_ASSET)
_THIS_OPEN = int(FillTime.THIS_OPEN)
_SAME_BAR = int(BracketActivation.SAME_BAR)
_JOINS = int(LateMember.JOINS)
_ACTIVATE = int(PartialParent.ACTIVATE)
_KEEP = int(ChangePriority.KEEP)
_STAMP_CLOSE = int(BarStamp.CLOSE)
_DAY = int(TimeInForce.DAY)
_USER = int(Reason.USER)
_GROUP = int(Reason.GROUP)
_PARENT = int(Reason.PARENT)
_CASH = int(Reason.CASH)
_SIZE = int(Reason.SIZE)
_HALTED = int(Reason.HALTED)
_STOP_LOSS = int(Cause.STOP_LOSS)
_DAILY_LOSS = int(Cause.DAILY_LOSS)
_ENDED = int(Reason.EXPIRED_ASSET)
_MODIFIED = int(Reason.MODIFIED)


@njit
def working(status):
    """Whether an order in this status can trade."""
    return status in (ACCEPTED, PARTIAL) or status >= TRIGGERED


@njit
def stands(cause):
    """Whether an order of this cause is of a risk rule: those stand at the broker already.

    No latency, no cash check, no lot and no minimum size hold for them.
    """
    return _STOP_LOSS <= cause <= _DAILY_LOSS


@njit
def enter(book, i, status, fill):
    """Move order i into a status and record it, at the time of its asset's latest bar.

    fill: row of the fill that caused it, or -1. A step that the table does not allow is not made:
    it sets the account's fault.
    """
    head = book.account[0]
    order = book.orders[i]
    if not TRANSITIONS[order["status"], status] and not order["resent"]:
        head["fault"] = FAULT_TRANSITION
        return
    order["status"] = status
    bar = head["bar"]
    if FILLED <= status <= DENIED:
        order["closed_bar"] = bar
    row = row_of(book, order["asset"], bar) if bar >= 0 else -1
    n = head["n_events"]
    event = book.events[n]
    event["order"] = i
    event["status"] = status
    event["bar"] = bar
    event["time"] = book.times[row] if row >= 0 else 0
    event["fill"] = fill
    event["triggered"] = order["triggered"]
    head["n_events"] = n + 1


@njit
def end(book, i, status, reason):
    """Order i ends without a fill, for a reason."""
    book.orders[i]["reason"] = reason
    enter(book, i, status, -1)


@njit
def _insert(book, i):
    """Put order i among the pending ones, at the place that `Rules.queue` gives it."""
    head = book.account[0]
    queue = book.queue
    asset = book.orders[i]["asset"]
    n = head["n_pending"]
    place = n
    if book.rules[0]["queue"] == _BY_ASSET:
        positions = book.positions
        if positions[asset]["rank"] == 0:
            head["rank"] += 1
            positions[asset]["rank"] = head["rank"]
        rank = positions[asset]["rank"]
        while (
            place > 0 and positions[book.orders[queue[PENDING, place - 1]]["asset"]]["rank"] > rank
        ):
            queue[PENDING, place] = queue[PENDING, place - 1]
            place -= 1
    queue[PENDING, place] = i
    book.orders[i]["sequence"] = head["n_events"]
    head["n_pending"] = n + 1


@njit
def _accept(book, i):
    """The market has order i: it becomes pending."""
    _insert(book, i)
    book.orders[i]["noted_close"] = np.nan
    if book.orders[i]["status"] != PENDING_CANCEL:
        enter(book, i, ACCEPTED, -1)


@njit
def _close_gap(book, place):
    """Take the pending order at a place out, outside of a pass."""
    head = book.account[0]
    for m in range(place, head["n_pending"] - 1):
        book.queue[PENDING, m] = book.queue[PENDING, m + 1]
    head["n_pending"] -= 1


@njit
def remove_pending(book, i):
    """Take order i out of the pending ones; False when it is not there.

    During a pass the place is only marked: the pass closes the gaps at its end.
    """
    head = book.account[0]
    for k in range(head["n_pending"]):
        if book.queue[PENDING, k] == i:
            if head["cursor"] >= 0:
                book.queue[PENDING, k] = -1
            else:
                _close_gap(book, k)
            return True
    return False


@njit
def _end_children(book, root):
    """The children of a parent that its OCO group has cancelled end with it."""
    orders = book.orders
    orders[root]["in_bracket"] = False
    orders[root]["bracket_open"] = False
    member = orders[root]["sibling"]
    while member >= 0:
        if orders[member]["in_bracket"]:
            orders[member]["in_bracket"] = False
            if remove_pending(book, member):
                end(book, member, CANCELLED, _PARENT)
        member = orders[member]["sibling"]


@njit
def _group_is_over(book, i):
    """Whether one of the OCO group of order i has traded or ended; denied ones do not count."""
    orders = book.orders
    member = orders[i]["oco"]
    if orders[member]["oco_last"] == member:
        return False
    while member >= 0:
        if not orders[member]["in_oco"] and orders[member]["status"] != DENIED:
            return True
        member = orders[member]["oco_next"]
    return False


@njit
def cancel_oco_mates(book, i):
    """One of a one-cancels-other group traded or ended: the pending rest is cancelled.

    Latest in the queue first; orders that this pass has already tried count as the latest.
    """
    orders = book.orders
    head = book.account[0]
    leader = orders[i]["oco"]
    if orders[leader]["oco_last"] == leader and not orders[i]["resent"]:
        orders[leader]["in_oco"] = False
        return
    n = head["n_pending"]
    cursor = head["cursor"]
    for k in range(n):
        place = n - 1 - k if cursor < 0 else (cursor - 1 - k) % n
        other = book.queue[PENDING, place]
        if other < 0 or place == cursor:
            continue
        mate = orders[other]
        if mate["oco"] == leader and mate["in_oco"]:
            if cursor >= 0:
                book.queue[PENDING, place] = -1
            else:
                # Places are visited from the end: those still to come do not move.
                _close_gap(book, place)
            end(book, other, CANCELLED, _GROUP)
            if book.rules[0]["late_member"] == _JOINS and mate["parent"] < 0:
                _end_children(book, other)
    member = leader
    while member >= 0:
        orders[member]["in_oco"] = False
        member = orders[member]["oco_next"]


@njit
def cancel_one(book, i, reason):
    """Cancel order i and its OCO mates, not its bracket; False when it is not pending."""
    if not remove_pending(book, i):
        return False
    end(book, i, CANCELLED, reason)
    cancel_oco_mates(book, i)
    return True


@njit
def _protect_part(book, root):
    """The children of a parent that ended with a part filled: cut to it, and active."""
    orders = book.orders
    part = abs(orders[root]["filled"])
    orders[root]["in_bracket"] = False
    member = orders[root]["sibling"]
    while member >= 0:
        child = orders[member]
        if child["in_bracket"]:
            if abs(child["remaining"]) > part:
                child["remaining"] = part if child["remaining"] > 0.0 else -part
                child["size"] = child["filled"] + child["remaining"]
            child["active"] = True
        member = child["sibling"]


@njit
def advance_bracket(book, i, cancel):
    """Order i of a bracket ended: a filled parent activates its children, all else ends the rest.

    cancel: i did not fill. A lone order is the parent of an empty bracket. A child that is
    `independent` ends alone.
    """
    orders = book.orders
    head = book.account[0]
    parent = orders[i]["parent"]
    root = parent if parent >= 0 else i
    if orders[root]["last_child"] == root:  # no children
        orders[root]["in_bracket"] = False
        if cancel:
            orders[root]["bracket_open"] = False
        return
    if parent >= 0 and orders[i]["independent"]:
        orders[i]["in_bracket"] = False
        return
    member = root
    if cancel or parent >= 0:
        part = cancel and parent < 0 and orders[root]["filled"] != 0.0
        if part and book.rules[0]["partial_parent"] == _ACTIVATE:
            _protect_part(book, root)
            orders[root]["bracket_open"] = False
            return
        # With the parent end those too that only it ties to the group.
        everyone = parent < 0 or orders[root]["in_bracket"]
        while member >= 0:
            if orders[member]["in_bracket"] and (everyone or not orders[member]["independent"]):
                orders[member]["in_bracket"] = False
                cancel_one(book, member, _GROUP)
            member = orders[member]["sibling"]
        orders[root]["bracket_open"] = False
        return
    first = True
    while member >= 0:
        if orders[member]["in_bracket"]:
            if first:
                orders[member]["in_bracket"] = False
                first = False
            elif book.rules[0]["bracket_activation"] == _SAME_BAR:
                orders[member]["active"] = True
            else:
                book.queue[ACTIVATING, head["n_activating"]] = member
                head["n_activating"] += 1
        member = orders[member]["sibling"]


@njit
def refuse(book, i, status, reason):
    """A pending order, already taken out of the queue, ends; so does what hangs on it."""
    end(book, i, status, reason)
    cancel_oco_mates(book, i)
    advance_bracket(book, i, True)


@njit
def delayed(book):
    """Whether messages take time to reach the market."""
    rule = book.rules[0]
    return rule["latency_bars"] != 0 or rule["latency"] != 0


@njit
def _arrival(book, t):
    """The time index from which the market has what was sent at time index t."""
    rule = book.rules[0]
    u = t + 1 + rule["latency_bars"]
    if rule["latency"] > 0:
        # A bar that is stamped with its close has begun when the one before it ended.
        shift = 1 if rule["bar_stamp"] == _STAMP_CLOSE else 0
        due = book.times[max(t, 0)] + rule["latency"]
        begun = np.searchsorted(book.times, due)
        if begun > 0:
            u = max(u, min(begun + shift, len(book.times)))
    return u


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


@njit
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


@njit
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


@njit
def send(book, t, asset, size, kind, limit, stop, trail_amount, trail_percent, expires,
         session_end, reference, parent, oco, transmit, tif, reduce_only, independent, short_side,
         cause):  # fmt: skip
    """`submit`, from other kernels."""
    head = book.account[0]
    orders = book.orders
    times = book.times
    head["bar"] = max(t, head["bar"])
    i = head["n_orders"]
    if i >= len(orders):
        head["fault"] = FAULT_ROOM
        return -1
    head["n_orders"] = i + 1
    row = row_of(book, asset, t) if t >= 0 else -1
    close = book.values[CLOSE_FIELD, asset, row] if row >= 0 else np.nan
    if not stands(cause):
        size = to_lot(size, book.terms[asset]["lot"])
    order = orders[i]
    order["asset"] = asset
    order["slot"] = asset + len(book.terms) if short_side else asset
    order["kind"] = kind
    order["status"] = INITIALISED
    order["tif"] = tif
    order["reason"] = 0
    order["cause"] = cause
    order["triggered"] = False
    order["limit_reached"] = False
    order["active"] = parent < 0
    order["transmit"] = transmit
    order["resent"] = False
    order["reduce_only"] = reduce_only
    order["independent"] = independent
    order["met"] = False
    order["parent"] = parent
    order["sibling"] = -1
    order["last_child"] = i
    order["bracket_open"] = parent < 0
    order["in_bracket"] = False
    order["oco"] = i
    order["in_oco"] = True
    order["oco_next"] = -1
    order["oco_last"] = i
    order["size"] = size
    order["asked"] = size
    order["filled"] = 0.0
    order["remaining"] = size
    order["trail_amount"] = trail_amount
    order["trail_percent"] = trail_percent
    order["limit_offset"] = 0.0
    order["created_bar"] = t
    order["created_time"] = times[row] if row >= 0 else times[0] - 1
    order["created_close"] = close
    order["session"] = _first_session(book, t, -1)
    order["expires"] = expires
    order["session_end"] = session_end
    order["arrives"] = t
    order["cancel_arrives"] = -1
    order["change_arrives"] = -1
    order["held_in"] = -1
    order["sequence"] = 0
    order["noted_close"] = np.nan
    order["closed_bar"] = -1
    order["accrued"] = 0.0
    order["commission"] = 0.0
    order["average_price"] = np.nan
    order["needed"] = np.nan
    order["available"] = np.nan
    enter_prices(book, order, np.nan if kind == TRAIL else limit, stop)
    if kind in (TRAIL, TRAIL_LIMIT):
        start = close if np.isnan(stop) else stop
        if kind == TRAIL_LIMIT:
            order["limit_offset"] = 0.0 if np.isnan(limit) else start - limit
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
    if joins and _group_is_over(book, i):
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
    arrives = _arrival(book, t) if late else t
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
                _accept(book, member)
        member = orders[member]["sibling"]
    return i


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
        order["cancel_arrives"] = _arrival(book, head["bar"])
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
def reduces(size, units):
    """Whether trading `units` makes a position of `size` smaller and opens nothing."""
    return size * units < 0.0 and abs(units) <= abs(size)


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
    left, _, _ = preview(term, rule, position, remaining, price, cash, wallet["counted"])
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
        _insert(book, i)
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
    arrives = _arrival(book, head["bar"])
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
            _accept(book, i)
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
        if np.isnan(price):  # its asset has had no bar yet
            _accept(book, i)
            continue
        passes = rules[0]["exit_check"] == _EXITS_PASS
        passes &= order["reduce_only"] or reduces(position["check_size"], order["remaining"])
        cash, needed, available = preview(
            book.terms[asset],
            rules[0],
            position,
            order["remaining"],
            price,
            wallet["check_cash"],
            wallet["counted"],
        )
        wallet["check_cash"] = cash
        if cash >= 0.0 or passes:
            _accept(book, i)
            continue
        order["needed"] = needed
        order["available"] = available
        refuse(book, i, MARGIN, _CASH)
    head["n_submitted"] = kept


@njit
def expired(book, i, row):
    """Whether the time in force of order i is over at its asset's bar `row` (-1: none yet)."""
    order = book.orders[i]
    if row < 0:
        return False
    if order["tif"] == _DAY:
        return book.sessions[row] > order["session"]
    return order["expires"] != 0 and book.times[row] > order["expires"]


@njit
def leave_book(book):
    """Assets without a pending order lose their place in the sequence of `Queue.BY_ASSET`."""
    head = book.account[0]
    positions = book.positions
    if head["rank"] == 0:
        return
    for asset in range(len(positions)):
        rank = positions[asset]["rank"]
        if rank > 0:
            positions[asset]["rank"] = -rank
    for k in range(head["n_pending"]):
        position = positions[book.orders[book.queue[PENDING, k]]["asset"]]
        position["rank"] = abs(position["rank"])
    for asset in range(len(positions)):
        if positions[asset]["rank"] < 0:
            positions[asset]["rank"] = 0

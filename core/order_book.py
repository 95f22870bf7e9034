"""The life of orders: their statuses, their place among the pending ones, and their groups.

`enter` is the only place that writes an order's status, and it follows `orders.TRANSITIONS`. All
kernels work on a `Book`; `head` is its account row 0, which holds the counts. The caller sees to
capacity: `Simulation._reserve`.
"""

from __future__ import annotations

import numpy as np

from .account import FAULT_TRANSITION
from .book import ACTIVATING, PENDING, row_of, stamp_of
from .jit import njit
from .matching import works_as_limit
from .orders import (
    ACCEPTED,
    CANCELLED,
    DENIED,
    FILLED,
    PARTIAL,
    PENDING_CANCEL,
    STOP,
    STOP_LIMIT,
    TRAIL,
    TRAIL_LIMIT,
    TRANSITIONS,
    TRIGGERED,
    Cause,
    Reason,
    TimeInForce,
)
from .rules import BracketActivation, LateMember, PartialParent, Queue

_BY_ASSET = int(Queue.BY_ASSET)
_EXITS_FIRST = int(Queue.EXITS_FIRST)
_STOPS_FIRST = int(Queue.STOPS_FIRST)
_SAME_BAR = int(BracketActivation.SAME_BAR)
_JOINS = int(LateMember.JOINS)
_ACTIVATE = int(PartialParent.ACTIVATE)
_DAY = int(TimeInForce.DAY)
_GROUP = int(Reason.GROUP)
_PARENT = int(Reason.PARENT)
_STOP_LOSS = int(Cause.STOP_LOSS)
_DAILY_LOSS = int(Cause.DAILY_LOSS)


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
    """Move order i into a status and record it, with its asset's latest bar.

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
    n = head["n_events"]
    event = book.events[n]
    event["order"] = i
    event["status"] = status
    event["bar"] = bar
    event["row"] = row_of(book, order["asset"], bar) if bar >= 0 else -1
    event["fill"] = fill
    event["triggered"] = order["triggered"]
    head["n_events"] = n + 1


@njit
def end(book, i, status, reason):
    """Order i ends without a fill, for a reason."""
    book.orders[i]["reason"] = reason
    enter(book, i, status, -1)


@njit
def insert(book, i):
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
        # During a pass it comes behind the order that is being tried, and gaps move aside.
        while place > head["cursor"] + 1:
            other = queue[PENDING, place - 1]
            if other >= 0 and positions[book.orders[other]["asset"]]["rank"] <= rank:
                break
            queue[PENDING, place] = other
            place -= 1
    queue[PENDING, place] = i
    book.orders[i]["sequence"] = head["n_events"]
    head["n_pending"] = n + 1


@njit
def accept(book, i):
    """The market has order i: it becomes pending."""
    insert(book, i)
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
def group_is_over(book, i):
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
def activate(book):
    """Children whose parent filled can trade from now on."""
    head = book.account[0]
    for k in range(head["n_activating"]):
        book.orders[book.queue[ACTIVATING, k]]["active"] = True
    head["n_activating"] = 0


@njit
def refuse(book, i, status, reason):
    """A pending order, already taken out of the queue, ends; so does what hangs on it."""
    end(book, i, status, reason)
    cancel_oco_mates(book, i)
    advance_bracket(book, i, True)


@njit
def reduces(size, units):
    """Whether trading `units` makes a position of `size` smaller and opens nothing."""
    return size * units < 0.0 and abs(units) <= abs(size)


@njit
def expired(book, i, row):
    """Whether the time in force of order i is over at its asset's bar `row` (-1: none yet)."""
    order = book.orders[i]
    if row < 0:
        return False
    if order["tif"] == _DAY:
        return book.sessions[row] > order["session"]
    return order["expires"] != 0 and stamp_of(book, order["asset"], row) > order["expires"]


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


@njit
def _first_key(book, i):
    """Which orders meet a bar before others, by `Rules.queue`: the smaller number first."""
    order = book.orders[i]
    queue = book.rules[0]["queue"]
    if queue == _EXITS_FIRST:
        size = book.positions[order["slot"]]["size"]
        return 0 if size * order["size"] < 0.0 else 1
    stops = order["kind"] in (STOP, STOP_LIMIT, TRAIL, TRAIL_LIMIT) and not order["triggered"]
    limits = works_as_limit(order)
    if queue == _STOPS_FIRST:
        return 0 if stops else 1
    return 0 if limits else 1


@njit
def sort_pending(book):
    """Pending orders in the sequence of `Rules.queue`, where it is more than that of sending.

    There are no gaps in the queue, and no children wait to be activated.
    """
    n = book.account[0]["n_pending"]
    queue = book.queue
    for k in range(n):
        queue[ACTIVATING, k] = queue[PENDING, k]
    place = 0
    for wanted in range(2):
        start = place
        for k in range(n):
            i = queue[ACTIVATING, k]
            if _first_key(book, i) != wanted:
                continue
            # Mostly they are in sequence already.
            turn = book.orders[i]["sequence"]
            m = place
            while m > start and book.orders[queue[PENDING, m - 1]]["sequence"] > turn:
                queue[PENDING, m] = queue[PENDING, m - 1]
                m -= 1
            queue[PENDING, m] = i
            place += 1

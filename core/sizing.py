"""What a strategy's calls send: checked, and sized by value, by a part of equity, to a target.

Kernels over a `Book`. Prices are the latest closes; values and equity are in the account's
currency. What is pending is not counted: a target is compared with the position that there is. A
size that is NaN, or that the asset's lot (or `Sizing.WHOLE`) cuts to nothing, sends no order.

A call without a meaning sends nothing and notes the account's `fault`, one of `WRONG`; there is
no exception in a kernel. The caller raises it: `fault_text`.
"""

from __future__ import annotations

import numpy as np

from .account import FAULT_ROOM, value_of
from .book import CLOSE_FIELD, PENDING, WAITING, opened, row_of
from .jit import njit
from .messages import change, withdraw
from .orders import (
    CLOSE,
    LIMIT,
    LIMIT_IF_TOUCHED,
    MARKET,
    MARKET_IF_TOUCHED,
    STOP,
    STOP_LIMIT,
    TRAIL,
    TRAIL_LIMIT,
    Kind,
    TimeInForce,
)
from .rules import LateMember, Positioning, Sizing
from .submission import send, to_lot
from .valuation import rate_of

_WHOLE = int(Sizing.WHOLE)
_HEDGING = int(Positioning.HEDGING)
_JOINS = int(LateMember.JOINS)
_GTC = int(TimeInForce.GTC)
_GTD = int(TimeInForce.GTD)
_AT_OPEN = int(TimeInForce.AT_OPEN)
_KINDS = len(Kind)
_TIFS = len(TimeInForce)
_NAN = np.nan

#: Faults of `ACCOUNT` from here on: a call of the strategy has no meaning, and which.
FAULT_WRONG = 16
_ASSET, _SIZE, _KIND, _LIMIT, _STOP, _TRAIL, _PRICE, _TIF, _EXPIRES, _AUCTION = range(16, 26)
_PARENT, _CHILD, _OCO, _ORDER, _CHANGE, _WEIGHTS, _NETTING, _SIDE, _EXTRA = range(26, 35)

#: What each fault says; {0:g} is the argument.
WRONG = {
    _ASSET: "asset: there is no asset {0:g}",
    _SIZE: "size must be finite, not {0:g}",
    _KIND: "kind: {0:g} is none of orders.Kind, or none that can begin a bracket",
    _LIMIT: "limit: an order of kind {kind} needs it",
    _STOP: "stop: an order of kind {kind} needs it",
    _TRAIL: "trail_amount or trail_percent: an order of kind {kind} needs one",
    _PRICE: "limit, stop and the distance of a trail must be finite, not {0:g}",
    _TIF: "tif: {0:g} is none of orders.TimeInForce",
    _EXPIRES: "expires: time in force GTD needs it, in ns",
    _AUCTION: "tif: AT_OPEN and AT_CLOSE are for MARKET and LIMIT orders, not {kind}",
    _PARENT: "parent: there is no order {0:g}",
    _CHILD: "parent: order {0:g} is itself a child; a bracket has one level",
    _OCO: "oco: there is no order {0:g}",
    _ORDER: "order: there is no order {0:g}",
    _CHANGE: "size, limit or stop: a change needs at least one of them",
    _WEIGHTS: "weights must be one number per asset, not {0:g} of them",
    _NETTING: "short: only under Positioning.HEDGING has an asset a short side of its own",
    _SIDE: "the target {0:g} is on the other side of the position that short= names",
    _EXTRA: "limit or stop: an order of kind {kind} has none",
}


def fault_text(fault: int, value: float) -> str:
    """What was wrong with the call that set the fault, and its argument."""
    kind = Kind(int(value)).name if "{kind}" in WRONG[fault] else ""
    return WRONG[fault].format(value, kind=kind) + "."


@njit
def _wrong(book, fault, value):
    """Note the first fault, and the argument, in scratch of the cash check; returns False."""
    head = book.account[0]
    if head["fault"] == 0:
        head["fault"] = fault
        head["check_cash"] = value
    return False


@njit
def has_room(book, new):
    """Whether `new` more orders, or a call about the pending ones, fit into the arrays.

    Sets FAULT_ROOM when not. After a fault nothing more is sent.
    """
    head = book.account[0]
    if head["fault"] != 0:
        return False
    live = head["n_pending"] + head["n_submitted"] + head["n_activating"] + new
    if (
        head["n_orders"] + new <= len(book.orders)
        and 2 * live + 8 <= book.queue.shape[1]
        and head["n_events"] + 4 * live + 8 <= len(book.events)
    ):
        return True
    return _wrong(book, FAULT_ROOM, 0.0)


@njit
def _is_asset(book, asset):
    """Whether there is such an asset; notes a fault when not."""
    if 0 <= asset < len(book.terms):
        return True
    return _wrong(book, _ASSET, float(asset))


@njit
def _is_order(book, order):
    """Whether there is such an order; notes a fault when not."""
    if 0 <= order < book.account[0]["n_orders"]:
        return True
    return _wrong(book, _ORDER, float(order))


@njit
def _is_side(book, short):
    """Whether the account has the position that `short` names; notes a fault when not."""
    if not short or book.rules[0]["positioning"] == _HEDGING:
        return True
    return _wrong(book, _NETTING, 1.0)


@njit
def _is_priced(book, kind, limit, stop, trail_amount, trail_percent):
    """Whether an order of a kind has the prices that it needs, no others, and all finite."""
    for price in (limit, stop, trail_amount, trail_percent):
        if np.isinf(price):
            return _wrong(book, _PRICE, price)
    if kind in (TRAIL, TRAIL_LIMIT):
        if np.isnan(trail_amount) and np.isnan(trail_percent):
            return _wrong(book, _TRAIL, float(kind))
        return True
    with_limit = kind in (LIMIT, STOP_LIMIT, LIMIT_IF_TOUCHED)
    with_stop = kind in (STOP, STOP_LIMIT, MARKET_IF_TOUCHED, LIMIT_IF_TOUCHED)
    if with_limit and np.isnan(limit):
        return _wrong(book, _LIMIT, float(kind))
    if with_stop and np.isnan(stop):
        return _wrong(book, _STOP, float(kind))
    if not (with_limit or np.isnan(limit)) or not (with_stop or np.isnan(stop)):
        return _wrong(book, _EXTRA, float(kind))
    return True


@njit
def _has_life(book, kind, tif, expires):
    """Whether a kind of order can have a time in force; notes a fault when not."""
    if not 0 <= tif < _TIFS:
        return _wrong(book, _TIF, float(tif))
    if tif == _GTD and expires == 0:
        return _wrong(book, _EXPIRES, 0.0)
    if tif >= _AT_OPEN and kind not in (MARKET, LIMIT):
        return _wrong(book, _AUCTION, float(kind))
    return True


@njit
def _has_group(book, parent, oco):
    """Whether the orders exist that an order joins (-1: none); notes a fault when not."""
    n = book.account[0]["n_orders"]
    if not -1 <= parent < n:
        return _wrong(book, _PARENT, float(parent))
    joins = book.rules[0]["late_member"] == _JOINS
    if joins and parent >= 0 and book.orders[parent]["parent"] >= 0:
        return _wrong(book, _CHILD, float(parent))
    if not -1 <= oco < n:
        return _wrong(book, _OCO, float(oco))
    return True


@njit
def unit_value(book, asset):
    """What one unit of an asset is worth at its latest close; NaN when that is not above 0."""
    t = book.account[0]["bar"]
    row = row_of(book, asset, t)
    if row < 0:
        return np.nan
    term = book.terms[asset]
    close = book.values[CLOSE_FIELD, asset, row]
    worth = value_of(term, 1.0, close) * rate_of(book, term["wallet"], t)
    return worth if worth > 0.0 and worth < np.inf else np.nan


@njit
def tradable(book, asset, size):
    """`size` as an order can have it: whole units or lots, toward zero; 0 for NaN."""
    if np.isnan(size):
        return 0.0
    if book.rules[0]["sizing"] == _WHOLE:
        size = np.trunc(size)
    return to_lot(size, book.terms[asset]["lot"])


@njit
def place(book, asset, size, kind, limit, stop, trail_amount, trail_percent, tif, expires,
          parent, oco, reduce_only, short):  # fmt: skip
    """Send an order at the current bar; returns its number, -1 when none is sent.

    short: under `Positioning.HEDGING` it trades the short position. What reduces a hedged position
    is reduce-only. All else as `Simulation.submit`.
    """
    if not _is_asset(book, asset):
        return -1
    if np.isinf(size):
        _wrong(book, _SIZE, size)
        return -1
    if not 0 <= kind < _KINDS:
        _wrong(book, _KIND, float(kind))
        return -1
    if not (
        _is_priced(book, kind, limit, stop, trail_amount, trail_percent)
        and _has_life(book, kind, tif, expires)
        and _has_group(book, parent, oco)
        and _is_side(book, short)
    ):
        return -1
    return _sent(book, asset, size, kind, limit, stop, trail_amount, trail_percent, tif, expires,
                 parent, oco, reduce_only, short)  # fmt: skip


@njit(forceinline=True)
def _sent(book, asset, size, kind, limit, stop, trail_amount, trail_percent, tif, expires,
          parent, oco, reduce_only, short):  # fmt: skip
    """`place` after its checks."""
    size = tradable(book, asset, size)
    if size == 0.0 or not has_room(book, 1):
        return -1
    if book.rules[0]["positioning"] == _HEDGING and (size > 0.0) == short:
        reduce_only = True
    return send(book, book.account[0]["bar"], asset, size, kind, limit, stop, trail_amount,
                trail_percent, expires, 0, _NAN, parent, oco, True, tif, reduce_only, False, short,
                0)  # fmt: skip


@njit(forceinline=True)
def _market(book, asset, size, short):
    """A market order for `size` units of an asset that exists."""
    if np.isinf(size):
        _wrong(book, _SIZE, size)
        return -1
    return _sent(book, asset, size, MARKET, _NAN, _NAN, _NAN, _NAN, _GTC, 0, -1, -1, False, short)


@njit
def order_value(book, asset, value, short):
    """A market order for units that are worth `value` (signed)."""
    if not (_is_asset(book, asset) and _is_side(book, short)):
        return -1
    return _market(book, asset, value / unit_value(book, asset), short)


@njit
def order_percent(book, asset, part, short):
    """A market order for units that are worth a part of equity (0.1: a tenth; signed)."""
    return order_value(book, asset, part * book.account[0]["equity"], short)


@njit
def target_size(book, asset, size, short):
    """A market order that brings the position to `size` units.

    Under `Positioning.HEDGING` that of one side: `size` is not negative, or with `short` not
    positive.
    """
    if not (_is_asset(book, asset) and _is_side(book, short)):
        return -1
    if book.rules[0]["positioning"] == _HEDGING and (size > 0.0 if short else size < 0.0):
        _wrong(book, _SIDE, size)
        return -1
    slot = asset + len(book.terms) if short else asset
    return _market(book, asset, size - book.positions[slot]["size"], short)


@njit
def target_value(book, asset, value, short):
    """A market order that brings the position to a worth of `value`."""
    if not _is_asset(book, asset):
        return -1
    size = 0.0 if value == 0.0 else value / unit_value(book, asset)
    return target_size(book, asset, size, short)


@njit
def target_percent(book, asset, part, short):
    """A market order that brings the position to a part of equity."""
    return target_value(book, asset, part * book.account[0]["equity"], short)


@njit
def target_weights(book, weights):
    """Market orders that bring every position to its part of equity; returns how many.

    weights: float64[N], signed parts of equity; NaN leaves a position as it is. What frees cash is
    sent first, so that the cash check finds it: sales of what is held, purchases of what is short.
    Under `Positioning.HEDGING` the long positions, and no weight is negative.
    """
    if len(weights) != len(book.terms):
        _wrong(book, _WEIGHTS, float(len(weights)))
        return 0
    equity = book.account[0]["equity"]
    hedging = book.rules[0]["positioning"] == _HEDGING
    positions = book.positions
    sent = 0
    first, end = 0, len(weights)
    for turn in range(2):
        left, right = len(weights), 0  # where there is something to do in the second turn
        for asset in range(first, end):
            weight = weights[asset]
            if np.isnan(weight):
                continue
            held = positions[asset]["size"]
            if weight == 0.0 and held == 0.0:
                continue
            if hedging and weight < 0.0:
                _wrong(book, _SIDE, weight)
                return sent
            size = 0.0 if weight == 0.0 else weight * equity / unit_value(book, asset)
            frees = held != 0.0 and (size - held) * held < 0.0
            if frees == (turn == 0):
                if _market(book, asset, size - held, False) >= 0:
                    sent += 1
            elif turn == 0:
                left = min(left, asset)
                right = asset + 1
        first, end = left, right
    return sent


@njit
def bracket(book, asset, size, stop_loss, take_profit, kind, limit, stop, tif, expires, short):
    """Send an entry with a stop and a target behind it; returns the entry's number, or -1.

    stop_loss, take_profit: prices, NaN for none. They are the next orders after the entry, in
    this sequence: a STOP and a LIMIT of the opposite size that can trade once it has filled, and
    of which the first to trade cancels the other.
    """
    if not _is_asset(book, asset):
        return -1
    if np.isinf(size):
        _wrong(book, _SIZE, size)
        return -1
    if not 0 <= kind < _KINDS or kind in (TRAIL, TRAIL_LIMIT):
        _wrong(book, _KIND, float(kind))
        return -1
    if np.isinf(stop_loss) or np.isinf(take_profit):
        _wrong(book, _PRICE, np.inf)
        return -1
    if not (
        _is_priced(book, kind, limit, stop, _NAN, _NAN)
        and _has_life(book, kind, tif, expires)
        and _is_side(book, short)
    ):
        return -1
    size = tradable(book, asset, size)
    if size == 0.0 or not has_room(book, 3):
        return -1
    protects = not np.isnan(stop_loss)
    takes = not np.isnan(take_profit)
    hedging = book.rules[0]["positioning"] == _HEDGING
    closes = hedging and (size > 0.0) == short
    t = book.account[0]["bar"]
    entry = send(book, t, asset, size, kind, limit, stop, _NAN, _NAN, expires, 0, _NAN, -1, -1,
                 not (protects or takes), tif, closes, False, short, 0)  # fmt: skip
    if protects:
        send(book, t, asset, -size, STOP, _NAN, stop_loss, _NAN, _NAN, 0, 0, _NAN, entry, -1,
             not takes, _GTC, hedging and not closes, False, short, 0)  # fmt: skip
    if takes:
        send(book, t, asset, -size, LIMIT, take_profit, _NAN, _NAN, _NAN, 0, 0, _NAN, entry, -1,
             True, _GTC, hedging and not closes, False, short, 0)  # fmt: skip
    return entry


@njit
def drop(book, order):
    """Cancel an order, see `Simulation.cancel`; -1 is no order, and nothing to cancel."""
    if order == -1 or not _is_order(book, order) or not has_room(book, 0):
        return False
    return withdraw(book, order)


@njit
def alter(book, order, size, limit, stop):
    """Change an order, see `Simulation.modify`; -1 is no order, and nothing to change."""
    if order == -1 or not _is_order(book, order):
        return False
    if np.isnan(size) and np.isnan(limit) and np.isnan(stop):
        return _wrong(book, _CHANGE, _NAN)
    if np.isinf(size):
        return _wrong(book, _SIZE, size)
    if np.isinf(limit) or np.isinf(stop):
        return _wrong(book, _PRICE, np.inf)
    kind = book.orders[order]["kind"]
    if not np.isnan(limit) and kind in (MARKET, CLOSE, STOP, MARKET_IF_TOUCHED):
        return _wrong(book, _EXTRA, float(kind))
    if not np.isnan(stop) and kind in (MARKET, CLOSE, LIMIT):
        return _wrong(book, _EXTRA, float(kind))
    return has_room(book, 0) and change(book, order, size, limit, stop)


@njit
def status_of(book, order):
    """The status of an order, see `orders.Status`; -1 for -1."""
    if order == -1 or not _is_order(book, order):
        return -1
    return int(book.orders[order]["status"])


@njit
def waiting(book, asset):
    """How many orders of an asset are pending, or on their way to the market."""
    if not _is_asset(book, asset):
        return 0
    head = book.account[0]
    found = 0
    for k in range(head["n_pending"]):
        i = book.queue[PENDING, k]
        if i >= 0 and book.orders[i]["asset"] == asset:
            found += 1
    for k in range(head["n_submitted"]):
        if book.orders[book.queue[WAITING, k]]["asset"] == asset:
            found += 1
    return found


# The same from Python; table: `book.handles`.


@njit
def send_order(asset, size, kind, limit, stop, trail_amount, trail_percent, tif, expires, parent,
               oco, reduce_only, short, table):  # fmt: skip
    """`place` from Python."""
    return place(opened(table), asset, size, kind, limit, stop, trail_amount, trail_percent, tif,
                 expires, parent, oco, reduce_only, short)  # fmt: skip


@njit
def send_value(asset, value, short, table):
    """`order_value` from Python."""
    return order_value(opened(table), asset, value, short)


@njit
def send_percent(asset, part, short, table):
    """`order_percent` from Python."""
    return order_percent(opened(table), asset, part, short)


@njit
def send_target(asset, size, short, table):
    """`target_size` from Python."""
    return target_size(opened(table), asset, size, short)


@njit
def send_target_value(asset, value, short, table):
    """`target_value` from Python."""
    return target_value(opened(table), asset, value, short)


@njit
def send_target_percent(asset, part, short, table):
    """`target_percent` from Python."""
    return target_percent(opened(table), asset, part, short)


@njit
def send_weights(weights, table):
    """`target_weights` from Python."""
    return target_weights(opened(table), weights)


@njit
def send_bracket(asset, size, stop_loss, take_profit, kind, limit, stop, tif, expires, short,
                 table):  # fmt: skip
    """`bracket` from Python."""
    return bracket(opened(table), asset, size, stop_loss, take_profit, kind, limit, stop, tif,
                   expires, short)  # fmt: skip


@njit
def send_cancel(order, table):
    """`drop` from Python."""
    return drop(opened(table), order)


@njit
def send_change(order, size, limit, stop, table):
    """`alter` from Python."""
    return alter(opened(table), order, size, limit, stop)


@njit
def read_status(order, table):
    """`status_of` from Python."""
    return status_of(opened(table), order)


@njit
def count_waiting(asset, table):
    """`waiting` from Python."""
    return waiting(opened(table), asset)

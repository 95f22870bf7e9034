"""Cash, positions and equity: what a fill does to them. Pure jitted functions."""

from __future__ import annotations

import numpy as np

from .costs import PER_SHARE, commission_due, commission_raw, commission_whole
from .jit import njit
from .rules import Booking, CashCheck, CommissionTime, ShortCash

_LOCKED = int(ShortCash.LOCKED)
_END_OF_BAR = int(CommissionTime.END_OF_BAR)
_ON_FILL = int(CashCheck.ON_FILL)
_WHOLE = int(Booking.WHOLE)

#: The account and the fill counts of the engine's arrays, one row.
ACCOUNT = np.dtype(
    [
        ("cash", np.float64),
        ("equity", np.float64),
        ("flow", np.float64),  # sum of all that moved cash since the start, in sequence
        ("bar", np.int64),  # the bar at which equity is marked, -1 before the first
        ("n_orders", np.int64),
        ("n_events", np.int64),
        ("n_fills", np.int64),
        ("n_pending", np.int64),
        ("n_submitted", np.int64),
        ("n_activating", np.int64),
        ("n_marked", np.int64),  # open positions whose profit is settled at each close
        ("cursor", np.int64),  # place in the pending orders during a pass, else -1
        ("stamp", np.int64),  # number of the current cash check
        ("rank", np.int64),  # last rank given to an asset that entered the book
        ("fault", np.int64),
    ]
)

#: `fault` when an order took a step that `orders.TRANSITIONS` forbids: an error in this package.
FAULT_TRANSITION = 1

POSITION = np.dtype(
    [
        ("size", np.float64),
        ("price", np.float64),  # average entry price, 0 when flat
        ("base", np.float64),  # price up to which profit is settled in cash (futures-like)
        ("realised", np.float64),  # gross profit of closed parts
        ("traded", np.float64),  # units traded in bar `traded_bar`
        ("traded_bar", np.int64),
        ("exhausted", np.bool_),  # that bar has no volume left
        ("rank", np.int64),  # sequence in the book; 0: not in the book
        ("check_size", np.float64),
        ("check_price", np.float64),
        ("check_stamp", np.int64),
    ]
)


@njit
def position_after(size, price, quantity, fill_price):
    """Average-price accounting: (new size, new price, opened, closed).

    The average moves while the position grows, stays while it shrinks, and starts again at
    `fill_price` when the position is reversed. `opened + closed = quantity`, all signed.
    """
    after = size + quantity
    if after == 0.0:
        return after, 0.0, 0.0, quantity
    if size == 0.0:
        return after, fill_price, quantity, 0.0
    if (size > 0.0) == (quantity > 0.0):
        return after, (price * size + quantity * fill_price) / after, quantity, 0.0
    if (size > 0.0) == (after > 0.0):
        return after, price, 0.0, quantity
    return after, fill_price, after, -size


@njit
def margin_of(term, price):
    """Cash that one unit of a futures-like asset holds."""
    if np.isnan(term["margin_rate"]):
        return term["margin"]
    return term["margin_rate"] * price


@njit
def taken(term, rule, size, price):
    """Cash that `size` units at `price` take (short stock with credited proceeds: negative)."""
    if not term["stock_like"]:
        return abs(size) * margin_of(term, price)
    if rule["short_cash"] == _LOCKED:
        return abs(size) * price
    return size * price


@njit
def levered(term, value):
    """`value` after leverage: only what is paid is lent, so a credit stays whole."""
    return value / term["leverage"] if value > 0.0 else value


@njit
def booked_whole(term, rule):
    """Whether a fill moves cash by size times price, in one step: `Booking.WHOLE`."""
    return (
        rule["booking"] == _WHOLE
        and term["stock_like"]
        and rule["short_cash"] != _LOCKED
        and term["leverage"] == 1.0
        and term["multiplier"] == 1.0
    )


@njit
def preview(term, rule, position, quantity, price, cash):
    """Cash left if the order traded at `price`: the check at submission.

    Works on `check_size` and `check_price`, a copy of the position that earlier orders of the same
    check have already moved. Returns (cash after, needed for the opening part, available for it).
    """
    size, average, opened, closed = position_after(
        position["check_size"], position["check_price"], quantity, price
    )
    position["check_size"] = size
    position["check_price"] = average
    raw = 0.0
    paid = 0.0
    if closed != 0.0:
        cash += levered(term, taken(term, rule, -closed, price))
        raw = commission_raw(term, abs(closed), price)
        paid = commission_due(term, raw, 0.0, 0.0)
        cash -= paid
    available = cash
    needed = 0.0
    if opened != 0.0:
        fee = commission_due(term, commission_raw(term, abs(opened), price), raw, paid)
        cost = levered(term, taken(term, rule, opened, price))
        needed = cost + fee
        cash -= cost
        cash -= fee
    return cash, needed, available


@njit
def apply_fill(term, rule, account, position, order, quantity, price, fill):
    """Book `quantity` at `price` for `order` and describe it in the row `fill`.

    Returns the quantity that was executed. When cash is checked on fills and the opening part
    costs more than there is, only the closing part is executed; `order["needed"]` and
    `order["available"]` then tell why.
    """
    cash = account["cash"]
    base = position["base"]
    entry = position["price"]
    multiplier = term["multiplier"]
    deferred = rule["commission_time"] == _END_OF_BAR
    size, average, opened, closed = position_after(position["size"], entry, quantity, price)
    pnl = -closed * (price - entry) * multiplier
    accrued = order["accrued"]
    if term["commission_kind"] == PER_SHARE:
        # Counted on the shares filled so far: a split changes them, not what was paid.
        accrued = abs(order["filled"]) * term["commission_rate"]
    paid = order["commission"]
    accrued_before = accrued
    paid_before = paid
    closed_value = 0.0
    closed_fee = 0.0
    if closed != 0.0:
        closed_value = taken(term, rule, -closed, entry)
        cash += levered(term, closed_value) + (pnl if term["stock_like"] else 0.0)
        raw = commission_raw(term, abs(closed), price)
        closed_fee = commission_due(term, raw, accrued, paid)
        accrued += raw
        paid += closed_fee
        if not deferred:
            cash -= closed_fee
        if not term["stock_like"]:
            cash += -closed * (price - base) * multiplier
    opened_value = 0.0
    opened_fee = 0.0
    if opened != 0.0:
        opened_value = taken(term, rule, opened, price)
        raw = commission_raw(term, abs(opened), price)
        opened_fee = commission_due(term, raw, accrued, paid)
        before = cash
        cost = levered(term, opened_value)
        cash -= cost
        if not deferred:
            cash -= opened_fee
        if cash < 0.0 and (rule["cash_check"] & _ON_FILL) != 0:
            order["needed"] = cost + opened_fee
            order["available"] = before
            cash = before
            opened = 0.0
            opened_value = 0.0
            opened_fee = 0.0
            if closed != 0.0:
                size = position["size"] + closed
                average = 0.0 if size == 0.0 else entry
        else:
            accrued += raw
            paid += opened_fee
            if not term["stock_like"] and abs(size) > abs(opened):
                # Bring what was held before to the price of the new part: one common base.
                cash += (size - opened) * (price - base) * multiplier
            position["base"] = price
    done = closed + opened
    if done == 0.0:
        return 0.0
    amount = cash - account["cash"]
    if booked_whole(term, rule):
        fee = commission_whole(term, abs(done), price, accrued_before, paid_before)
        opened_fee = fee - closed_fee
        paid = paid_before + fee
        amount = -(done * price)
        if not deferred:
            amount -= fee
        cash = account["cash"] + amount
        if position["size"] == 0.0 and done > 0.0:
            # A purchase that opens is averaged like one that adds: not always its price.
            average = done * price / done
    else:
        fee = closed_fee + opened_fee
    if not term["stock_like"]:
        account["n_marked"] += int(size != 0.0) - int(position["size"] != 0.0)
    account["cash"] = cash
    account["flow"] += amount
    position["size"] = size
    position["price"] = average
    position["realised"] += pnl
    filled = order["filled"]
    value = filled * order["average_price"] if filled != 0.0 else 0.0
    order["average_price"] = (value + done * price) / (filled + done)
    order["filled"] = filled + done
    order["remaining"] -= done
    order["accrued"] = accrued
    order["commission"] = paid
    fill["asset"] = order["asset"]
    fill["size"] = done
    fill["price"] = price
    fill["commission"] = fee
    fill["closed"] = closed
    fill["opened"] = opened
    fill["closed_value"] = closed_value
    fill["opened_value"] = opened_value
    fill["closed_commission"] = closed_fee
    fill["opened_commission"] = opened_fee
    fill["pnl"] = pnl
    fill["position_size"] = size
    fill["position_price"] = average
    fill["cash"] = cash
    return done


@njit
def position_worth(term, rule, size, entry, close):
    """What a position adds to equity when the asset trades at `close`."""
    profit = size * (close - entry) * term["multiplier"]
    if not term["stock_like"]:
        value = abs(size) * margin_of(term, close)
    elif rule["short_cash"] == _LOCKED and size < 0.0:
        value = abs(entry * size + (entry - close) * size)
    else:
        value = size * close
    if value > 0.0:
        return (value - profit) / term["leverage"] + profit
    return value

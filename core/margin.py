"""Accounts on margin: what a fill may open, and what is closed when equity does not carry it.

Margin is counted by venue: equity at one does not carry positions at another. All amounts are in
the account's currency. Kernels over a `Book`; `Instrument` tells what margin a position needs.
"""

from __future__ import annotations

import numpy as np

from .account import position_worth, profit_of
from .book import PENDING, WAITING, asset_of
from .costs import PER_SHARE, commission_due, commission_of_fill, commission_raw
from .hooks import apart
from .jit import njit
from .messages import revoke
from .order_book import reduces, refuse
from .orders import MARGIN, MARKET, Cause, Reason
from .rules import CashCheck, CommissionTime, MarginCall, Sizing
from .submission import send, to_lot
from .valuation import margin_on, price_of, rate_of, venue_equity, venue_of

_BUYING_POWER = int(Reason.BUYING_POWER)
_REVOKED = int(Reason.MARGIN_CALL)
_MARGIN_CALL = int(Cause.MARGIN_CALL)
_ON_SUBMIT = int(CashCheck.ON_SUBMIT)
_END_OF_BAR = int(CommissionTime.END_OF_BAR)
_ALL = int(MarginCall.ALL)
_LARGEST_FIRST = int(MarginCall.LARGEST_FIRST)
_WHOLE = int(Sizing.WHOLE)


@njit
def _fee(book, order, units, price, maker):
    """The commission of a fill of `units` (signed) that leaves cash with it, in cash."""
    if book.rules[0]["commission_time"] == _END_OF_BAR:
        return 0.0
    term = book.terms[order["asset"]]
    filled = abs(order["filled"])
    if term["commission_plain"]:
        accrued = order["accrued"]
        if term["commission_kind"] == PER_SHARE:
            accrued = filled * term["commission_rate"]
        raw = commission_raw(term, abs(units), price)
        return commission_due(term, raw, accrued, order["commission"])
    counted = book.account[term["wallet"]]["counted"]
    fee, _ = commission_of_fill(
        term, abs(units), price, maker, filled, order["accrued"], order["commission"], counted
    )
    return fee


@apart
def buying_power(book, i, units: float, price: float, maker, filling):
    """1 if the account can carry the position that `units` (signed) of order i lead to, else 0.

    The initial margin of all positions at the venue after the fill, and its commission, must not
    exceed the equity there. Positions count at the closes of the bar before; filling: the one that
    trades counts at `price` whole, as that is what it is worth now. A fill that opens nothing
    always passes. A refusal leaves both sides in `order["needed"]` and `order["available"]`.
    """
    order = book.orders[i]
    slot = order["slot"]
    position = book.positions[slot]
    held = position["size"]
    if reduces(held, units):
        return 1
    t = max(book.account[0]["bar"] - 1, 0)
    term = book.terms[asset_of(book, slot)]
    rule = book.rules[0]
    rate = rate_of(book, term["wallet"], t)
    venue = venue_of(book, slot)
    equity = venue_equity(book, t, venue)
    needed = _fee(book, order, units, price, maker)
    if held == 0.0:
        needed += margin_on(term, units, price, False)
    else:
        close = price_of(book, slot, t)
        here = price if filling else close
        entry = position["price"]
        moved = position_worth(term, rule, held, entry, here)
        moved -= position_worth(term, rule, held, entry, close)
        if not term["stock_like"]:
            moved += profit_of(term, held, position["base"], here)
        equity += moved * rate
        if held * units > 0.0:
            needed += margin_on(term, held, here, False) + margin_on(term, units, price, False)
        else:
            needed += margin_on(term, held + units, price, False)
    needed *= rate
    for other in range(len(book.positions)):
        size = book.positions[other]["size"]
        if other != slot and size != 0.0 and venue_of(book, other) == venue:
            held_term = book.terms[asset_of(book, other)]
            margin = margin_on(held_term, size, price_of(book, other, t), False)
            needed += margin * rate_of(book, held_term["wallet"], t)
    if needed <= equity:
        return 1
    order["needed"] = needed
    order["available"] = equity
    order["reason"] = _BUYING_POWER
    return 0


@apart
def screen(book):
    """Orders that reach the market are held against buying power, where that is asked for.

    Each alone against the positions there are, at the price that the order asks for: what several
    of them come to is decided as they fill.
    """
    head = book.account[0]
    if (book.rules[0]["cash_check"] & _ON_SUBMIT) == 0:
        return 0
    kept = 0
    for k in range(head["n_submitted"]):
        i = book.queue[WAITING, k]
        order = book.orders[i]
        price = order["reference"]
        judged = order["arrives"] <= head["bar"] and order["active"] and order["cause"] == 0
        judged &= not order["reduce_only"] and not np.isnan(price)
        if judged and buying_power(book, i, order["remaining"], price, False, False) == 0:
            refuse(book, i, MARGIN, _BUYING_POWER)
            continue
        book.queue[WAITING, kept] = i
        kept += 1
    head["n_submitted"] = kept
    return 0


@njit
def _planned_margin(book, t, venue, maintenance):
    """The margin of a venue's positions at the closes of bar t, of the sizes in `check_size`."""
    total = 0.0
    for slot in range(len(book.positions)):
        size = book.positions[slot]["check_size"]
        if size != 0.0 and venue_of(book, slot) == venue:
            term = book.terms[asset_of(book, slot)]
            margin = margin_on(term, size, price_of(book, slot, t), maintenance)
            total += margin * rate_of(book, term["wallet"], t)
    return total


@njit
def _any_planned(book, venue):
    """Whether a position is left at a venue."""
    for slot in range(len(book.positions)):
        if book.positions[slot]["check_size"] != 0.0 and venue_of(book, slot) == venue:
            return True
    return False


@njit
def _count_as_traded(book, row, count):
    """Orders of the engine that close positions are under way: `check_size` is what they leave.

    row, count: of `Book.queue`.
    """
    for k in range(count):
        order = book.orders[book.queue[row, k]]
        if order["cause"] != 0 and order["reduce_only"] and order["kind"] == MARKET:
            position = book.positions[order["slot"]]
            left = position["check_size"] + order["remaining"]
            position["check_size"] = left if left * position["size"] > 0.0 else 0.0


@njit
def _revoke_openings(book, venue):
    """Pending orders at a venue that would open are cancelled; those that close become reduce-only.

    Orders that are still on their way are not reached.
    """
    k = book.account[0]["n_pending"] - 1
    while k >= 0:
        if k < book.account[0]["n_pending"]:
            i = book.queue[PENDING, k]
            order = book.orders[i]
            if order["cause"] != _MARGIN_CALL and venue_of(book, order["slot"]) == venue:
                if order["size"] * book.positions[order["slot"]]["size"] < 0.0:
                    order["reduce_only"] = True
                else:
                    revoke(book, i, _REVOKED)
        k -= 1


@njit
def _closable(book, slot, part):
    """The units (signed) to trade so that `part` of the planned position is closed, or more.

    Rounded up to what can be traded; 0 when nothing can.
    """
    position = book.positions[slot]
    size = position["check_size"]
    asset = asset_of(book, slot)
    term = book.terms[asset]
    lot = term["lot"]
    if lot == 0.0 and book.rules[0]["sizing"] == _WHOLE:
        lot = 1.0
    most = abs(to_lot(size, lot))
    if size == 0.0 or part <= 0.0 or book.positions[asset]["ended"]:
        return 0.0
    if most < term["minimum_size"]:
        return 0.0
    units = max(abs(size) * part, term["minimum_size"])
    if lot != 0.0:
        units = np.ceil(units / lot * (1.0 - 1e-12)) * lot
    units = min(units, most)
    return -units if size > 0.0 else units


@njit
def _close(book, t, slot, units):
    """Send a market order that closes `units` (signed) of a position, in the engine's own name."""
    position = book.positions[slot]
    asset = asset_of(book, slot)
    send(book, t, asset, units, MARKET, np.nan, np.nan, np.nan, np.nan, 0, 0, np.nan, -1, -1, True,
         0, True, False, slot != asset, _MARGIN_CALL)  # fmt: skip
    position["check_size"] += units


@njit
def _largest(book, t, venue):
    """The position at a venue that needs the largest margin of those that can be closed, or -1."""
    best = -1
    most = 0.0
    for slot in range(len(book.positions)):
        size = book.positions[slot]["check_size"]
        if size == 0.0 or venue_of(book, slot) != venue or _closable(book, slot, 1.0) == 0.0:
            continue
        term = book.terms[asset_of(book, slot)]
        margin = margin_on(term, size, price_of(book, slot, t), False)
        margin *= rate_of(book, term["wallet"], t)
        if margin > most:
            best = slot
            most = margin
    return best


@njit
def _call_venue(book, t, venue):
    """`call_margin` of one venue."""
    head = book.account[0]
    equity = venue_equity(book, t, venue)
    for slot in range(len(book.positions)):
        book.positions[slot]["check_size"] = book.positions[slot]["size"]
        book.positions[slot]["check_stamp"] = -1
    if equity >= _planned_margin(book, t, venue, True):
        return
    _count_as_traded(book, PENDING, head["n_pending"])
    _count_as_traded(book, WAITING, head["n_submitted"])
    if not _any_planned(book, venue) or equity >= _planned_margin(book, t, venue, True):
        return
    policy = book.rules[0]["margin_call"]
    _revoke_openings(book, venue)
    first = head["n_orders"]
    if policy == _LARGEST_FIRST:
        while _planned_margin(book, t, venue, False) > equity:
            slot = _largest(book, t, venue)
            if slot < 0:
                break
            _close(book, t, slot, _closable(book, slot, 1.0))
    else:
        part = 1.0
        needed = _planned_margin(book, t, venue, False)
        if policy != _ALL and needed > 0.0:
            part = 1.0 - max(equity, 0.0) / needed
        for slot in range(len(book.positions)):
            if venue_of(book, slot) == venue:
                units = _closable(book, slot, part)
                if units != 0.0:
                    _close(book, t, slot, units)
    if head["n_orders"] > first:
        book.account[venue]["margin_calls"] += 1


@apart
def call_margin(book, t):
    """Close positions by `Rules.margin_call` where equity is below the maintenance margin.

    Both at the closes of bar t and by venue. The engine sends market orders of its own (cause
    `MARGIN_CALL`, reduce-only, past all checks): `ALL` closes every position; `LARGEST_FIRST`
    whole positions, that with the largest initial margin first, until the initial margin of the
    rest is at most equity; `PROPORTIONAL` the part 1 - equity / initial margin of each, so that
    the initial margin of the rest is equity (in lots: below it). That holds at the closes of bar
    t; commission and the prices at which the orders trade may leave less, and then there is
    another call. Market orders of the engine that close a position and are still pending count as
    traded, so none is sent twice.
    """
    for w in range(len(book.account)):
        if book.account[w]["venue"] == w:
            _call_venue(book, t, w)
    return 0

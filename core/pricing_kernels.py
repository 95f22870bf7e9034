"""Fills, cash check, settlement and interest of assets with functions of their own: `pricing`.

Kernels over a `Book`, compiled only where an asset needs them.
"""

from __future__ import annotations

from .account import (
    levered,
    position_after,
    profit_of,
    take_fill,
    taken,
)
from .book import asset_of, row_of, stamp_of
from .costs import (
    OWN_CASH,
    OWN_DONE,
    OWN_FEE,
    OWN_INTEREST,
    OWN_LEVERAGE,
    OWN_PROFIT,
    OWN_SETTLED,
    PER_SHARE,
    call_pricing,
    commission_due,
    commission_of_fill,
    commission_raw,
    tier_amount,
)
from .hooks import apart
from .jit import njit
from .orders import Reason
from .rules import CashCheck

_ON_FILL = int(CashCheck.ON_FILL)
_FOR_CASH = int(Reason.CASH)
_DAY_NS = 86_400_000_000_000


# What a kernel asks: the asset's own function where it has one, else the engine.


@njit
def _fee(term, wallet, i, size, price, maker, filled, accrued, paid):
    """Commission of one part of a fill: (fee, accrued after it)."""
    if term["own"] & OWN_FEE:
        fee = call_pricing(term["own_call"], float(OWN_FEE), float(i), size, price, 0.0)
        return fee, accrued + fee
    if term["commission_plain"]:
        raw = commission_raw(term, abs(size), price)
        return commission_due(term, raw, accrued, paid), accrued + raw
    return commission_of_fill(
        term, abs(size), price, maker, filled, accrued, paid, wallet["counted"]
    )


@njit
def _cash(term, rule, i, size, price, closes):
    """Cash that units take, before leverage. size: as held, where they close."""
    if term["own"] & OWN_CASH:
        return call_pricing(
            term["own_call"], float(OWN_CASH), float(i), size, price, 1.0 if closes else 0.0
        )
    return taken(term, rule, size, price)


@njit
def _levered(term, value):
    """`value` after leverage, which divides only what is paid."""
    if term["own"] & OWN_LEVERAGE:
        if not value > 0.0:
            return value
        return value / call_pricing(term["own_call"], float(OWN_LEVERAGE), 0.0, 0.0, 0.0, 0.0)
    return levered(term, value)


@njit
def _profit(term, size, entry, price):
    if term["own"] & OWN_PROFIT:
        return call_pricing(term["own_call"], float(OWN_PROFIT), 0.0, size, price, entry)
    return profit_of(term, size, entry, price)


@njit
def _settled(term, size, base, price):
    """Cash that a move of the price from base pays on held units."""
    if term["own"] & OWN_SETTLED:
        return call_pricing(term["own_call"], float(OWN_SETTLED), 0.0, size, price, base)
    return 0.0 if term["stock_like"] else profit_of(term, size, base, price)


@apart
def preview_own(book, i, quantity: float, price: float, cash: float):
    """`account.preview` for an asset with functions of its own.

    Writes what is left into `check_cash` of the wallet, what the opening part needs and what is
    available for it into the order.
    """
    order = book.orders[i]
    term = book.terms[order["asset"]]
    rule = book.rules[0]
    wallet = book.account[term["wallet"]]
    position = book.positions[order["slot"]]
    size, average, opened, closed = position_after(
        position["check_size"], position["check_price"], quantity, price
    )
    position["check_size"] = size
    position["check_price"] = average
    paid = 0.0
    accrued = 0.0
    if closed != 0.0:
        cash += _levered(term, _cash(term, rule, i, -closed, price, True))
        paid, accrued = _fee(term, wallet, i, closed, price, False, 0.0, 0.0, 0.0)
        cash -= paid
    order["available"] = cash
    order["needed"] = 0.0
    if opened != 0.0:
        cost = _levered(term, _cash(term, rule, i, opened, price, False))
        fee, _ = _fee(term, wallet, i, opened, price, False, abs(closed), accrued, paid)
        order["needed"] = cost + fee
        cash -= cost
        cash -= fee
    wallet["check_cash"] = cash
    return 0


@apart
def fill_own(book, i, quantity: float, price: float, maker, refuse):
    """`account.apply_fill` for an asset with functions of its own, or with a carry; 0: no fill.

    Under the rules that `check_rules` admits. Books the closing part, then the opening one, and
    writes the next row of `fills`.
    """
    head = book.account[0]
    order = book.orders[i]
    term = book.terms[order["asset"]]
    rule = book.rules[0]
    wallet = book.account[term["wallet"]]
    position = book.positions[order["slot"]]
    fill = book.fills[head["n_fills"]]
    plain = term["commission_plain"]
    cash = wallet["cash"]
    base = position["base"]
    entry = position["price"]
    before_size = position["size"]
    size, average, opened, closed = position_after(before_size, entry, quantity, price)
    pnl = 0.0
    if closed != 0.0 or term["own"] & OWN_PROFIT:
        pnl = _profit(term, -closed, entry, price)
    filled = abs(order["filled"])
    accrued = order["accrued"]
    if plain and term["commission_kind"] == PER_SHARE:
        accrued = filled * term["commission_rate"]
    paid = order["commission"]
    closed_value = 0.0
    closed_fee = 0.0
    if closed != 0.0:
        closed_value = _cash(term, rule, i, -closed, entry, True)
        cash += _levered(term, closed_value) + (pnl if term["stock_like"] else 0.0)
        closed_fee, accrued = _fee(term, wallet, i, closed, price, maker, filled, accrued, paid)
        paid += closed_fee
        cash -= closed_fee
        if not plain:
            wallet["counted"] += tier_amount(term, abs(closed), price)
        cash += _settled(term, -closed, base, price)
    opened_value = 0.0
    opened_fee = 0.0
    if opened != 0.0:
        before = cash
        opened_value = _cash(term, rule, i, opened, price, False)
        cost = _levered(term, opened_value)
        cash -= cost
        opened_fee, accrued_after = _fee(
            term, wallet, i, opened, price, maker, filled + abs(closed), accrued, paid
        )
        cash -= opened_fee
        if refuse != 0 or (cash < 0.0 and (rule["cash_check"] & _ON_FILL) != 0):
            if refuse == 0:
                order["needed"] = cost + opened_fee
                order["available"] = before
                order["reason"] = _FOR_CASH
            cash = before
            opened = 0.0
            opened_value = 0.0
            opened_fee = 0.0
            if closed != 0.0:
                size = before_size + closed
                average = 0.0 if size == 0.0 else entry
        else:
            accrued = accrued_after
            paid += opened_fee
            if not plain:
                wallet["counted"] += tier_amount(term, abs(opened), price)
            if abs(size) > abs(opened):
                cash += _settled(term, size - opened, base, price)
            position["base"] = price
    done = closed + opened
    if done == 0.0:
        return 0
    wallet["flow"] += cash - wallet["cash"]
    wallet["cash"] = cash
    if term["own"] & OWN_DONE:
        call_pricing(term["own_call"], float(OWN_DONE), float(i), done, price, 0.0)
    if closed != 0.0 and term["carry_with_exit"]:
        closed_fee += position["carried"]
        position["carried"] = 0.0
    position["carried_day"] = _day(book, order["asset"], head["bar"])
    order["accrued"] = accrued
    order["commission"] = paid
    fill["commission"] = closed_fee + opened_fee
    fill["closed"] = closed
    fill["opened"] = opened
    fill["closed_value"] = closed_value
    fill["opened_value"] = opened_value
    fill["closed_commission"] = closed_fee
    fill["opened_commission"] = opened_fee
    fill["pnl"] = pnl
    fill["cash"] = cash
    take_fill(position, order, fill, done, price, size, average)
    return 1


@njit
def _day(book, asset, t):
    """The calendar day (UTC, since 1970) of the asset's latest bar."""
    return stamp_of(book, asset, row_of(book, asset, t)) // _DAY_NS


@apart
def carry(book, t):
    """Charge held positions for the days since they were last charged: `Instrument.carry_rate`.

    Before pending orders meet bar t. On size times entry price, by calendar days.
    """
    for w in range(len(book.account)):
        total = 0.0
        for slot in range(len(book.positions)):
            position = book.positions[slot]
            size = position["size"]
            asset = asset_of(book, slot)
            term = book.terms[asset]
            own = term["own"]
            if size == 0.0 or term["wallet"] != w:
                continue
            due = 0.0
            day = _day(book, asset, t)
            if own & OWN_INTEREST:
                due = call_pricing(
                    term["own_call"], float(OWN_INTEREST), float(asset), size, 0.0,
                    position["price"],
                )  # fmt: skip
            elif (size < 0.0 or term["carry_longs"]) and day > position["carried_day"]:
                days = float(day - position["carried_day"])
                due = days * (term["carry_rate"] / 365.0) * abs(size) * position["price"]
            position["carried"] += due
            position["carried_day"] = day
            total += due
        wallet = book.account[w]
        wallet["cash"] -= total
        wallet["flow"] -= total
        wallet["interest"] -= total
    return 0


@apart
def settle_own(book, slot, close: float):
    """Pay what the move of the price to the close brings on a held position."""
    position = book.positions[slot]
    term = book.terms[asset_of(book, slot)]
    wallet = book.account[term["wallet"]]
    paid = _settled(term, position["size"], position["base"], close)
    wallet["cash"] += paid
    wallet["flow"] += paid
    position["base"] = close
    return 0

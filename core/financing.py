"""What time does to cash: interest, borrow fees and rebates, funding, and settlement of proceeds.

`finance` runs at the start of a step, before any order meets the bar; `Simulation` sets the bits
of `account[0]["finances"]` so that an account without all this pays nothing for it. Kernels over a
`Book`; flows are in the cash of the wallet, positive when received.
"""

from __future__ import annotations

import numpy as np

from .account import (
    FUNDING,
    INTEREST,
    MOST_SETTLEMENT,
    SETTLEMENT,
    SHORTS,
    booked_whole,
    holds,
    levered,
    profit_of,
    settles,
    taken,
    value_of,
)
from .book import CLOSE_FIELD, OPEN, asset_of, opened, row_of
from .hooks import apart
from .jit import njit
from .rules import DayCount

_ACTUAL_360 = int(DayCount.ACTUAL_360)
_DAY_NS = 86_400_000_000_000.0


@njit
def _accrue_interest(book, years):
    """Interest on the cash that each wallet had since the latest step, simple.

    Held proceeds of shorts are not counted: what is then below zero is a debt (`loan_rate`).
    Positive cash, less what is unsettled, is a deposit (`deposit_rate`).
    """
    for w in range(len(book.account)):
        wallet = book.account[w]
        cash = wallet["cash"] - wallet["held"]
        if cash < 0.0:
            amount = cash * wallet["loan_rate"] * years
        else:
            amount = max(cash - wallet["unsettled"], 0.0) * wallet["deposit_rate"] * years
        wallet["cash"] += amount
        wallet["flow"] += amount
        wallet["interest"] += amount


@njit
def _accrue_shorts(book, t, years):
    """Borrow fees and rebates on short positions in stock-like assets, for the time since bar t.

    On their value at the closes of bar t. The rate of the column "borrow_rate" at that bar comes
    before that of the instrument.
    """
    column = book.rules[0]["column_borrow_rate"]
    for slot in range(len(book.positions)):
        size = book.positions[slot]["size"]
        asset = asset_of(book, slot)
        term = book.terms[asset]
        if size >= 0.0 or not term["stock_like"]:
            continue
        row = row_of(book, asset, t)
        rate = term["borrow_rate"]
        if column >= 0 and not np.isnan(book.columns[column, asset, row]):
            rate = book.columns[column, asset, row]
        value = abs(value_of(term, size, book.values[CLOSE_FIELD, asset, row])) * years
        wallet = book.account[term["wallet"]]
        wallet["cash"] += value * (term["short_rebate"] - rate)
        wallet["flow"] += value * (term["short_rebate"] - rate)
        wallet["borrow"] -= value * rate
        wallet["rebate"] += value * term["short_rebate"]


@njit
def _exchange_funding(book, t):
    """Funding of bar t: a position that was carried into it pays rate x value.

    Longs pay a positive rate and shorts receive it; the value is that at the bar's open, or at the
    latest close where there is no bar. NaN: none is due.
    """
    column = book.rules[0]["column_funding"]
    for slot in range(len(book.positions)):
        size = book.positions[slot]["size"]
        if size == 0.0:
            continue
        asset = asset_of(book, slot)
        rate = book.columns[column, asset, t]
        if np.isnan(rate):
            continue
        price = book.values[OPEN, asset, t]
        if np.isnan(price):
            price = book.values[CLOSE_FIELD, asset, row_of(book, asset, t)]
        term = book.terms[asset]
        amount = -rate * value_of(term, size, price)
        wallet = book.account[term["wallet"]]
        wallet["cash"] += amount
        wallet["flow"] += amount
        wallet["funding"] += amount


@njit
def _settle(book):
    """A session has begun: proceeds are a session nearer, and what is due can be spent."""
    for w in range(len(book.account)):
        wallet = book.account[w]
        left = 0.0
        for n in range(MOST_SETTLEMENT - 1):
            wallet["due"][n] = wallet["due"][n + 1]
            left += wallet["due"][n]
        wallet["due"][MOST_SETTLEMENT - 1] = 0.0
        wallet["unsettled"] = left


@apart
def finance(book, t):
    """All that falls due from the latest step to the beginning of bar t.

    In sequence: interest, borrow fees and rebates for the time between (nanoseconds over a year
    of `Rules.day_count`); then for each bar settlement, where it begins a session, and funding.
    """
    since = book.account[0]["stepped"]
    if since < 0:
        return 0
    due = book.account[0]["finances"]
    days = 360.0 if book.rules[0]["day_count"] == _ACTUAL_360 else 365.0
    years = float(book.times[t] - book.times[since]) / (days * _DAY_NS)
    if due & INTEREST:
        _accrue_interest(book, years)
    if due & SHORTS:
        _accrue_shorts(book, since, years)
    for bar in range(since + 1, t + 1):
        if due & SETTLEMENT and book.sessions[bar] != book.sessions[bar - 1]:
            _settle(book)
        if due & FUNDING:
            _exchange_funding(book, bar)
    return 0


@njit
def close_out(book, slot, price):
    """Close a position at `price` outside the market, free of cost; returns the cash it pays.

    No order and no fill record it. The cash can be spent at once.
    """
    position = book.positions[slot]
    size = position["size"]
    if size == 0.0:
        return 0.0
    term = book.terms[asset_of(book, slot)]
    rule = book.rules[0]
    wallet = book.account[term["wallet"]]
    entry = position["price"]
    profit = profit_of(term, size, entry, price)
    if settles(term):
        book.account[0]["n_marked"] -= 1
    if not term["stock_like"]:
        amount = levered(term, taken(term, rule, size, entry))
        amount += profit_of(term, size, position["base"], price)
    elif booked_whole(term, rule):
        amount = size * price
    else:
        amount = levered(term, taken(term, rule, size, entry)) + profit
    if holds(term, rule) and size < 0.0:
        wallet["held"] = max(wallet["held"] + size * entry * term["unit"], 0.0)
    wallet["cash"] += amount
    wallet["flow"] += amount
    position["realised"] += profit
    position["size"] = 0.0
    position["price"] = 0.0
    return amount


@njit
def liquidate(slot, price, table):
    """`close_out` from Python; table: `book.handles`."""
    return close_out(opened(table), slot, price)

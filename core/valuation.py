"""What positions and accounts are worth, and the margin that they need. Kernels over a `Book`."""

from __future__ import annotations

import numpy as np

from .account import margin_of, profit_of, settles, value_of, worth_parts
from .book import CLOSE_FIELD, asset_of, opened, row_of
from .costs import OWN_SETTLED, OWN_WORTH, call_pricing
from .hooks import settle_own
from .jit import njit


@njit
def rate_of(book, wallet, t):
    """What one unit of a wallet's currency is worth in the account's currency at bar t."""
    return book.conversion[wallet, t] if book.conversion.shape[0] else 1.0


@njit
def total_cash(book, t):
    """The cash of all wallets, in the account's currency."""
    total = book.account[0]["cash"]
    if book.conversion.shape[0]:
        total *= book.conversion[0, t]
    for w in range(1, len(book.account)):
        total += book.account[w]["cash"] * rate_of(book, w, t)
    return total


@njit(forceinline=True)
def parts_of(term, rule, size, entry, close):
    """What a position adds to equity: `worth_parts`, or what its own function says."""
    if term["own"] & OWN_WORTH:
        return call_pricing(term["own_call"], float(OWN_WORTH), 0.0, size, close, entry), 0.0
    return worth_parts(term, rule, size, entry, close)


@njit
def total_worth(book, t):
    """What all positions add to equity at the closes of bar t, in the account's currency."""
    # All outside of the loop: it runs for each position at each bar.
    worth = 0.0
    rule = book.rules[0]
    positions = book.positions
    terms = book.terms
    closes = book.values[CLOSE_FIELD]
    always = book.rows.shape[0] == 0
    converts = book.conversion.shape[0] > 0
    count = len(terms)
    follows = book.account[0]["follows"] != 0
    for slot in range(len(positions)):
        size = positions[slot]["size"]
        if size != 0.0 or (follows and 0 < positions[slot]["followed"] <= t + 1):
            asset = slot if slot < count else slot - count
            term = terms[asset]
            close = closes[asset, t if always else book.rows[asset, t]]
            paid, profit = parts_of(term, rule, size, positions[slot]["price"], close)
            if converts:
                rate = rate_of(book, term["wallet"], t)
                paid *= rate
                profit *= rate
            worth += paid
            worth += profit
    return worth


@njit
def mark(book, t):
    """Equity at the closes of time index t: cash plus what each position is worth."""
    head = book.account[0]
    head["bar"] = t
    head["equity"] = total_cash(book, t) + total_worth(book, t)
    return head["equity"]


@njit
def equity_at(t, table):
    """`mark` from Python; table: `book.handles`."""
    return mark(opened(table), t)


@njit
def cash_at(t, table):
    """`total_cash` from Python; table: `book.handles`."""
    return total_cash(opened(table), t)


@njit
def price_of(book, slot, t):
    """What a position is valued at in bar t: the latest close, before the first bar its entry."""
    asset = asset_of(book, slot)
    row = row_of(book, asset, t)
    return book.values[CLOSE_FIELD, asset, row] if row >= 0 else book.positions[slot]["price"]


@njit
def exposure(book, slot, t):
    """The value of a position at the close of bar t, signed, in the account's currency."""
    size = book.positions[slot]["size"]
    if size == 0.0:
        return 0.0
    term = book.terms[asset_of(book, slot)]
    return value_of(term, size, price_of(book, slot, t)) * rate_of(book, term["wallet"], t)


@njit
def margin_on(term, size, price, maintenance):
    """The margin that `size` units at `price` need, in cash of the wallet: see `Instrument`."""
    if maintenance and not np.isnan(term["maintenance"]):
        return abs(size) * term["maintenance"] / term["leverage"]
    rate = term["maintenance_margin"] if maintenance else term["initial_margin"]
    if not np.isnan(rate):
        return abs(value_of(term, size, price)) * rate
    if term["stock_like"]:
        return abs(value_of(term, size, price)) / term["leverage"]
    return abs(size) * margin_of(term, price) / term["leverage"]


@njit
def venue_of(book, slot):
    """The venue at which a position is held, as the number of its first wallet."""
    return book.account[book.terms[asset_of(book, slot)]["wallet"]]["venue"]


@njit
def venue_equity(book, t, venue):
    """Cash of a venue's wallets and worth of the positions there at the closes of bar t.

    In the account's currency. A position that has no bar up to t yet counts at its entry price.
    """
    total = 0.0
    for w in range(len(book.account)):
        if book.account[w]["venue"] == venue:
            total += book.account[w]["cash"] * rate_of(book, w, t)
    for slot in range(len(book.positions)):
        position = book.positions[slot]
        if position["size"] != 0.0 and venue_of(book, slot) == venue:
            term = book.terms[asset_of(book, slot)]
            price = price_of(book, slot, t)
            paid, profit = parts_of(term, book.rules[0], position["size"], position["price"], price)
            total += (paid + profit) * rate_of(book, term["wallet"], t)
    return total


@njit
def settle_profit(book, t):
    """Futures-like positions: the day's profit moves into cash."""
    for slot in range(len(book.positions)):
        position = book.positions[slot]
        asset = asset_of(book, slot)
        term = book.terms[asset]
        if position["size"] != 0.0 and settles(term):
            close = book.values[CLOSE_FIELD, asset, row_of(book, asset, t)]
            if term["own"] & OWN_SETTLED:
                settle_own(book, slot, close)
                continue
            profit = profit_of(term, position["size"], position["base"], close)
            wallet = book.account[term["wallet"]]
            wallet["cash"] += profit
            wallet["flow"] += profit
            position["base"] = close


@njit
def settle(t, table):
    """`settle_profit` from Python; table: `book.handles`."""
    settle_profit(opened(table), t)


@njit
def _fill_curve(book, positions, n_fills, start_cash, curve):
    """Cash and equity at every bar, also at the bars that `step` skipped.

    curve `float64[2, T]`: infinite where no step was made; such a bar has the positions of the last
    step before it, one after the latest step what there is now. positions: scratch `POSITION[S]`,
    zeroed by the caller. Between steps only bars at which nothing but prices moved are skipped.
    """
    cash = start_cash
    k = 0
    fills = book.fills
    for t in range(curve.shape[1]):
        while k < n_fills and fills[k]["booked"] <= t:
            positions[fills[k]["slot"]]["size"] = fills[k]["position_size"]
            positions[fills[k]["slot"]]["price"] = fills[k]["position_price"]
            k += 1
        if curve[0, t] != np.inf:
            cash = curve[0, t]
            continue
        if t > book.account[0]["stepped"]:
            curve[0, t] = total_cash(book, t)
            curve[1, t] = curve[0, t] + total_worth(book, t)
            continue
        worth = 0.0
        for slot in range(len(positions)):
            size = positions[slot]["size"]
            if size != 0.0 or 0 < book.positions[slot]["followed"] <= t + 1:
                asset = asset_of(book, slot)
                close = book.values[CLOSE_FIELD, asset, row_of(book, asset, t)]
                paid, profit = parts_of(
                    book.terms[asset], book.rules[0], size, positions[slot]["price"], close
                )
                worth += paid
                worth += profit
        curve[0, t] = cash
        curve[1, t] = cash + worth


@njit
def fill_curve(positions, n_fills, start_cash, curve, table):
    """`_fill_curve` from Python; table: `book.handles`."""
    _fill_curve(opened(table), positions, n_fills, start_cash, curve)

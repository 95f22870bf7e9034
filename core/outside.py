"""What was decided outside the engine and is booked at once, at the current bar.

Trades at a price of their own, fees that were worked out elsewhere, positions that were corrected.
Entry kernels over a `Book`; `Simulation` has a method for each.
"""

from __future__ import annotations

from .account import pay_fee, settles
from .book import opened, row_of
from .filling import execute
from .jit import njit
from .order_book import remove_pending


@njit
def trade_now(i, price, table):
    """Order i, which waits alone, trades whole at `price`; returns the row of its fill."""
    book = opened(table)
    head = book.account[0]
    order = book.orders[i]
    remove_pending(book, i)
    order["met"] = True
    row = row_of(book, order["asset"], head["bar"])
    execute(book, i, order["remaining"], price, row, False, False, -1)
    return head["n_fills"] - 1


@njit
def charge(slot, fee, table):
    """A fee of a position's trade: see `account.pay_fee`."""
    book = opened(table)
    term = book.terms[slot]
    pay_fee(term, book.rules[0], book.account[term["wallet"]], book.positions[slot], fee)


@njit
def set_position(slot, size, price, table):
    """A position has another size and average price; no cash moves."""
    book = opened(table)
    position = book.positions[slot]
    if settles(book.terms[slot]):
        change = int(size != 0.0) - int(position["size"] != 0.0)
        book.account[0]["n_marked"] += change
        if position["size"] == 0.0:
            position["base"] = price
    position["size"] = size
    position["price"] = price

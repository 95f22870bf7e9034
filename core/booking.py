"""What the engine notes with each fill, whoever made it: a bar, or a corporate action."""

from __future__ import annotations

from .account import month_of, preview, settles
from .costs import OWN_FILL
from .hooks import preview_own
from .jit import njit


@njit(forceinline=True)
def begin_month(book, term, wallet):
    """Commission tiers count what a wallet trades in a calendar month: from 0 when it has begun."""
    if term["commission_plain"]:
        return
    month = month_of(book.times[book.account[0]["bar"]])
    if wallet["month"] != month:
        wallet["month"] = month
        wallet["counted"] = 0.0


@njit(forceinline=True)
def record_fill(book, i, row, held, maker, ambiguous, step):
    """The next fill, whose amounts `apply_fill` has written, counts; it is one of order i.

    row: the asset's bar that it bears. held: size of the position before it. maker, ambiguous,
    step: as of `orders.FILL`.
    """
    head = book.account[0]
    n = head["n_fills"]
    order = book.orders[i]
    slot = order["slot"]
    position = book.positions[slot]
    fill = book.fills[n]
    if settles(book.terms[order["asset"]]):
        head["n_marked"] += int(position["size"] != 0.0) - int(held != 0.0)
    if fill["opened"] == position["size"]:
        position["entry_bar"] = head["bar"]
        position["entry_fill"] = n
    fill["order"] = i
    fill["bar"] = row
    fill["booked"] = head["bar"]
    fill["time"] = book.times[row]
    fill["slot"] = slot
    fill["cause"] = order["cause"]
    fill["maker"] = maker
    fill["ambiguous"] = ambiguous
    fill["step"] = step
    head["n_fills"] = n + 1


@njit
def check_cash(book, i, quantity, price, cash):
    """Cash left if `quantity` of order i traded at `price`: see `account.preview`."""
    order = book.orders[i]
    term = book.terms[order["asset"]]
    wallet = book.account[term["wallet"]]
    if term["own"] & OWN_FILL:
        # It answers through the order, which bears what a risk rule may have written there.
        before = order["needed"], order["available"]
        preview_own(book, i, quantity, price, cash)
        needed, available = order["needed"], order["available"]
        order["needed"], order["available"] = before
        return wallet["check_cash"], needed, available
    position = book.positions[order["slot"]]
    return preview(term, book.rules[0], position, quantity, price, cash, wallet["counted"])

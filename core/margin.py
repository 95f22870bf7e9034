"""Accounts on margin: what a fill may open."""

from __future__ import annotations

from .account import value_of
from .jit import njit
from .order_book import CLOSE_FIELD, asset_of, row_of
from .orders import Reason
from .valuation import margin_needed, rate_of, total_cash, total_worth

_BUYING_POWER = int(Reason.BUYING_POWER)


@njit
def buying_power(book, slot, units, price, order):
    """Whether the account can carry the position that `units` (signed) at `price` lead to.

    The initial margin of all positions after the fill must not exceed equity; both at the closes
    of the bar before, and the position itself at `price`. A fill that makes the position smaller
    always passes. Else False, with both sides in `order["needed"]` and `order["available"]`.
    """
    position = book.positions[slot]
    size = position["size"] + units
    if abs(size) <= abs(position["size"]) and size * position["size"] >= 0.0:
        return True
    t = max(book.account[0]["bar"] - 1, 0)
    asset = asset_of(book, slot)
    term = book.terms[asset]
    rate = rate_of(book, term["wallet"], t)
    equity = total_cash(book, t) + total_worth(book, t)
    if position["size"] != 0.0:
        close = book.values[CLOSE_FIELD, asset, row_of(book, asset, t)]
        moved = value_of(term, position["size"], price) - value_of(term, position["size"], close)
        equity += moved * rate
    needed = margin_needed(book, t, "initial_margin", slot)
    needed += abs(value_of(term, size, price)) * rate * term["initial_margin"]
    if needed <= equity:
        return True
    order["needed"] = needed
    order["available"] = equity
    order["reason"] = _BUYING_POWER
    return False

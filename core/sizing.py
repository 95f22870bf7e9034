"""How many units: by value, by a part of equity, and toward a target. Kernels over a `Book`.

Prices are the latest closes; values and equity are in the account's currency. What is pending is
not counted: a target is compared with the position that there is. A size that the asset's lot (or
`Sizing.WHOLE`) cuts to nothing sends no order.
"""

from __future__ import annotations

import numpy as np

from .account import value_of
from .book import opened
from .jit import njit
from .order_book import CLOSE_FIELD, row_of, send, to_lot
from .orders import MARKET
from .rules import Positioning, Sizing
from .valuation import rate_of

_WHOLE = int(Sizing.WHOLE)
_HEDGING = int(Positioning.HEDGING)
_NAN = np.nan


@njit
def unit_value(book, asset):
    """What one unit of an asset is worth at its latest close; NaN when it has none."""
    t = book.account[0]["bar"]
    row = row_of(book, asset, t)
    if row < 0:
        return np.nan
    term = book.terms[asset]
    close = book.values[CLOSE_FIELD, asset, row]
    return value_of(term, 1.0, close) * rate_of(book, term["wallet"], t)


@njit
def tradable(book, asset, size):
    """`size` as an order can have it: whole units or lots, toward zero; 0 for NaN."""
    if np.isnan(size):
        return 0.0
    if book.rules[0]["sizing"] == _WHOLE:
        size = np.trunc(size)
    return to_lot(size, book.terms[asset]["lot"])


@njit
def place(book, asset, size, kind, limit, stop):
    """Send an order at the current bar; returns its number, -1 when there is nothing to send.

    Under `Positioning.HEDGING` it trades the long position.
    """
    size = tradable(book, asset, size)
    if size == 0.0:
        return -1
    reduces = book.rules[0]["positioning"] == _HEDGING and size < 0.0
    return send(book, book.account[0]["bar"], asset, size, kind, limit, stop, _NAN, _NAN, 0, 0,
                _NAN, -1, -1, True, 0, reduces, False, False, 0)  # fmt: skip


@njit
def order_value(book, asset, value):
    """A market order for units that are worth `value` (signed)."""
    return place(book, asset, value / unit_value(book, asset), MARKET, _NAN, _NAN)


@njit
def order_percent(book, asset, part):
    """A market order for units that are worth a part of equity (0.1: a tenth; signed)."""
    return order_value(book, asset, part * book.account[0]["equity"])


@njit
def target_size(book, asset, size):
    """A market order that brings the position to `size` units."""
    return place(book, asset, size - book.positions[asset]["size"], MARKET, _NAN, _NAN)


@njit
def target_value(book, asset, value):
    """A market order that brings the position to a worth of `value`."""
    return target_size(book, asset, value / unit_value(book, asset))


@njit
def target_percent(book, asset, part):
    """A market order that brings the position to a part of equity."""
    return target_value(book, asset, part * book.account[0]["equity"])


@njit
def target_weights(book, weights):
    """Market orders that bring every position to its part of equity; returns how many.

    weights: float64[N], signed parts of equity; NaN leaves a position as it is. What frees cash is
    sent first, so that the cash check finds it: sales of what is held, purchases of what is short.
    """
    equity = book.account[0]["equity"]
    sent = 0
    for turn in range(2):
        for asset in range(len(weights)):
            weight = weights[asset]
            held = book.positions[asset]["size"]
            if np.isnan(weight) or (weight == 0.0 and held == 0.0):
                continue
            size = 0.0 if weight == 0.0 else weight * equity / unit_value(book, asset)
            frees = held != 0.0 and (size - held) * held < 0.0
            if frees == (turn == 0) and place(book, asset, size - held, MARKET, _NAN, _NAN) >= 0:
                sent += 1
    return sent


# The same from Python; table: `book.handles`.


@njit
def send_order(asset, size, kind, limit, stop, table):
    """`place` from Python."""
    return place(opened(table), asset, size, kind, limit, stop)


@njit
def send_value(asset, value, table):
    """`order_value` from Python."""
    return order_value(opened(table), asset, value)


@njit
def send_target(asset, size, table):
    """`target_size` from Python."""
    return target_size(opened(table), asset, size)


@njit
def send_target_value(asset, value, table):
    """`target_value` from Python."""
    return target_value(opened(table), asset, value)


@njit
def send_weights(weights, table):
    """`target_weights` from Python."""
    return target_weights(opened(table), weights)

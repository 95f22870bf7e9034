"""Corporate actions: what a split does to a position, to pending orders and to cash."""

from __future__ import annotations

import numpy as np

from .engine import PENDING
from .jit import njit


@njit
def _round_cents(value):
    """Two decimals, half to even on the decimal value that prints, as Python's `round`."""
    return np.round(value, 2)


@njit
def apply_split(asset, ratio, account, positions, orders, queue):
    """Split one asset; ratio: new price / old price (2-for-1: 0.5).

    Pending orders: the open part and the filled part are divided by the ratio and truncated to
    whole shares, prices multiplied and rounded to cents; an order that has nothing left to trade
    leaves the queue without an event. The position: whole shares stay, the cost basis is rounded
    to cents, and the fraction of a share is paid in cash at the new cost basis.
    Returns the cash paid.
    """
    head = account[0]
    kept = 0
    alive = False
    for k in range(head["n_pending"]):
        i = queue[PENDING, k]
        order = orders[i]
        if order["asset"] == asset:
            order["remaining"] = np.trunc(order["remaining"] / ratio)
            order["filled"] = np.trunc(order["filled"] / ratio)
            order["size"] = order["remaining"] + order["filled"]
            order["limit"] = _round_cents(order["limit"] * ratio)
            order["stop"] = _round_cents(order["stop"] * ratio)
            order["reference"] *= ratio
            if order["remaining"] == 0.0:
                continue
            alive = True
        queue[PENDING, kept] = i
        kept += 1
    head["n_pending"] = kept
    position = positions[asset]
    if not alive:
        position["rank"] = 0
    if position["size"] == 0.0:
        return 0.0
    raw = position["size"] / ratio
    whole = np.trunc(raw)
    basis = _round_cents(position["price"] * ratio)
    cash = _round_cents((raw - whole) * basis)
    position["size"] = whole
    position["price"] = basis if whole != 0.0 else 0.0
    position["base"] *= ratio
    head["cash"] += cash
    return cash

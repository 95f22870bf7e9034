"""A split as it is booked in whole shares and cents: positions, pending orders and cash."""

from __future__ import annotations

from math import trunc

import numpy as np

from .book import PENDING


def apply_split(
    asset: int,
    ratio: float,
    account: np.ndarray,
    positions: np.ndarray,
    orders: np.ndarray,
    queue: np.ndarray,
) -> float:
    """Split one asset; ratio: new price / old price (2-for-1: 0.5). Returns the cash paid.

    Pending orders: the open part and the filled part are divided by the ratio and truncated to
    whole shares, prices multiplied and rounded to cents; an order that has nothing left to trade
    leaves the queue without an event. The position: whole shares stay, the cost basis is rounded
    to cents, and the fraction of a share is paid in cash at the new cost basis.

    Plain Python: splits are rare, and `round` on decimals is exact where array rounding is not.
    """
    head = account[0]
    pending = queue[PENDING, : int(head["n_pending"])].tolist()
    kept = []
    for i in pending:
        order = orders[i]
        if order["asset"] == asset:
            order["remaining"] = trunc(float(order["remaining"]) / ratio)
            order["filled"] = trunc(float(order["filled"]) / ratio)
            order["size"] = order["remaining"] + order["filled"]
            order["limit"] = round(float(order["limit"]) * ratio, 2)
            order["stop"] = round(float(order["stop"]) * ratio, 2)
            order["reference"] *= ratio
            if order["remaining"] == 0.0:
                continue
        kept.append(i)
    queue[PENDING, : len(kept)] = kept
    head["n_pending"] = len(kept)
    position = positions[asset]
    if len(kept) < len(pending) and not any(orders[i]["asset"] == asset for i in kept):
        position["rank"] = 0
    size = float(position["size"])
    if size == 0.0:
        return 0.0
    whole, basis, cash = split_position(size, float(position["price"]), ratio)
    position["size"] = whole
    position["price"] = basis if whole != 0.0 else 0.0
    position["base"] *= ratio
    head["cash"] += cash
    head["flow"] += cash
    return cash


def split_position(size: float, price: float, ratio: float) -> tuple[float, float, float]:
    """A position after a split: whole units, average price in cents, cash for the fraction."""
    raw = size / ratio
    whole = float(trunc(raw))
    basis = round(price * ratio, 2)
    return whole, basis, round((raw - whole) * basis, 2)

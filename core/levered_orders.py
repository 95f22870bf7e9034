"""Orders of an account on margin, and the price at which it is liquidated.

One column, one account: equity is cash plus the position at the price in question; cash is below
zero where purchases were made on credit. The arithmetic of an order is `execution.execute`, which
is shown the account that the margin comes to.
"""

from __future__ import annotations

import math

import numpy as np

from .execution import (
    AMOUNT,
    BOTH,
    BUY,
    FILLED,
    IGNORED,
    LONG_ONLY,
    REJECTED,
    SHORT_ONLY,
    execute,
    snapped_sum,
)
from .jit import njit
from .matrix import (
    ALLOW_PARTIAL,
    CASH,
    DEBT,
    FEES,
    FIXED_FEES,
    FLOOR_DIVISION,
    FREE_CASH,
    GRANULARITY,
    MAX_SIZE,
    MIN_SIZE,
    POSITION,
    RAISE_REJECT,
    VAL,
    read,
)


@njit
def _book(state, k, status, detail, filled, price, paid, position, debt):
    """Store what `execute` leaves of a position; the cash of a fill is counted here."""
    state[POSITION, k] = position
    state[DEBT, k] = debt
    if status == FILLED:
        gross = filled * price
        if detail == BUY:
            state[CASH, k] = snapped_sum(state[CASH, k], -(gross + paid))
        else:
            state[CASH, k] += snapped_sum(gross, -paid)
        state[FREE_CASH, k] = state[CASH, k] - 2.0 * debt


@njit
def send_levered(
    state, k, i, j, size, size_type, direction, price, slippage, leverage, p, layout, switches
):
    """Execute one order of an account on margin; arguments and result as `matrix.send`.

    What an order opens is cut so that the initial margin (value of the position over `leverage`)
    and the fees together are at most equity, all at the order price. What closes always passes.

    Of a purchase of q units at price a, with relative fees f and fixed fees F, that reads
    (position + q) a / L + q a f + F <= equity, or q a (1 + f L) + F L <= L equity - position a:
    the limit of a purchase in cash, with L times the fees. Likewise for a sale.
    """
    position = state[POSITION, k]
    equity = state[CASH, k] + position * price
    buys = (size > 0.0) != (direction == SHORT_ONLY)
    reduces = direction == (SHORT_ONLY if buys else LONG_ONLY)
    scale = 1.0 if reduces else leverage
    fees = read(p, layout, FEES, i, j) * scale
    fixed_fees = read(p, layout, FIXED_FEES, i, j) * scale
    # What a purchase may cost, and what is free for a sale to open: at least what closing takes.
    credit = max(leverage * equity - position * price, 0.0)
    free = leverage * equity - abs(position) * price
    if position < 0.0:
        credit = max(credit, -position * price * (1.0 + slippage) * (1.0 + fees) + fixed_fees)
    else:
        free = max(free, fixed_fees - position * price * (1.0 - slippage) * (1.0 - fees))
    status, detail, filled, fill_price, paid, _, position, debt, _ = execute(
        credit,
        position,
        state[DEBT, k],
        free,
        state[VAL, k],
        math.nan,
        size,
        price,
        size_type,
        direction,
        fees,
        fixed_fees,
        slippage,
        read(p, layout, MIN_SIZE, i, j),
        read(p, layout, MAX_SIZE, i, j),
        read(p, layout, GRANULARITY, i, j),
        not buys,
        read(p, layout, ALLOW_PARTIAL, i, j) != 0.0,
        switches[FLOOR_DIVISION],
    )
    paid /= scale
    _book(state, k, status, detail, filled, fill_price, paid, position, debt)
    if status == REJECTED and read(p, layout, RAISE_REJECT, i, j) == 0.0:
        status = IGNORED
    return status, detail, filled, fill_price, paid


@njit
def liquidate(state, k, i, j, price, slippage, p, layout):
    """Close the position of a column whatever it costs; result as `matrix.send`.

    The broker's own order: no limit of size and no cash bounds it, so cash may end below zero.
    """
    position = state[POSITION, k]
    status, detail, filled, fill_price, paid, _, position, debt, _ = execute(
        math.inf, position, state[DEBT, k], math.inf, math.nan, math.nan, -position, price, AMOUNT,
        BOTH, read(p, layout, FEES, i, j), read(p, layout, FIXED_FEES, i, j), slippage, 0.0,
        math.inf, math.nan, False, True, False,
    )  # fmt: skip
    _book(state, k, status, detail, filled, fill_price, paid, position, debt)
    return status, detail, filled, fill_price, paid


@njit
def liquidation_level(cash, position, maintenance):
    """The price at which equity is the maintenance margin: `maintenance` times the value.

    A long position is liquidated at or below it, a short one at or above. NaN: at no price.
    """
    if position == 0.0 or math.isnan(maintenance):
        return math.nan
    level = -cash / (position - maintenance * abs(position))
    return level if level > 0.0 else math.nan


@njit
def liquidation_levels(cash, position, maintenance):
    """`liquidation_level` of every cell of matrices of one shape."""
    out = np.empty(cash.shape)
    for i in range(cash.shape[0]):
        for j in range(cash.shape[1]):
            out[i, j] = liquidation_level(cash[i, j], position[i, j], maintenance[i, j])
    return out

"""Inputs of the matrix kernels with everything set to its plainest value, and a slow reference."""

from __future__ import annotations

import math

import numpy as np
from fillproof.core import matrix as m

PLAIN = {
    m.SIZE: math.inf,
    m.PRICE: math.inf,
    m.SIZE_TYPE: 0,
    m.SIDES: 0,
    m.FEES: 0.0,
    m.FIXED_FEES: 0.0,
    m.SLIPPAGE: 0.0,
    m.MIN_SIZE: 1e-8,
    m.MAX_SIZE: math.inf,
    m.LOCK_CASH: 0,
    m.ALLOW_PARTIAL: 1,
    m.RAISE_REJECT: 0,
    m.VAL_PRICE: math.inf,
    m.ACCUMULATE: 0,
    m.LONG_CONFLICT: 0,
    m.SHORT_CONFLICT: 0,
    m.SIDE_CONFLICT: 0,
    m.OPPOSITE_ENTRY: 4,
    m.SL_TRAIL: 0,
    m.STOP_ENTRY_PRICE: 3,
    m.STOP_EXIT_PRICE: 0,
    m.STOP_EXIT: 0,
    m.STOP_UPDATE: 1,
}


def inputs(close, **values) -> m.Inputs:
    """`inputs(close, entries=..., fees=...)`: names are those of `matrix`, in lower case."""
    close = np.asarray(close, dtype=float)
    if close.ndim == 1:
        close = close[:, None]
    named = {getattr(m, name.upper()): _column(value) for name, value in values.items()}
    return m.Inputs.of(close.shape, {**PLAIN, m.CLOSE: close, **named})


def _column(value):
    array = np.asarray(value)
    return array[:, None] if array.ndim == 1 else array


def pools(columns: int, cash: float = 100.0, sequence=None, shared: bool = False) -> m.Pools:
    """Every column on its own, or all of them together."""
    lengths = np.array([columns]) if shared else np.ones(columns, dtype=np.int64)
    return m.Pools(lengths, np.full(len(lengths), cash), sequence)


def slow_signals(close, entries, exits, cash, fees, slippage, stop_loss, take_profit):
    """Long-only signals with stops on closing prices, one column, in plain Python.

    Returns rows (idx, side, size, price, fees). Buys with all cash, sells all.
    """
    fills = []
    held, reference = 0.0, math.nan
    for i, price in enumerate(close):
        stop = math.nan
        low, high = reference * (1 - stop_loss), reference * (1 + take_profit)
        if held > 0 and (price <= low or price >= high):
            stop = price
        if not math.isnan(stop):
            fee = held * stop * fees
            cash += held * stop - fee
            fills.append((i, 1, held, stop, fee))
            held = 0.0
        elif entries[i] and exits[i]:
            continue
        elif entries[i] and held == 0 and cash > 0:
            paid = price * (1 + slippage)
            budget = cash / (1 + fees)
            held = budget / paid
            fills.append((i, 0, held, paid, cash - budget))
            cash, reference = 0.0, price
        elif exits[i] and held > 0:
            got = price * (1 - slippage)
            fee = held * got * fees
            cash += held * got - fee
            fills.append((i, 1, held, got, fee))
            held = 0.0
    return fills

"""Matrices of orders: at most one order per column and row, filled at once.

What `signals` is for signals, without its rules: the size, its type and the direction of every
order are given. Inputs, pools and records are those of `matrix`.
"""

from __future__ import annotations

import math

import numpy as np

from .execution import CALL_SEQUENCE, FILLED, INVALID, snapped
from .jit import njit, prange
from .matrix import (
    CASH,
    CLOSE,
    DEBT,
    FREE_CASH,
    KEEP_VAL_PRICE,
    POSITION,
    PRICE,
    RUNNING,
    SIDES,
    SIZE,
    SIZE_TYPE,
    SLIPPAGE,
    STATUS,
    UNVALUED_LAST,
    UPDATE_VALUE,
    VAL,
    Inputs,
    Pools,
    expected_value,
    new_state,
    read,
    record,
    run_pools,
    send,
    sort_by_value,
    track_val_price,
)


@njit
def order_price(i, j, close, price, layout):
    """The order price of a row: inf is this close, -inf the last close."""
    wanted = read(price, layout, PRICE, i, j)
    if not math.isinf(wanted):
        return wanted
    if wanted > 0.0:
        return read(close, layout, CLOSE, i, j)
    return read(close, layout, CLOSE, i - 1, j) if i > 0 else math.nan


@njit
def _order_block(
    first,
    last,
    first_pool,
    shared,
    automatic,
    in_sequence,
    sequence,
    rows,
    close,
    size,
    price,
    p,
    layout,
    switches,
    cash,
    base,
    limit,
    records,
    report,
):
    """Run columns `first` to `last` over all rows: one pool if `shared`, else one pool each."""
    n = last - first
    state = new_state(n, cash, first_pool, shared)
    keep = switches[KEEP_VAL_PRICE]
    prices = np.zeros(n)
    row_value = np.zeros(n)
    order = np.zeros(n, np.int64)
    for i in range(rows):
        for k in range(n):
            j = first + k
            prices[k] = order_price(i, j, close, price, layout)
            track_val_price(state, k, i, j, prices[k], close, p, layout, keep)
        value = 0.0
        if shared:
            value = state[CASH, 0]
            for k in range(n):
                if state[POSITION, k] != 0.0:
                    value += state[POSITION, k] * state[VAL, k]
        if automatic:
            for k in range(n):
                order[k] = k
                row_value[k] = expected_value(
                    read(size, layout, SIZE, i, first + k),
                    int(read(p, layout, SIZE_TYPE, i, first + k)),
                    int(read(p, layout, SIDES, i, first + k)),
                    state[CASH, 0],
                    state[POSITION, k],
                    state[FREE_CASH, 0],
                    state[VAL, k],
                    value,
                    switches[UNVALUED_LAST],
                )
            sort_by_value(row_value, order)
        for slot in range(n):
            k = slot
            if automatic:
                k = order[slot]
            elif in_sequence:
                k = sequence[i if sequence.shape[0] > 1 else 0, first + slot]
                if k < 0 or k >= n:
                    record(
                        records,
                        base,
                        limit,
                        report,
                        first_pool,
                        i,
                        first,
                        INVALID,
                        CALL_SEQUENCE,
                        0.0,
                        0.0,
                        0.0,
                    )
                    break
            j = first + k
            pool = first_pool if shared else first_pool + k
            if report[pool, STATUS] != RUNNING:
                continue
            cash_column = 0 if shared else k
            wanted = read(size, layout, SIZE, i, j)
            if math.isnan(wanted) or math.isnan(prices[k]):
                # Nothing to send, but the account is rid of dust as before any order.
                state[CASH, cash_column] = snapped(state[CASH, cash_column])
                state[FREE_CASH, cash_column] = snapped(state[FREE_CASH, cash_column])
                state[POSITION, k] = snapped(state[POSITION, k])
                state[DEBT, k] = snapped(state[DEBT, k])
                continue
            if not shared:
                value = state[CASH, k]
                if state[POSITION, k] != 0.0:
                    value += state[POSITION, k] * state[VAL, k]
            cash_before = state[CASH, cash_column]
            held_before = 0.0
            if state[POSITION, k] != 0.0:
                held_before = state[POSITION, k] * state[VAL, k]
            status, detail, filled, fill_price, paid = send(
                state,
                k,
                cash_column,
                i,
                j,
                wanted,
                int(read(p, layout, SIZE_TYPE, i, j)),
                int(read(p, layout, SIDES, i, j)),
                prices[k],
                read(p, layout, SLIPPAGE, i, j),
                value,
                p,
                layout,
                switches,
            )
            record(
                records, base, limit, report, pool, i, j, status, detail, filled, fill_price, paid
            )
            if status == FILLED and switches[UPDATE_VALUE]:
                state[VAL, k] = fill_price
                held = 0.0
                if state[POSITION, k] != 0.0:
                    held = state[POSITION, k] * fill_price
                value = value + (state[CASH, cash_column] - cash_before) + (held - held_before)


@njit(parallel=True)
def _run_orders(
    blocks,
    shared,
    automatic,
    in_sequence,
    sequence,
    rows,
    close,
    size,
    price,
    p,
    layout,
    switches,
    cash,
    base,
    limit,
    records,
    report,
):
    """Run every block of columns; see `matrix.run_pools` for the arguments."""
    for b in prange(len(blocks)):
        _order_block(
            blocks[b, 0],
            blocks[b, 1],
            blocks[b, 2],
            shared,
            automatic,
            in_sequence,
            sequence,
            rows,
            close,
            size,
            price,
            p,
            layout,
            switches,
            cash,
            base,
            limit,
            records,
            report,
        )


def simulate_orders(
    inputs: Inputs,
    pools: Pools,
    *,
    keep_val_price: bool = True,
    update_value: bool = False,
    floor_division: bool = False,
    unvalued_last: bool = False,
) -> np.ndarray:
    """Trade matrices of orders: returns the fills as `ORDER_RECORD`, pool after pool.

    Size, size type and side (`SIZE`, `SIZE_TYPE`, `SIDES`) say what to do in every cell; a NaN
    size or price does nothing. The switches are those of `signals.simulate_signals`; with
    `update_value` a fill also moves the value that later columns of the same row and pool see.

    Raises ValueError for impossible inputs, `OrderRejected` as `matrix.run_pools` says.
    """
    rows, columns = inputs.shape
    if not pools.shared and pools.sequence is not None:
        pools = Pools(pools.lengths, pools.cash)
    switches = np.array(
        [False, False, True, keep_val_price, update_value, floor_division, unvalued_last]
    )
    sizes = inputs.arrays[SIZE]
    row_step, column_step = inputs.layout[SIZE, 1:]
    if row_step and column_step:
        matrix = sizes.reshape(columns, rows).T if row_step == 1 else sizes.reshape(rows, columns)
        count = rows - np.isnan(matrix).sum(axis=0)
    elif row_step:
        count = np.full(columns, rows - int(np.isnan(sizes).sum()))
    else:
        count = np.full(columns, rows)
    ends = np.cumsum(pools.lengths)
    running = np.concatenate([[0], np.cumsum(count)])
    capacity = running[ends] - running[ends - pools.lengths]
    together = columns > 1 and int(inputs.layout[CLOSE, 2]) == 1
    arguments = (
        inputs.arrays[CLOSE],
        sizes,
        inputs.arrays[PRICE],
        inputs.packed,
        inputs.layout,
        switches,
    )
    return run_pools(pools, rows, together, capacity, _run_orders, arguments)

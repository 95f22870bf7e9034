"""Matrices of orders with a log, random rejections and the sequence of calls; see `traced`."""

from __future__ import annotations

import numpy as np

from .execution import (
    FILLED,
)
from .jit import njit
from .matrix import (
    CASH,
    CLOSE,
    FREE_CASH,
    KEEP_VAL_PRICE,
    POSITION,
    PRICE,
    SIDES,
    SIZE,
    SIZE_TYPE,
    SLIPPAGE,
    UNVALUED_LAST,
    VAL,
    Inputs,
    Pools,
    expected_value,
    new_state,
    read,
    sort_by_value,
    track_val_price,
)
from .order_matrix import order_price
from .traced import cell_order, place_in_turn, pool_value, run_traced, send_cell, switches_of


@njit
def _trace_orders(
    lengths, shared, automatic, sequence, rows, close, size, price, p, layout, switches, cash,
    report, records, logs,
):  # fmt: skip
    """Trade a matrix of orders; see `trace_orders`."""
    first = 0
    for pool in range(len(lengths)):
        n = lengths[pool]
        state = new_state(n, cash, pool, shared)
        prices = np.zeros(n)
        row_value = np.zeros(n)
        for i in range(rows):
            for k in range(n):
                j = first + k
                prices[k] = order_price(i, j, close, price, layout)
                track_val_price(
                    state, k, i, j, prices[k], close, p, layout, switches[KEEP_VAL_PRICE]
                )
            value = 0.0
            if shared:
                value = pool_value(state, n)
            if automatic:
                for k in range(n):
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
                sort_by_value(row_value, sequence[i, first : first + n])
            for slot in range(n):
                k = slot
                if shared:
                    k = place_in_turn(sequence, i, first, slot, n, report)
                    if k < 0:
                        return
                j = first + k
                order = cell_order(
                    i, j, read(size, layout, SIZE, i, j), int(read(p, layout, SIZE_TYPE, i, j)),
                    int(read(p, layout, SIDES, i, j)), prices[k],
                    read(p, layout, SLIPPAGE, i, j), p, layout,
                )  # fmt: skip
                _, value = send_cell(
                    state, k, i, j, pool, shared, value, order, switches, report, records, logs
                )
                if report[0] != FILLED:
                    return
        first += n


def trace_orders(
    inputs: Inputs,
    pools: Pools,
    sequence: np.ndarray,
    *,
    keep_val_price: bool = True,
    update_value: bool = False,
    floor_division: bool = False,
    unvalued_last: bool = False,
    max_orders: int | None = None,
    max_logs: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Trade matrices of orders as `order_matrix.simulate_orders` does.

    Returns the fills as `ORDER_RECORD` and the log (`LOG_RECORD`) of the cells whose `LOG` is
    set. `REJECT_PROB` is the probability of a random rejection. `sequence`: int64, rows x columns,
    the place of each column within its pool; with an automatic sequence it must be in order and
    is sorted here, row by row. `max_orders`, `max_logs`: room for records; `RecordsFull` is raised
    where it does not suffice.
    """
    switches = switches_of(
        False, False, keep_val_price, update_value, floor_division, unvalued_last
    )
    arrays = tuple(inputs.arrays[p] for p in (CLOSE, SIZE, PRICE))
    return run_traced(
        _trace_orders, inputs, pools, sequence, arrays, switches, (), max_orders, max_logs
    )

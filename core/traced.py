"""Simulations that visit every cell, one order behind the other, and write everything down.

The kernels of `signals` and `order_matrix` leave out what costs time and pass over rows in which
nothing can happen. Those of `traced_signals` and `traced_orders` visit every cell in one fixed
sequence (pool by pool, row by row), and so can also keep a log, draw random rejections, call
functions of the user for signals and stops, and tell the sequence in which the columns of a pool
took their turns. Same inputs, same rules, same results. Here is what the two share.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .execution import (
    CALL_SEQUENCE,
    INVALID,
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
    KEEP_VAL_PRICE,
    LOCK_CASH,
    LOG,
    MAX_SIZE,
    MIN_SIZE,
    ORDER_RECORD,
    POSITION,
    RAISE_REJECT,
    REJECT_PROB,
    UPDATE_VALUE,
    VAL,
    Inputs,
    Pools,
    raise_stopped,
    read,
)
from .order_log import LOG_RECORD
from .order_processing import make_order, process_order
from .order_types import ProcessOrderState


@njit
def shuffle_sequence(sequence, lengths):
    """Shuffle the columns of every pool in every row, in place: pool by pool, then row by row."""
    first = 0
    for length in lengths:
        for i in range(sequence.shape[0]):
            np.random.shuffle(sequence[i, first : first + length])  # noqa: NPY002
        first += length


@njit
def cell_order(i, j, size, size_type, direction, price, slippage, p, layout):
    """The order of a cell, with the costs and limits of its inputs."""
    return make_order(
        size,
        price,
        size_type,
        direction,
        read(p, layout, FEES, i, j),
        read(p, layout, FIXED_FEES, i, j),
        slippage,
        read(p, layout, MIN_SIZE, i, j),
        read(p, layout, MAX_SIZE, i, j),
        read(p, layout, GRANULARITY, i, j),
        read(p, layout, REJECT_PROB, i, j),
        read(p, layout, LOCK_CASH, i, j) != 0.0,
        read(p, layout, ALLOW_PARTIAL, i, j) != 0.0,
        read(p, layout, RAISE_REJECT, i, j) != 0.0,
        read(p, layout, LOG, i, j) != 0.0,
    )


@njit
def pool_value(state, n):
    """The value of a pool that all columns of the block share."""
    value = state[CASH, 0]
    for k in range(n):
        if state[POSITION, k] != 0.0:
            value += state[POSITION, k] * state[VAL, k]
    return value


@njit
def send_cell(state, k, i, j, pool, shared, value, order, switches, report, records, logs):
    """Process the order of column `k` of the block: returns (result, value of the pool after it).

    `report` is (status, detail, row, column, orders so far, log entries so far).
    """
    cash_column = 0 if shared else k
    if not shared:
        value = state[CASH, k]
        if state[POSITION, k] != 0.0:
            value += state[POSITION, k] * state[VAL, k]
    before = ProcessOrderState(
        state[CASH, cash_column],
        state[POSITION, k],
        state[DEBT, k],
        state[FREE_CASH, cash_column],
        state[VAL, k],
        value,
        report[4],
        report[5],
    )
    result, after, status, detail = process_order(
        i, j, pool, before, switches[UPDATE_VALUE], order, switches[FLOOR_DIVISION], records, logs
    )
    report[0] = status
    report[1] = detail
    report[2] = i
    report[3] = j
    report[4] = after.oidx
    report[5] = after.lidx
    state[CASH, cash_column] = after.cash
    state[POSITION, k] = after.position
    state[DEBT, k] = after.debt
    state[FREE_CASH, cash_column] = after.free_cash
    if not math.isnan(after.val_price) or not switches[KEEP_VAL_PRICE]:
        state[VAL, k] = after.val_price
    return result, after.value


@njit
def place_in_turn(sequence, i, first, slot, n, report):
    """Which column of the pool takes turn `slot`; -1 where the sequence names none of it."""
    k = sequence[i, first + slot]
    if 0 <= k < n:
        return k
    report[0] = INVALID
    report[1] = CALL_SEQUENCE
    report[2] = i
    report[3] = first
    return -1


def _room(given: int | None, cells: int) -> int:
    return cells if given is None else given


def run_traced(
    kernel: Callable[..., None],
    inputs: Inputs,
    pools: Pools,
    sequence: np.ndarray,
    arrays: tuple,
    switches: np.ndarray,
    more: tuple,
    max_orders: int | None,
    max_logs: int | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Call a kernel of this module; returns the records of the orders and of the log."""
    rows, columns = inputs.shape
    logs_any = bool(np.any(inputs.everywhere(LOG)))
    # Memory is taken by what is written, not by what there is room for.
    records = np.empty(_room(max_orders, rows * columns), ORDER_RECORD)
    logs = np.empty(_room(max_logs, rows * columns) if logs_any else 1, LOG_RECORD)
    report = np.zeros(6, np.int64)
    kernel(
        np.asarray(pools.lengths, np.int64),
        pools.shared,
        pools.shared and isinstance(pools.sequence, str),
        sequence,
        rows,
        *arrays,
        inputs.packed,
        inputs.layout,
        switches,
        np.array(pools.cash, np.float64),
        report,
        records,
        logs,
        *more,
    )
    raise_stopped(report[:4])
    return records[: report[4]].copy(), logs[: report[5]].copy()


def switches_of(
    four_arrays: bool,
    use_stops: bool,
    keep_val_price: bool,
    update_value: bool,
    floor_division: bool,
    unvalued_last: bool,
) -> np.ndarray:
    return np.array(
        [four_arrays, use_stops, True, keep_val_price, update_value, floor_division, unvalued_last]
    )

"""One order from request to records: execution, random rejection, value, order record and log.

What the simulations use that send orders one behind the other over all columns, in one sequence:
those with a log, random rejections or functions of the user. `execution.execute` fills.
"""

from __future__ import annotations

import math

import numpy as np

from .execution import (
    BAD_REJECT_PROB,
    FILLED,
    INVALID,
    RANDOM_REJECTION,
    REJECTED,
    VALUE_NOT_POSITIVE,
    execute,
    snapped,
)
from .jit import njit
from .matrix import FULL
from .order_log import log_order
from .order_types import ExecuteOrderState, Order, OrderResult, ProcessOrderState

#: What `detail` says beside the status `FULL`.
ORDERS_FULL, LOGS_FULL = 0, 1


@njit
def make_order(
    size,
    price,
    size_type,
    direction,
    fees,
    fixed_fees,
    slippage,
    min_size,
    max_size,
    granularity,
    reject_prob,
    lock_cash,
    allow_partial,
    raise_reject,
    log,
):
    """An order of the types that all orders have, from numbers of any type."""
    return Order(
        float(size),
        float(price),
        int(size_type),
        int(direction),
        float(fees),
        float(fixed_fees),
        float(slippage),
        float(min_size),
        float(max_size),
        float(granularity),
        float(reject_prob),
        bool(lock_cash),
        bool(allow_partial),
        bool(raise_reject),
        bool(log),
    )


@njit
def try_order(state, order, floor_division):
    """Execute an order without writing it down: returns (account after it, result, fault or -1).

    A random number is drawn for every order with a `reject_prob` that execution came to an end
    with, filled or not.
    """
    status, detail, size, price, fees, cash, position, debt, free_cash = execute(
        state.cash,
        state.position,
        state.debt,
        state.free_cash,
        state.val_price,
        state.value,
        order.size,
        order.price,
        order.size_type,
        order.direction,
        order.fees,
        order.fixed_fees,
        order.slippage,
        order.min_size,
        order.max_size,
        order.size_granularity,
        order.lock_cash,
        order.allow_partial,
        floor_division,
    )
    fault = -1
    if status == INVALID:
        fault = detail
    elif not (math.isnan(order.size) or math.isnan(order.price)):
        if not (0.0 <= order.reject_prob <= 1.0):
            fault = BAD_REJECT_PROB
        elif order.reject_prob > 0.0 and (status == FILLED or detail > VALUE_NOT_POSITIVE):
            # Jitted code has this generator only, and a seed must give the numbers that it gives.
            drawn = np.random.uniform(0.0, 1.0)  # noqa: NPY002
            if drawn < order.reject_prob:
                status = REJECTED
                detail = RANDOM_REJECTION
                cash = snapped(state.cash)
                position = snapped(state.position)
                debt = snapped(state.debt)
                free_cash = snapped(state.free_cash)
    account = ExecuteOrderState(cash, position, debt, free_cash)
    if status == FILLED:
        return account, OrderResult(size, price, fees, detail, status, -1), fault
    return account, OrderResult(math.nan, math.nan, math.nan, -1, status, detail), fault


@njit
def value_after(
    cash_before, cash_now, position_before, position_now, val_price_before, price, value_before
):
    """The value of a pool after a fill that revalues its column at `price`."""
    held_before = 0.0
    if position_before != 0.0:
        held_before = position_before * val_price_before
    held_now = 0.0
    if position_now != 0.0:
        held_now = position_now * price
    return value_before + (cash_now - cash_before) + (held_now - held_before)


@njit
def process_order(i, col, group, state, update_value, order, floor_division, records, logs):
    """Execute an order and write it down: returns (result, state after it, status, detail).

    `status` is `FILLED` where the run may go on, else `REJECTED` (a rejection that is to end it,
    `detail` its reason), `INVALID` (`detail` its fault) or `FULL` (`records` or `logs` are).
    """
    account, result, fault = try_order(state, order, floor_division)
    after = ProcessOrderState(
        account.cash,
        account.position,
        account.debt,
        account.free_cash,
        state.val_price,
        state.value,
        state.oidx,
        state.lidx,
    )
    if fault >= 0:
        return result, after, INVALID, fault
    if result.status == REJECTED and order.raise_reject:
        return result, after, REJECTED, result.status_info
    filled = result.status == FILLED
    val_price = state.val_price
    value = state.value
    if filled and update_value:
        val_price = result.price
        value = value_after(
            state.cash, account.cash, state.position, account.position, state.val_price,
            result.price, state.value,
        )  # fmt: skip
    orders = state.oidx
    order_id = -1
    if filled:
        if orders >= len(records):
            return result, after, FULL, ORDERS_FULL
        row = records[orders]
        row["id"] = orders
        row["col"] = col
        row["idx"] = i
        row["size"] = result.size
        row["price"] = result.price
        row["fees"] = result.fees
        row["side"] = result.side
        order_id = orders
        orders += 1
    logged = state.lidx
    if order.log:
        if logged >= len(logs):
            return result, after, FULL, LOGS_FULL
        log_order(
            logs[logged], logged, i, col, group, state.cash, state.position, state.debt,
            state.free_cash, state.val_price, state.value, order, account.cash, account.position,
            account.debt, account.free_cash, val_price, value, result, order_id,
        )  # fmt: skip
        logged += 1
    after = ProcessOrderState(
        account.cash, account.position, account.debt, account.free_cash, val_price, value,
        orders, logged,
    )  # fmt: skip
    return result, after, FILLED, -1

"""Orders in compiled functions: making, trying and processing them, and their records."""

from __future__ import annotations

import math

import numpy as np

from .....core.execution import (
    BOTH,
    FILLED,
    INVALID,
    INVALID_ORDERS,
    REASONS,
    REJECTED,
    TARGET_AMOUNT,
    buy,
    sell,
)
from .....core.matrix import FULL, ORDER_RECORD
from .....core.order_log import LOG_RECORD, cleared, log_order
from .....core.order_loop import resolved_price, with_price
from .....core.order_processing import LOGS_FULL, make_order, process_order, try_order, value_after
from .....core.order_types import NO_ORDER, ExecuteOrderState, OrderResult, ProcessOrderState
from .....core.position_record import follow_position, position_records, revalue_position
from ...compiled import njit
from ..enums import RejectedOrderError

_FAULTS = tuple(INVALID_ORDERS[n] for n in range(len(INVALID_ORDERS)))
_REASONS = tuple(REASONS[n] for n in range(len(REASONS)))


@njit
def order_nb(
    size=math.nan,
    price=math.inf,
    size_type=0,
    direction=BOTH,
    fees=0.0,
    fixed_fees=0.0,
    slippage=0.0,
    min_size=0.0,
    max_size=math.inf,
    size_granularity=math.nan,
    reject_prob=0.0,
    lock_cash=False,
    allow_partial=True,
    raise_reject=False,
    log=False,
):
    """Make an order; see `enums.Order`."""
    return make_order(
        size, price, size_type, direction, fees, fixed_fees, slippage, min_size, max_size,
        size_granularity, reject_prob, lock_cash, allow_partial, raise_reject, log,
    )  # fmt: skip


@njit
def close_position_nb(
    price=math.inf,
    fees=0.0,
    fixed_fees=0.0,
    slippage=0.0,
    min_size=0.0,
    max_size=math.inf,
    size_granularity=math.nan,
    reject_prob=0.0,
    lock_cash=False,
    allow_partial=True,
    raise_reject=False,
    log=False,
):
    """Make an order that closes the position, long or short."""
    return make_order(
        0.0, price, TARGET_AMOUNT, BOTH, fees, fixed_fees, slippage, min_size, max_size,
        size_granularity, reject_prob, lock_cash, allow_partial, raise_reject, log,
    )  # fmt: skip


@njit
def order_nothing_nb():
    """The order that does nothing."""
    return NO_ORDER


@njit
def order_not_filled_nb(status, status_info):
    """The result of an order that was not filled."""
    return OrderResult(math.nan, math.nan, math.nan, -1, status, status_info)


@njit
def _outcome(before, status, detail, size, price, fees, cash, position, debt, free_cash):
    """The account and the result after `execution.buy` or `execution.sell`."""
    if status == INVALID:
        raise ValueError(_FAULTS[detail])
    if status == FILLED:
        account = ExecuteOrderState(cash, position, debt, free_cash)
        return account, OrderResult(size, price, fees, detail, status, -1)
    return before, OrderResult(math.nan, math.nan, math.nan, -1, status, detail)


@njit
def buy_nb(
    exec_state,
    size,
    price,
    direction=BOTH,
    fees=0.0,
    fixed_fees=0.0,
    slippage=0.0,
    min_size=0.0,
    max_size=math.inf,
    size_granularity=math.nan,
    lock_cash=False,
    allow_partial=True,
    percent=math.nan,
):
    """Buy `size` units, or cover a short position: returns (account, result)."""
    s = exec_state
    status, detail, filled, paid, cost, cash, position, debt, free_cash = buy(
        s.cash, s.position, s.debt, s.free_cash, size, percent, price, direction, fees,
        fixed_fees, slippage, min_size, max_size, size_granularity, lock_cash, allow_partial, True,
    )  # fmt: skip
    return _outcome(s, status, detail, filled, paid, cost, cash, position, debt, free_cash)


@njit
def sell_nb(
    exec_state,
    size,
    price,
    direction=BOTH,
    fees=0.0,
    fixed_fees=0.0,
    slippage=0.0,
    min_size=0.0,
    max_size=math.inf,
    size_granularity=math.nan,
    lock_cash=False,
    allow_partial=True,
    percent=math.nan,
):
    """Sell `size` units, or sell short: returns (account, result)."""
    s = exec_state
    status, detail, filled, paid, cost, cash, position, debt, free_cash = sell(
        s.cash, s.position, s.debt, s.free_cash, size, percent, price, direction, fees,
        fixed_fees, slippage, min_size, max_size, size_granularity, lock_cash, allow_partial, True,
    )  # fmt: skip
    return _outcome(s, status, detail, filled, paid, cost, cash, position, debt, free_cash)


@njit
def execute_order_nb(state, order):
    """Execute an order, without a record of it: returns (account, result)."""
    account, result, fault = try_order(state, order, True)
    if fault >= 0:
        raise ValueError(_FAULTS[fault])
    return account, result


@njit
def try_order_nb(ctx, order):
    """Execute an order in the state of an order context, without changing anything."""
    if math.isinf(order.price):
        price = resolved_price(ctx.i, ctx.col, order.price, ctx.close, ctx.flex_2d)
        order = with_price(order, price)
    state = ProcessOrderState(
        ctx.cash_now, ctx.position_now, ctx.debt_now, ctx.free_cash_now, ctx.val_price_now,
        ctx.value_now, -1, -1,
    )  # fmt: skip
    return execute_order_nb(state, order)


@njit
def replace_inf_price_nb(prev_close, close, order):
    """The order at the close (price inf) or at the last close (-inf)."""
    return with_price(order, close if order.price > 0 else prev_close)


@njit
def raise_rejected_order_nb(order_result):
    """Raise RejectedOrderError with the reason of a result."""
    if 0 <= order_result.status_info < len(_REASONS):
        raise RejectedOrderError(_REASONS[order_result.status_info])
    raise RejectedOrderError


@njit
def update_value_nb(
    cash_before, cash_now, position_before, position_now, val_price_before, price, value_before
):
    """The valuation price and the value after a fill at `price`."""
    value = value_after(
        cash_before, cash_now, position_before, position_now, val_price_before, price, value_before
    )
    return price, value


@njit
def process_order_nb(i, col, group, state, update_value, order, order_records, log_records):
    """Execute an order and write it to the records: returns (result, new state)."""
    result, after, status, detail = process_order(
        i, col, group, state, update_value, order, True, order_records, log_records
    )
    if status == INVALID:
        raise ValueError(_FAULTS[detail])
    if status == REJECTED:
        raise_rejected_order_nb(result)
    if status == FULL:
        if detail == LOGS_FULL:
            raise IndexError("no room for more log records; raise max_logs")
        raise IndexError("no room for more order records; raise max_orders")
    return result, after


@njit
def fill_order_record_nb(record, record_id, i, col, order_result):
    """Write a fill to a record of `order_dt`."""
    record["id"] = record_id
    record["col"] = col
    record["idx"] = i
    record["size"] = order_result.size
    record["price"] = order_result.price
    record["fees"] = order_result.fees
    record["side"] = order_result.side


@njit
def fill_log_record_nb(
    record,
    record_id,
    i,
    col,
    group,
    cash,
    position,
    debt,
    free_cash,
    val_price,
    value,
    order,
    new_cash,
    new_position,
    new_debt,
    new_free_cash,
    new_val_price,
    new_value,
    order_result,
    order_id,
):
    """Write an order to a record of `log_dt`."""
    log_order(
        record, record_id, i, col, group, cash, position, debt, free_cash, val_price, value, order,
        new_cash, new_position, new_debt, new_free_cash, new_val_price, new_value, order_result,
        order_id,
    )  # fmt: skip


@njit
def update_open_pos_stats_nb(record, position_now, price):
    """Set profit and return of an open position as if it were closed at `price`."""
    revalue_position(record, position_now, price)


@njit
def update_pos_record_nb(record, i, col, position_before, position_now, order_result):
    """Bring the record of a column's position up to a fill."""
    follow_position(record, i, col, position_before, position_now, order_result)


def init_records_nb(target_shape, max_orders=None, max_logs=0, init_temp_records=False):
    """Room for order and log records; `init_temp_records` fills it with -1 and NaN."""
    cells = target_shape[0] * target_shape[1]
    orders = np.empty(cells if max_orders is None else max_orders, ORDER_RECORD)
    logs = np.empty(max(max_logs, 1), LOG_RECORD)
    if init_temp_records:
        cleared(orders)
        cleared(logs)
    return orders, logs


def init_last_pos_record_nb(target_shape, init_temp_records=False):
    """One record of `trade_dt` per column without a position yet."""
    return position_records(target_shape[1], init_temp_records)

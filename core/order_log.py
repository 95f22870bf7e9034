"""The order log: every order as it was sent, what became of it, and the account around it."""

from __future__ import annotations

import numpy as np

from .jit import njit

#: `cash` to `value` is the account before the order, `new_*` after it; `req_*` is the order,
#: `res_*` its result. NaN and -1 mean none; `order_id` is the order record of a fill.
LOG_RECORD = np.dtype(
    [
        ("id", np.int64),
        ("group", np.int64),
        ("col", np.int64),
        ("idx", np.int64),
        ("cash", np.float64),
        ("position", np.float64),
        ("debt", np.float64),
        ("free_cash", np.float64),
        ("val_price", np.float64),
        ("value", np.float64),
        ("req_size", np.float64),
        ("req_price", np.float64),
        ("req_size_type", np.int64),
        ("req_direction", np.int64),
        ("req_fees", np.float64),
        ("req_fixed_fees", np.float64),
        ("req_slippage", np.float64),
        ("req_min_size", np.float64),
        ("req_max_size", np.float64),
        ("req_size_granularity", np.float64),
        ("req_reject_prob", np.float64),
        ("req_lock_cash", np.bool_),
        ("req_allow_partial", np.bool_),
        ("req_raise_reject", np.bool_),
        ("req_log", np.bool_),
        ("new_cash", np.float64),
        ("new_position", np.float64),
        ("new_debt", np.float64),
        ("new_free_cash", np.float64),
        ("new_val_price", np.float64),
        ("new_value", np.float64),
        ("res_size", np.float64),
        ("res_price", np.float64),
        ("res_fees", np.float64),
        ("res_side", np.int64),
        ("res_status", np.int64),
        ("res_status_info", np.int64),
        ("order_id", np.int64),
    ],
    align=True,
)


@njit
def log_order(
    row,
    number,
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
    result,
    order_id,
):
    """Write one entry of the log; `row` is a record of `LOG_RECORD`, `number` its own number."""
    row["id"] = number
    row["group"] = group
    row["col"] = col
    row["idx"] = i
    row["cash"] = cash
    row["position"] = position
    row["debt"] = debt
    row["free_cash"] = free_cash
    row["val_price"] = val_price
    row["value"] = value
    row["req_size"] = order.size
    row["req_price"] = order.price
    row["req_size_type"] = order.size_type
    row["req_direction"] = order.direction
    row["req_fees"] = order.fees
    row["req_fixed_fees"] = order.fixed_fees
    row["req_slippage"] = order.slippage
    row["req_min_size"] = order.min_size
    row["req_max_size"] = order.max_size
    row["req_size_granularity"] = order.size_granularity
    row["req_reject_prob"] = order.reject_prob
    row["req_lock_cash"] = order.lock_cash
    row["req_allow_partial"] = order.allow_partial
    row["req_raise_reject"] = order.raise_reject
    row["req_log"] = order.log
    row["new_cash"] = new_cash
    row["new_position"] = new_position
    row["new_debt"] = new_debt
    row["new_free_cash"] = new_free_cash
    row["new_val_price"] = new_val_price
    row["new_value"] = new_value
    row["res_size"] = result.size
    row["res_price"] = result.price
    row["res_fees"] = result.fees
    row["res_side"] = result.side
    row["res_status"] = result.status
    row["res_status_info"] = result.status_info
    row["order_id"] = order_id


def cleared(records: np.ndarray) -> np.ndarray:
    """Fill records that are not in use yet: whole numbers -1, others NaN, flags false."""
    for name in records.dtype.names or ():
        kind = records.dtype[name].kind
        records[name] = {"i": -1, "f": np.nan, "b": False}[kind]
    return records

"""What an order function sees and returns: orders, results, and the state of a simulation.

Named tuples, so that jitted functions of a user take them as they are. Money and prices are
floats, rows and columns are counted from 0; `*_now` is before or after an order as the name of
the tuple says. "Per pool" arrays have one element per group with shared cash, else per column.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from .execution import AMOUNT, BOTH


class Order(NamedTuple):
    """One order; see `execution.execute` for what the numbers mean.

    `reject_prob`: probability of a random rejection. `raise_reject`: a rejection ends the run.
    `log`: the order is written to the log, filled or not.
    """

    size: float = math.inf
    price: float = math.inf
    size_type: int = AMOUNT
    direction: int = BOTH
    fees: float = 0.0
    fixed_fees: float = 0.0
    slippage: float = 0.0
    min_size: float = 0.0
    max_size: float = math.inf
    size_granularity: float = math.nan
    reject_prob: float = 0.0
    lock_cash: bool = False
    allow_partial: bool = True
    raise_reject: bool = False
    log: bool = False


NO_ORDER = Order(
    math.nan, math.nan, -1, -1, *(math.nan,) * 7,
    lock_cash=False, allow_partial=False, raise_reject=False, log=False,
)  # fmt: skip


class OrderResult(NamedTuple):
    """What became of an order: `size`, `price` and `fees` are NaN and `side` -1 without a fill;
    `status_info` is the reason why there is none, else -1."""

    size: float
    price: float
    fees: float
    side: int
    status: int
    status_info: int


class ExecuteOrderState(NamedTuple):
    """An account after an order: `cash` and `free_cash` of the pool, the rest of the column."""

    cash: float
    position: float
    debt: float
    free_cash: float


class ProcessOrderState(NamedTuple):
    """An account before an order, and how many orders and log entries there are already."""

    cash: float
    position: float
    debt: float
    free_cash: float
    val_price: float
    value: float
    oidx: int
    lidx: int


class SimulationContext(NamedTuple):
    """The whole simulation: its inputs, and the state that it is in now."""

    target_shape: tuple[int, int]
    group_lens: np.ndarray
    init_cash: np.ndarray
    cash_sharing: bool
    call_seq: np.ndarray | None
    segment_mask: np.ndarray
    call_pre_segment: bool
    call_post_segment: bool
    close: np.ndarray
    ffill_val_price: bool
    update_value: bool
    fill_pos_record: bool
    flex_2d: bool
    order_records: np.ndarray
    log_records: np.ndarray
    last_cash: np.ndarray
    last_position: np.ndarray
    last_debt: np.ndarray
    last_free_cash: np.ndarray
    last_val_price: np.ndarray
    last_value: np.ndarray
    second_last_value: np.ndarray
    last_return: np.ndarray
    last_oidx: np.ndarray
    last_lidx: np.ndarray
    last_pos_record: np.ndarray


def _extended(name: str, base: Any, **fields: Any) -> Any:
    """A named tuple with the fields of `base` and more behind them."""
    every: Any = [*base.__annotations__.items(), *fields.items()]
    return NamedTuple(name, every)


_GROUP = {"group": int, "group_len": int, "from_col": int, "to_col": int}
_CALLS = {"i": int, "call_seq_now": Any}
_NOW = {
    "cash_now": float,
    "position_now": float,
    "debt_now": float,
    "free_cash_now": float,
    "val_price_now": float,
    "value_now": float,
    "return_now": float,
    "pos_record_now": Any,
}
_BEFORE = {
    "cash_before": float,
    "position_before": float,
    "debt_before": float,
    "free_cash_before": float,
    "val_price_before": float,
    "value_before": float,
    "order_result": OrderResult,
}

#: A group of columns, before its first and after its last row.
GroupContext = _extended("GroupContext", SimulationContext, **_GROUP)
#: A row, before its first and after its last group.
RowContext = _extended("RowContext", SimulationContext, i=int)
#: A segment: one row of one group; `call_seq_now` is its sequence of columns.
SegmentContext = _extended("SegmentContext", GroupContext, **_CALLS)
#: One column of a segment, for the function that returns its order.
OrderContext = _extended("OrderContext", SegmentContext, col=int, call_idx=int, **_NOW)
#: One column of a segment after its order.
PostOrderContext = _extended(
    "PostOrderContext", SegmentContext, col=int, call_idx=int, **_BEFORE, **_NOW
)
#: A segment, for the function that returns a column and its order until it returns column -1.
FlexOrderContext = _extended("FlexOrderContext", SegmentContext, call_idx=int)


class SignalContext(NamedTuple):
    """One cell, for the function that returns its four signals."""

    i: int
    col: int
    position_now: float
    val_price_now: float
    flex_2d: bool


class AdjustSLContext(NamedTuple):
    """The stop loss of a column, for the function that returns (stop, whether it trails).

    `init_*`: row and price where it was set; `curr_*`: where it stands now. Rows are -1 and prices
    NaN without one.
    """

    i: int
    col: int
    position_now: float
    val_price_now: float
    init_i: int
    init_price: float
    curr_i: int
    curr_price: float
    curr_stop: float
    curr_trail: bool


class AdjustTPContext(NamedTuple):
    """The take profit of a column, for the function that returns it anew."""

    i: int
    col: int
    position_now: float
    val_price_now: float
    init_i: int
    init_price: float
    curr_stop: float

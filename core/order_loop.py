"""Simulations whose orders come from a function of the user, with functions around it.

Group by group or row by row, every cell (or, with a flexible function, every segment until it
returns column -1) is asked for an order, which is filled at once. A segment is one row of one
group. The functions are called with a context (`order_types`), with what the function before them
in the hierarchy returned, and with arguments of their own:

    before/after the simulation > before/after each group or row > before/after each segment >
    order > after each order

Functions that are None are left out when the loop compiles: what only they need stands behind
"if function is not None", which the compiler knows for a None, and only for that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from .execution import CALL_SEQUENCE, FILLED, INVALID, OUTSIDE_GROUP
from .jit import STRICT, Intrinsic, Kernel, njit
from .matrix import ORDER_RECORD, raise_stopped
from .order_log import LOG_RECORD, cleared
from .order_processing import make_order, process_order
from .order_types import (
    FlexOrderContext,
    GroupContext,
    OrderContext,
    PostOrderContext,
    ProcessOrderState,
    RowContext,
    SegmentContext,
    SimulationContext,
)
from .position_record import follow_position, position_records, revalue_position


def _make_borrowed() -> Any:
    from numba.core import cgutils, types
    from numba.extending import intrinsic

    @intrinsic
    def borrowed(typing_context, array):
        def code(context, builder, signature, arguments):
            if not isinstance(array, types.Array):
                return arguments[0]
            make = context.make_array(array)
            view = make(context, builder, arguments[0])
            for name in ("meminfo", "parent"):
                setattr(view, name, cgutils.get_null_value(getattr(view, name).type))
            return view._getvalue()

        return array(array), code

    return borrowed


class _Borrowed(Intrinsic):
    def __call__(self, array: Any) -> Any:
        return array


#: An array as it is, but without a count of references to it; interpreted, the array itself.
borrowed = _Borrowed(_make_borrowed)


@njit
def pick(array, i, col, per_column):
    """The value of an input at row `i` and column `col`: a scalar array, a 1-D array (one element
    per column, or per row if not `per_column`) or a 2-D array; a length of 1 repeats."""
    if array.ndim == 0:
        return array.item()
    if array.ndim == 1:
        place = col if per_column else i
        return array[place if array.shape[0] > 1 else 0]
    return array[i if array.shape[0] > 1 else 0, col if array.shape[1] > 1 else 0]


@njit
def simple_return(before, after):
    """The return from one value to the next; negative values turn its sign."""
    if before == 0.0:
        if after == 0.0:
            return 0.0
        return math.inf * np.sign(after)
    gain = (after - before) / before
    return -gain if before < 0.0 else gain


@njit
def group_value(first, last, cash, position, val_price):
    """The value of a pool: its cash, and its columns `first` to `last` at valuation prices."""
    value = cash
    for col in range(first, last):
        if position[col] != 0.0:
            value += position[col] * val_price[col]
    return value


@njit(forceinline=True)
def _revalue(shared, group, first, last, cash, position, val_price, value, before, returns):
    """Bring values and returns of a segment's pools up to its valuation prices."""
    if shared:
        value[group] = group_value(first, last, cash[group], position, val_price)
        returns[group] = simple_return(before[group], value[group])
        return
    for col in range(first, last):
        value[col] = group_value(col, col + 1, cash[col], position, val_price)
        returns[col] = simple_return(before[col], value[col])


@njit(forceinline=True)
def _end_segment(
    shared, group, first, last, i, close, flex_2d, keep_val_price, cash, position, val_price, value,
    before, last_end, returns,
):  # fmt: skip
    """Value a segment's pools at its close; `last_end` holds the values at the end of the row
    before, `before` those that returns are measured from."""
    for col in range(first, last):
        price = pick(close, i, col, flex_2d)
        if not math.isnan(price) or not keep_val_price:
            val_price[col] = price
    for unit in range(group if shared else first, group + 1 if shared else last):
        before[unit] = last_end[unit]
    _revalue(shared, group, first, last, cash, position, val_price, value, before, returns)
    for unit in range(group if shared else first, group + 1 if shared else last):
        last_end[unit] = value[unit]


@njit
def resolved_price(i, col, price, close, flex_2d):
    """The price of an order: inf is this close, -inf the last close."""
    if not math.isinf(price):
        return price
    if price > 0.0:
        return float(pick(close, i, col, flex_2d))
    return float(pick(close, i - 1, col, flex_2d)) if i > 0 else math.nan


@njit
def with_price(order, price):
    """The same order at another price."""
    return make_order(
        order.size, price, order.size_type, order.direction, order.fees, order.fixed_fees,
        order.slippage, order.min_size, order.max_size, order.size_granularity, order.reject_prob,
        order.lock_cash, order.allow_partial, order.raise_reject, order.log,
    )  # fmt: skip


@njit(forceinline=True)
def _process(
    i, col, group, shared, order, keep_val_price, update_value, follow, close, flex_2d, cash,
    position, debt, free_cash, val_price, value, before, returns, last_order, last_log,
    last_position, records, logs, report,
):  # fmt: skip
    """Process one order; returns (result, state before it, state after it).

    `report` is (status, detail, row, column, orders so far, log entries so far).
    """
    if math.isinf(order.price):
        order = with_price(order, resolved_price(i, col, order.price, close, flex_2d))
    unit = group if shared else col
    state = ProcessOrderState(
        cash[unit], position[col], debt[col], free_cash[unit], val_price[col], value[unit],
        report[4], report[5],
    )  # fmt: skip
    result, after, status, detail = process_order(
        i, col, group, state, update_value, order, True, records, logs
    )
    report[0] = status
    report[1] = detail
    report[2] = i
    report[3] = col
    report[4] = after.oidx
    report[5] = after.lidx
    cash[unit] = after.cash
    position[col] = after.position
    debt[col] = after.debt
    free_cash[unit] = after.free_cash
    if not math.isnan(after.val_price) or not keep_val_price:
        val_price[col] = after.val_price
    value[unit] = after.value
    returns[unit] = simple_return(before[unit], after.value)
    if after.oidx != state.oidx:
        last_order[col] = state.oidx
    if after.lidx != state.lidx:
        last_log[col] = state.lidx
    if follow:
        follow_position(last_position[col], i, col, state.position, after.position, result)
    return result, state, after


@njit
def _calls_of_segment(call_seq, i, first, last):
    return call_seq[i, first:last]


@njit
def _no_calls(call_seq, i, first, last):
    return None


def _loop(
    sim, call_seq, calls_of, plain_simulation, plain_outer, plain_segment, row_wise, last_end,
    report, before_simulation, before_simulation_args, after_simulation, after_simulation_args,
    before_group, before_group_args, after_group, after_group_args, before_row, before_row_args,
    after_row, after_row_args, before_segment, before_segment_args, after_segment,
    after_segment_args, order_function, order_args, flexible_function, after_order,
    after_order_args,
):  # fmt: skip
    """Run a simulation; `sim` is its `SimulationContext`, the others are those of `Functions`."""
    # A context is made for every cell, and would count references to its twenty arrays up and
    # down again, which takes far longer than the order. The caller keeps them alive.
    fields = (
        sim.target_shape,
        borrowed(sim.group_lens),
        borrowed(sim.init_cash),
        sim.cash_sharing,
        borrowed(call_seq),
        borrowed(sim.segment_mask),
        sim.call_pre_segment,
        sim.call_post_segment,
        borrowed(sim.close),
        sim.ffill_val_price,
        sim.update_value,
        sim.fill_pos_record,
        sim.flex_2d,
        borrowed(sim.order_records),
        borrowed(sim.log_records),
        borrowed(sim.last_cash),
        borrowed(sim.last_position),
        borrowed(sim.last_debt),
        borrowed(sim.last_free_cash),
        borrowed(sim.last_val_price),
        borrowed(sim.last_value),
        borrowed(sim.second_last_value),
        borrowed(sim.last_return),
        borrowed(sim.last_oidx),
        borrowed(sim.last_lidx),
        borrowed(sim.last_pos_record),
    )
    sim = SimulationContext(*fields)
    rows = sim.target_shape[0]
    lengths = sim.group_lens
    shared = sim.cash_sharing
    keep = sim.ffill_val_price
    follow = sim.fill_pos_record
    call_after = sim.call_post_segment
    call_before = sim.call_pre_segment
    call_seq = sim.call_seq
    close = sim.close
    flex_2d = sim.flex_2d
    cash = sim.last_cash
    debt = sim.last_debt
    free_cash = sim.last_free_cash
    last_log = sim.last_lidx
    last_order = sim.last_oidx
    last_position = sim.last_pos_record
    position = sim.last_position
    returns = sim.last_return
    val_price = sim.last_val_price
    value = sim.last_value
    logs = sim.log_records
    records = sim.order_records
    value_before = sim.second_last_value
    segment_mask = sim.segment_mask
    update_value = sim.update_value
    if plain_simulation is not None:
        simulation_out = before_simulation_args
    if before_simulation is not None:
        simulation_out = before_simulation(sim, *before_simulation_args)
    starts = np.cumsum(lengths) - lengths
    for outer in range(rows if row_wise else len(lengths)):
        group = 0 if row_wise else outer
        first = starts[group]
        last = first + lengths[group]
        if plain_outer is not None:
            outer_out = simulation_out
        if before_row is not None:
            outer_out = before_row(RowContext(*fields, outer), *simulation_out, *before_row_args)
        if before_group is not None:
            outer_out = before_group(
                GroupContext(*fields, group, last - first, first, last),
                *simulation_out,
                *before_group_args,
            )
        for inner in range(len(lengths) if row_wise else rows):
            i = outer if row_wise else inner
            group = inner if row_wise else outer
            first = starts[group]
            last = first + lengths[group]
            n = last - first
            calls = calls_of(call_seq, i, first, last)
            if plain_segment is not None:
                segment_out = outer_out
            if before_segment is not None and (call_before or segment_mask[i, group]):
                segment_out = before_segment(
                    SegmentContext(*fields, group, n, first, last, i, calls),
                    *outer_out,
                    *before_segment_args,
                )
            if follow:
                for col in range(first, last):
                    revalue_position(last_position[col], position[col], val_price[col])
            _revalue(
                shared, group, first, last, cash, position, val_price,
                value, value_before, returns,
            )  # fmt: skip
            active = segment_mask[i, group]
            call = -1
            while active:
                call += 1
                if order_function is not None:
                    if call >= n:
                        break
                    place = calls[call]
                    if place < 0 or place >= n:
                        report[0] = INVALID
                        report[1] = CALL_SEQUENCE
                        report[2] = i
                        report[3] = first
                        return
                    col = first + place
                    unit = group if shared else col
                    order = order_function(
                        OrderContext(
                            *fields,
                            group,
                            n,
                            first,
                            last,
                            i,
                            calls,
                            col,
                            call,
                            cash[unit],
                            position[col],
                            debt[col],
                            free_cash[unit],
                            val_price[col],
                            value[unit],
                            returns[unit],
                            last_position[col],
                        ),
                        *segment_out,
                        *order_args,
                    )
                if flexible_function is not None:
                    col, order = flexible_function(
                        FlexOrderContext(*fields, group, n, first, last, i, calls, call),
                        *segment_out,
                        *order_args,
                    )
                    if col == -1:
                        break
                    if col < first or col >= last:
                        report[0] = INVALID
                        report[1] = OUTSIDE_GROUP
                        report[2] = i
                        report[3] = col
                        return
                result, state, after = _process(
                    i, col, group, shared, order, keep, update_value, follow, close,
                    flex_2d, cash, position, debt,
                    free_cash, val_price, value,
                    value_before, returns, last_order, last_log,
                    last_position, records, logs, report,
                )  # fmt: skip
                if report[0] != FILLED:
                    return
                if after_order is not None:
                    unit = group if shared else col
                    after_order(
                        PostOrderContext(
                            *fields,
                            group,
                            n,
                            first,
                            last,
                            i,
                            calls,
                            col,
                            call,
                            state.cash,
                            state.position,
                            state.debt,
                            state.free_cash,
                            state.val_price,
                            state.value,
                            result,
                            after.cash,
                            after.position,
                            after.debt,
                            after.free_cash,
                            after.val_price,
                            after.value,
                            returns[unit],
                            last_position[col],
                        ),
                        *segment_out,
                        *after_order_args,
                    )
            _end_segment(
                shared, group, first, last, i, close, flex_2d, keep, cash,
                position, val_price, value, value_before,
                last_end, returns,
            )  # fmt: skip
            if follow:
                for col in range(first, last):
                    revalue_position(last_position[col], position[col], val_price[col])
            if after_segment is not None and (call_after or segment_mask[i, group]):
                after_segment(
                    SegmentContext(*fields, group, n, first, last, i, calls),
                    *outer_out,
                    *after_segment_args,
                )
        if after_row is not None:
            after_row(RowContext(*fields, outer), *simulation_out, *after_row_args)
        if after_group is not None:
            after_group(
                GroupContext(*fields, group, last - first, first, last),
                *simulation_out,
                *after_group_args,
            )
    if after_simulation is not None:
        after_simulation(sim, *after_simulation_args)


# Machine code for a function of the user is of no use to another process: not cached.
_loop_compiled = Kernel(_loop, STRICT | {"cache": False})


@dataclass
class Functions:
    """The functions of a simulation, each with a tuple of arguments; None leaves one out.

    Either `order` or `flexible` must be set. Groups are for simulations group by group, rows for
    those row by row.
    """

    order: Any = None
    flexible: Any = None
    order_args: tuple = ()
    before_simulation: Any = None
    before_simulation_args: tuple = ()
    after_simulation: Any = None
    after_simulation_args: tuple = ()
    before_group: Any = None
    before_group_args: tuple = ()
    after_group: Any = None
    after_group_args: tuple = ()
    before_row: Any = None
    before_row_args: tuple = ()
    after_row: Any = None
    after_row_args: tuple = ()
    before_segment: Any = None
    before_segment_args: tuple = ()
    after_segment: Any = None
    after_segment_args: tuple = ()
    after_order: Any = None
    after_order_args: tuple = ()


def run_order_functions(
    shape: tuple[int, int],
    lengths: np.ndarray,
    cash: np.ndarray,
    cash_sharing: bool,
    sequence: np.ndarray | None,
    segment_mask: np.ndarray,
    close: np.ndarray,
    functions: Functions,
    *,
    row_wise: bool = False,
    compiled: bool = True,
    call_before_segment: bool = False,
    call_after_segment: bool = False,
    keep_val_price: bool = True,
    update_value: bool = False,
    follow_positions: bool = True,
    clear_records: bool = False,
    max_orders: int | None = None,
    max_logs: int | None = None,
    per_column: bool = True,
) -> tuple[np.ndarray, np.ndarray]:
    """Simulate with functions of the user; returns the fills (`ORDER_RECORD`) and the log.

    lengths: columns per group. cash: per group with `cash_sharing`, else per column. sequence:
    int64, rows x columns, places within the groups; None for a flexible function. segment_mask:
    rows x groups, where orders are asked for; `call_before_segment` and `call_after_segment` ask
    these functions everywhere. close: what `pick` takes, `per_column` included. `compiled`: false
    runs the loop as plain Python, for functions that are not jitted. `follow_positions`: keep
    `last_pos_record`. `clear_records`: fill records that are not in use yet with -1 and NaN.

    Raises what `matrix.raise_stopped` does, and `RecordsFull` beyond `max_orders` or `max_logs`.
    """
    cells = shape[0] * shape[1]
    records = np.empty(cells if max_orders is None else max_orders, ORDER_RECORD)
    logs = np.empty(max(cells if max_logs is None else max_logs, 1), LOG_RECORD)
    if clear_records:
        cleared(records)
        cleared(logs)
    cash = np.array(cash, np.float64)
    columns = shape[1]
    sim = SimulationContext(
        target_shape=(int(shape[0]), int(columns)),
        group_lens=lengths,
        init_cash=cash,
        cash_sharing=bool(cash_sharing),
        call_seq=sequence,
        segment_mask=segment_mask,
        call_pre_segment=bool(call_before_segment),
        call_post_segment=bool(call_after_segment),
        close=close,
        ffill_val_price=bool(keep_val_price),
        update_value=bool(update_value),
        fill_pos_record=bool(follow_positions),
        flex_2d=bool(per_column),
        order_records=records,
        log_records=logs,
        last_cash=cash.copy(),
        last_position=np.zeros(columns),
        last_debt=np.zeros(columns),
        last_free_cash=cash.copy(),
        last_val_price=np.full(columns, np.nan),
        last_value=cash.copy(),
        second_last_value=cash.copy(),
        last_return=np.full(len(cash), np.nan),
        last_oidx=np.full(columns, -1),
        last_lidx=np.full(columns, -1),
        last_pos_record=position_records(columns, clear_records),
    )
    report = np.zeros(6, np.int64)
    f = functions
    # What hands arguments on where there is no function that would: None where there is one.
    plain = tuple(
        1 if all(one is None for one in some) else None
        for some in ((f.before_simulation,), (f.before_row, f.before_group), (f.before_segment,))
    )
    calls_of = _no_calls if sequence is None else _calls_of_segment
    arguments: tuple[Any, ...] = (
        sim, sequence, calls_of.dispatcher, *plain, row_wise, cash.copy(), report,
        f.before_simulation, f.before_simulation_args, f.after_simulation,
        f.after_simulation_args, f.before_group, f.before_group_args, f.after_group,
        f.after_group_args, f.before_row, f.before_row_args, f.after_row, f.after_row_args,
        f.before_segment, f.before_segment_args, f.after_segment, f.after_segment_args, f.order,
        f.order_args, f.flexible, f.after_order, f.after_order_args,
    )  # fmt: skip
    if compiled:
        _loop_compiled(*arguments)
    else:
        _loop(*arguments)
    raise_stopped(report[:4])
    return records[: report[4]].copy(), logs[: report[5]].copy()

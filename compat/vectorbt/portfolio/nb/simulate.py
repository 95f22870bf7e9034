"""Simulations over plain NumPy arrays, as a script calls them itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from .....core import matrix as m
from .....core.jit import Kernel
from .....core.order_loop import Functions, run_order_functions
from .....core.traced_orders import trace_orders
from .....core.traced_signals import trace_signals
from .. import rules
from . import signals as plain
from .contexts import check_group_init_cash_nb, check_group_lens_nb, is_grouped_nb


def jitted(function) -> Any:
    """A function as the compiler takes it among the arguments of a kernel."""
    return function.dispatcher if isinstance(function, Kernel) else function


def called(function, default) -> Any:
    """A call-back, or None where it is the one that does nothing."""
    return None if function is default else jitted(function)


def _arguments(given) -> tuple:
    return tuple(map(jitted, given))


def run_functions(
    target_shape,
    group_lens,
    init_cash,
    cash_sharing,
    call_seq,
    segment_mask,
    close,
    flex_2d,
    functions: dict[str, Any],
    *,
    row_wise: bool,
    flexible: bool,
    compiled: bool = True,
    **switches: Any,
) -> tuple[np.ndarray, np.ndarray]:
    """Simulate with call-backs by their public names (`order_func_nb`, `order_args`, ...)."""
    f = functions
    before, after = plain.no_pre_func_nb, plain.no_post_func_nb
    run: dict[str, Any] = {"flexible" if flexible else "order": jitted(f["order_func_nb"])}
    run["order_args"] = _arguments(f["order_args"])
    outer = "row" if row_wise else "group"
    for own, public in (("simulation", "sim"), (outer, outer), ("segment", "segment")):
        arguments = _arguments(f[f"pre_{public}_args"])
        run[f"before_{own}_args"] = arguments
        run[f"after_{own}_args"] = _arguments(f[f"post_{public}_args"])
        # Without a function, arguments of its own are handed on all the same.
        run[f"before_{own}"] = called(f[f"pre_{public}_func_nb"], None if arguments else before)
        run[f"after_{own}"] = called(f[f"post_{public}_func_nb"], after)
    run["after_order"] = called(f["post_order_func_nb"], after)
    run["after_order_args"] = _arguments(f["post_order_args"])
    mask = np.asarray(segment_mask)
    shape = (int(target_shape[0]), int(target_shape[1]))
    if mask.ndim < 2:
        mask = np.array(np.broadcast_to(mask, (shape[0], len(group_lens))))
    return run_order_functions(
        shape, group_lens, init_cash, cash_sharing, call_seq, mask, close, Functions(**run),
        row_wise=row_wise, compiled=compiled, per_column=flex_2d, **switches,
    )  # fmt: skip


def _checked(target_shape, group_lens, init_cash, cash_sharing) -> None:
    check_group_lens_nb(group_lens, target_shape[1])
    check_group_init_cash_nb(group_lens, target_shape[1], init_cash, cash_sharing)


def _simulate(named: dict[str, Any], row_wise: bool, flexible: bool):
    _checked(named["target_shape"], named["group_lens"], named["init_cash"], named["cash_sharing"])
    if flexible:
        named |= {
            "order_func_nb": named["flex_order_func_nb"],
            "order_args": named["flex_order_args"],
            "call_seq": None,
        }
    return run_functions(
        named["target_shape"], named["group_lens"], named["init_cash"], named["cash_sharing"],
        named["call_seq"], named["segment_mask"], named["close"], named["flex_2d"], named,
        row_wise=row_wise, flexible=flexible, call_before_segment=named["call_pre_segment"],
        call_after_segment=named["call_post_segment"], keep_val_price=named["ffill_val_price"],
        update_value=named["update_value"], follow_positions=named["fill_pos_record"],
        clear_records=named["init_temp_records"], max_orders=named["max_orders"],
        max_logs=named["max_logs"],
    )  # fmt: skip


def simulate_nb(
    target_shape,
    group_lens,
    init_cash,
    cash_sharing,
    call_seq,
    segment_mask=True,
    call_pre_segment=False,
    call_post_segment=False,
    pre_sim_func_nb=plain.no_pre_func_nb,
    pre_sim_args=(),
    post_sim_func_nb=plain.no_post_func_nb,
    post_sim_args=(),
    pre_group_func_nb=plain.no_pre_func_nb,
    pre_group_args=(),
    post_group_func_nb=plain.no_post_func_nb,
    post_group_args=(),
    pre_segment_func_nb=plain.no_pre_func_nb,
    pre_segment_args=(),
    post_segment_func_nb=plain.no_post_func_nb,
    post_segment_args=(),
    order_func_nb=plain.no_order_func_nb,
    order_args=(),
    post_order_func_nb=plain.no_post_func_nb,
    post_order_args=(),
    close=np.nan,
    ffill_val_price=True,
    update_value=False,
    fill_pos_record=True,
    max_orders=None,
    max_logs=0,
    init_temp_records=False,
    flex_2d=True,
):
    """Simulate an order function group by group: returns (order records, log records)."""
    return _simulate(locals(), row_wise=False, flexible=False)


def simulate_row_wise_nb(
    target_shape,
    group_lens,
    init_cash,
    cash_sharing,
    call_seq,
    segment_mask=True,
    call_pre_segment=False,
    call_post_segment=False,
    pre_sim_func_nb=plain.no_pre_func_nb,
    pre_sim_args=(),
    post_sim_func_nb=plain.no_post_func_nb,
    post_sim_args=(),
    pre_row_func_nb=plain.no_pre_func_nb,
    pre_row_args=(),
    post_row_func_nb=plain.no_post_func_nb,
    post_row_args=(),
    pre_segment_func_nb=plain.no_pre_func_nb,
    pre_segment_args=(),
    post_segment_func_nb=plain.no_post_func_nb,
    post_segment_args=(),
    order_func_nb=plain.no_order_func_nb,
    order_args=(),
    post_order_func_nb=plain.no_post_func_nb,
    post_order_args=(),
    close=np.nan,
    ffill_val_price=True,
    update_value=False,
    fill_pos_record=True,
    max_orders=None,
    max_logs=0,
    init_temp_records=False,
    flex_2d=True,
):
    """Simulate an order function row by row: returns (order records, log records)."""
    return _simulate(locals(), row_wise=True, flexible=False)


def flex_simulate_nb(
    target_shape,
    group_lens,
    init_cash,
    cash_sharing,
    segment_mask=True,
    call_pre_segment=False,
    call_post_segment=False,
    pre_sim_func_nb=plain.no_pre_func_nb,
    pre_sim_args=(),
    post_sim_func_nb=plain.no_post_func_nb,
    post_sim_args=(),
    pre_group_func_nb=plain.no_pre_func_nb,
    pre_group_args=(),
    post_group_func_nb=plain.no_post_func_nb,
    post_group_args=(),
    pre_segment_func_nb=plain.no_pre_func_nb,
    pre_segment_args=(),
    post_segment_func_nb=plain.no_post_func_nb,
    post_segment_args=(),
    flex_order_func_nb=plain.no_flex_order_func_nb,
    flex_order_args=(),
    post_order_func_nb=plain.no_post_func_nb,
    post_order_args=(),
    close=np.nan,
    ffill_val_price=True,
    update_value=False,
    fill_pos_record=True,
    max_orders=None,
    max_logs=0,
    init_temp_records=False,
    flex_2d=True,
):
    """Simulate a flexible order function group by group: returns (order records, log records)."""
    return _simulate(locals(), row_wise=False, flexible=True)


def flex_simulate_row_wise_nb(
    target_shape,
    group_lens,
    init_cash,
    cash_sharing,
    segment_mask=True,
    call_pre_segment=False,
    call_post_segment=False,
    pre_sim_func_nb=plain.no_pre_func_nb,
    pre_sim_args=(),
    post_sim_func_nb=plain.no_post_func_nb,
    post_sim_args=(),
    pre_row_func_nb=plain.no_pre_func_nb,
    pre_row_args=(),
    post_row_func_nb=plain.no_post_func_nb,
    post_row_args=(),
    pre_segment_func_nb=plain.no_pre_func_nb,
    pre_segment_args=(),
    post_segment_func_nb=plain.no_post_func_nb,
    post_segment_args=(),
    flex_order_func_nb=plain.no_flex_order_func_nb,
    flex_order_args=(),
    post_order_func_nb=plain.no_post_func_nb,
    post_order_args=(),
    close=np.nan,
    ffill_val_price=True,
    update_value=False,
    fill_pos_record=True,
    max_orders=None,
    max_logs=0,
    init_temp_records=False,
    flex_2d=True,
):
    """Simulate a flexible order function row by row: returns (order records, log records)."""
    return _simulate(locals(), row_wise=True, flexible=True)


def _inputs(named: dict[str, Any], table: dict[str, tuple[int, Any]]) -> m.Inputs:
    shape = tuple(int(n) for n in named["target_shape"])
    values = {}
    for name, (number, _) in table.items():
        if name in named:
            array = np.asarray(named[name])
            if array.ndim == 1 and not named["flex_2d"]:
                array = array[:, None]
            values[number] = array
    return m.Inputs.of((shape[0], shape[1]), values)


def _trace(named: dict[str, Any], inputs: m.Inputs, trace, **more: Any):
    lengths = np.asarray(named["group_lens"], np.int64)
    shared = bool(is_grouped_nb(lengths))
    _checked(named["target_shape"], lengths, named["init_cash"], shared)
    sequence = named["call_seq"]
    order = "auto" if named["auto_call_seq"] else sequence
    return trace(
        inputs,
        m.Pools(lengths, named["init_cash"], order),
        sequence,
        keep_val_price=named["ffill_val_price"],
        update_value=named["update_value"],
        max_orders=named["max_orders"],
        max_logs=max(named["max_logs"], 1),
        **rules.switches_of("numba"),
        **more,
    )


def simulate_from_orders_nb(
    target_shape,
    group_lens,
    init_cash,
    call_seq,
    size=np.inf,
    price=np.inf,
    size_type=0,
    direction=2,
    fees=0.0,
    fixed_fees=0.0,
    slippage=0.0,
    min_size=0.0,
    max_size=np.inf,
    size_granularity=np.nan,
    reject_prob=0.0,
    lock_cash=False,
    allow_partial=True,
    raise_reject=False,
    log=False,
    val_price=np.inf,
    close=np.nan,
    auto_call_seq=False,
    ffill_val_price=True,
    update_value=False,
    max_orders=None,
    max_logs=0,
    init_temp_records=False,
    flex_2d=True,
):
    """Simulate a matrix of orders: returns (order records, log records)."""
    named = locals()
    table = {**rules.ORDER_ARGUMENTS, "close": (m.CLOSE, None)}
    return _trace(named, _inputs(named, table), trace_orders)


def simulate_from_signals_nb(
    target_shape,
    group_lens,
    init_cash,
    call_seq,
    entries=False,
    exits=False,
    direction=0,
    long_entries=False,
    long_exits=False,
    short_entries=False,
    short_exits=False,
    size=np.inf,
    price=np.inf,
    size_type=0,
    fees=0.0,
    fixed_fees=0.0,
    slippage=0.0,
    min_size=0.0,
    max_size=np.inf,
    size_granularity=np.nan,
    reject_prob=0.0,
    lock_cash=False,
    allow_partial=True,
    raise_reject=False,
    log=False,
    accumulate=0,
    upon_long_conflict=0,
    upon_short_conflict=0,
    upon_dir_conflict=0,
    upon_opposite_entry=4,
    val_price=np.inf,
    open=np.nan,
    high=np.nan,
    low=np.nan,
    close=np.nan,
    sl_stop=np.nan,
    sl_trail=False,
    tp_stop=np.nan,
    stop_entry_price=3,
    stop_exit_price=0,
    upon_stop_exit=0,
    upon_stop_update=1,
    use_stops=True,
    auto_call_seq=False,
    ffill_val_price=True,
    update_value=False,
    max_orders=None,
    max_logs=0,
    init_temp_records=False,
    flex_2d=True,
):
    """Simulate matrices of signals: returns (order records, log records).

    Entries and exits with a direction add to the four arrays of long and short signals.
    """
    named = locals()
    named |= _merged(named)
    return _trace(
        named, _inputs(named, rules.SIGNAL_ARGUMENTS), trace_signals,
        four_arrays=True, use_stops=bool(use_stops),
    )  # fmt: skip


def _merged(named: dict[str, Any]) -> dict[str, np.ndarray]:
    """The four arrays of signals, with those that have a direction among them."""
    flat = not named["flex_2d"]

    def matrix(name: str) -> np.ndarray:
        array = np.asarray(named[name])
        return array[:, None] if array.ndim == 1 and flat else array

    side = matrix("direction")
    entry, exit_ = matrix("entries"), matrix("exits")
    long, short = side != 1, side == 1
    return {
        "entries": (entry & long) | matrix("long_entries"),
        "exits": (exit_ & (side == 0)) | matrix("long_exits"),
        "short_entries": (entry & short) | (exit_ & (side == 2)) | matrix("short_entries"),
        "short_exits": (exit_ & short) | matrix("short_exits"),
    }


def simulate_from_signal_func_nb(
    target_shape,
    group_lens,
    init_cash,
    call_seq,
    signal_func_nb=plain.no_signal_func_nb,
    signal_args=(),
    size=np.inf,
    price=np.inf,
    size_type=0,
    fees=0.0,
    fixed_fees=0.0,
    slippage=0.0,
    min_size=0.0,
    max_size=np.inf,
    size_granularity=np.nan,
    reject_prob=0.0,
    lock_cash=False,
    allow_partial=True,
    raise_reject=False,
    log=False,
    accumulate=0,
    upon_long_conflict=0,
    upon_short_conflict=0,
    upon_dir_conflict=0,
    upon_opposite_entry=4,
    val_price=np.inf,
    open=np.nan,
    high=np.nan,
    low=np.nan,
    close=np.nan,
    sl_stop=np.nan,
    sl_trail=False,
    tp_stop=np.nan,
    stop_entry_price=3,
    stop_exit_price=0,
    upon_stop_exit=0,
    upon_stop_update=1,
    adjust_sl_func_nb=plain.no_adjust_sl_func_nb,
    adjust_sl_args=(),
    adjust_tp_func_nb=plain.no_adjust_tp_func_nb,
    adjust_tp_args=(),
    use_stops=True,
    auto_call_seq=False,
    ffill_val_price=True,
    update_value=False,
    max_orders=None,
    max_logs=0,
    init_temp_records=False,
    flex_2d=True,
):
    """Simulate signals that a function returns: returns (order records, log records)."""
    named = locals()
    return _trace(
        named, _inputs(named, rules.SIGNAL_ARGUMENTS), trace_signals,
        four_arrays=True, use_stops=bool(use_stops), rows_are_columns=bool(flex_2d),
        signal_function=jitted(signal_func_nb), signal_arguments=_arguments(signal_args),
        sl_function=called(adjust_sl_func_nb, plain.no_adjust_sl_func_nb),
        sl_arguments=_arguments(adjust_sl_args),
        tp_function=called(adjust_tp_func_nb, plain.no_adjust_tp_func_nb),
        tp_arguments=_arguments(adjust_tp_args),
    )  # fmt: skip

"""Matrices of signals with a log, random rejections and functions of the user; see `traced`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .execution import (
    BOTH,
    FILLED,
    INVALID,
    LONG_ONLY,
    NEGATIVE_SIZE,
    SHORT_ONLY,
    SIGNAL_SIZE_TYPE,
    is_less,
)
from .jit import STRICT, Kernel, njit
from .matrix import (
    ACCUMULATE,
    CASH,
    CLOSE,
    ENTRIES,
    EXITS,
    FOUR_ARRAYS,
    FREE_CASH,
    HIGH,
    KEEP_VAL_PRICE,
    LOW,
    OPEN,
    POSITION,
    PRICE,
    SHORT_ENTRIES,
    SHORT_EXITS,
    SIDES,
    SIGNALS,
    SIZE,
    SIZE_TYPE,
    SL,
    SL_PRICE,
    SL_STOP,
    SLIPPAGE,
    STOP_EXIT,
    STOP_EXIT_PRICE,
    TP,
    TP_PRICE,
    TP_STOP,
    TRAIL,
    UNVALUED_LAST,
    USE_STOPS,
    VAL,
    Inputs,
    Pools,
    expected_value,
    new_state,
    read,
    sort_by_value,
    track_val_price,
)
from .order_types import AdjustSLContext, AdjustTPContext, SignalContext
from .signals import (
    check_stops,
    resolve_signals,
    set_stops,
    signal_price,
    signed_order,
    stop_order,
    stop_signals,
)
from .traced import cell_order, place_in_turn, pool_value, run_traced, send_cell, switches_of

# Rows of the table of where the stops of a column were set and where they moved last.
SL_SET, SL_MOVED, TP_SET = range(3)


def _trace_signals(
    lengths, shared, automatic, sequence, rows, close, entries, exits, short_entries, short_exits,
    size, price, open_, high, low, sl_stop, tp_stop, p, layout, switches, cash, report, records,
    logs, signal_function, signal_arguments, sl_function, sl_arguments, tp_function, tp_arguments,
    rows_are_columns,
):  # fmt: skip
    """Trade matrices of signals, or a function that returns them; see `trace_signals`.

    Functions that are None are left out when this compiles.
    """
    first = 0
    use_stops = switches[USE_STOPS]
    for pool in range(len(lengths)):
        n = lengths[pool]
        state = new_state(n, cash, pool, shared)
        since = np.full((3, n), -1)
        sl_first_price = np.full(n, math.nan)
        row_size = np.zeros(n)
        row_price = np.zeros(n)
        row_slippage = np.zeros(n)
        row_type = np.zeros(n, np.int64)
        row_direction = np.zeros(n, np.int64)
        row_value = np.zeros(n)
        for i in range(rows):
            for k in range(n):
                j = first + k
                row_price[k] = signal_price(i, j, close, price, open_, layout)
                track_val_price(
                    state, k, i, j, row_price[k], close, p, layout, switches[KEEP_VAL_PRICE]
                )
            for k in range(n):
                j = first + k
                position = state[POSITION, k]
                slippage = read(p, layout, SLIPPAGE, i, j)
                accumulate = int(read(p, layout, ACCUMULATE, i, j))
                stopped = math.nan
                if use_stops:
                    if sl_function is not None:
                        sl_context = AdjustSLContext(
                            i, j, position, state[VAL, k], since[SL_SET, k], sl_first_price[k],
                            since[SL_MOVED, k], state[SL_PRICE, k], state[SL, k],
                            state[TRAIL, k] != 0.0,
                        )  # fmt: skip
                        stop, trails = sl_function(sl_context, *sl_arguments)
                        state[SL, k] = stop
                        state[TRAIL, k] = 1.0 if trails else 0.0
                    if tp_function is not None:
                        tp_context = AdjustTPContext(
                            i, j, position, state[VAL, k], since[TP_SET, k], state[TP_PRICE, k],
                            state[TP, k],
                        )  # fmt: skip
                        state[TP, k] = tp_function(tp_context, *tp_arguments)
                    if not (math.isnan(state[SL, k]) and math.isnan(state[TP, k])):
                        reference = state[SL_PRICE, k]
                        stopped, fault = check_stops(
                            state, k, i, j, close, open_, high, low, layout
                        )
                        if fault >= 0:
                            report[0] = INVALID
                            report[1] = fault
                            report[2] = i
                            report[3] = j
                            return
                        if state[SL_PRICE, k] != reference and not math.isnan(state[SL_PRICE, k]):
                            since[SL_MOVED, k] = i
                if not math.isnan(stopped):
                    long_entry, long_exit, short_entry, short_exit, accumulate = stop_signals(
                        position, int(read(p, layout, STOP_EXIT, i, j)), accumulate
                    )
                    row_price[k], slippage = stop_order(
                        int(read(p, layout, STOP_EXIT_PRICE, i, j)),
                        stopped,
                        row_price[k],
                        read(close, layout, CLOSE, i, j),
                        slippage,
                    )
                else:
                    if signal_function is not None:
                        long_entry, long_exit, short_entry, short_exit = signal_function(
                            SignalContext(i, j, position, state[VAL, k], rows_are_columns),
                            *signal_arguments,
                        )
                    else:
                        long_entry, long_exit, short_entry, short_exit = cell_signals(
                            i, j, entries, exits, short_entries, short_exits, p, layout,
                            switches[FOUR_ARRAYS],
                        )  # fmt: skip
                    if long_entry or short_entry:
                        long_entry, long_exit, short_entry, short_exit, accumulate = (
                            resolve_signals(
                                i, j, position, long_entry, long_exit, short_entry, short_exit,
                                accumulate, p, layout,
                            )
                        )  # fmt: skip
                wanted = read(size, layout, SIZE, i, j)
                wanted_type = int(read(p, layout, SIZE_TYPE, i, j))
                if wanted_type < 0 or wanted_type > 2:
                    fault = SIGNAL_SIZE_TYPE
                elif is_less(wanted, 0.0):
                    fault = NEGATIVE_SIZE
                else:
                    row_size[k], row_type[k], row_direction[k], fault = signed_order(
                        position, long_entry, long_exit, short_entry, short_exit, wanted,
                        wanted_type, accumulate, state[VAL, k],
                    )  # fmt: skip
                if fault >= 0:
                    report[0] = INVALID
                    report[1] = fault
                    report[2] = i
                    report[3] = j
                    return
                row_slippage[k] = slippage
            value = 0.0
            if shared:
                value = pool_value(state, n)
            if automatic:
                for k in range(n):
                    row_value[k] = 0.0
                    if row_size[k] != 0.0:
                        row_value[k] = expected_value(
                            row_size[k],
                            row_type[k],
                            # Sizes of signals are signed already, those of SHORT_ONLY too.
                            LONG_ONLY if row_direction[k] == LONG_ONLY else BOTH,
                            state[CASH, 0],
                            state[POSITION, k],
                            state[FREE_CASH, 0],
                            state[VAL, k],
                            0.0,
                            switches[UNVALUED_LAST],
                        )
                sort_by_value(row_value, sequence[i, first : first + n])
            for slot in range(n):
                k = slot
                if shared:
                    k = place_in_turn(sequence, i, first, slot, n, report)
                    if k < 0:
                        return
                wanted = row_size[k]
                if wanted == 0.0:
                    continue
                j = first + k
                before = state[POSITION, k]
                order = cell_order(
                    i, j, -wanted if row_direction[k] == SHORT_ONLY else wanted, row_type[k],
                    row_direction[k], row_price[k], row_slippage[k], p, layout,
                )  # fmt: skip
                result, value = send_cell(
                    state, k, i, j, pool, shared, value, order, switches, report, records, logs
                )
                if report[0] != FILLED:
                    return
                if use_stops and result.status == FILLED:
                    cleared, sl_set, tp_set = set_stops(
                        state, k, i, j, before, row_price[k], result.price, close, sl_stop,
                        tp_stop, p, layout,
                    )  # fmt: skip
                    if cleared:
                        since[:, k] = -1
                        sl_first_price[k] = math.nan
                    if sl_set:
                        since[SL_SET, k] = i
                        since[SL_MOVED, k] = i
                        sl_first_price[k] = state[SL_PRICE, k]
                    if tp_set:
                        since[TP_SET, k] = i
        first += n


@njit
def cell_signals(i, j, entries, exits, short_entries, short_exits, p, layout, four):
    """The signals of a cell: returns (long entry, long exit, short entry, short exit)."""
    entry = read(entries, layout, ENTRIES, i, j)
    exit_ = read(exits, layout, EXITS, i, j)
    if four:
        return (
            entry,
            exit_,
            read(short_entries, layout, SHORT_ENTRIES, i, j),
            read(short_exits, layout, SHORT_EXITS, i, j),
        )
    sides = int(read(p, layout, SIDES, i, j))
    if sides == LONG_ONLY:
        return entry, exit_, False, False
    if sides == SHORT_ONLY:
        return False, False, entry, exit_
    return entry, False, exit_, False


_trace_arrays = njit(_trace_signals)
# Machine code for a function of the user is of no use to another process: not cached.
_trace_function = Kernel(_trace_signals, STRICT | {"cache": False})


def trace_signals(
    inputs: Inputs,
    pools: Pools,
    sequence: np.ndarray,
    *,
    four_arrays: bool = False,
    use_stops: bool = False,
    keep_val_price: bool = True,
    update_value: bool = False,
    floor_division: bool = False,
    unvalued_last: bool = False,
    max_orders: int | None = None,
    max_logs: int | None = None,
    signal_function: Any = None,
    signal_arguments: tuple = (),
    sl_function: Any = None,
    sl_arguments: tuple = (),
    tp_function: Any = None,
    tp_arguments: tuple = (),
    rows_are_columns: bool = True,
) -> tuple[np.ndarray, np.ndarray]:
    """Trade matrices of signals as `signals.simulate_signals` does; results as `trace_orders`.

    The jitted functions, where given, replace the signals (`signal_function(SignalContext, ...)`
    returns long entry, long exit, short entry, short exit), set the stop loss of every cell before
    it is checked (`sl_function(AdjustSLContext, ...)` returns the stop and whether it trails), and
    the take profit likewise. `rows_are_columns` is passed on to them: whether a 1-D array has one
    element per column (else per row).
    """
    switches = switches_of(
        four_arrays, use_stops, keep_val_price, update_value, floor_division, unvalued_last
    )
    numbers = (CLOSE, *SIGNALS, SIZE, PRICE, OPEN, HIGH, LOW, SL_STOP, TP_STOP)
    arrays = tuple(inputs.arrays[p] for p in numbers)
    functions = (signal_function, sl_function, tp_function)
    plain = all(f is None for f in functions)
    more = (
        signal_function, tuple(signal_arguments), sl_function, tuple(sl_arguments), tp_function,
        tuple(tp_arguments), rows_are_columns,
    )  # fmt: skip
    kernel = _trace_arrays if plain else _trace_function
    return run_traced(kernel, inputs, pools, sequence, arrays, switches, more, max_orders, max_logs)

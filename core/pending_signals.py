"""Matrices of signals with entries that wait, trailing stops that start late, and margin.

What `signals` trades, and beyond it: entries as limit or stop orders that expire, a trailing stop
beside the fixed one that begins with a gain, stops in the very bar of an entry, credit, and
liquidation. The rules of one row are laid out in docs/semantics.md under "Extensions"; in short:

1. A position carried into the bar meets its stops and its liquidation.
2. An entry that waits since an earlier row meets the bar; what it opens meets the rest of the bar.
3. Signals trade as in `signals`, unless a stop has fired; entries may begin to wait instead.

A kernel of its own, so that nothing of this slows down signals that do not ask for it. Columns do
not share cash.
"""

from __future__ import annotations

import math

import numpy as np

from .execution import INVALID, NEGATIVE_STOP, SHORT_ONLY
from .jit import njit, prange
from .levered_orders import liquidate, send_levered
from .matrix import (
    ACCUMULATE,
    CASH,
    CLOSE,
    ENTRIES,
    EXITS,
    FOUR_ARRAYS,
    HIGH,
    KEEP_VAL_PRICE,
    LOW,
    N_FILLED,
    OPEN,
    POSITION,
    PRICE,
    RUNNING,
    SHORT_ENTRIES,
    SHORT_EXITS,
    SIGNALS,
    SIZE,
    SIZE_TYPE,
    SL,
    SL_STOP,
    SLIPPAGE,
    STATUS,
    STOP_EXIT,
    STOP_EXIT_PRICE,
    TP,
    TP_STOP,
    TRACK_VAL_PRICE,
    UPDATE_VALUE,
    USE_STOPS,
    VAL,
    VAL_PRICE,
    Inputs,
    Pools,
    new_state,
    read,
    record,
    run_pools,
    send,
    track_val_price,
)
from .pending_inputs import (
    BY_LIMIT_ENTRY,
    BY_LIQUIDATION,
    BY_SIGNAL,
    BY_STOP_ENTRY,
    ENTRY_DELTA,
    ENTRY_EXPIRY,
    ENTRY_LIMIT,
    ENTRY_MARKET,
    ENTRY_PRICE,
    ENTRY_TYPE,
    FILL_BAR,
    FILL_BAR_BOTH,
    FILL_BAR_NOTHING,
    LEVERAGE,
    MAINTENANCE,
    PENDING_RECORD,
    UPON_WAITING,
    WAITING_KEPT,
    check_pending,
)
from .pending_stops import (
    GUARD_ROW,
    N_WAIT,
    TRAIL_STOP,
    WAIT_ACCUMULATE,
    WAIT_LEVEL,
    WAIT_ROW,
    WAIT_SIDE,
    WAIT_TYPE,
    WAIT_UNTIL,
    fired,
    follow,
    set_guards,
)
from .signals import (
    check_sizes,
    expected_orders,
    has_opened,
    known_bar,
    level_price,
    needs_val_price,
    resolve_signals,
    signal_price,
    signed_order,
    stop_order,
    stop_signals,
)
from .traced_signals import cell_signals

_ORDERS_PER_CELL = 3


@njit
def entry_level(kind, side, given, delta, order_price):
    """Where an entry waits: `delta` (a fraction) better than a price for a limit, worse for a
    stop; the price is the one `given`, or that of the row's orders where it is NaN."""
    price = order_price if math.isnan(given) else given
    better = -side if kind == ENTRY_LIMIT else side
    return price * (1.0 + better * delta)


@njit
def entry_comes_from_above(kind, side):
    """Whether the price comes to a waiting entry by falling."""
    return (side > 0.0) == (kind == ENTRY_LIMIT)


@njit
def _send(
    state, wait, k, i, r, j, position, wanted, wanted_type, direction, price, slippage, kind,
    level, placed, close, sl_stop, tp_stop, p, layout, switches, pool, base, limit, records, report,
):  # fmt: skip
    """Execute an order in row i that the signal in row r asked for, record it, set its stops.

    Returns whether it was filled. `position`: before it. See `PENDING_RECORD` for the rest.
    """
    leverage = read(p, layout, LEVERAGE, r, j)
    signed = -wanted if direction == SHORT_ONLY else wanted
    if kind == BY_LIQUIDATION:
        status, detail, filled, fill_price, paid = liquidate(
            state, k, i, j, price, slippage, p, layout
        )
    elif leverage == 1.0 and state[CASH, k] >= 0.0:
        status, detail, filled, fill_price, paid = send(
            state, k, k, i, j, signed, wanted_type, direction, price, slippage, math.nan, p,
            layout, switches,
        )  # fmt: skip
    else:
        status, detail, filled, fill_price, paid = send_levered(
            state, k, i, j, signed, wanted_type, direction, price, slippage, leverage, p, layout,
            switches,
        )  # fmt: skip
    n = report[pool, N_FILLED]
    record(records, base, limit, report, pool, i, j, status, detail, filled, fill_price, paid)
    if report[pool, N_FILLED] == n:
        return False
    row = records[base[pool] + n]
    row["kind"] = kind
    row["placed_idx"] = placed
    row["level"] = level
    if switches[UPDATE_VALUE]:
        state[VAL, k] = fill_price
    if switches[USE_STOPS]:
        waited = kind in (BY_LIMIT_ENTRY, BY_STOP_ENTRY)
        set_guards(
            state, wait, k, i, r, j, position, price, fill_price, waited, close, sl_stop, tp_stop,
            p, layout,
        )  # fmt: skip
    if has_opened(state[POSITION, k], position):
        wait[GUARD_ROW, k] = i
    return True


@njit
def _end(
    state, wait, k, i, j, kind, level, price, bar_price, bar_close, close, size, sl_stop, tp_stop,
    p, layout, switches, pool, base, limit, records, report,
):  # fmt: skip
    """Send the order of a stop or a liquidation that fired in row i at `price`.

    A waiting entry of the side that it ends is cancelled.
    """
    position = state[POSITION, k]
    slippage = read(p, layout, SLIPPAGE, i, j)
    wanted, wanted_type, direction, fault = -position, 0, 2, -1
    if kind != BY_LIQUIDATION:
        long_entry, long_exit, short_entry, short_exit, accumulate = stop_signals(
            position, int(read(p, layout, STOP_EXIT, i, j)), int(read(p, layout, ACCUMULATE, i, j))
        )
        at = int(read(p, layout, STOP_EXIT_PRICE, i, j))
        price, slippage = stop_order(at, price, bar_price, bar_close, slippage)
        wanted, wanted_type, direction, fault = signed_order(
            position, long_entry, long_exit, short_entry, short_exit,
            read(size, layout, SIZE, i, j), int(read(p, layout, SIZE_TYPE, i, j)), accumulate,
            state[VAL, k],
        )  # fmt: skip
    if fault >= 0:
        record(records, base, limit, report, pool, i, j, INVALID, fault, 0.0, 0.0, 0.0)
        return
    if wanted != 0.0:
        _send(
            state, wait, k, i, i, j, position, wanted, wanted_type, direction, price, slippage,
            kind, level, int(wait[GUARD_ROW, k]), close, sl_stop, tp_stop, p, layout, switches,
            pool, base, limit, records, report,
        )  # fmt: skip
    if state[POSITION, k] * position <= 0.0 and wait[WAIT_SIDE, k] * position > 0.0:
        wait[WAIT_SIDE, k] = 0.0


@njit
def _fill_entry(
    state, wait, k, i, j, price, close, size, sl_stop, tp_stop, p, layout, switches, pool, base,
    limit, records, report,
):  # fmt: skip
    """Send the order of an entry that has waited, at `price`; returns whether it was filled.

    Size, valuation price, leverage and stops are those of the row of its signal: those of row i
    may follow from the bar's close. A limit does not slip.
    """
    r = int(wait[WAIT_ROW, k])
    side = wait[WAIT_SIDE, k]
    wait[WAIT_SIDE, k] = 0.0
    val_price = read(p, layout, VAL_PRICE, r, j)
    if math.isinf(val_price):
        val_price = price if val_price > 0.0 else read(close, layout, CLOSE, i - 1, j)
    if not math.isnan(val_price) or not switches[KEEP_VAL_PRICE]:
        state[VAL, k] = val_price
    position = state[POSITION, k]
    wanted, wanted_type, direction, fault = signed_order(
        position, side > 0.0, False, side < 0.0, False, read(size, layout, SIZE, r, j),
        int(read(p, layout, SIZE_TYPE, r, j)), int(wait[WAIT_ACCUMULATE, k]), state[VAL, k],
    )  # fmt: skip
    if fault >= 0:
        record(records, base, limit, report, pool, i, j, INVALID, fault, 0.0, 0.0, 0.0)
    if fault >= 0 or wanted == 0.0:
        return False
    is_limit = wait[WAIT_TYPE, k] == ENTRY_LIMIT
    return _send(
        state, wait, k, i, r, j, position, wanted, wanted_type, direction, price,
        0.0 if is_limit else read(p, layout, SLIPPAGE, i, j),
        BY_LIMIT_ENTRY if is_limit else BY_STOP_ENTRY, wait[WAIT_LEVEL, k], r, close, sl_stop,
        tp_stop, p, layout, switches, pool, base, limit, records, report,
    )  # fmt: skip


@njit
def _cancel_waiting(wait, k, i, j, long_entry, long_exit, short_entry, short_exit, p, layout):
    """Hold the signals of row i against an entry that waits: returns the entries that remain.

    Its exit and an entry of the other side cancel it; a further entry of its own side is ignored,
    or takes its place.
    """
    is_long = wait[WAIT_SIDE, k] > 0.0
    same_entry = long_entry if is_long else short_entry
    same_exit = long_exit if is_long else short_exit
    other_entry = short_entry if is_long else long_entry
    if same_exit or other_entry:
        wait[WAIT_SIDE, k] = 0.0
    elif same_entry:
        if int(read(p, layout, UPON_WAITING, i, j)) == WAITING_KEPT:
            return long_entry and not is_long, short_entry and is_long
        wait[WAIT_SIDE, k] = 0.0
    return long_entry, short_entry


@njit
def _place(wait, k, i, j, side, kind, accumulate, order_price, p, layout):
    """Let an entry wait from row i on; one without a level is none."""
    given = read(p, layout, ENTRY_PRICE, i, j)
    delta = read(p, layout, ENTRY_DELTA, i, j)
    level = entry_level(kind, side, given, delta, order_price)
    if math.isnan(level):
        return
    expiry = read(p, layout, ENTRY_EXPIRY, i, j)
    wait[WAIT_SIDE, k] = side
    wait[WAIT_TYPE, k] = kind
    wait[WAIT_LEVEL, k] = level
    wait[WAIT_ROW, k] = i
    wait[WAIT_UNTIL, k] = math.inf if math.isnan(expiry) else i + expiry
    wait[WAIT_ACCUMULATE, k] = accumulate


@njit
def _pending_cell(
    state, wait, k, pool, i, j, close, entries, exits, short_entries, short_exits, size, price,
    open_, high, low, sl_stop, tp_stop, p, layout, switches, base, limit, records, report,
):  # fmt: skip
    """One row of one column."""
    keep = switches[KEEP_VAL_PRICE]
    use_stops = switches[USE_STOPS]
    order_price = signal_price(i, j, close, price, open_, layout)
    track_val_price(state, k, i, j, order_price, close, p, layout, keep)
    bar_open, bar_high, bar_low, bar_close = known_bar(i, j, close, open_, high, low, layout)
    maintenance = read(p, layout, MAINTENANCE, i, j)

    has_ended = False
    if state[POSITION, k] != 0.0:
        if use_stops and (state[SL, k] < 0.0 or state[TP, k] < 0.0):
            record(records, base, limit, report, pool, i, j, INVALID, NEGATIVE_STOP, 0.0, 0.0, 0.0)
            return
        kind, level, at = fired(state, wait, k, maintenance, True, bar_open, bar_high, bar_low)
        follow(state, wait, k, bar_high, bar_low)
        if not math.isnan(at):
            has_ended = True
            _end(
                state, wait, k, i, j, kind, level, at, order_price, bar_close, close, size,
                sl_stop, tp_stop, p, layout, switches, pool, base, limit, records, report,
            )  # fmt: skip

    if i > wait[WAIT_UNTIL, k]:
        wait[WAIT_SIDE, k] = 0.0
    if wait[WAIT_SIDE, k] != 0.0 and report[pool, STATUS] == RUNNING:
        from_above = entry_comes_from_above(wait[WAIT_TYPE, k], wait[WAIT_SIDE, k])
        at = level_price(wait[WAIT_LEVEL, k], from_above, bar_open, bar_high, bar_low)
        if not math.isnan(at):
            rest = int(read(p, layout, FILL_BAR, int(wait[WAIT_ROW, k]), j))
            filled = _fill_entry(
                state, wait, k, i, j, at, close, size, sl_stop, tp_stop, p, layout, switches, pool,
                base, limit, records, report,
            )  # fmt: skip
            # What came before the fill is not known: its price is the open of the rest.
            if filled and rest != FILL_BAR_NOTHING:
                kind, level, end = fired(
                    state, wait, k, maintenance, rest == FILL_BAR_BOTH, at, bar_high, bar_low
                )
                if not math.isnan(end):
                    has_ended = True
                    _end(
                        state, wait, k, i, j, kind, level, end, bar_close, bar_close, close, size,
                        sl_stop, tp_stop, p, layout, switches, pool, base, limit, records, report,
                    )  # fmt: skip
            if filled:
                # The close is the one price of this bar that has surely come after the fill:
                # trailing stops follow it, and signals trade at it.
                follow(state, wait, k, bar_close, bar_close)
                order_price = bar_close
            track_val_price(state, k, i, j, order_price, close, p, layout, keep)
    if has_ended or report[pool, STATUS] != RUNNING:
        return

    long_entry, long_exit, short_entry, short_exit = cell_signals(
        i, j, entries, exits, short_entries, short_exits, p, layout, switches[FOUR_ARRAYS]
    )
    if not (long_entry or long_exit or short_entry or short_exit):
        return
    position = state[POSITION, k]
    accumulate = int(read(p, layout, ACCUMULATE, i, j))
    if long_entry or short_entry:
        long_entry, long_exit, short_entry, short_exit, accumulate = resolve_signals(
            i, j, position, long_entry, long_exit, short_entry, short_exit, accumulate, p, layout
        )
    if wait[WAIT_SIDE, k] != 0.0:
        long_entry, short_entry = _cancel_waiting(
            wait, k, i, j, long_entry, long_exit, short_entry, short_exit, p, layout
        )
    wanted_size = read(size, layout, SIZE, i, j)
    wanted_type = int(read(p, layout, SIZE_TYPE, i, j))
    entry_type = int(read(p, layout, ENTRY_TYPE, i, j))
    if entry_type != ENTRY_MARKET and (long_entry or short_entry):
        wanted, _, _, fault = signed_order(
            position, long_entry, False, short_entry, False, wanted_size, wanted_type, accumulate,
            state[VAL, k],
        )  # fmt: skip
        if fault >= 0:
            record(records, base, limit, report, pool, i, j, INVALID, fault, 0.0, 0.0, 0.0)
            return
        if wanted != 0.0:
            side = 1.0 if wanted > 0.0 else -1.0
            _place(wait, k, i, j, side, entry_type, accumulate, order_price, p, layout)
        long_entry = False
        short_entry = False
    wanted, wanted_type, direction, fault = signed_order(
        position, long_entry, long_exit, short_entry, short_exit, wanted_size, wanted_type,
        accumulate, state[VAL, k],
    )  # fmt: skip
    if fault >= 0:
        record(records, base, limit, report, pool, i, j, INVALID, fault, 0.0, 0.0, 0.0)
    elif wanted != 0.0:
        _send(
            state, wait, k, i, i, j, position, wanted, wanted_type, direction, order_price,
            read(p, layout, SLIPPAGE, i, j), BY_SIGNAL, math.nan, i, close, sl_stop, tp_stop, p,
            layout, switches, pool, base, limit, records, report,
        )  # fmt: skip


@njit
def _is_quiet(state, wait, k, i, j, close, open_, high, low, p, layout):
    """Whether a bar without signals leaves stops and a waiting entry where they are.

    An entry that has expired is taken away.
    """
    if i > wait[WAIT_UNTIL, k]:
        wait[WAIT_SIDE, k] = 0.0
    maintenance = read(p, layout, MAINTENANCE, i, j)
    guarded = state[POSITION, k] != 0.0 and not (
        math.isnan(state[SL, k])
        and math.isnan(state[TP, k])
        and math.isnan(wait[TRAIL_STOP, k])
        and math.isnan(maintenance)
    )
    if not guarded and wait[WAIT_SIDE, k] == 0.0:
        return True
    bar_open, bar_high, bar_low, _ = known_bar(i, j, close, open_, high, low, layout)
    if guarded:
        _, _, at = fired(state, wait, k, maintenance, True, bar_open, bar_high, bar_low)
        if not math.isnan(at) or state[SL, k] < 0.0 or state[TP, k] < 0.0:
            return False
    if wait[WAIT_SIDE, k] != 0.0:
        from_above = entry_comes_from_above(wait[WAIT_TYPE, k], wait[WAIT_SIDE, k])
        at = level_price(wait[WAIT_LEVEL, k], from_above, bar_open, bar_high, bar_low)
        if not math.isnan(at):
            return False
    follow(state, wait, k, bar_high, bar_low)
    return True


@njit
def _pending_block(
    first, last, rows, close, entries, exits, short_entries, short_exits, size, price, open_, high,
    low, sl_stop, tp_stop, p, layout, switches, cash, base, limit, records, report,
):  # fmt: skip
    """Run columns `first` to `last` over all rows. Most cells are quiet, and left at once."""
    n = last - first
    state = new_state(n, cash, first, False)
    wait = np.zeros((N_WAIT, n))
    wait[TRAIL_STOP, :] = math.nan
    four = switches[FOUR_ARRAYS]
    track = switches[TRACK_VAL_PRICE]
    for i in range(rows):
        for k in range(n):
            j = first + k
            signals = read(entries, layout, ENTRIES, i, j) or read(exits, layout, EXITS, i, j)
            if four and not signals:
                signals = read(short_entries, layout, SHORT_ENTRIES, i, j) or read(
                    short_exits, layout, SHORT_EXITS, i, j
                )
            if not signals:
                idle = state[POSITION, k] == 0.0 and wait[WAIT_SIDE, k] == 0.0
                if idle or _is_quiet(state, wait, k, i, j, close, open_, high, low, p, layout):
                    if track:
                        order_price = signal_price(i, j, close, price, open_, layout)
                        track_val_price(
                            state, k, i, j, order_price, close, p, layout, switches[KEEP_VAL_PRICE]
                        )
                    continue
            if report[j, STATUS] == RUNNING:
                _pending_cell(
                    state, wait, k, j, i, j, close, entries, exits, short_entries, short_exits,
                    size, price, open_, high, low, sl_stop, tp_stop, p, layout, switches, base,
                    limit, records, report,
                )  # fmt: skip


@njit(parallel=True)
def _run_pending(
    blocks, shared, automatic, in_sequence, sequence, rows, close, entries, exits, short_entries,
    short_exits, size, price, open_, high, low, sl_stop, tp_stop, p, layout, switches, cash, base,
    limit, records, report,
):  # fmt: skip
    """Run every block of columns; see `matrix.run_pools` for the arguments."""
    for b in prange(len(blocks)):
        _pending_block(
            blocks[b, 0], blocks[b, 1], rows, close, entries, exits, short_entries, short_exits,
            size, price, open_, high, low, sl_stop, tp_stop, p, layout, switches, cash, base,
            limit, records, report,
        )  # fmt: skip


def simulate_pending_signals(
    inputs: Inputs,
    pools: Pools,
    *,
    four_arrays: bool = False,
    use_stops: bool = False,
    keep_val_price: bool = True,
    update_value: bool = False,
    floor_division: bool = False,
    unvalued_last: bool = False,
) -> np.ndarray:
    """Trade matrices of signals with waiting entries and margin: fills as `PENDING_RECORD`.

    `inputs` has `N_PENDING_INPUTS` inputs, set as `pending_inputs.PLAIN` where nothing else is
    wanted. Everything else is as in `signals.simulate_signals`; `use_stops` is about `TSL_STOP`
    too. Fills come pool after pool, in a row in the sequence in which they were made.

    Raises ValueError also for inputs without a meaning (`check_pending`) and for shared cash.
    """
    if pools.shared:
        raise ValueError("waiting entries and margin need columns with cash of their own")
    size_types = check_sizes(inputs)
    check_pending(inputs)
    switches = np.array(
        [
            four_arrays,
            use_stops,
            needs_val_price(inputs, size_types, use_stops),
            keep_val_price,
            update_value,
            floor_division,
            unvalued_last,
        ]
    )
    pools = Pools(pools.lengths, pools.cash)
    together, capacity = expected_orders(inputs, pools, four_arrays, True)
    arguments = (
        inputs.arrays[CLOSE],
        *(inputs.arrays[p] for p in SIGNALS),
        *(inputs.arrays[p] for p in (SIZE, PRICE, OPEN, HIGH, LOW, SL_STOP, TP_STOP)),
        inputs.packed,
        inputs.layout,
        switches,
    )
    return run_pools(
        pools, inputs.shape[0], together, capacity, _run_pending, arguments, PENDING_RECORD,
        _ORDERS_PER_CELL,
    )  # fmt: skip

"""Matrices of signals: long and short entries and exits, stops, one order per column and row.

The rules of one row: stops first, then signals, then the order, then the stops that its fill
sets. They are laid out in docs/semantics.md; the arithmetic of the order is `execution.execute`,
the inputs and records are those of `matrix`.
"""

from __future__ import annotations

import math

import numpy as np

from .execution import (
    AMOUNT,
    BOTH,
    CALL_SEQUENCE,
    FILLED,
    INVALID,
    LONG_ONLY,
    NEGATIVE_SIZE,
    NEGATIVE_STOP,
    PERCENT,
    PERCENT_REVERSAL,
    SHORT_ONLY,
    SIGNAL_SIZE_TYPE,
    VALUE,
    InvalidOrder,
    is_less,
)
from .jit import njit, prange, threads_for
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
    LONG_CONFLICT,
    LOW,
    OPEN,
    OPPOSITE_ENTRY,
    POSITION,
    PRICE,
    RUNNING,
    SHORT_CONFLICT,
    SHORT_ENTRIES,
    SHORT_EXITS,
    SIDE_CONFLICT,
    SIDES,
    SIGNALS,
    SIZE,
    SIZE_TYPE,
    SL,
    SL_PRICE,
    SL_STOP,
    SL_TRAIL,
    SLIPPAGE,
    STATUS,
    STOP_ENTRY_PRICE,
    STOP_EXIT,
    STOP_EXIT_PRICE,
    STOP_UPDATE,
    TP,
    TP_PRICE,
    TP_STOP,
    TRACK_VAL_PRICE,
    TRAIL,
    UNVALUED_LAST,
    UPDATE_VALUE,
    USE_STOPS,
    VAL,
    Inputs,
    Pools,
    expected_value,
    new_state,
    read,
    record,
    run_pools,
    send,
    sort_by_value,
    track_val_price,
)

# Modes, by the number that an input carries.
ACCUMULATE_NEVER, ACCUMULATE_BOTH, ACCUMULATE_ADD, ACCUMULATE_REMOVE = 0, 1, 2, 3
CONFLICT_IGNORE, CONFLICT_ENTRY, CONFLICT_EXIT, CONFLICT_ADJACENT, CONFLICT_OPPOSITE = range(5)
SIDE_IGNORE, SIDE_LONG, SIDE_SHORT, SIDE_ADJACENT, SIDE_OPPOSITE = range(5)
ENTRY_IGNORE, ENTRY_CLOSE, ENTRY_CLOSE_REDUCE, ENTRY_REVERSE, ENTRY_REVERSE_REDUCE = range(5)
STOP_FROM_VAL_PRICE, STOP_FROM_PRICE, STOP_FROM_FILL, STOP_FROM_CLOSE = range(4)
STOP_AT_LEVEL, STOP_AT_MARKET, STOP_AT_PRICE, STOP_AT_CLOSE = range(4)
STOP_CLOSES, STOP_CLOSES_OR_REDUCES, STOP_REVERSES, STOP_REVERSES_OR_REDUCES = range(4)
STOP_KEPT, STOP_REPLACED, STOP_ALWAYS_REPLACED = range(3)

STRETCH = 32  # cells that are searched for signals at a time


@njit
def resolve_conflict(position, entry, exit_, mode):
    """An entry and an exit of one side in the same row: returns the pair that remains."""
    if not (entry and exit_):
        return entry, exit_
    if mode == CONFLICT_ENTRY:
        return True, False
    if mode == CONFLICT_EXIT:
        return False, True
    if mode == CONFLICT_ADJACENT and position != 0.0:
        return True, False
    if mode == CONFLICT_OPPOSITE and position != 0.0:
        return False, True
    return False, False


@njit
def resolve_sides(position, long_entry, short_entry, mode):
    """Entries of both sides in the same row: returns the pair that remains."""
    if not (long_entry and short_entry):
        return long_entry, short_entry
    if mode == SIDE_LONG:
        return True, False
    if mode == SIDE_SHORT:
        return False, True
    if mode == SIDE_ADJACENT:
        return position > 0.0, position < 0.0
    if mode == SIDE_OPPOSITE:
        return position < 0.0, position > 0.0
    return False, False


@njit
def resolve_opposite(held_exit, other_entry, mode, accumulate):
    """An entry against the held side: returns (exit of the held side, entry, accumulate)."""
    if mode == ENTRY_IGNORE:
        return held_exit, False, accumulate
    if mode == ENTRY_CLOSE:
        return True, False, ACCUMULATE_NEVER
    if mode == ENTRY_CLOSE_REDUCE:
        return True, False, accumulate
    if mode == ENTRY_REVERSE:
        return held_exit, other_entry, ACCUMULATE_NEVER
    return held_exit, other_entry, accumulate


@njit
def resolve_signals(
    i, j, position, long_entry, long_exit, short_entry, short_exit, accumulate, p, layout
):
    """Let the modes of a cell resolve what its signals contradict each other or the position in.

    To be called where there is an entry. Returns (long entry, long exit, short entry, short exit,
    accumulate).
    """
    if long_entry and long_exit:
        mode = int(read(p, layout, LONG_CONFLICT, i, j))
        long_entry, long_exit = resolve_conflict(position, True, True, mode)
    if short_entry and short_exit:
        mode = int(read(p, layout, SHORT_CONFLICT, i, j))
        short_entry, short_exit = resolve_conflict(position, True, True, mode)
    if long_entry and short_entry:
        mode = int(read(p, layout, SIDE_CONFLICT, i, j))
        long_entry, short_entry = resolve_sides(position, True, True, mode)
    if position > 0.0 and short_entry:
        mode = int(read(p, layout, OPPOSITE_ENTRY, i, j))
        long_exit, short_entry, accumulate = resolve_opposite(long_exit, True, mode, accumulate)
    if position < 0.0 and long_entry:
        mode = int(read(p, layout, OPPOSITE_ENTRY, i, j))
        short_exit, long_entry, accumulate = resolve_opposite(short_exit, True, mode, accumulate)
    return long_entry, long_exit, short_entry, short_exit, accumulate


@njit
def stop_signals(position, mode, accumulate):
    """The signals of a stop that fired: returns (long entry, long exit, short entry, short exit,
    accumulate)."""
    leaves = mode in (STOP_CLOSES, STOP_CLOSES_OR_REDUCES)
    if mode in (STOP_CLOSES, STOP_REVERSES):
        accumulate = ACCUMULATE_NEVER
    is_long = position > 0.0
    is_short = position < 0.0
    return (
        is_short and not leaves,
        is_long and leaves,
        is_long and not leaves,
        is_short and leaves,
        accumulate,
    )


@njit
def stop_order(at, stopped, bar_price, bar_close, slippage):
    """At which price, and with which slippage, a stop that fired at `stopped` trades."""
    if at == STOP_AT_LEVEL:
        return stopped, 0.0
    if at == STOP_AT_MARKET:
        return stopped, slippage
    if at == STOP_AT_CLOSE:
        return bar_close, slippage
    return bar_price, slippage


@njit
def signed_order(
    position, long_entry, long_exit, short_entry, short_exit, size, size_type, accumulate, val_price
):
    """Signals to one order: returns (signed size, size type, direction, fault or -1).

    The size is positive for a purchase whatever the direction; 0 sends no order. Seen from the
    held side, the other side's entry comes before the own exit, and that before the own entry.
    """
    if position == 0.0:
        if long_entry:
            return size, size_type, BOTH, -1
        if short_entry:
            return -size, size_type, BOTH, -1
        return 0.0, size_type, BOTH, -1
    is_long = position > 0.0
    sign = 1.0 if is_long else -1.0
    own_direction = LONG_ONLY if is_long else SHORT_ONLY
    own_entry = long_entry if is_long else short_entry
    own_exit = long_exit if is_long else short_exit
    other_entry = short_entry if is_long else long_entry
    reduces = accumulate in (ACCUMULATE_BOTH, ACCUMULATE_REMOVE)
    if other_entry:
        if reduces:
            return -sign * size, size_type, BOTH, -1
        total = abs(position)
        if not math.isnan(size):
            if size_type == PERCENT:
                return 0.0, size_type, BOTH, PERCENT_REVERSAL
            total += size / val_price if size_type == VALUE else size
        return -sign * total, AMOUNT, BOTH, -1
    if own_exit:
        if reduces:
            return -sign * size, size_type, own_direction, -1
        return -position, AMOUNT, own_direction, -1
    if own_entry and (accumulate in (ACCUMULATE_BOTH, ACCUMULATE_ADD)):
        return sign * size, size_type, own_direction, -1
    return 0.0, size_type, own_direction, -1


@njit
def stop_level(position, reference, stop, is_loss):
    """The level of a stop at the distance `stop` (a fraction) from `reference`."""
    if (position > 0.0) == is_loss:
        return reference * (1.0 - stop)
    return reference * (1.0 + stop)


@njit
def level_price(level, from_above, open_, high, low):
    """The price at which an order that waits at `level` trades in a bar, NaN if it does not.

    from_above: the price comes to it by falling. At or beyond the level at the open: the open.
    Inside the bar: the level.
    """
    if (open_ <= level) if from_above else (level <= open_):
        return open_
    if low <= level <= high:
        return level
    return math.nan


@njit
def stop_price(position, reference, stop, open_, high, low, is_loss):
    """The price at which a stop trades in this bar, NaN if it does not; see `level_price`."""
    if position == 0.0:
        return math.nan
    level = stop_level(position, reference, stop, is_loss)
    return level_price(level, (position > 0.0) == is_loss, open_, high, low)


@njit
def known_bar(i, j, close, open_, high, low, layout):
    """Open, high, low and close of a bar; what is missing of the first three follows from the
    rest."""
    bar_close = read(close, layout, CLOSE, i, j)
    bar_open = read(open_, layout, OPEN, i, j)
    bar_high = read(high, layout, HIGH, i, j)
    bar_low = read(low, layout, LOW, i, j)
    if math.isnan(bar_open):
        bar_open = bar_close
    if math.isnan(bar_low):
        bar_low = bar_close if bar_close < bar_open else bar_open
    if math.isnan(bar_high):
        bar_high = bar_close if bar_close > bar_open else bar_open
    return bar_open, bar_high, bar_low, bar_close


@njit
def trail_stop(state, k, high, low):
    """A trailing stop loss follows the extreme of a bar."""
    position = state[POSITION, k]
    if position > 0.0 and high > state[SL_PRICE, k]:
        state[SL_PRICE, k] = high
    elif position < 0.0 and low < state[SL_PRICE, k]:
        state[SL_PRICE, k] = low


@njit
def check_stops(state, k, i, j, close, open_, high, low, layout):
    """Check and trail the stops of one column in one bar: returns (price or NaN, fault or -1).

    A trailing stop follows this bar's extreme only after the check, for the next bar.
    """
    sl = state[SL, k]
    tp = state[TP, k]
    position = state[POSITION, k]
    bar_open, bar_high, bar_low, _ = known_bar(i, j, close, open_, high, low, layout)
    price = math.nan
    if not math.isnan(sl):
        if sl < 0.0:
            return math.nan, NEGATIVE_STOP
        price = stop_price(position, state[SL_PRICE, k], sl, bar_open, bar_high, bar_low, True)
    if math.isnan(price) and not math.isnan(tp):
        if tp < 0.0:
            return math.nan, NEGATIVE_STOP
        price = stop_price(position, state[TP_PRICE, k], tp, bar_open, bar_high, bar_low, False)
    if state[TRAIL, k] != 0.0 and not math.isnan(sl):
        trail_stop(state, k, bar_high, bar_low)
    return price, -1


@njit
def stop_reference(state, k, i, j, order_price, fill_price, close, p, layout):
    """The price from which the stops of a fill in row i count."""
    source = int(read(p, layout, STOP_ENTRY_PRICE, i, j))
    if source == STOP_FROM_VAL_PRICE:
        return state[VAL, k]
    if source == STOP_FROM_PRICE:
        return order_price
    if source == STOP_FROM_FILL:
        return fill_price
    return read(close, layout, CLOSE, i, j)


@njit
def is_replaced(opened, update, stop):
    """Whether a fill that opened or increased a position sets a stop anew."""
    return (
        opened
        or update == STOP_ALWAYS_REPLACED
        or (update == STOP_REPLACED and not math.isnan(stop))
    )


@njit
def has_opened(position, before):
    """Whether a fill opened a position, reversals included."""
    return before == 0.0 or (position > 0.0) != (before > 0.0)


@njit
def set_stops(state, k, i, j, before, order_price, fill_price, close, sl_stop, tp_stop, p, layout):
    """Set, replace or clear the stops of a column after a fill; `before` is the old position.

    Returns what changed: whether the stops were cleared, the loss set, the profit set.
    """
    position = state[POSITION, k]
    if position == 0.0:
        state[SL, k] = math.nan
        state[TP, k] = math.nan
        state[SL_PRICE, k] = math.nan
        state[TP_PRICE, k] = math.nan
        state[TRAIL, k] = 0.0
        return True, False, False
    opened = has_opened(position, before)
    if not opened and abs(position) <= abs(before):
        return False, False, False
    reference = stop_reference(state, k, i, j, order_price, fill_price, close, p, layout)
    update = int(read(p, layout, STOP_UPDATE, i, j))
    sl = read(sl_stop, layout, SL_STOP, i, j)
    tp = read(tp_stop, layout, TP_STOP, i, j)
    set_sl = is_replaced(opened, update, sl)
    set_tp = is_replaced(opened, update, tp)
    if set_sl:
        state[SL_PRICE, k] = reference
        state[SL, k] = sl
        state[TRAIL, k] = read(p, layout, SL_TRAIL, i, j)
    if set_tp:
        state[TP_PRICE, k] = reference
        state[TP, k] = tp
    return False, set_sl, set_tp


@njit
def signal_price(i, j, close, price, open_, layout):
    """The order price of a row: inf is this close; -inf is this open, else the last close."""
    wanted = read(price, layout, PRICE, i, j)
    if not math.isinf(wanted):
        return wanted
    if wanted > 0.0:
        return read(close, layout, CLOSE, i, j)
    bar_open = read(open_, layout, OPEN, i, j)
    if not math.isnan(bar_open):
        return bar_open
    return read(close, layout, CLOSE, i - 1, j) if i > 0 else math.nan


@njit
def _any(left, right):
    """Whether a signal is set in either of two stretches of memory."""
    found = False
    for k in range(len(left)):
        found |= left[k] | right[k]
    return found


@njit
def _next_signal(
    i, rows, first, last, entries, exits, short_entries, short_exits, layout, four_arrays
):
    """The first row from `i` on with a signal in columns `first` to `last`; `rows` if none."""
    n = last - first
    entry_row, entry_step = layout[ENTRIES, 1], layout[ENTRIES, 2]
    exit_row, exit_step = layout[EXITS, 1], layout[EXITS, 2]
    entry = layout[ENTRIES, 0] + i * entry_row + first * entry_step
    exit_ = layout[EXITS, 0] + i * exit_row + first * exit_step
    # Many cells at a time where they lie side by side: along the column, or along the row.
    along = n == 1 and entry_row == 1 and exit_row == 1 and not four_arrays
    abreast = n >= STRETCH and entry_step == 1 and exit_step == 1
    while along and i + STRETCH <= rows:
        if _any(entries[entry : entry + STRETCH], exits[exit_ : exit_ + STRETCH]):
            break
        i += STRETCH
        entry += STRETCH
        exit_ += STRETCH
    while i < rows:
        if abreast:
            if _any(entries[entry : entry + n], exits[exit_ : exit_ + n]):
                return i
        else:
            for k in range(n):
                if entries[entry + k * entry_step] or exits[exit_ + k * exit_step]:
                    return i
        if four_arrays:
            for j in range(first, last):
                if read(short_entries, layout, SHORT_ENTRIES, i, j):
                    return i
                if read(short_exits, layout, SHORT_EXITS, i, j):
                    return i
        i += 1
        entry += entry_row
        exit_ += exit_row
    return rows


@njit
def _signal_block(
    first,
    last,
    first_pool,
    shared,
    automatic,
    in_sequence,
    sequence,
    rows,
    close,
    entries,
    exits,
    short_entries,
    short_exits,
    size,
    price,
    open_,
    high,
    low,
    sl_stop,
    tp_stop,
    p,
    layout,
    switches,
    cash,
    base,
    limit,
    records,
    report,
):
    """Run columns `first` to `last` over all rows: one pool if `shared`, else one pool each."""
    n = last - first
    state = new_state(n, cash, first_pool, shared)
    four = switches[FOUR_ARRAYS]
    use_stops = switches[USE_STOPS]
    track = switches[TRACK_VAL_PRICE]
    keep = switches[KEEP_VAL_PRICE]
    entry_row, entry_column = layout[ENTRIES, 1], layout[ENTRIES, 2]
    exit_row, exit_column = layout[EXITS, 1], layout[EXITS, 2]
    row_size = np.zeros(n)
    row_price = np.zeros(n)
    row_slippage = np.zeros(n)
    row_type = np.zeros(n, np.int64)
    row_direction = np.zeros(n, np.int64)
    row_value = np.zeros(n)
    order = np.zeros(n, np.int64)
    pending = np.zeros(n, np.int64)

    i = -1
    stop_set = False
    while True:
        i += 1
        if not track and not stop_set:
            i = _next_signal(
                i, rows, first, last, entries, exits, short_entries, short_exits, layout, four
            )
        if i >= rows:
            break
        n_pending = 0
        for k in range(n):
            j = first + k
            first_signal = entries[i * entry_row + j * entry_column]
            second_signal = exits[i * exit_row + j * exit_column]
            third_signal = False
            fourth_signal = False
            if four:
                third_signal = read(short_entries, layout, SHORT_ENTRIES, i, j)
                fourth_signal = read(short_exits, layout, SHORT_EXITS, i, j)
            active = use_stops and not (math.isnan(state[SL, k]) and math.isnan(state[TP, k]))
            quiet = not (first_signal or second_signal or third_signal or fourth_signal or active)
            if quiet and not track:
                continue
            pool = first_pool if shared else first_pool + k
            if report[pool, STATUS] != RUNNING:
                continue
            bar_price = signal_price(i, j, close, price, open_, layout)
            if track:
                track_val_price(state, k, i, j, bar_price, close, p, layout, keep)
                if quiet:
                    continue

            position = state[POSITION, k]
            slippage = read(p, layout, SLIPPAGE, i, j)
            accumulate = int(read(p, layout, ACCUMULATE, i, j))
            stopped = math.nan
            if active:
                stopped, fault = check_stops(state, k, i, j, close, open_, high, low, layout)
                if fault >= 0:
                    record(records, base, limit, report, pool, i, j, INVALID, fault, 0.0, 0.0, 0.0)
                    continue
            long_entry = False
            long_exit = False
            short_entry = False
            short_exit = False
            if not math.isnan(stopped):
                long_entry, long_exit, short_entry, short_exit, accumulate = stop_signals(
                    position, int(read(p, layout, STOP_EXIT, i, j)), accumulate
                )
                bar_price, slippage = stop_order(
                    int(read(p, layout, STOP_EXIT_PRICE, i, j)),
                    stopped,
                    bar_price,
                    read(close, layout, CLOSE, i, j),
                    slippage,
                )
            else:
                if four:
                    long_entry = first_signal
                    long_exit = second_signal
                    short_entry = third_signal
                    short_exit = fourth_signal
                else:
                    sides = int(read(p, layout, SIDES, i, j))
                    if sides == LONG_ONLY:
                        long_entry = first_signal
                        long_exit = second_signal
                    elif sides == SHORT_ONLY:
                        short_entry = first_signal
                        short_exit = second_signal
                    else:
                        long_entry = first_signal
                        short_entry = second_signal
                if long_entry or short_entry:
                    long_entry, long_exit, short_entry, short_exit, accumulate = resolve_signals(
                        i, j, position, long_entry, long_exit, short_entry, short_exit,
                        accumulate, p, layout,
                    )  # fmt: skip

            wanted, wanted_type, direction, fault = signed_order(
                position,
                long_entry,
                long_exit,
                short_entry,
                short_exit,
                read(size, layout, SIZE, i, j),
                int(read(p, layout, SIZE_TYPE, i, j)),
                accumulate,
                state[VAL, k],
            )
            if fault >= 0:
                record(records, base, limit, report, pool, i, j, INVALID, fault, 0.0, 0.0, 0.0)
                continue
            if wanted == 0.0:
                continue
            pending[n_pending] = k
            n_pending += 1
            row_size[k] = wanted
            row_price[k] = bar_price
            row_slippage[k] = slippage
            row_type[k] = wanted_type
            row_direction[k] = direction

        if n_pending == 0:
            continue
        if automatic:
            for k in range(n):
                order[k] = k
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
            sort_by_value(row_value, order)
        sequenced = automatic or in_sequence
        for slot in range(n if sequenced else n_pending):
            if automatic:
                k = order[slot]
            elif not in_sequence:
                k = pending[slot]
            else:
                k = sequence[i if sequence.shape[0] > 1 else 0, first + slot]
                if k < 0 or k >= n:
                    pool = first_pool
                    record(
                        records, base, limit, report, pool, i, first, INVALID, CALL_SEQUENCE,
                        0.0, 0.0, 0.0,
                    )  # fmt: skip
                    break
            wanted = row_size[k]
            if wanted == 0.0:
                continue
            j = first + k
            pool = first_pool if shared else first_pool + k
            if report[pool, STATUS] != RUNNING:
                continue
            before = state[POSITION, k]
            direction = row_direction[k]
            status, detail, filled, fill_price, paid = send(
                state,
                k,
                0 if shared else k,
                i,
                j,
                -wanted if direction == SHORT_ONLY else wanted,
                row_type[k],
                direction,
                row_price[k],
                row_slippage[k],
                math.nan,
                p,
                layout,
                switches,
            )
            record(
                records, base, limit, report, pool, i, j, status, detail, filled, fill_price, paid
            )
            if status == FILLED:
                if switches[UPDATE_VALUE]:
                    state[VAL, k] = fill_price
                if use_stops:
                    set_stops(
                        state, k, i, j, before, row_price[k], fill_price, close, sl_stop, tp_stop,
                        p, layout,
                    )  # fmt: skip
        for slot in range(n_pending):
            row_size[pending[slot]] = 0.0
        if use_stops:
            stop_set = False
            for k in range(n):
                if not (math.isnan(state[SL, k]) and math.isnan(state[TP, k])):
                    stop_set = True
                    break


@njit(parallel=True)
def _run_signals(
    blocks,
    shared,
    automatic,
    in_sequence,
    sequence,
    rows,
    close,
    entries,
    exits,
    short_entries,
    short_exits,
    size,
    price,
    open_,
    high,
    low,
    sl_stop,
    tp_stop,
    p,
    layout,
    switches,
    cash,
    base,
    limit,
    records,
    report,
):
    """Run every block of columns; see `matrix.run_pools` for the arguments."""
    for b in prange(len(blocks)):
        _signal_block(
            blocks[b, 0],
            blocks[b, 1],
            blocks[b, 2],
            shared,
            automatic,
            in_sequence,
            sequence,
            rows,
            close,
            entries,
            exits,
            short_entries,
            short_exits,
            size,
            price,
            open_,
            high,
            low,
            sl_stop,
            tp_stop,
            p,
            layout,
            switches,
            cash,
            base,
            limit,
            records,
            report,
        )


@njit
def _count_either(left, right, out):
    for k in range(len(out)):
        out[k] += left[k] | right[k]


@njit
def _sum_either(left, right):
    total = 0
    for k in range(len(left)):
        total += left[k] | right[k]
    return total


@njit
def _count_pair(left, right, p, q, rows, first, last, layout, out):
    """Add to `out`, for columns `first` to `last`, the rows with either of two signals.

    p, q: their inputs. Along the memory where both lie alike: that becomes vector instructions.
    """
    n = last - first
    a, b = layout[p, 0] + first * layout[p, 2], layout[q, 0] + first * layout[q, 2]
    if layout[p, 1] == 1 and layout[q, 1] == 1:
        for k in range(n):
            from_a, from_b = a + k * layout[p, 2], b + k * layout[q, 2]
            out[first + k] += _sum_either(
                left[from_a : from_a + rows], right[from_b : from_b + rows]
            )
    elif layout[p, 2] == 1 and layout[q, 2] == 1:
        for i in range(rows):
            from_a, from_b = a + i * layout[p, 1], b + i * layout[q, 1]
            _count_either(left[from_a : from_a + n], right[from_b : from_b + n], out[first:last])
    else:
        for i in range(rows):
            for j in range(first, last):
                out[j] += read(left, layout, p, i, j) | read(right, layout, q, i, j)


@njit(parallel=True)
def _count_signals(blocks, rows, entries, exits, short_entries, short_exits, layout, four, out):
    """How many signals each column carries, entry and exit of a side in one row as one: no more
    orders can come of them."""
    for b in prange(len(blocks)):
        first, last = blocks[b, 0], blocks[b, 1]
        _count_pair(entries, exits, ENTRIES, EXITS, rows, first, last, layout, out)
        if four:
            _count_pair(
                short_entries, short_exits, SHORT_ENTRIES, SHORT_EXITS, rows, first, last, layout,
                out,
            )  # fmt: skip


def expected_orders(
    inputs: Inputs, pools: Pools, four_arrays: bool, use_stops: bool
) -> tuple[bool, np.ndarray]:
    """Whether signals lie along the rows of memory, and about how many orders each pool sends."""
    rows, columns = inputs.shape
    together = columns > 1 and int(inputs.layout[ENTRIES, 2]) == 1
    count = np.zeros(columns, np.int64)
    independent = Pools(np.ones(columns, np.int64), count).blocks(together)
    signals = tuple(inputs.arrays[p] for p in SIGNALS)
    with threads_for(rows * columns if columns > 1 else 0):
        _count_signals(independent, rows, *signals, inputs.layout, four_arrays, count)
    if use_stops:
        # Every entry may be followed by a stop; more (a stop that reverses, say) makes a rerun.
        count = 2 * count + 8
    ends = np.cumsum(pools.lengths)
    running = np.concatenate([[0], np.cumsum(count)])
    return together, running[ends] - running[ends - pools.lengths]


def check_sizes(inputs: Inputs) -> np.ndarray:
    """The size types of signals. Raises `InvalidOrder` for those and sizes that signals lack."""
    sizes = inputs.everywhere(SIZE)
    if np.any(sizes < 0) and any(is_less(x, 0.0) for x in sizes[sizes < 0]):
        raise InvalidOrder(NEGATIVE_SIZE, "")
    size_types = inputs.everywhere(SIZE_TYPE)
    if not np.all((size_types == AMOUNT) | (size_types == VALUE) | (size_types == PERCENT)):
        raise InvalidOrder(SIGNAL_SIZE_TYPE, "")
    return size_types


def needs_val_price(inputs: Inputs, size_types: np.ndarray, use_stops: bool) -> bool:
    """Whether orders of a column by itself depend on the valuation price."""
    from_val_price = inputs.everywhere(STOP_ENTRY_PRICE) == STOP_FROM_VAL_PRICE
    return bool(np.any(size_types == VALUE)) or (use_stops and bool(np.any(from_val_price)))


def simulate_signals(
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
    """Trade matrices of signals: returns the fills as `ORDER_RECORD`, pool after pool.

    `four_arrays`: the signals are long entries, long exits, short entries, short exits; else
    entries and exits, whose side `SIDES` names per cell (long only, short only, or both: entries
    go long, exits go short). `use_stops`: mind `SL_STOP` and `TP_STOP`. `keep_val_price`: a NaN
    valuation price keeps the last one. `update_value`: a fill moves the valuation price to its
    own. `floor_division`: see `execution.whole_granules`. `unvalued_last`: see
    `matrix.expected_value`. Other inputs must be set but for open, high, low, stops and
    granularity, where NaN means none.

    Raises `InvalidOrder` (a ValueError) for impossible orders, and `OrderRejected` as
    `matrix.run_pools` says.
    """
    size_types = check_sizes(inputs)
    automatic = pools.shared and isinstance(pools.sequence, str)
    track = automatic or needs_val_price(inputs, size_types, use_stops)
    if not pools.shared and pools.sequence is not None:
        pools = Pools(pools.lengths, pools.cash)
    switches = np.array(
        [
            four_arrays,
            use_stops,
            track,
            keep_val_price,
            update_value,
            floor_division,
            unvalued_last,
        ]
    )
    signals = tuple(inputs.arrays[p] for p in SIGNALS)
    together, capacity = expected_orders(inputs, pools, four_arrays, use_stops)
    arguments = (
        inputs.arrays[CLOSE],
        *signals,
        *(inputs.arrays[p] for p in (SIZE, PRICE, OPEN, HIGH, LOW, SL_STOP, TP_STOP)),
        inputs.packed,
        inputs.layout,
        switches,
    )
    return run_pools(pools, inputs.shape[0], together, capacity, _run_signals, arguments)

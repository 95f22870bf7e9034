"""Where signals are placed: by a function that chooses rows, at random, or when a stop is hit.

Signals are tables of rows x columns, bool. A choice function is called with the first row that it
may choose, the row behind the last one, the column and further arguments, and returns the rows
that it chooses, int64, in ascending order; it must be compiled. Settings of it may be a number, a
row, a column or a table (see `flexible`). Random ones draw from the compiler's generator, column
by column and row by row: a seed gives the same signals again.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .flexible import flex_select_auto_nb
from .jit import njit

__all__ = [
    "any_rows",
    "bar_stop_exits",
    "bar_stop_pairs",
    "bar_stop_rows",
    "chance_chain",
    "chance_exits",
    "chance_pairs",
    "chance_rows",
    "chance_signals",
    "choose_exits",
    "choose_pairs",
    "choose_signals",
    "first_row",
    "random_exits",
    "random_pairs",
    "random_signals",
    "stop_exits",
    "stop_pairs",
    "stop_rows",
    "uniform_parts",
    "whole_numbers",
]

#: What a bar's stop was, in `stop_type_out`.
STOP_LOSS, TRAILING_STOP, TAKE_PROFIT = range(3)


# Placing


@njit
def _rows_of(a, col):
    """The rows of a column's signals."""
    count = 0
    for i in range(a.shape[0]):
        if a[i, col]:
            count += 1
    out = np.empty(count, np.int64)
    count = 0
    for i in range(a.shape[0]):
        if a[i, col]:
            out[count] = i
            count += 1
    return out


@njit
def _place(out, col, rows, pick_first, low, high):
    """Set the chosen rows (or the first of them) and return the last one that was set."""
    count = 1 if pick_first else len(rows)
    for k in range(count):
        if rows[k] < low or rows[k] >= high:
            raise ValueError("a choice function returned a row outside of the range it was given")
    for k in range(count):
        out[rows[k], col] = True
    return rows[count - 1]


@njit(cache=False)
def _call(from_i, to_i, col, choice_func_nb, *args):
    return choice_func_nb(from_i, to_i, col, *args)


# What follows is made for each choice function of this module, which it calls by name: a function
# that is handed a compiled one as an argument cannot be cached.


def _signals_by(choice, cache=True) -> Any:
    @njit(cache=cache)
    def signals(shape, pick_first, args):
        out = np.full(shape, False)
        for col in range(shape[1]):
            rows = choice(0, shape[0], col, *args)
            if len(rows) > 0:
                _place(out, col, rows, pick_first, 0, shape[0])
        return out

    return signals


def _exits_by(choice, cache=True) -> Any:
    @njit(cache=cache)
    def exits(entries, wait, until_next, skip_until_exit, pick_first, args):
        out = np.full(entries.shape, False)
        rows = entries.shape[0]
        for col in range(entries.shape[1]):
            own = _rows_of(entries, col)
            last = -1
            for k in range(len(own)):
                if skip_until_exit and own[k] <= last:
                    continue
                begin = own[k] + wait
                end = own[k + 1] if until_next and k + 1 < len(own) else rows
                if begin < end:
                    chosen = choice(begin, end, col, *args)
                    if len(chosen) > 0:
                        last = _place(out, col, chosen, pick_first, begin, end)
        return out

    return exits


def _pairs_by(entry_choice, exit_choice, cache=True) -> Any:
    @njit(cache=cache)
    def pairs(shape, entry_wait, exit_wait, entry_first, exit_first, entry_args, exit_args):
        entries = np.full(shape, False)
        exits = np.full(shape, False)
        if entry_wait == 0 and exit_wait == 0:
            raise ValueError("entry_wait and exit_wait cannot both be 0")
        for col in range(shape[1]):
            last, before = -1, -2
            turns = 0
            while True:
                entering = turns % 2 == 0
                wait = entry_wait if entering else exit_wait
                begin = last + wait if turns > 0 else 0
                if begin >= shape[0]:
                    break
                if entering:
                    chosen = entry_choice(begin, shape[0], col, *entry_args)
                else:
                    chosen = exit_choice(begin, shape[0], col, *exit_args)
                if len(chosen) == 0:
                    break
                if chosen[0] == last and last == before:
                    raise ValueError("the choice functions choose the same row again and again")
                before = last
                if entering:
                    last = _place(entries, col, chosen, entry_first, begin, shape[0])
                else:
                    last = _place(exits, col, chosen, exit_first, begin, shape[0])
                turns += 1
        return entries, exits

    return pairs


_signals, _exits = _signals_by(_call, cache=False), _exits_by(_call, cache=False)
_pairs = _pairs_by(_call, _call, cache=False)


@njit(cache=False)
def choose_signals(shape, pick_first, choice_func_nb, *args):
    """Signals where `choice_func_nb` places them in each column, or the first of these only."""
    return _signals(shape, pick_first, (choice_func_nb, *args))


@njit(cache=False)
def choose_exits(
    entries, wait, until_next, skip_until_exit, pick_first, exit_choice_func_nb, *args
):
    """Exits that are chosen after each entry, from `wait` rows later on.

    until_next: up to the next entry only. skip_until_exit: entries before (and at) the last exit
    so far choose none.
    """
    options = (exit_choice_func_nb, *args)
    return _exits(entries, wait, until_next, skip_until_exit, pick_first, options)


@njit(cache=False)
def choose_pairs(
    shape,
    entry_wait,
    exit_wait,
    entry_pick_first,
    exit_pick_first,
    entry_choice_func_nb,
    entry_args,
    exit_choice_func_nb,
    exit_args,
):
    """Entries and exits by turns: each is chosen among all rows behind the last one, so many rows
    (`entry_wait`, `exit_wait`) away from it at least.
    """
    return _pairs(
        shape,
        entry_wait,
        exit_wait,
        entry_pick_first,
        exit_pick_first,
        (entry_choice_func_nb, *entry_args),
        (exit_choice_func_nb, *exit_args),
    )


# Choice functions


@njit
def first_row(from_i, to_i, col, a):
    """The first row with a signal in `a`."""
    out = np.empty(1, np.int64)
    for i in range(from_i, to_i):
        if a[i, col]:
            out[0] = i
            return out
    return out[:0]


@njit
def any_rows(from_i, to_i, col, n):
    """`n` different rows (of a column) at random, in random order; all if there are fewer."""
    wanted = flex_select_auto_nb(np.asarray(n), 0, col, True)
    count = min(to_i - from_i, wanted)
    drawn = np.random.choice(to_i - from_i, size=count, replace=False)  # noqa: NPY002
    return from_i + drawn


@njit
def chance_rows(from_i, to_i, col, prob, pick_first, temp_idx_arr, flex_2d):
    """Each row with its probability; up to the first one, if `pick_first`.

    temp_idx_arr: int64, as long as there are rows, is overwritten; as everywhere here.
    """
    probs = np.asarray(prob)
    count = 0
    for i in range(from_i, to_i):
        drawn = np.random.uniform(0, 1)  # noqa: NPY002
        if drawn < flex_select_auto_nb(probs, i, col, flex_2d):
            temp_idx_arr[count] = i
            count += 1
            if pick_first:
                break
    return temp_idx_arr[:count]


@njit
def stop_rows(from_i, to_i, col, ts, stop, trailing, wait, pick_first, temp_idx_arr, flex_2d):
    """Rows in which `ts` has moved by `stop` from where it was `wait` rows before the range.

    stop: as a part of that value; positive above it, negative below; NaN: none. trailing: from
    the lowest (of a positive one) or highest value since. Both of the row of that value.
    """
    start = from_i - wait
    distance = flex_select_auto_nb(np.asarray(stop), start, col, flex_2d)
    trails = flex_select_auto_nb(np.asarray(trailing), start, col, flex_2d)
    origin = flex_select_auto_nb(ts, start, col, flex_2d)
    low, high = origin, origin
    count = 0
    for i in range(from_i, to_i):
        value = flex_select_auto_nb(ts, i, col, flex_2d)
        if distance >= 0:
            hit = value >= (low if trails else origin) * (1 + distance)
        else:
            hit = value <= (high if trails else origin) * (1 + distance)
        if hit:
            temp_idx_arr[count] = i
            count += 1
            if pick_first:
                break
        if value < low:
            low = value
        elif value > high:
            high = value
    return temp_idx_arr[:count]


@njit
def bar_stop_rows(
    from_i,
    to_i,
    col,
    open,
    high,
    low,
    close,
    stop_price_out,
    stop_type_out,
    sl_stop,
    sl_trail,
    tp_stop,
    reverse,
    is_open_safe,
    wait,
    pick_first,
    temp_idx_arr,
    flex_2d,
):
    """Rows whose bar reaches a stop loss or, failing that, a take profit.

    Both are distances from `open` in the row of the entry (`wait` rows before the range), as parts
    of it, of that row; NaN: none. sl_trail: the loss is measured from the best price since, of
    earlier bars. reverse: the position is short. is_open_safe: `open` of the entry's bar is its
    first price; otherwise only its close counts. Unknown prices: open is taken for close, low and
    high for the lower and higher of the two. stop_price_out and stop_type_out get the price and
    kind of the stop where one is hit.
    """
    start = from_i - wait
    origin = flex_select_auto_nb(open, start, col, flex_2d)
    loss = flex_select_auto_nb(np.asarray(sl_stop), start, col, flex_2d)
    profit = flex_select_auto_nb(np.asarray(tp_stop), start, col, flex_2d)
    if loss < 0 or profit < 0:
        raise ValueError("a stop cannot be negative: sl_stop and tp_stop are 0 or more, or NaN")
    trails = flex_select_auto_nb(np.asarray(sl_trail), start, col, flex_2d)
    short = flex_select_auto_nb(np.asarray(reverse), start, col, flex_2d)
    profit_price = origin * (1 - profit if short else 1 + profit)
    best = origin
    count = 0
    for i in range(from_i, to_i):
        last = flex_select_auto_nb(close, i, col, flex_2d)
        lowest, highest = last, last
        if i > start or is_open_safe:
            first = flex_select_auto_nb(open, i, col, flex_2d)
            lowest = flex_select_auto_nb(low, i, col, flex_2d)
            highest = flex_select_auto_nb(high, i, col, flex_2d)
            if np.isnan(first):
                first = last
            if np.isnan(lowest):
                lowest = np.fmin(first, last)
            if np.isnan(highest):
                highest = np.fmax(first, last)
        loss_price = (best if trails else origin) * (1 + loss if short else 1 - loss)
        loses = highest >= loss_price if short else lowest <= loss_price
        gains = lowest <= profit_price if short else highest >= profit_price
        if loses or gains:
            if loses:
                stop_price_out[i, col] = loss_price
                stop_type_out[i, col] = TRAILING_STOP if trails else STOP_LOSS
            else:
                stop_price_out[i, col] = profit_price
                stop_type_out[i, col] = TAKE_PROFIT
            temp_idx_arr[count] = i
            count += 1
            if pick_first:
                break
        if short:
            if lowest < best:
                best = lowest
        elif highest > best:
            best = highest
    return temp_idx_arr[:count]


# Random signals

_any_signals, _chance_signals = _signals_by(any_rows), _signals_by(chance_rows)
_any_exits, _chance_exits = _exits_by(any_rows), _exits_by(chance_rows)
_chance_pairs = _pairs_by(chance_rows, chance_rows)
_chance_chain = _pairs_by(first_row, chance_rows)


@njit
def random_signals(shape, n, seed=None):
    """`n` signals in each column."""
    if seed is not None:
        np.random.seed(seed)  # noqa: NPY002
    return _any_signals(shape, False, (n,))


@njit
def chance_signals(shape, prob, pick_first, flex_2d, seed=None):
    """A signal with the probability of each row; up to the first one, if `pick_first`."""
    if seed is not None:
        np.random.seed(seed)  # noqa: NPY002
    found = np.empty(shape[0], np.int64)
    return _chance_signals(shape, pick_first, (prob, pick_first, found, flex_2d))


@njit
def random_exits(entries, wait, until_next, skip_until_exit, seed=None):
    """One exit after each entry, see `choose_exits`."""
    if seed is not None:
        np.random.seed(seed)  # noqa: NPY002
    return _any_exits(entries, wait, until_next, skip_until_exit, True, (1,))


@njit
def chance_exits(entries, prob, wait, until_next, skip_until_exit, flex_2d, seed=None):
    """At most one exit after each entry, each row with its probability."""
    if seed is not None:
        np.random.seed(seed)  # noqa: NPY002
    found = np.empty(entries.shape[0], np.int64)
    options = (prob, True, found, flex_2d)
    return _chance_exits(entries, wait, until_next, skip_until_exit, True, options)


@njit
def uniform_parts(n):
    """n random numbers that sum up to 1: the gaps between n - 1 uniform ones, sorted."""
    cuts = np.sort(np.random.uniform(0, 1, n - 1))  # noqa: NPY002
    out = np.empty(n)
    before = 0.0
    for i in range(n - 1):
        out[i] = cuts[i] - before
        before = cuts[i]
    out[n - 1] = 1.0 - before
    return out


@njit
def whole_numbers(floats, int_range, total):
    """Numbers from 0 to 1 as whole numbers of `int_range` that sum up to `total`: what rounding
    down leaves over goes one by one to random places.
    """
    low = int_range[0]
    high = int_range[1]
    out = np.empty(len(floats))
    for i in range(len(floats)):
        out[i] = np.floor((high - low) * floats[i] + low)
    for _ in range(int(total - out.sum())):
        out[np.random.choice(len(out))] += 1  # noqa: NPY002
    return out


@njit
def _spread_entries(entries, col, n, entry_wait, exit_wait):
    """`n` entries with room for an exit behind each, about evenly spread."""
    rows = entries.shape[0]
    if n == 1:
        entries[np.random.randint(0, rows - exit_wait), col] = True  # noqa: NPY002
        return
    pair = entry_wait + exit_wait
    if rows < pair * (n - 1) + exit_wait + 1:
        raise ValueError("there are fewer rows than that many entries and exits need")
    free = min(rows - pair * (n - 1) - 1, 3 * rows // (n + 1)) - exit_wait
    spaces = whole_numbers(uniform_parts(6), (0, free), free)
    first = spaces[0]
    length = rows - spaces[4] - spaces[5] - exit_wait - 1 - first
    gaps = whole_numbers(uniform_parts(n - 1), (pair, length - (n - 2) * pair), length)
    row = int(first)
    entries[row, col] = True
    for gap in gaps:
        row += int(gap)
        entries[row, col] = True


@njit
def random_pairs(shape, n, entry_wait, exit_wait, seed=None):
    """`n` entries and as many exits in each column, by turns."""
    if seed is not None:
        np.random.seed(seed)  # noqa: NPY002
    entries = np.full(shape, False)
    exits = np.full(shape, False)
    if entry_wait == 0 and exit_wait == 0:
        raise ValueError("entry_wait and exit_wait cannot both be 0")
    counts = np.asarray(n)
    if entry_wait == 1 and exit_wait == 1:
        both = random_signals(shape, counts * 2, None)
        for col in range(shape[1]):
            entering = True
            for i in range(shape[0]):
                if both[i, col]:
                    if entering:
                        entries[i, col] = True
                    else:
                        exits[i, col] = True
                    entering = not entering
        return entries, exits
    for col in range(shape[1]):
        own = flex_select_auto_nb(counts, 0, col, True)
        _spread_entries(entries, col, own, entry_wait, exit_wait)
    for col in range(shape[1]):
        own = _rows_of(entries, col)
        for k in range(len(own)):
            begin = own[k] + exit_wait
            last = own[k + 1] - entry_wait if k + 1 < len(own) else shape[0] - 1
            row = begin + np.random.randint(last - begin + 1)  # noqa: NPY002
            exits[row, col] = True
    return entries, exits


@njit
def chance_pairs(
    shape,
    entry_prob,
    exit_prob,
    entry_wait,
    exit_wait,
    entry_pick_first,
    exit_pick_first,
    flex_2d,
    seed=None,
):
    """Entries and exits by turns, each row with its probability; see `choose_pairs`."""
    if seed is not None:
        np.random.seed(seed)  # noqa: NPY002
    found = np.empty(shape[0], np.int64)
    return _chance_pairs(
        shape,
        entry_wait,
        exit_wait,
        entry_pick_first,
        exit_pick_first,
        (entry_prob, entry_pick_first, found, flex_2d),
        (exit_prob, exit_pick_first, found, flex_2d),
    )


@njit
def chance_chain(entries, prob, entry_wait, exit_wait, entry_pick_first, exit_pick_first, flex_2d):
    """The next entry and an exit with the probability of its row, by turns."""
    found = np.empty(entries.shape[0], np.int64)
    return _chance_chain(
        entries.shape,
        entry_wait,
        exit_wait,
        entry_pick_first,
        exit_pick_first,
        (entries,),
        (prob, exit_pick_first, found, flex_2d),
    )


# Stops

_stop_exits, _stop_pairs = _exits_by(stop_rows), _pairs_by(first_row, stop_rows)
_bar_stop_exits, _bar_stop_pairs = _exits_by(bar_stop_rows), _pairs_by(first_row, bar_stop_rows)


@njit
def stop_exits(entries, ts, stop, trailing, wait, until_next, skip_until_exit, pick_first, flex_2d):
    """Exits after each entry where a stop is hit; see `stop_rows` and `choose_exits`."""
    found = np.empty(entries.shape[0], np.int64)
    options = (ts, stop, trailing, wait, pick_first, found, flex_2d)
    return _stop_exits(entries, wait, until_next, skip_until_exit, pick_first, options)


@njit
def stop_pairs(entries, ts, stop, trailing, entry_wait, exit_wait, pick_first, flex_2d):
    """The next entry and the exits where its stop is hit, by turns; see `choose_pairs`."""
    found = np.empty(entries.shape[0], np.int64)
    return _stop_pairs(
        entries.shape,
        entry_wait,
        exit_wait,
        True,
        pick_first,
        (entries,),
        (ts, stop, trailing, exit_wait, pick_first, found, flex_2d),
    )


@njit
def bar_stop_exits(
    entries,
    open,
    high,
    low,
    close,
    stop_price_out,
    stop_type_out,
    sl_stop,
    sl_trail,
    tp_stop,
    reverse,
    is_open_safe,
    wait,
    until_next,
    skip_until_exit,
    pick_first,
    flex_2d,
):
    """Exits after each entry where a bar hits a stop; see `bar_stop_rows` and `choose_exits`."""
    found = np.empty(entries.shape[0], np.int64)
    options = (
        open, high, low, close, stop_price_out, stop_type_out, sl_stop, sl_trail, tp_stop, reverse,
        is_open_safe, wait, pick_first, found, flex_2d,
    )  # fmt: skip
    return _bar_stop_exits(entries, wait, until_next, skip_until_exit, pick_first, options)


@njit
def bar_stop_pairs(
    entries,
    open,
    high,
    low,
    close,
    stop_price_out,
    stop_type_out,
    sl_stop,
    sl_trail,
    tp_stop,
    reverse,
    is_open_safe,
    entry_wait,
    exit_wait,
    pick_first,
    flex_2d,
):
    """The next entry and the exits where a bar hits its stop, by turns; see `choose_pairs`."""
    found = np.empty(entries.shape[0], np.int64)
    options = (
        open, high, low, close, stop_price_out, stop_type_out, sl_stop, sl_trail, tp_stop, reverse,
        is_open_safe, exit_wait, pick_first, found, flex_2d,
    )  # fmt: skip
    return _bar_stop_pairs(
        entries.shape, entry_wait, exit_wait, True, pick_first, (entries,), options
    )

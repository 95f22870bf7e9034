"""Rules of signals in compiled functions, and call-backs that do nothing."""

from __future__ import annotations

import math

from .....core.execution import BOTH, LONG_ONLY, PERCENT_REVERSAL, SHORT_ONLY, is_less
from .....core.order_loop import pick
from .....core.order_types import NO_ORDER
from .....core.signals import (
    STOP_ALWAYS_REPLACED,
    STOP_REPLACED,
    resolve_conflict,
    resolve_opposite,
    resolve_sides,
    signed_order,
    stop_order,
    stop_signals,
)
from .....core.signals import stop_price as price_of_stop
from ...compiled import njit


@njit
def no_signal_func_nb(c, *args):
    """No signals."""
    return False, False, False, False


@njit
def no_adjust_sl_func_nb(c, *args):
    """The stop loss as it is."""
    return c.curr_stop, c.curr_trail


@njit
def no_adjust_tp_func_nb(c, *args):
    """The take profit as it is."""
    return c.curr_stop


@njit
def no_pre_func_nb(c, *args):
    """Hand the arguments on."""
    return args


@njit
def no_post_func_nb(c, *args):
    """Nothing."""
    return None


@njit
def no_order_func_nb(c, *args):
    """No order."""
    return NO_ORDER


@njit
def no_flex_order_func_nb(c, *args):
    """No order, and no further call."""
    return -1, NO_ORDER


@njit
def dir_enex_signal_func_nb(c, entries, exits, direction):
    """Signals of a cell from entries and exits, whose side `direction` names."""
    entry = pick(entries, c.i, c.col, c.flex_2d)
    exit_ = pick(exits, c.i, c.col, c.flex_2d)
    side = pick(direction, c.i, c.col, c.flex_2d)
    if side == LONG_ONLY:
        return entry, exit_, False, False
    if side == SHORT_ONLY:
        return False, False, entry, exit_
    return entry, False, exit_, False


@njit
def ls_enex_signal_func_nb(c, long_entries, long_exits, short_entries, short_exits):
    """Signals of a cell from four arrays."""
    return (
        pick(long_entries, c.i, c.col, c.flex_2d),
        pick(long_exits, c.i, c.col, c.flex_2d),
        pick(short_entries, c.i, c.col, c.flex_2d),
        pick(short_exits, c.i, c.col, c.flex_2d),
    )


@njit
def generate_stop_signal_nb(position_now, upon_stop_exit, accumulate):
    """The signals of a stop that fired, and how to accumulate: five values."""
    if position_now == 0:
        return False, False, False, False, accumulate
    return stop_signals(position_now, upon_stop_exit, accumulate)


@njit
def resolve_stop_price_and_slippage_nb(stop_price, price, close, slippage, stop_exit_price):
    """At which price, and with which slippage, a stop trades."""
    return stop_order(
        stop_exit_price, float(stop_price), float(price), float(close), float(slippage)
    )


@njit
def resolve_signal_conflict_nb(position_now, is_entry, is_exit, direction, conflict_mode):
    """An entry and an exit in one cell: returns the pair that remains."""
    if direction == BOTH and position_now != 0 and is_entry and is_exit and conflict_mode > 2:
        return resolve_sides(position_now, is_entry, is_exit, conflict_mode)
    return resolve_conflict(position_now, is_entry, is_exit, conflict_mode)


@njit
def resolve_dir_conflict_nb(position_now, is_long_entry, is_short_entry, upon_dir_conflict):
    """Entries of both sides in one cell: returns the pair that remains."""
    return resolve_sides(position_now, is_long_entry, is_short_entry, upon_dir_conflict)


@njit
def resolve_opposite_entry_nb(
    position_now,
    is_long_entry,
    is_long_exit,
    is_short_entry,
    is_short_exit,
    upon_opposite_entry,
    accumulate,
):
    """An entry against the held side: returns the four signals and how to accumulate."""
    if position_now > 0 and is_short_entry:
        is_long_exit, is_short_entry, accumulate = resolve_opposite(
            is_long_exit, True, upon_opposite_entry, accumulate
        )
    if position_now < 0 and is_long_entry:
        is_short_exit, is_long_entry, accumulate = resolve_opposite(
            is_short_exit, True, upon_opposite_entry, accumulate
        )
    return is_long_entry, is_long_exit, is_short_entry, is_short_exit, accumulate


@njit
def signals_to_size_nb(
    position_now,
    is_long_entry,
    is_long_exit,
    is_short_entry,
    is_short_exit,
    size,
    size_type,
    accumulate,
    val_price_now,
):
    """Signals to (size, size type, direction); sizes are positive for a purchase."""
    if size_type < 0 or size_type > 2:
        raise ValueError("signals take sizes as Amount, Value or Percent only")
    if is_less(size, 0.0):
        raise ValueError("size must not be negative: the signal says which side to trade")
    wanted, kind, direction, fault = signed_order(
        float(position_now), is_long_entry, is_long_exit, is_short_entry, is_short_exit,
        float(size), int(size_type), int(accumulate), float(val_price_now),
    )  # fmt: skip
    if fault == PERCENT_REVERSAL:
        raise ValueError("a size in Percent cannot reverse a position")
    entered = is_long_entry or is_short_entry
    if position_now == 0 or not (entered or (is_long_exit if position_now > 0 else is_short_exit)):
        direction = BOTH
    return wanted, kind, direction


@njit
def should_update_stop_nb(stop, upon_stop_update):
    """Whether an increase of the position replaces a stop."""
    if upon_stop_update == STOP_ALWAYS_REPLACED:
        return True
    return upon_stop_update == STOP_REPLACED and not math.isnan(stop)


@njit
def get_stop_price_nb(position_now, stop_price, stop, open, low, high, hit_below):
    """The price at which a stop trades in a bar, NaN if it does not; `hit_below`: a stop loss."""
    if stop < 0:
        raise ValueError("a stop must be 0 or greater")
    return price_of_stop(position_now, stop_price, stop, open, high, low, hit_below)

"""What guards the positions of signals with waiting entries: stops, trailing stops, liquidation.

Also names the rows of the matrix that a block of columns keeps of them, beside the state of
`matrix`. The rules are told in docs/semantics.md under "Extensions".
"""

from __future__ import annotations

import math

from .jit import njit
from .levered_orders import liquidation_level
from .matrix import (
    CASH,
    POSITION,
    SL,
    SL_PRICE,
    STOP_ENTRY_PRICE,
    STOP_UPDATE,
    TP,
    TP_PRICE,
    TRAIL,
    read,
)
from .pending_inputs import (
    BY_LIQUIDATION,
    BY_SIGNAL,
    BY_STOP_LOSS,
    BY_TAKE_PROFIT,
    BY_TRAILING_STOP,
    TSL_START,
    TSL_STOP,
)
from .signals import (
    STOP_FROM_CLOSE,
    STOP_FROM_VAL_PRICE,
    has_opened,
    is_replaced,
    level_price,
    set_stops,
    stop_level,
    stop_reference,
    trail_stop,
)

# Rows of the matrix of what waits and guards in a block of columns, beside the state of `matrix`.
(
    WAIT_SIDE,  # 0: nothing waits; 1: a long entry, -1: a short one
    WAIT_TYPE,
    WAIT_LEVEL,
    WAIT_ROW,  # of its signal
    WAIT_UNTIL,  # the last row that it meets; inf: good till cancelled
    WAIT_ACCUMULATE,
    TRAIL_STOP,  # NaN: none
    TRAIL_START,
    TRAIL_FROM,  # the price from which the gain counts
    TRAIL_BEST,
    GUARD_ROW,  # in which stops were set or the position was opened
) = range(11)
N_WAIT = 11


@njit
def _is_nearer(position, level, than):
    """Whether the price meets a loss at `level` before the one at `than`."""
    if math.isnan(level):
        return False
    return math.isnan(than) or (level > than if position > 0.0 else level < than)


@njit
def trails(position, start, origin, best):
    """Whether a trailing stop has begun: the best price has gained `start` over the origin."""
    if position > 0.0:
        return best >= origin * (1.0 + start)
    return best <= origin * (1.0 - start)


@njit
def loss_level(state, wait, k, maintenance):
    """The level on the side of losses that the price meets first: returns (kind, level).

    Level NaN: there is none. Of equal levels the stop loss comes first, liquidation last.
    """
    position = state[POSITION, k]
    kind = BY_STOP_LOSS if state[TRAIL, k] == 0.0 else BY_TRAILING_STOP
    level = stop_level(position, state[SL_PRICE, k], state[SL, k], True)
    if not math.isnan(wait[TRAIL_STOP, k]):
        best = wait[TRAIL_BEST, k]
        if trails(position, wait[TRAIL_START, k], wait[TRAIL_FROM, k], best):
            trailing = stop_level(position, best, wait[TRAIL_STOP, k], True)
            if _is_nearer(position, trailing, level):
                kind = BY_TRAILING_STOP
                level = trailing
    liquidation = liquidation_level(state[CASH, k], position, maintenance)
    if _is_nearer(position, liquidation, level):
        kind = BY_LIQUIDATION
        level = liquidation
    return kind, level


@njit
def fired(state, wait, k, maintenance, minds_profit, open_, high, low):
    """What ends a position in a bar: returns (kind, level, price), price NaN if nothing does.

    Losses come before the profit: of a bar that reaches both it is not known which came first.
    """
    position = state[POSITION, k]
    if position == 0.0:
        return BY_SIGNAL, math.nan, math.nan
    is_long = position > 0.0
    kind, level = loss_level(state, wait, k, maintenance)
    price = level_price(level, is_long, open_, high, low)
    if math.isnan(price) and minds_profit and not math.isnan(state[TP, k]):
        kind = BY_TAKE_PROFIT
        level = stop_level(position, state[TP_PRICE, k], state[TP, k], False)
        price = level_price(level, not is_long, open_, high, low)
    return kind, level, price


@njit
def follow(state, wait, k, high, low):
    """Trailing stops follow the extremes of a bar, after it was checked."""
    if state[TRAIL, k] != 0.0 and not math.isnan(state[SL, k]):
        trail_stop(state, k, high, low)
    position = state[POSITION, k]
    if position > 0.0 and high > wait[TRAIL_BEST, k]:
        wait[TRAIL_BEST, k] = high
    elif position < 0.0 and low < wait[TRAIL_BEST, k]:
        wait[TRAIL_BEST, k] = low


@njit
def set_guards(
    state, wait, k, i, r, j, before, order_price, fill_price, waited, close, sl_stop, tp_stop, p,
    layout,
):  # fmt: skip
    """Set, replace or clear all stops after a fill in row i of an order of the signal in row r.

    Of an entry that `waited` the stops count from its own price where they would count from one
    that is not known inside the bar (the close, or the valuation price).
    """
    cleared, set_sl, set_tp = set_stops(
        state, k, r, j, before, order_price, fill_price, close, sl_stop, tp_stop, p, layout
    )
    if cleared:
        wait[TRAIL_STOP, k] = math.nan
        return
    position = state[POSITION, k]
    opened = has_opened(position, before)
    if not opened and abs(position) <= abs(before):
        return
    source = int(read(p, layout, STOP_ENTRY_PRICE, r, j))
    reference = fill_price
    if not waited or source not in (STOP_FROM_VAL_PRICE, STOP_FROM_CLOSE):
        reference = stop_reference(state, k, r, j, order_price, fill_price, close, p, layout)
    if set_sl:
        state[SL_PRICE, k] = reference
    if set_tp:
        state[TP_PRICE, k] = reference
    trailing = read(p, layout, TSL_STOP, r, j)
    set_trail = is_replaced(opened, int(read(p, layout, STOP_UPDATE, r, j)), trailing)
    if set_trail:
        wait[TRAIL_STOP, k] = trailing
        wait[TRAIL_START, k] = read(p, layout, TSL_START, r, j)
        wait[TRAIL_FROM, k] = reference
        wait[TRAIL_BEST, k] = reference
    if set_sl or set_tp or set_trail:
        wait[GUARD_ROW, k] = i

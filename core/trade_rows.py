"""The row of a trade, and the steps that every way of making trades of fills is made of."""

from __future__ import annotations

import math

import numpy as np

from .jit import njit

#: One trade. Units are signed (long > 0), money is in the asset's currency. Rows and numbers are
#: -1, prices NaN where there is none; what a trade with `open` says of its exit is of the part
#: that is closed already. `pnl` and `unrealised` are gross, commission is positive.
TRADE = np.dtype(
    [
        ("asset", np.int64),
        ("entry_bar", np.int64),  # of its first fill
        ("exit_bar", np.int64),  # of its last fill, -1 while open
        ("entry_time", np.int64),
        ("exit_time", np.int64),
        ("size", np.float64),  # FLAT: the largest position; else the units that it entered
        ("entry_price", np.float64),  # averages over the units entered and closed
        ("exit_price", np.float64),
        ("pnl", np.float64),  # of the closed part
        ("commission", np.float64),
        ("open", np.bool_),
        ("slot", np.int64),  # the position that it belongs to
        ("entry_fill", np.int64),
        ("exit_fill", np.int64),
        ("entry_order", np.int64),
        ("exit_order", np.int64),
        ("entry_cause", np.int64),  # `cause` of these fills, -1 where fills have none
        ("exit_cause", np.int64),
        ("entered", np.float64),  # units that it opened in all
        ("held", np.float64),  # of which are still open
        ("entry_value", np.float64),  # absolute worth of the units entered at their prices
        ("entry_commission", np.float64),
        ("exit_commission", np.float64),
        ("mark", np.float64),  # last close, of an open trade
        ("unrealised", np.float64),  # profit of `held` at `mark`, 0 of a closed trade
        ("return", np.float64),  # profit after commission / entry_value
        ("holding_ns", np.int64),  # to the exit, or to the last bar
        ("holding_bars", np.int64),  # bars of the asset after the entry's, up to the exit's
        ("mfe", np.float64),  # see `excursions.measure`
        ("mae", np.float64),
        ("mfe_return", np.float64),  # the same / entry_value
        ("mae_return", np.float64),
        ("restated", np.bool_),  # a split changed its units: its excursions are not known
    ]
)

# What a trade needs of a fill: kernels stay the same, whatever else fills carry.
PART = np.dtype(
    [(name, np.int64) for name in ("order", "asset", "bar", "time")]
    + [
        (name, np.float64)
        for name in (
            "price",
            "closed",
            "opened",
            "closed_commission",
            "opened_commission",
            "position_size",
        )
    ]
)

# What is known of a position while the fills are read. Worth is price, or -1 / price of an inverse
# contract: profit is multiplier x units x difference in worth.
STATE = np.dtype(
    [
        ("held", np.float64),
        ("basis", np.float64),  # average worth of what is held
        ("commission", np.float64),  # paid on the entries of what is held
        ("row", np.int64),  # the open trade; ENTRY: the first of its chain. -1: flat
        ("last_row", np.int64),
        ("first", np.int64),  # the fill that left the flat position
        ("bar", np.int64),  # of its latest fill
        ("entered", np.float64),
        ("left", np.float64),  # units that were closed
        ("left_worth", np.float64),
        ("pnl", np.float64),
        ("exit_commission", np.float64),
        ("restated", np.bool_),
    ]
)

#: A stretch of time in which the units of a trade do not change: its profit at price p is
#: `flow + units x worth(p)`. `end_price` is where the stretch ends, NaN at the end of the data.
SEGMENT = np.dtype(
    [
        ("trade", np.int64),
        ("asset", np.int64),
        ("first", np.int64),
        ("last", np.int64),
        ("units", np.float64),  # times the multiplier
        ("flow", np.float64),
        ("end_price", np.float64),
    ]
)

SAME = 1e-9


@njit
def worth(price, inverse):
    """What a unit is worth at `price`, before the multiplier: price, or -1 / price if inverse."""
    return -1.0 / price if inverse else price


@njit
def price_at(level, inverse):
    """The price at which a unit is worth `level`."""
    return -1.0 / level if inverse else level


@njit
def restated(held, fill):
    """Units that a unit held before this fill has become without a fill: 1.0 usually.

    A split changes it; 0.0 when the position ended outside of the market.
    """
    if held == 0.0:
        return 1.0
    after = fill["position_size"]
    if fill["closed"] == 0.0 and after == fill["opened"]:
        return 0.0
    size = fill["closed"] + fill["opened"]
    before = after - size
    if abs(before - held) <= SAME * max(abs(held), abs(after), abs(size)):
        return 1.0
    ratio = before / held
    return ratio if ratio > 0.0 and np.isfinite(ratio) else 1.0


@njit
def begin(trade, k, fill, slot):
    """Start a trade with fill k; its prices hold worths until `_finish`."""
    trade["asset"] = fill["asset"]
    trade["slot"] = slot
    trade["entry_bar"] = fill["bar"]
    trade["entry_time"] = fill["time"]
    trade["entry_fill"] = k
    trade["entry_order"] = fill["order"]
    trade["exit_bar"] = -1
    trade["exit_time"] = 0
    trade["exit_fill"] = -1
    trade["exit_order"] = -1
    trade["entry_cause"] = -1
    trade["exit_cause"] = -1
    trade["entry_price"] = math.nan
    trade["exit_price"] = math.nan
    trade["mark"] = math.nan
    trade["open"] = True


@njit
def end_trade(trade, k, fill):
    trade["exit_bar"] = fill["bar"]
    trade["exit_time"] = fill["time"]
    trade["exit_fill"] = k
    trade["exit_order"] = fill["order"]
    trade["open"] = False
    trade["held"] = 0.0


@njit
def averaged(average, units, more, level):
    """The average worth of `units` and `more` of them at `level`; NaN average: none so far."""
    return level if units == 0.0 else (average * units + level * more) / (units + more)


@njit
def enter(state, opened, level, commission):
    state["basis"] = averaged(state["basis"], state["held"], opened, level)
    state["held"] += opened
    state["entered"] += opened
    state["commission"] += commission


@njit
def rescale(state, ratio):
    """A split: more units, each worth less."""
    state["held"] *= ratio
    state["basis"] /= ratio
    state["entered"] *= ratio
    state["left"] *= ratio
    state["restated"] = True


@njit
def rescale_row(trade, ratio):
    trade["size"] *= ratio
    trade["entered"] *= ratio
    trade["held"] *= ratio
    trade["entry_price"] /= ratio
    trade["exit_price"] /= ratio
    trade["restated"] = True


@njit
def clear(state):
    state["held"] = 0.0
    state["basis"] = 0.0
    state["commission"] = 0.0
    state["row"] = -1
    state["last_row"] = -1
    state["first"] = -1
    state["entered"] = 0.0
    state["left"] = 0.0
    state["left_worth"] = 0.0
    state["pnl"] = 0.0
    state["exit_commission"] = 0.0
    state["restated"] = False

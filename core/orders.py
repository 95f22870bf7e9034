"""Orders as rows: their kinds, their dtype, and the life cycle as one transition table."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Kind(IntEnum):
    """What makes an order trade.

    `MARKET` trades at the price that `Rules.fill_time` names. `CLOSE` trades at the close of the
    bar that ends its session. `LIMIT` trades at its limit or better. `STOP` becomes a market
    order when its stop is reached, `STOP_LIMIT` a limit order. `TRAIL` and `TRAIL_LIMIT` are a
    stop and a stop-limit whose stop follows the price in the favourable direction only.
    """

    MARKET = 0
    CLOSE = 1
    LIMIT = 2
    STOP = 3
    STOP_LIMIT = 4
    TRAIL = 5
    TRAIL_LIMIT = 6


class Status(IntEnum):
    """Where an order stands. The last five are final: see `TRANSITIONS`."""

    INITIALISED = 0
    SUBMITTED = 1
    ACCEPTED = 2
    PARTIAL = 3
    FILLED = 4
    CANCELLED = 5
    EXPIRED = 6
    MARGIN = 7
    REJECTED = 8


class TimeInForce(IntEnum):
    """How long an order lives: till cancelled, to the end of its day, or to a date."""

    GTC = 0
    DAY = 1
    GTD = 2


# Plain integers: kernels freeze them as constants, and they compare fast in either mode.
MARKET, CLOSE, LIMIT, STOP, STOP_LIMIT, TRAIL, TRAIL_LIMIT = (int(k) for k in Kind)
(
    INITIALISED,
    SUBMITTED,
    ACCEPTED,
    PARTIAL,
    FILLED,
    CANCELLED,
    EXPIRED,
    MARGIN,
    REJECTED,
) = (int(s) for s in Status)

_LEGAL = {
    Status.INITIALISED: (Status.SUBMITTED, Status.ACCEPTED, Status.REJECTED),
    # A group that is transmitted again submits its members again.
    Status.SUBMITTED: (Status.SUBMITTED, Status.ACCEPTED, Status.MARGIN, Status.REJECTED),
    Status.ACCEPTED: (
        Status.SUBMITTED,
        Status.ACCEPTED,
        Status.PARTIAL,
        Status.FILLED,
        Status.CANCELLED,
        Status.EXPIRED,
        Status.MARGIN,
    ),
    Status.PARTIAL: (
        Status.PARTIAL,
        Status.FILLED,
        Status.CANCELLED,
        Status.EXPIRED,
        Status.MARGIN,
    ),
}

#: `TRANSITIONS[a, b]` is True when an order in status `a` may enter status `b`. An order that its
#: bracket sent again (a child came after the group was transmitted) is in the book more than once;
#: what then happens to each entry is its status, so the table does not hold for it.
TRANSITIONS = np.zeros((len(Status), len(Status)), dtype=np.bool_)
for _from, _to in _LEGAL.items():
    TRANSITIONS[_from, list(_to)] = True

#: One order. Sizes are signed (buy > 0); NaN marks a price that was not given; -1 marks no order.
ORDER = np.dtype(
    [
        ("asset", np.int64),
        ("kind", np.int8),
        ("status", np.int8),
        ("triggered", np.bool_),  # the stop was reached: from now on it works as a limit order
        ("limit_reached", np.bool_),  # sticky trigger of `Rules.trigger_on = CLOSE`
        ("active", np.bool_),  # False while a bracket's parent has not filled
        ("transmit", np.bool_),
        ("resent", np.bool_),  # sent twice by its bracket: see `TRANSITIONS`
        ("parent", np.int64),
        ("sibling", np.int64),  # next order of the same bracket
        ("last_child", np.int64),  # on a parent: where to append
        ("bracket_open", np.bool_),  # on a parent: the bracket still takes children
        ("in_bracket", np.bool_),
        ("oco", np.int64),  # the order that leads its one-cancels-other group
        ("in_oco", np.bool_),
        ("oco_next", np.int64),  # next order of the same group
        ("oco_last", np.int64),  # on a leader: where to append
        ("size", np.float64),
        ("filled", np.float64),
        ("remaining", np.float64),
        ("limit", np.float64),
        ("stop", np.float64),
        ("trail_amount", np.float64),
        ("trail_percent", np.float64),
        ("limit_offset", np.float64),  # trailing stop-limit: stop minus limit, kept constant
        ("reference", np.float64),  # the price at which the cash check prices the order
        ("created_bar", np.int64),
        ("created_time", np.int64),  # time of the asset's own latest bar
        ("created_close", np.float64),
        ("expires", np.int64),  # ns; 0: never. Expired on the first bar after it
        ("session_end", np.int64),  # CLOSE orders: ns of the end of the session they wait for
        ("noted_close", np.float64),
        ("closed_bar", np.int64),  # bar of the final status, -1 while alive
        ("accrued", np.float64),  # commission before the minimum
        ("commission", np.float64),
        ("average_price", np.float64),
        ("needed", np.float64),  # what decided a MARGIN status: cash needed and cash there was
        ("available", np.float64),
    ]
)

#: One status change. `fill` is the row of the fill that caused it, or -1; `triggered` the order's
#: at that moment. All of one type, so that a table of integers is the same memory.
EVENT = np.dtype(
    [(name, np.int64) for name in ("order", "status", "bar", "time", "fill", "triggered")]
)

#: One execution. `size` = `closed` + `opened`, all signed; `pnl` is gross, of the closed part.
FILL = np.dtype(
    [
        ("order", np.int64),
        ("asset", np.int64),
        ("bar", np.int64),  # the bar whose price and time it bears
        ("booked", np.int64),  # the bar in which the account changed
        ("time", np.int64),
        ("size", np.float64),
        ("price", np.float64),
        ("commission", np.float64),
        ("closed", np.float64),
        ("opened", np.float64),
        ("closed_value", np.float64),
        ("opened_value", np.float64),
        ("closed_commission", np.float64),
        ("opened_commission", np.float64),
        ("pnl", np.float64),
        ("position_size", np.float64),
        ("position_price", np.float64),
        ("cash", np.float64),
    ]
)

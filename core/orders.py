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
    `MARKET_IF_TOUCHED` and `LIMIT_IF_TOUCHED` wait on the other side: a buy becomes a market (or
    limit) order when the price has fallen to its stop, a sell when it has risen to it.
    """

    MARKET = 0
    CLOSE = 1
    LIMIT = 2
    STOP = 3
    STOP_LIMIT = 4
    TRAIL = 5
    TRAIL_LIMIT = 6
    MARKET_IF_TOUCHED = 7
    LIMIT_IF_TOUCHED = 8


class Status(IntEnum):
    """Where an order stands; `FINAL` are the ends, `WORKING` what can trade: see `TRANSITIONS`.

    `DENIED`: refused before it was sent (a limit on positions or orders, a size below the
    minimum). `REJECTED`: refused by the market. `MARGIN`: refused for lack of cash or margin.
    `TRIGGERED`: its stop was reached (noted where `Rules.trigger_status` says so).
    `PENDING_CANCEL`: a cancel is on its way; until it arrives the order can trade.
    """

    INITIALISED = 0
    SUBMITTED = 1
    ACCEPTED = 2
    PARTIAL = 3
    FILLED = 4
    CANCELLED = 5
    EXPIRED = 6
    MARGIN = 7
    REJECTED = 8
    DENIED = 9
    TRIGGERED = 10
    PENDING_CANCEL = 11


class TimeInForce(IntEnum):
    """How long an order lives.

    `GTC`: till cancelled. `DAY`: to the end of the session of the first bar that it can meet.
    `GTD`: to a date. `IOC`: what does not trade in the first bar that it meets is cancelled.
    `FOK`: it trades whole in that bar, or is cancelled. `AT_OPEN`: only at the open of the first
    bar of the next session. `AT_CLOSE`: only at the close of the last bar of a session.
    """

    GTC = 0
    DAY = 1
    GTD = 2
    IOC = 3
    FOK = 4
    AT_OPEN = 5
    AT_CLOSE = 6


class Reason(IntEnum):
    """Why an order ended without filling whole; `NONE` while it lives or when it filled.

    Where a number decided, `needed` and `available` of the order hold both sides of the
    inequality: the order ended since needed > available. An order that a risk rule made smaller
    bears the rule's reason and inequality while it lives.
    """

    NONE = 0
    USER = 1  # cancelled by a call
    GROUP = 2  # another order of its OCO group or bracket traded or ended
    PARENT = 3  # its bracket's parent ended before
    TIME = 4  # its time in force was over
    IMMEDIATE = 5  # IOC or FOK: the first bar did not fill it
    CASH = 6  # cash needed against cash there was
    BUYING_POWER = 7  # margin needed against equity
    SIZE = 8  # rounded to lots it is below the minimum size (needed: that; available: the size)
    REDUCE_ONLY = 9  # nothing is left to reduce
    NOT_SHORTABLE = 10  # units to borrow against units there are
    POSITION_LIMIT = 11
    ORDER_LIMIT = 12
    EXPOSURE_LIMIT = 13
    HALTED = 14  # a risk rule has stopped trading
    EXPIRED_ASSET = 15  # the contract has expired or the asset was delisted
    MODIFIED = 16  # a change left nothing to trade
    MARGIN_CALL = 17  # it would have opened while positions are sold for want of margin
    ACTION = 18  # its contract was rolled, or a split left nothing to trade
    VOLATILITY = 19  # nothing is left of it on a volatility target (needed: the realised one)


class Cause(IntEnum):
    """What sent an order: the strategy, or a rule of the engine in its name."""

    STRATEGY = 0
    STOP_LOSS = 1
    TAKE_PROFIT = 2
    TRAILING_STOP = 3
    TIME_STOP = 4
    BREAK_EVEN = 5
    MAX_DRAWDOWN = 6
    DAILY_LOSS = 7
    EXPOSURE = 8
    POSITION_LIMIT = 9
    VOLATILITY_TARGET = 10
    MARGIN_CALL = 11
    EXPIRY = 12
    DELISTING = 13
    ROLL = 14
    ORDER_LIMIT = 15
    CASH_IN_LIEU = 16  # a fraction of a unit, sold
    STOCK_DIVIDEND = 17  # units that came for nothing
    SYMBOL_CHANGE = 18  # positions netted as two assets became one


# Plain integers: kernels freeze them as constants, and they compare fast in either mode.
(
    MARKET,
    CLOSE,
    LIMIT,
    STOP,
    STOP_LIMIT,
    TRAIL,
    TRAIL_LIMIT,
    MARKET_IF_TOUCHED,
    LIMIT_IF_TOUCHED,
) = (int(k) for k in Kind)
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
    DENIED,
    TRIGGERED,
    PENDING_CANCEL,
) = (int(s) for s in Status)

FINAL = (
    Status.FILLED,
    Status.CANCELLED,
    Status.EXPIRED,
    Status.MARGIN,
    Status.REJECTED,
    Status.DENIED,
)
WORKING = (Status.ACCEPTED, Status.PARTIAL, Status.TRIGGERED, Status.PENDING_CANCEL)

_ENDS = (Status.FILLED, Status.CANCELLED, Status.EXPIRED, Status.MARGIN, Status.REJECTED)
_LEGAL = {
    Status.INITIALISED: (
        Status.SUBMITTED,
        Status.ACCEPTED,
        Status.REJECTED,
        Status.DENIED,
        Status.CANCELLED,
        Status.EXPIRED,
    ),
    # A group that is transmitted again submits its members again.
    Status.SUBMITTED: (
        Status.SUBMITTED,
        Status.ACCEPTED,
        Status.PENDING_CANCEL,
        Status.CANCELLED,
        Status.EXPIRED,
        Status.MARGIN,
        Status.REJECTED,
    ),
    # Into itself: the order was changed.
    Status.ACCEPTED: (
        Status.SUBMITTED,
        Status.ACCEPTED,
        Status.TRIGGERED,
        Status.PENDING_CANCEL,
        Status.PARTIAL,
        *_ENDS,
    ),
    Status.TRIGGERED: (Status.TRIGGERED, Status.PENDING_CANCEL, Status.PARTIAL, *_ENDS),
    Status.PARTIAL: (Status.PARTIAL, Status.TRIGGERED, Status.PENDING_CANCEL, *_ENDS),
    Status.PENDING_CANCEL: (Status.TRIGGERED, Status.PARTIAL, *_ENDS),
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
        ("asset", np.int32),
        ("slot", np.int32),  # the row of POSITION that it trades into
        ("kind", np.int8),
        ("status", np.int8),
        ("tif", np.int8),
        ("reason", np.int8),
        ("cause", np.int8),
        ("fill_time", np.int8),  # a market order's own `rules.FillTime` or `GIVEN`; -1: the rules'
        ("triggered", np.bool_),  # the stop was reached: from now on it works as a limit order
        ("limit_reached", np.bool_),  # sticky trigger of `Rules.trigger_on = CLOSE`
        ("active", np.bool_),  # False while a bracket's parent has not filled
        ("transmit", np.bool_),
        ("resent", np.bool_),  # sent twice by its bracket: see `TRANSITIONS`
        ("reduce_only", np.bool_),
        ("independent", np.bool_),  # a child that its parent triggers, but no sibling cancels
        ("met", np.bool_),  # it has met a bar
        ("tried", np.bool_),  # scratch: it has met the leg of the bar that is being walked
        ("held_in", np.int32),  # the bar that triggered it and in which it may not trade, -1: none
        ("sequence", np.int32),  # its turn among the pending orders
        ("parent", np.int32),
        ("sibling", np.int32),  # next order of the same bracket
        ("last_child", np.int32),  # on a parent: where to append
        ("bracket_open", np.bool_),  # on a parent: the bracket still takes children
        ("in_bracket", np.bool_),
        ("oco", np.int32),  # the order that leads its one-cancels-other group
        ("in_oco", np.bool_),
        ("oco_next", np.int32),  # next order of the same group
        ("oco_last", np.int32),  # on a leader: where to append
        ("size", np.float64),
        ("asked", np.float64),  # `size` before a risk rule cut it
        ("filled", np.float64),
        ("remaining", np.float64),
        ("limit", np.float64),
        ("stop", np.float64),
        ("trail_amount", np.float64),
        ("trail_percent", np.float64),
        ("limit_offset", np.float64),  # trailing stop-limit: stop minus limit, kept constant
        ("reference", np.float64),  # the price at which the cash check prices the order
        ("created_bar", np.int32),
        ("closed_bar", np.int32),  # bar of the final status, -1 while alive
        ("created_time", np.int64),  # time of the asset's own latest bar
        ("created_close", np.float64),
        ("session", np.int64),  # of the first bar that it can meet: DAY, AT_OPEN
        ("expires", np.int64),  # ns; 0: never. Expired on the first bar after it
        ("session_end", np.int64),  # CLOSE orders: ns of the end of the session they wait for
        ("arrives", np.int32),  # latency: the time index from which the market has it
        ("cancel_arrives", np.int32),  # the same of a cancel on its way, -1: none
        ("change_arrives", np.int32),  # the same of a change on its way, -1: none
        ("new_size", np.float64),  # what that change brings
        ("new_limit", np.float64),
        ("new_stop", np.float64),
        ("restated", np.int32),  # bar + 1 in which a corporate action changed it, 0: none
        ("noted_close", np.float64),
        ("accrued", np.float64),  # commission before the minimum
        ("commission", np.float64),
        ("average_price", np.float64),
        ("needed", np.float64),  # what decided a refusal: see `Reason`
        ("available", np.float64),
    ]
)

#: Instead of a `FillTime`: at the order's `reference`, in the next step.
GIVEN = 100

#: One status change. `row` is the asset's latest bar then, -1 before its first; `fill` the row of
#: the fill that caused it, or -1; `triggered` the order's at that moment. All of one type, so that
#: a table of integers is the same memory.
EVENT = np.dtype(
    [(name, np.int32) for name in ("order", "status", "bar", "row", "fill", "triggered")]
)

#: One execution. `size` = `closed` + `opened`, all signed; `pnl` is gross, of the closed part.
FILL = np.dtype(
    [
        ("order", np.int32),
        ("asset", np.int32),
        ("bar", np.int32),  # the bar whose price and time it bears
        ("booked", np.int32),  # the bar in which the account changed
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
        ("slot", np.int32),
        ("cause", np.int8),
        ("maker", np.bool_),  # it rested in the book: see `matching.rested`
        ("ambiguous", np.bool_),  # its bar reaches an order of the same group too
        ("step", np.int32),  # the finer bar in which it traded, -1: none given
    ]
)

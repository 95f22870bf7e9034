"""One order against one cash balance: sizing, cash limit, fees, and what is left afterwards.

The arithmetic behind the matrix kernels in `signals`. All of it is IEEE double, and two numbers
count as equal within a tolerance (`is_close`): that tolerance decides whether a dust position
exists, whether a purchase fits the cash, whether an order is too small. It is therefore part of
the fill rule and not a detail of testing.
"""

from __future__ import annotations

import math

import numpy as np

from .jit import njit

RELATIVE_TOLERANCE = 1e-9
ABSOLUTE_TOLERANCE = 1e-12

# Size types: what the requested size means.
AMOUNT = 0
VALUE = 1
PERCENT = 2
TARGET_AMOUNT = 3
TARGET_VALUE = 4
TARGET_PERCENT = 5

# Directions: which side of zero the position may lie on.
LONG_ONLY = 0
SHORT_ONLY = 1
BOTH = 2

BUY = 0
SELL = 1

# Outcome of an order.
FILLED = 0
IGNORED = 1
REJECTED = 2
INVALID = 3

# Why an order was not filled (`REASONS` holds the words).
SIZE_NAN = 0
PRICE_NAN = 1
VAL_PRICE_NAN = 2
VALUE_NAN = 3
VALUE_NOT_POSITIVE = 4
SIZE_ZERO = 5
NO_CASH_SHORT = 6
NO_CASH_LONG = 7
NO_OPEN_POSITION = 8
MAX_SIZE_EXCEEDED = 9
RANDOM_REJECTION = 10
FEES_NOT_COVERED = 11
MIN_SIZE_NOT_REACHED = 12
PARTIAL_FILL = 13

# What was wrong with an order that must not have been sent (`INVALID_ORDERS` holds the words).
BAD_CASH = 0
BAD_POSITION = 1
BAD_DEBT = 2
BAD_FREE_CASH = 3
BAD_PRICE = 4
BAD_SIZE_TYPE = 5
BAD_DIRECTION = 6
SHORT_BUT_LONG_ONLY = 7
LONG_BUT_SHORT_ONLY = 8
BAD_FEES = 9
BAD_FIXED_FEES = 10
BAD_SLIPPAGE = 11
BAD_MIN_SIZE = 12
BAD_MAX_SIZE = 13
BAD_GRANULARITY = 14
BAD_VAL_PRICE = 15
INFINITE_LONG = 16
INFINITE_SHORT = 17
NEGATIVE_SIZE = 18
SIGNAL_SIZE_TYPE = 19
PERCENT_REVERSAL = 20
NEGATIVE_STOP = 21
CALL_SEQUENCE = 22
BAD_REJECT_PROB = 23
OUTSIDE_GROUP = 24

REASONS = {
    SIZE_NAN: "the size is NaN",
    PRICE_NAN: "the price is NaN",
    VAL_PRICE_NAN: "the valuation price is NaN",
    VALUE_NAN: "the portfolio value is NaN",
    VALUE_NOT_POSITIVE: "the portfolio value is zero or negative",
    SIZE_ZERO: "the size is zero",
    NO_CASH_SHORT: "there is no cash to go short",
    NO_CASH_LONG: "there is no cash to go long",
    NO_OPEN_POSITION: "there is no open position to reduce or close",
    MAX_SIZE_EXCEEDED: "the size is greater than the largest allowed",
    RANDOM_REJECTION: "it was drawn for a random rejection",
    FEES_NOT_COVERED: "the cash does not cover the fees",
    MIN_SIZE_NOT_REACHED: "the final size is less than the smallest allowed",
    PARTIAL_FILL: "the final size is less than requested and partial fills are not allowed",
}

INVALID_ORDERS = {
    BAD_CASH: "cash is NaN or negative before the order",
    BAD_POSITION: "the position is not finite before the order",
    BAD_DEBT: "the debt is negative or not finite before the order",
    BAD_FREE_CASH: "free cash is NaN before the order",
    BAD_PRICE: "the order price must be finite and greater than 0",
    BAD_SIZE_TYPE: "the size type is unknown",
    BAD_DIRECTION: "the direction is unknown",
    SHORT_BUT_LONG_ONLY: "the position is short, but the order's direction is long only",
    LONG_BUT_SHORT_ONLY: "the position is long, but the order's direction is short only",
    BAD_FEES: "fees must be finite",
    BAD_FIXED_FEES: "fixed_fees must be finite",
    BAD_SLIPPAGE: "slippage must be finite and 0 or greater",
    BAD_MIN_SIZE: "min_size must be finite and 0 or greater",
    BAD_MAX_SIZE: "max_size must be greater than 0",
    BAD_GRANULARITY: "size_granularity must be NaN, or finite and greater than 0",
    BAD_VAL_PRICE: "a size in money needs a valuation price that is finite and greater than 0",
    INFINITE_LONG: "an infinite size cannot be bought with infinite cash",
    INFINITE_SHORT: "an infinite size cannot be sold short",
    NEGATIVE_SIZE: "size must not be negative: the signal says which side to trade",
    SIGNAL_SIZE_TYPE: "signals take sizes as amount, value or percent only",
    PERCENT_REVERSAL: "a size in percent cannot reverse a position; use accumulate or close first",
    NEGATIVE_STOP: "a stop must be 0 or greater",
    CALL_SEQUENCE: "the call sequence names a position outside of its group",
    BAD_REJECT_PROB: "reject_prob must lie between 0 and 1",
    OUTSIDE_GROUP: "the order function returned a column outside of its group",
}


class OrderRejected(Exception):
    """An order was rejected and its `raise_reject` was set; the text says where and why."""


class RecordsFull(IndexError):
    """There are more orders or log entries than there was room for."""

    def __init__(self, what: str, place: str) -> None:
        super().__init__(f"no room for more {what} at {place}; raise max_{what}")


class InvalidOrder(ValueError):
    """An order must not have been sent; the text says where and why, `fault` is the number of
    `INVALID_ORDERS`."""

    def __init__(self, fault: int, place: str) -> None:
        self.fault = fault
        super().__init__(f"order{place}: {INVALID_ORDERS[fault]}")


@njit
def is_close(a, b):
    """Whether two numbers count as equal; false when either is NaN or infinite."""
    if not (math.isfinite(a) and math.isfinite(b)):
        return False
    if a == b:
        return True
    tolerance = max(RELATIVE_TOLERANCE * max(abs(a), abs(b)), ABSOLUTE_TOLERANCE)
    return abs(a - b) <= tolerance


@njit
def is_less(a, b):
    """Whether `a` lies below `b` by more than the tolerance."""
    return a < b and not is_close(a, b)


@njit
def snapped_sum(a, b):
    """`a + b`, exactly 0 where the two cancel within the tolerance."""
    if (a > 0.0 and b > 0.0) or (a < 0.0 and b < 0.0) or (a == 0.0 and b == 0.0):
        if is_close(a + b, 0.0):
            return 0.0
    elif is_close(abs(a), abs(b)):
        return 0.0
    return a + b


@njit
def snapped(x):
    """`x`, or exactly 0 when it is within the tolerance of 0."""
    return 0.0 if abs(x) <= ABSOLUTE_TOLERANCE else x


@njit
def whole_granules(size, granularity, floor_division):
    """The largest multiple of `granularity` in `size`.

    `floor_division` chooses between Python's floor division (exact, so that 45.4 holds 45399
    granules of 0.001) and the floor of the rounded quotient (45400). NaN granularity: no change.
    """
    if math.isnan(granularity):
        return size
    if floor_division:
        return size // granularity * granularity
    return np.floor(size / granularity) * granularity


@njit
def long_cash_limit(cash, position, debt, free_cash, price, fees, fixed_fees):
    """The cash that a purchase may spend when short proceeds are locked.

    While short, buying back releases the proceeds and the same amount of margin: what counts is
    whether that covers the whole position. `price` includes slippage.
    """
    if position >= 0.0:
        return free_cash
    released = free_cash + 2.0 * debt
    cover = abs(position) * price * (1.0 + fees) + fixed_fees
    left = snapped_sum(released, -cover)
    if left > 0.0:
        return released
    if left < 0.0:
        average = debt / abs(position)
        size = (free_cash - fixed_fees) / (price * (1.0 + fees) - 2.0 * average)
        return size * price * (1.0 + fees) + fixed_fees
    return cash


@njit
def buy(
    cash,
    position,
    debt,
    free_cash,
    size,
    percent,
    price,
    direction,
    fees,
    fixed_fees,
    slippage,
    min_size,
    max_size,
    granularity,
    lock_cash,
    allow_partial,
    floor_division,
):
    """Price a purchase; see `execute` for the result."""
    price = price * (1.0 + slippage)
    limit = cash
    if lock_cash:
        limit = long_cash_limit(cash, position, debt, free_cash, price, fees, fixed_fees)
        limit = min(limit, cash)
    if not math.isnan(percent):
        limit = min(limit, percent * limit)

    wanted = size
    if direction == SHORT_ONLY:
        if position == 0.0:
            return REJECTED, NO_OPEN_POSITION, 0.0, 0.0, 0.0, cash, position, debt, free_cash
        wanted = min(-position, size)
    else:
        if limit == 0.0:
            return REJECTED, NO_CASH_LONG, 0.0, 0.0, 0.0, cash, position, debt, free_cash
        if math.isinf(size) and math.isinf(limit):
            return INVALID, INFINITE_LONG, 0.0, 0.0, 0.0, cash, position, debt, free_cash
    if wanted == 0.0:
        return IGNORED, SIZE_ZERO, 0.0, 0.0, 0.0, cash, position, debt, free_cash
    if wanted > max_size:
        if not allow_partial:
            return REJECTED, MAX_SIZE_EXCEEDED, 0.0, 0.0, 0.0, cash, position, debt, free_cash
        wanted = max_size
    wanted = whole_granules(wanted, granularity, floor_division)

    filled = wanted
    cost = wanted * price
    paid = cost * fees + fixed_fees
    spent = cost + paid
    if not (is_close(spent, limit) or spent < limit):
        budget = snapped_sum(limit, -fixed_fees) / (1.0 + fees)
        if budget <= 0.0:
            return REJECTED, FEES_NOT_COVERED, 0.0, 0.0, 0.0, cash, position, debt, free_cash
        filled = budget / price
        if math.isnan(granularity):
            paid = limit - budget
            spent = limit
        else:
            filled = whole_granules(filled, granularity, floor_division)
            cost = filled * price
            paid = cost * fees + fixed_fees
            spent = cost + paid

    if is_close(wanted, 0.0):
        return IGNORED, SIZE_ZERO, 0.0, 0.0, 0.0, cash, position, debt, free_cash
    if is_less(filled, min_size):
        return REJECTED, MIN_SIZE_NOT_REACHED, 0.0, 0.0, 0.0, cash, position, debt, free_cash
    if not allow_partial and math.isfinite(size) and is_less(filled, size):
        return REJECTED, PARTIAL_FILL, 0.0, 0.0, 0.0, cash, position, debt, free_cash

    new_position = snapped_sum(position, filled)
    new_debt = debt
    new_free_cash = free_cash
    if position < 0.0:
        covered = filled if new_position < 0.0 else abs(position)
        released = covered * (debt / abs(position))
        new_debt = snapped_sum(debt, -released)
        new_free_cash = free_cash + 2.0 * released
    new_free_cash = snapped_sum(new_free_cash, -spent)
    new_cash = snapped_sum(cash, -spent)
    return FILLED, BUY, filled, price, paid, new_cash, new_position, new_debt, new_free_cash


@njit
def sell(
    cash,
    position,
    debt,
    free_cash,
    size,
    percent,
    price,
    direction,
    fees,
    fixed_fees,
    slippage,
    min_size,
    max_size,
    granularity,
    lock_cash,
    allow_partial,
    floor_division,
):
    """Price a sale (`size` positive); see `execute` for the result."""
    price = price * (1.0 - slippage)
    share = percent
    if direction == LONG_ONLY:
        wanted = min(position, size)
    elif lock_cash or (math.isinf(size) and not math.isnan(percent)):
        held = max(position, 0.0)
        money = snapped_sum(free_cash, held * price * (1.0 - fees))
        if money <= 0.0:
            if position <= 0.0:
                return REJECTED, NO_CASH_SHORT, 0.0, 0.0, 0.0, cash, position, debt, free_cash
            largest = held
        else:
            shortable = snapped_sum(money, -fixed_fees) / (price * (1.0 + fees))
            largest = snapped_sum(held, shortable)
            if largest <= 0.0:
                return REJECTED, FEES_NOT_COVERED, 0.0, 0.0, 0.0, cash, position, debt, free_cash
        if lock_cash:
            wanted = size
            if not math.isnan(percent):
                wanted = percent * (largest if math.isinf(size) else size)
                share = math.nan
            wanted = min(wanted, largest)
        else:
            wanted = largest
    else:
        wanted = size
    if not math.isnan(share):
        wanted = share * wanted

    if wanted > max_size:
        if not allow_partial:
            return REJECTED, MAX_SIZE_EXCEEDED, 0.0, 0.0, 0.0, cash, position, debt, free_cash
        wanted = max_size
    if direction == LONG_ONLY:
        if position == 0.0:
            return REJECTED, NO_OPEN_POSITION, 0.0, 0.0, 0.0, cash, position, debt, free_cash
    elif math.isinf(wanted):
        return INVALID, INFINITE_SHORT, 0.0, 0.0, 0.0, cash, position, debt, free_cash
    filled = whole_granules(wanted, granularity, floor_division)
    if is_close(filled, 0.0):
        return IGNORED, SIZE_ZERO, 0.0, 0.0, 0.0, cash, position, debt, free_cash
    if is_less(filled, min_size):
        return REJECTED, MIN_SIZE_NOT_REACHED, 0.0, 0.0, 0.0, cash, position, debt, free_cash
    if not allow_partial and math.isfinite(size) and is_less(filled, size):
        return REJECTED, PARTIAL_FILL, 0.0, 0.0, 0.0, cash, position, debt, free_cash

    gross = filled * price
    paid = gross * fees + fixed_fees
    proceeds = snapped_sum(gross, -paid)
    if proceeds < 0.0:
        return REJECTED, FEES_NOT_COVERED, 0.0, 0.0, 0.0, cash, position, debt, free_cash

    new_position = snapped_sum(position, -filled)
    new_debt = debt
    if new_position < 0.0:
        shorted = filled if position < 0.0 else abs(new_position)
        borrowed = shorted * price
        new_debt = debt + borrowed
        new_free_cash = snapped_sum(free_cash, snapped_sum(proceeds, -2.0 * borrowed))
    else:
        new_free_cash = free_cash + proceeds
    return FILLED, SELL, filled, price, paid, cash + proceeds, new_position, new_debt, new_free_cash


@njit
def execute(
    cash,
    position,
    debt,
    free_cash,
    val_price,
    value,
    size,
    price,
    size_type,
    direction,
    fees,
    fixed_fees,
    slippage,
    min_size,
    max_size,
    granularity,
    lock_cash,
    allow_partial,
    floor_division,
):
    """Execute one order at once and in full, as far as cash and limits allow.

    State: `cash` and `free_cash` (cash that is not locked as short margin) in money, `position`
    in units (negative: short), `debt` the entry notional of the open short, `val_price` the price
    at which sizes in money are converted, `value` the equity that percent targets refer to.
    `size` is signed: positive buys; with `SHORT_ONLY` positive sells short. inf means everything.
    NaN size or price: ignored.

    Returns (status, detail, size, price, fees, cash, position, debt, free_cash). `detail` is the
    side of a fill, the reason of an ignored or rejected order, or what makes it invalid. Size is
    positive, price includes slippage. The state comes back with dust removed, filled or not.
    """
    cash = snapped(cash)
    position = snapped(position)
    debt = snapped(debt)
    free_cash = snapped(free_cash)
    val_price = snapped(val_price)
    value = snapped(value)

    if math.isnan(size):
        return IGNORED, SIZE_NAN, 0.0, 0.0, 0.0, cash, position, debt, free_cash
    if math.isnan(price):
        return IGNORED, PRICE_NAN, 0.0, 0.0, 0.0, cash, position, debt, free_cash

    fault = -1
    if math.isnan(cash) or cash < 0.0:
        fault = BAD_CASH
    elif not math.isfinite(position):
        fault = BAD_POSITION
    elif not math.isfinite(debt) or debt < 0.0:
        fault = BAD_DEBT
    elif math.isnan(free_cash):
        fault = BAD_FREE_CASH
    elif not math.isfinite(price) or price <= 0.0:
        fault = BAD_PRICE
    elif size_type < AMOUNT or size_type > TARGET_PERCENT:
        fault = BAD_SIZE_TYPE
    elif direction < LONG_ONLY or direction > BOTH:
        fault = BAD_DIRECTION
    elif direction == LONG_ONLY and position < 0.0:
        fault = SHORT_BUT_LONG_ONLY
    elif direction == SHORT_ONLY and position > 0.0:
        fault = LONG_BUT_SHORT_ONLY
    elif not math.isfinite(fees):
        fault = BAD_FEES
    elif not math.isfinite(fixed_fees):
        fault = BAD_FIXED_FEES
    elif not math.isfinite(slippage) or slippage < 0.0:
        fault = BAD_SLIPPAGE
    elif not math.isfinite(min_size) or min_size < 0.0:
        fault = BAD_MIN_SIZE
    elif math.isnan(max_size) or max_size <= 0.0:
        fault = BAD_MAX_SIZE
    elif math.isinf(granularity) or granularity <= 0.0:
        fault = BAD_GRANULARITY
    if fault >= 0:
        return INVALID, fault, 0.0, 0.0, 0.0, cash, position, debt, free_cash

    if direction == SHORT_ONLY:
        size = -size
    if size_type == TARGET_PERCENT:
        if math.isnan(value):
            return IGNORED, VALUE_NAN, 0.0, 0.0, 0.0, cash, position, debt, free_cash
        if value <= 0.0:
            return REJECTED, VALUE_NOT_POSITIVE, 0.0, 0.0, 0.0, cash, position, debt, free_cash
        size *= value
        size_type = TARGET_VALUE
    if size_type in (VALUE, TARGET_VALUE):
        if math.isinf(val_price) or val_price <= 0.0:
            return INVALID, BAD_VAL_PRICE, 0.0, 0.0, 0.0, cash, position, debt, free_cash
        if math.isnan(val_price):
            return IGNORED, VAL_PRICE_NAN, 0.0, 0.0, 0.0, cash, position, debt, free_cash
        size /= val_price
        size_type = AMOUNT if size_type == VALUE else TARGET_AMOUNT
    if size_type == TARGET_AMOUNT:
        size -= position
        size_type = AMOUNT
    if size_type == AMOUNT and direction != LONG_ONLY and size == -math.inf:
        # Selling everything without a long-only limit: 100 % of what can be sold short.
        size = -1.0
        size_type = PERCENT
    percent = math.nan
    if size_type == PERCENT:
        percent = abs(size)
        # copysign rather than sign: a percentage of 0 must stay an order for nothing.
        size = math.copysign(math.inf, size)

    if size > 0.0:
        return buy(
            cash,
            position,
            debt,
            free_cash,
            size,
            percent,
            price,
            direction,
            fees,
            fixed_fees,
            slippage,
            min_size,
            max_size,
            granularity,
            lock_cash,
            allow_partial,
            floor_division,
        )
    return sell(
        cash,
        position,
        debt,
        free_cash,
        -size,
        percent,
        price,
        direction,
        fees,
        fixed_fees,
        slippage,
        min_size,
        max_size,
        granularity,
        lock_cash,
        allow_partial,
        floor_division,
    )

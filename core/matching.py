"""Does this order trade in this bar, and at what price? Pure jitted functions.

Prices are per unit; `direction` is +1 for a buy and -1 for a sell; NaN means "does not trade",
`UNKNOWN` that it trades at a price which is not known.
`term` is a row of `costs.TERMS`, `rule` the row of `rules.RULES`. `worst` is the price that
slippage is kept within: the high (buys) or low (sells) of the whole bar, also where `high` and
`low` are those of a part of it.
"""

from __future__ import annotations

import numpy as np

from .costs import SLIP_VOLUME_SHARE, share_of_volume, slipped
from .jit import njit
from .orders import (
    GIVEN,
    LIMIT,
    LIMIT_IF_TOUCHED,
    MARKET,
    MARKET_IF_TOUCHED,
    STOP,
    STOP_LIMIT,
    TRAIL,
    TRAIL_LIMIT,
    TimeInForce,
)
from .rules import (
    FillTime,
    GapFill,
    LimitSlippageFloor,
    LimitTouch,
    StopLimitPath,
    UnknownPrice,
)

#: In the place of a fill price, see `Rules.unknown_price`: no price of a bar is infinite.
UNKNOWN = np.inf

_NEXT_CLOSE = int(FillTime.NEXT_CLOSE)
_THIS_CLOSE = int(FillTime.THIS_CLOSE)
_NEXT_WORST = int(FillTime.NEXT_WORST)
_NEXT_MID = int(FillTime.NEXT_MID)
_AT_OPEN = int(TimeInForce.AT_OPEN)
_AT_CLOSE = int(TimeInForce.AT_CLOSE)
_THROUGH = int(LimitTouch.THROUGH)
_AT_LEVEL = int(GapFill.AT_LEVEL)
_INTRABAR = int(StopLimitPath.INTRABAR)
_BAR_AND_LIMIT = int(LimitSlippageFloor.BAR_AND_LIMIT)
_TRADES = int(UnknownPrice.TRADES)


@njit
def worsened(term, rule, price, direction, bound, apply, is_limit):
    """`costs.slipped`, where the price or the bound may not be known."""
    found = slipped(term, price, direction, bound, apply, is_limit)
    if not np.isnan(found) or rule["unknown_price"] != _TRADES:
        return found
    if not apply or term["slippage_kind"] == 0 or term["slippage_rate"] == 0.0:
        return UNKNOWN
    # Within the bar what is worse than its extreme is that; else there is no such fill.
    within = term["slip_within_bar"] or (is_limit and term["slip_limit_within_bar"])
    return UNKNOWN if within else np.nan


@njit
def limit_price(term, rule, direction, open_, high, low, limit, worst):
    """Fill price of a limit order in a bar.

    A bar that opens at the limit or better fills at the open, slipped at most to the limit; else a
    bar that touches the limit fills at the limit, unslipped.
    """
    if direction > 0:
        if limit >= open_:
            if rule["gap_fill"] == _AT_LEVEL:
                return limit
            return worsened(term, rule, open_, 1.0, min(worst, limit), term["slip_at_open"], True)
        if rule["limit_touch"] == _THROUGH and limit == low:
            return np.nan
        return limit if limit >= low else np.nan
    if limit <= open_:
        if rule["gap_fill"] == _AT_LEVEL:
            return limit
        floor = max(worst, limit) if rule["limit_slippage_floor"] == _BAR_AND_LIMIT else limit
        return worsened(term, rule, open_, -1.0, floor, term["slip_at_open"], True)
    if rule["limit_touch"] == _THROUGH and limit == high:
        return np.nan
    return limit if limit <= high else np.nan


@njit
def stop_price(term, rule, direction, open_, high, low, stop, worst):
    """Fill price of a stop order: the open when it opens through the stop, else the stop."""
    if (open_ >= stop) if direction > 0 else (open_ <= stop):
        if rule["gap_fill"] == _AT_LEVEL:
            return worsened(term, rule, stop, direction, worst, True, False)
        return worsened(term, rule, open_, direction, worst, term["slip_at_open"], False)
    if (high >= stop) if direction > 0 else (low <= stop):
        return worsened(term, rule, stop, direction, worst, True, False)
    return np.nan


@njit
def stop_limit_price(term, rule, direction, open_, high, low, close, stop, limit, worst):
    """Fill price of an untriggered stop-limit order, and whether the bar triggers it.

    Within the triggering bar the path of the price is known only in part. A limit beyond the stop
    is certain to trade at the stop. Otherwise the bar must have come back to the limit after the
    stop: certain only when it closes on the limit's side, having opened on the other.
    """
    if (open_ >= stop) if direction > 0 else (open_ <= stop):
        return limit_price(term, rule, direction, open_, high, low, limit, worst), True
    if not ((high >= stop) if direction > 0 else (low <= stop)):
        return np.nan, False
    if rule["stop_limit_path"] != _INTRABAR:
        return np.nan, True
    if (limit >= stop) if direction > 0 else (limit <= stop):
        return worsened(term, rule, stop, direction, worst, True, True), True
    if direction > 0:
        if open_ > close and limit >= close:
            return limit, True
    elif open_ <= close and limit <= close:
        return limit, True
    return np.nan, True


@njit
def touched_price(term, rule, direction, open_, high, low, stop, worst):
    """Fill price of a market-if-touched order: the open when it opens beyond `stop`, else it."""
    if (open_ <= stop) if direction > 0 else (open_ >= stop):
        if rule["gap_fill"] == _AT_LEVEL:
            return worsened(term, rule, stop, direction, worst, True, False)
        return worsened(term, rule, open_, direction, worst, term["slip_at_open"], False)
    if (low <= stop) if direction > 0 else (high >= stop):
        return worsened(term, rule, stop, direction, worst, True, False)
    return np.nan


@njit
def touched_limit_price(term, rule, direction, open_, high, low, stop, limit, worst):
    """Fill price of an untriggered limit-if-touched order, and whether the bar triggers it.

    The price comes to the stop from the side away from the limit's: a limit beyond the stop is met
    on the way on, one before it at the stop itself.
    """
    if (open_ <= stop) if direction > 0 else (open_ >= stop):
        return limit_price(term, rule, direction, open_, high, low, limit, worst), True
    if not ((low <= stop) if direction > 0 else (high >= stop)):
        return np.nan, False
    if (limit >= stop) if direction > 0 else (limit <= stop):
        bound = min(worst, limit) if direction > 0 else max(worst, limit)
        return worsened(term, rule, stop, direction, bound, True, True), True
    return limit_price(term, rule, direction, stop, high, low, limit, worst), True


@njit(forceinline=True)
def market_price(term, rule, order, direction, open_, high, low, close, worst):
    """Fill price of a market order; one for an auction trades at it whatever `fill_time` says."""
    time = order["fill_time"] if order["fill_time"] >= 0 else rule["fill_time"]
    if time == GIVEN:
        return order["reference"]
    if order["tif"] == _AT_OPEN:
        return worsened(term, rule, open_, direction, worst, term["slip_at_open"], False)
    if time == _NEXT_CLOSE or order["tif"] == _AT_CLOSE:
        return worsened(term, rule, close, direction, worst, True, False)
    if time == _NEXT_WORST:
        return worsened(term, rule, high if direction > 0 else low, direction, worst, True, False)
    if time == _NEXT_MID:
        return worsened(term, rule, (high + low) / 2.0, direction, worst, True, False)
    price = order["created_close"] if time == _THIS_CLOSE else open_
    return worsened(term, rule, price, direction, worst, term["slip_at_open"], False)


@njit
def works_as_limit(order):
    """Whether an order is a limit order by now."""
    kind = order["kind"]
    if kind in (STOP, TRAIL, MARKET_IF_TOUCHED):
        return False
    return kind == LIMIT or order["triggered"]


@njit
def works_as_market(order):
    """Whether a part of an order is left whose stop was reached: it has become a market order."""
    return order["triggered"] and order["kind"] in (STOP, TRAIL, MARKET_IF_TOUCHED)


@njit(forceinline=True)
def range_price(term, rule, order, open_, high, low, close, worst):
    """Fill price in a bar whose whole range reaches levels.

    Sets `order["triggered"]` of the kinds that become limit orders.
    """
    kind = order["kind"]
    direction = 1.0 if order["size"] > 0.0 else -1.0
    if kind == MARKET:
        return market_price(term, rule, order, direction, open_, high, low, close, worst)
    if works_as_limit(order):
        return limit_price(term, rule, direction, open_, high, low, order["limit"], worst)
    if works_as_market(order):
        return worsened(term, rule, open_, direction, worst, term["slip_at_open"], False)
    if kind in (STOP, TRAIL):
        return stop_price(term, rule, direction, open_, high, low, order["stop"], worst)
    if kind in (STOP_LIMIT, TRAIL_LIMIT):
        price, triggered = stop_limit_price(
            term, rule, direction, open_, high, low, close, order["stop"], order["limit"], worst
        )
        order["triggered"] = triggered
        return price
    if kind == MARKET_IF_TOUCHED:
        return touched_price(term, rule, direction, open_, high, low, order["stop"], worst)
    if kind == LIMIT_IF_TOUCHED:
        price, triggered = touched_limit_price(
            term, rule, direction, open_, high, low, order["stop"], order["limit"], worst
        )
        order["triggered"] = triggered
        return price
    return np.nan


@njit
def reach(order, open_, high, low):
    """The first price of a bar at which an order acts (trades or is triggered); NaN for none.

    The open for market orders and for levels that the bar opens beyond.
    """
    kind = order["kind"]
    if kind == MARKET or works_as_market(order):
        return open_
    buys = order["size"] > 0.0
    if works_as_limit(order):
        level = order["limit"]
        below = buys
    else:
        level = order["stop"]
        below = buys == (kind in (MARKET_IF_TOUCHED, LIMIT_IF_TOUCHED))
    if below:
        if open_ <= level:
            return open_
        return level if low <= level else np.nan
    if open_ >= level:
        return open_
    return level if high >= level else np.nan


@njit
def reached(close, level, from_below):
    """Whether a close has come to a level, from below it or from above; equality counts."""
    return close >= level if from_below else close <= level


@njit
def close_price(term, order, close, volume, traded):
    """Fill price, units and exhaustion when only the close reaches levels.

    Updates `order["triggered"]` (the stop was reached) and `order["limit_reached"]`; both are
    sticky. See `costs.share_of_volume` for the returned triple.
    """
    direction = 1.0 if order["size"] > 0.0 else -1.0
    has_stop = not np.isnan(order["stop"])
    has_limit = not np.isnan(order["limit"])
    if has_stop and not order["triggered"]:
        touched = order["kind"] in (MARKET_IF_TOUCHED, LIMIT_IF_TOUCHED)
        above = (direction > 0) != touched
        if not reached(close, order["stop"], above):
            return np.nan, 0.0, False
        order["triggered"] = True
    if has_limit and not order["limit_reached"]:
        if not reached(close, order["limit"], direction < 0.0):
            return np.nan, 0.0, False
        order["limit_reached"] = True
    price, units, exhausted = share_of_volume(
        term, close, direction, abs(order["remaining"]), volume, traded
    )
    # Only the impact model looks at the limit again; see docs/semantics.md.
    impact = has_limit and term["slippage_kind"] == SLIP_VOLUME_SHARE
    if impact and ((price > order["limit"]) if direction > 0 else (price < order["limit"])):
        return np.nan, 0.0, exhausted
    return price, units, exhausted


@njit
def to_tick(price, tick, up):
    """`price` on the grid of `tick`; up: to the next one above, else below."""
    if tick == 0.0 or not np.isfinite(price):
        return price
    steps = price / tick
    nearest = np.rint(steps)
    # What a division can be off by counts as on the grid.
    if abs(steps - nearest) <= max(1e-9, 1e-15 * abs(steps)):
        return nearest * tick
    return (np.ceil(steps) if up else np.floor(steps)) * tick


@njit
def trail(order, price, tick):
    """Move a trailing stop toward `price`, in the favourable direction only, on the grid."""
    if not np.isnan(order["trail_amount"]) and order["trail_amount"] != 0.0:
        distance = order["trail_amount"]
    elif not np.isnan(order["trail_percent"]):
        distance = price * order["trail_percent"]
    else:
        distance = 0.0
    buys = order["size"] > 0.0
    if buys:
        stop = to_tick(price + distance, tick, True)
        moved = stop < order["stop"]
    else:
        stop = to_tick(price - distance, tick, False)
        moved = stop > order["stop"]
    if moved:
        order["stop"] = stop
        if order["kind"] == TRAIL_LIMIT:
            order["limit"] = to_tick(stop - order["limit_offset"], tick, not buys)

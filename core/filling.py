"""A pending order meets a bar, or a part of one: does it trade, and what happens then.

Kernels over a `Book`. `matching` has the prices, `account` what a fill does to cash and position.
"""

from __future__ import annotations

import numpy as np

from .account import apply_fill
from .book import CLOSE_FIELD, HIGH, LOW, OPEN, PENDING, VOLUME, row_of, stamp_of
from .booking import begin_month, check_cash, record_fill
from .costs import OWN_FILL, OWN_PORTION, SLIP_MID_SQUARE_ROOT, call_pricing, impact
from .hooks import after_fill, buying_power, fill_own
from .jit import njit
from .matching import UNKNOWN, close_price, range_price, reach, trail, works_as_limit
from .order_book import (
    advance_bracket,
    cancel_oco_mates,
    enter,
    expired,
    refuse,
    stands,
    working,
)
from .orders import (
    CANCELLED,
    CLOSE,
    EXPIRED,
    FILLED,
    GIVEN,
    MARGIN,
    MARKET,
    MARKET_IF_TOUCHED,
    PARTIAL,
    PENDING_CANCEL,
    REJECTED,
    STOP,
    TRAIL,
    TRAIL_LIMIT,
    TRIGGERED,
    Reason,
    TimeInForce,
)
from .rules import (
    BuyingPower,
    CashCheck,
    FillTime,
    LimitTouch,
    MarketExpiry,
    NoVolume,
    PartialStop,
    Sizing,
    TrailUpdate,
    TriggerOn,
    TriggerStatus,
    UnknownPrice,
)
from .submission import to_lot

_TRIGGER_CLOSE = int(TriggerOn.CLOSE)
_THIS_OPEN = int(FillTime.THIS_OPEN)
_THIS_CLOSE = int(FillTime.THIS_CLOSE)
_NEXT_CLOSE = int(FillTime.NEXT_CLOSE)
_NEXT_WORST = int(FillTime.NEXT_WORST)
_EXTREME = int(TrailUpdate.EXTREME)
_WHOLE = int(Sizing.WHOLE)
_NO_TRADE = int(NoVolume.NO_TRADE)
_MARKET_EXPIRES = int(MarketExpiry.EXPIRES)
_ON_FILL = int(CashCheck.ON_FILL)
_MARGIN_POWER = int(BuyingPower.MARGIN)
_TO_MARKET = int(PartialStop.MARKET)
_SAYS_TRIGGERED = int(TriggerStatus.STATUS)
_THROUGH = int(LimitTouch.THROUGH)
_PRICE_WAITS = int(UnknownPrice.WAITS)
_IOC = int(TimeInForce.IOC)
_FOK = int(TimeInForce.FOK)
_AT_OPEN = int(TimeInForce.AT_OPEN)
_AT_CLOSE = int(TimeInForce.AT_CLOSE)
_TIME = int(Reason.TIME)
_IMMEDIATE = int(Reason.IMMEDIATE)
_FOR_CASH = int(Reason.CASH)
_REDUCE_ONLY = int(Reason.REDUCE_ONLY)
_NOT_SHORTABLE = int(Reason.NOT_SHORTABLE)
# Rows of `Book.path`: the leg that is being walked, as a bar, and open, high and low of the bar.
WHOLE_OPEN, WHOLE_HIGH, WHOLE_LOW = 5, 6, 7
PATH_FIELDS = 8
# What `try_order` meets: a whole bar, or of one that is walked its open, a leg, its close.
WHOLE, AT_THE_OPEN, ON_THE_WAY, AT_THE_CLOSE = 0, 1, 2, 3
# Rows of `Book.finer` that it has where the finer bars bring quotes of their own.
FINER_BID, FINER_ASK = 5, 6


@njit
def _quote(book, asset, row, step, direction):
    """Half the spread against an order, and the quote itself where it is that of this very bar.

    0 and NaN where the data has no quotes. step: the finer bar, -1 for none.
    """
    rule = book.rules[0]
    own = step >= 0 and book.finer.shape[0] > FINER_ASK
    if own:
        bid = book.finer[FINER_BID, asset, step]
        ask = book.finer[FINER_ASK, asset, step]
    elif rule["column_bid"] >= 0:
        bid = book.columns[rule["column_bid"], asset, row]
        ask = book.columns[rule["column_ask"], asset, row]
    else:
        return 0.0, np.nan
    if np.isnan(bid) or np.isnan(ask):
        return 0.0, np.nan
    half = direction * (ask - bid) / 2.0
    if step >= 0 and not own:
        return half, np.nan
    return half, ask if direction > 0.0 else bid


@njit
def _reach(book, i, row, step, open_, high, low, tick):
    """`reach` of order i in a bar, or a part of one, on the side of the quotes that it trades on.

    The price is the bar's own again, without half the spread and lasting impact. tick: the whole
    bar is one price.
    """
    order = book.orders[i]
    asset = order["asset"]
    lift, quote = _quote(book, asset, row, step, 1.0 if order["size"] > 0.0 else -1.0)
    shift = book.positions[asset]["impact"]
    if tick and not np.isnan(quote):
        price = quote + shift
        return open_ if not np.isnan(reach(order, price, price, price)) else np.nan
    lift += shift
    if lift == 0.0:
        return reach(order, open_, high, low)
    level = reach(order, open_ + lift, high + lift, low + lift)
    if level == open_ + lift:
        return open_
    return min(max(level - lift, low), high)


@njit
def _has_rival(book, i, row, step, open_, high, low):
    """Whether a bar reaches order i and another one of its group, neither at the open.

    Then only the path of the price, which bars do not tell, decides which of them trades.
    """
    orders = book.orders
    order = orders[i]
    leader = order["oco"]
    parent = order["parent"]
    guards = stands(order["cause"])
    if orders[leader]["oco_last"] == leader and parent < 0 and not guards:
        return False
    tick = high == low
    level = _reach(book, i, row, step, open_, high, low, tick)
    if np.isnan(level) or level == open_:
        return False
    for k in range(book.account[0]["n_pending"]):
        j = book.queue[PENDING, k]
        if j < 0 or j == i:
            continue
        mate = orders[j]
        if mate["asset"] != order["asset"] or not mate["active"] or mate["tif"] >= _AT_OPEN:
            continue
        same = mate["oco"] == leader and mate["in_oco"]
        same |= guards and stands(mate["cause"]) and mate["slot"] == order["slot"]
        same |= (
            parent >= 0
            and mate["parent"] == parent
            and not (order["independent"] or mate["independent"])
        )
        if not same:
            continue
        level = _reach(book, j, row, step, open_, high, low, tick)
        if not np.isnan(level) and level != open_:
            return True
    return False


@njit(forceinline=True)
def _still_leaving(book, i):
    """An order that was triggered or traded in part has its cancel on its way all the same."""
    order = book.orders[i]
    if order["cancel_arrives"] >= 0 and order["status"] != FILLED:
        enter(book, i, PENDING_CANCEL, -1)


@njit
def _short_of_cash(book, i, position, units, price):
    """Whether the cash there is does not pay for all of a fill; then the order says why."""
    rule = book.rules[0]
    order = book.orders[i]
    if rule["buying_power"] == _MARGIN_POWER or order["cause"] != 0:
        return False
    term = book.terms[order["asset"]]
    wallet = book.account[term["wallet"]]
    position["check_size"] = position["size"]
    position["check_price"] = position["price"]
    position["check_stamp"] = -1
    free = wallet["cash"] - wallet["held"] - wallet["unsettled"]
    left, needed, available = check_cash(book, i, units, price, free)
    if needed <= 0.0 or left >= 0.0:
        return False
    order["needed"] = needed
    order["available"] = available
    order["reason"] = _FOR_CASH
    return True


@njit(forceinline=True)
def execute(book, i, units, price, row, maker, ambiguous, step):
    """Execute `units` (signed) of order i at `price`, dated at the asset's bar `row`."""
    head = book.account[0]
    rule = book.rules[0]
    order = book.orders[i]
    asset = order["asset"]
    slot = order["slot"]
    term = book.terms[asset]
    position = book.positions[slot]
    n = head["n_fills"]
    fill = book.fills[n]
    begin_month(book, term, book.account[term["wallet"]])
    refused = False
    if rule["buying_power"] == _MARGIN_POWER and (rule["cash_check"] & _ON_FILL) != 0:
        judged = order["cause"] == 0
        refused = judged and buying_power(book, i, units, price, maker, True) == 0
    held = position["size"]
    if order["tif"] == _FOK and not refused and (rule["cash_check"] & _ON_FILL) != 0:
        refused = _short_of_cash(book, i, position, units, price)
    if refused and order["tif"] == _FOK:
        # Whole or not at all: not the closing part of it alone.
        refuse(book, i, MARGIN, order["reason"])
        return 0.0
    done = 0.0
    if term["own"] & OWN_FILL:
        if fill_own(book, i, units, price, int(maker), int(refused)) != 0:
            done = fill["size"]
    else:
        done = apply_fill(
            term, rule, book.account[term["wallet"]], position, order, units, price, fill, maker,
            refused,
        )  # fmt: skip
    if done != 0.0:
        record_fill(book, i, row, held, maker, ambiguous, step)
        market = book.positions[asset]
        if ambiguous and market["ambiguous_bar"] != head["bar"]:
            market["ambiguous_bar"] = head["bar"]
            head["ambiguous"] += 1
        enter(book, i, FILLED if order["remaining"] == 0.0 else PARTIAL, n)
        _still_leaving(book, i)
        cancel_oco_mates(book, i)
        if len(book.guards) > 0:
            after_fill(book, i, price)
    # Not `done != wanted`: the two parts of a reversal need not add up to the last bit.
    if done == 0.0 or (fill["opened"] == 0.0 and fill["closed"] != units):
        refuse(book, i, MARGIN, order["reason"])
    return done


@njit
def _impacted(book, order, row, price, direction, units, low, high):
    """Price of a fill after market impact, and the lasting shift: `costs.impact`."""
    asset = order["asset"]
    rule = book.rules[0]
    if book.terms[asset]["slippage_kind"] == SLIP_MID_SQUARE_ROOT:
        price = (low + high) / 2.0
        low = -np.inf
        high = np.inf
    if not np.isnan(order["limit"]):
        if direction > 0.0:
            high = min(high, order["limit"])
        else:
            low = max(low, order["limit"])
    sigma = book.columns[rule["column_impact_sigma"], asset, row]
    volume = book.columns[rule["column_impact_volume"], asset, row]
    return impact(book.terms[asset], price, direction, units, volume, sigma, low, high)


@njit(forceinline=True)
def _seen(book, asset, row, step, direction, prices, at, leg):
    """A part of a bar as a buyer or a seller meets it: (open, high, low, close, top, bottom).

    With the spread of its quotes and the lasting impact of our own trading. top, bottom: of the
    whole bar, which bound slippage.
    """
    open_ = prices[OPEN, asset, at]
    high = prices[HIGH, asset, at]
    low = prices[LOW, asset, at]
    close = prices[CLOSE_FIELD, asset, at]
    top = high
    bottom = low
    if leg != WHOLE:
        top = book.path[WHOLE_HIGH, asset, 0]
        bottom = book.path[WHOLE_LOW, asset, 0]
    lift, quote = _quote(book, asset, row, step, direction)
    if top == bottom and not np.isnan(quote):
        open_ = high = low = close = top = bottom = quote  # a tick: exactly its quote
        lift = 0.0
    lasting = book.positions[asset]["impact"]
    # Added one after the other: where there is neither, no bit changes.
    if lift != 0.0:
        open_ += lift
        high += lift
        low += lift
        close += lift
        top += lift
        bottom += lift
    if lasting != 0.0:
        open_ += lasting
        high += lasting
        low += lasting
        close += lasting
        top += lasting
        bottom += lasting
    return open_, high, low, close, top, bottom


@njit
def _session_close(book, order, row, close):
    """Price of a `CLOSE` order in a bar and the bar that it bears; NaN while the session goes on.

    Where the session ended between two bars, the close is the one noted before. `UNKNOWN` stands
    for a close that is not known.
    """
    if np.isnan(close):
        close = UNKNOWN
    now = stamp_of(book, order["asset"], row)
    if now <= order["created_time"] or now < order["session_end"]:
        order["noted_close"] = close
        return np.nan, row
    if now == order["session_end"] or np.isnan(order["noted_close"]):
        return close, row
    return order["noted_close"], row_of(book, order["asset"], row - 1)


@njit
def _waits_for_auction(book, order, row, first, last):
    """Whether this part of a bar is not the auction that an order is for."""
    if order["tif"] == _AT_OPEN:
        before = row_of(book, order["asset"], row - 1) if row > 0 else -1
        return not first or (before >= 0 and book.sessions[row] == book.sessions[before])
    if not last:
        return True
    return row + 1 < len(book.times) and book.sessions[row + 1] == book.sessions[row]


@njit(forceinline=True)
def _cut_to_position(book, i):
    """Cut a reduce-only order to what there is to reduce; False when that is nothing: it ended."""
    order = book.orders[i]
    size = book.positions[order["slot"]]["size"]
    if size == 0.0 or (size > 0.0) == (order["size"] > 0.0):
        order["needed"] = abs(order["remaining"])
        order["available"] = 0.0
        refuse(book, i, CANCELLED, _REDUCE_ONLY)
        return False
    if abs(order["remaining"]) > abs(size):
        order["remaining"] = -size
        order["size"] = order["filled"] + order["remaining"]
    return True


@njit(forceinline=True)
def _borrowable(book, i, row, quantity):
    """Whether the units that a fill sells short can be borrowed; if not, the order ended."""
    rule = book.rules[0]
    order = book.orders[i]
    size = book.positions[order["slot"]]["size"]
    if rule["column_available"] < 0 or size + quantity >= min(0.0, size):
        return True
    available = book.columns[rule["column_available"], order["asset"], row]
    short = -(size + quantity)
    if not short > available:
        return True
    order["needed"] = short
    order["available"] = available
    refuse(book, i, REJECTED, _NOT_SHORTABLE)
    return False


@njit
def try_order(book, i, prices, at, row, first, last, step, leg):
    """Try pending order i against a bar of its asset, or a part of one.

    prices[:, asset, at]: the bar; row: the bar that a fill is dated at; first, last: whether this
    part holds the bar's open, its close; step: number of the finer bar, -1 for none; leg: what part
    of a walked bar it is, else `WHOLE`; then `Book.path` holds the whole bar too.
    """
    order = book.orders[i]
    rule = book.rules[0]
    asset = order["asset"]
    term = book.terms[asset]
    market = book.positions[asset]
    volume = prices[VOLUME, asset, at]
    kind = order["kind"]
    tif = order["tif"]
    fill_time = order["fill_time"] if order["fill_time"] >= 0 else rule["fill_time"]
    dead = volume == 0.0 and rule["no_volume"] == _NO_TRADE
    if np.isnan(prices[CLOSE_FIELD, asset, at]) and rule["unknown_price"] == _PRICE_WAITS:
        return
    if dead and tif < _IOC:
        return
    auction = tif >= _AT_OPEN
    direction = 1.0 if order["size"] > 0.0 else -1.0
    was_triggered = order["triggered"]
    was_limit = works_as_limit(order)
    dated = row
    price = np.nan
    if kind == CLOSE and not last:
        return
    if kind == MARKET:
        waits = fill_time != _THIS_OPEN and fill_time != _THIS_CLOSE and fill_time != GIVEN
        if waits and stamp_of(book, asset, row) <= order["created_time"]:
            return
        if fill_time == _NEXT_CLOSE and not last and not auction:
            return
    open_, high, low, close, top, bottom = _seen(book, asset, row, step, direction, prices, at, leg)
    if leg != WHOLE and kind == MARKET and fill_time >= _NEXT_WORST:
        high = top
        low = bottom
    if kind == CLOSE:
        price, dated = _session_close(book, order, row, close)
        if np.isnan(price):
            return
    if auction:
        if _waits_for_auction(book, order, row, first, last):
            return
        if tif == _AT_OPEN:
            high = low = close = open_
        else:
            open_ = high = low = close
    if order["reduce_only"] and not _cut_to_position(book, i):
        return
    # The volume of a bar is there once, also where the bar is met again.
    clock = row if step < 0 else len(book.times) + step
    if market["traded_bar"] != clock:
        market["traded_bar"] = clock
        market["traded"] = 0.0
        market["exhausted"] = False
    units = abs(order["remaining"])
    maker = False
    ambiguous = False
    shift = 0.0
    on_close = rule["trigger_on"] == _TRIGGER_CLOSE and kind != CLOSE
    if kind == MARKET and fill_time != _NEXT_CLOSE:
        on_close = False
    if np.isnan(volume) and not np.isnan(term["volume_limit"]):
        dead = True  # a part of what is not known
        if on_close:
            return
    if on_close:
        if not market["exhausted"]:
            price, units, exhausted = close_price(term, order, close, volume, market["traded"])
            market["exhausted"] = exhausted
        elif tif < _IOC:
            return
    else:
        if not auction and leg == WHOLE:
            ambiguous = _has_rival(
                book, i, row, step, prices[OPEN, asset, at], prices[HIGH, asset, at],
                prices[LOW, asset, at],
            )  # fmt: skip
        elif not auction:
            path = book.path
            ambiguous = _has_rival(
                book, i, row, step, path[WHOLE_OPEN, asset, 0], path[WHOLE_HIGH, asset, 0],
                path[WHOLE_LOW, asset, 0],
            )  # fmt: skip
        if kind != CLOSE:
            worst = top if direction > 0.0 else bottom
            price = range_price(term, rule, order, open_, high, low, close, worst)
            maker = was_limit and (order["met"] or price != open_)
            if was_limit and not auction and leg >= ON_THE_WAY and rule["limit_touch"] == _THROUGH:
                # Here is not where the bar opens: at the limit is not beyond it.
                limit = order["limit"]
                if limit == open_ and limit == (low if direction > 0.0 else high):
                    price = np.nan
        if not np.isnan(term["volume_limit"]):
            most = term["volume_limit"] * volume
            left = most
            if term["slippage_kind"] != SLIP_MID_SQUARE_ROOT:
                left -= market["traded"]
            # What rounding leaves over is nothing.
            units = min(units, left if left > 1e-12 * most else 0.0)
    trades = not (np.isnan(price) or dead or order["held_in"] == clock)
    if price == UNKNOWN:
        price = np.nan
    order["met"] = True
    reached = kind in (STOP, TRAIL, MARKET_IF_TOUCHED) and trades
    reached = reached and order["remaining"] != 0.0 and rule["partial_stop"] == _TO_MARKET
    if rule["trigger_status"] == _SAYS_TRIGGERED:
        if reached:
            order["triggered"] = True
        if order["triggered"] and not was_triggered:
            enter(book, i, TRIGGERED, -1)
            _still_leaving(book, i)
    if term["own"] & OWN_PORTION and trades and units > 0.0:
        portion = call_pricing(
            term["own_call"], float(OWN_PORTION), float(i), order["remaining"], price,
            -1.0 if dated < row else 0.0,
        )  # fmt: skip
        units = min(units, portion)
    if rule["sizing"] == _WHOLE:
        units = np.trunc(units)
    if term["lot"] != 0.0 and units != abs(order["remaining"]):
        units = to_lot(units, term["lot"])
    if tif == _FOK and units != abs(order["remaining"]):
        trades = False
    if not term["slippage_plain"] and trades and units > 0.0:
        price, shift = _impacted(book, order, row, price, direction, units, bottom, top)
        trades = not np.isnan(price)
    if trades and units > 0.0:
        if kind == MARKET and fill_time == _THIS_CLOSE and not auction:
            dated = row_of(book, asset, order["created_bar"])
        # A whole fill takes what remains, bit for bit.
        whole = units == abs(order["remaining"])
        quantity = order["remaining"] if whole else direction * units
        if not _borrowable(book, i, row, quantity):
            return
        done = execute(book, i, quantity, price, dated, maker, ambiguous, step)
        market["traded"] += abs(done)
        if done != 0.0:
            market["impact"] += shift
    if working(order["status"]):
        _stay(book, i, prices, at, leg, was_triggered, reached)


@njit
def _stay(book, i, prices, at, leg, was_triggered, reached):
    """Order i was tried and is still there: it ends now, follows the price, or simply waits."""
    order = book.orders[i]
    tif = order["tif"]
    if reached:
        order["triggered"] = True  # what is left of it has become a market order
    if tif in (_IOC, _FOK):
        if leg in (WHOLE, AT_THE_CLOSE):
            refuse(book, i, CANCELLED, _IMMEDIATE)
    elif tif >= _AT_OPEN:
        refuse(book, i, EXPIRED, _TIME)
    elif leg == WHOLE and order["kind"] in (TRAIL, TRAIL_LIMIT) and not (was_triggered or reached):
        asset = order["asset"]
        field = CLOSE_FIELD
        if book.rules[0]["trail_update"] == _EXTREME:
            field = LOW if order["size"] > 0.0 else HIGH
        price = prices[field, asset, at] + book.positions[asset]["impact"]
        trail(order, price, book.terms[asset]["tick"])


@njit
def after_try(book, i, k):
    """Order i has been tried at place k: back into the queue, or its group hears of its end."""
    status = book.orders[i]["status"]
    if working(status):
        book.queue[PENDING, k] = i
    elif status == FILLED:
        advance_bracket(book, i, False)


@njit
def close_gaps(book):
    """Close the gaps that a pass left in the queue."""
    head = book.account[0]
    head["cursor"] = -1
    kept = 0
    for k in range(head["n_pending"]):
        if book.queue[PENDING, k] >= 0:
            book.queue[PENDING, kept] = book.queue[PENDING, k]
            kept += 1
    head["n_pending"] = kept


@njit
def is_over(book, i):
    """Whether the time in force of pending order i is over in the current bar."""
    order = book.orders[i]
    if order["kind"] == MARKET and book.rules[0]["market_expiry"] != _MARKET_EXPIRES:
        return False
    return expired(book, i, row_of(book, order["asset"], book.account[0]["bar"]))

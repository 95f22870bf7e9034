"""One bar of the market meets the pending orders: `step`, and the loops over a bar's path.

All state lives in the arrays of a `Book`; the kernels are callable from Python (with
`book.handles`) and from other kernels (with the `Book`) alike. `Simulation` is the Python face.
"""

from __future__ import annotations

import numpy as np

from .account import apply_fill, month_of, preview
from .action_kernels import apply_actions
from .book import (
    ACTIVATING,
    CLOSE_FIELD,
    HIGH,
    LOW,
    OPEN,
    PENDING,
    VOLUME,
    WAITING,
    asset_of,
    opened,
    row_of,
)
from .costs import impact
from .financing import finance
from .hooks import apart
from .jit import njit
from .margin import buying_power, call_margin, screen
from .matching import close_price, range_price, reach, trail, works_as_limit
from .order_book import (
    advance_bracket,
    arrive,
    cancel_oco_mates,
    enter,
    expired,
    leave_book,
    receive,
    refuse,
    stands,
    to_lot,
    working,
)
from .orders import (
    CANCELLED,
    CLOSE,
    EXPIRED,
    FILLED,
    LIMIT,
    LIMIT_IF_TOUCHED,
    MARGIN,
    MARKET,
    MARKET_IF_TOUCHED,
    PARTIAL,
    PENDING_CANCEL,
    REJECTED,
    STOP,
    STOP_LIMIT,
    TRAIL,
    TRAIL_LIMIT,
    TRIGGERED,
    Reason,
    TimeInForce,
)
from .risk_guard import (
    FROM_PRICE,
    NOTHING,
    after_fill,
    follow,
    follow_part,
    has_grown,
    oversee,
    parts_of,
    protect,
    walks,
)
from .rules import (
    BracketActivation,
    BuyingPower,
    CashCheck,
    CommissionCredit,
    CommissionTime,
    CostBasis,
    FillTime,
    LimitTouch,
    MarginCall,
    MarketExpiry,
    MissingBar,
    NoVolume,
    PricePath,
    Queue,
    Sizing,
    StopLimitPath,
    TrailUpdate,
    TriggerOn,
    TriggerStatus,
)
from .valuation import mark, settle_profit, total_cash

_BY_ASSET = int(Queue.BY_ASSET)
_SAME_BAR = int(BracketActivation.SAME_BAR)
_EXITS_FIRST = int(Queue.EXITS_FIRST)
_STOPS_FIRST = int(Queue.STOPS_FIRST)
_LIMITS_FIRST = int(Queue.LIMITS_FIRST)
_TRIGGER_CLOSE = int(TriggerOn.CLOSE)
_HOLD = int(MissingBar.HOLD)
_THIS_OPEN = int(FillTime.THIS_OPEN)
_THIS_CLOSE = int(FillTime.THIS_CLOSE)
_NEXT_CLOSE = int(FillTime.NEXT_CLOSE)
_NEXT_WORST = int(FillTime.NEXT_WORST)
_EXTREME = int(TrailUpdate.EXTREME)
_WHOLE = int(Sizing.WHOLE)
_NO_TRADE = int(NoVolume.NO_TRADE)
_MARKET_EXPIRES = int(MarketExpiry.EXPIRES)
_END_OF_BAR = int(CommissionTime.END_OF_BAR)
_NOT_BOOKED = int(CommissionCredit.NOT_BOOKED)
_WITH_COMMISSION = int(CostBasis.WITH_COMMISSION)
_ON_FILL = int(CashCheck.ON_FILL)
_MARGIN_POWER = int(BuyingPower.MARGIN)
_NEVER_CALLED = int(MarginCall.NEVER)
_SAYS_TRIGGERED = int(TriggerStatus.STATUS)
_WHOLE_BAR = int(PricePath.WHOLE_BAR)
_HIGH_FIRST = int(PricePath.HIGH_FIRST)
_NEAREST_FIRST = int(PricePath.NEAREST_FIRST)
_BODY = int(PricePath.BODY)
_THROUGH = int(LimitTouch.THROUGH)
_NEXT_BAR = int(StopLimitPath.NEXT_BAR)
_GTC = int(TimeInForce.GTC)
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
# What `_try` meets: a whole bar, or of one that is walked its open, a leg, its close.
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


@njit
def _still_leaving(book, i):
    """An order that was triggered or traded in part has its cancel on its way all the same."""
    order = book.orders[i]
    if order["cancel_arrives"] >= 0 and order["status"] != FILLED:
        enter(book, i, PENDING_CANCEL, -1)


@njit
def _short_of_cash(book, order, position, units, price):
    """Whether the cash there is does not pay for all of a fill; then the order says why."""
    rule = book.rules[0]
    if rule["buying_power"] == _MARGIN_POWER or order["cause"] != 0:
        return False
    term = book.terms[order["asset"]]
    wallet = book.account[term["wallet"]]
    position["check_size"] = position["size"]
    position["check_price"] = position["price"]
    position["check_stamp"] = -1
    free = wallet["cash"] - wallet["held"] - wallet["unsettled"]
    left, needed, available = preview(term, rule, position, units, price, free, wallet["counted"])
    if needed <= 0.0 or left >= 0.0:
        return False
    order["needed"] = needed
    order["available"] = available
    order["reason"] = _FOR_CASH
    return True


@njit
def _book(book, i, units, price, row, maker, ambiguous, step):
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
    if not term["commission_plain"]:
        # Tiers count what a wallet trades in a calendar month.
        wallet = book.account[term["wallet"]]
        month = month_of(book.times[head["bar"]])
        if wallet["month"] != month:
            wallet["month"] = month
            wallet["counted"] = 0.0
    refused = False
    if rule["buying_power"] == _MARGIN_POWER and (rule["cash_check"] & _ON_FILL) != 0:
        judged = order["cause"] == 0
        refused = judged and buying_power(book, i, units, price, maker, True) == 0
    held = position["size"]
    if order["tif"] == _FOK and not refused and (rule["cash_check"] & _ON_FILL) != 0:
        refused = _short_of_cash(book, order, position, units, price)
    if refused and order["tif"] == _FOK:
        # Whole or not at all: not the closing part of it alone.
        refuse(book, i, MARGIN, order["reason"])
        return 0.0
    done = apply_fill(
        term, rule, book.account[term["wallet"]], position, order, units, price, fill, maker,
        refused,
    )  # fmt: skip
    if done != 0.0:
        if not term["stock_like"]:
            head["n_marked"] += int(position["size"] != 0.0) - int(held != 0.0)
        if fill["opened"] == position["size"]:
            position["entry_bar"] = head["bar"]
            position["entry_fill"] = n
        fill["order"] = i
        fill["bar"] = row
        fill["booked"] = head["bar"]
        fill["time"] = book.times[row]
        fill["slot"] = slot
        fill["cause"] = order["cause"]
        fill["maker"] = maker
        fill["ambiguous"] = ambiguous
        fill["step"] = step
        head["n_fills"] = n + 1
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
    if not np.isnan(order["limit"]):
        if direction > 0.0:
            high = min(high, order["limit"])
        else:
            low = max(low, order["limit"])
    sigma = book.columns[rule["column_impact_sigma"], asset, row]
    volume = book.columns[rule["column_impact_volume"], asset, row]
    return impact(book.terms[asset], price, direction, units, volume, sigma, low, high)


@njit
def _try(book, i, prices, at, row, first, last, step, leg):
    """Try pending order i against a bar of its asset, or a part of one.

    prices[:, asset, at]: the bar; row: the bar that a fill is dated at; first, last: whether this
    part holds the bar's open, its close; step: number of the finer bar, -1 for none; leg: what part
    of a walked bar it is, else `WHOLE`; then `Book.path` holds the whole bar too.
    """
    order = book.orders[i]
    rule = book.rules[0]
    times = book.times
    asset = order["asset"]
    term = book.terms[asset]
    position = book.positions[order["slot"]]
    market = book.positions[asset]
    close = prices[CLOSE_FIELD, asset, at]
    volume = prices[VOLUME, asset, at]
    kind = order["kind"]
    tif = order["tif"]
    dead = volume == 0.0 and rule["no_volume"] == _NO_TRADE
    if np.isnan(close) or (dead and tif < _IOC):
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
        time = rule["fill_time"]
        if time != _THIS_OPEN and time != _THIS_CLOSE and times[row] <= order["created_time"]:
            return
        if time == _NEXT_CLOSE and not last and not auction:
            return
    open_ = prices[OPEN, asset, at]
    high = prices[HIGH, asset, at]
    low = prices[LOW, asset, at]
    top = high
    bottom = low
    if leg != WHOLE:
        top = book.path[WHOLE_HIGH, asset, 0]
        bottom = book.path[WHOLE_LOW, asset, 0]
        if kind == MARKET and rule["fill_time"] >= _NEXT_WORST:
            high = top
            low = bottom
    raw_close = close
    lasting = market["impact"]
    half, quote = _quote(book, asset, row, step, direction)
    if top == bottom and not np.isnan(quote):
        open_ = high = low = close = top = bottom = quote  # a tick: exactly its quote
    elif half != 0.0:
        open_ += half
        high += half
        low += half
        close += half
        top += half
        bottom += half
    if lasting != 0.0:
        raw_close += lasting
        open_ += lasting
        high += lasting
        low += lasting
        close += lasting
        top += lasting
        bottom += lasting
    if kind == CLOSE:
        if times[row] <= order["created_time"] or times[row] < order["session_end"]:
            order["noted_close"] = close
            return
        price = close
        if times[row] > order["session_end"] and not np.isnan(order["noted_close"]):
            # The session ended between two bars: the close is the one noted before.
            price = order["noted_close"]
            dated = row - 1
            if book.rows.shape[0]:
                while dated > 0 and np.isnan(book.values[CLOSE_FIELD, asset, dated]):
                    dated -= 1
    if tif == _AT_OPEN:
        before = row_of(book, asset, row - 1) if row > 0 else -1
        if not first or (before >= 0 and book.sessions[row] == book.sessions[before]):
            return
        high = low = close = open_
    elif tif == _AT_CLOSE:
        end_of_session = row + 1 == len(times) or book.sessions[row + 1] != book.sessions[row]
        if not (last and end_of_session):
            return
        open_ = high = low = close
    if order["reduce_only"]:
        if position["size"] == 0.0 or (position["size"] > 0.0) == (direction > 0.0):
            order["needed"] = abs(order["remaining"])
            order["available"] = 0.0
            refuse(book, i, CANCELLED, _REDUCE_ONLY)
            return
        if abs(order["remaining"]) > abs(position["size"]):
            # What the position no longer holds cannot be reduced.
            order["remaining"] = -position["size"]
            order["size"] = order["filled"] + order["remaining"]
    # The volume of a bar is there once, also where the bar is met again.
    clock = row if step < 0 else len(times) + step
    if market["traded_bar"] != clock:
        market["traded_bar"] = clock
        market["traded"] = 0.0
        market["exhausted"] = False
    units = abs(order["remaining"])
    maker = False
    ambiguous = False
    shift = 0.0
    on_close = rule["trigger_on"] == _TRIGGER_CLOSE and kind != CLOSE
    if kind == MARKET and rule["fill_time"] != _NEXT_CLOSE:
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
            left = most - market["traded"]
            # What rounding leaves over is nothing.
            units = min(units, left if left > 1e-12 * most else 0.0)
    if dead or order["held_in"] == clock:
        price = np.nan
    order["met"] = True
    reached = kind in (STOP, TRAIL, MARKET_IF_TOUCHED) and not np.isnan(price)
    reached = reached and order["remaining"] != 0.0
    if rule["trigger_status"] == _SAYS_TRIGGERED:
        if reached:
            order["triggered"] = True
        if order["triggered"] and not was_triggered:
            enter(book, i, TRIGGERED, -1)
            _still_leaving(book, i)
    if rule["sizing"] == _WHOLE:
        units = np.trunc(units)
    if term["lot"] != 0.0 and units != abs(order["remaining"]):
        units = to_lot(units, term["lot"])
    if tif == _FOK and units != abs(order["remaining"]):
        price = np.nan
    if not term["slippage_plain"] and not np.isnan(price) and units > 0.0:
        price, shift = _impacted(book, order, row, price, direction, units, bottom, top)
    if not np.isnan(price) and units > 0.0:
        if kind == MARKET and rule["fill_time"] == _THIS_CLOSE and not auction:
            dated = row_of(book, asset, order["created_bar"])
        # A whole fill takes what remains, bit for bit.
        whole = units == abs(order["remaining"])
        quantity = order["remaining"] if whole else direction * units
        if rule["column_available"] >= 0 and position["size"] + quantity < min(
            0.0, position["size"]
        ):
            available = book.columns[rule["column_available"], asset, row]
            short = -(position["size"] + quantity)
            if short > available:
                order["needed"] = short
                order["available"] = available
                refuse(book, i, REJECTED, _NOT_SHORTABLE)
                return
        done = _book(book, i, quantity, price, dated, maker, ambiguous, step)
        market["traded"] += abs(done)
        if done != 0.0:
            market["impact"] += shift
    if not working(order["status"]):
        return
    if reached:
        order["triggered"] = True  # what is left of it has become a market order
    if tif in (_IOC, _FOK):
        if leg in (WHOLE, AT_THE_CLOSE):
            refuse(book, i, CANCELLED, _IMMEDIATE)
    elif auction:
        refuse(book, i, EXPIRED, _TIME)
    elif leg == WHOLE and kind in (TRAIL, TRAIL_LIMIT) and not (was_triggered or reached):
        if rule["trail_update"] == _EXTREME:
            extreme = prices[LOW if order["size"] > 0.0 else HIGH, asset, at]
            trail(order, extreme + lasting, term["tick"])
        else:
            trail(order, raw_close, term["tick"])


@njit
def _first_key(book, i):
    """Which orders meet a bar before others, by `Rules.queue`: the smaller number first."""
    order = book.orders[i]
    queue = book.rules[0]["queue"]
    if queue == _EXITS_FIRST:
        size = book.positions[order["slot"]]["size"]
        return 0 if size * order["size"] < 0.0 else 1
    stops = order["kind"] in (STOP, STOP_LIMIT, TRAIL, TRAIL_LIMIT) and not order["triggered"]
    limits = works_as_limit(order)
    if queue == _STOPS_FIRST:
        return 0 if stops else 1
    return 0 if limits else 1


@njit
def _sort_pending(book):
    """Pending orders in the sequence of `Rules.queue`, where it is more than that of sending.

    There are no gaps in the queue, and no children wait to be activated.
    """
    n = book.account[0]["n_pending"]
    queue = book.queue
    for k in range(n):
        queue[ACTIVATING, k] = queue[PENDING, k]
    place = 0
    for wanted in range(2):
        start = place
        for k in range(n):
            i = queue[ACTIVATING, k]
            if _first_key(book, i) != wanted:
                continue
            # Mostly they are in sequence already.
            turn = book.orders[i]["sequence"]
            m = place
            while m > start and book.orders[queue[PENDING, m - 1]]["sequence"] > turn:
                queue[PENDING, m] = queue[PENDING, m - 1]
                m -= 1
            queue[PENDING, m] = i
            place += 1


@njit
def _after(book, i, k):
    """Order i has been tried at place k: back into the queue, or its group hears of its end."""
    status = book.orders[i]["status"]
    if working(status):
        book.queue[PENDING, k] = i
    elif status == FILLED:
        advance_bracket(book, i, False)


@njit
def _close_gaps(book):
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
def _is_over(book, i):
    """Whether the time in force of pending order i is over in the current bar."""
    order = book.orders[i]
    if order["kind"] == MARKET and book.rules[0]["market_expiry"] != _MARKET_EXPIRES:
        return False
    return expired(book, i, row_of(book, order["asset"], book.account[0]["bar"]))


@njit
def _out_of_reach(order, low, high):
    """Whether a bar surely leaves an order as it is: a limit that waited before, and is not met.

    Most orders of most bars are such: this is a look at them that changes nothing. A price that
    is NaN is never out of reach.
    """
    if order["kind"] != LIMIT or order["tif"] != _GTC or not order["met"]:
        return False
    if order["expires"] != 0 or order["reduce_only"]:
        return False
    return low > order["limit"] if order["size"] > 0.0 else high < order["limit"]


@njit
def _pass(book):
    """Each pending order meets the bar once, in queue order."""
    head = book.account[0]
    rule = book.rules[0]
    n = head["n_pending"]
    t = head["bar"]
    holds = rule["missing_bar"] == _HOLD
    # Where the bar's own low and high decide.
    plain = rule["trigger_on"] != _TRIGGER_CLOSE and rule["column_bid"] < 0
    values = book.values
    for k in range(n):
        i = book.queue[PENDING, k]
        if i < 0:
            continue
        if plain:
            order = book.orders[i]
            asset = order["asset"]
            row = row_of(book, asset, t)
            still = row == t and book.positions[asset]["impact"] == 0.0
            if still and _out_of_reach(order, values[LOW, asset, t], values[HIGH, asset, t]):
                continue
        head["cursor"] = k
        # Taken out while it is tried, so that nothing it causes can cancel it.
        book.queue[PENDING, k] = -1
        if _is_over(book, i):
            refuse(book, i, EXPIRED, _TIME)
            continue
        order = book.orders[i]
        if order["active"]:
            row = row_of(book, order["asset"], t)
            if row >= 0 and (row == t or not holds):
                _try(book, i, book.values, row, row, True, True, -1, WHOLE)
        _after(book, i, k)
    _close_gaps(book)


@njit
def _expire(book):
    """Orders whose time in force is over end, before any order is tried."""
    head = book.account[0]
    for k in range(head["n_pending"]):
        i = book.queue[PENDING, k]
        if i >= 0 and _is_over(book, i):
            head["cursor"] = k
            book.queue[PENDING, k] = -1
            refuse(book, i, EXPIRED, _TIME)
    _close_gaps(book)


@njit
def _try_place(book, k, row, first, last, step, leg):
    """Try the order at a place of the queue against the part of the bar in `Book.path`."""
    head = book.account[0]
    i = book.queue[PENDING, k]
    head["cursor"] = k
    book.queue[PENDING, k] = -1
    _try(book, i, book.path, 0, row, first, last, step, leg)
    _after(book, i, k)
    head["cursor"] = -1


@njit
def _try_all(book, asset, row, first, last, step, leg):
    """Each active order of an asset meets the part of the bar in `Book.path`, in queue order."""
    for k in range(book.account[0]["n_pending"]):
        i = book.queue[PENDING, k]
        if i >= 0 and book.orders[i]["asset"] == asset and book.orders[i]["active"]:
            _try_place(book, k, row, first, last, step, leg)


@njit
def _first_on_leg(book, asset, here, to, row, step):
    """The order of an asset that acts first on the way of its price from `here` to `to`.

    Returns its place in the queue and the price; -1 when none does.
    """
    best = -1
    found = here
    nearest = np.inf
    high = max(here, to)
    low = min(here, to)
    tick = book.path[WHOLE_HIGH, asset, 0] == book.path[WHOLE_LOW, asset, 0]
    for k in range(book.account[0]["n_pending"]):
        i = book.queue[PENDING, k]
        if i < 0:
            continue
        order = book.orders[i]
        if order["asset"] != asset or not order["active"] or order["tried"]:
            continue
        if order["kind"] == CLOSE or order["tif"] >= _AT_OPEN:
            continue
        level = _reach(book, i, row, step, here, high, low, tick)
        if not np.isnan(level) and abs(level - here) < nearest:
            best = k
            found = level
            nearest = abs(level - here)
    return best, found


@njit
def _set_leg(book, asset, here, to):
    """The part of the bar that the price has before it: from `here` straight to `to`."""
    path = book.path
    path[OPEN, asset, 0] = here
    path[HIGH, asset, 0] = max(here, to)
    path[LOW, asset, 0] = min(here, to)
    path[CLOSE_FIELD, asset, 0] = to


@njit
def _walk_leg(book, asset, here, to, row, step):
    """The price goes from `here` to `to`; orders act as it reaches them."""
    for k in range(book.account[0]["n_pending"]):
        i = book.queue[PENDING, k]
        if i >= 0:
            book.orders[i]["tried"] = False
    while True:
        k, level = _first_on_leg(book, asset, here, to, row, step)
        if k < 0:
            break
        order = book.orders[book.queue[PENDING, k]]
        triggered = order["triggered"]
        triggers = order["kind"] in (STOP_LIMIT, TRAIL_LIMIT, LIMIT_IF_TOUCHED) and not triggered
        # One that is triggered here trades as the price goes on, in its turn among the others.
        _set_leg(book, asset, here, level if triggers else to)
        _try_place(book, k, row, False, False, step, ON_THE_WAY)
        if len(book.guards) > 0:
            protect(book, asset)
        order["tried"] = triggered or not order["triggered"]
        waits = book.rules[0]["stop_limit_path"] == _NEXT_BAR
        waits = waits and order["kind"] != LIMIT_IF_TOUCHED
        if waits and triggers and order["triggered"]:
            order["tried"] = True
            order["held_in"] = row if step < 0 else len(book.times) + step
        here = level


@njit
def _trail_all(book, asset, price):
    """Trailing stops of an asset follow its price."""
    for k in range(book.account[0]["n_pending"]):
        i = book.queue[PENDING, k]
        if i < 0:
            continue
        order = book.orders[i]
        kind = order["kind"]
        moves = kind in (TRAIL, TRAIL_LIMIT) and not order["triggered"]
        if order["asset"] == asset and order["active"] and moves:
            trail(order, price + book.positions[asset]["impact"], book.terms[asset]["tick"])


@njit
def _walk(book, asset, row, first, last, step):
    """The price of an asset walks the bar in `Book.path` by `Rules.price_path`."""
    path = book.path
    rule = book.rules[0]
    open_ = path[OPEN, asset, 0]
    high = path[HIGH, asset, 0]
    low = path[LOW, asset, 0]
    close = path[CLOSE_FIELD, asset, 0]
    way = rule["price_path"]
    high_first = way == _HIGH_FIRST
    if way == _NEAREST_FIRST:
        high_first = high - open_ <= open_ - low
    elif way == _BODY:
        high_first = close <= open_
    follows = rule["trail_update"] == _EXTREME
    _set_leg(book, asset, open_, open_)
    _try_all(book, asset, row, first, False, step, AT_THE_OPEN)
    if follows:
        _trail_all(book, asset, open_)
    if len(book.guards) > 0:
        protect(book, asset)
    here = open_
    for n in range(3):
        to = close if n == 2 else (high if high_first == (n == 0) else low)
        _walk_leg(book, asset, here, to, row, step)
        if follows:
            _trail_all(book, asset, to)
            if len(book.guards) > 0:
                follow(book, asset, to, False)
        here = to
    _set_leg(book, asset, close, close)
    _try_all(book, asset, row, False, last, step, AT_THE_CLOSE)
    if not follows:
        _trail_all(book, asset, close)


@njit
def _is_first(book, asset, f, t):
    """Whether f is the first finer bar of an asset within bar t."""
    g = f - 1
    while g >= book.finer_from[t] and np.isnan(book.finer[CLOSE_FIELD, asset, g]):
        g -= 1
    return g < book.finer_from[t]


@njit
def _is_last(book, asset, f, t):
    """Whether f is the last finer bar of an asset within bar t."""
    g = f + 1
    while g < book.finer_from[t + 1] and np.isnan(book.finer[CLOSE_FIELD, asset, g]):
        g += 1
    return g >= book.finer_from[t + 1]


@njit
def _load(book, asset, prices, at):
    """Copy a bar into `Book.path`."""
    path = book.path
    for field in range(5):
        path[field, asset, 0] = prices[field, asset, at]
    path[WHOLE_OPEN, asset, 0] = prices[OPEN, asset, at]
    path[WHOLE_HIGH, asset, 0] = prices[HIGH, asset, at]
    path[WHOLE_LOW, asset, 0] = prices[LOW, asset, at]


@njit
def _meet(book, asset, row, first, last, step):
    """The pending orders of an asset meet the bar in `Book.path`.

    Whole where only its close reaches levels, or nothing trades: a path would not matter.
    """
    rule = book.rules[0]
    dead = rule["no_volume"] == _NO_TRADE and book.path[VOLUME, asset, 0] == 0.0
    if rule["price_path"] == _WHOLE_BAR or rule["trigger_on"] == _TRIGGER_CLOSE or dead:
        _try_all(book, asset, row, first, last, step, WHOLE)
    else:
        _walk(book, asset, row, first, last, step)


@njit
def _activate(book):
    """Children whose parent filled can trade from now on."""
    head = book.account[0]
    for k in range(head["n_activating"]):
        book.orders[book.queue[ACTIVATING, k]]["active"] = True
    head["n_activating"] = 0


@apart
def pass_inside(book):
    """Pending orders meet the parts of the bar: finer bars, legs of a path, or both.

    In the sequence of the finer bars, at each of them asset by asset. An asset without a finer
    bar inside this one meets its bar whole at the first of them.
    """
    _expire(book)
    rule = book.rules[0]
    sorts = rule["queue"] >= _EXITS_FIRST
    t = book.account[0]["bar"]
    a = 0
    b = 0
    if len(book.finer_from) > 1:
        a = book.finer_from[t]
        b = book.finer_from[t + 1]
    for f in range(a, max(b, a + 1)):
        if f > a:
            _activate(book)
            if sorts:
                _close_gaps(book)
                _sort_pending(book)
        for asset in range(len(book.terms)):
            row = row_of(book, asset, t)
            if row != t:
                if f == a and row >= 0 and rule["missing_bar"] != _HOLD:
                    _load(book, asset, book.values, row)
                    _meet(book, asset, row, True, True, -1)
                continue
            if f < b and not np.isnan(book.finer[CLOSE_FIELD, asset, f]):
                _load(book, asset, book.finer, f)
                first = _is_first(book, asset, f, t)
                _meet(book, asset, t, first, _is_last(book, asset, f, t), f)
                if len(book.guards) > 0:
                    follow_part(book, asset, f)
            elif f == a and (a == b or _is_last(book, asset, a, t)):
                _load(book, asset, book.values, t)
                _meet(book, asset, t, True, True, -1)
                if len(book.guards) > 0 and a < b:
                    follow_part(book, asset, -1)
    _close_gaps(book)
    return 0


@apart
def protect_rest(book):
    """What this bar has opened is protected in the rest of it: `BracketActivation.SAME_BAR`.

    For bars that are met whole: what came before the entry is not known, so the entry's price
    stands for the open, and the bar's extremes for those of the rest.
    """
    rule = book.rules[0]
    t = book.account[0]["bar"]
    if walks(rule) or parts_of(book, t) > 0:
        return 0
    limits_first = rule["queue"] == _LIMITS_FIRST
    for slot in range(len(book.positions)):
        guard = book.guards[slot]
        asset = asset_of(book, slot)
        if not has_grown(book, slot) or guard["rest"] == NOTHING or row_of(book, asset, t) != t:
            continue
        protect(book, asset)
        for turn in range(2):
            i = guard["target"] if limits_first == (turn == 0) else guard["stop"]
            for k in range(book.account[0]["n_pending"]):
                if i >= 0 and book.queue[PENDING, k] == i:
                    _load(book, asset, book.values, t)
                    if guard["rest"] == FROM_PRICE:
                        path = book.path
                        price = guard["price"]
                        path[OPEN, asset, 0] = price
                        path[HIGH, asset, 0] = max(path[HIGH, asset, 0], price)
                        path[LOW, asset, 0] = min(path[LOW, asset, 0], price)
                    _try_place(book, k, t, False, True, -1, WHOLE)
                    break
        _close_gaps(book)
    return 0


@njit
def _charge(book, first):
    """Book the commission of this bar's fills, after all of them: `CommissionTime.END_OF_BAR`."""
    head = book.account[0]
    rule = book.rules[0]
    for k in range(first, head["n_fills"]):
        fill = book.fills[k]
        fee = fill["commission"]
        if fee < 0.0 and rule["commission_credit"] == _NOT_BOOKED:
            fee = 0.0
            fill["commission"] = 0.0
        position = book.positions[fill["slot"]]
        if fee != 0.0:
            wallet = book.account[book.terms[fill["asset"]]["wallet"]]
            wallet["cash"] -= fee
            wallet["flow"] -= fee
            size = position["size"]
            if rule["cost_basis"] == _WITH_COMMISSION and size != 0.0:
                position["price"] = (position["price"] * size + fee) / size
        fill["position_price"] = position["price"]


@njit
def _fetch(book, t):
    """Read the bars of the orders that arrive, all at once, and leave the sum in scratch.

    They lie far apart in memory. Read here they are waited for together, later one by one: a third
    of the time of a run that trades many assets.
    """
    values = book.values
    found = 0.0
    for k in range(book.account[0]["n_submitted"]):
        asset = book.orders[book.queue[WAITING, k]]["asset"]
        for field in range(5):
            found += values[field, asset, t]
    book.path[OPEN, 0, 0] = found


@njit
def advance(book, t):
    """The bar at time index t becomes current; returns the number of new events.

    In sequence: interest and what else time does to cash, corporate actions, children whose
    parent filled become active, messages and new orders reach the market (with its cash check),
    each pending order meets the bar, actions at its close, commission where it waits for the end
    of the bar, profit settlement, equity, risk rules, margin calls. Writes cash and equity into
    `curve[:, t]`.
    """
    head = book.account[0]
    rule = book.rules[0]
    before = head["n_events"]
    first = head["n_fills"]
    head["bar"] = t
    if head["finances"] != 0:
        finance(book, t)
    if head["action_due"] <= 2 * t:
        apply_actions(book, 2 * t)
    _activate(book)
    if head["n_submitted"] > 0:
        _fetch(book, t)
        if rule["buying_power"] == _MARGIN_POWER:
            screen(book)
        arrive(book)
    if head["delayed"] > 0:
        receive(book, t)  # after the orders that they may be about
    if head["n_pending"] > 0:
        if rule["queue"] >= _EXITS_FIRST:
            _sort_pending(book)
        if rule["price_path"] == _WHOLE_BAR and len(book.finer_from) <= 1:
            _pass(book)
        else:
            pass_inside(book)
        if len(book.guards) > 0 and rule["bracket_activation"] == _SAME_BAR:
            protect_rest(book)
    if rule["queue"] == _BY_ASSET:
        leave_book(book)
    if head["action_due"] <= 2 * t + 1:
        apply_actions(book, 2 * t + 1)
    if rule["commission_time"] == _END_OF_BAR:
        _charge(book, first)
    if head["n_marked"] > 0:
        settle_profit(book, t)
    book.curve[1, t] = mark(book, t)
    book.curve[0, t] = total_cash(book, t)
    if len(book.guards) > 0:
        oversee(book, t)
    if rule["margin_call"] != _NEVER_CALLED:
        call_margin(book, t)
    head["stepped"] = t
    return head["n_events"] - before


@njit
def step(t, table):
    """`advance` from Python; table: `book.handles`."""
    return advance(opened(table), t)

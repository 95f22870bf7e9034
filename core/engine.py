"""One bar of the market meets the pending orders: `step`, and the loops over a bar's path.

All state lives in the arrays of a `Book`; the kernels are callable from Python (with
`book.handles`) and from other kernels (with the `Book`) alike. `Simulation` is the Python face.
"""

from __future__ import annotations

import numpy as np

from .account import apply_fill, month_of
from .action_kernels import apply_actions
from .book import ACTIVATING, CLOSE_FIELD, HIGH, LOW, OPEN, PENDING, VOLUME, opened, row_of
from .costs import impact
from .financing import finance
from .jit import njit
from .margin import buying_power, call_margin, screen
from .matching import close_price, range_price, reach, trail
from .order_book import (
    advance_bracket,
    arrive,
    cancel_oco_mates,
    enter,
    expired,
    leave_book,
    receive,
    refuse,
    to_lot,
    working,
)
from .orders import (
    CANCELLED,
    CLOSE,
    EXPIRED,
    FILLED,
    LIMIT,
    MARGIN,
    MARKET,
    PARTIAL,
    REJECTED,
    STOP,
    STOP_LIMIT,
    TRAIL,
    TRAIL_LIMIT,
    TRIGGERED,
    Reason,
    TimeInForce,
)
from .rules import (
    BuyingPower,
    CashCheck,
    CommissionCredit,
    CommissionTime,
    CostBasis,
    FillTime,
    MarginCall,
    MarketExpiry,
    MissingBar,
    NoVolume,
    PricePath,
    Queue,
    Sizing,
    TrailUpdate,
    TriggerOn,
    TriggerStatus,
)
from .valuation import mark, settle_profit, total_cash

_BY_ASSET = int(Queue.BY_ASSET)
_EXITS_FIRST = int(Queue.EXITS_FIRST)
_STOPS_FIRST = int(Queue.STOPS_FIRST)
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


@njit
def _has_rival(book, i, open_, high, low):
    """Whether a bar reaches order i and another one of its group, neither at the open.

    Then only the path of the price, which bars do not tell, decides which of them trades.
    """
    orders = book.orders
    order = orders[i]
    leader = order["oco"]
    parent = order["parent"]
    if orders[leader]["oco_last"] == leader and parent < 0:
        return False
    level = reach(order, open_, high, low)
    if np.isnan(level) or level == open_:
        return False
    for k in range(book.account[0]["n_pending"]):
        j = book.queue[PENDING, k]
        if j < 0 or j == i:
            continue
        mate = orders[j]
        if mate["asset"] != order["asset"] or not mate["active"]:
            continue
        same = mate["oco"] == leader and mate["in_oco"]
        same |= parent >= 0 and mate["parent"] == parent and not mate["independent"]
        level = reach(mate, open_, high, low)
        if same and not np.isnan(level) and level != open_:
            return True
    return False


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
        refused = order["cause"] == 0 and not buying_power(book, slot, units, price, order, maker)
    held = position["size"]
    done = apply_fill(
        term, rule, book.account[term["wallet"]], position, order, units, price, fill, maker,
        refused,
    )  # fmt: skip
    if done != 0.0:
        if not term["stock_like"]:
            head["n_marked"] += int(position["size"] != 0.0) - int(held != 0.0)
        if fill["opened"] == position["size"]:
            position["entry_bar"] = head["bar"]
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
        if ambiguous and position["ambiguous_bar"] != head["bar"]:
            position["ambiguous_bar"] = head["bar"]
            head["ambiguous"] += 1
        enter(book, i, FILLED if order["remaining"] == 0.0 else PARTIAL, n)
        cancel_oco_mates(book, i)
    # Not `done != wanted`: the two parts of a reversal need not add up to the last bit.
    if done == 0.0 or (fill["opened"] == 0.0 and fill["closed"] != units):
        refuse(book, i, MARGIN, order["reason"])
    return done


@njit
def _quoted(book, asset, row, direction, open_, high, low, close):
    """The bar as a buyer (ask) or a seller (bid) sees it, where the data has both columns."""
    rule = book.rules[0]
    bid = book.columns[rule["column_bid"], asset, row]
    ask = book.columns[rule["column_ask"], asset, row]
    if np.isnan(bid) or np.isnan(ask):
        return open_, high, low, close
    if high == low:  # a tick: exactly the quote
        price = ask if direction > 0.0 else bid
        return price, price, price, price
    half = direction * (ask - bid) / 2.0
    return open_ + half, high + half, low + half, close + half


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
    part holds the bar's open, its close; step: number of the finer bar, -1 for none; leg: it is a
    leg of a path, and `Book.path` holds the whole bar too.
    """
    head = book.account[0]
    order = book.orders[i]
    rule = book.rules[0]
    times = book.times
    t = head["bar"]
    asset = order["asset"]
    term = book.terms[asset]
    position = book.positions[order["slot"]]
    market = book.positions[asset]
    close = prices[CLOSE_FIELD, asset, at]
    volume = prices[VOLUME, asset, at]
    if np.isnan(close) or (volume == 0.0 and rule["no_volume"] == _NO_TRADE):
        return
    kind = order["kind"]
    tif = order["tif"]
    direction = 1.0 if order["size"] > 0.0 else -1.0
    was_limit = order["triggered"]
    dated = row
    price = np.nan
    if kind == CLOSE:
        if not last:
            return
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
    elif kind == MARKET:
        time = rule["fill_time"]
        if time != _THIS_OPEN and time != _THIS_CLOSE and times[row] <= order["created_time"]:
            return
        if time == _NEXT_CLOSE and not last:
            return
    open_ = prices[OPEN, asset, at]
    high = prices[HIGH, asset, at]
    low = prices[LOW, asset, at]
    if rule["column_bid"] >= 0:
        open_, high, low, close = _quoted(book, asset, row, direction, open_, high, low, close)
    if kind == MARKET and rule["fill_time"] >= _NEXT_WORST and leg:
        high = book.path[WHOLE_HIGH, asset, 0]
        low = book.path[WHOLE_LOW, asset, 0]
    if market["impact"] != 0.0:
        lasting = market["impact"]
        open_ += lasting
        high += lasting
        low += lasting
        close += lasting
    if tif == _AT_OPEN:
        if not first or (row > 0 and book.sessions[row] == book.sessions[row - 1]):
            return
        high = low = close = open_
    elif tif == _AT_CLOSE:
        end_of_session = row + 1 == len(times) or book.sessions[row + 1] != book.sessions[row]
        if not (last and end_of_session):
            return
        open_ = high = low = close
    if order["reduce_only"]:
        if position["size"] == 0.0 or (position["size"] > 0.0) == (direction > 0.0):
            refuse(book, i, CANCELLED, _REDUCE_ONLY)
            return
        if abs(order["remaining"]) > abs(position["size"]):
            # What the position no longer holds cannot be reduced.
            order["remaining"] = -position["size"]
            order["size"] = order["filled"] + order["remaining"]
    clock = t if step < 0 else len(times) + step
    if market["traded_bar"] != clock:
        market["traded_bar"] = clock
        market["traded"] = 0.0
        market["exhausted"] = False
    units = abs(order["remaining"])
    maker = False
    ambiguous = False
    shift = 0.0
    if rule["trigger_on"] == _TRIGGER_CLOSE and kind != CLOSE:
        if market["exhausted"]:
            return
        price, units, exhausted = close_price(term, order, close, volume, market["traded"])
        market["exhausted"] = exhausted
    else:
        if leg:
            path = book.path
            ambiguous = _has_rival(
                book, i, path[WHOLE_OPEN, asset, 0], path[WHOLE_HIGH, asset, 0],
                path[WHOLE_LOW, asset, 0],
            )  # fmt: skip
        else:
            ambiguous = _has_rival(book, i, open_, high, low)
        if kind != CLOSE:
            price = range_price(term, rule, order, open_, high, low, close)
            maker = (kind == LIMIT or was_limit) and (order["met"] or price != open_)
        if not np.isnan(term["volume_limit"]):
            units = min(units, np.trunc(term["volume_limit"] * volume) - market["traded"])
    order["met"] = True
    if order["triggered"] and not was_limit and rule["trigger_status"] == _SAYS_TRIGGERED:
        enter(book, i, TRIGGERED, -1)
    if rule["sizing"] == _WHOLE:
        units = np.trunc(units)
    if term["lot"] != 0.0 and units != abs(order["remaining"]):
        units = to_lot(units, term["lot"])
    if tif == _FOK and units != abs(order["remaining"]):
        price = np.nan
    if not term["slippage_plain"] and not np.isnan(price) and units > 0.0:
        price, shift = _impacted(book, order, row, price, direction, units, low, high)
    if not np.isnan(price) and units > 0.0:
        if kind == MARKET and rule["fill_time"] == _THIS_CLOSE:
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
    if tif in (_IOC, _FOK):
        refuse(book, i, CANCELLED, _IMMEDIATE)
    elif tif in (_AT_OPEN, _AT_CLOSE):
        refuse(book, i, EXPIRED, _TIME)
    elif not leg and (kind == TRAIL or (kind == TRAIL_LIMIT and not was_limit)):
        if rule["trail_update"] == _EXTREME:
            trail(order, prices[LOW if order["size"] > 0.0 else HIGH, asset, at])
        else:
            trail(order, close)


@njit
def _first_key(book, i):
    """Which orders meet a bar before others, by `Rules.queue`: the smaller number first."""
    order = book.orders[i]
    queue = book.rules[0]["queue"]
    if queue == _EXITS_FIRST:
        size = book.positions[order["slot"]]["size"]
        return 0 if size * order["size"] < 0.0 else 1
    stops = order["kind"] in (STOP, STOP_LIMIT, TRAIL, TRAIL_LIMIT) and not order["triggered"]
    limits = order["kind"] == LIMIT or order["triggered"]
    if queue == _STOPS_FIRST:
        return 0 if stops else 1
    return 0 if limits else 1


@njit
def _sort_pending(book):
    """Pending orders in the sequence of `Rules.queue`, where it is more than that of sending."""
    n = book.account[0]["n_pending"]
    place = 0
    for wanted in range(2):
        for k in range(place, n):
            i = book.queue[PENDING, k]
            if _first_key(book, i) == wanted:
                for m in range(k, place, -1):
                    book.queue[PENDING, m] = book.queue[PENDING, m - 1]
                book.queue[PENDING, place] = i
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
                _try(book, i, book.values, row, row, True, True, -1, False)
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
def _try_all(book, asset, row, first, last, step, leg, only_closing):
    """Each active order of an asset meets the part of the bar in `Book.path`, in queue order.

    only_closing: those alone that wait for the close.
    """
    at_close = book.rules[0]["fill_time"] == _NEXT_CLOSE
    for k in range(book.account[0]["n_pending"]):
        i = book.queue[PENDING, k]
        if i < 0:
            continue
        order = book.orders[i]
        if order["asset"] != asset or not order["active"]:
            continue
        kind = order["kind"]
        closing = kind == CLOSE or order["tif"] == _AT_CLOSE or (kind == MARKET and at_close)
        if closing or not only_closing:
            _try_place(book, k, row, first, last, step, leg)


@njit
def _first_on_leg(book, asset, here, to):
    """The order of an asset that acts first on the way of its price from `here` to `to`.

    Returns its place in the queue and the price; -1 when none does.
    """
    best = -1
    found = here
    nearest = np.inf
    high = max(here, to)
    low = min(here, to)
    for k in range(book.account[0]["n_pending"]):
        i = book.queue[PENDING, k]
        if i < 0:
            continue
        order = book.orders[i]
        if order["asset"] != asset or not order["active"] or order["tried"]:
            continue
        if order["kind"] == CLOSE or order["tif"] == _AT_CLOSE:
            continue
        level = reach(order, here, high, low)
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
        k, level = _first_on_leg(book, asset, here, to)
        if k < 0:
            break
        _set_leg(book, asset, here, to)
        order = book.orders[book.queue[PENDING, k]]
        triggered = order["triggered"]
        _try_place(book, k, row, False, False, step, True)
        # One that was triggered here can still trade further on.
        order["tried"] = triggered or not order["triggered"]
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
        moves = kind == TRAIL or (kind == TRAIL_LIMIT and not order["triggered"])
        if order["asset"] == asset and order["active"] and moves:
            trail(order, price)


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
    _try_all(book, asset, row, first, False, step, True, False)
    here = open_
    for n in range(3):
        to = close if n == 2 else (high if high_first == (n == 0) else low)
        _walk_leg(book, asset, here, to, row, step)
        if follows:
            _trail_all(book, asset, to)
        here = to
    _set_leg(book, asset, close, close)
    if last:
        _try_all(book, asset, row, False, True, step, True, True)
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
def _meet(book, asset, t, first, last, step):
    """The pending orders of an asset meet the bar in `Book.path`."""
    if book.rules[0]["price_path"] == _WHOLE_BAR:
        _try_all(book, asset, t, first, last, step, False, False)
    else:
        _walk(book, asset, t, first, last, step)


@njit
def _activate(book):
    """Children whose parent filled can trade from now on."""
    head = book.account[0]
    for k in range(head["n_activating"]):
        book.orders[book.queue[ACTIVATING, k]]["active"] = True
    head["n_activating"] = 0


@njit
def _pass_inside(book):
    """Pending orders meet the parts of the bar: finer bars, legs of a path, or both.

    In the sequence of the finer bars, at each of them asset by asset. An asset without a finer
    bar inside this one meets its bar whole at the first of them.
    """
    _expire(book)
    t = book.account[0]["bar"]
    a = 0
    b = 0
    if len(book.finer_from) > 1:
        a = book.finer_from[t]
        b = book.finer_from[t + 1]
    for f in range(a, max(b, a + 1)):
        if f > a:
            _activate(book)
        for asset in range(len(book.terms)):
            if np.isnan(book.values[CLOSE_FIELD, asset, t]):
                continue
            if f < b and not np.isnan(book.finer[CLOSE_FIELD, asset, f]):
                _load(book, asset, book.finer, f)
                first = _is_first(book, asset, f, t)
                _meet(book, asset, t, first, _is_last(book, asset, f, t), f)
            elif f == a and (a == b or _is_last(book, asset, a, t)):
                _load(book, asset, book.values, t)
                _meet(book, asset, t, True, True, -1)
    _close_gaps(book)


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
def advance(book, t):
    """The bar at time index t becomes current; returns the number of new events.

    In sequence: interest and what else time does to cash, corporate actions, children whose
    parent filled become active, messages and new orders reach the market (with its cash check),
    each pending order meets the bar, actions at its close, commission where it waits for the end
    of the bar, profit settlement, equity, margin calls. Writes cash and equity into `curve[:, t]`.
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
    if head["delayed"] > 0:
        receive(book, t)
    if head["n_submitted"] > 0:
        if rule["buying_power"] == _MARGIN_POWER:
            screen(book)
        arrive(book)
    if head["n_pending"] > 0:
        if rule["queue"] >= _EXITS_FIRST:
            _sort_pending(book)
        if rule["price_path"] == _WHOLE_BAR and len(book.finer_from) <= 1:
            _pass(book)
        else:
            _pass_inside(book)
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
    if rule["margin_call"] != _NEVER_CALLED:
        call_margin(book, t)
    head["stepped"] = t
    return head["n_events"] - before


@njit
def step(t, table):
    """`advance` from Python; table: `book.handles`."""
    return advance(opened(table), t)

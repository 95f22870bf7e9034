"""One bar of the market meets the pending orders: `step`, and the calls that feed it.

All state lives in structured arrays that the caller owns (`Simulation` does); the kernels are
callable from Python and from other kernels alike. `state` below means the arrays

    account `ACCOUNT[1]`, positions `POSITION[N]`, orders `ORDER[·]`, queue `int64[3, ·]`,
    fills `FILL[·]`, events `EVENT[·]`

and `market` means times `int64[T]` (ns, UTC), values `float64[5, N, T]` (open, high, low, close,
volume) and rows `int32[N, T]`: the latest bar of each asset at each time, -1 before its first;
of shape (0, 0) when every asset has a bar at every time. The caller sees to capacity: see
`Simulation._reserve`.
"""

from __future__ import annotations

import numpy as np

from .account import (
    FAULT_TRANSITION,
    apply_fill,
    position_worth,
    preview,
)
from .jit import njit
from .matching import close_price, range_price, trail
from .orders import (
    ACCEPTED,
    CANCELLED,
    CLOSE,
    EXPIRED,
    FILLED,
    INITIALISED,
    LIMIT,
    MARGIN,
    MARKET,
    PARTIAL,
    REJECTED,
    STOP,
    STOP_LIMIT,
    SUBMITTED,
    TRAIL,
    TRAIL_LIMIT,
    TRANSITIONS,
)
from .rules import (
    BracketActivation,
    CashCheck,
    CommissionCredit,
    CommissionTime,
    CostBasis,
    FillTime,
    MarketExpiry,
    MissingBar,
    NoVolume,
    Queue,
    Sizing,
    TrailUpdate,
    TriggerOn,
)

# Rows of `queue`.
PENDING, WAITING, ACTIVATING = 0, 1, 2

OPEN, HIGH, LOW, CLOSE_FIELD, VOLUME = 0, 1, 2, 3, 4

_ON_SUBMIT = int(CashCheck.ON_SUBMIT)
_BY_ASSET = int(Queue.BY_ASSET)
_TRIGGER_CLOSE = int(TriggerOn.CLOSE)
_HOLD = int(MissingBar.HOLD)
_THIS_OPEN = int(FillTime.THIS_OPEN)
_THIS_CLOSE = int(FillTime.THIS_CLOSE)
_SAME_BAR = int(BracketActivation.SAME_BAR)
_EXTREME = int(TrailUpdate.EXTREME)
_WHOLE = int(Sizing.WHOLE)
_NO_TRADE = int(NoVolume.NO_TRADE)
_MARKET_EXPIRES = int(MarketExpiry.EXPIRES)
_END_OF_BAR = int(CommissionTime.END_OF_BAR)
_NOT_BOOKED = int(CommissionCredit.NOT_BOOKED)
_WITH_COMMISSION = int(CostBasis.WITH_COMMISSION)


@njit
def row_of(rows, asset, t):
    """The asset's latest bar at time index t; -1 when it has none yet."""
    return rows[asset, t] if rows.shape[0] else t


@njit
def _enter(account, orders, events, times, i, status, row, fill):
    """Move order i into a status and record it, at the time of the asset's bar `row`."""
    order = orders[i]
    if not TRANSITIONS[order["status"], status] and not order["resent"]:
        account["fault"] = FAULT_TRANSITION
    order["status"] = status
    if status >= FILLED:
        order["closed_bar"] = account["bar"]
    n = account["n_events"]
    event = events[n]
    event["order"] = i
    event["status"] = status
    event["bar"] = account["bar"]
    event["time"] = times[row] if row >= 0 else 0
    event["fill"] = fill
    event["triggered"] = order["triggered"]
    account["n_events"] = n + 1


@njit
def _accept(account, positions, rules, orders, queue, events, times, rows, i):
    """Put order i among the pending ones, at the place that `Rules.queue` gives it."""
    asset = orders[i]["asset"]
    n = account["n_pending"]
    place = n
    if rules[0]["queue"] == _BY_ASSET:
        if positions[asset]["rank"] == 0:
            account["rank"] += 1
            positions[asset]["rank"] = account["rank"]
        rank = positions[asset]["rank"]
        while place > 0 and positions[orders[queue[PENDING, place - 1]]["asset"]]["rank"] > rank:
            queue[PENDING, place] = queue[PENDING, place - 1]
            place -= 1
    queue[PENDING, place] = i
    account["n_pending"] = n + 1
    orders[i]["noted_close"] = np.nan
    row = row_of(rows, asset, max(account["bar"], 0))
    _enter(account, orders, events, times, i, ACCEPTED, row, -1)


@njit
def _close_gap(account, queue, place):
    """Take the pending order at a place out, outside of a pass."""
    for m in range(place, account["n_pending"] - 1):
        queue[PENDING, m] = queue[PENDING, m + 1]
    account["n_pending"] -= 1


@njit
def _remove_pending(account, queue, i):
    """Take order i out of the pending ones; False when it is not there.

    During a pass the place is only marked: the pass closes the gaps at its end.
    """
    n = account["n_pending"]
    for k in range(n):
        if queue[PENDING, k] == i:
            if account["cursor"] >= 0:
                queue[PENDING, k] = -1
            else:
                _close_gap(account, queue, k)
            return True
    return False


@njit
def _cancel_oco_mates(account, orders, queue, events, times, rows, i):
    """One of a one-cancels-other group traded or ended: the pending rest is cancelled.

    Latest in the queue first; orders that this pass has already tried count as the latest.
    """
    leader = orders[i]["oco"]
    if orders[leader]["oco_last"] == leader and not orders[i]["resent"]:
        orders[leader]["in_oco"] = False
        return
    n = account["n_pending"]
    cursor = account["cursor"]
    for k in range(n):
        place = n - 1 - k if cursor < 0 else (cursor - 1 - k) % n
        other = queue[PENDING, place]
        if other < 0 or place == cursor:
            continue
        mate = orders[other]
        if mate["oco"] == leader and mate["in_oco"]:
            if cursor >= 0:
                queue[PENDING, place] = -1
            else:
                # Places are visited from the end: those still to come do not move.
                _close_gap(account, queue, place)
            row = row_of(rows, mate["asset"], account["bar"])
            _enter(account, orders, events, times, other, CANCELLED, row, -1)
    member = leader
    while member >= 0:
        orders[member]["in_oco"] = False
        member = orders[member]["oco_next"]


@njit
def _cancel_one(account, orders, queue, events, times, rows, i):
    """Cancel order i and its OCO mates, not its bracket; False when it is not pending."""
    if not _remove_pending(account, queue, i):
        return False
    row = row_of(rows, orders[i]["asset"], max(account["bar"], 0))
    _enter(account, orders, events, times, i, CANCELLED, row, -1)
    _cancel_oco_mates(account, orders, queue, events, times, rows, i)
    return True


@njit
def _advance_bracket(account, rules, orders, queue, events, times, rows, i, cancel):
    """Order i of a bracket ended: a filled parent activates its children, all else ends the rest.

    cancel: i did not fill. A lone order is the parent of an empty bracket.
    """
    parent = orders[i]["parent"]
    root = parent if parent >= 0 else i
    if orders[root]["last_child"] == root:  # no children
        orders[root]["in_bracket"] = False
        if cancel:
            orders[root]["bracket_open"] = False
        return
    member = root
    if cancel or parent >= 0:
        while member >= 0:
            if orders[member]["in_bracket"]:
                orders[member]["in_bracket"] = False
                _cancel_one(account, orders, queue, events, times, rows, member)
            member = orders[member]["sibling"]
        orders[root]["bracket_open"] = False
        return
    first = True
    while member >= 0:
        if orders[member]["in_bracket"]:
            if first:
                orders[member]["in_bracket"] = False
                first = False
            elif rules[0]["bracket_activation"] == _SAME_BAR:
                orders[member]["active"] = True
            else:
                queue[ACTIVATING, account["n_activating"]] = member
                account["n_activating"] += 1
        member = orders[member]["sibling"]


@njit
def submit(
    t,
    asset,
    size,
    kind,
    limit,
    stop,
    trail_amount,
    trail_percent,
    expires,
    session_end,
    reference,
    parent,
    oco,
    transmit,
    times,
    values,
    rows,
    rules,
    account,
    positions,
    orders,
    queue,
    events,
):
    """Create an order at time index t and send it, or park it with its bracket; returns its number.

    size: signed units, not 0. Prices NaN where not given. A trailing order's `stop` (for
    `TRAIL_LIMIT` also `limit`) is the price from which it starts, NaN for the latest close.
    reference: the price of the cash check at submission, NaN for the order's own price.
    session_end: for `CLOSE` orders, ns. parent, oco: numbers of other orders or -1.
    An order whose parent has ended is rejected.
    """
    head = account[0]
    head["bar"] = max(t, head["bar"])
    i = head["n_orders"]
    head["n_orders"] = i + 1
    row = row_of(rows, asset, t) if t >= 0 else -1
    close = values[CLOSE_FIELD, asset, row] if row >= 0 else np.nan
    order = orders[i]
    order["asset"] = asset
    order["kind"] = kind
    order["status"] = INITIALISED
    order["triggered"] = False
    order["limit_reached"] = False
    order["active"] = parent < 0
    order["transmit"] = transmit
    order["resent"] = False
    order["parent"] = parent
    order["sibling"] = -1
    order["last_child"] = i
    order["bracket_open"] = parent < 0
    order["in_bracket"] = False
    order["oco"] = i
    order["in_oco"] = True
    order["oco_next"] = -1
    order["oco_last"] = i
    order["size"] = size
    order["filled"] = 0.0
    order["remaining"] = size
    order["limit"] = limit
    order["stop"] = stop
    order["trail_amount"] = trail_amount
    order["trail_percent"] = trail_percent
    order["limit_offset"] = 0.0
    order["created_bar"] = t
    order["created_time"] = times[row] if row >= 0 else times[0] - 1
    order["created_close"] = close
    order["expires"] = expires
    order["session_end"] = session_end
    order["noted_close"] = np.nan
    order["closed_bar"] = -1
    order["accrued"] = 0.0
    order["commission"] = 0.0
    order["average_price"] = np.nan
    order["needed"] = np.nan
    order["available"] = np.nan
    if kind in (TRAIL, TRAIL_LIMIT):
        start = close if np.isnan(stop) else stop
        if kind == TRAIL_LIMIT:
            order["limit_offset"] = 0.0 if np.isnan(limit) else start - limit
        order["stop"] = np.inf if size > 0.0 else -np.inf
        trail(order, start)
    if np.isnan(reference):
        if kind == LIMIT:
            reference = limit
        elif kind in (STOP, STOP_LIMIT, TRAIL, TRAIL_LIMIT):
            reference = order["stop"]
        else:
            reference = close
    order["reference"] = reference
    if oco >= 0:
        leader = orders[oco]["oco"]
        order["oco"] = leader
        orders[orders[leader]["oco_last"]]["oco_next"] = i
        orders[leader]["oco_last"] = i
    root = i
    if parent >= 0:
        root = parent
        if not orders[root]["bracket_open"]:
            _enter(head, orders, events, times, i, REJECTED, row, -1)
            return i
        orders[orders[root]["last_child"]]["sibling"] = i
        orders[root]["last_child"] = i
    order["in_bracket"] = True
    if not transmit:
        return i
    member = root
    while member >= 0:
        if orders[member]["in_bracket"]:
            if orders[member]["status"] != INITIALISED:
                orders[member]["resent"] = True
            if (rules[0]["cash_check"] & _ON_SUBMIT) != 0:
                at = row_of(rows, orders[member]["asset"], t) if t >= 0 else -1
                _enter(head, orders, events, times, member, SUBMITTED, at, -1)
                queue[WAITING, head["n_submitted"]] = member
                head["n_submitted"] += 1
            else:
                _accept(head, positions, rules, orders, queue, events, times, rows, member)
        member = orders[member]["sibling"]
    return i


@njit
def cancel(i, times, rows, rules, account, orders, queue, events):
    """Cancel a pending order with its OCO group and bracket; False when it is not pending."""
    head = account[0]
    if not _cancel_one(head, orders, queue, events, times, rows, i):
        return False
    _advance_bracket(head, rules, orders, queue, events, times, rows, i, True)
    return True


@njit
def _check_submitted(account, positions, rules, terms, orders, queue, events, times, rows, values):
    """The cash check at submission: orders in sequence, each on what the earlier ones leave.

    Cash that went negative stays so for the orders behind, until one of them frees some.
    """
    account["stamp"] += 1
    stamp = account["stamp"]
    cash = account["cash"]
    t = account["bar"]
    for k in range(account["n_submitted"]):
        i = queue[WAITING, k]
        order = orders[i]
        asset = order["asset"]
        row = row_of(rows, asset, t)
        if order["parent"] >= 0 and not orders[order["parent"]]["bracket_open"]:
            _enter(account, orders, events, times, i, REJECTED, row, -1)
            continue
        position = positions[asset]
        if position["check_stamp"] != stamp:
            position["check_stamp"] = stamp
            position["check_size"] = position["size"]
            position["check_price"] = position["price"]
        price = order["reference"]
        if rules[0]["fill_time"] == _THIS_OPEN and order["kind"] == MARKET:
            price = values[OPEN, asset, row]
        cash, needed, available = preview(
            terms[asset], rules[0], position, order["remaining"], price, cash
        )
        if cash >= 0.0:
            _accept(account, positions, rules, orders, queue, events, times, rows, i)
            continue
        order["needed"] = needed
        order["available"] = available
        _enter(account, orders, events, times, i, MARGIN, row, -1)
        _cancel_oco_mates(account, orders, queue, events, times, rows, i)
        _advance_bracket(account, rules, orders, queue, events, times, rows, i, True)
    account["n_submitted"] = 0


@njit
def _book(account, positions, rules, terms, orders, queue, fills, events, times, rows, i, units,
          price, row):  # fmt: skip
    """Execute `units` (signed) of order i at `price`, dated at the asset's bar `row`."""
    order = orders[i]
    asset = order["asset"]
    n = account["n_fills"]
    now = row_of(rows, asset, account["bar"])
    wanted = units
    done = apply_fill(
        terms[asset], rules[0], account, positions[asset], order, units, price, fills[n]
    )
    if done != 0.0:
        fill = fills[n]
        fill["order"] = i
        fill["bar"] = row
        fill["booked"] = account["bar"]
        fill["time"] = times[row]
        account["n_fills"] = n + 1
        status = FILLED if order["remaining"] == 0.0 else PARTIAL
        _enter(account, orders, events, times, i, status, now, n)
        _cancel_oco_mates(account, orders, queue, events, times, rows, i)
    # Not `done != wanted`: the two parts of a reversal need not add up to the last bit.
    if done == 0.0 or (fills[n]["opened"] == 0.0 and fills[n]["closed"] != wanted):
        _enter(account, orders, events, times, i, MARGIN, now, -1)
        _cancel_oco_mates(account, orders, queue, events, times, rows, i)
        _advance_bracket(account, rules, orders, queue, events, times, rows, i, True)
    return done


@njit
def _try(account, positions, rules, terms, orders, queue, fills, events, times, rows, values, i):
    """Try pending order i against the current bar of its asset."""
    order = orders[i]
    rule = rules[0]
    t = account["bar"]
    asset = order["asset"]
    term = terms[asset]
    position = positions[asset]
    row = row_of(rows, asset, t)
    if row < 0 or (row != t and rule["missing_bar"] == _HOLD):
        return
    close = values[CLOSE_FIELD, asset, row]
    volume = values[VOLUME, asset, row]
    if np.isnan(close) or (volume == 0.0 and rule["no_volume"] == _NO_TRADE):
        return
    kind = order["kind"]
    was_limit = order["triggered"]
    dated = row
    if kind == CLOSE:
        if times[row] <= order["created_time"] or times[row] < order["session_end"]:
            order["noted_close"] = close
            return
        price = close
        if times[row] > order["session_end"] and not np.isnan(order["noted_close"]):
            # The session ended between two bars: the close is the one noted before.
            price = order["noted_close"]
            dated = row - 1
            if rows.shape[0]:
                while dated > 0 and np.isnan(values[CLOSE_FIELD, asset, dated]):
                    dated -= 1
    elif (
        kind == MARKET
        and rule["fill_time"] != _THIS_OPEN
        and rule["fill_time"] != _THIS_CLOSE
        and times[row] <= order["created_time"]
    ):
        return
    if position["traded_bar"] != t:
        position["traded_bar"] = t
        position["traded"] = 0.0
        position["exhausted"] = False
    units = abs(order["remaining"])
    if rule["trigger_on"] == _TRIGGER_CLOSE and kind != CLOSE:
        if position["exhausted"]:
            return
        price, units, exhausted = close_price(term, order, close, volume, position["traded"])
        position["exhausted"] = exhausted
    else:
        if kind != CLOSE:
            price = range_price(
                term,
                rule,
                order,
                values[OPEN, asset, row],
                values[HIGH, asset, row],
                values[LOW, asset, row],
                close,
            )
        if not np.isnan(term["volume_limit"]):
            units = min(units, np.trunc(term["volume_limit"] * volume) - position["traded"])
    if rule["sizing"] == _WHOLE:
        units = np.trunc(units)
    if not np.isnan(price) and units > 0.0:
        if kind == MARKET and rule["fill_time"] == _THIS_CLOSE:
            dated = row_of(rows, asset, order["created_bar"])
        direction = 1.0 if order["size"] > 0.0 else -1.0
        # A whole fill takes what remains, bit for bit.
        whole = units == abs(order["remaining"])
        quantity = order["remaining"] if whole else direction * units
        done = _book(
            account,
            positions,
            rules,
            terms,
            orders,
            queue,
            fills,
            events,
            times,
            rows,
            i,
            quantity,
            price,
            dated,
        )
        position["traded"] += abs(done)
    status = order["status"]
    alive = status in (ACCEPTED, PARTIAL)
    if alive and (kind == TRAIL or (kind == TRAIL_LIMIT and not was_limit)):
        if rule["trail_update"] == _EXTREME:
            trail(order, values[LOW if order["size"] > 0.0 else HIGH, asset, row])
        else:
            trail(order, close)


@njit
def _expired(rules, orders, times, rows, i, t):
    order = orders[i]
    if order["expires"] == 0:
        return False
    if order["kind"] == MARKET and rules[0]["market_expiry"] != _MARKET_EXPIRES:
        return False
    row = row_of(rows, order["asset"], t)
    return row >= 0 and times[row] > order["expires"]


@njit
def _pass(account, positions, rules, terms, orders, queue, fills, events, times, rows, values):
    """Each pending order meets the bar once, in queue order."""
    n = account["n_pending"]
    t = account["bar"]
    for k in range(n):
        i = queue[PENDING, k]
        if i < 0:
            continue
        account["cursor"] = k
        # Taken out while it is tried, so that nothing it causes can cancel it.
        queue[PENDING, k] = -1
        order = orders[i]
        if _expired(rules, orders, times, rows, i, t):
            row = row_of(rows, order["asset"], t)
            _enter(account, orders, events, times, i, EXPIRED, row, -1)
            _cancel_oco_mates(account, orders, queue, events, times, rows, i)
            _advance_bracket(account, rules, orders, queue, events, times, rows, i, True)
            continue
        if order["active"]:
            _try(
                account,
                positions,
                rules,
                terms,
                orders,
                queue,
                fills,
                events,
                times,
                rows,
                values,
                i,
            )
        status = order["status"]
        if status in (ACCEPTED, PARTIAL):
            queue[PENDING, k] = i
        elif status == FILLED:
            _advance_bracket(account, rules, orders, queue, events, times, rows, i, False)
    account["cursor"] = -1
    kept = 0
    for k in range(n):
        if queue[PENDING, k] >= 0:
            queue[PENDING, kept] = queue[PENDING, k]
            kept += 1
    account["n_pending"] = kept


@njit
def _leave_book(account, positions, orders, queue):
    """Assets without a pending order lose their place in the sequence of `Queue.BY_ASSET`."""
    if account["rank"] == 0:
        return
    for asset in range(len(positions)):
        rank = positions[asset]["rank"]
        if rank > 0:
            positions[asset]["rank"] = -rank
    for k in range(account["n_pending"]):
        position = positions[orders[queue[PENDING, k]]["asset"]]
        position["rank"] = abs(position["rank"])
    for asset in range(len(positions)):
        if positions[asset]["rank"] < 0:
            positions[asset]["rank"] = 0


@njit
def _charge(account, positions, rules, fills, first):
    """Book the commission of this bar's fills, after all of them: `CommissionTime.END_OF_BAR`."""
    for k in range(first, account["n_fills"]):
        fee = fills[k]["commission"]
        if fee < 0.0 and rules[0]["commission_credit"] == _NOT_BOOKED:
            fee = 0.0
            fills[k]["commission"] = 0.0
        position = positions[fills[k]["asset"]]
        if fee != 0.0:
            account["cash"] -= fee
            account["flow"] -= fee
            size = position["size"]
            if rules[0]["cost_basis"] == _WITH_COMMISSION and size != 0.0:
                position["price"] = (position["price"] * size + fee) / size
        fills[k]["position_price"] = position["price"]


@njit
def _settle_profit(account, positions, terms, rows, values, t):
    """Futures-like positions: the day's profit moves into cash."""
    for asset in range(len(positions)):
        position = positions[asset]
        if position["size"] != 0.0 and not terms[asset]["stock_like"]:
            close = values[CLOSE_FIELD, asset, row_of(rows, asset, t)]
            profit = position["size"] * (close - position["base"]) * terms[asset]["multiplier"]
            account["cash"] += profit
            account["flow"] += profit
            position["base"] = close


@njit
def mark(t, values, rows, rules, terms, account, positions):
    """Equity at the closes of time index t: cash plus what each position is worth."""
    worth = 0.0
    for asset in range(len(positions)):
        size = positions[asset]["size"]
        if size != 0.0:
            close = values[CLOSE_FIELD, asset, row_of(rows, asset, t)]
            worth += position_worth(terms[asset], rules[0], size, positions[asset]["price"], close)
    head = account[0]
    head["bar"] = t
    head["equity"] = head["cash"] + worth
    return head["equity"]


@njit
def step(
    t,
    times,
    values,
    rows,
    rules,
    terms,
    account,
    positions,
    orders,
    queue,
    fills,
    events,
    curve,
):
    """The bar at time index t becomes current; returns the number of new events.

    In sequence: children whose parent filled become active, the cash check of new orders, each
    pending order once, commission where it waits for the end of the bar, profit settlement,
    equity. Writes cash and equity into `curve[:, t]` (`float64[2, T]`).
    """
    head = account[0]
    before = head["n_events"]
    first = head["n_fills"]
    head["bar"] = t
    for k in range(head["n_activating"]):
        orders[queue[ACTIVATING, k]]["active"] = True
    head["n_activating"] = 0
    if head["n_submitted"] > 0:
        _check_submitted(head, positions, rules, terms, orders, queue, events, times, rows, values)
    if head["n_pending"] > 0:
        _pass(head, positions, rules, terms, orders, queue, fills, events, times, rows, values)
    if rules[0]["queue"] == _BY_ASSET:
        _leave_book(head, positions, orders, queue)
    if rules[0]["commission_time"] == _END_OF_BAR:
        _charge(head, positions, rules, fills, first)
    if head["n_marked"] > 0:
        _settle_profit(head, positions, terms, rows, values, t)
    curve[1, t] = mark(t, values, rows, rules, terms, account, positions)
    curve[0, t] = head["cash"]
    return head["n_events"] - before


@njit
def fill_curve(values, rows, rules, terms, positions, fills, n_fills, start_cash, curve):
    """Cash and equity at every bar, also at the bars that `step` skipped.

    curve `float64[2, T]`: NaN where no step was made; such a bar has the positions of the last
    step before it. positions: scratch `POSITION[N]`, zeroed by the caller.
    """
    cash = start_cash
    k = 0
    for t in range(curve.shape[1]):
        while k < n_fills and fills[k]["booked"] <= t:
            positions[fills[k]["asset"]]["size"] = fills[k]["position_size"]
            positions[fills[k]["asset"]]["price"] = fills[k]["position_price"]
            k += 1
        if not np.isnan(curve[0, t]):
            cash = curve[0, t]
            continue
        worth = 0.0
        for asset in range(len(positions)):
            size = positions[asset]["size"]
            if size != 0.0:
                close = values[CLOSE_FIELD, asset, row_of(rows, asset, t)]
                worth += position_worth(
                    terms[asset], rules[0], size, positions[asset]["price"], close
                )
        curve[0, t] = cash
        curve[1, t] = cash + worth

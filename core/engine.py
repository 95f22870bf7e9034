"""One bar of the market meets the pending orders: `step`.

All state lives in the arrays of a `Book`; the kernels are callable from Python (with
`book.handles`) and from other kernels (with the `Book`) alike. `Simulation` is the Python face.
"""

from __future__ import annotations

from .account import CARRY, pay_fee
from .book import HIGH, LOW, OPEN, PENDING, WAITING, opened, row_of
from .filling import WHOLE, after_try, close_gaps, is_over, try_order
from .hooks import (
    apply_actions,
    call_margin,
    carry,
    finance,
    oversee,
    pass_inside,
    protect_rest,
    receive,
    screen,
)
from .jit import njit
from .messages import arrive
from .order_book import activate, leave_book, refuse, sort_pending
from .orders import (
    EXPIRED,
    LIMIT,
    Reason,
    TimeInForce,
)
from .rules import (
    BracketActivation,
    BuyingPower,
    CommissionCredit,
    CommissionTime,
    MarginCall,
    MissingBar,
    PricePath,
    Queue,
    TriggerOn,
)
from .valuation import mark, settle_profit, total_cash

_BY_ASSET = int(Queue.BY_ASSET)
_SAME_BAR = int(BracketActivation.SAME_BAR)
_EXITS_FIRST = int(Queue.EXITS_FIRST)
_STOPS_FIRST = int(Queue.STOPS_FIRST)
_TRIGGER_CLOSE = int(TriggerOn.CLOSE)
_HOLD = int(MissingBar.HOLD)
_END_OF_BAR = int(CommissionTime.END_OF_BAR)
_NOT_BOOKED = int(CommissionCredit.NOT_BOOKED)
_MARGIN_POWER = int(BuyingPower.MARGIN)
_NEVER_CALLED = int(MarginCall.NEVER)
_WHOLE_BAR = int(PricePath.WHOLE_BAR)
_GTC = int(TimeInForce.GTC)
_TIME = int(Reason.TIME)


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
        if is_over(book, i):
            refuse(book, i, EXPIRED, _TIME)
            continue
        order = book.orders[i]
        if order["active"]:
            row = row_of(book, order["asset"], t)
            if row >= 0 and (row == t or not holds):
                try_order(book, i, book.values, row, row, True, True, -1, WHOLE)
        after_try(book, i, k)
    close_gaps(book)


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
            term = book.terms[fill["asset"]]
            pay_fee(term, rule, book.account[term["wallet"]], position, fee)
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
    interest on positions, each pending order meets the bar, actions at its close, commission
    where it waits for the end of the bar, profit settlement, equity, risk rules, margin calls.
    Writes cash and equity into `curve[:, t]`.
    """
    head = book.account[0]
    rule = book.rules[0]
    before = head["n_events"]
    first = head["n_fills"]
    head["bar"] = t
    if head["finances"] & ~CARRY:
        finance(book, t)
    if head["action_due"] <= 2 * t:
        apply_actions(book, 2 * t)
    activate(book)
    if head["n_submitted"] > 0:
        _fetch(book, t)
        if rule["buying_power"] == _MARGIN_POWER:
            screen(book)
        arrive(book)
    if head["delayed"] > 0:
        receive(book, t)  # after the orders that they may be about
    if head["finances"] & CARRY:
        carry(book, t)
    if head["n_pending"] > 0:
        if rule["queue"] >= _EXITS_FIRST:
            sort_pending(book)
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


@njit
def step_until(t, last, table):
    """`advance` from bar t on until a bar brings an event, at the latest to bar `last`.

    Returns the bar that is current then. The room that one bar needs is enough for all of them:
    nothing is written without an event.
    """
    book = opened(table)
    while advance(book, t) == 0 and t < last and book.account[0]["fault"] == 0:
        t += 1
    return t

"""Inside a bar: orders meet the legs of the price's path, or the finer bars that it is made of.

Kernels over a `Book`; compiled only in simulations whose rules or data ask for it.
"""

from __future__ import annotations

import numpy as np

from .book import CLOSE_FIELD, HIGH, LOW, OPEN, PENDING, VOLUME, asset_of, row_of
from .filling import (
    AT_THE_CLOSE,
    AT_THE_OPEN,
    ON_THE_WAY,
    WHOLE,
    WHOLE_HIGH,
    WHOLE_LOW,
    WHOLE_OPEN,
    _reach,
    after_try,
    close_gaps,
    is_over,
    try_order,
)
from .hooks import apart, follow, follow_part, protect
from .jit import njit
from .matching import trail
from .order_book import activate, refuse, sort_pending
from .orders import (
    CLOSE,
    EXPIRED,
    LIMIT_IF_TOUCHED,
    STOP_LIMIT,
    TRAIL,
    TRAIL_LIMIT,
    Reason,
    TimeInForce,
)
from .risk_guard import (
    FROM_PRICE,
    NOTHING,
    has_grown,
    parts_of,
    walks,
)
from .rules import MissingBar, NoVolume, PricePath, Queue, StopLimitPath, TrailUpdate, TriggerOn

_EXITS_FIRST = int(Queue.EXITS_FIRST)
_LIMITS_FIRST = int(Queue.LIMITS_FIRST)
_TRIGGER_CLOSE = int(TriggerOn.CLOSE)
_HOLD = int(MissingBar.HOLD)
_EXTREME = int(TrailUpdate.EXTREME)
_NO_TRADE = int(NoVolume.NO_TRADE)
_WHOLE_BAR = int(PricePath.WHOLE_BAR)
_HIGH_FIRST = int(PricePath.HIGH_FIRST)
_NEAREST_FIRST = int(PricePath.NEAREST_FIRST)
_BODY = int(PricePath.BODY)
_NEXT_BAR = int(StopLimitPath.NEXT_BAR)
_AT_OPEN = int(TimeInForce.AT_OPEN)
_TIME = int(Reason.TIME)


@njit
def _expire(book):
    """Orders whose time in force is over end, before any order is tried."""
    head = book.account[0]
    for k in range(head["n_pending"]):
        i = book.queue[PENDING, k]
        if i >= 0 and is_over(book, i):
            head["cursor"] = k
            book.queue[PENDING, k] = -1
            refuse(book, i, EXPIRED, _TIME)
    close_gaps(book)


@njit
def _try_place(book, k, row, first, last, step, leg):
    """Try the order at a place of the queue against the part of the bar in `Book.path`."""
    head = book.account[0]
    i = book.queue[PENDING, k]
    head["cursor"] = k
    book.queue[PENDING, k] = -1
    try_order(book, i, book.path, 0, row, first, last, step, leg)
    after_try(book, i, k)
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
            activate(book)
            if sorts:
                close_gaps(book)
                sort_pending(book)
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
    close_gaps(book)
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
        close_gaps(book)
    return 0

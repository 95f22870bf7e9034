"""What risk rules let a strategy send: halts, limits, and sizes by volatility. Kernels.

Judged are orders of the strategy that can open a position, at the moment in which they are sent
to the market, against all that is pending: whatever then trades, and in whatever sequence, the
limit is not passed by orders. Prices move positions beyond a limit; then nothing that takes them
further is let through. Values are in the account's currency, at the latest closes.
"""

from __future__ import annotations

import numpy as np

from .account import value_of
from .book import CLOSE_FIELD, PENDING, WAITING, asset_of, row_of
from .hooks import apart
from .jit import njit
from .orders import INITIALISED, PARTIAL, SUBMITTED, TRIGGERED, Reason
from .rows import RiskKind
from .rules import Sizing
from .submission import halted

_GROSS = int(RiskKind.GROSS_EXPOSURE)
_NET = int(RiskKind.NET_EXPOSURE)
_POSITION = int(RiskKind.POSITION_LIMIT)
_ORDER = int(RiskKind.ORDER_LIMIT)
_VOLATILITY = int(RiskKind.VOLATILITY_TARGET)
_HALTED = int(Reason.HALTED)
_EXPOSURE_LIMIT = int(Reason.EXPOSURE_LIMIT)
_POSITION_LIMIT = int(Reason.POSITION_LIMIT)
_ORDER_LIMIT = int(Reason.ORDER_LIMIT)
_NO_VOLATILITY = int(Reason.VOLATILITY)
_SIZE = int(Reason.SIZE)
_WHOLE = int(Sizing.WHOLE)

#: An order that comes to a limit but for rounding passes.
_ROUNDING = 1e-12


@njit
def _concerns(asset, other):
    """Whether what holds for `asset`, or for all of them (-1), holds for `other`."""
    return asset == -1 or asset == other


@njit
def alive(status):
    """Whether an order is on its way to the market or can trade."""
    return SUBMITTED <= status <= PARTIAL or status >= TRIGGERED


@njit
def _exclusive(a, b):
    """Whether at most one of two orders trades: of one OCO group, or of one bracket's children."""
    if a["slot"] != b["slot"] or (a["size"] > 0.0) != (b["size"] > 0.0):
        return False
    if a["oco"] == b["oco"] and a["in_oco"] and b["in_oco"]:
        return True
    return (
        a["parent"] >= 0
        and a["parent"] == b["parent"]
        and not a["independent"]
        and not b["independent"]
    )


@njit
def _root(order, i):
    """The order at the head of order i's bracket."""
    return order["parent"] if order["parent"] >= 0 else i


@njit
def _counts(book, j, but):
    """Whether order j can come to trade: it is with the market, or is being sent with `but`."""
    order = book.orders[j]
    if alive(order["status"]):
        return True
    if order["status"] != INITIALISED or not order["in_bracket"] or j >= but:
        return False
    return _root(order, j) == _root(book.orders[but], but)


@njit
def _covers(book, j, i, but):
    """Whether order j stands for order i: exclusive, pending, and larger."""
    if j in (i, but) or not _counts(book, j, but):
        return False
    mate = book.orders[j]
    order = book.orders[i]
    if not _exclusive(mate, order):
        return False
    more = abs(mate["remaining"]) - abs(order["remaining"])
    return more > 0.0 or (more == 0.0 and j < i)


@njit
def _is_covered(book, i, but):
    """Whether another pending order stands for order i in what can trade."""
    order = book.orders[i]
    j = order["oco"]
    while j >= 0:
        if _covers(book, j, i, but):
            return True
        j = book.orders[j]["oco_next"]
    if order["parent"] >= 0:
        j = book.orders[order["parent"]]["sibling"]
        while j >= 0:
            if _covers(book, j, i, but):
                return True
            j = book.orders[j]["sibling"]
    return False


@njit
def _count(book, i, but):
    """Add pending order i to what its slot can buy or sell; returns the units of a mate of `but`.

    Those are not added: at most one of the two trades.
    """
    order = book.orders[i]
    if i == but or order["reduce_only"] or order["cause"] != 0 or not _counts(book, i, but):
        return 0.0
    units = abs(order["remaining"])
    if _exclusive(order, book.orders[but]):
        return units
    if not _is_covered(book, i, but):
        guard = book.guards[order["slot"]]
        if order["size"] > 0.0:
            guard["buys"] += units
        else:
            guard["sells"] += units
    return 0.0


@njit
def _gather(book, but):
    """What pending orders can buy and sell, into `guards`; returns the largest mate of `but`."""
    head = book.account[0]
    for slot in range(len(book.guards)):
        book.guards[slot]["buys"] = 0.0
        book.guards[slot]["sells"] = 0.0
    mate = 0.0
    for k in range(head["n_pending"]):
        if book.queue[PENDING, k] >= 0:
            mate = max(mate, _count(book, book.queue[PENDING, k], but))
    for k in range(head["n_submitted"]):
        mate = max(mate, _count(book, book.queue[WAITING, k], but))
    j = _root(book.orders[but], but)
    while j >= 0 and j < but:
        if book.orders[j]["status"] == INITIALISED:
            mate = max(mate, _count(book, j, but))
        j = book.orders[j]["sibling"]
    return mate


@njit
def _unit_value(book, slot, t):
    """The value of one unit at the close of bar t; NaN: the asset has had no bar."""
    asset = asset_of(book, slot)
    row = row_of(book, asset, t) if t >= 0 else -1
    if row < 0:
        return np.nan
    term = book.terms[asset]
    rate = book.conversion[term["wallet"], t] if book.conversion.shape[0] else 1.0
    return abs(value_of(term, 1.0, book.values[CLOSE_FIELD, asset, row])) * rate


@njit
def _most(book, slot, up):
    """Units, unsigned, that a slot can come to hold on the long (up) or on the short side."""
    size = book.positions[slot]["size"]
    if up:
        return size + book.guards[slot]["buys"]
    return book.guards[slot]["sells"] - size


@njit
def _room_of_position(book, rule, slot, up, unit):
    """(units that a buy (up) or sale may have, units held without it, limit) of one position."""
    own = _most(book, slot, up)
    units = rule["units"]
    if np.isfinite(rule["value"]) and unit > 0.0:
        units = min(units, rule["value"] / unit)
    if np.isfinite(rule["fraction"]) and unit > 0.0:
        units = min(units, rule["fraction"] * book.account[0]["equity"] / unit)
    allowed = max(units, _most(book, slot, not up))
    return allowed - own, own, units


@njit
def _room_of_gross(book, rule, slot, t, up, unit):
    """The same for the sum of all positions, in value."""
    total = 0.0
    for other in range(len(book.positions)):
        if other == slot:
            continue
        most = max(_most(book, other, True), _most(book, other, False))
        if most != 0.0:
            total += most * _unit_value(book, other, t)
    own = _most(book, slot, up)
    limit = rule["fraction"] * book.account[0]["equity"]
    allowed = max((limit - total) / unit, _most(book, slot, not up))
    return allowed - own, total + own * unit, limit


@njit
def _room_of_net(book, rule, slot, t, up, unit):
    """The same for longs less shorts, in value."""
    own = 0.0
    other_side = 0.0
    for other in range(len(book.positions)):
        mine = _most(book, other, up)
        theirs = _most(book, other, not up)
        if mine != 0.0 or theirs != 0.0:
            value = unit
            if other != slot:
                value = _unit_value(book, other, t)
            own += mine * value
            other_side += theirs * value
    limit = rule["fraction"] * book.account[0]["equity"]
    return (max(limit, other_side) - own) / unit, own, limit


@njit
def _deviation(book, asset, t, window):
    """Standard deviation of the asset's last `window` returns up to bar t; NaN: not so many.

    Of a sample; a return is a close over the asset's close before, less 1.
    """
    mean = 0.0
    squares = 0.0
    count = 0
    later = np.nan
    row = row_of(book, asset, t) if t >= 0 else -1
    while row >= 0 and count < window:
        close = book.values[CLOSE_FIELD, asset, row]
        if not np.isnan(close):
            if not np.isnan(later):
                count += 1
                distance = later / close - 1.0 - mean
                mean += distance / count
                squares += distance * (later / close - 1.0 - mean)
            later = close
        row -= 1
    return np.sqrt(squares / (count - 1)) if count == window else np.nan


@njit
def _resize(book, i, units):
    """Give order i, of which nothing has filled, a size of `units` (unsigned), as it can trade."""
    order = book.orders[i]
    if book.rules[0]["sizing"] == _WHOLE:
        units = np.trunc(units)
    lot = book.terms[order["asset"]]["lot"]
    if lot != 0.0:
        units = np.floor(units / lot * (1.0 + 1e-12)) * lot
    units = max(units, 0.0)
    order["remaining"] = units if order["size"] > 0.0 else -units
    order["size"] = order["remaining"]
    return units


@njit
def _refuse(order, rule, reason, needed, available):
    """Note in the order which rule does not let it through as it is, and why."""
    order["reason"] = reason
    order["needed"] = needed
    order["available"] = available
    return rule["cause"]


@njit
def _by_volatility(book, i, rule, t):
    """Scale what order i opens; False when nothing is left of it."""
    order = book.orders[i]
    held = book.positions[order["slot"]]["size"]
    units = abs(order["size"])
    closing = min(units, abs(held)) if held * order["size"] < 0.0 else 0.0
    if closing == units:
        return True
    realised = _deviation(book, order["asset"], t, rule["bars"]) * np.sqrt(rule["periods"])
    part = 0.0
    if realised >= 0.0:
        part = rule["cap"]
        if realised * part > rule["distance"]:
            part = rule["distance"] / realised
    if part != 1.0:
        cause = _refuse(order, rule, _NO_VOLATILITY, realised, rule["distance"])
        if _resize(book, i, closing + (units - closing) * part) == 0.0:
            order["cause"] = cause
            return False
    return True


@njit
def _with_parent(book, i):
    """A child whose parent a rule has cut is cut by the same part."""
    order = book.orders[i]
    if order["parent"] < 0:
        return
    parent = book.orders[order["parent"]]
    if parent["asked"] != parent["size"] and parent["asked"] != 0.0:
        order["reason"] = parent["reason"]
        _resize(book, i, abs(order["size"]) * (parent["size"] / parent["asked"]))


@njit
def _room(book, rule, slot, t, up, unit):
    """(units that an order may have, what it is measured by without it, limit); see above."""
    if rule["kind"] == _POSITION:
        return _room_of_position(book, rule, slot, up, unit)
    if rule["kind"] == _GROSS:
        return _room_of_gross(book, rule, slot, t, up, unit)
    return _room_of_net(book, rule, slot, t, up, unit)


@njit
def _within(book, i, rule, units, t, mate):
    """Units of order i that a limit on positions or exposure lets through; notes what it was.

    mate: units of a pending order that trades only if this one does not: that much is let through
    in any case.
    """
    order = book.orders[i]
    slot = order["slot"]
    up = order["size"] > 0.0
    unit = _unit_value(book, slot, t)
    position = rule["kind"] == _POSITION
    reason = _POSITION_LIMIT if position else _EXPOSURE_LIMIT
    if np.isnan(unit):
        if position and not np.isfinite(min(rule["value"], rule["fraction"])):
            unit = 0.0
        else:
            _refuse(order, rule, reason, np.nan, np.nan)
            return 0.0
    if unit == 0.0 and not position:
        return units
    room, held, limit = _room(book, rule, slot, t, up, unit)
    room = max(room, mate)
    if units <= room * (1.0 + _ROUNDING):
        return units
    needed = held + (units if position else units * unit)
    _refuse(order, rule, reason, needed, limit)
    return max(room, 0.0)


@njit
def _sent_in(book, state, t):
    """How many orders were sent in the session of bar t, as a rule has counted."""
    session = book.sessions[max(t, 0)]
    if state["session"] != session:
        state["session"] = session
        state["count"] = 0
    return state["count"]


@njit
def _pending_orders(book, asset, but):
    """Orders of the strategy pending in an asset (-1: all), or being sent before `but` with it."""
    head = book.account[0]
    count = 0
    for k in range(head["n_pending"]):
        order = book.orders[book.queue[PENDING, k]]
        count += int(order["cause"] == 0 and _concerns(asset, order["asset"]))
    for k in range(head["n_submitted"]):
        order = book.orders[book.queue[WAITING, k]]
        count += int(order["cause"] == 0 and _concerns(asset, order["asset"]))
    j = _root(book.orders[but], but)
    while j >= 0 and j < but:
        order = book.orders[j]
        sent_with = order["status"] == INITIALISED and order["in_bracket"]
        count += int(sent_with and _concerns(asset, order["asset"]))
        j = order["sibling"]
    return count


@njit
def _order_limit(book, i, r, t):
    """Whether order i passes the limit on orders in row r."""
    order = book.orders[i]
    rule = book.risk[r]
    units = abs(order["size"])
    needed = units
    limit = rule["units"]
    if needed <= limit and np.isfinite(rule["value"]):
        limit = rule["value"]
        needed = units * _unit_value(book, order["slot"], t)
    if needed <= limit and rule["per_session"] >= 0:
        needed = _sent_in(book, book.risk_state[r, 0], t) + 1.0
        limit = float(rule["per_session"])
    if needed <= limit and rule["pending"] >= 0:
        needed = _pending_orders(book, rule["asset"], i) + 1.0
        limit = float(rule["pending"])
    if needed <= limit:
        return True
    order["cause"] = _refuse(order, rule, _ORDER_LIMIT, needed, limit)
    return False


@njit
def _judge(book, i, t):
    """Whether risk rules let order i through, perhaps made smaller; else it bears why not."""
    order = book.orders[i]
    risk = book.risk
    _with_parent(book, i)
    for r in range(len(risk)):
        rule = risk[r]
        applies = rule["kind"] == _VOLATILITY and _concerns(rule["asset"], order["asset"])
        if applies and not _by_volatility(book, i, rule, t):
            return False
    mate = _gather(book, i)
    for r in range(len(risk)):
        rule = risk[r]
        if not _concerns(rule["asset"], order["asset"]):
            continue
        if _GROSS <= rule["kind"] <= _POSITION:
            units = abs(order["size"])
            most = _within(book, i, rule, units, t, mate)
            if most == units:
                continue
            if not rule["cut"] or _resize(book, i, most) == 0.0:
                order["cause"] = rule["cause"]
                return False
        elif rule["kind"] == _ORDER and not _order_limit(book, i, r, t):
            return False
    if order["size"] == 0.0 or abs(order["size"]) < book.terms[order["asset"]]["minimum_size"]:
        if order["reason"] == 0:
            order["reason"] = _SIZE
        return False
    return True


@apart
def admit(book, i, t):
    """Why order i may not be sent to the market at bar t; 0 when it may, perhaps made smaller.

    An order that was cut bears the reason, and both sides of the inequality; what it was to be is
    `asked`. Orders that can only reduce a position, and those of the engine itself, always pass.
    """
    order = book.orders[i]
    if halted(book, i):
        return _HALTED
    if len(book.risk) == 0 or order["cause"] != 0:
        return 0
    if not order["reduce_only"] and not _judge(book, i, t):
        return order["reason"]
    for r in range(len(book.risk)):
        rule = book.risk[r]
        if rule["kind"] == _ORDER and _concerns(rule["asset"], order["asset"]):
            _sent_in(book, book.risk_state[r, 0], t)
            book.risk_state[r, 0]["count"] += 1
    return 0


@apart
def may_grow(book, i, remaining: float, t):
    """1 if order i, pending, may be changed so that `remaining` (signed) is left, else 0."""
    order = book.orders[i]
    if len(book.risk) == 0 or order["reduce_only"] or abs(remaining) <= abs(order["remaining"]):
        return 1
    if book.account[0]["halted"] != 0:
        return 0
    units = abs(remaining)
    reason, needed, available = order["reason"], order["needed"], order["available"]
    mate = _gather(book, i)
    grows = True
    for r in range(len(book.risk)):
        rule = book.risk[r]
        if not _concerns(rule["asset"], order["asset"]):
            continue
        if _GROSS <= rule["kind"] <= _POSITION:
            grows &= _within(book, i, rule, units, t, mate) == units
        elif rule["kind"] == _ORDER:
            whole = units + abs(order["filled"])
            grows &= whole <= rule["units"]
            if np.isfinite(rule["value"]):
                unit = _unit_value(book, order["slot"], t)
                grows &= whole * unit <= rule["value"]
    order["reason"], order["needed"], order["available"] = reason, needed, available
    return int(grows)

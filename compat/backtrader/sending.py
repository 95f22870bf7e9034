"""Orders into the engine, and its events back into orders and positions."""

from __future__ import annotations

from typing import Any

from ...core.orders import Kind
from .dates import nanoseconds
from .order import Order
from .unsupported import unsupported

_NAN = float("nan")

_KINDS = {
    Order.Market: Kind.MARKET,
    Order.Historical: Kind.MARKET,
    Order.Close: Kind.CLOSE,
    Order.Limit: Kind.LIMIT,
    Order.Stop: Kind.STOP,
    Order.StopLimit: Kind.STOP_LIMIT,
    Order.StopTrail: Kind.TRAIL,
    Order.StopTrailLimit: Kind.TRAIL_LIMIT,
}
_TRAILING = (Order.StopTrail, Order.StopTrailLimit)
#: Kinds whose levels or trigger move while they wait.
_MOVING = (Order.StopLimit, *_TRAILING)
_MARKET, _SUBMITTED, _PARTIAL = Order.Market, Order.Submitted, Order.Partial

_new = object.__new__


def send_made(
    broker: Any, cls: type[Order], owner: Any, data: Any, size: float, price: float, notify: bool
) -> None:
    """Send an order that was executed elsewhere at `price`. notify: the strategy hears of it."""
    order = cls(owner, data, size, price, exectype=Order.Historical, histnotify=notify)
    submit(broker, order)


def send_plain(broker: Any, cls: type[Order], owner: Any, data: Any, size: float) -> Order | None:
    """Make and send a market order of which nothing is given but its size, not signed.

    None where it has to go the general way.
    """
    bar = data.cursor.idx
    if bar < 0 or size != size or broker._gaps or broker.p.coc:
        return None
    asset = broker._asset.get(data)
    if asset is None:
        return None
    close = data.close.at(bar)
    order = _new(cls)
    order._make(owner, data, size, data.datetime.at(bar), close)
    sim = broker._sim
    sim.bar = broker._cursor.idx
    order._number = sim.send_market(asset, order.size, float(close))
    broker._by_number.append(order)
    broker.orders.append(order)
    broker.busy = True
    seen = broker._seen
    events = sim.events_since(seen)
    if len(events) == 1 and events[0][1] == _SUBMITTED and _SUBMITTED in owner._skips:
        # What `drain` does with it.
        order.status = _SUBMITTED
        order.plen = bar + 1
        broker._seen = seen + 1
        broker._notifs.append((order, _SUBMITTED, bar + 1, None))
    else:
        drain(broker)
    return order


def submit(broker: Any, order: Order) -> None:
    if order.size != order.size:
        raise unsupported(
            "an order of size nan",
            "Check the prices that a size is computed from with math.isnan().",
        )
    exectype = order.exectype
    asset = broker._asset[order.data]
    tick = broker._cursor.idx
    sim = broker._sim
    sim.bar = tick
    parent, oco = order.parent, order._group
    if order._plain and oco is None and not broker.p.coc:
        order._number = sim.send_market(asset, order.size, float(order._shared.given[2]))
    else:
        order._number = sim.submit(
            asset,
            order.size,
            _KINDS[exectype],
            **_prices(order),
            expires=nanoseconds(order.valid) if order.valid else 0,
            session_end=nanoseconds(order.dteos) if exectype == Order.Close else 0,
            parent=-1 if parent is None else parent._number,
            oco=-1 if oco is None else oco._number,
            transmit=bool(order.transmit),
            fill_time=_fill_time(broker, order),
            made=exectype == Order.Historical,
        )
    broker._by_number.append(order)
    broker.orders.append(order)
    broker.busy = True
    if broker._gaps and order.transmit and broker.p.checksubmit:
        for checked in (order, *([] if parent is None else [parent])):
            broker.getposition(checked.data)
    if not order._plain and (exectype in _MOVING or parent is not None):
        broker._moving.append(order)
        follow(broker)
    drain(broker)


def _prices(order: Order) -> dict[str, float]:
    """The prices of an order as the engine names them."""
    created, exectype = order.created, order.exectype
    if exectype in _TRAILING:
        stop, limit = created.price, created.pricelimit
        order._limitoffset = stop - limit
        return {
            "stop": float(stop),
            "limit": float(limit),
            "trail_amount": float(order.trailamount or (0.0 if not order.trailpercent else _NAN)),
            "trail_percent": float(order.trailpercent or _NAN),
        }
    price = float(created.price)
    prices = {"reference": price}
    if exectype == Order.Limit:
        prices["limit"] = price
    elif exectype == Order.Stop:
        prices["stop"] = price
    elif exectype == Order.StopLimit:
        prices.update(stop=price, limit=float(created.pricelimit))
    return prices


def _fill_time(broker: Any, order: Order) -> Any:
    """When a market order trades, where that is not what the rules say."""
    if order.exectype != Order.Market or not broker.p.coc:
        return None
    from .rules import own_time

    return own_time(broker.p, order)


def cancel(broker: Any, order: Order, bracket: bool = False) -> bool:
    """Cancel a pending order, with its OCO group and its bracket."""
    sim = broker._sim
    sim.bar = broker._cursor.idx
    done = sim.cancel(order._number)
    drain(broker)
    broker.busy = broker.busy or bool(broker._notifs)
    return done


def follow(broker: Any) -> None:
    """Bring triggers and trailing levels of pending orders up to date."""
    rows = broker._sim.orders
    for order in broker._moving:
        row = rows[order._number]
        order.triggered = bool(row["triggered"])
        order._active = bool(row["active"])
        if order.exectype in _TRAILING:
            order.created.price = float(row["stop"])
            if order.exectype == Order.StopTrailLimit:
                order.created.pricelimit = float(row["limit"])
    broker._moving = [o for o in broker._moving if rows[o._number]["status"] <= Order.Partial]


def drain(broker: Any) -> None:
    """Bring the engine's new events into the orders, and note what is to be notified."""
    sim = broker._sim
    events = sim.events_since(broker._seen)
    if not events:
        return
    broker._seen += len(events)
    orders, notify = broker._by_number, broker._notifs.append
    for number, status, _, _, fill, triggered in events:
        order = orders[number]
        order.status = status
        still = order._plain or _keep_up(broker, order, status, triggered)
        if fill >= 0:
            execute(broker, order, sim.fill(fill))
        elif status < _PARTIAL:
            order.plen = plen = order.data.cursor.idx + 1
            if still and status in order.owner._skips:
                notify((order, status, plen, order.__dict__.copy() or None))
                continue
        else:
            order.executed.dt = order.data.datetime[0]
        notify(order.clone())


def _keep_up(broker: Any, order: Order, status: int, triggered: int) -> bool:
    """Enter what an event says of an order that is more than a market order.

    Whether all but its status stays as it is until it is executed.
    """
    moving = order.exectype in _MOVING
    if order.parent is not None:
        order._active = bool(broker._sim.orders["active"][order._number])
    if moving and status >= _PARTIAL:
        order.triggered = bool(triggered)
    elif moving and order not in broker._moving:
        # An order that had ended comes back when its group is sent again.
        broker._moving.append(order)
    done = order._done[0]
    return not (moving or done or order.simulated or order.parent is not None)


def execute(broker: Any, order: Order, fill: tuple[Any, ...]) -> None:
    """Enter a fill of the engine into its order and position.

    A script that trades whole numbers reads whole numbers: each number has the type that adding
    and subtracting the script's own sizes gives.
    """
    (
        bar, price, closed, opened, closed_value, opened_value, closed_fee, opened_fee, pnl,
        size_after, price_after,
    ) = fill  # fmt: skip
    data = order.data
    position = broker.positions[data]
    if order._portion is not None:
        wanted, order._portion = order._portion, None
    elif order._done[0]:
        wanted = order.executed.remsize
    else:
        wanted = order.size
    held = position.size
    whole = held + wanted
    after = type(whole)
    refused = False
    if not closed:
        closed, opened = 0, type(wanted)(opened)
        pnl = 0.0 * (price - position.price)  # of nothing; not known where the prices are not
    elif opened:
        closed, opened = type(held)(closed), after(opened)
    elif closed != wanted:
        # The opening part was refused: only what closes the position was executed.
        refused = True
        closed, opened = type(held)(closed), 0
        after = type(held)
    else:
        closed, opened = type(wanted)(closed), 0
    position.price_orig = position.price
    position.size = size_after = after(size_after)
    position.price = price_after
    position.upopened, position.upclosed = opened, closed
    if not size_after:
        # What a position says of these while it is held comes from its data.
        position._adjbase = _shown(broker, data, data.Close, broker._cursor.idx - 1)
        position._datetime = data.datetime.at(data.cursor.idx)
    if refused:
        # What the position would have become: the order reports that, not what it became.
        size_after, price_after = whole, price
    info = order.comminfo = broker._infos[data]
    when = data.datetime.at(bar) if broker._single else _executed_at(broker, order, bar)
    execution = (
        when, closed + opened, price, closed, closed_value, closed_fee, opened, opened_value,
        opened_fee, pnl, size_after, price_after,
    )  # fmt: skip
    order._take(execution, info.margin)


def _executed_at(broker: Any, order: Order, bar: int) -> float:
    """The time of an execution: that of the data's bar at a time."""
    data = order.data
    ended = order.exectype == Order.Close and bar != broker._cursor.idx
    if ended and broker._asset[data] in broker._clock.shown:
        # At the end of the session before: the time of the last bar that had grown then.
        return data.datetime.at(max(0, data.cursor.idx - 1))
    return _shown(broker, data, data.DateTime, bar)


def _shown(broker: Any, data: Any, line: int, tick: int) -> float:
    """What a line of the data (by number) showed at a time."""
    if broker._single:
        return data.lines[line].at(tick)
    asset = broker._asset[data]
    changing = broker._clock.shown.get(asset)
    if changing is not None:
        return float(changing[line, tick])
    return data.lines[line].at(int(broker._rows[asset, tick]))

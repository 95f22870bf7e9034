"""What happened elsewhere: orders at their times and prices, and what a fund was worth."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ...core.leverage import Worth
from .order import BuyOrder, Order, SellOrder
from .sending import send_made
from .unsupported import unsupported


def time_of(value: Any) -> dt.datetime:
    """A time as a date, a datetime or a text ("2020-01-31", "2020-01-31T12:30:00.5")."""
    if isinstance(value, str):
        form = "%Y-%m-%d"
        if "T" in value:
            form += "T%H:%M:%S.%f" if "." in value else "T%H:%M:%S"
        return dt.datetime.strptime(value, form)
    if isinstance(value, dt.datetime):
        return value
    return dt.datetime.combine(value, dt.time())


def data_of(cerebro: Any, name: Any) -> Any:
    """The data of a name, a number, or (None) the first one."""
    if name is None:
        return cerebro.datas[0]
    return cerebro.datas[name] if isinstance(name, int) else cerebro.datasbyname[name]


def send_due(broker: Any) -> None:
    """Send what is due by the current bar, each list of orders in its sequence."""
    for entry in broker._userhist:
        order, rest, notify = entry
        while order is not None:
            time, size, price, *where = order
            data = data_of(broker.cerebro, where[0] if where else None)
            if not len(data) or time_of(time) > data.datetime.datetime():
                break
            if broker._sim.book.account["n_submitted"][0]:
                raise unsupported(
                    "orders of a strategy in a bar that has orders of a history",
                    "Play the history with a strategy that sends none.",
                )
            if size:
                made: type[Order] = BuyOrder if size > 0 else SellOrder
                owner = broker.cerebro.runningstrats[0]
                send_made(broker, made, owner, data, abs(size), price, notify)
            entry[0] = order = next(rest, None)


def value_fund(broker: Any, tick: int) -> None:
    """After the pass of a bar: the account is worth what the history of the fund says."""
    cerebro = broker.cerebro
    if cerebro._dorunonce and cerebro._dopreload:
        raise AttributeError(
            "'Cerebro' object has no attribute '_dtmaster': a fund history needs runonce=False."
        )
    entry, rest, known = broker._fundhist
    if entry and time_of(entry[0]) <= broker._feeds[0].num2date(broker._clock.times[tick]):
        known = tuple(entry[1:])
        broker._fundhist[:] = tuple(next(rest, ())), rest, known
    if known is None:
        raise unsupported(
            "a fund history that begins after the first bar", "There, all values are NaN till then."
        )
    share, value = known
    held = broker._worth_of([data for data, p in broker.positions.items() if p.size], tick)
    cash = value - held.net
    broker._sim.set_cash(float(cash))
    broker._fundshares = value / share
    broker._kept[tick] = cash, value, share
    broker._notified[tick] = cash, value
    broker._told = tick, Worth(value, value * held.leverage, held.profit)


def is_left(broker: Any) -> bool:
    """Whether orders of a history are still to be sent."""
    return any(order is not None for order, _, _ in broker._userhist)

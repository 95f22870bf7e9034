"""Orders that were executed elsewhere: `add_order_history` plays them at their times and prices."""

from __future__ import annotations

import datetime as dt
from typing import Any

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


def is_left(broker: Any) -> bool:
    """Whether orders of a history are still to be sent."""
    return any(order is not None for order, _, _ in broker._userhist)

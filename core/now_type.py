"""`run.Now` inside compiled strategies: what the `Book` offers under the same names.

Imports the compiler: `run` imports this module for jitted strategies only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import cfunc, njit, types
from numba.core.errors import NumbaError
from numba.extending import overload_attribute, overload_method

from .account import FAULT_STRATEGY
from .book_type import BookType, book_at, opened
from .order_book import change, withdraw
from .simulation import OrderError
from .sizing import (
    order_percent,
    order_value,
    place,
    target_percent,
    target_size,
    target_value,
    target_weights,
)
from .valuation import total_cash


def _attribute(name: str):
    def register(function):
        return overload_attribute(BookType, name)(lambda now: function)

    return register


@_attribute("t")
def _t(now):
    return now.account[0]["bar"]


@_attribute("time")
def _time(now):
    return now.times[now.account[0]["bar"]]


@_attribute("open")
def _open(now):
    return now.values[0, :, now.account[0]["bar"]]


@_attribute("high")
def _high(now):
    return now.values[1, :, now.account[0]["bar"]]


@_attribute("low")
def _low(now):
    return now.values[2, :, now.account[0]["bar"]]


@_attribute("close")
def _close(now):
    return now.values[3, :, now.account[0]["bar"]]


@_attribute("volume")
def _volume(now):
    return now.values[4, :, now.account[0]["bar"]]


@_attribute("cash")
def _cash(now):
    return total_cash(now, now.account[0]["bar"])


@_attribute("equity")
def _equity(now):
    return now.account[0]["equity"]


# The arguments of a method's overload are types; it returns what is compiled for them.


@overload_method(BookType, "history")
def _history(now, field, length):
    def history(now, field, length):
        t = now.account[0]["bar"]
        return now.values[field, :, max(t + 1 - length, 0) : t + 1]

    return history


@_attribute("holdings")
def _holdings(now):
    return now.positions["size"][: len(now.terms)]


@overload_method(BookType, "order")
def _order(now, asset, size, kind=0, limit=np.nan, stop=np.nan):
    def order(now, asset, size, kind=0, limit=np.nan, stop=np.nan):
        return place(now, asset, float(size), kind, float(limit), float(stop))

    return order


@overload_method(BookType, "order_value")
def _order_value(now, asset, value):
    return lambda now, asset, value: order_value(now, asset, float(value))


@overload_method(BookType, "order_percent")
def _order_percent(now, asset, part):
    return lambda now, asset, part: order_percent(now, asset, float(part))


@overload_method(BookType, "target_size")
def _target_size(now, asset, size):
    return lambda now, asset, size: target_size(now, asset, float(size))


@overload_method(BookType, "target_value")
def _target_value(now, asset, value):
    return lambda now, asset, value: target_value(now, asset, float(value))


@overload_method(BookType, "target_percent")
def _target_percent(now, asset, part):
    return lambda now, asset, part: target_percent(now, asset, float(part))


@overload_method(BookType, "target_weights")
def _target_weights(now, weights):
    return lambda now, weights: target_weights(now, weights)


@overload_method(BookType, "cancel")
def _cancel(now, order):
    return lambda now, order: withdraw(now, order)


@overload_method(BookType, "modify")
def _modify(now, order, size, limit, stop):
    return lambda now, order, size, limit, stop: change(
        now, order, float(size), float(limit), float(stop)
    )


class Compiled:
    """A strategy as machine code that the loop calls: `address`, valid as long as this lives."""

    def __init__(self, strategy: Any) -> None:
        def entry(address):
            now = book_at(address)
            try:
                strategy(now)
            except Exception:
                now.account[0]["fault"] = FAULT_STRATEGY

        self._strategy = strategy
        try:
            self._code = cfunc(types.void(types.int64), error_model="numpy")(entry)
        except NumbaError as error:
            raise OrderError(
                f"strategy: {strategy.__name__} does not compile; undecorated it runs as plain "
                f"Python. {error}"
            ) from error
        self.address = self._code.address

    def raise_again(self, simulation: Any) -> None:
        """Call the strategy once more so that its exception reaches Python."""
        strategy = self._strategy
        njit(lambda table: strategy(opened(table)), error_model="numpy")(simulation.table)


def compiled_strategy(strategy: Any) -> Compiled:
    """The machine code of a jitted strategy, made once while it lives."""
    known = strategy.__dict__
    if "_fillproof_code" not in known:
        known["_fillproof_code"] = Compiled(strategy)
    return known["_fillproof_code"]

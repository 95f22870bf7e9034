"""`native.Now` inside compiled strategies: what the `Book` offers under the same names.

Imports the compiler: `native.run` imports this module for jitted strategies only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import cfunc, njit, types
from numba.core.errors import NumbaError, TypingError
from numba.core.imputils import impl_ret_borrowed
from numba.extending import intrinsic, overload, overload_attribute, overload_method

from . import sizing
from .account import FAULT_STRATEGY
from .book_type import BookType, book_at, opened
from .jit import Kernel
from .simulation import OrderError
from .valuation import total_cash

_NAN = np.nan
# Numba compiles what these names hold.
_place = sizing.place
_bracket = sizing.bracket
_order_value = sizing.order_value
_order_percent = sizing.order_percent
_target_size = sizing.target_size
_target_value = sizing.target_value
_target_percent = sizing.target_percent
_target_weights = sizing.target_weights
_drop = sizing.drop
_alter = sizing.alter
_status_of = sizing.status_of
_waiting = sizing.waiting


def _read_only(typingctx, array):
    """The array, for reading only."""

    def generate(context, builder, signature, arguments):
        return impl_ret_borrowed(context, builder, signature.return_type, arguments[0])

    return array.copy(readonly=True)(array), generate


def _whole(value):
    """`value` as an integer: members of `Kind` and `TimeInForce` too."""
    return int(value)


@overload(_whole)
def _whole_of(value):
    if isinstance(value, types.IntEnumMember):
        return lambda value: int(value.value)
    return lambda value: int(value)


_shown: Any = intrinsic(_read_only)
_book_at: Any = book_at
_opened: Any = opened


# What an attribute is, and what a method's overload is given, are types; each returns the function
# that is compiled for them.


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
    return _shown(now.values[0, :, now.account[0]["bar"]])


@_attribute("high")
def _high(now):
    return _shown(now.values[1, :, now.account[0]["bar"]])


@_attribute("low")
def _low(now):
    return _shown(now.values[2, :, now.account[0]["bar"]])


@_attribute("close")
def _close(now):
    return _shown(now.values[3, :, now.account[0]["bar"]])


@_attribute("volume")
def _volume(now):
    return _shown(now.values[4, :, now.account[0]["bar"]])


@_attribute("cash")
def _cash(now):
    return total_cash(now, now.account[0]["bar"])


@_attribute("equity")
def _equity(now):
    return now.account[0]["equity"]


@_attribute("holdings")
def _holdings(now):
    return _shown(now.positions["size"][: len(now.terms)])


@_attribute("entry_prices")
def _entry_prices(now):
    return _shown(now.positions["price"][: len(now.terms)])


@_attribute("short_holdings")
def _short_holdings(now):
    sizes = np.zeros(len(now.terms))
    for n in range(len(now.positions) - len(now.terms)):
        sizes[n] = now.positions[len(now.terms) + n]["size"]
    return sizes


@overload_method(BookType, "column")
def _column(now, number):
    def column(now, number):
        if not 0 <= number < len(now.columns):
            raise IndexError("there is no such field or column")
        return _shown(now.columns[number, :, now.account[0]["bar"]])

    return column


@overload_method(BookType, "history")
def _history(now, field, length):
    def history(now, field, length):
        t = now.account[0]["bar"]
        first = max(t + 1 - length, 0)
        if not 0 <= field < 5 + len(now.columns):
            raise IndexError("there is no such field or column")
        if field < 5:
            return _shown(now.values[field, :, first : t + 1])
        return _shown(now.columns[field - 5, :, first : t + 1])

    return history


@overload_method(BookType, "order")
def _now_order(
    now, asset, size, kind=0, limit=_NAN, stop=_NAN, trail_amount=_NAN, trail_percent=_NAN, tif=0,
    expires=0, parent=-1, oco=-1, reduce_only=False, short=False,
):  # fmt: skip
    def order(
        now, asset, size, kind=0, limit=_NAN, stop=_NAN, trail_amount=_NAN, trail_percent=_NAN,
        tif=0, expires=0, parent=-1, oco=-1, reduce_only=False, short=False,
    ):  # fmt: skip
        return _place(
            now, asset, float(size), _whole(kind), float(limit), float(stop), float(trail_amount),
            float(trail_percent), _whole(tif), expires, parent, oco, bool(reduce_only), bool(short),
        )  # fmt: skip

    return order


@overload_method(BookType, "bracket")
def _now_bracket(
    now, asset, size, stop_loss, take_profit, kind=0, limit=_NAN, stop=_NAN, tif=0, expires=0,
    short=False,
):  # fmt: skip
    def bracket(
        now, asset, size, stop_loss, take_profit, kind=0, limit=_NAN, stop=_NAN, tif=0,
        expires=0, short=False,
    ):  # fmt: skip
        return _bracket(
            now, asset, float(size), float(stop_loss), float(take_profit), _whole(kind),
            float(limit), float(stop), _whole(tif), expires, bool(short),
        )  # fmt: skip

    return bracket


@overload_method(BookType, "order_value")
def _now_order_value(now, asset, value, short=False):
    return lambda now, asset, value, short=False: _order_value(
        now, asset, float(value), bool(short)
    )


@overload_method(BookType, "order_percent")
def _now_order_percent(now, asset, part, short=False):
    return lambda now, asset, part, short=False: _order_percent(
        now, asset, float(part), bool(short)
    )


@overload_method(BookType, "target_size")
def _now_target_size(now, asset, size, short=False):
    return lambda now, asset, size, short=False: _target_size(now, asset, float(size), bool(short))


@overload_method(BookType, "target_value")
def _now_target_value(now, asset, value, short=False):
    return lambda now, asset, value, short=False: _target_value(
        now, asset, float(value), bool(short)
    )


@overload_method(BookType, "target_percent")
def _now_target_percent(now, asset, part, short=False):
    return lambda now, asset, part, short=False: _target_percent(
        now, asset, float(part), bool(short)
    )


@overload_method(BookType, "target_weights")
def _now_target_weights(now, weights):
    if not isinstance(weights, types.Array) or weights.ndim != 1:
        raise TypingError("weights must be an array of one dimension")
    if weights.layout == "C" and weights.dtype == types.float64 and weights.mutable:
        return lambda now, weights: _target_weights(now, weights)
    return lambda now, weights: _target_weights(now, weights.astype(np.float64))


@overload_method(BookType, "cancel")
def _now_cancel(now, order):
    return lambda now, order: _drop(now, order)


@overload_method(BookType, "modify")
def _now_modify(now, order, size=_NAN, limit=_NAN, stop=_NAN):
    return lambda now, order, size=_NAN, limit=_NAN, stop=_NAN: _alter(
        now, order, float(size), float(limit), float(stop)
    )


@overload_method(BookType, "status")
def _now_status(now, order):
    return lambda now, order: _status_of(now, order)


@overload_method(BookType, "pending")
def _now_pending(now, asset):
    return lambda now, asset: _waiting(now, asset)


class Compiled:
    """A strategy as machine code that the loop calls: `address`, valid as long as this lives."""

    def __init__(self, strategy: Any) -> None:
        dispatcher: Any = strategy.dispatcher if isinstance(strategy, Kernel) else strategy
        # An index outside of an array is an error here as it is in Python.
        options = {"boundscheck": True, **_given(dispatcher.targetoptions)}
        checked = njit(strategy.py_func, **options)

        def entry(address):
            now = _book_at(address)
            try:
                checked(now)
            except Exception:
                if now.account[0]["fault"] == 0:
                    now.account[0]["fault"] = FAULT_STRATEGY

        try:
            self._code = cfunc(types.void(types.int64), error_model="numpy")(entry)
        except NumbaError as error:
            raise OrderError(
                f"strategy: {strategy.py_func.__name__} does not compile; undecorated it runs as "
                f"plain Python. {error}"
            ) from error
        self.address = self._code.address
        #: The strategy for a table of handles, called from Python: its exceptions get through.
        self.call = njit(lambda table: checked(_opened(table)), error_model="numpy")


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """The options of a jitted function that its user gave, as far as they bear on this."""
    names = ("boundscheck", "fastmath", "error_model")
    return {name: options[name] for name in names if options.get(name) is not None}


def compiled_strategy(strategy: Any) -> Compiled:
    """The machine code of a jitted strategy, made once while it lives."""
    known = strategy.__dict__
    if "_fillproof_code" not in known:
        known["_fillproof_code"] = Compiled(strategy)
    return known["_fillproof_code"]

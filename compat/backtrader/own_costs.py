"""A script's own commission class, and its filler, as functions that the engine calls.

Only the methods that the class has of its own are handed over; the engine computes the rest.
"""

from __future__ import annotations

from typing import Any

from ...core.leverage import net_worth
from ...core.pricing import Pricing
from .comminfo import CommInfoBase
from .position import Position
from .sending import drain
from .unsupported import unsupported

#: By function of the engine: the methods whose replacement makes it the script's.
_METHODS = {
    "fee": ("getcommission", "_getcommission"),
    "cash": ("getvaluesize", "getoperationcost", "get_margin"),
    "leverage": ("get_leverage",),
    "profit": ("profitandloss",),
    "settled": ("cashadjust",),
    "worth": ("getvaluesize", "getvalue", "get_margin", "get_leverage", "profitandloss"),
    "done": ("confirmexec", "_getcommission"),
    "interest": ("get_credit_interest", "_get_credit_interest"),
}


def pricing_of(broker: Any, data: Any, info: Any) -> Pricing | None:
    """The engine's functions of a data, None where it needs none."""
    names = [] if type(info) is CommInfoBase else own_functions(info)
    if info.p.interest and data._tz is not None and "interest" not in names:
        names = [*names, "interest"]  # by the days of its time zone
    filler = broker.p.filler
    if not names and filler is None:
        return None
    key = id(data), id(info), id(filler), tuple(names)
    known = broker._pricings.get(key)
    if known is None:
        costs = _Costs(broker, data, info)
        functions: dict[str, Any] = {name: getattr(costs, name) for name in names}
        if filler is not None:
            functions["portion"] = _Portions(broker, filler).portion
        known = broker._pricings[key] = Pricing(**functions)
        broker._kept_alive.append((info, filler))
    return known


def own_functions(info: Any) -> list[str]:
    """What the engine has to ask a commission info."""
    return [name for name, methods in _METHODS.items() if any(_is_own(info, m) for m in methods)]


def _is_own(info: Any, method: str) -> bool:
    mine = getattr(type(info), method)
    return mine is not getattr(CommInfoBase, method) or method in vars(info)


class _Costs:
    """One data's commission info, asked with numbers of the script's own types."""

    def __init__(self, broker: Any, data: Any, info: Any) -> None:
        self._broker = broker
        self._data = data
        self._info = info

    def _size(self, size: float, order: int = -1) -> float:
        """A whole number, where the script trades whole numbers."""
        held = self._broker.positions[self._data].size
        whole = type(held) is int
        if order >= 0:
            made = self._broker._by_number[order]
            wanted = made.executed.remsize if made._portion is None else made._portion
            if abs(size) == abs(wanted):
                whole = type(wanted) is int
            elif abs(size) != abs(held):  # what a reversal opens
                whole = whole and type(wanted) is int
        return int(size) if whole and size.is_integer() else size

    def _price(self, price: float, order: int) -> float:
        """The price as the script gave it, if this is the order's."""
        given = self._broker._by_number[order].created.price
        return given if given == price else price

    def _value(self, size: float, entry: float, price: float) -> float:
        if self._broker.p.shortcash:
            return self._info.getvaluesize(size, price)
        return self._info.getvalue(Position(size, entry), price)

    def fee(self, size: float, price: float, order: int) -> float:
        _catch_up(self._broker)
        return self._info.getcommission(self._size(size, order), self._price(price, order))

    def cash(self, size: float, price: float, closes: float, order: int) -> float:
        size = self._size(size, order)
        if self._broker.p.shortcash:
            return self._info.getvaluesize(size, price)
        return self._info.getoperationcost(-size if closes else size, price)

    def leverage(self) -> float:
        return self._info.get_leverage()

    def profit(self, size: float, entry: float, price: float) -> float:
        return self._info.profitandloss(self._size(size), entry, price)

    def settled(self, size: float, base: float, price: float) -> float:
        return self._info.cashadjust(self._size(size), base, price)

    def worth(self, size: float, entry: float, close: float) -> float:
        info, size = self._info, self._size(size)
        value = self._value(size, entry, close)
        profit = info.profitandloss(size, entry, close)
        if not self._broker.p.shortcash:
            value = abs(value)
        return net_worth(value, profit, info.get_leverage() if value > 0 else 1.0)

    def done(self, size: float, price: float, order: int) -> None:
        self._info.confirmexec(self._size(size, order), self._price(price, order))

    def interest(self, asset: int, size: float, entry: float) -> float:
        broker, data = self._broker, self._data
        tick = broker._cursor.idx
        position = _Held(self._size(size), entry)
        position.datetime = _moment(broker, data, tick - 1)
        return self._info.get_credit_interest(data, position, _moment(broker, data, tick))


def _catch_up(broker: Any) -> None:
    """Orders and positions show what this pass of the broker has done so far."""
    if broker._sim.catch_up():
        drain(broker)


class _Held(Position):
    """A position with the time of its last charge."""

    __slots__ = ("datetime",)


def _moment(broker: Any, data: Any, tick: int) -> Any:
    row = tick if broker._single else int(broker._rows[broker._asset[data], tick])
    return data.num2date(data.datetime.array[row])


class _Portions:
    """A filler, asked for the size of each execution."""

    def __init__(self, broker: Any, filler: Any) -> None:
        self._broker = broker
        self._filler = filler

    def portion(self, remaining: float, price: float, order: int, ago: float) -> float:
        _catch_up(self._broker)
        made = self._broker._by_number[order]
        size = self._filler(made, price, int(ago))
        if not 0 <= size <= abs(remaining):
            raise unsupported(
                f"a filler that returns {size!r} where {abs(remaining)!r} remain",
                "Return a size between 0 and what remains.",
            )
        made._portion = size if made.isbuy() else -size
        return size

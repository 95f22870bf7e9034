"""How classes and objects of this package print: under the names by which scripts import them."""

from __future__ import annotations

from typing import Any

_PREFIX = f"{__name__.rpartition('.backtrader')[0]}."

#: Classes that scripts know from another module than the one they stand in here.
_ELSEWHERE = {
    "backtrader.broker.BackBroker": "backtrader.brokers.bbroker.BackBroker",
    "backtrader.data.AbstractDataBase": "backtrader.feed.AbstractDataBase",
    "backtrader.iterators.Indicator": "backtrader.indicator.Indicator",
    "backtrader.lines.Line": "backtrader.linebuffer.LineBuffer",
    "backtrader.lines.SingleLine": "backtrader.lineseries.LineSeriesStub",
}


def public_name(cls: Any) -> str:
    """`backtrader.order.BuyOrder`; a class of the script keeps its own module."""
    name = f"{cls.__module__.removeprefix(_PREFIX)}.{cls.__qualname__}"
    return _ELSEWHERE.get(name, name)


class PublicName(type):
    """The metaclass of a class that prints under the name by which scripts import it."""

    def __repr__(cls) -> str:
        return shown_class(cls)


def shown(self: Any) -> str:
    """What Python prints for an object that says nothing about itself."""
    return f"<{public_name(type(self))} object at {id(self):#x}>"


def shown_class(self: Any) -> str:
    return f"<class {public_name(self)!r}>"

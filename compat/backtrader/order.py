"""Orders as scripts see them: the live object, and the clones that notifications carry."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import deque
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any

from .autodict import AutoOrderedDict
from .naming import PublicName, shown
from .params import Params
from .unsupported import unsupported

_new = object.__new__


class OrderExecutionBit:
    """One execution of an order."""

    __slots__ = (
        "closed",
        "closedcomm",
        "closedvalue",
        "comm",
        "dt",
        "opened",
        "openedcomm",
        "openedvalue",
        "pnl",
        "pprice",
        "price",
        "psize",
        "size",
        "value",
    )

    def __init__(
        self,
        dt: float | None = None,
        size: float = 0,
        price: float = 0.0,
        closed: float = 0,
        closedvalue: float = 0.0,
        closedcomm: float = 0.0,
        opened: float = 0,
        openedvalue: float = 0.0,
        openedcomm: float = 0.0,
        pnl: float = 0.0,
        psize: float = 0,
        pprice: float = 0.0,
    ) -> None:
        self.dt = dt
        self.size = size
        self.price = price
        self.closed = closed
        self.opened = opened
        self.closedvalue = closedvalue
        self.openedvalue = openedvalue
        self.closedcomm = closedcomm
        self.openedcomm = openedcomm
        self.value = closedvalue + openedvalue
        self.comm = closedcomm + openedcomm
        self.pnl = pnl
        self.psize = psize
        self.pprice = pprice


class OrderData:
    """How an order was created, or how far it is executed.

    What most orders never have is an attribute of the class: a copy of an order is made for each
    of its notifications.
    """

    dt: Any = None
    size: Any = 0
    remsize: Any = 0
    price: Any = 0.0
    pricelimit: Any = 0.0
    plimit: Any = 0.0
    pclose: Any = 0.0
    trailamount: Any = 0.0
    trailpercent: Any = 0.0
    p1 = p2 = 0
    value = 0.0
    comm = 0.0
    margin: Any = None
    pnl = 0.0
    psize: Any = 0
    pprice: Any = 0

    def __init__(
        self,
        dt: Any = None,
        size: Any = 0,
        price: Any = 0.0,
        pricelimit: Any = 0.0,
        remsize: Any = 0,
        pclose: Any = 0.0,
        trailamount: Any = 0.0,
        trailpercent: Any = 0.0,
    ) -> None:
        self.exbits: deque[OrderExecutionBit] = deque()
        self.dt = dt
        self.size = size
        self.remsize = remsize
        self.pclose = pclose
        self.price = price if price or not pricelimit else pricelimit
        self.pricelimit = pricelimit or price
        self.plimit = pricelimit
        self.trailamount = trailamount
        self.trailpercent = trailpercent

    @classmethod
    def _executed(cls, remsize: float, exbits: deque[OrderExecutionBit], done: _Done) -> OrderData:
        """What is executed of an order of that size; exbits: shared with its copies."""
        new = object.__new__(cls)
        new.exbits = exbits
        new.remsize = remsize
        count, first, last, margin = done
        if count:
            for bit in islice(exbits, count):
                new._count(bit)
            new.p1, new.p2, new.margin = first, last, margin
        return new

    def __len__(self) -> int:
        return len(self.exbits)

    def __getitem__(self, key: int) -> OrderExecutionBit:
        return self.exbits[key]

    def addbit(self, exbit: OrderExecutionBit) -> None:
        """Take in an execution; `price` is the average."""
        self.exbits.append(exbit)
        self._count(exbit)

    def _count(self, exbit: OrderExecutionBit) -> None:
        self.remsize -= exbit.size
        self.dt = exbit.dt
        before = self.size * self.price
        self.size += exbit.size
        self.price = (before + exbit.size * exbit.price) / self.size
        self.value += exbit.value
        self.comm += exbit.comm
        self.pnl += exbit.pnl
        self.psize = exbit.psize
        self.pprice = exbit.pprice

    def add(
        self,
        dt: float,
        size: float,
        price: float,
        closed: float = 0,
        closedvalue: float = 0.0,
        closedcomm: float = 0.0,
        opened: float = 0,
        openedvalue: float = 0.0,
        openedcomm: float = 0.0,
        pnl: float = 0.0,
        psize: float = 0,
        pprice: float = 0.0,
    ) -> None:
        """Take in an execution, given by its parts."""
        self.addbit(
            OrderExecutionBit(
                dt,
                size,
                price,
                closed,
                closedvalue,
                closedcomm,
                opened,
                openedvalue,
                openedcomm,
                pnl,
                psize,
                pprice,
            )
        )

    def getpending(self) -> list[OrderExecutionBit]:
        """The executions since the previous notification."""
        return list(self.iterpending())

    def iterpending(self) -> Iterator[OrderExecutionBit]:
        return islice(self.exbits, self.p1, self.p2)

    def markpending(self) -> None:
        """What is executed by now is what the next notification is about."""
        self.p1, self.p2 = self.p2, len(self.exbits)

    def clone(self) -> OrderData:
        other = object.__new__(OrderData)
        other.exbits = self.exbits
        other.remsize = self.remsize
        if self.dt is None and not self.exbits:
            return other  # nothing has happened yet: the rest is of the class
        self.markpending()
        other.p1 = self.p1
        other.p2 = self.p2
        other.dt = self.dt
        other.size = self.size
        other.price = self.price
        other.pricelimit = self.pricelimit
        other.plimit = self.plimit
        other.pclose = self.pclose
        other.trailamount = self.trailamount
        other.trailpercent = self.trailpercent
        other.value = self.value
        other.comm = self.comm
        other.margin = self.margin
        other.pnl = self.pnl
        other.psize = self.psize
        other.pprice = self.pprice
        return other


#: An execution as the arguments of its `OrderExecutionBit`.
Execution = tuple[Any, ...]


class _Shared:
    """What an order and its copies have in common.

    given: time, size and price of its making, until somebody asks for `created`. executions: what
    was executed; bits: the same as objects, once somebody has asked for them.
    """

    executions: list[Execution] | None = None
    bits: deque[OrderExecutionBit] | None = None
    created: OrderData | None = None
    given: tuple[Any, ...] = ()
    info: AutoOrderedDict | None = None

    def exbits(self) -> deque[OrderExecutionBit]:
        if self.bits is None:
            self.bits = deque(OrderExecutionBit(*one) for one in self.executions or ())
        return self.bits


class _OfAll:
    """An attribute in `_Shared`, made when somebody asks: most are never asked for."""

    def __init__(self, name: str, make: Callable[[_Shared], Any]) -> None:
        self._name = name
        self._make = make

    def __get__(self, order: Any, cls: type) -> Any:
        if order is None:
            return self
        shared = order._shared
        found = getattr(shared, self._name)
        if found is None:
            found = self._make(shared)
            setattr(shared, self._name, found)
        return found


#: The number of executions; from which to which one a notification is about; the margin.
_Done = tuple[int, int, int, Any]
_NOTHING: _Done = (0, 0, 0, None)

#: An order as it was before anything was executed, for a notification that nobody heard: the
#: order, status, `plen` and what else it has. `Order._revived` makes the copy of it that the
#: notification carries.
Snapshot = tuple["Order", int, int, dict[str, Any] | None]

#: The arguments of an order, with their defaults.
_Arguments = Params._derive(
    "Order",
    {
        "owner": None,
        "data": None,
        "size": None,
        "price": None,
        "pricelimit": None,
        "exectype": None,
        "valid": None,
        "tradeid": 0,
        "oco": None,
        "trailamount": None,
        "trailpercent": None,
        "parent": None,
        "transmit": True,
        "simulated": False,
        "histnotify": False,
    },
    [],
)


class _GivenArguments:
    """`order.params` and `order.p`: what it was made with; of the class: the defaults.

    Put together when somebody asks: an order is made thousands of times for once that is asked.
    """

    def __get__(self, order: Any, cls: type) -> Any:
        if order is None:
            return _Arguments
        given: Any = _Arguments()
        for name, default in _Arguments._defaults.items():
            setattr(given, name, getattr(order, name, default))
        given.size = abs(order.size)
        given.exectype, given.valid = order._given
        return given


def _as_execution(bit: OrderExecutionBit) -> Execution:
    return (
        bit.dt, bit.size, bit.price, bit.closed, bit.closedvalue, bit.closedcomm, bit.opened,
        bit.openedvalue, bit.openedcomm, bit.pnl, bit.psize, bit.pprice,
    )  # fmt: skip


class OrderBase(metaclass=PublicName):
    """Names and numbers of orders."""

    DAY = dt.timedelta()

    T_Close, T_Day, T_Date, T_None = range(4)
    V_None = range(1)

    Market, Close, Limit, Stop, StopLimit, StopTrail, StopTrailLimit, Historical = range(8)
    ExecTypes = [  # noqa: RUF012
        "Market",
        "Close",
        "Limit",
        "Stop",
        "StopLimit",
        "StopTrail",
        "StopTrailLimit",
        "Historical",
    ]

    OrdTypes = ["Buy", "Sell"]  # noqa: RUF012 - lists there, which shows when printed
    Buy, Sell = range(2)

    (
        Created,
        Submitted,
        Accepted,
        Partial,
        Completed,
        Canceled,
        Expired,
        Margin,
        Rejected,
    ) = range(9)
    Cancelled = Canceled
    Status = [  # noqa: RUF012
        "Created",
        "Submitted",
        "Accepted",
        "Partial",
        "Completed",
        "Canceled",
        "Expired",
        "Margin",
        "Rejected",
    ]

    refbasis = itertools.count(1)

    params = p = _GivenArguments()


_CREATED = OrderBase.Created


def _created(shared: _Shared) -> OrderData:
    """How an order without prices was created."""
    now, size, close = shared.given
    return OrderData(now, size, close, None, 0, close, None, None)


class Order(OrderBase):
    """A buy or sell order.

    `size` is signed. `created` tells how it was asked for, `executed` what traded so far. A
    notification carries a clone as the order was at that moment; `created` is shared.

    A copy is made for each notification, and hardly any of its attributes is ever read. What every
    order has stands in slots; what most have not is an attribute of the class, or put together
    when it is read.
    """

    __slots__ = (
        "_done",
        "_number",
        "_plain",
        "_shared",
        "comminfo",
        "data",
        "owner",
        "plen",
        "ref",
        "size",
        "status",
    )

    ordtype = OrderBase.Buy

    price: Any = None
    pricelimit: Any = None
    plimit: Any = None
    exectype: int = OrderBase.Market
    tradeid: Any = 0
    oco: Any = None
    trailamount: Any = None
    trailpercent: Any = None
    parent: Any = None
    transmit: Any = True
    valid: Any = None
    simulated = False
    histnotify = False
    triggered = False
    broker: Any = None
    position: Any = 0
    #: Kind and validity as they were asked for.
    _given: tuple[Any, Any] = (None, None)
    _active = True
    _limitoffset = 0.0
    #: The part of it that a filler lets trade in this bar.
    _portion: Any = None
    #: Whether its strategy is not notified of it.
    _silent = False
    #: The order with which it shares a group of which only one trades.
    _group: Any = None

    def __init__(
        self,
        owner: Any,
        data: Any,
        size: float,
        price: float | None = None,
        pricelimit: float | None = None,
        exectype: int | None = None,
        valid: Any = None,
        tradeid: int = 0,
        oco: Any = None,
        trailamount: float | None = None,
        trailpercent: float | None = None,
        parent: Any = None,
        transmit: bool = True,
        simulated: bool = False,
        histnotify: bool = False,
    ) -> None:
        if simulated:
            # It stands for one of another time: nothing is known of the market then.
            self._make(owner, data, size, 0.0, price)
            self.simulated = True
        else:
            bar = data.cursor.idx
            self._make(owner, data, size, data.datetime.at(bar), data.close.at(bar))
        # What is not given stays what it is of the class.
        if tradeid:
            self.tradeid = tradeid
        if oco is not None:
            self.oco = oco
        if exectype is not None or valid is not None:
            self._given = exectype, valid
        if histnotify:
            self.histnotify = True
        free = price is pricelimit is trailamount is trailpercent is None
        if free and valid is parent is None and not exectype and transmit:
            return
        self._plain = False
        now, signed, close = self._shared.given
        self._shared.created = OrderData(
            now,
            signed,
            price if price or pricelimit else close,
            pricelimit,
            0,
            close,
            trailamount,
            trailpercent,
        )
        if exectype is not None:
            self.exectype = exectype
            self._silent = exectype == self.Historical and not histnotify
        if price is not None:
            self.price = price
        if pricelimit is not None:
            self.pricelimit = self.plimit = pricelimit
        if trailamount is not None:
            self.trailamount = trailamount
        if trailpercent is not None:
            self.trailpercent = trailpercent
        if parent is not None:
            self.parent = parent
            self._active = False
        if not transmit:
            self.transmit = transmit
        if valid is not None:
            self.valid = self._numeric(valid)

    def _make(self, owner: Any, data: Any, size: float, now: float, close: float | None) -> None:
        """A market order of which nothing is given but its size. now, close: of the data's bar."""
        self.ref = next(self.refbasis)
        self.owner = owner
        self.data = data
        self.size = size = -size if self.ordtype else size
        self.status: int = _CREATED
        self.comminfo: Any = None
        self.plen = 0
        self._number = -1
        self._plain = True
        self._done: _Done = _NOTHING
        self._shared = shared = _Shared()
        shared.given = now, size, close

    info: Any = _OfAll("info", lambda shared: AutoOrderedDict())
    created: Any = _OfAll("created", _created)

    @cached_property
    def executed(self) -> OrderData:
        return OrderData._executed(self.size, self._shared.exbits(), self._done)

    def _take(self, execution: Execution, margin: Any) -> None:
        """Take in an execution."""
        shared = self._shared
        if shared.executions is None:
            shared.executions = [execution]
        else:
            shared.executions.append(execution)
        count, first, last, _ = self._done
        self._done = count + 1, first, last, margin
        if shared.bits is not None:
            bit = OrderExecutionBit(*execution)
            shared.bits.append(bit)
            executed = self.__dict__.get("executed")
            if executed is not None:
                executed._count(bit)
                executed.margin = margin

    def _pending(self) -> list[Execution]:
        """The executions since the previous notification."""
        done, shared = self._done, self._shared
        if shared.bits is not None and "executed" in self.__dict__:
            # A script may have added some of its own.
            return [_as_execution(bit) for bit in self.executed.iterpending()]
        if done is _NOTHING:
            return []
        return (shared.executions or [])[done[1] : done[2]]

    def _numeric(self, valid: Any) -> Any:
        """When it expires as a float time; a plain number stays as it is."""
        data = self.data
        if isinstance(valid, dt.date):
            return data.date2num(valid)
        if isinstance(valid, dt.timedelta):
            if valid == self.DAY:
                return data.date2num(
                    dt.datetime.combine(data.datetime.date(), dt.time(23, 59, 59, 9999))
                )
            return data.date2num(data.datetime.datetime() + valid)
        return valid

    @property
    def dteos(self) -> float:
        """The end of the session in which it was created, as a float time."""
        if self.simulated:
            return 0.0
        created = self.data.num2date(self.created.dt)
        session = self.data.p.sessionend
        end = created.replace(
            hour=session.hour,
            minute=session.minute,
            second=session.second,
            microsecond=session.microsecond,
        )
        if end < created:
            end += dt.timedelta(days=1)
        return self.data.date2num(end)

    @staticmethod
    def _revived(snapshot: Snapshot) -> Order:
        """The copy of an order as it was before anything was executed."""
        order, status, plen, more = snapshot
        other = _new(order.__class__)
        other.ref = order.ref
        other.owner = order.owner
        other.data = order.data
        other.size = order.size
        other.status = status
        other.comminfo = None
        other.plen = plen
        other._number = order._number
        other._plain = order._plain
        other._done = _NOTHING
        other._shared = order._shared
        if more:
            vars(other).update(more)
            # It is made anew, of nothing.
            vars(other).pop("executed", None)
        return other

    def clone(self) -> Order:
        other = _new(self.__class__)
        if self._done is not _NOTHING:
            count, _, last, margin = self._done
            self._done = count, last, count, margin
        other.ref = self.ref
        other.owner = self.owner
        other.data = self.data
        other.size = self.size
        other.status = self.status
        other.comminfo = self.comminfo
        other.plen = self.plen
        other._number = self._number
        other._plain = self._plain
        other._done = self._done
        other._shared = self._shared
        more = vars(self)
        if more:
            vars(other).update(more)
            if "executed" in more:
                other.executed = self.executed.clone()
        return other

    def __getstate__(self) -> Any:
        # Any other copy shares what is executed with its original.
        self.executed  # noqa: B018 - it is made
        return super().__getstate__()

    def getstatusname(self, status: int | None = None) -> str:
        return self.Status[self.status if status is None else status]

    def getordername(self, exectype: int | None = None) -> str:
        return self.ExecTypes[self.exectype if exectype is None else exectype]

    @classmethod
    def ExecType(cls, exectype: str) -> int:
        return getattr(cls, exectype)

    def ordtypename(self, ordtype: int | None = None) -> str:
        return self.OrdTypes[self.ordtype if ordtype is None else ordtype]

    def active(self) -> bool:
        return self._active

    def activate(self) -> None:
        """Its parent has traded."""
        self._active = True

    def alive(self) -> bool:
        """Whether it can still trade."""
        return self.status <= self.Partial

    def isbuy(self) -> bool:
        return self.ordtype == self.Buy

    def issell(self) -> bool:
        return self.ordtype == self.Sell

    def addinfo(self, **kwargs: Any) -> None:
        """Attach values to `info`."""
        for key, value in kwargs.items():
            self.info[key] = value

    def brokerstatus(self) -> int:
        return self.broker.orderstatus(self) if self.broker else self.status

    def addcomminfo(self, comminfo: Any) -> None:
        self.comminfo = comminfo

    def setposition(self, position: Any) -> None:
        self.position = position

    # What becomes of it, said by a broker. The simulated one says so by itself.

    def submit(self, broker: Any = None) -> None:
        self.status = self.Submitted
        self.broker = broker
        self.plen = len(self.data)

    def accept(self, broker: Any = None) -> None:
        self.status = self.Accepted
        self.broker = broker

    def _end(self, status: int) -> None:
        self.status = status
        if not self.simulated:
            self.executed.dt = self.data.datetime[0]

    def reject(self, broker: Any = None) -> bool:
        """False where it is rejected already."""
        if self.status == self.Rejected:
            return False
        self.broker = broker
        self._end(self.Rejected)
        return True

    def cancel(self) -> None:
        self._end(self.Canceled)

    def margin(self) -> None:
        self._end(self.Margin)

    def completed(self) -> None:
        self.status = self.Completed

    def partial(self) -> None:
        self.status = self.Partial

    def expire(self) -> bool:
        """Ends where its time is over; whether it did."""
        late = self.exectype != self.Market and self.valid and self.data.datetime[0] > self.valid
        if late:
            self._end(self.Expired)
        return bool(late)

    def execute(
        self,
        dt: float,
        size: float,
        price: float,
        closed: float,
        closedvalue: float,
        closedcomm: float,
        opened: float,
        openedvalue: float,
        openedcomm: float,
        margin: float | None,
        pnl: float,
        psize: float,
        pprice: float,
    ) -> None:
        """Take in an execution: see `OrderExecutionBit`."""
        if size:
            self._take(
                (
                    dt, size, price, closed, closedvalue, closedcomm, opened, openedvalue,
                    openedcomm, pnl, psize, pprice,
                ),
                margin,
            )  # fmt: skip
        self.status = self.Partial if self.executed.remsize else self.Completed

    def trailadjust(self, price: float) -> None:
        """Follow `price` with a trailing stop that is not sent; a broker moves those it has."""
        if self._number >= 0:
            raise unsupported("order.trailadjust()", "Cancel the order and send another one.")
        away = self.trailamount or (price * self.trailpercent if self.trailpercent else 0.0)
        buys = self.isbuy()
        level = price + away if buys else price - away
        if level < self.created.price if buys else level > self.created.price:
            self.created.price = level
            if self.exectype == self.StopTrailLimit:
                self.created.pricelimit = level - self._limitoffset

    @property
    def pannotated(self) -> None:
        """There, the close at which an order for the end of a session was last left waiting."""
        if self.exectype == self.Close:
            raise unsupported("order.pannotated of an order for the close", "Read data.close[0].")

    def __eq__(self, other: Any) -> bool:
        return other is not None and self.ref == other.ref

    def __ne__(self, other: Any) -> bool:
        return self.ref != other.ref

    __hash__ = None  # type: ignore[assignment]
    __repr__ = shown

    def __str__(self) -> str:
        return "\n".join(
            (
                f"Ref: {self.ref}",
                f"OrdType: {self.ordtype}",
                f"OrdType: {self.ordtypename()}",
                f"Status: {self.status}",
                f"Status: {self.getstatusname()}",
                f"Size: {self.size}",
                f"Price: {self.price}",
                f"Price Limit: {self.pricelimit}",
                f"TrailAmount: {self.trailamount}",
                f"TrailPercent: {self.trailpercent}",
                f"ExecType: {self.exectype}",
                f"ExecType: {self.getordername()}",
                f"CommInfo: {self.comminfo}",
                f"End of Session: {self.dteos}",
                f"Info: {self.info}",
                f"Broker: {self.broker}",
                f"Alive: {self.alive()}",
            )
        )


class BuyOrder(Order):
    """An order that buys."""

    ordtype = OrderBase.Buy


class SellOrder(Order):
    """An order that sells."""

    ordtype = OrderBase.Sell


class StopBuyOrder(BuyOrder):
    """Another name of a buy order."""


class StopLimitBuyOrder(BuyOrder):
    """Another name of a buy order."""


class StopSellOrder(SellOrder):
    """Another name of a sell order."""


class StopLimitSellOrder(SellOrder):
    """Another name of a sell order."""

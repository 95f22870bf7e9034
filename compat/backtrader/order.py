"""Orders as scripts see them: the live object, and the clones that notifications carry."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any

from .autodict import AutoOrderedDict
from .dates import date2num


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
    """How an order was created, or how far it is executed."""

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
        self.pclose = pclose
        self.exbits: list[OrderExecutionBit] = []
        self.p1 = self.p2 = 0
        self.dt = dt
        self.size = size
        self.remsize = remsize
        self.price = price if price or not pricelimit else pricelimit
        self.pricelimit = pricelimit or price
        self.plimit = pricelimit
        self.trailamount = trailamount
        self.trailpercent = trailpercent
        self.value = 0.0
        self.comm = 0.0
        self.margin = None
        self.pnl = 0.0
        self.psize = 0
        self.pprice = 0

    def __len__(self) -> int:
        return len(self.exbits)

    def __getitem__(self, key: int) -> OrderExecutionBit:
        return self.exbits[key]

    def addbit(self, bit: OrderExecutionBit) -> None:
        """Take in an execution; `price` is the average."""
        self.exbits.append(bit)
        self.remsize -= bit.size
        self.dt = bit.dt
        before = self.size * self.price
        self.size += bit.size
        self.price = (before + bit.size * bit.price) / self.size
        self.value += bit.value
        self.comm += bit.comm
        self.pnl += bit.pnl
        self.psize = bit.psize
        self.pprice = bit.pprice

    def getpending(self) -> list[OrderExecutionBit]:
        """The executions since the previous notification."""
        return self.exbits[self.p1 : self.p2]

    def iterpending(self) -> Iterator[OrderExecutionBit]:
        return iter(self.exbits[self.p1 : self.p2])

    def clone(self) -> OrderData:
        self.p1, self.p2 = self.p2, len(self.exbits)
        other = object.__new__(OrderData)
        other.__dict__ = self.__dict__.copy()
        return other


class _Given:
    """The arguments that an order was made with: `order.p`."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)


class OrderBase:
    """Names and numbers of orders."""

    DAY = dt.timedelta()

    T_Close, T_Day, T_Date, T_None = range(4)
    (V_None,) = range(1)

    Market, Close, Limit, Stop, StopLimit, StopTrail, StopTrailLimit, Historical = range(8)
    ExecTypes = (
        "Market",
        "Close",
        "Limit",
        "Stop",
        "StopLimit",
        "StopTrail",
        "StopTrailLimit",
        "Historical",
    )

    OrdTypes = ("Buy", "Sell")
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
    Status = (
        "Created",
        "Submitted",
        "Accepted",
        "Partial",
        "Completed",
        "Canceled",
        "Expired",
        "Margin",
        "Rejected",
    )

    refbasis = itertools.count(1)


class Order(OrderBase):
    """A buy or sell order.

    `size` is signed. `created` tells how it was asked for, `executed` what traded so far. A
    notification carries a clone as the order was at that moment; `created` is shared.
    """

    ordtype = OrderBase.Buy

    simulated = False
    histnotify = False
    _number = -1

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
    ) -> None:
        self.ref = next(self.refbasis)
        self.owner = owner
        self.data = data
        self.size = size if self.ordtype == self.Buy else -size
        self.price = price
        self.pricelimit = self.plimit = pricelimit
        self._exectype = exectype
        self.exectype = self.Market if exectype is None else exectype
        self.tradeid = tradeid
        self.oco = oco
        self.trailamount = trailamount
        self.trailpercent = trailpercent
        self.parent = parent
        self.transmit = transmit
        self.broker: Any = None
        self.info = AutoOrderedDict()
        self.comminfo: Any = None
        self.triggered = False
        self.status = self.Created
        self.position = 0
        self.plen = 0
        self._active = parent is None
        bar = data.cursor.idx
        now = data.datetime.array[bar]
        close = data.close.array[bar]
        self.created = OrderData(
            dt=now,
            size=self.size,
            price=price if price or pricelimit else close,
            pricelimit=pricelimit,
            pclose=close,
            trailamount=trailamount,
            trailpercent=trailpercent,
        )
        self._limitoffset = 0.0
        self.executed = OrderData(remsize=self.size)
        self.valid = valid if valid is None else self._numeric(valid)

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
    def p(self) -> _Given:
        """The arguments it was made with."""
        return _Given(
            owner=self.owner,
            data=self.data,
            size=abs(self.size),
            price=self.price,
            pricelimit=self.pricelimit,
            exectype=self._exectype,
            valid=self.valid,
            tradeid=self.tradeid,
            oco=self.oco,
            trailamount=self.trailamount,
            trailpercent=self.trailpercent,
            parent=self.parent,
            transmit=self.transmit,
            simulated=self.simulated,
            histnotify=self.histnotify,
        )

    params = p

    @property
    def dteos(self) -> float:
        """The end of the session in which it was created, as a float time."""
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
        return date2num(end)

    def clone(self) -> Order:
        other = object.__new__(self.__class__)
        other.__dict__ = self.__dict__.copy()
        other.executed = self.executed.clone()
        return other

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

    def __eq__(self, other: Any) -> bool:
        return other is not None and self.ref == other.ref

    def __ne__(self, other: Any) -> bool:
        return self.ref != other.ref

    __hash__ = None  # type: ignore[assignment]

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

"""`Trade`: from the first unit of a position to its last."""

from __future__ import annotations

import itertools
from typing import Any

from .autodict import AutoOrderedDict
from .dates import num2date
from .naming import PublicName, shown


class TradeHistory(AutoOrderedDict):
    """What a trade was after an update (`status`), and what updated it (`event`)."""

    def __init__(
        self,
        status: int,
        dt: float,
        barlen: int,
        size: float,
        price: float,
        value: float,
        pnl: float,
        pnlcomm: float,
        tz: Any,
        event: Any = None,
    ) -> None:
        super().__init__()
        self.status.status = status
        self.status.dt = dt
        self.status.barlen = barlen
        self.status.size = size
        self.status.price = price
        self.status.value = value
        self.status.pnl = pnl
        self.status.pnlcomm = pnlcomm
        self.status.tz = tz
        if event is not None:
            self.event = event

    def __reduce__(self) -> Any:
        return type(self), (*self.status.values(), self.event)

    def doupdate(self, order: Any, size: float, price: float, commission: float) -> None:
        """Note what updated the trade; nothing can be added any more."""
        self.event.order = order
        self.event.size = size
        self.event.price = price
        self.event.commission = commission
        self._close()

    def datetime(self, tz: Any = None, naive: bool = True) -> Any:
        return num2date(self.status.dt, tz or self.status.tz, naive)


class Trade(metaclass=PublicName):
    """Opened when a position leaves 0, closed when it is back there.

    `pnl` is gross, `pnlcomm` net of `commission`; `barlen` counts bars of the data.
    """

    refbasis = itertools.count(1)
    status_names = ["Created", "Open", "Closed"]  # noqa: RUF012 - a list there
    Created, Open, Closed = range(3)

    # What every trade begins with.
    pnl = 0.0
    pnlcomm = 0.0
    justopened = False
    isopen = False
    isclosed = False
    baropen = 0
    dtopen = 0.0
    barclose = 0
    dtclose = 0.0
    barlen = 0
    status = Created

    def __init__(
        self,
        data: Any = None,
        tradeid: int = 0,
        historyon: bool = False,
        size: float = 0,
        price: float = 0.0,
        value: float = 0.0,
        commission: float = 0.0,
    ) -> None:
        self.ref = next(self.refbasis)
        self.data = data
        self.tradeid = tradeid
        self.size = size
        self.price = price
        self.value = value
        self.commission = commission
        self.historyon = historyon
        self.history: list[Any] = []

    def __copy__(self) -> Trade:
        other = object.__new__(self.__class__)
        other.__dict__ = self.__dict__.copy()  # pyright: ignore[reportAttributeAccessIssue]
        return other

    __repr__ = shown

    def __str__(self) -> str:
        names = (
            "ref",
            "data",
            "tradeid",
            "size",
            "price",
            "value",
            "commission",
            "pnl",
            "pnlcomm",
            "justopened",
            "isopen",
            "isclosed",
            "baropen",
            "dtopen",
            "barclose",
            "dtclose",
            "barlen",
            "historyon",
            "history",
            "status",
        )
        return "\n".join(f"{name}:{getattr(self, name)!s}" for name in names)

    def __len__(self) -> Any:
        return abs(self.size)

    def __bool__(self) -> bool:
        return self.size != 0

    def getdataname(self) -> str:
        return self.data._name

    def open_datetime(self, tz: Any = None, naive: bool = True):
        return self.data.num2date(self.dtopen, tz=tz, naive=naive)

    def close_datetime(self, tz: Any = None, naive: bool = True):
        return self.data.num2date(self.dtclose, tz=tz, naive=naive)

    def update(
        self,
        order: Any,
        size: float,
        price: float,
        value: float,
        commission: float,
        pnl: float,
        comminfo: Any,
    ) -> None:
        """Take in `size` units executed at `price`."""
        if size:
            data = self.data
            self._enter(order, size, price, commission, comminfo, len(data), data.datetime[0])

    def _enter(
        self,
        order: Any,
        size: float,
        price: float,
        commission: float,
        comminfo: Any,
        bars: int,
        now: float,
    ) -> None:
        """bars: length of the data; now: its time."""
        self.commission = charged = self.commission + commission
        before = self.size
        self.size = after = before + size
        if before:
            self.justopened = False
            self.barlen = bars - self.baropen
        else:
            self.justopened = True
            self.baropen, self.barlen = bars, 0
            self.dtopen = 0.0 if order.simulated else now
            self.long = after > 0
        if after:
            self.isopen, self.isclosed = True, False
            self.status = self.Open
        else:
            self.isopen, self.isclosed = False, True
            self.barclose = bars
            self.dtclose = now
            self.status = self.Closed
        if abs(after) > abs(before):
            self.price = (before * self.price + size * price) / after
        else:
            self.pnl += comminfo.profitandloss(-size, self.price, price)
        self.pnlcomm = self.pnl - charged
        self.value = comminfo.getvaluesize(after, self.price)
        if self.historyon:
            note = TradeHistory(
                self.status,
                0.0 if order.simulated else now,
                self.barlen,
                self.size,
                self.price,
                self.value,
                self.pnl,
                self.pnlcomm,
                self.data._tz,
            )
            note.doupdate(order, size, price, commission)
            self.history.append(note)

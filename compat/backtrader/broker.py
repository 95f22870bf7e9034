"""The broker: translates orders to the engine and its events back to orders."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ...core.orders import Kind
from .comminfo import CommInfoBase
from .dates import nanoseconds
from .order import BuyOrder, Order, OrderExecutionBit, SellOrder
from .params import ParamsBase
from .position import Position
from .unsupported import unsupported

_NAN = float("nan")

_KINDS = {
    Order.Market: Kind.MARKET,
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


class _Positions(defaultdict):
    """Positions by data, made when they are first asked for."""

    def __missing__(self, data: Any) -> Position:
        position = self[data] = Position()
        position._data = data
        return position


class BrokerBase(ParamsBase):
    """What brokers have in common: the commission infos by data name."""

    params = (("commission", None),)

    def __init__(self) -> None:
        self.comminfo: dict[str | None, CommInfoBase] = {}

    def getcommissioninfo(self, data: Any) -> CommInfoBase:
        return self.comminfo.get(data._name) or self.comminfo[None]

    def setcommission(
        self,
        commission: float = 0.0,
        margin: float | None = None,
        mult: float = 1.0,
        commtype: int | None = None,
        percabs: bool = True,
        stocklike: bool = False,
        interest: float = 0.0,
        interest_long: bool = False,
        leverage: float = 1.0,
        automargin: float = False,
        name: str | None = None,
    ) -> None:
        """Commission and margin for one data name, or for all (None)."""
        self.addcommissioninfo(
            CommInfoBase(
                commission=commission,
                margin=margin,
                mult=mult,
                commtype=commtype,
                stocklike=stocklike,
                percabs=percabs,
                interest=interest,
                interest_long=interest_long,
                leverage=leverage,
                automargin=automargin,
            ),
            name=name,
        )

    def addcommissioninfo(self, comminfo: CommInfoBase, name: str | None = None) -> None:
        self.comminfo[name] = comminfo


class BackBroker(BrokerBase):
    """The simulated broker."""

    params = (
        ("cash", 10000.0),
        ("checksubmit", True),
        ("eosbar", False),
        ("filler", None),
        ("slip_perc", 0.0),
        ("slip_fixed", 0.0),
        ("slip_open", False),
        ("slip_match", True),
        ("slip_limit", True),
        ("slip_out", False),
        ("coc", False),
        ("coo", False),
        ("int2pnl", True),
        ("shortcash", True),
        ("fundstartval", 100.0),
        ("fundmode", False),
    )

    cerebro: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.comminfo[None] = self.p.commission or CommInfoBase(percabs=True)
        self._sim: Any = None
        self._reset()

    def _reset(self) -> None:
        self.startingcash = self._cash = self._value = self.p.cash
        self.positions: dict[Any, Position] = _Positions()
        self.orders: list[Order] = []
        #: Copies of orders that wait to be notified, in sequence.
        self.notifs: list[Order] = []
        #: True while a bar may change something.
        self.busy = False
        #: True before the broker's pass of the current bar (cheat-on-open).
        self.early = False
        self._by_number: list[Order] = []
        self._moving: list[Order] = []
        self._seen = 0
        self._sim = None
        self._fundshares = self.p.cash / self.p.fundstartval

    def _check_run(self) -> None:
        p = self.p
        if p.filler is not None:
            raise unsupported("broker filler", "")
        if p.eosbar:
            raise unsupported("broker eosbar", "")
        if p.fundmode:
            raise unsupported("broker fundmode", "")
        if p.coc and p.coo:
            raise unsupported("cheat-on-close together with cheat-on-open", "Set one of them.")

    # Run

    def start(self, feeds: list[Any], clock: Any, cursor: Any) -> None:
        """Make the engine for the loaded feeds; `cursor` stands at the current time."""
        from ...core.simulation import Simulation
        from .rules import commission_of, instrument_of, rules_of, slippage_of

        self._reset()
        self._check_run()
        infos = [self.getcommissioninfo(feed) for feed in feeds]
        self._sim = Simulation(
            clock.bars(feeds),
            rules_of(self.p),
            cash=float(self.p.cash),
            commission=[commission_of(info) for info in infos],
            slippage=slippage_of(self.p),
            instruments=[instrument_of(info) for info in infos],
        )
        self._cursor = cursor
        self._feeds = feeds
        self._infos = dict(zip(feeds, infos, strict=True))
        self._asset = {feed: n for n, feed in enumerate(feeds)}
        self._rows = clock.rows
        self._single = len(feeds) == 1

    def next(self) -> None:
        """The pass of the current bar: pending orders meet it."""
        sim = self._sim
        sim.step(self._cursor.idx)
        self._drain()
        if self._moving:
            self._follow()
        self.busy = not sim.idle

    def _follow(self) -> None:
        """Bring triggers and trailing levels of pending orders up to date."""
        rows = self._sim.orders
        for order in self._moving:
            row = rows[order._number]
            order.triggered = bool(row["triggered"])
            order._active = bool(row["active"])
            if order.exectype in _TRAILING:
                order.created.price = float(row["stop"])
                if order.exectype == Order.StopTrailLimit:
                    order.created.pricelimit = float(row["limit"])
        self._moving = [o for o in self._moving if rows[o._number]["status"] <= Order.Partial]

    def _drain(self) -> None:
        """Bring the engine's new events into the orders, and note what is to be notified."""
        sim = self._sim
        events = sim.events_since(self._seen)
        self._seen += len(events)
        for number, status, _, _, fill, triggered in events:
            order = self._by_number[number]
            if order.parent is not None:
                order._active = bool(sim.orders["active"][number])
            if status >= Order.Partial:
                if order.exectype in _MOVING:
                    order.triggered = bool(triggered)
                if fill >= 0:
                    self._execute(order, sim.fills[fill].item(), status)
                else:
                    order.executed.dt = order.data.datetime[0]
            else:
                order.plen = order.data.cursor.idx + 1
                # An order that had ended comes back when its group is sent again.
                if order.exectype in _MOVING and order not in self._moving:
                    self._moving.append(order)
            order.status = status
            if fill >= 0 or order.owner._hears_orders:
                self.notifs.append(order.clone())

    def _execute(self, order: Order, fill: tuple, status: int) -> None:
        """Enter a fill of the engine into its order and position.

        A script that trades whole numbers reads whole numbers: each number has the type that adding
        and subtracting the script's own sizes gives.
        """
        bar, price, closed, opened = fill[2], fill[6], fill[8], fill[9]
        data = order.data
        position = self.positions[data]
        executed = order.executed
        wanted = executed.remsize
        held = position.size
        after = type(held + wanted)
        if not closed:
            closed, opened = 0, type(wanted)(opened)
        elif opened:
            closed, opened = type(held)(closed), after(opened)
        elif status == Order.Partial:
            # The opening part was refused: only what closes the position was executed.
            closed, opened = type(held)(closed), 0
            after = type(held)
        else:
            closed, opened = type(wanted)(closed), 0
        if held:
            earlier = self._row(data, self._cursor.idx - 1)
            position._adjbase = data.close.array[earlier]
        position.price_orig = position.price
        position.size = after(fill[15])
        position.price = fill[16]
        position.upopened, position.upclosed = opened, closed
        position._datetime = data.datetime[0]
        if opened:
            position._adjbase = price
        size_after, price_after = position.size, position.price
        if status == Order.Partial:
            # What the position would have become: the order reports that, not what it became.
            size_after, price_after = held + wanted, price
        executed.addbit(
            OrderExecutionBit(
                data.datetime.array[self._row(data, bar)],
                closed + opened,
                price,
                closed,
                fill[10],
                fill[12],
                opened,
                fill[11],
                fill[13],
                fill[14] if closed else 0.0,
                size_after,
                price_after,
            )
        )
        order.comminfo = self._infos[data]
        executed.margin = order.comminfo.margin

    def _row(self, data: Any, tick: int) -> int:
        """The index of the data's latest bar at a time."""
        return tick if self._single else int(self._rows[self._asset[data], tick])

    # Orders

    def buy(self, owner: Any, data: Any, size: float, **kwargs: Any) -> Order:
        return self._send(BuyOrder, owner, data, size, **kwargs)

    def sell(self, owner: Any, data: Any, size: float, **kwargs: Any) -> Order:
        return self._send(SellOrder, owner, data, size, **kwargs)

    def _send(
        self,
        cls: type[Order],
        owner: Any,
        data: Any,
        size: float,
        price: float | None = None,
        plimit: float | None = None,
        exectype: int | None = None,
        valid: Any = None,
        tradeid: int = 0,
        oco: Any = None,
        trailamount: float | None = None,
        trailpercent: float | None = None,
        parent: Any = None,
        transmit: bool = True,
        histnotify: bool = False,
        _checksubmit: bool = True,
        **kwargs: Any,
    ) -> Order:
        if histnotify or not _checksubmit or exectype == Order.Historical:
            raise unsupported("historical orders", "")
        if "coc" in kwargs:
            raise unsupported("orders with their own coc=", "Set it for the broker.")
        if data not in self._asset or data.cursor.idx < 0:
            raise unsupported(
                f"an order on {data._name or 'a data'} before its first bar", "Wait for len(data)."
            )
        order = cls(
            owner,
            data,
            size,
            price,
            plimit,
            exectype,
            valid,
            tradeid,
            oco,
            trailamount,
            trailpercent,
            parent,
            transmit,
        )
        if kwargs:
            order.addinfo(**kwargs)
        self._submit(order)
        return order

    def _submit(self, order: Order) -> None:
        created = order.created
        exectype = order.exectype
        limit = stop = amount = percent = reference = _NAN
        session_end = 0
        if exectype in _TRAILING:
            stop, limit = created.price, created.pricelimit
            order._limitoffset = stop - limit
            amount = order.trailamount or (0.0 if not order.trailpercent else _NAN)
            percent = order.trailpercent or _NAN
        else:
            reference = created.price
            if exectype == Order.Limit:
                limit = reference
            elif exectype == Order.Stop:
                stop = reference
            elif exectype == Order.StopLimit:
                stop, limit = reference, created.pricelimit
            elif exectype == Order.Close:
                session_end = nanoseconds(order.dteos)
        sim = self._sim
        sim.bar = self._cursor.idx
        parent, oco = order.parent, order.oco
        number = sim.submit(
            self._asset[order.data],
            order.size,
            _KINDS[exectype],
            limit=float(limit),
            stop=float(stop),
            trail_amount=float(amount),
            trail_percent=float(percent),
            expires=nanoseconds(order.valid) if order.valid else 0,
            session_end=session_end,
            reference=float(reference),
            parent=-1 if parent is None else parent._number,
            oco=-1 if oco is None else oco._number,
            transmit=bool(order.transmit),
        )
        order._number = number
        self._by_number.append(order)
        self.orders.append(order)
        self.busy = True
        if exectype in _MOVING or parent is not None:
            self._moving.append(order)
            self._follow()
        self._drain()

    def cancel(self, order: Order, bracket: bool = False) -> bool:
        """Cancel a pending order, with its OCO group and its bracket."""
        sim = self._sim
        sim.bar = self._cursor.idx
        done = sim.cancel(order._number)
        self._drain()
        self.busy = self.busy or bool(self.notifs)
        return done

    def orderstatus(self, order: Order) -> int:
        return self._by_number[order._number].status

    @property
    def pending(self) -> list[Order]:
        return [self._by_number[n] for n in self._sim.open_orders]

    def get_orders_open(self, safe: bool = False) -> list[Order]:
        return [o.clone() for o in self.pending] if safe else self.pending

    # Account

    def getposition(self, data: Any) -> Position:
        return self.positions[data]

    @property
    def cash(self) -> float:
        return self._cash if self._sim is None else self._sim.cash

    def get_cash(self) -> float:
        return self.cash

    getcash = get_cash

    def set_cash(self, cash: float) -> None:
        if self._sim is not None and self.cerebro is not None and self.cerebro._inside:
            raise unsupported("broker.set_cash() during a run")
        self.startingcash = self._cash = self.p.cash = self._value = cash
        self._sim = None
        self._fundshares = cash / self.p.fundstartval

    setcash = set_cash

    def add_cash(self, cash: float) -> None:
        raise unsupported("broker.add_cash()")

    def get_value(self, datas: Any = None, mkt: bool = False, lever: bool = False) -> float:
        """The value of the portfolio, or of the position of one data."""
        if mkt or lever:
            raise unsupported("broker.get_value(mkt=, lever=)")
        if datas is None:
            return self._equity()
        if len(datas) != 1:
            raise unsupported("broker.get_value() of several datas", "Add the values up.")
        data = datas[0]
        info = self._infos[data]
        position = self.positions[data]
        if self.p.shortcash:
            return info.getvaluesize(position.size, data.close[0])
        return info.getvalue(position, data.close[0])

    getvalue = get_value

    def get_value_lever(self, datas: Any = None, mkt: bool = False) -> float:
        return self.get_value(datas=datas, mkt=mkt)

    def _equity(self) -> float:
        if self._sim is None:
            return self._value
        tick = self._cursor.idx - self.early
        if tick < 0:
            return self._value
        self._sim.bar = tick
        return self._sim.equity

    def get_fundshares(self) -> float:
        return self._fundshares

    fundshares = property(get_fundshares)

    def get_fundvalue(self) -> float:
        if self._sim is None or self._cursor.idx - self.early < 0:
            return self.p.fundstartval
        return self._equity() / self._fundshares

    fundvalue = property(get_fundvalue)

    # Settings

    def _set(self, **values: Any) -> None:
        if self.cerebro is not None and self.cerebro._inside:
            raise unsupported(f"changing {', '.join(values)} of the broker during a run")
        for name, value in values.items():
            setattr(self.p, name, value)

    def set_coc(self, coc: bool) -> None:
        self._set(coc=coc)

    def set_coo(self, coo: bool) -> None:
        self._set(coo=coo)

    def set_shortcash(self, shortcash: bool) -> None:
        self._set(shortcash=shortcash)

    def set_checksubmit(self, checksubmit: bool) -> None:
        self._set(checksubmit=checksubmit)

    def set_int2pnl(self, int2pnl: bool) -> None:
        self._set(int2pnl=int2pnl)

    def set_filler(self, filler: Any) -> None:
        if filler is not None:
            raise unsupported("broker.set_filler()")

    def set_eosbar(self, eosbar: bool) -> None:
        if eosbar:
            raise unsupported("broker.set_eosbar()")

    seteosbar = set_eosbar

    def set_fundmode(self, fundmode: bool, fundstartval: float | None = None) -> None:
        if fundmode:
            raise unsupported("broker.set_fundmode()")
        if fundstartval is not None:
            self.set_fundstartval(fundstartval)

    def get_fundmode(self) -> bool:
        return False

    fundmode = property(get_fundmode, set_fundmode)

    def set_fundstartval(self, fundstartval: float) -> None:
        self._set(fundstartval=fundstartval)
        self._fundshares = self.p.cash / fundstartval

    def set_slippage_perc(
        self,
        perc: float,
        slip_open: bool = True,
        slip_limit: bool = True,
        slip_match: bool = True,
        slip_out: bool = False,
    ) -> None:
        self._set(
            slip_perc=perc,
            slip_fixed=0.0,
            slip_open=slip_open,
            slip_limit=slip_limit,
            slip_match=slip_match,
            slip_out=slip_out,
        )

    def set_slippage_fixed(
        self,
        fixed: float,
        slip_open: bool = True,
        slip_limit: bool = True,
        slip_match: bool = True,
        slip_out: bool = False,
    ) -> None:
        self._set(
            slip_perc=0.0,
            slip_fixed=fixed,
            slip_open=slip_open,
            slip_limit=slip_limit,
            slip_match=slip_match,
            slip_out=slip_out,
        )


BrokerBack = BackBroker

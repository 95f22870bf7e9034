"""`Strategy`: what a script subclasses."""

from __future__ import annotations

import datetime as _datetime
import itertools
from collections import OrderedDict, defaultdict
from functools import cached_property
from operator import is_
from typing import Any

from .autodict import AutoDictList
from .broker import BackBroker
from .iterators import LineIterator, MetaLineIterator
from .lines import SingleLine, _building, set_data_lines
from .order import BuyOrder, Execution, Order, SellOrder
from .sending import send_plain
from .sizers import FixedSize
from .trade import Trade
from .unsupported import unsupported
from .writing import Written

#: The Cerebro objects that are making their strategies, innermost last.
_environments: list[Any] = []


_NO_TIME = _datetime.timedelta()

#: The arguments of an order from `price` to `parent`, where none is given.
_NOTHING_GIVEN = (None, None, None, None, 0, None, None, None, None)
#: A broker whose methods are these is spared the call: see `send_plain`.
_buy, _sell = BackBroker.buy, BackBroker.sell


class MetaStrategy(MetaLineIterator):
    """Knows the older names of the notifications."""

    def __new__(mcs, name, bases, namespace, **kwargs):
        if "notify" in namespace:
            namespace["notify_order"] = namespace.pop("notify")
        if "notify_operation" in namespace:
            namespace["notify_trade"] = namespace.pop("notify_operation")
        return super().__new__(mcs, name, bases, namespace, **kwargs)

    def _find_owner(cls, obj):
        return None


class ItemCollection:
    """Items by position and by name."""

    def __init__(self) -> None:
        self._items: list[Any] = []
        self._names: list[str] = []

    def __len__(self) -> int:
        return len(self._items)

    def append(self, item: Any, name: str) -> None:
        setattr(self, name, item)
        self._items.append(item)
        self._names.append(name)

    def __getitem__(self, key: int) -> Any:
        return self._items[key]

    def getnames(self) -> list[str]:
        return self._names

    def getitems(self):
        return zip(self._names, self._items, strict=True)

    def getbyname(self, name: str) -> Any:
        return self._items[self._names.index(name)]


def _revived(orders: list[Any]) -> list[Order]:
    """The same list, with the orders themselves in place of their snapshots."""
    for place, order in enumerate(orders):
        if order.__class__ is tuple:
            orders[place] = Order._revived(order)
    return orders


class StrategyBase(LineIterator):
    """What tells strategies from indicators and observers."""


class Strategy(StrategyBase, Written, metaclass=MetaStrategy):
    """Called once per bar; sends orders; hears what becomes of them."""

    lines = ("datetime",)
    csv = True

    _is_strategy = True
    _ltype = LineIterator.StratType

    env: Any
    cerebro: Any
    broker: Any

    def _set_up(self) -> None:
        set_data_lines(self, self.datas)
        if not _environments:
            raise unsupported("a strategy outside Cerebro", "Use cerebro.addstrategy().")
        self.env = self.cerebro = env = _environments[-1]
        self._id = env._next_stid()
        self.broker = env.broker
        self._sizer: Any = FixedSize()
        self._sizer.set(self, self.broker)
        #: What was notified, and what is to be; snapshots where nobody hears of it.
        self._history: list[Any] = []
        self._queued: list[Any] = []
        #: The statuses of orders of which nobody hears: see `unheard`.
        self._skips: Any = ()
        self._trades: Any = defaultdict(AutoDictList)
        self._tradehistoryon = False
        self._tradespending: list[Trade] = []
        self.stats: Any = ItemCollection()
        self.observers = self.stats
        self.analyzers = ItemCollection()
        self._alnames: Any = defaultdict(itertools.count)
        #: Observers that are called at each bar, after the analyzers: `_bar(status)`.
        self._bar_observers: list[Any] = []
        self._observers: list[Any] = []
        self._slave_analyzers: list[Any] = []
        self.writers: list[Any] = []
        self._started = False
        #: (bar, closed trade), and (bar, number of orders in `_orders` after it).
        self._closings: list[tuple[int, Trade]] = []
        self._noted: list[tuple[int, int]] = []

    # Start and end

    def _periodset(self) -> None:
        """The number of bars that each data needs before `next` is called."""
        datas = set(map(id, self.datas))
        periods: dict[int, list[int]] = defaultdict(list)
        for child in self._indicators:
            clock = getattr(child, "_clock", None)
            if clock is None:
                clock = child._owner._clock
                if clock is None:
                    continue
            passed: set[int] = set()
            while id(clock) not in datas:
                if id(clock) in passed:
                    raise unsupported(
                        f"{type(child).__name__} of a plain value instead of a data",
                        "Give it a data or a line first.",
                        "reference cannot",
                    )
                passed.add(id(clock))
                further = getattr(clock, "_clock", None)
                if further is None:
                    further = getattr(clock._owner, "_clock", None)
                if further is None:
                    break
                clock = further
            if isinstance(clock, SingleLine):
                clock = clock.lines[0]
            periods[id(clock)].append(child._minperiod)
        self._minperiods: list[int] = []
        for data in self.datas:
            own = list(periods.get(id(data), ()))
            for line in data.lines:
                own += periods.get(id(line), ())
            period = max(own, default=data._minperiod)
            periods[id(data)] = [period]
            self._minperiods.append(period)
        self._minperiod = max(
            (child._minperiod for child in self._indicators), default=self._minperiod
        )

    def _addanalyzer(self, cls: Any, *args: Any, **kwargs: Any) -> None:
        name = kwargs.pop("_name", "") or cls.__name__.lower()
        name += str(next(self._alnames[name]) or "")
        _strategies.append(self)
        try:
            analyzer = cls(*args, **kwargs)
        finally:
            _strategies.pop()
        self.analyzers.append(analyzer, name)

    def _addanalyzer_slave(self, cls: Any, *args: Any, **kwargs: Any) -> Any:
        """An analyzer that works for an observer."""
        _strategies.append(self)
        try:
            analyzer = cls(*args, **kwargs)
        finally:
            _strategies.pop()
        self._slave_analyzers.append(analyzer)
        if _building and _building[-1]._ltype == self.ObsType:
            _building[-1]._register_analyzer(analyzer)
        return analyzer

    def _all_analyzers(self) -> list[Any]:
        return [*self.analyzers, *self._slave_analyzers]

    def _addobserver(self, multi: bool, cls: Any, *args: Any, **kwargs: Any) -> None:
        """Make an observer of all datas, or (multi) one for each."""
        name = kwargs.pop("obsname", "") or cls.__name__.lower()
        _building.append(self)
        try:
            if multi:
                made: list[Any] = []
                setattr(self.stats, name, made)
                made.extend(cls(data, *args, **kwargs) for data in self.datas)
            else:
                self.stats.append(cls(*self.datas, *args, **kwargs), name)
        finally:
            _building.pop()

    def _start_observers(self, items: list[Any], observers: list[Any]) -> None:
        """Start those that have a name of their own; all find out whether they hear bars."""
        for observer in items:
            observer._start()
        for observer in observers:
            observer._set_lane()

    def getobservers(self) -> list[Any]:
        # The standard ones are made when somebody asks.
        len(self.stats)
        return self._observers

    def _addindicator(self, cls: Any, *args: Any, **kwargs: Any) -> None:
        """Make an indicator as if in `__init__`."""
        _building.append(self)
        try:
            cls(*args, **kwargs)
        finally:
            _building.pop()

    def _settz(self, tz: Any) -> None:
        self.lines.datetime._tz = tz

    def _addsizer(self, sizer: Any, *args: Any, **kwargs: Any) -> None:
        self.setsizer(FixedSize() if sizer is None else sizer(*args, **kwargs))

    def _listen(self) -> None:
        """Find out which notifications anybody hears, so that the others cost nothing."""
        cls = type(self)
        for analyzer in self.analyzers:
            analyzer._choose_lane()
        for analyzer in self._slave_analyzers:
            analyzer._choose_lane(heard=True)
        analyzers = [a for analyzer in self._all_analyzers() for a in analyzer._family()]

        def hearing(name: str) -> list[Any]:
            return [a for a in analyzers if a._hears(name)]

        self._order_ears = hearing("notify_order")
        self._trade_ears = hearing("notify_trade")
        self._cash_ears = hearing("notify_cashvalue")
        self._fund_ears = hearing("notify_fund")
        self._bar_ears = [a for a in self.analyzers if a._hears_bars()]
        self._hears_orders = bool(self._order_ears or cls.notify_order is not Strategy.notify_order)
        self._hears_trades = bool(
            self._trade_ears or self._observers or cls.notify_trade is not Strategy.notify_trade
        )
        self._hears_value = bool(
            self._cash_ears
            or self._fund_ears
            or cls.notify_cashvalue is not Strategy.notify_cashvalue
            or cls.notify_fund is not Strategy.notify_fund
        )

    # Notifications

    @property
    def _orders(self) -> list[Order]:
        """The orders that were notified, as they were then."""
        return _revived(self._history)

    @property
    def _orderspending(self) -> list[Order]:
        """Those that are notified at this bar."""
        return _revived(self._queued)

    def _addnotification(self, order: Order, quicknotify: bool = False) -> None:
        """Queue a notification, and what it does to trades; deliver both when it is quick."""
        if not order.simulated:
            self._queued.append(order)
        trades = self._tradespending
        before = len(trades)
        if pending := order._pending():
            self._update_trades(order, pending)
        if quicknotify:
            self._notify([order], trades[before:])

    def _update_trades(self, order: Order, executions: list[Execution]) -> None:
        """Enter what an order executed since its last notification into trades."""
        data = order.data
        bar = data.cursor.idx
        now = data.datetime.at(bar)
        space = self.__dict__  # what a class with `__getattr__` has is slow to read
        trades = space["_trades"][data][order.tradeid]
        trade = trades[-1] if trades else None
        # Nobody hears of trades: they are kept, but no copies of them.
        pending = space["_tradespending"] if space["_hears_trades"] else None
        info = order.comminfo
        for _, _, price, closed, _, closed_fee, opened, _, opened_fee, _, _, _ in executions:
            if trade is None:
                trade = Trade(data, order.tradeid, self._tradehistoryon)
                trades.append(trade)
            if closed:
                trade._enter(order, closed, price, closed_fee, info, bar + 1, now)
                if trade.isclosed:
                    self._closings.append((self.cerebro._cursor.idx, trade))
                    if pending is not None:
                        pending.append(trade.__copy__())
            if opened:
                if trade.isclosed:
                    trade = Trade(data, order.tradeid, self._tradehistoryon)
                    trades.append(trade)
                trade._enter(order, opened, price, opened_fee, info, bar + 1, now)
            if pending is None:
                continue
            if opened and trade.isclosed:
                pending.append(trade.__copy__())
            if trade.justopened:
                pending.append(trade.__copy__())

    def _notify(self, qorders: Any = (), qtrades: Any = ()) -> None:
        """Deliver what is queued, or with `quicknotify` what is given: orders, then trades."""
        space = self.__dict__
        if self.cerebro.p.quicknotify:
            orders, trades = qorders, qtrades
        else:
            orders, trades = space["_queued"], space["_tradespending"]
        if space["_hears_orders"]:
            skips = space["_skips"]
            if skips and not skips.holds():
                orders = _revived(orders)
            notify, ears = self.notify_order, space["_order_ears"]
            for order in orders:
                if order.__class__ is tuple:
                    continue
                if not order._silent:
                    notify(order)
                for analyzer in ears:
                    analyzer.notify_order(order)
        if space["_hears_trades"]:
            for trade in trades:
                self.notify_trade(trade)
                for analyzer in self._trade_ears:
                    analyzer.notify_trade(trade)

    def clear(self) -> None:
        """After its turn at a bar: what was notified is not pending any more."""
        space = self.__dict__
        history = space["_history"]
        history += space["_queued"]
        space["_noted"].append((self.cerebro._cursor.idx, len(history)))
        self._queued = []
        self._tradespending = []

    def _orders_by_tick(self) -> list[tuple[int, list[Order]]]:
        """(bar, the orders notified at it), the pending ones last."""
        noted, start = [], 0
        for tick, stop in self._noted:
            noted.append((tick, self._orders[start:stop]))
            start = stop
        noted.append((self.cerebro._cursor.idx, self._orderspending))
        return noted

    def _notify_account(self) -> None:
        broker = self.broker
        cash, value = broker.getcash(), broker.getvalue()
        fund, shares = broker.fundvalue, broker.fundshares
        self.notify_cashvalue(cash, value)
        self.notify_fund(cash, value, fund, shares)
        for analyzer in self._all_analyzers():
            for a in analyzer._family():
                if a in self._cash_ears:
                    a.notify_cashvalue(cash, value)
            for a in analyzer._family():
                if a in self._fund_ears:
                    a.notify_fund(cash, value, fund, shares)

    # What a script overrides

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def prenext_open(self) -> None:
        pass

    def nextstart_open(self) -> None:
        self.next_open()

    def next_open(self) -> None:
        pass

    def notify_cashvalue(self, cash: float, value: float) -> None:
        pass

    def notify_fund(self, cash: float, value: float, fundvalue: float, shares: float) -> None:
        pass

    def notify_order(self, order: Order) -> None:
        pass

    def notify_trade(self, trade: Trade) -> None:
        pass

    def add_timer(
        self,
        when,
        offset=_NO_TIME,
        repeat=_NO_TIME,
        weekdays=[],  # noqa: B006
        weekcarry=False,
        monthdays=[],  # noqa: B006
        monthcarry=True,
        allow=None,
        tzdata=None,
        cheat=False,
        *args,
        **kwargs,
    ):
        """A timer that calls this object's `notify_timer`: see `timer.add_timer`."""
        return self.cerebro._add_timer(
            self,
            when,
            offset,
            repeat,
            weekdays,
            weekcarry,
            monthdays,
            monthcarry,
            allow,
            tzdata,
            False,
            cheat,
            *args,
            **kwargs,
        )

    def notify_timer(self, timer: Any, when: Any, *args: Any, **kwargs: Any) -> None:
        pass

    def notify_store(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        pass

    def notify_data(self, data: Any, status: int, *args: Any, **kwargs: Any) -> None:
        pass

    # Datas

    def getdatanames(self):
        return list(self.env.datasbyname)

    def getdatabyname(self, name: str) -> Any:
        return self.env.datasbyname[name]

    def _data_of(self, data: Any) -> Any:
        if data is None:
            return self.datas[0]
        return self.env.datasbyname[data] if isinstance(data, str) else data

    # Orders

    def cancel(self, order: Order) -> None:
        self.broker.cancel(order)

    def buy(
        self,
        data=None,
        size=None,
        price=None,
        plimit=None,
        exectype=None,
        valid=None,
        tradeid=0,
        oco=None,
        trailamount=None,
        trailpercent=None,
        parent=None,
        transmit=True,
        **kwargs,
    ):
        """Send a buy order; None when the sizer says 0."""
        if data is None or isinstance(data, str):
            data = self._data_of(data)
        if size is None:
            size = self.getsizing(data, isbuy=True)
        if not size:
            return None
        broker = self.broker
        given = price, plimit, exectype, valid, tradeid, oco, trailamount, trailpercent, parent
        plain = all(map(is_, given, _NOTHING_GIVEN)) and transmit and not kwargs
        if plain and type(broker).buy is _buy and "buy" not in broker.__dict__:
            order = send_plain(broker, BuyOrder, self, data, abs(size))
            if order is not None:
                return order
        return broker.buy(
            self,
            data,
            size=abs(size),
            price=price,
            plimit=plimit,
            exectype=exectype,
            valid=valid,
            tradeid=tradeid,
            oco=oco,
            trailamount=trailamount,
            trailpercent=trailpercent,
            parent=parent,
            transmit=transmit,
            **kwargs,
        )

    def sell(
        self,
        data=None,
        size=None,
        price=None,
        plimit=None,
        exectype=None,
        valid=None,
        tradeid=0,
        oco=None,
        trailamount=None,
        trailpercent=None,
        parent=None,
        transmit=True,
        **kwargs,
    ):
        """Send a sell order; None when the sizer says 0."""
        if data is None or isinstance(data, str):
            data = self._data_of(data)
        if size is None:
            size = self.getsizing(data, isbuy=False)
        if not size:
            return None
        broker = self.broker
        given = price, plimit, exectype, valid, tradeid, oco, trailamount, trailpercent, parent
        plain = all(map(is_, given, _NOTHING_GIVEN)) and transmit and not kwargs
        if plain and type(broker).sell is _sell and "sell" not in broker.__dict__:
            order = send_plain(broker, SellOrder, self, data, abs(size))
            if order is not None:
                return order
        return broker.sell(
            self,
            data,
            size=abs(size),
            price=price,
            plimit=plimit,
            exectype=exectype,
            valid=valid,
            tradeid=tradeid,
            oco=oco,
            trailamount=trailamount,
            trailpercent=trailpercent,
            parent=parent,
            transmit=transmit,
            **kwargs,
        )

    def close(self, data=None, size=None, **kwargs):
        """Send an order against the position, by default for all of it."""
        data = self._data_of(data)
        held = self.getposition(data, self.broker).size
        size = abs(size if size is not None else held)
        if held > 0:
            return self.sell(data=data, size=size, **kwargs)
        if held < 0:
            return self.buy(data=data, size=size, **kwargs)
        return None

    def buy_bracket(
        self,
        data=None,
        size=None,
        price=None,
        plimit=None,
        exectype=Order.Limit,
        valid=None,
        tradeid=0,
        trailamount=None,
        trailpercent=None,
        oargs={},  # noqa: B006
        stopprice=None,
        stopexec=Order.Stop,
        stopargs={},  # noqa: B006
        limitprice=None,
        limitexec=Order.Limit,
        limitargs={},  # noqa: B006
        **kwargs,
    ):
        """A buy order with a stop below and a limit above: [main, stop, limit]."""
        common = {"data": data, "valid": valid, "tradeid": tradeid}
        main = {
            **common,
            "size": size,
            "price": price,
            "plimit": plimit,
            "exectype": exectype,
            "trailamount": trailamount,
            "trailpercent": trailpercent,
            **oargs,
        }
        stop = {**common, "price": stopprice, "exectype": stopexec, **stopargs}
        limit = {**common, "price": limitprice, "exectype": limitexec, **limitargs}
        return self._bracket(self.buy, self.sell, main, stop, limit, stopexec, limitexec, kwargs)

    def sell_bracket(
        self,
        data=None,
        size=None,
        price=None,
        plimit=None,
        exectype=Order.Limit,
        valid=None,
        tradeid=0,
        trailamount=None,
        trailpercent=None,
        oargs={},  # noqa: B006
        stopprice=None,
        stopexec=Order.Stop,
        stopargs={},  # noqa: B006
        limitprice=None,
        limitexec=Order.Limit,
        limitargs={},  # noqa: B006
        **kwargs,
    ):
        """A sell order with a stop above and a limit below: [main, stop, limit]."""
        common = {"data": data, "valid": valid, "tradeid": tradeid}
        main = {
            **common,
            "size": size,
            "price": price,
            "plimit": plimit,
            "exectype": exectype,
            "trailamount": trailamount,
            "trailpercent": trailpercent,
            **oargs,
        }
        stop = {**common, "price": stopprice, "exectype": stopexec, **stopargs}
        limit = {**common, "price": limitprice, "exectype": limitexec, **limitargs}
        return self._bracket(self.sell, self.buy, main, stop, limit, stopexec, limitexec, kwargs)

    def _bracket(self, enter, leave, main, stop, limit, stopexec, limitexec, kwargs):
        parent = enter(**{**main, **kwargs, "transmit": stopexec is None and limitexec is None})
        orders = [parent]
        for child, exectype, last in (
            (stop, stopexec, limitexec is None),
            (limit, limitexec, True),
        ):
            if exectype is None:
                orders.append(None)
                continue
            link = {"parent": parent, "transmit": last, "size": parent.size}
            orders.append(leave(**{**child, **kwargs, **link}))
        return orders

    def order_target_size(self, data=None, target=0, **kwargs):
        """Send the order that brings the position to `target` units."""
        data = self._data_of(data)
        held = self.getposition(data, self.broker).size
        if not target and held:
            return self.close(data=data, size=held, **kwargs)
        if target > held:
            return self.buy(data=data, size=target - held, **kwargs)
        if target < held:
            return self.sell(data=data, size=held - target, **kwargs)
        return None

    def order_target_value(self, data=None, target=0.0, price=None, **kwargs):
        """Send the order that brings the position's value to `target`."""
        data = self._data_of(data)
        held = self.getposition(data, self.broker).size
        if not target and held:
            return self.close(data=data, size=held, price=price, **kwargs)
        value = self.broker.getvalue(datas=[data])
        info = self.broker.getcommissioninfo(data)
        price = price if price is not None else data.close[0]
        if target > value:
            size = info.getsize(price, target - value)
            return self.buy(data=data, size=size, price=price, **kwargs)
        if target < value:
            size = info.getsize(price, value - target)
            return self.sell(data=data, size=size, price=price, **kwargs)
        return None

    def order_target_percent(self, data=None, target=0.0, **kwargs):
        """Send the order that brings the position to a fraction of the portfolio's value."""
        data = self._data_of(data)
        target *= self.broker.getvalue()
        return self.order_target_value(data=data, target=target, **kwargs)

    # Positions

    def getposition(self, data=None, broker=None):
        return (broker or self.broker).getposition(data if data is not None else self.datas[0])

    @cached_property
    def position(self):
        """The position of the first data: one object, that fills change."""
        return self.broker.getposition(self.datas[0])

    def getpositionbyname(self, name=None, broker=None):
        data = self.getdatabyname(name) if name else self.datas[0]
        return (broker or self.broker).getposition(data)

    positionbyname = property(getpositionbyname)

    def getpositions(self, broker=None):
        return (broker or self.broker).positions

    positions = property(getpositions)

    def getpositionsbyname(self, broker=None):
        positions = (broker or self.broker).positions
        return OrderedDict((n, positions[d]) for n, d in self.env.datasbyname.items())

    positionsbyname = property(getpositionsbyname)

    # Sizing

    def setsizer(self, sizer):
        self._sizer = sizer
        sizer.set(self, self.broker)
        return sizer

    def getsizer(self):
        return self._sizer

    sizer = property(getsizer, setsizer)

    def getsizing(self, data=None, isbuy=True):
        data = data if data is not None else self.datas[0]
        return self._sizer.getsizing(data, isbuy=isbuy)

    # Trades

    def set_tradehistory(self, onoff=True):
        """Whether trades that begin from now on keep a history of their updates."""
        self._tradehistoryon = onoff


#: The strategies whose analyzers are being made, innermost last.
_strategies: list[Strategy] = []


def __getattr__(name: str) -> Any:
    if name in ("MetaSigStrategy", "SignalStrategy"):
        from . import signal

        return getattr(signal, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

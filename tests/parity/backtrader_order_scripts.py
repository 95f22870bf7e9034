"""Scripts about orders, trades and positions as objects: what they have, how they print."""

from backtrader_setting import Reporting, cerebro_with, frame, script, show


@script
def trades_with_history(bt):
    class Historic(bt.Strategy):
        def __init__(self):
            self.first = None
            if self.p.how == "strategy":
                self.set_tradehistory()

        params = (("how", ""),)

        def next(self):
            n = len(self)
            if self.p.how == "late" and n == 20:
                self.set_tradehistory(True)
            if n % 11 == 1:
                self.buy(size=5)
            elif n % 11 == 3:
                self.buy(size=2, tradeid=n % 2)
            elif n % 11 == 5:
                self.sell(size=3)
            elif n % 11 == 8:
                self.sell(size=6)

        def notify_trade(self, trade):
            first = self.first = self.first or trade.ref
            print(trade.ref - first, trade.status, trade.historyon, len(trade.history))
            for entry in trade.history:
                status, event = entry.status, entry.event
                print("  ", show(list(status.values())), show(list(event.values())[1:]))
                print(
                    "  ", event.order.getstatusname(), entry.datetime(), list(entry), entry._closed
                )
            if trade.history:
                again = trade.history[-1].__reduce__()
                print(again[0].__name__, show(again[1][:-1]))

    for how, params in (("", {"tradehistory": True}), ("strategy", {}), ("late", {}), ("", {})):
        cerebro_with(Historic, how=how).run(**params)


@script
def positions_by_hand(bt):
    for start in (0, 10, -10, 3):
        for size in (3, -3, 10, -10, 15, -15):
            for method in ("update", "set", "pseudoupdate", "fix"):
                position = bt.Position(start, 5.0)
                print(start, size, method, getattr(position, method)(size, 6.0))
                print(position.size, position.price, position.price_orig, position.updt)
                print(position.upopened, position.upclosed, position.adjbase, bool(position))
    position = bt.Position()
    position.update(4, 2.5, dt="then")
    print(position.datetime, position)


@script
def names_and_lists_of_orders(bt):
    for name in ("ExecTypes", "OrdTypes", "Status"):
        print(name, getattr(bt.Order, name))
    print(bt.Trade.status_names, bt.Order.V_None, bt.Order.T_Date, bt.Order.ExecType("StopTrail"))
    print(list(bt.Order.params._getkeys()), bt.Order.params.transmit)
    print(issubclass(bt.StopBuyOrder, bt.BuyOrder), issubclass(bt.StopLimitSellOrder, bt.SellOrder))
    data = bt.order.OrderData(size=3, price=2.0)
    data.add(1.0, 2, 5.0, opened=2, openedvalue=10.0, openedcomm=0.5)
    print(len(data), data.getpending(), data.size, data.price, data.value, data.comm, data.remsize)
    data.markpending()
    print(len(data.getpending()), data[0].size, type(data.exbits).__name__, data.plimit)


@script
def arguments_of_orders(bt):
    import datetime

    class Asking(bt.Strategy):
        def next(self):
            if len(self) == 3:
                first = self.buy()
                second = self.sell(
                    size=4,
                    exectype=bt.Order.StopLimit,
                    price=40.0,
                    plimit=39.0,
                    valid=datetime.timedelta(days=3),
                    tradeid=7,
                    oco=first,
                    note="abc",
                )
                third = self.buy(exectype=bt.Order.StopTrail, trailpercent=0.1, parent=None)
                for order in (first, second, third):
                    given = order.p._getkwargs()
                    given.pop("owner"), given.pop("data")
                    print(given)
                    print(order.params.size, order.size, order.valid, order.oco, order.exectype)
                    print(order.p.isdefault("price"), order.p.owner is self, order.plimit)
                    print(order.position, order.comminfo, order.active(), order.brokerstatus())
                    order.setposition(5)
                    order.addinfo(more=1)
                    print(order.position, order.info)
                print(len(self.broker.submitted), len(self.broker.pending), len(self.broker.orders))
                self.broker.notify(first)
                print(len(self.broker.notifs))
            if len(self) == 4:
                print(len(self.broker.submitted), len(self.broker.pending), len(self.broker.orders))
                print([len(o.executed) for o in self.broker.orders])

        def notify_order(self, order):
            print(len(self), order.getstatusname(), order.plen, order.info, order.p.tradeid)

    cerebro_with(Asking).run()


@script
def states_said_by_hand(bt):
    class Saying(bt.Strategy):
        def next(self):
            if len(self) != 5:
                return
            for cls in (bt.BuyOrder, bt.SellOrder):
                order = cls(owner=self, data=self.data, size=6, price=40.0, exectype=bt.Order.Limit)
                print(order.size, order.created.price, order.alive(), order.status)
                order.submit(self.broker)
                order.accept(self.broker)
                print(order.getstatusname(), order.broker is self.broker, order.plen)
                info = self.broker.getcommissioninfo(self.data)
                order.addcomminfo(info)
                when = self.data.datetime[0]
                order.execute(when, 2, 40.0, 0, 0.0, 0.0, 2, 80.0, 0.1, None, 0.0, 2, 40.0)
                print(order.getstatusname(), order.executed.size, order.executed.comm)
                order.partial()
                order.completed()
                print(order.getstatusname(), order.comminfo is info, order.expire())
                order.cancel()
                print(order.getstatusname(), order.executed.dt)
                order.margin()
                print(order.getstatusname(), order.reject(), order.reject(), order.status)
                order.activate()
                print(order.active(), order.clone().ref == order.ref)
            standing = bt.BuyOrder(owner=self, data=self.data, size=2, price=10.0, simulated=True)
            print(standing.created.dt, standing.created.pclose, standing.dteos, standing.simulated)

    cerebro_with(Saying).run()


@script
def orders_with_their_own_cheat(bt):
    class Own(Reporting, bt.Strategy):
        def trade(self):
            n = len(self)
            if n % 3 == 0:
                self.buy(size=2, coc=bool(n % 2))
            elif n % 3 == 1:
                self.sell(size=3)
            if n % 5 == 0:
                self.buy(size=100, coc=False)
            if n % 7 == 0:
                self.buy(size=1, exectype=bt.Order.Limit, price=self.data.close[0], coc=False)

        def next(self):
            self.trade()

        def next_open(self):
            if self.p.early and len(self.data) > 3:
                self.trade()

        params = (("early", False),)

    for coc, coo, early in ((1, 0, 0), (0, 1, 0), (1, 1, 0), (0, 0, 0), (1, 1, 1), (0, 1, 1)):
        print("coc", coc, "coo", coo, "early", early)
        cerebro = cerebro_with(Own, bt.feeds.PandasData(dataname=frame(40, 4)), cash=2000.0)
        cerebro.broker.set_coc(bool(coc))
        cerebro.broker.set_coo(bool(coo))
        cerebro.broker.set_slippage_perc(0.002)
        cerebro.strats[0] = [(Own, (), {"early": bool(early)})]
        cerebro.run(cheat_on_open=bool(early))
        print(cerebro.broker.getvalue(), cerebro.broker.getcash())


@script
def a_history_of_orders(bt):
    import datetime

    history = (
        ("2021-02-27", 5, 50.25),
        [datetime.date(2021, 3, 3), 10, 51.0],
        ("2021-03-05T00:00:00", -4, 49.5),
        (datetime.datetime(2021, 3, 8, 12, 30), -20, 60.0),
        ("2021-03-09T10:00:00.5", 0, 60.0),
        ("2021-03-10", 3, 47.0, None),
        ("2021-03-10", 3, 47.5, 1),
        ("2021-03-15", -5000, 47.5, "d1"),
        ("2021-03-16", 900, 47.5, "d0"),
        ("2031-03-16", 1, 1.0),
    )

    class Watching(Reporting, bt.Strategy):
        def next(self):
            held = [self.getposition(d).size for d in self.datas]
            print(len(self), self.broker.getcash(), self.broker.getvalue(), held)

    for notify in (True, False):
        for orders in (history, history[2:6]):
            feeds = [bt.feeds.PandasData(dataname=frame(20, 4 + k)) for k in range(2)]
            cerebro = cerebro_with(Watching, *feeds)
            cerebro.broker.set_slippage_perc(0.01)
            cerebro.addanalyzer(bt.analyzers.Transactions, _name="all")
            cerebro.addanalyzer(bt.analyzers.TradeAnalyzer, _name="trades")
            cerebro.add_order_history(orders, notify=notify)
            cerebro.add_order_history([("2021-03-11", -1, 48.0)], notify)
            done = cerebro.run()[0]
            print(show(dict(done.analyzers.all.get_analysis())))
            print(show(done.analyzers.trades.get_analysis()))

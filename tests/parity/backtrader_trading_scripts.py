"""Scripts that trade: orders, brackets, sizers, futures, several datas and strategies."""

# ruff: noqa: RUF012 - class attributes as scripts write them

import datetime

from backtrader_setting import Reporting, cerebro_with, frame, script, show


@script
def sma_cross(bt):
    class Cross(Reporting, bt.Strategy):
        params = (("fast", 5), ("slow", 12))

        def __init__(self):
            self.fast = bt.ind.SMA(self.data.close, period=self.p.fast)
            self.slow = bt.ind.SimpleMovingAverage(self.data, period=self.p.slow)
            self.cross = bt.ind.CrossOver(self.fast, self.slow)
            self.order = None

        def next(self):
            if self.cross > 0 and not self.position:
                self.order = self.buy(size=7)
                print(self.order.getstatusname(), self.order.executed.remsize)
            elif self.cross < 0 and self.position:
                self.close()
                print(str(self.position))
            self.account()

        def stop(self):
            print("last", self.order.getstatusname(), self.order.executed.price)

    result = cerebro_with(Cross).run()
    print(len(result), len(result[0]), result[0].p.slow, result[0].params._getkwargs())


@script
def brackets(bt):
    class Bracket(Reporting, bt.Strategy):
        def __init__(self):
            self.range = bt.ind.ATR(period=5)

        def next(self):
            if len(self) % 9 == 7:
                close, width = self.data.close[0], self.range[0]
                send = self.buy_bracket if len(self) % 2 else self.sell_bracket
                sign = 1 if len(self) % 2 else -1
                orders = send(
                    price=close - sign * 0.25 * width,
                    stopprice=close - sign * width,
                    limitprice=close + sign * width,
                    valid=datetime.timedelta(days=4),
                    size=3,
                    limitargs={"tradeid": 0},
                    tag="bracket",
                )
                print([o.ref - self.base for o in orders], [o.parent is None for o in orders])
            if len(self) == 60:
                self.report([o.ref - self.base for o in self.broker.get_orders_open()])
            self.account()

    cerebro_with(Bracket).run()

    class Partial(Reporting, bt.Strategy):
        def next(self):
            if len(self) == 3:
                print(
                    [
                        o is None
                        for o in self.buy_bracket(
                            exectype=bt.Order.Market,
                            stopexec=None,
                            limitprice=self.data.close[0] + 1,
                        )
                    ]
                )
            if len(self) == 30:
                main = self.sell(transmit=False)
                self.buy(
                    price=self.data.close[0] * 1.02,
                    exectype=bt.Order.StopTrail,
                    trailpercent=0.03,
                    parent=main,
                )

    cerebro_with(Partial).run()


@script
def kinds_and_validity(bt):
    class Kinds(Reporting, bt.Strategy):
        def next(self):
            close = self.data.close[0]
            n = len(self)
            order = None
            if n == 2:
                order = self.buy(exectype=bt.Order.Limit, price=close - 1, valid=0)
                self.buy(exectype=bt.Order.Limit, price=close - 20, valid=bt.Order.DAY)
            if n == 5:
                order = self.sell(
                    exectype=bt.Order.Stop,
                    price=close - 1,
                    valid=self.data.datetime.date(0) + datetime.timedelta(days=3),
                )
            if n == 10:
                self.buy(
                    exectype=bt.Order.StopLimit,
                    price=close + 1,
                    plimit=close + 1.5,
                    valid=datetime.datetime(2021, 4, 1),
                )
                self.buy(exectype=bt.Order.StopLimit, price=close + 0.5, plimit=close + 0.25)
            if n == 20:
                self.leader = self.sell(exectype=bt.Order.StopTrail, trailamount=1.5)
                order = self.sell(exectype=bt.Order.Limit, price=close + 3, oco=self.leader)
                self.sell(
                    exectype=bt.Order.StopTrailLimit,
                    price=close,
                    plimit=close - 0.5,
                    trailpercent=0.02,
                    oco=self.leader,
                    color="red",
                )
            if n == 40:
                order = self.buy(size=2, exectype=bt.Order.Close)
            if n == 50:
                self.far = self.buy(exectype=bt.Order.Limit, price=close / 2, valid=5)
                self.near = self.buy(exectype=bt.Order.Limit, price=close / 2)
            if n == 53:
                self.cancel(self.near)
                self.cancel(self.near)
                print(self.broker.cancel(self.far))
            if n == 60:
                self.order_target_size(target=-4)
            if n == 63:
                self.order_target_value(target=600.0)
            if n == 66:
                self.order_target_percent(target=0.35)
            if n == 70:
                self.order_target_percent(target=0.0)
            if n == 75:
                self.buy(size=1.5, tradeid=3)
                self.sell(size=0.5, tradeid=4)
            if n == 90:
                print(self.close(), self.getsizing(isbuy=True), self.buy(size=0))
            if order is not None:
                lines = str(order).split("\n")
                print([x for x in lines if not x.startswith(("Ref", "CommInfo", "Broker"))])
            self.account()

    for settings in (
        {},
        {"slip": ("fixed", 0.5)},
        {"slip": ("perc", 0.01), "flags": {"slip_open": False, "slip_match": False}},
        {"coc": True},
        {"checksubmit": False},
        {"shortcash": False},
    ):
        print(settings)
        cerebro = cerebro_with(Kinds, cash=2000.0)
        broker = cerebro.broker
        if "slip" in settings:
            kind, amount = settings["slip"]
            getattr(broker, f"set_slippage_{kind}")(amount, **settings.get("flags", {}))
        for name in ("coc", "checksubmit", "shortcash"):
            if name in settings:
                getattr(broker, f"set_{name}")(settings[name])
        cerebro.run()


@script
def several_datas(bt):
    class Rotate(Reporting, bt.Strategy):
        def __init__(self):
            self.strength = {d: bt.ind.RateOfChange(d.close, period=8) for d in self.datas}

        def prenext(self):
            print("pre", len(self), [len(d) for d in self.datas])

        def nextstart(self):
            print("start", len(self))
            self.next()

        def next(self):
            where = [(d._name, len(d), d.datetime.date(0)) for d in self.datas]
            print(len(self), self.datetime.date(0), where)
            if len(self) % 7 == 0:
                ranked = sorted(self.datas, key=lambda d: -self.strength[d][0])
                for d in ranked[1:]:
                    self.order_target_percent(d, target=0.0)
                self.order_target_percent(ranked[0], target=0.5)
            if len(self) % 11 == 0:
                self.sell(
                    data="d1",
                    size=2,
                    exectype=bt.Order.Limit,
                    price=self.getdatabyname("d1").close[0] + 1,
                )
            self.account()
            held = {n: p.size for n, p in self.getpositionsbyname().items()}
            print(held, [show(self.broker.getvalue([d])) for d in self.datas])
            print(self.getpositionbyname("d2").price, self.dnames.d1 is self.datas[1])

    feeds = [
        bt.feeds.PandasData(dataname=frame(90, 3, start="2021-03-01")),
        bt.feeds.PandasData(dataname=frame(70, 4, start="2021-03-09", freq="D")),
        bt.feeds.PandasData(dataname=frame(60, 5, start="2021-02-20", freq="2D")),
    ]
    cerebro = cerebro_with(Rotate, *feeds, cash=30_000)
    cerebro.broker.setcommission(commission=0.002, name="d1")
    cerebro.run()
    print(list(cerebro.datasbyname))


@script
def own_analyzer_and_sizer(bt):
    class Curve(bt.Analyzer):
        params = (("every", 10),)

        def create_analysis(self):
            self.rets = {"bars": 0, "values": [], "orders": [], "trades": []}

        def start(self):
            print("analyzer start", len(self.datas), self.data is self.data0)

        def notify_cashvalue(self, cash, value):
            self.value = value

        def notify_fund(self, cash, value, fundvalue, shares):
            self.fund = (fundvalue, shares)

        def notify_order(self, order):
            self.rets["orders"].append(order.getstatusname())

        def notify_trade(self, trade):
            self.rets["trades"].append((trade.status, trade.pnl))

        def next(self):
            self.rets["bars"] += 1
            if len(self) % self.p.every == 0:
                self.rets["values"].append((self.value, self.fund, self.data_close[0]))

        def stop(self):
            print("analyzer stop", len(self))

    class Yearly(bt.TimeFrameAnalyzerBase):
        params = (("timeframe", bt.TimeFrame.Months),)

        def __init__(self):
            self.inner = bt.analyzers.DrawDown()

        def start(self):
            self.turns = []

        def on_dt_over(self):
            self.turns.append((self.dtkey, self.strategy.broker.getvalue()))

        def stop(self):
            self.rets["turns"] = self.turns
            self.rets["inner"] = self.inner.get_analysis().max.drawdown

    class Half(bt.Sizer):
        params = (("part", 0.5),)

        def _getsizing(self, comminfo, cash, data, isbuy):
            if isbuy:
                return comminfo.getsize(data.close[0], cash * self.p.part)
            return self.broker.getposition(data).size

    class Trader(bt.Strategy):
        def __init__(self):
            self.rsi = bt.ind.RSI_Safe(self.data, period=5)
            self.seen = []

        def notify_cashvalue(self, cash, value):
            self.seen.append(value)

        def next(self):
            if self.rsi < 35 and not self.position:
                print("buy", self.buy().size)
            elif self.rsi > 65 and self.position:
                print("sell", self.sell().size)

        def stop(self):
            print(len(self.seen), show(self.seen[-1]), show(self.broker.get_value()))

    for sizer, arguments in (
        (Half, {"part": 0.9}),
        (bt.sizers.FixedSize, {"stake": 12}),
        (bt.sizers.SizerFix, {"stake": 12, "tranches": 5}),
        (bt.sizers.PercentSizer, {"percents": 30}),
        (bt.sizers.PercentSizerInt, {"percents": 30}),
        (bt.sizers.AllInSizerInt, {}),
        (bt.sizers.AllInSizer, {}),
        (bt.sizers.FixedReverser, {"stake": 4}),
    ):
        cerebro = cerebro_with(Trader)
        cerebro.addsizer(sizer, **arguments)
        cerebro.addanalyzer(Curve, every=25)
        cerebro.addanalyzer(Yearly, _name="yearly")
        strategy = cerebro.run()[0]
        print(show(strategy.analyzers.curve.get_analysis()))
        print(show(strategy.analyzers.yearly.rets), strategy.sizer is strategy.getsizer())


@script
def futures(bt):
    class Swing(Reporting, bt.Strategy):
        def next(self):
            if len(self) % 10 == 3:
                self.buy(size=3)
            if len(self) % 10 == 6:
                self.sell(size=5)
            if len(self) % 10 == 9:
                self.close()
            if len(self) == 55:
                self.order_target_percent(target=0.4)
            self.account()
            info = self.broker.getcommissioninfo(self.data)
            if len(self) == 20:
                print(
                    info.getsize(50.0, 4000.0),
                    info.get_margin(50.0),
                    info.stocklike,
                    info.getcommission(3, 50.0),
                    info.margin,
                    info.get_leverage(),
                    info.getvaluesize(-2, 50.0),
                    info.getoperationcost(-2, 50.0),
                    info.profitandloss(2, 50.0, 51.0),
                    info.cashadjust(2, 50.0, 51.0),
                )

    percent = {"commtype": bt.CommInfoBase.COMM_PERC, "percabs": False, "stocklike": False}
    fixed = {"commtype": bt.CommInfoBase.COMM_FIXED, "stocklike": True}
    for arguments in (
        {"commission": 2.0, "margin": 500.0, "mult": 10.0},
        {"commission": 0.5, "margin": 200.0, "mult": 5.0, **percent},
        {"commission": 0.02, **fixed},
        {"commission": 0.001, "leverage": 4.0},
        {"commission": 1.0, "automargin": 0.25, "mult": 2.0, "margin": 1.0},
        {"commission": 1.0, "automargin": -1, "mult": 3.0, "margin": 1.0},
    ):
        print(arguments)
        cerebro = cerebro_with(Swing)
        cerebro.broker.setcommission(**arguments)
        cerebro.run()
    cerebro = cerebro_with(Swing)
    cerebro.broker.addcommissioninfo(bt.CommissionInfo(commission=0.01), name="d0")
    cerebro.run()


@script
def cheat_on_open(bt):
    class Early(Reporting, bt.Strategy):
        def __init__(self):
            self.average = bt.ind.SMA(period=4)

        def prenext_open(self):
            print("pre open", len(self), len(self.data), len(self.average))

        def next_open(self):
            print(
                "open",
                len(self),
                len(self.data),
                show(self.data.open[0]),
                show(self.average[0]),
                show(self.broker.getvalue()),
            )
            if not self.position and self.data.open[0] > self.average[0]:
                self.buy(size=4)
            elif self.position and self.data.open[0] < self.average[0]:
                self.close()

        def next(self):
            self.account()
            print(show(self.average[0]), len(self.average))

    cerebro = cerebro_with(Early)
    cerebro.run(cheat_on_open=True)


@script
def parameters_and_strategies(bt):
    class Base(bt.Strategy):
        params = (("a", 1), ("b", "two"))

        def __init__(self):
            print(self.__class__.__name__, self.p.a, self.params.b, list(self.p._getkeys()))

        def start(self):
            print("start", self.broker.getcash(), len(self), len(self.data))

    class Derived(Base):
        params = dict(c=3.0, a=10)  # noqa: C408

        def __init__(self, *args, extra=None):
            super().__init__()
            print(args, extra, self.p.c, self.p.isdefault("c"), self.p.notdefault("a"))
            if self.p.c == 99:
                raise bt.StrategySkipError("left out")

        def next(self):
            if len(self) in (2, 5):
                print(self.buy().size, self._id)

        def notify_order(self, order):
            print(len(self), order.getstatusname(), order.owner is self)

        def stop(self):
            print("stop", self.position.size, show(self.broker.getvalue()))

    print(Derived.params.a, Derived.params.b, Base.params._getitems())
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(bt.feeds.PandasData(dataname=frame(10, 40)))
    print(cerebro.addstrategy(Base, b="changed"), cerebro.addstrategy(Derived, 5, extra=6, a=7))
    cerebro.addstrategy(Derived, c=99)
    index = cerebro.addstrategy(Derived)
    cerebro.addsizer(bt.sizers.FixedSize, stake=3)
    cerebro.addsizer_byidx(1, bt.sizers.FixedSize, stake=8)
    print(index, [type(s).__name__ for s in cerebro.run()])
    print(show(cerebro.broker.getvalue()), len(cerebro.runstrats))
    again = cerebro.run()
    print([type(s).__name__ for s in again])
    empty = bt.Cerebro()
    print(empty.run(), empty.broker.getvalue(), empty.broker.startingcash)

    class Stops(bt.Strategy):
        def next(self):
            print(len(self))
            if len(self) == 3:
                self.env.runstop()

    cerebro = cerebro_with(Stops)
    cerebro.run()

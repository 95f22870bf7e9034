"""Scripts in the styles of tutorials and users: logs, nesting, inheritance, two strategies."""

import datetime

# ruff: noqa: RUF012 - class attributes as scripts write them
from backtrader_setting import Reporting, cerebro_with, frame, script, show


@script
def tutorial_log(bt):
    class TestStrategy(bt.Strategy):
        params = (("maperiod", 15), ("printlog", True))

        def log(self, txt, dt=None, doprint=False):
            if self.params.printlog or doprint:
                dt = dt or self.datas[0].datetime.date(0)
                print(f"{dt.isoformat()}, {txt}")

        def __init__(self):
            self.dataclose = self.datas[0].close
            self.order = None
            self.buyprice = None
            self.buycomm = None
            self.sma = bt.indicators.SimpleMovingAverage(self.datas[0], period=self.params.maperiod)
            bt.indicators.ExponentialMovingAverage(self.datas[0], period=25)
            bt.indicators.WeightedMovingAverage(self.datas[0], period=25, subplot=True)
            bt.indicators.MACDHisto(self.datas[0])
            rsi = bt.indicators.RSI(self.datas[0])
            bt.indicators.SmoothedMovingAverage(rsi, period=10)
            bt.indicators.ATR(self.datas[0], plot=False, plotname="range")

        def notify_order(self, order):
            if order.status in [order.Submitted, order.Accepted]:
                return
            if order.status in [order.Completed]:
                side = "BUY" if order.isbuy() else "SELL"
                x = order.executed
                self.log(f"{side} EXECUTED, {x.price:.2f}, Cost: {x.value:.2f}, Comm {x.comm:.2f}")
                self.buyprice, self.buycomm = x.price, x.comm
                self.bar_executed = len(self)
            elif order.status in [order.Canceled, order.Margin, order.Rejected]:
                self.log("Order Canceled/Margin/Rejected")
            self.order = None

        def notify_trade(self, trade):
            if not trade.isclosed:
                return
            self.log(f"OPERATION PROFIT, GROSS {trade.pnl:.2f}, NET {trade.pnlcomm:.2f}")

        def next(self):
            self.log(f"Close, {self.dataclose[0]:.2f}")
            if self.order:
                return
            if not self.position:
                if self.dataclose[0] > self.sma[0]:
                    self.log(f"BUY CREATE, {self.dataclose[0]:.2f}")
                    self.order = self.buy()
            elif self.dataclose[0] < self.sma[0] or len(self) >= self.bar_executed + 5:
                self.log(f"SELL CREATE, {self.dataclose[0]:.2f}")
                self.order = self.sell()

        def stop(self):
            self.log(f"(MA Period {self.params.maperiod}) {self.broker.getvalue():.2f}", None, True)

    for settings in ({}, {"maperiod": 5, "printlog": False}):
        cerebro = bt.Cerebro()
        cerebro.addstrategy(TestStrategy, **settings)
        cerebro.adddata(bt.feeds.PandasData(dataname=frame(120, 60)))
        cerebro.broker.setcash(1000.0)
        cerebro.addsizer(bt.sizers.FixedSize, stake=10)
        cerebro.broker.setcommission(commission=0.01)
        print(f"Starting Portfolio Value: {cerebro.broker.getvalue():.2f}")
        cerebro.run(maxcpus=1)
        print(f"Final Portfolio Value: {cerebro.broker.getvalue():.2f}", cerebro.broker.getcash())


@script
def nested_indicators(bt):
    class Channel(bt.Indicator):
        lines = ("top", "bottom", "mid")
        params = {"period": 5, "movav": bt.ind.MovAv.Simple}
        alias = ("Chan",)
        plotlines = {"top": {"ls": "--"}}

        def __init__(self):
            self.addminperiod(self.p.period + 3)
            spread = bt.ind.TrueRange(self.data) * 2
            self.l.mid = mid = self.p.movav(self.data, period=self.p.period)
            self.l.top = mid + self.p.movav(spread, period=self.p.period)
            self.l.bottom = bt.Min(mid - spread, self.data.low)

    class Position(bt.Indicator):
        """Where the first data stands between the lines of the second."""

        _mindatas = 2
        lines = ("place",)

        def __init__(self):
            self.ema = bt.ind.EMA(self.data0, period=2)

        def next(self):
            width = self.data1.top[0] - self.data1.bottom[0]
            self.lines.place[0] = (self.ema[0] - self.data1.bottom[0]) / width

    class Quiet(bt.ind.SMA):
        params = (("period", 4),)

        def __init__(self):
            super().__init__()
            self.factor = 3

    class Use(bt.Strategy):
        def __init__(self):
            self.channel = Channel(self.data)
            self.wide = Channel(self.data, period=3, movav=bt.ind.EMA)
            self.place = Position(self.data.close, self.wide)
            self.quiet = Quiet()
            macd = bt.ind.MACD(self.data.close, period_me1=3, period_me2=6, period_signal=3)
            self.cross = bt.ind.CrossOver(macd.macd, macd.signal)
            self.cross2 = bt.ind.CrossOver(macd.lines.macd, 0.0)
            self.smooth = bt.ind.SMA(bt.ind.RSI(self.data, period=3, safediv=True), period=3)
            self.volume = bt.ind.SMA(self.data.volume, period=4)
            self.highest = bt.ind.Highest(self.data.high(-1), period=5)
            self.breakout = self.data.close > self.highest
            self.entry = bt.And(self.breakout, self.cross >= 0, self.smooth > 50.0)
            self.streak = bt.ind.SMA(self.breakout, period=3)
            self.bands = bt.ind.BollingerBands(self.quiet, period=5)
            self.pct = bt.ind.BollingerBandsPct(self.data, period=5)

        def next(self):
            made = (
                *self.channel.lines,
                *self.wide.lines,
                *(self.place, self.quiet, self.cross, self.cross2, self.smooth, self.volume),
                *(self.highest, self.breakout, self.entry, self.streak),
                *(self.bands.top, self.bands.lines.bot, self.pct.pctb),
            )
            print(len(self), show([x[0] for x in made]), len(self.channel), self.quiet.factor)
            if self.entry:
                print("entry", self.streak[0] > 0.5, self.bands.mid[-1], self.channel.top - 1)

    for runonce in (True, False):
        strategy = cerebro_with(Use, bt.feeds.PandasData(dataname=frame(60, 61))).run(
            runonce=runonce
        )[0]
        print(strategy.channel.lines.getlinealiases(), strategy.channel.p._getkeys())


@script
def prenext_is_next(bt):
    class Many(Reporting, bt.Strategy):
        params = (("count", 2),)

        def __init__(self):
            self.inds = {}
            for i, d in enumerate(self.datas):
                self.inds[d] = {}
                self.inds[d]["mean"] = bt.ind.SMA(d.close, period=3 + i)
                self.inds[d]["mom"] = bt.ind.Momentum(d, period=4)

        def prenext(self):
            self.next()

        def next(self):
            ready = [d for d in self.datas if len(d) > 8]
            ranked = sorted(ready, key=lambda d: self.inds[d]["mom"][0], reverse=True)
            for i, d in enumerate(self.datas):
                position = self.getposition(d)
                if position.size and d not in ranked[: self.p.count]:
                    self.close(data=d, exectype=bt.Order.Limit, price=d.close[0] * 0.99)
                    print("close", i, d._name, position.size, position.price)
            for d in ranked[: self.p.count]:
                if not self.getposition(d):
                    self.buy(data=d, size=4 + len(d) % 3)
            print(len(self), [d._name for d in ranked], [len(d) for d in self.datas])
            print([show(p.size) for p in self.positions.values()], self.broker.getcash())

    feeds = [
        bt.feeds.PandasData(dataname=frame(50, 62, start="2021-03-05"), plot=False),
        bt.feeds.PandasData(dataname=frame(40, 63, start="2021-03-01", freq="3D")),
        bt.feeds.PandasData(dataname=frame(20, 64, start="2021-04-01")),
    ]
    cerebro_with(Many, *feeds).run()
    cerebro_with(Many, *feeds).run(runonce=False)


@script
def two_strategies_and_analyzers(bt):
    class Watch(bt.Analyzer):
        def __init__(self):
            self.down = bt.analyzers.DrawDown()
            self.daily = bt.analyzers.TimeReturn(timeframe=bt.TimeFrame.Weeks)

        def next(self):
            down = self.down.get_analysis()
            self.rets[len(self)] = (show(down.moneydown), len(self.daily.get_analysis()))

    class Swing(bt.Strategy):
        params = (("every", 6), ("side", 1))

        def notify_trade(self, trade):
            if trade.isclosed:
                print(self.p.side, trade.ref > 0, trade.barlen, show(trade.pnlcomm))

        def next(self):
            turn = len(self) % self.p.every
            order = None
            if turn == 1:
                order = self.buy() if self.p.side > 0 else self.sell()
            elif turn == 4:
                order = self.close()
            if order is not None:
                self.last = order
                print(self._id, order.ref > 0, order == self.last, order in [self.last], order.size)
            if len(self) == 20:
                print(show(self.analyzers.watch.get_analysis().get(19)))
                print(self.analyzers.watch.get_analysis().get(20))

    cerebro = cerebro_with(Swing, bt.feeds.PandasData(dataname=frame(80, 65)), every=7)
    cerebro.addstrategy(Swing, side=-1)
    cerebro.addsizer(bt.sizers.PercentSizer, percents=10)
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer)
    cerebro.addanalyzer(bt.analyzers.DrawDown)
    cerebro.addanalyzer(Watch)
    cerebro.addanalyzer(bt.analyzers.Transactions)
    cerebro.addanalyzer(bt.analyzers.SQN)
    cerebro.addobserver(bt.observers.DrawDown)
    for strategy in cerebro.run():
        for name, analyzer in strategy.analyzers.getitems():
            print(name, show(analyzer.get_analysis()))
    print(cerebro.broker.getposition(cerebro.datas[0]), cerebro.broker.getvalue())


@script
def commission_classes(bt):
    class Stock(bt.CommInfoBase):
        params = (
            ("stocklike", True),
            ("commtype", bt.CommInfoBase.COMM_PERC),
            ("percabs", True),
            ("commission", 0.002),
        )

    class PerShare(bt.CommInfoBase):
        params = (("stocklike", True), ("commtype", bt.CommInfoBase.COMM_FIXED))

    class Future(bt.CommissionInfo):
        params = {"mult": 5.0, "margin": 800.0, "commission": 1.5}

    class Trade(Reporting, bt.Strategy):
        def next(self):
            if len(self) % 5 == 2:
                self.order_target_percent(target=(-1) ** (len(self) // 5) * 0.3)
            if len(self) % 11 == 0:
                self.order_target_value(target=-500.0)
            if len(self) % 13 == 0:
                self.order_target_size(target=3)
            self.account()

    for info in (Stock(), Stock(commission=0.01), PerShare(commission=0.03), Future()):
        cerebro = cerebro_with(Trade, bt.feeds.PandasData(dataname=frame(50, 66)))
        cerebro.broker.addcommissioninfo(info)
        cerebro.run()
        print(info.p._getkwargs(), info.stocklike, info.margin)


@script
def intraday_sessions(bt):
    class DayTrade(Reporting, bt.Strategy):
        def __init__(self):
            self.mean = bt.ind.EMA(self.data, period=5)
            self.opened = None

        def next(self):
            now = self.data.datetime.time(0)
            if now < datetime.time(11, 0) and not self.position and self.opened is None:
                self.opened = self.buy(
                    exectype=bt.Order.Stop,
                    price=max(self.data.high.get(size=3)),
                    valid=datetime.timedelta(hours=2),
                )
                self.data.close[0], self.data.close[-1]
            elif now >= datetime.time(15, 0):
                if self.opened is not None:
                    self.cancel(self.opened)
                    self.opened = None
                if self.position:
                    self.close(exectype=bt.Order.Close)
            print(
                self.data.datetime.datetime(0).isoformat(), self.datetime.time(), show(self.mean[0])
            )

    table = frame(400, 67, start="2021-03-01 09:30", freq="30min")
    table = table.between_time("09:30", "16:00")
    feed = bt.feeds.PandasData(
        dataname=table,
        timeframe=bt.TimeFrame.Minutes,
        compression=30,
        sessionstart=datetime.time(9, 30),
        sessionend=datetime.time(16, 0),
    )
    cerebro = cerebro_with(DayTrade, feed)
    cerebro.addsizer(bt.sizers.FixedSize, stake=20)
    cerebro.addanalyzer(bt.analyzers.TimeReturn, timeframe=bt.TimeFrame.Days)
    cerebro.addanalyzer(bt.analyzers.TimeReturn, timeframe=bt.TimeFrame.Minutes, compression=60)
    cerebro.addanalyzer(bt.analyzers.SharpeRatio_A, timeframe=bt.TimeFrame.Days)
    strategy = cerebro.run()[0]
    for analyzer in strategy.analyzers:
        print(show(analyzer.get_analysis()))


@script
def edges_of_the_data(bt):
    class Look(bt.Strategy):
        def next(self):
            close = self.data.close
            try:
                print(len(self), close[-1], close[-3], close[1])
            except IndexError as error:
                print(type(error).__name__)
            print(list(close.get(ago=0, size=2)), self.data.datetime.date(-1))
            print(self.data.high[0] - self.data.low, self.data.close / 2, -self.data.close)
            print(self.data.close == self.data.open, self.data.close != 5, self.data.low**2)
            print(max(self.data.high.get(size=3) or [0]), bool(self.position), len(self.data.close))
            print(self.data._name, self.data._timeframe, self.data._compression, self.data.p.name)
            if len(self) == 4:
                self.buy(size=1e9)
                self.sell(size=3)
                self.buy(exectype=bt.Order.Limit, price=-5.0)

        def notify_order(self, order):
            print("order", order.getstatusname(), order.size, order.executed.size, order.alive())

        def notify_cashvalue(self, cash, value):
            print("account", cash, value)

    cerebro_with(Look, bt.feeds.PandasData(dataname=frame(7, 68))).run()
    empty = bt.Cerebro(stdstats=False)
    empty.adddata(
        bt.feeds.PandasData(dataname=frame(7, 68), fromdate=datetime.datetime(2030, 1, 1))
    )
    empty.addstrategy(Look)
    print(len(empty.run()[0]), empty.broker.getvalue())


@script
def lines_of_a_strategy(bt):
    class Lined(bt.Strategy):
        lines = ("spread", "mark")
        params = (("wait", 6),)

        def __init__(self):
            self.lines.spread = self.data.high - self.data.low
            self.addminperiod(self.p.wait)
            self.delayed = self.data.close(0) - self.data.close(-1)
            self.lag = bt.ind.SMA(self.data.close(-2), period=2)
            self.up = bt.ind.CrossUp(self.data.close, self.lag)
            self.down = bt.ind.CrossDown(self.data.close, self.lag, plot=False)
            self.kept = [bt.ind.EMA(d.close, period=3) for d in self.datas]

        def nextstart(self):
            print("nextstart", len(self))
            self.lines.mark[0] = 1.0

        def next(self):
            self.lines.mark[0] = self.lines.mark[-1] * 1.5
            values = (self.delayed[0], self.lag[0], self.up[0], self.down[0], self.kept[0][0])
            print(len(self), show(values), self.mark[0], self.l.mark[-1])
            if self.up:
                print("up", self.up == 1, self.up > self.down, not self.down)
            if self.down[0]:
                print("down", self.lines.mark[0] > 1)

    cerebro_with(Lined, bt.feeds.PandasData(dataname=frame(30, 70))).run()
    cerebro_with(Lined, bt.feeds.PandasData(dataname=frame(30, 70)), wait=12).run()


@script
def order_details(bt):
    class Details(bt.Strategy):
        def __init__(self):
            self.sent = []

        def notify_order(self, order):
            x = order.executed
            bits = [(b.size, b.price, b.value, b.comm, b.pnl, b.psize, b.pprice) for b in x.exbits]
            print(len(self), order.getstatusname(), len(x), show(bits), x.margin, order.plen)
            print(order.info, order.info.name, order.info["name"], order.comminfo is not None)
            print(order.p.size, order.params.exectype, order.p.transmit, order.p.price, order.oco)
            print(order == self.sent[-1], order in self.sent, order.owner is self, order.data._name)
            print(order.created.dt, order.created.remsize, order.created.pclose, order.position)
            print(order.Status[order.status], order.issell(), order.active(), order.brokerstatus())

        def notify_trade(self, trade):
            print(trade.getdataname(), trade.dtopen, trade.dtclose, trade.history, trade.long)
            print(trade.open_datetime(), trade.close_datetime() if trade.isclosed else None)
            names = [x for x in str(trade).split("\n") if not x.startswith(("ref", "data:"))]
            print(names, bt.num2date(trade.dtopen), trade.justopened)

        def next(self):
            if len(self) in (3, 5):
                self.sent.append(self.buy(size=4, name="entry", reason="first"))
                self.sent[-1].addinfo(more=len(self))
            elif len(self) == 8:
                self.sent.append(self.sell(size=12, name="turn"))
            elif len(self) == 12:
                self.sent.append(self.close(name="out"))
            elif len(self) == 15:
                self.sent.append(self.sell(price=1e6, exectype=bt.Order.Limit, name="never"))
            elif len(self) == 17:
                self.sent[-1].addinfo(late=True)
                self.cancel(self.sent[-1])
            p = self.position
            print(p.size, p.price, p.price_orig, p.upopened, p.upclosed, p.adjbase)
            print(p.datetime if p else None)
            print(self.getposition(self.data).size, self.broker.getvalue([self.data]), len(p))

    cerebro_with(Details, bt.feeds.PandasData(dataname=frame(20, 71))).run()


@script
def nothing_happens(bt):
    class Idle(bt.Strategy):
        pass

    cerebro = cerebro_with(Idle, bt.feeds.PandasData(dataname=frame(40, 72)))
    a = bt.analyzers
    for cls in (a.TradeAnalyzer, a.DrawDown, a.SQN, a.SharpeRatio, a.Returns, a.TimeReturn):
        cerebro.addanalyzer(cls)
    for cls in (a.PeriodStats, a.Transactions, a.TimeDrawDown):
        cerebro.addanalyzer(cls)
    strategy = cerebro.run()[0]
    for name, analyzer in strategy.analyzers.getitems():
        print(name, show(analyzer.get_analysis()))
        analyzer.print()
    trades = strategy.analyzers.tradeanalyzer.get_analysis()
    for read in (
        lambda: trades.total.closed,
        lambda: trades["won"]["total"],
        lambda: trades.keys(),
    ):
        try:
            print(read())
        except KeyError as error:
            print("KeyError", error)


@script
def ruin(bt):
    """Accounts that go to nothing and below."""

    class AllOf(Reporting, bt.Strategy):
        params = (("side", 1),)

        def next(self):
            if len(self) % 6 == 2:
                size = int(abs(self.broker.getvalue()) * 3 / self.data.close[0]) or 1
                self.last = self.buy(size=size) if self.p.side > 0 else self.sell(size=size)
            elif len(self) % 6 == 5:
                self.close()
            self.account()

    table = frame(60, 73, start="2021-03-01")
    table[["open", "high", "low", "close"]] **= 2
    for side in (1, -1):
        for settings in ({}, {"leverage": 5.0}, {"margin": 100.0, "mult": 20.0}):
            cerebro = cerebro_with(AllOf, bt.feeds.PandasData(dataname=table), side=side)
            cerebro.broker.setcommission(commission=0.01, **settings)
            for cls in (bt.analyzers.DrawDown, bt.analyzers.Returns, bt.analyzers.SharpeRatio):
                cerebro.addanalyzer(cls)
            try:
                strategy = cerebro.run()[0]
            except Exception as error:
                print("stopped by", type(error).__name__)
                continue
            for analyzer in strategy.analyzers:
                print(show(analyzer.get_analysis()))

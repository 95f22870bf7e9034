"""Scripts that read: indicators and line operations, feeds, analyzers, and how they fail."""

# ruff: noqa: RUF012 - class attributes as scripts write them

import datetime
import os
import tempfile

from backtrader_setting import Reporting, cerebro_with, frame, prices, script, show


@script
def own_indicators(bt):
    class Expressions(bt.Indicator):
        lines = ("mid", "width")
        params = dict(period=4)  # noqa: C408
        plotinfo = dict(subplot=False)  # noqa: C408

        def __init__(self):
            high = bt.ind.Highest(self.data.high, period=self.p.period)
            low = bt.ind.Lowest(self.data.low, period=self.p.period)
            self.lines.mid = (high + low) / 2.0
            self.l.width = abs(high - low) / bt.Max(self.data.close, 1.0)

    class ByNext(bt.Indicator):
        lines = ("mean",)
        params = (("period", 5),)

        def __init__(self):
            self.addminperiod(self.params.period)

        def prenext(self):
            self.lines.mean[0] = -1.0

        def nextstart(self):
            self.lines.mean[0] = sum(self.data.get(size=self.p.period)) / self.p.period

        def next(self):
            self.lines.mean[0] = self.lines.mean[-1] * 0.8 + self.data[0] * 0.2

    class ByOnce(bt.Indicator):
        lines = ("change",)

        def __init__(self):
            self.addminperiod(2)

        def once(self, start, end):
            source, out = self.data.array, self.lines.change.array
            for i in range(start, end):
                out[i] = source[i] - source[i - 1]

    class Wider(bt.ind.RSI):
        lines = ("above",)
        params = (("level", 55.0), ("period", 6))

        def __init__(self):
            super().__init__()
            self.lines.above = self.lines.rsi > self.p.level

    class Use(bt.Strategy):
        def __init__(self):
            self.a = Expressions(self.data, period=6)
            self.b = ByNext(self.data.close)
            self.c = ByOnce(self.b)
            self.d = Wider(self.data, safediv=True)
            self.e = ByNext(self.a.mid - self.data, period=3)
            self.f = bt.If(self.d.above, self.b, -1.0 * self.b)
            self.g = self.a(-2)
            self.h = self.c.lines.change(-1) * 100 // 7
            self.i = bt.And(self.data.close > self.data.open, self.b > self.a, True)
            self.j = bt.Or(self.i, self.d.lines.rsi < 30)
            self.k = bt.Sum(self.data.high, self.data.low, 1)
            self.m = bt.Min(self.data.open, self.data.close) ** 2
            self.n = bt.Cmp(self.data.open, self.data.close)
            self.o = 2.0 / self.data - (-self.data.close)
            self.q = bt.All(self.i, self.j)
            self.r = bt.Any(self.i, self.n)

        def prenext(self):
            print("pre", len(self), len(self.a), len(self.b))

        def next(self):
            values = [
                x[0]
                for x in (
                    self.a,
                    self.a.width,
                    self.b,
                    self.c,
                    self.d,
                    self.d.above,
                    self.e,
                    self.f,
                    self.g,
                    self.h,
                    self.i,
                    self.j,
                    self.k,
                    self.m,
                    self.n,
                    self.o,
                    self.q,
                    self.r,
                )
            ]
            print(
                len(self),
                show(values),
                self.b > self.a,
                self.data.close >= self.data.open,
                bool(self.d.above),
                self.a.mid + 1,
                3 - self.data,
                abs(self.n),
                self.b[-1],
            )
            if len(self) == 30:
                print(
                    list(self.data.close.get(ago=-1, size=3)),
                    self.data.lines.close[0],
                    self.data.l.high[-2],
                    self.data_close[0],
                    self.data0_low[0],
                    self.data_0[0],
                    self.data.close.array[0],
                    len(self.data.close),
                    self.data.buflen(),
                    self.a.lines.getlinealiases(),
                    self.data.getlinealiases(),
                )

    for runonce in (True, False):
        cerebro_with(Use, bt.feeds.PandasData(dataname=frame(60, 6))).run(runonce=runonce)


@script
def analyzers(bt):
    class Trader(bt.Strategy):
        def __init__(self):
            self.cross = bt.ind.CrossOver(self.data.close, bt.ind.EMA(self.data.close, period=6))

        def next(self):
            if self.cross > 0:
                self.close()
                self.buy(size=20)
            elif self.cross < 0:
                self.close()
                self.sell(size=10)
            if len(self) == 40:
                print(show(self.analyzers.drawdown.get_analysis()))
                print(show(self.analyzers.timereturn.get_analysis()))

    def run(count, freq="B", timeframe=None, cash=10_000.0):
        feed = bt.feeds.PandasData(
            dataname=frame(count, 8, freq=freq), timeframe=timeframe or bt.TimeFrame.Days
        )
        cerebro = cerebro_with(Trader, feed, cash=cash)
        a = bt.analyzers
        cerebro.addanalyzer(a.TradeAnalyzer, _name="trades")
        cerebro.addanalyzer(a.DrawDown)
        cerebro.addanalyzer(a.DrawDown, fund=True)
        cerebro.addanalyzer(a.TimeDrawDown, timeframe=bt.TimeFrame.Weeks)
        cerebro.addanalyzer(a.Returns)
        cerebro.addanalyzer(a.Returns, timeframe=bt.TimeFrame.Weeks, tann=50)
        for unit in (
            bt.TimeFrame.Days,
            bt.TimeFrame.Weeks,
            bt.TimeFrame.Months,
            bt.TimeFrame.Years,
            bt.TimeFrame.NoTimeFrame,
        ):
            cerebro.addanalyzer(a.TimeReturn, timeframe=unit)
        cerebro.addanalyzer(a.TimeReturn, timeframe=bt.TimeFrame.Months, data=feed)
        cerebro.addanalyzer(a.SharpeRatio)
        cerebro.addanalyzer(a.SharpeRatio, timeframe=bt.TimeFrame.Months, annualize=True)
        cerebro.addanalyzer(
            a.SharpeRatio,
            timeframe=bt.TimeFrame.Days,
            convertrate=False,
            stddev_sample=True,
            riskfreerate=0.02,
        )
        cerebro.addanalyzer(a.SharpeRatio_A, timeframe=bt.TimeFrame.Days, daysfactor=252)
        cerebro.addanalyzer(a.SQN)
        cerebro.addanalyzer(a.PeriodStats, timeframe=bt.TimeFrame.Months)
        cerebro.addanalyzer(a.Transactions, headers=True)
        strategy = cerebro.run()[0]
        print(len(strategy.analyzers), strategy.analyzers.getnames())
        for name, analyzer in strategy.analyzers.getitems():
            print(name, show(analyzer.get_analysis()))
        strategy.analyzers.trades.print()
        strategy.analyzers.drawdown.print()
        strategy.analyzers.trades.pprint()
        trades = strategy.analyzers.trades.get_analysis()
        print(trades.get("nothing"))
        for read in (lambda: trades.won.pnl.max, lambda: trades.total.nothing):
            try:
                print(read())
            except Exception as error:
                print(type(error).__name__)
        print(
            strategy.analyzers[0] is strategy.analyzers.trades,
            len(strategy.analyzers.getbyname("sqn")),
        )

    run(300)
    run(150, freq="h", timeframe=bt.TimeFrame.Minutes)
    run(8)


@script
def annual_return(bt):
    class Hold(bt.Strategy):
        def next(self):
            if len(self) == 2:
                self.buy(size=100)

    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.PandasData(dataname=frame(700, 12)))
    cerebro.addstrategy(Hold)
    cerebro.addobserver(bt.observers.DrawDown)
    cerebro.addanalyzer(bt.analyzers.AnnualReturn)
    strategy = cerebro.run()[0]
    print(show(strategy.analyzers.annualreturn.get_analysis()))
    print(show(strategy.analyzers.annualreturn.rets))


@script
def csv_files(bt):
    class Look(Reporting, bt.Strategy):
        def __init__(self):
            self.average = bt.ind.EMA(self.data.close, period=3)

        def next(self):
            d = self.data
            line = [d.open[0], d.high[0], d.low[0], d.close[0], d.volume[0], d.openinterest[0]]
            print(
                len(self),
                d.datetime.datetime(0),
                d.datetime.date(),
                d.datetime.time(),
                show(d.datetime[0]),
                show(line),
                show(self.average[0]),
                d.num2date(),
                bt.num2date(d.datetime[0]),
                d._name,
            )
            if hasattr(d, "factor"):
                print(d.factor[0], d.lines.factor[-1])
            if len(self) == 12:
                self.buy(exectype=bt.Order.Close)
                self.sell(exectype=bt.Order.Limit, price=d.high[0] + 9, valid=bt.Order.DAY)
            if len(self) == 14:
                self.buy(
                    exectype=bt.Order.Limit, price=d.low[0] - 9, valid=datetime.timedelta(hours=3)
                )

    class WithFactor(bt.feeds.GenericCSVData):
        lines = ("factor",)
        params = (("factor", 6),)

    def write(name, header, rows):
        path = os.path.join(folder, name)
        with open(path, "w") as file:
            file.write("\n".join([header, *rows]) + "\n")
        return path

    with tempfile.TemporaryDirectory() as folder:
        start = datetime.datetime(2021, 5, 3)
        days = [start + datetime.timedelta(days=k) for k in range(25)]
        rows = prices(25, 20)
        daily = write(
            "daily.csv",
            "date;o;h;l;c;v;f",
            [
                f"{d:%d/%m/%Y};{o};{h};{lo};{c};{int(v)};{k * 0.5}"
                for k, (d, (o, h, lo, c, v)) in enumerate(zip(days, rows, strict=True))
            ],
        )
        times = [start + datetime.timedelta(hours=6 * k, minutes=15) for k in range(40)]
        intraday = write(
            "intraday.csv",
            "date,time,close,high,low,open,volume",
            [
                f"{t:%Y-%m-%d},{t:%H:%M},{c},{h},{lo},{o},{'' if k == 7 else int(v)}"
                for k, (t, (o, h, lo, c, v)) in enumerate(zip(times, prices(40, 21), strict=True))
            ],
        )
        seconds = write(
            "seconds.csv",
            "t,o,h,l,c",
            [
                f"{1_620_000_000 + 90_061 * k},{o},{h},{lo},{c}"
                for k, (o, h, lo, c, _) in enumerate(prices(20, 22))
            ],
        )
        feeds = [
            WithFactor(
                dataname=daily,
                dtformat="%d/%m/%Y",
                separator=";",
                openinterest=-1,
                fromdate=datetime.datetime(2021, 5, 6),
                todate=datetime.date(2021, 5, 22),
            ),
            bt.feeds.GenericCSVData(
                dataname=intraday,
                dtformat="%Y-%m-%d",
                tmformat="%H:%M",
                datetime=0,
                time=1,
                open=5,
                high=3,
                low=4,
                close=2,
                volume=6,
                openinterest=-1,
                nullvalue=0.0,
                timeframe=bt.TimeFrame.Minutes,
                compression=360,
                sessionend=datetime.time(17, 0),
            ),
            bt.feeds.GenericCSVData(
                dataname=seconds,
                dtformat=1,
                volume=-1,
                openinterest=-1,
                timeframe=bt.TimeFrame.Seconds,
            ),
            bt.feeds.GenericCSVData(
                dataname=daily,
                separator=";",
                openinterest=None,
                sessionend=datetime.time(16, 30),
                dtformat=lambda text: datetime.datetime.strptime(text, "%d/%m/%Y"),
            ),
        ]
        for feed in feeds:
            cerebro = bt.Cerebro(stdstats=False)
            cerebro.adddata(feed)
            cerebro.addstrategy(Look)
            cerebro.run()
            print(list(cerebro.datasbyname))


@script
def pandas_forms(bt):
    class Look(bt.Strategy):
        def next(self):
            d = self.data
            print(len(self), d.datetime.datetime(0), show([line[0] for line in d.lines]))

    import pandas as pd

    def run(**kwargs):
        cls = kwargs.pop("cls", bt.feeds.PandasData)
        cerebro = bt.Cerebro(stdstats=False)
        cerebro.adddata(cls(**kwargs))
        cerebro.addstrategy(Look)
        cerebro.run()

    data = frame(12, 30)
    run(dataname=data)
    run(dataname=data, volume=None, fromdate=datetime.datetime(2021, 3, 4))
    run(dataname=data, todate=datetime.date(2021, 3, 8))
    run(dataname=data.rename(columns=str.upper))
    run(dataname=data.rename(columns={"close": "Adj Close"}), close="Adj Close")
    run(dataname=data, open=0, high=1, low=2, close=3, volume=-1, openinterest=4)
    run(dataname=data.reset_index(names="when"), datetime="when")
    run(dataname=data.reset_index(names="when"), datetime=0)
    run(dataname=data.astype({"volume": int, "open": "float32"}))
    run(dataname=data.tz_localize("America/New_York"))
    minutes = frame(30, 31, freq="97min")
    run(dataname=minutes, timeframe=bt.TimeFrame.Minutes)
    odd = minutes.copy()
    odd.index = odd.index + pd.to_timedelta([k * 123457 for k in range(30)], unit="us")
    run(dataname=odd, timeframe=bt.TimeFrame.MicroSeconds)

    class More(bt.feeds.PandasData):
        lines = ("signal", "nothing")
        params = (("signal", -1), ("nothing", None))

    run(cls=More, dataname=data.assign(signal=range(12)))
    run(cls=bt.feeds.PandasDirectData, dataname=data.assign(oi=0.0))


@script
def failures(bt):
    def attempt(build, feed=None):
        class Failing(bt.Strategy):
            def __init__(self):
                self.made = build(self)

            def next(self):
                print(len(self), show(self.made[0]) if hasattr(self.made, "lines") else self.made)

        try:
            cerebro = bt.Cerebro(stdstats=False)
            cerebro.adddata(bt.feeds.PandasData(dataname=frame(6, 50) if feed is None else feed))
            cerebro.addstrategy(Failing)
            cerebro.run()
        except Exception as error:
            print(type(error).__name__)

    flat = frame(20, 51)
    flat[["open", "high", "low", "close"]] = 10.0
    attempt(lambda s: bt.ind.SMA(s.data, period=6))
    attempt(lambda s: bt.ind.SMA(s.data, period=7))
    attempt(lambda s: bt.ind.EMA(s.data, period=30))
    attempt(lambda s: s.data.close(-6))
    attempt(lambda s: bt.ind.RSI(s.data, period=3), flat)
    attempt(lambda s: bt.ind.RSI_Safe(s.data, period=3), flat)
    attempt(lambda s: s.data.close / (s.data.open - 10.0), flat)
    attempt(lambda s: bt.ind.SMA(s.data, length=6))
    attempt(lambda s: s.data.nothing)
    attempt(lambda s: s.nothing)
    attempt(lambda s: bt.ind.CrossOver(s.data, 50.0))
    attempt(lambda s: s.data.close[10])
    attempt(lambda s: s.data.close - bt.ind.SMA(s.data.close, period=3)(-9))
    attempt(lambda s: s.getdatabyname("unknown"))
    attempt(lambda s: s.buy_bracket(size=0))
    attempt(lambda s: s.p.wrong)

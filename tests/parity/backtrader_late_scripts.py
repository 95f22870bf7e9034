"""Scripts that make observers, analyzers and indicators at odd places, and ask objects everything.

Many of them fail there too: what fails, and when, is printed.
"""

from backtrader_setting import cerebro_with, frame, script, show


def tried(call):
    """The value of a call, or the name of what it raised."""
    try:
        return show(call())
    except Exception as error:
        return type(error).__name__


def kinds(bt):
    """What a strategy makes by itself, by name."""

    class Doubled(bt.Indicator):
        lines = ("doubled",)

        def next(self):
            self.lines.doubled[0] = self.data[0] * 2

    class Sevens(bt.Observer):
        lines = ("seven",)

        def next(self):
            self.lines.seven[0] = 7

    class Averaging(Sevens):
        def __init__(self):
            self.average = bt.ind.SMA(self.data, period=3)

        def next(self):
            self.lines.seven[0] = self.average[0]

    class Counting(bt.Analyzer):
        count = 0

        def next(self):
            self.count += 1

        def get_analysis(self):
            return self.count

    return {
        "average": lambda me: bt.ind.SMA(me.data, period=4),
        "operation": lambda me: me.data.close(-1),
        "doubled": lambda me: Doubled(me.data),
        "sevens": lambda me: Sevens(me.data),
        "averaging": lambda me: Averaging(me.data),
        "counting": lambda me: Counting(),
    }


@script
def made_late(bt):
    """In `start`, `prenext`, `nextstart`, `next` and `stop`, with and without `runonce`."""

    class Making(bt.Strategy):
        params = (("where", ""), ("make", None))
        made = None

        def __init__(self):
            bt.ind.SMA(period=3)

        def turn(self, where):
            if self.p.where == where and self.made is None:
                self.made = self.p.make(self)

        def start(self):
            self.turn("start")

        def prenext(self):
            self.turn("prenext")

        def nextstart(self):
            self.turn("nextstart")

        def stop(self):
            self.turn("stop")

        def next(self):
            if len(self) == 6:
                self.turn("next")
            if len(self) in (6, 7, 9) and self.made is not None:
                print(len(self), len(self.made), tried(lambda: self.made[0]))

    table = frame(14, 3)
    for runonce in (True, False):
        for where in ("start", "prenext", "nextstart", "next", "stop"):
            for name, make in kinds(bt).items():
                late = where in ("prenext", "nextstart", "next")
                if late and not runonce and name not in ("sevens", "counting"):
                    continue  # what the adapter refuses
                feed = bt.feeds.PandasData(dataname=table)
                cerebro = cerebro_with(Making, feed, where=where, make=make)
                print("==", where, name, runonce)
                try:
                    made = cerebro.run(runonce=runonce)[0].made
                except IndexError:
                    print("IndexError")
                    continue
                if isinstance(made, bt.Analyzer):
                    print(made.get_analysis())
                else:
                    print(len(made), show(list(made.lines[0].array)))


@script
def indicators_of_observers(bt):
    """Their own ones, and lines bound to them; bar by bar they have values."""

    class Apart(bt.Observer):
        lines = ("average", "apart")
        params = (("period", 4),)

        def __init__(self):
            self.average = bt.ind.SMA(self.data, period=self.p.period)
            self.apart = self.data.close - self.average

        def next(self):
            self.lines.average[0] = self.average[0]
            self.lines.apart[0] = self.apart[0]

    class Bound(bt.Observer):
        lines = ("average",)

        def __init__(self):
            self.lines.average = bt.ind.EMA(self._owner.data, period=3)

    class Reading(bt.Strategy):
        def next(self):
            if len(self) > 4:
                seen = self.stats[0]
                print(len(self), len(seen), tried(lambda: seen[0]), tried(lambda: seen[-1]))

    for cls in (Apart, Bound):
        for settings in ({}, {"runonce": False}, {"preload": False}):
            cerebro = cerebro_with(Reading, bt.feeds.PandasData(dataname=frame(12, 4)))
            cerebro.addobserver(cls)
            print("==", cls.__name__, settings)
            try:
                seen = cerebro.run(**settings)[0].stats[0]
            except IndexError:
                print("IndexError")
                continue
            print(seen._minperiod, [show(list(line.array)) for line in seen.lines])


@script
def times_of_analyzers(bt):
    """Results by date where feeds or strategies have a time zone."""

    class Trading(bt.Strategy):
        def next(self):
            if len(self) % 7 == 3:
                self.buy(size=5)
            elif len(self) % 7 == 6:
                self.close()

    frames = bt.TimeFrame
    for freq, unit, count in (("D", frames.Days, 40), ("h", frames.Minutes, 90)):
        for tz, own in (("America/New_York", None), ("Asia/Tokyo", "Asia/Tokyo"), (None, 0)):
            feed = bt.feeds.PandasData(
                dataname=frame(count, 5, start="2020-12-20", freq=freq), tz=tz, timeframe=unit
            )
            cerebro = cerebro_with(Trading, feed)
            cerebro.addtz(own)
            names = "AnnualReturn GrossLeverage Transactions PositionsValue"
            for name in names.split():
                cerebro.addanalyzer(getattr(bt.analyzers, name))
            for period in (frames.Days, frames.Weeks, frames.Months, frames.Years):
                cerebro.addanalyzer(bt.analyzers.TimeReturn, timeframe=period)
                cerebro.addanalyzer(bt.analyzers.PeriodStats, timeframe=period)
            cerebro.addobserver(bt.observers.Broker)
            for analyzer in cerebro.run()[0].analyzers:
                print(freq, tz, own, tried(analyzer.get_analysis))


@script
def shown_objects(bt):
    """How classes and objects print; what is made of them."""
    import pickle
    import re

    def printed(thing, how=repr):
        return re.sub("0x[0-9a-f]+|Ref: [0-9]+", "...", how(thing))

    class Own(bt.Strategy):
        params = (("period", 3),)

        def __init__(self):
            self.average = bt.ind.SMA(period=self.p.period)

        def notify_order(self, order):
            print(printed(order), printed(order, str))

        def notify_trade(self, trade):
            print(printed(trade))

        def next(self):
            if len(self) == 5:
                self.buy()
            if len(self) == 9:
                print(self.getdatanames(), printed(self.data), printed(self.average))
                print(printed(self.position), printed(self.sizer))

    strategy = cerebro_with(Own, bt.feeds.PandasData(dataname=frame(12, 6))).run()[0]
    print(printed(bt.ind.SMA), printed(bt.analyzers.SQN), printed(bt.feeds.PandasData))
    for plain in (strategy.position, bt.CommInfoBase(commission=3.0), bt.ind.SMA):
        print(type(plain) is type(pickle.loads(pickle.dumps(plain))))
    for cls in (bt.ind.EMAEnvelope, bt.ind.Envelope):
        print(cls.plotlines._getpairs())
    print(tried(lambda: bt.studies.Fractal), "Fractal" in dir(bt.studies))


@script
def rare_names(bt):
    """`LinePlotterIndicator`, `MultiLogicReduce`, `LineNum`, `DTFaker`, `LineSeriesMaker`."""
    from backtrader.lineseries import LineSeriesMaker

    class Total(bt.MultiLogicReduce):
        flogic = staticmethod(lambda a, b: a + b)

    class Rare(bt.Strategy):
        def __init__(self):
            self.average = bt.ind.SMA(period=3)
            print(tried(lambda: bt.LinePlotterIndicator(self.data.close, name="close")))
            print(tried(lambda: bt.LinePlotterIndicator(self.average, name="average")))
            print(tried(lambda: bt.LinePlotterIndicator(self.average.sma)))
            self.shown = bt.LinePlotterIndicator(self.data.close - self.average, name="apart")
            self.total = Total(self.data.close, self.data.open, self.average)
            self.plain = bt.linebuffer.LineNum(3.5) + self.data.close
            one, other = LineSeriesMaker(self.data.close), LineSeriesMaker(self.data, slave=True)
            print(other is self.data, one.slave, isinstance(self, bt.StrategyBase))
            self.one = bt.ind.SMA(one, period=2)

        def prenext(self):
            print("prenext", len(self))

        def next(self):
            values = (self.shown, self.total, self.plain, self.one)
            print(len(self), show([value[0] for value in values]), len(self.shown))

        def stop(self):
            faked = bt.DTFaker(self.data, forcedata=self.data)
            print(len(faked), faked[0], faked[-1], faked.date(), faked.time(), faked.sessionend)
            print(faked.datetime is faked, faked(), faked.num2date(737000.5))
            print(bt.DTFaker(self.data)[0] > 738000.0)
            order = bt.BuyOrder(
                owner=self, data=self.data, size=1, exectype=bt.Order.StopTrail, trailamount=2.0
            )
            for price in (10.0, 60.0, 7.0):
                order.trailadjust(price)
                print(order.created.price)

    cerebro_with(Rare, bt.feeds.PandasData(dataname=frame(12, 6))).run()


@script
def timers_with_more_arguments(bt):
    """Keywords reach `notify_timer`; positions behind `cheat` are an error."""
    import datetime

    none = datetime.timedelta()
    start = bt.timer.SESSION_START

    class Timed(bt.Strategy):
        def __init__(self):
            args = (start, none, none, [1, 3], False, [], True, None, None, False)
            print(tried(lambda: self.add_timer(*args, "more")))
            self.add_timer(*args, key="strategy")

        def notify_timer(self, timer, when, *args, **kwargs):
            print(len(self), timer.p.tid, when, args, kwargs)

    cerebro = cerebro_with(Timed, bt.feeds.PandasData(dataname=frame(9, 6)))
    args = (start, none, none, [2], False, [], True, None, None, True, False)
    print(tried(lambda: cerebro.add_timer(*args, "more")))
    cerebro.add_timer(*args, key="cerebro")
    cerebro.run()


@script
def fund_history(bt):
    """The account is worth what a fund was worth; not with `runonce`."""
    import datetime

    class Following(bt.Strategy):
        def notify_order(self, order):
            print(order.getstatusname(), order.executed.price)

        def next(self):
            if len(self) == 4:
                self.buy(size=3)
            if len(self) == 9:
                self.close()
            broker = self.broker
            values = broker.getcash(), broker.getvalue(), broker.fundvalue, broker.fundshares
            lever = broker.getvalue(lever=True), broker.getvalue(mkt=True), broker.get_leverage()
            print(len(self), show(values), show(lever), broker.startingcash)

    fund = [
        ("2021-03-01", 100.0, 20000.0),
        ("2021-03-04T00:00:00", 105.0, 25000.0),
        (datetime.date(2021, 3, 8), 99.0, 18000.0),
        (datetime.datetime(2021, 3, 12), 101.0, 18500.0),
    ]
    for settings in ({}, {"runonce": False}, {"preload": False}):
        for whose in ("cerebro", "broker"):
            cerebro = cerebro_with(Following, bt.feeds.PandasData(dataname=frame(14, 6)))
            (cerebro if whose == "cerebro" else cerebro.broker).set_fund_history(iter(fund))
            cerebro.addanalyzer(bt.analyzers.TimeReturn, timeframe=bt.TimeFrame.Weeks)
            cerebro.addobserver(bt.observers.FundValue)
            cerebro.addobserver(bt.observers.FundShares)
            try:
                strategy = cerebro.run(**settings)[0]
            except AttributeError:
                print("AttributeError")
                continue
            print(show(strategy.analyzers[0].get_analysis()))
            print([show(list(seen.lines[0].array)) for seen in strategy.stats])


@script
def standard_observers_and_own(bt):
    """One that is added has the name; the standard ones come first all the same."""

    class Reading(bt.Strategy):
        def next(self):
            if len(self) == 3:
                self.buy()
            if len(self) in (5, 8):
                seen = self.stats
                print(seen.buysell[0].buy[-1], seen.broker.value[0], type(seen[0]).__name__)

    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.PandasData(dataname=frame(12, 6)))
    cerebro.addstrategy(Reading)
    cerebro.addobservermulti(bt.observers.BuySell, barplot=True, bardist=0.5)
    cerebro.addobserver(bt.observers.Broker)
    strategy = cerebro.run()[0]
    print(show(list(strategy.stats.buysell[0].buy.array)), strategy.stats.getnames())
    print([type(one).__name__ for one in strategy.getobservers()])


@script
def names_that_are_not_there(bt):
    """Scripts ask for names of other versions, and list what a module has."""
    print(hasattr(bt, "MovAv"), hasattr(bt.indicators, "Nothing"), hasattr(bt.feeds, "Nothing"))
    print(tried(lambda: bt.Nothing), tried(lambda: bt.analyzers.SystemQualityNumber))
    listed = {name: getattr(bt.analyzers, name) for name in dir(bt.analyzers)}
    classes = {name: one for name, one in listed.items() if isinstance(one, type)}
    print([name for name, cls in classes.items() if issubclass(cls, bt.Analyzer)])
    print(bt.Order, bt.BuyOrder, bt.Trade, bt.Position, bt.Cerebro, bt.feeds.PandasData)

"""Scripts with feeds made of feeds: two timeframes, replays, clones, filters, chains."""

import datetime

from backtrader_setting import Reporting, frame, script, show


def minutes(bt, count=78, **kwargs):
    table = frame(count, start="2021-03-01 09:30", freq="15min")
    table = table.between_time("09:30", "16:00")
    return bt.feeds.PandasData(
        dataname=table, timeframe=bt.TimeFrame.Minutes, compression=15, **kwargs
    )


def days(bt, count=60, **kwargs):
    return bt.feeds.PandasData(dataname=frame(count), **kwargs)


@script
def two_timeframes(bt):
    class Strategy(Reporting, bt.Strategy):
        def __init__(self):
            self.fast = bt.ind.SMA(self.data0, period=5)
            self.slow = bt.ind.SMA(self.data1, period=3)
            self.cross = bt.ind.CrossOver(self.data0.close, self.slow())
            self.spread = self.data0.close - self.data1.close()

        def next(self):
            print(
                len(self),
                len(self.data0),
                len(self.data1),
                show([self.fast[0], self.slow[0], self.slow[-1], self.cross[0], self.spread[0]]),
            )
            if self.cross > 0 and not self.position:
                self.buy(size=10)
            elif self.cross < 0 and self.position:
                self.close()
            if len(self.data1) == 6 and not self.getposition(self.data1):
                self.buy(data=self.data1, size=3)

    cerebro = bt.Cerebro(stdstats=False)
    feed = days(bt)
    cerebro.adddata(feed, name="daily")
    weekly = cerebro.resampledata(feed, name="weekly", timeframe=bt.TimeFrame.Weeks)
    print(type(weekly).__name__, weekly._name, weekly.resampling, weekly.replaying)
    cerebro.addstrategy(Strategy)
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer, _name="trades")
    cerebro.addanalyzer(bt.analyzers.DrawDown, _name="fall")
    strategy = cerebro.run()[0]
    print(show(strategy.analyzers.fall.get_analysis()), show(cerebro.broker.getvalue()))


@script
def only_the_longer_bars(bt):
    class Strategy(bt.Strategy):
        def next(self):
            print(len(self), self.data.datetime.datetime(0), show(self.data.close[0]))
            if self.data.buflen() == len(self.data) == 9:
                print("bars so far", self.data.buflen())

    for timeframe, compression in (("Minutes", 30), ("Minutes", 60), ("Days", 1)):
        cerebro = bt.Cerebro(stdstats=False)
        frame_ = getattr(bt.TimeFrame, timeframe)
        cerebro.resampledata(minutes(bt), timeframe=frame_, compression=compression)
        cerebro.addstrategy(Strategy)
        cerebro.run()
    cerebro = bt.Cerebro(stdstats=False)
    feed = days(bt)
    feed.resample(timeframe=bt.TimeFrame.Months)
    cerebro.adddata(feed)
    cerebro.addstrategy(Strategy)
    cerebro.run()


@script
def replayed_days(bt):
    class Strategy(Reporting, bt.Strategy):
        def __init__(self):
            self.mean = bt.ind.EMA(self.data, period=2)

        def next(self):
            d = self.data
            bar = [d.open[0], d.high[0], d.low[0], d.close[0], d.close[-1], d.volume[0]]
            ticks = [d.tick_open, d.tick_high, d.tick_low, d.tick_close]
            print(len(self), len(d), d.datetime.datetime(0), show(bar), show(ticks))
            print(show([self.mean[0], self.mean[-1]]), self.position.size)
            if d.close[0] > self.mean[0] and not self.position:
                self.buy()
            elif d.close[0] < self.mean[0] and self.position:
                self.close()

    cerebro = bt.Cerebro(stdstats=False)
    cerebro.replaydata(minutes(bt, 260), timeframe=bt.TimeFrame.Days, name="days")
    cerebro.addstrategy(Strategy)
    cerebro.run()
    print(show(cerebro.broker.getvalue()))
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.replaydata(days(bt), timeframe=bt.TimeFrame.Weeks, name="weeks")
    cerebro.addstrategy(Strategy)
    cerebro.run()
    print(show(cerebro.broker.getvalue()))


@script
def clones(bt):
    class Strategy(bt.Strategy):
        def next(self):
            print([(d._name, d._dataname is table, len(d), show(d.close[0])) for d in self.datas])

    table = frame(6)
    for kwargs in ({}, {"runonce": False}, {"preload": False}):
        cerebro = bt.Cerebro(stdstats=False)
        feed = bt.feeds.PandasData(dataname=table)
        cerebro.adddata(feed, name="a")
        cerebro.adddata(feed.clone(), name="b")
        copied = feed.copyas("c")
        cerebro.adddata(copied)
        print(type(copied).__name__, copied._name, copied._dataname, copied.p.timeframe)
        cerebro.addstrategy(Strategy)
        cerebro.run(**kwargs)


@script
def filters_of_feeds(bt):
    class Strategy(bt.Strategy):
        def next(self):
            d = self.data
            values = [line[0] for line in d.lines]
            print(len(self), d.datetime.datetime(0), show(values))

    class Skip(bt.Filter):
        params = (("every", 3),)

        def nextstart(self, data):
            self.count = 0
            print("first", data.datetime.date(0))

        def next(self, data):
            self.count += 1
            if self.count % self.p.every == 0:
                data.close[0] = 1.0

    def weekend(data):
        return data.datetime.date(0).weekday() >= 3

    def run(feed):
        cerebro = bt.Cerebro(stdstats=False)
        cerebro.adddata(feed)
        cerebro.addstrategy(Strategy)
        cerebro.run()

    feed = days(bt, 12)
    feed.addfilter(Skip, every=4)
    feed.addfilter_simple(weekend)
    run(feed)
    run(days(bt, 12, filters=[bt.filters.HeikinAshi]))
    feed = days(bt, 12)
    feed.addfilter(bt.filters.CalendarDays, fill_price=0)
    feed.addfilter(bt.filters.Renko, size=1.0)
    run(feed)
    feed = days(bt, 5)
    feed.addfilter(bt.filters.BarReplayer_Open)
    run(feed)
    feed = minutes(bt, 60, sessionstart=datetime.time(10), sessionend=datetime.time(12))
    feed.addfilter(bt.filters.SessionFilter)
    run(feed)
    feed = days(bt, 4)
    feed.addfilter(bt.filters.CalendarDays)
    try:
        run(feed)
    except TypeError as error:
        print(type(error).__name__)
    try:
        run(bt.filters.DataFilter(dataname=days(bt, 9), funcfilter=len))
    except AttributeError as error:
        print(type(error).__name__)


@script
def chained_and_rolled(bt):
    class Strategy(bt.Strategy):
        def next(self):
            print(len(self), self.data.datetime.date(0), show(self.data.close[0]))

        def stop(self):
            print(self.data._name, self.data._timeframe, self.data._compression, self.data.islive())

    tables = [frame(10, seed=k, start=f"2021-03-{1 + 7 * k:02d}") for k in range(3)]
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.chaindata(*[bt.feeds.PandasData(dataname=t) for t in tables], name="chain")
    cerebro.addstrategy(Strategy)
    cerebro.run()
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.rolloverdata(
        *[bt.feeds.PandasData(dataname=t) for t in tables],
        name="roll",
        checkdate=lambda dt, d: dt.weekday() == 3,
        checkcondition=lambda d0, d1: d1.volume[0] > d0.volume[0] / 2,
    )
    cerebro.addstrategy(Strategy)
    cerebro.run()


@script
def feeds_that_tell(bt):
    class Telling(bt.feeds.PandasData):
        def islive(self):
            return True

        def _load(self):
            done = super()._load()
            if len(self) == 3:
                self.put_notification(self.DELAYED, "late", seconds=4)
            elif len(self) == 5:
                self.put_notification(self.LIVE)
                self.put_notification(self.LIVE)
            return done

    class Strategy(bt.Strategy):
        def notify_data(self, data, status, *args, **kwargs):
            print(len(self), data._name, data._getstatusname(status), args, kwargs)

        def next(self):
            print("next", len(self), len(self.data), self.data.buflen())

    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddatacb(lambda data, status, *args, **kwargs: print("called", status, args, kwargs))
    cerebro.adddata(Telling(dataname=frame(8)), name="live")
    cerebro.addstrategy(Strategy)
    cerebro.run()

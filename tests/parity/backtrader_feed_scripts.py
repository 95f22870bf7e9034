"""Scripts about feeds: every file format, feeds of their own, time zones, odd times."""

import datetime
import io
import os
import struct
import tempfile

from backtrader_setting import cerebro_with, frame, prices, script, show


def day(i, start=datetime.date(2021, 3, 1)):
    return start + datetime.timedelta(days=i)


class Folder:
    """Files that live as long as a script."""

    def __enter__(self):
        self.place = tempfile.TemporaryDirectory()
        return self

    def __exit__(self, *_):
        self.place.cleanup()

    def write(self, name, rows, header=None, sep=","):
        path = os.path.join(self.place.name, name)
        lines = [sep.join(str(x) for x in row) for row in rows]
        with open(path, "w") as file:
            file.write("\n".join(([header] if header else []) + lines) + "\n")
        return path


def printing(bt):
    """A strategy that prints every bar of every data."""

    class Print(bt.Strategy):
        def next(self):
            for data in self.datas:
                if len(data):
                    values = [line[0] for line in data.lines]
                    print(len(self), len(data), data._name, data.datetime.datetime(0), show(values))

        prenext = next

        def stop(self):
            for data in self.datas:
                print(data._name, data.buflen(), data._timeframe, data._compression)
                print(show([data.fromdate, data.todate, data.sessionstart, data.sessionend]))

    return Print


def play(bt, *feeds, **kwargs):
    names = [feed._name for feed in feeds]
    cerebro = bt.Cerebro(stdstats=False, **kwargs)
    for feed in feeds:
        cerebro.adddata(feed)
    cerebro.addstrategy(printing(bt))
    strategies = cerebro.run()
    print([os.path.basename(str(name)) for name in names])
    return strategies


def bars(count=12, seed=3, **kwargs):
    return list(enumerate(prices(count, seed, **kwargs)))


@script
def backtrader_csv(bt):
    with Folder() as folder:
        daily = [(day(i), *map(str, p), 7) for i, p in bars()]
        path = folder.write("daily.csv", daily, "Date,Open,High,Low,Close,Volume,OI")
        play(bt, bt.feeds.BacktraderCSVData(dataname=path))
        play(
            bt,
            bt.feeds.BacktraderCSVData(
                dataname=path,
                name="cut",
                fromdate=datetime.date(2021, 3, 4),
                todate=datetime.datetime(2021, 3, 9),
                sessionend=datetime.time(16, 30),
            ),
        )
        minutes = [(day(i // 4), f"{9 + i % 4:02d}:30:00", *p, 0) for i, p in bars()]
        path = folder.write("minutes.csv", minutes, sep=";")
        feed = bt.feeds.BacktraderCSVData(
            dataname=path, headers=False, separator=";", timeframe=bt.TimeFrame.Minutes
        )
        play(bt, feed, runonce=False)
        with open(path) as file:
            feed = bt.feeds.BacktraderCSVData(
                dataname=file, name="opened", headers=False, separator=";"
            )
            play(bt, feed, preload=False)


@script
def yahoo_csv(bt):
    rows = []
    for i, (o, h, low, c, v) in bars(14):
        adjusted = round(c * (0.8 + i / 70), 6)
        rows.append((day(i), o, h, low, c, adjusted, int(v)))
    rows[3] = (day(3), *["null"] * 6)
    rows[4] = (day(4), *["null"] * 6)
    rows[9] = (*rows[9][:6], "none")
    header = "Date,Open,High,Low,Close,Adj Close,Volume"
    with Folder() as folder:
        path = folder.write("yahoo.csv", rows, header)
        upside_down = folder.write("newest.csv", rows[::-1], header)
        ends_in_null = folder.write("null.csv", [*rows, rows[3]], header)
        Feed = bt.feeds.YahooFinanceCSVData
        play(bt, Feed(dataname=path))
        play(bt, Feed(dataname=path, adjclose=False, round=False, roundvolume=1))
        play(bt, Feed(dataname=path, adjvolume=False, decimals=4))
        play(bt, Feed(dataname=path, swapcloses=True), runonce=False)
        play(bt, Feed(dataname=upside_down, reverse=True))
        play(bt, Feed(dataname=ends_in_null))
        play(bt, bt.feeds.YahooLegacyCSV(dataname=path, version="x", todate=day(6)))


@script
def other_csv(bt):
    with Folder() as folder:
        rows = [(f"{day(i // 3):%Y.%m.%d}", f"{10 + i % 3}:15", *p) for i, p in bars()]
        path = folder.write("mt4.csv", rows)
        play(bt, bt.feeds.MT4CSVData(dataname=path, headers=False, timeframe=bt.TimeFrame.Minutes))
        rows = [(f"{day(i):%Y/%m/%d}", *p, 3) for i, p in bars()]
        path = folder.write("sierra.csv", rows, "Date,O,H,L,C,V,OI")
        play(bt, bt.feeds.SierraChartCSVData(dataname=path))
        rows = [("ES", "D", f"{day(i):%Y%m%d}", "0", *p, 5) for i, p in bars()]
        path = folder.write("chart.csv", rows, "h")
        play(bt, bt.feeds.VChartCSVData(dataname=path))
        rows = [("ES", "I", f"{day(i // 5):%Y%m%d}", f"{9 + i % 5}3015", *p, 5) for i, p in bars()]
        path = folder.write("intraday.csv", rows, "h")
        play(bt, bt.feeds.VChartCSVData(dataname=path))
        rows = [(day(i), *p, 0, 1, *(x / 2 + 0.125 for x in p)) for i, p in bars()]
        path = folder.write("quandl.csv", rows, "h")
        upside_down = folder.write("quandl2.csv", rows[::-1], "h")
        play(bt, bt.feeds.QuandlCSV(dataname=path))
        play(bt, bt.feeds.QuandlCSV(dataname=path, adjclose=False))
        play(bt, bt.feeds.QuandlCSV(dataname=upside_down, reverse=True, round=True, decimals=1))


@script
def binary_files(bt):
    def number(when):
        return when.year * 500 + when.month * 32 + when.day

    with Folder() as folder:
        daily = os.path.join(folder.place.name, "x.fd")
        with open(daily, "wb") as file:
            for i, (o, h, low, c, v) in bars():
                file.write(struct.pack("IffffII", number(day(i)), o, h, low, c, int(v), i))
        play(bt, bt.feeds.VChartData(dataname=daily, name="d"))
        play(bt, bt.feeds.VChartData(dataname=daily[:-3], name="e"))
        minutes = os.path.join(folder.place.name, "x.min")
        with open(minutes, "wb") as file:
            for i, (o, h, low, c, v) in bars():
                second = (9 * 60 + 15 * i) * 60 + i
                file.write(struct.pack("IIffffII", number(day(0)), second, o, h, low, c, int(v), i))
        play(bt, bt.feeds.VChartData(dataname=minutes, name="m"))


@script
def rows_of_anything(bt):
    rows = [(datetime.datetime.combine(day(i), datetime.time(9)), *p) for i, p in bars()]
    from backtrader.feeds.blaze import BlazeData

    play(bt, BlazeData(dataname=rows, openinterest=-1, name="rows"))
    play(bt, BlazeData(dataname=rows, openinterest=-1, name="rows"), runonce=False)


@script
def own_feed_by_load(bt):
    class Made(bt.feeds.DataBase):
        lines = ("signal",)
        params = (("count", 10), ("step", 2))

        def start(self):
            super().start()
            self.i = -1
            print("start", self._name, self.p.count)

        def stop(self):
            print("stop")

        def _load(self):
            self.i += 1
            if self.i >= self.p.count:
                return False
            base = 50.0 + self.i
            when = datetime.datetime(2021, 3, 1, 12) + datetime.timedelta(days=self.p.step * self.i)
            self.lines.datetime[0] = self.date2num(when)
            self.lines.open[0] = base
            self.l.high[0] = base + 2
            self.lines.low[0] = base - 1
            self.lines.close[0] = base + 1
            self.lines.volume.set(100)
            if len(self) > 1:
                self.lines.signal[0] = self.lines.close[0] - self.lines.close[-1] + self.i
            return True

    play(bt, Made(name="a"))
    play(bt, Made(name="b", count=4, fromdate=datetime.datetime(2021, 3, 3)), runonce=False)
    play(bt, Made(name="c"), Made(name="d", step=3), preload=False)

    class Trade(bt.Strategy):
        def __init__(self):
            self.mean = bt.ind.SMA(self.data.signal, period=3)

        def next(self):
            print(len(self), show([self.mean[0], self.broker.getvalue()]))
            if len(self) == 5:
                self.buy()

    cerebro_with(Trade, Made(name="z")).run()
    cerebro = cerebro_with(Trade, Made(name="z"))
    cerebro.run()
    cerebro.run()


@script
def own_feed_by_loadline(bt):
    class Lines(bt.feeds.GenericCSVData):
        lines = ("pe",)
        params = (("pe", 6), ("dtformat", "%Y-%m-%d"), ("openinterest", -1))

        def _loadline(self, tokens):
            if tokens[1] == "skip":
                tokens = self._getnextline()
            done = super()._loadline(tokens)
            self.lines.pe[0] = self.lines.pe[0] * 10
            return done

    class Raw(bt.CSVDataBase):
        def start(self):
            super().start()
            print(type(self.f).__name__, self.separator)

        def _loadline(self, tokens):
            when = datetime.datetime.strptime(tokens[0], "%Y-%m-%d")
            self.lines.datetime[0] = bt.date2num(when)
            for name, text in zip(("open", "high", "low", "close"), tokens[1:], strict=False):
                getattr(self.lines, name)[0] = float(text)
            return True

    with Folder() as folder:
        rows = [(day(i), *p, i / 4) for i, p in bars()]
        rows.insert(4, (day(4), "skip"))
        path = folder.write("own.csv", rows, "h")
        play(bt, Lines(dataname=path))
        play(bt, Lines(dataname=path, todate=day(8)), preload=False)
        del rows[4]
        path = folder.write("raw.csv", rows, "h")
        play(bt, Raw(dataname=path))
        bad = folder.write("bad.csv", [*rows[:3], (day(5), "1", "2", "x", "3", "4")], "h")
        try:
            play(bt, Raw(dataname=bad))
        except ValueError as error:
            print(type(error).__name__)
    text = "\n".join(",".join(map(str, row)) for row in rows)
    play(bt, Raw(dataname=io.StringIO(text), headers=False, name="text"))


@script
def pandas_in_own_ways(bt):
    class Every(bt.feeds.PandasData):
        """Leaves out every third bar."""

        def _load(self):
            done = super()._load()
            if done and len(self) % 3 == 0:
                self.lines.close[0] += 100
            return done

    class Direct(bt.feeds.PandasDirectData):
        def _load(self):
            done = super()._load()
            self.lines.openinterest[0] = 9
            return done

    play(bt, Every(dataname=frame(9), name="e"))
    play(bt, Direct(dataname=frame(9), openinterest=-1, name="f"))


@script
def time_zones(bt):
    import pytz

    eastern = pytz.timezone("US/Eastern")
    hours = frame(40, freq="h", start="2021-03-13 02:00")

    class Zones(bt.Strategy):
        def next(self):
            d = self.data
            print(
                show(d.datetime[0]),
                d.datetime.datetime(0),
                d.datetime.date(0),
                d.datetime.time(0),
                d.num2date(),
                d.num2date(naive=False),
                d.datetime.datetime(0, tz=pytz.timezone("Europe/Berlin")),
                bt.num2date(d.datetime[0]),
                self.datetime.datetime(0),
                show(d.date2num(datetime.datetime(2021, 3, 14, 12))),
            )

    def run(cerebro_tz=None, **kwargs):
        print(sorted(kwargs))
        cerebro = bt.Cerebro(stdstats=False, tz=cerebro_tz)
        feed = bt.feeds.PandasData(dataname=hours, timeframe=bt.TimeFrame.Minutes, **kwargs)
        cerebro.adddata(feed)
        cerebro.addstrategy(Zones)
        cerebro.run()
        print(show([feed.fromdate, feed.todate, feed.sessionstart, feed.sessionend]), feed._tz)

    limits = {
        "fromdate": datetime.datetime(2021, 3, 13, 20),
        "todate": datetime.datetime(2021, 3, 14, 9),
    }
    run(tz=eastern)
    run(tz="US/Eastern", **limits)
    run(tz="CST")
    run(tzinput=eastern)
    run(tzinput="US/Eastern", tz="Asia/Tokyo", **limits)
    run("Asia/Tokyo")
    run(0, tz="US/Eastern")
    run(eastern, tz=pytz.utc)


@script
def time_zones_of_files(bt):
    with Folder() as folder:
        rows = [(day(i), *p, 0) for i, p in bars()]
        path = folder.write("daily.csv", rows, "h")
        for kwargs in (
            {"tz": "US/Eastern"},
            {"tzinput": "US/Eastern"},
            {"tz": "Asia/Tokyo", "tzinput": "US/Pacific", "sessionend": datetime.time(16)},
        ):
            play(bt, bt.feeds.GenericCSVData(dataname=path, dtformat="%Y-%m-%d", **kwargs))
            play(bt, bt.feeds.BacktraderCSVData(dataname=path, **kwargs))


@script
def times_that_do_not_increase(bt):
    table = frame(12)
    index = list(table.index)
    index[4] = index[3]
    index[5] = index[3]
    index[9] = index[8]
    equal = table.copy()
    equal.index = index

    class Trade(printing(bt)):
        def next(self):
            super().next()
            if len(self) in (2, 7):
                self.buy(size=len(self))
            elif len(self) in (3, 4, 5, 9):
                self.sell(exectype=bt.Order.Limit, price=self.data.close[0])

        def notify_order(self, order):
            print(order.ref - self.base, order.getstatusname(), show(order.executed.price))

        def start(self):
            self.base = next(bt.Order.refbasis)

    for tables in ([equal], [equal, table], [table, equal]):
        feeds = [bt.feeds.PandasData(dataname=t) for t in tables]
        print(show(cerebro_with(Trade, *feeds).run()[0].broker.getvalue()))
    swapped = table.iloc[[0, 1, 4, 2, 3, 5, 6, 7, 8, 9, 10, 11]]
    feeds = [bt.feeds.PandasData(dataname=swapped)]
    print(show(cerebro_with(Trade, *feeds).run()[0].broker.getvalue()))


@script
def attributes_of_feeds(bt):
    class Look(bt.Strategy):
        def start(self):
            d = self.data
            print(hasattr(d, "tick_close"), len(d), d.buflen())
            print(d._NOTIFNAMES, d._getstatusname(4), d.resampling, d.replaying, d.islive())
            print(d.getwriterheaders(), d.getwriterinfo())

        def next(self):
            d = self.data
            if len(self) in (1, 2, 5):
                ticks = [d.tick_open, d.tick_high, d.tick_low, d.tick_close, d.tick_volume]
                print(show(ticks), d.tick_openinterest, d.tick_last, hasattr(d, "tick_open"))
                print(show(d.getwritervalues()), d._dataname is table, d.p.qcheck)
                print(d._getnexteos(), show(d.advance_peek()))
                order = [d.lines[i][0] for i in d.LineOrder]
                print(show(order), d.Close, d.DateTime, show(d.lines[d.Volume][0]))

    table = frame(6).assign(openinterest=4)
    cerebro_with(Look, bt.feeds.PandasData(dataname=table)).run()
    print(bt.TimeFrame.getname(bt.TimeFrame.Minutes, 5), bt.TimeFrame.getname(5, 1))


@script
def makers_of_feeds(bt):
    maker = bt.feeds.BacktraderCSV(basepath="nowhere/")
    try:
        maker.getdata("a.csv", name="made")
    except TypeError as error:
        print(type(error).__name__)
    print(bt.feeds.GenericCSV.DataCls.__name__, sorted(maker.p._getkwargs()), maker.datas)

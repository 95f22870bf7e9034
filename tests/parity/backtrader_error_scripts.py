"""Scripts that make mistakes and print the errors: their type, their text, and what ran before."""

import datetime
import functools
import os
import tempfile

from backtrader_setting import frame, script

LANES = ({}, {"runonce": False}, {"preload": False})


def tell(name, call):
    try:
        call()
    except Exception as error:
        print(name, type(error).__name__, error)
    else:
        print(name, "passed")


def run(bt, add, *feeds, **kwargs):
    cerebro = bt.Cerebro(stdstats=False)
    for feed in feeds or [bt.feeds.PandasData(dataname=frame(60))]:
        cerebro.adddata(feed)
    add(cerebro)
    return cerebro.run(**kwargs)


INDICATORS = (
    "SMA EMA RSI RSI_SMA MACD BollingerBands ATR CrossOver CrossUp NonZeroDifference Highest ADX "
    "KAMA PSAR PivotPoint PercentagePriceOscillator PriceOscillator Accum WeightedAverage StdDev "
    "SMAEnvelope RMI LaguerreRSI HeikinAshi OLS_BetaN Average ExponentialSmoothing WilliamsR"
)
ANALYZERS = "AnnualReturn DrawDown SharpeRatio SharpeRatio_A TimeReturn TradeAnalyzer VWR"
OBSERVERS = "Benchmark Broker BuySell DrawDown Trades"
SIZERS = "FixedSize FixedReverser PercentSizer AllInSizerInt"
FILES = "GenericCSVData BacktraderCSVData YahooFinanceCSVData PandasData PandasDirectData"


@script
def parameters_that_are_not_there(bt):
    class Plain(bt.Strategy):
        params = (("period", 3),)

    class Own(Plain):
        def __init__(self):
            for name in INDICATORS.split():
                made = getattr(bt.ind, name)
                tell(name, lambda made=made: made(self.data.close, self.data.open, wrong=1))
                tell(name, lambda made=made: made(self.data.close, self.data.open, 5))

    class Passing(Plain):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)

    class Counting(bt.Analyzer):
        pass

    class Sizing(bt.Sizer):
        def __init__(self):
            pass

    run(bt, lambda c: c.addstrategy(Own))
    for kind in (Plain, Own, Passing):
        tell(kind.__name__, lambda kind=kind: run(bt, lambda c: c.addstrategy(kind, perido=1)))
    for names, module, method in (
        (ANALYZERS, bt.analyzers, "addanalyzer"),
        (OBSERVERS, bt.observers, "addobserver"),
        (SIZERS, bt.sizers, "addsizer"),
    ):
        for made in [getattr(module, name) for name in names.split()]:
            tell(
                made.__name__,
                lambda made=made, method=method: run(
                    bt, lambda c: getattr(c, method)(made, wrong=1)
                ),
            )
    tell("own analyzer", lambda: run(bt, lambda c: c.addanalyzer(Counting, wrong=1)))
    tell("own sizer", lambda: run(bt, lambda c: c.addsizer(Sizing, wrong=1)))
    tell("signal", lambda: run(bt, lambda c: c.add_signal(bt.SIGNAL_LONG, bt.ind.SMA, wrong=1)))
    for name in FILES.split():
        made = getattr(bt.feeds, name)
        source = frame(5) if "Pandas" in name else "nowhere.csv"
        tell(name, lambda made=made, source=source: made(dataname=source, wrong=1))
    tell("cerebro", lambda: bt.Cerebro(stdstat=False))
    tell("run", lambda: run(bt, lambda c: None, wrong=1))
    tell("commission", lambda: bt.CommissionInfo(wrong=1))


@script
def names_that_are_not_there(bt):
    class Lacking(bt.Strategy):
        params = (("period", 3),)

        def __init__(self):
            self.sma = bt.ind.SMA(period=self.p.period)
            self.read()
            self.sma.lines.nothing = self.data.close + 1.0

        def read(self):
            data, sma = self.data, self.sma
            for name, call in {
                "self.smaa": lambda: self.smaa,
                "self.period": lambda: self.period,
                "self.lines.x": lambda: self.lines.x,
                "self.data7": lambda: self.data7,
                "self.data_x": lambda: self.data_x,
                "data.x": lambda: data.x,
                "data.lines.x": lambda: data.lines.x,
                "data.tick_x": lambda: data.tick_x,
                "data.close.x": lambda: data.close.x,
                "sma.x": lambda: sma.x,
                "sma.lines.x": lambda: sma.lines.x,
                "sma.lines['sma']": lambda: sma.lines["sma"],
                "sma.lines[3]": lambda: sma.lines[3],
                "self.p.x": lambda: self.p.x,
                "data.p.x": lambda: data.p.x,
                "sma.p.x": lambda: sma.p.x,
                "sizer.p.x": lambda: self.sizer.p.x,
                "broker.p.x": lambda: self.broker.p.x,
                "env.p.x": lambda: self.env.p.x,
                "costs.p.x": lambda: self.broker.getcommissioninfo(data).p.x,
                "Lacking.params.x": lambda: Lacking.params.x,
                "plotinfo.x": lambda: sma.plotinfo.x,
                "plotlines.x": lambda: sma.plotlines.x,
                "hasattr": lambda: print([hasattr(o, "x") for o in (self, data, sma, self.p)]),
            }.items():
                tell(name, call)

        def next(self):
            if len(self) == 20:
                self.read()

    run(bt, lambda c: c.addstrategy(Lacking))


@script
def indexes_that_are_not_there(bt):
    class Reading(bt.Strategy):
        def __init__(self):
            self.sma = bt.ind.SMA(period=3)

        def next(self):
            if len(self) not in (3, 60):
                return
            times = self.data.datetime
            for ago in (-99, 1, 99):
                tell("data", lambda ago=ago: print(self.data[ago]))
                tell("line", lambda ago=ago: print(self.data.close[ago]))
                tell("indicator", lambda ago=ago: print(self.sma[ago]))
                tell("its line", lambda ago=ago: print(self.sma.lines.sma[ago]))
                tell("datetime", lambda ago=ago: print(times.datetime(ago)))
                tell("date", lambda ago=ago: print(times.date(ago)))
                tell("time", lambda ago=ago: print(times.time(ago)))
            for ago in (-99, 99):
                tell("write", lambda ago=ago: self.data.close.__setitem__(ago, 1.0))
            tell("text", lambda: self.data.close.__setitem__(0, "1"))
            tell("nothing", lambda: self.data.close.__setitem__(0, None))

    for lane in LANES:
        print(lane)
        run(bt, lambda c: c.addstrategy(Reading), **lane)


class Reads:
    """Prints the bars that come before an error."""

    def start(self):
        print("start")

    def next(self):
        print("next", len(self), *map(len, self.datas))

    def stop(self):
        print("stop")


HEADER = "date,open,high,low,close,volume"
FIRST, SECOND = "2021-03-01,1,4,0.5,2,100", "2021-03-02,1,4,0.5,2,100"


@script
def rows_that_cannot_be_read(bt):
    class Reading(Reads, bt.Strategy):
        pass

    table = frame(3)
    with tempfile.TemporaryDirectory() as folder:

        def file(*rows):
            path = os.path.join(folder, "prices.csv")
            with open(path, "w") as out:
                out.write("\n".join(rows))
            return path

        def csv(*rows, **kwargs):
            settings = {"dtformat": "%Y-%m-%d", "openinterest": -1, **kwargs}
            return bt.feeds.GenericCSVData(dataname=file(*rows), **settings)

        def pandas(changed=table, **kwargs):
            return bt.feeds.PandasData(dataname=changed, **kwargs)

        def play(feed, **lane):
            run(bt, lambda c: c.addstrategy(Reading), feed, **lane)

        timed = {"time": 5, "volume": -1}
        cases = {
            "short": lambda: csv(HEADER, FIRST, "2021-03-02,1,2,3", SECOND),
            "beyond": lambda: csv(HEADER, FIRST, openinterest=6),
            "text": lambda: csv(HEADER, FIRST, SECOND.replace("0.5", "low")),
            "after todate": lambda: csv(
                HEADER, FIRST, SECOND, "2021-03-03,x", todate=datetime.datetime(2021, 3, 1)
            ),
            "date": lambda: csv(HEADER, FIRST, "02.03.2021,1,4,3,2,100"),
            "format": lambda: csv(HEADER, FIRST, dtformat="%d.%m.%Y"),
            "number": lambda: csv(HEADER, FIRST, dtformat=3),
            "seconds": lambda: csv(HEADER, FIRST, dtformat=1),
            "empty line": lambda: csv(HEADER, FIRST, "", SECOND),
            "header": lambda: csv(HEADER, FIRST, headers=False),
            "separator": lambda: csv(HEADER, FIRST, separator=";"),
            "time": lambda: csv(HEADER, FIRST, **timed, timeframe=bt.TimeFrame.Minutes),
            "own layout": lambda: bt.feeds.BacktraderCSVData(dataname=file(HEADER, FIRST)),
            "its date": lambda: bt.feeds.BacktraderCSVData(
                dataname=file(HEADER, FIRST + ",0", "02/03/2021,1,2,3,4,5,6")
            ),
            "yahoo": lambda: bt.feeds.YahooFinanceCSVData(
                dataname=file(HEADER, FIRST + ",5", "2021-03-02,1,x,3,4,5,6")
            ),
            "column": lambda: pandas(close="adjusted"),
            "position": lambda: pandas(openinterest=9),
            "texts": lambda: pandas(table.assign(low=["1", "x", 2.0])),
            "none": lambda: pandas(table.assign(low=[1.0, None, 2.0])),
            "index": lambda: pandas(table.reset_index(drop=True)),
            "no times": lambda: pandas(datetime=0),
            "no column": lambda: pandas(datetime="when"),
            "no frame": lambda: pandas("prices.csv"),
            "direct": lambda: bt.feeds.PandasDirectData(dataname=table),
        }
        for lane in LANES:
            for name, make in cases.items():
                tell(name, lambda make=make, lane=lane: play(make(), **lane))


@script
def feeds_that_lack_rows(bt):
    class Reading(Reads, bt.Strategy):
        pass

    class Needing(Reads, bt.Strategy):
        def __init__(self):
            self.sma = bt.ind.SMA(self.datas[-1], period=4)

    late = datetime.datetime(2022, 1, 1)

    def some(count=6, **kwargs):
        table = frame(count, start=kwargs.pop("start", "2021-03-01"))
        return bt.feeds.PandasData(dataname=table, **kwargs)

    for lane in LANES:
        for kind in (Reading, Needing):
            for name, feeds in {
                "none": [some(0)],
                "range": [some(fromdate=late)],
                "one of two": [some(), some(0)],
                "few": [some(), some(3)],
                "apart": [some(), some(start="2022-01-01")],
            }.items():
                play = functools.partial(run, bt, lambda c, k=kind: c.addstrategy(k), *feeds)
                tell(name, lambda play=play, lane=lane: play(**lane))


@script
def evaluations_that_fail(bt):
    class Seventh(bt.Indicator):
        lines = ("own",)

        def __init__(self):
            self.addminperiod(2)

        def next(self):
            if len(self) == 7:
                raise KeyError("seven")
            self.lines.own[0] = self.data[0]

    table, flat = frame(12, seed=4), frame(12, seed=4)
    table.iloc[8, 0] = 50.0
    flat.iloc[3:, :4] = flat.iloc[3, 3]
    cases = {
        "division": lambda s: 1.0 / (s.data.open - 50.0),
        "mean of it": lambda s: bt.ind.SMA(1.0 / (s.data.open - 50.0), period=3),
        "own": lambda s: Seventh(s.data),
        "both": lambda s: (1.0 / (s.data.open - 50.0), Seventh(s.data)),
        "kernel": lambda s: bt.ind.RSI(s.data1, period=3),
        "kernel of own": lambda s: bt.ind.RSI(Seventh(s.data), period=2),
        "expression": lambda s: bt.ind.Stochastic(s.data1, period=2, period_dfast=1),
        "weeks": lambda s: 1.0 / (s.data2.open - s.data2.open),
        "days and weeks": lambda s: s.data.close / (s.data2.volume - s.data2.volume),
        "lengths": lambda s: s.data.close - s.data2.close,
    }

    def played(case, **lane):
        class Playing(Reads, bt.Strategy):
            def __init__(self):
                self.made = case(self)

            def next(self):
                super().next()
                (self.buy if len(self) % 2 else self.sell)()

        cerebro = bt.Cerebro(stdstats=False)
        data = bt.feeds.PandasData(dataname=table)
        cerebro.adddata(data)
        cerebro.adddata(bt.feeds.PandasData(dataname=flat))
        cerebro.resampledata(data, timeframe=bt.TimeFrame.Weeks)
        cerebro.addstrategy(Playing)
        tell("run", lambda: cerebro.run(**lane))
        print(cerebro.broker.getvalue())

    for lane in LANES:
        for name, case in cases.items():
            print(name, lane)
            played(case, **lane)


@script
def strategies_of_which_one_fails(bt):
    table = frame(12, seed=4)
    table.iloc[8, 0] = 50.0

    class Failing(Reads, bt.Strategy):
        def __init__(self):
            self.made = 1.0 / (self.data.open - 50.0)

        def next_open(self):
            print("open", len(self))

    class Trading(Reads, bt.Strategy):
        def next(self):
            super().next()
            self.buy()

        def notify_order(self, order):
            print("order", len(self), order.getstatusname())

    for kinds in ((Failing, Trading), (Trading, Failing)):
        for settings in ({}, {"cheat_on_open": True}, {"quicknotify": True}):
            print([kind.__name__ for kind in kinds], settings)
            cerebro = bt.Cerebro(stdstats=False, runonce=False, **settings)
            cerebro.adddata(bt.feeds.PandasData(dataname=table))
            for kind in kinds:
                cerebro.addstrategy(kind)
            tell("run", cerebro.run)
            print(cerebro.broker.getvalue())

"""Whole scripts about lines: options of classes, couplers, times, what is made while bars run."""

import math
from typing import Any, ClassVar

from backtrader_setting import frame, script, show


def _attempt(call):
    try:
        return call()
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        return f"{type(error).__name__} {error}"


def _items(options):
    return sorted(options._getkwargs().items(), key=str)


@script
def options_of_classes(bt):
    class First(bt.Indicator):
        lines = ("a", "b")
        params = (("x", 1), ("kind", bt.ind.SMA))
        plotinfo: ClassVar[Any] = {"subplot": False, "plotname": "FIRST"}
        plotlines: ClassVar[Any] = {"a": {"color": "red", "_name": "q"}, "other": {"k": 1}}
        linealias = (("a", "alpha"),)

        def __init__(self):
            self.l.a = self.data.close + 1
            self.l.b = self.data - 1

    class Mixed(bt.Indicator):
        lines = ("m",)
        params = (("z", 3),)
        plotlines: ClassVar[Any] = {"m": {"ls": "--"}}
        plotinfo: ClassVar[Any] = {"plotabove": True, "mine": 7}

    class Second(First):
        lines = ("c",)
        plotlines: ClassVar[Any] = {"a": {"lw": 2}}
        extralines = 2

        def __init__(self):
            super().__init__()
            self.l.c = self.data(-1)

    class Third(First, Mixed):
        lines = ("d",)

        def _plotlabel(self):
            return ["label", *super()._plotlabel()]

    class Fourth(First):
        linesoverride = True
        lines = ("only",)

        def __init__(self):
            self.l.only = self.data * 2

    kinds: Any = (First, Second, Third, Fourth)
    first, second, third, fourth = kinds
    for kind in (*kinds, bt.ind.SMA, bt.ind.EMA, bt.Strategy, bt.feeds.PandasData):
        lines: Any = kind.lines
        print(lines.__name__, lines._getlines(), lines._getlinealias(0), lines._getlinealias(9))
        print("  ", lines._getlinesbase(), lines._getlinesextra(), lines.getlinealiases())
        print("  ", sorted(kind.plotinfo._getpairs().items(), key=str))
        print("  ", dict(kind.plotlines._getpairs()), dict(kind.linealias._getpairs()))
    print(first.plotlines.a.color, second.plotlines.a.lw, second.plotlines.a.color)
    second.plotlines.a.lw = 77

    class Look(bt.Strategy):
        params = (("q", 1),)

        def __init__(self):
            self.made = [
                first(self.data),
                second(self.data, plotname="hey", subplot=True),
                third(self.data, x=9),
                fourth(self.data),
                bt.ind.SMA(self.data, period=3, plot=False),
            ]
            for one in self.made:
                print(type(one).__name__, one.plotlabel(), _items(one.plotinfo))
                lines = one.lines
                print("  ", lines.size(), lines.fullsize(), lines.extrasize())
                print("  ", lines.getlinealiases(), len(list(lines.itersize())))
                print("  ", {k: dict(v._getkwargs()) for k, v in _items(one.plotlines)})
            one = self.made[1]
            print(one.plotlines.a.lw, one.plotlines.a._get("nothing", 5), one.plotinfo.plotname)
            print(one.plotinfo.notdefault("plotname"), one.plotinfo.isdefault("plot"))
            for where in (one, one.lines, self, self.lines, self.data):
                print(_attempt(lambda where=where: where.nothing))
            print(self.made[0].alpha is self.made[0].lines.a, self.plotlabel())

        def stop(self):
            print(
                [show(float(one[0])) for one in self.made], self.made[1].c[0], self.made[0].alpha[0]
            )
            print(len(self.getindicators()), len(self.getindicators_lines()))
            print(self.IndType, self.StratType, self.ObsType, self.PriceClose, self.PriceDateTime)

    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(bt.feeds.PandasData(dataname=frame(30)))
    cerebro.addstrategy(Look)
    cerebro.run()


@script
def times_of_lines(bt):
    import datetime

    class Look(bt.Strategy):
        def __init__(self):
            self.late = self.data.datetime >= datetime.time(14, 30)
            self.noon = bt.If(self.data.datetime < datetime.time(12, 0), self.data, self.data * 0)

        def next(self):
            when = self.data.datetime
            print(len(self), when.datetime(0), self.late[0], self.noon[0])
            print("  ", when.tm_lt(0.5), when.tm_le(0.5), when.tm_eq(0.5), when.tm_gt(0.5))
            print("  ", when.tm_ge(0.5), when.tm_ge(0.25, -1), when.tm2dtime(0.75), when.tm())
            print("  ", when.tm2datetime(0.25), when.dt(), show(when.tm_raw()), when.lencount)
            print("  ", when.idx, when.get_idx(), when.mode, when.UnBounded, when.QBuffer)

        def stop(self):
            data = self.data
            print(len(data), data.buflen(), data.close.getindicators())
            data.rewind(2)
            print(len(data), data[0])
            data.advance(2)
            print(len(data), data[0])

    for settings in ({}, {"runonce": False}):
        cerebro = bt.Cerebro(stdstats=False, **settings)
        cerebro.adddata(bt.feeds.PandasData(dataname=frame(12, freq="5h")))
        cerebro.addstrategy(Look)
        cerebro.run()


@script
def couplers_of_datas(bt):
    class Total(bt.Indicator):
        lines = ("total",)

        def next(self):
            self.l.total[0] = self.data[0] + self.data1[0]

    total: Any = Total

    class Look(bt.Strategy):
        def __init__(self):
            fast, slow = self.data0, self.data1
            average = bt.ind.SMA(slow, period=2)
            self.made = {
                "line": slow.close(),
                "data": slow(),
                "of average": average(),
                "line of average": average.lines.sma(),
                "by clock": slow.close(fast.close),
                "coupler": bt.LinesCoupler(slow.low),
                "fast": fast.close(),
                "spread": fast.close - slow.close,
                "turned": slow.close - fast.close,
                "before": (slow.close - fast.close)(-1),
                "above": fast.close > slow.close(),
                "average": bt.ind.SMA(slow.close(), period=3),
                "of turned": bt.ind.EMA(slow.close - fast.close, period=2),
                "cross": bt.ind.CrossOver(fast.close, slow.close),
                "highest": bt.Max(fast.high, slow.close(), 3),
                "sum": total(fast, slow),
                "sum turned": total(slow, fast),
                "joined": slow().high - slow().low,
            }
            print(_attempt(lambda: slow(line="high")))

        def prenext(self):
            self.next()

        def next(self):
            for name, line in self.made.items():
                size = len(line)
                values = [_attempt(lambda x=line, k=k: float(x[-k])) for k in range(min(size, 3))]
                print(len(self), name, size, show(values))

        def stop(self):
            for name, line in self.made.items():
                print(name, line._minperiod, show([float(x) for x in line.array]))

    for settings in ({"runonce": False}, {"preload": False}):
        for rows in (slice(2, None, 5), slice(0, None, 3)):
            print(settings, rows)
            cerebro = bt.Cerebro(stdstats=False, **settings)
            table = frame(24)
            cerebro.adddata(bt.feeds.PandasData(dataname=table))
            cerebro.adddata(bt.feeds.PandasData(dataname=table.iloc[rows]))
            cerebro.addstrategy(Look)
            cerebro.run()

    class Once(bt.Strategy):
        def __init__(self):
            self.made = self.data1(), self.data1.close(), self.data0.close()

        def stop(self):
            print([[math.isnan(x) for x in line.array] for line in self.made])

    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(bt.feeds.PandasData(dataname=frame(10)))
    cerebro.adddata(bt.feeds.PandasData(dataname=frame(10).iloc[::2]))
    cerebro.addstrategy(Once)
    cerebro.run()


@script
def made_while_bars_run(bt):
    class Importing(bt.Indicator):
        packages = ("math", ("os.path", "paths"))
        frompackages = (("decimal", ("Decimal", ("Context", "Terms"))), ("json", "dumps"))
        lines = ("floor",)

        def __init__(self):
            space = globals()
            print(space["math"].pi, space["Decimal"]("1.5"), space["Terms"].__name__)
            print(space["dumps"]([1]), space["paths"].join("a", "b"))

        def next(self):
            self.l.floor[0] = math.floor(self.data[0])

    importing: Any = Importing
    print(importing.packages, importing.frompackages)

    class Look(bt.Strategy):
        def __init__(self):
            self.floor = importing(self.data)
            self.late = []

        def start(self):
            self.average = bt.ind.SMA(self.data, period=3)
            self.macd = bt.ind.MACD(self.data, period_me1=2, period_me2=3, period_signal=2)

        def next(self):
            bar = len(self)
            if bar in (3, 6) and not self.p.quiet:
                self.late.append(bt.ind.SMA(self.data, period=2))
            values = self.average[0], self.macd.macd[0], self.floor[0]
            print(bar, show(values), len(self.average), [len(one) for one in self.late])
            if bar == 8 and self.late:
                print(type(_attempt(lambda: self.late[0][0])).__name__)

        def stop(self):
            print([len(one) for one in self.late], len(self.getindicators()))

        params = (("quiet", False),)

    for settings in ({}, {"runonce": False}):
        cerebro = bt.Cerebro(stdstats=False, **settings)
        cerebro.adddata(bt.feeds.PandasData(dataname=frame(12)))
        cerebro.addstrategy(Look, quiet=bool(settings))
        cerebro.run()

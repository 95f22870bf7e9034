"""Scripts around the built-in indicators: what classes show, what next() sees, own subclasses."""

from backtrader_indicator_cases_b import NAMES, PAIRS
from backtrader_setting import cerebro_with, frame, script

EVERY = sorted(" ".join([*NAMES, *PAIRS, "RSI ATR SMA BBands MACD"]).split())


def plain(value):
    """A default as text; functions and classes by name."""
    if callable(value):
        return getattr(value, "__name__", "function") if isinstance(value, type) else "function"
    return repr(value)


def told(bt, feed=None, **params):
    """A Cerebro for one feed that prints nothing of its own."""
    cerebro = bt.Cerebro(stdstats=False, **params)
    cerebro.adddata(bt.feeds.PandasData(dataname=frame(60, 4)) if feed is None else feed)
    return cerebro


@script
def indicator_classes(bt):
    for name in EVERY:
        cls = getattr(bt.ind, name)
        print(name, cls.__name__, cls.aliased)
        print("  lines", cls.lines.getlinealiases())
        for key, value in cls.params._getitems():
            print("  param", key, plain(value))
    for name in ("UpMove", "Fractal"):
        cls = getattr(bt.studies if name == "Fractal" else bt.ind, name)
        print(name, cls.lines.getlinealiases(), list(cls.params._getitems()))
    print(bt.ind.Vortex is bt.indicators.contrib.vortex.Vortex)
    print(bt.studies.Fractal is bt.studies.contrib.fractal.Fractal)


@script
def indicator_labels(bt):
    from backtrader.indicators import ADX, Ichimoku, Stochastic

    class Labels(bt.Strategy):
        def __init__(self):
            ind = bt.ind
            made = [
                ind.ADX(),
                ind.ADX(period=5, movav=ind.MovAv.SMA),
                ind.CCI(period=7),
                ind.CCI(movav=ind.MovAv.EMA, factor=0.5),
                ind.AroonUpDownOsc(period=4),
                ind.Hurst(period=20),
                ind.RMI(period=3, lookback=2, movav=ind.EMA),
                ind.Stochastic(movav=ind.EMA),
                ind.StochasticFast(),
                ind.TRIX(_rocperiod=2),
                ind.DPO(),
                ind.KST(),
                ind.PPO(),
                ind.PlusDI(),
                ind.WilliamsR(period=3),
                ind.Ichimoku(tenkan=3, kijun=4, senkou=5, senkou_lead=3, chikou=3),
            ]
            for one in made:
                print(type(one).__name__, one.plotlabel(), one.aliased)
            print(
                isinstance(made[0], ADX),
                issubclass(ind.StochasticSlow, Stochastic),
                Ichimoku.__name__,
            )

    cerebro = told(bt)
    cerebro.addstrategy(Labels)
    cerebro.run()


@script
def indicator_plot_settings(bt):
    for name in EVERY:
        cls = getattr(bt.ind, name)
        print(name, sorted((k, str(v)) for k, v in cls.plotinfo._getitems()))
        for k, line in enumerate(cls.lines.getlinealiases()):
            options = getattr(cls.plotlines, line, None)
            print("  ", line, sorted((k, str(v)) for k, v in options._getitems()))


def seen_by_next(bt, runonce):
    """What next() reads of lines that are written to earlier bars."""

    class Reading(bt.Strategy):
        def __init__(self):
            self.cloud = bt.ind.Ichimoku(tenkan=2, kijun=3, senkou=4, senkou_lead=2, chikou=3)
            self.marks = bt.studies.Fractal(bardist=0.01)
            self.ahead = self.data.close(2)

        def prenext(self):
            self.next()

        def next(self):
            cloud, marks = self.cloud, self.marks
            print(len(self), [line[0] for line in cloud.lines], [line[0] for line in marks.lines])
            for ago in range(-min(5, len(self) - 1), 0):
                print("  ", ago, cloud.chikou_span[ago], marks.fractal_bearish[ago], end=" ")
                print(marks.l.fractal_bullish[ago], self.ahead[ago])

        def stop(self):
            print(list(self.cloud.chikou_span.array), list(self.marks.lines[0].array))

    cerebro = bt.Cerebro(stdstats=False, runonce=runonce)
    cerebro.adddata(bt.feeds.PandasData(dataname=frame(25, 3)))
    cerebro.addstrategy(Reading)
    cerebro.run()


@script
def lines_from_later_bars(bt):
    seen_by_next(bt, True)


@script
def lines_from_later_bars_by_bar(bt):
    seen_by_next(bt, False)


@script
def heikin_ashi_makes_the_run_go_bar_by_bar(bt):
    class Candles(bt.Strategy):
        def __init__(self):
            self.candles = bt.ind.HeikinAshi()
            self.delta = bt.ind.haDelta(period=4)
            self.again = bt.ind.HeikinAshi(self.candles)
            self.sma = bt.ind.SMA(self.candles.close, period=3)
            self.green = self.candles.close > self.candles.open
            self.filter = bt.ind.LaguerreFilter(self.candles.ha_high)
            self.coupled = self.data.close()
            self.pivot = bt.ind.DemarkPivotPoint()

        def prenext(self):
            print("pre", len(self), self.candles.ha_open[0], self.candles.open[0])

        def nextstart(self):
            print("start", len(self), [line[0] for line in self.candles.lines])
            self.next()

        def next(self):
            print(len(self), [line[0] for line in self.candles.l], self.delta.smoothed[0])
            print("  ", self.sma[0], self.green[0], self.filter.l0, self.filter[0], self.coupled[0])
            print("  ", self.again.high[0], self.again.l.ha_low[-1], self.pivot.lines.p[0])
            if self.green[0] and not self.position:
                self.buy()
            elif not self.green[0] and self.position:
                self.close()

        def notify_order(self, order):
            print(order.getstatusname(), order.executed.price, order.executed.size)

    cerebro = cerebro_with(Candles, bt.feeds.PandasData(dataname=frame(40, 7)))
    cerebro.run()
    print(cerebro.broker.getvalue())


@script
def heikin_ashi_over_datas_of_different_dates(bt):
    class Candles(bt.Strategy):
        def __init__(self):
            self.mine = [bt.ind.HeikinAshi(data) for data in self.datas]
            self.trend = [bt.ind.PSAR(data) for data in self.datas]
            self.filters = [bt.ind.LRSI(data) for data in self.datas]
            self.rank = bt.ind.PercentRank(self.data1, period=4)

        def next(self):
            for n, data in enumerate(self.datas):
                print(len(self), n, len(data), [line[0] for line in self.mine[n].lines], end=" ")
                print(self.trend[n][0], self.filters[n][0], self.rank[0])

    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(bt.feeds.PandasData(dataname=frame(30, 8)))
    cerebro.adddata(bt.feeds.PandasData(dataname=frame(20, 9, freq="3D")))
    cerebro.addstrategy(Candles)
    cerebro.run()


@script
def trading_by_composite_indicators(bt):
    class Trading(bt.Strategy):
        def __init__(self):
            self.adx = bt.ind.ADX(period=4)
            self.dm = bt.ind.DM(period=3)
            self.stochastic = bt.ind.StochasticFull(period=5, safediv=True)
            self.sar = bt.ind.ParabolicSAR()
            self.cci = bt.ind.CCI(period=5)
            self.pgo = bt.ind.PGO(period=3)
            self.vortex = bt.ind.Vortex(period=4)
            self.up = bt.ind.CrossOver(self.dm.plusDI, self.dm.minusDI)
            self.both = bt.And(self.adx > 20.0, self.stochastic.percK > self.stochastic.percD)

        def next(self):
            dm = self.dm
            print(len(self), self.adx[0], dm.adx[0], dm.adxr[0], dm.l.plusDI[0], dm.minusDI[-1])
            print("  ", self.sar[0], self.cci[0], self.pgo[0], self.vortex.vi_plus[0], self.up[0])
            print("  ", len(dm), len(dm.DIplus), len(self.stochastic.k), self.both[0])
            if self.data.close[0] > self.sar[0] and not self.position:
                self.order_target_percent(target=0.8)
            elif self.data.close[0] < self.sar[0]:
                self.close()

        def notify_trade(self, trade):
            print(trade.ref if trade.isclosed else "open", trade.size, trade.pnlcomm)

    cerebro = cerebro_with(Trading, bt.feeds.PandasData(dataname=frame(90, 21)))
    cerebro.run()
    print(cerebro.broker.getvalue())


@script
def pivot_points(bt):
    class Pivots(bt.Strategy):
        def __init__(self):
            self.pivot = bt.ind.PivotPoint()
            self.fib = bt.ind.FibonacciPivotPoint(_autoplot=False, level1=0.5)
            print([type(i).__name__.split("_")[0] for i in self.getindicators()])
            print(self.pivot.plotinfo.plot, self.fib.plotinfo.plot, self.pivot.p._autoplot)

        def next(self):
            pivot = self.pivot
            print(len(self), pivot[0], pivot.lines.p[0], pivot.s1[0], pivot.l.r2[-1], pivot.p.open)
            print("  ", [line[0] for line in self.fib.lines])

    cerebro = told(bt, bt.feeds.PandasData(dataname=frame(12, 6)))
    cerebro.addstrategy(Pivots)
    cerebro.run()


@script
def own_subclasses_of_composites(bt):
    class Twice(bt.ind.LaguerreRSI):
        params = (("gamma", 0.3),)

        def next(self):
            super().next()
            self.lines.lrsi[0] *= 2.0

    class Stop(bt.ind.ParabolicSAR):
        lines = ("distance",)

        def next(self):
            super().next()
            self.lines.distance[0] = self.data.close[0] - self.lines.psar[0]

    class Banded(bt.ind.DPO, bt.ind.EnvelopeMixIn):
        params = (("perc", 1.5),)

    class Wide(bt.ind.Stochastic):
        lines = ("spread",)

        def __init__(self):
            super().__init__()
            self.lines.spread = self.lines.percK - self.lines.percD

    class Strong(bt.ind.RMI):
        params = (("period", 4), ("lookback", 2))

    class Own(bt.Strategy):
        def __init__(self):
            data = self.data
            self.made = [Twice(), Stop(), Banded(period=4), Wide(period=4), Strong(safediv=True)]
            self.made.append(Twice(data.close - data.open + 50.0))
            self.made.append(bt.ind.PercentRank(data.high, period=3, func=max))

        def next(self):
            print(len(self))
            for one in self.made:
                print("  ", type(one).__name__, [line[0] for line in one.lines])
            print("  ", self.made[4].rmi[0], self.made[4].l.rsi[0])

    for runonce in (True, False):
        cerebro = told(bt, bt.feeds.PandasData(dataname=frame(30, 12)), runonce=runonce)
        cerebro.addstrategy(Own)
        cerebro.run()


@script
def indicators_that_fail(bt):
    flat = frame(60, 4)
    flat[["open", "high", "low", "close"]] = 10.0

    def attempt(name, make, table):
        class Trying(bt.Strategy):
            def __init__(self):
                make(self)

        cerebro = told(bt, bt.feeds.PandasData(dataname=table))
        cerebro.addstrategy(Trying)
        try:
            cerebro.run()
        except Exception as error:
            print(name, type(error).__name__)
        else:
            print(name, "runs")

    for name in EVERY:
        if name not in PAIRS:
            attempt(name, lambda s, n=name: getattr(bt.ind, n)(), flat)
            attempt(name, lambda s, n=name: getattr(bt.ind, n)(s.data.close), frame(300, 4))
            attempt(name, lambda s, n=name: getattr(bt.ind, n)(nothing=1), frame(300, 4))
    for name in PAIRS:
        attempt(name, lambda s, n=name: getattr(bt.ind, n)(), frame(30, 4))
    attempt("period 0", lambda s: bt.ind.AroonUp(period=0), flat)
    attempt("DV2 of few bars", lambda s: bt.ind.DV2(), flat)


@script
def composites_over_days_and_weeks(bt):
    class Both(bt.Strategy):
        def __init__(self):
            self.pivot = bt.ind.PivotPoint(self.data1)
            self.levels = self.pivot()
            self.week = bt.ind.HeikinAshi(self.data1)
            self.made = []
            for data in self.datas:
                self.made.append(bt.ind.LRSI(data, period=3))
                self.made.append(bt.ind.PSAR(data))
                self.made.append(bt.ind.DM(data, period=2))
                self.made.append(bt.ind.Stochastic(data, period=2, safediv=True))
                self.made.append(bt.ind.PercentRank(data, period=3))
                self.made.append(bt.ind.Hurst(data.high, period=8))

        def next(self):
            print(len(self), len(self.data1), [line[0] for line in self.pivot.lines])
            print("  ", self.levels.s1[0], self.levels.lines.p[0], self.week.open[0])
            for one in self.made:
                print("  ", type(one).__name__, [line[0] for line in one.lines])

    cerebro = bt.Cerebro(stdstats=False)
    data = bt.feeds.PandasData(dataname=frame(90, 17))
    cerebro.adddata(data)
    cerebro.resampledata(data, timeframe=bt.TimeFrame.Weeks)
    cerebro.addstrategy(Both)
    cerebro.run()


@script
def earlier_bars_over_days_and_weeks(bt):
    class Both(bt.Strategy):
        def __init__(self):
            quick = {"tenkan": 2, "kijun": 2, "senkou": 3, "senkou_lead": 2}
            self.clouds = [bt.ind.Ichimoku(data, chikou=2, **quick) for data in self.datas]
            self.marks = [bt.studies.Fractal(data, bardist=0.01) for data in self.datas]

        def prenext(self):
            self.next()

        def next(self):
            for n, data in enumerate(self.datas):
                cloud, marks = self.clouds[n], self.marks[n]
                if not len(data):
                    continue
                print(len(self), n, len(data), len(cloud), len(marks), cloud.kijun_sen[0])
                for ago in range(-min(4, len(data) - 1), 1):
                    print("  ", ago, cloud.chikou_span[ago], [line[ago] for line in marks.lines])

        def stop(self):
            print([list(one.chikou_span.array) for one in self.clouds])

    cerebro = bt.Cerebro(stdstats=False)
    data = bt.feeds.PandasData(dataname=frame(40, 18))
    cerebro.adddata(data)
    cerebro.resampledata(data, timeframe=bt.TimeFrame.Weeks)
    cerebro.addstrategy(Both)
    cerebro.run()


@script
def composites_over_replayed_weeks(bt):
    class Replayed(bt.Strategy):
        def __init__(self):
            self.candles = bt.ind.HeikinAshi()
            self.made = [bt.ind.LRSI(period=3), bt.ind.PSAR(), bt.ind.DM(period=2)]
            self.made += [bt.ind.Stochastic(period=2, safediv=True), bt.ind.PercentRank(period=3)]
            self.made += [bt.ind.AroonUpDown(period=2), bt.ind.KST(rp1=1, rp2=2, rp3=3, rp4=2)]
            self.made += [bt.ind.WilliamsAD(), bt.ind.UltimateOscillator(p1=1, p2=2, p3=3)]

        def next(self):
            print(len(self), [line[0] for line in self.candles.lines])
            for one in self.made:
                print("  ", type(one).__name__, [line[0] for line in one.lines])

    cerebro = bt.Cerebro(stdstats=False)
    data = bt.feeds.PandasData(dataname=frame(120, 19))
    cerebro.replaydata(data, timeframe=bt.TimeFrame.Weeks)
    cerebro.addstrategy(Replayed)
    cerebro.run()

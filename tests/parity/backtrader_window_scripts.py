"""Scripts with windows, averages, envelopes and oscillators where several clocks meet."""

from backtrader_setting import frame, script


def windows_of(bt, data):
    ind, averages = bt.ind, bt.ind.MovAv
    return [
        ind.SumN(data, period=4),
        ind.Accum(data),
        ind.FindFirstIndexHighest(data, period=4),
        ind.ApplyN(data, period=3, func=sum),
        ind.EC(data, period=5, gainlimit=20),
        ind.KAMA(data, period=4),
        ind.HMA(data, period=6),
        ind.DMA(data, period=4),
        ind.SMAEnvelope(data, period=3),
        ind.EMAOsc(data, period=3),
        ind.MeanDev(data, period=4),
        ind.StdDev(data, period=4, movav=averages.DEMA),
        ind.ATR(data, period=3, movav=averages.KAMA),
        ind.Oscillator(ind.SMA(data, period=3)),
    ]


def strategy(bt, on=(0, 1)):
    class Windows(bt.Strategy):
        def __init__(self):
            self.made = [one for d in on for one in windows_of(bt, self.datas[d])]

        def next(self):
            print(len(self), *(len(d) for d in self.datas))
            print(*(repr(line[0]) for one in self.made for line in one.lines))

        def stop(self):
            for one in self.made:
                print(one._minperiod, one.plotlabel())

    return Windows


def two_clocks(bt, runonce):
    cerebro = bt.Cerebro(stdstats=False, runonce=runonce)
    cerebro.adddata(bt.feeds.PandasData(dataname=frame(60)))
    cerebro.adddata(bt.feeds.PandasData(dataname=frame(60, seed=4).iloc[3::2]))
    cerebro.addstrategy(strategy(bt))
    cerebro.run()


@script
def windows_of_two_clocks(bt):
    two_clocks(bt, True)


@script
def windows_of_two_clocks_bar_by_bar(bt):
    two_clocks(bt, False)


@script
def windows_of_a_resampled_feed(bt):
    for runonce in (True, False):
        cerebro = bt.Cerebro(stdstats=False, runonce=runonce)
        data = bt.feeds.PandasData(dataname=frame(120))
        cerebro.adddata(data)
        cerebro.resampledata(data, timeframe=bt.TimeFrame.Weeks)
        cerebro.addstrategy(strategy(bt))
        cerebro.run()


@script
def windows_of_a_replayed_feed(bt):
    cerebro = bt.Cerebro(stdstats=False)
    data = bt.feeds.PandasData(dataname=frame(90))
    cerebro.replaydata(data, timeframe=bt.TimeFrame.Weeks)
    cerebro.addstrategy(strategy(bt, on=(0,)))
    cerebro.run()


@script
def reductions_of_lines(bt):
    class Product(bt.ind.MultiLogicReduce):
        flogic = staticmethod(lambda a, b: a * b)

    class Look(bt.Strategy):
        params = (("more", {}),)

        def __init__(self):
            lines = self.data.close, self.data.open, self.data.high
            self.made = [
                Product(*lines, **self.p.more),
                bt.ind.Reduce(lambda a, b: a - b, *lines, **self.p.more),
                bt.ind.If(Product(*lines) > 1e5, *lines[:2]),
            ]
            several = bt.ind.List(self.made)
            print(self.made[0] in several, self.data.close in several)

        def next(self):
            print(len(self), *(repr(line[0]) for line in self.made))

    for runonce in (True, False):
        for more in ({}, {"initializer": 1.0}):
            cerebro = bt.Cerebro(stdstats=False, runonce=runonce)
            cerebro.adddata(bt.feeds.PandasData(dataname=frame(12)))
            cerebro.addstrategy(Look, more=more)
            try:
                cerebro.run()
            except TypeError as error:
                print(type(error).__name__)

"""No strategy at all: signals of indicators decide."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Above(bt.Indicator):
    lines = ("signal",)
    params = (("period", 20),)

    def __init__(self):
        self.lines.signal = self.data - bt.ind.SMA(period=self.p.period)


class Leave(bt.Indicator):
    lines = ("signal",)

    def __init__(self):
        self.lines.signal = bt.ind.RSI(period=7) - 35.0


for accumulate in (False, True):
    cerebro = bt.Cerebro()
    cerebro.adddata(daily())
    cerebro.add_signal(bt.SIGNAL_LONGSHORT, Above, period=25)
    cerebro.add_signal(bt.SIGNAL_LONGEXIT, Leave)
    cerebro.signal_accumulate(accumulate)
    cerebro.addsizer(bt.sizers.FixedSize, stake=7)
    cerebro.addanalyzer(bt.analyzers.Transactions, _name="all")
    run = cerebro.run()
    for when, deals in run[0].analyzers.all.get_analysis().items():
        print(when, deals)
    print(cerebro.broker.getvalue())

"""The memory options, and runs bar by bar, give what the others give."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Mean(bt.Strategy):
    def __init__(self):
        self.mean = bt.ind.SMA(period=15)
        self.band = bt.ind.BollingerBands(period=12, devfactor=1.5)

    def next(self):
        if self.data.close < self.band.bot and not self.position:
            self.buy(size=33)
        elif self.data.close > self.mean and self.position:
            self.close()

    def stop(self):
        print(self.mean[0], self.band.top[0], self.broker.getvalue())


for kwargs in (
    dict(),
    dict(runonce=False),
    dict(preload=False),
    dict(exactbars=1),
    dict(exactbars=-1),
    dict(exactbars=-2),
):
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(daily())
    cerebro.addstrategy(Mean)
    cerebro.run(**kwargs)

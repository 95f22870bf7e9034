"""Ends a run early; start(), stop(), prenext() say when they are called."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Ends(bt.Strategy):
    params = (("loss", 0.02),)

    def __init__(self):
        print("init", len(self.data))
        self.mean = bt.ind.SMA(period=3)

    def start(self):
        print("start", self.broker.getvalue())

    def prenext(self):
        print("prenext", len(self))

    def nextstart(self):
        print("nextstart", len(self))
        self.buy(size=180)

    def next(self):
        value = self.broker.getvalue()
        if value < (1 - self.p.loss) * self.broker.startingcash:
            print("enough at", len(self), value)
            self.env.runstop()

    def stop(self):
        print("stop", len(self), self.position.size)


cerebro = bt.Cerebro()
cerebro.adddata(daily())
cerebro.addstrategy(Ends)
cerebro.run()

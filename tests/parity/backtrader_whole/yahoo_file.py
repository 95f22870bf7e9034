"""A Yahoo file with adjusted closes and a line without prices."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


class Read(bt.Strategy):
    def __init__(self):
        self.mean = bt.ind.EMA(period=13)

    def next(self):
        if len(self) % 30 == 0 or 74 <= len(self) <= 79:
            print(self.data.datetime.date(0), *("%.6f" % line[0] for line in self.data.lines[:6]))
        if self.data.close > self.mean and not self.position:
            self.buy(size=20)
        elif self.data.close < self.mean and self.position:
            self.close()


for kwargs in ({}, dict(adjclose=False), dict(round=False, adjvolume=False), dict(swapcloses=True)):
    cerebro = bt.Cerebro()
    cerebro.adddata(
        bt.feeds.YahooFinanceCSVData(dataname=os.path.join(DATA, "yahoo.csv"), **kwargs)
    )
    cerebro.addstrategy(Read)
    cerebro.run()
    print(kwargs, cerebro.broker.getvalue())

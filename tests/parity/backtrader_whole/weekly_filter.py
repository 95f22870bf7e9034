"""Daily bars and the same by the week: trades with the weekly trend."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Weekly(bt.Strategy):
    def __init__(self):
        self.day = bt.ind.SMA(self.data0, period=5)
        self.week = bt.ind.SMA(self.data1, period=8)

    def nextstart(self):
        print("begins", self.data0.datetime.date(0), len(self.data0), len(self.data1))
        self.next()

    def next(self):
        up = self.data1.close[0] > self.week[0]
        if up and self.data0.close[0] > self.day[0] and not self.position:
            self.buy(size=25)
        elif self.position and not up:
            self.close()
        if len(self) % 30 == 0:
            print(
                len(self.data0),
                len(self.data1),
                self.data1.datetime.date(0),
                self.data1.open[0],
                self.data1.high[0],
                self.data1.low[0],
                self.data1.close[0],
                self.data1.volume[0],
                self.week[0],
            )


cerebro = bt.Cerebro()
data = daily()
cerebro.adddata(data)
cerebro.resampledata(data, timeframe=bt.TimeFrame.Weeks, compression=1)
cerebro.addstrategy(Weekly)
cerebro.run()
print(cerebro.broker.getvalue())

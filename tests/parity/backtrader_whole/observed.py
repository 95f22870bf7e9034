"""Observers: those that come by themselves, added ones, one of one's own."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Count(bt.Observer):
    lines = ("orders", "position")
    plotinfo = dict(plot=True, subplot=True)

    def next(self):
        self.lines.orders[0] = len(self._owner._orderspending)
        self.lines.position[0] = self._owner.position.size


class Watch(bt.Strategy):
    def __init__(self):
        self.cross = bt.ind.CrossOver(bt.ind.SMA(period=6), bt.ind.SMA(period=18))

    def next(self):
        if self.cross > 0:
            self.buy(size=30)
        elif self.cross < 0 and self.position:
            self.close()
        if len(self) % 50 == 0:
            print(
                len(self),
                self.stats.broker.value[0],
                self.stats.broker.cash[0],
                self.stats.drawdown.drawdown[-1],
                self.stats.count.position[0],
            )


cerebro = bt.Cerebro()
cerebro.adddata(daily())
cerebro.addstrategy(Watch)
cerebro.addobserver(bt.observers.DrawDown)
cerebro.addobserver(bt.observers.TimeReturn, timeframe=bt.TimeFrame.Months)
cerebro.addobserver(Count)
strategy = cerebro.run()[0]
for observer in strategy.observers:
    print(type(observer).__name__, len(observer), observer.lines.getlinealiases())
    for line in observer.lines:
        print("  ", [line.array[i] for i in range(len(line.array) // 2 - 3, len(line.array) // 2)])

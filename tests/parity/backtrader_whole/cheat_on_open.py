"""next_open() sends orders that trade at the open of the same bar."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Open(bt.Strategy):
    def __init__(self):
        self.mean = bt.ind.SMA(self.data.close, period=12)
        self.side = bt.Cmp(self.data.close, self.mean)

    def nextstart_open(self):
        print("first open", self.data.datetime.date(0), self.data.open[0])
        self.next_open()

    def next_open(self):
        if self.side[-1] > 0 and not self.position:
            self.buy(size=int(self.broker.getvalue() * 0.5 / self.data.open[0]))
        elif self.side[-1] < 0 and self.position:
            self.close()

    def next(self):
        if len(self) % 50 == 0:
            print(len(self), self.position.size, self.position.price, self.broker.getvalue())


cerebro = bt.Cerebro(cheat_on_open=True)
cerebro.addstrategy(Open)
cerebro.adddata(daily())
cerebro.run()
print(cerebro.broker.getvalue())

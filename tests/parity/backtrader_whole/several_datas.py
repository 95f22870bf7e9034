"""Two shares of different dates: each has its own average, one account."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Two(bt.Strategy):
    def __init__(self):
        self.means = {d: bt.ind.SMA(d, period=15) for d in self.datas}

    def prenext(self):
        self.waited = getattr(self, "waited", 0) + 1

    def nextstart(self):
        print("waited", self.waited)
        self.next()

    def next(self):
        for d in self.datas:
            size = self.getposition(d).size
            if d.close[0] > self.means[d][0] and not size:
                self.buy(data=d, size=10 if d is self.data0 else 4)
            elif d.close[0] < self.means[d][0] and size:
                self.close(data=d)

    def notify_order(self, order):
        if order.status == order.Completed:
            print(
                self.datetime.date(),
                order.data._name,
                order.executed.size,
                order.executed.price,
                len(order.data),
            )

    def stop(self):
        for d in self.datas:
            print(d._name, len(d), self.getposition(d).size, self.broker.getvalue([d]))


cerebro = bt.Cerebro()
cerebro.adddata(daily(), name="first")
cerebro.adddata(daily("other.csv"), name="second")
cerebro.addstrategy(Two)
cerebro.run()
print(cerebro.broker.getvalue())

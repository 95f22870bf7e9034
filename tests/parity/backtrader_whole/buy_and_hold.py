"""Buys once with all there is and sells on the last bars."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Hold(bt.Strategy):
    def next(self):
        if len(self) == 5:
            self.size = int(self.broker.getcash() * 0.9 / self.data.close[0])
            self.buy(size=self.size)
        elif len(self) == len(self.data.array) - 2:
            self.sell(size=self.size)

    def notify_order(self, order):
        print(
            self.data.datetime.date(0),
            order.getstatusname(),
            order.executed.price,
            order.executed.size,
        )

    def stop(self):
        print(
            "value",
            self.broker.getvalue(),
            "return",
            self.broker.getvalue() / self.broker.startingcash - 1,
        )


cerebro = bt.Cerebro()
cerebro.adddata(daily())
cerebro.addstrategy(Hold)
cerebro.broker.setcash(25000)
cerebro.broker.setcommission(0.0005)
cerebro.run()
print("Final: %.2f" % cerebro.broker.getvalue())

"""Three exits of which one trades: OCO groups by hand."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Oco(bt.Strategy):
    def next(self):
        if not self.position and len(self) % 20 == 5:
            close = self.data.close[0]
            first = self.buy(exectype=bt.Order.Limit, price=close * 0.985, size=8)
            second = self.buy(exectype=bt.Order.Stop, price=close * 1.015, oco=first, size=8)
            self.buy(
                exectype=bt.Order.StopLimit,
                price=close * 1.01,
                plimit=close * 1.005,
                oco=second,
                size=8,
            )
            self.since = len(self)
        elif self.position and len(self) - self.since > 10:
            self.close()

    def notify_order(self, order):
        if order.status > order.Accepted:
            print(
                len(self),
                order.ref,
                order.getstatusname(),
                order.created.price,
                order.executed.price,
            )


cerebro = bt.Cerebro()
cerebro.addstrategy(Oco)
cerebro.adddata(daily())
cerebro.run()
print("%.4f" % cerebro.broker.getvalue())

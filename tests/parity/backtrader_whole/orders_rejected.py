"""Too little cash, orders that expire, orders that are cancelled."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


import datetime


class Wrong(bt.Strategy):
    def __init__(self):
        self.order = None

    def next(self):
        n = len(self)
        if n == 3:
            self.buy(size=100000)
        elif n == 6:
            self.buy(size=10, exectype=bt.Order.Limit, price=1.0, valid=datetime.timedelta(days=4))
        elif n == 9:
            self.buy(
                size=10,
                exectype=bt.Order.Limit,
                price=1.0,
                valid=self.data.datetime.datetime(0) + datetime.timedelta(days=9),
            )
        elif n == 12:
            self.order = self.sell(size=10, exectype=bt.Order.Stop, price=1.0)
        elif n == 15:
            self.cancel(self.order)
        elif n == 18:
            self.buy(size=50)
            self.buy(size=110)
            self.buy(size=90)
        elif n == 30:
            self.close(size=30)
        elif n == 35:
            self.close()

    def notify_order(self, order):
        print(
            len(self),
            order.ref,
            order.getstatusname(),
            order.size,
            order.executed.remsize,
            order.alive(),
        )

    def notify_trade(self, trade):
        print(
            str(trade).split("\n")[0],
            trade.tradeid,
            trade.size,
            trade.price,
            trade.value,
            trade.pnl,
        )


cerebro = bt.Cerebro()
cerebro.adddata(daily())
cerebro.addstrategy(Wrong)
cerebro.run()
print(cerebro.broker.getvalue())

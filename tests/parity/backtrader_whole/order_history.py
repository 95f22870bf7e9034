"""Orders of the past are played again, without a strategy's decision."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


import datetime

DEALS = [
    [datetime.date(2019, 2, 4), 30, 50.5],
    [datetime.date(2019, 3, 11), -10, 51.0],
    ["2019-05-15", 15, 49.0],
    [datetime.datetime(2019, 8, 1, 0, 0), -35, 52.25],
]


class Still(bt.Strategy):
    def notify_order(self, order):
        print(
            self.data.datetime.date(0),
            order.getstatusname(),
            order.executed.size,
            order.executed.price,
        )

    def notify_trade(self, trade):
        print("  trade", trade.size, trade.price, trade.pnl)

    def next(self):
        pass


cerebro = bt.Cerebro()
cerebro.adddata(daily())
cerebro.addstrategy(Still)
cerebro.add_order_history(DEALS, notify=True)
cerebro.run()
print(cerebro.broker.getvalue())

"""Futures-like commission, margin and multiplier; goes long and short."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Futures(bt.Strategy):
    def __init__(self):
        self.channel = (
            bt.ind.Highest(self.data.high(-1), period=20),
            bt.ind.Lowest(self.data.low(-1), period=20),
        )

    def next(self):
        high, low = self.channel
        if self.data.close[0] > high[0] and self.position.size <= 0:
            self.order_target_size(target=2)
        elif self.data.close[0] < low[0] and self.position.size >= 0:
            self.order_target_size(target=-2)

    def notify_cashvalue(self, cash, value):
        if len(self) % 25 == 0:
            print(len(self), "cash %.2f value %.2f" % (cash, value))

    def notify_trade(self, trade):
        if trade.isclosed:
            print(trade.pnl, trade.commission, trade.barlen)


cerebro = bt.Cerebro()
cerebro.addstrategy(Futures)
cerebro.adddata(daily())
cerebro.broker.setcash(20000)
cerebro.broker.setcommission(commission=2.0, margin=1500.0, mult=10.0)
cerebro.run()
print(cerebro.broker.getvalue())

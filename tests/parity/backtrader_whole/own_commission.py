"""A commission scheme of one's own: tiers by size, with a minimum."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Tiers(bt.CommInfoBase):
    params = (("stocklike", True), ("commtype", bt.CommInfoBase.COMM_FIXED), ("least", 1.0))

    def _getcommission(self, size, price, pseudoexec):
        rate = 0.01 if abs(size) < 50 else 0.006
        return max(self.p.least, abs(size) * rate * self.p.mult)


class Trade(bt.Strategy):
    def __init__(self):
        self.cross = bt.ind.CrossOver(self.data.close, bt.ind.SMA(period=10))

    def next(self):
        if self.cross > 0:
            self.buy(size=20 + len(self) % 60)
        elif self.cross < 0 and self.position:
            self.close()

    def notify_order(self, order):
        if order.status == order.Completed:
            print(order.executed.size, order.executed.price, order.executed.comm)

    def notify_trade(self, trade):
        print("  ", trade.size, trade.commission, trade.pnl, trade.pnlcomm)


cerebro = bt.Cerebro()
cerebro.adddata(daily())
cerebro.addstrategy(Trade)
cerebro.broker.addcommissioninfo(Tiers())
cerebro.run()
print(cerebro.broker.getvalue())

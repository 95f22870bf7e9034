"""Orders that trade at the close on which they are sent."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Close(bt.Strategy):
    def __init__(self):
        self.rsi = bt.ind.RSI(period=10)

    def next(self):
        if self.rsi < 40 and not self.position:
            self.buy(size=30)
        elif self.rsi > 60 and self.position:
            self.close()

    def notify_order(self, order):
        if order.status == order.Completed:
            print(bt.num2date(order.executed.dt).date(), order.executed.price, "%.3f" % self.rsi[0])


cerebro = bt.Cerebro()
cerebro.addstrategy(Close)
cerebro.adddata(daily())
cerebro.broker.set_coc(True)
cerebro.run()
print(cerebro.broker.getvalue())

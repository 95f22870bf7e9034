"""Interest is charged on short positions."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Short(bt.Strategy):
    def next(self):
        if len(self) == 10:
            self.sell(size=100)
        elif len(self) == 200:
            self.buy(size=150)
        elif len(self) == 400:
            self.close()
        if len(self) % 40 == 0:
            print(len(self), self.broker.getcash(), self.broker.getvalue())

    def notify_trade(self, trade):
        print(trade.size, trade.pnl, trade.pnlcomm)


for long in (False, True):
    cerebro = bt.Cerebro()
    cerebro.adddata(daily())
    cerebro.addstrategy(Short)
    cerebro.broker.setcommission(commission=0.001, interest=0.08, interest_long=long)
    cerebro.broker.set_cash(30000)
    cerebro.run()
    print(cerebro.broker.getvalue())

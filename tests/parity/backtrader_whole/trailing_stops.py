"""Trailing stops by amount and percent, with and without a limit."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Trail(bt.Strategy):
    kinds = [
        dict(exectype=bt.Order.StopTrail, trailamount=1.2),
        dict(exectype=bt.Order.StopTrail, trailpercent=0.025),
        dict(exectype=bt.Order.StopTrailLimit, trailamount=1.0, plimit=45.0),
        dict(exectype=bt.Order.StopTrailLimit, trailpercent=0.02, plimit=44.0),
    ]

    def __init__(self):
        self.turn = 0
        self.exit = None
        self.entered = False
        bt.ind.ATR(period=5)

    def next(self):
        if not self.position and self.exit is None:
            if not self.entered:
                self.buy(size=20)
                self.entered = True
        elif self.exit is None:
            self.exit = self.sell(size=20, **self.kinds[self.turn % 4])
            self.turn += 1
        elif self.exit is not None and self.exit.alive():
            if len(self) % 7 == 0:
                print(
                    len(self),
                    "stop at %.4f" % self.exit.created.price,
                    self.exit.created.pricelimit,
                )
            if len(self) % 60 == 0:
                self.cancel(self.exit)
                self.close()

    def notify_order(self, order):
        if order == self.exit and not order.alive():
            print(len(self), order.getstatusname(), order.executed.price)
            self.exit = None
            self.entered = False


cerebro = bt.Cerebro()
cerebro.addstrategy(Trail)
cerebro.adddata(daily())
cerebro.broker.set_slippage_perc(0.001)
cerebro.run()
print(cerebro.broker.getvalue())

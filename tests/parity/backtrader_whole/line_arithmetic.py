"""Lines in arithmetic, comparison and logic; delayed and joined."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Lines(bt.Strategy):
    def __init__(self):
        d = self.data
        body = d.close - d.open
        span = bt.Max(d.high - d.low, 0.01)
        self.strength = body / span
        up = d.close > d.close(-1)
        calm = span < bt.ind.SMA(span, period=10)
        self.enter = bt.And(up, calm, self.strength > 0.3)
        self.leave = bt.Or(d.close < d.low(-2), d.close < d.close(-1))
        self.level = bt.If(up, d.high, d.low)
        self.total = bt.Sum(d.open, d.close, self.level) / 3
        self.extreme = bt.Min(d.low, d.low(-1), d.low(-2))
        self.sign = bt.Cmp(d.close, self.total)

    def next(self):
        if self.enter[0] and not self.position:
            self.buy(size=15, exectype=bt.Order.Stop, price=self.level[0] * 1.002, valid=0)
        elif self.position and self.leave[0]:
            self.close()
        if len(self) % 33 == 0:
            print(
                len(self),
                self.strength[0],
                self.enter[0],
                self.leave[0],
                self.level[0],
                self.total[0],
                self.extreme[0],
                self.sign[0],
                self.data.close.get(ago=-1, size=3),
            )


cerebro = bt.Cerebro()
cerebro.adddata(daily())
cerebro.addstrategy(Lines)
cerebro.run()
print(cerebro.broker.getvalue())

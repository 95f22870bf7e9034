"""A spread of two shares by z-score, sized by the ratio of prices."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Pairs(bt.Strategy):
    params = (("window", 30), ("enter", 1.5), ("leave", 0.3))

    def __init__(self):
        self.ratio = self.data0.close / self.data1.close
        mean = bt.ind.SMA(self.ratio, period=self.p.window)
        deviation = bt.ind.StdDev(self.ratio, period=self.p.window)
        self.z = (self.ratio - mean) / deviation

    def next(self):
        z = self.z[0]
        held = self.getposition(self.data0).size
        if not held and abs(z) > self.p.enter:
            side = -1 if z > 0 else 1
            self.order_target_percent(self.data0, target=0.4 * side)
            self.order_target_percent(self.data1, target=-0.4 * side)
        elif held and abs(z) < self.p.leave:
            self.close(self.data0)
            self.close(self.data1)

    def notify_trade(self, trade):
        if trade.isclosed:
            print(trade.data._name, "%.6f" % trade.pnlcomm, "%.4f" % self.z[0])


cerebro = bt.Cerebro()
cerebro.adddata(daily(), name="a")
cerebro.adddata(daily("other.csv"), name="b")
cerebro.addstrategy(Pairs)
cerebro.addanalyzer(bt.analyzers.SharpeRatio, _name="sharpe", timeframe=bt.TimeFrame.Months)
result = cerebro.run(runonce=False)  # the two have different dates
print(result[0].analyzers.sharpe.get_analysis())
print(cerebro.broker.getvalue())

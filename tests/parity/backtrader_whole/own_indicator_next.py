"""Indicators of one's own, written with next(), once() and expressions."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Streak(bt.Indicator):
    """How many closes in a row rose (positive) or fell."""

    lines = ("streak",)

    def __init__(self):
        self.addminperiod(2)

    def nextstart(self):
        self.l.streak[0] = 0

    def next(self):
        change = self.data[0] - self.data[-1]
        last = self.l.streak[-1]
        if change > 0:
            self.l.streak[0] = max(last, 0) + 1
        elif change < 0:
            self.l.streak[0] = min(last, 0) - 1
        else:
            self.l.streak[0] = 0


class Range(bt.Indicator):
    lines = ("top", "bottom", "middle")
    params = (("period", 10),)
    plotinfo = dict(subplot=False)

    def __init__(self):
        self.l.top = bt.ind.Highest(self.data.high, period=self.p.period)
        self.l.bottom = bt.ind.Lowest(self.data.low, period=self.p.period)
        self.l.middle = (self.l.top + self.l.bottom) / 2.0


class Double(bt.Indicator):
    lines = ("double",)

    def next(self):
        self.lines.double[0] = 2.0 * self.data[0]

    def once(self, start, end):
        source, target = self.data.array, self.lines.double.array
        for i in range(start, end):
            target[i] = 2.0 * source[i]


class Use(bt.Strategy):
    def __init__(self):
        self.streak = Streak(self.data.close)
        self.range = Range(period=8)
        self.double = Double(self.range.middle)

    def next(self):
        if self.streak[0] <= -3 and not self.position:
            self.buy(size=12)
        elif self.streak[0] >= 2 and self.position:
            self.close()
        if len(self) % 45 == 0:
            print(
                len(self),
                self.streak[0],
                self.range.top[0],
                self.range.bottom[0],
                self.range.middle[0],
                self.double[0],
            )

    def notify_trade(self, trade):
        if trade.isclosed:
            print("%.2f after %d bars" % (trade.pnl, trade.barlen))


cerebro = bt.Cerebro()
cerebro.adddata(daily())
cerebro.addstrategy(Use)
cerebro.run()
print(cerebro.broker.getvalue())

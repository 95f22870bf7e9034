"""Observers of one's own with indicators, bar by bar; one more of the standard ones."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


class Stretch(bt.Observer):
    """How far the close is from its average, and the units held."""

    lines = ("stretch", "held")
    params = (("period", 10),)
    plotinfo = dict(plot=True, subplot=True)

    def __init__(self):
        self.average = bt.ind.SMA(self.data, period=self.p.period)
        self.apart = self.data.close - self.average

    def next(self):
        self.lines.stretch[0] = self.apart[0]
        self.lines.held[0] = self._owner.position.size


class Closing(bt.Observer):
    lines = ("average",)

    def __init__(self):
        self.lines.average = bt.ind.EMA(self.data, period=5)


class Fading(bt.Strategy):
    def start(self):
        self.late = Closing(self.data)  # made by the strategy itself

    def next(self):
        stretch = self.stats.stretch.stretch[0] if len(self) > 1 else float("nan")
        if stretch < -2.0 and not self.position:
            self.buy(size=7)
        elif stretch > 0.0 and self.position:
            self.close()
        if len(self) % 20 == 0:
            drawdown, seen = self.stats.drawdown, self.stats.buysell[0]
            print(self.data.datetime.date(), round(stretch, 4), drawdown.drawdown[0])
            print(seen.buy.get(size=5), len(self.late), self.late[0], self.stats.getnames())


cerebro = bt.Cerebro(runonce=False)
cerebro.addstrategy(Fading)
name = os.path.join(DATA, "daily.csv")
cerebro.adddata(bt.feeds.GenericCSVData(dataname=name, dtformat="%Y-%m-%d"))
cerebro.addobserver(Stretch, period=8)
cerebro.addobserver(bt.observers.DrawDown)
cerebro.addobservermulti(bt.observers.BuySell, barplot=True, bardist=0.05)
strategy = cerebro.run()[0]
print([round(x, 6) for x in strategy.stats.stretch.lines.stretch.array[-10:]])
print(cerebro.broker.getvalue())

"""Two strategies share one account; analyzers tell them apart."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Trend(bt.Strategy):
    def __init__(self):
        self.mean = bt.ind.SMA(period=30)

    def next(self):
        if self.data.close > self.mean and not self.position:
            self.buy(size=40)
        elif self.data.close < self.mean and self.position:
            self.close()


class Dip(bt.Strategy):
    def next(self):
        if (
            self.data.close[0] < self.data.close[-1] < self.data.close[-2]
            and self.getposition().size < 60
        ):
            self.buy(size=5, tradeid=len(self) % 3)

    def notify_trade(self, trade):
        print(trade.tradeid, trade.size, trade.isclosed, trade.pnl)


cerebro = bt.Cerebro()
cerebro.adddata(daily())
cerebro.addstrategy(Trend)
cerebro.addstrategy(Dip)
cerebro.addanalyzer(bt.analyzers.TradeAnalyzer, _name="trades")
for strategy in cerebro.run():
    found = strategy.analyzers.trades.get_analysis()
    print(type(strategy).__name__, found.total, found.get("pnl"))
print(cerebro.broker.getvalue())

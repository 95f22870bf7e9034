"""Every analyzer of the account on one strategy, printed in full."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Swing(bt.Strategy):
    def __init__(self):
        self.stochastic = bt.ind.Stochastic(period=9)

    def next(self):
        if self.stochastic.percK < 25 and self.position.size <= 0:
            self.order_target_percent(target=0.8)
        elif self.stochastic.percK > 80 and self.position.size >= 0:
            self.order_target_percent(target=-0.3)


cerebro = bt.Cerebro()
cerebro.adddata(daily())
cerebro.addstrategy(Swing)
for name in (
    "AnnualReturn",
    "Calmar",
    "DrawDown",
    "TimeDrawDown",
    "GrossLeverage",
    "PeriodStats",
    "Returns",
    "SharpeRatio",
    "SharpeRatio_A",
    "SQN",
    "TimeReturn",
    "TradeAnalyzer",
    "Transactions",
    "VWR",
    "PositionsValue",
    "LogReturnsRolling",
):
    cerebro.addanalyzer(getattr(bt.analyzers, name), _name=name.lower())
strategy = cerebro.run()[0]
for analyzer in strategy.analyzers:
    print(type(analyzer).__name__, analyzer.get_analysis())
strategy.analyzers.tradeanalyzer.print()
strategy.analyzers.drawdown.pprint()

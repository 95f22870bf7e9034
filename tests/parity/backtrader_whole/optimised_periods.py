"""A grid of periods, best first; in one process and in several."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Grid(bt.Strategy):
    params = (("fast", 5), ("slow", 20))

    def __init__(self):
        self.cross = bt.ind.CrossOver(
            bt.ind.SMA(period=self.p.fast), bt.ind.SMA(period=self.p.slow)
        )

    def next(self):
        if self.cross > 0:
            self.order_target_percent(target=0.9)
        elif self.cross < 0:
            self.order_target_percent(target=0.0)


def search(**kwargs):
    cerebro = bt.Cerebro(optreturn=kwargs.pop("optreturn", True), **kwargs)
    cerebro.adddata(daily())
    cerebro.optstrategy(Grid, fast=range(4, 10, 2), slow=[18, 25])
    cerebro.addanalyzer(bt.analyzers.Returns, _name="returns")
    cerebro.addanalyzer(bt.analyzers.DrawDown, _name="drawdown")
    return cerebro.run()


if __name__ == "__main__":
    for kwargs in (dict(maxcpus=1), dict(maxcpus=2), dict(maxcpus=1, optreturn=False)):
        runs = []
        for run in search(**kwargs):
            for one in run:
                returns = one.analyzers.returns.get_analysis()["rtot"]
                runs.append(
                    (
                        returns,
                        one.p.fast,
                        one.p.slow,
                        one.analyzers.drawdown.get_analysis().max.drawdown,
                    )
                )
        for found in sorted(runs, reverse=True):
            print("%.10f %d %d %.6f" % found)

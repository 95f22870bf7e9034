"""Slippage by percent and by points, with every switch."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


import itertools


class Often(bt.Strategy):
    def next(self):
        n = len(self) % 9
        if n == 0:
            self.buy(size=5)
        elif n == 3:
            self.buy(size=5, exectype=bt.Order.Stop, price=self.data.close[0] * 1.005)
        elif n == 5:
            self.sell(size=5, exectype=bt.Order.Limit, price=self.data.close[0] * 1.003)
        elif n == 7:
            self.close()


for open_, limit, match, out in itertools.product((True, False), repeat=4):
    for by in ("perc", "fixed"):
        cerebro = bt.Cerebro()
        cerebro.adddata(daily(todate=__import__("datetime").datetime(2019, 5, 1)))
        cerebro.addstrategy(Often)
        setting = getattr(cerebro.broker, "set_slippage_" + by)
        setting(
            0.004 if by == "perc" else 0.2,
            slip_open=open_,
            slip_limit=limit,
            slip_match=match,
            slip_out=out,
        )
        cerebro.addanalyzer(bt.analyzers.Transactions, _name="deals")
        run = cerebro.run()
        deals = run[0].analyzers.deals.get_analysis()
        print(by, open_, limit, match, out, len(deals), cerebro.broker.getvalue())

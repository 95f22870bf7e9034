"""The four tables of the PyFolio analyzer."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Monthly(bt.Strategy):
    def __init__(self):
        self.month = 0

    def next(self):
        month = self.data.datetime.date(0).month
        if month != self.month:
            self.month = month
            for n, d in enumerate(self.datas):
                self.order_target_percent(d, target=0.3 if (month + n) % 2 else 0.1)


cerebro = bt.Cerebro()
cerebro.adddata(daily(), name="alpha")
cerebro.adddata(daily("other.csv"), name="beta")
cerebro.addstrategy(Monthly)
cerebro.addanalyzer(bt.analyzers.PyFolio, _name="pyfolio")
strategy = cerebro.run()[0]
returns, positions, transactions, leverage = strategy.analyzers.getbyname("pyfolio").get_pf_items()
for table in (returns, positions, transactions, leverage):
    print(table.head(12).to_string())
    print(table.tail(3).to_string())

"""Two feeds joined into one, and the nearer contract rolled into the next."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


import datetime


class Hold(bt.Strategy):
    def next(self):
        if len(self) % 50 == 0:
            print(len(self), self.data.datetime.date(0), self.data.close[0], self.data.volume[0])
        if len(self) == 20:
            self.buy(size=10)
        elif len(self) == 200:
            self.close()

    def stop(self):
        print(len(self), self.broker.getvalue())


early = datetime.datetime(2019, 6, 30)
for kind in ("chain", "roll"):
    cerebro = bt.Cerebro()
    if kind == "chain":
        cerebro.chaindata(daily(todate=early), daily("other.csv"), name="one")
    else:
        cerebro.rolloverdata(
            daily(todate=early),
            daily("other.csv"),
            name="one",
            checkdate=lambda when, d: when.month == 6,
            checkcondition=lambda a, b: a.volume[0] < b.volume[0],
        )
    cerebro.addstrategy(Hold)
    cerebro.run()

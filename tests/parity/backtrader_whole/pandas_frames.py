"""Frames as feeds: columns by name and number, with an extra line."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


import pandas as pd


class Scored(bt.feeds.PandasData):
    lines = ("score",)
    params = (("score", -1),)


class Rank(bt.Strategy):
    def next(self):
        best = max(self.datas, key=lambda d: d.score[0])
        for d in self.datas:
            self.order_target_percent(d, target=0.9 if d is best else 0.0)

    def notify_order(self, order):
        if order.status == order.Completed:
            print(order.data._name, order.executed.size, order.executed.price)


cerebro = bt.Cerebro()
for name in ("daily.csv", "other.csv"):
    frame = pd.read_csv(os.path.join(DATA, name), parse_dates=["Date"], index_col="Date").loc[
        "2019-05":"2019-09"
    ]
    frame["score"] = (frame["Close"] / frame["Close"].shift(10)).fillna(1.0)
    cerebro.adddata(Scored(dataname=frame), name=name.split(".")[0])
cerebro.addstrategy(Rank)
cerebro.broker.setcash(100_000)
cerebro.broker.set_shortcash(False)
cerebro.run()
print(cerebro.broker.getvalue())

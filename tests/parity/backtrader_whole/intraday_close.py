"""Day trading: closes everything with an order of type Close, and by a timer."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def minutes(**kwargs):
    return bt.feeds.BacktraderCSVData(
        dataname=os.path.join(DATA, "minutes.csv"),
        timeframe=bt.TimeFrame.Minutes,
        compression=5,
        **kwargs,
    )


import datetime


class Day(bt.Strategy):
    def __init__(self):
        self.add_timer(when=datetime.time(10, 30), name="morning")
        self.add_timer(when=datetime.time(15, 30), name="evening")

    def notify_timer(self, timer, when, *args, **kwargs):
        print(kwargs["name"], when, len(self), self.data.datetime.datetime(0))
        if kwargs["name"] == "morning":
            self.buy(size=50)
        else:
            self.close(exectype=bt.Order.Close)

    def next(self):
        pass

    def notify_order(self, order):
        if order.status == order.Completed:
            print(self.data.datetime.datetime(0), order.executed.size, order.executed.price)


cerebro = bt.Cerebro()
cerebro.adddata(minutes(sessionstart=datetime.time(9, 30), sessionend=datetime.time(16, 0)))
cerebro.addstrategy(Day)
cerebro.run()
print(cerebro.broker.getvalue())

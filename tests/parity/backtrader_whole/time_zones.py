"""Intraday data read in one zone and shown in another."""

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

import pytz


class Clock(bt.Strategy):
    def next(self):
        if self.data.datetime.time(0) == datetime.time(10, 0):
            print(
                self.data.datetime.datetime(0),
                self.datetime.datetime(0),
                bt.num2date(self.data.datetime[0]),
            )
            self.buy(size=3) if not self.position else self.close()

    def notify_order(self, order):
        if order.status == order.Completed:
            print(self.data.num2date(order.executed.dt), order.executed.price)


eastern = pytz.timezone("US/Eastern")
for kwargs in (dict(), dict(tz=eastern), dict(tz=eastern, tzinput=pytz.timezone("Europe/Berlin"))):
    cerebro = bt.Cerebro()
    cerebro.adddata(minutes(**kwargs))
    cerebro.addstrategy(Clock)
    cerebro.run()
    print(len(kwargs), cerebro.broker.getvalue())

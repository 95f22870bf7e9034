"""Gaps of a session are filled, what lies outside of it is dropped."""

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


class Show(bt.Strategy):
    def __init__(self):
        self.volume = bt.ind.SumN(self.data.volume, period=12)

    def next(self):
        if len(self) % 60 == 0:
            print(
                len(self),
                self.data.datetime.datetime(0),
                self.data.close[0],
                self.data.volume[0],
                self.volume[0],
            )
        if self.data.volume[0] < 100000 and not self.position:
            self.buy(size=10)
        elif self.position and self.data.volume[0] > 500000:
            self.close()


for flt in (bt.filters.SessionFilter, bt.filters.SessionFiller):
    data = minutes(sessionstart=datetime.time(10, 0), sessionend=datetime.time(15, 0))
    data.addfilter(bt.filters.SessionFilter)
    if flt is not bt.filters.SessionFilter:
        data.addfilter(flt, fill_vol=0)
    cerebro = bt.Cerebro()
    cerebro.adddata(data)
    cerebro.addstrategy(Show)
    run = cerebro.run()
    print(flt.__name__, len(run[0]), cerebro.broker.getvalue())

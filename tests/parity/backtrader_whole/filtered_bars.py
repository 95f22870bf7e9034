"""Filters on feeds: Heikin-Ashi candles, Renko bricks, calendar days."""

import datetime
import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Show(bt.Strategy):
    def __init__(self):
        self.trend = bt.ind.SMA(period=4)

    def next(self):
        d = self.data
        if len(self) % 25 == 0:
            print(
                d.datetime.date(0),
                d.open[0],
                d.high[0],
                d.low[0],
                d.close[0],
                d.volume[0],
                self.trend[0],
            )
        if not self.position and d.close[0] > self.trend[0]:
            self.buy(size=5)
            week = datetime.timedelta(days=7)
            self.sell(size=5, exectype=bt.Order.Limit, price=d.close[0] + 4.0, valid=week)
        elif self.position and d.close[0] < self.trend[0]:
            self.close()

    def notify_order(self, order):
        if not order.alive() and len(self) < 120:
            print(
                len(self),
                order.getstatusname(),
                bt.num2date(order.executed.dt),
                order.executed.price,
            )

    def stop(self):
        print("bars", len(self), "value", self.broker.getvalue())


for name, kwargs in (
    ("HeikinAshi", {}),
    ("Renko", dict(hilo=False, size=1.0)),
    ("CalendarDays", dict(fill_price=-1, fill_vol=0.0)),
):
    print(name)
    data = daily()
    data.addfilter(getattr(bt.filters, name), **kwargs)
    cerebro = bt.Cerebro()
    cerebro.adddata(data)
    cerebro.addstrategy(Show)
    cerebro.run()

"""Weeks of a market that is closed on some days."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


import datetime


class Days(bt.TradingCalendar):
    params = dict(
        holidays=[
            datetime.date(2019, 7, 4),
            datetime.date(2019, 12, 25),
            datetime.date(2020, 1, 1),
        ],
        earlydays=[(datetime.date(2019, 7, 3), datetime.time(9, 30), datetime.time(13, 0))],
        open=datetime.time(9, 30),
        close=datetime.time(16, 0),
    )


class Weekly(bt.Strategy):
    def next(self):
        if len(self.data1) != getattr(self, "weeks", 0):
            self.weeks = len(self.data1)
            if self.weeks % 8 == 0:
                print(
                    self.data.datetime.date(0),
                    self.weeks,
                    self.data1.datetime.date(0),
                    self.data1.close[0],
                )
                self.buy(size=5) if not self.position else self.close()


cerebro = bt.Cerebro()
cerebro.addcalendar(Days())
data = daily()
cerebro.adddata(data)
cerebro.resampledata(data, timeframe=bt.TimeFrame.Weeks)
cerebro.addstrategy(Weekly)
cerebro.run()
print(cerebro.broker.getvalue())

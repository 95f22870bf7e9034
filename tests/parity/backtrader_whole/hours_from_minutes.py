"""Five-minute bars, made into hours and days; orders on the minutes."""

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


class Hours(bt.Strategy):
    def __init__(self):
        self.hour = bt.ind.EMA(self.data1, period=6)
        self.day = self.data2.close

    def next(self):
        if self.data.close[0] > self.hour[0] and not self.position:
            self.buy(size=100)
        elif self.data.close[0] < self.hour[0] and self.position:
            self.close()
        if len(self) % 39 == 0:
            print(
                self.data.datetime.datetime(0),
                len(self.data1),
                self.data1.datetime.datetime(0),
                self.hour[0],
                len(self.data2),
                self.day[0],
            )

    def notify_trade(self, trade):
        if trade.isclosed:
            print("%.2f" % trade.pnl, trade.open_datetime(), trade.close_datetime())


cerebro = bt.Cerebro()
data = minutes()
cerebro.adddata(data)
cerebro.resampledata(data, timeframe=bt.TimeFrame.Minutes, compression=60)
cerebro.resampledata(data, timeframe=bt.TimeFrame.Days)
cerebro.addstrategy(Hours)
cerebro.run()
print(cerebro.broker.getvalue())

"""Minutes replayed as growing days."""

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


class Replay(bt.Strategy):
    def __init__(self):
        self.mean = bt.ind.SMA(period=3)

    def next(self):
        if len(self) % 20 == 0 or self.data.close[0] > self.data.open[0] * 1.02:
            print(
                len(self),
                len(self.data),
                self.data.open[0],
                self.data.high[0],
                self.data.low[0],
                self.data.close[0],
                self.mean[0],
            )
        if not self.position and self.data.close[0] > self.mean[0]:
            self.buy(size=10)
        elif self.position and self.data.close[0] < self.mean[0]:
            self.close()


cerebro = bt.Cerebro()
cerebro.replaydata(minutes(), timeframe=bt.TimeFrame.Days)
cerebro.addstrategy(Replay)
cerebro.run()
print(cerebro.broker.getvalue())

"""Functions of TA-Lib beside the library's own."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Both(bt.Strategy):
    def __init__(self):
        self.ours = bt.ind.SMA(period=20)
        self.theirs = bt.talib.SMA(self.data, timeperiod=20)
        self.bands = bt.talib.BBANDS(self.data, timeperiod=15, nbdevup=2.0, nbdevdn=2.0)
        self.hammer = bt.talib.CDLHAMMER(
            self.data.open, self.data.high, self.data.low, self.data.close
        )
        self.stoch = bt.talib.STOCH(self.data.high, self.data.low, self.data.close)

    def next(self):
        if self.hammer[0] and not self.position:
            self.buy(size=10)
        elif self.position and self.data.close[0] > self.bands.upperband[0]:
            self.close()
        if len(self) % 40 == 0:
            print(
                self.ours[0],
                self.theirs[0],
                self.bands.middleband[0],
                self.stoch.slowk[0],
                self.stoch.slowd[0],
            )

    def notify_trade(self, trade):
        print(trade.pnl)


cerebro = bt.Cerebro()
cerebro.adddata(daily())
cerebro.addstrategy(Both)
cerebro.run()
print(cerebro.broker.getvalue())

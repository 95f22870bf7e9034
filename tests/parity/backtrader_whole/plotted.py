"""A script that ends with plot(), as most do; without a display."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt


class Drawn(bt.Strategy):
    def __init__(self):
        self.cross = bt.ind.CrossOver(bt.ind.SMA(period=5), bt.ind.SMA(period=25), plot=False)
        bt.ind.RSI(period=9)
        bt.ind.BollingerBands(subplot=False)

    def next(self):
        if self.cross > 0:
            self.buy(size=50)
        elif self.cross < 0 and self.position:
            self.close()


cerebro = bt.Cerebro()
cerebro.adddata(daily(), name="drawn")
cerebro.addstrategy(Drawn)
cerebro.run()
print(cerebro.broker.getvalue())
figures = cerebro.plot(style="candlestick", iplot=False)
for figure in figures[0]:
    print(len(figure.axes))
    for axis in figure.axes:
        print(
            [
                text.get_text()
                for text in (axis.get_legend().get_texts() if axis.get_legend() else [])
            ],
            len(axis.lines),
        )
plt.close("all")

"""What WriterFile writes: text to the output, CSV to a file."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Write(bt.Strategy):
    params = (("period", 9),)

    def __init__(self):
        self.mean = bt.ind.SMA(period=self.p.period)
        self.cross = bt.ind.CrossOver(self.data.close, self.mean)

    def next(self):
        if self.cross > 0:
            self.buy(size=3)
        elif self.cross < 0:
            self.close()


cerebro = bt.Cerebro()
cerebro.adddata(daily(todate=__import__("datetime").datetime(2019, 4, 30)), name="share")
cerebro.addstrategy(Write)
cerebro.addanalyzer(bt.analyzers.DrawDown)
cerebro.addwriter(bt.WriterFile, csv=True, rounding=4)
cerebro.addwriter(bt.WriterFile, csv=True, out="whole_run.csv", csv_counter=False)
cerebro.run()

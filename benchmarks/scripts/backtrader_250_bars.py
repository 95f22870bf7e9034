"""A year of real daily bars: `python backtrader_250_bars.py [csv|pandas]`.

The whole process is timed, so what counts is how soon it starts.
"""

import datetime
import sys
from pathlib import Path

import backtrader as bt

FILE = Path(__file__).resolve().parents[2] / "examples" / "data" / "IBM.csv"


class Breakout(bt.Strategy):
    params = (("period", 20),)

    def __init__(self):
        self.average = bt.indicators.SMA(self.data.close, period=self.p.period)

    def next(self):
        if not self.position and self.data.close[0] > self.average[0] * 1.02:
            self.buy(size=50)
        elif self.position and self.data.close[0] < self.average[0]:
            self.close()


def csv_feed():
    return bt.feeds.GenericCSVData(
        dataname=str(FILE),
        fromdate=datetime.datetime(2010, 1, 1),
        todate=datetime.datetime(2010, 12, 31),
        dtformat="%Y-%m-%d",
        datetime=0,
        open=1,
        high=2,
        low=3,
        close=4,
        volume=5,
        openinterest=-1,
    )


def pandas_feed():
    import pandas as pd

    frame = pd.read_csv(FILE, parse_dates=["date"], index_col="date")
    return bt.feeds.PandasData(dataname=frame.loc["2010-01-01":"2010-12-31"])


def main():
    feed = pandas_feed() if sys.argv[1:] == ["pandas"] else csv_feed()
    cerebro = bt.Cerebro()
    cerebro.adddata(feed, name="IBM")
    cerebro.addstrategy(Breakout)
    cerebro.broker.setcommission(commission=0.001)
    cerebro.run()
    print(f"bars {len(feed)}, final value {cerebro.broker.getvalue():.2f}")


if __name__ == "__main__":
    main()

"""A feed with lines of its own, and one read by _loadline."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Ratio(bt.feeds.GenericCSVData):
    lines = ("ratio",)
    params = (("ratio", 4), ("dtformat", "%Y-%m-%d"))


class Own(bt.feed.CSVDataBase):
    def _loadline(self, tokens):
        import datetime

        when = datetime.datetime.strptime(
            next(tokens) if hasattr(tokens, "__next__") else tokens[0], "%Y-%m-%d"
        )
        self.lines.datetime[0] = bt.date2num(when)
        for line, token in zip(
            (self.l.open, self.l.high, self.l.low, self.l.close, self.l.volume), tokens[1:]
        ):
            line[0] = float(token)
        self.l.openinterest[0] = 0.0
        return True


class Use(bt.Strategy):
    def next(self):
        if len(self) % 60 == 0:
            print(
                self.data0.datetime.date(0),
                self.data0.ratio[0],
                self.data1.close[0],
                len(self.data1),
            )
        if not self.position and self.data0.ratio[0] > self.data0.ratio[-1]:
            self.buy(size=4)
        elif self.position and len(self) % 5 == 0:
            self.close()


cerebro = bt.Cerebro()
cerebro.adddata(Ratio(dataname=os.path.join(DATA, "daily.csv")))
cerebro.adddata(Own(dataname=os.path.join(DATA, "other.csv"), name="own"))
cerebro.addstrategy(Use)
cerebro.run()
print(cerebro.broker.getvalue())

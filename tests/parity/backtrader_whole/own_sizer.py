"""A sizer that risks a part of the account by the average range."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class ByRange(bt.Sizer):
    params = (("risk", 0.01),)

    def _getsizing(self, comminfo, cash, data, isbuy):
        if not isbuy:
            return self.broker.getposition(data).size
        span = self.strategy.range[0]
        return max(1, int(cash * self.p.risk / span)) if span else 0


class Breakout(bt.Strategy):
    def __init__(self):
        self.range = bt.ind.ATR(period=14)
        self.top = bt.ind.Highest(self.data.close, period=20)
        self.stop_price = None

    def next(self):
        if not self.position:
            if self.data.close[0] >= self.top[0]:
                self.buy()
                self.stop_price = self.data.close[0] - 2 * self.range[0]
        elif self.data.close[0] < self.stop_price:
            self.sell()
        else:
            self.stop_price = max(self.stop_price, self.data.close[0] - 2 * self.range[0])

    def notify_order(self, order):
        if order.status == order.Completed:
            print(
                self.data.datetime.date(0),
                order.executed.size,
                order.executed.price,
                self.stop_price,
            )


cerebro = bt.Cerebro()
cerebro.adddata(daily())
cerebro.addstrategy(Breakout)
cerebro.addsizer(ByRange, risk=0.02)
cerebro.run()
print(cerebro.broker.getvalue())

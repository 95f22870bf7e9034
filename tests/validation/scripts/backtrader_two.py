"""Two strategies in one run, one of them an heir of the other, with brackets and a cancel."""

from pathlib import Path

import backtrader as bt
import pandas as pd

BARS = Path(__file__).resolve().parents[2] / "cli" / "scripts" / "bars.csv"


class First(bt.Strategy):
    def __init__(self):
        self.calls = 0
        self.waiting = None

    def prenext(self):
        self.calls += 100

    def notify_order(self, order):
        self.calls += 1

    def next(self):
        self.calls += 1
        price = self.data.close[0]
        if len(self) % 12 == 3:
            self.buy_bracket(size=3, price=price, limitprice=price * 1.02, stopprice=price * 0.98)
        if len(self) == 40:
            self.waiting = self.sell(exectype=bt.Order.Limit, price=price * 2, size=1)
        if len(self) == 45:
            self.cancel(self.waiting)


class Second(First):
    def __init__(self):
        super().__init__()
        self.average = bt.indicators.SMA(self.data.close, period=5)

    def next(self):
        super().next()
        if len(self) % 7 == 0:
            self.order_target_size(target=len(self) % 3)


frame = pd.read_csv(BARS, parse_dates=["date"], index_col="date")
cerebro = bt.Cerebro()
cerebro.adddata(bt.feeds.PandasData(dataname=frame), name="bars")
cerebro.addstrategy(First)
cerebro.addstrategy(Second)
cerebro.broker.setcommission(commission=0.001)
for strategy in cerebro.run():
    print(type(strategy).__name__, strategy.calls)
print(f"{cerebro.broker.getvalue():.6f}")

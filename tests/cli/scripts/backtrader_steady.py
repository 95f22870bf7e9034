"""Buys and sells at fixed bars. The first argument changes how it behaves; see `main`."""

import sys
from pathlib import Path

import backtrader as bt
import pandas as pd

MODE = sys.argv[1] if len(sys.argv) > 1 else "steady"
ON_FILLPROOF = "compat" in bt.__file__


class Steady(bt.Strategy):
    def notify_order(self, order):
        if order.status == order.Completed:
            print(len(self), "buy" if order.isbuy() else "sell", order.executed.price)

    def next(self):
        if MODE == "no-trades":
            return
        if len(self) % 10 == 5:
            # The divergent mode really trades another size on fillproof, from bar 25 on.
            self.buy(size=7 if MODE == "divergent" and ON_FILLPROOF and len(self) > 20 else 5)
        elif len(self) % 10 == 0 and self.position:
            self.close()
        if MODE == "crash" and len(self) == 30:
            raise ValueError("at bar 30")
        if MODE == "crash-here" and ON_FILLPROOF and len(self) == 30:
            raise ValueError("at bar 30, on one side only")


def main():
    if MODE == "missing-name" and ON_FILLPROOF:
        print(bt.stores)
    frame = pd.read_csv(
        Path(__file__).with_name("bars.csv"), parse_dates=["date"], index_col="date"
    )
    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.PandasData(dataname=frame), name="bars")
    cerebro.addstrategy(Steady)
    cerebro.broker.setcommission(commission=0.001)
    cerebro.run()
    print(f"final {cerebro.broker.getvalue():.2f}")
    if MODE == "exit-5":
        sys.exit(5)


if __name__ == "__main__":
    main()

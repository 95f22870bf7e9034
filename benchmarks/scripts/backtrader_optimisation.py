"""100 combinations of a trend strategy: `python backtrader_optimisation.py [BARS] [PROCESSES]`.

20 years of generated daily bars (5,000) and one process by default. Two averages and a stop
change; the filters, an RSI, an ATR and a longer average, are the same in every combination.
"""

import sys

import backtrader as bt
import numpy as np
import pandas as pd


def generate(bars, seed=3):
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(0.0002, 0.012, bars)))
    open_ = np.concatenate([[100.0], close[:-1]]) * (1 + rng.normal(0, 0.002, bars))
    spread = np.abs(rng.normal(0, 0.006, (2, bars)))
    return pd.DataFrame(
        {
            "open": open_,
            "high": np.maximum(open_, close) * (1 + spread[0]),
            "low": np.minimum(open_, close) * (1 - spread[1]),
            "close": close,
            "volume": rng.integers(100_000, 1_000_000, bars).astype(float),
        },
        index=pd.bdate_range("2000-01-03", periods=bars),
    )


class Trend(bt.Strategy):
    params = (("fast", 10), ("slow", 40), ("stop", 0.04), ("trend", 100), ("overbought", 75))

    def __init__(self):
        fast = bt.indicators.SMA(self.data.close, period=self.p.fast)
        slow = bt.indicators.SMA(self.data.close, period=self.p.slow)
        self.cross = bt.indicators.CrossOver(fast, slow)
        self.trend = bt.indicators.EMA(self.data.close, period=self.p.trend)
        self.rsi = bt.indicators.RSI(self.data.close, period=14)
        self.atr = bt.indicators.ATR(self.data, period=14)
        self.stop_price = 0.0

    def notify_order(self, order):
        if order.status == order.Completed and order.isbuy():
            self.stop_price = order.executed.price * (1 - self.p.stop)

    def next(self):
        if not self.position:
            strong = self.data.close[0] > self.trend[0] + self.atr[0]
            if self.cross > 0 and strong and self.rsi < self.p.overbought:
                self.buy()
        elif self.cross < 0 or self.data.close[0] < self.stop_price:
            self.close()


def main():
    bars = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    cerebro = bt.Cerebro(maxcpus=processes)
    cerebro.adddata(bt.feeds.PandasData(dataname=generate(bars)), name="generated")
    cerebro.optstrategy(
        Trend,
        fast=range(5, 30, 5),
        slow=range(40, 90, 10),
        stop=(0.02, 0.04, 0.06, 0.08),
    )
    cerebro.addsizer(bt.sizers.PercentSizer, percents=90)
    cerebro.addanalyzer(bt.analyzers.Returns, _name="returns")
    cerebro.addanalyzer(bt.analyzers.DrawDown, _name="drawdown")
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer, _name="trades")
    cerebro.broker.setcash(100_000.0)
    cerebro.broker.setcommission(commission=0.001)
    for (left,) in cerebro.run():
        total = left.analyzers.returns.get_analysis()["rtot"]
        deepest = left.analyzers.drawdown.get_analysis().max.drawdown
        trades = left.analyzers.trades.get_analysis()
        print(
            f"{left.p.fast:3d} {left.p.slow:3d} {left.p.stop:.2f}: return {total:.9f}, "
            f"drawdown {deepest:.9f}, trades {trades.total.closed}, won {trades.won.total}"
        )


if __name__ == "__main__":
    main()

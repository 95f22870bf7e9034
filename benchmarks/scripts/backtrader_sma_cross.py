"""SMA cross on generated minute bars: `python backtrader_sma_cross.py [BARS]` (100,000)."""

import sys

import backtrader as bt
import numpy as np
import pandas as pd


def generate(bars, seed=7):
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.001, bars)))
    open_ = np.concatenate([[100.0], close[:-1]]) * (1 + rng.normal(0, 0.0002, bars))
    spread = np.abs(rng.normal(0, 0.0005, (2, bars)))
    return pd.DataFrame(
        {
            "open": open_,
            "high": np.maximum(open_, close) * (1 + spread[0]),
            "low": np.minimum(open_, close) * (1 - spread[1]),
            "close": close,
            "volume": rng.integers(100, 10_000, bars).astype(float),
        },
        index=pd.date_range("2020-01-01 00:00", periods=bars, freq="min"),
    )


class SmaCross(bt.Strategy):
    params = (("fast", 10), ("slow", 30))

    def __init__(self):
        fast = bt.indicators.SimpleMovingAverage(self.data.close, period=self.p.fast)
        slow = bt.indicators.SimpleMovingAverage(self.data.close, period=self.p.slow)
        self.crossover = bt.indicators.CrossOver(fast, slow)
        self.completed = 0

    def notify_order(self, order):
        if order.status == order.Completed:
            self.completed += 1

    def next(self):
        if not self.position:
            if self.crossover > 0:
                self.buy()
        elif self.crossover < 0:
            self.close()


def main():
    bars = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    cerebro = bt.Cerebro(stdstats=False)
    data = bt.feeds.PandasData(dataname=generate(bars), timeframe=bt.TimeFrame.Minutes)
    cerebro.adddata(data, name="generated")
    cerebro.addstrategy(SmaCross)
    cerebro.addsizer(bt.sizers.FixedSize, stake=10)
    cerebro.broker.setcash(100_000.0)
    cerebro.broker.setcommission(commission=0.0005)
    strategy = cerebro.run()[0]
    print(f"bars {bars}, orders completed {strategy.completed}")
    print(f"final value {cerebro.broker.getvalue():.6f}")


if __name__ == "__main__":
    main()

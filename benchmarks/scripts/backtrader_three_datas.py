"""Eight indicators on three datas, each traded in its own way: `python … [BARS]` (20,000 each).

The first follows a trend and protects itself with a stop, the second buys below its range, the
third trades breakouts of its channel.
"""

import sys

import backtrader as bt
import numpy as np
import pandas as pd


def generate(bars, seed):
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
        index=pd.date_range("2020-01-01 00:00", periods=bars, freq="5min"),
    )


class Three(bt.Strategy):
    params = (("fast", 12), ("slow", 26), ("channel", 55), ("risk", 3.0))

    def __init__(self):
        trend, swing, breakout = self.datas
        self.fast = bt.indicators.EMA(trend.close, period=self.p.fast)
        self.slow = bt.indicators.EMA(trend.close, period=self.p.slow)
        self.rsi = bt.indicators.RSI(trend.close, period=14)
        self.atr = bt.indicators.ATR(trend, period=14)
        self.bands = bt.indicators.BollingerBands(swing.close, period=20)
        self.mean = bt.indicators.SMA(swing.close, period=100)
        self.highest = bt.indicators.Highest(breakout.high, period=self.p.channel)
        self.lowest = bt.indicators.Lowest(breakout.low, period=self.p.channel)
        self.stop_order = None
        self.completed = 0

    def notify_order(self, order):
        if order.status == order.Completed:
            self.completed += 1
        if not order.alive() and self.stop_order is not None and order.ref == self.stop_order.ref:
            self.stop_order = None

    def next(self):
        trend, swing, breakout = self.datas
        if not self.getposition(trend).size:
            if self.fast[0] > self.slow[0] and self.rsi[0] < 60 and self.stop_order is None:
                price = trend.close[0] - self.p.risk * self.atr[0]
                self.buy(data=trend, size=10)
                stop = bt.Order.Stop
                self.stop_order = self.sell(data=trend, size=10, exectype=stop, price=price)
        elif self.fast[0] < self.slow[0] and self.stop_order is not None:
            self.close(data=trend, oco=self.stop_order)

        if self.getposition(swing).size:
            if swing.close[0] > self.bands.mid[0]:
                self.close(data=swing)
        elif self.mean[0] * 0.99 < swing.close[0] < self.bands.bot[0]:
            self.buy(data=swing, size=5)

        if self.getposition(breakout).size:
            if breakout.close[0] < self.lowest[-1]:
                self.close(data=breakout)
        elif breakout.close[0] > self.highest[-1]:
            self.buy(data=breakout, size=8)


def main():
    bars = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    cerebro = bt.Cerebro(stdstats=False)
    for seed, name in enumerate(("trend", "swing", "breakout"), 1):
        data = bt.feeds.PandasData(
            dataname=generate(bars, seed), timeframe=bt.TimeFrame.Minutes, compression=5
        )
        cerebro.adddata(data, name=name)
    cerebro.addstrategy(Three)
    cerebro.broker.setcash(100_000.0)
    cerebro.broker.setcommission(commission=0.0002)
    strategy = cerebro.run()[0]
    print(f"bars {bars}, orders completed {strategy.completed}")
    print(f"final value {cerebro.broker.getvalue():.6f}")


if __name__ == "__main__":
    main()

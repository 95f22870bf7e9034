"""The SMA cross of scripts/backtrader_sma_cross.py: here as a Backtrader strategy, there on
backtesting (backtesting.py).

Both sides begin with the same frame in memory and end with the list of trades and the account's
last value. Timed is all in between: there `Backtest(…).run()`, with the statistics that it always
works out; here feed, `Cerebro`, `run()`. Both call a Python `next()` at each bar, trade ten units
at the next open, and pay the same commission. See worker.py for the protocol.
"""

from __future__ import annotations

import numpy as np

JOBS = [{"name": "SMA cross against backtesting", "rows": 100_000, "columns": 1}]
FAST, SLOW, SIZE, CASH, COMMISSION = 10, 30, 10, 100_000.0, 0.0005


def prepare(rows: int, columns: int) -> dict:
    import pandas as pd

    rng = np.random.default_rng(7)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.001, rows)))
    open_ = np.concatenate([[100.0], close[:-1]]) * (1 + rng.normal(0, 0.0002, rows))
    spread = np.abs(rng.normal(0, 0.0005, (2, rows)))
    frame = pd.DataFrame(
        {
            "Open": open_,
            "High": np.maximum(open_, close) * (1 + spread[0]),
            "Low": np.minimum(open_, close) * (1 - spread[1]),
            "Close": close,
            "Volume": rng.integers(100, 10_000, rows).astype(float),
        },
        index=pd.date_range("2020-01-01 00:00", periods=rows, freq="min"),
    )
    return {"frame": frame}


def ours(inputs: dict) -> dict:
    import fillproof.compat.backtrader as bt

    class SmaCross(bt.Strategy):
        def __init__(self):
            fast = bt.indicators.SimpleMovingAverage(self.data.close, period=FAST)
            slow = bt.indicators.SimpleMovingAverage(self.data.close, period=SLOW)
            self.crossover = bt.indicators.CrossOver(fast, slow)
            self.trades = []

        def notify_trade(self, trade):
            if trade.isclosed:
                # A trade counts bars from 1.
                self.trades.append((trade.baropen - 1, trade.barclose - 1, trade.price))

        def next(self):
            if not self.position:
                if self.crossover > 0:
                    self.buy()
            elif self.crossover < 0:
                self.close()

    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(bt.feeds.PandasData(dataname=inputs["frame"], timeframe=bt.TimeFrame.Minutes))
    cerebro.addstrategy(SmaCross)
    cerebro.addsizer(bt.sizers.FixedSize, stake=SIZE)
    cerebro.broker.setcash(CASH)
    cerebro.broker.setcommission(commission=COMMISSION)
    strategy = cerebro.run()[0]
    entered, left, price = zip(*strategy.trades, strict=True)
    return {
        "entry_bar": entered,
        "exit_bar": left,
        "entry_price": price,
        "equity": cerebro.broker.getvalue(),
    }


def reference(inputs: dict, engine: str) -> dict:
    from backtesting import Backtest, Strategy
    from backtesting.lib import crossover

    class SmaCross(Strategy):
        def init(self):
            close = self.data.Close.s
            self.fast = self.I(lambda: close.rolling(FAST).mean(), name="fast")
            self.slow = self.I(lambda: close.rolling(SLOW).mean(), name="slow")

        def next(self):
            if not self.position:
                if crossover(self.fast, self.slow):
                    self.buy(size=SIZE)
            elif crossover(self.slow, self.fast):
                self.position.close()

    test = Backtest(inputs["frame"], SmaCross, cash=CASH, commission=COMMISSION)
    result = test.run()
    trades = result["_trades"]
    return {
        "entry_bar": trades["EntryBar"],
        "exit_bar": trades["ExitBar"],
        "entry_price": trades["EntryPrice"],
        "equity": result["Equity Final [$]"],
    }

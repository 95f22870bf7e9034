"""50 assets, every 21 sessions the ten with the best momentum: here and on ml4t-backtest.

Both sides begin with prices in memory, call a Python strategy once per session with all assets,
trade fractional shares at the next open and pay no costs. A tenth of the equity stays in cash, so
that no order is refused for a gap in prices. See worker.py for the protocol.
"""

from __future__ import annotations

import datetime

import numpy as np

JOBS = [{"name": "momentum, a Python strategy per time slice", "rows": 1258, "columns": 50}]
LOOK_BACK, EVERY, HELD, INVESTED, CASH = 60, 21, 10, 0.9, 1_000_000.0
DAY = 86_400_000_000_000
FIRST = datetime.datetime(2018, 1, 1)


def prepare(rows: int, columns: int) -> dict:
    rng = np.random.default_rng(5)
    close = 100.0 * np.exp(np.cumsum(rng.normal(3e-4, 0.015, (rows, columns)), axis=0))
    open_ = close * (1.0 + rng.normal(0.0, 0.003, (rows, columns)))
    return {
        "open": open_,
        "high": np.maximum(open_, close) * 1.002,
        "low": np.minimum(open_, close) * 0.998,
        "close": close,
        "volume": np.full((rows, columns), 1e7),
        "names": [f"A{n:03}" for n in range(columns)],
        "days": [FIRST + datetime.timedelta(days=n) for n in range(rows)],
    }


def ours(inputs: dict) -> dict:
    from fillproof.core import Bars, Rules, run
    from fillproof.core.native import CLOSE

    prices = [inputs[name] for name in ("open", "high", "low", "close", "volume")]
    first = (FIRST - datetime.datetime(1970, 1, 1)).days
    times = (first + np.arange(len(inputs["days"]), dtype=np.int64)) * DAY
    bars = Bars.from_arrays(times, *prices, assets=tuple(inputs["names"]))

    def strategy(now):
        if now.t < LOOK_BACK or now.t % EVERY:
            return
        past = now.history(CLOSE, LOOK_BACK + 1)
        best = np.argsort(past[:, 0] / past[:, -1])[:HELD]
        weights = np.zeros(len(past))
        weights[best] = INVESTED / HELD
        now.target_weights(weights)

    result = run(bars, strategy, Rules(), cash=CASH)
    return {"equity": result.equity, "fills": len(result.fill_rows)}


def reference(inputs: dict, engine: str) -> dict:
    import polars as pl
    from ml4t.backtest import BacktestConfig, DataFeed, Engine, Strategy
    from ml4t.backtest.config import CommissionType, ShareType, SlippageType

    names, days = inputs["names"], inputs["days"]
    if "frame" not in inputs:  # what their users begin with
        columns = {"timestamp": np.repeat(days, len(names)), "symbol": names * len(days)}
        prices = ("open", "high", "low", "close", "volume")
        columns |= {name: inputs[name].reshape(-1) for name in prices}
        inputs["frame"] = pl.DataFrame(columns)

    class Momentum(Strategy):
        def on_start(self, broker):
            self.closes = []

        def on_data(self, timestamp, data, context, broker):
            self.closes.append(np.array([data[name]["close"] for name in names]))
            t = len(self.closes) - 1
            if t < LOOK_BACK or t % EVERY:
                return
            best = np.argsort(self.closes[t - LOOK_BACK] / self.closes[t])[:HELD]
            weights = dict.fromkeys(names, 0.0)
            for place in best:
                weights[names[place]] = INVESTED / HELD
            broker.rebalance_to_weights(weights)

    settings = BacktestConfig(
        initial_cash=CASH,
        commission_type=CommissionType.NONE,
        slippage_type=SlippageType.NONE,
        share_type=ShareType.FRACTIONAL,
        # Without it a sale of all that is held is refused as a short sale where the division by
        # the price rounds its size up.
        allow_short_selling=True,
    )
    result = Engine(DataFeed(prices_df=inputs["frame"]), Momentum(), settings).run()
    equity = np.array([value for _, value in result.equity_curve])
    return {"equity": equity, "fills": len(result.fills)}

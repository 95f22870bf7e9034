"""Moving-average crossovers on four US stocks: every pair of windows, with stops and costs.

Buys when the fast average of the adjusted close crosses above the slow one, sells when it crosses
below. A position is also closed 8 % below its highest price since entry, or 25 % above its entry.
Trades cost 0.1 % plus one dollar, and slip by 0.05 %.

    python vectorbt_signals.py
"""

from itertools import combinations
from pathlib import Path

import pandas as pd
import vectorbt as vbt

DATA = Path(__file__).resolve().parent / "data"
TICKERS = ["AAPL", "GOOG", "IBM", "MSFT"]
WINDOWS = [10, 20, 50, 100, 200]
START = "2005-01-01"


def load(ticker):
    """Daily bars, adjusted for splits and dividends."""
    bars = pd.read_csv(DATA / f"{ticker}.csv", index_col="date", parse_dates=["date"])
    ratio = bars["adj_close"] / bars["close"]
    return bars[["open", "high", "low", "close"]].mul(ratio, axis=0)


bars = {ticker: load(ticker).loc[START:] for ticker in TICKERS}
open_, high, low, close = (
    pd.DataFrame({ticker: bars[ticker][field] for ticker in TICKERS})
    for field in ("open", "high", "low", "close")
)

average = {window: close.rolling(window).mean() for window in WINDOWS}
entries, exits = {}, {}
for fast, slow in combinations(WINDOWS, 2):
    above = average[fast] > average[slow]
    known = average[slow].notna() & average[slow].shift().notna()
    before = above.shift(fill_value=False)
    entries[fast, slow] = above & ~before & known
    exits[fast, slow] = ~above & before & known


def every_pair(tables):
    """One table with a column per pair of windows and ticker."""
    return pd.concat(tables, axis=1, names=["fast", "slow", "ticker"])


pairs = list(combinations(WINDOWS, 2))
portfolio = vbt.Portfolio.from_signals(
    every_pair(dict.fromkeys(pairs, close)),
    entries=every_pair(entries),
    exits=every_pair(exits),
    open=every_pair(dict.fromkeys(pairs, open_)),
    high=every_pair(dict.fromkeys(pairs, high)),
    low=every_pair(dict.fromkeys(pairs, low)),
    fees=0.001,
    fixed_fees=1.0,
    slippage=0.0005,
    sl_stop=0.08,
    sl_trail=True,
    tp_stop=0.25,
    init_cash=10_000.0,
    freq="1D",
)

print(f"{len(close)} bars, {entries[pairs[0]].shape[1] * len(pairs)} columns")
print(f"{int(portfolio.orders.count().sum())} orders")

result = pd.DataFrame(
    {
        "return": portfolio.total_return(),
        "sharpe": portfolio.sharpe_ratio(),
        "drawdown": portfolio.max_drawdown(),
        "trades": portfolio.trades.count(),
        "win rate": portfolio.trades.win_rate(),
    }
)
print("\nMean over the stocks:")
print(result.groupby(level=["fast", "slow"]).mean().round(4).to_string())

best = result["sharpe"].idxmax()
print(f"\nBest by Sharpe ratio: windows {best[0]} and {best[1]} on {best[2]}")
print(portfolio.stats(column=best).to_string())
print("\nIts last trades:")
trades = portfolio.trades.records_readable
print(
    trades[trades["Column"] == best]
    .tail(5)
    .iloc[:, 2:12]
    .to_string(index=False, float_format="{:.2f}".format)
)

"""`Portfolio.from_signals` on generated prices, to order records, total return, Sharpe ratio and
maximum drawdown; see worker.py for who calls what.

Signals are crossings of two moving averages, computed beforehand and not timed: the pass over the
signals and what is asked of its result are.
"""

import numpy as np
import pandas as pd

JOBS = [
    {"name": "from_signals 5,000 x 1,000", "rows": 5_000, "columns": 1_000},
    {"name": "from_signals 1,000,000 x 1", "rows": 1_000_000, "columns": 1},
]
FAST, SLOW = 10, 50
COSTS = {"fees": 0.001, "slippage": 0.0005, "init_cash": 10_000.0}


def prepare(rows, columns):
    """(close, entries, exits), the same on both sides: a seed decides all."""
    rng = np.random.default_rng(20_110_916)
    close = 100.0 * np.exp(np.cumsum(rng.normal(0.0, 0.01, (rows, columns)), axis=0))
    above = _average(close, FAST) > _average(close, SLOW)
    before = np.vstack([above[:1], above[:-1]])
    entries, exits = above & ~before, ~above & before
    entries[:SLOW] = exits[:SLOW] = False
    index = pd.date_range("1990-01-01", periods=rows, freq="min")
    return tuple(pd.DataFrame(values, index=index) for values in (close, entries, exits))


def _average(values, window):
    out = np.full(values.shape, np.nan)
    total = np.cumsum(values, axis=0)
    out[window - 1 :] = total[window - 1 :]
    out[window:] -= total[:-window]
    return out / window


def ours(inputs):
    import fillproof.compat.vectorbt as vbt

    return _statistics(vbt.Portfolio, inputs, {})


def reference(inputs, engine):
    if engine == "rust":
        # Where it is absent, VectorBT's own choice would fall back without a word.
        import vectorbt_rust  # noqa: F401
    import vectorbt as vbt

    return _statistics(vbt.Portfolio, inputs, {"engine": engine})


def _statistics(portfolio, inputs, options):
    close, entries, exits = inputs
    made = portfolio.from_signals(close, entries, exits, freq="1min", **COSTS, **options)
    orders = made.orders.values
    return {
        **{f"orders.{name}": orders[name] for name in orders.dtype.names},
        "total_return": made.total_return(),
        "sharpe_ratio": made.sharpe_ratio(),
        "max_drawdown": made.max_drawdown(),
    }

"""Every pair of moving averages of one price, from the price to nine statistics of each pair; see
worker.py for who calls what.

There it is what a VectorBT user writes: `MA.run_combs`, the crossings, `from_signals`, the methods
of the portfolio. Here it is `core.sweep` with a jitted function of signals, as fillproof's
documentation has it.
"""

from functools import cache

import numpy as np
import pandas as pd

JOBS = [
    {
        "name": "sweep of 10,011 SMA pairs x 2,500 bars",
        "rows": 2_500,
        "columns": 10_011,
        "quick": {"rows": 500, "columns": 496},
    },
]
SHORTEST = 2
FEES, CASH, YEAR = 0.001, 10_000.0, 365.0
STATISTICS = (
    "total_return",
    "annualized_return",
    "annualized_volatility",
    "sharpe_ratio",
    "sortino_ratio",
    "max_drawdown",
    "orders",
    "trades",
    "win_rate",
)


def prepare(rows, columns):
    """(close, windows) with as many windows as make `columns` pairs."""
    rng = np.random.default_rng(20_110_916)
    close = 100.0 * np.exp(np.cumsum(rng.normal(0.0002, 0.01, rows)))
    count = int((1 + (1 + 8 * columns) ** 0.5) / 2)
    index = pd.date_range("2015-01-01", periods=rows, freq="D")
    return pd.Series(close, index=index), np.arange(SHORTEST, SHORTEST + count)


def ours(inputs):
    from fillproof.core import sweep

    close, windows = inputs
    fast, slow = np.triu_indices(len(windows), 1)
    found = sweep.run(
        close,
        _crossings(),
        {"fast": fast, "slow": slow},
        tables={"averages": _averages(close.to_numpy(), windows)},
        statistics=STATISTICS,
        cash=CASH,
        annual_factor=YEAR,
        memory="64 MB",
        fees=FEES,
    )
    return {name: found.table[name].to_numpy() for name in STATISTICS}


def _averages(values, windows):
    """A row per window."""
    total = np.cumsum(np.concatenate([[0.0], values]))
    out = np.full((len(windows), len(values)), np.nan)
    for row, window in zip(out, windows, strict=True):
        row[window - 1 :] = (total[window:] - total[:-window]) / window
    return out


@cache
def _crossings():
    from fillproof.core.jit import njit

    @njit
    def crossings(data, p, entries, exits):
        """An entry where the fast average rises above the slow one, an exit where it falls."""
        fast, slow = data.averages[p.fast], data.averages[p.slow]
        before = 0.0
        for i in range(len(fast)):
            difference = fast[i] - slow[i]
            if difference * before < 0.0:
                if difference > 0.0:
                    entries[i] = True
                else:
                    exits[i] = True
            if difference > 0.0 or difference < 0.0:
                before = difference

    return crossings


def reference(inputs, engine):
    if engine == "rust":
        # Where it is absent, VectorBT's own choice would fall back without a word.
        import vectorbt_rust  # noqa: F401
    import vectorbt as vbt

    vbt.settings["engine"] = engine
    close, windows = inputs
    fast, slow = vbt.MA.run_combs(close, window=windows, r=2, short_names=["fast", "slow"])
    entries, exits = fast.ma_crossed_above(slow), fast.ma_crossed_below(slow)
    made = vbt.Portfolio.from_signals(close, entries, exits, fees=FEES, init_cash=CASH, freq="1D")
    out = {name: getattr(made, name)() for name in STATISTICS[:6]}
    out |= {"orders": made.orders.count(), "trades": made.trades.count()}
    return out | {"win_rate": made.trades.win_rate()}

"""Two portfolios: several columns with shorts and stops, and one that only holds."""

import numpy as np
import pandas as pd
import vectorbt as vbt

rng = np.random.default_rng(3)
index = pd.date_range("2021-01-01", periods=120)
steps = rng.normal(0, 0.02, (120, 3))
close = pd.DataFrame(100 * np.exp(np.cumsum(steps, axis=0)), index=index, columns=list("abc"))
fast, slow = close.rolling(3).mean(), close.rolling(10).mean()
signals = vbt.Portfolio.from_signals(
    close, fast > slow, fast < slow, fees=0.001, slippage=0.0005, init_cash=10_000
)
print(signals.total_return().round(9).to_dict())
sizes = pd.Series(np.where(np.arange(120) % 30 == 0, 5.0, np.nan), index=index)
orders = vbt.Portfolio.from_orders(close["a"], sizes, fees=0.001, init_cash=10_000)
print(round(float(orders.total_return()), 9))

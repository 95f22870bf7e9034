"""Long one stock and short another by the z-score of their ratio; custom benchmark returns."""

import numpy as np
import pandas as pd
from zipline import run_algorithm
from zipline.api import order_target_percent, record, set_slippage, symbol
from zipline.finance import slippage

WINDOW = 30


def initialize(context):
    context.a, context.b = symbol("STEADY"), symbol("MIXED")
    context.side = 0
    set_slippage(slippage.NoSlippage())


def handle_data(context, data):
    frame = data.history([context.a, context.b], "close", WINDOW, "1d").ffill().bfill()
    ratio = np.log(frame[context.a] / frame[context.b]).to_numpy()
    spread = ratio.std()
    z = (ratio[-1] - ratio.mean()) / spread if spread else 0.0
    record(z=z, side=context.side)
    side = -1 if z > 1.0 else 1 if z < -1.0 else 0 if abs(z) < 0.3 else context.side
    if side != context.side:
        print(data.current_dt, "from", context.side, "to", side, f"{z:.10f}")
        context.side = side
        order_target_percent(context.a, 0.5 * side)
        order_target_percent(context.b, -0.3 * side)


returns = pd.Series(0.0005, index=pd.date_range("2015-07-01", "2016-05-31", freq="B"))
returns.iloc[::3] = -0.0007
perf = run_algorithm(
    start=pd.Timestamp("2015-08-03"),
    end=pd.Timestamp("2016-05-13"),
    initialize=initialize,
    handle_data=handle_data,
    capital_base=75_000,
    benchmark_returns=returns,
    bundle="programs",
)
print(perf.shorts_count.sum(), perf.longs_count.sum())
print(perf.short_exposure.min(), perf.long_exposure.max(), perf.max_leverage.iloc[-1])
print(f"{perf.beta.iloc[-1]:.9f} {perf.alpha.iloc[-1]:.9f}", perf.period_label.iloc[-1])
for day in perf.positions.iloc[-3:]:
    print([(one["sid"].symbol, one["amount"], one["cost_basis"]) for one in day])

"""Two moving averages on one stock, costs set in initialize, variables recorded."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import order_target, record, set_benchmark, set_commission, set_slippage, symbol
from zipline.finance import commission, slippage


def initialize(context):
    context.i = 0
    context.asset = symbol("PAYS")
    set_benchmark(symbol("STEADY"))
    set_commission(commission.PerShare(cost=0.005, min_trade_cost=1.0))
    set_slippage(slippage.VolumeShareSlippage(volume_limit=0.05, price_impact=0.1))


def handle_data(context, data):
    context.i += 1
    if context.i < 20:
        return
    short_mavg = data.history(context.asset, "price", bar_count=5, frequency="1d").mean()
    long_mavg = data.history(context.asset, "price", bar_count=20, frequency="1d").mean()
    position = context.portfolio.positions[context.asset]
    if short_mavg > long_mavg and position.amount == 0:
        order_target(context.asset, 800)
        print(context.i, "buy", float(short_mavg), float(long_mavg))
    elif short_mavg < long_mavg and position.amount > 0:
        order_target(context.asset, 0)
        print(context.i, "sell", position.amount, position.cost_basis, position.last_sale_price)
    record(PAYS=data.current(context.asset, "price"), short_mavg=short_mavg, long_mavg=long_mavg)


def analyze(context, perf):
    print(perf[["PAYS", "short_mavg", "long_mavg"]].dropna().shape)
    print(perf.loc[perf.index[-1], "PAYS"], perf.algorithm_period_return.iloc[-1])
    for column in ("sharpe", "sortino", "alpha", "beta", "benchmark_volatility"):
        print(column, f"{perf[column].iloc[-1]:.8f}")
    print(perf.benchmark_period_return.iloc[-1])


perf = run_algorithm(
    start=pd.Timestamp("2015-06-01"),
    end=pd.Timestamp("2016-05-27"),
    initialize=initialize,
    handle_data=handle_data,
    analyze=analyze,
    capital_base=50_000,
    bundle="programs",
)

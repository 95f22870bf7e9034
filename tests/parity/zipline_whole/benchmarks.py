"""Benchmarks: an asset, one that started within the run, returns with gaps and with zones."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import order_target_percent, set_benchmark, sid, symbol


def run(benchmark=None, returns=None, start="2015-10-05"):
    def initialize(context):
        context.asset = symbol("STEADY")
        if benchmark is not None:
            set_benchmark(benchmark())

    def handle_data(context, data):
        order_target_percent(context.asset, 0.2 + 0.01 * context.get_datetime().day)

    return run_algorithm(
        pd.Timestamp(start),
        pd.Timestamp("2015-12-02"),
        initialize,
        1e5,
        handle_data,
        bundle="market",
        benchmark_returns=returns,
    )


def shown(perf):
    for name in ("benchmark_period_return", "benchmark_volatility", "alpha", "beta", "sharpe"):
        print(name, [None if value is None else round(value, 9) for value in perf[name].tail(3)])


days = pd.date_range("2015-09-20", "2015-12-20", freq="D")
some = pd.Series([(day.day % 7 - 3) / 500 for day in days], index=days)
for benchmark in (lambda: symbol("SPLITS"), lambda: symbol("PAYS"), lambda: sid(3), lambda: 9):
    try:
        shown(run(benchmark))
    except Exception as error:
        print(type(error).__name__)
for benchmark in (lambda: symbol("ENDS"), lambda: symbol("GIVES"), lambda: 999):
    try:
        shown(run(benchmark, start="2015-09-01"))
    except Exception as error:
        print(type(error).__name__)
shown(run(returns=some))
shown(run(returns=some.iloc[::2]))
shown(run(returns=some.tz_localize("UTC")))
shown(run(lambda: symbol("GAPPY"), returns=some))
perf = run(lambda: symbol("THIN"))

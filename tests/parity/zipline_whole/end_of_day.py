"""Orders that are cancelled at the end of the day, in daily and in minute runs."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import EODCancel, get_open_orders, order, set_cancel_policy, symbols


def run(frequency, policy, end):
    def initialize(context):
        context.assets = symbols("THIN", "GAPPY", "PAYS")
        context.calls = 0
        if policy is not None:
            set_cancel_policy(policy)

    def handle_data(context, data):
        context.calls += 1
        if frequency == "minute" and context.calls % 130 != 5:
            return
        print(data.current_dt, {a.symbol: len(o) for a, o in get_open_orders().items()})
        for asset in context.assets:
            price = data.current(asset, "price")
            if price == price:
                order(asset, 120)
                order(asset, 10, limit_price=price * 0.97)
                order(asset, -5, stop_price=price * 0.96)

    return run_algorithm(
        pd.Timestamp("2015-11-18"),
        pd.Timestamp(end),
        initialize,
        1e5,
        handle_data,
        data_frequency=frequency,
        bundle="market",
    )


for policy in (None, EODCancel(), EODCancel(warn_on_cancel=False)):
    perf = run("daily", policy, "2015-12-04")
    print(perf["orders"].map(len).tolist(), perf["ending_cash"].tolist()[-1])
    perf = run("minute", policy, "2015-11-20")
    print(perf["orders"].map(len).tolist(), perf["ending_cash"].tolist()[-1])

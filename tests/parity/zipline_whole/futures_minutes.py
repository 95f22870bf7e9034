"""Contracts and continuous futures in minutes: fills, payouts, windows over rolls, the morning."""

import pandas as pd
import zipline.api as z
from zipline import run_algorithm


def initialize(context):
    context.bar = 0
    context.follow = [
        z.continuous_future(root, roll=roll, adjustment=adjustment)
        for root, roll, adjustment in (
            ("CL", "calendar", "mul"),
            ("CL", "volume", "add"),
            ("ES", "volume", None),
            ("ES", "calendar", "mul"),
        )
    ]
    context.oil, context.index = z.future_symbol("CLG16"), z.future_symbol("ESH16")


def before_trading_start(context, data):
    print("morning", z.get_datetime(), round(context.portfolio.portfolio_value, 4))
    for future in context.follow:
        print(" ", data.current(future, "contract"), data.current(future, "price"), end=" ")
        print(data.current(future, "volume"), data.current_chain(future))
    print(" ", data.current(context.oil, "price"), data.current(context.oil, "volume"))


def handle_data(context, data):
    bar = context.bar
    context.bar += 1
    if bar % 97 == 0:
        print(z.get_datetime(), round(context.portfolio.cash, 4))
        for future in context.follow:
            print(" ", data.current(future, "contract"), end=" ")
            for field in ("price", "close", "open", "volume", "last_traded"):
                print(data.current(future, field), end=" ")
            print()
    if bar % 389 == 40:
        for future in context.follow:
            for field in ("price", "close", "volume", "sid"):
                window = data.history(future, field, 30 + bar % 700, "1m")
                print(" ", field, window.index[0], window.tolist()[:5], window.tolist()[-5:])
                print("   ", round(float(window.sum()), 6), int(window.isna().sum()))
                window = data.history(future, field, 3 + bar % 17, "1d")
                print("   ", window.tolist())
        frame = data.history([context.follow[0], context.oil], ["close", "volume"], 4, "1m")
        print(frame.to_numpy().tolist())
    if bar % 50 == 3:
        z.order(context.oil, 3 if bar % 100 == 3 else -4)
        z.order(context.index, -2, limit_price=data.current(context.index, "price") - 0.2)


perf = run_algorithm(
    start=pd.Timestamp("2015-11-17"),
    end=pd.Timestamp("2015-11-25"),
    initialize=initialize,
    before_trading_start=before_trading_start,
    handle_data=handle_data,
    capital_base=1_000_000,
    data_frequency="minute",
    bundle="market",
    benchmark_returns=pd.Series(dtype=float),
)

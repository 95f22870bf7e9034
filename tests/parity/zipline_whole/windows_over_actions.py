"""Windows over splits, mergers and dividends, seen in the morning and at the close."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import order_target, symbols


def initialize(context):
    context.assets = symbols("SPLITS", "GAPPY", "PAYS", "GIVES", "MOVES")


def before_trading_start(context, data):
    context.morning = data.history(context.assets, "close", 4, "1d")
    print("morning", data.current_session.date(), context.morning.to_numpy().tolist())
    print(data.current(context.assets, "price").tolist())


def handle_data(context, data):
    closes = data.history(context.assets, "close", 4, "1d")
    volumes = data.history(context.assets, "volume", 4, "1d")
    print(closes.to_numpy().tolist(), volumes.to_numpy().tolist())
    growth = closes.iloc[-1] / closes.iloc[0] - 1
    for asset, value in growth.items():
        if value == value:
            order_target(asset, int(1000 * value))


perf = run_algorithm(
    pd.Timestamp("2015-11-16"),
    pd.Timestamp("2015-12-18"),
    initialize,
    1e5,
    handle_data,
    before_trading_start,
    bundle="market",
)

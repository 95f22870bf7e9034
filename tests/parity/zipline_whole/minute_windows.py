"""Windows over minutes and over days with a part of today, across nights and splits."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import date_rules, order_target, schedule_function, symbols, time_rules


def initialize(context):
    context.assets = symbols("SPLITS", "GAPPY", "THIN", "STEADY")
    for minutes in (2, 45, 200, 330):
        schedule_function(look, date_rules.every_day(), time_rules.market_open(minutes=minutes))


def look(context, data):
    assets = context.assets
    minutes = data.history(assets, "close", 5, "1m")
    print(minutes.index[[0, -1]].tolist(), minutes.to_numpy().tolist())
    print(data.history(assets, "volume", 3, "1m").to_numpy().tolist())
    print(data.history(assets[2], "price", 60, "1m").tolist()[-3:])
    days = data.history(assets, ["open", "high", "low", "close", "volume"], 3, "1d")
    print(days.index.names, days.to_numpy().tolist())
    print(data.history(assets, "price", 3, "1d").to_numpy().tolist())
    spread = minutes.iloc[-1] - minutes.iloc[0]
    for asset, value in spread.items():
        if value == value:
            order_target(asset, int(100 * value))


def before_trading_start(context, data):
    print("morning", data.history(context.assets, "close", 3, "1m").to_numpy().tolist())
    print(data.history(context.assets, "close", 2, "1d").to_numpy().tolist())


perf = run_algorithm(
    pd.Timestamp("2015-11-24"),
    pd.Timestamp("2015-11-30"),
    initialize,
    1e5,
    before_trading_start=before_trading_start,
    data_frequency="minute",
    bundle="market",
)

"""What current shows over minutes: gaps, stale prices, times of the last trade, the morning."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import order_target_percent, symbols

FIELDS = ["price", "open", "high", "low", "close", "volume"]


def initialize(context):
    context.assets = symbols("STEADY", "GAPPY", "THIN", "ENDS")
    context.minute = 0


def before_trading_start(context, data):
    print("morning", data.current_dt, data.current_session)
    print(data.current(context.assets, FIELDS).to_numpy().tolist())
    print(data.can_trade(context.assets).tolist())


def handle_data(context, data):
    context.minute += 1
    if context.minute % 37 == 1:
        print(data.current_dt, data.current(context.assets, FIELDS).to_numpy().tolist())
        print([str(data.current(asset, "last_traded")) for asset in context.assets])
        print(data.is_stale(context.assets).tolist(), data.can_trade(context.assets).tolist())
    if context.minute % 190 == 50:
        for asset in context.assets:
            if data.can_trade(asset):
                order_target_percent(asset, 0.1)


perf = run_algorithm(
    pd.Timestamp("2015-12-01"),
    pd.Timestamp("2015-12-04"),
    initialize,
    1e5,
    handle_data,
    before_trading_start,
    data_frequency="minute",
    bundle="market",
)

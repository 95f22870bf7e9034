"""Monthly equal weights with a weekly look at what drifted; before_trading_start ranks."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import (
    date_rules,
    get_datetime,
    order_target_percent,
    record,
    schedule_function,
    symbols,
    time_rules,
)


def initialize(context):
    context.universe = symbols("STEADY", "PAYS", "SPLITS", "LATE")
    context.ranked = []
    schedule_function(rebalance, date_rules.month_start(1), time_rules.market_open(minutes=30))
    schedule_function(report, date_rules.week_end(), time_rules.market_close())
    schedule_function(sell_half, date_rules.month_end(2), half_days=False)


def before_trading_start(context, data):
    alive = [asset for asset in context.universe if data.can_trade(asset)]
    window = data.history(alive, "price", 5, "1d") if len(alive) else None
    gains = (window.iloc[-1] / window.iloc[0] - 1).sort_values(ascending=False)
    context.ranked = [asset for asset in gains.index if gains[asset] == gains[asset]]


def rebalance(context, data):
    chosen = context.ranked[:2]
    print(get_datetime().date(), "rebalance", [asset.symbol for asset in chosen])
    for asset in context.universe:
        if asset in context.portfolio.positions and asset not in chosen:
            order_target_percent(asset, 0)
    for asset in chosen:
        order_target_percent(asset, 0.45)


def sell_half(context, data):
    for asset, position in context.portfolio.positions.items():
        print("  half of", asset.symbol, position.amount)
        order_target_percent(asset, 0.2)


def report(context, data):
    print(get_datetime(), "value", context.portfolio.portfolio_value, context.portfolio.cash)
    record(value=context.portfolio.portfolio_value, held=len(context.portfolio.positions))


def analyze(context, perf):
    print("rows", len(perf), "last value", perf["portfolio_value"].iloc[-1])
    print("trades", sum(len(day) for day in perf["transactions"]))
    print("worst", round(perf["max_drawdown"].min(), 9), "held", perf["held"].iloc[-1])


perf = run_algorithm(
    start=pd.Timestamp("2015-07-01"),
    end=pd.Timestamp("2016-01-29"),
    initialize=initialize,
    before_trading_start=before_trading_start,
    analyze=analyze,
    capital_base=250_000,
    data_frequency="daily",
    bundle="programs",
)

"""Over minutes: dividends, splits and stock dividends overnight, an asset that ends."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import date_rules, order, record, schedule_function, symbols, time_rules


def initialize(context):
    context.assets = symbols("SPLITS", "PAYS", "GIVES", "ENDS", "LAPSES")
    context.bought = False
    schedule_function(buy, date_rules.every_day(), time_rules.market_open(minutes=90))


def buy(context, data):
    for asset in context.assets:
        if data.can_trade(asset):
            order(asset, 40)


def before_trading_start(context, data):
    positions = context.portfolio.positions
    print(
        data.current_session.date(),
        [(a.symbol, p.amount, p.last_sale_price) for a, p in positions.items()],
    )
    print(context.portfolio.cash, context.portfolio.portfolio_value)
    record(cash=context.portfolio.cash)


perf = run_algorithm(
    pd.Timestamp("2015-11-17"),
    pd.Timestamp("2015-12-17"),
    initialize,
    1e6,
    before_trading_start=before_trading_start,
    data_frequency="minute",
    bundle="market",
)

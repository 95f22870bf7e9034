"""Assets that come late and that end: orders before, after, and positions that are closed."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import (
    get_open_orders,
    order,
    order_percent,
    order_target_value,
    set_symbol_lookup_date,
    symbols,
)


def attempt(function, *arguments):
    try:
        return function(*arguments) is not None
    except Exception as error:
        return type(error).__name__


def initialize(context):
    set_symbol_lookup_date("2015-12-01")
    context.assets = symbols("LATE", "ENDS", "LAPSES")


def handle_data(context, data):
    print(data.current_session.date(), data.can_trade(context.assets).tolist())
    for asset in context.assets:
        print(
            asset.symbol,
            attempt(order, asset, 10),
            attempt(order_percent, asset, 0.01),
            attempt(order_target_value, asset, 500.0),
            attempt(order, asset, 5, 0.01),
            data.current(asset, "price"),
            asset.is_alive_for_session(data.current_session),
        )
    print({asset.symbol: len(orders) for asset, orders in get_open_orders().items()})
    print({p.asset.symbol: p.amount for p in context.portfolio.positions.values()})


perf = run_algorithm(
    pd.Timestamp("2015-11-19"), pd.Timestamp("2015-12-21"), initialize, 1e5, handle_data,
    bundle="market",
)  # fmt: skip

"""Every order function once or more, with what it returned and what came of it."""

import pandas as pd
from zipline.api import (
    get_open_orders,
    get_order,
    order,
    order_percent,
    order_target,
    order_target_percent,
    order_target_value,
    order_value,
    symbol,
)
from zipline.finance.execution import LimitOrder, MarketOrder, StopLimitOrder, StopOrder
from zipline.utils.run_algo import run_algorithm


def initialize(context):
    context.steady, context.grid = symbol("STEADY"), symbol("grid")
    context.day = 0
    context.placed = []


def place(context, data):
    price = data.current(context.steady, "price")
    day = context.day
    if day == 1:
        yield "order", order(context.steady, 100)
        yield "order 0", order(context.steady, 0)
        yield "order_value", order_value(context.grid, 5_000)
    elif day == 3:
        yield "order_percent", order_percent(context.steady, 0.1)
        yield "order_target", order_target(context.grid, 20)
    elif day == 5:
        yield "limit", order(context.steady, -30, limit_price=round(price * 1.01, 2))
        yield "stop", order(context.steady, -30, stop_price=round(price * 0.99, 2))
        yield "both", order(context.steady, 15, style=StopLimitOrder(price * 1.2, price * 1.001))
    elif day == 9:
        yield "style", order_target_value(context.steady, 2_000, style=LimitOrder(price * 1.05))
        yield "style", order_target_percent(context.grid, -0.15, style=MarketOrder())
    elif day == 14:
        yield "style", order(context.grid, 7.99995, style=StopOrder(0.01))
        yield "fraction", order(context.grid, 7.5)
    elif day == 20:
        yield "close", order_target(context.steady, 0)
        yield "close", order_target_percent(context.grid, 0)


def show(one):
    return (
        one.sid.symbol,
        one.amount,
        one.filled,
        one.commission,
        one.limit,
        one.stop,
        one.limit_reached,
        one.stop_reached,
        int(one.status),
        one.created,
        one.dt,
    )


def handle_data(context, data):
    context.day += 1
    for name, number in place(context, data):
        print(context.day, name, number is not None)
        if number is not None:
            context.placed.append(number)
    for asset, orders in get_open_orders().items():
        print("   open", asset, [(one.amount, one.filled) for one in orders])
    if context.day in (2, 7, 12, 25):
        for number in context.placed:
            print("  ", show(get_order(number)))


def analyze(context, perf):
    for number in context.placed:
        print(show(get_order(number)))
    print(perf.ending_cash.iloc[-1], perf.ending_value.iloc[-1], perf.pnl.sum())


perf = run_algorithm(
    start=pd.Timestamp("2015-09-01"),
    end=pd.Timestamp("2015-10-15"),
    initialize=initialize,
    handle_data=handle_data,
    analyze=analyze,
    capital_base=100000.0,
    data_frequency="daily",
    bundle="programs",
)

"""Minute bars: `python zipline_minutes.py [ASSETS] [SESSIONS]`.

At every minute the prices of all assets are read; orders follow at half past each hour.
"""

import sys

from generated_bundle import ingested, names, sessions
from zipline import run_algorithm
from zipline.api import date_rules, order, order_target, schedule_function, symbols, time_rules

ASSETS = int(sys.argv[1]) if len(sys.argv) > 1 else 10
DAYS = sessions(int(sys.argv[2]) if len(sys.argv) > 2 else 20)


def initialize(context):
    context.assets = symbols(*names(ASSETS))
    context.highest = dict.fromkeys(context.assets, 0.0)
    for hour in range(1, 7):
        schedule_function(trade, date_rules.every_day(), time_rules.market_open(hours=hour))
    schedule_function(flat, date_rules.every_day(), time_rules.market_close(minutes=5))


def handle_data(context, data):
    highest = context.highest
    for asset in context.assets:
        price = data.current(asset, "price")
        if price > highest[asset]:
            highest[asset] = price


def trade(context, data):
    for asset in context.assets:
        price = data.current(asset, "price")
        if price < context.highest[asset] * 0.99:
            order(asset, 20, limit_price=price * 1.001)


def flat(context, data):
    for asset in context.portfolio.positions:
        order_target(asset, 0)


def main():
    with ingested(ASSETS, DAYS, minutes=True) as environ:
        perf = run_algorithm(
            start=DAYS[0],
            end=DAYS[-1],
            initialize=initialize,
            handle_data=handle_data,
            capital_base=1_000_000,
            data_frequency="minute",
            bundle="generated",
            environ=environ,
        )
    fills = sum(len(day) for day in perf["transactions"])
    print(f"sessions {len(perf)}, fills {fills}, value {perf['portfolio_value'].iloc[-1]:.2f}")


if __name__ == "__main__":
    main()

"""Cash dividends on long and short positions, and splits of positions and open orders."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import get_open_orders, order, order_target, record, symbols


def initialize(context):
    context.assets = symbols("SPLITS", "PAYS", "STEADY")
    context.day = 0


def handle_data(context, data):
    splits, pays, steady = context.assets
    if context.day == 0:
        order(splits, 333)
        order_target(pays, -250)
        order(steady, 77)
    if context.day % 4 == 1:
        price = data.current(splits, "price")
        order(splits, 31, limit_price=price * 0.9)
        order(splits, 31, stop_price=price * 1.1)
        order(splits, -31, limit_price=price * 1.2, stop_price=price * 0.8)
    context.day += 1
    for one in get_open_orders(splits):
        print("  open", one.amount, one.filled, one.limit, one.stop)
    positions = context.portfolio.positions
    print(
        data.current_session.date(),
        [(a.symbol, p.amount, p.cost_basis) for a, p in positions.items()],
    )
    record(cash=context.portfolio.cash)


perf = run_algorithm(
    pd.Timestamp("2015-09-15"), pd.Timestamp("2015-12-20"), initialize, 1e5, handle_data,
    bundle="market",
)  # fmt: skip

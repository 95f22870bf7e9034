"""Contracts bought, sold through zero and closed: payouts, multipliers, exposure against value."""

import pandas as pd
import zipline.api as z
from zipline import run_algorithm


def initialize(context):
    context.index, context.oil = z.future_symbol("esh16"), z.future_symbol("CLG16")
    context.share = z.symbol("STEADY")
    context.day = 0
    print(context.index, context.oil.multiplier if hasattr(context.oil, "multiplier") else "-")
    print(context.index.tick_size, context.index.price_multiplier, context.oil.auto_close_date)
    for wrong in ("ESH99", "STEADY"):
        try:
            z.future_symbol(wrong)
        except Exception as error:
            print(type(error).__name__)


def before_trading_start(context, data):
    if context.day % 3 == 0:
        show("morning", context)


def handle_data(context, data):
    index, oil, share = context.index, context.oil, context.share
    day = context.day
    context.day += 1
    if day % 4 == 1:
        show("early", context)
    if day == 0:
        z.order(index, 7)
        z.order(oil, -11)
    elif day == 5:
        z.order(index, -9)
        z.order_target(oil, 4)
    elif day == 9:
        z.order_target_percent(index, 0.8)
        z.order_value(oil, 400_000)
        z.order(share, 500)
    elif day == 14:
        z.order_target_value(index, -1_000_000)
        z.order(oil, 3, limit_price=data.current(oil, "price") * 1.001)
    elif day == 20:
        z.order(index, 40, style=z.execution.StopOrder(data.current(index, "price") + 0.1))
        z.order_target(oil, 0)
    elif day == 26:
        z.order_target(index, 0)
        z.order_target(share, -100)
    if day % 3 == 2:
        show("late", context)


def show(when, context):
    portfolio, account = context.portfolio, context.account
    print(when, z.get_datetime(), end=" ")
    for name in ("cash", "portfolio_value", "positions_value", "positions_exposure", "cash_flow",
                 "pnl", "returns"):  # fmt: skip
        print(round(getattr(portfolio, name), 6), end=" ")
    for name in ("leverage", "net_leverage", "total_positions_value", "total_positions_exposure"):
        print(round(getattr(account, name), 6), end=" ")
    print()
    for asset, position in portfolio.positions.items():
        print("  ", asset, position.amount, round(position.cost_basis, 6), end=" ")
        print(position.last_sale_price, position.last_sale_date)
    for asset, weight in portfolio.current_portfolio_weights.items():
        print("  ", asset, round(weight, 9))


perf = run_algorithm(
    start=pd.Timestamp("2015-10-05"),
    end=pd.Timestamp("2015-11-30"),
    initialize=initialize,
    handle_data=handle_data,
    before_trading_start=before_trading_start,
    capital_base=1_000_000,
    bundle="market",
    benchmark_returns=pd.Series(dtype=float),
)

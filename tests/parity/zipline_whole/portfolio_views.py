"""Portfolio, account and positions: every field, kept objects, what cannot be written."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import order, order_target_percent, symbols

ACCOUNT = (
    "settled_cash", "accrued_interest", "buying_power", "equity_with_loan",
    "total_positions_value", "total_positions_exposure", "regt_equity", "regt_margin",
    "initial_margin_requirement", "maintenance_margin_requirement", "available_funds",
    "excess_liquidity", "cushion", "day_trades_remaining", "leverage", "net_leverage",
    "net_liquidation",
)  # fmt: skip
PORTFOLIO = (
    "cash_flow", "starting_cash", "portfolio_value", "pnl", "returns", "cash", "start_date",
    "positions_value", "positions_exposure", "capital_used",
)  # fmt: skip


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__


def initialize(context):
    context.assets = symbols("STEADY", "SPLITS", "PAYS")
    context.kept = None


def handle_data(context, data):
    portfolio, account = context.portfolio, context.account
    for name in PORTFOLIO:
        print(name, attempt(getattr, portfolio, name))
    for name in ACCOUNT:
        print(name, attempt(getattr, account, name))
    print(portfolio.current_portfolio_weights.to_dict())
    for asset, position in portfolio.positions.items():
        print(asset.symbol, position.asset is asset, position.amount, position.cost_basis)
        print(position.last_sale_price, position.last_sale_date, position.sid)
        if context.kept is None:
            context.kept = position
    if context.kept is not None:
        print("kept", context.kept.amount, context.kept.last_sale_price)
    print(context.assets[2] in portfolio.positions, portfolio.positions[context.assets[2]].amount)
    print(attempt(setattr, portfolio, "cash", 1))
    print(attempt(setattr, account, "leverage", 1))
    day = context.get_datetime().day
    order(context.assets[0], day - 15)
    order_target_percent(context.assets[1], 0.3 if day % 2 else -0.1)


perf = run_algorithm(
    pd.Timestamp("2015-11-16"), pd.Timestamp("2015-12-11"), initialize, 1e5, handle_data,
    bundle="market",
)  # fmt: skip

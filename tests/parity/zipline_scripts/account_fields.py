"""Prints all that the portfolio, the account and the positions show, long and short."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import get_environment, order, order_target_percent, sid

PORTFOLIO = "cash portfolio_value pnl returns capital_used positions_value positions_exposure"
ACCOUNT = """settled_cash buying_power equity_with_loan total_positions_value regt_equity
    total_positions_exposure available_funds excess_liquidity cushion leverage net_leverage
    net_liquidation day_trades_remaining accrued_interest"""


def initialize(context):
    print(get_environment("platform"), get_environment("capital_base"))
    print(get_environment("start"), get_environment("end"), get_environment("data_frequency"))
    context.assets = [sid(number) for number in (0, 4, 6, 7, 8)]
    context.n = 0


def show(when, context):
    print(when, [(name, getattr(context.portfolio, name)) for name in PORTFOLIO.split()])
    print("  account", [(name, getattr(context.account, name)) for name in ACCOUNT.split()])
    for asset, position in sorted(context.portfolio.positions.items()):
        print(
            "  ",
            asset,
            asset.asset_name,
            repr(position.amount),
            repr(position.cost_basis),
            repr(position.last_sale_price),
            position.last_sale_date,
        )
    weights = context.portfolio.current_portfolio_weights
    print("  weights", [(asset.symbol, float(weight)) for asset, weight in weights.items()])


def before_trading_start(context, data):
    context.n += 1
    show(f"before {context.n}", context)


def handle_data(context, data):
    n = context.n
    if n % 9 == 1:
        for k, asset in enumerate(context.assets):
            order_target_percent(asset, (0.25, -0.3, 0.2, 0.15, -0.1)[(k + n) % 5])
    if n == 14:
        order(context.assets[0], -(10**3))
    if n % 5 == 0:
        show(f"at {n}", context)


perf = run_algorithm(
    start=pd.Timestamp("2015-10-01"),
    end=pd.Timestamp("2016-01-15"),
    initialize=initialize,
    before_trading_start=before_trading_start,
    handle_data=handle_data,
    capital_base=10_000_000,
    bundle="programs",
)
for day, row in perf.iterrows():
    print(day.date(), row["pnl"], row["returns"], row["capital_used"], row["gross_leverage"])

"""One account with shares and contracts: costs for each, weights, leverage, controls."""

import pandas as pd
import zipline.api as z
from zipline import run_algorithm
from zipline.finance.commission import PerContract, PerDollar
from zipline.finance.slippage import FixedBasisPointsSlippage, VolatilityVolumeShare


def initialize(context):
    z.set_commission(us_equities=PerDollar(0.0005), us_futures=PerContract(1.1, 0.4, 5.0))
    z.set_slippage(
        us_equities=FixedBasisPointsSlippage(3.0), us_futures=VolatilityVolumeShare(0.03)
    )
    z.set_benchmark(z.symbol("STEADY"))
    context.day = 0
    context.shares = [z.symbol(name) for name in ("STEADY", "PAYS", "SPLITS", "THIN")]
    context.hedge = z.continuous_future("ES")
    context.oil = z.future_symbol("CLG16")


def before_trading_start(context, data):
    context.worth = context.portfolio.portfolio_value


def handle_data(context, data):
    context.day += 1
    print(z.get_datetime(), round(context.worth, 6), end=" ")
    print(round(context.portfolio.portfolio_value, 6), round(context.portfolio.cash, 6))
    if context.day % 6 == 1:
        for n, share in enumerate(context.shares):
            z.order_target_percent(share, 0.2 - 0.11 * n)
        contract = data.current(context.hedge, "contract")
        for asset in context.portfolio.positions:
            if type(asset).__name__ == "Future" and asset not in (contract, context.oil):
                z.order_target(asset, 0)
        z.order_target_percent(contract, -0.3)
        z.order_target_value(context.oil, 250_000 if context.day % 12 == 1 else -90_000)
    portfolio, account = context.portfolio, context.account
    for asset, weight in portfolio.current_portfolio_weights.items():
        print("  ", asset, round(weight, 9), portfolio.positions[asset].amount)
    for name in ("positions_value", "positions_exposure"):
        print(name, round(getattr(portfolio, name), 6))
    for name in ("leverage", "net_leverage", "gross_leverage", "equity_with_loan", "cushion",
                 "total_positions_value", "total_positions_exposure", "settled_cash"):  # fmt: skip
        print(name, round(getattr(account, name), 6))


perf = run_algorithm(
    start=pd.Timestamp("2015-10-05"),
    end=pd.Timestamp("2016-01-20"),
    initialize=initialize,
    before_trading_start=before_trading_start,
    handle_data=handle_data,
    capital_base=3_000_000,
    bundle="market",
)

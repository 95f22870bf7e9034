"""Contracts that are held until they close, with orders open, long and short, rolled and not."""

import pandas as pd
import zipline.api as z
from zipline import run_algorithm


def initialize(context):
    z.set_slippage(us_futures=z.slippage.VolumeShareSlippage(0.001, 0.05))
    z.set_commission(us_futures=z.commission.PerContract(2.0, 1.0))
    context.oil = [z.future_symbol(symbol) for symbol in ("CLX15", "CLZ15", "CLF16")]
    context.gold = z.future_symbol("GCZ15")
    context.follow = z.continuous_future("CL", roll="calendar")
    context.schedule = 0
    z.schedule_function(roll, z.date_rules.week_start(), z.time_rules.market_open())
    z.schedule_function(
        count, z.date_rules.month_end(2), calendar=z.calendars.US_FUTURES, half_days=False
    )


def roll(context, data):
    contract = data.current(context.follow, "contract")
    print("roll", z.get_datetime(), contract, data.current_chain(context.follow))
    if contract is not None:
        z.order_target(contract, 30)


def count(context, data):
    context.schedule += 1
    print("month", z.get_datetime(), context.schedule)


def handle_data(context, data):
    for asset in [*context.oil, context.gold]:
        print(asset.symbol, data.can_trade(asset), data.is_stale(asset), end=" ")
        print(data.current(asset, "price"), data.current(asset, "volume"))
        position = context.portfolio.positions[asset]
        if position.amount:
            print("  ", position.amount, round(position.cost_basis, 6), position.last_sale_date)
    day = str(z.get_datetime().date())
    if day == "2015-10-14":
        z.order(context.oil[0], -45)
        z.order(context.gold, 60)
    if day in ("2015-10-19", "2015-10-20", "2015-10-21", "2015-11-27", "2015-11-30", "2015-12-01"):
        print(z.order(context.oil[0], 10_000) is None, z.order(context.gold, -40_000) is None)
    z.record(held=len(context.portfolio.positions), cash=context.portfolio.cash > 0)
    print(round(context.portfolio.portfolio_value, 6), len(z.get_open_orders()))


perf = run_algorithm(
    start=pd.Timestamp("2015-10-12"),
    end=pd.Timestamp("2015-12-11"),
    initialize=initialize,
    handle_data=handle_data,
    capital_base=5_000_000,
    bundle="market",
    benchmark_returns=pd.Series(dtype=float),
)

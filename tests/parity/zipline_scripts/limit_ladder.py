"""A ladder of limit orders under the price, withdrawn and set again each week."""

import pandas as pd
import zipline.api as z
from zipline import run_algorithm
from zipline.finance.cancel_policy import EODCancel


def initialize(context):
    context.assets = [z.symbol("GRID"), z.symbol("GAPPY"), z.symbol("SPLITS")]
    context.ids = []
    z.set_cancel_policy(z.NeverCancel())
    z.set_slippage(z.slippage.FixedSlippage(spread=0.02))
    z.set_commission(us_equities=z.commission.PerTrade(cost=2.5))
    z.schedule_function(ladder, z.date_rules.week_start(days_offset=0), z.time_rules.market_open())
    z.schedule_function(withdraw, z.date_rules.week_end(days_offset=1), z.time_rules.every_minute())


def ladder(context, data):
    for asset in context.assets:
        price = data.current(asset, "price")
        if not data.can_trade(asset):
            print(z.get_datetime().date(), asset.symbol, "not traded", price)
            continue
        for step in (0.99, 0.97, 0.95):
            context.ids.append(z.order(asset, 40, limit_price=price * step))
        amount = context.portfolio.positions[asset].amount
        if amount:
            context.ids.append(z.order(asset, -amount, stop_price=price * 0.93))


def withdraw(context, data):
    for asset in context.assets:
        for one in z.get_open_orders(asset):
            if one.stop is None:
                print(z.get_datetime().date(), asset.symbol, "withdrawn", one.limit, one.filled)
                z.cancel_order(one)
            elif one.amount == -40:
                z.cancel_order(one.id)
    z.cancel_order("no such order")


def handle_data(context, data):
    value = context.account.net_liquidation
    z.record(value=value, open=sum(len(orders) for orders in z.get_open_orders().values()))
    if context.account.leverage > 0.5:
        print(z.get_datetime().date(), "leverage", context.account.leverage)


perf = run_algorithm(
    start=pd.Timestamp("2015-08-03"),
    end=pd.Timestamp("2015-12-31"),
    initialize=initialize,
    handle_data=handle_data,
    capital_base=20_000,
    bundle="programs",
)
statuses = [state["status"] for day in perf["orders"] for state in day]
print({int(status): statuses.count(status) for status in sorted(set(statuses))})
print(perf["value"].iloc[-1], perf["open"].max(), EODCancel.__name__)

"""Thin volume: orders that take days, a delisting, dividends on shorts; per-dollar commission."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import (
    get_open_orders,
    order,
    order_target,
    set_cancel_policy,
    set_commission,
    set_slippage,
    symbols,
)
from zipline.finance.cancel_policy import EODCancel
from zipline.finance.commission import PerDollar
from zipline.finance.slippage import FixedBasisPointsSlippage


def initialize(context):
    context.thin, context.ends, context.lapses, context.pays = symbols(
        "THIN", "ENDS", "LAPSES", "PAYS"
    )
    context.day = 0
    set_cancel_policy(EODCancel(warn_on_cancel=False))
    set_commission(PerDollar(cost=0.002))
    set_slippage(FixedBasisPointsSlippage(basis_points=20, volume_limit=0.2))


def handle_data(context, data):
    context.day += 1
    if context.day == 2:
        order(context.thin, 500)
        order(context.ends, 120)
        order(context.lapses, -90)
        order(context.pays, -400)
    if context.day in (30, 31):
        order(context.thin, -50)
        order(context.thin, -60)
    if context.day == 60:
        order_target(context.pays, 250)
    for orders in get_open_orders().values():
        for one in orders:
            print(context.day, one.sid.symbol, one.amount, one.filled)
    fields = data.current([context.thin, context.ends], ["price", "volume"])
    if context.day % 25 == 0:
        print(fields["price"].tolist(), fields["volume"].tolist())
        print(
            context.portfolio.cash,
            {a.symbol: p.amount for a, p in context.portfolio.positions.items()},
        )


perf = run_algorithm(
    start=pd.Timestamp("2015-08-17"),
    end=pd.Timestamp("2016-03-31"),
    initialize=initialize,
    handle_data=handle_data,
    capital_base=60_000,
    bundle="programs",
)
for day in perf.transactions:
    for trade in day:
        print(trade["dt"].date(), trade["sid"].symbol, trade["amount"], trade["price"])
print(perf.capital_used.tolist())

"""Batch orders and cancels before the market opens; delisting with a user model; splits."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import (
    batch_market_order,
    cancel_order,
    get_open_orders,
    get_order,
    order,
    set_slippage,
    symbols,
)
from zipline.finance import slippage
from zipline.finance.blotter import SimulationBlotter


def initialize(context):
    context.assets = symbols("STEADY", "SPLITS", "ENDS")
    context.ids = []
    context.day = 0
    set_slippage(slippage.FixedBasisPointsSlippage(5, 0.01))
    try:
        order(context.assets[0], 5)
    except Exception as error:
        print(type(error).__name__)
    try:
        order(context.assets[2], 5)
    except Exception as error:
        print(type(error).__name__)


def before(context, data):
    context.day += 1
    if context.day in (2, 5):
        context.ids += batch_market_order(pd.Series([50, 70], index=context.assets[1:]))
    if context.day == 4:
        for waiting in get_open_orders().values():
            for one in waiting:
                cancel_order(one)
    show("before", context)


def show(when, context):
    for number in context.ids[-4:]:
        one = get_order(number)
        print(when, context.day, one.created, one.dt, one.amount, one.filled, one.status)


def handle(context, data):
    if context.day % 3 == 0:
        context.ids.append(
            order(
                context.assets[1], 900, limit_price=data.current(context.assets[1], "price") * 1.01
            )
        )
    show("bar", context)
    print({a.symbol: (p.amount, p.cost_basis) for a, p in context.portfolio.positions.items()})


for blotter in ("default", SimulationBlotter()):
    perf = run_algorithm(
        pd.Timestamp("2015-11-16"),
        pd.Timestamp("2015-12-08"),
        initialize,
        1e5,
        handle,
        before,
        bundle="market",
        blotter=blotter,
    )
    print(perf.portfolio_value.tolist(), perf.capital_used.tolist())

"""Batches of market orders, orders asked for again, cancelled by id and by object."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import (
    batch_market_order,
    cancel_order,
    get_open_orders,
    get_order,
    order,
    order_value,
    symbols,
)


def attempt(call):
    try:
        return call()
    except Exception as error:
        return type(error).__name__


def shown(one):
    if one is None:
        return None
    names = ("created", "dt", "amount", "filled", "commission", "limit", "stop", "status", "sid")
    return [getattr(one, name) for name in names]


def initialize(context):
    context.assets = symbols("STEADY", "GAPPY", "THIN", "PAYS")
    context.ids = []


def handle_data(context, data):
    steady, gappy, thin, pays = context.assets
    day = len(context.ids)
    shares = pd.Series({steady: 5 + day, thin: -3, pays: 0, gappy: 11})
    context.ids.append(batch_market_order(shares))
    print(len(context.ids[-1]), attempt(lambda: batch_market_order(shares.astype(float))))
    print(attempt(lambda: batch_market_order({steady: 1})))
    low = order(pays, 40, limit_price=data.current(pays, "price") * 0.985)
    for ids in context.ids[-3:-1]:
        print([shown(get_order(one)) for one in ids])
    print(shown(get_order(low)), get_order("nothing"))
    if day % 3 == 1:
        cancel_order(low)
        print("cancelled", shown(get_order(low)), attempt(lambda: cancel_order("nothing")))
    elif day % 3 == 2:
        for one in get_open_orders(pays):
            cancel_order(one)
        print(get_open_orders(pays), len(get_open_orders(thin)))
    print({asset.symbol: len(orders) for asset, orders in get_open_orders().items()})
    print(attempt(lambda: get_open_orders(sid=2)), attempt(lambda: order("STEADY", 1)))
    print(order(steady, 0), order_value(steady, 1.0) is None, order(steady, 0.99999) is None)


perf = run_algorithm(
    pd.Timestamp("2015-11-09"), pd.Timestamp("2015-11-30"), initialize, 1e5, handle_data,
    bundle="market",
)  # fmt: skip

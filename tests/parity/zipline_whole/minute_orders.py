"""Orders of all kinds over minutes: partial fills, limits, stops, several nights."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import get_order, order, order_target_value, set_slippage, symbols
from zipline.finance.execution import LimitOrder, StopLimitOrder, StopOrder
from zipline.finance.slippage import VolumeShareSlippage


def initialize(context):
    context.assets = symbols("STEADY", "GAPPY", "PAYS", "THIN")
    context.minute = 0
    context.placed = []
    set_slippage(VolumeShareSlippage(volume_limit=0.03, price_impact=0.1))


def handle_data(context, data):
    steady, gappy, pays, thin = context.assets
    context.minute += 1
    price, other = data.current(gappy, "price"), data.current(pays, "price")
    if context.minute % 97 == 3 and price == price and other == other:
        context.placed += [
            order(steady, 200),
            order(gappy, 150, style=LimitOrder(price * 0.999)),
            order(gappy, -60, style=StopOrder(price * 0.998)),
            order(pays, 90, style=StopLimitOrder(other * 1.002, 0.5)),
            order_target_value(thin, 700.0) if data.can_trade(thin) else None,
        ]
    if context.minute % 131 == 0:
        for one in context.placed[-12:]:
            if one is not None:
                found = get_order(one)
                print(data.current_dt, found.sid.symbol, found.filled, found.status, found.dt)


perf = run_algorithm(
    pd.Timestamp("2015-12-07"),
    pd.Timestamp("2015-12-11"),
    initialize,
    1e6,
    handle_data,
    data_frequency="minute",
    bundle="market",
)
print(perf["transactions"].map(len).tolist())

"""A blotter of a script's own: rejecting, holding, its own models; by name and as an object."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import (
    batch_market_order,
    cancel_order,
    get_open_orders,
    get_order,
    order,
    order_target,
    set_slippage,
    symbols,
)
from zipline.extensions import load, register, unregister
from zipline.finance import commission, slippage
from zipline.finance.blotter import Blotter, SimulationBlotter
from zipline.finance.order import ORDER_STATUS, Order

FIELDS = ("amount", "filled", "commission", "limit", "stop", "status", "reason", "created", "dt")


class Guarded(SimulationBlotter):
    """Rejects large orders, holds those for odd amounts back for a session."""

    def order(self, asset, amount, style, order_id=None):
        number = super().order(asset, amount, style, order_id)
        if number and abs(amount) > 400:
            self.reject(number, "too large")
        elif number and amount % 2:
            self.hold(number, "odd")
        return number

    def get_transactions(self, bar_data):
        done = super().get_transactions(bar_data)
        print("  bar", self.current_dt, len(done[0]), len(done[1]), len(done[2]))
        return done


def initialize(context):
    context.assets = symbols("STEADY", "SPLITS", "PAYS")
    context.ids = []
    print(
        type(context.blotter).__name__, sorted(k.__name__ for k in context.blotter.slippage_models)
    )
    set_slippage(slippage.FixedSlippage(0.04))


def handle_data(context, data):
    day = len(context.ids)
    asset = context.assets[day % 3]
    price = data.current(asset, "price")
    context.ids.append(order(asset, (31, 500, -20, 44)[day % 4]))
    order(asset, 10, limit_price=price * 0.98, stop_price=price * 0.99)
    if day % 5 == 4:
        order_target(context.assets[0], 0)
        cancel_order(context.ids[-1])
    if day == 6:
        batch_market_order(pd.Series([5, 0, -7], index=context.assets))
    for number in context.ids[-3:]:
        one = get_order(number)
        print(day, [getattr(one, name) for name in FIELDS])
    for asset, waiting in get_open_orders().items():
        print("  open", asset.symbol, [(one.amount, one.status) for one in waiting])
    blotter = context.blotter
    print(
        len(blotter.orders), len(blotter.new_orders), blotter.current_dt, len(blotter.open_orders)
    )
    real = list(blotter.orders.values())[-1]
    print(type(real) is Order, real.open, real.triggered, real.direction, real.open_amount)


def run(blotter):
    return run_algorithm(
        pd.Timestamp("2015-10-02"),
        pd.Timestamp("2015-10-21"),
        initialize,
        2e5,
        handle_data,
        bundle="market",
        blotter=blotter,
    )


register(Blotter, "guarded", Guarded)
print(type(load(Blotter, "guarded")).__name__)
for blotter in (
    "guarded",
    Guarded(equity_slippage=slippage.NoSlippage(), equity_commission=commission.PerTrade(2.0)),
    SimulationBlotter(),
):
    perf = run(blotter)
    print(perf.portfolio_value.iloc[-1])
    print([[(o["amount"], o["status"], o["reason"]) for o in day] for day in perf.orders][:6])
unregister(Blotter, "guarded")
for call in (
    lambda: run("guarded"),
    lambda: load(Blotter, "guarded"),
    lambda: unregister(int, "x"),
):
    try:
        call()
    except ValueError as error:
        print(isinstance(error, ValueError), str(error)[:40])
print(list(ORDER_STATUS))

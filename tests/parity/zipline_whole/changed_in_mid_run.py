"""Models that a script changes in mid-run, and a blotter first asked for then."""

import pandas as pd
import zipline.api as z
from zipline import run_algorithm
from zipline.finance import commission, slippage

FIELDS = ("amount", "filled", "commission", "limit", "stop", "status", "created", "dt")


def shown(one):
    fields = {name: getattr(one, name) for name in FIELDS}
    return list((fields | {"commission": round(one.commission, 9)}).values())


def initialize(context):
    context.bar = 0
    context.ids = []
    context.share, context.thin = z.symbol("STEADY"), z.symbol("THIN")
    context.oil = z.future_symbol("CLG16")
    context.fees = commission.PerContract(0.85, {"CL": 1.5}, min_trade_cost=0)
    context.impact = slippage.VolatilityVolumeShare(0.02)
    context.price = slippage.FixedBasisPointsSlippage(20, 0.03)
    z.set_commission(commission.PerShare(0.01, 1), context.fees)
    z.set_slippage(context.price, context.impact)


def trade(context):
    bar = context.bar
    context.ids += [
        z.order(context.share, 300 if bar % 4 else -200),
        z.order(context.thin, 40, limit_price=1000.0),
        z.order(context.oil, 30 if bar % 3 else -55),
        z.order(context.oil, 6, stop_price=10.0),
    ]


def look(context):
    for number in context.ids[-4:]:
        print("  ", shown(z.get_order(number)))
    for asset, waiting in z.get_open_orders().items():
        print("  open", asset.symbol, [(one.amount, one.filled) for one in waiting])
    print("  ", round(context.portfolio.portfolio_value, 4), round(context.portfolio.cash, 4))


def daily(context, data):
    context.bar += 1
    bar = context.bar
    if bar % 2:
        trade(context)
    if bar == 5:
        context.fees.min_trade_cost = 40.0
    if bar == 7:
        context.impact.volume_limit = 0.0007
    if bar == 9:
        context.price.percentage = 0.05
    if bar == 11:
        context.price.volume_limit = 1e-6
    if bar == 12:
        print(len(context.blotter.orders), context.blotter.current_dt)
        print({a.symbol: len(o) for a, o in context.blotter.open_orders.items()})
        context.blotter.commission_models[type(context.share)] = commission.PerTrade(7.0)
    if bar == 14:
        context.price.process_order = lambda data, order: (3.25, order.open_amount)
    look(context)


def by_minute(context, data):
    context.bar += 1
    bar = context.bar
    if bar % 67 == 5:
        trade(context)
        look(context)
    if bar == 500:
        context.price.volume_limit = 0.0002
    if bar == 900:
        context.fees.min_trade_cost = 12.25
    if bar == 1100:
        blotter = context.blotter
        print(blotter.current_dt, len(blotter.new_orders), len(blotter.orders))
        for asset, waiting in blotter.open_orders.items():
            print(asset.symbol, [shown(one) for one in waiting])


def before_the_open(context, data):
    if z.get_datetime().day == 20:
        context.impact.volume_limit = 0.5
        print(context.blotter.current_dt, len(context.blotter.orders))


def at_the_end(context, perf):
    print(context.blotter.current_dt, [shown(one) for one in context.blotter.orders.values()][-8:])
    print(len(context.blotter.new_orders))


def run(start, end, **options):
    print("run", start)
    return run_algorithm(
        pd.Timestamp(start),
        pd.Timestamp(end),
        initialize,
        3e6,
        bundle="market",
        benchmark_returns=pd.Series(dtype=float),
        **options,
    )


run("2015-11-18", "2015-11-23", handle_data=by_minute, data_frequency="minute")
run("2015-10-12", "2015-10-23", before_trading_start=before_the_open, handle_data=by_minute)
run("2015-10-12", "2015-10-14", analyze=at_the_end, handle_data=by_minute)
for end in range(4):  # asked for after the run alone, with orders open
    run("2015-10-12", f"2015-10-{20 + end}", analyze=at_the_end, handle_data=lambda c, d: trade(c))
perf = run("2015-10-12", "2015-11-06", handle_data=daily, metrics_set="classic")
print(perf.orders.map(len).tolist(), perf.transactions.map(len).tolist())
perf = run("2015-10-12", "2015-11-06", handle_data=daily)

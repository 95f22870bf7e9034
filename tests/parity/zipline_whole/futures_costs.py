"""What futures cost: models by root symbol, minimums, volume limits, impact, limits at ticks."""

import pandas as pd
import zipline.api as z
from zipline import run_algorithm
from zipline.finance.commission import NoCommission, PerContract, PerFutureTrade, PerShare, PerTrade
from zipline.finance.slippage import (
    EquitySlippageModel,
    FixedSlippage,
    FutureSlippageModel,
    VolatilityVolumeShare,
    VolumeShareSlippage,
)

MODELS = [
    (None, None),
    (PerContract(1.5, 2.0, 40.0), VolatilityVolumeShare(0.01)),
    (PerContract({"CL": 0.5}, {"ES": 3.25}), VolatilityVolumeShare(0.02, eta=0.2)),
    (PerFutureTrade(12.5), VolatilityVolumeShare(0.0008, eta={"CL": 0.15})),
    (PerFutureTrade({"GC": 5.0}), FixedSlippage(0.5)),
    (PerTrade(9.0), VolumeShareSlippage(0.01, 0.2)),
    (NoCommission(), VolatilityVolumeShare(0.05, 0.5)),
]


def play(fees, impact):
    def initialize(context):
        context.day = 0
        context.index, context.oil = z.future_symbol("ESZ15"), z.future_symbol("CLF16")
        context.gold = z.future_symbol("GCG16")
        if fees is not None:
            z.set_commission(us_futures=fees)
            z.set_slippage(us_futures=impact)

    def handle_data(context, data):
        day = context.day
        context.day += 1
        index, oil, gold = context.index, context.oil, context.gold
        if day % 4 == 0:
            z.order(index, 150 if day % 8 else -200)
            z.order(oil, -70)
            z.order(oil, 90)
        if day % 5 == 1:
            price = data.current(gold, "price")
            z.order(gold, 25, limit_price=price * 1.0003 + 0.04)
            z.order(gold, -12, stop_price=price - 0.77)
            z.order(oil, -40, limit_price=data.current(oil, "price") * 0.9999)
        if day % 7 == 3:
            z.order_target(oil, 0)
            z.order_target(gold, 10)
        for orders in z.get_open_orders().values():
            for order in orders:
                print(order.sid.symbol, order.amount, order.filled, round(order.commission, 6),
                      order.limit, order.stop)  # fmt: skip
        # A sum of ticks may lie between two roundings.
        print(
            round(context.portfolio.portfolio_value + 3e-7, 4), round(context.account.leverage, 9)
        )

    return run_algorithm(
        start=pd.Timestamp("2015-09-10"),
        end=pd.Timestamp("2015-10-20"),
        initialize=initialize,
        handle_data=handle_data,
        capital_base=20_000_000,
        bundle="market",
        benchmark_returns=pd.Series(dtype=float),
    )


def refused(context):
    for model in (PerShare(), PerContract(1, 1)):
        for kind in ("us_equities", "us_futures"):
            try:
                z.set_commission(**{kind: model})
            except Exception as error:
                print(type(error).__name__, kind)
    for model in (VolatilityVolumeShare(0.1), FixedSlippage()):
        try:
            z.set_slippage(us_equities=model)
        except Exception as error:
            print(type(error).__name__)


run_algorithm(
    start=pd.Timestamp("2015-10-05"),
    end=pd.Timestamp("2015-10-07"),
    initialize=refused,
    capital_base=1,
    bundle="market",
    benchmark_returns=pd.Series(dtype=float),
)
for base in (EquitySlippageModel, FutureSlippageModel):
    print([kind.__name__ for kind in base.allowed_asset_types])
runs = []
for fees, impact in MODELS:
    print(fees if isinstance(fees, (PerContract, PerTrade)) else type(fees).__name__, impact)
    runs.append(play(fees, impact))
perf = pd.concat(runs)

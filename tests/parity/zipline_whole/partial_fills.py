"""Large orders: volume limits, partial fills, minimum commissions over several fills."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import get_order, order, set_commission, set_slippage, symbols
from zipline.finance import commission, slippage

MODELS = [
    (commission.PerShare(0.01, 5.0), slippage.VolumeShareSlippage(0.02, 0.2)),
    (commission.PerShare(0.001, 3), slippage.VolumeShareSlippage(0.1, 0.0)),
    (commission.PerTrade(2.5), slippage.FixedBasisPointsSlippage(12.0, 0.05)),
    (commission.PerDollar(0.0015), slippage.FixedSlippage(spread=0.06)),
    (commission.NoCommission(), slippage.NoSlippage()),
]


def run(costs, filling):
    def initialize(context):
        context.assets = symbols("GAPPY", "PAYS", "THIN")
        context.placed = []
        set_commission(us_equities=costs)
        set_slippage(us_equities=filling)

    def handle_data(context, data):
        if len(context.placed) < 12:
            for asset in context.assets:
                price = data.current(asset, "price")
                context.placed.append(order(asset, 900, limit_price=price * 1.02))
                context.placed.append(order(asset, -400))
        for one in context.placed[:3]:
            found = get_order(one)
            print(found.filled, found.commission, found.status, found.dt.date())

    print(type(costs).__name__, type(filling).__name__)
    return run_algorithm(
        pd.Timestamp("2015-10-05"),
        pd.Timestamp("2015-10-28"),
        initialize,
        1e6,
        handle_data,
        bundle="market",
    )


for pair in MODELS:
    perf = run(*pair)
    print(perf["ending_cash"].tolist()[-3:], perf["transactions"].map(len).tolist())

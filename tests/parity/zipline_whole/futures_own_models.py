"""Models of a script's own for futures, beside built-in ones; readers and roll finders by hand."""

import os

import numpy as np
import pandas as pd
import zipline.api as z
from zipline import run_algorithm
from zipline.assets.roll_finder import CalendarRollFinder, VolumeRollFinder
from zipline.data import bundles
from zipline.data.continuous_future_reader import ContinuousFutureSessionBarReader
from zipline.finance.commission import FutureCommissionModel, PerContract
from zipline.finance.slippage import MarketImpactBase, VolatilityVolumeShare


class Impact(MarketImpactBase):
    def get_txn_volume(self, data, order):
        return data.current(order.asset, "volume") * 0.004

    def get_simulated_impact(
        self, order, current_price, current_volume, txn_volume, mean_volume, volatility
    ):
        moved = current_price * volatility * (txn_volume / mean_volume) * 0.01
        print(
            order.asset.symbol, txn_volume, current_volume, round(mean_volume, 6), round(moved, 9)
        )
        return moved


class Doubled(VolatilityVolumeShare):
    NO_DATA_VOLATILITY_SLIPPAGE_IMPACT = 0.001

    def get_simulated_impact(self, *args, **kwargs):
        return 2 * super().get_simulated_impact(*args, **kwargs)


class Fee(FutureCommissionModel):
    def calculate(self, order, transaction):
        return abs(transaction.amount) * 0.9 + (2.0 if order.commission == 0 else 0.0)


def play(start, fee, impact):
    def initialize(context):
        context.day = 0
        context.index, context.oil = z.future_symbol("ESZ15"), z.future_symbol("CLF16")
        z.set_commission(us_futures=fee)
        z.set_slippage(us_futures=impact)

    def handle_data(context, data):
        day = context.day
        context.day += 1
        if day % 3 == 0:
            z.order(context.index, 120 if day % 2 else -90)
        if day % 4 == 1:
            z.order(context.oil, -30, limit_price=data.current(context.oil, "price") - 0.02)
            z.order(context.oil, 45)
        for asset, position in context.portfolio.positions.items():
            print(" ", asset, position.amount, round(position.cost_basis, 6))
        print(round(context.portfolio.portfolio_value + 3e-7, 4))

    return run_algorithm(
        start=pd.Timestamp(start),
        end=pd.Timestamp(start) + pd.Timedelta(days=28),
        initialize=initialize,
        handle_data=handle_data,
        capital_base=20_000_000,
        bundle="market",
        benchmark_returns=pd.Series(dtype=float),
    )


perf = pd.concat(
    [
        play("2015-10-12", Fee(), Impact()),
        play("2015-09-14", PerContract(0.4, 1.5, 3.0), Doubled(0.01)),
        play("2015-10-05", PerContract({"ES": 0.4}, {}, 3.0), Doubled(0.002, eta=0.3)),
        play("2015-10-05", Fee(), VolatilityVolumeShare(0.003)),
    ]
)

with bundles.load("market", os.environ) as data:
    finder, reader = data.asset_finder, data.equity_daily_bar_reader
    calendar = reader.trading_calendar
    rolls = {
        "calendar": CalendarRollFinder(calendar, finder),
        "volume": VolumeRollFinder(calendar, finder, reader),
    }
    chains = ContinuousFutureSessionBarReader(reader, rolls)
    print(chains.data_frequency, chains.first_trading_day, chains.last_available_dt)
    first, last = pd.Timestamp("2015-09-21"), pd.Timestamp("2016-01-15")
    for root in ("CL", "GC", "ES"):
        for style, finds in rolls.items():
            print(root, style, finds.get_rolls(root, first, last, 0))
            for day in calendar.sessions_in_range(first, last)[::6]:
                print(" ", day, int(finds.get_contract_center(root, day, 0)), end=" ")
            future = finder.create_continuous_future(root, 0, style, None)
            arrays = chains.load_raw_arrays(["close", "volume", "sid"], first, last, [future])
            print([float(np.nansum(array)) for array in arrays], arrays[0].shape)
            for day in (first, last):
                print(
                    chains.get_value(future, day, "close"), chains.get_value(future, day, "volume")
                )
                print(chains.get_last_traded_dt(future, day))

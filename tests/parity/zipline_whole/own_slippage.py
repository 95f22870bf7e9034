"""Slippage models of a script's own: prices, volumes, the end of a bar, a whole simulate."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import get_order, order, set_commission, set_slippage, symbols
from zipline.finance import commission
from zipline.finance.slippage import (
    EquitySlippageModel,
    FixedBasisPointsSlippage,
    LiquidityExceeded,
    SlippageModel,
    VolumeShareSlippage,
)
from zipline.finance.transaction import create_transaction


class HighPrice(SlippageModel):
    """Trades at the worst price of the bar, a hundredth of its volume for all orders together."""

    def __init__(self, share):
        super().__init__()
        self.share = share

    def process_order(self, data, order):
        volume = int(data.current(order.asset, "volume") * self.share) - self.volume_for_bar
        if volume < 1:
            print("  exceeded", order.asset.symbol, order.open_amount, self.volume_for_bar)
            raise LiquidityExceeded()
        price = data.current(order.asset, "high" if order.direction > 0 else "low")
        return price, min(volume, abs(order.open_amount)) * order.direction


class Doubtful(EquitySlippageModel):
    """Leaves every second order alone; the rest as the volume allows, from a base's own price."""

    def process_order(self, data, order):
        if order.amount % 2:
            return None, None
        return data.current(order.asset, "price") + 0.01 * order.direction, int(
            order.open_amount / 3
        ) or 1.5 * order.direction


class Careful(VolumeShareSlippage):
    """The built-in one, a cent worse; nothing on Mondays."""

    def process_order(self, data, order):
        if data.current_dt.dayofweek == 0:
            return None, None
        price, volume = super().process_order(data, order)
        return (None, None) if price is None else (price + 0.01 * order.direction, volume)


class Twice(FixedBasisPointsSlippage):
    """Each order in two parts."""

    def simulate(self, data, asset, orders):
        for one, trade in super().simulate(data, asset, orders):
            if abs(trade.amount) < 2:
                yield one, trade
                continue
            half = trade.amount // 2
            yield one, create_transaction(one, data.current_dt, trade.price, half)
            rest = trade.amount - half
            yield one, create_transaction(one, data.current_dt, trade.price + 0.02, rest)


class Everything(SlippageModel):
    """A simulate of its own: all orders at the open, whatever their limits."""

    def process_order(self, data, order):
        raise AssertionError("never asked")

    def simulate(self, data, asset, orders):
        price = data.current(asset, "open")
        if price != price:
            return
        for one in orders:
            if one.open_amount:
                yield one, create_transaction(one, data.current_dt, price, one.open_amount)


def play(model):
    def initialize(context):
        context.assets = symbols("STEADY", "THIN", "SPLITS", "GAPPY")
        context.ids = []
        set_slippage(model)
        set_commission(commission.PerShare(0.01, 1))
        print(type(model).__name__, [kind.__name__ for kind in model.allowed_asset_types])

    def handle_data(context, data):
        day = len(context.ids)
        for n, asset in enumerate(context.assets):
            price = data.current(asset, "price")
            context.ids.append(order(asset, 37 + 11 * n if day % 8 else -90 - n))
            if day % 3 == 0:
                order(asset, 25, limit_price=price * 0.995)
                order(asset, -30, stop_price=price * 1.004)
        one = get_order(context.ids[-len(context.assets) :][1] or context.ids[0])
        print(day, one.filled, one.commission, one.status, context.portfolio.cash)

    return run_algorithm(
        pd.Timestamp("2015-10-01"),
        pd.Timestamp("2015-11-13"),
        initialize,
        1e6,
        handle_data,
        bundle="market",
    )


for model in (HighPrice(0.01), Doubtful(), Careful(0.05, 0.3), Twice(9, 0.2), Everything()):
    perf = play(model)
    print(
        perf.portfolio_value.iloc[-1], perf.orders.map(len).sum(), perf.transactions.map(len).sum()
    )

try:
    SlippageModel()
except TypeError as error:
    print(type(error).__name__)

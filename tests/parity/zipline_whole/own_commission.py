"""Commission models of a script's own, and built-in ones with minimums over partial fills."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import get_order, order, set_commission, set_slippage, symbols
from zipline.errors import IncompatibleCommissionModel, IncompatibleSlippageModel
from zipline.finance import commission, slippage
from zipline.finance.commission import CommissionModel, EquityCommissionModel, PerDollar, PerShare


class Stepped(CommissionModel):
    """Dearer for the first hundred shares of an order; what the order paid and filled counts."""

    def calculate(self, order, transaction):
        before, now = abs(order.filled), abs(transaction.amount)
        dear = max(min(100 - before, now), 0)
        print("  asked", order.filled, order.commission, transaction.amount, transaction.price)
        return dear * 0.02 + (now - dear) * 0.005


class Rebate(EquityCommissionModel):
    """Negative for sales: that is noted on the order and not paid out."""

    def calculate(self, order, transaction):
        return 1.0 if transaction.amount > 0 else -0.5


class AtLeast(PerShare):
    """The built-in one with a tax."""

    def calculate(self, order, transaction):
        return super().calculate(order, transaction) + 0.003 * abs(transaction.amount)


class Capped(PerDollar):
    def calculate(self, order, transaction):
        return min(super().calculate(order, transaction), 2.5)


MODELS = (
    Stepped(),
    Rebate(),
    AtLeast(0.01, 2),
    Capped(0.001),
    commission.PerShare(0.004, 3),
    commission.PerShare(0.004, 3.0),
    commission.PerTrade(-1.5),
    commission.PerDollar(-0.0001),
    commission.NoCommission(),
)


def play(model):
    def initialize(context):
        context.assets = symbols("STEADY", "SPLITS", "PAYS")
        context.ids = []
        set_commission(model)
        set_slippage(slippage.VolumeShareSlippage(0.02, 0.1))
        print(type(model).__name__, [kind.__name__ for kind in model.allowed_asset_types])
        if type(model) in (commission.PerShare, commission.PerTrade, commission.PerDollar):
            print(model)

    def handle_data(context, data):
        day = len(context.ids)
        context.ids.append(order(context.assets[day % 3], 500 if day % 4 else -800))
        one = get_order(context.ids[max(day - 2, 0)])
        print(day, one.filled, repr(one.commission), context.portfolio.cash)
        held = context.portfolio.positions
        print([(asset.symbol, held[asset].amount, held[asset].cost_basis) for asset in held])

    return run_algorithm(
        pd.Timestamp("2015-10-05"),
        pd.Timestamp("2015-10-23"),
        initialize,
        1e6,
        handle_data,
        bundle="market",
    )


for model in MODELS:
    perf = play(model)
    print(perf.portfolio_value.iloc[-1], perf.capital_used.sum())


class OnlyFutures(commission.FutureCommissionModel):
    def calculate(self, order, transaction):
        return 0.0


def refused(context):
    for call in (
        lambda: set_commission(OnlyFutures()),
        lambda: set_commission(us_futures=PerShare()),
        lambda: set_slippage(us_futures=slippage.EquitySlippageModel),
        lambda: CommissionModel(),
    ):
        try:
            call()
        except (IncompatibleCommissionModel, IncompatibleSlippageModel, TypeError) as error:
            print(type(error).__name__)


perf = run_algorithm(
    pd.Timestamp("2015-10-05"),
    pd.Timestamp("2015-10-07"),
    refused,
    1e5,
    lambda context, data: None,
    bundle="market",
)

"""Stock dividends: of the same company and of others, held, short, with nobody's pay date."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import order, set_commission, set_slippage, symbols
from zipline.errors import InvalidBenchmarkAsset
from zipline.finance import commission, slippage


def initialize(context):
    context.assets = symbols("GIVES", "STEADY", "GAPPY")
    set_commission(commission.PerShare(0.01))
    set_slippage(slippage.FixedSlippage(0.02))


def before_trading_start(context, data):
    show("morning", context)


def show(when, context):
    portfolio = context.portfolio
    held = [
        (asset.symbol, p.amount, p.cost_basis, p.last_sale_price)
        for asset, p in portfolio.positions.items()
    ]
    print(when, portfolio.portfolio_value, portfolio.pnl, portfolio.returns, held)


def buyer(amount, day):
    def handle_data(context, data):
        context.day = getattr(context, "day", 0) + 1
        if context.day == 2:
            order(context.assets[0], amount)
        if context.day == day:
            order(context.assets[1], -10)
        show(context.get_datetime().date(), context)

    return handle_data


for amount, day in ((103, 99), (-57, 30), (9, 5)):
    perf = run_algorithm(
        pd.Timestamp("2015-10-08"),
        pd.Timestamp("2015-12-18"),
        initialize,
        1e5,
        buyer(amount, day),
        before_trading_start,
        bundle="market",
    )
    print(
        perf[["starting_value", "starting_cash", "ending_value", "pnl", "returns"]]
        .to_numpy()
        .tolist()
    )
    print(perf.longs_count.tolist(), perf.shorts_count.tolist())


def compared(context):
    from zipline.api import set_benchmark

    set_benchmark(symbols("GIVES")[0])


try:
    run_algorithm(
        pd.Timestamp("2015-10-08"),
        pd.Timestamp("2015-12-18"),
        compared,
        1e5,
        lambda context, data: None,
        bundle="market",
    )
except InvalidBenchmarkAsset as error:
    print(type(error).__name__)

"""Limits of leverage: too little after the grace period, too much, and errors after initialize."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import (
    order_target_percent,
    set_cancel_policy,
    set_commission,
    set_long_only,
    set_max_leverage,
    set_min_leverage,
    set_slippage,
    symbols,
)
from zipline.errors import AccountControlViolation
from zipline.finance import cancel_policy, commission, slippage


def run(initialize, handle_data, end="2015-11-20"):
    return run_algorithm(
        pd.Timestamp("2015-10-12"),
        pd.Timestamp(end),
        initialize,
        1e5,
        handle_data,
        bundle="market",
    )


def steps(context, data):
    context.day = getattr(context, "day", 0) + 1
    for asset in context.assets:
        order_target_percent(asset, 0.1 * context.day)
    print(context.get_datetime().date(), context.account.leverage, context.account.net_leverage)


def low(context):
    context.assets = symbols("STEADY", "SPLITS")
    set_slippage(slippage.FixedSlippage(0.02))
    set_max_leverage(0.85)


def high(context):
    context.assets = symbols("STEADY", "SPLITS")
    set_commission(commission.PerTrade(1.0))
    set_min_leverage(0.5, pd.Timedelta(days=5))


for initialize in (low, high):
    try:
        run(initialize, steps)
    except AccountControlViolation as error:
        print(type(error).__name__, bool(str(error)))


def later(context, data):
    steps(context, data)
    for call in (
        lambda: set_max_leverage(2),
        lambda: set_long_only(),
        lambda: set_commission(commission.PerShare()),
        lambda: set_slippage(slippage.NoSlippage() if hasattr(slippage, "NoSlippage") else None),
        lambda: set_cancel_policy(cancel_policy.NeverCancel()),
        lambda: context.set_benchmark(context.assets[0]),
    ):
        try:
            call()
        except Exception as error:
            print(type(error).__name__)


def wide(context):
    context.assets = symbols("STEADY", "SPLITS")
    set_max_leverage(9.0)
    set_min_leverage(0.0, pd.Timedelta(days=1))


perf = run(wide, later, "2015-10-20")

"""Trading controls that log, controls that fail, and restricted assets."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import (
    RESTRICTION_STATES,
    HistoricalRestrictions,
    Restriction,
    StaticRestrictions,
    get_open_orders,
    order,
    order_target_percent,
    order_target_value,
    set_asset_restrictions,
    set_long_only,
    set_max_order_count,
    set_max_order_size,
    set_max_position_size,
    symbols,
)
from zipline.finance.asset_restrictions import NoRestrictions


def attempt(call):
    try:
        call()
    except Exception as error:
        return type(error).__name__
    return "allowed"


def initialize(context):
    context.assets = symbols("STEADY", "GAPPY", "THIN", "PAYS", "SPLITS")
    steady, gappy, thin, pays, splits = context.assets
    set_max_order_size(max_shares=500)
    set_max_order_size(gappy, max_notional=3000.0)
    set_max_position_size(thin, max_shares=20, on_error="log")
    set_max_position_size(max_notional=30_000.0)
    set_max_order_count(6)
    set_long_only()
    set_asset_restrictions(StaticRestrictions([pays]), on_error="log")
    frozen = RESTRICTION_STATES.FROZEN
    history = HistoricalRestrictions(
        [
            Restriction(splits, pd.Timestamp("2015-10-20", tz="UTC"), frozen),
            Restriction(splits, pd.Timestamp("2015-11-04", tz="UTC"), RESTRICTION_STATES.ALLOWED),
        ]
    )
    set_asset_restrictions(history)
    print(attempt(lambda: set_max_order_size(max_shares=-1)))
    print(attempt(lambda: set_max_position_size(max_notional=-1.0)))
    print(attempt(lambda: set_asset_restrictions([pays])))
    print(attempt(lambda: order(steady, 1)) != "allowed")
    print(NoRestrictions() | history is history, (history | StaticRestrictions([thin])) is not None)


def handle_data(context, data):
    steady, gappy, thin, pays, splits = context.assets
    day = context.get_datetime()
    said = [
        attempt(lambda: order(steady, 400 + day.day * 5)),
        attempt(lambda: order(gappy, 40 + day.day * 3)),
        attempt(lambda: order(thin, 9)),
        attempt(lambda: order(pays, 5)),
        attempt(lambda: order_target_percent(splits, 0.05)),
        attempt(lambda: order(steady, -700)),
        attempt(lambda: order_target_value(steady, 2000.0)),
        attempt(lambda: order_target_value(gappy, -100.0)),
    ]
    held = {p.asset.symbol: p.amount for p in context.portfolio.positions.values()}
    print(day.date(), said, held, data.can_trade(context.assets).tolist())
    print(" ", sum(map(len, get_open_orders().values())))


perf = run_algorithm(
    pd.Timestamp("2015-10-12"), pd.Timestamp("2015-11-12"), initialize, 1e5, handle_data,
    bundle="market",
)  # fmt: skip

"""Trading controls: what they refuse ends the order, not the run."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import (
    order,
    order_target_percent,
    set_long_only,
    set_max_order_count,
    set_max_order_size,
    set_max_position_size,
    symbol,
    symbols,
)
from zipline.errors import CannotOrderDelistedAsset, SymbolNotFound, TradingControlViolation


def initialize(context):
    context.assets = symbols("STEADY", "LATE", "ENDS")
    context.n = 0
    set_long_only()
    set_max_order_count(4)
    set_max_order_size(max_shares=300)
    set_max_position_size(asset=symbol("STEADY"), max_shares=500, max_notional=20_000)
    try:
        symbol("NOBODY")
    except SymbolNotFound as error:
        print(type(error).__name__)


def attempt(text, function, *arguments):
    try:
        placed = function(*arguments) is not None
    except (TradingControlViolation, CannotOrderDelistedAsset) as error:
        print(text, "refused:", type(error).__name__)
    else:
        print(text, "placed" if placed else "nothing placed")


def handle_data(context, data):
    context.n += 1
    steady, late, ends = context.assets
    if context.n == 1:
        attempt("sell", order, steady, -10)
        attempt("large", order, steady, 301)
        attempt("buy", order, steady, 290)
        attempt("not listed yet", order_target_percent, late, 0.1)
        attempt("ends", order, ends, 100)
    elif context.n == 4:
        for _ in range(5):
            attempt("again", order, steady, 60)
    elif context.n in (60, 118):
        attempt("late", order_target_percent, late, 0.02)
        attempt("ended", order, ends, 5)
        print(data.can_trade(ends), data.is_stale(ends), data.current(ends, "last_traded"))
    if context.n % 20 == 0:
        print(context.n, {a.symbol: p.amount for a, p in context.portfolio.positions.items()})


perf = run_algorithm(
    start=pd.Timestamp("2015-06-01"),
    end=pd.Timestamp("2015-12-15"),
    initialize=initialize,
    handle_data=handle_data,
    capital_base=1e6,
    bundle="programs",
)

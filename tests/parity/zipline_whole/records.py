"""What record does to the frame: pairs, keywords, types, names of the frame's own columns."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import order, record, symbol


def initialize(context):
    context.asset = symbol("PAYS")
    record(first="from initialize")


def handle_data(context, data):
    price = data.current(context.asset, "price")
    record("price", price, "twice", price * 2, volume=data.current(context.asset, "volume"))
    record(text=f"{price:.1f}", flag=price > 20, number=int(price), nothing=None)
    if context.get_datetime().day % 3 == 0:
        record(rarely=price, pnl=7.0, max_leverage=99.0)
    record("odd", 1, "left over")
    order(context.asset, 4)
    print(sorted(context.recorded_vars), len(context.recorded_vars))


def analyze(context, perf):
    print(sorted(map(str, perf.columns)))
    for name in ("price", "twice", "volume", "number", "rarely", "pnl", "max_leverage"):
        print(name, perf[name].tolist())
    print(perf["text"].tolist(), perf["flag"].tolist(), perf["first"].tolist())
    print([value is None for value in perf["nothing"]])


perf = run_algorithm(
    pd.Timestamp("2015-11-02"),
    pd.Timestamp("2015-11-20"),
    initialize,
    1e5,
    handle_data,
    analyze=analyze,
    bundle="market",
)

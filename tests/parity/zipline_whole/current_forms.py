"""data.current in all its forms, with the types that come back."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import order, symbols

FIELDS = ["price", "open", "high", "low", "close", "volume", "last_traded"]


def kind(value):
    if isinstance(value, pd.DataFrame):
        return ["frame", [asset.symbol for asset in value.index], list(value.columns)]
    if isinstance(value, pd.Series):
        return ["series", value.name, [getattr(one, "symbol", one) for one in value.index]]
    return type(value).__name__


def initialize(context):
    context.assets = symbols("STEADY", "GAPPY", "THIN", "ENDS", "SPLITS")


def handle_data(context, data):
    day = data.current_session
    for asset in context.assets:
        values = [data.current(asset, field) for field in FIELDS]
        print(day.date(), asset.symbol, values, [kind(value) for value in values])
    one = data.current(context.assets[1], FIELDS)
    print(kind(one), one.tolist())
    several = data.current(context.assets, "price")
    print(kind(several), several.tolist())
    table = data.current(context.assets, ["open", "volume", "price"])
    print(kind(table), table.to_numpy().tolist())
    print(kind(data.current(context.assets, ["close"])))
    print(kind(data.can_trade(context.assets)), data.can_trade(context.assets[3]))
    print(data.is_stale(context.assets).tolist(), data.is_stale(context.assets[2]))
    for arguments in ((context.assets[0], "nonsense"), ("STEADY", "price")):
        try:
            print(data.current(*arguments))
        except Exception as error:
            print(type(error).__name__)
    order(context.assets[day.day % 5], 2)


perf = run_algorithm(
    pd.Timestamp("2015-11-23"), pd.Timestamp("2015-12-11"), initialize, 1e5, handle_data,
    bundle="market",
)  # fmt: skip

"""data.history in all its forms, over late starters, ends and gaps."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import order, symbols

FIELDS = ["open", "high", "low", "close", "volume", "price"]


def show(value):
    print(type(value).__name__, value.shape, value.index.names)
    print(
        [str(label) for label in list(value.index)[:2]],
        list(value.columns) if value.ndim > 1 else value.name,
    )
    print(value.to_numpy().tolist()[-4:])


def initialize(context):
    context.assets = symbols("GAPPY", "SPLITS", "ENDS", "THIN", "PAYS")


def handle_data(context, data):
    gappy, splits, ends, thin, pays = context.assets
    if data.current_session.day % 2:
        for field in FIELDS:
            show(data.history(gappy, field, 6, "1d"))
        show(data.history(context.assets, "price", 7, "1d"))
        show(data.history(context.assets, "volume", 1, "1d"))
        show(data.history([ends], "close", 5, "1d"))
    else:
        show(data.history(splits, ["close", "volume"], 12, "1d"))
        show(data.history(context.assets, FIELDS, 3, "1d"))
        show(data.history([thin, pays], ["price"], 4, "1d"))
    for arguments in (
        (gappy, "weather", 3, "1d"),
        (gappy, "price", 0, "1d"),
        (gappy, "price", 3, "1w"),
        (gappy, "price", 500, "1d"),
    ):
        try:
            print(len(data.history(*arguments)))
        except Exception as error:
            print(type(error).__name__)
    order(splits, 1)


perf = run_algorithm(
    pd.Timestamp("2015-11-25"), pd.Timestamp("2015-12-10"), initialize, 1e5, handle_data,
    bundle="market",
)  # fmt: skip

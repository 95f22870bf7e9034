"""Continuous futures with daily bars: the current contract, chains, windows over rolls."""

import pandas as pd
import zipline.api as z
from zipline import run_algorithm

ROLLS = ("calendar", "volume")


def initialize(context):
    context.day = 0
    context.all = [
        z.continuous_future(root, offset=offset, roll=roll, adjustment=adjustment)
        for root in ("es", "CL", "GC")
        for roll in ROLLS
        for offset in (0, 1)
        for adjustment in ("mul", "add", None)
        if adjustment == "mul" or not offset
    ]
    for future in context.all[:5]:
        print(repr(future), str(future), future.sid, future.start_date, future.end_date)
        print(future.exchange, future.to_dict())
    for given in ({"adjustment": "div"}, {"roll": "never"}, {"root_symbol_str": "XX"}):
        try:
            z.continuous_future(**{"root_symbol_str": "ES", **given})
        except Exception as error:
            print(type(error).__name__)


def handle_data(context, data):
    context.day += 1
    day = context.day
    print(z.get_datetime())
    for future in context.all:
        try:
            contract = data.current(future, "contract")
        except AttributeError:  # the chain ends before the offset
            print(" ", future.sid, "none")
            continue
        print(" ", future.sid, contract, end=" ")
        if future.offset == 0:
            for field in ("price", "close", "high", "volume", "last_traded"):
                print(data.current(future, field), end=" ")
        if contract is not None:
            print([each.symbol for each in data.current_chain(future)])
    front = [future for future in context.all if future.offset == 0]
    if day % 9 == 4:
        print(data.current(front[:4], ["price", "volume"]).to_numpy().tolist())
        print(data.current(front, "contract").tolist())
    if day % 5 == 1:
        for future in front:
            for field in ("price", "close", "open", "volume", "sid"):
                window = data.history(future, field, 4 + day % 31, "1d")
                print(" ", future.sid, field, window.dtype, window.tolist())
    if day % 13 == 6:
        frame = data.history(front[:3], ["close", "volume"], 6, "1d")
        print(frame.index.names, frame.columns.tolist(), frame.to_numpy().tolist())
        frame = data.history([*front[-2:], z.symbol("STEADY")], "price", 5, "1d")
        print(frame.columns.tolist(), frame.to_numpy().tolist())
    if day == 10:
        try:
            z.order(context.all[0], 1)
        except Exception as error:
            print(type(error).__name__)
    contract = data.current(context.all[0], "contract")
    z.order_target(contract, 2 if day % 20 < 10 else 0)


perf = run_algorithm(
    start=pd.Timestamp("2015-10-15"),
    end=pd.Timestamp("2016-01-06"),
    initialize=initialize,
    handle_data=handle_data,
    capital_base=1_000_000,
    bundle="market",
    benchmark_returns=pd.Series(dtype=float),
)

"""Prices that cross their own running average: `python zipline_crossing.py [ASSETS] [SESSIONS]`.

No history call: the algorithm keeps its averages itself, and looks at current prices only.
"""

import sys

from generated_bundle import ingested, names, sessions
from zipline import run_algorithm
from zipline.api import order_target, record, symbol

ASSETS = int(sys.argv[1]) if len(sys.argv) > 1 else 40
DAYS = sessions(int(sys.argv[2]) if len(sys.argv) > 2 else 1258)


def initialize(context):
    context.asset = symbol(names(ASSETS)[0])
    context.average = None
    context.above = False


def handle_data(context, data):
    price = data.current(context.asset, "price")
    if context.average is None:
        context.average = price
    context.average += (price - context.average) / 50
    above = price > context.average
    if above != context.above:
        order_target(context.asset, 100 if above else 0)
        context.above = above
    record(average=context.average)


def main():
    with ingested(ASSETS, DAYS) as environ:
        perf = run_algorithm(
            start=DAYS[0],
            end=DAYS[-1],
            initialize=initialize,
            handle_data=handle_data,
            capital_base=100_000,
            bundle="generated",
            environ=environ,
        )
    fills = sum(len(day) for day in perf["transactions"])
    print(f"sessions {len(perf)}, fills {fills}, value {perf['portfolio_value'].iloc[-1]:.2f}")


if __name__ == "__main__":
    main()

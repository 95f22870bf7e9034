"""A bundle from a folder of CSV files with splits and dividends, ingested by the script."""

import math
import os
import tempfile

import pandas as pd
from zipline import run_algorithm
from zipline.api import order_target_percent, record, symbols
from zipline.data import bundles
from zipline.data.bundles.csvdir import csvdir_equities
from zipline.utils.calendar_utils import get_calendar

calendar = get_calendar("NYSE")
sessions = calendar.sessions_in_range(pd.Timestamp("2018-01-02"), pd.Timestamp("2018-06-29"))
folder = tempfile.mkdtemp()
os.makedirs(os.path.join(folder, "daily"))
for number, name in enumerate(("AAA", "BBB", "CCC")):
    span = sessions[: 90 if name == "CCC" else None]
    rows = []
    for n, day in enumerate(span):
        split = 2.0 if (name, n) == ("BBB", 60) else 1.0
        level = 40 + 10 * number + 6 * math.sin(n / (7 + number)) + n * 0.05
        close = round(level / (2 if name == "BBB" and n >= 60 else 1), 2)
        low, high = round(close * 0.99, 2), round(close * 1.01, 2)
        dividend = 0.31 if name == "AAA" and n % 40 == 20 else 0.0
        rows.append((day.date(), close, high, low, close, 100_000 + 37 * n, dividend, split))
    columns = ["date", "open", "high", "low", "close", "volume", "dividend", "split"]
    path = os.path.join(folder, "daily", f"{name}.csv")
    pd.DataFrame(rows, columns=columns).to_csv(path, index=False)

bundles.register(
    "folder",
    csvdir_equities(["daily"], folder),
    calendar_name="NYSE",
    start_session=sessions[0],
    end_session=sessions[-1],
)
bundles.ingest("folder")


def initialize(context):
    context.assets = symbols("AAA", "BBB", "CCC")
    for asset in context.assets:
        print(asset, asset.exchange, asset.start_date.date(), asset.end_date.date())


def handle_data(context, data):
    prices = data.history(context.assets, "price", 10, "1d")
    strength = prices.iloc[-1] / prices.iloc[0]
    best = max(
        context.assets, key=lambda asset: (strength[asset] == strength[asset], strength[asset])
    )
    if not context.portfolio.positions:
        order_target_percent(best, 0.9)
    elif best not in context.portfolio.positions:
        for asset in list(context.portfolio.positions):
            order_target_percent(asset, 0)
        order_target_percent(best, 0.9)
        print(data.current_session.date(), "to", best.symbol, float(strength[best]))
    record(
        best=best.sid, **{asset.symbol: data.current(asset, "close") for asset in context.assets}
    )


def analyze(context, perf):
    print(perf.best.value_counts().sort_index().to_dict())
    print(perf.portfolio_value.iloc[[30, 60, 90, -1]].tolist())


perf = run_algorithm(
    start=sessions[15],
    end=sessions[-1],
    initialize=initialize,
    handle_data=handle_data,
    analyze=analyze,
    capital_base=100_000,
    bundle="folder",
    trading_calendar=calendar,
)

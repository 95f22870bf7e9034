"""A folder of CSV files with minutes as a bundle, and a run over them."""

import tempfile
from pathlib import Path

import pandas as pd
from zipline import run_algorithm
from zipline.api import get_datetime, order, record, symbols
from zipline.data import bundles
from zipline.data.bundles.csvdir import csvdir_equities
from zipline.utils.calendar_utils import get_calendar

folder = Path(tempfile.mkdtemp())
(folder / "minute").mkdir()
minutes = get_calendar("XNYS").sessions_minutes(
    pd.Timestamp("2016-11-22"), pd.Timestamp("2016-11-28")
)
for name, base, gap in (("NORTH", 30.0, 1), ("SOUTH", 11.0, 4)):
    number = pd.Series(range(len(minutes)), index=minutes)
    close = (base + (number % 97) / 50 - number / 4000).round(3)
    frame = pd.DataFrame(
        {"open": close, "high": close + 0.05, "low": close - 0.04, "close": close,
         "volume": 900 + number % 13}
    )  # fmt: skip
    frame[number % gap == 0].rename_axis("date").to_csv(folder / "minute" / f"{name}.csv")

bundles.register("quotes", csvdir_equities(["minute"], str(folder)), calendar_name="XNYS")
bundles.ingest("quotes")
print(bundles.load("quotes").asset_finder.sids)


def initialize(context):
    context.assets = symbols("NORTH", "SOUTH")


def handle_data(context, data):
    now = get_datetime()
    if now.minute == 35:
        stale = [data.is_stale(asset) for asset in context.assets]
        print(now, data.current(context.assets, "price").tolist(), stale)
        print(data.can_trade(context.assets).tolist())
        print(data.history(context.assets, "close", 4, "1m").to_numpy().tolist())
    if now.hour == 16 and now.minute in (0, 20):
        order(context.assets[0], 70)
        order(context.assets[1], -30, limit_price=data.current(context.assets[1], "price") + 0.01)
    record(held=len(context.portfolio.positions))


perf = run_algorithm(
    start=pd.Timestamp("2016-11-22"),
    end=pd.Timestamp("2016-11-28"),
    initialize=initialize,
    handle_data=handle_data,
    capital_base=10_000,
    data_frequency="minute",
    bundle="quotes",
)

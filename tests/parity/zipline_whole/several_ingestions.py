"""A bundle ingested several times: which one a run takes, and what is left after cleaning."""

import os

import pandas as pd
from zipline import run_algorithm
from zipline.api import order, record, sid
from zipline.data import bundles

FIRST, LAST = pd.Timestamp("2016-03-01"), pd.Timestamp("2016-03-18")
scale = {"now": 1.0}


def write(
    environ, assets, minute_bars, daily_bars, adjustments, calendar, start, end, cache, show, path
):
    days = calendar.sessions_in_range(start, end)
    print("writes", scale["now"], start.date(), end.date(), len(days), minute_bars is not None)
    close = pd.Series(range(10, 10 + len(days)), index=days) * scale["now"]
    frame = pd.DataFrame(dict.fromkeys(("open", "high", "low", "close"), close)).assign(
        volume=5_000
    )
    equities = pd.DataFrame(
        {"symbol": ["ONE"], "start_date": [start], "end_date": [end], "exchange": ["NYSE"]}
    )
    assets.write(equities=equities)
    daily_bars.write([(0, frame)])
    adjustments.write()


bundles.register("again", write, "XNYS", start_session=FIRST, end_session=LAST)
for number in range(1, 5):
    scale["now"] = float(number)
    bundles.ingest("again", timestamp=pd.Timestamp(f"2019-05-0{number} 12:00", tz="UTC"))
print([str(time) for time in bundles.ingestions_for_bundle("again")])


def initialize(context):
    context.asset = sid(0)


def handle_data(context, data):
    order(context.asset, 3)
    record(price=data.current(context.asset, "price"))


def run(timestamp=None):
    return run_algorithm(
        start=FIRST,
        end=LAST,
        initialize=initialize,
        handle_data=handle_data,
        capital_base=5_000,
        bundle="again",
        bundle_timestamp=timestamp,
    )


print(run(pd.Timestamp("2019-05-02 12:00", tz="UTC"))["price"].tolist())
print(run(pd.Timestamp("2019-05-03 11:59", tz="UTC"))["portfolio_value"].round(6).tolist())
try:
    run(pd.Timestamp("2018-01-01", tz="UTC"))
except ValueError as error:
    print("no data for bundle 'again' on or before" in str(error))
removed = bundles.clean("again", keep_last=2)
print(sorted(os.path.basename(path) for path in removed))
removed = bundles.clean("again", after=pd.Timestamp("2019-05-03 13:00"))
print(sorted(os.path.basename(path) for path in removed))
for wrong in ({}, {"keep_last": -1}, {"before": FIRST, "keep_last": 1}):
    try:
        bundles.clean("again", **wrong)
    except ValueError as error:
        print(type(error).__name__, wrong)
try:
    bundles.load("nobody")
except bundles.UnknownBundle as error:
    print(error, error.name, error.exit_code)
print("again" in bundles.bundles, bundles.bundles["again"].minutes_per_day)
perf = run()

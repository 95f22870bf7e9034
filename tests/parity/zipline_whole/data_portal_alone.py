"""A DataPortal that is asked by itself: values, adjustments, windows of sessions and of minutes."""

import pandas as pd
from zipline import run_algorithm
from zipline.data import bundles
from zipline.data.data_portal import DataPortal
from zipline.utils.calendar_utils import get_calendar

bundle = bundles.load("market")
daily = bundle.equity_daily_bar_reader
portal = DataPortal(
    bundle.asset_finder,
    trading_calendar=get_calendar("XNYS"),
    first_trading_day=daily.first_trading_day,
    equity_daily_reader=daily,
    equity_minute_reader=bundle.equity_minute_bar_reader,
    adjustment_reader=bundle.adjustment_reader,
)
day, before = pd.Timestamp("2015-12-09"), pd.Timestamp("2015-11-01")
minute = pd.Timestamp("2015-12-09 15:17", tz="UTC")
some = bundle.asset_finder.retrieve_all([0, 1, 6, 7])
for field in ("open", "high", "low", "close", "volume", "price", "last_traded"):
    print(field, portal.get_spot_value(some, field, day, "daily"))
    print(field, portal.get_spot_value(some[1], field, minute, "minute"))
for field in ("close", "volume"):
    print(field, portal.get_adjustments(some, field, before, day))
print(portal.get_adjusted_value(some[2], "close", pd.Timestamp("2015-11-10"), day, "daily"))
for frequency, field, when, mode in (
    ("1d", "price", day, "daily"),
    ("1d", "volume", minute, "minute"),
    ("1m", "price", minute, "minute"),
):
    print(portal.get_history_window(some, when, 5, frequency, field, mode).to_string())
print(portal.get_splits(some, day), portal.contains(some[0], "close"))
print(portal.get_last_traded_dt(some[1], minute, "minute"))


def handle_data(context, data):
    print(portal.get_spot_value(some[0], "close", data.current_session, "daily"))


perf = run_algorithm(
    start=pd.Timestamp("2015-12-07"),
    end=day,
    initialize=lambda context: None,
    handle_data=handle_data,
    capital_base=1e5,
    bundle="market",
)

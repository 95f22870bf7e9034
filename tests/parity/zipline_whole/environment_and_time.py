"""What a run says about itself: environment, times in several zones, its parameters."""

import pandas as pd
import pytz
from zipline import run_algorithm
from zipline.api import get_datetime, get_environment, order, record, sid, symbols


def attempt(call):
    try:
        return call()
    except Exception as error:
        return type(error).__name__


def initialize(context):
    for field in ("arena", "data_frequency", "start", "end", "capital_base", "platform"):
        print(field, get_environment(field))
    print(sorted(get_environment("*")))
    print(get_environment(), attempt(lambda: get_environment("weather")))
    print(attempt(get_datetime))
    print(context.sim_params.sessions[[0, -1]].tolist(), context.sim_params.first_open)
    print(context.trading_calendar.name, context.data_frequency, context.initialized)
    print(attempt(lambda: context.undefined), hasattr(context, "portfolio"))
    context.assets = symbols("STEADY", "PAYS")
    context.note = {"seen": 0}


def before_trading_start(context, data):
    context.note["seen"] += 1
    if context.note["seen"] % 5 == 1:
        print("morning", get_datetime(), get_datetime("US/Eastern"), data.current_session)


def handle_data(context, data):
    now = get_datetime()
    if now.day % 4 == 0:
        print(now, get_datetime(pytz.timezone("Asia/Tokyo")), context.datetime == now)
        print(attempt(lambda: get_datetime(tz=5)), data.current_dt, data.current_session)
    order(context.assets[now.day % 2], 5)
    order(sid(0), -2)
    record(day=now.day, name=str(now.date()))


perf = run_algorithm(
    pd.Timestamp("2015-10-31"),
    pd.Timestamp("2015-12-05"),
    initialize,
    75_000,
    handle_data,
    before_trading_start,
    bundle="market",
)

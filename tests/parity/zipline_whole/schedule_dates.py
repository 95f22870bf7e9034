"""Functions on every date rule, with offsets, half days and rules joined."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import date_rules, order, schedule_function, symbol, time_rules


def attempt(call):
    try:
        return call()
    except Exception as error:
        return type(error).__name__


def noted(name):
    def run(context, data):
        context.ran.setdefault(context.get_datetime().strftime("%m-%d"), []).append(name)

    return run


def trade(context, data):
    order(context.asset, 3)


def initialize(context):
    context.asset = symbol("GAPPY")
    context.ran = {}
    schedule_function(noted("every"), date_rules.every_day())
    schedule_function(noted("no rule"))
    for offset in (0, 1, 3):
        schedule_function(noted(f"week start {offset}"), date_rules.week_start(offset))
        schedule_function(noted(f"week end {offset}"), date_rules.week_end(days_offset=offset))
        schedule_function(noted(f"month start {offset}"), date_rules.month_start(offset))
        schedule_function(noted(f"month end {offset}"), date_rules.month_end(days_offset=offset))
    schedule_function(noted("whole days"), date_rules.every_day(), half_days=False)
    schedule_function(noted("whole ends"), date_rules.week_end(), time_rules.market_close(), False)
    schedule_function(trade, date_rules.week_start(), time_rules.market_open(hours=1))
    print(attempt(lambda: date_rules.week_start(5)), attempt(lambda: date_rules.month_end(23)))
    print(attempt(lambda: date_rules.month_start(-1)), attempt(lambda: date_rules.week_end("1")))
    print(attempt(lambda: time_rules.market_open(minutes=0)))
    print(attempt(lambda: time_rules.market_open(hours=13)))
    print(attempt(lambda: schedule_function(trade, date_rules.week_start)))
    print(attempt(lambda: schedule_function(trade, calendar="NYSE")))


def handle_data(context, data):
    day = context.get_datetime().strftime("%m-%d")
    context.ran.setdefault(day, []).append("handle_data")
    if day == "11-05":  # rules may come later, too
        schedule_function(noted("late"), date_rules.week_end())
        schedule_function(trade, date_rules.every_day())


def analyze(context, perf):
    for day, names in context.ran.items():
        print(day, names)


perf = run_algorithm(
    pd.Timestamp("2015-10-14"),
    pd.Timestamp("2016-01-08"),
    initialize,
    1e5,
    handle_data,
    analyze=analyze,
    bundle="market",
)

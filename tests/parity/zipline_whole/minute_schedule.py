"""When scheduled functions run over minutes: every form of rule, a half day, rules of one's own."""

import datetime

import pandas as pd
from zipline import run_algorithm
from zipline.api import date_rules, get_datetime, record, schedule_function, time_rules
from zipline.utils import events
from zipline.utils.calendar_utils import get_calendar
from zipline.utils.events import calendars


class OddMinutes(events.StatelessRule):
    """Seven minutes after each full hour."""

    def should_trigger(self, dt):
        return dt.minute == 7


def told(name):
    def function(context, data):
        print(name, get_datetime())

    return function


def initialize(context):
    opens, closes = time_rules.market_open, time_rules.market_close
    times = {
        "open": opens(),
        "open 30": opens(minutes=30),
        "open 1:05": opens(hours=1, minutes=5),
        "open timedelta": opens(datetime.timedelta(minutes=90)),
        "open 5h": opens(hours=5),
        "close": closes(),
        "close 15": closes(minutes=15),
        "close 3:30": closes(hours=3, minutes=30),
        "every minute": time_rules.every_minute(),
        "never": events.Never(),
        "own": OddMinutes(),
        "either": events.ComposedRule(
            opens(minutes=3), OddMinutes(), lambda first, second, dt: first(dt) or second(dt)
        ),
    }
    for name, rule in times.items():
        schedule_function(told(name), date_rules.every_day(), rule)
    schedule_function(told("whole days"), time_rule=opens(minutes=2), half_days=False)
    schedule_function(told("week start"), date_rules.week_start(1), closes(minutes=100))
    schedule_function(told("month end"), date_rules.month_end(), opens(minutes=4))
    schedule_function(
        told("futures"), date_rules.every_day(), closes(hours=2), calendar=calendars.US_FUTURES
    )
    schedule_function(
        told("equities"), date_rules.every_day(), opens(hours=2), calendar=calendars.US_EQUITIES
    )
    for wrong in (
        {"minutes": 0},
        {"hours": 13},
        {"offset": 3},
        {"offset": datetime.timedelta(hours=1), "minutes": 1},
    ):
        try:
            opens(**wrong)
        except (TypeError, ValueError) as error:
            print(wrong, type(error).__name__)
    for rule in (date_rules.month_start, events.NthTradingDayOfWeek):
        try:
            schedule_function(told("uncalled"), rule, opens())
        except TypeError as error:
            print("uncalled", type(error).__name__)
    context.bars = 0


def handle_data(context, data):
    context.bars += 1
    if context.bars == 200:  # what is scheduled later begins at this bar
        schedule_function(told("late"), date_rules.every_day(), time_rules.market_open(minutes=9))
    record(bars=context.bars)


perf = run_algorithm(
    start=pd.Timestamp("2015-11-24"),
    end=pd.Timestamp("2015-12-01"),
    initialize=initialize,
    handle_data=handle_data,
    capital_base=1e5,
    data_frequency="minute",
    bundle="market",
)

calendar = get_calendar("XNYS")
rule = events.OncePerDay(events.AfterOpen(minutes=2) & events.NotHalfDay())
rule.cal = calendar
print([bool(rule.should_trigger(minute)) for minute in calendar.session_minutes("2015-11-25")[:4]])
manager = events.EventManager()
manager.add_event(events.Event(events.Always(), lambda context, data: print("always", data)))
manager.add_event(events.Event(events.Never(), lambda context, data: print("never")))
manager.handle_data(None, 5, calendar.session_close("2015-11-25"))

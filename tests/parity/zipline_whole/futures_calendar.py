"""Futures on their own calendar: sessions that begin the evening before, bars of a part of them."""

import random

import numpy as np
import pandas as pd
import zipline.api as z
from zipline import run_algorithm
from zipline.data import bundles
from zipline.utils.calendar_utils import get_calendar

FIRST, LAST = pd.Timestamp("2016-11-14"), pd.Timestamp("2016-12-16")
MINUTES = pd.Timestamp("2016-11-21"), pd.Timestamp("2016-11-28")
CONTRACTS = {  # symbol: auto-close date
    "NGX16": "2016-11-23",
    "NGZ16": "2016-12-09",
    "NGF17": "2016-12-16",
}


def rows(rng, index, price):
    out = []
    for _ in index:
        price *= 1 + rng.gauss(0, 0.002)
        close = round(price, 3)
        low, high = round(close * 0.9985, 3), round(close * 1.001, 3)
        out.append([close, high, low, round(close * 0.9993, 3), rng.randint(0, 900)])
    columns = ["open", "high", "low", "close", "volume"]
    return pd.DataFrame(np.array(out, dtype=float), index=index, columns=columns)


def write(environ, assets, minute, daily, adjustments, calendar, start, end, *rest):
    rng = random.Random("calendar")
    dates = [pd.Timestamp(text) for text in CONTRACTS.values()]
    assets.write(
        futures=pd.DataFrame(
            {
                "symbol": list(CONTRACTS),
                "root_symbol": "NG",
                "start_date": FIRST,
                "end_date": dates,
                "notice_date": dates,
                "expiration_date": dates,
                "auto_close_date": dates,
                "exchange": "NYM",
                "tick_size": 0.001,
                "multiplier": 10_000.0,
            },
            index=pd.Index(range(3), name="sid"),
        ),
        exchanges=pd.DataFrame(
            {"exchange": ["NYM"], "canonical_name": ["us_futures"], "country_code": ["US"]}
        ),
        root_symbols=pd.DataFrame(
            {"root_symbol": ["NG"], "root_symbol_id": [1], "exchange": ["NYM"]}
        ),
    )
    sessions = calendar.sessions_in_range(FIRST, LAST)
    daily.write(
        (sid, rows(rng, sessions[sessions <= date], 2.8 + sid / 50))
        for sid, date in enumerate(dates)
    )
    labels = calendar.sessions_in_range(*MINUTES)
    for sid, date in enumerate(dates):
        index = pd.DatetimeIndex(
            np.concatenate(
                [calendar.session_minutes(n).tz_localize(None) for n in labels if n <= date]
            ),
            tz="UTC",
        )
        minute.write([(sid, rows(rng, index, 2.9 + sid / 50))])
    adjustments.write()


bundles.register("gas", write, "us_futures", FIRST, LAST, minutes_per_day=1440)
bundles.ingest("gas")


def initialize(context):
    context.bar = 0
    context.gas = z.future_symbol("NGZ16")
    context.follow = z.continuous_future("NG", roll="volume", adjustment="mul")
    context.other = z.continuous_future("NG", roll="calendar", adjustment="add")
    z.schedule_function(close_by, z.date_rules.every_day(), z.time_rules.market_close(minutes=30))


def close_by(context, data):
    print("close by", z.get_datetime(), data.current(context.gas, "price"))
    z.order_target(context.gas, 3 if context.bar % 2 else -2)


def before_trading_start(context, data):
    print("morning", z.get_datetime(), data.current(context.follow, "contract"))
    print(data.current(context.gas, "price"), round(context.portfolio.portfolio_value + 3e-7, 4))


def handle_data(context, data):
    context.bar += 1
    if context.bar % context.often:
        return
    print(z.get_datetime(), data.current_session, data.can_trade(context.gas))
    for future in (context.follow, context.other):
        print(" ", data.current(future, "contract"), data.current(future, ["price"][0]))
        for field in ("price", "volume", "sid"):
            print("   ", data.history(future, field, 6, "1d").tolist())
            if context.often > 1:
                print("   ", data.history(future, field, 40, "1m").tolist()[::7])
    print(data.history(context.gas, "close", 5, "1d").tolist())
    print(round(context.portfolio.cash + 3e-7, 4), round(context.account.leverage, 9))


def play(frequency, often, start, end):
    def begin(context):
        context.often = often
        initialize(context)

    return run_algorithm(
        start=pd.Timestamp(start),
        end=pd.Timestamp(end),
        initialize=begin,
        handle_data=handle_data,
        before_trading_start=before_trading_start,
        capital_base=500_000,
        data_frequency=frequency,
        bundle="gas",
        trading_calendar=get_calendar("us_futures"),
        benchmark_returns=pd.Series(dtype=float),
    )


daily = play("daily", 1, "2016-11-21", "2016-12-14")
minutes = play("minute", 211, "2016-11-22", "2016-11-25")
perf = pd.concat([daily, minutes])

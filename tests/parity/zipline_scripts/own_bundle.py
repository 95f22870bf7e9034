"""A bundle of the script's own, written through the writers, and a script that keeps a journal."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import date_rules as dates
from zipline.api import order_percent, record, schedule_function, sid
from zipline.data.bundles import ingest, register
from zipline.utils.events import time_rules as times


@register("journal", calendar_name="XNYS", minutes_per_day=390)
def journal(
    environ,
    asset_db_writer,
    minute_bar_writer,
    daily_bar_writer,
    adjustment_writer,
    calendar,
    start_session,
    end_session,
    cache,
    show_progress,
    output_dir,
):
    days = calendar.sessions_in_range(pd.Timestamp("2020-01-02"), pd.Timestamp("2020-09-30"))
    frames = {}
    for number in (3, 11):
        close = pd.Series(
            [20 + number + ((n * (7 + number)) % 23) * 0.137 - n * 0.013 for n in range(len(days))],
            index=days,
        )
        frames[number] = pd.DataFrame(
            {
                "open": close.shift(1).fillna(close),
                "high": close + 0.8,
                "low": close - 3.2,
                "close": close,
                "volume": 50_000,
            }
        )
    asset_db_writer.write(
        equities=pd.DataFrame(
            {
                "symbol": ["THREE", "ELEVEN"],
                "start_date": days[0],
                "end_date": days[-1],
                "auto_close_date": days[-1] + pd.Timedelta(days=1),
                "exchange": "XNYS",
            },
            index=[3, 11],
        )
    )
    daily_bar_writer.write(frames.items())
    adjustment_writer.write(
        splits=pd.DataFrame({"sid": [11], "effective_date": [days[70]], "ratio": [0.25]}),
        dividends=pd.DataFrame(
            {
                "sid": [3],
                "amount": [0.45],
                "ex_date": [days[50]],
                "pay_date": [days[55]],
                "record_date": [days[51]],
                "declared_date": [days[40]],
            }
        ),
    )


ingest("journal")
book = []


def initialize(context):
    context.three, context.eleven = sid(3), sid(11)
    schedule_function(buy, dates.week_start(2), times.market_open(hours=1))
    schedule_function(sell, dates.month_end(), times.market_close(minutes=1))


def buy(context, data):
    spread = data.history([context.three, context.eleven], ["high", "low"], 3, "1d")
    gap = spread["high"] - spread["low"]
    order_percent(context.three, 0.05)
    order_percent(context.eleven, -0.02, limit_price=data.current(context.eleven, "close") * 0.99)
    record(gap=gap.sum(), week=data.current_session.week)


def sell(context, data):
    order_percent(context.three, -0.12, stop_price=data.current(context.three, "price") + 5)


def handle_data(context, data):
    portfolio = context.portfolio
    book.append((portfolio.cash, portfolio.positions[context.eleven].amount))


perf = run_algorithm(
    start=pd.Timestamp("2020-02-03"),
    end=pd.Timestamp("2020-09-30"),
    initialize=initialize,
    handle_data=handle_data,
    capital_base=33_333.33,
    bundle="journal",
)
for line in book[::5]:
    print(line)
print(perf["gap"].tolist()[:40], perf["week"].iloc[-1])

"""A bundle through all writers: shares, a future, minutes, a stock dividend; run over both."""

import numpy as np
import pandas as pd
from zipline import run_algorithm
from zipline.api import future_symbol, order, record, set_commission, set_slippage, sid, symbol
from zipline.data import bundles
from zipline.finance import commission, slippage

FIRST, LAST = pd.Timestamp("2016-11-14"), pd.Timestamp("2016-12-02")
FIELDS = ["open", "high", "low", "close", "volume"]


def bars(index, base, step):
    n = np.arange(len(index))
    close = base + np.round(np.sin(n / 7) * step + n * step / 90, 2)
    frame = pd.DataFrame({"open": close - 0.03, "high": close + 0.11, "low": close - 0.2}, index)
    return frame.assign(close=close, volume=400 + 37 * (n % 11))[FIELDS]


@bundles.register("kinds", calendar_name="XNYS", start_session=FIRST, end_session=LAST)
def kinds(
    environ, assets, minute_bars, daily_bars, adjustments, calendar, start, end, cache, show, path
):
    days = calendar.sessions_in_range(start, end)
    minutes = calendar.sessions_minutes(start, end)
    assets.write(
        equities=pd.DataFrame(
            {
                "symbol": ["GIVER", "TAKER"],
                "asset_name": ["The giver", "The taker"],
                "start_date": start,
                "end_date": end,
                "exchange": "NYSE",
            },
            index=[4, 9],
        ),
        futures=pd.DataFrame(
            {
                "symbol": ["QQZ16"],
                "root_symbol": ["QQ"],
                "asset_name": ["Quick quotes"],
                "start_date": [start],
                "end_date": [end],
                "notice_date": [pd.Timestamp("2016-12-01")],
                "expiration_date": [end],
                "auto_close_date": [pd.Timestamp("2016-12-01")],
                "tick_size": [0.01],
                "multiplier": [20.0],
                "exchange": ["CME"],
            },
            index=[70],
        ),
        exchanges=pd.DataFrame(
            {
                "exchange": ["NYSE", "CME"],
                "canonical_name": ["NYSE", "CMES"],
                "country_code": ["US", "US"],
            }
        ),
        root_symbols=pd.DataFrame({"root_symbol": ["QQ"], "exchange": ["CME"]}),
        equity_supplementary_mappings=pd.DataFrame(
            {"sid": [4], "field": ["HOME"], "value": ["Utrecht"], "start_date": [start],
             "end_date": [end]}
        ),
    )  # fmt: skip
    starts = {4: (20.0, 1.5), 9: (7.0, 0.4), 70: (900.0, 6.0)}
    daily_bars.write((sid, bars(days, *how)) for sid, how in starts.items())
    minute_bars.write((sid, bars(minutes, *how)) for sid, how in starts.items())
    dates = {"declared_date": days[1], "record_date": days[4]}
    adjustments.write(
        splits=pd.DataFrame({"sid": [9], "effective_date": [days[6]], "ratio": [0.5]}),
        mergers=pd.DataFrame({"sid": [4], "effective_date": [days[9]], "ratio": [0.98]}),
        dividends=pd.DataFrame(
            {"sid": [4], "amount": [0.3], "ex_date": [days[3]], "pay_date": [days[5]], **dates}
        ),
        stock_dividends=pd.DataFrame(
            {"sid": [4], "payment_sid": [9], "ratio": [0.25], "ex_date": [days[4]],
             "pay_date": [days[7]], **dates}
        ),
    )  # fmt: skip


bundles.ingest("kinds")


def initialize(context):
    context.giver, context.future = symbol("GIVER"), future_symbol("QQZ16")
    context.n = 0
    set_slippage(us_equities=slippage.FixedSlippage(0.02), us_futures=slippage.NoSlippage())
    set_commission(us_futures=commission.PerContract(0.85, 0))


def handle_data(context, data):
    if context.n == 0:
        order(context.giver, 150)
        order(context.future, 2)
    if context.n % context.every == 1:
        print(
            data.current_dt,
            data.current([context.giver, sid(9)], "close").tolist(),
            data.history([context.giver, sid(9)], "price", 2, "1d").to_numpy().tolist(),
            context.portfolio.positions[sid(9)].amount,
            round(context.portfolio.portfolio_value, 6),
        )
    context.n += 1
    record(n=context.n)


def run(frequency, every):
    def begin(context):
        initialize(context)
        context.every = every

    return run_algorithm(
        start=FIRST + pd.Timedelta(days=1),
        end=LAST,
        initialize=begin,
        handle_data=handle_data,
        capital_base=50_000,
        data_frequency=frequency,
        bundle="kinds",
    )


daily = run("daily", 2)
print(daily["ending_cash"].round(6).tolist())
finder = bundles.load("kinds").asset_finder
print(finder.get_supplementary_field(4, "HOME", FIRST), finder.retrieve_asset(70))
perf = run("minute", 700)

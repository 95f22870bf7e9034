"""Days that end at midnight: `data` shows the bar of the day before, a pipeline the day to come."""

import numpy as np
import pandas as pd
from zipline import run_algorithm
from zipline.api import (
    attach_pipeline,
    date_rules,
    get_datetime,
    get_open_orders,
    order,
    order_value,
    pipeline_output,
    schedule_function,
    set_commission,
    set_slippage,
    symbols,
)
from zipline.data.bundles import ingest, register
from zipline.finance import commission, slippage
from zipline.pipeline import Pipeline
from zipline.pipeline.data import Column, DataSet
from zipline.pipeline.domain import EquitySessionDomain
from zipline.pipeline.loaders.frame import DataFrameLoader
from zipline.utils.calendar_utils import get_calendar

DAYS = pd.date_range("2020-01-01", "2020-02-20")
#: sid: symbol, first day, last day, automatic close
ASSETS = {0: ("BTC", 0, 50, None), 1: ("NEW", 12, 50, None), 2: ("OLD", 0, 20, 22)}
FIELDS = ["open", "high", "low", "close", "volume", "price", "last_traded"]


def write(environ, asset_db, minutes, daily, adjustments, *rest):
    rng = np.random.default_rng(5)
    frames = []
    for sid, (_, first, last, _) in ASSETS.items():
        days = DAYS[first : last + 1]
        close = (50 * (sid + 1) * np.exp(rng.normal(0, 0.02, len(days)).cumsum())).round(2)
        volume = rng.integers(50, 5000, len(days))
        frame = pd.DataFrame(
            {"open": close, "high": close + 1, "low": close - 1, "close": close, "volume": volume},
            index=days,
        )
        frame.loc[rng.random(len(days)) < 0.1, "volume"] = 0
        frames.append((sid, frame))
    daily.write(frames)
    table = pd.DataFrame.from_dict(ASSETS, "index", columns=["symbol", "first", "last", "close"])
    asset_db.write(
        equities=pd.DataFrame(
            {
                "symbol": table["symbol"],
                "start_date": DAYS[table["first"]],
                "end_date": DAYS[table["last"]],
                "auto_close_date": pd.DatetimeIndex([pd.NaT, pd.NaT, DAYS[22]]),
                "exchange": "24/7",
            }
        ),
        exchanges=pd.DataFrame(
            {"exchange": ["24/7"], "canonical_name": ["24/7"], "country_code": ["US"]}
        ),
    )
    adjustments.write(
        splits=pd.DataFrame({"sid": [0], "effective_date": [DAYS[14]], "ratio": [0.5]}),
        dividends=pd.DataFrame(
            {
                "sid": [1],
                "amount": [0.5],
                **{key: [DAYS[16]] for key in ("ex_date", "record_date", "declared_date")},
                "pay_date": [DAYS[18]],
            }
        ),
    )


class News(DataSet):
    domain = EquitySessionDomain(pd.date_range("2019-12-01", "2020-03-10"), "US")
    count = Column(float)


def initialize(context):
    set_commission(commission.PerShare(0.01, 1))
    set_slippage(slippage.FixedBasisPointsSlippage(10, 0.01))
    context.assets = symbols("BTC", "NEW", "OLD")
    context.day = 0
    rules = (date_rules.week_start(), date_rules.month_start(2))
    for rule in rules:
        schedule_function(lambda context, data: print("scheduled", get_datetime()), rule)
    attach_pipeline(Pipeline({"count": News.count.latest}), "news", chunks=4)


def before_trading_start(context, data):
    print("morning", get_datetime(), data.current(context.assets, "price").tolist())
    print(" ", context.portfolio.portfolio_value, pipeline_output("news").to_numpy().tolist())


def handle_data(context, data):
    day = context.day
    context.day += 1
    print(get_datetime(), data.current_session, data.can_trade(context.assets).tolist())
    print(" ", data.is_stale(context.assets).tolist())
    print(data.current(context.assets, FIELDS).to_string())
    for field in ("price", "volume"):
        window = data.history(context.assets, field, 2, "1d")
        print(" ", window.index.tolist(), window.to_numpy().tolist())
    try:
        print(" ", pipeline_output("news").to_numpy().tolist())
    except ValueError as error:  # the day after the last one
        print(" ", type(error).__name__)
    for n, asset in enumerate(context.assets):
        order(asset, 30 - 11 * ((day + n) % 5))
        try:
            order_value(asset, 500)
        except Exception as error:
            print(" ", type(error).__name__)
    positions = context.portfolio.positions.values()
    print(" ", context.portfolio.cash, [(p.amount, p.last_sale_price) for p in positions])
    print(" ", {asset.symbol: len(waiting) for asset, waiting in get_open_orders().items()})


calendar = get_calendar("24/7")
register("midnight", write, calendar_name="24/7", start_session=DAYS[0], end_session=DAYS[-1])
ingest("midnight", show_progress=False)
news = pd.DataFrame(np.arange(3.0 * len(DAYS)).reshape(-1, 3), index=DAYS, columns=pd.Index(ASSETS))
perf = run_algorithm(
    DAYS[2],
    DAYS[30],
    initialize,
    1e5,
    handle_data,
    before_trading_start,
    bundle="midnight",
    trading_calendar=calendar,
    custom_loader={News.count: DataFrameLoader(News.count, news)},
    benchmark_returns=pd.Series(0.001, DAYS),
)

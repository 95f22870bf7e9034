"""A pipeline in a run by minutes: what each session sees, before it opens and while it trades."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import (
    attach_pipeline,
    date_rules,
    get_datetime,
    order,
    pipeline_output,
    schedule_function,
    time_rules,
)
from zipline.pipeline import Pipeline
from zipline.pipeline.data import USEquityPricing
from zipline.pipeline.factors import RSI, VWAP, Returns


def initialize(context):
    change = Returns(window_length=3)
    columns = {"rsi": RSI(window_length=10), "vwap": VWAP(window_length=4), "change": change}
    attach_pipeline(Pipeline(columns, screen=change.notnull()), "eager", chunks=4)
    close = USEquityPricing.close.latest
    attach_pipeline(Pipeline({"close": close, "top": close.top(2)}), "lazy", eager=False)
    schedule_function(trade, date_rules.every_day(), time_rules.market_open(hours=1))


def before_trading_start(context, data):
    print(get_datetime())
    print(pipeline_output("eager").round(6).to_string())


def trade(context, data):
    frame = pipeline_output("lazy")
    print(get_datetime(), frame["close"].round(4).tolist())
    for asset in frame.index[frame["top"]]:
        print("order", asset.symbol)
        order(asset, 10)


perf = run_algorithm(
    start=pd.Timestamp("2015-11-23"),
    end=pd.Timestamp("2015-12-04"),
    initialize=initialize,
    capital_base=100_000,
    before_trading_start=before_trading_start,
    data_frequency="minute",
    bundle="market",
    benchmark_returns=pd.Series(0.0, pd.date_range("2015-11-23", "2015-12-04", tz="utc")),
)

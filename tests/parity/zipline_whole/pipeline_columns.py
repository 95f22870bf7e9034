"""A pipeline of built-in factors, filters and classifiers, printed day by day."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import attach_pipeline, order_target, pipeline_output
from zipline.pipeline import Pipeline
from zipline.pipeline.classifiers import Everything
from zipline.pipeline.data import USEquityPricing
from zipline.pipeline.factors import (
    RSI,
    VWAP,
    AnnualizedVolatility,
    AverageDollarVolume,
    DailyReturns,
    ExponentialWeightedMovingAverage,
    Latest,
    MaxDrawdown,
    Returns,
    SimpleMovingAverage,
)
from zipline.pipeline.filters import AllPresent, StaticAssets


def make(context):
    close = USEquityPricing.close
    returns = Returns(window_length=5)
    size = AverageDollarVolume(window_length=10)
    return Pipeline(
        {
            "latest": close.latest,
            "also latest": Latest([USEquityPricing.volume]),
            "average": SimpleMovingAverage(inputs=[close], window_length=7),
            "weighted": ExponentialWeightedMovingAverage.from_span([close], 12, span=6),
            "vwap": VWAP(window_length=4),
            "rsi": RSI(),
            "drawdown": MaxDrawdown([close], window_length=15),
            "volatility": AnnualizedVolatility(window_length=8),
            "daily": DailyReturns(),
            "returns": returns,
            "size": size,
            "rank": returns.rank(),
            "quartile": size.quartiles(),
            "group": Everything(),
            "z": returns.zscore(),
            "large": size.top(3),
            "demeaned": returns.demean(groupby=size.quartiles()),
            "ratio": (close.latest / VWAP(window_length=4) - 1).clip(-0.02, 0.02),
            "present": AllPresent([close], window_length=5),
        },
        screen=close.latest.notnull() & ~StaticAssets([context.assets[0]]),
    )


def initialize(context):
    context.assets = [context.sid(0), context.sid(6)]
    attach_pipeline(make(context), "columns")


def before_trading_start(context, data):
    table = pipeline_output("columns")
    print(data.current_session.date(), [asset.symbol for asset in table.index])
    for name in table:
        print("", name, table[name].dtype.kind, [float(value) for value in table[name]])
    best = table["returns"].idxmax()
    order = getattr(context, "best", None)
    print(best.symbol, order and order.symbol)
    context.best = best


def handle_data(context, data):
    order_target(context.best, 10)


perf = run_algorithm(
    pd.Timestamp("2015-11-05"),
    pd.Timestamp("2015-12-11"),
    initialize,
    1e5,
    handle_data,
    before_trading_start,
    bundle="market",
)

"""A monthly rotation by a pipeline: quartiles of momentum among what trades enough."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import (
    attach_pipeline,
    date_rules,
    order_target_percent,
    pipeline_output,
    record,
    schedule_function,
)
from zipline.pipeline import CustomFactor, Pipeline
from zipline.pipeline.data import USEquityPricing
from zipline.pipeline.factors import AverageDollarVolume, Returns, SimpleMovingAverage


class Calm(CustomFactor):
    """The inverse of the mean daily range."""

    inputs = (USEquityPricing.high, USEquityPricing.low, USEquityPricing.close)
    window_length = 10

    def compute(self, today, assets, out, high, low, close):
        print("calm", today.date(), len(assets), high.shape)
        out[:] = 1 / ((high - low) / close).mean(axis=0)


def make_pipeline():
    close = USEquityPricing.close
    liquid = AverageDollarVolume(window_length=20) > 2e5
    momentum = Returns(inputs=[close], window_length=15)
    trend = SimpleMovingAverage(inputs=[close], window_length=5) / SimpleMovingAverage(
        inputs=[close], window_length=20
    )
    return Pipeline(
        columns={
            "momentum": momentum,
            "quartile": momentum.quartiles(mask=liquid),
            "trend": trend.zscore(mask=liquid),
            "calm": Calm(mask=liquid).rank(ascending=False),
            "close": close.latest,
        },
        screen=liquid & momentum.notnull(),
    )


def initialize(context):
    attach_pipeline(make_pipeline(), "rotation")
    schedule_function(rotate, date_rules.month_start(2))


def before_trading_start(context, data):
    context.output = pipeline_output("rotation")
    context.best = context.output[context.output["quartile"] >= 2].index


def rotate(context, data):
    print(context.get_datetime(), [asset.symbol for asset in context.best])
    print(context.output.round(4).to_string())
    for asset in set(context.portfolio.positions) - set(context.best):
        if data.can_trade(asset):
            order_target_percent(asset, 0)
    for asset in context.best:
        if data.can_trade(asset):
            order_target_percent(asset, 0.8 / len(context.best))


def handle_data(context, data):
    record(held=len(context.portfolio.positions), ranked=len(context.output))


perf = run_algorithm(
    start=pd.Timestamp("2015-10-05"),
    end=pd.Timestamp("2016-04-15"),
    initialize=initialize,
    capital_base=100_000,
    handle_data=handle_data,
    before_trading_start=before_trading_start,
    bundle="market",
    benchmark_returns=pd.Series(0.0, pd.date_range("2015-10-05", "2016-04-15", tz="utc")),
)

"""Assets against each other: ranks, quantiles, groups, masks, percentiles, filters, expressions."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import attach_pipeline, order_target_percent, pipeline_output, record
from zipline.pipeline import Pipeline
from zipline.pipeline.data import USEquityPricing
from zipline.pipeline.factors import AverageDollarVolume, Returns, SimpleMovingAverage
from zipline.pipeline.filters import AllPresent, AtLeastN, StaticSids


def initialize(context):
    close, volume = USEquityPricing.close.latest, USEquityPricing.volume.latest
    change = Returns(window_length=5)
    traded = AllPresent(inputs=[USEquityPricing.close], window_length=6)
    # One asset never has a quantile: the real one labels gaps right only if the first row has one.
    some = traded & ~StaticSids([9])
    halves = AverageDollarVolume(window_length=10).quantiles(2, mask=some)
    rows = {
        "rank": change.rank(),
        "last": change.rank(ascending=False, mask=traded),
        "average": volume.rank("average"),
        "in_half": change.rank(groupby=halves),
        "half": halves,
        "zscore": change.zscore(mask=traded),
        "demeaned": change.demean(groupby=halves),
        "cut": change.winsorize(0.2, 0.8, mask=traded),
        "third": change.quantiles(3, mask=some),
        "clipped": change.clip(-0.01, 0.01),
        "filled": close.fillna(-1.0),
        "peers": halves.peer_count(),
    }
    mean = SimpleMovingAverage(inputs=[USEquityPricing.close], window_length=5)
    rising = AtLeastN(inputs=[close > mean], window_length=4, N=2)
    filters = {
        "top": change.top(3),
        "best": (change + 1).top(1, groupby=halves),
        "bottom": change.bottom(2, mask=traded),
        "middle": volume.percentile_between(30, 70),
        "rising": rising,
        "either": (rising & traded) | ~StaticSids([0, 2, 4]),
        "gap": close.isnull(),
        "above": close > close.mean(),
        "upper": halves.eq(1),
        "not_lower": halves != 0,
    }
    numbers = {
        "spread": (close - mean) / mean * 100,
        "power": (close / 10) ** 0.5 - 2 % close,
        "log": close.log() - mean.log().abs(),
        "chosen": rising.if_else(change, -change),
        "held": change.downsample("week_start"),
        "excess": change - change.median(mask=traded),
        "count": change * 0 + change.notnull_count(),
    }
    for name, columns in (("rows", rows), ("filters", filters), ("numbers", numbers)):
        attach_pipeline(Pipeline(columns), name)
    attach_pipeline(Pipeline({"top": change}, screen=change.top(2, mask=traded)), "held")


def before_trading_start(context, data):
    for name in ("rows", "filters", "numbers"):
        frame = pipeline_output(name)
        print(name, [asset.symbol for asset in frame.index])
        for column, values in frame.items():
            if values.dtype == float:
                values = [float(f"{one:.9g}") for one in values]
            print(column, frame[column].dtype, list(values))
    context.chosen = list(pipeline_output("held").index)


def handle_data(context, data):
    for asset in context.portfolio.positions:
        if asset not in context.chosen:
            order_target_percent(asset, 0)
    for asset in context.chosen:
        if data.can_trade(asset):
            order_target_percent(asset, 0.4)
    record(chosen=len(context.chosen))


perf = run_algorithm(
    start=pd.Timestamp("2015-11-17"),
    end=pd.Timestamp("2015-12-18"),
    initialize=initialize,
    handle_data=handle_data,
    before_trading_start=before_trading_start,
    capital_base=100_000,
    bundle="market",
    benchmark_returns=pd.Series(0.0, pd.date_range("2015-11-17", "2015-12-18", tz="utc")),
)

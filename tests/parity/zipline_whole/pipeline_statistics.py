"""Correlations, regressions and betas against one asset and against other factors."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import attach_pipeline, pipeline_output, symbol
from zipline.pipeline import Pipeline
from zipline.pipeline.data import USEquityPricing
from zipline.pipeline.factors import (
    Returns,
    RollingLinearRegressionOfReturns,
    RollingPearsonOfReturns,
    RollingSpearmanOfReturns,
    SimpleBeta,
    SimpleMovingAverage,
)


def initialize(context):
    steady = symbol("STEADY")
    line = RollingLinearRegressionOfReturns(target=steady, returns_length=2, regression_length=12)
    daily = Returns(window_length=2)
    volume = SimpleMovingAverage(inputs=[USEquityPricing.volume], window_length=2).rank()
    columns = {name: getattr(line, name) for name in line.outputs}
    columns |= {
        "pearson": RollingPearsonOfReturns(target=steady, returns_length=2, correlation_length=12),
        "spearman": RollingSpearmanOfReturns(
            target=steady, returns_length=3, correlation_length=12
        ),
        "beta_of_returns": SimpleBeta(target=steady, regression_length=15),
        "strict": SimpleBeta(target=steady, regression_length=15, allowed_missing_percentage=0.0),
        "with_volume": daily.pearsonr(target=volume, correlation_length=10),
        "ranks": daily.rank().spearmanr(target=volume, correlation_length=10),
        "slice": daily.linear_regression(target=daily[steady], regression_length=9).r_value,
    }
    attach_pipeline(Pipeline(columns), "statistics")


def before_trading_start(context, data):
    frame = pipeline_output("statistics")
    print([asset.symbol for asset in frame.index])
    for column in frame:
        # Within 1e-9, as text: what is next to 0 is 0.
        print(column, frame[column].dtype, [round(one, 8) + 0.0 for one in frame[column]])


perf = run_algorithm(
    start=pd.Timestamp("2015-11-17"),
    end=pd.Timestamp("2015-12-31"),
    initialize=initialize,
    capital_base=100_000,
    before_trading_start=before_trading_start,
    bundle="market",
    benchmark_returns=pd.Series(0.0, pd.date_range("2015-11-17", "2015-12-31", tz="utc")),
)

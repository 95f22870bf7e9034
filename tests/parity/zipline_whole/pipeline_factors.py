"""Every built-in factor of bars, over splits, dividends, late starters and gaps."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import attach_pipeline, pipeline_output
from zipline.pipeline import Pipeline
from zipline.pipeline.data import USEquityPricing
from zipline.pipeline.factors import (
    EWMA,
    EWMSTD,
    RSI,
    VWAP,
    AnnualizedVolatility,
    Aroon,
    AverageDollarVolume,
    BollingerBands,
    DailyReturns,
    FastStochasticOscillator,
    IchimokuKinkoHyo,
    LinearWeightedMovingAverage,
    MACDSignal,
    MaxDrawdown,
    PercentChange,
    RateOfChangePercentage,
    Returns,
    SimpleMovingAverage,
    TrueRange,
)


def initialize(context):
    close = [USEquityPricing.close]
    bands = BollingerBands(window_length=10, k=1.5)
    cloud = IchimokuKinkoHyo(
        window_length=20, tenkan_sen_length=4, kijun_sen_length=9, chikou_span_length=9
    )
    whole = USEquityPricing.close.latest.notnull()
    aroon = Aroon(window_length=8, mask=whole)
    averages = {
        "sma": SimpleMovingAverage(inputs=close, window_length=10),
        "linear": LinearWeightedMovingAverage(inputs=close, window_length=6),
        "ewma": EWMA.from_span(close, window_length=12, span=8),
        "ewmstd": EWMSTD.from_halflife(close, window_length=12, halflife=4),
        "vwap": VWAP(window_length=5),
        "dollars": AverageDollarVolume(window_length=5),
        "volatility": AnnualizedVolatility(window_length=15),
        "drawdown": MaxDrawdown(inputs=close, window_length=12),
    }
    changes = {
        "returns": Returns(window_length=6),
        "daily": DailyReturns(),
        "percent": PercentChange(inputs=close, window_length=6),
        "roc": RateOfChangePercentage(inputs=close, window_length=6),
        "rsi": RSI(),
        "macd": MACDSignal(fast_period=4, slow_period=9, signal_period=3),
        "range": TrueRange(),
        "oscillator": FastStochasticOscillator(),
    }
    several = {"lower": bands.lower, "upper": bands.upper, "up": aroon.up, "down": aroon.down}
    several |= {name: getattr(cloud, name) for name in cloud.outputs}
    attach_pipeline(Pipeline(averages), "averages")
    attach_pipeline(Pipeline(changes, screen=changes["daily"].notnull()), "changes")
    attach_pipeline(Pipeline(several), "several", chunks=20)


def before_trading_start(context, data):
    for name in ("averages", "changes", "several"):
        frame = pipeline_output(name)
        print(name, [asset.symbol for asset in frame.index])
        for column in frame:
            print(column, frame[column].dtype, [float(f"{one:.9g}") for one in frame[column]])


perf = run_algorithm(
    start=pd.Timestamp("2015-11-17"),
    end=pd.Timestamp("2015-12-31"),
    initialize=initialize,
    capital_base=100_000,
    before_trading_start=before_trading_start,
    bundle="market",
    benchmark_returns=pd.Series(0.0, pd.date_range("2015-11-17", "2015-12-31", tz="utc")),
)

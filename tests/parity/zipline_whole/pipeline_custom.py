"""Terms of a script's own: factors with parameters and outputs, filters, classifiers, masks."""

import numpy as np
import pandas as pd
from zipline import run_algorithm
from zipline.api import attach_pipeline, order_target, pipeline_output
from zipline.pipeline import CustomClassifier, CustomFactor, CustomFilter, Pipeline
from zipline.pipeline.data import EquityPricing, USEquityPricing


class Slope(CustomFactor):
    inputs = (USEquityPricing.close,)
    window_length = 8
    params = {"scale": 1.0}  # noqa: RUF012 - as documentation writes it

    def compute(self, today, assets, out, close, scale):
        days = np.arange(len(close)) - (len(close) - 1) / 2
        out[:] = scale * (days[:, None] * close).sum(axis=0) / (days**2).sum()


class Range(CustomFactor):
    inputs = (EquityPricing.high, EquityPricing.low)
    outputs = ("widest", "mean")
    window_length = 5

    def compute(self, today, assets, out, high, low):
        spread = high - low
        out.widest[:] = np.nanmax(spread, axis=0)
        out.mean = np.nanmean(spread, axis=0)


class Rising(CustomFilter):
    inputs = (USEquityPricing.close,)
    window_length = 3

    def compute(self, today, assets, out, close):
        out[:] = (np.diff(close, axis=0) > 0).all(axis=0)


class Decade(CustomClassifier):
    inputs = (USEquityPricing.close,)
    window_length = 1
    dtype = np.int64
    missing_value = -1

    def compute(self, today, assets, out, close):
        if today.day == 2:
            print("computed", today, list(assets), close.shape)
        out[:] = np.where(np.isnan(close[-1]), -1, close[-1] // 10)


def initialize(context):
    slope = Slope(scale=10.0)
    spread = Range(mask=slope.notnull())
    decade = Decade()
    attach_pipeline(
        Pipeline(
            {
                "slope": slope,
                "masked": Slope(mask=slope > 0),
                "widest": spread.widest,
                "mean": spread.mean,
                "rising": Rising(),
                "decade": decade,
                "peers": decade.peer_count(),
                "rank": slope.rank(groupby=decade, ascending=False),
            }
        ),
        "own",
    )


def before_trading_start(context, data):
    context.table = pipeline_output("own")
    print(data.current_session.date())
    for name in context.table:
        print("", name, [float(value) for value in context.table[name]])


def handle_data(context, data):
    for asset, slope in context.table["slope"].items():
        if slope == slope and data.can_trade(asset):
            order_target(asset, int(slope * 10))


perf = run_algorithm(
    pd.Timestamp("2015-11-19"),
    pd.Timestamp("2015-12-17"),
    initialize,
    1e6,
    handle_data,
    before_trading_start,
    bundle="market",
)

"""A pipeline of six factors over many assets: `python zipline_pipeline.py [ASSETS] [SESSIONS]`."""

import sys

from generated_bundle import ingested, sessions
from zipline import run_algorithm
from zipline.api import attach_pipeline, order_target_percent, pipeline_output, record
from zipline.pipeline import Pipeline
from zipline.pipeline.data import USEquityPricing
from zipline.pipeline.factors import (
    RSI,
    VWAP,
    AverageDollarVolume,
    BollingerBands,
    Returns,
    SimpleMovingAverage,
)

ASSETS = int(sys.argv[1]) if len(sys.argv) > 1 else 500
DAYS = sessions(int(sys.argv[2]) if len(sys.argv) > 2 else 1258 + 40)


def initialize(context):
    average = SimpleMovingAverage(inputs=[USEquityPricing.close], window_length=30)
    momentum = Returns(window_length=20)
    context.held = []
    attach_pipeline(
        Pipeline(
            columns={
                "average": average,
                "momentum": momentum,
                "rsi": RSI(),
                "vwap": VWAP(window_length=10),
                "dollars": AverageDollarVolume(window_length=30),
                "band": BollingerBands(window_length=20, k=2).upper,
                "rank": momentum.rank(ascending=False),
            },
            screen=momentum.notnull(),
        ),
        "factors",
    )


def before_trading_start(context, data):
    context.table = pipeline_output("factors")


def handle_data(context, data):
    record(rows=len(context.table), rsi=context.table["rsi"].mean())
    if data.current_session.day == 1:
        best = context.table.nsmallest(10, "rank").index
        for asset in context.held:
            if asset not in best:
                order_target_percent(asset, 0)
        for asset in best:
            order_target_percent(asset, 0.09)
        context.held = list(best)


def main():
    with ingested(ASSETS, DAYS, adjusted=True) as environ:
        perf = run_algorithm(
            start=DAYS[40],
            end=DAYS[-1],
            initialize=initialize,
            before_trading_start=before_trading_start,
            handle_data=handle_data,
            capital_base=1_000_000,
            bundle="generated",
            environ=environ,
        )
    fills = sum(len(day) for day in perf["transactions"])
    print(f"sessions {len(perf)}, fills {fills}, value {perf['portfolio_value'].iloc[-1]:.2f}")


if __name__ == "__main__":
    main()

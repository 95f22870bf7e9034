"""What is discouraged and works: lists of assets not to order, with their warnings."""

import warnings

import pandas as pd
from zipline import run_algorithm
from zipline.api import (
    attach_pipeline,
    get_datetime,
    order,
    pipeline_output,
    set_do_not_order_list,
    symbols,
)
from zipline.pipeline import Pipeline
from zipline.pipeline.classifiers import Everything
from zipline.pipeline.data import USEquityPricing
from zipline.utils.security_list import SecurityList


def warned(call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    return [one.category.__name__ for one in caught]


def initialize(context):
    context.assets = symbols("STEADY", "PAYS", "SPLITS")
    print(warned(lambda: set_do_not_order_list(context.assets[:1], on_error="log")))
    days = {
        pd.Timestamp(known): {pd.Timestamp(known): {"add": add, "delete": delete}}
        for known, add, delete in (
            ("2015-10-07", ["PAYS"], []),
            ("2015-10-13", ["SPLITS"], ["PAYS"]),
        )
    }
    changing = SecurityList(days, get_datetime, context.asset_finder)
    print(warned(lambda: context.set_do_not_order_list(changing, on_error="log")))
    close = USEquityPricing.close.latest
    print(type(close.rank("bogus", groupby=Everything())).__name__)
    try:
        close.rank("bogus")
    except Exception as error:
        print(type(error).__name__)
    attach_pipeline(Pipeline({"rank": close.rank("bogus", groupby=Everything())}), "r", eager=False)


def handle_data(context, data):
    print(get_datetime(), data.can_trade(context.assets).tolist())
    for asset in context.assets:
        order(asset, 1)
    try:
        pipeline_output("r")
    except Exception as error:
        print(type(error).__name__)


perf = run_algorithm(
    pd.Timestamp("2015-10-05"),
    pd.Timestamp("2015-10-15"),
    initialize,
    1e5,
    handle_data,
    bundle="market",
)

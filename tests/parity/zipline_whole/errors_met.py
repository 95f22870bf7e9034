"""Errors by their classes, which a script may catch: those that docs/errors.md names."""

import pandas as pd
import zipline.api as z
from zipline import run_algorithm
from zipline.finance import slippage
from zipline.finance.execution import LimitOrder
from zipline.pipeline import Pipeline
from zipline.pipeline.data import USEquityPricing
from zipline.pipeline.factors import SimpleMovingAverage

BASES = (LookupError, ValueError, TypeError, AssertionError)


def attempt(what, call):
    try:
        done = call()
    except Exception as error:
        bases = [base.__name__ for base in BASES if isinstance(error, base)]
        print(what, type(error).__name__.lstrip("_"), bases)
    else:
        print(what, type(done).__name__)


def initialize(context):
    context.days = 0
    for name in ("NOBODY", "OLD.NAME", "MOVES"):
        attempt(name, lambda name=name: z.symbol(name))
    attempt("type", lambda: z.symbol(3))
    attempt("sid", lambda: z.sid(999))
    attempt("future", lambda: z.future_symbol("XXZ15"))
    for name in ("STEADY", "ENDS"):
        attempt("order", lambda name=name: z.order(z.symbol(name), 1))
    attempt("time", z.get_datetime)
    z.set_max_order_size(max_shares=10)
    z.set_max_leverage(0.005)
    average = SimpleMovingAverage(inputs=[USEquityPricing.close], window_length=60)
    z.attach_pipeline(Pipeline({"average": average}), "long", eager=False)


def before_trading_start(context, data):
    if context.days == 0:
        attempt("morning", lambda: z.order(z.symbol("STEADY"), 1))
        attempt("no asset", lambda: z.order("STEADY", 1))


def handle_data(context, data):
    context.days += 1
    steady, late = z.symbol("STEADY"), z.sid(3)
    if context.days == 2:
        attempt("late", lambda: z.order(late, 1))
        attempt("late", lambda: z.order_target(late, 1))
        attempt("late", lambda: z.order_value(late, 1))
        attempt("late", lambda: z.order_target_percent(late, 0.1))
        style = LimitOrder(10)
        attempt("both", lambda: z.order(steady, 1, limit_price=3.0, style=style))
        for price in ("x", float("nan"), float("inf"), -1):
            attempt("price", lambda price=price: z.order(steady, 1, limit_price=price))
        attempt("control", lambda: z.order(steady, 11))
        attempt("later", lambda: z.set_slippage(slippage.NoSlippage()))
        attempt("later", lambda: z.set_benchmark(steady))
        attempt("later", lambda: z.set_long_only())
        attempt("later", lambda: z.attach_pipeline(Pipeline({}), "x"))
        attempt("window", lambda: data.history(steady, "close", 30, "1d"))
        attempt("window", lambda: data.history(steady, "clsoe", 2, "1d"))
        attempt("window", lambda: data.history(steady, "close", 0, "1d"))
        attempt("window", lambda: data.history(steady, "close", 2, "1h"))
        print(data.history(late, ["close", "volume"], 2, "1d").to_numpy().tolist())
        print(data.current(steady, "clsoe"))
        attempt("pipeline", lambda: z.pipeline_output("long"))
        attempt("pipeline", lambda: z.pipeline_output("none"))
    z.order(steady, 3)


def run(start="2015-09-14", end="2015-09-30", **options):
    options = {"bundle": "market", "default_extension": False} | options
    start, end = pd.Timestamp(start), pd.Timestamp(end)
    return run_algorithm(start, end, initialize, 1e4, handle_data, before_trading_start, **options)


attempt("leverage", run)
attempt("bundle", lambda: run(bundle="nothing"))
attempt("ingestion", lambda: run(bundle="quandl"))
attempt("sessions", lambda: run("2015-09-12", "2015-09-13"))
attempt("metrics", lambda: run(metrics_set="none such"))
attempt("blotter", lambda: run(blotter="none such"))
attempt("outside", lambda: z.symbol("STEADY"))
perf = run_algorithm(
    pd.Timestamp("2015-09-14"),
    pd.Timestamp("2015-09-16"),
    lambda context: None,
    1e4,
    bundle="market",
)

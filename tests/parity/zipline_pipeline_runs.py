"""Cases of engines and of runs with pipelines."""

from __future__ import annotations

import numpy as np
import pandas as pd
from zipline_pipelines import BEGIN, cases, own_data, prices, raised, spread_factor

CASES, case = cases()


@case
def chunks_of_the_engine(world):
    """The same in chunks, labels among them; what each chunk is, by hooks."""
    from zipline.pipeline import Pipeline
    from zipline.pipeline.hooks import PipelineHooks
    from zipline.pipeline.loaders.frame import DataFrameLoader

    own, frames = own_data(world)
    loader = DataFrameLoader(own.label, frames["label"])
    trace = []

    class Hooks(PipelineHooks):
        def note(self, what, *arguments):
            from contextlib import contextmanager

            @contextmanager
            def noting():
                trace.append(["in", what, *map(str, arguments)])
                yield
                trace.append(["out", what])

            return noting()

        def running_pipeline(self, pipeline, start_date, end_date):
            return self.note("pipeline", start_date, end_date)

        def computing_chunk(self, terms, start_date, end_date):
            return self.note("chunk", len(terms), start_date, end_date)

        def loading_terms(self, terms):
            return self.note("load", *terms)

        def computing_term(self, term):
            return self.note("term", type(term).__name__)

    pipeline = Pipeline({"label": own.label.latest, "mean": spread_factor()()})
    engine = world.engine({own.label: loader}, default_hooks=[Hooks()])
    first, last = pd.Timestamp("2015-08-03"), pd.Timestamp("2015-09-18")
    frame = engine.run_chunked_pipeline(pipeline, first, last, 8)
    one = engine.run_chunked_pipeline(pipeline, first, last, None, hooks=[Hooks()])
    counts = {}
    for entry in trace:
        counts[str(entry[:2])] = counts.get(str(entry[:2]), 0) + 1
    return [frame, one, counts, [entry for entry in trace if entry[1] in ("pipeline", "chunk")]]


@case
def initial_workspace(world):
    """Terms that are there before anything is computed."""
    from zipline.pipeline import Pipeline
    from zipline.pipeline.domain import US_EQUITIES

    us, calls = prices(), []
    close = us.close.latest
    spread = spread_factor()()

    def populate(initial_workspace, root_mask_term, execution_plan, dates, assets):
        calls.append([len(dates), list(assets), len(initial_workspace), len(execution_plan)])
        rows = execution_plan.extra_rows[spread]
        shape = (len(dates) - execution_plan.extra_rows[root_mask_term] + rows, len(assets))
        values = np.arange(float(shape[0] * shape[1])).reshape(shape)
        return {**initial_workspace, spread: values}

    engine = world.engine(populate_initial_workspace=populate, default_domain=US_EQUITIES)
    pipeline = Pipeline({"spread": spread, "more": spread + 1, "close": close})
    frame = engine.run_pipeline(pipeline, world.begin, pd.Timestamp("2015-08-20"))
    return [frame, calls]


@case
def errors_of_pipelines(world):
    """What a pipeline cannot have, and ranges that an engine cannot compute."""
    from zipline.pipeline import Pipeline
    from zipline.pipeline.engine import ExplodingPipelineEngine, NoEngineRegistered
    from zipline.pipeline.factors import Returns, SimpleMovingAverage

    us = prices()
    close = us.close.latest
    one = Returns(window_length=2)[world.asset(0)]
    pipeline = Pipeline({"close": close})
    engine = world.engine()
    days = world.days()
    long = Pipeline({"m": SimpleMovingAverage(inputs=[us.close], window_length=9000)})
    saturday = pd.Timestamp("2015-08-08")
    removed = Pipeline({"a": close, "b": close})
    removed.remove("a")
    removed.add(close, "c")
    removed.add(close + 1, "c", overwrite=True)
    removed.set_screen(close > 3)
    removed.set_screen(close > 4, overwrite=True)
    return [
        raised(lambda: Pipeline({"close": us.close})),
        raised(lambda: Pipeline({"close": one})),
        raised(lambda: Pipeline({3: close})),
        raised(lambda: Pipeline([close])),
        raised(lambda: Pipeline(screen=close)),
        raised(lambda: Pipeline(domain="US")),
        raised(lambda: pipeline.add(close, "close")),
        raised(lambda: pipeline.add(us.close, "x")),
        raised(lambda: pipeline.add(3, "x")),
        raised(lambda: pipeline.remove("x")),
        raised(lambda: Pipeline(screen=close > 1).set_screen(close > 2)),
        raised(lambda: engine.run_pipeline(pipeline, days[5], days[2])),
        raised(lambda: engine.run_pipeline(pipeline, saturday, days[9])),
        raised(lambda: engine.run_pipeline(pipeline, days[0], saturday)),
        raised(lambda: engine.run_pipeline(long, days[0], days[1])),
        raised(lambda: engine.run_chunked_pipeline(pipeline, saturday, days[9], 5)),
        raised(lambda: engine.run_pipeline(pipeline, world.sessions[100], world.sessions[101])),
        raised(lambda: ExplodingPipelineEngine().run_pipeline(pipeline, days[0], days[1])),
        issubclass(NoEngineRegistered, Exception),
        list(removed.columns),
        removed.screen is (close > 4),
        len(removed.to_simple_graph(close > 4)) > 3,
    ]


@case
def bars_before_the_bundle(world):
    """A look-back before the bundle's first session, and days behind its last one."""
    from zipline.pipeline.factors import SimpleMovingAverage

    us = prices()
    long = SimpleMovingAverage(inputs=[us.close], window_length=60)
    return [
        raised(lambda: world.compute({"x": long})),
        raised(lambda: world.compute({"x": us.close.latest}, last="2016-06-03")),
        world.compute({"x": us.close.latest}, first="2016-05-27", last="2016-06-01"),
    ]


@case
def attached_to_a_run(world):
    """Outputs of every day, chunks of five and 126 sessions, an eager and a lazy pipeline."""
    from zipline.api import attach_pipeline, pipeline_output
    from zipline.pipeline import CustomFactor, Pipeline
    from zipline.pipeline.factors import SimpleMovingAverage

    us, days, shown = prices(), [], {}

    class Day(CustomFactor):
        inputs = (us.close,)
        window_length = 2

        def compute(self, today, assets, out, close):
            days.append(f"{today:%m-%d}")
            out[:] = close[-1] / close[0]

    mean = SimpleMovingAverage(inputs=[us.close], window_length=5)
    pipeline = Pipeline({"day": Day(), "rank": mean.rank()}, screen=mean > 8)

    def initialize(context):
        shown["same"] = attach_pipeline(pipeline, "eager") is pipeline
        attach_pipeline(Pipeline({"mean": mean, "high": mean > 20}), "lazy", eager=False)
        attach_pipeline(Pipeline({"mean": mean}, screen=mean < 0), "nobody", chunks=3)

    def before_trading_start(context, data):
        days.append("before")
        frame = pipeline_output("eager")
        if len(days) % 9 == 0:
            shown[f"eager {context.get_datetime()}"] = frame

    def handle_data(context, data):
        if context.get_datetime().day == 15:
            shown[f"lazy {context.get_datetime()}"] = pipeline_output("lazy")
            shown["nobody"] = pipeline_output("nobody")

    world.run(initialize, before_trading_start=before_trading_start, handle_data=handle_data)
    return [days, shown]


@case
def errors_of_runs(world):
    """When pipelines cannot be attached or asked for."""
    from zipline.api import attach_pipeline, pipeline_output
    from zipline.errors import NoSuchPipeline
    from zipline.pipeline import Pipeline
    from zipline.pipeline.data import Column, DataSet

    us, seen = prices(), []
    pipeline = Pipeline({"close": us.close.latest})

    class Own(DataSet):
        x = Column(float)

    def initialize(context):
        attach_pipeline(pipeline, "one")
        seen.append(raised(lambda: attach_pipeline(pipeline, "one")))
        seen.append(raised(lambda: attach_pipeline("pipeline", "two")))
        seen.append(raised(lambda: attach_pipeline(pipeline, 2)))
        seen.append(raised(lambda: attach_pipeline(pipeline, "three", chunks=2.5)))
        seen.append(raised(lambda: pipeline_output("one")))

    def handle_data(context, data):
        if len(seen) < 9:
            seen.append(raised(lambda: attach_pipeline(pipeline, "two")))
            seen.append(raised(lambda: pipeline_output("two")))
            seen.append(isinstance(NoSuchPipeline(name="x", valid=[]), KeyError))
            frame, until = context.run_pipeline(pipeline, pd.Timestamp(BEGIN), 7)
            seen.append([frame, until])
            seen.append(type(context.engine).__name__)

    world.run(initialize, last="2015-08-07", handle_data=handle_data)

    def unknown(context):
        attach_pipeline(Pipeline({"x": Own.x.latest}), "own")

    return [seen, raised(lambda: world.run(unknown, last="2015-08-05"))]


@case
def custom_loader_of_a_run(world):
    """A script's own columns in a run, by the specialized column."""
    from zipline.api import attach_pipeline, pipeline_output
    from zipline.pipeline import Pipeline
    from zipline.pipeline.domain import US_EQUITIES
    from zipline.pipeline.loaders.frame import DataFrameLoader

    own, frames = own_data(world)
    us = own.specialize(US_EQUITIES)
    loaders = {
        us.number: DataFrameLoader(us.number, frames["number"]),
        us.label: DataFrameLoader(us.label, frames["label"]),
    }
    shown = {}

    def initialize(context):
        columns = {"number": own.number.latest, "label": us.label.latest}
        attach_pipeline(Pipeline(columns, screen=own.number.latest.notnull()), "own")

    def handle_data(context, data):
        shown[str(context.get_datetime())] = pipeline_output("own")

    world.run(initialize, last="2015-09-04", handle_data=handle_data, custom_loader=loaders)
    return shown


@case
def trading_by_a_pipeline(world):
    """A weekly rebalance over the best ranked."""
    from zipline.api import (
        attach_pipeline,
        date_rules,
        order_target_percent,
        pipeline_output,
        schedule_function,
    )
    from zipline.pipeline import Pipeline
    from zipline.pipeline.factors import AverageDollarVolume, Returns

    momentum = Returns(window_length=20)
    liquid = AverageDollarVolume(window_length=10).top(12)
    pipeline = Pipeline(
        {"rank": momentum.rank(mask=liquid), "longs": momentum.top(4, mask=liquid)}, screen=liquid
    )

    def initialize(context):
        attach_pipeline(pipeline, "p")
        schedule_function(rebalance, date_rules.week_start())

    def rebalance(context, data):
        longs = pipeline_output("p").query("longs").index
        for asset in [*context.portfolio.positions, *longs]:
            if data.can_trade(asset):
                order_target_percent(asset, 0.2 if asset in longs else 0)

    perf = world.run(initialize)
    return perf[["portfolio_value", "pnl", "capital_used", "gross_leverage"]]


@case
def progress(world):
    """What hooks of progress publish, in chunks and when the computation fails."""
    from zipline.pipeline import CustomFactor, Pipeline
    from zipline.pipeline.hooks import ProgressHooks, TestingHooks
    from zipline.pipeline.hooks.progress import TestingProgressPublisher

    us = prices()

    class Fails(CustomFactor):
        inputs = (us.close,)
        window_length = 1

        def compute(self, today, assets, out, close):
            raise ArithmeticError

    publisher, calls = TestingProgressPublisher(), TestingHooks()
    hooks = [ProgressHooks.with_static_publisher(publisher), calls]
    engine = world.engine()
    first, last = world.begin, pd.Timestamp("2015-08-14")
    engine.run_chunked_pipeline(
        Pipeline({"spread": spread_factor()()}), first, last, 4, hooks=hooks
    )
    engine.run_pipeline(Pipeline({}), first, last, hooks=hooks)
    failed = raised(lambda: engine.run_pipeline(Pipeline({"x": Fails()}), first, last, hooks=hooks))
    states = [
        [one.state, one.percent_complete, one.execution_bounds, one.current_chunk_bounds]
        for one in publisher.trace
    ]
    return [states, failed, sorted(f"{one.state} {one.method_name}" for one in calls.trace)]

"""Pipelines by themselves: how terms are made, planned and computed, without a bundle."""

from __future__ import annotations

import gc

import numpy as np
import pandas as pd
import pytest
from fillproof.compat.zipline.errors import NoFurtherDataError, UnsupportedPipelineOutput
from fillproof.compat.zipline.lib.adjusted_array import AdjustedArray
from fillproof.compat.zipline.lib.adjustment import Float64Add, Float64Multiply, Int64Overwrite
from fillproof.compat.zipline.pipeline import CustomFactor, Pipeline, SimplePipelineEngine
from fillproof.compat.zipline.pipeline.data import Column, DataSet
from fillproof.compat.zipline.pipeline.domain import EquitySessionDomain
from fillproof.compat.zipline.pipeline.expression import evaluate
from fillproof.compat.zipline.pipeline.factors import SimpleMovingAverage
from fillproof.compat.zipline.pipeline.graph import ExecutionPlan
from fillproof.compat.zipline.pipeline.loaders.base import PipelineLoader
from fillproof.compat.zipline.pipeline.loaders.frame import DataFrameLoader
from fillproof.compat.zipline.pipeline.term import AssetExists, Term

DAYS = pd.date_range("2020-01-06", periods=12, freq="B")
SIDS = [1, 2, 5]


class Finder:
    """Three assets that are always there."""

    def lifetimes(self, dates, include_start_date, country_codes):
        return pd.DataFrame(True, index=dates, columns=pd.Index(SIDS))

    def retrieve_all(self, sids):
        return [f"asset {sid}" for sid in sids]


class Data(DataSet):
    x = Column(float)
    n = Column(np.int64, missing_value=0)


class Sum(CustomFactor):
    inputs = (Data.x,)
    window_length = 3

    def compute(self, today, assets, out, x):
        out[:] = x.sum(axis=0)


@pytest.fixture
def domain():
    return EquitySessionDomain(DAYS, "US")


@pytest.fixture
def values():
    return pd.DataFrame(np.arange(36.0).reshape(12, 3), DAYS, SIDS)


def engine(domain, loader):
    return SimplePipelineEngine(lambda column: loader, Finder(), domain)


def test_a_term_goes_when_nobody_holds_it():
    gc.collect()  # what tests before this one left behind
    before = len(Term._terms)
    term = Sum(window_length=77)
    assert len(Term._terms) == before + 1
    del term
    gc.collect()
    assert len(Term._terms) == before


def test_rows_before_the_first_date_are_those_of_the_longest_path(domain):
    mean = SimpleMovingAverage(inputs=[Data.x], window_length=4)
    ranked = SimpleMovingAverage(inputs=[mean.rank()], window_length=3)
    plan = ExecutionPlan(domain, {"a": ranked, "b": Sum()}, DAYS[8], DAYS[9])
    x = Data.x.specialize(domain)
    assert (plan.extra_rows[x], plan.extra_rows[mean], plan.extra_rows[ranked]) == (5, 2, 0)
    assert (plan.offset[mean, x], plan.offset[Sum(), x]) == (0, 3)


def test_a_term_is_computed_once_and_dropped_after_its_last_use(domain, values):
    asked = []

    class Loader(PipelineLoader):
        def load_adjusted_array(self, domain, columns, dates, sids, mask):
            asked.append(len(dates))
            rows = values.loc[dates[0] : dates[-1]].to_numpy()
            return {one: AdjustedArray(rows.copy(), {}, np.nan) for one in columns}

    pipeline = Pipeline({"a": Sum(), "b": Sum() + 1, "c": Sum().rank()})
    frame = engine(domain, Loader()).run_pipeline(pipeline, DAYS[4], DAYS[6])
    assert asked == [5]
    assert frame["a"].tolist() == [27.0, 30.0, 33.0, 36.0, 39.0, 42.0, 45.0, 48.0, 51.0]
    assert (frame["b"] == frame["a"] + 1).all()


def test_a_subclass_with_its_own_compute_is_not_computed_by_the_kernel(domain, values):
    class Twice(SimpleMovingAverage):
        def compute(self, today, assets, out, data):
            super().compute(today, assets, out, data)
            out *= 2

    mean = SimpleMovingAverage(inputs=[Data.x], window_length=3)
    twice = Twice(inputs=[Data.x], window_length=3)
    assert mean._takes_blocks()
    assert not twice._takes_blocks()
    run = engine(domain, DataFrameLoader(Data.x, values))
    frame = run.run_pipeline(Pipeline({"mean": mean, "twice": twice}), DAYS[3], DAYS[9])
    np.testing.assert_array_equal(frame["twice"], frame["mean"] * 2)


def test_whole_columns_and_windows_agree(domain):
    rng = np.random.default_rng(3)
    data = rng.normal(size=(12, 3))
    changes = {
        3: [Float64Multiply(0, 3, 0, 1, 0.5), Float64Add(1, 2, 2, 2, 4.0)],
        7: [Float64Multiply(2, 6, 1, 1, 3.0)],
    }
    array = AdjustedArray(data.copy(), changes, np.nan)
    block = array.traverse(4, offset=2).block()
    assert block is not None
    assert block.adjustments is not None
    columns = block.values.copy()
    known, first = block.adjustments.known, block.adjustments.first
    done = np.zeros(len(known), dtype=bool)
    for t, window in enumerate(array.traverse(4, offset=2)):
        for n in range(3):
            for k in range(first[n], first[n + 1]):
                if not done[k] and known[k] <= t + 3:
                    _apply(columns[n], block.adjustments, k)
                    done[k] = True
        np.testing.assert_array_equal(window, columns[:, t : t + 4].T)


def _apply(column, adjustments, k) -> None:
    rows = slice(max(adjustments.top[k], 0), max(adjustments.last[k] + 1, 0))
    column[rows] = {
        0: lambda: column[rows] * adjustments.value[k],
        1: lambda: column[rows] + adjustments.value[k],
        2: lambda: adjustments.value[k],
    }[int(adjustments.kind[k])]()


def test_whole_numbers_have_no_whole_columns():
    whole = AdjustedArray(np.arange(6).reshape(3, 2), {1: [Int64Overwrite(0, 0, 0, 0, 9)]}, 0)
    assert whole.traverse(2).block() is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(x_0 + (1)) * x_1", [2.0, 6.0, -6.0]),
        ("x_0 / (4.0)", [0.0, 0.25, -0.5]),
        ("-(x_0) % (2)", [0.0, 1.0, 0.0]),
        ("(x_0 > (0)) & (x_1 < (inf))", [False, True, False]),
        ("sqrt(abs(x_0))", [0.0, 1.0, 2**0.5]),
        ("x_0 / (0)", [np.nan, np.inf, -np.inf]),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_expressions(text, expected):
    inputs = [np.array([0.0, 1.0, -2.0]), np.array([2.0, 3.0, 6.0])]
    np.testing.assert_array_equal(evaluate(text, inputs), expected)


def test_a_float_constant_of_zero_cannot_divide():
    with pytest.raises(ZeroDivisionError):
        evaluate("x_0 / (0.0)", [np.zeros(2)])


def test_the_result_has_two_levels_and_the_given_columns(domain, values):
    pipeline = Pipeline({"sum": Sum(), "up": Sum() > 50}, screen=Sum() > 20)
    run = engine(domain, DataFrameLoader(Data.x, values))
    frame = run.run_pipeline(pipeline, DAYS[2], DAYS[11])
    assert list(frame.columns) == ["sum", "up"]
    assert frame.dtypes.tolist() == [np.float64, bool]
    assert frame.index.get_level_values(0)[0] == DAYS[3]
    assert set(frame.index.get_level_values(1)) == {f"asset {sid}" for sid in SIDS}
    assert len(frame.loc[DAYS[11]]) == 3
    chunked = run.run_chunked_pipeline(pipeline, DAYS[2], DAYS[11], 4)
    pd.testing.assert_frame_equal(chunked, frame)


def test_a_look_back_before_the_calendar_says_how_many_rows_are_needed(domain, values):
    run = engine(domain, DataFrameLoader(Data.x, values))
    with pytest.raises(NoFurtherDataError, match="2 rows before 2020-01-07"):
        run.run_pipeline(Pipeline({"sum": Sum()}), DAYS[1], DAYS[3])


def test_one_value_a_day_is_no_column():
    from fillproof.compat.zipline.assets import Equity, ExchangeInfo

    asset = Equity(1, ExchangeInfo("NYSE", "NYSE", "US"))
    with pytest.raises(UnsupportedPipelineOutput, match="one value a day"):
        Pipeline({"one": Sum()[asset]})


def test_the_root_mask_is_one_term():
    assert AssetExists() is AssetExists()


def test_frames_of_any_days_have_pipelines(tmp_path, monkeypatch):
    """Weekends too: a session's row holds the day before."""
    from fillproof.compat.zipline.api import attach_pipeline, pipeline_output
    from fillproof.compat.zipline.pipeline.data import EquityPricing
    from fillproof.compat.zipline.run import run_algorithm

    monkeypatch.setenv("ZIPLINE_ROOT", str(tmp_path))
    days = pd.date_range("2020-03-01", periods=15)
    close = pd.DataFrame({"AA": np.arange(1.0, 16.0), "BB": 5.0}, days)
    seen = {}

    def initialize(context):
        attach_pipeline(Pipeline({"close": EquityPricing.close.latest}), "last")

    def handle_data(context, data):
        seen[data.current_session] = pipeline_output("last")["close"].tolist()

    run_algorithm(
        days[4],
        days[-1],
        initialize,
        1e5,
        handle_data,
        data={"close": close, "volume": close * 0 + 100.0},
        benchmark_returns=pd.Series(0.0, pd.date_range(days[0], days[-1], tz="utc")),
    )
    assert seen[days[4]] == [4.0, 5.0]
    assert seen[days[-1]] == [14.0, 5.0]
    assert len(seen) == 11

"""Built-in factors, filters and classifiers by themselves, over frames."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from fillproof.compat.zipline.errors import BadPercentileBounds, UnknownRankMethod
from fillproof.compat.zipline.pipeline import Pipeline, SimplePipelineEngine, factors
from fillproof.compat.zipline.pipeline.classifiers import Everything
from fillproof.compat.zipline.pipeline.data import Column, DataSet
from fillproof.compat.zipline.pipeline.domain import EquitySessionDomain
from fillproof.compat.zipline.pipeline.expression import BadBinaryOperator
from fillproof.compat.zipline.pipeline.factors.factor import GroupedRowTransform
from fillproof.compat.zipline.pipeline.factors.statistical import RollingLinearRegression
from fillproof.compat.zipline.pipeline.filters import StaticSids
from fillproof.compat.zipline.pipeline.loaders.frame import DataFrameLoader

DAYS = pd.date_range("2020-01-06", periods=60, freq="B")
SIDS = pd.Index(range(7))


class Finder:
    """Seven assets that are always there."""

    def lifetimes(self, dates, include_start_date, country_codes):
        return pd.DataFrame(True, index=dates, columns=SIDS)

    def retrieve_all(self, sids):
        return [f"asset {sid}" for sid in sids]


class Data(DataSet):
    x = Column(float)
    y = Column(float)
    z = Column(float)
    code = Column(object, missing_value="")


def numbers(seed: int) -> pd.DataFrame:
    values = np.random.RandomState(seed).uniform(5, 15, (len(DAYS), len(SIDS)))
    values[10:, 3][::4] = np.nan
    return pd.DataFrame(values, DAYS, SIDS)


def changes() -> pd.DataFrame:
    """Two splits, an overwritten stretch and an addition."""
    first, last, applied = [0, 0, 25, 30], [34, 39, 28, 33], [35, 40, 38, 36]
    columns = {"sid": [0, 1, 2, 2], "value": [0.5, 3.0, 7.0, 1.0], "kind": [0, 0, 2, 1]}
    dates = {"start_date": first, "end_date": last, "apply_date": applied}
    return pd.DataFrame(columns | {name: DAYS[rows] for name, rows in dates.items()})


@pytest.fixture
def run():
    """A function of terms by name: the frame of the last 30 sessions."""
    code = np.where(numbers(4) > 10, "up", "")
    loaders = {
        "x": DataFrameLoader(Data.x, numbers(1), changes()),
        "y": DataFrameLoader(Data.y, numbers(2)),
        "z": DataFrameLoader(Data.z, numbers(3), changes().iloc[:1]),
        "code": DataFrameLoader(Data.code, pd.DataFrame(code, DAYS, SIDS)),
    }
    domain = EquitySessionDomain(DAYS, "US")
    engine = SimplePipelineEngine(lambda column: loaders[column.name], Finder(), domain)
    return lambda **terms: engine.run_pipeline(Pipeline(terms), DAYS[30], DAYS[-1])


X: Any = Data.x.latest  # pyright: ignore
Y: Any = Data.y.latest  # pyright: ignore
CODE: Any = Data.code.latest  # pyright: ignore

WINDOWED = [
    (factors.Returns, {"inputs": [Data.x], "window_length": 5}),
    (factors.PercentChange, {"inputs": [Data.x], "window_length": 5}),
    (factors.SimpleMovingAverage, {"inputs": [Data.x], "window_length": 9}),
    (factors.VWAP, {"inputs": [Data.x, Data.y], "window_length": 6}),
    (factors.AverageDollarVolume, {"inputs": [Data.x, Data.y], "window_length": 6}),
    (factors.MaxDrawdown, {"inputs": [Data.x], "window_length": 12}),
    (factors.EWMA, {"inputs": [Data.x], "window_length": 20, "decay_rate": 0.9}),
    (factors.EWMSTD, {"inputs": [Data.x], "window_length": 12, "decay_rate": 0.9}),
    (factors.LinearWeightedMovingAverage, {"inputs": [Data.x], "window_length": 7}),
    (factors.RSI, {"inputs": [Data.x]}),
    (factors.BollingerBands, {"inputs": [Data.x], "window_length": 8, "k": 2}),
    (factors.Aroon, {"inputs": [Data.x, Data.y], "window_length": 8}),
    (factors.FastStochasticOscillator, {"inputs": [Data.x, Data.y, Data.z]}),
    (factors.RateOfChangePercentage, {"inputs": [Data.x], "window_length": 8}),
    (factors.TrueRange, {"inputs": [Data.x, Data.y, Data.z]}),
]


@pytest.mark.parametrize(
    ("kind", "settings"), WINDOWED, ids=lambda one: getattr(one, "__name__", "")
)
def test_windows_one_by_one_give_what_whole_columns_give(run, kind, settings):
    """A subclass whose `compute` calls that of the class goes the way of scripts' own terms."""

    class Daily(kind):
        def compute(self, today, assets, out, *arrays, **params):
            assert arrays[0].shape == (self.window_length, len(assets))
            super().compute(today, assets, out, *arrays, *params.values())

    mask = X.notnull()
    whole, daily = (one(mask=mask, **settings) for one in (kind, Daily))
    names = [""] if isinstance(whole.outputs, type(Everything().outputs)) else whole.outputs
    for name in names:
        terms = (getattr(one, name) if name else one for one in (whole, daily))
        frame = run(**dict(zip(("whole", "daily"), terms, strict=True)))
        np.testing.assert_array_equal(frame["whole"], frame["daily"])
        assert frame["whole"].notna().mean() > 0.3


def test_expressions_join_into_one_text():
    both = (X + 1) / Y
    assert both._expr == "(x_0 + (1.0)) / (x_1)"
    assert both.inputs == (X, Y)
    assert (2 - X)._expr == "2.0 - x_0"
    assert X.isfinite()._expr == "(x_0 > (-inf)) & (x_0 < (inf))"
    assert repr(X.rank()) == "Rank(Latest(...), method='ordinal')"


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda: X.rank("best"), UnknownRankMethod, "best"),
        (lambda: X.winsorize(5, 95), BadPercentileBounds, "between 0 and 1"),
        (lambda: X.percentile_between(60, 10), BadPercentileBounds, "between 0 and 100"),
        (lambda: X.demean(mask=X), TypeError, "mask must be a filter"),
        (lambda: X.zscore(groupby=X), TypeError, "groupby must be a classifier"),
        (lambda: X + "1", BadBinaryOperator, r"\+ str"),
        (lambda: X + (X > 1), TypeError, "only float64 has arithmetic"),
        (lambda: (X > 1) & 1, BadBinaryOperator, "& int"),
        (lambda: CODE.eq(1), TypeError, "cannot be compared with 1"),
        (lambda: CODE.eq(""), ValueError, "isnull"),
        (lambda: CODE < "a", TypeError, "no order"),
        (lambda: CODE.startswith(1), TypeError, "takes a text"),
        (lambda: factors.Returns(inputs=[Data.x], window_length=1), ValueError, "at least 2"),
        (lambda: factors.MACDSignal(9, 9), ValueError, "above fast_period"),
        (lambda: factors.EWMA.from_span([Data.x], 3, span=1), ValueError, "above 1"),
        (lambda: factors.SimpleBeta(target=3, regression_length=5), TypeError, "an asset"),
        (lambda: factors.BollingerBands(window_length=3, k=2).top_, AttributeError, "no output"),
        (lambda: X.quantiles(2.5), TypeError, "bins must be a number"),
    ],
)
def test_errors_name_what_was_wrong(make, error, text):
    with pytest.raises(error, match=text):
        make()


def test_terms_with_the_same_settings_are_one_term():
    assert X.rank() is X.rank()
    assert X.zscore() is not X.demean()
    assert StaticSids([2, 1]) is StaticSids([1, 2])
    assert factors.EWMA is factors.ExponentialWeightedMovingAverage


def test_missing_values_have_no_quantile_whatever_the_first_row_holds(run):
    frame = run(x=X, halves=X.quantiles(2))
    assert frame["x"].isna().any()
    assert (frame["halves"][frame["x"].isna()] == -1).all()
    assert not frame["x"].xs(DAYS[31]).isna().any(), "a row without gaps, before one with some"


def test_a_function_of_a_scripts_own_over_groups(run):
    def spread(values):
        return values.max() - values

    own = GroupedRowTransform(
        transform=spread,
        transform_args=(),
        factor=Y,
        groupby=Everything(),
        dtype=np.dtype(float),
        missing_value=np.nan,
        mask=StaticSids([0, 1, 2]),
        window_safe=False,
    )
    frame = run(y=Y, own=own)
    wide = frame["y"].unstack().to_numpy()
    expected = wide[:, :3].max(axis=1, keepdims=True) - wide[:, :3]
    np.testing.assert_array_equal(frame["own"].unstack().to_numpy()[:, :3], expected)
    assert frame["own"].unstack().iloc[:, 3:].isna().all(axis=None)


def test_a_line_needs_different_values_to_stand_on(run):
    flat = factors.Returns(inputs=[Data.y], window_length=2).rank().clip(1, 1).zscore()
    line = RollingLinearRegression(
        dependent=factors.Returns(inputs=[Data.y], window_length=2),
        independent=flat.fillna(0.0).rank().clip(1, 1).rank("min"),
        regression_length=4,
    )
    with pytest.raises(ValueError, match="all x values are identical"):
        run(beta=line.beta)


def test_a_method_of_ranks_in_groups_is_checked_when_it_runs(run):
    ranks = X.rank("best", groupby=Everything())
    with pytest.raises(ValueError, match="'best' is no method"):
        run(rank=ranks)

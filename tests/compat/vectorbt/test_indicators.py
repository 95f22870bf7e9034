"""Indicators: what is shared and not made, and what the parity tests cannot ask."""

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pandas as pd
import polars as pl
import pytest
from fillproof.compat.vectorbt import MA, RSI, IndicatorFactory
from fillproof.compat.vectorbt.indicators.lines import Lines


@pytest.fixture
def price():
    rng = np.random.default_rng(3)
    return pd.DataFrame(50 + rng.normal(0, 1, (60, 2)).cumsum(axis=0), columns=["a", "b"])


def test_all_pairs_share_the_lines_of_the_windows(price):
    fast, slow = MA.run_combs(price, np.arange(2, 12), short_names=["fast", "slow"])
    assert fast.wrapper.shape == (60, 45 * 2)
    for indicator in (fast, slow):
        assert indicator._tables["ma"].lines.shape == (10 * 2, 60)
    crossed = fast.ma_crossed_above(slow)
    assert fast._tables["ma"]._array is None  # no table of pairs was made
    assert crossed.shape == (60, 90)
    assert fast.ma.shape == (60, 90)


def test_equal_parameters_are_computed_once(price):
    indicator = RSI.run(price, [5, 5, 7])
    assert len(indicator._tables["rsi"].lines) == 4
    pd.testing.assert_frame_equal(
        indicator.rsi.iloc[:, :2], indicator.rsi.iloc[:, 2:4], check_names=False
    )


def test_writing_to_a_table_leaves_the_indicator_alone(price):
    indicator = MA.run(price, [2, 3])
    table = indicator.ma
    table.iloc[5, 0] = -1.0
    assert indicator.ma.iloc[5, 0] != -1.0
    assert indicator.close.iloc[5, 0] == price.iloc[5, 0]


@pytest.mark.parametrize("kind", [pl.DataFrame, lambda p: p.to_numpy(), pd.DataFrame])
def test_tables_of_other_kinds_give_the_same_numbers(price, kind):
    expected = MA.run(price, [2, 3]).ma.to_numpy()
    np.testing.assert_array_equal(MA.run(kind(price), [2, 3]).ma.to_numpy(), expected)


def test_polars_series(price):
    got = MA.run(pl.Series(price["a"].to_numpy()), 3).ma
    np.testing.assert_array_equal(got.to_numpy(), MA.run(price["a"], 3).ma.to_numpy())


def test_lines_read_as_a_table():
    lines = Lines(np.arange(6.0).reshape(2, 3), np.array([1, 0, 1]))
    np.testing.assert_array_equal(np.asarray(lines), [[3, 0, 3], [4, 1, 4], [5, 2, 5]])
    assert lines.take([2, 1]).shape == (3, 2)
    np.testing.assert_array_equal(lines.select([0, 2], slice(None)).array, [[3, 0, 3], [5, 2, 5]])
    assert lines == Lines.of(lines.array)
    assert lines != Lines.of(lines.array + 1)


def test_names_of_wrong_arguments(price):
    with pytest.raises(TypeError, match="window"):
        MA.run(price)
    with pytest.raises(ValueError, match="output_names"):
        IndicatorFactory(input_names=["x"])
    with pytest.raises(ValueError, match="engine"):
        MA.run(price, 2, engine="fortran")


def test_talib(price):
    pytest.importorskip("talib")
    indicator = IndicatorFactory.from_talib("SMA").run(price, [2, 3], short_name="s")
    np.testing.assert_allclose(indicator.real, MA.run(price, [2, 3]).ma, rtol=1e-9)
    assert indicator.real.columns.names == ["s_timeperiod", None]
    bands = IndicatorFactory.from_talib("bbands").run(price, timeperiod=5)
    assert (bands.upperband.iloc[5:] >= bands.lowerband.iloc[5:]).all(axis=None)
    assert "SMA" in IndicatorFactory.get_talib_indicators()


def test_pandas_ta(price, monkeypatch):
    def spread(high: pd.Series, low: pd.Series, length=3, **kwargs):
        """Two columns named as that library names them."""
        width = high - low
        frame = {f"SPR_{length}_2.0": width, f"SPRm_{length}": width.rolling(length).mean()}
        return pd.DataFrame(frame)

    library = SimpleNamespace(spread=spread, Category={"volatility": ["spread", "none"]}, none=len)
    monkeypatch.setitem(sys.modules, "pandas_ta", library)
    cls = IndicatorFactory.from_pandas_ta("SPREAD")
    assert (cls.input_names, cls.param_names, cls.output_names) == (
        ("high", "low"), ("length",), ("spr", "sprm"),
    )  # fmt: skip
    indicator = cls.run(price + 1, price, [2, 3])
    np.testing.assert_allclose(indicator.spr, 1.0)
    assert indicator.sprm.isna().sum().tolist() == [1, 1, 2, 2]
    assert IndicatorFactory.get_pandas_ta_indicators() == {"SPREAD"}


def test_ta(price, monkeypatch):
    class IndicatorMixin:
        pass

    class Scaled(IndicatorMixin):
        def __init__(self, close: pd.Series, window: int = 2):
            self._close, self._window = close, window

        def scaled(self) -> pd.Series:
            return self._close * self._window

    package, module = ModuleType("ta"), ModuleType("ta.trend")
    vars(module).update(Scaled=Scaled)
    utils = ModuleType("ta.utils")
    vars(utils).update(IndicatorMixin=IndicatorMixin)
    vars(package).update(trend=module, utils=utils)
    monkeypatch.setitem(sys.modules, "ta", package)
    indicator = IndicatorFactory.from_ta("Scaled").run(price, [2, 3])
    np.testing.assert_allclose(indicator.scaled.iloc[:, 2:], price * 3)
    assert IndicatorFactory.get_ta_indicators() == {"Scaled"}
    with pytest.raises(ValueError, match="Nothing"):
        IndicatorFactory.from_ta("Nothing")


@pytest.mark.parametrize(
    ("method", "name"),
    [("from_pandas_ta", "pandas_ta"), ("from_ta", "ta"), ("from_talib", "talib")],
)
def test_packages_that_are_not_installed(monkeypatch, method, name):
    for module in (name, f"{name}_classic", f"{name}.abstract"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError):
        getattr(IndicatorFactory, method)("SMA")

"""VectorBT's base on its own: lazy imports, files, Polars, memory, messages."""

from __future__ import annotations

import pickle
import subprocess
import sys

import fillproof.compat.vectorbt as vbt
import numpy as np
import pandas as pd
import polars as pl
import pytest
from fillproof.compat.vectorbt.base.array_wrapper import ArrayWrapper
from fillproof.compat.vectorbt.base.reshape_fns import broadcast, to_any_array
from fillproof.compat.vectorbt.utils.decorators import cached_method, cached_property

INDEX = pd.date_range("2024-01-01", periods=5, freq="D")
CLOSE = pd.DataFrame(
    {"a": [1.0, 2, 3, 2, 4], "b": [5.0, 4, 3, 4, 5], "c": [2.0, 2, 3, 3, 4]}, INDEX
)


@pytest.fixture
def pf():
    return vbt.Portfolio.from_orders(CLOSE, 1.0, group_by=["g", "g", "h"], init_cash=50.0)


class TestImports:
    def test_the_package_is_quick_to_import(self):
        """Nothing is imported that a script may never use."""
        code = (
            "import sys, fillproof.compat.vectorbt\n"
            "heavy = {'numba', 'plotly', 'scipy', 'sklearn', 'polars', 'talib', 'tqdm'}\n"
            "print(sorted(heavy & set(sys.modules)))"
        )
        out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert out.stdout.strip() == "[]", out.stderr

    @pytest.mark.parametrize("name", vbt.__all__)
    def test_every_name_is_there(self, name):
        if name.lower() in ("figure", "figurewidget", "make_figure", "make_subplots"):
            pytest.importorskip("plotly")
        assert getattr(vbt, name) is not None


class TestFiles:
    def test_a_portfolio_comes_back(self, pf, tmp_path):
        pf.save(tmp_path / "pf")
        again = vbt.Portfolio.load(tmp_path / "pf")
        assert again == pf
        pd.testing.assert_frame_equal(again.value(), pf.value())
        assert list(again["g"].wrapper.columns) == ["a", "b"]

    def test_settings_come_back(self, tmp_path):
        try:
            vbt.settings.portfolio["fees"] = 0.25
            vbt.settings.save(tmp_path / "settings")
            vbt.settings.portfolio["fees"] = 0.5
            vbt.settings.load_update(tmp_path / "settings")
            assert vbt.settings["portfolio"]["fees"] == 0.25
        finally:
            vbt.settings.reset()
        assert vbt.settings.portfolio["fees"] == 0.0

    def test_other_processes_get_configurations(self):
        config = vbt.Config({"a": {"b": 1}}, readonly=True, nested=True)
        again = pickle.loads(pickle.dumps(config))
        assert again == config
        assert again.readonly_
        with pytest.raises(TypeError, match="read-only"):
            again["a"] = 2


class TestPortfolios:
    def test_columns_and_groups_are_selected(self, pf):
        assert list(pf["g"].value().index) == list(INDEX)
        assert pf.regroup(False)["a"].total_return() == pytest.approx(
            vbt.Portfolio.from_orders(CLOSE["a"], 1.0, init_cash=50.0).total_return()
        )
        assert pf.iloc[[1]].wrapper.columns.tolist() == ["c"]

    def test_a_selection_simulates_nothing_and_keeps_the_original(self, pf):
        before = pf.order_records.copy()
        pf["g"].order_records["size"][:] = 0.0
        np.testing.assert_array_equal(pf.order_records, before)

    def test_groups_that_share_cash_stay(self):
        pf = vbt.Portfolio.from_orders(CLOSE, 1.0, cash_sharing=True)
        with pytest.raises(ValueError, match="share cash"):
            pf.regroup([0, 0, 1])
        with pytest.raises(ValueError, match="changed"):
            pf.value(group_by=[0, 0, 1])
        assert list(pf.value(group_by=False).columns) == ["a", "b", "c"]

    def test_prices_are_not_copied_and_cannot_be_written_to(self):
        close = pd.DataFrame(np.arange(1.0, 7.0).reshape(3, 2))
        pf = vbt.Portfolio.from_orders(close, 1.0)
        assert np.shares_memory(pf.close.to_numpy(), close.to_numpy())
        with pytest.raises(ValueError, match="read-only"):
            pf.close.to_numpy()[0, 0] = 9.0

    def test_a_subclass_has_its_own_metrics(self):
        class Mine(vbt.Portfolio):
            _metrics = vbt.Portfolio.metrics.merge_with(
                {"rows": {"title": "Rows", "calc_func": lambda self: len(self.wrapper.index)}}
            )

        pf = Mine.from_orders(CLOSE["a"], 1.0)
        assert pf.stats(["rows"])["Rows"] == 5
        assert "rows" not in vbt.Portfolio.metrics
        pf.metrics["more"] = {"title": "More", "calc_func": "total_profit"}
        assert pf.stats("more")["More"] == pf.total_profit()
        assert "more" not in Mine.metrics

    def test_tables_of_different_widths_are_aligned_by_their_levels(self):
        columns = pd.MultiIndex.from_product([[1, 2], ["a", "b", "c"]], names=["par", None])
        size = pd.DataFrame(1.0, INDEX, columns)
        pf = vbt.Portfolio.from_orders(CLOSE, size, init_cash=50.0)
        assert pf.wrapper.columns.equals(columns)
        np.testing.assert_array_equal(
            pf.close.to_numpy(), np.hstack([CLOSE.to_numpy(), CLOSE.to_numpy()])
        )


class TestArrays:
    def test_polars_counts_as_numpy(self):
        table = pl.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]})
        assert isinstance(to_any_array(table), np.ndarray)
        one, two = broadcast(table, pd.DataFrame(np.zeros((2, 2)), columns=["x", "y"]))
        assert list(one.columns) == ["x", "y"]
        assert one.iloc[1, 1] == 4.0
        assert two.shape == (2, 2)

    def test_messages_say_what_and_where(self):
        wrapper = ArrayWrapper.from_obj(CLOSE)
        with pytest.raises(AssertionError, match="axis 0"):
            wrapper.wrap(np.zeros((4, 3)))
        with pytest.raises(ValueError, match=r"index.*strict"):
            broadcast(CLOSE, CLOSE.iloc[::-1])
        with pytest.raises(ValueError, match="3 columns"):
            wrapper.replace(group_by=[0, 1])
        with pytest.raises(ValueError, match="close must be an array"):
            vbt.Portfolio.from_orders(1.0, 1.0)

    def test_a_frequency_is_found_once(self):
        wrapper = ArrayWrapper.from_obj(CLOSE)
        assert wrapper.freq == pd.Timedelta("1D")
        try:
            vbt.settings.array_wrapper["freq"] = "2h"
            assert wrapper.freq == pd.Timedelta("2h")
        finally:
            vbt.settings.reset()


class TestCaching:
    def test_conditions_decide_what_is_kept(self):
        class Counting:
            n = 0

            @cached_property
            def once(self):
                self.n += 1
                return self.n

            @cached_method(flag=True)
            def each(self, x, y=1):
                self.n += 1
                return self.n

        one = Counting()
        assert (one.once, one.once) == (1, 1)
        assert (one.each(1), one.each(1), one.each(2), one.each([1]), one.each([1])) == (
            2, 2, 3, 4, 5,
        )  # fmt: skip
        try:
            vbt.settings.caching["blacklist"].append(vbt.CacheCondition(cls="Counting"))
            assert (one.once, one.once) == (6, 7)
            vbt.settings.caching["whitelist"].append(vbt.CacheCondition(instance=one, func="once"))
            assert (one.once, one.once) == (1, 1)
            assert (one.each(1), one.each(1)) == (8, 9)
        finally:
            vbt.settings.reset()
        assert one.each(1) == 2

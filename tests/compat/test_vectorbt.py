"""VectorBT's names: labels, argument forms, settings, and the names that the adapter lacks."""

from __future__ import annotations

import sys

import fillproof.compat.vectorbt as vbt
import numpy as np
import pandas as pd
import polars as pl
import pytest
from fillproof.compat.unsupported import UnsupportedFeature
from fillproof.compat.vectorbt.unsupported import TOP_LEVEL

INDEX = pd.date_range("2024-01-01", periods=6, freq="D")
CLOSE = pd.Series([10.0, 11, 12, 11, 13, 12], INDEX, name="X")
ENTRIES = pd.Series([True, False, False, False, True, False], INDEX)
EXITS = pd.Series([False, False, True, False, False, False], INDEX)


@pytest.fixture
def pf():
    return vbt.Portfolio.from_signals(CLOSE, ENTRIES, EXITS, fees=0.01)


@pytest.fixture
def settings():
    yield vbt.settings
    vbt.settings.reset()


class TestResults:
    def test_a_series_gives_series_and_numbers(self, pf):
        assert isinstance(pf.value(), pd.Series)
        assert pf.value().index.equals(INDEX)
        assert pf.total_return() == pytest.approx(pf.value().iloc[-1] / 100 - 1)
        assert pf.orders.count() == 3
        assert pf.trades.count() == 2
        assert pf.trades.closed.count() == 1

    def test_a_table_gives_tables_and_series(self):
        close = pd.DataFrame({"a": CLOSE, "b": CLOSE * 2})
        pf = vbt.Portfolio.from_signals(close, close > 11, close < 12)
        assert list(pf.value().columns) == ["a", "b"]
        assert list(pf.total_return().index) == ["a", "b"]
        assert pf.total_return().name == "total_return"

    def test_groups_share_labels_and_cash(self):
        close = pd.DataFrame({"a": CLOSE, "b": CLOSE * 2, "c": CLOSE})
        pf = vbt.Portfolio.from_signals(
            close, close > 11, close < 12, group_by=["g", "g", "h"], cash_sharing=True
        )
        assert list(pf.value().columns) == ["g", "h"]
        assert list(pf.value(group_by=False).columns) == ["a", "b", "c"]

    def test_numpy_and_polars_are_accepted(self, pf):
        for convert in (pd.Series.to_numpy, lambda s: pl.Series(s.to_numpy())):
            other = vbt.Portfolio.from_signals(
                convert(CLOSE), convert(ENTRIES), convert(EXITS), fees=0.01
            )
            np.testing.assert_array_equal(other.value().to_numpy(), pf.value().to_numpy())

    def test_parameters_widen_a_series_of_prices(self):
        columns = pd.MultiIndex.from_tuples([(5, 10), (5, 20)], names=["fast", "slow"])
        entries = pd.DataFrame(np.eye(6, 2, dtype=bool), INDEX, columns)
        pf = vbt.Portfolio.from_signals(CLOSE, entries, ~entries)
        assert pf.total_return().index.equals(columns)

    def test_readable_records(self, pf):
        table = pf.orders.records_readable
        assert list(table["Side"]) == ["Buy", "Sell", "Buy"]
        assert list(table["Timestamp"]) == [INDEX[0], INDEX[2], INDEX[4]]
        assert list(pf.trades.records_readable["Status"]) == ["Closed", "Open"]

    def test_accounting_adds_up(self, pf):
        value = pf.cash() + pf.assets() * CLOSE
        pd.testing.assert_series_equal(pf.value(), value, check_names=False)
        assert pf.final_value() == pytest.approx(value.iloc[-1])
        assert pf.total_profit() == pytest.approx(value.iloc[-1] - pf.init_cash)
        assert pf.trades.pnl.sum() == pytest.approx(pf.total_profit())

    def test_stats_has_the_columns_names(self, pf):
        table = pf.stats()
        assert table["Total Trades"] == 2
        assert table["Period"] == pd.Timedelta(days=6)
        assert {"Sharpe Ratio", "Max Drawdown [%]", "Expectancy"} <= set(table.index)

    def test_stats_without_a_frequency_leave_ratios_out_with_a_warning(self):
        pf = vbt.Portfolio.from_signals(CLOSE.to_numpy(), ENTRIES.to_numpy(), EXITS.to_numpy())
        with pytest.warns(UserWarning, match="sharpe_ratio"):
            assert "Sharpe Ratio" not in pf.stats().index
        with pytest.raises(ValueError, match="freq"):
            pf.sharpe_ratio()

    def test_a_fill_of_no_units_leaves_what_needs_no_trades(self):
        # A whole unit does not fit the cash, but no smallest size forbids to buy none.
        pf = vbt.Portfolio.from_orders(CLOSE, 1.0, init_cash=5.0, size_granularity=1, min_size=0)
        assert set(pf.orders.values["size"]) == {0.0}
        assert pf.stats(["end_value"])["End Value"] == 5.0
        for result in (lambda: pf.trades, lambda: pf.positions, pf.stats):
            with pytest.raises(ValueError, match="size must be greater than 0: order 0"):
                result()

    def test_stats_of_several_columns(self):
        close = pd.DataFrame({"a": CLOSE, "b": CLOSE * 2})
        pf = vbt.Portfolio.from_signals(close, close > 11, close < 12)
        with pytest.warns(UserWarning, match="aggregated"):
            mean = pf.stats()
        table = pf.stats(agg_func=None)
        assert mean["Total Return [%]"] == pytest.approx(table["Total Return [%]"].mean())
        assert pf.stats(column="b")["End Value"] == table.loc["b", "End Value"]

    def test_holding(self):
        pf = vbt.Portfolio.from_holding(CLOSE)
        assert pf.total_return() == pytest.approx(0.2)

    def test_results_do_not_share_memory_with_the_portfolio(self, pf):
        first = pf.value()
        first.iloc[:] = 0.0
        assert pf.value().iloc[0] != 0.0


class TestArguments:
    def test_modes_are_words_of_any_case_or_numbers(self):
        a = vbt.Portfolio.from_signals(CLOSE, ENTRIES, EXITS, direction="short_only")
        b = vbt.Portfolio.from_signals(CLOSE, ENTRIES, EXITS, direction=1)
        assert a.orders.records.equals(b.orders.records)

    def test_unknown_words_and_numbers_are_named(self):
        with pytest.raises(ValueError, match=r"direction='sideways'.*LongOnly"):
            vbt.Portfolio.from_signals(CLOSE, ENTRIES, EXITS, direction="sideways")
        with pytest.raises(ValueError, match="size_type contains 9"):
            vbt.Portfolio.from_orders(CLOSE, size=1.0, size_type=9)

    def test_different_rows_are_an_error(self):
        with pytest.raises(ValueError, match="index"):
            vbt.Portfolio.from_signals(CLOSE, ENTRIES.shift(freq="D"), EXITS)

    def test_init_cash_of_one_is_a_mode_and_of_one_point_nought_an_amount(self):
        assert vbt.Portfolio.from_signals(CLOSE, ENTRIES, EXITS, init_cash=1.0).init_cash == 1.0
        orders = {"size": [2.0, 0, 0, 0, 0, 0], "init_cash": 1}
        assert vbt.Portfolio.from_orders(CLOSE, **orders).init_cash == 20.0

    def test_rejections_raise_the_originals_error(self):
        with pytest.raises(vbt.portfolio.enums.RejectedOrderError, match="row 1"):
            vbt.Portfolio.from_orders(CLOSE, size=10.0, raise_reject=True)

    def test_modules_of_the_original(self):
        name = "fillproof.compat.vectorbt.portfolio.enums"
        assert sys.modules[name].SizeType.TargetPercent == 5

    def test_settings_are_the_defaults(self, settings):
        settings.portfolio["init_cash"] = 1000.0
        settings["portfolio"]["fees"] = 0.5
        pf = vbt.Portfolio.from_signals(CLOSE, ENTRIES, EXITS)
        assert pf.init_cash == 1000.0
        assert pf.orders.records["fees"].iloc[0] == pytest.approx(1000 / 3)
        settings.array_wrapper["freq"] = "2D"
        assert vbt.Portfolio.from_signals(CLOSE, ENTRIES, EXITS).wrapper.freq == pd.Timedelta("2D")


class TestUnsupported:
    @pytest.mark.parametrize("name", sorted(TOP_LEVEL))
    def test_names_of_the_library(self, name):
        with pytest.raises(UnsupportedFeature, match=name):
            exec(f"from fillproof.compat.vectorbt import {name}")

    def test_a_name_that_nobody_has_is_unsupported_too(self):
        with pytest.raises(UnsupportedFeature, match="NoSuchThing"):
            vbt.NoSuchThing  # noqa: B018

    def test_random_numbers_of_the_other_engine(self):
        with pytest.raises(UnsupportedFeature, match="reject_prob"):
            vbt.Portfolio.from_signals(CLOSE, ENTRIES, EXITS, reject_prob=0.5, engine="rust")

    def test_an_unknown_argument_is_a_type_error(self):
        with pytest.raises(TypeError, match="no_such_argument"):
            vbt.Portfolio.from_signals(CLOSE, ENTRIES, EXITS, no_such_argument=1)

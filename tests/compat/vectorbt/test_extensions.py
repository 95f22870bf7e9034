"""What `from_signals` takes beyond VectorBT: forms of arguments, labels, records, errors."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pandas as pd
import polars as pl
import pytest
from fillproof.compat.unsupported import UnsupportedFeature
from fillproof.compat.vectorbt.portfolio import Portfolio
from fillproof.compat.vectorbt.portfolio.extensions import OrderKind

INDEX = pd.date_range("2024-01-01", periods=6, freq="8h")
PATH = [
    (100, 101, 99, 100), (100, 100, 97, 99), (99, 103, 99, 102),
    (102, 109, 101, 108), (108, 110, 100, 101), (101, 102, 90, 92),
]  # fmt: skip
BARS = pd.DataFrame(PATH, INDEX, ["open", "high", "low", "close"], dtype=float)
PRICES = {name: BARS[name] for name in BARS}
FIRST = pd.Series(np.arange(6) == 0, INDEX)
TABLE = pd.DataFrame({"a": BARS["close"], "b": BARS["close"] * 2})


def trade(**arguments):
    arguments = {"entries": FIRST, "exits": False, **PRICES, **arguments}
    return Portfolio.from_signals(**arguments)


def rows(pf):
    return [(int(x["idx"]), float(x["price"])) for x in pf.order_records]


class TestForms:
    @pytest.mark.parametrize("entry_type", ["limit", "Limit", 1, np.full(6, 1), ["limit"] * 6])
    def test_words_and_numbers(self, entry_type):
        assert rows(trade(entry_type=entry_type, entry_delta=0.02)) == [(1, 98.0)]

    @pytest.mark.parametrize(
        "wrap", [np.asarray, pd.Series, pl.Series, lambda x: pd.Series(x, INDEX)]
    )
    def test_arrays_of_every_kind(self, wrap):
        levels = np.array([98.0, *[1.0] * 5])
        case = {k: np.asarray(v) for k, v in PRICES.items()} | {"entries": FIRST.to_numpy()}
        assert rows(trade(**case, entry_type="limit", entry_price=wrap(levels))) == [(1, 98.0)]

    def test_columns_stand_side_by_side(self):
        deltas = pd.DataFrame([[0.02, 0.03, 0.5]], columns=["near", "far", "never"])
        pf = trade(entry_type="limit", entry_delta=deltas.to_numpy())
        assert pf.orders.count().tolist() == [1, 1, 0]
        assert pf.iloc[1].orders.values["price"].tolist() == [97.0]
        assert pf.iloc[1].order_origins.values["level"].tolist() == [97.0]

    def test_a_call_with_other_labels_keeps_them(self):
        pf = Portfolio.from_signals(
            TABLE, entries=FIRST, exits=False, entry_type="limit", entry_delta=0.01
        )
        assert list(pf.wrapper.columns) == ["a", "b"]
        assert pf["b"].orders.values["price"].tolist() == [198.0]
        assert pf["b"].order_origins.records_readable["Kind"].tolist() == ["LimitEntry"]

    def test_holding_takes_them_too(self):
        assert rows(Portfolio.from_holding(BARS["close"], entry_type="limit", size=1.0)) == [
            (1, 99.0)
        ]

    @pytest.mark.parametrize(("expiry", "filled"), [
        (1, False), (3, True), ("8h", False), (dt.timedelta(hours=24), True), ("day", False),
        (pd.Timedelta("1D"), True), (np.timedelta64(16, "h"), False), (None, True),
    ])  # fmt: skip
    def test_expiry_in_rows_time_or_days(self, expiry, filled):
        """The level is first met in row 3, which is the first of the second day."""
        case = {"entry_type": "stop", "entry_price": 105.0, "entry_expiry": expiry}
        assert bool(len(trade(**case).order_records)) == filled

    def test_a_day_order_of_the_last_bar_of_a_day_meets_the_next_day(self):
        late = pd.Series(np.arange(6) == 2, INDEX)
        case = {"entries": late, "entry_type": "stop", "entry_price": 105.0}
        assert rows(trade(**case, entry_expiry="day")) == [(3, 105.0)]


class TestResults:
    def test_records_keep_their_fields_and_origins_stand_beside(self):
        pf = trade(entry_type="limit", entry_delta=0.02, sl_stop=0.05, tp_stop=0.1)
        assert pf.order_records.dtype == trade().order_records.dtype
        origins = pf.order_origins
        assert origins.values["id"].tolist() == pf.order_records["id"].tolist()
        assert origins.kind.values.tolist() == [OrderKind.LimitEntry, OrderKind.TakeProfit]
        assert origins.take_profit.count() == 1
        table = origins.records_readable
        assert list(table.columns) == [
            "Order Id", "Column", "Timestamp", "Kind", "Placed", "Level",
        ]  # fmt: skip
        assert table["Placed"].tolist() == [INDEX[0], INDEX[1]]

    def test_loans_are_cash_below_zero(self):
        pf = trade(size=8, leverage=10, maintenance_margin=0.05)
        assert pf.cash().iloc[0] == -700
        level = 700 / (8 * 0.95)
        assert pf.liquidation_price().iloc[0] == pytest.approx(level)
        assert np.isnan(pf.liquidation_price().iloc[-1])
        last = pf.order_origins.values[-1]
        assert (last["kind"], last["idx"]) == (OrderKind.Liquidation, 5)
        assert last["level"] == pytest.approx(level)
        assert pf.final_value() == pytest.approx(0.05 * 8 * level)
        assert pf.stats()["End Value"] == pytest.approx(pf.final_value())
        assert pf.trades.count() == 1

    def test_without_extensions_nothing_is_told(self):
        with pytest.raises(ValueError, match=r"made without extensions.*entry_type"):
            _ = trade().order_origins

    def test_neutral_extensions_change_nothing(self):
        case = {"sl_stop": 0.03, "tp_stop": 0.05, "fees": 0.001, "slippage": 0.001}
        plain = trade(**case)
        for more in (
            {"leverage": 1}, {"entry_type": "market"}, {"tsl_stop": np.nan},
            {"maintenance_margin": np.nan}, {"tsl_stop": 0.5, "tsl_th": 9.0},
        ):  # fmt: skip
            pf = trade(**case, **more)
            assert np.array_equal(pf.order_records, plain.order_records)
            pd.testing.assert_series_equal(pf.value(), plain.value())

    def test_a_portfolio_is_kept_with_them(self, tmp_path):
        pf = trade(entry_type="limit", entry_delta=0.02)
        pf.save(tmp_path / "pf")
        again = Portfolio.load(tmp_path / "pf")
        assert again.order_origins.kind.values.tolist() == [OrderKind.LimitEntry]


class TestErrors:
    @pytest.mark.parametrize(("arguments", "words"), [
        ({"entry_delta": 0.1}, "entry_delta is about entries that wait: give entry_type"),
        ({"tsl_th": 0.1}, "give its distance, tsl_stop"),
        ({"entry_type": "maybe"}, "entry_type='maybe' is unknown; choose from Market, Limit, Stop"),
        ({"entry_type": 5}, "entry_type contains 5"),
        ({"leverage": [[1.0, 0.5]]}, "leverage must be 1 or more; it is 0.5 at row 0, column 1"),
        ({"leverage": 4, "maintenance_margin": 0.3}, "maintenance_margin must be less than"),
        ({"leverage": 2, "init_cash": "auto"}, "leverage needs an amount of init_cash"),
        ({"entry_type": 1, "entry_delta": -1}, "entry_delta must be 0 or more; it is -1"),
    ])  # fmt: skip
    def test_what_cannot_be_is_said(self, arguments, words):
        with pytest.raises(ValueError, match=re.escape(words)):
            trade(**arguments)

    def test_a_time_needs_times(self):
        case = {k: v.to_numpy() for k, v in PRICES.items()} | {"entries": FIRST.to_numpy()}
        with pytest.raises(ValueError, match="entry_expiry='1d' is a time"):
            trade(**case, entry_type="limit", entry_expiry="1d")

    @pytest.mark.parametrize(("more", "words"), [
        ({"cash_sharing": True}, "cash_sharing=True"),
        ({"log": True}, "log=True"),
        ({"reject_prob": 0.5}, "reject_prob"),
    ])  # fmt: skip
    def test_what_is_not_there_yet(self, more, words):
        with pytest.raises(UnsupportedFeature, match=words):
            trade(leverage=2, **more)

    def test_callbacks_are_not_there_yet(self):
        from numba import njit

        @njit
        def stop(c):
            return 0.1

        with pytest.raises(UnsupportedFeature, match="call-backs"):
            trade(leverage=2, adjust_tp_func_nb=stop)

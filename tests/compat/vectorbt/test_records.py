"""Records by VectorBT's names: tables, own subclasses, fields, millions of records, errors."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from fillproof.compat.vectorbt.base.array_wrapper import ArrayWrapper
from fillproof.compat.vectorbt.generic.drawdowns import Drawdowns
from fillproof.compat.vectorbt.generic.ranges import Ranges
from fillproof.compat.vectorbt.portfolio.enums import log_dt, order_dt
from fillproof.compat.vectorbt.portfolio.logs import Logs
from fillproof.compat.vectorbt.portfolio.orders import Orders
from fillproof.compat.vectorbt.portfolio.trades import EntryTrades, ExitTrades, Positions
from fillproof.compat.vectorbt.records.base import Records
from fillproof.compat.vectorbt.records.decorators import attach_fields, override_field_config

INDEX = pd.date_range("2024-01-01", periods=5)
CLOSE = pd.DataFrame({"a": [10.0, 12, 11, 13, 12], "b": [20.0, 19, 18, 21, 22]}, INDEX)
WRAPPER = ArrayWrapper.from_obj(CLOSE)


def make_orders(rows):
    return np.array([(n, *row) for n, row in enumerate(rows)], dtype=order_dt)


ORDERS = make_orders(
    [
        (0, 0, 1.0, 10.0, 0.1, 0),
        (0, 1, 1.0, 12.0, 0.1, 1),
        (0, 2, 2.0, 11.0, 0.1, 0),
        (1, 0, 1.0, 20.0, 0.0, 1),
        (1, 4, 1.0, 22.0, 0.0, 0),
    ]
)


@pytest.fixture
def orders():
    return Orders(WRAPPER, ORDERS, close=CLOSE)


class TestTables:
    def test_titles_labels_and_words(self, orders):
        table = orders.records_readable
        titles = ["Order Id", "Column", "Timestamp", "Size", "Price", "Fees", "Side"]
        assert list(table.columns) == titles
        assert table["Timestamp"].tolist() == [INDEX[n] for n in (0, 1, 2, 0, 4)]
        assert table["Column"].tolist() == ["a", "a", "a", "b", "b"]
        assert table["Side"].tolist() == ["Buy", "Sell", "Buy", "Sell", "Buy"]

    def test_trades_and_positions(self, orders):
        trades = ExitTrades.from_orders(orders)
        assert trades.pnl.values.tolist() == pytest.approx([1.8, 1.9, -2.0])
        assert trades.open.count().tolist() == [1, 0]
        assert trades.win_rate().tolist() == [1.0, 0.0]
        assert trades.winning_streak.values.tolist() == [1, 2, 0]
        assert trades.duration.values.tolist() == [1, 3, 4]
        assert EntryTrades.from_orders(orders).count().tolist() == [2, 1]
        positions = Positions.from_trades(trades)
        assert "Parent Id" not in positions.records_readable
        assert positions.records_readable["Status"].tolist() == ["Closed", "Open", "Closed"]

    def test_columns_and_groups_are_selected(self, orders):
        assert orders["b"].values["col"].tolist() == [0, 0]
        assert orders["b"].close.tolist() == CLOSE["b"].tolist()
        assert orders[["b", "a"]].values["col"].tolist() == [0, 0, 1, 1, 1]
        grouped = orders.regroup(True)
        assert grouped.count() == 5
        assert grouped.stats()["Total Buy Orders"] == 3

    def test_statistics(self, orders):
        table = ExitTrades.from_orders(orders).stats(column="a")
        assert table["Max Win Streak"] == 1
        assert table["Open Trade PnL"] == pytest.approx(1.9)
        assert table["Coverage"] == pd.Timedelta(days=4)
        with pytest.warns(UserWarning, match="column"):
            assert orders.stats()["Total Records"] == 2.5

    def test_logs_have_the_originals_titles(self):
        titles = [Logs.field_config["settings"][name]["title"] for name in log_dt.names or ()]
        assert titles[:5] == ["Log Id", "Group", "Column", "Timestamp", "Cash"]
        assert "Request Rejection Prob" in titles
        assert "Result Status Info" in titles
        logs = Logs(WRAPPER, np.zeros(3, log_dt))
        assert logs.filled.count().tolist() == [3, 0]
        assert logs.size_nan.count().tolist() == [3, 0]

    def test_ranges_and_drawdowns(self):
        ranges = Ranges.from_ts(CLOSE > 11)
        assert ranges.records_readable["Status"].tolist() == ["Closed", "Open", "Open"]
        assert ranges["a"].to_mask().tolist() == (CLOSE["a"] > 11).tolist()
        drawdowns = Drawdowns.from_ts(CLOSE)
        assert drawdowns.max_drawdown().tolist() == pytest.approx([11 / 12 - 1, 18 / 20 - 1])
        assert drawdowns.active_drawdown()["a"] == pytest.approx(12 / 13 - 1)
        with pytest.raises(ValueError, match="group_by=False"):
            drawdowns.active_drawdown(group_by=True)


class TestOwnRecords:
    DTYPE = np.dtype([("id", int), ("col", int), ("row", int), ("x", float), ("kind", int)])

    def make(self):
        @attach_fields({"kind": {"attach_filters": {0: "Small", 1: "Big"}}})
        @override_field_config(
            {
                "dtype": self.DTYPE,
                "settings": {"idx": {"name": "row"}, "x": {"title": "The X"}},
            }
        )
        class Own(Records):
            _metrics = Records.metrics.copy()

        values = np.array([(0, 0, 1, 2.5, 0), (1, 1, 3, 1.5, 1)], self.DTYPE)
        return Own, Own(WRAPPER, values)

    def test_fields_and_filters(self):
        _, own = self.make()
        assert own.x.sum().tolist() == [2.5, 1.5]
        assert own.big.count().tolist() == [0, 1]
        assert own.x.idxmax().tolist() == [INDEX[1], INDEX[3]]
        assert list(own.records_readable.columns) == ["Id", "Column", "row", "The X", "kind"]

    def test_metrics_are_extended(self):
        cls, own = self.make()
        cls.metrics["most"] = {"title": "Most", "calc_func": "x.max", "tags": "own"}
        assert cls(WRAPPER, own.values).stats(["most"], agg_func=None)["Most"].tolist() == [
            2.5,
            1.5,
        ]
        assert "most" not in Records.metrics

    def test_a_field_that_is_missing_is_named(self):
        cls, _ = self.make()
        with pytest.raises(TypeError, match="'kind'"):
            cls(WRAPPER, np.zeros(1, [(n, int) for n in ("id", "col", "row", "x")]))

    def test_names_that_are_taken_are_errors(self):
        cls, _ = self.make()
        with pytest.raises(ValueError, match="'count'"):
            attach_fields(cls, {"row": {"attach": False}, "x": {"attach": "count"}})


class TestErrors:
    def test_matrices_need_a_place_for_every_value(self, orders):
        with pytest.raises(ValueError, match="ignore_index"):
            orders.size.to_pd(idx_arr=np.zeros(5, int))

    def test_trades_need_the_sequence_of_ids(self):
        mixed = ORDERS[[1, 0, 2, 3, 4]]
        with pytest.raises(ValueError, match=r"record 0 comes after record 1.*incl_id"):
            ExitTrades.from_orders(Orders(WRAPPER, mixed, close=CLOSE))

    def test_trades_need_prices(self):
        with pytest.raises(ValueError, match="close"):
            ExitTrades.from_orders(Orders(WRAPPER, ORDERS))

    def test_operators_need_the_same_records(self, orders):
        with pytest.raises(AssertionError):
            orders.size + orders.buy.size


@pytest.mark.parametrize("columns", [1, 500])
def test_a_million_records_take_no_loop_over_them(columns):
    n = 1_000_000
    orders = np.zeros(n, order_dt)
    orders["id"] = np.arange(n)
    orders["col"] = np.repeat(np.arange(columns), n // columns)
    orders["idx"] = np.tile(np.arange(n // columns), columns)
    orders["size"] = 1.0
    orders["price"] = 10.0
    orders["side"] = np.arange(n) % 2
    wrapper = ArrayWrapper(pd.RangeIndex(n // columns), pd.RangeIndex(columns), 2, freq="min")
    close = np.full((n // columns, columns), 10.0)
    trades = ExitTrades.from_orders(Orders(wrapper, orders[:10], close=close))
    trades.stats(silence_warnings=True)  # what compiles
    start = time.process_time()
    trades = ExitTrades.from_orders(Orders(wrapper, orders, close=close))
    assert trades.count().sum() == n // 2
    trades.stats(silence_warnings=True)
    assert trades.pnl.describe().loc["count"].sum() == n // 2
    assert trades.pnl.top_n(3).count().sum() == 3 * columns
    # About 0.5 s; a loop in Python over the records would take many.
    assert time.process_time() - start < 5.0

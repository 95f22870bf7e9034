"""Orders to trades, positions and drawdowns: by hand, and against plain sums."""

from __future__ import annotations

import numpy as np
import pytest
from fillproof.core import records as r
from hypothesis import given, settings
from hypothesis import strategies as st

BUY, SELL = 0, 1


def orders(*rows):
    """Order records from rows (column, idx, side, size, price, fees)."""
    out = np.zeros(len(rows), r.ORDER_RECORD)
    for n, (column, idx, side, size, price, fees) in enumerate(rows):
        out[n] = (n, column, idx, size, price, fees, side)
    return out


def trades_of(table, columns=1, last=50.0, rows=10, kind=r.exit_trades):
    where = r.map_columns(table["col"], columns)
    return kind(table, where, np.full(columns, last), rows)


def test_one_round_trip():
    table = orders((0, 1, BUY, 10, 5.0, 1.0), (0, 4, SELL, 10, 7.0, 2.0))
    (trade,) = trades_of(table)
    assert (trade["entry_idx"], trade["exit_idx"], trade["size"]) == (1, 4, 10)
    assert trade["pnl"] == 20 - 3
    assert trade["return"] == 17 / 50
    assert (trade["direction"], trade["status"]) == (r.LONG, r.CLOSED)


def test_a_short_gains_when_the_price_falls():
    table = orders((0, 0, SELL, 10, 5.0, 0.0), (0, 1, BUY, 10, 4.0, 0.0))
    (trade,) = trades_of(table)
    assert (trade["pnl"], trade["direction"]) == (10, r.SHORT)


@pytest.mark.parametrize("kind", [r.exit_trades, r.entry_trades])
def test_an_order_of_nothing_or_for_nothing_makes_no_trade(kind):
    good = (0, 1, BUY, 10, 5.0, 0.0)
    with pytest.raises(ValueError, match=r"size must be greater than 0: order 1 \(row 4"):
        trades_of(orders(good, (0, 4, SELL, 0, 7.0, 0.0)), kind=kind)
    with pytest.raises(ValueError, match=r"price must be greater than 0: order 1 \(row 4"):
        trades_of(orders(good, (0, 4, SELL, 10, 0.0, 0.0)), kind=kind)


def test_an_open_trade_is_valued_at_the_last_close():
    (trade,) = trades_of(orders((0, 0, BUY, 2, 10.0, 1.0)), last=12.0, rows=5)
    assert (trade["status"], trade["exit_idx"], trade["exit_price"]) == (r.OPEN, 4, 12)
    assert trade["pnl"] == 3
    (trade,) = trades_of(orders((0, 0, BUY, 2, 10.0, 1.0)), last=np.nan)
    assert np.isnan(trade["pnl"])


def test_partial_exits_share_entry_fees_by_size():
    table = orders(
        (0, 0, BUY, 6, 10.0, 3.0),
        (0, 1, BUY, 6, 20.0, 3.0),
        (0, 2, SELL, 4, 30.0, 0.0),
        (0, 3, SELL, 8, 30.0, 0.0),
    )
    first, second = trades_of(table)
    assert (first["size"], first["entry_price"], first["entry_fees"]) == (4, 15, 2)
    assert (second["size"], second["entry_price"], second["entry_fees"]) == (8, 15, 4)
    assert first["parent_id"] == second["parent_id"] == 0
    (position,) = r.positions(trades_of(table))
    assert (position["size"], position["entry_fees"]) == (12, 6)
    assert position["pnl"] == first["pnl"] + second["pnl"]


def test_a_reversal_closes_one_position_and_opens_the_next():
    table = orders((0, 0, BUY, 4, 10.0, 0.0), (0, 1, SELL, 10, 12.0, 5.0))
    first, second = trades_of(table, last=11.0)
    assert (first["size"], first["exit_fees"], first["status"]) == (4, 2, r.CLOSED)
    assert (second["size"], second["entry_fees"], second["direction"]) == (6, 3, r.SHORT)
    assert (second["parent_id"], second["pnl"]) == (1, 6 - 3)


def test_entry_trades_follow_the_entries():
    table = orders((0, 0, BUY, 1, 10.0, 0.0), (0, 1, BUY, 3, 20.0, 0.0), (0, 2, SELL, 4, 30.0, 4.0))
    first, second = trades_of(table, kind=r.entry_trades)
    assert (first["size"], first["exit_fees"], first["pnl"]) == (1, 1, 19)
    assert (second["size"], second["exit_fees"], second["pnl"]) == (3, 3, 27)
    first, second = trades_of(table[:2], kind=r.entry_trades, last=40.0)
    assert (first["pnl"], second["pnl"], first["status"]) == (30, 60, r.OPEN)


def test_columns_are_kept_apart_whatever_their_sequence():
    table = orders(
        (1, 0, BUY, 1, 10.0, 0.0),
        (0, 0, BUY, 1, 20.0, 0.0),
        (1, 1, SELL, 1, 11.0, 0.0),
        (0, 1, SELL, 1, 22.0, 0.0),
    )
    got = trades_of(table, columns=3)
    assert [(x["id"], x["col"], x["pnl"], x["parent_id"]) for x in got] == [
        (0, 0, 2, 0),
        (1, 1, 1, 1),
    ]


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 9), st.integers(1, 20)), max_size=30))
@settings(max_examples=60, deadline=None)
def test_profit_of_all_trades_is_the_cash_that_came_in(steps):
    table = orders(*((0, i, int(side), size, float(price), 0.5) for i, (side, size, price)
                     in enumerate(steps)))  # fmt: skip
    last = 7.0
    sign = np.where(table["side"] == BUY, 1.0, -1.0)
    cash = -(sign * table["size"] * table["price"]).sum() - table["fees"].sum()
    profit = cash + (sign * table["size"]).sum() * last
    for kind in (r.exit_trades, r.entry_trades):
        got = trades_of(table, last=last, rows=len(steps) or 1, kind=kind)
        assert got["pnl"].sum() == pytest.approx(profit, abs=1e-9)
    whole = r.positions(trades_of(table, last=last, rows=len(steps) or 1))
    assert whole["pnl"].sum() == pytest.approx(profit, abs=1e-9)


def test_drawdowns():
    series = np.array([[1.0, 2.0, 1.5, 1.0, 2.5, np.nan, 2.0, 2.2]]).T
    first, second = r.drawdowns(series)
    assert (first["peak_idx"], first["valley_idx"], first["end_idx"]) == (1, 3, 4)
    assert (first["peak_val"], first["valley_val"], first["status"]) == (2, 1, r.CLOSED)
    assert (second["start_idx"], second["end_idx"], second["status"]) == (5, 7, r.OPEN)
    got = r.durations(*(r.drawdowns(series)[f] for f in ("start_idx", "end_idx", "status")))
    assert list(got) == [2, 3]


def test_no_drawdown_of_a_rising_or_empty_series():
    assert len(r.drawdowns(np.arange(5.0)[:, None])) == 0
    assert len(r.drawdowns(np.full((5, 2), np.nan))) == 0
    assert len(r.drawdowns(np.ones((0, 2)))) == 0


@given(st.lists(st.integers(1, 9), min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_the_deepest_drawdown_is_the_deepest_fall_from_the_running_peak(values):
    series = np.array(values, dtype=float)
    expected = (series / np.maximum.accumulate(series) - 1).min()
    got = r.drawdowns(series[:, None])
    depth = ((got["valley_val"] - got["peak_val"]) / got["peak_val"]).min() if len(got) else 0.0
    assert depth == pytest.approx(expected)

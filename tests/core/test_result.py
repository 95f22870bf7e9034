"""Fills to trades, and the tables of a result."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from fillproof.core import metrics
from fillproof.core.bars import Bars
from fillproof.core.costs import Commission
from fillproof.core.orders import FILL, Kind
from fillproof.core.rules import CostBasis
from fillproof.core.simulation import Simulation
from fillproof.core.trades import trades
from hypothesis import given
from programs import any_rules, cases, play, relaxed

DAY = 86_400_000_000_000
#: (open, high, low, close) of six days, and the market orders sent after each.
DAYS = [(10.0, 10.0, 10.0, 10.0), (10, 12, 9, 11), (12, 13, 11, 12), (13, 14, 12, 14)]
DAYS += [(15, 15, 14, 14), (14, 16, 13, 16)]
ORDERS = {0: [10.0], 1: [10.0], 2: [-30.0], 3: [5.0]}


@pytest.fixture
def simulation() -> Simulation:
    columns = [np.array(column, dtype=float) for column in zip(*DAYS, strict=True)]
    bars = Bars.from_arrays(np.arange(6) * DAY, *columns, np.full(6, 100.0), assets=("A",))
    sim = Simulation(bars, cash=1_000.0, commission=Commission("per_share", 0.1))
    for t in range(6):
        sim.step(t)
        for size in ORDERS.get(t, []):
            sim.submit(0, size)
    return sim


def test_a_reversal_ends_one_trade_and_begins_the_next(simulation):
    long, short = simulation.result().trade_rows
    # Bought 10 at 10 and 10 at 12, sold 20 at 13; sold 10 short at 13, bought back 5 at 15.
    assert (long["entry_bar"], long["exit_bar"], long["size"]) == (1, 3, 20.0)
    assert (long["entry_price"], long["exit_price"]) == (11.0, 13.0)
    assert (long["pnl"], long["commission"]) == pytest.approx((40.0, 4.0))
    assert (short["entry_bar"], short["exit_bar"], short["size"]) == (3, -1, -10.0)
    assert (short["entry_price"], short["exit_price"]) == (13.0, 15.0)
    assert (short["pnl"], short["commission"]) == pytest.approx((-10.0, 1.5))
    assert short["open"]
    assert not long["open"]


def test_the_tables(simulation, tmp_path):
    result = simulation.result()
    assert result.orders["status"].to_list() == ["FILLED"] * 4
    assert result.orders["limit"].null_count() == 4
    assert result.fills["size"].to_list() == [10.0, 10.0, -30.0, 5.0]
    assert result.trades["net"].to_list() == pytest.approx([36.0, -11.5])
    assert result.trades["exit"].to_list()[1] is None
    assert result.account["equity"].to_list() == pytest.approx(result.equity.tolist())
    assert result.account["equity"][5] == pytest.approx(1_000 + 40 - 5.5 - 10 - 5 * (16 - 13))
    result.write_parquet(tmp_path)
    for name, frame in result.to_pandas().items():
        assert pl.read_parquet(tmp_path / f"{name}.parquet").equals(getattr(result, name))
        assert list(frame.columns) == getattr(result, name).columns


def test_statistics_are_their_formulas(simulation):
    result = simulation.result()
    stats = result.stats(annual_factor=252.0)
    gains = np.diff(result.equity, prepend=1_000.0) / np.r_[1_000.0, result.equity[:-1]]
    assert stats["total_return"] == result.equity[-1] / 1_000.0 - 1.0
    expected = gains.mean() / gains.std(ddof=1) * math.sqrt(252.0)
    assert stats["sharpe_ratio"] == pytest.approx(expected)
    growth = np.cumprod(1.0 + gains)
    assert stats["max_drawdown"] == pytest.approx(
        (growth / np.maximum.accumulate(growth) - 1).min()
    )
    assert (stats["trades"], stats["win_rate"], stats["profit_factor"]) == (1.0, 1.0, math.inf)
    daily = metrics.return_statistics(gains[:, None])
    assert result.stats()["sharpe_ratio"] == metrics.sharpe_ratio(daily, 365.25)[0]


def test_a_simulation_in_which_nothing_happened():
    price = np.full(3, 10.0)
    sim = Simulation(Bars.from_arrays(np.arange(3) * DAY, *[price] * 4), cash=500.0)
    sim.step(0)
    sim.submit(0, 1.0, Kind.LIMIT, limit=1.0)
    result = sim.result()
    assert [len(getattr(result, name)) for name in ("orders", "fills", "trades")] == [1, 0, 0]
    assert result.equity.tolist() == [500.0] * 3
    stats = result.stats()
    assert (stats["total_return"], stats["trades"]) == (0.0, 0.0)
    assert math.isnan(stats["win_rate"])


def test_a_position_that_ended_outside_the_market():
    fills = np.zeros(2, dtype=FILL)
    fills["bar"] = [1, 5]
    fills["size"] = fills["opened"] = fills["position_size"] = [3.0, 2.0]
    fills["price"] = [10.0, 20.0]
    gone, held = trades(fills, 1)
    assert (gone["open"], gone["exit_bar"], gone["size"]) == (False, -1, 3.0)
    assert math.isnan(gone["exit_price"])
    assert (held["open"], held["entry_bar"], held["entry_price"]) == (True, 5, 20.0)


@relaxed
@given(cases(any_rules))
def test_trades_hold_every_unit_once(case):
    sim = play(case)
    result = sim.result()
    rows, fills = result.trade_rows, result.fill_rows
    if case["rules"].cost_basis == CostBasis.PRICE:  # else fills count commission as price
        assert rows["pnl"].sum() == pytest.approx(fills["pnl"].sum(), abs=1e-9)
    assert rows["commission"].sum() == pytest.approx(fills["commission"].sum(), abs=1e-9)
    for slot, position in enumerate(sim.positions):
        mine = rows[rows["slot"] == slot]
        assert not mine["open"][:-1].any()
        if len(mine):
            assert mine["open"][-1] == (position["size"] != 0.0)
        directions = np.sign(mine["size"])
        moved = fills[fills["slot"] == slot]
        # Flat, then one sign until flat again: as many trades as the positions have stretches.
        signs = np.sign(moved["position_size"])
        before = np.r_[0.0, signs[:-1]] if len(signs) else signs
        assert directions.tolist() == signs[(signs != before) & (signs != 0.0)].tolist()

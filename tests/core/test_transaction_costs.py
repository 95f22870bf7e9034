"""What it cost to trade: benchmarks and implementation shortfall, order by order and in total."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from fillproof.core.bars import Bars
from fillproof.core.costs import Commission, Slippage
from fillproof.core.execution_costs import COST_KINDS, EXECUTION, cost_summary, execution_costs
from fillproof.core.orders import FILL, ORDER, Kind, Reason
from fillproof.core.simulation import Simulation
from hypothesis import given
from hypothesis import strategies as st
from programs import DAY, cases, play, random_bars, relaxed

#: (open, high, low, close, volume) of five bars.
BARS = [(10, 10, 10, 10, 100), (10.2, 10.6, 10.0, 10.4, 60), (10.5, 11.0, 10.4, 10.8, 20)]
BARS += [(10.9, 11.2, 10.7, 11.0, 50), (11.0, 12.0, 11.0, 12.0, 50)]
VALUES = np.array(BARS, dtype=float).T.reshape(5, 1, 5).copy()


def order_rows(*rows: dict) -> np.ndarray:
    orders = np.zeros(len(rows), dtype=ORDER)
    for order, row in zip(orders, rows, strict=True):
        order["stop"] = order["limit"] = math.nan
        order["created_close"], order["closed_bar"] = 10.0, -1
        for name, value in row.items():
            order[name] = value
    return orders


def fill_rows(*rows: tuple) -> np.ndarray:
    fills = np.zeros(len(rows), dtype=FILL)
    for fill, (order, bar, size, price, commission) in zip(fills, rows, strict=True):
        fill["order"], fill["bar"], fill["size"] = order, bar, size
        fill["price"], fill["commission"] = price, commission
    return fills


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_the_parts_of_a_shortfall(side):
    orders = order_rows({"size": side * 100, "filled": side * 80, "closed_bar": 3})
    fills = fill_rows((0, 1, side * 60, 10.3, 3.0), (0, 2, side * 20, 10.5, 1.0))
    (row,) = execution_costs(orders, fills, VALUES, multiplier=np.array([2.0]))
    parts = [row[name] for name in COST_KINDS]
    # A market that rises costs who buys and pays who sells; commission is paid by both.
    assert parts == pytest.approx([side * 32.0, side * 24.0, side * 40.0, 4.0])
    assert row["shortfall"] == pytest.approx(side * 96.0 + 4.0)
    assert (row["arrival"], row["decision"], row["first_price"]) == (10.0, 10.0, 10.2)
    assert (row["average_price"], row["end_price"]) == (pytest.approx(10.35), 11.0)
    vwap = (60 * 31 + 20 * 32.2) / 3 / 80
    assert row["vwap"] == pytest.approx(vwap)
    assert row["arrival_bps"] == pytest.approx(side * 350.0)
    assert row["first_bps"] == pytest.approx(side * 0.15 / 10.2 * 1e4)
    assert row["vwap_bps"] == pytest.approx(side * (10.35 / vwap - 1.0) * 1e4)
    assert row["value"] == 2_000.0
    assert row["shortfall_bps"] == pytest.approx(row["shortfall"] / 2_000.0 * 1e4)


def test_whom_nobody_missed():
    """Orders that were not to fill any more cost no opportunity; one that was, does."""
    orders = order_rows(
        {"size": 5, "kind": Kind.LIMIT, "closed_bar": 3, "reason": Reason.USER},
        {"size": 5, "kind": Kind.LIMIT, "closed_bar": 3, "reason": Reason.GROUP},
        {"size": 5, "kind": Kind.MARKET, "closed_bar": 3, "reason": Reason.PARENT},
        {"size": -5, "kind": Kind.STOP, "stop": 9.0},
        {"size": 5, "kind": Kind.STOP_LIMIT, "stop": 10.5, "triggered": True},
        {"size": 5, "kind": Kind.LIMIT},
    )
    rows = execution_costs(orders, fill_rows(), VALUES)
    assert rows["missed"].tolist() == [5.0, 0.0, 0.0, 0.0, 5.0, 5.0]
    assert rows["opportunity"] == pytest.approx([5.0, 0.0, 0.0, 0.0, 7.5, 10.0])
    assert np.isnan(rows["average_price"]).all()


def test_an_order_with_a_trigger_is_measured_from_it():
    orders = order_rows({"size": -5, "filled": -5, "kind": Kind.STOP, "stop": 9.5,
                         "triggered": True, "closed_bar": 4})  # fmt: skip
    (row,) = execution_costs(orders, fill_rows((0, 4, -5.0, 9.25, 1.0)), VALUES)
    assert (row["delay"], row["slippage"], row["shortfall"]) == (0.0, 1.25, 2.25)
    assert (row["arrival"], row["decision"]) == (10.0, 9.5)
    assert row["vwap"] == pytest.approx(35.0 / 3.0)


def test_a_fill_dated_at_the_bar_of_creation_has_no_delay():
    orders = order_rows({"size": 5, "filled": 5, "closed_bar": 1})
    (row,) = execution_costs(orders, fill_rows((0, 0, 5.0, 10.1, 0.0)), VALUES)
    assert (row["delay"], row["slippage"]) == (0.0, pytest.approx(0.5))


def test_without_a_price_at_creation_the_first_price_counts():
    values = VALUES.copy()
    values[:, 0, :2] = math.nan
    orders = order_rows({"size": 5, "filled": 5, "created_bar": -1, "closed_bar": 2,
                         "created_close": math.nan})  # fmt: skip
    (row,) = execution_costs(orders, fill_rows((0, 2, 5.0, 10.6, 0.0)), values)
    assert (row["decision"], row["first_price"], row["delay"]) == (10.5, 10.5, 0.0)
    assert row["slippage"] == pytest.approx(0.5)
    assert math.isnan(row["arrival_bps"])
    # No bar at all: nothing is known, and nothing breaks.
    (row,) = execution_costs(orders, fill_rows(), np.full((5, 1, 5), math.nan))
    assert math.isnan(row["decision"])
    (row,) = execution_costs(orders, fill_rows(), np.zeros((5, 1, 0)))
    assert math.isnan(row["end_price"])


def test_a_price_of_ones_own_to_compare_with():
    orders = order_rows({"size": 5, "filled": 5, "closed_bar": 1})
    fills = fill_rows((0, 1, 5.0, 10.2, 0.0))
    (row,) = execution_costs(orders, fills, VALUES, arrival=np.array([9.0]))
    assert (row["decision"], row["delay"]) == (9.0, pytest.approx(6.0))
    with pytest.raises(ValueError, match="arrival"):
        execution_costs(orders, fills, VALUES, arrival=np.ones(2))
    with pytest.raises(ValueError, match="asset 0, of 0"):
        execution_costs(orders, fills, VALUES[:, :0])
    with pytest.raises(ValueError, match="order 0, of 0"):
        execution_costs(orders[:0], fills, VALUES)


def test_volume_that_nobody_knows():
    values = VALUES.copy()
    values[4] = math.nan
    orders = order_rows({"size": 5, "filled": 5, "closed_bar": 1})
    (row,) = execution_costs(orders, fill_rows((0, 1, 5.0, 10.2, 0.0)), values)
    assert math.isnan(row["vwap"])
    assert math.isnan(row["vwap_bps"])


def test_a_long_interval_has_the_vwap_of_its_bars():
    bars = random_bars(3, 500, 2, missing=0.1)
    rows = []
    fills = []
    for n, (first, last) in enumerate([(0, 400), (10, 60), (200, 499), (3, 5)]):
        while math.isnan(bars.close[last, n % 2]):
            last -= 1
        rows.append({"size": 5, "filled": 5, "created_bar": first, "asset": n % 2})
        fills.append((n, last, 5.0, 10.0, 0.0))
    found = execution_costs(order_rows(*rows), fill_rows(*fills), bars.values)["vwap"]
    for n, (row, fill) in enumerate(zip(rows, fills, strict=True)):
        part = slice(row["created_bar"] + 1, fill[1] + 1)
        _, high, low, close, volume = (column[n % 2, part] for column in bars.values)
        there = ~np.isnan(close)
        middle = ((high + low + close) / 3.0)[there]
        assert found[n] == pytest.approx(np.average(middle, weights=volume[there]))


@relaxed
@given(cases(), st.booleans())
def test_the_parts_add_up_to_paper_less_real(case, inverse):
    sim = play(case)
    bars = case["bars"]
    orders, fills = sim.orders.copy(), sim.fills.copy()
    factor = np.full(len(bars.assets), 3.0)
    rows = execution_costs(orders, fills, bars.values, multiplier=factor,
                           inverse=np.full(len(bars.assets), inverse))  # fmt: skip
    for order, row in zip(orders, rows, strict=True):
        mine = fills[fills["order"] == row["order"]]

        def profit(units, entry, exit_price):
            if inverse:
                entry, exit_price = -1.0 / entry, -1.0 / exit_price
            return 3.0 * units * (exit_price - entry)

        end = bars.close[: (order["closed_bar"] if order["closed_bar"] >= 0 else 99) + 1]
        end = end[:, order["asset"]]
        end = end[~np.isnan(end)][-1]
        real = sum(profit(f["size"], f["price"], end) - f["commission"] for f in mine)
        paper = profit(mine["size"].sum() + row["missed"], row["decision"], end)
        assert row["shortfall"] == pytest.approx(paper - real, abs=1e-6)
        parts = sum(row[name] for name in COST_KINDS)
        assert row["shortfall"] == pytest.approx(parts, abs=1e-9)
        assert row["filled"] == pytest.approx(order["filled"])
        assert row["missed"] in (0.0, order["size"] - order["filled"])
        assert row["end_price"] == end


def test_the_tables(tmp_path):
    columns = [np.column_stack([column, column]) for column in np.array(BARS, dtype=float).T]
    bars = Bars.from_arrays(np.arange(5) * DAY, *columns, assets=("A", "B"))
    sim = Simulation(bars, cash=1e4, commission=Commission("per_share", 0.01),
                     slippage=Slippage("percent", 0.01))  # fmt: skip
    for t in range(5):
        sim.step(t)
        if t < 3:
            sim.submit(t % 2, 10.0 if t else 20.0)
        if t == 3:
            sim.submit(0, -5.0)
    result = sim.result()
    assert result.executions["side"].to_list() == ["buy", "buy", "buy", "sell"]
    assert result.executions["slippage"].sum() > 0.0
    total = result.cost_table()
    assert total["kind"].to_list() == [*COST_KINDS, "shortfall"]
    assert total["cost"][:4].sum() == pytest.approx(total["cost"][4])
    assert total["bps"].to_list() == pytest.approx(
        (total["cost"] / result.executions["value"].sum() * 1e4).to_list()
    )
    assert len(result.costs) == 15  # five kinds of A bought, A sold and B bought
    for kind, cost in zip(total["kind"], total["cost"], strict=True):
        mine = result.costs.filter(pl.col("kind") == kind)
        assert mine["cost"].sum() == pytest.approx(cost)
        assert mine["orders"].sum() == 4
    result.write_parquet(tmp_path)
    assert pl.read_parquet(tmp_path / "costs.parquet").equals(result.costs)
    assert pl.read_parquet(tmp_path / "executions.parquet").equals(result.executions)
    empty = cost_summary(result.executions.clear())
    assert (empty["cost"].sum(), empty["bps"].null_count()) == (0.0, 5)
    assert len(execution_costs(sim.orders[:0], sim.fills[:0], bars.values)) == 0
    assert set(EXECUTION.names or ()) <= set(result.executions.columns)

"""Fills to trades by every method: against hand-made cases, slow calculations, and in total."""

from __future__ import annotations

import math
from collections import defaultdict, deque

import numpy as np
import pytest
from fillproof.core import records
from fillproof.core.costs import Commission
from fillproof.core.instruments import Instrument
from fillproof.core.matrix import ORDER_RECORD
from fillproof.core.orders import FILL
from fillproof.core.simulation import Simulation
from fillproof.core.trades import TradeMethod, trades
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import any_rules, cases, play, random_bars, relaxed

DAY = 86_400_000_000_000
METHODS = list(TradeMethod)
AVERAGE = [TradeMethod.FLAT, TradeMethod.EXIT, TradeMethod.ENTRY]
many = settings(relaxed, max_examples=200)


def book(executions: list[tuple], multiplier=1.0, inverse: bool = False) -> np.ndarray:
    """`FILL[·]` of (bar, order, size, price, commission per unit, asset): plain accounting."""
    fills = np.zeros(len(executions), dtype=FILL)
    held = defaultdict(float)
    basis = defaultdict(float)
    for fill, (bar, order, size, price, rate, asset) in zip(fills, executions, strict=True):
        level = -1.0 / price if inverse else price
        before = held[asset]
        after = before + size
        if before * size >= 0.0:
            closed, opened = 0.0, size
            basis[asset] = (before * basis[asset] + size * level) / after
        elif before * after >= 0.0:
            closed, opened = size, 0.0
        else:
            closed, opened = -before, after
        fill["pnl"] = -closed * (level - basis[asset]) * multiplier if closed else 0.0
        if opened and closed:
            basis[asset] = level
        held[asset] = after
        fill["bar"], fill["order"], fill["size"], fill["price"] = bar, order, size, price
        fill["time"] = bar * DAY
        fill["closed"], fill["opened"], fill["asset"] = closed, opened, asset
        fill["closed_commission"] = abs(closed) * rate
        fill["opened_commission"] = abs(opened) * rate
        fill["commission"] = abs(size) * rate
        fill["position_size"] = after
        fill["slot"] = asset
    return fills


#: Long 10 at 10 and 10 at 20, out 15 at 30, then 15 at 10: 5 out and 10 short, bought back at 5.
STORY = [
    (0, 0, 10.0, 10.0, 0.1, 0),
    (1, 1, 10.0, 20.0, 0.1, 0),
    (3, 2, -15.0, 30.0, 0.1, 0),
    (4, 3, -15.0, 10.0, 0.1, 0),
    (6, 4, 10.0, 5.0, 0.1, 0),
]
#: Of each trade: entry and exit fill, size, entry and exit price, profit, commission.
TOLD = {
    "flat": [
        (0, 3, 20.0, 15.0, 25.0, 15 * 15.0 - 5 * 5.0, 4.0),
        (3, 4, -10.0, 10.0, 5.0, 50.0, 2.0),
    ],
    "fifo": [
        (0, 2, 10.0, 10.0, 30.0, 200.0, 2.0),
        (1, 2, 5.0, 20.0, 30.0, 50.0, 1.0),
        (1, 3, 5.0, 20.0, 10.0, -50.0, 1.0),
        (3, 4, -10.0, 10.0, 5.0, 50.0, 2.0),
    ],
    "lifo": [
        (1, 2, 10.0, 20.0, 30.0, 100.0, 2.0),
        (0, 2, 5.0, 10.0, 30.0, 100.0, 1.0),
        (0, 3, 5.0, 10.0, 10.0, 0.0, 1.0),
        (3, 4, -10.0, 10.0, 5.0, 50.0, 2.0),
    ],
    "round_trip": [
        (0, 2, 15.0, 200.0 / 15.0, 30.0, 250.0, 3.0),
        (1, 3, 5.0, 20.0, 10.0, -50.0, 1.0),
        (3, 4, -10.0, 10.0, 5.0, 50.0, 2.0),
    ],
    "exit": [
        (0, 2, 15.0, 15.0, 30.0, 225.0, 3.0),
        (0, 3, 5.0, 15.0, 10.0, -25.0, 1.0),
        (3, 4, -10.0, 10.0, 5.0, 50.0, 2.0),
    ],
    "entry": [
        (0, 3, 10.0, 10.0, 25.0, 150.0, 2.0),
        (1, 3, 10.0, 20.0, 25.0, 50.0, 2.0),
        (3, 4, -10.0, 10.0, 5.0, 50.0, 2.0),
    ],
}


@pytest.mark.parametrize("method", TOLD)
def test_one_story_by_each_method(method):
    rows = trades(book(STORY), 1, method)
    names = ["entry_fill", "exit_fill", "size", "entry_price", "exit_price", "pnl", "commission"]
    assert len(rows) == len(TOLD[method])
    for row, told in zip(rows, TOLD[method], strict=True):
        assert [row[name] for name in names] == pytest.approx(told)
        assert (row["entry_order"], row["exit_order"]) == (row["entry_fill"], row["exit_fill"])
        assert not row["open"]
        assert row["return"] == pytest.approx((told[5] - told[6]) / abs(row["entered"] * told[3]))
    assert rows["holding_ns"].tolist() == (rows["exit_time"] - rows["entry_time"]).tolist()


@pytest.mark.parametrize("method", METHODS)
def test_partial_fills_of_an_order_are_one_trade_of_it(method):
    # Order 0 buys 3 + 7, order 1 sells 4 + 6: two lots, four matches are three rows.
    fills = book([(0, 0, 3.0, 10, 0, 0), (1, 0, 7.0, 11, 0, 0), (2, 1, -4.0, 12, 0, 0),
                  (3, 1, -6.0, 13, 0, 0)])  # fmt: skip
    rows = trades(fills, 1, method)
    count = {"FIFO": 3, "LIFO": 3, "ROUND_TRIP": 2}.get(method.name, 1)
    assert len(rows) == count
    assert rows["pnl"].sum() == pytest.approx(4 * 12 + 6 * 13 - 3 * 10 - 7 * 11)
    if method is TradeMethod.EXIT:
        assert rows[0]["exit_price"] == pytest.approx(12.6)
        assert (rows[0]["entry_fill"], rows[0]["exit_fill"]) == (0, 3)
    if method is TradeMethod.ENTRY:
        assert rows[0]["entry_price"] == pytest.approx(10.7)


def test_an_inverse_contract_pays_in_units_of_the_asset():
    # 1000 contracts of 1 dollar, in at 10,000 and 20,000, out at 12,500: profit in coin.
    executions = [(0, 0, 1e3, 1e4, 0, 0), (1, 1, 1e3, 2e4, 0, 0), (2, 2, -2e3, 1.25e4, 0, 0)]
    fills = book(executions, 1.0, inverse=True)
    turned = np.array([True])
    expected = 1e3 / 1e4 + 1e3 / 2e4 - 2e3 / 1.25e4
    for method in METHODS:
        rows = trades(fills, 1, method, inverse=turned)
        assert rows["pnl"].sum() == pytest.approx(expected)
        assert rows["entry_value"].sum() == pytest.approx(1e3 / 1e4 + 1e3 / 2e4)
    (whole,) = trades(fills, 1, inverse=turned)
    assert whole["entry_price"] == pytest.approx(2.0 / (1 / 1e4 + 1 / 2e4))


def test_slots_keep_two_positions_of_an_asset_apart():
    fills = np.concatenate([book([(0, 0, 5.0, 10.0, 0, 0), (3, 1, -5.0, 12.0, 0, 0)]),
                            book([(1, 2, -5.0, 11.0, 0, 0), (2, 3, 5.0, 9.0, 0, 0)])])  # fmt: skip
    fills = fills[[0, 2, 3, 1]]
    for method in METHODS:
        rows = trades(fills, 1, method, slots=np.array([0, 1, 1, 0]))
        assert sorted(rows["slot"]) == [0, 1]
        assert sorted(zip(rows["size"], rows["pnl"], strict=True)) == [(-5.0, 10.0), (5.0, 10.0)]


@pytest.mark.parametrize("method", METHODS)
def test_a_split_between_two_fills(method):
    fills = book([(0, 0, 10.0, 100.0, 0, 0), (5, 1, -20.0, 60.0, 0, 0)])
    # Two for one: the position was 20 when they were sold.
    fills["closed"][1], fills["opened"][1], fills["position_size"][1] = -20.0, 0.0, 0.0
    (row,) = trades(fills, 1, method, values=np.full((5, 1, 9), 55.0))
    assert (row["entered"], row["entry_price"], row["pnl"]) == pytest.approx((20.0, 50.0, 200.0))
    assert row["restated"]
    assert math.isnan(row["mae"])


@pytest.mark.parametrize("method", METHODS)
def test_a_split_after_the_last_fill(method):
    fills = book([(0, 0, 10.0, 100.0, 0, 0), (1, 1, 3.0, 8.0, 0, 1), (2, 2, 2.0, 5.0, 0, 2)])
    values = np.full((5, 3, 9), 60.0)
    given = {"values": values, "positions": np.array([20.0, 0.0, 2.0])}
    split, gone, same = sorted(trades(fills, 3, method, **given), key=lambda row: row["asset"])
    assert (split["held"], split["entry_price"], split["unrealised"]) == (20.0, 50.0, 200.0)
    assert (split["open"], split["restated"], split["entry_value"]) == (True, True, 1_000.0)
    assert (gone["open"], gone["held"], gone["unrealised"]) == (False, 0.0, 0.0)
    assert (same["restated"], same["mfe"], same["unrealised"]) == (False, 110.0, 110.0)


@pytest.mark.parametrize("method", METHODS)
def test_a_position_that_ended_outside_the_market(method):
    fills = book([(0, 0, 3.0, 10.0, 0.1, 0), (5, 1, 2.0, 20.0, 0.1, 0)])
    fills["position_size"][1] = 2.0
    gone, held = trades(fills, 1, method, times=np.arange(8) * DAY)
    assert (gone["open"], gone["exit_bar"], gone["pnl"], gone["held"]) == (False, -1, 0.0, 0.0)
    assert (held["open"], held["entry_bar"], held["held"]) == (True, 5, 2.0)
    assert (gone["holding_ns"], held["holding_ns"]) == (-1, 2 * DAY)
    assert gone["commission"] + held["commission"] == pytest.approx(0.5)


def test_what_rounding_leaves_of_a_position():
    # 0.1 three times is not 0.3: a rounding error stays, is bought into, and is sold with it.
    sizes = [0.1, 0.1, 0.1, -0.3, 0.2, -0.2]
    fills = book([(k, k, size, 10.0 + k, 1.0, 0) for k, size in enumerate(sizes)])
    assert 0.0 < fills["position_size"][3] < 1e-15
    for method in METHODS:
        rows = trades(fills, 1, method, values=np.full((5, 1, 9), 20.0))
        profit = rows["pnl"] + rows["unrealised"]
        assert profit.sum() == pytest.approx(0.3 * 13 - 0.1 * (10 + 11 + 12) + 0.2)
        assert rows["commission"].sum() == pytest.approx(1.0)
        assert len(rows) <= 6


def test_errors_say_what_was_wrong():
    fills = book(STORY)
    with pytest.raises(ValueError, match="hifo"):
        trades(fills, 1, "hifo")
    with pytest.raises(ValueError, match="multiplier"):
        trades(fills, 2, multiplier=np.ones(3))
    with pytest.raises(ValueError, match="slots"):
        trades(fills, 1, slots=np.zeros(2))
    values = np.full((5, 1, 7), 9.0)
    for wrong, match in (
        ({"slots": np.full(5, -1)}, "slots"),
        ({"positions": np.zeros(0)}, "slot 0"),
        ({"values": values[:, :0]}, "values"),
        ({"values": values[..., :6]}, "bar 0 to 6 of 6"),
    ):
        with pytest.raises(ValueError, match=match):
            trades(fills, 1, **wrong)
    with pytest.raises(ValueError, match="asset 0 to 0 of 0"):
        trades(fills, 0)
    for method in METHODS:
        assert len(trades(fills[:0], 1, method, values=np.zeros((5, 1, 0)))) == 0


def test_causes_come_along_where_fills_have_them():
    fills = book(STORY)
    plain = [name for name in FILL.names if name != "cause"]
    bare = np.zeros(len(fills), [(name, FILL[name]) for name in plain])
    for name in plain:
        bare[name] = fills[name]
    assert trades(bare, 1)["exit_cause"].tolist() == [-1, -1]
    caused = np.zeros(len(fills), [*bare.dtype.descr, ("cause", np.int64)])
    for name in plain:
        caused[name] = fills[name]
    caused["cause"] = [0, 0, 3, 4, 5]
    rows = trades(caused, 1, "fifo")
    assert rows["entry_cause"].tolist() == [0, 0, 0, 4]
    assert rows["exit_cause"].tolist() == [3, 3, 4, 5]


@st.composite
def executions(draw, whole: bool = False, assets: int = 2) -> list[tuple]:
    size = st.integers(1, 30) if whole else st.floats(0.01, 100.0)
    count = draw(st.integers(1, 30))
    out = []
    held = defaultdict(float)
    order = -1
    for bar in range(count):
        asset = draw(st.integers(0, assets - 1))
        wanted = draw(size) * draw(st.sampled_from([-1.0, 1.0]))
        if draw(st.integers(0, 3)) == 0 and held[asset] != 0.0:
            wanted = -held[asset]
        if wanted == 0.0 or held[asset] + wanted == held[asset]:
            continue
        same = out and out[-1][5] == asset and out[-1][2] * wanted > 0 and draw(st.booleans())
        order += 0 if same else 1
        held[asset] += wanted
        price = draw(st.integers(4, 80)) * 0.25
        out.append((bar, order, wanted, price, draw(st.sampled_from([0.0, 0.1])), asset))
    return out


@many
@given(executions(), st.sampled_from([1.0, 50.0]), st.booleans(), st.booleans())
def test_all_methods_agree_in_total(made, multiplier, inverse, end_flat):
    held = defaultdict(float)
    for _, _, size, _, _, asset in made:
        held[asset] += size
    if end_flat:
        made = made + [(40, 99 + a, -h, 7.0, 0.1, a) for a, h in held.items() if h != 0.0]
    fills = book(made, multiplier, inverse)
    values = np.full((5, 2, 41), 9.0)
    level = -1 / 9.0 if inverse else 9.0
    worths = -1 / fills["price"] if inverse else fills["price"]
    whole = multiplier * (fills["size"] * (level - worths)).sum()
    size = np.abs(fills["size"]).sum()
    for method in METHODS:
        rows = trades(fills, 2, method, multiplier=np.full(2, multiplier),
                      inverse=np.full(2, inverse), values=values)  # fmt: skip
        close = {"rel": 1e-7, "abs": 1e-9 * size * multiplier}
        assert rows["entered"].sum() == pytest.approx(fills["opened"].sum(), **close)
        left = [-fills["size"][fills["asset"] == a].sum() for a in (0, 1)]
        for asset in (0, 1):
            mine = rows[rows["asset"] == asset]
            assert mine["held"].sum() == pytest.approx(-left[asset], **close)
        assert rows["commission"].sum() == pytest.approx(fills["commission"].sum(), **close)
        assert (rows["pnl"] + rows["unrealised"]).sum() == pytest.approx(whole, **close)
        if end_flat or method in AVERAGE:
            assert rows["pnl"].sum() == pytest.approx(fills["pnl"].sum(), **close)
        if end_flat:
            assert not rows["open"].any()
        assert (np.abs(rows["held"]) <= np.abs(rows["entered"]) * (1 + 1e-9)).all()
        assert (rows["mae"] <= 0.0).all()
        assert (rows["mfe"] >= 0.0).all()


def matched(fills: np.ndarray, latest_first: bool) -> dict[tuple[int, int], int]:
    """Units by (entry fill, exit fill), one unit at a time."""
    lots: dict[int, deque] = defaultdict(deque)
    out: dict[tuple[int, int], int] = defaultdict(int)
    for k, fill in enumerate(fills):
        open_units = lots[int(fill["asset"])]
        for _ in range(int(abs(fill["closed"]))):
            out[open_units.pop() if latest_first else open_units.popleft(), k] += 1
        open_units.extend([k] * int(abs(fill["opened"])))
    for open_units in lots.values():
        for k in open_units:
            out[k, -1] += 1
    return dict(out)


@many
@given(executions(whole=True))
def test_lots_unit_by_unit(made):
    fills = book(made)
    for method in (TradeMethod.FIFO, TradeMethod.LIFO):
        rows = trades(fills, 2, method)
        expected = matched(fills, method is TradeMethod.LIFO)
        keys = list(zip(rows["entry_fill"].tolist(), rows["exit_fill"].tolist(), strict=True))
        assert len(set(keys)) == len(keys)
        assert dict(zip(keys, np.abs(rows["size"]).tolist(), strict=True)) == expected
        for row in rows:
            assert row["entry_price"] == fills["price"][row["entry_fill"]]
            if not row["open"]:
                gain = fills["price"][row["exit_fill"]] - row["entry_price"]
                assert row["pnl"] == pytest.approx(row["size"] * gain, abs=1e-9)
                assert row["exit_price"] == fills["price"][row["exit_fill"]]
    merged = trades(fills, 2, "round_trip")
    fifo = trades(fills, 2, "fifo")
    for row in merged[~merged["open"]]:
        parts = fifo[fifo["exit_fill"] == row["exit_fill"]]
        assert row["entry_fill"] == parts["entry_fill"].min()
        for name in ("size", "pnl", "commission", "entry_value"):
            assert row[name] == pytest.approx(parts[name].sum(), abs=1e-9)


@many
@given(executions())
def test_trades_of_orders_are_those_of_order_records(made):
    """The same positions through the other table: orders of one fill each, asset by asset."""
    made = [(bar, n, *rest) for n, (bar, _, *rest) in enumerate(made)]
    fills = book(made)
    orders = np.zeros(len(fills), dtype=ORDER_RECORD)
    orders["id"] = np.arange(len(fills))
    orders["col"] = fills["asset"]
    orders["idx"] = fills["bar"]
    orders["size"] = np.abs(fills["size"])
    orders["price"] = fills["price"]
    orders["fees"] = fills["commission"]
    orders["side"] = np.where(fills["size"] > 0, 0, 1)
    columns = records.map_columns(orders["col"], 2)
    last = np.full(2, 9.0)
    values = np.full((5, 2, 41), 9.0)
    for method, table in ((TradeMethod.EXIT, records.exit_trades), (TradeMethod.ENTRY,
                          records.entry_trades)):  # fmt: skip
        rows = trades(fills, 2, method, values=values)
        expected = table(orders, columns, last, 41)
        assert len(rows) == len(expected)
        order = np.lexsort((rows["entry_fill"], np.where(rows["open"], 99, rows["exit_fill"]),
                            rows["asset"]))  # fmt: skip
        for row, other in zip(rows[order], expected, strict=True):
            close = {"rel": 1e-6, "abs": 1e-6}
            assert abs(row["size"]) == pytest.approx(other["size"], **close)
            assert (row["size"] > 0) == (other["direction"] == records.LONG)
            assert row["entry_bar"] == other["entry_idx"]
            assert row["entry_price"] == pytest.approx(other["entry_price"], **close)
            assert row["entry_commission"] == pytest.approx(other["entry_fees"], **close)
            assert row["exit_commission"] == pytest.approx(other["exit_fees"], **close)
            net = row["pnl"] + row["unrealised"] - row["commission"]
            assert net == pytest.approx(other["pnl"], **close)
            assert row["return"] == pytest.approx(other["return"], **close)
            assert row["open"] == (other["status"] == records.OPEN)


def seen(fill_rows, bars, first: int, last: int, whole: bool) -> list[float]:
    """Every price of an asset from bar `first` to bar `last` that the rule counts."""
    (asset,) = set(fill_rows["asset"].tolist())
    open_, high, low, close, _ = bars.values[:, asset]
    if whole:
        return [*high[first : last + 1], *low[first : last + 1]]
    out = [*high[first + 1 : last], *low[first + 1 : last]]
    if first < last:
        out.append(close[first])
        if last < len(close):
            out.append(open_[last])
    return out


@pytest.mark.parametrize("whole", [False, True])
def test_excursions_bar_by_bar(whole):
    rng = np.random.default_rng(4)
    for seed in range(12):
        bars = random_bars(seed, 120, 2, missing=0.1)
        made = []
        for bar in np.sort(rng.integers(0, 118, 25)).tolist():
            asset = int(rng.integers(0, 2))
            price = bars.close[bar, asset]
            if not math.isnan(price):
                size = float(rng.integers(1, 9) * rng.choice([-1.0, 1.0]))
                made.append((bar, len(made), size, float(price), 0.0, asset))
        fills = book(made, 3.0)
        for method in METHODS:
            rows = trades(fills, 2, method, multiplier=np.full(2, 3.0), values=bars.values,
                          times=bars.times, whole_bars=whole)  # fmt: skip
            for row in rows:
                profits = [0.0, row["pnl"] + row["unrealised"]]
                mine = fills[fills["asset"] == row["asset"]]
                if method is TradeMethod.FLAT:
                    first, last = row["entry_fill"], row["exit_fill"]
                    upto = len(fills) if last < 0 else last + 1
                    part = fills[first:upto]
                    part = part[part["asset"] == row["asset"]]
                    held = flow = 0.0
                    for k, fill in enumerate(part):
                        profits.append(flow + held * fill["price"] * 3.0)
                        opens = k == 0 or fill["closed"] == 0.0
                        units = fill["opened"] if k == 0 else fill["closed"]
                        units = fill["opened"] if opens else units
                        held += units
                        flow -= units * fill["price"] * 3.0
                        if not row["open"] and k == len(part) - 1:
                            break
                        end = part["bar"][k + 1] if k + 1 < len(part) else 120
                        prices = seen(mine, bars, fill["bar"], end, whole)
                        profits += [flow + held * price * 3.0 for price in prices]
                else:
                    end = 120 if row["open"] else row["exit_bar"]
                    prices = seen(mine, bars, row["entry_bar"], end, whole)
                    if not row["open"]:
                        prices.append(row["exit_price"])
                    gains = [(price - row["entry_price"]) for price in prices]
                    profits += [row["entered"] * gain * 3.0 for gain in gains]
                assert row["mfe"] == pytest.approx(np.nanmax(profits), abs=1e-9)
                assert row["mae"] == pytest.approx(np.nanmin(profits), abs=1e-9)
                assert row["mfe_return"] == row["mfe"] / row["entry_value"]
                last = 119 if row["open"] else row["exit_bar"]
                there = ~np.isnan(bars.close[row["entry_bar"] + 1 : last + 1, row["asset"]])
                assert row["holding_bars"] == there.sum()


def test_what_is_known_of_the_bars_of_fills():
    # In at 10 in bar 0, out at 12 in bar 2. The low of bar 0 may have come before the entry.
    columns = [[9, 11, 12], [13, 14, 20], [5, 10, 3], [11, 12, 4], [1, 1, 1]]
    values = np.array(columns, dtype=float)[:, None]
    fills = book([(0, 0, 2.0, 10.0, 0.0, 0), (2, 1, -2.0, 12.0, 0.0, 0)])
    (known,) = trades(fills, 1, values=values)
    (whole,) = trades(fills, 1, values=values, whole_bars=True)
    assert (known["mfe"], known["mae"]) == (8.0, 0.0)
    assert (whole["mfe"], whole["mae"]) == (20.0, -14.0)
    assert (whole["mfe_return"], whole["mae_return"]) == (1.0, -0.7)


@relaxed
@given(cases(any_rules))
def test_trades_explain_the_equity(case):
    sim = play(case)
    result = sim.result()
    for method in METHODS:
        rows = result.trades_by(method)
        profit = (rows["pnl"] + rows["unrealised"] - rows["commission"]).sum()
        assert case["cash"] + profit == pytest.approx(sim.equity, abs=1e-6)
        assert rows["commission"].sum() == pytest.approx(sim.fills["commission"].sum(), abs=1e-9)


def test_trades_explain_the_equity_of_contracts_and_splits():
    """An inverse perpetual, a future and a share that splits, through the engine."""
    bars = random_bars(5, 40, 3)
    kinds = [
        Instrument.perpetual(5.0, inverse=True, multiplier=10.0),
        Instrument(multiplier=50.0, margin=20.0),
        Instrument(),
    ]
    sim = Simulation(bars, cash=1e5, instruments=kinds, commission=Commission("per_share", 0.01))
    rng = np.random.default_rng(1)
    for t in range(40):
        if t == 11:
            assert sim.position_size(2) != 0.0
            sim.split(2, 0.5)
        sim.step(t)
        if t < 36:
            sim.submit(t % 3, float(rng.integers(1, 9) * rng.choice([-2, 2])))
        elif t < 38 and sim.position_size(t - 36) != 0.0:
            sim.submit(t - 36, -sim.position_size(t - 36))
    result = sim.result()
    for method in METHODS:
        rows = result.trades_by(method)
        contracts = rows[rows["asset"] < 2]
        assert not (contracts["open"] | contracts["restated"]).any()
        assert rows["restated"].any()
        profit = (rows["pnl"] + rows["unrealised"] - rows["commission"]).sum()
        assert 1e5 + profit == pytest.approx(sim.equity, rel=1e-9)

"""Matrices of signals and orders: golden scenarios, properties, a slow calculation, JIT off."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fillproof.core import matrix as m
from fillproof.core.execution import InvalidOrder, OrderRejected
from fillproof.core.order_matrix import simulate_orders
from fillproof.core.signals import simulate_signals
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from matrix_inputs import inputs, pools, slow_signals


def trade(close, cash=100.0, shared=False, sequence=None, switches=None, **values):
    """Run signals; returns rows (column, idx, side, size, price, fees)."""
    columns = np.shape(close)[1] if np.ndim(close) == 2 else 1
    out = simulate_signals(
        inputs(close, **values), pools(columns, cash, sequence, shared), **(switches or {})
    )
    return rows_of(out)


def order(close, cash=100.0, shared=False, sequence=None, switches=None, **values):
    """Run orders; returns rows (column, idx, side, size, price, fees)."""
    columns = np.shape(close)[1] if np.ndim(close) == 2 else 1
    values.setdefault("sides", 2)
    out = simulate_orders(
        inputs(close, **values), pools(columns, cash, sequence, shared), **(switches or {})
    )
    return rows_of(out)


def rows_of(out):
    assert list(out["id"]) == list(range(len(out)))
    fields = ("col", "idx", "side", "size", "price", "fees")
    return [tuple(float(x[f]) for f in fields) for x in out]


T, F = True, False


class TestSignals:
    def test_enters_with_all_cash_and_leaves_with_all_units(self):
        got = trade([10, 11, 12, 13], entries=[T, T, F, F], exits=[F, F, T, T])
        assert got == [(0, 0, 0, 10, 10, 0), (0, 2, 1, 10, 12, 0)]

    def test_fees_come_out_of_the_cash_of_the_entry(self):
        got = trade([10.0, 20.0], entries=[T, F], exits=[F, T], fees=0.25, fixed_fees=0.0)
        assert got == [(0, 0, 0, 8, 10, 20), (0, 1, 1, 8, 20, 40)]

    def test_slippage_moves_the_price_against_the_order(self):
        got = trade([10.0, 20.0], entries=[T, F], exits=[F, T], slippage=0.25)
        assert [x[4] for x in got] == [12.5, 15.0]

    def test_short_sells_all_the_free_cash_and_buys_back(self):
        got = trade([10.0, 8.0], sides=1, entries=[T, F], exits=[F, T])
        assert got == [(0, 0, 1, 10, 10, 0), (0, 1, 0, 10, 8, 0)]

    def test_both_sides_reverse_in_one_order(self):
        got = trade([10.0, 10.0], sides=2, entries=[T, F], exits=[F, T], size=4.0)
        assert got == [(0, 0, 0, 4, 10, 0), (0, 1, 1, 8, 10, 0)]

    @pytest.mark.parametrize(("mode", "sides"), [(0, []), (1, [0]), (2, []), (3, []), (4, [])])
    def test_entry_and_exit_together_while_flat(self, mode, sides):
        got = trade([10.0], entries=[T], exits=[T], long_conflict=mode)
        assert [x[2] for x in got] == sides

    @pytest.mark.parametrize(
        ("mode", "sides"), [(0, [0]), (1, [0]), (2, [0, 1]), (3, [0]), (4, [0, 1])]
    )
    def test_entry_and_exit_together_while_long(self, mode, sides):
        got = trade([10.0, 10.0], entries=[T, T], exits=[F, T], long_conflict=mode)
        assert [x[2] for x in got] == sides

    @pytest.mark.parametrize(
        ("mode", "sizes"),
        [(0, [2]), (1, [2, 2]), (2, [2, 2]), (3, [2, 4]), (4, [2, 4])],
    )
    def test_entry_against_the_position(self, mode, sizes):
        got = trade(
            [10.0, 10.0], sides=2, entries=[T, F], exits=[F, T], size=2.0, opposite_entry=mode
        )
        assert [x[3] for x in got] == sizes

    @pytest.mark.parametrize(
        ("mode", "sizes"), [(0, [1, 1]), (1, [1, 1, 1]), (2, [1, 1, 2]), (3, [1, 1])]
    )
    def test_accumulation(self, mode, sizes):
        got = trade(
            [10.0, 10.0, 10.0], entries=[T, T, F], exits=[F, F, T], size=1.0, accumulate=mode
        )
        assert [x[3] for x in got] == sizes

    def test_a_missing_price_sends_no_order(self):
        got = trade([np.nan, 10.0], entries=[T, T], exits=[F, F])
        assert [x[1] for x in got] == [1]

    def test_lock_cash_bounds_a_short(self):
        got = trade([10.0], sides=1, entries=[T], exits=[F], size=50.0, lock_cash=1)
        assert [x[3] for x in got] == [10]
        got = trade([10.0], sides=1, entries=[T], exits=[F], size=50.0)
        assert [x[3] for x in got] == [50]

    def test_limits_of_the_size(self):
        assert trade([10.0], entries=[T], exits=[F], max_size=3.0)[0][3] == 3
        assert trade([10.0], entries=[T], exits=[F], min_size=11.0) == []
        assert trade([11.0], entries=[T], exits=[F], granularity=0.5)[0][3] == 9
        assert trade([10.0], entries=[T], exits=[F], size=20.0, allow_partial=0) == []

    def test_granules_by_floor_division_or_by_the_floor_of_the_quotient(self):
        common = {"entries": [T], "exits": [F], "size": 45.4, "granularity": 0.001, "cash": 1e6}
        assert trade([10.0], **common)[0][3] == 45400 * 0.001
        assert trade([10.0], switches={"floor_division": True}, **common)[0][3] == 45399 * 0.001


class TestStops:
    STOPS = {"use_stops": True}  # noqa: RUF012

    def stop(self, close, **values):
        values.setdefault("entries", [T] + [F] * (len(close) - 1))
        return trade(close, exits=F, switches=self.STOPS, **values)

    def test_stop_loss_trades_at_its_level_inside_the_bar(self):
        got = self.stop([100.0, 97.0], open=[100, 99], high=[100, 99], low=[100, 90], sl_stop=0.05)
        assert [x[1:5] for x in got] == [(0, 0, 1, 100), (1, 1, 1, 95)]

    def test_a_gap_through_the_level_trades_at_the_open(self):
        got = self.stop([100.0, 91.0], open=[100, 92], high=[100, 93], low=[100, 90], sl_stop=0.05)
        assert got[1][4] == 92

    def test_take_profit(self):
        got = self.stop([100.0, 108.0], open=[100, 105], high=[100, 112], low=[100, 104],
                        tp_stop=0.1)  # fmt: skip
        assert got[1][4] == pytest.approx(110)

    def test_the_loss_comes_before_the_profit(self):
        got = self.stop([100.0, 100.0], open=[100, 100], high=[100, 120], low=[100, 80],
                        sl_stop=0.05, tp_stop=0.05)  # fmt: skip
        assert got[1][4] == 95

    def test_trailing_uses_highs_from_the_bar_before(self):
        got = self.stop(
            [100.0, 109.0, 109.0, 100.0],
            open=[100, 101, 109, 108],
            high=[150, 110, 109, 108],
            low=[100, 98, 104, 90],
            sl_stop=0.05,
            sl_trail=1,
        )
        # The entry bar's high of 150 does not count; 110 * 0.95 = 104.5 fires on bar 2.
        assert [x[1] for x in got] == [0, 2]
        assert got[1][4] == pytest.approx(104.5)

    def test_a_stop_of_a_short_lies_above(self):
        got = self.stop([100.0, 103.0], sides=1, open=[100, 101], high=[100, 106], low=[100, 101],
                        sl_stop=0.05)  # fmt: skip
        assert got[1][1:5] == (1, 0, 1, 105)

    @pytest.mark.parametrize(("at", "price"), [(0, 95.0), (1, 85.5), (2, 87.3), (3, 87.3)])
    def test_price_of_the_exit(self, at, price):
        got = self.stop([100.0, 97.0], open=[100, 99], high=[100, 99], low=[100, 90],
                        sl_stop=0.05, slippage=[0.0, 0.1], stop_exit_price=at)  # fmt: skip
        assert got[1][4] == pytest.approx(price)

    @pytest.mark.parametrize(("mode", "size"), [(0, 1.0), (1, 1.0), (2, 2.0), (3, 2.0)])
    def test_what_a_stop_does(self, mode, size):
        got = self.stop([100.0, 90.0], size=1.0, sl_stop=0.05, stop_exit=mode)
        assert got[1][3] == size

    def test_reversing_stops_outgrow_the_first_estimate(self):
        close = np.where(np.arange(200) % 2 == 0, 100.0, 50.0)
        got = self.stop(close, size=1.0, sl_stop=0.1, stop_exit=2, cash=1e6)
        assert len(got) > 100
        assert [x[2] for x in got[:4]] == [0, 1, 0, 1]

    def test_a_stop_fills_where_the_close_is_missing(self):
        got = self.stop([100.0, np.nan], open=[100, 99], high=[100, 99], low=[100, 90],
                        sl_stop=0.05)  # fmt: skip
        assert got[1][4] == 95

    def test_a_negative_stop_is_named(self):
        with pytest.raises(InvalidOrder, match=r"row 1, column 0.*stop"):
            self.stop([100.0, 100.0], sl_stop=-0.1)


class TestOrders:
    def test_size_types(self):
        def first(size, size_type, **more):
            got = order([10.0], size=[size], size_type=size_type, **more)
            return got[0][2], got[0][3]

        assert first(3.0, 0) == (0, 3)
        assert first(-3.0, 0) == (1, 3)
        assert first(50.0, 1) == (0, 5)
        assert first(0.5, 2) == (0, 5)
        assert first(4.0, 3) == (0, 4)
        assert first(40.0, 4) == (0, 4)
        assert first(0.4, 5) == (0, 4)
        assert first(-0.4, 5) == (1, 4)

    def test_targets_trade_the_difference(self):
        got = order([10.0, 20.0, 20.0], size=[0.5, 0.5, 0.0], size_type=5)
        assert [x[2:4] for x in got] == [(0, 5), (1, 1.25), (1, 3.75)]

    def test_shared_cash_is_spent_in_column_order(self):
        close = np.full((1, 3), 10.0)
        got = order(close, shared=True, size=[[6.0, 6.0, 6.0]])
        assert [(x[0], x[3]) for x in got] == [(0, 6), (1, 4)]

    def test_the_call_sequence_decides_who_trades_first(self):
        close = np.full((1, 3), 10.0)
        got = order(close, shared=True, sequence=np.array([[2, 1, 0]]), size=[[6.0, 6.0, 6.0]])
        assert [(x[0], x[3]) for x in got] == [(2, 6), (1, 4)]

    def test_sales_first_frees_cash(self):
        close = np.full((2, 2), 10.0)
        size = [[0.0, 1.0], [1.0, 0.0]]
        got = order(close, shared=True, sequence="auto", size=size, size_type=5)
        assert [(x[0], x[1], x[2], x[3]) for x in got] == [
            (1, 0, 0, 10),
            (1, 1, 1, 10),
            (0, 1, 0, 10),
        ]
        got = order(close, shared=True, size=size, size_type=5)
        assert [(x[0], x[1], x[2]) for x in got] == [(1, 0, 0), (1, 1, 1)]

    @pytest.mark.parametrize(
        ("unvalued_last", "expected"),
        [(False, [(0, 1, 9.3), (1, 0, 5.018)]), (True, [(1, 0, 2.6), (0, 1, 6.882)])],
    )
    def test_the_place_of_a_sale_without_a_valuation_price(self, unvalued_last, expected):
        got = order(
            np.full((1, 2), 10.0),
            shared=True,
            sequence="auto",
            size=[[-0.93, 0.26]],
            size_type=2,
            val_price=-np.inf,
            switches={"unvalued_last": unvalued_last},
        )
        assert [(x[0], x[2], round(x[3], 9)) for x in got] == expected

    def test_a_bad_sequence_is_named(self):
        with pytest.raises(InvalidOrder, match="call sequence"):
            order(np.full((1, 2), 10.0), shared=True, sequence=np.array([[0, 2]]), size=1.0)

    def test_rejection_raises_where_asked(self):
        with pytest.raises(OrderRejected, match=r"row 1, column 0.*no cash"):
            order([10.0, 10.0], size=10.0, raise_reject=1)

    def test_the_first_fault_in_column_order_counts(self):
        close = np.array([[10.0, -1.0], [-1.0, 10.0]])
        with pytest.raises(InvalidOrder, match="row 1, column 0"):
            order(close, size=1.0)

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("fees", np.inf, "fees"),
            ("slippage", -0.1, "slippage"),
            ("min_size", -1.0, "min_size"),
            ("max_size", 0.0, "max_size"),
            ("granularity", -1.0, "size_granularity"),
            ("size_type", 9, "size type"),
            ("sides", 7, "direction"),
        ],
    )
    def test_impossible_orders_are_named(self, name, value, words):
        with pytest.raises(InvalidOrder, match=words):
            order([10.0], size=1.0, **{name: value})


def random_case(seed: int, rows: int = 60, columns: int = 3):
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.03, (rows, columns)), 0))
    return {
        "close": close,
        "entries": rng.random((rows, columns)) < 0.2,
        "exits": rng.random((rows, columns)) < 0.2,
        "fees": float(rng.choice([0.0, 0.001, 0.02])),
        "slippage": float(rng.choice([0.0, 0.001])),
        "sides": int(rng.integers(3)),
        "sl_stop": float(rng.choice([0.03, 0.1])),
        "tp_stop": float(rng.choice([0.05, 0.2])),
        "sl_trail": int(rng.integers(2)),
        "accumulate": int(rng.integers(4)),
        "size": float(rng.choice([np.inf, 1.0, 0.3])),
    }


STOPS = {"use_stops": True}
seeds = st.integers(0, 2**32 - 1)


class TestProperties:
    @given(seeds)
    @settings(max_examples=30, deadline=None)
    def test_slow_calculation_agrees(self, seed):
        case = random_case(seed, columns=1)
        del case["sl_trail"], case["accumulate"], case["size"], case["sides"]
        got = trade(switches=STOPS, **case)
        expected = slow_signals(
            case["close"][:, 0],
            case["entries"][:, 0],
            case["exits"][:, 0],
            100.0,
            case["fees"],
            case["slippage"],
            case["sl_stop"],
            case["tp_stop"],
        )
        assert [x[1:3] for x in got] == [x[:2] for x in expected]
        np.testing.assert_allclose([x[3:] for x in got], [x[2:] for x in expected], rtol=1e-9)

    @given(seeds)
    @settings(max_examples=20, deadline=None)
    def test_the_same_input_gives_the_same_bits_in_any_form(self, seed):
        case = random_case(seed)
        plain = trade(switches=STOPS, **case)
        assert plain == trade(switches=STOPS, **case)
        wide = {
            name: np.asfortranarray(np.broadcast_to(np.asarray(value), case["close"].shape))
            for name, value in case.items()
        }
        assert plain == trade(switches=STOPS, **wide)
        read_only = {name: np.array(value) for name, value in case.items()}
        for array in read_only.values():
            array.flags.writeable = False
        assert plain == trade(switches=STOPS, **read_only)

    @given(seeds, st.integers(1, 59))
    @settings(max_examples=20, deadline=None)
    def test_a_prefix_of_the_data_gives_a_prefix_of_the_fills(self, seed, rows):
        case = random_case(seed)
        whole = trade(switches=STOPS, **case)
        cut = {k: v[:rows] if isinstance(v, np.ndarray) else v for k, v in case.items()}
        assert trade(switches=STOPS, **cut) == [x for x in whole if x[1] < rows]

    @given(seeds)
    @settings(max_examples=20, deadline=None)
    def test_columns_do_not_touch_each_other(self, seed):
        case = random_case(seed)
        whole = trade(switches=STOPS, **case)
        for j in range(3):
            alone = {k: v[:, j] if isinstance(v, np.ndarray) else v for k, v in case.items()}
            assert trade(switches=STOPS, **alone) == [(0.0, *x[1:]) for x in whole if x[0] == j]

    @given(seeds)
    @settings(max_examples=20, deadline=None)
    def test_many_columns_run_as_few(self, seed):
        case = random_case(seed, rows=12, columns=150)
        whole = trade(switches=STOPS, **case)
        some = {k: v[:, 100:] if isinstance(v, np.ndarray) else v for k, v in case.items()}
        assert trade(switches=STOPS, **some) == [(x[0] - 100, *x[1:]) for x in whole if x[0] >= 100]

    @given(seeds)
    @settings(max_examples=20, deadline=None)
    def test_shared_cash_never_runs_below_zero_for_longs(self, seed):
        case = random_case(seed)
        case["sides"] = 0
        got = trade(shared=True, switches=STOPS, **case)
        cash = 100.0
        for _, _, side, size, price, fees in got:
            cash += (size * price if side == 1 else -size * price) - fees
            assert cash >= -1e-9 * 100

    @given(seeds)
    @settings(max_examples=20, deadline=None)
    def test_fills_lie_in_the_bar_before_slippage(self, seed):
        case = random_case(seed)
        case["slippage"] = 0.0
        low = case["close"] * 0.97
        high = case["close"] * 1.02
        got = trade(switches=STOPS, open=case["close"], high=high, low=low, **case)
        for column, row, _, _, price, _ in got:
            assert low[int(row), int(column)] <= price <= high[int(row), int(column)]


JIT_OFF = """
import sys
sys.path.insert(0, {folder!r})
from test_signals import STOPS, order, random_case, trade
for seed in range(6):
    case = random_case(seed, rows=30)
    print(trade(switches=STOPS, **case))
    print(trade(shared=True, sequence="auto", **case))
    del case["entries"], case["exits"], case["sides"]
    print(order(size_type=seed, shared=seed % 2 == 0, **{{**case, "size": 0.4}}))
"""


def test_jit_off_gives_the_same():
    script = JIT_OFF.format(folder=str(Path(__file__).parent))
    out = []
    for off in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "NUMBA_DISABLE_JIT": off},
            capture_output=True,
            text=True,
            check=True,
        )
        out.append(done.stdout)
    assert out[0].count("\n") == 18
    assert out[0] == out[1]


def test_nothing_as_large_as_the_matrix_is_made_for_a_scalar():
    close = np.full((1000, 50), 10.0)
    laid = inputs(close, entries=True, exits=False, fees=0.001)
    assert laid.packed.size < m.N_INPUTS
    assert np.shares_memory(laid.arrays[m.CLOSE], close)


def test_a_shape_that_does_not_fit_is_named():
    with pytest.raises(ValueError, match=r"\(3, 2\).*\(4, 1\)"):
        inputs(np.ones((4, 1)), entries=np.zeros((3, 2), bool))


@pytest.mark.parametrize("gap", [0, 1, 2, 50])
def test_records_of_pools_are_closed_up_where_they_overlap(gap):
    count = np.array([900, 0, 700, 1, 800])
    base = np.cumsum(count + gap) - count - gap
    records = np.zeros(int(base[-1] + count[-1]) + gap, m.ORDER_RECORD)
    for name in m.ORDER_RECORD.names or ():
        records[name] = np.random.default_rng(3).integers(0, 1000, len(records))
    expected = np.concatenate([records[b : b + n] for b, n in zip(base, count, strict=True)])
    expected["id"] = np.arange(count.sum())
    np.testing.assert_array_equal(m.close_up(records, base, count), expected)

"""Signals with waiting entries, late trailing stops and margin: scenarios, a slow calculation,
the bar engine, properties."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest
from fillproof.core import matrix as m
from fillproof.core import pending_inputs as engine
from fillproof.core.bars import Bars
from fillproof.core.costs import Commission
from fillproof.core.instruments import Instrument
from fillproof.core.orders import Kind, TimeInForce
from fillproof.core.pending_signals import simulate_pending_signals
from fillproof.core.risk import StopLoss, TakeProfit, Trailing
from fillproof.core.rules import (
    BracketActivation,
    BuyingPower,
    CashCheck,
    Queue,
    Rules,
    TrailUpdate,
)
from fillproof.core.signals import simulate_signals
from fillproof.core.simulation import Simulation
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from matrix_inputs import PLAIN, pools
from pending_model import Model

seeds = st.integers(0, 2**32 - 1)
NAN = math.nan


def inputs(close, **values):
    """As `matrix_inputs.inputs`, with those of `pending_signals`."""
    number = {name.upper(): None for name in values}
    for name in number:
        number[name] = getattr(m if hasattr(m, name) else engine, name)
    named = {
        number[name.upper()]: np.asarray(v)[:, None] if np.ndim(v) == 1 else v
        for name, v in values.items()
    }
    close = np.asarray(close, float)
    close = close[:, None] if close.ndim == 1 else close
    every = {**PLAIN, **engine.PLAIN, m.CLOSE: close, **named}
    return m.Inputs.of(close.shape, every, engine.N_PENDING_INPUTS)


def simulate(close, cash=100.0, four_arrays=False, **values):
    columns = np.shape(close)[1] if np.ndim(close) == 2 else 1
    return simulate_pending_signals(
        inputs(close, **values), pools(columns, cash), four_arrays=four_arrays, use_stops=True
    )


def fills(close, **values):
    """Rows (row, side, size, price, kind)."""
    fields = ("idx", "side", "size", "price", "kind")
    return [tuple(x[f].item() for f in fields) for x in simulate(close, **values)]


def bars(*rows):
    """open, high, low and close of bars."""
    return dict(zip(("open", "high", "low", "close"), np.array(rows, float).T, strict=True))


def entry_at(row, rows):
    return np.arange(rows) == row


BUY, SELL = 0, 1
LIMIT, STOP = engine.ENTRY_LIMIT, engine.ENTRY_STOP


def market(seed, rows=40, columns=1):
    rng = np.random.default_rng(seed)
    shape = (rows, columns)
    close = np.round(100 * np.exp(np.cumsum(rng.normal(0, 0.02, shape), 0)), 2)
    open_ = np.roll(close, 1, 0) * np.exp(rng.normal(0, 0.008, shape))
    open_[0] = close[0]
    high = np.maximum(open_, close) * (1 + rng.exponential(0.008, shape))
    low = np.minimum(open_, close) * (1 - rng.exponential(0.008, shape))
    return {"open": open_, "high": high, "low": low, "close": close}


def random_case(seed, rows=40, columns=1, on_margin=None):
    """Everything that the slow calculation knows, by the names of the inputs."""
    rng = np.random.default_rng([seed, 1])
    shape = (rows, columns)
    action = rng.choice(5, shape, p=[0.5, 0.18, 0.07, 0.18, 0.07])
    two_sided = rng.random() < 0.6
    on_margin = rng.random() < 0.5 if on_margin is None else on_margin
    # What an endless size sells short without leverage is left to the plain kernel.
    sizes, leverages = [0.6, 1.4], [2.0, 3.5]
    if not two_sided or (on_margin and rng.random() < 0.5):
        sizes.append(math.inf)
    if not (two_sided and math.inf in sizes):
        leverages.append(1.0)

    def cells(*values):
        return rng.choice(values, shape) if rng.random() < 0.5 else float(rng.choice(values))

    return {
        **market(seed, rows, columns),
        "entries": action == 1,
        "exits": action == 2,
        "short_entries": (action == 3) & two_sided,
        "short_exits": (action == 4) & two_sided,
        "size": cells(*sizes),
        "fees": float(rng.choice([0.0, 0.002])),
        "fixed_fees": float(rng.choice([0.0, 0.01])),
        "slippage": float(rng.choice([0.0, 0.001])),
        "sl_stop": cells(NAN, 0.01, 0.03),
        "tp_stop": cells(NAN, 0.02, 0.05),
        "entry_type": cells(0.0, 1.0, 2.0),
        "entry_price": np.where(
            rng.random(shape) < 0.2, 100 * np.exp(rng.normal(0, 0.03, shape)), NAN
        ),
        "entry_delta": cells(0.0, 0.005, 0.02, 0.2),
        "entry_expiry": cells(NAN, 1.0, 3.0),
        "upon_waiting": cells(0.0, 1.0),
        "fill_bar": cells(0.0, 1.0, 2.0),
        "tsl_stop": cells(NAN, 0.01, 0.03),
        "tsl_start": cells(0.0, 0.01, 0.02),
        "leverage": cells(*leverages) if on_margin else 1.0,
        "maintenance": cells(NAN, 0.05, 0.25) if on_margin else NAN,
    }


def column_of(case, j):
    return {k: v[:, j] if isinstance(v, np.ndarray) else v for k, v in case.items()}


class TestWaitingEntries:
    PATH = bars((10, 10, 10, 10), (10, 10.5, 9, 10), (8, 8.5, 7, 8), (9, 12, 9, 11))

    def test_a_limit_waits_for_its_level(self):
        case = {**self.PATH, "entries": entry_at(0, 4), "entry_type": LIMIT, "size": 1.0}
        assert fills(entry_delta=0.05, **case) == [(1, BUY, 1.0, 9.5, engine.BY_LIMIT_ENTRY)]
        assert fills(entry_price=9.0, **case) == [(1, BUY, 1.0, 9.0, engine.BY_LIMIT_ENTRY)]
        assert fills(entry_delta=0.9, **case) == []

    def test_a_gap_trades_at_the_open(self):
        case = {**self.PATH, "entries": entry_at(0, 4), "size": 1.0}
        assert fills(entry_type=LIMIT, entry_price=8.9, **case)[0][:4] == (2, BUY, 1.0, 8.0)
        case["entries"] = entry_at(2, 4)
        assert fills(entry_type=STOP, entry_price=8.5, **case)[0][:4] == (3, BUY, 1.0, 9.0)

    def test_a_stop_waits_on_the_other_side_and_slips(self):
        case = {**self.PATH, "entries": entry_at(0, 4), "entry_type": STOP, "size": 1.0}
        got = fills(entry_delta=0.1, slippage=0.01, **case)
        assert got == [(3, BUY, 1.0, pytest.approx(11.11), engine.BY_STOP_ENTRY)]
        short = fills(entry_delta=0.05, sides=1, **case)
        assert short == [(1, SELL, 1.0, 9.5, engine.BY_STOP_ENTRY)]

    @pytest.mark.parametrize(("expiry", "rows"), [(1, []), (2, [2]), (NAN, [2])])
    def test_it_expires(self, expiry, rows):
        got = fills(
            **self.PATH, entries=entry_at(0, 4), entry_type=LIMIT, entry_price=8.0, size=1.0,
            entry_expiry=expiry,
        )  # fmt: skip
        assert [x[0] for x in got] == rows

    def test_its_exit_and_an_entry_of_the_other_side_cancel_it(self):
        case = {**self.PATH, "entry_type": LIMIT, "entry_price": 8.0, "size": 1.0}
        assert fills(entries=entry_at(0, 4), exits=entry_at(1, 4), **case) == []
        kinds = np.array([LIMIT, 0, 0, 0.0])
        got = fills(
            entries=entry_at(0, 4), exits=entry_at(1, 4), sides=2, **{**case, "entry_type": kinds}
        )
        assert [x[:2] for x in got] == [(1, SELL)]

    @pytest.mark.parametrize(("mode", "price"), [(0, 8.0), (1, 7.5)])
    def test_a_further_entry_is_ignored_or_takes_its_place(self, mode, price):
        levels = np.array([8.0, 7.5, NAN, NAN])
        both = np.array([True, True, False, False])
        got = fills(
            **self.PATH, entries=both, entry_type=LIMIT, entry_price=levels, size=1.0,
            upon_waiting=mode,
        )  # fmt: skip
        assert [x[3] for x in got] == [price if mode == 0 else 7.5]

    @pytest.mark.parametrize(("rest", "kinds"), [(0, [1, 3]), (1, [1, 3]), (2, [1, 5])])
    def test_the_rest_of_the_bar_of_the_fill(self, rest, kinds):
        case = bars((10, 10, 10, 10), (10, 11, 8, 10), (10, 11, 9.5, 10))
        got = fills(
            **case, entries=entry_at(0, 3), entry_type=LIMIT, entry_price=9.0, size=1.0,
            sl_stop=0.1, tp_stop=0.1, fill_bar=rest,
        )  # fmt: skip
        assert [x[4] for x in got] == kinds
        assert got[0][0] == 1

    @pytest.mark.parametrize(("rest", "row"), [(0, 2), (1, 1), (2, 2)])
    def test_a_target_in_the_bar_of_the_fill_counts_only_where_asked(self, rest, row):
        case = bars((10, 10, 10, 10), (10, 11, 8.9, 10), (10, 11, 9.5, 10))
        got = fills(
            **case, entries=entry_at(0, 3), entry_type=LIMIT, entry_price=9.0, size=1.0,
            sl_stop=0.5, tp_stop=0.1, fill_bar=rest,
        )  # fmt: skip
        assert [(x[0], x[4]) for x in got] == [(1, 1), (row, engine.BY_TAKE_PROFIT)]

    def test_after_a_fill_inside_the_bar_signals_trade_at_its_close(self):
        case = bars((10, 10, 10, 10), (10, 10, 8, 9))
        got = fills(
            **case, entries=entry_at(0, 2), exits=entry_at(1, 2), entry_type=LIMIT,
            entry_price=8.5, price=case["open"], size=1.0,
        )  # fmt: skip
        assert [x[3] for x in got] == [8.5, 9.0]

    def test_its_size_and_stops_are_those_of_its_signal(self):
        case = bars((10, 10, 10, 10), (10, 10, 8, 9), (9, 9, 7, 8))
        got = fills(
            **case, entries=entry_at(0, 3), entry_type=LIMIT, entry_price=9.0,
            size=np.array([2.0, 5.0, 5.0]), sl_stop=np.array([0.2, 0.01, 0.01]),
        )  # fmt: skip
        assert [(x[0], x[2], x[3]) for x in got] == [(1, 2.0, 9.0), (2, 2.0, pytest.approx(7.2))]

    @pytest.mark.parametrize(
        ("kind", "size", "units"), [(0, 3.0, 3.0), (1, 45.0, 5.0), (2, 0.5, 50 / 9)]
    )
    def test_sizes_in_money_and_percent_count_at_its_own_price(self, kind, size, units):
        got = fills(
            **self.PATH, entries=entry_at(0, 4), entry_type=LIMIT, entry_price=9.0, size=size,
            size_type=kind,
        )  # fmt: skip
        assert [x[:4] for x in got] == [(1, BUY, pytest.approx(units), 9.0)]

    def test_it_adds_to_a_position_and_takes_its_stop_along(self):
        case = bars((10, 10, 10, 10), (10, 10, 10, 10), (10, 10, 9, 10), (10, 10, 8, 10))
        got = fills(
            **case, entries=np.array([True, True, False, False]), accumulate=2, size=1.0,
            entry_type=np.array([0.0, LIMIT, 0, 0]), entry_price=9.5, sl_stop=0.15,
        )  # fmt: skip
        last = (3, SELL, 2.0, pytest.approx(9.5 * 0.85), engine.BY_STOP_LOSS)
        assert [x[:4] for x in got[:2]] == [(0, BUY, 1.0, 10.0), (2, BUY, 1.0, 9.5)]
        assert got[2:] == [last]

    def test_it_reverses_a_position(self):
        got = fills(
            **self.PATH, entries=entry_at(0, 4), exits=entry_at(1, 4), sides=2, size=1.0,
            entry_type=np.array([0.0, STOP, 0, 0]), entry_price=8.5,
        )  # fmt: skip
        assert [x[:4] for x in got] == [(0, BUY, 1.0, 10.0), (2, SELL, 2.0, 8.0)]

    def test_a_stop_takes_a_waiting_entry_of_its_side_with_it(self):
        case = bars((10, 10, 10, 10), (10, 10, 10, 10), (10, 10, 8, 9), (9, 9, 7, 8))
        got = fills(
            **case, entries=np.array([True, True, False, False]), accumulate=2, size=1.0,
            entry_type=np.array([0.0, LIMIT, 0, 0]), entry_price=8.5, sl_stop=0.1,
        )  # fmt: skip
        assert [(x[0], x[4]) for x in got] == [(0, 0), (2, engine.BY_STOP_LOSS)]


class TestTrailing:
    PATH = bars((10, 10, 10, 10), (10, 10.4, 10, 10.4), (10.4, 10.4, 9.8, 10), (10, 12, 10, 12),
                (12, 12, 11, 11))  # fmt: skip

    @pytest.mark.parametrize(("start", "row", "price"), [(0.0, 2, 9.88), (0.1, 4, 11.4)])
    def test_it_begins_with_a_gain(self, start, row, price):
        case = {**self.PATH, "entries": entry_at(0, 5), "size": 1.0}
        got = fills(tsl_stop=0.05, tsl_start=start, **case)
        assert got[1] == (row, SELL, 1.0, pytest.approx(price), engine.BY_TRAILING_STOP)

    def test_the_nearer_of_both_stops_counts(self):
        case = {**self.PATH, "entries": entry_at(0, 5), "size": 1.0}
        got = fills(tsl_stop=0.05, sl_stop=0.01, **case)
        assert got[1] == (2, SELL, 1.0, 9.9, engine.BY_STOP_LOSS)


class TestMargin:
    def test_leverage_buys_on_credit(self):
        got = fills([10.0, 11.0], entries=entry_at(0, 2), exits=entry_at(1, 2), leverage=3.0)
        assert [x[2] for x in got] == [30.0, 30.0]

    def test_the_initial_margin_and_the_fees_are_at_most_equity(self):
        (fill,) = simulate([10.0], entries=True, leverage=4.0, fees=0.01, fixed_fees=2.0)
        notional = fill["size"] * fill["price"]
        assert notional / 4.0 + fill["fees"] == pytest.approx(100.0)
        assert fill["fees"] == pytest.approx(notional * 0.01 + 2.0)

    @pytest.mark.parametrize(("sides", "low", "high", "price"), [
        (0, 6.0, 10.0, 100 / 15 / 0.9), (1, 10.0, 16.0, 200 / 11),
        (0, 7.5, 10.0, None), (1, 10.0, 14.0, None),
    ])  # fmt: skip
    def test_it_is_liquidated_where_equity_is_the_maintenance_margin(self, sides, low, high, price):
        size = 15.0
        got = fills(
            **bars((10, 10, 10, 10), (10, high, low, 10)), entries=entry_at(0, 2), sides=sides,
            size=size, leverage=2.0, maintenance=0.1,
        )  # fmt: skip
        cash = 100.0 - size * 10.0 if sides == 0 else 100.0 + size * 10.0
        level = -cash / (size * 0.9) if sides == 0 else cash / (size * 1.1)
        reached = low <= level <= high
        assert len(got) == 1 + reached
        if reached:
            assert got[1][3:] == (pytest.approx(level), engine.BY_LIQUIDATION)
            equity = cash + (size if sides == 0 else -size) * level
            assert equity == pytest.approx(0.1 * size * level)

    def test_a_gap_can_cost_more_than_there_is_and_ends_the_trading(self):
        path = bars((10, 10, 10, 10), (4, 4, 4, 4), (4, 4, 4, 4))
        got = fills(**path, entries=np.array([True, False, True]), leverage=2.0, maintenance=0.1)
        assert [(x[0], x[3], x[4]) for x in got] == [(0, 10.0, 0), (1, 4.0, engine.BY_LIQUIDATION)]

    def test_a_stop_nearer_than_the_liquidation_comes_first(self):
        path = bars((10, 10, 10, 10), (10, 10, 3, 5))
        case = {**path, "entries": entry_at(0, 2), "leverage": 2.0, "maintenance": 0.1}
        assert fills(sl_stop=0.1, **case)[1][3:] == (9.0, engine.BY_STOP_LOSS)
        assert fills(sl_stop=0.6, **case)[1][4] == engine.BY_LIQUIDATION


class TestErrors:
    @pytest.mark.parametrize(("name", "value", "words"), [
        ("leverage", 0.5, "leverage must be 1 or more; it is 0.5 at row 1, column 0"),
        ("leverage", NAN, "leverage must be 1 or more"),
        ("entry_delta", -0.1, "entry delta must be 0 or more"),
        ("tsl_stop", -0.1, "trailing stop must be 0 or more"),
        ("entry_expiry", -1, "entry expiry must be 0 or more"),
        ("maintenance", 1.0, "less than the initial margin"),
    ])  # fmt: skip
    def test_what_has_no_meaning_is_named_with_its_place(self, name, value, words):
        least = engine.PLAIN[getattr(engine, name.upper())]
        with pytest.raises(ValueError, match=words):
            simulate([1.0, 2.0], entries=True, **{name: np.array([least, value])})

    def test_shared_cash(self):
        with pytest.raises(ValueError, match="cash of their own"):
            simulate_pending_signals(inputs(np.ones((2, 2))), pools(2, shared=True))


def neutral_case(seed):
    rng = np.random.default_rng(seed)
    shape = (50, 3)
    path = market(seed, *shape)
    return path, {
        "entries": rng.random(shape) < 0.2,
        "exits": rng.random(shape) < 0.2,
        "sides": int(rng.integers(3)),
        "fees": float(rng.choice([0.0, 0.001, 0.02])),
        "slippage": float(rng.choice([0.0, 0.001])),
        "accumulate": int(rng.integers(4)),
        "size": float(rng.choice([np.inf, 1.0, 0.3])),
        "sl_stop": rng.choice([0.03, 0.1, NAN], shape),
        "tp_stop": rng.choice([0.05, 0.2, NAN], shape),
        "stop_exit": int(rng.integers(4)),
        "stop_exit_price": int(rng.integers(4)),
        "stop_entry_price": int(rng.integers(4)),
        "stop_update": int(rng.integers(3)),
        "opposite_entry": int(rng.integers(5)),
    }


def plain(case):
    return simulate_signals(inputs(**case), pools(3), use_stops=True)


def same_orders(extended, orders):
    names = list(orders.dtype.names)
    assert len(extended) == len(orders)
    assert np.array_equal(extended[names], orders)


def same_but(fields, left, right):
    """Records are equal to the bit, NaN counting as equal, but for some fields."""
    for name in left.dtype.names:
        if name not in fields:
            np.testing.assert_array_equal(left[name], right[name])


class TestProperties:
    @given(seeds)
    @settings(max_examples=60, deadline=None)
    def test_without_extensions_it_is_the_plain_kernel_to_the_bit(self, seed):
        path, case = neutral_case(seed)
        case = {**path, **case, "sl_trail": seed % 2}
        same_orders(simulate(**case), plain(case))
        neutral = {"tsl_start": 5.0, "entry_delta": 0.3, "entry_expiry": 1.0, "leverage": 1.0}
        same_orders(simulate(**case, **neutral), plain(case))

    @given(seeds)
    @settings(max_examples=40, deadline=None)
    def test_a_trailing_stop_that_starts_at_once_is_the_one_of_old(self, seed):
        path, case = neutral_case(seed)
        of_old = {**path, **case, "sl_trail": 1}
        stop = case.pop("sl_stop")
        same_orders(simulate(**path, **case, tsl_stop=stop), plain(of_old))

    @given(seeds)
    @settings(max_examples=40, deadline=None)
    def test_a_limit_out_of_reach_never_trades_and_one_beyond_the_market_at_the_next_open(
        self, seed
    ):
        path, case = neutral_case(seed)
        for name in ("sl_stop", "tp_stop"):
            case[name] = NAN
        case |= {"sides": 0, "accumulate": 0, "exits": False}
        assert len(simulate(**path, **case, entry_type=LIMIT, entry_price=0.0)) == 0
        assert len(simulate(**path, **case, entry_type=STOP, entry_delta=math.inf)) == 0
        later = {**case, "entries": np.roll(case["entries"], 1, 0), "slippage": 0.0}
        later["entries"][0] = False
        at_open = simulate_signals(inputs(**path, **later, price=path["open"]), pools(3))
        same_orders(simulate(**path, **case, entry_type=LIMIT, entry_price=math.inf), at_open)

    @given(seeds)
    @settings(max_examples=150, deadline=None)
    def test_slow_calculation_agrees(self, seed):
        case = random_case(seed)
        got = simulate(four_arrays=True, **case)
        expected = Model(column_of(case, 0), 100.0).run()
        whole = ("idx", "side", "kind", "placed_idx")
        assert [tuple(x[n].item() for n in whole) for x in got] == [
            (x[0], x[1], x[5], x[6]) for x in expected
        ]
        for place, name in ((2, "size"), (3, "price"), (4, "fees")):
            np.testing.assert_allclose(got[name], [x[place] for x in expected], 1e-7, 1e-9)

    @given(seeds, st.integers(1, 39))
    @settings(max_examples=30, deadline=None)
    def test_a_prefix_of_the_data_gives_a_prefix_of_the_fills(self, seed, rows):
        case = random_case(seed, columns=2)
        whole = simulate(four_arrays=True, **case)
        cut = {k: v[:rows] if isinstance(v, np.ndarray) else v for k, v in case.items()}
        some = simulate(four_arrays=True, **cut)
        same_but(("id",), some, whole[whole["idx"] < rows])

    @given(seeds)
    @settings(max_examples=30, deadline=None)
    def test_columns_do_not_touch_each_other(self, seed):
        case = random_case(seed, columns=70)
        whole = simulate(four_arrays=True, **case)
        for j in (0, 68):
            alone = simulate(four_arrays=True, **column_of(case, j))
            same_but(("id", "col"), alone, whole[whole["col"] == j])

    @given(seeds)
    @settings(max_examples=40, deadline=None)
    def test_fills_lie_in_the_bar(self, seed):
        case = {**random_case(seed), "slippage": 0.0}
        got = simulate(four_arrays=True, **case)
        assert np.all(got["price"] >= case["low"][got["idx"], 0])
        assert np.all(got["price"] <= case["high"][got["idx"], 0])

    @given(seeds)
    @settings(max_examples=40, deadline=None)
    def test_equity_carries_what_an_order_opens(self, seed):
        case = random_case(seed, on_margin=True)
        case |= {"leverage": 3.0, "slippage": 0.0}
        cash, held = 100.0, 0.0
        for fill in simulate(four_arrays=True, **case):
            signed = fill["size"] * (1 if fill["side"] == BUY else -1)
            before = abs(held)
            opens = held * signed >= 0 or abs(signed) > before * (1 + 1e-9)
            cash -= signed * fill["price"] + fill["fees"]
            held += signed
            equity = cash + held * fill["price"]
            if opens:
                assert abs(held) * fill["price"] / 3.0 <= equity + 1e-6


REST = {
    engine.FILL_BAR_BOTH: BracketActivation.SAME_BAR,
    engine.FILL_BAR_NOTHING: BracketActivation.NEXT_BAR,
}


class TestBarEngine:
    """The same programs on `Simulation`: limit and stop orders there, its risk rules as stops."""

    def fills_of_simulation(self, path, case):
        """One position at a time; rows (row, side, size, price)."""
        flat = {name: values[:, 0] for name, values in path.items()}
        rows = len(flat["close"])
        times = np.datetime64("2020-01-01", "ns") + np.arange(rows) * np.timedelta64(1, "D")
        data = Bars.from_arrays(times, **flat, volume=np.full(rows, 1e9))
        risk = [StopLoss(case["sl_stop"]), TakeProfit(case["tp_stop"])]
        risk.append(Trailing(case["tsl_stop"], activation=case["tsl_start"]))
        rules = Rules(
            queue=Queue.STOPS_FIRST, trail_update=TrailUpdate.EXTREME,
            bracket_activation=REST[case["fill_bar"]],
        )  # fmt: skip
        simulation = Simulation(data, rules, cash=1e9, risk=risk)
        side = -1.0 if case["sides"] else 1.0
        kind = case["entry_type"]
        better = -side if kind == LIMIT else side
        for t in range(rows):
            simulation.step(t)
            idle = simulation.position_size(0) == 0.0 and not simulation.open_orders
            # Signals of the bar of a stop are not listened to.
            ended = any((simulation.fills["bar"] == t) & (simulation.fills["cause"] != 0))
            if case["entries"][t, 0] and idle and not ended:
                level = flat["close"][t] * (1 + better * case["entry_delta"])
                last = min(t + case["entry_expiry"], rows - 1)
                simulation.submit(
                    0, side, Kind.LIMIT if kind == LIMIT else Kind.STOP,
                    **{"limit" if kind == LIMIT else "stop": level},
                    tif=TimeInForce.GTD, expires=int(times[last].astype(np.int64)),
                )  # fmt: skip
        return [
            (x["bar"], BUY if x["size"] > 0 else SELL, abs(x["size"]), x["price"])
            for x in simulation.fills
        ]

    @given(seeds)
    @settings(max_examples=50, deadline=None)
    def test_entries_stops_and_targets(self, seed):
        rng = np.random.default_rng([seed, 2])
        path = market(seed, 60)
        case = {
            "entries": rng.random((60, 1)) < 0.4,
            "sides": int(rng.integers(2)),
            "entry_type": int(rng.choice([LIMIT, STOP])),
            "entry_delta": float(rng.choice([0.0, 0.004, 0.01])),
            "entry_expiry": int(rng.integers(1, 4)),
            "sl_stop": float(rng.choice([0.01, 0.02, 0.05])),
            "tp_stop": float(rng.choice([0.01, 0.03, 0.06])),
            "tsl_stop": float(rng.choice([0.01, 0.02, 0.05])),
            "tsl_start": float(rng.choice([0.0, 0.01, 0.02])),
            "fill_bar": int(rng.choice(list(REST))),
            "size": 1.0,
        }
        got = [x[:4] for x in fills(**path, **case, cash=1e9)]
        expected = self.fills_of_simulation(path, case)
        assert [x[:3] for x in got] == [x[:3] for x in expected]
        np.testing.assert_allclose([x[3] for x in got], [x[3] for x in expected], rtol=1e-12)

    def held_by_simulation(self, path, case):
        """Orders at the open that add, whole or not at all, or close; units held after each row."""
        flat = {name: values[:, 0] for name, values in path.items()}
        rows = len(flat["close"])
        data = Bars.from_arrays(np.arange(rows) * 86_400 * 10**9, **flat)
        rules = Rules(cash_check=CashCheck.ON_FILL, buying_power=BuyingPower.MARGIN)
        instrument = Instrument(initial_margin=1.0 / case["leverage"])
        simulation = Simulation(
            data, rules, cash=100.0, instruments=instrument,
            commission=Commission("percent", case["fees"]),
        )  # fmt: skip
        held = []
        simulation.step(0)
        for t in range(1, rows):
            position = simulation.position_size(0)
            long, short = case["entries"][t, 0], case["short_entries"][t, 0]
            units = case["size"][t, 0] * (float(long) - float(short))
            if units * position < 0.0 or case["exits"][t, 0]:
                units = -position
            if units != 0.0:
                simulation.submit(0, units)
            simulation.step(t)
            held.append(simulation.position_size(0))
        return held

    @given(seeds)
    @settings(max_examples=50, deadline=None)
    def test_what_margin_lets_through(self, seed):
        rng = np.random.default_rng([seed, 3])
        path = market(seed, 60)
        action = rng.choice(4, (60, 1), p=[0.4, 0.25, 0.25, 0.1])
        action[0] = 0
        case = {
            "entries": action == 1,
            "exits": action == 3,
            "short_entries": action == 2,
            "short_exits": action == 3,
            "size": rng.choice([0.4, 1.1, 2.0, 3.2], (60, 1)),
            "fees": float(rng.choice([0.0, 0.002, 0.02])),
            "leverage": float(rng.choice([1.5, 2.0, 4.0])),
        }
        got = simulate(
            **path, **case, price=path["open"], accumulate=2, opposite_entry=1, allow_partial=0,
            four_arrays=True,
        )  # fmt: skip
        changes = np.zeros(60)
        changes[got["idx"]] = np.where(got["side"] == BUY, got["size"], -got["size"])
        expected = self.held_by_simulation(path, case)
        np.testing.assert_allclose(np.cumsum(changes)[1:], expected, atol=1e-9)

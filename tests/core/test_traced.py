"""Simulations that visit every cell: same fills as the quick ones, and log, draws, call-backs."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from fillproof.core import matrix as m
from fillproof.core.execution import InvalidOrder, OrderRejected, RecordsFull
from fillproof.core.order_matrix import simulate_orders
from fillproof.core.signals import simulate_signals
from fillproof.core.traced import shuffle_sequence
from fillproof.core.traced_orders import trace_orders
from fillproof.core.traced_signals import trace_signals
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from matrix_inputs import inputs, pools


def in_order(close, lengths=None) -> np.ndarray:
    """The sequence of calls in order, rows x columns, which a run may change."""
    rows, columns = np.shape(close)
    lengths = [columns] if lengths is None else lengths
    places = np.concatenate([np.arange(n) for n in lengths])
    return np.tile(places, (rows, 1))


@st.composite
def signal_programs(draw):
    """Keyword arguments of `inputs` with signals, and the switches of a run."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows, columns = draw(st.integers(1, 12)), draw(st.integers(1, 3))
    close = 10 * np.exp(np.cumsum(rng.normal(0, 0.05, (rows, columns)), 0))
    close[rng.random(close.shape) < 0.1] = np.nan
    flags = [rng.random((rows, columns)) < 0.3 for _ in range(4)]
    four = draw(st.booleans())
    values = {
        "close": close,
        "entries": flags[0],
        "exits": flags[1],
        "sides": draw(st.integers(0, 2)),
        "size": draw(st.sampled_from([np.inf, 1.0, 0.5, np.nan])),
        "fees": 0.01,
        "slippage": 0.001,
        "accumulate": draw(st.integers(0, 3)),
        "long_conflict": draw(st.integers(0, 4)),
        "short_conflict": draw(st.integers(0, 4)),
        "side_conflict": draw(st.integers(0, 4)),
        "opposite_entry": draw(st.integers(0, 4)),
        "sl_stop": draw(st.sampled_from([np.nan, 0.02])),
        "tp_stop": draw(st.sampled_from([np.nan, 0.05])),
        "sl_trail": draw(st.integers(0, 1)),
        "stop_exit": draw(st.integers(0, 3)),
        "stop_exit_price": draw(st.integers(0, 3)),
        "stop_entry_price": draw(st.integers(0, 3)),
        "stop_update": draw(st.integers(0, 2)),
    }
    if four:
        values |= {"short_entries": flags[2], "short_exits": flags[3]}
    switches = {"four_arrays": four, "use_stops": True, "update_value": draw(st.booleans())}
    return values, switches, draw(st.booleans()), draw(st.booleans())


@settings(max_examples=40, deadline=None)
@given(signal_programs())
def test_signals_fill_as_without_a_log(program):
    values, switches, shared, automatic = program
    close = values.pop("close")
    columns = close.shape[1]
    sequence = "auto" if automatic else None
    expected = simulate_signals(
        inputs(close, **values), pools(columns, 100.0, sequence, shared), **switches
    )
    got, logs = trace_signals(
        inputs(close, log=1, **values), pools(columns, 100.0, sequence, shared),
        in_order(close), **switches,
    )  # fmt: skip
    np.testing.assert_array_equal(got, expected)
    check_log(got, logs)


@settings(max_examples=40, deadline=None)
@given(signal_programs(), st.integers(0, 5))
def test_orders_fill_as_without_a_log(program, size_type):
    values, switches, shared, automatic = program
    close = values["close"]
    columns = close.shape[1]
    size = np.where(values["entries"], 0.5, np.where(values["exits"], -0.25, np.nan))
    values = {"size": size, "size_type": size_type, "sides": 2, "fees": 0.01}
    sequence = "auto" if automatic else None
    update = switches["update_value"]
    expected = simulate_orders(
        inputs(close, **values), pools(columns, 100.0, sequence, shared), update_value=update
    )
    got, logs = trace_orders(
        inputs(close, log=1, **values), pools(columns, 100.0, sequence, shared),
        in_order(close), update_value=update,
    )  # fmt: skip
    np.testing.assert_array_equal(got, expected)
    assert len(logs) == close.size
    check_log(got, logs)


def check_log(orders, logs):
    """A log entry is what its order record says; the account goes on where it was left."""
    assert list(logs["id"]) == list(range(len(logs)))
    filled = logs[logs["res_status"] == 0]
    assert list(filled["order_id"]) == list(orders["id"])
    for name in ("size", "price", "fees", "side"):
        np.testing.assert_array_equal(filled[f"res_{name}"], orders[name])
    np.testing.assert_array_equal(filled["col"], orders["col"])
    np.testing.assert_array_equal(filled["idx"], orders["idx"])
    unfilled = logs[logs["res_status"] != 0]
    assert np.all(np.isnan(unfilled["res_size"]))
    assert np.all(unfilled["order_id"] == -1)
    for pool in np.unique(logs["group"]):
        own = logs[logs["group"] == pool]
        np.testing.assert_array_equal(own["cash"][1:], own["new_cash"][:-1])


def test_every_order_is_rejected_at_probability_one():
    close = np.full((4, 1), 10.0)
    values = {"size": 1.0, "sides": 2, "reject_prob": 1.0, "log": 1}
    orders, logs = trace_orders(inputs(close, **values), pools(1), in_order(close))
    assert len(orders) == 0
    assert list(logs["res_status"]) == [2] * 4
    assert list(logs["res_status_info"]) == [10] * 4


def test_a_random_rejection_may_raise():
    close = np.full((4, 1), 10.0)
    values = {"size": 1.0, "sides": 2, "reject_prob": 1.0, "raise_reject": 1}
    with pytest.raises(OrderRejected, match=r"row 0, column 0.*random"):
        trace_orders(inputs(close, **values), pools(1), in_order(close))


@pytest.mark.parametrize("probability", [-0.1, 1.1, np.nan])
def test_a_probability_outside_of_0_to_1_is_an_error(probability):
    close = np.full((2, 1), 10.0)
    values = {"size": 1.0, "sides": 2, "reject_prob": probability}
    with pytest.raises(InvalidOrder, match="reject_prob"):
        trace_orders(inputs(close, **values), pools(1), in_order(close))


def test_room_for_records_is_limited_on_request():
    close = np.full((4, 1), 10.0)
    values = inputs(close, size=1.0, sides=2, log=1)
    with pytest.raises(RecordsFull, match="max_orders"):
        trace_orders(values, pools(1), in_order(close), max_orders=2)
    with pytest.raises(RecordsFull, match="max_logs"):
        trace_orders(values, pools(1), in_order(close), max_logs=3)


def test_an_automatic_sequence_is_told():
    close = np.full((2, 2), 10.0)
    size = np.array([[5.0, 1.0], [1.0, -1.0]])
    sequence = in_order(close)
    trace_orders(inputs(close, size=size, sides=2), pools(2, 100.0, "auto", shared=True), sequence)
    assert sequence.tolist() == [[1, 0], [1, 0]]


def test_a_shuffled_sequence_stays_within_its_pools():
    sequence = in_order(np.zeros((20, 5)), [3, 2])
    shuffle_sequence(sequence, np.array([3, 2]))
    assert np.all(np.sort(sequence[:, :3], axis=1) == np.arange(3))
    assert np.all(np.sort(sequence[:, 3:], axis=1) == np.arange(2))
    assert len(np.unique(sequence, axis=0)) > 4


def test_a_function_may_give_the_signals_and_move_the_stops():
    numba = pytest.importorskip("numba")

    @numba.njit
    def signals(c, rows):
        return c.i == rows[0], False, False, False

    @numba.njit
    def stop(c, share):
        return (share if c.position_now > 0 and c.i > c.init_i + 1 else np.nan), c.curr_trail

    close = np.array([10.0, 10.0, 9.0, 9.0, 8.0])[:, None]
    orders, _ = trace_signals(
        inputs(close, size=1.0), pools(1), in_order(close), use_stops=True,
        signal_function=signals, signal_arguments=(np.array([1]),),
        sl_function=stop, sl_arguments=(0.05,),
    )  # fmt: skip
    assert list(orders["idx"]) == [1, 3]
    assert list(orders["price"]) == [10.0, 9.0]
    assert orders.dtype == m.ORDER_RECORD

"""Simulations by order functions: what the functions see, in which sequence, and what is filled."""

from __future__ import annotations

import numpy as np
import pytest
from fillproof.core.execution import InvalidOrder, OrderRejected, RecordsFull
from fillproof.core.order_loop import Functions, run_order_functions
from fillproof.core.order_types import NO_ORDER, Order


def run(close, order=None, shared=False, cash=100.0, **rest):
    """Run in plain Python; keyword arguments are functions or switches by their names."""
    close = np.asarray(close, float)
    if close.ndim == 1:
        close = close[:, None]
    rows, columns = close.shape
    lengths = np.array([columns]) if shared else np.ones(columns, np.int64)
    names = set(Functions.__dataclass_fields__)
    functions = Functions(order=order, **{k: v for k, v in rest.items() if k in names})
    switches = {k: v for k, v in rest.items() if k not in names}
    sequence = switches.pop("sequence", None)
    if sequence is None and functions.flexible is None:
        places = np.arange(columns) if shared else np.zeros(columns, np.int64)
        sequence = np.tile(places, (rows, 1))
    mask = switches.pop("mask", np.full((rows, len(lengths)), True))
    return run_order_functions(
        (rows, columns), lengths, np.full(len(lengths), cash), shared, sequence, mask, close,
        functions, compiled=switches.pop("compiled", False), **switches,
    )  # fmt: skip


def test_an_order_is_filled_at_the_close():
    orders, _ = run([10, 20, 40], lambda c: Order(size=1.0 if c.i == 0 else -1.0))
    assert list(orders["price"]) == [10.0, 20.0, 40.0]
    assert list(orders["side"]) == [0, 1, 1]


def test_minus_infinity_is_the_close_before():
    orders, _ = run([10, 20, 40], lambda c: Order(size=1.0, price=-np.inf))
    assert list(orders["idx"]) == [1, 2]
    assert list(orders["price"]) == [10.0, 20.0]


def test_the_context_tells_the_account_before_the_order():
    seen = []

    def order(c):
        seen.append((c.cash_now, c.position_now, c.val_price_now, c.value_now, c.call_idx))
        return Order(size=1.0)

    run([10, 20], order)
    assert seen[0][:2] == (100.0, 0.0)
    assert np.isnan(seen[0][2])
    assert seen[1] == (90.0, 1.0, 10.0, 100.0, 0)


def test_returns_compare_with_the_end_of_the_row_before():
    seen = []

    def after(c):
        seen.append((c.last_value[0], c.last_return[0], c.second_last_value[0]))

    run([10, 20, 5], lambda c: Order(size=5.0 if c.i == 0 else np.nan), after_segment=after)
    assert seen == [(100.0, 0.0, 100.0), (150.0, 0.5, 100.0), (75.0, -0.5, 150.0)]


def test_functions_run_in_their_hierarchy():
    said = []

    def say(name, out=()):
        def function(c, *args):
            said.append(name)
            return out

        return function

    def order(c):
        said.append("order")
        return NO_ORDER

    names = ("before_simulation", "after_simulation", "before_group", "after_group",
             "before_segment", "after_segment", "after_order")  # fmt: skip
    run([10, 20], order, **{name: say(name) for name in names})
    row = ["before_segment", "order", "after_order", "after_segment"]
    expected = ["before_simulation", "before_group", *row, *row, "after_group"]
    assert said == [*expected, "after_simulation"]


def test_what_a_function_returns_comes_before_the_own_arguments_of_the_next():
    seen = []

    def order(c, *args):
        seen.append(args)
        return NO_ORDER

    run(
        [10], order, order_args=("d",),
        before_simulation=lambda c, a: (a + "1",), before_simulation_args=("a",),
        before_group=lambda c, a, b: (a, b + "2"), before_group_args=("b",),
        before_segment=lambda c, a, b, x: (a, b, x + "3"), before_segment_args=("c",),
    )  # fmt: skip
    assert seen == [("a1", "b2", "c3", "d")]


def test_row_wise_visits_all_columns_of_a_row_first():
    cells = []

    def order(c):
        cells.append((c.i, c.col))
        return NO_ORDER

    run(np.ones((2, 2)), order)
    run(np.ones((2, 2)), order, row_wise=True)
    assert cells == [(0, 0), (1, 0), (0, 1), (1, 1), (0, 0), (0, 1), (1, 0), (1, 1)]


def test_a_flexible_function_may_order_several_times_in_a_bar():
    def flexible(c):
        if c.call_idx < 2:
            return c.from_col, Order(size=1.0 - 2.0 * c.call_idx)
        return -1, NO_ORDER

    orders, _ = run([10, 20], flexible=flexible, max_orders=4)
    assert list(orders["side"]) == [0, 1, 0, 1]
    with pytest.raises(RecordsFull):
        run([10, 20], flexible=flexible)


def test_a_flexible_function_stays_in_its_group():
    with pytest.raises(InvalidOrder, match="outside of its group"):
        run(np.ones((1, 2)), flexible=lambda c: (1 - c.group, Order(size=1.0)))


def test_an_inactive_segment_asks_for_no_order():
    mask = np.array([[True], [False], [True]])
    calls = []
    orders, _ = run(
        [10, 20, 40], lambda c: Order(size=1.0), mask=mask, call_after_segment=True,
        after_segment=lambda c: calls.append(c.i),
    )  # fmt: skip
    assert list(orders["idx"]) == [0, 2]
    assert calls == [0, 1, 2]


def test_the_position_record_follows_fills():
    seen = []
    sizes = [1.0, 1.0, -0.5, -2.5, np.nan]

    def after(c):
        r = c.pos_record_now
        seen.append(
            (int(r["id"]), float(r["size"]), float(r["entry_price"]), float(r["exit_price"]),
             float(r["pnl"]), int(r["direction"]), int(r["status"]))
        )  # fmt: skip

    run([10, 20, 30, 40, 50], lambda c: Order(size=sizes[c.i]), after_order=after)
    np.testing.assert_equal(
        seen,
        [
            (0, 1.0, 10.0, np.nan, 0.0, 0, 0),
            (0, 2.0, 15.0, np.nan, 10.0, 0, 0),
            (0, 2.0, 15.0, 30.0, 30.0, 0, 0),
            (1, 1.0, 40.0, np.nan, 0.0, 1, 0),
            (1, 1.0, 40.0, np.nan, 0.0, 1, 0),  # valued at the close before, as at every order
        ],
    )


def test_the_log_holds_orders_that_did_not_fill():
    _, logs = run([10, 20], lambda c: Order(size=np.nan if c.i else 1.0, log=True))
    assert list(logs["res_status"]) == [0, 1]
    assert list(logs["order_id"]) == [0, -1]


def test_a_rejection_may_raise():
    with pytest.raises(OrderRejected, match="row 0, column 0"):
        run([10], lambda c: Order(size=1.0, max_size=0.5, allow_partial=False, raise_reject=True))


def test_unused_records_can_be_cleared():
    def order(c):
        if c.i > 0:
            return NO_ORDER
        assert c.order_records["id"][-1] == -1
        assert np.isnan(c.log_records["cash"][-1])
        assert c.last_pos_record["parent_id"][0] == -1
        return Order(size=1.0)

    orders, _ = run([10, 20], order, clear_records=True)
    assert len(orders) == 1


@pytest.mark.parametrize("flexible", [False, True])
@pytest.mark.parametrize("row_wise", [False, True])
def test_compiled_is_the_same(flexible, row_wise):
    numba = pytest.importorskip("numba")
    rng = np.random.default_rng(3)
    close = 10 * np.exp(np.cumsum(rng.normal(0, 0.05, (20, 3)), 0))
    sizes = rng.normal(0, 2, (20, 3))

    def order(c, sizes):
        return Order(sizes[c.i, c.col], np.inf, 0, 2, 0.01, 0.0, 0.0, 0.0, np.inf, np.nan, 0.0,
                     False, True, False, True)  # fmt: skip

    def flexible_order(c, sizes):
        col = c.from_col + c.call_idx
        if c.call_idx >= c.group_len:
            col = -1
        return col, Order(sizes[c.i, col], np.inf, 0, 2, 0.01, 0.0, 0.0, 0.0, np.inf, np.nan,
                          0.0, False, True, False, True)  # fmt: skip

    python = {"flexible": flexible_order} if flexible else {"order": order}
    jitted = {name: numba.njit(function) for name, function in python.items()}
    rest = {"order_args": (sizes,), "shared": True, "row_wise": row_wise}
    expected = run(close, **python, **rest)
    got = run(close, **jitted, **rest, compiled=True)
    for one, other in zip(expected, got, strict=True):
        assert len(one) > 20
        for name in one.dtype.names:
            np.testing.assert_array_equal(one[name], other[name])

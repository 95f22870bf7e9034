"""The comparison: what is the same is the same, and no change of any field goes unseen."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from fillproof.validation.compare import compare, compare_text, same_numbers, situation
from fillproof.validation.explain import explain
from fillproof.validation.hooks.tables import EXACT, FLOAT, INT, PRICES, TABLES
from fillproof.validation.trace import Trace, empty_table
from hypothesis import given, settings
from hypothesis import strategies as st

DAY = 86_400 * 10**9


def rows(name: str, values: list[tuple]) -> pl.DataFrame:
    empty = empty_table(TABLES[name])
    return pl.DataFrame(values, schema=empty.schema, orient="row") if values else empty


def hand_made() -> Trace:
    """Two orders over five bars: a market buy that fills, and a limit sell that is cancelled."""
    nan = math.nan
    tables = {
        "orders": rows(
            "orders",
            [
                (
                    0,
                    0,
                    "1",
                    "X",
                    "buy",
                    10.0,
                    "Market",
                    100.0,
                    nan,
                    "",
                    1,
                    1 * DAY,
                    "Completed",
                    10.0,
                    101.0,
                    1.01,
                ),
                (
                    0,
                    1,
                    "2",
                    "X",
                    "sell",
                    -10.0,
                    "Limit",
                    120.0,
                    120.0,
                    "",
                    3,
                    3 * DAY,
                    "Canceled",
                    0.0,
                    0.0,
                    0.0,
                ),
            ],
        ),
        "events": rows(
            "events",
            [
                (0, 0, 2, 2 * DAY, 0, "Submitted", 0.0, 0.0, 0.0, 0.0, 0.0),
                (0, 1, 2, 2 * DAY, 0, "Completed", 10.0, 101.0, 1.01, 1010.0, 0.0),
                (0, 2, 4, 4 * DAY, 1, "Submitted", 0.0, 0.0, 0.0, 0.0, 0.0),
                (0, 3, 5, 5 * DAY, 1, "Canceled", 0.0, 0.0, 0.0, 0.0, 0.0),
            ],
        ),
        "fills": rows("fills", [(0, 2, 2 * DAY, 0, "X", "buy", 10.0, 101.0, 1.01)]),
        "trades": rows(
            "trades",
            [
                (
                    0,
                    0,
                    2,
                    2 * DAY,
                    1,
                    "X",
                    "long",
                    "Open",
                    10.0,
                    101.0,
                    nan,
                    1010.0,
                    0.0,
                    -1.01,
                    1.01,
                    2 * DAY,
                    -(2**63),
                    0,
                ),
            ],
        ),
        "bars": rows(
            "bars",
            [
                (0, bar, bar * DAY, "", 10_000.0 - 1011.01 * (bar > 1), 10_000.0 + bar)
                for bar in range(1, 6)
            ],
        ),
        "calls": rows(
            "calls",
            [(0, n, n + 1, (n + 1) * DAY, "next" if n else "start", "") for n in range(5)],
        ),
        "series": rows(
            "series", [(0, "close:X", bar, bar * DAY, 100.0 + bar) for bar in range(1, 6)]
        ),
    }
    runs = [{"framework": "backtrader", "name": "S", "bars": 5}]
    prices = empty_table(PRICES)
    return Trace(
        tables,
        prices,
        runs,
        accounts=[[8988.99, 10_005.0]],
        stdout="end 10005.0\n",
        files={"out.csv": b"1,2.5\n"},
    )


def with_cell(trace: Trace, table: str, row: int, column: str, value) -> Trace:
    frame = trace.tables[table]
    cells = frame[column].to_list()
    cells[row] = value
    changed = frame.with_columns(pl.Series(column, cells, dtype=frame.schema[column]))
    return replace(trace, tables={**trace.tables, table: changed})


CELLS = [
    (table, row, column)
    for table, frame in hand_made().tables.items()
    for row in range(frame.height)
    for column in frame.columns
]


def test_a_trace_is_identical_to_itself():
    trace = hand_made()
    result = compare(trace, hand_made())
    assert result.identical
    assert result.first is None
    assert result.traded
    assert result.rows["bars"] == (5, 5)
    assert explain(result, trace, trace, "backtrader") == []


@pytest.mark.parametrize(("table", "row", "column"), CELLS)
def test_every_change_of_a_cell_is_seen(table, row, column):
    trace = hand_made()
    value = trace.tables[table][column][row]
    kind = TABLES[table][column]
    if kind == INT:
        changed = value + 1
    elif kind == FLOAT:
        changed = 7.0 if math.isnan(value) else value * (1 + 1e-6) + (value == 0)
    else:
        changed = value + "!"
    result = compare(trace, with_cell(trace, table, row, column, changed))
    assert not result.identical
    assert explain(result, trace, trace, "backtrader")


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (table, column)
        for table in TABLES
        for column, kind in TABLES[table].items()
        if kind == FLOAT
    ],
)
def test_tolerance_is_for_money_only(table, column):
    trace = with_cell(hand_made(), table, 0, column, 1234.5)
    nearly = with_cell(trace, table, 0, column, 1234.5 * (1 + 5e-10))
    assert compare(trace, nearly).identical is ((table, column) not in EXACT)
    beyond = with_cell(trace, table, 0, column, 1234.5 * (1 + 3e-9))
    assert not compare(trace, beyond).identical


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_row_goes_without_a_partner(data):
    trace = hand_made()
    table = data.draw(st.sampled_from([name for name, f in trace.tables.items() if f.height]))
    frame = trace.tables[table]
    row = data.draw(st.integers(0, frame.height - 1))
    if data.draw(st.booleans()):
        changed = pl.concat([frame[:row], frame[row + 1 :]])
    else:
        changed = pl.concat([frame[: row + 1], frame[row:]])
    other = replace(trace, tables={**trace.tables, table: changed})
    assert not compare(trace, other).identical
    assert not compare(other, trace).identical


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([cell for cell in CELLS if TABLES[cell[0]][cell[2]] == FLOAT]),
    st.floats(allow_nan=True, allow_infinity=True),
)
def test_another_number_is_seen_unless_it_is_the_same_number(cell, changed):
    table, row, column = cell
    trace = hand_made()
    value = trace.tables[table][column][row]
    result = compare(trace, with_cell(trace, table, row, column, changed))
    both_nan = math.isnan(value) and math.isnan(changed)
    near = (
        (table, column) not in EXACT
        and math.isfinite(changed)
        and math.isfinite(value)
        and abs(value - changed) <= 1e-9 * max(abs(value), abs(changed))
    )
    assert result.identical is (both_nan or value == changed or near)


def test_two_rows_in_another_sequence_are_seen():
    trace = hand_made()
    calls = trace.tables["calls"]
    swapped = calls[[1, 0, 2, 3, 4]]
    assert not compare(trace, replace(trace, tables={**trace.tables, "calls": swapped})).identical


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"status": 3}, "exit status"),
        ({"error": {"type": "ValueError", "text": "no", "where": []}}, "exception"),
        ({"accounts": [[8988.99, 10_005.1]]}, "account"),
        ({"accounts": []}, "account"),
        ({"runs": []}, "runs"),
        ({"runs": [{"framework": "backtrader", "name": "S", "bars": 6}]}, "runs"),
        ({"stdout": "end 10005.1\n"}, "stdout"),
        ({"stdout": ""}, "stdout"),
        ({"files": {}}, "files"),
        ({"files": {"out.csv": b"1,2.5\n", "more.csv": b""}}, "files"),
        ({"files": {"out.csv": b"1,2.6\n"}}, "files"),
        ({"files": {"out.csv": b"1,2.5\n\x00"}}, "files"),
        ({"files": {"out.csv": None}}, "files"),
    ],
)
def test_what_belongs_to_no_bar_is_compared(change, kind):
    trace = hand_made()
    result = compare(trace, replace(trace, **change))
    assert list(result.counts) == [kind]
    assert explain(result, trace, replace(trace, **change), "backtrader")


def test_numbers_of_a_file_may_differ_in_their_last_digits():
    trace = hand_made()
    near = compare(trace, replace(trace, files={"out.csv": b"1,2.50000000000001\n"}))
    assert near.identical
    assert near.rounding == 1


def test_the_first_divergence_is_the_earliest_cause():
    trace = hand_made()
    other = with_cell(trace, "fills", 0, "price", 101.5)
    for bar in (1, 2, 3, 4):
        other = with_cell(other, "bars", bar, "equity", 9_990.0)
    other = with_cell(other, "orders", 0, "average", 101.5)
    result = compare(trace, other)
    assert result.first is not None
    assert (result.first.kind, result.first.bar, result.first.fields) == ("fills", 2, ("price",))
    assert result.counts == {"fills": 1, "outcome": 1, "bars": 4}
    before = situation(result.first, trace, other)
    assert before.cash == (10_000.0, 10_000.0)
    assert [order["order"] for order in before.pending[0]] == [0]
    assert before.positions == ({}, {})
    text = "\n".join(explain(result, trace, other, "backtrader"))
    assert "bar 2 (1970-01-03): a fill differs in price" in text
    assert "price 101.0" in text
    assert "price 101.5" in text


def test_the_end_of_an_order_is_dated_by_its_last_event():
    trace = hand_made()
    other = with_cell(trace, "orders", 1, "status", "Expired")
    first = compare(trace, other).first
    assert first is not None
    assert (first.kind, first.bar) == ("outcome", 5)


def test_a_missing_bar_is_one_divergence_and_not_all_that_follow():
    trace = hand_made()
    bars = trace.tables["bars"]
    other = replace(trace, tables={**trace.tables, "bars": pl.concat([bars[:2], bars[3:]])})
    result = compare(trace, other)
    assert result.counts == {"bars": 1}
    assert result.first is not None
    assert result.first.bar == 3
    assert result.first.ours is None


def test_a_trace_without_orders_has_not_traded():
    trace = hand_made()
    for name in ("orders", "fills"):
        trace = replace(trace, tables={**trace.tables, name: empty_table(TABLES[name])})
    result = compare(trace, trace)
    assert result.identical
    assert not result.traded


@pytest.mark.parametrize(
    ("left", "right", "differing", "rounding"),
    [
        ("a 1.0\n", "a 1.0\n", 0, 0),
        ("a 0.3\n", "a 0.30000000000000004\n", 0, 1),
        ("a   0.3\n", "a 0.30000000000000004\n", 0, 1),
        ("a 0.3\n", "a 0.3000001\n", 1, 0),
        ("a 3\n", "a 4\n", 1, 0),
        ("n 1000000000\n", "n 1000000001\n", 1, 0),
        ("a  b\n", "a b\n", 1, 0),
        ("x\ny\n", "x\n", 1, 0),
        ("x\n", "x", 1, 0),
        ("2020-01-02 1.5\n", "2020-01-03 1.5\n", 1, 0),
        ("v1.2.0\n", "v1.2.1\n", 1, 0),
        ("<Order at 0x7fa0>\n", "<Order at 0xb2>\n", 0, 0),
        ("<Order at 0x7fa0> 1\n", "<Order at 0xb2> 2\n", 1, 0),
        ("", "", 0, 0),
    ],
)
def test_standard_output(left, right, differing, rounding):
    lines, rounded = compare_text(left, right)
    assert (len(lines), rounded) == (differing, rounding)


def test_same_numbers():
    inf, nan = math.inf, math.nan
    a = np.array([1.0, nan, inf, inf, 5.0, 0.0, -inf])
    b = np.array([1.0, nan, inf, 5.0, nan, 1e-300, inf])
    assert same_numbers(a, b).tolist() == [True, True, True, False, False, False, False]

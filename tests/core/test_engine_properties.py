"""What must hold for every order program, under every set of rules."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fillproof.core.orders import TRANSITIONS, Kind, Status
from fillproof.core.rules import FillTime, MissingBar
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from programs import any_rules, cases, play, random_bars, relaxed


def same_rows(left: np.ndarray, right: np.ndarray) -> bool:
    return left.dtype == right.dtype and left.tobytes() == right.tobytes()


@relaxed
@given(cases(any_rules))
def test_equity_is_cash_plus_positions(case):
    sim = play(case)
    last = len(case["bars"].times) - 1
    close = case["bars"].close
    worth = 0.0
    for slot, position in enumerate(sim.positions):
        history = close[: last + 1, slot % close.shape[1]]
        price = history[~np.isnan(history)][-1]
        size, entry = float(position["size"]), float(position["price"])
        instrument = case["instruments"]
        if not instrument.stock_like:
            worth += abs(size) * instrument.margin
        elif case["rules"].short_cash.name == "LOCKED" and size < 0:
            worth += abs(entry * size + (entry - price) * size)
        else:
            worth += size * price
    assert sim.equity == pytest.approx(sim.cash + worth, rel=1e-12, abs=1e-9)
    assert sim.equity == sim.equity_curve()[last]


@relaxed
@given(cases(any_rules))
def test_cash_moves_only_by_fills_and_settlement(case):
    sim = play(case)
    fills = sim.fills
    if case["instruments"].stock_like and case["rules"].short_cash.name == "CREDITED":
        flow = -(fills["size"] * fills["price"]).sum() - fills["commission"].sum()
        assert sim.cash == pytest.approx(case["cash"] + flow, rel=1e-9, abs=1e-6)
    for asset in range(case["bars"].close.shape[1]):
        held = fills[fills["asset"] == asset]
        assert sim.position_size(asset) == held["size"].sum()
        assert np.array_equal(held["closed"] + held["opened"], held["size"])


@relaxed
@given(cases(any_rules, costs=False))
def test_fills_lie_in_the_range_of_their_bar(case):
    sim = play(case)
    bars = case["bars"]
    for fill in sim.fills:
        low, high = bars.low[fill["bar"], fill["asset"]], bars.high[fill["bar"], fill["asset"]]
        if case["rules"].gap_fill.name == "AT_LEVEL":
            continue  # the level of a gap lies outside by definition
        assert low <= fill["price"] <= high


@relaxed
@given(cases(any_rules))
def test_no_fill_before_its_order(case):
    sim = play(case)
    for fill in sim.fills:
        order = sim.orders[fill["order"]]
        assert fill["booked"] > order["created_bar"]
        at_creation = case["rules"].fill_time in (FillTime.THIS_CLOSE, FillTime.THIS_OPEN)
        if order["kind"] == Kind.MARKET and at_creation:
            # It is dated back to the asset's latest bar, which may lie before the creation.
            known = case["bars"].present[: order["created_bar"] + 1, order["asset"]]
            latest = np.flatnonzero(known)
            assert fill["bar"] >= (latest[-1] if len(latest) else 0)
        elif case["rules"].missing_bar == MissingBar.HOLD:
            assert fill["bar"] > order["created_bar"]


@relaxed
@given(cases(any_rules))
def test_every_order_ends_where_its_events_say(case):
    sim = play(case)
    status = np.zeros(len(sim.orders), dtype=np.int64)
    for event in sim.events:
        number = event["order"]
        assert TRANSITIONS[status[number], event["status"]]
        status[number] = event["status"]
        if event["fill"] >= 0:
            assert sim.fills[event["fill"]]["order"] == number
    assert np.array_equal(status, sim.orders["status"])
    for number, order in enumerate(sim.orders):
        filled = sim.fills[sim.fills["order"] == number]["size"].sum()
        assert order["filled"] == filled
        assert (order["status"] == Status.FILLED) == (order["remaining"] == 0.0)
        # The inequality that decided a refusal stands in the order.
        if order["status"] == Status.MARGIN and order["needed"] > 0.0:
            assert order["needed"] > order["available"]


@relaxed
@given(cases(any_rules), st.integers(1, 40))
def test_a_prefix_of_the_data_gives_a_prefix_of_the_fills(case, cut):
    cut = min(cut, len(case["bars"].times))
    whole, part = play(case), play(case, until=cut)
    count = len(part.fills)
    assert same_rows(whole.fills[:count], part.fills)
    assert not np.any(whole.fills[count:]["booked"] < cut)


@relaxed
@given(cases(any_rules))
def test_the_same_input_gives_the_same_bits(case):
    first, second = play(case), play(case)
    for name in ("orders", "fills", "events"):
        assert same_rows(getattr(first, name), getattr(second, name))
    assert first.equity_curve().tobytes() == second.equity_curve().tobytes()


@relaxed
@given(cases(any_rules))
def test_bars_may_be_skipped_while_idle(case):
    every, few = play(case), play(case, skip_idle=True)
    assert same_rows(every.fills, few.fills)
    assert same_rows(every.orders, few.orders)
    assert np.array_equal(every.equity_curve(), few.equity_curve())
    assert np.array_equal(every.cash_curve(), few.cash_curve())


@relaxed
@given(cases(any_rules, costs=True))
def test_oco_and_bracket_groups_trade_one_exit(case):
    """Once one of a bracket's children has filled, the other never does."""
    sim = play(case)
    children: dict[int, list[int]] = {}
    for number, order in enumerate(sim.orders):
        if order["parent"] >= 0:
            children.setdefault(int(order["parent"]), []).append(number)
            if order["filled"] != 0.0:
                assert sim.orders[order["parent"]]["status"] == Status.FILLED
    for numbers in children.values():
        assert sum(sim.orders[n]["status"] == Status.FILLED for n in numbers) <= 1


def outcome(case: dict) -> tuple[bytes, ...]:
    """All that a program did, in every bit."""
    sim = play(case)
    tables = (sim.orders, sim.fills, sim.events, sim.action_events, sim.equity_curve())
    return tuple(table.tobytes() for table in tables)


def draw(count: int, **more) -> list[dict]:
    """Always the same cases, drawn without Hypothesis' own state."""
    found: list[dict] = []

    @settings(max_examples=count, deadline=None, derandomize=True, database=None,
              phases=[Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(cases(any_rules, **more))
    def collect(case):
        found.append(case)

    collect()
    return found


@pytest.fixture(scope="module")
def drawn() -> list[dict]:
    """Cases for comparisons across processes."""
    return draw(200) + draw(100, actions=True) + draw(100, risk=True)


@pytest.fixture(scope="module")
def outcomes(drawn) -> list[tuple[bytes, ...]]:
    """What the compiled kernels make of them."""
    return [outcome(case) for case in drawn]


_WORKER = """
import pickle, sys
sys.path.insert(0, sys.argv[1])
from test_engine_properties import outcome
with open(sys.argv[2], "rb") as file:
    found = pickle.load(file)
with open(sys.argv[3], "wb") as file:
    pickle.dump([outcome(case) for case in found], file)
"""


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"FILLPROOF_JIT": "0"}, id="interpreted"),
        pytest.param({"NUMBA_DISABLE_JIT": "1", "FILLPROOF_JIT": "1"}, id="jit-disabled"),
        pytest.param(
            {"NUMBA_BOUNDSCHECK": "1", "FILLPROOF_JIT": "1"}, id="compiled-with-bounds-check"
        ),
    ],
)
def test_every_way_to_run_the_kernels_gives_the_same_bits(
    environment, drawn, outcomes, thorough, tmp_path
):
    if "NUMBA_BOUNDSCHECK" in environment and not thorough:
        # Interpreted kernels, on the same programs, fail at the same indices.
        pytest.skip("compiles every kernel once more: with --fuzz above 200")
    assert sum(len(play(c).fills) for c in drawn) > 50
    source, result = tmp_path / "cases", tmp_path / "result"
    source.write_bytes(pickle.dumps(drawn))
    environ = os.environ | environment | {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    here = str(Path(__file__).parent)
    subprocess.run(
        [sys.executable, "-c", _WORKER, here, str(source), str(result)], check=True, env=environ
    )
    assert pickle.loads(result.read_bytes()) == outcomes


def test_programs_reach_every_kind_and_final_status():
    """The generator is worth its name: it fills every kind and ends orders in every way."""
    kinds: set[int] = set()
    final: set[int] = set()
    for case in draw(600):
        sim = play(case)
        kinds |= {int(k) for k in sim.orders["kind"][sim.orders["status"] == Status.FILLED]}
        final |= {int(s) for s in sim.orders["status"]}
    rare = (Kind.TRAIL_LIMIT, Kind.LIMIT_IF_TOUCHED)
    assert kinds >= {int(k) for k in Kind if k not in rare}
    assert final >= {Status.FILLED, Status.CANCELLED, Status.EXPIRED, Status.MARGIN}


def test_random_bars_are_bars():
    bars = random_bars(1, 30, 2, missing=0.2)
    there = ~np.isnan(bars.close)
    assert (bars.low[there] <= np.minimum(bars.open, bars.close)[there]).all()

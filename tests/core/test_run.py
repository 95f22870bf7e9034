"""`core.run`: one strategy undecorated, jitted and interpreted; errors, room and views."""

import subprocess
import sys

import numba
import numpy as np
import pytest
from fillproof.core import Bars, Kind, OrderError, Rules, Simulation, TimeInForce, run
from fillproof.core.costs import Commission
from fillproof.core.instruments import Instrument
from fillproof.core.native import CLOSE
from fillproof.core.rules import CashCheck, LateMember, Positioning, Sizing
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import DAY, any_rules, cases, random_bars, relaxed

# What a row of a program's memory holds.
BAR, OP, ASSET, SIZE, KIND, LIMIT, STOP, TRAIL, TIF, EXPIRES, PARENT, OCO, REDUCE, SHORT, NUMBER = (
    range(15)
)
SAID = 15  # what the call returned
WIDTH = 18
ORDER, CANCEL, MODIFY, VALUE, PERCENT, TARGET, TARGET_VALUE, TARGET_PERCENT, WEIGHTS, BRACKET = (
    range(10)
)
OPS = 10


def obey(now):
    """A strategy that does what its memory says, and notes there what it sees."""
    memory = now.memory
    for n in range(len(memory)):
        row = memory[n]
        if row[BAR] != now.t:
            continue
        op = int(row[OP])
        asset = int(row[ASSET])
        size = row[SIZE]
        number = int(row[NUMBER])
        short = row[SHORT] != 0.0
        said = 0.0
        if op == ORDER:
            said = now.order(
                asset,
                size,
                kind=int(row[KIND]),
                limit=row[LIMIT],
                stop=row[STOP],
                trail_amount=row[TRAIL],
                tif=int(row[TIF]),
                expires=int(row[EXPIRES]),
                parent=int(row[PARENT]),
                oco=int(row[OCO]),
                reduce_only=row[REDUCE] != 0.0,
                short=short,
            )
        elif op == CANCEL:
            said = 1.0 if now.cancel(number) else 0.0
        elif op == MODIFY:
            said = 1.0 if now.modify(number, size, row[LIMIT], row[STOP]) else 0.0
        elif op == VALUE:
            said = now.order_value(asset, size * 20.0, short)
        elif op == PERCENT:
            said = now.order_percent(asset, size / 50.0, short)
        elif op == TARGET:
            said = now.target_size(asset, size, short)
        elif op == TARGET_VALUE:
            said = now.target_value(asset, size * 20.0, short)
        elif op == TARGET_PERCENT:
            said = now.target_percent(asset, size / 50.0, short)
        elif op == WEIGHTS:
            weights = np.full(len(now.close), size / 100.0)
            weights[0] = row[LIMIT]
            said = now.target_weights(weights)
        else:
            said = now.bracket(
                asset, size, row[STOP], row[LIMIT], kind=0, tif=int(row[TIF]), short=short
            )
        memory[n, SAID] = said
        memory[n, SAID + 1] = now.equity + now.cash
        memory[n, SAID + 2] = now.pending(0) + now.status(number)


jitted = numba.njit(obey)


def bits(rows: np.ndarray) -> bytes:
    """Every bit of a table but those of NaN, which is one value."""
    rows = rows.copy()
    if rows.dtype.names is None:
        rows[np.isnan(rows)] = np.nan
    for name in rows.dtype.names or ():
        if rows.dtype[name].kind == "f":
            rows[name][np.isnan(rows[name])] = np.nan
    return rows.tobytes()


def same(one, other) -> bool:
    """Whether two results are the same in every bit."""
    names = ("order_rows", "fill_rows", "cash", "equity", "positions", "memory")
    return all(bits(getattr(one, name)) == bits(getattr(other, name)) for name in names)


def outcome(bars, strategy, **settings):
    """The result, or the error and its notes."""
    try:
        return run(bars, strategy, **settings)
    except OrderError as error:
        return str(error), error.__notes__


def assert_same(one, other):
    if isinstance(one, tuple) or isinstance(other, tuple):
        assert one == other
    else:
        for name in ("order_rows", "fill_rows", "cash", "equity", "positions", "memory"):
            assert bits(getattr(one, name)) == bits(getattr(other, name)), name


@pytest.fixture
def interpreted(monkeypatch):
    """A function that calls another one with interpreted kernels."""

    def call(function, *arguments, **settings):
        with monkeypatch.context() as patch:
            patch.setenv("FILLPROOF_JIT", "0")
            return function(*arguments, **settings)

    monkeypatch.setenv("FILLPROOF_JIT", "1")
    return call


NAN = float("nan")
quarter = st.integers(40, 160).map(lambda n: n * 0.25)
price = st.sampled_from([NAN, NAN]) | quarter


@st.composite
def intents(draw, length: int, assets: int, wrong: bool) -> list[float]:
    """A row of memory; with `wrong` it may make no sense."""
    row = np.zeros(WIDTH)
    row[BAR] = draw(st.integers(0, length - 1))
    row[OP] = draw(st.sampled_from([ORDER, ORDER, ORDER, *range(OPS)]))
    row[ASSET] = draw(st.integers(0, assets - 1))
    row[SIZE] = draw(st.integers(1, 60)) * draw(st.sampled_from([-1.0, 1.0, 0.5]))
    kind = draw(st.sampled_from(list(Kind)))
    row[KIND] = kind
    row[LIMIT] = draw(quarter)
    row[STOP] = draw(quarter)
    row[TRAIL] = draw(st.integers(1, 8)) * 0.25
    tif = draw(st.sampled_from([TimeInForce.GTC] * 5 + list(TimeInForce)))
    row[TIF] = tif
    row[EXPIRES] = draw(st.integers(1, length)) * DAY if tif == TimeInForce.GTD else 0
    row[PARENT] = row[OCO] = -1
    row[NUMBER] = draw(st.sampled_from([-1, 0]))
    row[REDUCE] = draw(st.sampled_from([0, 0, 0, 1]))
    row[SHORT] = draw(st.integers(0, 1))
    if wrong and draw(st.integers(0, 4)) == 0:
        place = draw(st.sampled_from([ASSET, KIND, TIF, PARENT, OCO, NUMBER, LIMIT, SIZE]))
        row[place] = draw(st.sampled_from([3, 9, 40, -2]))
        if place in (LIMIT, SIZE):
            row[place] = draw(st.sampled_from([NAN, np.inf, -np.inf]))
    elif row[OP] == ORDER:
        # Only the prices that the kind takes.
        if kind in (Kind.MARKET, Kind.CLOSE, Kind.STOP, Kind.TRAIL, Kind.MARKET_IF_TOUCHED):
            row[LIMIT] = NAN
        if kind in (Kind.MARKET, Kind.CLOSE, Kind.LIMIT):
            row[STOP] = NAN
        if tif >= TimeInForce.AT_OPEN and kind not in (Kind.MARKET, Kind.LIMIT):
            row[TIF] = 0
    elif row[OP] == MODIFY and draw(st.booleans()):
        row[LIMIT] = row[STOP] = NAN
    elif row[OP] == WEIGHTS:
        row[LIMIT] = draw(st.sampled_from([NAN, 0.0, 0.5, 1.5, -0.5]))
    return row.tolist()


@st.composite
def programs(draw, rules=any_rules, wrong: bool = True, least: int = 1) -> dict:
    case = draw(cases(rules=rules))
    del case["program"]
    wrong = wrong and draw(st.booleans())  # one wrong row ends the whole program
    length, assets = case["bars"].close.shape
    rows = draw(st.lists(intents(length, assets, wrong), min_size=least, max_size=14))
    rows.sort(key=lambda row: row[BAR])
    memory = np.array(rows)
    # Some refer to orders that are likely to be there by then.
    for n, row in enumerate(memory):
        if n and not wrong and row[OP] in (CANCEL, MODIFY):
            row[NUMBER] = 0
    case["memory"] = memory
    hedging = case["rules"].positioning == Positioning.HEDGING
    if not hedging:
        memory[:, SHORT] = 0.0
    elif not wrong:
        toward = np.isin(memory[:, OP], (TARGET, TARGET_VALUE, TARGET_PERCENT))
        sizes = np.abs(memory[:, SIZE]) * np.where(memory[:, SHORT] != 0.0, -1.0, 1.0)
        memory[:, SIZE] = np.where(toward, sizes, memory[:, SIZE])
        weights = memory[:, OP] == WEIGHTS
        memory[weights, SIZE] = np.abs(memory[weights, SIZE])
        memory[weights, LIMIT] = np.abs(memory[weights, LIMIT])
    case["instruments"] = draw(
        st.sampled_from([case["instruments"], Instrument(lot=2.0), Instrument(tick=0.25)])
    )
    return case


@pytest.fixture
def thrice(interpreted):
    """A function that runs a case in the three ways, and compares."""

    def compare(case):
        python = outcome(strategy=obey, **case)
        assert_same(python, outcome(strategy=jitted, **case))
        assert_same(python, interpreted(outcome, strategy=jitted, **case))
        return python

    return compare


def test_the_three_ways_agree(thrice):
    seen = {"fills": 0, "errors": set()}

    @settings(relaxed, max_examples=150)
    @given(programs())
    def agree(case):
        result = thrice(case)
        if isinstance(result, tuple):
            seen["errors"].add(result[0].split(":")[0])
        else:
            seen["fills"] += len(result.fill_rows)

    agree()
    assert seen["fills"] > 100  # the programs trade
    assert len(seen["errors"]) > 3  # and make mistakes


def test_the_three_ways_agree_where_nothing_is_wrong(thrice):
    fills = []

    @settings(relaxed, max_examples=150)
    @given(programs(wrong=False, least=4))
    def agree(case):
        result = thrice(case)
        if not isinstance(result, tuple):
            fills.append(len(result.fill_rows))

    agree()
    assert sum(fills) > 200
    assert len(fills) > 50


def by_hand(bars, rules, memory, **settings) -> Simulation:
    """The same orders, cancels and changes through `Simulation`."""
    sim = Simulation(bars, rules, **settings)
    hedging = sim.rules.positioning == Positioning.HEDGING
    lots = sim.rules.sizing == Sizing.WHOLE
    lot = settings["instruments"].lot

    def cut(size):
        size = np.trunc(size) if lots else size
        return np.trunc(size / lot) * lot if lot else size

    for t in range(len(bars)):
        sim.step(t)
        for row in memory[memory[:, BAR] == t]:
            asset, size = int(row[ASSET]), float(cut(row[SIZE]))
            side = ("short" if row[SHORT] else "long") if hedging else ""
            number = int(row[NUMBER])
            known = 0 <= number < len(sim.orders)
            if row[OP] == CANCEL and known:
                sim.cancel(number)
            elif row[OP] == MODIFY and known:
                sim.modify(number, size=row[SIZE], limit=row[LIMIT], stop=row[STOP])
            elif row[OP] == TARGET:
                held = sim.position_size(asset, side)
                wanted = float(cut(row[SIZE] - held))
                if wanted:
                    sim.submit(asset, wanted, side=side)
            elif row[OP] == ORDER and size:
                trails = row[KIND] in (Kind.TRAIL, Kind.TRAIL_LIMIT)
                sim.submit(
                    asset,
                    size,
                    Kind(int(row[KIND])),
                    limit=row[LIMIT],
                    stop=row[STOP],
                    trail_amount=row[TRAIL] if trails else NAN,
                    tif=TimeInForce(int(row[TIF])),
                    expires=int(row[EXPIRES]),
                    reduce_only=bool(row[REDUCE]),
                    side=side,
                )
            elif row[OP] == BRACKET and size:
                parent = sim.submit(
                    asset, size, tif=TimeInForce(int(row[TIF])), transmit=False, side=side
                )
                sim.submit(
                    asset, -size, Kind.STOP, stop=row[STOP], parent=parent, transmit=False,
                    side=side,
                )  # fmt: skip
                sim.submit(asset, -size, Kind.LIMIT, limit=row[LIMIT], parent=parent, side=side)
    return sim


def test_run_equals_a_simulation_driven_by_hand(monkeypatch):
    monkeypatch.setenv("FILLPROOF_JIT", "1")
    fills = []

    @settings(relaxed, max_examples=150)
    @given(programs(wrong=False, least=4))
    def agree(case):
        memory = case["memory"]
        memory = memory[np.isin(memory[:, OP], (ORDER, CANCEL, MODIFY, TARGET, BRACKET))]
        memory[memory[:, OP] != ORDER, TIF] = 0.0
        case["memory"] = memory
        result = outcome(strategy=jitted, **case)
        if isinstance(result, tuple):
            assert "there is no order 0" in result[0] or "has none" in result[0]
            return
        sim = by_hand(**case)
        assert bits(result.order_rows["filled"]) == bits(sim.orders["filled"])
        assert bits(result.fill_rows) == bits(sim.fills)
        assert bits(result.equity) == bits(sim.equity_curve())
        fills.append(len(sim.fills))

    agree()
    assert sum(fills) > 100


# The face


@pytest.fixture(params=["python", "jitted"])
def way(request, monkeypatch):
    """Decorates a strategy, or not."""
    monkeypatch.setenv("FILLPROOF_JIT", "1")
    return numba.njit if request.param == "jitted" else lambda strategy: strategy


def flat_bars(length=10, count=3, price=10.0):
    ones = np.full((length, count), price)
    names = tuple("ABCDEFGHIJ"[:count])
    return Bars.from_arrays(
        np.arange(length, dtype=np.int64) * DAY, ones, ones, ones, ones, ones, assets=names
    )


def test_weights_are_reached_at_the_next_open(way):
    @way
    def strategy(now):
        if now.t == 0:
            now.target_weights(np.array([0.5, -0.25, np.nan]))

    result = run(flat_bars(), strategy, cash=1000.0)
    assert result.fill_rows["size"].tolist() == [50.0, -25.0]
    assert result.fill_rows["bar"].tolist() == [1, 1]
    assert result.positions.tolist() == [50.0, -25.0, 0.0]


def test_what_frees_cash_is_sent_first(way):
    @way
    def strategy(now):
        if now.t == 0:
            now.target_weights(np.array([0.0, 1.0, 0.0]))
        if now.t == 3:
            now.target_weights(np.array([1.0, 0.0, 0.0]))

    result = run(flat_bars(), strategy, Rules(cash_check=CashCheck.BOTH), cash=1000.0)
    assert result.fill_rows["asset"].tolist() == [1, 1, 0]
    assert result.positions.tolist() == [100.0, 0.0, 0.0]


def test_weights_of_another_length_are_an_error(way):
    @way
    def strategy(now):
        if now.t == 2:
            now.target_weights(np.zeros(7))

    with pytest.raises(OrderError, match="one number per asset, not 7") as caught:
        run(flat_bars(), strategy)
    assert "bar 2, 1970-01-03" in caught.value.__notes__[0]


@pytest.mark.parametrize("wrong", [-1, 3, 10**9])
def test_an_asset_that_is_not_there(way, wrong):
    @way
    def strategy(now):
        now.order(wrong, 1.0)

    with pytest.raises(OrderError, match="there is no asset"):
        run(flat_bars(), strategy)


WRONG = [
    "size must be finite",
    "kind: 9 is none",
    "limit: an order of kind LIMIT needs it",
    "stop: an order of kind STOP needs it",
    "limit or stop: an order of kind MARKET has",
    "trail_amount or trail_percent",
    "must be finite, not inf",
    "tif: 7 is none",
    "expires: time in force GTD",
    "AT_OPEN and AT_CLOSE",
    "parent: there is no order 0",
    "oco: there is no order 5",
    "only under Positioning.HEDGING",
    "order: there is no order 4",
    "order: there is no order -2",
    "a change needs at least one",
    "there is no asset 5",
    "begin a bracket",
]


def make_a_mistake(now):
    n = int(now.memory[0, 0])
    if n == 0:
        now.order(0, np.inf)
    elif n == 1:
        now.order(0, 1.0, 9)
    elif n == 2:
        now.order(0, 1.0, Kind.LIMIT)
    elif n == 3:
        now.order(0, 1.0, Kind.STOP)
    elif n == 4:
        now.order(0, 1.0, limit=5.0)
    elif n == 5:
        now.order(0, 1.0, Kind.TRAIL)
    elif n == 6:
        now.order(0, 1.0, Kind.LIMIT, np.inf)
    elif n == 7:
        now.order(0, 1.0, tif=7)
    elif n == 8:
        now.order(0, 1.0, tif=TimeInForce.GTD)
    elif n == 9:
        now.order(0, 1.0, Kind.STOP, stop=1.0, tif=5)
    elif n == 10:
        now.order(0, 1.0, parent=0)
    elif n == 11:
        now.order(0, 1.0, oco=5)
    elif n == 12:
        now.order(0, 1.0, short=True)
    elif n == 13:
        now.cancel(4)
    elif n == 14:
        now.status(-2)
    elif n == 15:
        now.modify(now.order(0, 1.0))
    elif n == 16:
        now.pending(5)
    else:
        now.bracket(0, 1.0, np.nan, np.nan, Kind.TRAIL)


def test_every_wrong_argument_has_a_text(way):
    strategy = way(make_a_mistake)
    for n, text in enumerate(WRONG):
        with pytest.raises(OrderError, match=text):
            run(flat_bars(2), strategy, memory=np.full((1, 1), float(n)))


def test_targets_of_the_other_side_of_a_hedged_position(way):
    @way
    def strategy(now):
        now.target_size(0, -5.0)

    rules = Rules(positioning=Positioning.HEDGING)
    with pytest.raises(OrderError, match="other side"):
        run(flat_bars(), strategy, rules)


def test_both_sides_of_a_hedged_position(way):
    @way
    def strategy(now):
        if now.t == 0:
            now.target_size(1, 5.0)
            now.target_size(1, -3.0, short=True)
        if now.t == 4:
            now.memory[0, 0] = now.holdings[1]
            now.memory[0, 1] = now.short_holdings[1]
            now.memory[0, 2] = now.entry_prices[1]
            now.order(1, 9.0, short=True)  # no more than there is

    rules = Rules(positioning=Positioning.HEDGING)
    result = run(flat_bars(), strategy, rules, memory=np.zeros((1, 3)))
    assert result.memory is not None
    assert result.memory.tolist() == [[5.0, -3.0, 10.0]]
    assert result.positions.tolist() == [0.0, 5.0, 0.0, 0.0, 0.0, 0.0]


def test_a_bracket_protects_its_entry(way):
    @way
    def strategy(now):
        if now.t == 0:
            entry = now.bracket(0, 10.0, stop_loss=9.0, take_profit=12.0)
            now.memory[0, 0] = entry

    close = np.array([10.0, 10.0, 10.0, 12.5, 12.5, 8.0])[:, None]
    bars = Bars.from_arrays(np.arange(6) * DAY, close, close, close, close, assets=("A",))
    result = run(bars, strategy, memory=np.zeros((1, 1)))
    assert result.order_rows["kind"].tolist() == [Kind.MARKET, Kind.STOP, Kind.LIMIT]
    assert result.fill_rows["order"].tolist() == [0, 2]
    assert result.fill_rows["price"].tolist() == [10.0, 12.5]


def test_orders_can_be_watched_changed_and_cancelled(way):
    @way
    def strategy(now):
        memory = now.memory
        if now.t == 0:
            memory[0, 0] = now.order(0, 1.0, Kind.LIMIT, limit=5.0)
            memory[0, 1] = now.order(0, 2.0, Kind.LIMIT, limit=4.0, oco=0)
        if now.t == 1:
            memory[0, 2] = now.pending(0)
            memory[0, 3] = now.status(int(memory[0, 0]))
            memory[0, 4] = now.modify(1, limit=11.0)
        if now.t == 3:
            memory[0, 5] = now.status(0)
            memory[0, 6] = now.cancel(0)
            memory[0, 7] = now.cancel(-1)

    result = run(flat_bars(), strategy, memory=np.zeros((1, 8)))
    assert result.memory is not None
    assert result.memory.tolist() == [[0.0, 1.0, 2.0, 2.0, 1.0, 5.0, 0.0, 0.0]]
    assert result.fill_rows["order"].tolist() == [1]


def test_thousands_of_orders_in_one_bar(way):
    @way
    def strategy(now):
        if now.t == 1:
            for n in range(5000):
                now.order(n % 3, 1.0 if n % 2 == 0 else -1.0)
        if now.t == 4:
            for n in range(3000):
                now.order(n % 3, 1.0, Kind.LIMIT, limit=1.0)
        if now.t == 5:
            for n in range(5000, 8000):
                for _ in range(3):
                    now.modify(n, limit=2.0)
                now.cancel(n)

    result = run(flat_bars(), strategy, cash=1e9)
    assert len(result.order_rows) == 8000
    assert len(result.fill_rows) == 5000
    assert (result.order_rows["status"][5000:] == 5).all()


def test_many_changes_of_one_order_in_a_bar(way):
    @way
    def strategy(now):
        if now.t == 0:
            now.order(0, 1.0, Kind.LIMIT, limit=1.0)
        if now.t == 1:
            for n in range(300_000):
                now.modify(0, limit=1.0 + n * 1e-6)

    bars = flat_bars(4)
    if way is not numba.njit:
        bars = flat_bars(3)
    result = run(bars, strategy)
    assert result.order_rows["limit"][0] == 1.0 + 299_999 * 1e-6


def test_exceptions_reach_the_user_with_the_bar(way):
    @way
    def strategy(now):
        now.memory[0, 0] += 1.0
        now.order(0, 1.0)
        if now.memory[0, 0] == 4.0 and now.holdings[0] == 3.0:
            raise ValueError("enough")

    with pytest.raises(ValueError, match="enough") as caught:
        run(flat_bars(), strategy, memory=np.zeros((1, 1)))
    assert caught.value.__notes__ == ["In the strategy at bar 3, 1970-01-04T00:00:00.000000000."]


def test_an_index_outside_is_an_error(way):
    @way
    def strategy(now):
        now.memory[0, 0] = now.close[now.t]

    with pytest.raises(IndexError) as caught:
        run(flat_bars(), strategy, memory=np.zeros((1, 1)))
    assert "bar 3" in caught.value.__notes__[0]


def test_memory_that_was_not_given_cannot_be_written(way):
    @way
    def strategy(now):
        now.memory[0, 0] = 1.0

    with pytest.raises(IndexError):
        run(flat_bars(), strategy)


def test_memory_is_a_copy(way):
    @way
    def strategy(now):
        now.memory[0, 0] += now.t

    mine = np.zeros((1, 1))
    assert run(flat_bars(), strategy, memory=mine).memory[0, 0] == 45.0  # type: ignore[index]
    assert run(flat_bars(), strategy, memory=mine).memory[0, 0] == 45.0  # type: ignore[index]
    assert mine[0, 0] == 0.0
    with pytest.raises(OrderError, match="two dimensions"):
        run(flat_bars(), strategy, memory=np.zeros(3))


def test_extra_columns(way):
    @way
    def strategy(now):
        memory = now.memory
        memory[now.t, 0] = now.column(0)[1]
        memory[now.t, 1] = now.column(1)[0]
        memory[now.t, 2] = now.history(5, 3)[1].sum()

    bars = flat_bars(4, 2)
    rank = np.arange(8.0).reshape(4, 2)
    bars = Bars.from_arrays(
        bars.times, bars.open, bars.high, bars.low, bars.close, bars.volume, assets=bars.assets,
        extra={"rank": rank, "bid": bars.close - 1.0, "ask": bars.close + 1.0},
    )  # fmt: skip
    memory = np.zeros((4, 3))
    result = run(bars, strategy, columns=("rank", "bid"), memory=memory)
    assert result.memory is not None
    assert result.memory.tolist() == [[1, 9, 1], [3, 9, 4], [5, 9, 9], [7, 9, 15]]
    with pytest.raises(OrderError, match="no 'rang', only: ask, bid, rank"):
        run(bars, strategy, columns=("rang",), memory=memory)
    with pytest.raises(IndexError, match="no such field or column"):
        run(flat_bars(4, 2), strategy, memory=memory)


def test_quotes_are_read_behind_the_strategys_columns(way):
    @way
    def strategy(now):
        if now.t == 0:
            now.order(0, 1.0)

    bars = flat_bars(4, 1)
    extra = {"rank": bars.close, "bid": bars.close - 1.0, "ask": bars.close + 1.0}
    bars = Bars.from_arrays(
        bars.times, bars.open, bars.high, bars.low, bars.close, bars.volume, assets=bars.assets,
        extra=extra,
    )  # fmt: skip
    assert run(bars, strategy, columns=("rank",)).fill_rows["price"].tolist() == [11.0]


def test_sizes_that_come_to_nothing_send_nothing(way):
    @way
    def strategy(now):
        memory = now.memory
        memory[now.t, 0] = now.order(0, np.nan)
        memory[now.t, 1] = now.order_value(1, 100.0)  # no price
        memory[now.t, 2] = now.order_value(2, 100.0)  # worth nothing
        memory[now.t, 3] = now.order(0, 0.4)
        memory[now.t, 4] = now.target_size(0, 0.0)

    bars = flat_bars(2)
    close = bars.close.copy()
    close[:, 1] = np.nan
    close[:, 2] = 0.0
    allowed = {"zero_price": "allow"}
    bars = Bars.from_arrays(
        bars.times, close, close, close, close, assets=bars.assets, policy=allowed
    )
    result = run(bars, strategy, Rules(sizing=Sizing.WHOLE), memory=np.zeros((2, 5)))
    assert result.memory is not None
    assert (result.memory == -1.0).all()
    assert len(result.order_rows) == 0


def test_sizes_are_cut_to_lots_toward_zero(way):
    @way
    def strategy(now):
        if now.t == 0:
            now.order_percent(0, 0.55)
            now.target_percent(1, -0.55)
            now.target_value(2, 299.0)

    result = run(flat_bars(), strategy, cash=1000.0, instruments=Instrument(lot=10.0))
    assert result.order_rows["size"].tolist() == [50.0, -50.0, 20.0]


def test_without_equity_nothing_is_bought(way):
    @way
    def strategy(now):
        now.target_weights(np.full(3, 0.3))

    assert len(run(flat_bars(), strategy, cash=0.0).order_rows) == 0
    # Negative equity turns a weight round; the cash check has the last word.
    result = run(flat_bars(), strategy, cash=-100.0)
    assert (result.order_rows["size"] <= 0.0).all()


def test_the_data_cannot_be_written_through_now():
    bars = flat_bars()
    before = bars.values.copy()

    def strategy(now):
        now.close[0] = 99.0
        now.holdings[0] = 99.0

    result = run(bars, strategy)
    assert (bars.values == before).all()
    assert result.equity.tolist() == [100_000.0] * 10
    with pytest.raises(OrderError, match=r"strategy: strategy does not compile(.|\n)*readonly"):
        run(bars, numba.njit(strategy))


def test_python_strategies_cannot_reach_the_future():
    bars = random_bars(1, 6, 2)

    def strategy(now):
        for array in (now.close, now.open, now.history(CLOSE, 3), now.holdings):
            assert array.base is None
        assert now.history(CLOSE, 3).shape == (2, min(now.t + 1, 3))

    run(bars, strategy)


def test_history_and_prices_are_those_of_the_bars(way):
    bars = random_bars(3, 6, 2)

    @way
    def strategy(now):
        past = now.history(CLOSE, 4)
        now.memory[now.t, 0] = past[1, -1] - now.close[1]
        now.memory[now.t, 1] = past.shape[1]
        now.memory[now.t, 2] = now.open[0] + now.high[0] + now.low[0] + now.volume[1]
        now.memory[now.t, 3] = now.time

    memory = run(bars, strategy, memory=np.zeros((6, 4))).memory
    assert memory is not None
    assert memory[:, 0].tolist() == [0.0] * 6
    assert memory[:, 1].tolist() == [1, 2, 3, 4, 4, 4]
    wanted = bars.open[:, 0] + bars.high[:, 0] + bars.low[:, 0] + bars.volume[:, 1]
    assert memory[:, 2].tolist() == wanted.tolist()
    assert memory[:, 3].tolist() == bars.times.tolist()


def test_late_children(way):
    @way
    def strategy(now):
        if now.t == 0:
            now.order(0, 4.0)
        if now.t == 2:
            now.order(0, -4.0, Kind.LIMIT, limit=9.0, parent=0)
        if now.t == 3:
            now.order(0, -4.0, parent=1)

    with pytest.raises(OrderError, match="order 1 is itself a child"):
        run(flat_bars(), strategy, Rules(late_member=LateMember.JOINS))


def test_a_strategy_that_does_not_compile():
    @numba.njit
    def strategy(now):
        now.no_such_thing()

    with pytest.raises(OrderError, match="does not compile; undecorated it runs as plain Python"):
        run(flat_bars(), strategy)


def test_what_is_no_strategy():
    with pytest.raises(OrderError, match="must be a function of one argument"):
        run(flat_bars(), 5)  # type: ignore[arg-type]


def test_bars_of_no_time(way):
    @way
    def strategy(now):
        now.order(0, 1.0)

    bars = flat_bars(1)
    assert len(run(bars, strategy).fill_rows) == 0


def test_a_jitted_strategy_runs_again_with_other_data(way):
    @way
    def strategy(now):
        if now.t == 0:
            now.target_weights(np.full(len(now.close), 0.1))

    for count in (1, 3, 2):
        result = run(flat_bars(5, count), strategy, cash=1000.0)
        assert result.positions.tolist() == [10.0] * count


def test_costs_of_the_users_own(way):
    """A plain Python function as commission is called from within the compiled loop."""

    @way
    def strategy(now):
        now.order(0, 1.0)

    def fee(units, price, filled, paid):
        return 0.5 * units

    own = run(flat_bars(), strategy, commission=Commission(function=fee))
    built_in = run(flat_bars(), strategy, commission=Commission("per_share", 0.5))
    assert own.equity.tolist() == built_in.equity.tolist()


def test_names_are_loaded_when_they_are_read():
    code = (
        "import sys, fillproof.core as core; assert 'numpy' not in sys.modules; "
        "from fillproof.core import run, Bars; import fillproof.core.native; "
        "assert core.run is run and callable(run); assert 'numba' not in sys.modules; "
        "assert all(hasattr(core, name) for name in core.__all__)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=None)

"""Sweeps against the same columns traded one by one, in every form, size and place."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from fillproof.core import matrix as m
from fillproof.core import metrics, records, running, sweep
from fillproof.core import statistics as whole
from fillproof.core.bars import Bars
from fillproof.core.equity_statistics import deflated_sharpe_ratio
from fillproof.core.errors import OrderError
from fillproof.core.jit import njit
from fillproof.core.signals import simulate_signals
from fillproof.core.sweep.run import bytes_of

ROWS = 300


def closes(assets=1, rows=ROWS, seed=5):
    rng = np.random.default_rng(seed)
    return 100 * np.exp(np.cumsum(rng.normal(0.0005, 0.02, (rows, assets)), axis=0))


@njit
def cross(data, p, entries, exits):
    close = data.close
    fast = slow = 0.0
    was = False
    for i in range(len(close)):
        fast += close[i]
        slow += close[i]
        if i >= p.fast:
            fast -= close[i - p.fast]
        if i >= p.slow:
            slow -= close[i - p.slow]
        if i >= p.slow - 1:
            above = fast / p.fast > slow / p.slow
            if above != was and i >= p.slow:
                if above:
                    entries[i] = True
                else:
                    exits[i] = True
            was = above


def cross_in_python(data, p, entries, exits):
    cross.py_func(data, p, entries, exits)


@njit
def both_sides(data, p, entries, exits, short_entries, short_exits):
    close = data.close
    for i in range(p.lag, len(close)):
        entries[i] = close[i] > close[i - p.lag] * 1.02
        short_entries[i] = close[i] < close[i - p.lag] * 0.98
        exits[i] = short_exits[i] = i % 40 == 0


@njit
def beyond(data, p, entries, exits):
    if p.lag > 3:
        entries[len(data.close) + p.lag] = True


GRID = sweep.grid({"fast": range(2, 12), "slow": (15, 20, 40)})


def one_by_one(close, signals, parameters, count=2, cash=100_000.0, **settings):
    """(total return, Sharpe ratio, orders) of each set, each simulated by itself."""
    out = []
    for k in range(len(parameters)):
        arrays = [np.zeros(len(close), bool) for _ in range(count)]
        data = type("Data", (), {"close": close})
        signals.py_func(data, parameters.view(np.recarray)[k], *arrays)
        values = {
            setting.number: settings.get(name, setting.default)
            for name, setting in sweep.SETTINGS.items()
        }
        values |= {m.CLOSE: close[:, None], m.VAL_PRICE: math.inf, m.RAISE_REJECT: False}
        places = (m.ENTRIES, m.EXITS, m.SHORT_ENTRIES, m.SHORT_EXITS)
        values |= {n: array[:, None] for n, array in zip(places, arrays, strict=False)}
        orders = simulate_signals(
            m.Inputs.of((len(close), 1), values),
            m.Pools(np.ones(1, np.int64), np.array([cash])),
            four_arrays=count == 4,
            use_stops="sl_stop" in settings,
        )
        rows = running.observe_orders(
            orders, records.map_columns(orders["col"], 1), (close, 1, 0), len(close),
            np.array([cash]),
        )  # fmt: skip
        profit = metrics.total_profit(orders, records.map_columns(orders["col"], 1), close[-1:])
        ratio = whole.from_rows(rows, 252.0)["Ratios"]["sharpe_ratio"][0]
        out.append((profit[0] / cash, ratio, len(orders)))
    return np.array(out)


def assert_same(found, expected):
    table = found.table
    np.testing.assert_allclose(table["total_return"], expected[:, 0], rtol=1e-9, atol=1e-12)
    known = ~np.isnan(expected[:, 1])
    ratio = table["sharpe_ratio"].to_numpy()
    np.testing.assert_allclose(ratio[known], expected[known, 1], rtol=1e-9)
    np.testing.assert_array_equal(table["orders"], expected[:, 2])


@pytest.mark.parametrize("memory", [2_000, "3 KB", "64 MB"])
def test_every_set_trades_as_if_it_were_alone(memory):
    close = closes()[:, 0]
    found = sweep.run(close, cross, GRID, fees=0.001, memory=memory)
    expected = one_by_one(close, cross, GRID, fees=0.001)
    assert expected[:, 2].min() > 2
    assert_same(found, expected)
    assert found.table.columns == ["asset", "fast", "slow", *sweep.DEFAULT]


def test_a_python_function_does_what_a_jitted_one_does():
    close = closes()[:, 0]
    jitted = sweep.run(close, cross, GRID, statistics=sweep.STATISTICS)
    plain = sweep.run(close, cross_in_python, GRID, statistics=sweep.STATISTICS)
    assert jitted.table.equals(plain.table, null_equal=True)
    assert len(jitted.table.columns) > 60


def test_long_and_short_signals_with_stops_from_parameters():
    close = closes()[:, 0]
    sets = sweep.grid({"lag": (2, 5), "sl_stop": (0.01, 0.05)})
    found = sweep.run(close, both_sides, sets)
    for k, row in enumerate(sets):
        expected = one_by_one(close, both_sides, sets[k : k + 1], 4, sl_stop=float(row["sl_stop"]))
        assert_same(type(found)(found.table[k : k + 1], found.task), expected)
    assert found.table["total_return"].n_unique() == 4


def test_matrices_instead_of_a_function():
    close = closes()[:, 0]
    entries, exits = (np.zeros((ROWS, len(GRID)), bool, order) for order in "CF")
    rows = GRID.view(np.recarray)
    data = type("Data", (), {"close": close})
    for k in range(len(GRID)):
        cross.py_func(data, rows[k], entries[:, k], exits[:, k])
    by_function = sweep.run(close, cross, GRID)
    signals = sweep.Signals(entries, pl.DataFrame(exits, orient="row"))
    by_matrix = sweep.run(close, signals, GRID, memory="20 KB")
    assert by_matrix.table.equals(by_function.table)
    unnamed = sweep.run(close, signals)
    assert unnamed.table["column"].to_list() == list(range(len(GRID)))
    assert unnamed.best().row == by_function.best().row
    # A column per asset.
    wide = np.repeat(close[:, None], len(GRID), axis=1)
    paired = sweep.run(wide, sweep.Signals(entries, exits))
    assert paired.table.drop("asset", "column").equals(
        by_function.table.drop("asset", "fast", "slow")
    )
    np.testing.assert_array_equal(paired.orders(7)["idx"], by_function.orders(7)["idx"])


def test_assets_columns_times_and_tables():
    close = closes(3)
    times = np.arange(ROWS) * 86_400_000_000_000
    bars = Bars.from_arrays(times, close, close * 1.01, close * 0.99, close, assets=["A", "B", "C"])

    @njit
    def shifted(data, p, entries, exits):
        for i in range(p.lag, len(data.close)):
            entries[i] = data.high[i] > data.level[p.lag] and data.times[i] > 0
            exits[i] = data.low[i] < data.close[i - p.lag] * 0.98

    found = sweep.run(bars, shifted, {"lag": [1, 4]}, tables={"level": np.full(5, 90.0)})
    assert found.table["asset"].to_list() == ["A", "A", "B", "B", "C", "C"]
    assert found.task.annual_factor == pytest.approx(365.25, rel=1e-9)
    alone = sweep.run(
        bars.select(["B"]), shifted, {"lag": [1, 4]}, tables={"level": np.full(5, 90.0)}
    )
    assert found.table[2:4].equals(alone.table)
    assert found.table["orders"].min() > 2


def test_the_window_is_all_that_the_account_lives_through():
    close = closes()[:, 0]
    found = sweep.run(close, cross, GRID, window=(100, 250))
    orders = found.orders(3)
    whole_run = sweep.run(close, cross, GRID).orders(3)
    inside = whole_run[(whole_run["idx"] >= 100) & (whole_run["idx"] < 250)]
    # A sale at the beginning has nothing to sell.
    inside = inside[int(inside["side"][0]) :]
    np.testing.assert_array_equal(orders["idx"] + 100, inside["idx"])


def test_the_best_and_its_luck():
    close = closes()[:, 0]
    found = sweep.run(close, cross, GRID)
    rows = np.concatenate([found.running(n) for n in range(len(found))])
    best = found.best("sharpe_ratio")
    ratios = found.table["sharpe_ratio"].to_numpy()
    assert best.row == int(np.nanargmax(ratios))
    assert best.parameters == {name: int(GRID[best.row][name]) for name in ("fast", "slow")}
    assert best.trials == len(GRID)
    expected = deflated_sharpe_ratio(rows)[best.row]
    assert best.deflated_sharpe_ratio == pytest.approx(expected, rel=1e-9)
    assert 0 < expected < 1
    lowest = found.best("orders", highest=False)
    assert lowest.statistics["orders"] == found.table["orders"].min()


class Stopped(Exception):
    pass


def test_a_stopped_sweep_goes_on_where_it_was(tmp_path):
    close = closes()[:, 0]
    calls = []

    def counted(data, p, entries, exits):
        calls.append(int(p.fast))
        cross.py_func(data, p, entries, exits)

    def stop(done, total):
        if done >= 12:
            raise Stopped

    arguments = {"store": tmp_path / "run", "memory": 12_000}
    with pytest.raises(Stopped):
        sweep.run(close, counted, GRID, progress=stop, **arguments)
    before = len(calls)
    assert 0 < before < len(GRID)
    told = []
    found = sweep.run(
        close, counted, GRID, progress=lambda done, total: told.append((done, total)),
        store=tmp_path / "run", memory="64 MB",
    )  # fmt: skip
    assert len(calls) == len(GRID)
    assert told[0] == (before, len(GRID))
    assert told[-1] == (len(GRID), len(GRID))
    assert found.table.equals(sweep.run(close, cross, GRID).table)
    assert not list((tmp_path / "run").glob(".*"))
    with pytest.raises(OrderError, match="another sweep"):
        sweep.run(close, counted, GRID, fees=0.1, **arguments)
    with pytest.raises(OrderError, match="another sweep"):
        sweep.run(close[:-1], counted, GRID, **arguments)
    with pytest.raises(OrderError, match="another sweep"):
        sweep.run(close, cross, GRID, **arguments)


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_other_processes_find_the_same(backend, tmp_path):
    import joblib

    close = closes(2)
    here = sweep.run(close, cross, GRID)
    with joblib.parallel_config(backend=backend):
        there = sweep.run(close, cross, GRID, jobs=2, memory="60 KB", store=tmp_path)
    assert there.table.equals(here.table)
    assert len(list(tmp_path.glob("*.parquet"))) > 2


def test_nothing_is_printed_where_there_is_no_terminal(capfd):
    sweep.run(closes()[:, 0], cross, GRID)
    assert capfd.readouterr() == ("", "")


def test_search_finds_what_the_grid_finds():
    close = closes()[:, 0]
    space = {"fast": sweep.Integers(2, 30), "slow": sweep.Integers(5, 60)}

    def ordered(p):
        return p["fast"] < p["slow"]

    found = sweep.search(close, cross, space, 60, seed=3, batch=20, where=ordered, fees=0.001)
    again = sweep.search(close, cross, space, 60, seed=3, batch=20, where=ordered, fees=0.001)
    assert found.table.equals(again.table)
    assert len(found) == 60
    assert (found.table["fast"] < found.table["slow"]).all()
    every = sweep.run(close, cross, sweep.grid(space, ordered), fees=0.001)
    ratios = every.table["sharpe_ratio"].to_numpy()
    assert found.best().statistics["sharpe_ratio"] >= np.nanquantile(ratios, 0.95)
    best = found.best()
    alone = sweep.table({name: [value] for name, value in best.parameters.items()})
    expected = one_by_one(close, cross, alone, fees=0.001)
    assert best.statistics["total_return"] == pytest.approx(expected[0, 0], rel=1e-9)


def test_search_over_assets_and_words_of_optuna():
    import optuna

    close = closes(2)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    space = {"fast": [2, 3, 5], "slow": [20, 40], "sl_stop": sweep.Floats(0.01, 0.2, log=True)}
    found = sweep.search(
        close, cross, space, 10, study=study, by="max_drawdown", batch=4, statistics=["orders"]
    )
    assert found.table["asset"].to_list() == ["asset0"] * 10 + ["asset1"] * 10
    values = found.table["max_drawdown"].to_numpy().reshape(2, 10).mean(axis=0)
    assert [trial.value for trial in study.trials] == pytest.approx(values)


def test_errors_name_what_is_wrong():
    close = closes()[:, 0]
    for arguments, text in (
        ({"fes": 0.1}, "no setting 'fes'"),
        ({"direction": "sideways"}, "choose from long_only"),
        ({"sl_stop": np.zeros(7)}, "300 values, one per bar"),
        ({"memory": "much"}, "memory='much'"),
        ({"statistics": ["shape_ratio"]}, "no statistic 'shape_ratio'"),
        ({"window": (50, 20)}, "window 50 to 20"),
        ({"cash": -1.0}, "cash=-1.0"),
    ):
        with pytest.raises(OrderError, match=text):
            sweep.run(close, cross, GRID, **arguments)
    with pytest.raises(OrderError, match="as a setting and as a parameter"):
        sweep.run(close, both_sides, {"lag": [1], "fees": [0.1]}, fees=0.1)
    with pytest.raises(OrderError, match="takes 1 arguments"):
        sweep.run(close, lambda data: None, GRID)
    with pytest.raises(OrderError, match="no column 'close'"):
        sweep.run({"price": close}, cross, GRID)
    with pytest.raises(OrderError, match=r"bool\[300, columns\]"):
        sweep.run(close, sweep.Signals(np.zeros((299, 2), bool), np.zeros((300, 2), bool)))
    with pytest.raises(IndexError) as caught:
        sweep.run(close, beyond, {"lag": [1, 2, 3, 4, 5]})
    assert caught.value.__notes__ == ["In the signals of asset with lag=4."]
    assert bytes_of("1.5 kb") == 1500


def test_sets_of_parameters():
    sets = sweep.grid({"a": [1, 2], "b": [True, False], "c": (0.5,)}, lambda p: p["a"] > 1)
    assert sets.tolist() == [(2, True, 0.5), (2, False, 0.5)]
    assert sweep.table(pl.DataFrame({"a": [1.5]})).dtype["a"] == np.float64
    space = {"a": sweep.Integers(1, 4), "b": [0.1, 0.2]}
    drawn = sweep.sample(space, 8, seed=1)
    assert sorted(drawn.tolist()) == sorted(sweep.grid(space).tolist())
    assert drawn.tolist() == sweep.sample(space, 8, seed=1).tolist()
    with pytest.raises(OrderError, match="there are 8"):
        sweep.sample(space, 9, seed=1)
    wide = sweep.sample(
        {"a": sweep.Floats(1e-3, 1.0, log=True), "b": sweep.Integers(1, 1000, log=True)},
        4000, seed=2, where=lambda p: p["a"] < 0.5,
    )  # fmt: skip
    assert len(wide) == 4000
    assert wide["a"].max() < 0.5
    # As many below as above the geometric middle.
    assert 0.45 < np.mean(wide["b"] <= 31) < 0.58
    for bad in ({"a": ["x"]}, {"a": []}, {"a": sweep.Floats(0.0, 1.0)}):
        with pytest.raises(OrderError):
            sweep.grid(bad)
    with pytest.raises(OrderError, match="one length"):
        sweep.table({"a": [1], "b": [1, 2]})
    with pytest.raises(OrderError, match="low must not exceed"):
        sweep.Integers(3, 2)

"""Splits in time, and what is chosen and judged on them."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from fillproof.core import running, sweep
from fillproof.core import statistics as whole
from fillproof.core.errors import OrderError
from hypothesis import given
from hypothesis import strategies as st
from test_sweep import GRID, ROWS, closes, cross


def bars_of(ranges):
    out = [n for first, last in ranges for n in range(first, last)]
    assert out == sorted(set(out))
    return set(out)


@given(
    st.integers(20, 200), st.integers(2, 8), st.integers(1, 3), st.integers(0, 5), st.integers(0, 5)
)
def test_training_keeps_its_distance_from_the_test(rows, folds, test_folds, purge, embargo):
    if test_folds >= folds:
        with pytest.raises(OrderError):
            sweep.purged_folds(rows, folds, test_folds)
        return
    try:
        splits = sweep.purged_folds(rows, folds, test_folds, purge=purge, embargo=embargo)
    except OrderError:
        assert rows // folds <= 2 * purge + embargo  # nothing is left of a fold
        return
    assert len(splits) == comb(folds, test_folds)
    tested = [0] * rows
    for split in splits:
        train, test = bars_of(split.train), bars_of(split.test)
        for n in test:
            tested[n] += 1
        for n in range(rows):
            near = any(k in test for k in range(n - purge - embargo, n + purge + 1))
            assert (n in train) == (n not in test and not near)
    assert set(tested) == {comb(folds - 1, test_folds - 1)}


@given(
    st.integers(1, 300), st.integers(1, 60), st.integers(1, 40), st.integers(0, 9), st.booleans()
)
def test_walks_go_forward(rows, train, test, gap, anchored):
    purge = gap // 2
    arguments = {"purge": purge, "embargo": gap - purge, "anchored": anchored}
    if train + gap >= rows:
        with pytest.raises(OrderError, match="do not fit"):
            sweep.walk_forward(rows, train, test, **arguments)
        return
    splits = sweep.walk_forward(rows, train, test, **arguments)
    judged = []
    for n, split in enumerate(splits):
        ((begin, end),), ((first, last),) = split.train, split.test
        assert (begin, end) == (0 if anchored else n * test, n * test + train)
        assert first == end + gap
        judged += range(first, last)
    # Every bar after the first training once.
    assert judged == list(range(train + gap, rows))


def test_choices_are_made_in_training_and_judged_in_the_test():
    few = GRID[::4]
    close = closes()[:, 0]
    splits = sweep.purged_folds(ROWS, 4, 2, purge=5, embargo=3)
    found = sweep.cross_validate(close, cross, few, splits, fees=0.001, memory=40_000)
    assert found.train.shape == (len(few), 6)
    for n, split in enumerate(splits):
        ratios = []
        for ranges in (split.train, split.test):
            rows = None
            for bars in ranges:
                part = sweep.run(close, cross, few, window=bars, fees=0.001)
                own = np.concatenate([part.running(k) for k in range(len(few))])
                rows = own if rows is None else running.merge(rows, own)
            ratios.append(whole.from_rows(rows, 252.0)["Ratios"]["sharpe_ratio"])
        np.testing.assert_allclose(found.train[:, n], ratios[0], rtol=1e-9)
        np.testing.assert_allclose(found.test[:, n], ratios[1], rtol=1e-9)
        best = int(np.nanargmax(ratios[0]))
        row = found.table.row(n, named=True)
        assert (row["fast"], row["slow"]) == few[best].tolist()
        assert row["test"] == pytest.approx(ratios[1][best], rel=1e-9)
        assert row["rank"] == np.mean(ratios[1] <= ratios[1][best])
    assert 0 <= found.probability_of_overfitting <= 1
    assert found.out_of_sample == {}


def test_a_walk_is_one_account_out_of_sample():
    close = closes()[:, 0]
    splits = sweep.walk_forward(ROWS, 120, 60)
    found = sweep.cross_validate(close, cross, GRID, splits, by="cumulative_return")
    growth = 1.0
    for n, split in enumerate(splits):
        chosen = found.table.row(n, named=True)
        sets = sweep.table({name: [chosen[name]] for name in ("fast", "slow")})
        part = sweep.run(close, cross, sets, window=split.test[0])
        growth *= 1.0 + part.table["total_return"][0]
    assert found.out_of_sample["cumulative_return"] == pytest.approx(growth - 1.0, rel=1e-9)
    assert found.out_of_sample["bars"] == ROWS - 120


def test_luck_does_not_last():
    # Without anything to find, the best in training is as often below the middle as above it.
    rng = np.random.default_rng(8)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, 2000)))
    entries = rng.random((2000, 40)) < 0.05
    exits = rng.random((2000, 40)) < 0.05
    found = sweep.cross_validate(
        close, sweep.Signals(entries, exits), None, sweep.purged_folds(2000, 8, 4)
    )
    assert len(found.table) == 70
    assert 0.2 < found.probability_of_overfitting < 0.95


def test_errors_name_the_split():
    close = closes()[:, 0]
    with pytest.raises(OrderError, match="beyond the 300 bars"):
        sweep.cross_validate(close, cross, GRID, sweep.walk_forward(400, 200, 100))
    with pytest.raises(OrderError, match="no statistic 'sharp'"):
        sweep.cross_validate(close, cross, GRID, sweep.walk_forward(300, 200, 100), by="sharp")
    with pytest.raises(OrderError, match="no splits"):
        sweep.cross_validate(close, cross, GRID, [])
    with pytest.raises(OrderError, match="purge=-1"):
        sweep.purged_folds(100, 4, purge=-1)

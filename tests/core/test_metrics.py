"""Statistics against their formulas in NumPy, and the streamed pass against the stored one."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from fillproof.core import matrix as m
from fillproof.core import metrics, records, return_sums
from fillproof.core.signals import simulate_signals
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from matrix_inputs import inputs, pools

FACTOR = 252.0


def gains(seed=1, rows=200, columns=3):
    return np.random.default_rng(seed).normal(0.001, 0.02, (rows, columns))


def test_ratios_are_their_formulas():
    r = gains()
    sums = metrics.return_statistics(r)
    std = r.std(axis=0, ddof=1)
    growth = np.cumprod(1 + r, axis=0)
    fall = (growth / np.maximum.accumulate(growth, axis=0) - 1).min(axis=0)
    annual = growth[-1] ** (FACTOR / len(r)) - 1
    down = np.sqrt((np.minimum(r, 0) ** 2).mean(axis=0))
    expected = {
        "sharpe_ratio": r.mean(axis=0) / std * np.sqrt(FACTOR),
        "sortino_ratio": r.mean(axis=0) * FACTOR / (down * np.sqrt(FACTOR)),
        "annualized_return": annual,
        "annualized_volatility": std * np.sqrt(FACTOR),
        "calmar_ratio": annual / -fall,
        "downside_risk": down * np.sqrt(FACTOR),
    }
    for name, values in expected.items():
        np.testing.assert_allclose(getattr(metrics, name)(sums, FACTOR), values, rtol=1e-9)
    np.testing.assert_allclose(metrics.max_drawdown(sums), fall, rtol=1e-9)
    np.testing.assert_allclose(metrics.compound_return(sums), growth[-1] - 1, rtol=1e-9)
    omega = np.maximum(r, 0).sum(axis=0) / -np.minimum(r, 0).sum(axis=0)
    np.testing.assert_allclose(metrics.omega_ratio(sums), omega, rtol=1e-9)


def test_parameters_shift_the_ratios():
    r = gains()
    sums = metrics.return_statistics(r, required_return=0.001, threshold=0.002)
    std = r.std(axis=0, ddof=0)
    np.testing.assert_allclose(
        metrics.sharpe_ratio(sums, FACTOR, risk_free=0.0005, ddof=0),
        (r.mean(axis=0) - 0.0005) / std * np.sqrt(FACTOR),
        rtol=1e-9,
    )
    down = np.sqrt((np.minimum(r - 0.001, 0) ** 2).mean(axis=0))
    np.testing.assert_allclose(
        metrics.sortino_ratio(sums, FACTOR, 0.001),
        (r.mean(axis=0) - 0.001) * np.sqrt(FACTOR) / down,
        rtol=1e-9,
    )
    above = r - 0.002
    omega = np.maximum(above, 0).sum(axis=0) / -np.minimum(above, 0).sum(axis=0)
    np.testing.assert_allclose(metrics.omega_ratio(sums), omega, rtol=1e-9)


def test_missing_returns_are_left_out():
    r = gains(columns=1)
    r[::7] = np.nan
    sums = metrics.return_statistics(r)
    expected = np.nanmean(r) / np.nanstd(r, ddof=1) * np.sqrt(FACTOR)
    assert metrics.sharpe_ratio(sums, FACTOR)[0] == pytest.approx(expected)


def test_edges():
    def one(*values):
        return metrics.return_statistics(np.array([values]).T)

    assert np.isnan(metrics.sharpe_ratio(one(0.1), FACTOR)[0])
    assert metrics.sharpe_ratio(one(0.0, 0.0), FACTOR)[0] == np.inf
    assert metrics.sortino_ratio(one(0.1, 0.2), FACTOR)[0] == np.inf
    assert metrics.omega_ratio(one(0.1, 0.2))[0] == np.inf
    assert np.isnan(metrics.calmar_ratio(one(0.1, 0.2), FACTOR)[0])
    assert np.isnan(metrics.sharpe_ratio(one(np.nan, np.nan), FACTOR)[0])


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_streamed_statistics_are_the_stored_ones(seed):
    rng = np.random.default_rng(seed)
    rows, columns = 80, 70
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.03, (rows, columns)), 0))
    close[rng.random(close.shape) < 0.05] = np.nan
    if seed % 2:
        close = np.asfortranarray(close)
    laid = inputs(
        close,
        entries=rng.random(close.shape) < 0.2,
        exits=rng.random(close.shape) < 0.2,
        sides=int(seed % 3),
        fees=0.001,
    )
    orders = simulate_signals(laid, pools(columns))
    where = records.map_columns(orders["col"], columns)
    cash0 = np.full(columns, 100.0)
    streamed = metrics.stream_statistics(
        orders, where, (laid.arrays[m.CLOSE], *laid.layout[m.CLOSE, 1:]), rows, cash0
    )
    cash = metrics.running_sum(metrics.cash_flow(orders, where, rows), cash0)
    held = metrics.running_sum(metrics.asset_flow(orders, where, rows), np.zeros(columns))
    filled = metrics.fill_gaps(close)
    value = cash + np.where(held == 0, 0.0, filled * held)
    stored = metrics.return_statistics(metrics.returns(value, cash0))
    np.testing.assert_array_equal(streamed, stored)
    profit = metrics.total_profit(orders, where, metrics.last_known(close))
    np.testing.assert_allclose(value[-1] - 100.0, profit, atol=1e-9)


def test_wide_and_narrow_blocks_give_the_same_bits():
    r = gains(rows=90, columns=return_sums.COLUMNS_PER_BLOCK + 3)
    r[np.random.default_rng(2).random(r.shape) < 0.1] = np.nan
    r[:, 5], r[:, 6], r[30:, 7], r[:, 8] = np.nan, 0.0, -1.0, -2.0
    wide = metrics.return_statistics(r, 0.001, 0.002)
    one_by_one = [metrics.return_statistics(r[:, [j]], 0.001, 0.002) for j in range(r.shape[1])]
    np.testing.assert_array_equal(wide, np.hstack(one_by_one))


def test_a_wide_block_with_accounts_of_nothing_and_in_debt():
    rows, columns = 20, 16
    close = np.tile(np.linspace(1.0, 3.0, rows)[:, None], (1, columns))
    orders = np.zeros(1, m.ORDER_RECORD)
    orders["col"], orders["idx"], orders["size"], orders["price"] = 3, 4, 10.0, 2.0
    cash0 = np.zeros(columns)
    cash0[8:] = -5.0
    prices = close.ravel(), columns, 1
    where = records.map_columns(orders["col"], columns)
    sums = metrics.stream_statistics(orders, where, prices, rows, cash0)
    value = np.tile(cash0, (rows, 1))
    value[4:, 3] += 10.0 * close[4:, 3] - 20.0
    stored = metrics.return_statistics(metrics.returns(value, cash0))
    np.testing.assert_array_equal(sums, stored)


def test_gaps_are_filled_forward_then_backward():
    prices = np.array([[np.nan, 1.0], [2.0, np.nan], [np.nan, np.nan]])
    np.testing.assert_array_equal(metrics.fill_gaps(prices), [[2.0, 1.0], [2.0, 1.0], [2.0, 1.0]])
    np.testing.assert_array_equal(metrics.last_known(prices), [2.0, 1.0])
    assert np.isnan(metrics.last_known(np.full((3, 1), np.nan))[0])


def test_a_return_from_nothing_and_from_a_debt():
    assert metrics.simple_return(0.0, 0.0) == 0.0
    assert metrics.simple_return(0.0, 5.0) == np.inf
    assert metrics.simple_return(0.0, -5.0) == -np.inf
    assert metrics.simple_return(-10.0, -5.0) == 0.5


def test_free_cash_is_what_a_short_does_not_lock():
    orders = np.zeros(2, records.ORDER_RECORD)
    orders[0] = (0, 0, 0, 5.0, 10.0, 1.0, 1)
    orders[1] = (1, 0, 1, 5.0, 8.0, 1.0, 0)
    where = records.map_columns(orders["col"], 1)
    assert metrics.cash_flow(orders, where, 2)[:, 0].tolist() == [49, -41]
    assert metrics.cash_flow(orders, where, 2, free=True)[:, 0].tolist() == [-51, 59]


def test_trade_statistics_per_column():
    pnl = np.array([3.0, -1.0, 0.0, np.nan, 2.0])
    columns = np.array([0, 0, 0, 0, 1])
    np.testing.assert_array_equal(metrics.win_rate(pnl, columns, 3), [0.25, 1, np.nan])
    np.testing.assert_array_equal(metrics.profit_factor(pnl, columns, 3), [3, np.inf, np.nan])
    # The trade without a result counts as neither a win nor a break-even.
    expected = 0.25 * 3 - 0.5 * 1
    np.testing.assert_array_equal(metrics.expectancy(pnl, columns, 3), [expected, 2, np.nan])


def test_needed_cash():
    flow = np.array([[-5.0, 3.0], [2.0, -1.0], [-4.0, 0.0]])
    assert metrics.needed_cash(flow).tolist() == [7, 1]


def test_exposure():
    held = np.array([[0.0, 50.0, 10.0]])
    cash = np.array([[0.0, 50.0, -10.0]])
    assert metrics.exposure(held, cash).tolist() == [[0, 0.5, 0]]

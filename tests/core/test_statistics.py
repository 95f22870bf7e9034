"""Running rows against their formulas over stored returns, in pieces, merged, and at the edges."""

from __future__ import annotations

import inspect
import math
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from fillproof.core import benchmark_statistics as market
from fillproof.core import equity_statistics as equity
from fillproof.core import matrix as m
from fillproof.core import metrics, records, running, statistics
from fillproof.core import running as r
from fillproof.core import series_statistics as series
from fillproof.core import trade_statistics as trade
from fillproof.core.data.sample import sample
from fillproof.core.result import Result
from fillproof.core.signals import simulate_signals
from fillproof.core.simulation import Simulation
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from matrix_inputs import inputs, pools

DAY = 86_400_000_000_000
F = 252.0


@pytest.fixture(autouse=True)
def _no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def _returns(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns of all kinds, a benchmark and times: with zeros, gaps, ruin, or constant."""
    rng = np.random.default_rng(seed)
    n = int(rng.choice([0, 1, 2, 3, 10, 60, 250]))
    b = rng.normal(0.0, 0.01, n)
    x = rng.normal(0.0005, 10.0 ** rng.integers(-5, 0), n).clip(-0.9)
    x += b * rng.choice([0.0, 1.0])
    x[rng.random(n) < rng.choice([0.0, 0.3])] = 0.0
    x[rng.random(n) < rng.choice([0.0, 0.2])] = np.nan
    b[rng.random(n) < rng.choice([0.0, 0.2])] = np.nan
    if seed % 11 == 0:
        x[:] = 0.01
    if seed % 13 == 0:
        x[n // 2 :] = -1.0
    times = (np.cumsum(rng.integers(1, 4, n)) * DAY).astype(np.int64)
    return x, b, times


def _formulas(x, b, required, threshold) -> dict[int, tuple[float, float]]:
    """Places of a row: (value, size of what is added up for it), in extended precision."""
    known = ~np.isnan(x)
    both = known & ~np.isnan(b)
    v = x[known].astype(np.longdouble)
    n = len(v)

    def pair(at, p, q):
        p, q = p.astype(np.longdouble), q.astype(np.longdouble)
        if not len(p):
            return {}
        dp, dq = p - p.mean(), q - q.mean()
        size = np.sqrt((dp**2).sum() * (dq**2).sum())
        return {
            at: (len(p), 0),
            at + 1: (p.mean(), abs(p).mean()),
            at + 2: (q.mean(), abs(q).mean()),
            at + 3: ((dp**2).sum(), 0),
            at + 4: ((dq**2).sum(), 0),
            at + 5: ((dp * dq).sum(), size),
        }

    d = v - v.mean() if n else v
    value = np.cumprod(1 + v)
    peak = np.maximum.accumulate(np.maximum(value, 1)) if n else v
    fall = value / peak - 1
    with np.errstate(divide="ignore"):
        log = np.log1p(v)
    short = np.minimum(v - required, 0)
    excess = v - threshold
    p, q = x[both].astype(np.longdouble), b[both].astype(np.longdouble)
    active = p - q
    out = {
        r.COUNT: (n, 0),
        r.ROWS: (len(x), 0),
        r.M2: ((d**2).sum(), 0),
        r.M3: ((d**3).sum(), (abs(d) ** 3).sum()),
        r.M4: ((d**4).sum(), 0),
        r.TOTAL: (v.sum(), abs(v).sum()),
        r.SHORTFALL: ((short**2).sum(), 0),
        r.ABOVE: (excess[excess > 0].sum(), abs(v).sum() + n * abs(threshold)),
        r.BELOW: (-excess[excess < 0].sum(), abs(v).sum() + n * abs(threshold)),
        r.WON: ((v > 0).sum(), 0),
        r.LOST: ((v < 0).sum(), 0),
        r.WON_SUM: (v[v > 0].sum(), 0),
        r.LOST_SUM: (v[v < 0].sum(), 0),
        r.GROWTH: (value[-1] if n else 1, 0),
        # A fall is the difference of two values near 1.
        r.DRAWDOWN: (min(0, fall.min()) if n else 0, 1),
        r.FALLEN: (min(0, (fall * peak).min()) if n else 0, peak.max() if n else 1),
        r.FALL_SQUARES: ((fall**2).sum(), abs(fall).sum()),
        r.UPS: ((q > 0).sum(), 0),
        r.DOWNS: ((q < 0).sum(), 0),
        r.AHEAD: ((active > 0).sum(), 0),
        r.OWN_GROWTH: (np.prod(1 + p), 0),
        r.MARKET_GROWTH: (np.prod(1 + q), 0),
        r.UP_OWN: (np.prod(1 + p[q > 0]), 0),
        r.UP_MARKET: (np.prod(1 + q[q > 0]), 0),
        r.DOWN_OWN: (np.prod(1 + p[q < 0]), 0),
        r.DOWN_MARKET: (np.prod(1 + q[q < 0]), 0),
        r.NOT_DOWN_AHEAD: ((active[q >= 0] > 0).sum(), 0),
        r.DOWN_AHEAD: ((active[q < 0] > 0).sum(), 0),
    }
    if n:
        out |= {
            r.MEAN: (v.mean(), abs(v).mean()),
            r.FALL_MEAN: (fall.mean(), 1),
            r.FALL_M2: (((fall - fall.mean()) ** 2).sum(), abs(fall).sum()),
            r.LOG: (log.sum(), abs(log).sum()),
            r.BEST: (v.max(), 0),
            r.WORST: (v.min(), 0),
        }
        out |= pair(r.LAG, v[:-1], v[1:]) | pair(r.MARKET, q, p)
        if np.isfinite(log).all():
            out |= pair(r.TREND, np.arange(n), np.cumsum(log))
    if len(active):
        out[r.ACTIVE_MEAN] = (active.mean(), abs(active).mean())
        out[r.ACTIVE_M2] = (((active - active.mean()) ** 2).sum(), (p**2).sum() + (q**2).sum())
    return out


def _assert_places(row, expected, least: float, skip=()) -> None:
    for place, (value, size) in expected.items():
        if place in skip:
            continue
        wrong = abs(float(row[place]) - float(value)) if row[place] != value else 0.0
        assert wrong <= 1e-12 * max(abs(float(value)), float(size)) + least, place


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_rows_are_the_formulas_over_stored_returns(seed):
    x, b, times = _returns(seed)
    required, threshold = (0.0, 0.0) if seed % 2 else (0.001, -0.002)
    rows = running.observe_returns(x, b, times, required=required, threshold=threshold)
    # Below this lie sums of squares of values that differ by their rounding only.
    least = 1e-30
    _assert_places(rows[0], _formulas(x, b, required, threshold), least)


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 250), max_size=4))
@settings(max_examples=100, deadline=None)
def test_in_pieces_and_merged(seed, cuts):
    x, b, times = _returns(seed)
    whole = running.observe_returns(x, b, times, required=0.001)
    cuts = sorted(min(cut, len(x)) for cut in cuts)
    parts = [slice(*ends) for ends in zip([0, *cuts], [*cuts, len(x)], strict=True)]
    on = running.new(1, required=0.001)
    merged = running.new(1, required=0.001)
    for part in parts:
        piece = x[part], b[part], times[part]
        on = running.observe_returns(*piece, after=on)
        merged = running.merge(merged, running.observe_returns(*piece, required=0.001))
    np.testing.assert_array_equal(on, whole)
    row = merged[0]
    lost = {i for i in r.PATH if math.isnan(row[i])}
    below = [x[: part.start] for part in parts[1:] if part.start]
    if not any(series.falls(part)[-1] < 0 for part in below):
        assert not lost
    _assert_places(row, _formulas(x, b, 0.001, 0.0), 1e-30, skip=lost)
    same = set(range(r.SIZE)) - lost - {r.LONGEST_TIME, r.PEAK_TIME, r.M2, r.M3, r.M4}
    counted = {r.WIN_STREAK, r.LONGEST_WIN, r.FIRST_WIN, r.LOSS_STREAK, r.LONGEST_LOSS}
    counted |= {r.FIRST_LOSS, r.FIRST, r.LAST, r.FIRST_TIME, r.LAST_TIME, r.ROWS, r.COUNT}
    counted |= {r.DRAWDOWNS, r.UNDER_WATER, r.BARS_DOWN, r.LONGEST_BARS} - lost
    for place in counted:
        np.testing.assert_array_equal(row[place], whole[0, place])
    for place in (r.PEAK, r.LOW, *({r.DEPTHS, r.DEPTH} - lost)):
        assert place in same
        np.testing.assert_allclose(row[place], whole[0, place], rtol=1e-12, atol=1e-12)


def test_columns_are_independent_of_each_other():
    x = np.random.default_rng(1).normal(0, 0.01, (60, 5))
    b = np.random.default_rng(2).normal(0, 0.01, 60)
    rows = running.observe_returns(x, b)
    for k in range(5):
        np.testing.assert_array_equal(rows[[k]], running.observe_returns(x[:, k], b))


def test_compiled_and_interpreted_rows_are_the_same_bits():
    for seed in range(30):
        x, b, times = _returns(seed)
        row = running.new(1)[0]
        with np.errstate(all="ignore"):
            for gain, other, time in zip(x, b, times.astype(float), strict=True):
                running.observe.py_func(row, gain, other, time)
        compiled = running.observe_returns(x, b, times)[0]
        # The last bits of log1p are the platform's.
        np.testing.assert_allclose(row, compiled, rtol=1e-12, atol=1e-300)


def test_streaks():
    x = np.array([1, 2, -1, -1, -2, 0, 3, 1, 1, 1]) / 100
    rows = running.observe_returns(x)
    assert equity.longest_win_streak(rows)[0] == 4
    assert equity.longest_loss_streak(rows)[0] == 3
    assert rows[0, r.WIN_STREAK] == 4
    assert (rows[0, r.FIRST_WIN], rows[0, r.FIRST_LOSS]) == (2, 0)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_rows_from_orders_need_no_equity(seed):
    rng = np.random.default_rng(seed)
    rows, columns = 60, 7
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.03, (rows, columns)), 0))
    close[rng.random(close.shape) < 0.05] = np.nan
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
    flat = (laid.arrays[m.CLOSE], *laid.layout[m.CLOSE, 1:])
    b = rng.normal(0, 0.01, rows)
    streamed = running.observe_orders(orders, where, flat, rows, cash0, benchmark=b)
    cash = metrics.running_sum(metrics.cash_flow(orders, where, rows), cash0)
    held = metrics.running_sum(metrics.asset_flow(orders, where, rows), np.zeros(columns))
    value = cash + np.where(held == 0, 0.0, metrics.fill_gaps(close) * held)
    stored = running.observe_returns(metrics.returns(value, cash0), b)
    np.testing.assert_array_equal(streamed, stored)
    sums = metrics.stream_statistics(orders, where, flat, rows, cash0)
    np.testing.assert_allclose(
        equity.sharpe_ratio(streamed, F), metrics.sharpe_ratio(sums, F), rtol=1e-9
    )


def _functions(module) -> dict:
    return {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


EDGES = {
    "empty": [],
    "one bar": [0.01],
    "two bars": [0.01, -0.02],
    "no return at all": [math.nan, math.nan, math.nan],
    "zeros": [0.0] * 5,
    "constant": [0.01] * 5,
    "falling": [-0.01] * 5,
    "ruined": [0.1, -1.0, 0.0, 0.0],
    "in debt": [0.1, -1.5, 0.2, -0.3, 0.1],
    "from nothing": [0.1, -1.0, math.inf, math.nan, 0.1],
    "huge": [1e200, 1e200, -0.5],
}


@pytest.mark.parametrize("edge", EDGES)
def test_no_edge_crashes_or_warns(edge):
    x = np.array(EDGES[edge], dtype=float)
    times = np.arange(len(x)) * DAY
    for b in (None, np.zeros(len(x)), np.linspace(-0.1, 0.1, len(x)), x):
        rows = running.observe_returns(x, b, times)
        rows = running.merge(rows, running.observe_returns(x, b))
        for module in (equity, market):
            for name, function in _functions(module).items():
                needs = inspect.signature(function).parameters
                if "rows" not in needs:
                    continue
                known = {"rows": rows, "ratio": equity.sharpe_ratio(rows), "at": r.LAG}
                known |= {"annual_factor": F, "risk_free": 0.0, "ddof": 0, "tail": -0.1}
                known |= {"values": 1.0}
                out = function(**{k: known[k] for k in needs if k in known})
                assert np.shape(out) == (1,), name
    for function in _functions(series).values():
        needs = inspect.signature(function).parameters
        if "returns" not in needs:
            continue
        b = np.linspace(-0.1, 0.1, len(x))
        known = {"returns": x, "times": times, "period": "month", "benchmark": b, "window": 2}
        known |= {"annual_factor": F}
        function(**{k: known[k] for k in needs if k in known})
    for side in (np.ones(len(x)), -np.ones(len(x))):
        trade.by_side(x * 100, side, gross=x * 101, returns=x, bars=times, mae=x, mfe=x)


def test_undefined_is_nan_and_no_risk_infinite():
    none = running.observe_returns(np.array([]))
    one = running.observe_returns(np.array([0.01]))
    constant = running.observe_returns(np.array([0.01, 0.01, 0.01]))
    for name in ("cumulative_return", "mean_return", "volatility", "max_drawdown", "win_rate"):
        assert math.isnan(getattr(equity, name)(none)[0])
    assert equity.cumulative_return(one)[0] == pytest.approx(0.01)
    for ratio in (equity.sharpe_ratio, equity.sortino_ratio, equity.omega_ratio, equity.volatility):
        assert math.isnan(ratio(one)[0])
    assert equity.volatility(constant)[0] == 0.0
    for ratio in (equity.sharpe_ratio, equity.sortino_ratio, equity.omega_ratio):
        assert ratio(constant)[0] == math.inf
    assert math.isnan(equity.skewness(constant)[0])
    assert equity.sharpe_ratio(running.observe_returns(np.array([-0.01] * 3)))[0] == -math.inf
    assert math.isnan(market.beta(constant)[0])
    flat = running.observe_returns(np.array([0.01, 0.02, 0.0]), np.full(3, 0.01))
    assert math.isnan(market.beta(flat)[0])
    ruined = running.observe_returns(np.array([0.1, -1.0, 0.0]))
    assert equity.annual_return(ruined, F)[0] == -1.0
    assert equity.max_drawdown(ruined)[0] == -1.0
    indebted = running.observe_returns(np.array([0.1, -1.5]))
    assert math.isnan(equity.annual_return(indebted, F)[0])
    assert equity.max_drawdown(indebted)[0] == pytest.approx(-1.5)


def test_growth_per_year_by_bars_and_by_calendar():
    x = np.full(505, 0.001)
    times = np.datetime64("2020-01-01") + np.arange(505) * np.timedelta64(2, "D")
    rows = running.observe_returns(x, times=times)
    growth = 1.001**505
    assert equity.annual_return(rows, 252.0)[0] == pytest.approx(growth ** (252 / 505) - 1)
    year = 504 * 2 / 365.25
    assert equity.years(rows)[0] == pytest.approx(year)
    assert equity.calendar_annual_return(rows)[0] == pytest.approx(growth ** (1 / year) - 1)
    other = growth ** (365 / 1008) - 1
    assert equity.calendar_annual_return(rows, 365)[0] == pytest.approx(other)


def _row_of(n: int, sharpe: float, skew: float, kurtosis: float) -> np.ndarray:
    """A row with these moments; the variance is 1."""
    rows = running.new(1)
    rows[0, [r.COUNT, r.ROWS]] = n
    rows[0, [r.MEAN, r.M2, r.M3, r.M4]] = sharpe, n, n * skew, n * kurtosis
    return rows


def test_the_probabilistic_sharpe_ratio_of_its_paper():
    """Bailey & López de Prado 2012, the fund of section 5: 24 months, Sharpe ratio 0.458."""
    rows = _row_of(24, 0.458, -2.448, 10.164)
    of = {"ddof": 0, "bias": True}
    assert equity.probabilistic_sharpe_ratio(rows, **of)[0] == pytest.approx(0.913, abs=1e-3)
    normal = _row_of(24, 0.458, 0.0, 3.0)
    assert equity.probabilistic_sharpe_ratio(normal, **of)[0] == pytest.approx(0.982, abs=1e-3)


@pytest.mark.parametrize(("trials", "expected"), [(100, 0.9004), (46, 0.9505)])
def test_the_deflated_sharpe_ratio_of_its_paper(trials, expected):
    """Bailey & López de Prado 2014: five years of days, annual ratio 2.5, its variance 1/2."""
    rows = _row_of(1250, 2.5 / math.sqrt(250), -3.0, 10.0)
    found = equity.deflated_sharpe_ratio(rows, trials, 0.5 / 250, ddof=0, bias=True)
    assert found[0] == pytest.approx(expected, abs=1e-4)


def test_the_deflated_sharpe_ratio_of_a_sweep():
    x = np.random.default_rng(5).normal(0, 0.01, (500, 40))
    rows = running.observe_returns(x)
    ratio = x.mean(0) / x.std(0, ddof=1)
    luck = equity.expected_maximum_sharpe_ratio(40, ratio.var(ddof=1))
    expected = equity.probabilistic_sharpe_ratio(rows, luck)
    np.testing.assert_allclose(equity.deflated_sharpe_ratio(rows), expected, rtol=1e-12)
    # Forty times nothing: even the best is not beyond luck.
    assert equity.deflated_sharpe_ratio(rows).max() < 0.95


def test_a_track_record_is_long_enough_when_the_probability_is_reached():
    x = np.random.default_rng(6).normal(0.001, 0.01, 800)
    rows = running.observe_returns(x)
    need = equity.minimum_track_record_length(rows)[0]
    found = equity.probabilistic_sharpe_ratio(rows)[0]
    assert (need <= 800) == (found >= 0.95)
    ratio = equity.sharpe_ratio(rows)
    error = equity._ratio_variance(rows, ratio, False)
    longer = ratio * np.sqrt((need - 1) / error)
    assert equity.normal_probability(longer)[0] == pytest.approx(0.95, rel=1e-12)


def test_the_autocorrelation_penalty_near_one():
    for x in (np.linspace(0.001, 0.002, 50), np.linspace(0, 1, 50) ** 1.02 / 100):
        rho = abs(np.corrcoef(x[:-1], x[1:])[0, 1])
        lags = np.arange(1, 50)
        expected = math.sqrt(1 + 2 * ((1 - lags / 50) * rho**lags).sum())
        found = equity.autocorrelation_penalty(running.observe_returns(x))[0]
        assert found == pytest.approx(expected, rel=1e-10)


def test_variability_weighted_return():
    x = np.random.default_rng(7).normal(0.001, 0.01, 300)
    value = np.r_[1.0, np.cumprod(1 + x)]
    mean = math.log(value[-1]) / 300
    even = np.exp(mean * np.arange(1, 301))
    for from_start, base in ((True, value[0]), (False, value[:-1])):
        spread = (value[1:] / (base * even) - 1).std(ddof=1)
        expected = (math.exp(mean * F) - 1) * 100 * (1 - (spread / 2.0) ** 0.2)
        found = series.variability_weighted_return(x, F, from_start=from_start)
        assert found == pytest.approx(expected, rel=1e-12)


def test_historical_serenity_and_pain():
    x = np.random.default_rng(8).normal(0.0005, 0.01, 400)
    value = np.cumprod(1 + x)
    fall = value / np.maximum.accumulate(np.maximum(value, 1)) - 1
    rows = running.observe_returns(x)
    tail = fall[fall <= np.quantile(fall, 0.05)].mean()
    ulcer = math.sqrt((fall**2).mean())
    assert equity.ulcer_index(rows)[0] == pytest.approx(ulcer, rel=1e-12)
    assert equity.pain_index(rows)[0] == pytest.approx(-fall.mean(), rel=1e-12)
    assert equity.under_water(rows)[0] == (fall < 0).mean()
    expected = x.sum() / (ulcer * -tail / x.std(ddof=1))
    assert series.serenity_index(x) == pytest.approx(expected, rel=1e-10)


def test_benchmark_numbers_that_no_library_prints():
    rng = np.random.default_rng(9)
    b = rng.normal(0.0004, 0.01, 300)
    x = 0.5 * b + rng.normal(0.0003, 0.005, 300)
    rows = running.observe_returns(x, b)
    error = (x - b).std(ddof=1) * math.sqrt(F)
    assert market.tracking_error(rows, F)[0] == pytest.approx(error, rel=1e-12)
    assert market.active_return(rows, F)[0] == pytest.approx((x - b).mean() * F, rel=1e-12)
    expected = (0.0001 + (x.mean() - 0.0001) / x.std(ddof=1) * b.std(ddof=1)) * F
    assert market.m_squared(rows, F, 0.0001)[0] == pytest.approx(expected, rel=1e-12)
    both = np.column_stack([x, b])
    assert market.correlation(rows)[0] == pytest.approx(np.corrcoef(both.T)[0, 1], rel=1e-12)


def test_trades():
    net = np.array([10.0, -5.0, 20.0, 0.0, 30.0, -10.0, -1.0, np.nan])
    day = np.array([1, 2, 3, 4, 5, 6, 7, 8]) * DAY
    table = trade.trade_statistics(
        net,
        gross=net + 1.0,
        returns=net / 100.0,
        bars=np.array([1, 2, 3, 4, 5, 6, 7, 8]),
        entry=day - DAY * np.array([1, 1, 2, 2, 3, 3, 4, 4]),
        exit=day,
        mae=-np.abs(net) / 2,
        mfe=np.abs(net),
    )
    expected = {
        "count": 7,
        "won": 3,
        "lost": 3,
        "even": 1,
        "win_rate": 3 / 7,
        "profit_factor": 60 / 16,
        "expectancy": 44 / 7,
        "expectancy_ratio": 44 / 7 / (16 / 3),
        "payoff_ratio": 20 / (16 / 3),
        "sqn": math.sqrt(7) * (44 / 7) / net[:7].std(ddof=1),
        "kelly_criterion": 0.5 - 0.5 / (20 / (16 / 3)),
        "net_total": 44.0,
        "gross_total": 51.0,
        "cost_total": 7.0,
        "profit_total": 60.0,
        "loss_total": -16.0,
        "median": 0.0,
        "best": 30.0,
        "worst": -10.0,
        "average_win": 20.0,
        "average_loss": -16 / 3,
        "median_win": 20.0,
        "median_loss": -5.0,
        "longest_win_streak": 1,
        "longest_loss_streak": 2,
        "current_win_streak": 0,
        "current_loss_streak": 2,
        "average_return": 0.44 / 7,
        "best_return": 0.3,
        "worst_return": -0.1,
        "average_win_return": 0.2,
        "average_bars": 4.0,
        "longest_bars": 7.0,
        "shortest_bars": 1.0,
        "average_win_bars": 3.0,
        "average_loss_bars": 5.0,
        "total_bars": 28.0,
        "average_days": 16 / 7,
        "median_days": 2.0,
        "longest_win_days": 3.0,
        "average_mfe": 76 / 7,
        "average_mae": -38 / 7,
        "edge_ratio": 2.0,
    }
    for name, value in expected.items():
        assert table[name] == pytest.approx(value, rel=1e-12), name
    p, q = table["win_rate"], table["lost"] / table["count"]
    parts = p * table["average_win"] + q * table["average_loss"]
    assert table["expectancy"] == pytest.approx(parts)


def test_trades_without_a_loss_or_a_profit():
    won, lost = np.array([3.0, 1.0, 0.0]), np.array([-3.0, -1.0])
    assert trade.profit_factor(won) == math.inf
    assert trade.profit_factor(lost) == 0.0
    assert math.isnan(trade.profit_factor(np.zeros(2)))
    for ratio in (trade.payoff_ratio, trade.kelly_criterion, trade.expectancy_ratio):
        assert math.isnan(ratio(won))
    assert trade.edge_ratio(np.zeros(2), np.ones(2)) == math.inf
    assert math.copysign(1.0, equity.pain_index(running.observe_returns(won))[0]) == 1.0


def test_trades_by_side_are_those_of_each_side():
    rng = np.random.default_rng(3)
    net, side = rng.normal(1, 10, 200), rng.choice([-2.0, 3.0], 200)
    exit = rng.permutation(200) * DAY
    tables = trade.by_side(net, side, exit=exit)
    assert tables["long"] == trade.trade_statistics(net[side > 0], exit=exit[side > 0])
    assert tables["short"] == trade.trade_statistics(net[side < 0], exit=exit[side < 0])
    assert tables["all"] == trade.trade_statistics(net[np.argsort(exit)])
    assert tables["all"]["count"] == tables["long"]["count"] + tables["short"]["count"]


def test_a_capped_sqn_and_equal_results():
    net = np.random.default_rng(4).normal(1, 3, 400)
    whole, capped = trade.system_quality_number(net), trade.system_quality_number(net, cap=100)
    assert capped == pytest.approx(whole / 2)
    assert trade.system_quality_number(np.full(7, 0.1)) == math.inf
    population = trade.system_quality_number(net, ddof=0)
    assert population == pytest.approx(20 * net.mean() / net.std())


def test_wrong_input_is_named():
    x = np.zeros(5)
    with pytest.raises(ValueError, match="4 values of benchmark or times for 5 rows"):
        running.observe_returns(x, np.zeros(4))
    with pytest.raises(ValueError, match="2 rows of earlier bars for 1 columns"):
        running.observe_returns(x, after=running.new(2))
    with pytest.raises(ValueError, match="period 'fortnight': it is one of day, week"):
        series.period_returns(x, np.arange(5), "fortnight")
    with pytest.raises(ValueError, match="a window has at least one bar"):
        series.rolling_volatility(x, 0)
    with pytest.raises(ValueError, match="3 returns of the benchmark for 5"):
        series.rolling_beta(x, np.zeros(3), 2)
    with pytest.raises(ValueError, match="bars: "):
        trade.trade_statistics(x, bars=np.zeros(3))


def _played(bars) -> Result:
    """Two assets, long and short in turn, a position open at the end."""
    sim = Simulation(bars, cash=100_000.0)
    rng = np.random.default_rng(1)
    for t in range(len(bars)):
        sim.step(t)
        asset = int(rng.integers(2))
        if t % 15 == 10:
            sim.submit(asset, float(rng.choice([-1, 1]) * rng.integers(50, 200)))
        elif t % 15 == 14 and sim.position_size(asset):
            sim.submit(asset, -sim.position_size(asset))
    return sim.result()


@pytest.fixture(scope="module")
def played() -> Result:
    return _played(sample(["IBM", "MSFT"]).until(400))


def test_the_whole_table_of_a_result(played):
    summary = played.stats()
    table = played.stats(full=True, benchmark="MSFT", risk_free=0.02)
    assert isinstance(table, statistics.Statistics)
    assert list(table)[: len(summary)] == list(summary)
    assert [n for names in table.groups.values() for n in names] == list(table)
    assert all(isinstance(value, (int, float)) for value in table.values())
    plain = played.stats(full=True)
    assert {name: plain[name] for name in summary} == summary
    assert set(table) - set(plain) == set(table.groups["Benchmark"])
    assert "Benchmark" not in plain.groups
    assert table["sharpe_ratio"] < plain["sharpe_ratio"]
    text = str(table).splitlines()
    assert text[0] == "Summary"
    for name, value in table.items():
        line = next(line.split() for line in text if line.split()[:1] == [name])
        assert float(line[1]) == pytest.approx(value, rel=1e-5, nan_ok=True)
    # The same through other doors.
    gains = np.diff(played.equity, prepend=100_000.0) / np.r_[100_000.0, played.equity[:-1]]
    assert plain["value_at_risk"] == pytest.approx(np.percentile(gains, 5), rel=1e-12)
    assert plain["max_drawdown_from_start"] == pytest.approx(series.falls(gains).min())
    peak = np.maximum.accumulate(np.maximum(played.equity, 100_000.0))
    assert plain["max_drawdown_amount"] == pytest.approx((played.equity - peak).min())
    assert plain["trade_count"] == plain["trades"] == plain["long_count"] + plain["short_count"]
    assert plain["trade_win_rate"] == plain["win_rate"]
    assert plain["trade_profit_factor"] == plain["profit_factor"]
    held = np.zeros((2, 400))
    for fill in played.fill_rows:
        held[fill["asset"], fill["bar"] :] = fill["position_size"]
    assert plain["exposure"] == (held != 0).any(axis=0).mean()
    assert 0.2 < plain["exposure"] < 1.0
    traded = np.zeros(400)
    np.add.at(
        traded,
        played.fill_rows["bar"],
        np.abs(played.fill_rows["size"] * played.fill_rows["price"]),
    )
    assert plain["turnover"] == pytest.approx((traded / played.equity).mean(), rel=1e-12)
    left = plain["trade_net_total"] + plain["open_profit"]
    assert left == pytest.approx(played.equity[-1] - 100_000.0)


def test_a_benchmark_by_name_and_by_prices(played):
    prices = sample(["IBM", "MSFT"]).until(400).close[:, 1]
    by_name = played.stats(full=True, benchmark="MSFT")
    by_prices = played.stats(full=True, benchmark=prices)
    assert by_name == pytest.approx(by_prices, rel=0, abs=0, nan_ok=True)
    gains = np.diff(played.equity, prepend=100_000.0) / np.r_[100_000.0, played.equity[:-1]]
    slope = np.polyfit(prices[1:] / prices[:-1] - 1, gains[1:], 1)[0]
    assert by_name["beta"] == pytest.approx(slope, rel=1e-10)
    with pytest.raises(ValueError, match="no asset 'GOOG' among IBM, MSFT; give one of them"):
        played.stats(full=True, benchmark="GOOG")
    with pytest.raises(ValueError, match=r"shape \(3,\) for 400 bars"):
        played.stats(full=True, benchmark=np.ones(3))


def test_a_table_of_nothing():
    bars = sample(["IBM"]).until(1)
    sim = Simulation(bars, cash=500.0)
    sim.step(0)
    table = sim.result().stats(full=True, risk_free=0.01, benchmark="IBM")
    assert (table["bars"], table["trade_count"], table["exposure"]) == (1, 0, 0.0)
    assert math.isnan(table["trade_win_rate"])
    assert "trade_win_rate" in str(table)
    assert str(statistics.Statistics({})) == ""


def test_a_sweep_says_what_each_of_its_accounts_would():
    rng = np.random.default_rng(11)
    times = np.arange(300) * DAY
    x = rng.normal(0.0005, 0.01, (300, 4))
    b = rng.normal(0.0003, 0.01, 300)
    least = equity.per_bar(0.02, F)
    rows = running.observe_returns(x, b, times, required=least, threshold=least)
    sweep = statistics.from_rows(rows, F, 0.02)
    for k in range(4):
        alone = statistics.from_account(x[:, k], times, F, benchmark=b, risk_free=0.02)
        for heading, numbers in sweep.items():
            for name, values in numbers.items():
                assert alone[heading][name] == pytest.approx(values[k], rel=0, abs=0, nan_ok=True)


def test_exposure_is_of_any_position():
    from fillproof.core.trades import TRADE

    rows = np.zeros(3, TRADE)
    rows["entry_bar"], rows["exit_bar"] = [1, 2, 7], [3, 5, -1]
    rows["open"] = [False, False, True]
    # After bars 1 to 4 and 7 to 9 of ten.
    assert statistics.exposure(rows, 10) == 0.7
    assert math.isnan(statistics.exposure(rows, 0))

"""Statistics against empyrical-reloaded and quantstats, to 1e-10 relative.

Where a library has another convention, the case says so in its comment and sets our parameter, or
puts together from our pieces what the library prints. Nothing is compared more loosely for it.
"""

from __future__ import annotations

import functools
import math
import warnings

import empyrical as em
import numpy as np
import pandas as pd
import pytest
import quantstats.stats as qs
import scipy.stats
from fillproof.core import benchmark_statistics as market
from fillproof.core import equity_statistics as equity
from fillproof.core import running
from fillproof.core import series_statistics as series
from fillproof.core.data.sample import sample

F = 252
RF = 0.03
RF_BAR = (1 + RF) ** (1 / F) - 1


class Case:
    """A series of returns and a benchmark, as the libraries take them and as rows."""

    def __init__(self, returns: pd.Series, benchmark: pd.Series) -> None:
        self.s, self.b = returns, benchmark
        self.x, self.m = returns.to_numpy(), benchmark.to_numpy()
        self.times = returns.index.to_numpy().astype("datetime64[ns]").astype(np.int64)
        self.rows = self.observed()

    def observed(self, **parameters) -> np.ndarray:
        return running.observe_returns(self.x, self.m, self.times, **parameters)

    def months(self) -> np.ndarray:
        return series.period_returns(self.x, self.times, "month")[1]


def _random(seed: int) -> Case:
    rng = np.random.default_rng(seed)
    n = 1_500
    index = pd.bdate_range("2015-01-07", periods=n)
    b = rng.standard_t(4, n) * 0.007 + 0.0003
    x = 0.6 * b + rng.standard_t(3, n) * 0.006 + 0.0002
    x[rng.random(n) < 0.1] = 0.0
    return Case(pd.Series(x, index), pd.Series(b, index))


def _real(asset: str, benchmark: str) -> Case:
    bars = sample([asset, benchmark])
    frame = pd.DataFrame(bars.close, pd.DatetimeIndex(bars.datetimes), list(bars.assets))
    gains = frame.dropna().pct_change().iloc[1:]
    return Case(gains[asset], gains[benchmark])


@functools.cache
def _case(name: str) -> Case:
    if name.startswith("random"):
        return _random(int(name[6:]))
    return _real(*name.split("/"))


@pytest.fixture(params=["random1", "random2", "MSFT/IBM", "AAPL/MSFT", "GOOG/IBM"])
def case(request) -> Case:
    return _case(request.param)


EMPYRICAL = {
    "cum_returns_final": (lambda c: equity.cumulative_return(c.rows), em.cum_returns_final),
    "annual_return": (lambda c: equity.annual_return(c.rows, F), em.annual_return),
    "annual_return weekly": (
        lambda c: equity.annual_return(c.rows, 52),
        lambda s: em.annual_return(s, period="weekly"),
    ),
    "cagr": (lambda c: equity.annual_return(c.rows, F), em.cagr),
    "annual_volatility": (lambda c: equity.volatility(c.rows, F), em.annual_volatility),
    "sharpe_ratio": (lambda c: equity.sharpe_ratio(c.rows, F), em.sharpe_ratio),
    # Its risk-free return is per bar, as ours.
    "sharpe_ratio risk_free": (
        lambda c: equity.sharpe_ratio(c.rows, F, RF_BAR),
        lambda s: em.sharpe_ratio(s, risk_free=RF_BAR),
    ),
    "sortino_ratio": (lambda c: equity.sortino_ratio(c.rows, F), em.sortino_ratio),
    "sortino_ratio required": (
        lambda c: equity.sortino_ratio(c.observed(required=RF_BAR), F),
        lambda s: em.sortino_ratio(s, required_return=RF_BAR),
    ),
    "downside_risk": (lambda c: equity.downside_deviation(c.rows, F), em.downside_risk),
    "calmar_ratio": (lambda c: equity.calmar_ratio(c.rows, F), em.calmar_ratio),
    "omega_ratio": (lambda c: equity.omega_ratio(c.rows), em.omega_ratio),
    # Its required return is annual, its risk-free one per bar.
    "omega_ratio required": (
        lambda c: equity.omega_ratio(c.observed(threshold=RF_BAR + equity.per_bar(0.05, F))),
        lambda s: em.omega_ratio(s, risk_free=RF_BAR, required_return=0.05),
    ),
    "max_drawdown": (lambda c: equity.max_drawdown(c.rows), em.max_drawdown),
    "stability_of_timeseries": (lambda c: equity.stability(c.rows), em.stability_of_timeseries),
    # Its summary takes SciPy's moments, without the correction for bias.
    "skew": (lambda c: equity.skewness(c.rows, bias=True), scipy.stats.skew),
    "kurtosis": (lambda c: equity.kurtosis(c.rows, bias=True), scipy.stats.kurtosis),
    "tail_ratio": (lambda c: series.tail_ratio(c.x), em.tail_ratio),
    "value_at_risk": (lambda c: series.value_at_risk(c.x), em.value_at_risk),
    "value_at_risk 1%": (
        lambda c: series.value_at_risk(c.x, 0.01),
        lambda s: em.value_at_risk(s, 0.01),
    ),
    # It averages a number of lowest returns, not those below the quantile.
    "conditional_value_at_risk": (
        lambda c: series.expected_shortfall(c.x, by_rank=True),
        em.conditional_value_at_risk,
    ),
}

EMPYRICAL_FACTOR = {
    "alpha": (lambda c: market.alpha(c.rows, F), em.alpha),
    "alpha risk_free": (
        lambda c: market.alpha(c.rows, F, RF_BAR),
        lambda s, b: em.alpha(s, b, risk_free=RF_BAR),
    ),
    "beta": (lambda c: market.beta(c.rows), em.beta),
    "excess_sharpe": (lambda c: market.information_ratio(c.rows), em.excess_sharpe),
    "capture": (lambda c: market.capture(c.rows, F), em.capture),
    "up_capture": (lambda c: market.up_capture(c.rows, F), em.up_capture),
    "down_capture": (lambda c: market.down_capture(c.rows, F), em.down_capture),
    "up_down_capture": (lambda c: market.up_down_capture(c.rows, F), em.up_down_capture),
    "batting_average": (
        lambda c: market.batting_average(c.rows),
        lambda s, b: em.batting_average(s, b)["batting average"],
    ),
    "batting_average up": (
        lambda c: market.up_batting_average(c.rows),
        lambda s, b: em.batting_average(s, b)["up market"],
    ),
    "batting_average down": (
        lambda c: market.down_batting_average(c.rows),
        lambda s, b: em.batting_average(s, b)["down market"],
    ),
    # Which of several bars with the middle return it takes is up to an unstable sort: the ramp
    # leaves one.
    "beta_fragility_heuristic": (
        lambda c: series.beta_fragility(c.x, c.m + np.arange(len(c.m)) * 1e-12),
        lambda s, b: em.beta_fragility_heuristic(s, b + np.arange(len(b)) * 1e-12),
    ),
}

QUANTSTATS = {
    "comp": (lambda c: equity.cumulative_return(c.rows), qs.comp),
    "cagr": (lambda c: equity.annual_return(c.rows, F), qs.cagr),
    "expected_return": (lambda c: equity.expected_return(c.rows), qs.expected_return),
    "expected_return month": (
        lambda c: equity.expected_return(running.observe_returns(c.months())),
        lambda s: qs.expected_return(s, aggregate="ME"),
    ),
    "volatility": (lambda c: equity.volatility(c.rows, F), qs.volatility),
    "sharpe": (lambda c: equity.sharpe_ratio(c.rows, F), qs.sharpe),
    # Its risk-free rate is annual and taken down to a bar by compounding.
    "sharpe rf": (
        lambda c: equity.sharpe_ratio(c.rows, F, equity.per_bar(RF, F)),
        lambda s: qs.sharpe(s, rf=RF),
    ),
    "smart_sharpe": (lambda c: equity.smart_sharpe_ratio(c.rows, F), qs.smart_sharpe),
    "smart_sharpe rf": (
        lambda c: equity.smart_sharpe_ratio(c.rows, F, RF_BAR),
        lambda s: qs.smart_sharpe(s, rf=RF),
    ),
    "autocorr_penalty": (lambda c: equity.autocorrelation_penalty(c.rows), qs.autocorr_penalty),
    "sortino": (lambda c: equity.sortino_ratio(c.rows, F), qs.sortino),
    "sortino rf": (
        lambda c: equity.sortino_ratio(c.observed(required=RF_BAR), F),
        lambda s: qs.sortino(s, rf=RF),
    ),
    "smart_sortino": (lambda c: equity.smart_sortino_ratio(c.rows, F), qs.smart_sortino),
    "adjusted_sortino": (lambda c: equity.adjusted_sortino_ratio(c.rows, F), qs.adjusted_sortino),
    "probabilistic_sharpe_ratio": (
        lambda c: equity.probabilistic_sharpe_ratio(c.rows),
        qs.probabilistic_sharpe_ratio,
    ),
    "probabilistic_sharpe_ratio rf": (
        lambda c: equity.probabilistic_sharpe_ratio(c.rows, risk_free=RF_BAR),
        lambda s: qs.probabilistic_sharpe_ratio(s, rf=RF),
    ),
    "probabilistic_sortino_ratio": (
        lambda c: equity.probabilistic_ratio(c.rows, equity.sortino_ratio(c.rows)),
        qs.probabilistic_sortino_ratio,
    ),
    "probabilistic_adjusted_sortino_ratio": (
        lambda c: equity.probabilistic_ratio(c.rows, equity.adjusted_sortino_ratio(c.rows)),
        qs.probabilistic_adjusted_sortino_ratio,
    ),
    "omega": (lambda c: equity.omega_ratio(c.rows), qs.omega),
    "omega required": (
        lambda c: equity.omega_ratio(c.observed(threshold=RF_BAR)),
        lambda s: qs.omega(s, required_return=RF),
    ),
    "gain_to_pain_ratio": (lambda c: equity.gain_to_pain_ratio(c.rows), qs.gain_to_pain_ratio),
    # By month it adds up the returns instead of compounding them.
    "gain_to_pain_ratio month": (
        lambda c: equity.gain_to_pain_ratio(
            running.observe_returns(series.period_returns(c.x, c.times, "month", False)[1])
        ),
        lambda s: qs.gain_to_pain_ratio(s, resolution="ME"),
    ),
    "calmar": (lambda c: equity.calmar_ratio(c.rows, F), qs.calmar),
    "max_drawdown": (lambda c: equity.max_drawdown(c.rows), qs.max_drawdown),
    # Its ulcer index divides by n - 1.
    "ulcer_index": (lambda c: equity.ulcer_index(c.rows, ddof=1), qs.ulcer_index),
    "ulcer_performance_index": (
        lambda c: equity.ulcer_performance_index(c.rows, ddof=1),
        qs.ulcer_performance_index,
    ),
    # Its rate is one for all bars together.
    "ulcer_performance_index rf": (
        lambda c: equity.ulcer_performance_index(c.rows, RF, ddof=1),
        lambda s: qs.ulcer_performance_index(s, rf=RF),
    ),
    "serenity_index": (lambda c: equity.serenity_index(c.rows, ddof=1), qs.serenity_index),
    "recovery_factor": (lambda c: equity.recovery_factor(c.rows), qs.recovery_factor),
    "risk_return_ratio": (lambda c: equity.risk_return_ratio(c.rows), qs.risk_return_ratio),
    "skew": (lambda c: equity.skewness(c.rows), qs.skew),
    "kurtosis": (lambda c: equity.kurtosis(c.rows), qs.kurtosis),
    # Its value at risk is the normal one.
    "value_at_risk": (lambda c: equity.normal_value_at_risk(c.rows), qs.value_at_risk),
    "value_at_risk sigma": (
        lambda c: equity.normal_value_at_risk(c.rows, 0.01, sigma=2.0),
        lambda s: qs.value_at_risk(s, sigma=2.0, confidence=0.99),
    ),
    "conditional_value_at_risk": (lambda c: equity.normal_expected_shortfall(c.rows), qs.cvar),
    "conditional_value_at_risk historical": (
        lambda c: series.expected_shortfall(c.x, 1 - 0.95),
        lambda s: qs.cvar(s, method="historical"),
    ),
    "tail_ratio": (lambda c: series.tail_ratio(c.x), qs.tail_ratio),
    "common_sense_ratio": (lambda c: series.common_sense_ratio(c.x), qs.common_sense_ratio),
    "cpc_index": (lambda c: equity.cpc_index(c.rows), qs.cpc_index),
    "outlier_win_ratio": (lambda c: series.outlier_win_ratio(c.x), qs.outlier_win_ratio),
    "outlier_loss_ratio": (lambda c: series.outlier_loss_ratio(c.x), qs.outlier_loss_ratio),
    "payoff_ratio": (lambda c: equity.payoff_ratio(c.rows), qs.payoff_ratio),
    "profit_factor": (lambda c: equity.profit_factor(c.rows), qs.profit_factor),
    "kelly_criterion": (lambda c: equity.kelly_criterion(c.rows), qs.kelly_criterion),
    "risk_of_ruin": (lambda c: equity.risk_of_ruin(c.rows), qs.risk_of_ruin),
    "win_rate": (lambda c: equity.win_rate(c.rows), qs.win_rate),
    "avg_return": (lambda c: equity.average_return(c.rows), qs.avg_return),
    "avg_win": (lambda c: equity.average_win(c.rows), qs.avg_win),
    "avg_loss": (lambda c: equity.average_loss(c.rows), qs.avg_loss),
    "best": (lambda c: equity.best(c.rows), qs.best),
    "worst": (lambda c: equity.worst(c.rows), qs.worst),
    "consecutive_wins": (lambda c: equity.longest_win_streak(c.rows), qs.consecutive_wins),
    "consecutive_losses": (lambda c: equity.longest_loss_streak(c.rows), qs.consecutive_losses),
    # It rounds up to whole percents.
    "exposure": (
        lambda c: math.ceil(equity.time_in_market(c.rows)[0] * 100) / 100,
        qs.exposure,
    ),
    "rar": (
        lambda c: (
            equity.annual_return(c.rows, F)
            / (math.ceil(equity.time_in_market(c.rows)[0] * 100) / 100)
        ),
        qs.rar,
    ),
}
for _period, _code in (("month", "ME"), ("quarter", "QE"), ("year", "YE")):
    for _ours, _theirs in (
        (equity.best, qs.best),
        (equity.worst, qs.worst),
        (equity.win_rate, qs.win_rate),
        (equity.average_win, qs.avg_win),
        (equity.average_loss, qs.avg_loss),
        (equity.longest_win_streak, qs.consecutive_wins),
        (equity.longest_loss_streak, qs.consecutive_losses),
    ):
        QUANTSTATS[f"{_theirs.__name__} {_period}"] = (
            lambda c, ours=_ours, period=_period: ours(
                running.observe_returns(series.period_returns(c.x, c.times, period)[1])
            ),
            lambda s, theirs=_theirs, code=_code: theirs(s, aggregate=code),
        )

QUANTSTATS_BENCHMARK = {
    "r_squared": (lambda c: market.r_squared(c.rows), qs.r_squared),
    "information_ratio": (lambda c: market.information_ratio(c.rows), qs.information_ratio),
    "greeks beta": (lambda c: market.beta(c.rows), lambda s, b: qs.greeks(s, b)["beta"]),
    # Its alpha is the mean times the bars per year, without a risk-free rate.
    "greeks alpha": (
        lambda c: market.alpha(c.rows, F, compounded=False),
        lambda s, b: qs.greeks(s, b)["alpha"],
    ),
    # Its return is of all bars together.
    "treynor_ratio": (lambda c: market.treynor_ratio(c.rows), qs.treynor_ratio),
    "treynor_ratio rf": (
        lambda c: market.treynor_ratio(c.rows, RF),
        lambda s, b: qs.treynor_ratio(s, b, rf=RF),
    ),
    "correlation": (lambda c: market.correlation(c.rows), lambda s, b: s.corr(b)),
}


def _same(ours, theirs) -> None:
    np.testing.assert_allclose(np.ravel(ours)[-1], float(theirs), rtol=1e-10)


@pytest.fixture(autouse=True)
def _their_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("name", EMPYRICAL)
def test_empyrical(case, name):
    ours, theirs = EMPYRICAL[name]
    _same(ours(case), theirs(case.s))


@pytest.mark.parametrize("name", EMPYRICAL_FACTOR)
def test_empyrical_with_a_factor(case, name):
    ours, theirs = EMPYRICAL_FACTOR[name]
    _same(ours(case), theirs(case.s, case.b))


@pytest.mark.parametrize("name", QUANTSTATS)
def test_quantstats(case, name):
    ours, theirs = QUANTSTATS[name]
    _same(ours(case), theirs(case.s))


@pytest.mark.parametrize("name", QUANTSTATS_BENCHMARK)
def test_quantstats_with_a_benchmark(case, name):
    ours, theirs = QUANTSTATS_BENCHMARK[name]
    _same(ours(case), theirs(case.s, case.b))


@pytest.mark.parametrize("window", [20, 126])
def test_rolling_statistics(case, window):
    x, m = case.x, case.m
    s, b = case.s, case.b
    greeks = qs.rolling_greeks(s, b, periods=window)
    for ours, theirs in (
        (series.rolling_volatility(x, window, F), qs.rolling_volatility(s, window)),
        (series.rolling_volatility(x, window, F), em.roll_annual_volatility(s, window=window)),
        (series.rolling_sharpe(x, window, F), em.roll_sharpe_ratio(s, window=window)),
        (series.rolling_sortino(x, window, F), em.roll_sortino_ratio(s, window=window)),
        (series.rolling_beta(x, m, window), em.roll_beta(s, b, window=window)),
        (series.rolling_alpha(x, m, window, F), em.roll_alpha(s, b, window=window)),
    ):
        theirs = np.asarray(theirs)
        assert np.isnan(ours[: window - 1]).all()
        np.testing.assert_allclose(ours[-len(theirs) :], theirs, rtol=1e-10, atol=1e-12)
    # What quantstats takes from pandas' running sums carries their error: 1e-10 of its size.
    for ours, theirs in (
        (series.rolling_sharpe(x, window, F), qs.rolling_sharpe(s, rolling_period=window)),
        (series.rolling_sortino(x, window, F), qs.rolling_sortino(s, rolling_period=window)),
        (series.rolling_beta(x, m, window), greeks["beta"]),
        (series.rolling_alpha(x, m, window, compounded=False), greeks["alpha"]),
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10 * np.nanmax(np.abs(ours)))


def test_the_drawdown_table(case):
    fall = qs.to_drawdown_series(case.s)
    np.testing.assert_allclose(series.falls(case.x), fall, atol=1e-13)
    # It forms value as 1 + growth, whose rounding can leave a bar at its peak a hair below.
    theirs = qs.drawdown_details(pd.Series(series.falls(case.x), case.s.index))
    ours = series.drawdown_table(case.x)
    dates = case.s.index.strftime("%Y-%m-%d").to_numpy()
    assert len(ours) == len(theirs) > 2
    for column, name in (("start", "start"), ("valley", "valley"), ("last", "end")):
        assert dates[ours[column]].tolist() == theirs[name].tolist()
    assert series.drawdown_days(ours, case.times).tolist() == theirs["days"].tolist()
    np.testing.assert_allclose(ours["depth"] * 100, theirs["max drawdown"], rtol=1e-10)
    # And the rows, which keep no table, know as much of it.
    rows = case.rows
    assert equity.drawdown_count(rows)[0] == len(ours)
    assert equity.longest_drawdown_bars(rows)[0] == ours["bars"].max()
    assert equity.average_drawdown_bars(rows)[0] == pytest.approx(ours["bars"].mean(), rel=1e-12)
    assert equity.average_drawdown(rows)[0] == pytest.approx(ours["depth"].mean(), rel=1e-10)
    peak = case.times[np.maximum(ours["peak"], 0)]
    back = np.where(ours["end"] < 0, case.times[-1], case.times[ours["end"]])
    assert equity.longest_drawdown_days(rows)[0] == (back - peak).max() / 86_400e9


@pytest.mark.parametrize("period", ["week", "month", "quarter", "year"])
def test_returns_by_period(case, period):
    first, gains = series.period_returns(case.x, case.times, period)
    theirs = em.aggregate_returns(case.s, f"{period}ly")
    np.testing.assert_allclose(gains, theirs, rtol=1e-10, atol=1e-15)
    code = {"week": "W-SUN", "month": "ME", "quarter": "QE", "year": "YE"}[period]
    ends = case.s.groupby(case.s.index.to_period(code.rstrip("E"))).size().index
    assert first.tolist() == ends.start_time.date.tolist()
    if period == "month":
        table = qs.monthly_returns(case.s)
        named = {(str(day)[:4], day.strftime("%b").upper()) for day in first.tolist()}
        for (year, month), gain in zip(sorted(named, key=_by_date), gains, strict=True):
            _same(gain, table.loc[year, month])


def _by_date(name: tuple[str, str]):
    return pd.Timestamp(f"1 {name[1]} {name[0]}")


def test_trailing_returns(case):
    ours = series.trailing_returns(case.x, case.times)
    s, today = case.s, case.s.index[-1]
    start = {
        "month_to_date": today.replace(day=1) - pd.Timedelta(1),
        "year_to_date": today.replace(month=1, day=1) - pd.Timedelta(1),
        "return_3m": today - pd.DateOffset(months=3),
        "return_6m": today - pd.DateOffset(months=6),
        "return_1y": today - pd.DateOffset(years=1),
    }
    for name, day in start.items():
        _same(ours[name], qs.comp(s[s.index > day]))
    for n in (3, 5, 10):
        day = today - pd.DateOffset(years=n)
        if day < s.index[0]:
            assert math.isnan(ours[f"annual_return_{n}y"])
        else:
            total = em.cum_returns_final(s[s.index > day])
            _same(ours[f"annual_return_{n}y"], (1 + total) ** (1 / n) - 1)


def test_returns_that_are_missing(case):
    """quantstats and empyrical leave NaN out as we do, but for what their comments say."""
    x = case.x.copy()
    x[5::11] = np.nan
    gone = Case(pd.Series(x, case.s.index), case.b)
    rows, s, b = gone.rows, gone.s, gone.b
    for ours, theirs in (
        (equity.cumulative_return(rows), em.cum_returns_final(s)),
        (equity.annual_return(rows, F), em.annual_return(s)),
        (equity.volatility(rows, F), em.annual_volatility(s)),
        (equity.sharpe_ratio(rows, F), qs.sharpe(s)),
        (equity.sortino_ratio(rows, F), em.sortino_ratio(s)),
        (equity.sortino_ratio(rows, F), qs.sortino(s)),
        (equity.smart_sharpe_ratio(rows, F), qs.smart_sharpe(s)),
        (equity.max_drawdown(rows), em.max_drawdown(s)),
        (equity.stability(rows), em.stability_of_timeseries(s)),
        (equity.skewness(rows), qs.skew(s)),
        (equity.kurtosis(rows), qs.kurtosis(s)),
        (equity.win_rate(rows), qs.win_rate(s)),
        (equity.profit_factor(rows), qs.profit_factor(s)),
        (equity.expected_return(rows), qs.expected_return(s)),
        (series.tail_ratio(x), em.tail_ratio(s)),
        (series.expected_shortfall(x, by_rank=True), em.conditional_value_at_risk(s)),
        (market.beta(rows), em.beta(s, b)),
        (market.alpha(rows, F), em.alpha(s, b)),
        (market.information_ratio(rows), em.excess_sharpe(s, b)),
        (market.r_squared(rows), qs.r_squared(s, b)),
        (market.up_capture(rows, F), em.up_capture(s, b)),
        (market.batting_average(rows), em.batting_average(s, b)["batting average"]),
        # The years of its cagr are of the returns there are, ours and empyrical's of all bars.
        (equity.annual_return(rows, F * (rows[0, 0] / rows[0, 1])), qs.cagr(s)),
    ):
        _same(ours, theirs)


def _both(*gains: float) -> tuple[np.ndarray, pd.Series]:
    s = pd.Series(gains, pd.bdate_range("2020-01-01", periods=len(gains)))
    return running.observe_returns(s.to_numpy()), s


def test_where_a_ratio_has_nothing_to_divide_by():
    """Ours follow IEEE; the libraries say NaN here, infinite there, 0 elsewhere."""
    rows, s = _both(0.01, 0.02, 0.01)
    assert equity.omega_ratio(rows)[0] == math.inf
    assert math.isnan(em.omega_ratio(s))
    assert math.isnan(qs.omega(s))
    assert equity.sortino_ratio(rows)[0] == em.sortino_ratio(s) == math.inf
    assert math.isnan(qs.sortino(s))
    assert equity.calmar_ratio(rows, F)[0] == math.inf
    assert math.isnan(em.calmar_ratio(s))
    with pytest.raises(ZeroDivisionError):
        qs.calmar(s)
    assert equity.profit_factor(rows)[0] == qs.profit_factor(s) == math.inf
    assert equity.gain_to_pain_ratio(rows)[0] == math.inf
    assert math.isnan(qs.gain_to_pain_ratio(s))
    assert equity.recovery_factor(rows)[0] == math.inf
    assert math.isnan(qs.recovery_factor(s))
    # Without a loss there is no mean loss, so no payoff ratio: that is NaN everywhere.
    assert math.isnan(equity.payoff_ratio(rows)[0])
    assert math.isnan(qs.payoff_ratio(s))
    # A strategy that is its benchmark: nothing over nothing.
    same = running.observe_returns(s.to_numpy(), s.to_numpy())
    assert math.isnan(market.information_ratio(same)[0])
    assert math.isnan(em.excess_sharpe(s, s))
    assert qs.information_ratio(s, s) == 0
    # Nothing won or lost: quantstats has a win rate and an exposure of 0 for it.
    still, s = _both(0.0, 0.0)
    assert math.isnan(equity.win_rate(still)[0])
    assert qs.win_rate(s) == 0.0


def test_a_constant_return_has_no_volatility():
    rows, s = _both(*[0.01] * 7)
    assert equity.sharpe_ratio(rows, F)[0] == em.sharpe_ratio(s) == math.inf
    # There the rounding of the mean is left over as a volatility, or not.
    assert qs.sharpe(s) > 1e12


def test_large_gains_are_not_taken_for_prices():
    """quantstats reads a series without losses and with a value above 1 as prices."""
    rows, s = _both(0.5, 1.5, 0.25)
    assert equity.cumulative_return(rows)[0] == pytest.approx(1.5 * 2.5 * 1.25 - 1)
    _same(equity.cumulative_return(rows), em.cum_returns_final(s))
    assert qs.best(s) == pytest.approx(1.5 / 0.5 - 1)
    assert equity.best(rows)[0] == 1.5


def test_ruin_and_debt():
    rows, s = _both(0.1, -1.0, 0.0)
    _same(equity.max_drawdown(rows), em.max_drawdown(s))
    _same(equity.annual_return(rows, F), em.annual_return(s))
    rows, s = _both(0.1, -1.5)
    assert math.isnan(equity.annual_return(rows, F)[0])
    assert math.isnan(qs.cagr(s))
    # An even exponent makes a gain of a debt there.
    assert em.annual_return(s) == pytest.approx(0.55**126 - 1)

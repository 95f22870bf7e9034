"""Statistics of equity from running rows: nothing here needs stored returns.

Each function takes `rows` (float64[N, running.SIZE], see `running`) and gives a number per column,
float64[N]. Returns, `risk_free` and volatility are per bar unless an `annual_factor` (bars per
year) is asked for; `per_bar` turns a yearly rate into one per bar. Division follows IEEE: a gain
over no risk is infinite, nothing over nothing NaN; NaN is also what too few bars leave. Nothing
warns.
"""

from __future__ import annotations

import math

import numpy as np

from . import running as r

EULER_GAMMA = 0.5772156649015329
YEAR_DAYS = 365.25
_DAY_NS = 86_400e9

#: Around arithmetic whose infinite and undefined results are meant.
quiet = np.errstate(all="ignore")


@quiet
def per_bar(yearly_rate: float, annual_factor: float) -> float:
    """The rate per bar that compounds to `yearly_rate`: (1 + R)^(1/f) - 1; NaN below -1."""
    return float(np.expm1(np.divide(np.log1p(yearly_rate), annual_factor)))


@quiet
def pair_correlation(rows: np.ndarray, at: int) -> np.ndarray:
    """Pearson correlation of the pairs at a place of the rows; NaN below two."""
    squares = np.sqrt(rows[:, at + 3]) * np.sqrt(rows[:, at + 4])
    return np.where(rows[:, at] >= 2, rows[:, at + 5] / squares, np.nan)


@quiet
def grown(growth: np.ndarray, exponent: np.ndarray | float) -> np.ndarray:
    """growth ** exponent - 1; NaN of a negative growth, which no power makes whole."""
    return np.where(growth < 0.0, np.nan, growth**exponent - 1.0)


@quiet
def _known(rows: np.ndarray, values, least: int = 1) -> np.ndarray:
    """`values` where there are at least so many returns, NaN elsewhere."""
    return np.where(rows[:, r.COUNT] >= least, values, np.nan)


# Growth


@quiet
def cumulative_return(rows: np.ndarray) -> np.ndarray:
    """Growth over all bars: product of (1 + r), less 1."""
    return _known(rows, rows[:, r.GROWTH] - 1.0)


@quiet
def annual_return(rows: np.ndarray, annual_factor: float) -> np.ndarray:
    """Compound growth per year, a year being `annual_factor` bars: G^(f/n) - 1 (CAGR).

    n counts every bar, also those without a return. NaN from negative equity.
    """
    return _known(rows, grown(rows[:, r.GROWTH], annual_factor / rows[:, r.ROWS]))


@quiet
def years(rows: np.ndarray, year_days: float = YEAR_DAYS) -> np.ndarray:
    """Years from the time of the first bar to that of the last; NaN without times."""
    return (rows[:, r.LAST_TIME] - rows[:, r.FIRST_TIME]) / (_DAY_NS * year_days)


@quiet
def calendar_annual_return(rows: np.ndarray, year_days: float = YEAR_DAYS) -> np.ndarray:
    """Compound growth per calendar year: G^(1/years) - 1 (CAGR); NaN without times.

    `year_days` divides the days between first and last bar: 365.25, or 365.
    """
    time = years(rows, year_days)
    return _known(rows, np.where(time > 0, grown(rows[:, r.GROWTH], 1.0 / time), np.nan))


@quiet
def mean_return(rows: np.ndarray) -> np.ndarray:
    """Arithmetic mean of the returns per bar."""
    return _known(rows, rows[:, r.MEAN])


@quiet
def expected_return(rows: np.ndarray) -> np.ndarray:
    """Geometric mean of the returns per bar: G^(1/n) - 1."""
    return _known(rows, grown(rows[:, r.GROWTH], 1.0 / rows[:, r.COUNT]))


@quiet
def mean_log_return(rows: np.ndarray) -> np.ndarray:
    """Mean of log(1 + r) per bar: continuously compounded growth."""
    return _known(rows, rows[:, r.LOG] / rows[:, r.COUNT])


@quiet
def stability(rows: np.ndarray) -> np.ndarray:
    """R² of a straight line through the cumulated log returns; 1 is even growth."""
    return _known(rows, pair_correlation(rows, r.TREND) ** 2, 2)


# Spread and shape


@quiet
def volatility(rows: np.ndarray, annual_factor: float = 1.0, ddof: int = 1) -> np.ndarray:
    """Standard deviation of the returns, times the root of `annual_factor`."""
    left = rows[:, r.COUNT] - ddof
    deviation = np.sqrt(rows[:, r.M2] / np.where(left > 0, left, np.nan))
    return deviation * math.sqrt(annual_factor)


@quiet
def downside_deviation(rows: np.ndarray, annual_factor: float = 1.0) -> np.ndarray:
    """Root mean square of what the returns fall short of `required`, over all bars.

    Sortino & van der Meer, "Downside Risk", Journal of Portfolio Management 17(4), 1991.
    """
    return np.sqrt(rows[:, r.SHORTFALL] / rows[:, r.COUNT]) * math.sqrt(annual_factor)


@quiet
def skewness(rows: np.ndarray, bias: bool = False) -> np.ndarray:
    """Third standardised moment g1 = m3 / m2^(3/2); by default G1 = g1 √(n(n-1)) / (n-2).

    Joanes & Gill, "Comparing measures of sample skewness and kurtosis", The Statistician 47, 1998.
    NaN for returns without spread.
    """
    n = rows[:, r.COUNT]
    g1 = rows[:, r.M3] * np.sqrt(n) / rows[:, r.M2] ** 1.5
    if bias:
        return _known(rows, g1)
    return _known(rows, g1 * np.sqrt(n * (n - 1.0)) / (n - 2.0), 3)


@quiet
def kurtosis(rows: np.ndarray, bias: bool = False) -> np.ndarray:
    """Excess kurtosis g2 = m4 / m2² - 3; by default G2 = (n-1)/((n-2)(n-3)) ((n+1) g2 + 6).

    Source as `skewness`. NaN for returns without spread.
    """
    n = rows[:, r.COUNT]
    g2 = n * rows[:, r.M4] / rows[:, r.M2] ** 2 - 3.0
    if bias:
        return _known(rows, g2)
    return _known(rows, (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * g2 + 6.0), 4)


@quiet
def autocorrelation(rows: np.ndarray) -> np.ndarray:
    """Pearson correlation of each return with the one before it."""
    return pair_correlation(rows, r.LAG)


@quiet
def normal_value_at_risk(
    rows: np.ndarray, cutoff: float = 0.05, sigma: float = 1.0, ddof: int = 1
) -> np.ndarray:
    """Return per bar that a normal distribution goes below with probability `cutoff`.

    mean + sigma · sd · Φ⁻¹(cutoff): parametric value at risk (RiskMetrics, 1996). The quantile of
    the returns themselves needs them stored: `series_statistics.value_at_risk`.
    """
    return rows[:, r.MEAN] + sigma * volatility(rows, ddof=ddof) * _normal_quantile(cutoff)


@quiet
def normal_expected_shortfall(
    rows: np.ndarray, cutoff: float = 0.05, sigma: float = 1.0, ddof: int = 1
) -> np.ndarray:
    """Mean of a normal distribution below its value at risk: mean - sigma · sd · φ(z) / cutoff.

    McNeil, Frey & Embrechts, "Quantitative Risk Management", 2005, example 2.14.
    """
    return _shortfall(rows[:, r.MEAN], sigma * volatility(rows, ddof=ddof), cutoff)


@quiet
def _shortfall(mean, deviation, cutoff: float) -> np.ndarray:
    z = _normal_quantile(cutoff)
    return mean - deviation * math.exp(-z * z / 2.0) / math.sqrt(2.0 * math.pi) / cutoff


# Return for risk


@quiet
def sharpe_ratio(
    rows: np.ndarray, annual_factor: float = 1.0, risk_free: float = 0.0, ddof: int = 1
) -> np.ndarray:
    """Mean return above `risk_free` (per bar) over its standard deviation, times √f.

    Sharpe, "The Sharpe Ratio", Journal of Portfolio Management 21(1), 1994.
    """
    excess = mean_return(rows) - risk_free
    return _known(rows, excess / volatility(rows, ddof=ddof), 2) * math.sqrt(annual_factor)


@quiet
def autocorrelation_penalty(rows: np.ndarray) -> np.ndarray:
    """√(1 + 2 Σ (1 - k/n) |ρ|^k), k = 1 to n - 1, ρ the correlation of neighbouring returns.

    What the volatility of n bars is over √n times that of one, if correlation fades as ρ^k:
    Lo, "The Statistics of Sharpe Ratios", Financial Analysts Journal 58(4), 2002. 1 where ρ is
    not defined.
    """
    n = rows[:, r.COUNT]
    rho = np.minimum(np.abs(autocorrelation(rows)), 1.0)
    left = 1.0 - rho
    # The sum in closed form; it loses digits as ρ nears 1, where the terms are added one by one.
    total = rho / left - rho * (1.0 - rho**n) / (n * left * left)
    for k in np.flatnonzero((left * n < 1.0) & (n > 1)):
        lags = np.arange(1.0, n[k])
        total[k] = np.sum((1.0 - lags / n[k]) * rho[k] ** lags)
    return np.where(np.isnan(total), 1.0, np.sqrt(1.0 + 2.0 * total))


@quiet
def smart_sharpe_ratio(
    rows: np.ndarray, annual_factor: float = 1.0, risk_free: float = 0.0, ddof: int = 1
) -> np.ndarray:
    """Sharpe ratio with its deviation enlarged by `autocorrelation_penalty`."""
    return sharpe_ratio(rows, annual_factor, risk_free, ddof) / autocorrelation_penalty(rows)


@quiet
def sortino_ratio(rows: np.ndarray, annual_factor: float = 1.0) -> np.ndarray:
    """Mean return above the rows' `required` one over `downside_deviation`, times √f.

    Source as `downside_deviation`. A risk-free rate, if meant, is `required` of the rows.
    """
    excess = mean_return(rows) - rows[:, r.REQUIRED]
    return _known(rows, excess / downside_deviation(rows), 2) * math.sqrt(annual_factor)


@quiet
def smart_sortino_ratio(rows: np.ndarray, annual_factor: float = 1.0) -> np.ndarray:
    """Sortino ratio with its deviation enlarged by `autocorrelation_penalty`."""
    return sortino_ratio(rows, annual_factor) / autocorrelation_penalty(rows)


@quiet
def adjusted_sortino_ratio(rows: np.ndarray, annual_factor: float = 1.0) -> np.ndarray:
    """Sortino ratio / √2, so that it compares with a Sharpe ratio.

    Schwager, "Market Sense and Nonsense", 2012: a symmetric distribution has half its squares on
    each side.
    """
    return sortino_ratio(rows, annual_factor) / math.sqrt(2.0)


@quiet
def probabilistic_ratio(
    rows: np.ndarray, ratio: np.ndarray, above: float | np.ndarray = 0.0, bias: bool = False
) -> np.ndarray:
    """Probability that a ratio per bar (not annual) estimated as `ratio` truly exceeds `above`.

    Φ((SR - SR*) √(n-1) / √(1 - γ3 SR + (γ4-1)/4 SR²)), γ3 the skewness, γ4 the kurtosis (3 for a
    normal one): Bailey & López de Prado, "The Sharpe Ratio Efficient Frontier", Journal of Risk
    15(2), 2012. `bias`: see `skewness`.
    """
    error = _ratio_variance(rows, ratio, bias)
    z = (ratio - above) * np.sqrt((rows[:, r.COUNT] - 1.0) / error)
    return normal_probability(z)


@quiet
def _ratio_variance(rows: np.ndarray, ratio: np.ndarray, bias: bool) -> np.ndarray:
    spread = (kurtosis(rows, bias) + 2.0) / 4.0 * ratio**2
    return 1.0 - skewness(rows, bias) * ratio + spread


@quiet
def probabilistic_sharpe_ratio(
    rows: np.ndarray,
    above: float | np.ndarray = 0.0,
    risk_free: float = 0.0,
    ddof: int = 1,
    bias: bool = False,
) -> np.ndarray:
    """Probability that the true Sharpe ratio per bar exceeds `above`; see `probabilistic_ratio`."""
    return probabilistic_ratio(rows, sharpe_ratio(rows, 1.0, risk_free, ddof), above, bias)


def expected_maximum_sharpe_ratio(trials: int, variance: float) -> float:
    """The best Sharpe ratio that `trials` strategies without skill are expected to show.

    √V ((1-γ) Φ⁻¹(1 - 1/N) + γ Φ⁻¹(1 - 1/(N e))), γ the Euler-Mascheroni constant, V the variance
    of the ratios over the trials: Bailey & López de Prado, "The Deflated Sharpe Ratio", Journal of
    Portfolio Management 40(5), 2014. 0 for one trial.
    """
    if trials < 2:
        return 0.0
    best = (1.0 - EULER_GAMMA) * _normal_quantile(1.0 - 1.0 / trials)
    best += EULER_GAMMA * _normal_quantile(1.0 - 1.0 / (trials * math.e))
    return math.sqrt(variance) * best


@quiet
def deflated_sharpe_ratio(
    rows: np.ndarray,
    trials: int | None = None,
    variance: float | None = None,
    risk_free: float = 0.0,
    ddof: int = 1,
    bias: bool = False,
) -> np.ndarray:
    """Probability that a Sharpe ratio is better than the luckiest of `trials` without skill.

    Source as `expected_maximum_sharpe_ratio`. By default the columns are the trials: their number,
    and the variance (ddof 1) of their ratios per bar; give both for a column by itself.
    """
    ratio = sharpe_ratio(rows, 1.0, risk_free, ddof)
    if variance is None:
        some = ratio[np.isfinite(ratio)]
        variance = float(some.var(ddof=1)) if len(some) > 1 else 0.0
    luck = expected_maximum_sharpe_ratio(len(rows) if trials is None else trials, variance)
    return probabilistic_ratio(rows, ratio, luck, bias)


@quiet
def minimum_track_record_length(
    rows: np.ndarray, above: float = 0.0, confidence: float = 0.95, risk_free: float = 0.0
) -> np.ndarray:
    """Bars needed for the Sharpe ratio per bar to exceed `above` with `confidence`.

    1 + (1 - γ3 SR + (γ4-1)/4 SR²) (Φ⁻¹(confidence) / (SR - SR*))²; infinite where the ratio does
    not exceed it. Source as `probabilistic_ratio`.
    """
    ratio = sharpe_ratio(rows, 1.0, risk_free)
    need = (_normal_quantile(confidence) / (ratio - above)) ** 2
    bars = 1.0 + _ratio_variance(rows, ratio, False) * need
    return np.where(ratio <= above, np.inf, bars)


@quiet
def omega_ratio(rows: np.ndarray) -> np.ndarray:
    """Sum of the returns above the rows' `threshold` over the sum of those below.

    Keating & Shadwick, "A Universal Performance Measure", Journal of Performance Measurement
    6(3), 2002.
    """
    return _known(rows, rows[:, r.ABOVE] / rows[:, r.BELOW], 2)


@quiet
def gain_to_pain_ratio(rows: np.ndarray) -> np.ndarray:
    """Sum of the returns over the absolute sum of the negative ones.

    Schwager, "Hedge Fund Market Wizards", 2012 (there of monthly returns: see
    `series_statistics.period_returns`).
    """
    return _known(rows, rows[:, r.TOTAL] / np.abs(rows[:, r.LOST_SUM]))


@quiet
def risk_return_ratio(rows: np.ndarray, ddof: int = 1) -> np.ndarray:
    """Mean over standard deviation per bar: a Sharpe ratio without risk-free rate and year."""
    return sharpe_ratio(rows, ddof=ddof)


# Drawdowns, from a peak that begins with the value before the first bar


@quiet
def max_drawdown(rows: np.ndarray) -> np.ndarray:
    """Deepest fall below the running peak as a part of it, 0 or negative."""
    return _known(rows, rows[:, r.DRAWDOWN])


@quiet
def max_drawdown_amount(rows: np.ndarray) -> np.ndarray:
    """Largest fall below the running peak in units of the value before the first bar, 0 or
    negative: times that value it is money."""
    return _known(rows, rows[:, r.FALLEN])


@quiet
def average_drawdown(rows: np.ndarray) -> np.ndarray:
    """Mean of the depths of the drawdowns, of which the last may still last; NaN without any."""
    return (rows[:, r.DEPTHS] + rows[:, r.DEPTH]) / rows[:, r.DRAWDOWNS]


@quiet
def drawdown_count(rows: np.ndarray) -> np.ndarray:
    """Number of stretches below a peak."""
    return rows[:, r.DRAWDOWNS].copy()


@quiet
def longest_drawdown_bars(rows: np.ndarray) -> np.ndarray:
    """Most bars in sequence below a peak."""
    return _known(rows, rows[:, r.LONGEST_BARS])


@quiet
def average_drawdown_bars(rows: np.ndarray) -> np.ndarray:
    """Mean number of bars that a drawdown stays below its peak; NaN without any."""
    return rows[:, r.UNDER_WATER] / rows[:, r.DRAWDOWNS]


@quiet
def longest_drawdown_days(rows: np.ndarray) -> np.ndarray:
    """Most calendar days from a peak until it is reached again, or until the last bar.

    0 without a drawdown, NaN without times.
    """
    days = rows[:, r.LONGEST_TIME] / _DAY_NS
    never = (rows[:, r.DRAWDOWNS] == 0) & ~np.isnan(rows[:, r.FIRST_TIME])
    return _known(rows, np.where(never, 0.0, days))


@quiet
def under_water(rows: np.ndarray) -> np.ndarray:
    """Share of the bars below a peak."""
    return rows[:, r.UNDER_WATER] / rows[:, r.COUNT]


@quiet
def pain_index(rows: np.ndarray) -> np.ndarray:
    """Mean fall below the peak over all bars, positive (Zephyr Associates, 2006)."""
    return _known(rows, np.abs(rows[:, r.FALL_MEAN]))


@quiet
def ulcer_index(rows: np.ndarray, ddof: int = 0) -> np.ndarray:
    """Root mean square of the falls below the peak: √(Σ fall² / (n - ddof)).

    Martin & McCann, "The Investor's Guide to Fidelity Funds", 1989.
    """
    left = rows[:, r.COUNT] - ddof
    return np.sqrt(rows[:, r.FALL_SQUARES] / np.where(left > 0, left, np.nan))


@quiet
def ulcer_performance_index(
    rows: np.ndarray, risk_free: float = 0.0, ddof: int = 0, annual_factor: float | None = None
) -> np.ndarray:
    """Return above `risk_free` (same period) over `ulcer_index`: the Martin ratio.

    The return is annual with an `annual_factor`, as Martin has it, else over all bars.
    """
    return (return_over(rows, annual_factor) - risk_free) / ulcer_index(rows, ddof)


@quiet
def serenity_index(
    rows: np.ndarray, risk_free: float = 0.0, cutoff: float = 0.05, ddof: int = 0
) -> np.ndarray:
    """Sum of the returns over ulcer index times pitfall, the shortfall of falls over volatility.

    Pitfall: expected shortfall of the falls below the peak, taken as normal, over the standard
    deviation of the returns. KeyQuant, "Serenity: a new ratio", 2014 (there of the falls' own
    tail, which needs stored returns: `series_statistics.serenity_index`). `ddof`: `ulcer_index`.
    """
    count = np.where(rows[:, r.COUNT] > 1, rows[:, r.COUNT] - 1.0, np.nan)
    tail = _shortfall(rows[:, r.FALL_MEAN], np.sqrt(rows[:, r.FALL_M2] / count), cutoff)
    return serenity_of_tail(rows, tail, risk_free, ddof)


@quiet
def serenity_of_tail(rows: np.ndarray, tail: np.ndarray, risk_free: float, ddof: int) -> np.ndarray:
    """`serenity_index` with a given expected shortfall (negative) of the falls."""
    pitfall = (-tail) / volatility(rows)
    return (rows[:, r.TOTAL] - risk_free) / (ulcer_index(rows, ddof) * pitfall)


@quiet
def calmar_ratio(rows: np.ndarray, annual_factor: float) -> np.ndarray:
    """Annual return (by bars) over the absolute maximum drawdown.

    Young, "Calmar Ratio: A Smoother Tool", Futures 20(11), 1991 (there of 36 months).
    """
    return annual_return(rows, annual_factor) / np.abs(max_drawdown(rows))


@quiet
def recovery_factor(
    rows: np.ndarray, risk_free: float = 0.0, compounded: bool = False
) -> np.ndarray:
    """Absolute total return above `risk_free` over the absolute maximum drawdown.

    The total is the sum of the returns, or compounded growth.
    """
    total = cumulative_return(rows) if compounded else _known(rows, rows[:, r.TOTAL])
    return np.abs(total - risk_free) / np.abs(max_drawdown(rows))


@quiet
def return_over(rows: np.ndarray, annual_factor: float | None) -> np.ndarray:
    """Annual return with an `annual_factor`, else growth over all bars."""
    return cumulative_return(rows) if annual_factor is None else annual_return(rows, annual_factor)


# Bars that won and lost


@quiet
def best(rows: np.ndarray) -> np.ndarray:
    """Highest return of a bar."""
    return rows[:, r.BEST].copy()


@quiet
def worst(rows: np.ndarray) -> np.ndarray:
    """Lowest return of a bar."""
    return rows[:, r.WORST].copy()


@quiet
def average_return(rows: np.ndarray) -> np.ndarray:
    """Mean of the returns that are not 0."""
    total = rows[:, r.WON_SUM] + rows[:, r.LOST_SUM]
    return total / (rows[:, r.WON] + rows[:, r.LOST])


@quiet
def average_win(rows: np.ndarray) -> np.ndarray:
    """Mean of the positive returns."""
    return rows[:, r.WON_SUM] / rows[:, r.WON]


@quiet
def average_loss(rows: np.ndarray) -> np.ndarray:
    """Mean of the negative returns, negative."""
    return rows[:, r.LOST_SUM] / rows[:, r.LOST]


@quiet
def win_rate(rows: np.ndarray) -> np.ndarray:
    """Positive returns as a part of those that are not 0."""
    return rows[:, r.WON] / (rows[:, r.WON] + rows[:, r.LOST])


@quiet
def payoff_ratio(rows: np.ndarray) -> np.ndarray:
    """Average win over absolute average loss."""
    return average_win(rows) / np.abs(average_loss(rows))


@quiet
def profit_factor(rows: np.ndarray) -> np.ndarray:
    """Sum of the positive returns over the absolute sum of the negative ones."""
    return _known(rows, rows[:, r.WON_SUM] / np.abs(rows[:, r.LOST_SUM]))


@quiet
def cpc_index(rows: np.ndarray) -> np.ndarray:
    """Profit factor times win rate times payoff ratio.

    Davey, "Building Winning Algorithmic Trading Systems", 2014; 1.2 is asked for.
    """
    return profit_factor(rows) * win_rate(rows) * payoff_ratio(rows)


@quiet
def kelly_criterion(rows: np.ndarray) -> np.ndarray:
    """p - (1 - p) / b, p the win rate and b the payoff ratio: the part of capital to bet.

    Kelly, "A New Interpretation of Information Rate", Bell System Technical Journal 35(4), 1956.
    """
    p = win_rate(rows)
    return p - ((1.0 - p) / payoff_ratio(rows))


@quiet
def risk_of_ruin(rows: np.ndarray) -> np.ndarray:
    """((1 - p) / (1 + p))^n, p the win rate, n the bars.

    The form of the gambler's ruin (Feller, "An Introduction to Probability Theory", 1950, ch.
    XIV), where p is the edge and n the stakes in hand: as used here an index, not a probability.
    """
    p = win_rate(rows)
    return ((1.0 - p) / (1.0 + p)) ** rows[:, r.COUNT]


@quiet
def longest_win_streak(rows: np.ndarray) -> np.ndarray:
    """Most positive returns in sequence."""
    return _known(rows, rows[:, r.LONGEST_WIN])


@quiet
def longest_loss_streak(rows: np.ndarray) -> np.ndarray:
    """Most negative returns in sequence."""
    return _known(rows, rows[:, r.LONGEST_LOSS])


@quiet
def time_in_market(rows: np.ndarray) -> np.ndarray:
    """Share of the bars whose return is not 0."""
    return (rows[:, r.WON] + rows[:, r.LOST]) / rows[:, r.COUNT]


@quiet
def return_in_market(rows: np.ndarray, annual_factor: float) -> np.ndarray:
    """Annual return over `time_in_market`: return adjusted for exposure."""
    return annual_return(rows, annual_factor) / time_in_market(rows)


# The normal distribution


def _normal_quantile(p: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(p) if 0.0 < p < 1.0 else math.nan


def normal_probability(z: np.ndarray) -> np.ndarray:
    scaled = (-np.asarray(z, dtype=np.float64) / math.sqrt(2.0)).tolist()
    return np.array([0.5 * math.erfc(x) for x in scaled])

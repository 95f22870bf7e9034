"""Statistics that need the returns themselves: quantiles, periods, drawdown tables, windows.

A quantile can not be had from a running row: there is no exact one without all returns. What
comes in is float64[T], the simple returns per bar of one column; NaN are left out unless a
function says otherwise. Times are int64 ns UTC or datetime64. NaN where undefined; no warnings.
"""

from __future__ import annotations

import math

import numpy as np

from . import equity_statistics as equity
from . import running
from .jit import njit

#: One drawdown. Bars are rows of the series: `peak` (-1: the value before the first bar), `start`
#: (first below it), `valley` (the deepest), `last` (last below it), `end` (back at the peak; -1
#: while it lasts). `depth` is negative; `bars` counts start to last; `recovery_bars` valley to
#: end (-1 while it lasts).
DRAWDOWN = np.dtype(
    [
        ("peak", np.int64),
        ("start", np.int64),
        ("valley", np.int64),
        ("last", np.int64),
        ("end", np.int64),
        ("depth", np.float64),
        ("bars", np.int64),
        ("recovery_bars", np.int64),
    ]
)

#: Periods of `period_returns` as units of NumPy; weeks begin on Monday.
PERIODS = {"day": "D", "week": "W", "month": "M", "quarter": "M", "year": "Y"}


def _clean(returns: np.ndarray) -> np.ndarray:
    returns = np.asarray(returns, dtype=np.float64)
    return returns[~np.isnan(returns)]


@equity.quiet
def _quantile(known: np.ndarray, share: float) -> float:
    return float(np.quantile(known, share)) if len(known) else math.nan


@equity.quiet
def _ratio(a: float, b: float) -> float:
    return float(np.divide(a, b))


# Quantiles, which are linear between the returns (Hyndman & Fan 1996, type 7)


@equity.quiet
def value_at_risk(returns: np.ndarray, cutoff: float = 0.05) -> float:
    """The `cutoff` quantile of the returns: historical value at risk (Jorion, 2006), signed."""
    return _quantile(_clean(returns), cutoff)


@equity.quiet
def expected_shortfall(returns: np.ndarray, cutoff: float = 0.05, by_rank: bool = False) -> float:
    """Mean of the returns that are not above the `cutoff` quantile (CVaR), signed.

    `by_rank`: mean of the floor((n - 1) cutoff) + 1 lowest returns. Acerbi & Tasche, "On the
    coherence of expected shortfall", Journal of Banking & Finance 26(7), 2002.
    """
    known = np.sort(_clean(returns))
    if not len(known):
        return math.nan
    if by_rank:
        return float(known[: int((len(known) - 1) * cutoff) + 1].mean())
    tail = known[known <= _quantile(known, cutoff)]
    return float(tail.mean()) if len(tail) else math.nan


@equity.quiet
def tail_ratio(returns: np.ndarray, cutoff: float = 0.05) -> float:
    """|quantile 1 - cutoff| over |quantile cutoff|: above 1, the better tail is longer."""
    known = _clean(returns)
    return _ratio(abs(_quantile(known, 1.0 - cutoff)), abs(_quantile(known, cutoff)))


@equity.quiet
def common_sense_ratio(returns: np.ndarray, cutoff: float = 0.05) -> float:
    """Profit factor times tail ratio (Savin, "The Common Sense Ratio", 2016)."""
    rows = running.observe_returns(returns)
    return float(equity.profit_factor(rows)[0]) * tail_ratio(returns, cutoff)


@equity.quiet
def outlier_win_ratio(returns: np.ndarray, share: float = 0.99) -> float:
    """The `share` quantile of the returns over the mean of those from 0 up."""
    known = _clean(returns)
    won = known[known >= 0.0]
    return _ratio(_quantile(known, share), float(won.mean()) if len(won) else math.nan)


@equity.quiet
def outlier_loss_ratio(returns: np.ndarray, share: float = 0.01) -> float:
    """The `share` quantile of the returns over the mean of the negative ones."""
    known = _clean(returns)
    lost = known[known < 0.0]
    return _ratio(_quantile(known, share), float(lost.mean()) if len(lost) else math.nan)


@equity.quiet
def serenity_index(
    returns: np.ndarray, risk_free: float = 0.0, cutoff: float = 0.05, ddof: int = 0
) -> float:
    """`equity_statistics.serenity_index` with the expected shortfall of the falls themselves."""
    rows = running.observe_returns(returns)
    tail = np.array([expected_shortfall(falls(returns), cutoff)])
    return float(equity.serenity_of_tail(rows, tail, risk_free, ddof)[0])


@equity.quiet
def beta_fragility(returns: np.ndarray, benchmark: np.ndarray) -> float:
    """How far the returns bend with the benchmark, from its lowest, middle and highest bar.

    w1 r(low) + w2 r(high) - r(middle), the weights those that make the benchmark's returns
    cancel: Taleb, Canetti, Kinda, Loukoianova & Schmieder, "A New Heuristic Measure of Fragility
    and Tail Risks", IMF WP/12/216, 2012. NaN below three pairs.
    """
    returns, benchmark = np.asarray(returns, float), np.asarray(benchmark, float)
    both = ~(np.isnan(returns) | np.isnan(benchmark))
    returns, benchmark = returns[both], benchmark[both]
    if len(returns) < 3:
        return math.nan
    order = np.argsort(benchmark, kind="stable")
    low, middle, high = order[0], order[len(order) // 2], order[-1]
    span = benchmark[high] - benchmark[low]
    share = (benchmark[high] - benchmark[middle]) / span if span else 0.5
    bend = share * returns[low] + (1.0 - share) * returns[high]
    return float(bend - returns[middle])


# Growth and drawdowns


@equity.quiet
def growth(returns: np.ndarray) -> np.ndarray:
    """Value of 1 after each bar, float64[T]; a NaN return changes nothing."""
    returns = np.asarray(returns, dtype=np.float64)
    return np.cumprod(1.0 + np.where(np.isnan(returns), 0.0, returns))


@equity.quiet
def falls(returns: np.ndarray) -> np.ndarray:
    """Fall below the running peak after each bar, 0 or negative; the peak begins at 1."""
    value = growth(returns)
    peak = np.maximum.accumulate(np.maximum(value, 1.0))
    return (value - peak) / peak


@njit
def _drawdown_table(fall, out):
    n = 0
    peak = -1
    open_ = False
    for i in range(len(fall)):
        if fall[i] < 0.0:
            if not open_:
                open_ = True
                row = out[n]
                n += 1
                row["peak"] = peak
                row["start"] = i
                row["end"] = -1
                row["depth"] = 0.0
                row["recovery_bars"] = -1
            row = out[n - 1]
            row["last"] = i
            row["bars"] = i - row["start"] + 1
            if fall[i] < row["depth"]:
                row["depth"] = fall[i]
                row["valley"] = i
        else:
            if open_:
                open_ = False
                row = out[n - 1]
                row["end"] = i
                row["recovery_bars"] = i - row["valley"]
            peak = i
    return n


def drawdown_table(returns: np.ndarray) -> np.ndarray:
    """`DRAWDOWN[·]` of the returns, in the sequence of their starts."""
    fall = falls(returns)
    out = np.zeros((len(fall) + 1) // 2, dtype=DRAWDOWN)
    return out[: _drawdown_table(fall, out)]


def drawdown_days(table: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Whole calendar days of each drawdown, from the first bar below the peak to the last, both
    counted: int64."""
    time = _nanoseconds(times)
    return (time[table["last"]] - time[table["start"]]) // 86_400_000_000_000 + 1


# Periods


def _nanoseconds(times: np.ndarray) -> np.ndarray:
    times = np.asarray(times)
    if times.dtype.kind == "M":
        times = times.astype("datetime64[ns]")
    return times.astype(np.int64)


@equity.quiet
def period_returns(
    returns: np.ndarray, times: np.ndarray, period: str, compounded: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Returns of calendar periods that have a bar: (their first days datetime64[D], float64[P]).

    period: "day", "week", "month", "quarter" or "year", of the UTC calendar. Growth over the
    period, or with `compounded` off the sum of the returns. Statistics of the periods are those
    of their returns: `running.observe_returns` of them has win rate, best, worst, streaks.
    """
    if period not in PERIODS:
        raise ValueError(f"period {period!r}: it is one of {', '.join(PERIODS)}")
    returns = np.asarray(returns, dtype=np.float64)
    days = _nanoseconds(times).view("datetime64[ns]").astype("datetime64[D]")
    if period == "week":
        keys = (days.astype(np.int64) + 3) // 7
        first_days = (keys * 7 - 3).astype("datetime64[D]")
    else:
        keys = days.astype(f"datetime64[{PERIODS[period]}]").astype(np.int64)
        if period == "quarter":
            keys = keys // 3 * 3
        first_days = keys.astype(f"datetime64[{PERIODS[period]}]").astype("datetime64[D]")
    if not len(returns):
        return first_days, returns.copy()
    first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    known = np.where(np.isnan(returns), 0.0, returns)
    if compounded:
        out = np.multiply.reduceat(1.0 + known, first) - 1.0
    else:
        out = np.add.reduceat(known, first)
    return first_days[first], out


@equity.quiet
def trailing_returns(returns: np.ndarray, times: np.ndarray) -> dict[str, float]:
    """Growth up to the last bar: of its month and year, of 3, 6 and 12 months; and of 3, 5 and 10
    years per year ("annual_return_…").

    NaN where the series begins later than the span does. A span begins with the first bar after
    the same day of the month that lies so far back (of a shorter month its last).
    """
    time = _nanoseconds(times)
    returns = np.asarray(returns, dtype=np.float64)
    out: dict[str, float] = {}
    names = ("month_to_date", "year_to_date")
    spans = {"return_3m": 3, "return_6m": 6, "return_1y": 12}
    annual = {"annual_return_3y": 3, "annual_return_5y": 5, "annual_return_10y": 10}
    if not len(returns):
        return dict.fromkeys((*names, *spans, *annual), math.nan)
    value = np.r_[1.0, growth(returns)]
    day = time.view("datetime64[ns]").astype("datetime64[D]")
    end = day[-1]

    def since(begin: np.datetime64) -> float:
        if begin < day[0]:
            return math.nan
        return _ratio(value[-1], value[np.searchsorted(day, begin, side="right")]) - 1.0

    for name, unit in zip(names, ("M", "Y"), strict=True):
        first = end.astype(f"datetime64[{unit}]").astype("datetime64[D]")
        out[name] = _ratio(value[-1], value[np.searchsorted(day, first)]) - 1.0
    for name, months in spans.items():
        out[name] = since(_months_before(end, months))
    for name, count in annual.items():
        total = since(_months_before(end, 12 * count))
        out[name] = (1.0 + total) ** (1.0 / count) - 1.0 if total >= -1.0 else math.nan
    return out


def _months_before(day: np.datetime64, months: int) -> np.datetime64:
    month = day.astype("datetime64[M]")
    into = day - month.astype("datetime64[D]")
    last = (month - months + 1).astype("datetime64[D]") - 1
    return min((month - months).astype("datetime64[D]") + into, last)


@equity.quiet
def variability_weighted_return(
    returns: np.ndarray,
    annual_factor: float,
    tau: float = 0.2,
    limit: float = 2.0,
    from_start: bool = True,
) -> float:
    """Annual log growth in percent, less for straying from an even path (VWR).

    100 (e^(m f) - 1) (1 - (s / limit)^tau): m the mean log return, s the standard deviation (ddof
    1) of value over the even path's value e^(m i), less 1, over the bars i = 1 to n. `from_start`
    off takes the value over the one a bar before instead. Rauscher, "Sharpe Ratio with log
    returns", crystalbull.com, 2014 (his tau and limit: 1.5 and 0.15).
    """
    known = _clean(returns)
    n = len(known)
    mean = float(np.sum(np.log1p(known)) / n) if n else math.nan
    if n < 2 or not math.isfinite(mean):
        return math.nan
    value = growth(known) if from_start else 1.0 + known
    off = value / np.exp(mean * np.arange(1.0, n + 1.0)) - 1.0
    spread = float(off.std(ddof=1))
    return float(100.0 * np.expm1(mean * annual_factor) * (1.0 - (spread / limit) ** tau))


# Windows


@njit
def _windows(returns, market, window, required, out):
    """Mean, standard deviation, downside deviation, beta and mean benchmark of each window into
    the rows of `out`, by two passes over the window: no error adds up along the series."""
    for i in range(window - 1, len(returns)):
        # From the window's first value: a window that never moves has no spread at all.
        base = returns[i - window + 1]
        first = market[i - window + 1]
        mean = 0.0
        centre = 0.0
        for j in range(i - window + 1, i + 1):
            mean += returns[j] - base
            centre += market[j] - first
        mean = base + mean / window
        centre = first + centre / window
        squares = 0.0
        short = 0.0
        variance = 0.0
        product = 0.0
        for j in range(i - window + 1, i + 1):
            gain = returns[j] - mean
            other = market[j] - centre
            squares += gain * gain
            variance += other * other
            product += gain * other
            lack = returns[j] - required
            if lack < 0.0:
                short += lack * lack
        out[0, i] = mean
        out[1, i] = squares
        out[2, i] = short
        out[3, i] = product / variance if variance > 0.0 else math.nan
        out[4, i] = centre


@equity.quiet
def _rolled(returns, window: int, benchmark=None, required: float = 0.0) -> np.ndarray:
    returns = np.ascontiguousarray(returns, dtype=np.float64)
    if window < 1:
        raise ValueError(f"window {window}: a window has at least one bar")
    if benchmark is None:
        market = np.full(len(returns), np.nan)
    else:
        market = np.ascontiguousarray(benchmark, dtype=np.float64)
        if len(market) != len(returns):
            raise ValueError(f"{len(market)} returns of the benchmark for {len(returns)} returns")
    out = np.full((5, len(returns)), np.nan)
    _windows(returns, market, window, float(required), out)
    return out


@equity.quiet
def rolling_volatility(
    returns: np.ndarray, window: int, annual_factor: float = 1.0, ddof: int = 1
) -> np.ndarray:
    """Standard deviation of the last `window` returns times √f, float64[T].

    Here as in the other rolling statistics: NaN before the window is full, and while a NaN
    return is in it.
    """
    squares = _rolled(returns, window)[1]
    return np.sqrt(np.divide(squares, window - ddof) * annual_factor)


@equity.quiet
def rolling_sharpe(
    returns: np.ndarray,
    window: int,
    annual_factor: float = 1.0,
    risk_free: float = 0.0,
    ddof: int = 1,
) -> np.ndarray:
    """`equity_statistics.sharpe_ratio` of the last `window` returns."""
    mean, squares = _rolled(returns, window)[:2]
    deviation = np.sqrt(np.divide(squares, window - ddof))
    return (mean - risk_free) / deviation * math.sqrt(annual_factor)


@equity.quiet
def rolling_sortino(
    returns: np.ndarray, window: int, annual_factor: float = 1.0, required: float = 0.0
) -> np.ndarray:
    """`equity_statistics.sortino_ratio` of the last `window` returns."""
    mean, _, short = _rolled(returns, window, required=required)[:3]
    return (mean - required) / np.sqrt(short / window) * math.sqrt(annual_factor)


@equity.quiet
def rolling_beta(returns: np.ndarray, benchmark: np.ndarray, window: int) -> np.ndarray:
    """`equity_statistics.beta` of the last `window` returns."""
    return _rolled(returns, window, benchmark)[3]


@equity.quiet
def rolling_alpha(
    returns: np.ndarray,
    benchmark: np.ndarray,
    window: int,
    annual_factor: float = 1.0,
    risk_free: float = 0.0,
    compounded: bool = True,
) -> np.ndarray:
    """`equity_statistics.alpha` of the last `window` returns."""
    mean, _, _, slope, centre = _rolled(returns, window, benchmark)
    excess = (mean - risk_free) - slope * (centre - risk_free)
    if compounded:
        return np.power(1.0 + excess, annual_factor) - 1.0
    return excess * annual_factor

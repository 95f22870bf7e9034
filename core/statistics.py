"""Everything there is to say of an account, by name and in the order to print it.

`from_rows` is for sweeps: all statistics that running rows hold, an array over the columns for
each name. `from_account` is for one account whose equity is stored: the same as numbers, and what
needs the returns themselves. The formulas are those of the functions of the same name, or of the
name in the tables below, in `equity_statistics`, `benchmark_statistics` and `series_statistics`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from . import benchmark_statistics as market
from . import equity_statistics as equity
from . import running, trade_statistics
from . import series_statistics as series


class Statistics(dict[str, float]):
    """Numbers by name; `groups` are the headings and their names, which `str` prints."""

    def __init__(self, groups: Mapping[str, Mapping[str, float]]) -> None:
        super().__init__()
        self.groups: dict[str, tuple[str, ...]] = {}
        for heading, numbers in groups.items():
            # Of a name that comes twice the first stays.
            fresh = {name: value for name, value in numbers.items() if name not in self}
            self.update(fresh)
            self.groups[heading] = tuple(fresh)

    def __str__(self) -> str:
        width = max((len(name) for name in self), default=0)
        lines = []
        for heading, names in self.groups.items():
            lines += ["", heading] if lines else [heading]
            lines += [f"  {name:<{width}}  {_text(self[name]):>14}" for name in names]
        return "\n".join(lines)


def _text(value: float) -> str:
    if isinstance(value, int) or (float(value).is_integer() and abs(value) < 1e15):
        return f"{value:.0f}"
    return f"{value:.6g}"


@equity.quiet
def from_rows(
    rows: np.ndarray,
    annual_factor: float,
    risk_free: float = 0.0,
    year_days: float = equity.YEAR_DAYS,
) -> dict[str, dict[str, np.ndarray]]:
    """Statistics of running rows: heading, name, float64[N].

    annual_factor: bars per year. risk_free: rate per year, compounding; the Sortino ratio and its
    kind take it from the rows instead (`required`). Against a benchmark: only if the rows have
    seen one.
    """
    f, per_bar = annual_factor, equity.per_bar(risk_free, annual_factor)
    whole = np.expm1(np.log1p(risk_free) * rows[:, running.ROWS] / f)
    out = {
        "Returns": {
            "bars": rows[:, running.ROWS].copy(),
            "years": equity.years(rows, year_days),
            "cumulative_return": equity.cumulative_return(rows),
            "annual_return": equity.annual_return(rows, f),
            "calendar_annual_return": equity.calendar_annual_return(rows, year_days),
            "mean_return": equity.mean_return(rows),
            "expected_return": equity.expected_return(rows),
            "mean_log_return": equity.mean_log_return(rows),
            "stability": equity.stability(rows),
        },
        "Risk": {
            "volatility": equity.volatility(rows, f),
            "downside_deviation": equity.downside_deviation(rows, f),
            "skewness": equity.skewness(rows),
            "kurtosis": equity.kurtosis(rows),
            "autocorrelation": equity.autocorrelation(rows),
            "normal_value_at_risk": equity.normal_value_at_risk(rows),
            "normal_expected_shortfall": equity.normal_expected_shortfall(rows),
        },
        "Ratios": {
            "sharpe_ratio": equity.sharpe_ratio(rows, f, per_bar),
            "smart_sharpe_ratio": equity.smart_sharpe_ratio(rows, f, per_bar),
            "probabilistic_sharpe_ratio": equity.probabilistic_sharpe_ratio(rows, 0.0, per_bar),
            "minimum_track_record_length": equity.minimum_track_record_length(
                rows, risk_free=per_bar
            ),
            "sortino_ratio": equity.sortino_ratio(rows, f),
            "smart_sortino_ratio": equity.smart_sortino_ratio(rows, f),
            "adjusted_sortino_ratio": equity.adjusted_sortino_ratio(rows, f),
            "omega_ratio": equity.omega_ratio(rows),
            "gain_to_pain_ratio": equity.gain_to_pain_ratio(rows),
            "calmar_ratio": equity.calmar_ratio(rows, f),
            "recovery_factor": equity.recovery_factor(rows),
            "ulcer_performance_index": equity.ulcer_performance_index(
                rows, risk_free, annual_factor=f
            ),
            "serenity_index": equity.serenity_index(rows, whole),
            "risk_return_ratio": equity.risk_return_ratio(rows),
        },
        "Drawdowns": {
            "max_drawdown_from_start": equity.max_drawdown(rows),
            "max_drawdown_amount": equity.max_drawdown_amount(rows),
            "average_drawdown": equity.average_drawdown(rows),
            "drawdowns": equity.drawdown_count(rows),
            "longest_drawdown_bars": equity.longest_drawdown_bars(rows),
            "average_drawdown_bars": equity.average_drawdown_bars(rows),
            "longest_drawdown_days": equity.longest_drawdown_days(rows),
            "under_water": equity.under_water(rows),
            "pain_index": equity.pain_index(rows),
            "ulcer_index": equity.ulcer_index(rows),
        },
        "Bars": {
            "best_bar": equity.best(rows),
            "worst_bar": equity.worst(rows),
            "average_bar": equity.average_return(rows),
            "average_bar_won": equity.average_win(rows),
            "average_bar_lost": equity.average_loss(rows),
            "bar_win_rate": equity.win_rate(rows),
            "bar_payoff_ratio": equity.payoff_ratio(rows),
            "bar_profit_factor": equity.profit_factor(rows),
            "cpc_index": equity.cpc_index(rows),
            "kelly_criterion": equity.kelly_criterion(rows),
            "risk_of_ruin": equity.risk_of_ruin(rows),
            "longest_win_streak": equity.longest_win_streak(rows),
            "longest_loss_streak": equity.longest_loss_streak(rows),
            "time_in_market": equity.time_in_market(rows),
            "return_in_market": equity.return_in_market(rows, f),
        },
    }
    if (rows[:, running.MARKET] > 0).any():
        out["Benchmark"] = {
            "alpha": market.alpha(rows, f, per_bar),
            "beta": market.beta(rows),
            "correlation": market.correlation(rows),
            "r_squared": market.r_squared(rows),
            "active_return": market.active_return(rows, f),
            "tracking_error": market.tracking_error(rows, f),
            "information_ratio": market.information_ratio(rows, f),
            "treynor_ratio": market.treynor_ratio(rows, risk_free, f),
            "m_squared": market.m_squared(rows, f, per_bar),
            "capture": market.capture(rows, f),
            "up_capture": market.up_capture(rows, f),
            "down_capture": market.down_capture(rows, f),
            "up_down_capture": market.up_down_capture(rows, f),
            "batting_average": market.batting_average(rows),
            "up_batting_average": market.up_batting_average(rows),
            "down_batting_average": market.down_batting_average(rows),
        }
    return out


def from_account(
    returns: np.ndarray,
    times: np.ndarray,
    annual_factor: float,
    *,
    benchmark: np.ndarray | None = None,
    risk_free: float = 0.0,
    year_days: float = equity.YEAR_DAYS,
) -> dict[str, dict[str, float]]:
    """Statistics of one account from its stored returns: heading, name, number.

    returns, benchmark: float64[T] simple returns per bar; times: int64[T] ns UTC; the rest is as
    in `from_rows`. Omega ratio and Sortino ratio count from the risk-free rate.
    """
    returns = np.asarray(returns, dtype=np.float64)
    least = equity.per_bar(risk_free, annual_factor)
    if math.isnan(least):
        least = 0.0
    rows = running.observe_returns(returns, benchmark, times, required=least, threshold=least)
    streamed = from_rows(rows, annual_factor, risk_free, year_days)
    out = {
        heading: {name: float(values[0]) for name, values in numbers.items()}
        for heading, numbers in streamed.items()
    }
    f = annual_factor
    out["Returns"] |= series.trailing_returns(returns, times)
    out["Risk"] |= {
        "value_at_risk": series.value_at_risk(returns),
        "expected_shortfall": series.expected_shortfall(returns),
        "tail_ratio": series.tail_ratio(returns),
        "outlier_win_ratio": series.outlier_win_ratio(returns),
        "outlier_loss_ratio": series.outlier_loss_ratio(returns),
    }
    out["Ratios"] |= {
        "common_sense_ratio": series.common_sense_ratio(returns),
        "variability_weighted_return": series.variability_weighted_return(returns, f),
    }
    if benchmark is not None and "Benchmark" in out:
        out["Benchmark"]["beta_fragility"] = series.beta_fragility(returns, benchmark)
    periods = {}
    for period in ("month", "quarter", "year"):
        gains = series.period_returns(returns, times, period)[1]
        periods |= _of_periods(period, gains)
    out["Periods"] = periods
    return out


def _of_periods(period: str, gains: np.ndarray) -> dict[str, float]:
    rows = running.observe_returns(gains)
    numbers = {
        f"{period}_count": rows[:, running.ROWS],
        f"best_{period}": equity.best(rows),
        f"worst_{period}": equity.worst(rows),
        f"expected_{period}": equity.expected_return(rows),
        f"average_{period}_won": equity.average_win(rows),
        f"average_{period}_lost": equity.average_loss(rows),
        f"{period}_win_rate": equity.win_rate(rows),
        f"longest_{period}_win_streak": equity.longest_win_streak(rows),
        f"longest_{period}_loss_streak": equity.longest_loss_streak(rows),
        f"{period}_gain_to_pain_ratio": equity.gain_to_pain_ratio(rows),
    }
    return {name: float(values[0]) for name, values in numbers.items()}


def from_trades(trades: np.ndarray) -> dict[str, dict[str, float]]:
    """Statistics of the closed trades of `TRADE[·]`: heading, name, number; all, longs, shorts.

    Profits are after commission, excursions as parts of the entry's value; streaks follow the
    exits. What is still open is counted, with its profit at the last close.
    """
    done = trades[~trades["open"]]
    waiting = trades[trades["open"]]
    net = done["pnl"] - done["commission"]
    more: dict[str, np.ndarray | None] = {
        "gross": done["pnl"],
        "returns": done["return"],
        "bars": done["holding_bars"],
        "entry": done["entry_time"],
        "exit": done["entry_time"] + np.maximum(done["holding_ns"], 0),
        "mae": done["mae_return"],
        "mfe": done["mfe_return"],
    }
    sides = trade_statistics.by_side(net, done["size"], ddof=1, **more)
    out = {}
    for heading, prefix, side in (
        ("Trades", "trade", "all"),
        ("Long trades", "long", "long"),
        ("Short trades", "short", "short"),
    ):
        out[heading] = {f"{prefix}_{name}": value for name, value in sides[side].items()}
    out["Trades"]["open_trades"] = len(waiting)
    out["Trades"]["open_profit"] = float(waiting["unrealised"].sum())
    return out


def exposure(trades: np.ndarray, bars: int) -> float:
    """Share of `bars` after which a position is open, from `TRADE[·]`; NaN without bars."""
    if not bars:
        return math.nan
    change = np.zeros(bars + 1)
    known = trades[trades["open"] | (trades["exit_bar"] >= 0)]
    np.add.at(change, np.clip(known["entry_bar"], 0, bars), 1.0)
    ends = np.where(known["open"], bars, known["exit_bar"])
    np.add.at(change, np.clip(ends, 0, bars), -1.0)
    return float((np.cumsum(change)[:-1] > 0).mean())


@equity.quiet
def turnover(
    fills: np.ndarray,
    values: np.ndarray,
    multiplier: np.ndarray | None = None,
    inverse: np.ndarray | None = None,
) -> float:
    """Mean over the bars of what was bought and sold, over the account's value after the bar.

    fills: `FILL[·]`; values: equity, float64[T]; multiplier: float64[N] and inverse: bool[N] of
    the assets, by default 1 and False. Both sides of a round trip count. NaN without bars.
    """
    if not len(values):
        return math.nan
    price = fills["price"]
    if inverse is not None:
        price = np.where(inverse[fills["asset"]], 1.0 / price, price)
    traded = np.abs(fills["size"] * price)
    if multiplier is not None:
        traded = traded * multiplier[fills["asset"]]
    by_bar = np.bincount(fills["bar"], weights=traded, minlength=len(values))
    return float((by_bar / values).mean())

"""Statistics of core against what Backtrader's analyzers and VectorBT's accessors say.

Relative 1e-10; the conventions of the frameworks are parameters here, named at each number.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fillproof.core import benchmark_statistics as market
from fillproof.core import equity_statistics as equity
from fillproof.core import running
from fillproof.core import series_statistics as series
from fillproof.core import trade_statistics as trade

sys.path.insert(0, str(Path(__file__).parent))
from references import reference

pytestmark = pytest.mark.parity

SCRIPT = Path(__file__).with_name("statistics_of_references.py")
F = 252
N = 700
CASH = 10_000.0


def _same(ours, theirs) -> None:
    np.testing.assert_allclose(np.ravel(ours), np.ravel(theirs), rtol=1e-10, atol=1e-14)


@cache
def _inputs():
    rng = np.random.default_rng(4)
    b = rng.normal(0.0004, 0.01, N)
    x = 0.7 * b + rng.standard_t(4, N) * 0.005
    index = pd.bdate_range("2018-02-05", periods=N)
    closes = 50.0 * np.cumprod(1.0 + rng.normal(0.0005, 0.02, N))
    return x, b, index, closes


def _request(**more) -> dict:
    _, _, index, closes = _inputs()
    dates = [str(day) for day in index]
    return {"dates": dates, "closes": closes.tolist()} | more


def _of_rows(rows) -> dict:
    return {
        "total": equity.cumulative_return(rows),
        "annualized": equity.annual_return(rows, F),
        "annualized_volatility": equity.volatility(rows, F),
        "sharpe_ratio": equity.sharpe_ratio(rows, F),
        "sortino_ratio": equity.sortino_ratio(rows, F),
        "downside_risk": equity.downside_deviation(rows, F),
        "omega_ratio": equity.omega_ratio(rows),
        "information_ratio": market.information_ratio(rows),
        "beta": market.beta(rows),
        "alpha": market.alpha(rows, F),
        "capture": market.capture(rows, F),
        "up_capture": market.up_capture(rows, F),
        "down_capture": market.down_capture(rows, F),
    }


def test_vectorbt():
    x, b, _, _ = _inputs()
    rows = running.observe_returns(x, b)
    ours = _of_rows(rows)
    # Its peak begins with the first bar's value: one bar later than ours.
    later = running.observe_returns(x[1:])
    fall = equity.max_drawdown(later)
    ours |= {
        "max_drawdown": fall,
        "calmar_ratio": equity.annual_return(rows, F) / np.abs(fall),
        "tail_ratio": series.tail_ratio(x),
        # Not the profit factor, but one more than the annual return.
        "common_sense_ratio": series.tail_ratio(x) * (1.0 + equity.annual_return(rows, F)),
        "value_at_risk": series.value_at_risk(x),
        "cond_value_at_risk": series.expected_shortfall(x, by_rank=True),
    }
    request = _request(returns=x.tolist(), benchmark=b.tolist(), names=list(ours))
    theirs = reference("vectorbt", SCRIPT, request)
    for name, value in ours.items():
        _same(value, theirs[name])
    _same(equity.sharpe_ratio(rows, F, 0.0001), theirs["sharpe_ratio risk_free"])
    _same(market.alpha(rows, F, 0.0001), theirs["alpha risk_free"])
    required = running.observe_returns(x, required=0.0001)
    _same(equity.sortino_ratio(required, F), theirs["sortino_ratio required"])
    threshold = 0.0001 + equity.per_bar(0.05, F)
    both = running.observe_returns(x, threshold=threshold)
    _same(equity.omega_ratio(both), theirs["omega_ratio both"])
    # The columns are the trials, as by default here.
    columns = running.observe_returns(np.column_stack([x, b, 0.5 * b - x]))
    _same(equity.deflated_sharpe_ratio(columns, bias=True), theirs["deflated"])
    for name, value in (
        ("rolling_sharpe", series.rolling_sharpe(x, 20, F)),
        ("rolling_volatility", series.rolling_volatility(x, 20, F)),
    ):
        _same(value[19:], theirs[name][19:])
    table = trade.trade_statistics(np.array(theirs["trades"].pop("net")))
    assert table["count"] > 50
    for name, value in theirs["trades"].items():
        _same(table[name], value)


@cache
def _backtrader() -> dict:
    return reference("backtrader", SCRIPT, _request(cash=CASH))


def test_backtrader_of_equity():
    theirs = _backtrader()
    value = np.array(theirs["values"])
    x = np.diff(value, prepend=CASH) / np.r_[CASH, value[:-1]]
    times = _inputs()[2].to_numpy()
    rows = running.observe_returns(x, times=times)
    # Its deviation is the population's by default, its risk-free rate annual.
    rate = equity.per_bar(0.03, F)
    _same(equity.sharpe_ratio(rows, F, rate, ddof=0), theirs["sharpe"]["sharperatio"])
    _same(equity.sharpe_ratio(rows, F), theirs["sharpe1"]["sharperatio"])
    returns = theirs["returns"]
    _same(rows[:, running.LOG], returns["rtot"])
    _same(equity.mean_log_return(rows), returns["ravg"])
    _same(equity.annual_return(rows, F), returns["rnorm"])
    # Each bar is compared with the one before it, not with the start.
    ours = series.variability_weighted_return(x, F, from_start=False)
    _same(ours, theirs["vwr"]["vwr"])
    # Its drawdowns are positive, of percents and of money.
    _same(-equity.max_drawdown(rows) * 100, theirs["drawdown"]["max"]["drawdown"])
    _same(-equity.max_drawdown_amount(rows) * CASH, theirs["drawdown"]["max"]["moneydown"])
    months = series.period_returns(x, times, "month")[1]
    _same(months, list(theirs["months"].values()))
    _same(series.period_returns(x, times, "year")[1], list(theirs["years"].values()))
    by_month = running.observe_returns(months)
    stats = theirs["stats"]
    for name, value in (
        ("average", equity.mean_return(by_month)),
        ("stddev", equity.volatility(by_month, ddof=0)),
        ("positive", by_month[:, running.WON]),
        ("negative", by_month[:, running.LOST]),
        ("best", equity.best(by_month)),
        ("worst", equity.worst(by_month)),
    ):
        _same(value, stats[name])


def test_backtrader_of_trades():
    theirs = _backtrader()
    gross, net, bars, long = (np.array(column) for column in zip(*theirs["done"], strict=True))
    tables = trade.by_side(net, np.where(long, 1, -1), gross=gross, bars=bars, ddof=0)
    ours, said = tables["all"], theirs["trades"]
    assert ours["even"] == 0  # which it counts as won
    _same(ours["sqn"], theirs["sqn"]["sqn"])
    pairs = [
        (ours["count"], said["total"]["closed"]),
        (ours["gross_total"], said["pnl"]["gross"]["total"]),
        (ours["net_total"], said["pnl"]["net"]["total"]),
        (ours["expectancy"], said["pnl"]["net"]["average"]),
        (ours["total_bars"], said["len"]["total"]),
        (ours["average_bars"], said["len"]["average"]),
        (ours["longest_bars"], said["len"]["max"]),
        (ours["shortest_bars"], said["len"]["min"]),
    ]
    for word, name, extreme in (("won", "win", "best"), ("lost", "loss", "worst")):
        total = {"won": "profit_total", "lost": "loss_total"}[word]
        pairs += [
            (ours[word], said[word]["total"]),
            (ours[total], said[word]["pnl"]["total"]),
            (ours[f"average_{name}"], said[word]["pnl"]["average"]),
            (ours[extreme], said[word]["pnl"]["max"]),
            (ours[f"longest_{name}_streak"], said["streak"][word]["longest"]),
            (ours[f"current_{name}_streak"], said["streak"][word]["current"]),
            (ours[f"average_{name}_bars"], said["len"][word]["average"]),
            (ours[f"longest_{name}_bars"], said["len"][word]["max"]),
            (ours[f"shortest_{name}_bars"], said["len"][word]["min"]),
        ]
    for side in ("long", "short"):
        part = tables[side]
        pairs += [
            (part["count"], said[side]["total"]),
            (part["net_total"], said[side]["pnl"]["total"]),
            (part["expectancy"], said[side]["pnl"]["average"]),
            (part["won"], said[side]["won"]),
            (part["lost"], said[side]["lost"]),
            (part["profit_total"], said[side]["pnl"]["won"]["total"]),
            (part["average_loss"], said[side]["pnl"]["lost"]["average"]),
            (part["best"], said[side]["pnl"]["won"]["max"]),
            (part["average_bars"], said["len"][side]["average"]),
            (part["average_win_bars"], said["len"][side]["won"]["average"]),
        ]
    for mine, other in pairs:
        _same(mine, other)

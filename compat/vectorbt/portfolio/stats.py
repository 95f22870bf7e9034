"""`Portfolio.stats()`: VectorBT's table of statistics, its names, its order, its aggregation."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from ....core import metrics as core
from .._settings import settings as defaults
from ..axes import frequency
from ..tables import Trades
from ..unsupported import missing, refuse
from .base import Portfolio


@dataclass(frozen=True)
class _Metric:
    """A line of the table. `calculate` gets the portfolio and a function that returns the trades
    that count: portfolios without valid trades still have the other lines.
    """

    title: str
    calculate: Callable
    needs_freq: bool = False
    aggregates: bool = True
    is_duration: bool = False


def _units(pf: Portfolio, array: np.ndarray, name: str = ""):
    return pf._labels.wrap_reduced(array, name, pf._is_grouped(None))


def _percent(value):
    return value * 100


def _benchmark_return(pf: Portfolio, _):
    grouped = pf._is_grouped(None)
    gains = core.returns(pf._benchmark(grouped), pf._initial(grouped))
    return _percent(_units(pf, core.compound_return(core.return_statistics(gains))))


def _max_gross_exposure(pf: Portfolio, _):
    exposure = pf._gross_exposure(pf._is_grouped(None))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return _percent(_units(pf, np.nanmax(exposure, axis=0)))


def _duration(pf: Portfolio, value, silent: bool):
    return pf._labels.to_timedelta(value, silent) if pf._labels.freq is not None else value


METRICS: dict[str, _Metric] = {
    "start": _Metric("Start", lambda pf, t: pf._labels.index[0], aggregates=False),
    "end": _Metric("End", lambda pf, t: pf._labels.index[-1], aggregates=False),
    "period": _Metric(
        "Period", lambda pf, t: len(pf._labels.index), aggregates=False, is_duration=True
    ),
    "start_value": _Metric("Start Value", lambda pf, t: pf.get_init_cash()),
    "end_value": _Metric("End Value", lambda pf, t: pf.final_value()),
    "total_return": _Metric("Total Return [%]", lambda pf, t: _percent(pf.total_return())),
    "benchmark_return": _Metric("Benchmark Return [%]", _benchmark_return),
    "max_gross_exposure": _Metric("Max Gross Exposure [%]", _max_gross_exposure),
    "total_fees_paid": _Metric("Total Fees Paid", lambda pf, t: pf.orders.fees.sum()),
    "max_dd": _Metric("Max Drawdown [%]", lambda pf, t: -pf.drawdowns.max_drawdown() * 100),
    "max_dd_duration": _Metric(
        "Max Drawdown Duration", lambda pf, t: pf.drawdowns.duration.max(), is_duration=True
    ),
    "total_trades": _Metric("Total Trades", lambda pf, t: pf.trades.count()),
    "total_closed_trades": _Metric("Total Closed Trades", lambda pf, t: pf.trades.closed.count()),
    "total_open_trades": _Metric("Total Open Trades", lambda pf, t: pf.trades.open.count()),
    "open_trade_pnl": _Metric("Open Trade PnL", lambda pf, t: pf.trades.open.pnl.sum()),
    "win_rate": _Metric("Win Rate [%]", lambda pf, t: _percent(t().win_rate())),
    "best_trade": _Metric("Best Trade [%]", lambda pf, t: _percent(t().returns.max())),
    "worst_trade": _Metric("Worst Trade [%]", lambda pf, t: _percent(t().returns.min())),
    "avg_winning_trade": _Metric(
        "Avg Winning Trade [%]", lambda pf, t: _percent(t().winning.returns.mean())
    ),
    "avg_losing_trade": _Metric(
        "Avg Losing Trade [%]", lambda pf, t: _percent(t().losing.returns.mean())
    ),
    "avg_winning_trade_duration": _Metric(
        "Avg Winning Trade Duration", lambda pf, t: t().winning.duration.mean(), is_duration=True
    ),
    "avg_losing_trade_duration": _Metric(
        "Avg Losing Trade Duration", lambda pf, t: t().losing.duration.mean(), is_duration=True
    ),
    "profit_factor": _Metric("Profit Factor", lambda pf, t: t().profit_factor()),
    "expectancy": _Metric("Expectancy", lambda pf, t: t().expectancy()),
    "sharpe_ratio": _Metric("Sharpe Ratio", lambda pf, t: pf.sharpe_ratio(), needs_freq=True),
    "calmar_ratio": _Metric("Calmar Ratio", lambda pf, t: pf.calmar_ratio(), needs_freq=True),
    "omega_ratio": _Metric("Omega Ratio", lambda pf, t: pf.omega_ratio(), needs_freq=True),
    "sortino_ratio": _Metric("Sortino Ratio", lambda pf, t: pf.sortino_ratio(), needs_freq=True),
}


def _chosen(wanted) -> dict[str, _Metric]:
    if wanted is None or (isinstance(wanted, str) and wanted == "all"):
        return METRICS
    if isinstance(wanted, str):
        wanted = [wanted]
    if isinstance(wanted, dict) or not all(isinstance(name, str) for name in wanted):
        raise missing("Portfolio.stats(metrics=<own metrics>)", "Pass names of built-in metrics.")
    for name in wanted:
        if name not in METRICS:
            raise KeyError(f"{name!r} is not a metric; choose from {', '.join(METRICS)}")
    return {name: METRICS[name] for name in wanted}


def stats(
    pf: Portfolio,
    metrics=None,
    tags=None,
    column=None,
    group_by=None,
    agg_func=np.mean,
    silence_warnings=None,
    template_mapping=None,
    settings=None,
    filters=None,
    metric_settings=None,
):
    """Statistics of a portfolio.

    One column or group, or `column=` given: a Series of one value per metric. Several: the mean
    over them (`agg_func`), or a DataFrame with `agg_func=None`. Trade metrics other than the
    counts use closed trades, unless `settings` holds `incl_open=True`. Ratios are left out, with
    a warning, where the index has no frequency.
    """
    refuse(
        "Portfolio.stats",
        {
            "tags": None if tags == "all" else tags,
            "group_by": group_by,
            "template_mapping": template_mapping,
            "filters": filters,
            "metric_settings": metric_settings,
        },
    )
    settings = dict(settings or {})
    with_open = settings.pop("incl_open", False)

    @cache
    def trades() -> Trades:
        return pf.trades if with_open else pf.trades.closed

    if settings.pop("use_asset_returns", False):
        raise missing("Portfolio.stats(settings=dict(use_asset_returns=True))")
    for name in settings:
        raise missing(f"Portfolio.stats(settings=dict({name}=...))")
    silent = bool(silence_warnings)
    labels = pf._labels
    grouped = pf._is_grouped(None)
    one = labels.one(grouped)
    has_year = frequency(defaults["returns"]["year_freq"]) is not None

    out: dict[str, object] = {}
    aggregated = False
    for name, metric in _chosen(metrics).items():
        if metric.needs_freq and (labels.freq is None or not has_year):
            if not silent:
                warnings.warn(
                    f"{name} is left out: it needs a frequency; pass freq=... to the portfolio",
                    stacklevel=3,
                )
            continue
        value = metric.calculate(pf, trades)
        if metric.is_duration:
            value = _duration(pf, value, silent)
        if isinstance(value, pd.Series):
            if column is not None:
                value = value[column]
            elif agg_func is not None:
                value = agg_func(value)
                aggregated = True
        out[metric.title] = value
    if not out:
        return None
    if one:
        return pd.Series(out, name=labels.name(grouped))
    if column is not None:
        return pd.Series(out, name=column)
    if agg_func is None:
        return pd.DataFrame(out, index=labels.unit_labels(grouped))
    if aggregated and not silent:
        warnings.warn(
            f"the statistics of {len(labels.unit_labels(grouped))} columns are aggregated with "
            f"{agg_func.__name__}; pass column=... for one of them",
            stacklevel=3,
        )
    return pd.Series(out, name=f"agg_func_{agg_func.__name__}")

"""The built-in sets of metrics."""

from __future__ import annotations

import warnings

from . import risk
from .core import register
from .metric import (
    PNL,
    AlphaBeta,
    BenchmarkReturnsAndVolatility,
    CashFlow,
    ConstantRiskMetric,
    DailyLedgerField,
    MaxLeverage,
    NumTradingDays,
    Orders,
    PeriodLabel,
    Returns,
    ReturnsStatistic,
    SimpleLedgerField,
    StartOfPeriodLedgerField,
    Transactions,
)
from .report import ClassicRiskMetrics

_STATS = ("longs_count", "shorts_count", "long_value", "short_value", "long_exposure",
          "short_exposure")  # fmt: skip

register("none", set)


@register("default")
def default_metrics() -> set:
    """What a performance frame shows."""
    return {
        Returns(),
        ReturnsStatistic(risk.annual_volatility, "algo_volatility"),
        BenchmarkReturnsAndVolatility(),
        PNL(),
        CashFlow(),
        Orders(),
        Transactions(),
        SimpleLedgerField("positions"),
        StartOfPeriodLedgerField("portfolio.positions_exposure", "starting_exposure"),
        DailyLedgerField("portfolio.positions_exposure", "ending_exposure"),
        StartOfPeriodLedgerField("portfolio.positions_value", "starting_value"),
        DailyLedgerField("portfolio.positions_value", "ending_value"),
        StartOfPeriodLedgerField("portfolio.cash", "starting_cash"),
        DailyLedgerField("portfolio.cash", "ending_cash"),
        DailyLedgerField("portfolio.portfolio_value"),
        *(DailyLedgerField(f"position_tracker.stats.{name}") for name in _STATS),
        DailyLedgerField("account.gross_leverage"),
        DailyLedgerField("account.net_leverage"),
        AlphaBeta(),
        ReturnsStatistic(risk.sharpe_ratio, "sharpe"),
        ReturnsStatistic(risk.sortino_ratio, "sortino"),
        ReturnsStatistic(risk.max_drawdown),
        MaxLeverage(),
        ConstantRiskMetric("excess_return", 0.0),
        ConstantRiskMetric("treasury_period_return", 0.0),
        NumTradingDays(),
        PeriodLabel(),
    }


@register("classic")
def classic_metrics() -> set:
    """The default ones, and at the end a report by one, three, six and twelve months."""
    warnings.warn(
        "The metrics set 'classic' is deprecated: use 'default' and compute the report from its "
        "returns.",
        DeprecationWarning,
        stacklevel=2,
    )
    return default_metrics() | {ClassicRiskMetrics()}

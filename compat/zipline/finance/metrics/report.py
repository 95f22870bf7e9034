"""The report by months of the metrics set `classic`."""

from __future__ import annotations

import numpy as np

from . import risk


class ClassicRiskMetrics:
    """Statistics of every one, three, six and twelve months, in the packet at the end."""

    def start_of_simulation(
        self, ledger, emission_rate, trading_calendar, sessions, benchmark_source
    ) -> None:
        self._leverages = np.full(len(sessions), np.nan)

    def end_of_session(self, packet, ledger, session, session_ix, data_portal) -> None:
        self._leverages[session_ix] = ledger.account.leverage

    def end_of_simulation(
        self, packet, ledger, trading_calendar, sessions, data_portal, benchmark_source
    ) -> None:
        import pandas as pd

        packet |= risk_report(
            ledger.daily_returns_series,
            benchmark_source.daily_returns(sessions[0], sessions[-1]),
            pd.Series(self._leverages, index=sessions),
        )


def risk_report(returns, benchmark, leverages) -> dict[str, list[dict]]:
    """Statistics of the periods that begin with each month; Series over the run's sessions."""
    import pandas as pd

    first, last = returns.index[0], returns.index[-1]
    limit = last.replace(day=1) + pd.DateOffset(months=1)
    # Months that have ended by the last day of the last session's month.
    months = pd.period_range(first.to_period("M"), last.to_period("M"), freq="M")
    out = {}
    for name, length in (("one_month", 1), ("three_month", 3), ("six_month", 6),
                         ("twelve_month", 12)):  # fmt: skip
        rows = []
        for month in months if len(months) >= length else ():
            end = (month + length - 1).end_time
            if end > limit:
                break
            span = slice(month.start_time, min(end, last))
            rows.append(_statistics(returns[span], benchmark[span], leverages[span], span.stop))
        out[name] = rows
    return out


def _statistics(returns, benchmark, leverages, end) -> dict:
    own, other = returns.to_numpy(), benchmark.to_numpy()
    total = np.cumprod(1.0 + own)[-1] - 1.0
    alpha, beta = risk.alpha_beta(own, other)
    sharpe = risk.sharpe_ratio(own)
    figures = {
        "algorithm_period_return": total,
        "benchmark_period_return": np.cumprod(1.0 + other)[-1] - 1.0,
        "treasury_period_return": 0,
        "excess_return": total,
        "alpha": alpha,
        "beta": beta,
        "sharpe": 0.0 if np.isnan(sharpe) else sharpe,
        "sortino": risk.sortino_ratio(own),
        "trading_days": len(other),
        "algo_volatility": risk.annual_volatility(own),
        "benchmark_volatility": risk.annual_volatility(other),
        "max_drawdown": risk.max_drawdown(own),
        "max_leverage": leverages.max(),
    }
    shown = {name: value if np.isfinite(value) else None for name, value in figures.items()}
    return shown | {"period_label": end.strftime("%Y-%m")}

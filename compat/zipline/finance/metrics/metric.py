"""Metrics: objects that a run calls as it goes, and that write into its packets.

All hooks are optional: `start_of_simulation(ledger, emission_rate, trading_calendar, sessions,
benchmark_source)`, `start_of_session(ledger, session, data_portal)`, `end_of_bar(packet, ledger,
dt, session_ix, data_portal)`, `end_of_session(packet, ledger, session, session_ix, data_portal)`
and `end_of_simulation(packet, ledger, trading_calendar, sessions, data_portal, benchmark_source)`.
A packet holds dictionaries: `minute_perf` or `daily_perf`, of the bar or the session, and
`cumulative_perf` and `cumulative_risk_metrics`, since the start.
"""

from __future__ import annotations

from operator import attrgetter

import numpy as np

from .risk import alpha_beta, volatility_in_minutes

__all__ = [
    "PNL",
    "AlphaBeta",
    "BenchmarkReturnsAndVolatility",
    "CashFlow",
    "DailyLedgerField",
    "MaxLeverage",
    "NumTradingDays",
    "Orders",
    "PeriodLabel",
    "Positions",
    "Returns",
    "ReturnsStatistic",
    "SimpleLedgerField",
    "StartOfPeriodLedgerField",
    "Transactions",
]

_ROOT = np.sqrt(252)


class _Periodic:
    """A metric that does the same for a bar as for a session."""

    def end_of_bar(self, packet, ledger, dt, session_ix, data_portal) -> None:
        self._end(packet, packet["minute_perf"], ledger, dt, session_ix)

    def end_of_session(self, packet, ledger, session, session_ix, data_portal) -> None:
        self._end(packet, packet["daily_perf"], ledger, None, session_ix)

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        """perf: of the period. dt: the time of the bar, None at the end of a session."""
        raise NotImplementedError


class _LedgerField(_Periodic):
    """A field of the ledger, by its dotted name, under the last part of it or another name."""

    def __init__(self, ledger_field, packet_field=None) -> None:
        self._read = attrgetter(ledger_field)
        self._name = packet_field or ledger_field.rpartition(".")[2]


class SimpleLedgerField(_LedgerField):
    """A field of the ledger at the end of each period."""

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        perf[self._name] = self._read(ledger)


class DailyLedgerField(_LedgerField):
    """A field of the ledger at the end of each period, in the cumulative numbers too."""

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        packet["cumulative_perf"][self._name] = perf[self._name] = self._read(ledger)


class StartOfPeriodLedgerField(_LedgerField):
    """A field of the ledger when the session began; in the cumulative numbers, when the run did."""

    def start_of_simulation(self, ledger, *args) -> None:
        self._first = self._read(ledger)

    def start_of_session(self, ledger, session, data_portal) -> None:
        self._at_open = self._read(ledger)

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        packet["cumulative_perf"][self._name] = self._first
        perf[self._name] = self._at_open


class Returns(_Periodic):
    """The session's return, and the total one."""

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        perf["returns"] = ledger.todays_returns
        total = ledger.portfolio.returns
        packet["cumulative_perf"]["returns"] = total
        packet["cumulative_risk_metrics"]["algorithm_period_return"] = total


class BenchmarkReturnsAndVolatility(_Periodic):
    """The benchmark's total return and its volatility so far."""

    def start_of_simulation(
        self, ledger, emission_rate, trading_calendar, sessions, benchmark_source
    ) -> None:
        daily = benchmark_source.daily_returns(sessions[0], sessions[-1])
        self._returns = np.cumprod(1 + daily.to_numpy()) - 1
        self._volatility = (daily.expanding(2).std(ddof=1) * _ROOT).to_numpy()
        if emission_rate == "minute":
            first = trading_calendar.session_first_minute(sessions[0])
            minutes = benchmark_source.get_range(
                first, trading_calendar.session_close(sessions[-1])
            )
            self._minute_returns = (1 + minutes).cumprod() - 1
            self._minute_volatility = volatility_in_minutes(minutes, daily.to_numpy())

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        if dt is None:
            total, volatility = self._returns[session_ix], self._volatility[session_ix]
        else:
            total, volatility = self._minute_returns[dt], self._minute_volatility[dt]
        risk = packet["cumulative_risk_metrics"]
        risk["benchmark_period_return"] = None if np.isnan(total) else total
        risk["benchmark_volatility"] = None if np.isnan(volatility) else volatility


class PNL(_Periodic):
    """Profit and loss of the session, and since the start."""

    def start_of_simulation(self, *args) -> None:
        self._at_open = 0.0

    def start_of_session(self, ledger, session, data_portal) -> None:
        self._at_open = ledger.portfolio.pnl

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        pnl = ledger.portfolio.pnl
        perf["pnl"] = pnl - self._at_open
        packet["cumulative_perf"]["pnl"] = pnl


class CashFlow(_Periodic):
    """What moved cash in the session, and since the start."""

    def start_of_simulation(self, *args) -> None:
        self._before = 0.0

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        flow = ledger.portfolio.cash_flow
        perf["capital_used"] = flow - self._before
        packet["cumulative_perf"]["capital_used"] = flow
        if dt is None:
            self._before = flow


class Orders(_Periodic):
    """The orders that changed in the period."""

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        perf["orders"] = ledger.orders(dt)


class Transactions(_Periodic):
    """What traded in the period."""

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        perf["transactions"] = ledger.transactions(dt)


class Positions(_Periodic):
    """The positions at the end of each period."""

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        perf["positions"] = ledger.positions


class ReturnsStatistic(_Periodic):
    """A function of the daily returns so far, None where its result is not finite."""

    def __init__(self, function, field_name=None) -> None:
        self._function = function
        self._name = field_name or function.__name__

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        value = self._function(ledger.daily_returns_array[: session_ix + 1])
        packet["cumulative_risk_metrics"][self._name] = value if np.isfinite(value) else None


class AlphaBeta(_Periodic):
    """Alpha and beta against the benchmark so far."""

    def start_of_simulation(
        self, ledger, emission_rate, trading_calendar, sessions, benchmark_source
    ) -> None:
        self._benchmark = benchmark_source.daily_returns(sessions[0], sessions[-1]).to_numpy()

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        alpha, beta = alpha_beta(
            ledger.daily_returns_array[: session_ix + 1], self._benchmark[: session_ix + 1]
        )
        risk = packet["cumulative_risk_metrics"]
        risk["alpha"] = alpha if np.isfinite(alpha) else None
        risk["beta"] = None if np.isnan(beta) else beta


class MaxLeverage(_Periodic):
    """The highest leverage at the end of a period so far."""

    def start_of_simulation(self, *args) -> None:
        self._highest = 0.0

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        self._highest = max(self._highest, ledger.account.leverage)
        packet["cumulative_risk_metrics"]["max_leverage"] = self._highest


class NumTradingDays(_Periodic):
    """The number of sessions so far."""

    def start_of_simulation(self, *args) -> None:
        self._count = 0

    def start_of_session(self, *args) -> None:
        self._count += 1

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        packet["cumulative_risk_metrics"]["trading_days"] = self._count


class ConstantRiskMetric(_Periodic):
    """A number that never changes."""

    def __init__(self, field, value) -> None:
        self._name, self._value = field, value

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        packet["cumulative_risk_metrics"][self._name] = self._value


class PeriodLabel(_Periodic):
    """Year and month of the session."""

    def start_of_session(self, ledger, session, data_portal) -> None:
        self._label = session.strftime("%Y-%m")

    def _end(self, packet, perf, ledger, dt, session_ix) -> None:
        packet["cumulative_risk_metrics"]["period_label"] = self._label

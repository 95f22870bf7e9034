"""What calls the metrics of a run, and what gathers their packets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...sources.benchmark_source import BenchmarkSource
from ..ledger import Ledger

if TYPE_CHECKING:
    from ...algorithm import Algorithm
    from ...trading import Trading

__all__ = ["MetricsTracker"]

_HOOKS = (
    "start_of_simulation",
    "end_of_simulation",
    "start_of_session",
    "end_of_session",
    "end_of_bar",
)


class MetricsTracker:
    """Takes the place of `Recorder` where the metrics are not the default ones, or packets count.

    packets: those of bars and sessions that ended and were not yet taken.
    """

    #: See `Recorder`.
    always_begins = True

    def __init__(self, algorithm: Algorithm, trading: Trading, metrics: Any) -> None:
        self._algorithm = algorithm
        self._trading = trading
        self._ledger = Ledger(algorithm, trading)
        parameters = algorithm.parameters
        self.emission_rate = parameters.emission_rate
        self._sessions = parameters.sessions
        self._ended = 0
        self._benchmark: Any = None
        self._rows: list[dict] = []
        self.packets: list[dict] = []
        self._hooks: dict[str, list] = {
            hook: [getattr(metric, hook) for metric in metrics if hasattr(metric, hook)]
            for hook in _HOOKS
        }

    def _call(self, hook: str, *arguments) -> None:
        for metric in self._hooks[hook]:
            metric(*arguments)

    # What scripts may ask for

    @property
    def portfolio(self):
        return self._algorithm.portfolio

    @property
    def account(self):
        return self._algorithm.account

    @property
    def positions(self) -> dict:
        return self._ledger.position_tracker.positions

    def update_position(self, asset, amount=None, last_sale_price=None, last_sale_date=None,
                        cost_basis=None) -> None:  # fmt: skip
        """Correct a position: see `PositionTracker`."""
        self._ledger.position_tracker.update_position(
            asset, amount, last_sale_price, last_sale_date, cost_basis
        )

    def override_account_fields(self, **kwargs) -> None:
        """Show these values in the account in place of the computed ones."""
        self._ledger.override_account_fields(**kwargs)

    # What the run calls

    def start(self, benchmark: np.ndarray) -> None:
        """Before the first session. benchmark: daily returns, float64[T]."""
        algorithm = self._algorithm
        self._benchmark = BenchmarkSource.of_run(algorithm, benchmark)
        self._call(
            "start_of_simulation",
            self._ledger,
            self.emission_rate,
            algorithm.market.calendar,
            self._sessions,
            self._benchmark,
        )

    def begin(self) -> None:
        """A session begins, its dividends are paid, its splits are not yet made."""
        session = self._sessions[self._ended].tz_localize("UTC")
        self._call("start_of_session", self._ledger, session, self._algorithm.context.data_portal)

    def bar(self, recorded: dict) -> None:
        """A bar ends, the last but for the end of its session."""
        now = self._algorithm.now
        self._ledger.note_return(self._ended)
        packet = self._packet("minute_perf", now, 1.0)
        self._call("end_of_bar", packet, self._ledger, now, self._ended,
                   self._algorithm.context.data_portal)  # fmt: skip
        packet["minute_perf"]["recorded_vars"] = recorded.copy()
        self.packets.append(packet)

    def session(self, bar: int, recorded: dict) -> None:
        """A session ends with a bar."""
        self._algorithm.ledger.sync()
        number = self._ended
        label = self._sessions[number].tz_localize("UTC")
        ended = number + 1
        progress = 1.0 if self.emission_rate == "minute" else ended / len(self._sessions)
        self._ledger.note_return(number)
        packet = self._packet("daily_perf", self._algorithm.parameters.closes[number], progress)
        self._call("end_of_session", packet, self._ledger, label, number,
                   self._algorithm.context.data_portal)  # fmt: skip
        packet["daily_perf"]["recorded_vars"] = recorded.copy()
        self.packets.append(packet)
        self._ended = ended
        self._ledger.close_session()

    def _packet(self, perf: str, now, progress: float) -> dict:
        parameters = self._algorithm.parameters
        first, last = parameters.start_session, parameters.end_session
        return {
            "period_start": first,
            "period_end": last,
            "capital_base": parameters.capital_base,
            perf: {"period_open": parameters.opens[self._ended], "period_close": now},
            "cumulative_perf": {"period_open": first, "period_close": last},
            "progress": progress,
            "cumulative_risk_metrics": {},
        }

    def finish(self) -> None:
        """After the last session."""
        packet: dict = {}
        self._call(
            "end_of_simulation",
            packet,
            self._ledger,
            self._algorithm.market.calendar,
            self._sessions,
            self._algorithm.context.data_portal,
            self._benchmark,
        )
        self.packets.append(packet)


def frame_of(packets: list[dict]):
    """The performance frame, and the last packet without a session: the report at the end."""
    import pandas as pd

    rows, report = [], None
    for packet in packets:
        if "daily_perf" in packet:
            row = dict(packet["daily_perf"])
            recorded = row.pop("recorded_vars")
            rows.append(row | recorded | packet["cumulative_risk_metrics"])
        else:
            report = packet
    closes = pd.DatetimeIndex([row["period_close"] for row in rows])
    return pd.DataFrame(rows, index=closes), report

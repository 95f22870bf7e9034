"""`context` of the callbacks: the account, the script's own attributes, the API as methods."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from .unsupported import missing

if TYPE_CHECKING:
    from .algorithm import Algorithm


@dataclass(frozen=True)
class SimulationParameters:
    """Of one run: its first and last session, capital in dollars, its sessions and their times.

    sessions: labels without a zone. opens, closes, mornings: first minute, close and
    08:45 in New York, UTC.
    """

    start_session: object
    end_session: object
    capital_base: float
    trading_calendar: object
    sessions: object
    first_open: object
    last_close: object
    opens: list = field(repr=False)
    closes: list = field(repr=False)
    mornings: list = field(repr=False)
    data_frequency: str = "daily"
    emission_rate: str = "daily"
    arena: str = "backtest"


#: Attributes of the real framework's object that have no counterpart here.
_ABSENT = frozenset(
    (
        "blotter", "data_portal", "engine", "event_manager", "metrics_tracker", "trading_client",
        "capital_changes", "capital_change_deltas", "asset_finder", "namespace", "logger",
        "restrictions", "trading_controls", "account_controls", "benchmark_returns",
    )
)  # fmt: skip


class TradingAlgorithm:
    """What a script receives as `context`. Attributes set on it stay between callbacks."""

    def __init__(self, algorithm: Algorithm) -> None:
        self._algorithm = algorithm

    def __repr__(self) -> str:
        return f"TradingAlgorithm({self.sim_params!r})"

    @property
    def portfolio(self):
        """Cash and positions at this bar's prices."""
        return self._algorithm.portfolio

    @property
    def account(self):
        """The account in a broker's terms, at this bar's prices."""
        return self._algorithm.account

    @property
    def recorded_vars(self) -> dict:
        """A copy of what `record` has stored."""
        return dict(self._algorithm.recorded)

    @property
    def sim_params(self) -> SimulationParameters:
        return self._algorithm.parameters

    @property
    def trading_calendar(self):
        return self._algorithm.market.calendar

    @property
    def datetime(self):
        return self._algorithm.now

    @property
    def data_frequency(self) -> str:
        return "daily"

    @property
    def initialized(self) -> bool:
        return self._algorithm.initialized

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        from . import api

        if name in api.FUNCTIONS:
            return partial(getattr(api, name))
        if name in _ABSENT:
            raise missing(f"context.{name}")
        raise AttributeError(f"context has no attribute {name!r}: set it in initialize.")

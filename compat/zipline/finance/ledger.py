"""The account as metrics see it."""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

import numpy as np

from ..protocol import OverriddenAccount
from ..unsupported import missing
from .position import Position

if TYPE_CHECKING:
    from ..algorithm import Algorithm
    from ..trading import Trading

__all__ = ["Ledger", "PeriodStats", "PositionTracker"]

PeriodStats = namedtuple("PeriodStats", "net_liquidation gross_leverage net_leverage")

#: Values, exposures and counts of all positions, in dollars; short ones are negative.
PositionStats = namedtuple(
    "PositionStats",
    "gross_exposure gross_value long_exposure long_value net_exposure net_value short_exposure "
    "short_value longs_count shorts_count position_exposure_array position_exposure_series",
)

_ACCOUNT_FIELDS = frozenset(
    (
        "settled_cash", "accrued_interest", "buying_power", "equity_with_loan",
        "total_positions_value", "total_positions_exposure", "regt_equity", "regt_margin",
        "initial_margin_requirement", "maintenance_margin_requirement", "available_funds",
        "excess_liquidity", "cushion", "day_trades_remaining", "leverage", "net_leverage",
        "net_liquidation",
    )
)  # fmt: skip


class PositionTracker:
    """The positions of a run."""

    def __init__(self, algorithm: Algorithm) -> None:
        self._algorithm = algorithm
        self._ledger = algorithm.ledger

    @property
    def positions(self) -> dict[Any, Position]:
        """Positions by asset, as they are now."""
        ledger, assets = self._ledger, self._algorithm.market.assets
        ledger.sync()
        return {
            assets[number]: Position(
                assets[number],
                held.amount,
                held.cost_basis,
                held.last_sale_price,
                held.last_sale_date,
            )
            for number, held in ledger.held.items()
        }

    def get_positions(self):
        """Positions as `context.portfolio.positions` shows them."""
        return self._ledger.positions

    def get_position_list(self) -> list[dict]:
        """Positions as the performance frame shows them."""
        return [held.to_dict() for held in self.positions.values() if held.amount != 0]

    def update_position(
        self, asset, amount=None, last_sale_price=None, last_sale_date=None, cost_basis=None
    ) -> None:
        """Correct a position; no cash moves. A price holds until the next bar."""
        if last_sale_price is not None or last_sale_date is not None:
            raise missing("update_position(last_sale_price=... or last_sale_date=...)")
        market = self._algorithm.market
        number = market.index[asset.sid]
        market.trade(number)
        self._ledger.correct(number, amount, cost_basis)

    @property
    def stats(self) -> PositionStats:
        """Values and exposures of all positions."""
        import pandas as pd

        ledger = self._ledger
        ledger.sync()
        exposures = ledger.exposures()
        array = np.array(list(exposures.values()), dtype=np.float64)
        assets = self._algorithm.market.assets
        long_worth, short_worth = ledger.long_worth, ledger.short_worth
        return PositionStats(
            ledger.gross_exposure,
            long_worth - short_worth,
            ledger.long,
            long_worth,
            ledger.net_exposure,
            long_worth + short_worth,
            ledger.short,
            short_worth,
            int((array > 0.0).sum()),
            int((array < 0.0).sum()),
            array,
            pd.Series(array, index=[assets[number].sid for number in exposures]),
        )


class Ledger:
    """The account of a run, as it is now; what metrics receive.

    daily_returns_series: by session, NaN for those to come; daily_returns_array: its values.
    """

    def __init__(self, algorithm: Algorithm, trading: Trading) -> None:
        import pandas as pd

        from ..algorithm import Algorithm as Run

        if not isinstance(algorithm, Run):
            raise missing("Ledger(...)", "Metrics receive the one of the run.")
        sessions = algorithm.parameters.sessions
        self.daily_returns_array = np.full(len(sessions), np.nan)
        self.daily_returns_series = pd.Series(self.daily_returns_array, index=sessions, copy=False)
        self.position_tracker = PositionTracker(algorithm)
        self._algorithm = algorithm
        self._trading = trading
        self._returns_before = 0.0

    @property
    def portfolio(self):
        return self._algorithm.portfolio

    @property
    def account(self):
        return self._algorithm.account

    @property
    def positions(self) -> list[dict]:
        """Positions as the performance frame shows them."""
        return self.position_tracker.get_position_list()

    @property
    def todays_returns(self):
        """The return since the session before."""
        return (self.portfolio.returns + 1) / (self._returns_before + 1) - 1

    def note_return(self, session: int) -> None:
        """The return of a session so far."""
        self.daily_returns_array[session] = self.todays_returns

    def close_session(self) -> None:
        """A session is over."""
        self._returns_before = self.portfolio.returns

    def orders(self, dt=None) -> list[dict]:
        """Orders that changed in the session, or at one of its times, as dictionaries."""
        changed = self._trading.lane.session_orders()
        return changed if dt is None else [one for one in changed if one["dt"] == dt]

    def transactions(self, dt=None) -> list[dict]:
        """What traded in the session, or at one of its times, as dictionaries."""
        traded = self._trading.lane.session_transactions()
        return traded if dt is None else [one for one in traded if one["dt"] == dt]

    def calculate_period_stats(self) -> PeriodStats:
        account = self._algorithm.account
        return PeriodStats(account.net_liquidation, account.gross_leverage, account.net_leverage)

    def override_account_fields(self, **fields) -> None:
        """Show these values in the account in place of the computed ones."""
        unknown = fields.keys() - _ACCOUNT_FIELDS
        if unknown:
            raise TypeError(f"override_account_fields: {', '.join(sorted(unknown))}: no field.")
        self._algorithm.ledger.overrides = fields
        self._algorithm.show_account(OverriddenAccount(self._algorithm.ledger, fields))

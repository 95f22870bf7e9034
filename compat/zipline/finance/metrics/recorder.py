"""What a run with the default metrics stores of each session: as little as there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .....core.simulation import Simulation

if TYPE_CHECKING:
    from ...ledger import Ledger
    from ...session_ends import SessionEnds
    from ...trading import Trading


class Recorder:
    """What the loop stores of each session; `performance_frame` makes a frame of it.

    recorded: by session, the script's own variables; the ledger keeps the account at its end.
    By the number of a session: opened, where something moved the account before its first bar:
    cash, pnl, the value and the exposure of positions then; leverage, where the script shows one of
    its own.
    """

    #: Whether `begin` is called for every session, or only where something moved the account.
    always_begins = False

    def __init__(self, sim: Simulation, ledger: Ledger, trading: Trading) -> None:
        self.sim = sim
        self.trading = trading
        self.opened: dict[int, tuple[float, float, float, float]] = {}
        self.leverage: dict[int, float] = {}
        self.recorded: list[dict] = []
        self._ledger = ledger

    @property
    def ends(self) -> SessionEnds:
        """The account at the ends of the sessions."""
        return self._ledger.ends

    def begin(self) -> None:
        """A session begins, its dividends are paid, its splits are not yet made."""
        ledger = self._ledger
        ledger.sync()
        opened = (self.sim.cash, ledger.pnl, ledger.worth, ledger.net_exposure)
        self.opened[len(self.recorded)] = opened

    def bar(self, recorded: dict) -> None:
        """A bar ends: nothing is stored of it."""

    def session(self, bar: int, recorded: dict) -> None:
        """A session ends with a bar."""
        ledger = self._ledger
        if "leverage" in ledger.overrides:
            self.leverage[len(self.recorded)] = ledger.overrides["leverage"]
        ledger.end_session(bar)
        self.recorded.append(recorded.copy())
        self.trading.lane.keep()

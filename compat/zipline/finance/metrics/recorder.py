"""What a run with the default metrics stores of each session: numbers only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .....core.simulation import Simulation

if TYPE_CHECKING:
    from ...ledger import Ledger
    from ...trading import Trading


class Recorder:
    """What the loop stores of each session; `performance_frame` makes a frame of it.

    By session: bars, its last bar; cash, flow, pnl and returns, the ledger's running sums at its
    end; held, the numbers of the assets held at its end, by which sizes and costs go; recorded,
    the script's own variables. By the number of a session: opened, where something moved the
    account before its first bar: cash, pnl, the value and the exposure of positions then; leverage,
    where the script shows one of its own.
    """

    #: Whether `begin` is called for every session, or only where something moved the account.
    always_begins = False

    def __init__(self, sim: Simulation, ledger: Ledger, trading: Trading) -> None:
        self.sim = sim
        self.trading = trading
        self.opened: dict[int, tuple[float, float, float, float]] = {}
        self.leverage: dict[int, float] = {}
        self.bars: list[int] = []
        self.cash: list[float] = []
        self.flow: list[float] = []
        self.pnl: list[float] = []
        self.returns: list[float] = []
        self.held: list[list[int]] = []
        self.sizes: list[np.ndarray] = []
        self.costs: list[np.ndarray] = []
        self.recorded: list[dict] = []
        self._ledger = ledger

    def begin(self) -> None:
        """A session begins, its dividends are paid, its splits are not yet made."""
        ledger = self._ledger
        ledger.sync()
        opened = (self.sim.cash, ledger.pnl, ledger.worth, ledger.net_exposure)
        self.opened[len(self.bars)] = opened

    def bar(self, recorded: dict) -> None:
        """A bar ends: nothing is stored of it."""

    def session(self, bar: int, recorded: dict) -> None:
        """A session ends with a bar."""
        sim, ledger = self.sim, self._ledger
        if "leverage" in ledger.overrides:
            self.leverage[len(self.bars)] = ledger.overrides["leverage"]
        self.bars.append(bar)
        self.cash.append(sim.cash)
        self.flow.append(sim.cash_flow)
        self.pnl.append(ledger.pnl)
        self.returns.append(ledger.returns)
        held = list(ledger.held)
        self.held.append(held)
        if held:
            positions = sim.positions
            self.sizes.append(positions["size"][held])
            self.costs.append(positions["price"][held])
        self.recorded.append(recorded.copy())
        self.trading.lane.keep()

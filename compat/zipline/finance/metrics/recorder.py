"""What a run with the default metrics stores of each session: numbers only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .....core.orders import ORDER
from .....core.simulation import Simulation

if TYPE_CHECKING:
    from ...ledger import Ledger
    from ...market import Market
    from ...orders import OrderBook


class Recorder:
    """What the loop stores of each session; `frame` makes a performance frame of it.

    By session: bars, its last bar; cash, flow, pnl and returns, the ledger's running sums at its
    end; fills_until, the fills that are booked by then; touched, the orders that changed in it,
    latest change last; held, the numbers of the assets held at its end, by which sizes and costs
    go. By the number of a session: received, dividends paid at its start; opened, the ledger's pnl
    after them; close_outs, the positions sold at its end since they are no longer listed.
    """

    def __init__(self, sim: Simulation, market: Market, ledger: Ledger) -> None:
        self.sim = sim
        self.received: dict[int, float] = {}
        self.opened: dict[int, float] = {}
        self.close_outs: dict[int, list[tuple]] = {}
        self.bars: list[int] = []
        self.cash: list[float] = []
        self.flow: list[float] = []
        self.pnl: list[float] = []
        self.returns: list[float] = []
        self.fills_until: list[int] = []
        self.touched: list[list[int]] = []
        self.changed_at: list[int] = []
        self.held: list[list[int]] = []
        self.sizes: list[np.ndarray] = []
        self.costs: list[np.ndarray] = []
        self.recorded: list[dict] = []
        self._order_rows: list[np.ndarray] = []
        self._ledger = ledger

    def begin(self, received: float) -> None:
        """A session begins: the dividends that were paid."""
        session = len(self.bars)
        self.received[session] = received
        self.opened[session] = self._ledger.pnl

    def close_out(self, number: int, amount, price: float) -> None:
        """A position of an asset that is no longer listed was sold at the session's end."""
        self.close_outs.setdefault(len(self.bars), []).append((number, amount, price))

    def session(
        self, bar: int, touched: list[int], orders: OrderBook, fills_until: int, recorded: dict
    ) -> None:
        """A session ends with a bar: orders that changed in it, the account after it."""
        sim, ledger = self.sim, self._ledger
        self.bars.append(bar)
        self.cash.append(sim.cash)
        self.flow.append(sim.cash_flow)
        self.pnl.append(ledger.pnl)
        self.returns.append(ledger.returns)
        self.fills_until.append(fills_until)
        self.touched.append(touched)
        if touched:
            # As bytes: NumPy copies rows field by field, and there are many.
            rows = sim.orders.view(np.uint8).reshape(-1, ORDER.itemsize)
            self._order_rows.append(rows.take(touched, 0))
            changed_at = orders.changed_at
            self.changed_at += [changed_at[number] for number in touched]
        held = list(ledger.held)
        self.held.append(held)
        if held:
            positions = sim.positions
            self.sizes.append(positions["size"][held])
            self.costs.append(positions["price"][held])
        self.recorded.append(recorded.copy())

    @property
    def order_rows(self) -> np.ndarray:
        """`ORDER[·]`: the touched orders, one session after the other, as they stood at its end."""
        if not self._order_rows:
            return np.zeros(0, dtype=ORDER)
        return np.concatenate(self._order_rows).view(ORDER).reshape(-1)

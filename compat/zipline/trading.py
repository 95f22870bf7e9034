"""What happens to orders and positions in one bar, whatever its length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.simulation import Simulation
from .actions import Actions
from .finance.metrics.recorder import Recorder
from .ledger import Ledger
from .orders import OrderBook

if TYPE_CHECKING:
    from .algorithm import Algorithm


class Trading:
    """The market side of a run: the simulation, and who follows what happens in it."""

    def __init__(self, algorithm: Algorithm, sim: Simulation, recorder: Recorder) -> None:
        self.sim = sim
        self.recorder = recorder
        self.actions = Actions(algorithm.market.days)
        self._ledger: Ledger = algorithm.ledger
        self._orders: OrderBook = algorithm.orders
        #: Fills that are booked.
        self.n_fills = 0

    def begin_session(self, t: int) -> None:
        """Dividends and splits of the session that begins at bar t."""
        actions = self.actions
        if t in actions.days or actions.owed:
            self.recorder.begin(actions.pay(t, self.sim, self._ledger))
            actions.split(t, self.sim, self._ledger, self._orders)

    def meet_bar(self, t: int, now) -> list[int]:
        """Open orders meet bar t; returns the numbers of those that traded."""
        sim, ledger, orders = self.sim, self._ledger, self._orders
        touched: list[int] = []
        if sim.step(t):
            fills = sim.fills
            if len(fills) > self.n_fills:
                ledger.at(now, t)
                touched = ledger.book(fills[self.n_fills :])
                self.n_fills = len(fills)
                orders.filled(touched)
        orders.follow_triggers()
        return touched

    def close_out(self, t: int, touched: list[int]) -> list[int]:
        """At the end of a session: sell what was delisted, and cancel the orders in it.

        Returns the orders touched in the bar, latest change last.
        """
        actions, ledger, orders = self.actions, self._ledger, self._orders
        if t < actions.first_close_out:
            return touched
        for number in [n for n in ledger.held if actions.closed(n, t)]:
            price = ledger.last_price(number)
            self.recorder.close_out(number, -ledger.amounts[number], price)
            self.sim.liquidate(number, price)
            ledger.drop(number)
            ledger.changed()
        for number, pending in orders.open_by_asset().items():
            if actions.closed(number, t):
                for order in pending:
                    orders.cancel_number(order)
        cancelled, orders.new = orders.new, []
        return latest_last(touched, cancelled)

    def end_session(self, t: int, touched: list[int], recorded: dict) -> None:
        """Store what bar t, the last of its session, leaves behind."""
        self.recorder.session(t, touched, self._orders, self.n_fills, recorded)


def latest_last(first: list[int], then: list[int]) -> list[int]:
    """Both lists, each number once, at its latest place."""
    if not first:
        return then
    if not then:
        return first
    late = set(then)
    if late.isdisjoint(first):
        return first + then
    return [number for number in first if number not in late] + then

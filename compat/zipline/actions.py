"""Corporate actions that move the account, by the bar of their session."""

from __future__ import annotations

from ...core.simulation import Simulation
from .ledger import Ledger
from .market import Market
from .orders import OrderBook


class Actions:
    """Corporate actions that move the account, by the bar of their session."""

    def __init__(self, market: Market) -> None:
        self._splits, self._payouts = market.events()
        self._labels = market.labels.tolist()
        self.days = self._splits.keys() | self._payouts.keys()
        #: Dividends earned and not yet paid: dollars by pay date (s since 1970).
        self.owed: dict[int, list[float]] = {}
        self._close_outs = [market.close_out(asset) for asset in market.assets]
        due = [t for t in self._close_outs if t is not None]
        self.first_close_out = min(due, default=len(self._labels))

    def closed(self, number: int, t: int) -> bool:
        """Whether the asset's positions are closed out at the end of bar t."""
        due = self._close_outs[number]
        return due is not None and due <= t

    def pay(self, t: int, sim: Simulation, ledger: Ledger) -> float:
        """Dividends of a session: those that go ex are earned, those due are paid."""
        for number, amount, pay_date in self._payouts.get(t, ()):
            if number in ledger.held:
                earned = float(ledger.amounts[number] * amount)
                self.owed.setdefault(pay_date, []).append(earned)
        paid = 0.0
        for earned in self.owed.pop(self._labels[t], ()):
            paid += earned  # one by one: `sum` corrects its rounding in newer Pythons
        if paid:
            sim.add_cash(paid)
            ledger.changed()
            ledger.sync()  # at the prices of the session before
        return paid

    def split(self, t: int, sim: Simulation, ledger: Ledger, orders: OrderBook) -> None:
        """Splits of a session: open orders and positions change, a fraction is paid in cash."""
        for number, ratio in self._splits.get(t, ()):
            sim.split(number, ratio)
            ledger.split(number)

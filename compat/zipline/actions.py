"""Corporate actions that move the account, by the session on which they fall."""

from __future__ import annotations

import math

from ...core.simulation import Simulation
from .ledger import Ledger
from .market import Market, MinuteMarket


class Actions:
    """Corporate actions that move the account, by the number of the session.

    days: sessions with any. owed: dividends earned and not yet paid, dollars by pay date (s since
    1970); owed_shares: stock dividends, (asset's number, shares).
    """

    def __init__(self, market: Market | MinuteMarket) -> None:
        self._market = market
        market = market.days
        self._splits, self._payouts, self._stock_payouts = market.events()
        self._labels = market.labels.tolist()
        self.days = self._splits.keys() | self._payouts.keys() | self._stock_payouts.keys()
        self.owed: dict[int, list[float]] = {}
        self.owed_shares: dict[int, list[tuple[int, float]]] = {}
        self._close_outs = [market.close_out(asset) for asset in market.assets]
        due = [session for session in self._close_outs if session is not None]
        self.first_close_out = min(due, default=len(self._labels))

    def closed(self, number: int, session: int) -> bool:
        """Whether the asset's positions are closed out at the end of a session."""
        due = self._close_outs[number]
        return due is not None and due <= session

    def moves(self, session: int) -> bool:
        """Whether the account can change before a session's first bar."""
        return session in self.days or bool(self.owed or self.owed_shares)

    def pay(self, session: int, sim: Simulation, ledger: Ledger) -> None:
        """Dividends of a session: those that go ex are earned, those due are paid."""
        label = self._labels[session]
        for number, amount, pay_date in self._payouts.get(session, ()):
            if number in ledger.held:
                earned = float(ledger.amounts[number] * amount)
                self.owed.setdefault(pay_date, []).append(earned)
        for number, paid_in, ratio, pay_date in self._stock_payouts.get(session, ()):
            shares = (
                whole_shares(ledger.amounts[number] * float(ratio))
                if number in ledger.held
                else 0.0
            )
            if shares:
                self.owed_shares.setdefault(pay_date, []).append((paid_in, shares))
        paid = 0.0
        for earned in self.owed.pop(label, ()):
            paid += earned  # one by one: `sum` corrects its rounding in newer Pythons
        for number, shares in self.owed_shares.pop(label, ()):
            self._market.trade(number)
            ledger.grant(number, shares)
        if paid:
            sim.add_cash(paid)
            ledger.changed()
        ledger.sync()  # at the prices of the session before

    def splits(self, session: int) -> list[tuple[int, float]]:
        """Splits of a session: (asset's number, ratio) each."""
        return self._splits.get(session, [])


def whole_shares(shares: float) -> float:
    """Whole shares of a stock dividend: cut, but for what rounding alone takes from a number."""
    nearest = float(round(shares))
    if abs(shares - nearest) <= math.ulp(abs(shares)):
        return nearest
    return float(math.trunc(shares))

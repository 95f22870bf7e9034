"""The core's account between two bars, in the form that the callbacks read.

It computes nothing that the core computes: it keeps the sequence of positions, the types of
numbers that scripts see, and values that are read many times within a bar.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...core.simulation import Simulation
from .assets import Future

if TYPE_CHECKING:
    from .protocol import Position, Positions


class Ledger:
    """Positions and value at the latest bar.

    amounts: shares of each asset of the market, by its number. held: the numbers of the assets
    held, in the sequence in which the positions were opened. At the latest `sync`: value, cash
    plus positions; long and short, the exposure of the positions that have a positive and a
    negative one; worth, the value of all positions: futures have an exposure, but no value; pnl,
    the sum of all changes of the value; returns, all its relative changes compounded.
    Sums are made in the sequence in which scripts see them made, to the last bit.
    """

    def __init__(self, start_cash, start_date, assets, positions: Positions) -> None:
        self.start_cash = start_cash
        self.start_date = start_date
        self.positions = positions
        self.held: dict[int, Position] = {}
        self.amounts: list = [0] * len(assets)
        self.value = start_cash
        self.long = self.short = self.worth = 0.0
        self.long_worth = self.short_worth = 0.0
        self.pnl = 0.0
        self.returns = 0.0
        self._shown_as: type = float
        #: Fields of the account that the script shows in place of the computed ones.
        self.overrides: dict = {}
        self._assets = assets
        #: Dollars of exposure for each share and dollar of its price, of futures alone.
        self._multipliers = {
            number: asset.price_multiplier
            for number, asset in enumerate(assets)
            if isinstance(asset, Future)
        }
        self._sim: Simulation | None = None
        self._prices = np.zeros((0, 0))
        self._dates: Sequence = []
        self._last_bars: list[int] = []
        self._t = -1
        self._now = start_date
        self._own_prices: Callable | None = None
        #: Positions that came for nothing and have no price until the next time.
        self._unpriced: set[int] = set()
        self._stale = False

    def open(self, sim: Simulation, dates: Sequence, last_bars: list[int]) -> None:
        """Begin: prices come from the simulation's bars, which have `dates`.

        last_bars: for each asset the last bar of its life, -1 when it has none.
        """
        self._sim = sim
        self._prices = sim.bars.values[3]
        self._dates = dates
        self._last_bars = last_bars

    # What happens

    def at(self, now, t: int, prices: Callable | None = None) -> None:
        """A new simulation time: values are due at the prices of bar t.

        now: None for the time of the bar. prices: gives the price of an asset's number in place of
        the bar's, NaN where it has no other.
        """
        self._now = now
        self._t = t
        self._own_prices = prices
        self._unpriced.clear()
        self._stale = True

    def changed(self) -> None:
        """Cash or positions changed outside fills."""
        self._stale = True

    def sync(self) -> None:
        """Value everything at the current prices, unless nothing changed since the last time."""
        if self._stale and self._sim is not None:
            self._stale = False
            if self._multipliers and self.held:
                self._sim.settle(self._t)
            long = short = long_worth = short_worth = 0.0
            numbers = list(self.held)
            for number, exposure in zip(numbers, self._at_prices(numbers), strict=True):
                worth = exposure
                if number in self._multipliers:
                    exposure *= self._multipliers[number]
                    worth = 0.0
                if exposure > 0.0:
                    long += exposure
                    long_worth += worth
                else:
                    short += exposure
                    short_worth += worth
            self.long, self.short, self.worth = long, short, long_worth + short_worth
            self.long_worth, self.short_worth = long_worth, short_worth
            before, self.value = self.value, self.cash + self.worth
            gain = self.value - before
            self.pnl += gain
            change = gain / before if before != 0.0 else 0.0
            self.returns = (1 + self.returns) * (1 + change) - 1

    def _at_prices(self, numbers: list[int]) -> list[float]:
        """Shares times price of the positions in these assets."""
        if not numbers:
            return []
        assert self._sim is not None
        sizes = self._sim.positions["size"][numbers]
        if self._own_prices is None and not self._unpriced:
            return (sizes * self._prices[numbers, self._t]).tolist()
        return (sizes * np.array([self.last_price(number) for number in numbers])).tolist()

    def book(self, fills: np.ndarray) -> list[int]:
        """New rows of `sim.fills`: keep amounts and positions; returns the orders' numbers."""
        amounts, held = self.amounts, self.held
        for number, after in zip(
            fills["asset"].tolist(), fills["position_size"].tolist(), strict=True
        ):
            if after == 0.0:
                self.drop(number)
                continue
            amounts[number] = int(after)
            if number not in held:
                self._add(number)
        return fills["order"].tolist()

    def traded_at(self, number: int, price: float) -> None:
        """A trade at the current bar: behind the asset's last one it makes the price from now on.

        Of several in one bar the first does.
        """
        if self._t > self._last_bars[number]:
            self._prices[number, self._t :] = price
            self._last_bars[number] = self._t

    def split(self, number: int) -> None:
        """The core has split a position."""
        if number not in self.held:
            return
        assert self._sim is not None
        after = self._sim.position_size(number)
        self.changed()
        if after == 0.0:
            self.drop(number)
            return
        self.amounts[number] = int(after)

    def grant(self, number: int, shares: float) -> None:
        """Shares come for nothing, at no cost; a new position has no price yet."""
        sim = self._sim
        assert sim is not None
        sim.set_position(number, sim.position_size(number) + shares, sim.position_price(number))
        if number not in self.held:
            self._add(number)
            self._unpriced.add(number)
        self.amounts[number] = int(sim.position_size(number))
        self.changed()

    def correct(self, number: int, amount, cost_basis) -> None:
        """A position has another amount or cost; None leaves one as it is."""
        sim = self._sim
        assert sim is not None
        size = sim.position_size(number) if amount is None else float(amount)
        price = sim.position_price(number) if cost_basis is None else float(cost_basis)
        sim.set_position(number, size, price)
        if number not in self.held:
            self._add(number)
        self.amounts[number] = int(size)
        self.changed()

    def exposures(self) -> dict[int, float]:
        """Dollars of exposure of each position at the current prices, by the asset's number."""
        numbers = list(self.held)
        return {
            number: exposure * self._multipliers.get(number, 1.0)
            for number, exposure in zip(numbers, self._at_prices(numbers), strict=True)
        }

    def move_by(self, amount) -> None:
        """Cash moves by a number that a script has computed: NumPy's numbers make more of them."""
        if isinstance(amount, np.floating):
            self._shown_as = np.float64

    def change_capital(self, amount: float) -> None:
        """The owner adds cash, which is no gain."""
        assert self._sim is not None
        self._sim.add_cash(float(amount), capital=True)
        self.value += amount

    def _add(self, number: int) -> None:
        from .protocol import Position

        asset = self._assets[number]
        position = Position(asset, self, number)
        self.held[number] = position
        self.positions[asset] = position

    def drop(self, number: int) -> None:
        """The position is closed; whoever kept it sees an amount of 0."""
        position = self.held.pop(number)
        self.amounts[number] = 0
        del self.positions[self._assets[number]]
        position.close(0, 0.0, self.last_price(number), self.last_date(number))

    # What a script reads

    @property
    def cash(self):
        if self._sim is None:
            return self.start_cash
        return self._shown_as(self._sim.cash)

    @property
    def cash_flow(self) -> float:
        """All that moved cash since the start."""
        return 0.0 if self._sim is None else self._shown_as(self._sim.cash_flow)

    def cost_basis(self, number: int):
        assert self._sim is not None
        return self._sim.position_price(number)

    def last_price(self, number: int) -> float:
        if number in self._unpriced:
            return 0.0
        if self._own_prices is not None:
            price = self._own_prices(number)
            if price == price:
                return price
        return float(self._prices[number, self._t])

    def last_date(self, number: int):
        """When the last price was known: now, or at the asset's last bar."""
        last = self._last_bars[number]
        if self._t > last:
            return self._dates[last]
        return self._dates[self._t] if self._now is None else self._now

    @property
    def net_exposure(self) -> float:
        return self.long + self.short

    @property
    def gross_exposure(self) -> float:
        return self.long - self.short

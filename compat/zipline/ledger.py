"""The core's account between two bars, in the form that the callbacks read.

It computes nothing that the core computes: it keeps the sequence of positions, the types of
numbers that scripts see, and values that are read many times within a bar.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.simulation import Simulation
from .assets import Future
from .session_ends import Holdings, SessionEnds

if TYPE_CHECKING:
    from .protocol import Position, Positions


def _latest(name: str) -> Any:
    """A number of the account, once the sessions that have ended are valued."""

    def read(self: Ledger):
        if self._behind:
            self._value_ends()
        return getattr(self, name)

    return property(read)


class Ledger:
    """Positions and value at the latest bar.

    amounts: shares of each asset of the market, by its number. held: the numbers of the assets
    held, in the sequence in which the positions were opened.
    As last valued, by `sync` or at the end of a session: value, cash plus positions; long and
    short, the exposure of the positions that have a positive and a negative one; worth, the value
    of all positions: futures have an exposure, but no value; pnl, the sum of all changes of the
    value; returns, all its relative changes compounded.
    Sums are made in the sequence in which scripts see them made, to the last bit. Sessions that end
    unseen are valued together, when somebody looks or something moves the account.
    """

    def __init__(self, start_cash, start_date, assets, positions: Positions) -> None:
        self.start_cash = start_cash
        self.start_date = start_date
        self.positions = positions
        self.held: dict[int, Position] = {}
        self.amounts: list = [0] * len(assets)
        self._ends = SessionEnds()
        self._value = start_cash
        self._long = self._short = 0.0
        self._long_worth = self._short_worth = 0.0
        self._pnl = self._returns = 0.0
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
        #: Whether the value is not that of the latest bar; whether a session has ended since the
        #: account was valued; whether cash or positions are not those of the latest holdings.
        self._stale = self._behind = False
        self._moved = True

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
        if self._unpriced:
            self._unpriced.clear()
        self._stale = True

    def changed(self) -> None:
        """Cash or positions changed outside fills."""
        self._stale = self._moved = True

    def sync(self) -> None:
        """Value everything at the current prices, unless nothing changed since the last time."""
        if self._behind:
            self._value_ends()
        if self._stale and self._sim is not None:
            self._stale = False
            if self._multipliers and self.held:
                self._sim.settle(self._t)
                self._moved = True
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
            self._long, self._short = long, short
            self._long_worth, self._short_worth = long_worth, short_worth
            self._follow([self.cash + (long_worth + short_worth)])

    def end_session(self, t: int) -> None:
        """A session ends with bar t, at whose prices everything is due to be valued."""
        ends = self._ends
        if self._multipliers:  # each look settles profits into cash: nothing can wait
            self.sync()
        if self._moved:
            self._hold()
        ends.bars.append(t)
        if self._stale:
            self._stale, self._behind = False, True
        else:
            if self._behind:
                self._value_ends()
            ends.pnl.append(self._pnl)
            ends.returns.append(self._returns)

    @property
    def ends(self) -> SessionEnds:
        """What the sessions left behind that have ended, all of them valued."""
        if self._behind:
            self._value_ends()
        return self._ends

    def _hold(self) -> None:
        """The sessions from the next end on hold what the account holds now."""
        assert self._sim is not None
        if self._behind:
            self._value_ends()
        self._moved = False
        numbers, positions = list(self.held), self._sim.positions
        sizes, costs = positions["size"][numbers], positions["price"][numbers]
        session = len(self._ends.bars)
        holdings = Holdings(session, self.cash, self.cash_flow, numbers, sizes, costs)
        self._ends.holdings.append(holdings)

    def _value_ends(self) -> None:
        """Value the sessions that wait, at whose ends the account held the latest holdings."""
        self._behind = False
        ends = self._ends
        held, bars = ends.holdings[-1], ends.waiting
        long, short = held.exposures(self._prices, bars)
        cash = held.cash
        self._follow([cash + worth for worth in (long + short).tolist()], ends)
        self._long = self._long_worth = float(long[-1])
        self._short = self._short_worth = float(short[-1])

    def _follow(self, values: list, ends: SessionEnds | None = None) -> None:
        """The account takes these values, one after the other; ends: each ends a session."""
        before, pnl, returns = self._value, self._pnl, self._returns
        for value in values:
            gain = value - before
            change = gain / before if before != 0.0 else 0.0
            before = value
            pnl += gain
            returns = (1 + returns) * (1 + change) - 1
            if ends is not None:
                ends.pnl.append(pnl)
                ends.returns.append(returns)
        self._value, self._pnl, self._returns = before, pnl, returns

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
        self._moved = True
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
        self._moved = True
        if isinstance(amount, np.floating):
            self._shown_as = np.float64

    def change_capital(self, amount: float) -> None:
        """The owner adds cash, which is no gain."""
        assert self._sim is not None
        self._sim.add_cash(float(amount), capital=True)
        self._value += amount
        self._moved = True

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

    value = _latest("_value")
    pnl = _latest("_pnl")
    returns = _latest("_returns")
    long = _latest("_long")
    short = _latest("_short")
    long_worth = _latest("_long_worth")
    short_worth = _latest("_short_worth")

    @property
    def worth(self) -> float:
        return self.long_worth + self.short_worth

    @property
    def net_exposure(self) -> float:
        return self.long + self.short

    @property
    def gross_exposure(self) -> float:
        return self.long - self.short

"""The core's account between two bars, in the form that the callbacks read.

It computes nothing that the core computes: it keeps the sequence of positions, the types of
numbers that scripts see, and values that are read many times within a bar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...core.simulation import Simulation

if TYPE_CHECKING:
    from .protocol import Position, Positions


class Ledger:
    """Positions and value at the latest bar.

    amounts: shares of each asset of the market, by its number. held: the numbers of the assets
    held, in the sequence in which the positions were opened. value: cash plus positions at the
    latest `sync`.
    """

    def __init__(self, start_cash, start_date, assets, positions: Positions) -> None:
        self.start_cash = start_cash
        self.start_date = start_date
        self.positions = positions
        self.held: dict[int, Position] = {}
        self.amounts: list = [0] * len(assets)
        self.value = start_cash
        self._assets = assets
        self._sim: Simulation | None = None
        self._prices = np.zeros((0, 0))
        self._dates: list = []
        self._last_bars: list[int] = []
        self._t = -1
        self._now = start_date
        self._stale = False
        self._traded = False
        self._exposure: tuple[float, float] | None = None

    def open(self, sim: Simulation, dates: list, last_bars: list[int]) -> None:
        """Begin: prices come from the simulation's bars, which have `dates`.

        last_bars: for each asset the last bar of its life, -1 when it has none.
        """
        self._sim = sim
        self._prices = sim.bars.values[3]
        self._dates = dates
        self._last_bars = last_bars

    # What happens

    def at(self, now, t: int) -> None:
        """A new simulation time: values are due at the prices of bar t."""
        self._now = now
        self._t = t
        self._stale = True

    def changed(self) -> None:
        """Cash or positions changed outside fills."""
        self._stale = True

    def sync(self) -> None:
        """Value everything at the current prices, unless nothing changed since the last time."""
        if self._stale and self._sim is not None:
            self._stale = False
            self._exposure = None
            value = self._sim.equity
            self.value = np.float64(value) if self._traded else value

    def book(self, fills: np.ndarray) -> list[int]:
        """New rows of `sim.fills`: keep amounts and positions; returns the orders' numbers."""
        self._traded = True
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
        return np.float64(self._sim.cash) if self._traded else self._sim.cash

    def cost_basis(self, number: int):
        assert self._sim is not None
        return self._sim.position_price(number)

    def last_price(self, number: int) -> float:
        return float(self._prices[number, self._t])

    def last_date(self, number: int):
        """When the last price was known: now, or at the asset's last bar."""
        last = self._last_bars[number]
        return self._now if self._t <= last else self._dates[last]

    def exposures(self) -> tuple[float, float]:
        """Value of the long and (negative) of the short positions."""
        if self._exposure is None:
            numbers = list(self.held)
            if not numbers or self._sim is None:
                self._exposure = (0.0, 0.0)
            else:
                sizes = self._sim.positions["size"][numbers]
                values = sizes * self._prices[numbers, self._t]
                self._exposure = (
                    float(values[values > 0.0].sum()),
                    float(values[values < 0.0].sum()),
                )
        return self._exposure

    @property
    def net_exposure(self) -> float:
        long, short = self.exposures()
        return long + short

    @property
    def gross_exposure(self) -> float:
        long, short = self.exposures()
        return long - short

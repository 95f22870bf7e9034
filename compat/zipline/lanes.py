"""The lane on which the orders of a run are matched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.simulation import Simulation
from .blotter_lane import BlotterLane
from .kernel_lane import KernelLane
from .rules import RULES
from .terms import terms_of
from .trading import Trading

if TYPE_CHECKING:
    from .algorithm import Algorithm


def open_trading(algorithm: Algorithm) -> Trading:
    """Begin a run: its account is open, and orders can be placed.

    By the core, or by a blotter where there is one, or where a model needs one.
    """
    market = algorithm.market
    by_blotter = algorithm.needs_blotter
    terms = terms_of(algorithm)
    if by_blotter:
        # The blotter's models price the trades.
        terms = {name: given for name, given in terms.items() if name == "instruments"}
    capital = float(algorithm.parameters.capital_base)
    sim = Simulation(market.bars(), RULES, cash=capital, **terms)
    algorithm.ledger.open(sim, algorithm.dates, market.last_bars)
    lane = (BlotterLane if by_blotter else KernelLane)(algorithm, sim)
    algorithm.orders.open(lane.book)
    return Trading(algorithm, sim, lane)


def leave_core(algorithm: Algorithm) -> None:
    """From now on a blotter matches the orders of a run, those that are open too.

    It prices with the models as they are at each bar, so that a script can change them.
    """
    trading = algorithm.trading
    if isinstance(trading.lane, KernelLane):
        trading.lane = BlotterLane(algorithm, trading.sim, before=trading.lane)
        algorithm.orders.open(trading.lane.book)

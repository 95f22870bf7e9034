"""What positions are worth before and after leverage."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Worth(NamedTuple):
    """Of several positions, in cash: see `worth`."""

    net: float  #: what they add to equity
    gross: float  #: their value, borrowed money included
    profit: float  #: not realised yet

    @property
    def leverage(self) -> float:
        """Gross over net; over 1 where net is 0."""
        return self.gross / (self.net or 1.0)


def net_worth(value: float, profit: float, leverage: float) -> float:
    """What a position of a value adds to equity: its profit in full, of what was paid a part.

    value: negative of short positions whose proceeds are in cash, which add it as it is. profit:
    not realised yet, part of the value.
    """
    return (value - profit) / leverage + profit if value > 0 else value


def worth(positions: Iterable[tuple[float, float, float]]) -> Worth:
    """Of positions, each (value, profit, leverage) as `net_worth` takes them."""
    net = gross = total = 0.0
    for value, profit, leverage in positions:
        gross += value
        total += profit
        if value > 0:
            # Added one after the other: it decides the last bit.
            net += (value - profit) / leverage
            net += profit
        else:
            net += value
    return Worth(net, gross, total)

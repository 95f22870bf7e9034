"""The account at the ends of the sessions of a run.

What a session leaves behind is a bar and, where something moved the account, what it holds from
then on: most sessions end with what the one before held. Their values follow from both and from the
prices, for many sessions at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Holdings(NamedTuple):
    """What the account held at the end of a session, and of those after it, up to the next ones.

    session: the number of the first of them. cash, flow: dollars, and all that moved them since the
    start. numbers: of the assets held, in the sequence in which scripts see the positions. sizes,
    costs: float64[·], signed shares and their average price.
    """

    session: int
    cash: float
    flow: float
    numbers: list[int]
    sizes: np.ndarray
    costs: np.ndarray

    def exposures(self, prices: np.ndarray, bars: list[int]) -> tuple[np.ndarray, np.ndarray]:
        """float64[B] twice: long and short exposure at the prices, float64[N, T], of some bars.

        Position after position is added, as a loop over them would.
        """
        if not self.numbers:
            none = np.zeros(len(bars))
            return none, none
        rows = np.array(self.numbers)[:, np.newaxis]
        exposures = self.sizes[:, np.newaxis] * prices[rows, bars]
        positive = exposures > 0.0
        long = np.add.accumulate(np.where(positive, exposures, 0.0))[-1]
        short = np.add.accumulate(np.where(positive, 0.0, exposures))[-1]
        return long + 0.0, short + 0.0  # a loop that begins with 0 never ends with -0


@dataclass(frozen=True)
class HeldRows:
    """All positions at the ends of all sessions, session after session.

    counts: int64[S], how many each session has. session, bar, number: int64[P], the session, its
    last bar and the asset. size, cost: float64[P].
    """

    counts: np.ndarray
    session: np.ndarray
    bar: np.ndarray
    number: np.ndarray
    size: np.ndarray
    cost: np.ndarray


class SessionEnds:
    """What `Ledger` keeps of the sessions that have ended.

    bars: the last bar of each. pnl, returns: the running sums at its end, of the sessions that have
    been valued: the others wait.
    """

    def __init__(self) -> None:
        self.holdings: list[Holdings] = []
        self.bars: list[int] = []
        self.pnl: list[float] = []
        self.returns: list[float] = []

    @property
    def waiting(self) -> list[int]:
        """The bars of the sessions that have not been valued yet."""
        return self.bars[len(self.pnl) :]

    def _per_session(self, values: list) -> np.ndarray:
        """A value of each of the holdings, for each session."""
        first = [held.session for held in self.holdings]
        return np.repeat(np.array(values), np.diff([*first, len(self.bars)]))

    @property
    def cash(self) -> np.ndarray:
        """float64[S]: dollars."""
        return self._per_session([held.cash for held in self.holdings])

    @property
    def flow(self) -> np.ndarray:
        """float64[S]: all that moved cash since the start."""
        return self._per_session([held.flow for held in self.holdings])

    def rows(self) -> HeldRows:
        """The positions at the ends of all sessions."""
        counts = [len(held.numbers) for held in self.holdings]
        begin = self._per_session(np.cumsum([0, *counts[:-1]]).tolist())
        per_session = self._per_session(counts)
        total = int(per_session.sum())
        within = np.arange(total) - np.repeat(np.cumsum(per_session) - per_session, per_session)
        at = np.repeat(begin, per_session) + within
        numbers = [number for held in self.holdings for number in held.numbers]
        nothing = np.zeros(0)
        return HeldRows(
            per_session,
            np.repeat(np.arange(len(self.bars)), per_session),
            np.repeat(np.array(self.bars, dtype=np.int64), per_session),
            np.array(numbers, dtype=np.int64)[at],
            np.concatenate([nothing, *(held.sizes for held in self.holdings)])[at],
            np.concatenate([nothing, *(held.costs for held in self.holdings)])[at],
        )

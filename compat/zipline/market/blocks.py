"""Columns of several assets side by side: windows of all of them are one cut.

What takes more than a cut (an action within the window, gaps to fill, an asset that ends) is left
to the windows of single assets; most windows need none of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

import numpy as np

#: Columns that a block reaches over at least: it is made anew when windows leave it.
_AHEAD = 4096
#: Blocks that are kept, by assets and field.
_KEPT = 32


class Block:
    """float64[N, M] from the column `begin` on, as history shows it where no action adjusts it.

    ends: after which column the first of the assets has none of its own any more.
    """

    def __init__(self, begin: int, values: np.ndarray, changes: list, ends: int) -> None:
        """changes: (column from which an action is in force, row)."""
        self.begin, self.end = begin, begin + values.shape[1]
        self.ends = ends
        self._values = values
        self._changes = sorted(changes)
        self._at = [at for at, _ in self._changes]

    def cut(self, start: int, end: int) -> np.ndarray:
        """float64[N, end - start]: a copy of the columns."""
        return self._values[:, start - self.begin : end - self.begin].copy()

    def changed(self, start: int, end: int) -> set[int]:
        """The rows that an action adjusts: one that is in force from a column in (start, end]."""
        if not self._at or self._at[-1] <= start:
            return set()
        first, last = bisect_right(self._at, start), bisect_right(self._at, end)
        return {row for _, row in self._changes[first:last]}


class Blocks:
    """The blocks of one market, made when a window of several assets is first asked for."""

    def __init__(self, make: Callable[[list, str, int, int], Block]) -> None:
        """make(assets, field, begin, end) makes a block of the columns up to before `end`."""
        self._make = make
        self._blocks: dict[tuple, Block] = {}

    def of(self, assets: list, field: str, start: int, end: int, limit: int) -> Block:
        """A block with the columns from `start` to before `end`; none goes beyond `limit`."""
        key = (field, *[asset.sid for asset in assets])
        block = self._blocks.get(key)
        if block is None or start < block.begin or end > block.end:
            if len(self._blocks) >= _KEPT:
                self._blocks.clear()
            ahead = max(end, min(end + max(2 * (end - start), _AHEAD), limit))
            block = self._blocks[key] = self._make(assets, field, start, ahead)
        return block

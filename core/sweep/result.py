"""What a sweep found: a table, its best row, and how much of that is luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import equity_statistics as equity
from ..errors import OrderError
from .columns import Part, Task, observe, orders_of
from .store import Store

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Best:
    """The best column of a sweep.

    parameters, statistics: by name. deflated_sharpe_ratio: the probability that its Sharpe ratio is
    better than the luckiest of `trials` without skill, whose ratios vary as those of the sweep do;
    NaN where the sweep does not tell Sharpe ratios.
    """

    asset: str
    row: int
    parameters: dict[str, Any]
    statistics: dict[str, float]
    deflated_sharpe_ratio: float
    trials: int


@dataclass(frozen=True, eq=False)
class Sweep:
    """A row of `table` per asset and parameter set: `asset`, the parameters, the statistics."""

    table: pl.DataFrame
    task: Task

    @classmethod
    def of(
        cls, task: Task, parts: Sequence[Part], found: Mapping[int, dict[str, np.ndarray]] | Store
    ) -> Sweep:
        """The parts, put together in their sequence."""
        import polars as pl

        pieces = [
            found.load(part) if isinstance(found, Store) else pl.DataFrame(found[part.number])
            for part in parts
        ]
        sets = pl.DataFrame(
            {name: task.parameters[name] for name in task.parameters.dtype.names or ()}
        )
        labels = [
            sets.slice(part.first, part.last - part.first).insert_column(
                0, pl.lit(task.market.assets[part.asset]).alias("asset")
            )
            for part in parts
        ]
        numbers = pl.concat(pieces)
        both = sorted(set(sets.columns) & set(numbers.columns))
        if both:
            raise OrderError(f"{', '.join(both)}: a parameter and a statistic of one name.")
        return cls(pl.concat([pl.concat(labels), numbers], how="horizontal"), task)

    def __len__(self) -> int:
        return len(self.table)

    def best(self, by: str = "sharpe_ratio", highest: bool = True) -> Best:
        """The row with the highest (or lowest) finite number of a statistic.

        Raises OrderError where no row has one. The best column is computed once more, for the
        moments of its returns.
        """
        if by not in self.task.names:
            raise OrderError(f"the sweep does not tell {by!r}, only {', '.join(self.task.names)}.")
        values = self.table[by].to_numpy().astype(float)
        known = np.where(np.isfinite(values), values if highest else -values, -np.inf)
        row = int(np.argmax(known))
        if not np.isfinite(known[row]):
            raise OrderError(f"no parameter set has a finite {by}.")
        numbers = self.table.row(row, named=True)
        return Best(
            numbers["asset"],
            row,
            {name: numbers[name] for name in self.task.parameters.dtype.names or ()},
            {name: numbers[name] for name in self.task.names},
            self._deflated(row),
            len(self),
        )

    def orders(self, row: int) -> np.ndarray:
        """The orders of a row of the table, computed again: `matrix.ORDER_RECORD[·]`."""
        return orders_of(self.task, *self._place(row))

    def running(self, row: int) -> np.ndarray:
        """The running statistics (`core.running`) of a row's returns, computed again: [1, ·]."""
        asset, number = self._place(row)
        return observe(self.task, Part(0, asset, number, number + 1), 1)

    def _place(self, row: int) -> tuple[int, int]:
        """(asset, parameter set) of a row."""
        if self.task.paired:
            return row, row
        return divmod(row, len(self.task.parameters))

    @cached_property
    def _ratio_variance(self) -> float:
        """Variance of the Sharpe ratios per bar over the rows."""
        ratios = self.table["sharpe_ratio"].to_numpy().astype(float)
        ratios = ratios[np.isfinite(ratios)] / np.sqrt(self.task.annual_factor)
        return float(ratios.var(ddof=1)) if len(ratios) > 1 else 0.0

    def _deflated(self, row: int) -> float:
        if "sharpe_ratio" not in self.task.names:
            return float("nan")
        rows = self.running(row)
        return float(equity.deflated_sharpe_ratio(rows, len(self), self._ratio_variance)[0])

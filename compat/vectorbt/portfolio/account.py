"""The account behind a portfolio as plain arrays, computed when they are asked for.

Nothing here knows labels. `lengths` says how columns are put together: None for each by itself,
or the number of columns of each group, groups being neighbours.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ....core import matrix as m
from ....core import metrics, records
from ....core import trading_sequence as trading
from .enums import Direction, InitCashMode

Lengths = np.ndarray | None


class Account:
    """Cash, holdings and value that orders leave.

    close: last prices, an array that broadcasts to `shape`. init_cash: per pool of cash, or the
    number of a mode. pools: columns of each pool, None where each column has its own cash.
    """

    def __init__(
        self,
        shape: tuple[int, int],
        close: np.ndarray,
        orders: np.ndarray,
        init_cash,
        pools: Lengths,
        fillna_close: bool,
    ) -> None:
        self.shape = shape
        self.given_close = close
        self.orders = orders
        self.init_cash = init_cash
        self.pools = pools
        self.fillna_close = fillna_close
        self._values: dict = {}
        self._sums: dict = {}

    # Prices

    @cached_property
    def close(self) -> np.ndarray:
        """Last prices, rows x columns, where they lie."""
        return np.broadcast_to(np.asarray(self.given_close, dtype=float), self.shape)

    @cached_property
    def filled_close(self) -> np.ndarray:
        return metrics.fill_gaps(self.close) if self.fillna_close else self.close

    @cached_property
    def last_close(self) -> np.ndarray:
        if not self.fillna_close:
            return np.array(self.close[-1], dtype=float)
        return metrics.last_known(self.close)

    # Cash and holdings

    @cached_property
    def columns(self) -> records.ColumnMap:
        """The orders of each column."""
        return records.map_columns(self.orders["col"], self.shape[1])

    @staticmethod
    def together(matrix: np.ndarray, lengths: Lengths) -> np.ndarray:
        """Sums of the columns of each group."""
        return matrix if lengths is None else metrics.sum_columns(matrix, lengths)

    def asset_flow(self, direction: int = Direction.Both) -> np.ndarray:
        """Units bought less those sold in each row; of one direction: what it grew by."""
        if direction == Direction.Both:
            return metrics.asset_flow(self.orders, self.columns, self.shape[0])
        return np.diff(self.held(direction), axis=0, prepend=0.0)

    @cached_property
    def assets(self) -> np.ndarray:
        """Units held after each row."""
        return metrics.running_sum(self.asset_flow(), np.zeros(self.shape[1]))

    def held(self, direction: int) -> np.ndarray:
        """Units held after each row; of one direction: the size of what is held that way."""
        if direction == Direction.LongOnly:
            return np.where(self.assets > 0, self.assets, 0.0)
        if direction == Direction.ShortOnly:
            return np.where(self.assets < 0, -self.assets, 0.0)
        return self.assets

    def cash_flow(self, lengths: Lengths, free: bool = False) -> np.ndarray:
        flow = metrics.cash_flow(self.orders, self.columns, self.shape[0], free)
        return self.together(flow, lengths)

    def initial(self, lengths: Lengths) -> np.ndarray:
        """Cash before the first row."""
        if isinstance(self.init_cash, int):
            needed = metrics.needed_cash(self.cash_flow(lengths))
            if self.init_cash == InitCashMode.AutoAlign:
                return np.full(needed.shape, needed.max())
            return needed
        cash = np.atleast_1d(np.asarray(self.init_cash, dtype=float))
        if self.pools is not None:
            return np.repeat(cash, self.pools) if lengths is None else cash
        cash = np.broadcast_to(cash, (self.shape[1],))
        if lengths is None:
            return cash
        return np.add.reduceat(cash, np.cumsum(lengths) - lengths)

    def cash(self, lengths: Lengths, free: bool = False) -> np.ndarray:
        return metrics.running_sum(self.cash_flow(lengths, free), self.initial(lengths))

    def cash_in_sequence(self, sequence, free: bool = False) -> np.ndarray:
        """Shared cash after each column's turn; see `core.trading_sequence`."""
        flow = np.ascontiguousarray(self.cash_flow(None, free))
        return trading.cash_in_sequence(flow, *self._pools(), _sequence(sequence))

    def _pools(self) -> tuple[np.ndarray, np.ndarray]:
        """Columns of each pool, and its cash before the first row."""
        lengths = np.asarray(self.pools, np.int64)
        return lengths, np.ascontiguousarray(self.initial(lengths), np.float64)

    # Value

    def value_in_sequence(self, sequence) -> np.ndarray:
        """Value of the pool after each column's turn."""
        held = np.ascontiguousarray(self.asset_value())
        cash = self.cash_in_sequence(sequence)
        return trading.value_in_sequence(cash, held, self._pools()[0], _sequence(sequence))

    def returns_in_sequence(self, sequence) -> np.ndarray:
        """Returns of the pool from one column's turn to the next one's."""
        value = self.value_in_sequence(sequence)
        return trading.returns_in_sequence(value, *self._pools(), _sequence(sequence))

    def asset_value(self, direction: int = Direction.Both) -> np.ndarray:
        """Market value of what each column holds."""
        assets = self.held(direction)
        return np.where(assets == 0, 0.0, self.filled_close * assets)

    def value(self, lengths: Lengths) -> np.ndarray:
        """Cash plus market value after each row; not to be written to."""
        key = _key(lengths)
        if key not in self._values:
            held = self.together(self.asset_value(), lengths)
            self._values[key] = self.cash(lengths) + held
        return self._values[key]

    def returns(self, lengths: Lengths) -> np.ndarray:
        return metrics.returns(self.value(lengths), self.initial(lengths))

    def profit(self, lengths: Lengths) -> np.ndarray:
        """Over all rows, what is held valued at the last known close."""
        out = metrics.total_profit(self.orders, self.columns, self.last_close)
        return self.together(out[None, :], lengths)[0]

    def asset_returns(self, lengths: Lengths) -> np.ndarray:
        """Returns of what is held alone, whatever cash there is."""
        held = self.together(self.asset_value(), lengths)
        return asset_returns(held, self.cash_flow(lengths))

    def gross_exposure(self, lengths: Lengths, direction: int = Direction.Both) -> np.ndarray:
        held = self.together(np.abs(self.asset_value(direction)), lengths)
        return metrics.exposure(held, self.cash(lengths, free=True))

    def benchmark(self, lengths: Lengths) -> np.ndarray:
        """Value of the initial cash split equally over the columns in the first row."""
        close = self.filled_close
        with np.errstate(divide="ignore", invalid="ignore"):
            if lengths is None:
                # In this sequence: a return that is 0 or not counts among gains, losses or neither.
                return close * (self.initial(None) / close[0])
            growth = close / close[0]
        return self.initial(lengths) / lengths * metrics.sum_columns(growth, lengths)

    # Sums over the returns, from which ratios follow

    def sums(self, lengths: Lengths, required: float = 0.0, threshold: float = 0.0) -> np.ndarray:
        """See `metrics.return_statistics`; without a matrix of values where there is none yet."""
        key = _key(lengths), required, threshold
        if key not in self._sums:
            if lengths is not None or _key(None) in self._values:
                out = metrics.return_statistics(self.returns(lengths), required, threshold)
            else:
                out = metrics.stream_statistics(
                    self.orders,
                    self.columns,
                    m.in_place(np.asarray(self.given_close, dtype=float), self.shape),
                    self.shape[0],
                    self.initial(None),
                    self.fillna_close,
                    required,
                    threshold,
                )
            self._sums[key] = out
        return self._sums[key]


def asset_returns(held: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """Returns of what is held, from its market value and the cash that flows in each row."""
    before = np.vstack([np.zeros((1, held.shape[1])), held[:-1]])
    after = held + flow
    with np.errstate(divide="ignore", invalid="ignore"):
        change = (after - before) / np.abs(before)
    from_nothing = np.where(after == 0.0, 0.0, np.inf * np.sign(after))
    return np.where(before == 0.0, from_nothing, change)


def _sequence(sequence) -> np.ndarray:
    return np.ascontiguousarray(sequence, np.int64)


def _key(lengths: Lengths):
    return None if lengths is None else lengths.tobytes()

"""What matrices of signals and matrices of orders share: inputs, state, and records.

Rows are times, columns are assets or parameter sets. Every input is a scalar, a row, a column or
a full matrix and is read where it lies (`Inputs`): nothing of rows x columns is materialised for
a scalar. Columns that share cash form a pool; every other column is a pool of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .execution import (
    FILLED,
    IGNORED,
    LONG_ONLY,
    PERCENT,
    REASONS,
    REJECTED,
    SHORT_ONLY,
    TARGET_AMOUNT,
    TARGET_PERCENT,
    TARGET_VALUE,
    VALUE,
    InvalidOrder,
    OrderRejected,
    RecordsFull,
    execute,
)
from .jit import njit, threads_for

ORDER_RECORD = np.dtype(
    [
        ("id", np.int64),
        ("col", np.int64),
        ("idx", np.int64),
        ("size", np.float64),
        ("price", np.float64),
        ("fees", np.float64),
        ("side", np.int64),
    ],
    align=True,
)

# Inputs by position in the layout table. The first ones may be large and stay where they are;
# the rest are usually scalars and are packed one behind the other into one buffer.
(
    CLOSE,
    ENTRIES,
    EXITS,
    SHORT_ENTRIES,
    SHORT_EXITS,
    SIZE,
    PRICE,
    OPEN,
    HIGH,
    LOW,
    SL_STOP,
    TP_STOP,
    SIZE_TYPE,
    SIDES,
    FEES,
    FIXED_FEES,
    SLIPPAGE,
    MIN_SIZE,
    MAX_SIZE,
    GRANULARITY,
    LOCK_CASH,
    ALLOW_PARTIAL,
    RAISE_REJECT,
    VAL_PRICE,
    ACCUMULATE,
    LONG_CONFLICT,
    SHORT_CONFLICT,
    SIDE_CONFLICT,
    OPPOSITE_ENTRY,
    SL_TRAIL,
    STOP_ENTRY_PRICE,
    STOP_EXIT_PRICE,
    STOP_EXIT,
    STOP_UPDATE,
    REJECT_PROB,
    LOG,
) = range(36)
N_INPUTS = 36
IN_PLACE = (CLOSE, ENTRIES, EXITS, SHORT_ENTRIES, SHORT_EXITS, SIZE, PRICE, OPEN, HIGH, LOW)
IN_PLACE += (SL_STOP, TP_STOP)
UNSET = {REJECT_PROB: 0.0, LOG: 0.0}
SIGNALS = (ENTRIES, EXITS, SHORT_ENTRIES, SHORT_EXITS)

# Switches, by position in the switch array.
(
    FOUR_ARRAYS,
    USE_STOPS,
    TRACK_VAL_PRICE,
    KEEP_VAL_PRICE,
    UPDATE_VALUE,
    FLOOR_DIVISION,
    UNVALUED_LAST,
) = range(7)

# Rows of the state matrix of a block of columns.
(
    POSITION,
    DEBT,
    CASH,
    FREE_CASH,
    VAL,
    SL_PRICE,
    SL,
    TRAIL,
    TP_PRICE,
    TP,
    STOPPED,
) = range(11)
N_STATE = 11

# Columns of the report of a pool.
N_FILLED, STATUS, DETAIL, ROW, COLUMN = range(5)
RUNNING, FULL = 0, -1

COLUMNS_PER_BLOCK = 64


@dataclass
class Inputs:
    """Every input of a simulation where it lies, and a table that says how to walk it.

    `arrays[p]` is a flat view for the inputs of `IN_PLACE`; `packed` holds the others. Row p of
    `layout` is (offset, step per row, step per column): a step of 0 repeats the value, so that a
    scalar, a row, a column and a matrix of either memory order are read by the same expression.
    """

    shape: tuple[int, int]
    arrays: dict[int, np.ndarray] = field(default_factory=dict)
    packed: np.ndarray = field(default_factory=lambda: np.zeros(0))
    layout: np.ndarray = field(default_factory=lambda: np.zeros((N_INPUTS, 3), np.int64))

    @classmethod
    def of(cls, shape: tuple[int, int], values: dict[int, object], count: int = N_INPUTS) -> Inputs:
        """Lay out `values` (input number -> scalar or array that broadcasts to `shape`).

        A 1-D array is a row, as in NumPy; pass `a[:, None]` for a column. Inputs that are left
        out are read as NaN (signals as false, `LOG` and `REJECT_PROB` as 0). count: how many
        inputs there are, where a kernel has more of its own behind those of this module. Raises
        ValueError naming a shape that does not fit.
        """
        inputs = cls(shape, layout=np.zeros((count, 3), np.int64))
        pieces: list[np.ndarray] = []
        offset = 0
        for p in range(count):
            default = False if p in SIGNALS else UNSET.get(p, math.nan)
            kind = np.bool_ if p in SIGNALS else np.float64
            array = np.asarray(values.get(p, default))
            if array.dtype != kind:
                array = array.astype(kind)
            flat, row_step, column_step = _flattened(array, shape)
            if p in IN_PLACE:
                inputs.arrays[p] = _writable_view(flat)
                inputs.layout[p] = 0, row_step, column_step
            else:
                pieces.append(flat)
                inputs.layout[p] = offset, row_step, column_step
                offset += flat.shape[0]
        inputs.packed = np.concatenate(pieces)
        return inputs

    def at(self, p: int, i: int, j: int) -> Any:
        """The value of input `p` at row `i`, column `j`: a number, or whether a signal is set."""
        offset, row_step, column_step = self.layout[p]
        return self.arrays.get(p, self.packed)[offset + i * row_step + j * column_step]

    def everywhere(self, p: int) -> np.ndarray:
        """The distinct memory of input `p`, for checks that do not depend on the place."""
        if p in IN_PLACE:
            return self.arrays[p]
        offset, row_step, column_step = self.layout[p]
        rows = self.shape[0] if row_step else 1
        columns = self.shape[1] if column_step else 1
        return self.packed[offset : offset + rows * columns]

    def matrix(self, p: int) -> np.ndarray:
        """Input `p` where it lies, as a matrix that broadcasts to the shape; not to be written."""
        offset, row_step, column_step = (int(x) for x in self.layout[p])
        memory = self.arrays.get(p, self.packed)[offset:]
        shape = (self.shape[0] if row_step else 1, self.shape[1] if column_step else 1)
        steps = (row_step * memory.itemsize, column_step * memory.itemsize)
        return np.lib.stride_tricks.as_strided(memory, shape, steps, writeable=False)


def _flattened(array: np.ndarray, shape: tuple[int, int]) -> tuple[np.ndarray, int, int]:
    """A flat view of `array` with its steps per row and per column; copies only odd strides."""
    if array.ndim == 0:
        return array.reshape(1), 0, 0
    if array.ndim == 1:
        array = array[None, :]
    if array.ndim != 2:
        raise ValueError(f"an input has {array.ndim} dimensions; at most 2 are possible")
    rows, columns = array.shape
    if (rows not in (1, shape[0])) or (columns not in (1, shape[1])):
        raise ValueError(f"an input of shape {array.shape} does not broadcast to {shape}")
    if array.flags.c_contiguous:
        return array.reshape(-1), columns if rows > 1 else 0, 1 if columns > 1 else 0
    if array.flags.f_contiguous:
        return array.T.reshape(-1), 1 if rows > 1 else 0, rows if columns > 1 else 0
    return _flattened(np.ascontiguousarray(array), shape)


def in_place(array: np.ndarray, shape: tuple[int, int]) -> tuple[np.ndarray, int, int]:
    """An array of floats as kernels read it: a flat view, and its steps per row and column."""
    flat, row_step, column_step = _flattened(array, shape)
    return _writable_view(flat), row_step, column_step


class _Memory:
    """The memory of an array, announced as writable: one type of array for the compiler.

    A read-only array (pandas hands them out) is another type to Numba and would compile every
    kernel a second time. The kernels never write to an input.
    """

    def __init__(self, array: np.ndarray) -> None:
        self.owner = array
        address = array.__array_interface__["data"][0]
        self.__array_interface__ = {
            "shape": array.shape,
            "typestr": array.dtype.str,
            "data": (address, False),
            "version": 3,
        }


def _writable_view(flat: np.ndarray) -> np.ndarray:
    return flat if flat.flags.writeable else np.asarray(_Memory(flat))


@njit
def read(buffer, layout, p, i, j):
    """Input `p` at row `i`, column `j`; see `Inputs`."""
    return buffer[layout[p, 0] + i * layout[p, 1] + j * layout[p, 2]]


@njit
def send(
    state, k, pool, i, j, size, size_type, direction, price, slippage, value, p, layout, switches
):
    """Execute one order on column `k` of the block and store the account that it leaves.

    `pool` is the column of the state that holds the cash. Returns (status, detail, size, price,
    fees) as `execution.execute` does.
    """
    status, detail, filled, fill_price, paid, cash, position, debt, free_cash = execute(
        state[CASH, pool],
        state[POSITION, k],
        state[DEBT, k],
        state[FREE_CASH, pool],
        state[VAL, k],
        value,
        size,
        price,
        size_type,
        direction,
        read(p, layout, FEES, i, j),
        read(p, layout, FIXED_FEES, i, j),
        slippage,
        read(p, layout, MIN_SIZE, i, j),
        read(p, layout, MAX_SIZE, i, j),
        read(p, layout, GRANULARITY, i, j),
        read(p, layout, LOCK_CASH, i, j) != 0.0,
        read(p, layout, ALLOW_PARTIAL, i, j) != 0.0,
        switches[FLOOR_DIVISION],
    )
    state[CASH, pool] = cash
    state[FREE_CASH, pool] = free_cash
    state[POSITION, k] = position
    state[DEBT, k] = debt
    if status == REJECTED and read(p, layout, RAISE_REJECT, i, j) == 0.0:
        status = IGNORED
    return status, detail, filled, fill_price, paid


@njit
def record(records, base, limit, report, pool, i, j, status, detail, size, price, fees):
    """Write a fill to the pool's part of `records`, or the reason to stop to its report."""
    if status == IGNORED:
        return
    n = report[pool, N_FILLED]
    if status == FILLED:
        if base[pool] + n < limit[pool]:
            row = records[base[pool] + n]
            row["col"] = j
            row["idx"] = i
            row["size"] = size
            row["price"] = price
            row["fees"] = fees
            row["side"] = detail
            report[pool, N_FILLED] = n + 1
            return
        status = FULL
    report[pool, STATUS] = status
    report[pool, DETAIL] = detail
    report[pool, ROW] = i
    report[pool, COLUMN] = j


@njit
def sort_by_value(values, sequence):
    """Order `sequence` by ascending `values`, in place; equal stay in order, NaN go last."""
    for a in range(1, len(values)):
        value = values[a]
        member = sequence[a]
        b = a - 1
        while b >= 0 and (values[b] > value or math.isnan(values[b])):
            values[b + 1] = values[b]
            sequence[b + 1] = sequence[b]
            b -= 1
        values[b + 1] = value
        sequence[b + 1] = member


@njit
def new_state(n, cash, first_pool, shared):
    """The state of `n` columns before the first row."""
    state = np.zeros((N_STATE, n))
    state[VAL, :] = math.nan
    state[SL_PRICE : TP + 1, :] = math.nan
    state[TRAIL, :] = 0.0
    for k in range(n):
        state[CASH, k] = cash[first_pool] if shared else cash[first_pool + k]
        state[FREE_CASH, k] = state[CASH, k]
    return state


@njit
def track_val_price(state, k, i, j, price, close, p, layout, keep):
    """Move the valuation price of a column to this row: inf is the order price, -inf the last
    close. With `keep` a NaN leaves the last one."""
    val = read(p, layout, VAL_PRICE, i, j)
    if math.isinf(val):
        if val > 0.0:
            val = price
        else:
            val = read(close, layout, CLOSE, i - 1, j) if i > 0 else math.nan
    if not math.isnan(val) or not keep:
        state[VAL, k] = val


@njit
def expected_value(
    size, size_type, direction, cash, position, free_cash, val_price, value, unvalued_last
):
    """Roughly what an order is worth in money, negative for a sale; sales go first by it.

    `size` is positive for a purchase, except with `SHORT_ONLY`, where it is positive for a sale.
    A sale in percent without a valuation price is NaN with `unvalued_last`, else its holding
    counts as nothing.
    """
    if direction == SHORT_ONLY:
        size = -size
    held = position * val_price
    if size_type == VALUE:
        return size
    if size_type == PERCENT:
        if size >= 0.0:
            return size * cash
        if direction == LONG_ONLY:
            return size * held
        if math.isnan(held):
            held = math.nan if unvalued_last else 0.0
        elif held < 0.0:
            held = 0.0
        return size * (2.0 * held + max(free_cash, 0.0))
    if size_type == TARGET_AMOUNT:
        return size * val_price - held
    if size_type == TARGET_VALUE:
        return size - held
    if size_type == TARGET_PERCENT:
        return size * value - held
    return size * val_price


@njit
def _close_up(records, base, count):
    place = 0
    for pool in range(len(base)):
        for n in range(count[pool]):
            if base[pool] + n > place:
                records[place] = records[base[pool] + n]
            records[place]["id"] = place
            place += 1
    return place


def close_up(records: np.ndarray, base: np.ndarray, count: np.ndarray) -> np.ndarray:
    """The first `count[pool]` records from `base[pool]` on, of all pools together and numbered.

    They are moved where they lie; a copy is made only where most of the memory would be left over.
    """
    filled = _close_up(records, base, np.ascontiguousarray(count))
    return records[:filled] if 2 * filled >= len(records) else records[:filled].copy()


@dataclass(frozen=True)
class Pools:
    """How columns share cash: `lengths[g]` neighbouring columns use the cash `cash[g]`.

    `sequence` is None (columns in order), "auto" (sales first), or an int64 array of one or
    `rows` rows with the place of each column within its pool. `shared` is false when no pool has
    more than one column: then all pools are independent and run in parallel.
    """

    lengths: np.ndarray
    cash: np.ndarray
    sequence: np.ndarray | str | None = None

    @property
    def shared(self) -> bool:
        return bool(np.any(self.lengths > 1))

    def blocks(self, together: bool) -> np.ndarray:
        """Rows (first column, last column + 1, first pool) of what one thread runs at a time.

        A pool is one block. Independent columns run in blocks that share cache lines when the
        memory of the signals runs along the row (`together`), else one by one.
        """
        ends = np.cumsum(self.lengths)
        if self.shared:
            return np.column_stack([ends - self.lengths, ends, np.arange(len(ends))])
        width = COLUMNS_PER_BLOCK if together else 1
        first = np.arange(0, len(ends), width)
        return np.column_stack([first, np.minimum(first + width, len(ends)), first])


def run_pools(
    pools: Pools,
    rows: int,
    together: bool,
    capacity: np.ndarray,
    kernel: Callable[..., None],
    arguments: tuple,
    dtype: np.dtype = ORDER_RECORD,
    per_cell: int = 1,
) -> np.ndarray:
    """Run a block kernel over all pools and return the order records, pool after pool.

    `capacity[pool]` is how many records are expected at most; a pool that needs more makes the
    run start again with room for `per_cell` orders in every cell. `dtype`: of the records, at
    least the fields of `ORDER_RECORD`. Raises `InvalidOrder` for an order
    that must not be sent and `OrderRejected` where a rejection was asked to raise; the first in the
    sequence of the pools counts.
    """
    lengths = np.asarray(pools.lengths, np.int64)
    most = lengths * rows * per_cell
    capacity = np.minimum(np.asarray(capacity, np.int64), most)
    blocks = pools.blocks(together)
    automatic = isinstance(pools.sequence, str)
    sequence = np.zeros((1, 1), np.int64)
    if isinstance(pools.sequence, np.ndarray):
        sequence = np.ascontiguousarray(pools.sequence, np.int64)
    in_sequence = isinstance(pools.sequence, np.ndarray)
    while True:
        limit = np.cumsum(capacity)
        base = limit - capacity
        records = np.empty(int(limit[-1]) if len(limit) else 0, dtype)
        report = np.zeros((len(lengths), 5), np.int64)
        with threads_for(rows * int(lengths.sum()) if len(blocks) > 1 else 0):
            kernel(
                blocks,
                pools.shared,
                automatic,
                in_sequence,
                sequence,
                rows,
                *arguments,
                np.array(pools.cash, np.float64),
                base,
                limit,
                records,
                report,
            )
        if not np.any(report[:, STATUS] == FULL):
            break
        capacity = most
    stopped = np.flatnonzero(report[:, STATUS] != RUNNING)
    if len(stopped):
        raise_stopped(report[stopped[0], 1:])
    return close_up(records, base, report[:, N_FILLED])


def raise_stopped(report: np.ndarray) -> None:
    """Raise what stopped a run; `report` is (status, detail, row, column). A run that came to its
    end has the status `RUNNING`."""
    status, detail, row, column = (int(x) for x in report)
    if status == RUNNING:
        return
    place = f"row {row}, column {column}"
    if status == REJECTED:
        raise OrderRejected(f"order rejected at {place}: {REASONS[detail]}")
    if status == FULL:
        raise RecordsFull("orders" if detail == 0 else "logs", place)
    raise InvalidOrder(detail, f" at {place}")

"""Order records to trades, positions and drawdowns.

All tables are NumPy structured arrays. A trade runs from entry to exit; "exit trades" hold one row
per order that reduces a position, "entry trades" one row per order that opens or increases one,
positions one row from flat to flat. `idx` fields are rows of the price matrix, `col` its column.
"""

from __future__ import annotations

import numpy as np

from .execution import BUY, is_close, is_less, snapped_sum
from .jit import njit
from .matrix import ORDER_RECORD

__all__ = [
    "CLOSED",
    "DRAWDOWN_RECORD",
    "LONG",
    "OPEN",
    "ORDER_RECORD",
    "SHORT",
    "TRADE_RECORD",
    "ColumnMap",
    "drawdowns",
    "durations",
    "entry_trades",
    "exit_trades",
    "map_columns",
    "positions",
]

LONG = 0
SHORT = 1
OPEN = 0
CLOSED = 1

TRADE_RECORD = np.dtype(
    [
        ("id", np.int64),
        ("col", np.int64),
        ("size", np.float64),
        ("entry_idx", np.int64),
        ("entry_price", np.float64),
        ("entry_fees", np.float64),
        ("exit_idx", np.int64),
        ("exit_price", np.float64),
        ("exit_fees", np.float64),
        ("pnl", np.float64),
        ("return", np.float64),
        ("direction", np.int64),
        ("status", np.int64),
        ("parent_id", np.int64),
    ],
    align=True,
)

DRAWDOWN_RECORD = np.dtype(
    [
        ("id", np.int64),
        ("col", np.int64),
        ("peak_idx", np.int64),
        ("start_idx", np.int64),
        ("valley_idx", np.int64),
        ("end_idx", np.int64),
        ("peak_val", np.float64),
        ("valley_val", np.float64),
        ("end_val", np.float64),
        ("status", np.int64),
    ],
    align=True,
)

ColumnMap = tuple[np.ndarray, np.ndarray]


@njit
def _count_columns(columns, start):
    """Count the records of column j in `start[j + 1]`; whether they are sorted by column."""
    falls = 0
    before = 0
    for column in columns:
        falls += column < before
        before = column
        start[column + 1] += 1
    return falls == 0


@njit
def _place_columns(columns, start):
    place = start[:-1].copy()
    index = np.empty(len(columns), np.int64)
    for n in range(len(columns)):
        j = columns[n]
        index[place[j]] = n
        place[j] += 1
    return index


def map_columns(columns: np.ndarray, n_columns: int) -> ColumnMap:
    """Where the records of each column are: (index, start).

    Records `index[start[j] : start[j + 1]]` belong to column j, in their original sequence.
    """
    columns = np.ascontiguousarray(columns, np.int64)
    start = np.zeros(n_columns + 1, np.int64)
    in_sequence = _count_columns(columns, start)
    np.cumsum(start, out=start)
    return np.arange(len(columns)) if in_sequence else _place_columns(columns, start), start


@njit
def trade_result(size, entry_price, entry_fees, exit_price, exit_fees, direction):
    """Profit after fees, in money, and as a part of the entry notional."""
    entry_value = size * entry_price
    gained = snapped_sum(size * exit_price, -entry_value)
    if direction == SHORT and gained != 0.0:
        gained = -gained
    pnl = gained - entry_fees - exit_fees
    return pnl, pnl / entry_value


@njit
def _fill_trade(
    row,
    number,
    column,
    size,
    entry_idx,
    entry_price,
    entry_fees,
    exit_idx,
    exit_price,
    exit_fees,
    direction,
    status,
    parent,
):
    pnl, gain = trade_result(size, entry_price, entry_fees, exit_price, exit_fees, direction)
    row["id"] = number
    row["col"] = column
    row["size"] = size
    row["entry_idx"] = entry_idx
    row["entry_price"] = entry_price
    row["entry_fees"] = entry_fees
    row["exit_idx"] = exit_idx
    row["exit_price"] = exit_price
    row["exit_fees"] = exit_fees
    row["pnl"] = pnl
    row["return"] = gain
    row["direction"] = direction
    row["status"] = status
    row["parent_id"] = parent


@njit
def _exit_trades(orders, index, start, last_close, last_row):
    out = np.empty(len(orders), TRADE_RECORD)
    n_trades = 0
    parent = -1
    for column in range(len(start) - 1):
        direction = -1
        size_sum = 0.0
        gross_sum = 0.0
        fees_sum = 0.0
        entry_idx = -1
        for n in range(start[column], start[column + 1]):
            order = orders[index[n]]
            size = order["size"]
            price = order["price"]
            fees = order["fees"]
            if size <= 0.0 or price <= 0.0:
                return out[:0], index[n]
            side = LONG if order["side"] == BUY else SHORT
            if direction == -1:
                direction = side
                parent += 1
                entry_idx = order["idx"]
                size_sum = 0.0
                gross_sum = 0.0
                fees_sum = 0.0
            if side == direction:
                size_sum += size
                gross_sum += size * price
                fees_sum += fees
                continue
            entry_price = gross_sum / size_sum
            whole = is_close(size, size_sum)
            if whole or size < size_sum:
                exit_size = size_sum if whole else size
                exit_fees = fees
            else:
                exit_size = size_sum
                exit_fees = size_sum / size * fees
            _fill_trade(
                out[n_trades],
                n_trades,
                column,
                exit_size,
                entry_idx,
                entry_price,
                exit_size / size_sum * fees_sum,
                order["idx"],
                price,
                exit_fees,
                direction,
                CLOSED,
                parent,
            )
            n_trades += 1
            if whole:
                direction = -1
            elif size < size_sum:
                # What is left of the entries keeps their average price.
                left = (size_sum - size) / size_sum
                size_sum *= left
                gross_sum *= left
                fees_sum *= left
            else:
                # The rest of the order opens a position on the other side.
                size_sum = size - exit_size
                gross_sum = size_sum * price
                fees_sum = fees - exit_fees
                entry_idx = order["idx"]
                direction = SHORT if direction == LONG else LONG
                parent += 1
        if direction != -1 and is_less(-size_sum, 0.0):
            _fill_trade(
                out[n_trades],
                n_trades,
                column,
                size_sum,
                entry_idx,
                gross_sum / size_sum,
                size_sum / size_sum * fees_sum,
                last_row,
                last_close[column],
                0.0,
                direction,
                OPEN,
                parent,
            )
            n_trades += 1
    return out[:n_trades], -1


@njit
def _entries_of_position(
    orders,
    index,
    first,
    last,
    first_size,
    first_fees,
    exit_idx,
    exit_size,
    exit_gross,
    exit_fees,
    direction,
    status,
    parent,
    column,
    out,
    n_trades,
):
    """Write the entry trades of one position (orders `first` to `last` of the column)."""
    for n in range(first, last + 1):
        order = orders[index[n]]
        if (LONG if order["side"] == BUY else SHORT) != direction:
            continue
        size = first_size if n == first else order["size"]
        fees = first_fees if n == first else order["fees"]
        _fill_trade(
            out[n_trades],
            n_trades,
            column,
            size,
            order["idx"],
            order["price"],
            fees,
            exit_idx,
            exit_gross / exit_size,
            size / exit_size * exit_fees,
            direction,
            status,
            parent,
        )
        n_trades += 1
    return n_trades


@njit
def _entry_trades(orders, index, start, last_close, last_row):
    out = np.empty(len(orders), TRADE_RECORD)
    n_trades = 0
    parent = -1
    for column in range(len(start) - 1):
        direction = -1
        first = -1
        first_size = 0.0
        first_fees = 0.0
        entered = 0.0
        left_size = 0.0
        left_gross = 0.0
        left_fees = 0.0
        for n in range(start[column], start[column + 1]):
            order = orders[index[n]]
            size = order["size"]
            price = order["price"]
            fees = order["fees"]
            if size <= 0.0 or price <= 0.0:
                return out[:0], index[n]
            side = LONG if order["side"] == BUY else SHORT
            if direction == -1:
                direction = side
                parent += 1
                first = n
                first_size = size
                first_fees = fees
                entered = 0.0
                left_size = 0.0
                left_gross = 0.0
                left_fees = 0.0
            if side == direction:
                entered += size
                continue
            whole = is_close(left_size + size, entered)
            if not whole and left_size + size < entered:
                left_size += size
                left_gross += size * price
                left_fees += fees
                continue
            rest = size if whole else snapped_sum(entered, -left_size)
            left_gross += rest * price
            left_fees += fees if whole else rest / size * fees
            n_trades = _entries_of_position(
                orders,
                index,
                first,
                n,
                first_size,
                first_fees,
                order["idx"],
                entered,
                left_gross,
                left_fees,
                direction,
                CLOSED,
                parent,
                column,
                out,
                n_trades,
            )
            if whole:
                direction = -1
                continue
            direction = SHORT if direction == LONG else LONG
            parent += 1
            first = n
            entered = snapped_sum(size, -rest)
            first_size = entered
            first_fees = entered / size * fees
            left_size = 0.0
            left_gross = 0.0
            left_fees = 0.0
        if direction != -1 and is_less(left_size, entered):
            rest = snapped_sum(entered, -left_size)
            n_trades = _entries_of_position(
                orders,
                index,
                first,
                start[column + 1] - 1,
                first_size,
                first_fees,
                last_row,
                entered,
                left_gross + rest * last_close[column],
                left_fees,
                direction,
                OPEN,
                parent,
                column,
                out,
                n_trades,
            )
    return out[:n_trades], -1


@njit
def _positions(trades):
    out = np.empty(len(trades), TRADE_RECORD)
    n_positions = 0
    first = 0
    while first < len(trades):
        last = first
        while (
            last + 1 < len(trades)
            and trades[last + 1]["parent_id"] == trades[first]["parent_id"]
            and trades[last + 1]["col"] == trades[first]["col"]
        ):
            last += 1
        row = out[n_positions]
        if first == last:
            out[n_positions] = trades[first]
            row["id"] = n_positions
            row["parent_id"] = n_positions
        else:
            size = 0.0
            entry_gross = 0.0
            entry_fees = 0.0
            exit_gross = 0.0
            exit_fees = 0.0
            for n in range(first, last + 1):
                trade = trades[n]
                size += trade["size"]
                entry_gross += trade["size"] * trade["entry_price"]
                entry_fees += trade["entry_fees"]
                exit_gross += trade["size"] * trade["exit_price"]
                exit_fees += trade["exit_fees"]
            _fill_trade(
                row,
                n_positions,
                trades[first]["col"],
                size,
                trades[first]["entry_idx"],
                entry_gross / size,
                entry_fees,
                trades[last]["exit_idx"],
                exit_gross / size,
                exit_fees,
                trades[last]["direction"],
                trades[last]["status"],
                n_positions,
            )
        n_positions += 1
        first = last + 1
    return out[:n_positions]


def _checked(orders: np.ndarray, trades: np.ndarray, bad: int) -> np.ndarray:
    if bad < 0:
        return trades
    name = "size" if orders["size"][bad] <= 0.0 else "price"
    raise ValueError(
        f"{name} must be greater than 0: order {orders['id'][bad]} (row {orders['idx'][bad]}, "
        f"column {orders['col'][bad]}) has {orders[name][bad]:g}, so there are no trades; look at "
        "size_granularity, min_size and slippage"
    )


def exit_trades(
    orders: np.ndarray, columns: ColumnMap, last_close: np.ndarray, rows: int
) -> np.ndarray:
    """One `TRADE_RECORD` per order that reduces a position, and one per position still open.

    The entry price is the size-weighted average of the entries so far; entry fees are shared by
    size. An open trade is valued at `last_close[column]` (NaN there gives a NaN result) and its
    exit row is the last one. `parent_id` numbers the positions. Raises ValueError where an
    order has a size or a price of 0 or less, which no trade can be made of.
    """
    out = _exit_trades(orders, *columns, np.asarray(last_close, np.float64), rows - 1)
    return _checked(orders, *out)


def entry_trades(
    orders: np.ndarray, columns: ColumnMap, last_close: np.ndarray, rows: int
) -> np.ndarray:
    """One `TRADE_RECORD` per order that opens or increases a position.

    The exit price is the average over all exits of the position; what is still open counts as
    sold at `last_close[column]`, without fees. Raises ValueError as `exit_trades` does.
    """
    out = _entry_trades(orders, *columns, np.asarray(last_close, np.float64), rows - 1)
    return _checked(orders, *out)


def positions(trades: np.ndarray) -> np.ndarray:
    """Exit trades (sorted by column) summed up to one `TRADE_RECORD` per position."""
    return _positions(trades)


@njit
def _drawdowns(series, out):
    """Write the drawdowns of each column of `series` to `out` (or only count them, if empty)."""
    n_drawdowns = 0
    for column in range(series.shape[1]):
        last = len(series) - 1
        while last >= 0 and np.isnan(series[last, column]):
            last -= 1
        peak = np.nan
        peak_idx = -1
        valley = np.nan
        valley_idx = -1
        below = False
        for i in range(last + 1):
            value = series[i, column]
            if np.isnan(value):
                continue
            recovered = np.isnan(peak) or value >= peak
            if not recovered and (not below or value < valley):
                below = True
                valley = value
                valley_idx = i
            if below and (recovered or i == last):
                if len(out) > 0:
                    row = out[n_drawdowns]
                    row["id"] = n_drawdowns
                    row["col"] = column
                    row["peak_idx"] = peak_idx
                    row["start_idx"] = peak_idx + 1
                    row["valley_idx"] = valley_idx
                    row["end_idx"] = i
                    row["peak_val"] = peak
                    row["valley_val"] = valley
                    row["end_val"] = value
                    row["status"] = CLOSED if recovered else OPEN
                n_drawdowns += 1
                below = False
            if recovered:
                peak = value
                peak_idx = i
    return n_drawdowns


def drawdowns(series: np.ndarray) -> np.ndarray:
    """One `DRAWDOWN_RECORD` per fall below a peak and back, for each column of rows x columns.

    Status `CLOSED`: recovered at `end_idx`; `OPEN`: still below the peak at the last value.
    """
    series = np.asarray(series, np.float64)
    count = _drawdowns(series, np.empty(0, DRAWDOWN_RECORD))
    out = np.empty(count, DRAWDOWN_RECORD)
    if count:
        _drawdowns(series, out)
    return out


def durations(first: np.ndarray, last: np.ndarray, status: np.ndarray) -> np.ndarray:
    """Rows from `first` to `last`, one more for what is still open."""
    return last - first + (status == OPEN)

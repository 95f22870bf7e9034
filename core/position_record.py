"""The latest position of each column as a record that is kept up to date while orders fill."""

from __future__ import annotations

import math

import numpy as np

from .execution import BUY, FILLED
from .jit import njit
from .order_log import cleared
from .records import CLOSED, LONG, OPEN, SHORT, TRADE_RECORD, trade_result


def position_records(columns: int, clear: bool) -> np.ndarray:
    """One record of `TRADE_RECORD` per column without a position yet (id -1).

    `clear`: fill the other fields, which otherwise hold whatever was in memory.
    """
    records = np.empty(columns, TRADE_RECORD)
    if clear:
        return cleared(records)
    records["id"] = -1
    return records


@njit
def revalue_position(row, position, price):
    """Set profit and return of an open position as if it were closed at `price`."""
    if row["id"] < 0 or row["status"] != OPEN:
        return
    exit_price = price
    if not math.isnan(row["exit_price"]):
        closed = row["size"] - abs(position)
        exit_price = (closed * row["exit_price"] + abs(position) * price) / row["size"]
    row["pnl"], row["return"] = trade_result(
        row["size"], row["entry_price"], row["entry_fees"], exit_price, row["exit_fees"],
        row["direction"],
    )  # fmt: skip


@njit
def _open_position(row, i, size, price, fees, side):
    row["id"] += 1
    row["size"] = size
    row["entry_idx"] = i
    row["entry_price"] = price
    row["entry_fees"] = fees
    row["exit_idx"] = -1
    row["exit_price"] = math.nan
    row["exit_fees"] = 0.0
    row["direction"] = LONG if side == BUY else SHORT
    row["status"] = OPEN
    row["parent_id"] = row["id"]


@njit
def follow_position(row, i, col, before, now, result):
    """Bring the record of a column up to a fill that moved its position from `before` to `now`."""
    if result.status != FILLED:
        return
    if before == 0.0 and now != 0.0:
        row["col"] = col
        _open_position(row, i, result.size, result.price, result.fees, result.side)
    elif before != 0.0 and now == 0.0:
        price = result.price
        if not math.isnan(row["exit_price"]):
            closed = row["size"] - abs(before)
            price = (closed * row["exit_price"] + abs(before) * price) / row["size"]
        row["exit_idx"] = i
        row["exit_price"] = price
        row["exit_fees"] += result.fees
        row["pnl"], row["return"] = trade_result(
            row["size"], row["entry_price"], row["entry_fees"], price, row["exit_fees"],
            row["direction"],
        )  # fmt: skip
        row["status"] = CLOSED
    elif np.sign(before) != np.sign(now):
        share = abs(now) / abs(now - before)
        _open_position(row, i, abs(now), result.price, share * result.fees, result.side)
    elif abs(before) <= abs(now):
        spent = row["size"] * row["entry_price"] + result.size * result.price
        row["entry_price"] = spent / (row["size"] + result.size)
        row["entry_fees"] += result.fees
        row["size"] += result.size
    else:
        price = result.price
        if not math.isnan(row["exit_price"]):
            closed = row["size"] - abs(before)
            received = closed * row["exit_price"] + result.size * price
            price = received / (closed + result.size)
        row["exit_price"] = price
        row["exit_fees"] += result.fees
    revalue_position(row, now, result.price)

"""What order functions read from their context, and sequences of calls."""

from __future__ import annotations

import math

import numpy as np

from .....core.execution import AMOUNT, TARGET_PERCENT
from .....core.matrix import expected_value, sort_by_value
from .....core.order_loop import group_value, pick
from .....core.traced import shuffle_sequence
from ...compiled import njit
from ..enums import CallSeqType

_REVERSED, _RANDOM = CallSeqType.Reversed, CallSeqType.Random


@njit
def get_col_elem_nb(ctx, col, a):
    """The element of an array that broadcasts, in the row of a context and in column `col`."""
    return pick(a, ctx.i, col, ctx.flex_2d)


@njit
def get_elem_nb(ctx, a):
    """The element of an array that broadcasts, in the row and column of a context."""
    return pick(a, ctx.i, ctx.col, ctx.flex_2d)


@njit
def get_group_value_nb(from_col, to_col, cash_now, last_position, last_val_price):
    """The value of a group: cash, and positions at their valuation prices."""
    return group_value(from_col, to_col, cash_now, last_position, last_val_price)


@njit
def get_group_value_ctx_nb(seg_ctx):
    """The value of the group of a segment; only where cash is shared."""
    if not seg_ctx.cash_sharing:
        raise ValueError("a group has one value only where cash is shared: cash_sharing=True")
    return group_value(
        seg_ctx.from_col, seg_ctx.to_col, seg_ctx.last_cash[seg_ctx.group],
        seg_ctx.last_position, seg_ctx.last_val_price,
    )  # fmt: skip


@njit
def approx_order_value_nb(
    size, size_type, direction, cash_now, position_now, free_cash_now, val_price_now, value_now
):
    """Roughly what an order is worth in money, negative for a sale."""
    if size_type < AMOUNT or size_type > TARGET_PERCENT:
        return math.nan
    return float(
        expected_value(
            float(size), int(size_type), int(direction), cash_now, position_now, free_cash_now,
            val_price_now, value_now, True,
        )
    )  # fmt: skip


@njit
def sort_call_seq_out_nb(
    ctx, size, size_type, direction, order_value_out, call_seq_out, ctx_select=True
):
    """Sort `call_seq_out` (0, 1, ...) by the worth of the orders of a segment: sales first.

    order_value_out: room for one number per column. ctx_select: the arrays broadcast to all
    columns, else to those of the group. Only where cash is shared.
    """
    value = get_group_value_ctx_nb(ctx)
    sizes = np.asarray(size)
    size_types = np.asarray(size_type)
    directions = np.asarray(direction)
    cash = ctx.last_cash[ctx.group]
    free_cash = ctx.last_free_cash[ctx.group]
    for k in range(ctx.to_col - ctx.from_col):
        if call_seq_out[k] != k:
            raise ValueError("the call sequence to sort must be 0, 1, 2, ... (CallSeqType.Default)")
        col = ctx.from_col + k
        row = ctx.i if ctx_select else k
        column = col if ctx_select else 0
        per_column = ctx.flex_2d if ctx_select else False
        order_value_out[k] = approx_order_value_nb(
            pick(sizes, row, column, per_column), pick(size_types, row, column, per_column),
            pick(directions, row, column, per_column), cash, ctx.last_position[col], free_cash,
            ctx.last_val_price[col], value,
        )  # fmt: skip
    sort_by_value(order_value_out, call_seq_out)


@njit
def sort_call_seq_nb(ctx, size, size_type, direction, order_value_out, ctx_select=True):
    """Sort the call sequence of a segment in place; see `sort_call_seq_out_nb`."""
    if ctx.call_seq_now is None:
        raise ValueError("a flexible order function has no call sequence: sort_call_seq_out_nb")
    sort_call_seq_out_nb(
        ctx, size, size_type, direction, order_value_out, ctx.call_seq_now, ctx_select
    )


@njit
def check_group_lens_nb(group_lens, n_cols):
    """Raise ValueError unless groups have `n_cols` columns together."""
    if np.sum(group_lens) != n_cols:
        raise ValueError("group_lens does not add up to the number of columns")


@njit
def check_group_init_cash_nb(group_lens, n_cols, init_cash, cash_sharing):
    """Raise ValueError unless there is cash for each group (shared) or column."""
    if cash_sharing and len(init_cash) != len(group_lens):
        raise ValueError("with shared cash, init_cash has one element per group")
    if not cash_sharing and len(init_cash) != n_cols:
        raise ValueError("without shared cash, init_cash has one element per column")


@njit
def is_grouped_nb(group_lens):
    """Whether any group has more than one column."""
    return np.any(group_lens > 1)


@njit
def shuffle_call_seq_nb(call_seq, group_lens):
    """Shuffle the columns of every group in every row, in place."""
    shuffle_sequence(call_seq, group_lens)


@njit
def build_call_seq_nb(target_shape, group_lens, call_seq_type=0):
    """A new call sequence, rows x columns: places of the columns within their groups."""
    sequence = np.empty(target_shape, np.int64)
    first = 0
    for length in group_lens:
        for i in range(target_shape[0]):
            for k in range(length):
                sequence[i, first + k] = length - 1 - k if call_seq_type == _REVERSED else k
        first += length
    if call_seq_type == _RANDOM:
        shuffle_sequence(sequence, group_lens)
    return sequence


def require_call_seq(call_seq):
    """The call sequence in the type and memory order that simulations take."""
    return np.require(call_seq, dtype=np.int64, requirements=["A", "O", "W", "F"])


def build_call_seq(target_shape, group_lens, call_seq_type=0):
    """What `build_call_seq_nb` makes, in the memory order that simulations take."""
    places = [np.arange(n) for n in group_lens]
    if call_seq_type == _REVERSED:
        places = [p[::-1] for p in places]
    row = np.concatenate(places) if places else np.empty(0, np.int64)
    sequence = require_call_seq(np.broadcast_to(row, target_shape))
    if call_seq_type == _RANDOM:
        shuffle_call_seq_nb(sequence, np.asarray(group_lens, np.int64))
    return sequence

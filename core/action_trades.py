"""Trades that go through a change of symbol: fills of both columns as those of one."""

from __future__ import annotations

import numpy as np

from .actions import ActionKind
from .orders import Cause

__all__ = ["joined_by_symbol"]


def joined_by_symbol(
    fills: np.ndarray, actions: np.ndarray, values: np.ndarray | None, count: int
) -> tuple[np.ndarray, np.ndarray | None]:
    """`FILL[·]` and float64[5, N, T] in which a position keeps one column, that of its new symbol.

    actions: `ACTION_EVENT[·]`. Of a column that was given up, the fills of the position that moved
    become the new column's, as do its bars up to the change. Not so where the new column was
    traded before: there two positions became one, and its trades begin with what they were.
    Returns the arguments themselves when no symbol changed.
    """
    moves = actions[(actions["kind"] == ActionKind.SYMBOL_CHANGE) & (actions["size_before"] != 0.0)]
    if not len(moves):
        return fills, values
    fills = fills.copy()
    values = None if values is None else values.copy()
    for move in moves:
        asset, to, bar = int(move["asset"]), int(move["to"]), int(move["bar"])
        slot = to + int(move["slot"]) - asset
        before = fills["booked"] <= bar
        old = np.flatnonzero(before & (fills["slot"] == move["slot"]))
        flat = old[fills["position_size"][old] == 0.0]
        since = old[old > flat[-1]] if len(flat) else old
        netted = (fills["cause"] == Cause.SYMBOL_CHANGE) & (fills["booked"] == bar)
        if netted[since].any() or (fills["slot"][fills["booked"] < bar] == slot).any():
            continue
        fills["slot"][since] = slot
        fills["asset"][since] = to
        if values is not None and len(since):
            missing = np.isnan(values[3, to, :bar])
            values[:, to, :bar][:, missing] = values[:, asset, :bar][:, missing]
    return fills, values

"""The rows in which the engine keeps what few simulations have: risk rules, corporate actions.

Their types alone: what they are made from, in `risk` and `actions`, takes longer to load.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class RiskKind(IntEnum):
    """Which rule a row of `RISK` is; those below `MAX_DRAWDOWN` protect single positions."""

    STOP_LOSS = 0
    TAKE_PROFIT = 1
    TRAILING = 2
    BREAK_EVEN = 3
    TIME_STOP = 4
    MAX_DRAWDOWN = 5
    DAILY_LOSS = 6
    GROSS_EXPOSURE = 7
    NET_EXPOSURE = 8
    POSITION_LIMIT = 9
    ORDER_LIMIT = 10
    VOLATILITY_TARGET = 11


#: How often one order is taken to open a position within a bar, its finer bars limiting what it
#: may trade at once: for what room the orders of rules need.
MOST_ENTRIES = 8

#: One rule. Numbers that a rule does not have are 0, limits that are not set infinite.
RISK = np.dtype(
    [
        ("kind", np.int64),
        ("cause", np.int64),
        ("asset", np.int64),  # -1: all
        ("relative", np.bool_),  # `distance`, `activation`, `offset` are fractions of the price
        ("distance", np.float64),
        ("activation", np.float64),
        ("offset", np.float64),
        ("column", np.int64),  # place in `Book.columns` that multiplies these, -1: none
        ("bars", np.int64),
        ("time", np.int64),  # ns
        ("flatten", np.bool_),
        ("cut", np.bool_),
        ("units", np.float64),
        ("value", np.float64),
        ("fraction", np.float64),  # of equity
        ("per_session", np.int64),
        ("pending", np.int64),
        ("cap", np.float64),
        ("periods", np.float64),
    ]
)

#: What a rule remembers: of each slot, and in slot 0 of the account.
RISK_STATE = np.dtype(
    [
        ("scale", np.float64),  # multiplies the rule's distances; NaN: its column is not known yet
        ("best", np.float64),  # best price since the entry; of the account: peak, or start, equity
        ("armed", np.bool_),  # the profit that it waits for was reached; of the account: it halts
        ("last", np.float64),  # equity at the close before
        ("session", np.int64),
        ("until", np.int64),  # bar at which a halt ends
        ("count", np.int64),  # orders sent in `session`
    ]
)

#: The orders that rules keep for one slot, -1 for none, and scratch of `risk_limits`.
GUARD = np.dtype(
    [
        ("stop", np.int64),
        ("target", np.int64),
        ("market", np.int64),
        ("entry", np.int64),  # the fill that opened the guarded position
        ("size", np.float64),  # units that were guarded at the latest look
        ("price", np.float64),  # of the latest fill
        ("rest", np.int64),  # what of the bar came after that fill: see `risk_guard`
        ("buys", np.float64),  # units that pending orders can buy, and sell
        ("sells", np.float64),
    ]
)

#: An action as the kernels read it; -1 marks no asset, NaN a number that was not given.
ACTION = np.dtype(
    [
        ("kind", np.int64),
        ("stage", np.int64),
        ("given", np.int64),  # its number among those given, -1: made from an instrument's expiry
        ("key", np.int64),  # twice the bar of its effect, + 1 at the bar's close
        ("link", np.int64),  # PAY: the row that entitled
        ("asset", np.int64),
        ("to", np.int64),
        ("wallet", np.int64),
        ("new", np.float64),  # `new` units for `old` ones
        ("old", np.float64),
        ("amount", np.float64),
        ("rate", np.float64),
        ("price", np.float64),
        ("to_price", np.float64),
        ("withholding", np.float64),
        ("hold", np.bool_),
        ("free", np.bool_),
        ("moves_orders", np.bool_),
        ("entitled", np.float64, (2,)),  # EX: units held, and under hedging of the short side
    ]
)

#: What an action did to one position, or to a wallet (asset and slot -1).
ACTION_EVENT = np.dtype(
    [
        ("action", np.int64),  # `ACTION.given`
        ("kind", np.int64),
        ("stage", np.int64),
        ("bar", np.int64),
        ("asset", np.int64),
        ("to", np.int64),
        ("slot", np.int64),
        ("wallet", np.int64),
        ("size_before", np.float64),  # PAY: units that were entitled, twice
        ("size_after", np.float64),
        ("price", np.float64),  # at which units were closed or valued, NaN: none
        ("cash", np.float64),  # what it moved into the wallet
        ("orders", np.int64),  # orders that it changed, moved or ended
    ]
)

#: Rows of `ACTION_EVENT` that one action can make at most.
MOST_EVENTS = 4
#: `key` when no action is left.
NEVER = 2**62

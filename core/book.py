"""`Book`: all arrays of a simulation in one tuple, and how kernels are handed it.

A kernel called from Python with twenty arrays spends microseconds on taking them apart. The entry
kernels therefore take a table of handles (address and shape of each array) and open it inside:
0.4 us for a call instead of 7; see `book_type`. Interpreted kernels are given the tuple itself.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .account import ACCOUNT, POSITION
from .costs import TERMS
from .jit import Intrinsic, njit
from .orders import EVENT, FILL, ORDER
from .rows import ACTION, ACTION_EVENT, GUARD, RISK, RISK_STATE
from .rules import RULES

# Rows of `Book.values`.
OPEN, HIGH, LOW, CLOSE_FIELD, VOLUME = 0, 1, 2, 3, 4

# Rows of `Book.queue`: orders that can trade, orders on their way to the market or waiting for
# their cash check, children whose parent filled in this bar.
PENDING, WAITING, ACTIVATING = 0, 1, 2


class Book(NamedTuple):
    """The state of a simulation and the market it runs on. T times, N assets, S slots, W wallets.

    A slot is a position: asset n has slot n and, under `Positioning.HEDGING`, slot N + n for its
    short side. A wallet is the cash in one currency at one venue.
    """

    times: np.ndarray  # int64[T]: ns, UTC
    sessions: np.ndarray  # int64[T]: number of the session of each time, not decreasing
    values: np.ndarray  # float64[5, N, T]: open, high, low, close, volume
    rows: np.ndarray  # int32[N, T]: latest bar of each asset, -1 before its first; (0, 0): all have
    stamps: np.ndarray  # int64[N, T]: ns, what each bar bears; (0, 0): the time at which it comes
    columns: np.ndarray  # float64[K, N, T]: what the data has beyond that; see `rules.COLUMNS`
    conversion: np.ndarray  # float64[W, T]: a wallet's currency in the account's; (0, 0): all 1
    finer: np.ndarray  # float64[5, N, F]: bars inside the bars; (5, 0, 0): none
    finer_from: np.ndarray  # int64[T + 1]: bar t holds finer_from[t] to finer_from[t + 1]; [1]
    rules: np.ndarray  # RULES[1]
    terms: np.ndarray  # TERMS[N]
    account: np.ndarray  # ACCOUNT[W]: cash of each wallet; the counts stand in row 0
    positions: np.ndarray  # POSITION[S]
    orders: np.ndarray  # ORDER[·]
    queue: np.ndarray  # int64[3, ·]: see `PENDING`
    fills: np.ndarray  # FILL[·]
    events: np.ndarray  # EVENT[·]
    curve: np.ndarray  # float64[2, T]: cash and equity after each bar; inf: none was marked
    risk: np.ndarray  # RISK[R]: the rules that are on
    risk_state: np.ndarray  # RISK_STATE[R, S]
    guards: np.ndarray  # GUARD[S], empty without rules
    actions: np.ndarray  # ACTION[·]: in the sequence of their effect
    action_events: np.ndarray  # ACTION_EVENT[·]
    hooks: np.ndarray  # int64[·]: addresses of what is compiled apart, see `hooks`
    memory: np.ndarray  # float64[·, ·]: the strategy's own numbers, see `run`
    path: np.ndarray  # float64[8, N, 1]: scratch: see `filling.PATH_FIELDS`


_I8 = np.dtype(np.int64)
_F8 = np.dtype(np.float64)

#: Name, dtype and number of dimensions of each array, in the order of `Book`.
FIELDS: tuple[tuple[str, np.dtype, int], ...] = (
    ("times", _I8, 1),
    ("sessions", _I8, 1),
    ("values", _F8, 3),
    ("rows", np.dtype(np.int32), 2),
    ("stamps", _I8, 2),
    ("columns", _F8, 3),
    ("conversion", _F8, 2),
    ("finer", _F8, 3),
    ("finer_from", _I8, 1),
    ("rules", RULES, 1),
    ("terms", TERMS, 1),
    ("account", ACCOUNT, 1),
    ("positions", POSITION, 1),
    ("orders", ORDER, 1),
    ("queue", _I8, 2),
    ("fills", FILL, 1),
    ("events", EVENT, 1),
    ("curve", _F8, 2),
    ("risk", RISK, 1),
    ("risk_state", RISK_STATE, 2),
    ("guards", GUARD, 1),
    ("actions", ACTION, 1),
    ("action_events", ACTION_EVENT, 1),
    ("hooks", _I8, 1),
    ("memory", _F8, 2),
    ("path", _F8, 3),
)

#: Numbers of one array in a table of handles: its address and up to three lengths.
ENTRY = 4


def handles(book: Book) -> np.ndarray:
    """`int64[fields · ENTRY]`: address and shape of each array, as kernels open them.

    The table holds no reference: it is valid as long as the arrays of `book` live. Raises
    TypeError for an array that is not of its type and C-contiguous.
    """
    table = np.zeros((len(book), ENTRY), dtype=np.int64)
    for row, array, (name, dtype, ndim) in zip(table, book, FIELDS, strict=True):
        if array.dtype != dtype or array.ndim != ndim or not array.flags.c_contiguous:
            raise TypeError(
                f"Book.{name} must be {dtype} in {ndim} dimensions, C-contiguous, not "
                f"{array.dtype}{array.shape}."
            )
        row[0] = array.ctypes.data
        row[1 : 1 + ndim] = array.shape
    return table.reshape(-1)


class _Opened(Intrinsic):
    """Compiled: the `Book` of a table of handles. Interpreted kernels are given the `Book`."""

    def __call__(self, book: Book) -> Book:
        return book


@_Opened
def opened() -> Any:
    from .book_type import opened

    return opened


@Intrinsic
def call_at() -> Any:
    """Calls a compiled strategy; compiled kernels only."""
    from .book_type import call_at

    return call_at


@njit
def row_of(book, asset, t):
    """The asset's latest bar at time index t; -1 when it has none yet."""
    return book.rows[asset, t] if book.rows.shape[0] else t


@njit
def stamp_of(book, asset, row):
    """The time that an asset's bar bears, ns UTC: orders are judged by it."""
    return book.stamps[asset, row] if book.stamps.shape[0] else book.times[row]


@njit
def asset_of(book, slot):
    """The asset of a position slot."""
    n = len(book.terms)
    return slot if slot < n else slot - n

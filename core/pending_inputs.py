"""Inputs and records of signals with waiting entries and margin; see `pending_signals`."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from .matrix import N_INPUTS, ORDER_RECORD, Inputs

# Inputs behind those of `matrix`, by position in the layout table.
(
    ENTRY_TYPE,
    ENTRY_PRICE,
    ENTRY_DELTA,
    ENTRY_EXPIRY,
    UPON_WAITING,
    FILL_BAR,
    TSL_STOP,
    TSL_START,
    LEVERAGE,
    MAINTENANCE,
) = range(N_INPUTS, N_INPUTS + 10)
N_PENDING_INPUTS = N_INPUTS + 10

# Modes, by the number that an input carries.
ENTRY_MARKET, ENTRY_LIMIT, ENTRY_STOP = range(3)
WAITING_KEPT, WAITING_REPLACED = range(2)
FILL_BAR_LOSS, FILL_BAR_BOTH, FILL_BAR_NOTHING = range(3)

#: What each input is where it is left out.
PLAIN: dict[int, float] = {
    ENTRY_TYPE: ENTRY_MARKET,
    ENTRY_PRICE: math.nan,
    ENTRY_DELTA: 0.0,
    ENTRY_EXPIRY: math.nan,
    UPON_WAITING: WAITING_KEPT,
    FILL_BAR: FILL_BAR_LOSS,
    TSL_STOP: math.nan,
    TSL_START: 0.0,
    LEVERAGE: 1.0,
    MAINTENANCE: math.nan,
}

# What made an order.
(
    BY_SIGNAL,
    BY_LIMIT_ENTRY,
    BY_STOP_ENTRY,
    BY_STOP_LOSS,
    BY_TRAILING_STOP,
    BY_TAKE_PROFIT,
    BY_LIQUIDATION,
) = range(7)

_ORIGIN = [("kind", np.int64), ("placed_idx", np.int64), ("level", np.float64)]
#: An order, what made it, the row since which it stood in the market (that of the signal; of a
#: stop or a liquidation that in which it was set), and the level that it waited at or NaN.
PENDING_RECORD = np.dtype(
    [*((name, ORDER_RECORD[name]) for name in ORDER_RECORD.names or ()), *_ORIGIN], align=True
)
#: The same without the order itself.
ORIGIN_RECORD = np.dtype(
    [("id", np.int64), ("col", np.int64), ("idx", np.int64), *_ORIGIN], align=True
)


#: The least that inputs may be, and what they are called.
_LEAST = {
    ENTRY_DELTA: (0.0, "entry delta"),
    ENTRY_EXPIRY: (0.0, "entry expiry"),
    TSL_STOP: (0.0, "trailing stop"),
    TSL_START: (0.0, "start of the trailing stop"),
    LEVERAGE: (1.0, "leverage"),
    MAINTENANCE: (0.0, "maintenance margin"),
}


def _first_place(inputs: Inputs, wrong: np.ndarray) -> str:
    row, column = (int(x) for x in np.argwhere(np.broadcast_to(wrong, inputs.shape))[0])
    return f"row {row}, column {column}"


def check_pending(inputs: Inputs, names: Mapping[int, str] | None = None) -> None:
    """Raise ValueError for an input of this module that has no meaning, naming its first place.

    names: what the caller calls the inputs.
    """
    if 0 in inputs.shape:
        return
    called = {p: name for p, (_, name) in _LEAST.items()} | dict(names or {})
    for p, (least, _) in _LEAST.items():
        values = inputs.matrix(p)
        # Unknown levels mean no entry and no stop; there is no unknown leverage.
        wrong = ~((values >= least) & np.isfinite(values)) if p == LEVERAGE else values < least
        if np.any(wrong):
            raise ValueError(
                f"{called[p]} must be {least:g} or more; it is {float(values[wrong][0]):g} at "
                f"{_first_place(inputs, wrong)}"
            )
    margin = inputs.matrix(MAINTENANCE) * inputs.matrix(LEVERAGE)
    if np.any(margin >= 1.0):
        raise ValueError(
            f"{called[MAINTENANCE]} must be less than the initial margin, 1 / {called[LEVERAGE]}; "
            f"it is not at {_first_place(inputs, margin >= 1.0)}, where what an entry opens would "
            "be liquidated at once"
        )


def separated(fills: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`PENDING_RECORD` as `ORDER_RECORD` and `ORIGIN_RECORD`."""
    out = []
    for dtype in (ORDER_RECORD, ORIGIN_RECORD):
        part = np.empty(len(fills), dtype)
        for name in dtype.names or ():
            part[name] = fills[name]
        out.append(part)
    return out[0], out[1]

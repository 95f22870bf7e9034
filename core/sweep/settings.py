"""The settings of a sweep: what a signal trades, at which cost, with which stops."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from .. import matrix as m
from .. import signals as s
from ..errors import OrderError
from ..execution import AMOUNT, BOTH, LONG_ONLY, PERCENT, SHORT_ONLY, VALUE


class Setting(NamedTuple):
    """An input of the engine, its default, and the words for its modes."""

    number: int
    default: float
    words: Mapping[str, int] = {}


_CONFLICT = {
    "ignore": s.CONFLICT_IGNORE,
    "entry": s.CONFLICT_ENTRY,
    "exit": s.CONFLICT_EXIT,
    "adjacent": s.CONFLICT_ADJACENT,
    "opposite": s.CONFLICT_OPPOSITE,
}

#: Name, and what it stands for. `size` inf: all the cash (a short position: all that is free).
#: `price` inf: the close of the signal's bar. Fees are parts of the value, `fixed_fees` money per
#: order, stops parts of their entry price.
SETTINGS: dict[str, Setting] = {
    "size": Setting(m.SIZE, math.inf),
    "size_type": Setting(
        m.SIZE_TYPE, AMOUNT, {"amount": AMOUNT, "value": VALUE, "percent": PERCENT}
    ),
    "direction": Setting(
        m.SIDES, LONG_ONLY, {"long_only": LONG_ONLY, "short_only": SHORT_ONLY, "both": BOTH}
    ),
    "price": Setting(m.PRICE, math.inf),
    "fees": Setting(m.FEES, 0.0),
    "fixed_fees": Setting(m.FIXED_FEES, 0.0),
    "slippage": Setting(m.SLIPPAGE, 0.0),
    "min_size": Setting(m.MIN_SIZE, 1e-8),
    "max_size": Setting(m.MAX_SIZE, math.inf),
    "granularity": Setting(m.GRANULARITY, math.nan),
    "lock_cash": Setting(m.LOCK_CASH, False),
    "allow_partial": Setting(m.ALLOW_PARTIAL, True),
    "accumulate": Setting(
        m.ACCUMULATE,
        s.ACCUMULATE_NEVER,
        {
            "never": s.ACCUMULATE_NEVER,
            "both": s.ACCUMULATE_BOTH,
            "add": s.ACCUMULATE_ADD,
            "remove": s.ACCUMULATE_REMOVE,
        },
    ),
    "long_conflict": Setting(m.LONG_CONFLICT, s.CONFLICT_IGNORE, _CONFLICT),
    "short_conflict": Setting(m.SHORT_CONFLICT, s.CONFLICT_IGNORE, _CONFLICT),
    "side_conflict": Setting(
        m.SIDE_CONFLICT,
        s.SIDE_IGNORE,
        {
            "ignore": s.SIDE_IGNORE,
            "long": s.SIDE_LONG,
            "short": s.SIDE_SHORT,
            "adjacent": s.SIDE_ADJACENT,
            "opposite": s.SIDE_OPPOSITE,
        },
    ),
    "opposite_entry": Setting(
        m.OPPOSITE_ENTRY,
        s.ENTRY_REVERSE_REDUCE,
        {
            "ignore": s.ENTRY_IGNORE,
            "close": s.ENTRY_CLOSE,
            "close_reduce": s.ENTRY_CLOSE_REDUCE,
            "reverse": s.ENTRY_REVERSE,
            "reverse_reduce": s.ENTRY_REVERSE_REDUCE,
        },
    ),
    "sl_stop": Setting(m.SL_STOP, math.nan),
    "sl_trail": Setting(m.SL_TRAIL, False),
    "tp_stop": Setting(m.TP_STOP, math.nan),
    "stop_entry_price": Setting(
        m.STOP_ENTRY_PRICE,
        s.STOP_FROM_CLOSE,
        {
            "price": s.STOP_FROM_PRICE,
            "fill_price": s.STOP_FROM_FILL,
            "close": s.STOP_FROM_CLOSE,
        },
    ),
    "stop_exit_price": Setting(
        m.STOP_EXIT_PRICE,
        s.STOP_AT_LEVEL,
        {
            "level": s.STOP_AT_LEVEL,
            "market": s.STOP_AT_MARKET,
            "price": s.STOP_AT_PRICE,
            "close": s.STOP_AT_CLOSE,
        },
    ),
    "stop_exit": Setting(
        m.STOP_EXIT,
        s.STOP_CLOSES,
        {
            "close": s.STOP_CLOSES,
            "close_reduce": s.STOP_CLOSES_OR_REDUCES,
            "reverse": s.STOP_REVERSES,
            "reverse_reduce": s.STOP_REVERSES_OR_REDUCES,
        },
    ),
    "stop_update": Setting(
        m.STOP_UPDATE,
        s.STOP_REPLACED,
        {
            "keep": s.STOP_KEPT,
            "replace": s.STOP_REPLACED,
            "always": s.STOP_ALWAYS_REPLACED,
        },
    ),
}


def read(settings: Mapping[str, Any], rows: int) -> dict[str, Any]:
    """The settings as numbers and arrays: a float, or float64[rows] for a value per bar.

    Raises OrderError for a name, a word or a shape that there is not.
    """
    out = {name: float(setting.default) for name, setting in SETTINGS.items()}
    for name, value in settings.items():
        if name not in SETTINGS:
            raise OrderError(f"there is no setting {name!r}; there are {', '.join(SETTINGS)}.")
        out[name] = _number(name, value, rows)
    return out


def _number(name: str, value: Any, rows: int) -> Any:
    words = SETTINGS[name].words
    if isinstance(value, str):
        if value not in words:
            raise OrderError(f"{name}={value!r}: choose from {', '.join(words) or 'numbers'}.")
        return float(words[value])
    array = value.to_numpy() if hasattr(value, "to_numpy") else np.asarray(value)
    if array.ndim == 0:
        number = float(array)
        if words and number not in words.values():
            raise OrderError(f"{name}={value!r}: choose from {', '.join(words)}.")
        return number
    if array.shape != (rows,):
        raise OrderError(
            f"{name} must be a number or have {rows} values, one per bar, not {array.shape}; a "
            "value per parameter set is a parameter of that name."
        )
    return array.astype(np.float64)


def inputs_of(
    shape: tuple[int, int],
    settings: Mapping[str, Any],
    parameters: np.ndarray,
    window: slice,
    arrays: Mapping[int, np.ndarray],
) -> m.Inputs:
    """The engine's inputs for one column per row of `parameters`.

    A parameter that bears the name of a setting stands in its place. arrays: prices and signals.
    """
    values: dict[int, Any] = {m.VAL_PRICE: math.inf, m.RAISE_REJECT: False, **arrays}
    own = parameters.dtype.names or ()
    for name, setting in SETTINGS.items():
        value = settings[name]
        if name in own:
            value = parameters[name][None, :]
        elif isinstance(value, np.ndarray):
            value = value[window, None]
        values[setting.number] = value
    return m.Inputs.of(shape, values)


def uses_stops(settings: Mapping[str, Any], parameters: np.ndarray) -> bool:
    """Whether any column has a stop."""
    own = parameters.dtype.names or ()
    return any(
        bool(np.any(~np.isnan(parameters[name] if name in own else settings[name])))
        for name in ("sl_stop", "tp_stop")
    )

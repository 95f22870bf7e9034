"""VectorBT's arguments in the terms of the engine: modes to numbers, defaults, call sequence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ....core import matrix as m
from .._settings import settings
from . import enums

# Argument name -> (input of the engine, enumeration of its words or None).
ORDER_ARGUMENTS: dict[str, tuple[int, object]] = {
    "size": (m.SIZE, None),
    "price": (m.PRICE, None),
    "size_type": (m.SIZE_TYPE, enums.SizeType),
    "direction": (m.SIDES, enums.Direction),
    "fees": (m.FEES, None),
    "fixed_fees": (m.FIXED_FEES, None),
    "slippage": (m.SLIPPAGE, None),
    "min_size": (m.MIN_SIZE, None),
    "max_size": (m.MAX_SIZE, None),
    "size_granularity": (m.GRANULARITY, None),
    "lock_cash": (m.LOCK_CASH, None),
    "allow_partial": (m.ALLOW_PARTIAL, None),
    "raise_reject": (m.RAISE_REJECT, None),
    "val_price": (m.VAL_PRICE, None),
    "reject_prob": (m.REJECT_PROB, None),
    "log": (m.LOG, None),
}

SIGNAL_ARGUMENTS: dict[str, tuple[int, object]] = {
    **{k: v for k, v in ORDER_ARGUMENTS.items() if k not in ("direction", "val_price")},
    "accumulate": (m.ACCUMULATE, enums.AccumulationMode),
    "upon_long_conflict": (m.LONG_CONFLICT, enums.ConflictMode),
    "upon_short_conflict": (m.SHORT_CONFLICT, enums.ConflictMode),
    "upon_dir_conflict": (m.SIDE_CONFLICT, enums.DirectionConflictMode),
    "upon_opposite_entry": (m.OPPOSITE_ENTRY, enums.OppositeEntryMode),
    "val_price": (m.VAL_PRICE, None),
    "open": (m.OPEN, None),
    "high": (m.HIGH, None),
    "low": (m.LOW, None),
    "close": (m.CLOSE, None),
    "sl_stop": (m.SL_STOP, None),
    "sl_trail": (m.SL_TRAIL, None),
    "tp_stop": (m.TP_STOP, None),
    "stop_entry_price": (m.STOP_ENTRY_PRICE, enums.StopEntryPrice),
    "stop_exit_price": (m.STOP_EXIT_PRICE, enums.StopExitPrice),
    "upon_stop_exit": (m.STOP_EXIT, enums.StopExitMode),
    "upon_stop_update": (m.STOP_UPDATE, enums.StopUpdateMode),
    "entries": (m.ENTRIES, None),
    "exits": (m.EXITS, None),
    "short_entries": (m.SHORT_ENTRIES, None),
    "short_exits": (m.SHORT_EXITS, None),
    "direction": (m.SIDES, enums.Direction),
}


def number_of(name: str, words, value) -> Any:
    """A mode as its number: a word (case and underscores do not count), a number, or arrays."""
    if words is None or value is None:
        return value
    if isinstance(value, str):
        return _number_of_word(name, words, value)
    if isinstance(value, (bool, int, float, np.number, np.bool_)):
        return value
    if isinstance(value, (list, tuple)):
        return np.array([number_of(name, words, v) for v in value])
    kind = getattr(value, "dtype", None)
    if hasattr(value, "dtypes") and getattr(value, "ndim", 1) == 2:  # a DataFrame
        return value.map(lambda v: number_of(name, words, v))
    if kind is not None and getattr(kind, "kind", "O") in "biuf":
        return value
    if hasattr(value, "map") and hasattr(value, "index"):  # a Series
        return value.map(lambda v: number_of(name, words, v)).astype(float)
    array = np.asarray(value)
    flat = [number_of(name, words, v) for v in array.ravel().tolist()]
    return np.array(flat, dtype=float).reshape(array.shape)


def _number_of_word(name: str, words, value: str) -> int:
    known = {k.lower(): v for k, v in words._asdict().items()}
    key = value.lower().replace("_", "")
    if key not in known:
        choices = ", ".join(words._asdict())
        raise ValueError(f"{name}={value!r} is unknown; choose from {choices}")
    return known[key]


def check_modes(name: str, words, values: np.ndarray) -> None:
    """Raise ValueError for a mode number that the enumeration does not have."""
    if words is None:
        return
    bad = ~np.isin(values, np.array(list(words), dtype=float))
    if np.any(bad):
        raise ValueError(
            f"{name} contains {float(values[bad][0]):g}, which is not one of "
            + ", ".join(f"{v} ({k})" for k, v in words._asdict().items())
        )


def init_cash_of(value) -> tuple[object, int | None]:
    """Initial cash and, where it follows from the orders, the mode (auto or autoalign).

    A Python int of 0 or 1 is a mode, not an amount: that is how the original reads it.
    """
    if isinstance(value, str):
        value = _number_of_word("init_cash", enums.InitCashMode, value)
    if isinstance(value, int) and value in enums.InitCashMode:
        return np.inf, int(value)
    return value, None


#: A call sequence that is drawn at random.
RANDOM = "random"


def is_automatic(value) -> bool:
    """Whether `call_seq` asks for sales first."""
    if isinstance(value, str):
        value = _number_of_word("call_seq", enums.CallSeqType, value)
    return isinstance(value, int) and value == enums.CallSeqType.Auto


def call_sequence_of(value, lengths: np.ndarray, shape: tuple[int, int]):
    """The call sequence of the engine: None, "auto", `RANDOM`, or places within the pools."""
    if isinstance(value, str):
        value = _number_of_word("call_seq", enums.CallSeqType, value)
    if isinstance(value, int):
        if value == enums.CallSeqType.Auto:
            return "auto"
        if value == enums.CallSeqType.Random:
            return RANDOM
        if value == enums.CallSeqType.Reversed:
            return np.concatenate([np.arange(n)[::-1] for n in lengths])[None, :]
        return None
    array = np.asarray(value)
    if array.ndim == 1:
        array = array[None, :]
    return np.broadcast_to(array, shape)


def switches_of(engine: str) -> dict[str, bool]:
    """What the original's two engines differ in: dividing by `size_granularity`, and the place
    of sales without a valuation price in an automatic call sequence.
    """
    numba = engine == "numba"
    return {"floor_division": numba, "unvalued_last": numba}


_WHOLE = ("size_type", "direction", "accumulate", "stop_entry_price", "stop_exit_price")
_FLAGS = ("entries", "exits", "short_entries", "short_exits", "lock_cash", "allow_partial",
          "raise_reject", "log", "sl_trail")  # fmt: skip


def unfit_for_rust(values: dict[str, Any], arrays: dict[str, Any]) -> str | None:
    """Why the original's Rust engine does not take these inputs, None if it does.

    It takes the type that it computes with, and smaller ones of the same kind. values: as they
    were given (modes as numbers); arrays: the same brought to one shape.
    """
    for name, value in values.items():
        if np.ndim(value) == 0:
            continue
        whole = name in _WHOLE or name.startswith("upon_")
        kind = "iu" if whole else "b" if name in _FLAGS else "f"
        own = getattr(value, "dtype", None) if whole else arrays[name].dtype
        if own is None or getattr(own, "kind", "O") == "O":
            continue
        if own.kind not in kind or own == np.uint64 or own.itemsize > 8:
            wanted = {"iu": "int64", "b": "bool", "f": "float64"}[kind]
            return f"{name} is of type {own}, which the engine does not take for {wanted}"
    return None


def default(name: str, value, key: str | None = None):
    """The argument, or the portfolio setting where the script left it out."""
    return settings["portfolio"][key or name] if value is None else value


def any_true(values: Iterable) -> bool:
    """Whether a boolean argument (scalar or array) is set anywhere."""
    return bool(np.any(np.asarray(values)))

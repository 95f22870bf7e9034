"""Jitted indicators on whole columns.

Every function takes float64[T] columns (time along the only axis) and `start`, the first index at
which its inputs are defined; it returns a new float64[T] that is NaN before its own first value.
Sums are exactly rounded, recursions run in time order, so that a comparison of two columns does
not depend on how they were computed.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: The kernels of each module; a module is loaded when one of them is asked for.
_MODULES = {
    "adaptive": "smooth_by",
    "bands": "bollinger_bands standard_deviation",
    "crossing": "cross_down cross_over cross_up last_nonzero_difference",
    "momentum": "macd rsi",
    "moving_average": "exponential_average simple_average smoothed_average weighted_average",
    "ranges": "average_true_range highest lowest true_high true_low true_range",
    "windows": "all_nonzero any_nonzero bars_since_extreme running_sum weighted_sum",
    "zero_lag": "error_correcting_average",
}
_WHERE = {name: module for module, names in _MODULES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_WHERE[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})

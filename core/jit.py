"""The one place that sets the compile options of every kernel."""

from typing import Any

from numba import njit as _njit
from numba import prange

__all__ = ["njit", "prange"]


def njit(function=None, *, parallel: bool = False, inline: str = "never") -> Any:
    """Compile a kernel, cached on disk.

    `parallel` lets `prange` loops use every core. Floating point is strict (no `fastmath`): a
    reordered sum can change whether an order is accepted. Division follows IEEE (1/0 is inf)
    since a kernel must not raise. `NUMBA_DISABLE_JIT=1` leaves the plain Python function.
    """
    options = {"cache": True, "parallel": parallel, "error_model": "numpy", "inline": inline}
    if function is None:
        return lambda wrapped: _njit(wrapped, **options)
    return _njit(function, **options)

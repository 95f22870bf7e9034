"""Kernels that the engine calls through their address: compiled only where they are used.

What most simulations never ask for (risk rules, corporate actions, margin calls, prices that walk
a bar) would triple the time that the engine takes to compile. Such a kernel is declared `apart`;
those that call it find its machine code in `Book.hooks`, where `Simulation` has put the addresses
of the kernels that its settings need. Interpreted kernels call each other as usual.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .jit import Kernel

#: All such kernels. A kernel's index here is its place in `Book.hooks`, and part of the machine
#: code of those that call it: that is why it is not the sequence of imports.
NAMES = (
    "finance",
    "apply_actions",
    "receive",
    "pass_inside",
    "buying_power",
    "screen",
    "call_margin",
    "admit",
    "may_grow",
    "after_fill",
    "protect",
    "protect_rest",
    "follow",
    "follow_part",
    "oversee",
)


class Apart(Kernel):
    """A kernel of a `Book` and integers (floats where annotated so) that returns an integer."""

    def __init__(self, function: Callable[..., Any]) -> None:
        options = {"cache": True, "parallel": False, "error_model": "numpy", "inline": "never"}
        super().__init__(function, options)
        self.place = NAMES.index(function.__name__)
        names = function.__code__.co_varnames[1 : function.__code__.co_argcount]
        kinds = function.__annotations__
        self._floats = tuple(kinds.get(name) == "float" for name in names)

    @property
    def address(self) -> int:
        """Of its machine code, which is compiled or found on disk now."""
        from .book_type import address_of

        return address_of(self.dispatcher, self._floats)

    @functools.cached_property
    def _through(self) -> Any:
        from .book_type import through

        return through(self.place, self._floats)

    @property
    def _numba_type_(self) -> Any:
        # What those see that call it.
        from numba.core.types import Dispatcher

        return Dispatcher(self._through)


def apart(function: Callable[..., Any]) -> Any:
    """Declare a kernel that is compiled apart; its name stands in `NAMES`."""
    return Apart(function)

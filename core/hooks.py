"""Kernels that the engine calls through their address: compiled only where they are used.

What most simulations never ask for (risk rules, corporate actions, margin calls, prices that walk
a bar) would triple the time that the engine takes to compile. Such a kernel is declared here, as in
a header, and defined in a module of its own, which nothing imports that only calls it: it costs no
time to start either. Machine code finds the kernel's address in `Book.hooks`, where `Simulation`
has put those that its settings need; an interpreted kernel is imported when it is first called.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import import_module
from typing import Any

from .jit import STRICT, Kernel

#: All hooks. The index of one here is its place in `Book.hooks`, and part of the machine code of
#: those that call it.
HOOKS: list[Hook] = []


class Hook:
    """A kernel as its callers see it: what is declared here, and defined as `apart` elsewhere.

    It takes a `Book` and integers (floats where annotated so) and returns an integer.
    """

    def __init__(self, home: str, declared: Callable[..., Any]) -> None:
        self.home = home
        self.name = declared.__name__
        self.place = len(HOOKS)
        self.parameters = _parameters(declared)
        self._floats = tuple(is_float for _, is_float in self.parameters)

    @functools.cached_property
    def kernel(self) -> Kernel:
        """What `home` defines."""
        return getattr(import_module(f".{self.home}", __package__), self.name)

    def __call__(self, *arguments: Any) -> Any:
        return self.kernel(*arguments)

    @property
    def address(self) -> int:
        """Of its machine code, which is compiled or found on disk now."""
        from .book_type import address_of

        return address_of(self.kernel.dispatcher, self._floats)

    @functools.cached_property
    def _through(self) -> Any:
        from .book_type import through

        return through(self.place, self._floats)

    @property
    def _numba_type_(self) -> Any:
        # What those see that call it.
        from numba.core.types import Dispatcher

        return Dispatcher(self._through)


class Apart(Kernel):
    """The definition of a hook. Whoever calls it by this name calls the hook."""

    def __init__(self, function: Callable[..., Any], hook: Hook) -> None:
        super().__init__(function, STRICT)
        self.hook = hook

    @property
    def _numba_type_(self) -> Any:
        return self.hook._numba_type_


def apart(function: Callable[..., Any]) -> Any:
    """Define a kernel that is declared here; TypeError where the two do not agree."""
    home, name = function.__module__.rpartition(".")[2], function.__name__
    for hook in HOOKS:
        if (hook.home, hook.name, hook.parameters) == (home, name, _parameters(function)):
            return Apart(function, hook)
    raise TypeError(f"{home}.{name} is not declared in hooks, or not with these parameters.")


def _parameters(function: Callable[..., Any]) -> tuple[tuple[str, bool], ...]:
    """Those after the `Book`, and whether each is a float."""
    code, kinds = function.__code__, function.__annotations__
    return tuple((n, kinds.get(n) == "float") for n in code.co_varnames[1 : code.co_argcount])


def _of(home: str) -> Callable[[Callable[..., Any]], Any]:
    """Declare a kernel of the module `home`."""

    def declare(declared: Callable[..., Any]) -> Hook:
        HOOKS.append(Hook(home, declared))
        return HOOKS[-1]

    return declare


@_of("financing")
def finance(book, t): ...


@_of("action_kernels")
def apply_actions(book, key): ...


@_of("pricing_kernels")
def carry(book, t): ...


@_of("pricing_kernels")
def settle_own(book, slot, close: float): ...


@_of("pricing_kernels")
def preview_own(book, i, quantity: float, price: float, cash: float): ...


@_of("pricing_kernels")
def fill_own(book, i, quantity: float, price: float, maker, refuse): ...


@_of("messages")
def receive(book, t): ...


@_of("intrabar")
def pass_inside(book): ...


@_of("margin")
def buying_power(book, i, units: float, price: float, maker, filling): ...


@_of("margin")
def screen(book): ...


@_of("margin")
def call_margin(book, t): ...


@_of("risk_limits")
def admit(book, i, t): ...


@_of("risk_limits")
def may_grow(book, i, remaining: float, t): ...


@_of("risk_guard")
def after_fill(book, i, price: float): ...


@_of("risk_guard")
def protect(book, asset): ...


@_of("intrabar")
def protect_rest(book): ...


@_of("risk_guard")
def follow(book, asset, price: float, sends): ...


@_of("risk_guard")
def follow_part(book, asset, f): ...


@_of("risk_guard")
def oversee(book, t): ...


#: What an asset with functions of its own needs, or one with a carry.
OF_PRICING = (carry, settle_own, preview_own, fill_own)
#: What risk rules need.
OF_RISK = (admit, may_grow, protect_rest, after_fill, protect, follow, follow_part, oversee)

"""Compiled functions with public names: what a script calls from Python and from its own ones."""

from __future__ import annotations

from typing import Any

from ...core.jit import STRICT, Kernel


class PublicKernel(Kernel):
    """A kernel that Python may call with keyword arguments."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.chosen(*arguments, **named)


def njit(function) -> Any:
    """Declare one; compiled on first use and cached on disk, as `core.jit.njit` does."""
    return PublicKernel(function, STRICT)


class _Shared(PublicKernel):
    """A kernel of the core that Python may call with keyword arguments; it compiles once."""

    def __init__(self, kernel: Kernel) -> None:
        super().__init__(kernel.py_func, kernel._options)
        self._kernel = kernel

    @property
    def dispatcher(self) -> Any:
        return self._kernel.dispatcher


def public(kernel: Kernel) -> Any:
    """A kernel of the core under a public name."""
    return _Shared(kernel)

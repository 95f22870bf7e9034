"""Which algorithm the functions of `zipline.api` speak to: the one that runs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .algorithm import Algorithm

_running: list[Algorithm] = []


def algorithm(function: str) -> Algorithm:
    """The running algorithm; `function` names the caller for the error when there is none."""
    if not _running:
        raise RuntimeError(f"zipline.api.{function} works only while an algorithm runs.")
    return _running[-1]


@contextmanager
def running(one: Algorithm):
    """Make `one` the running algorithm; the one before comes back at the end."""
    _running.append(one)
    try:
        yield
    finally:
        _running.pop()

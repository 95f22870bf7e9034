"""Hooks that note what happens."""

from __future__ import annotations

from contextlib import contextmanager
from typing import NamedTuple

from .iface import PipelineHooks


class Call(NamedTuple):
    """A method of hooks with what it was given."""

    method_name: str
    args: tuple
    kwargs: dict


class ContextCall(NamedTuple):
    """The "enter" or "exit" of a call."""

    state: str
    call: Call

    @property
    def method_name(self) -> str:
        return self.call.method_name

    @property
    def args(self) -> tuple:
        return self.call.args

    @property
    def kwargs(self) -> dict:
        return self.call.kwargs


class TestingHooks(PipelineHooks):
    """Notes every enter and exit in the list `trace`."""

    __test__ = False  # no test case, whatever its name says

    def __init__(self) -> None:
        self.trace: list[ContextCall] = []

    def clear(self) -> None:
        """Forget what was noted."""
        self.trace = []

    @contextmanager
    def _noted(self, name: str, args: tuple, kwargs: dict):
        call = Call(name, args, kwargs)
        self.trace.append(ContextCall("enter", call))
        yield
        self.trace.append(ContextCall("exit", call))

    def running_pipeline(self, *args, **kwargs):
        return self._noted("running_pipeline", args, kwargs)

    def computing_chunk(self, *args, **kwargs):
        return self._noted("computing_chunk", args, kwargs)

    def loading_terms(self, *args, **kwargs):
        return self._noted("loading_terms", args, kwargs)

    def computing_term(self, *args, **kwargs):
        return self._noted("computing_term", args, kwargs)

"""Filters over the last days of another filter."""

from __future__ import annotations

from .filter import CustomFilter


class All(CustomFilter):
    """Passes what passed the input on every day of the window."""

    def compute(self, today, assets, out, arg):
        out[:] = arg.sum(axis=0) == self.window_length


class Any(CustomFilter):
    """Passes what passed the input on some day of the window."""

    def compute(self, today, assets, out, arg):
        out[:] = arg.sum(axis=0) > 0


class AtLeastN(CustomFilter):
    """Passes what passed the input on at least N days of the window."""

    params = ("N",)

    def compute(self, today, assets, out, arg, N):
        out[:] = arg.sum(axis=0) >= N

"""What runs after `handle_data`, at which bars of a run."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .utils.events import firing


class Schedule:
    """Functions and their rules, in the sequence in which they were added.

    due: for each bar whether anything has to be run or asked; it grows with `add`.
    """

    def __init__(self, times: np.ndarray) -> None:
        """times: int64[T] ns UTC, when the bars end."""
        self._times = times
        self.due = bytearray(len(times))
        self._entries: list[tuple[bytes | None, Callable, Callable]] = []

    def add(self, rule, function: Callable, first: int) -> None:
        """Run `function(context, data)` at the bars from `first` on at which the rule holds."""
        fires = firing(rule, self._times, first)
        due = np.frombuffer(self.due, dtype=np.uint8)
        if fires is None:
            due[first:] = 1
        else:
            due |= fires
        entry = (None if fires is None else fires.tobytes(), rule.should_trigger, function)
        self._entries.append(entry)

    def run(self, t: int, context, data, clock: Callable) -> None:
        """What is due at bar t; clock() is its time. What is added meanwhile runs too."""
        for fires, holds, function in self._entries:
            if holds(clock()) if fires is None else fires[t]:
                function(context, data)

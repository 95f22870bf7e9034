"""Quiet bars: those at which a strategy's `next` does nothing, found beforehand on whole columns.

Most calls of `next` compare a few lines and return. Where its source is known, and all that it
reads there are lines, positions, parameters and plain attributes, the bars at which it would do
anything are computed as a mask, and it is called at these only. Whatever is not certain counts as
doing something. `FILLPROOF_QUIET=0` calls it at every bar; the outcome is the same.
"""

from __future__ import annotations

import os
import sys
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

import numpy as np

from .broker import BackBroker
from .lines import bar_by_bar
from .quiet_source import definition, watched, writes_arrays
from .quiet_state import Sight
from .quiet_walk import Walk
from .strategy import Strategy
from .unsupported import unsupported

#: How many bars the first look ahead covers; each further one covers more.
FIRST_LOOK = 128
GROWTH = 32
#: What a look ahead and a question for the next bar cost, in saved calls of `next`; and what may
#: be spent before anything is saved.
LOOK_COST, QUESTION_COST, CREDIT = 20, 1, 600
#: How many outcomes are kept before they are thrown away.
_MOST_SHAPES, _MOST_OUTCOMES = 12, 20_000


class _Outcome:
    """At which times from `start` to `stop` `next` is called, in sequence.

    width: how many bars the next look ahead with the same answers covers.
    """

    __slots__ = ("acts", "start", "stop", "width")

    def __init__(self, start: int, stop: int, acts: list[int], width: int) -> None:
        self.start, self.stop, self.acts, self.width = start, stop, acts, width


def _asking(questions: list[Callable[[], Any]]) -> Callable[[], Any]:
    """What asks all of them: one answer, or a tuple of them."""
    if len(questions) == 1:
        return questions[0]
    return lambda: tuple([question() for question in questions])


class Guard:
    """Which bar is the next one at which a strategy's `next` has to be called.

    steady: whether the broker's pass runs nobody else's code. over: nothing is gained here any
    more, and `next` is to be called at each bar.
    """

    def __init__(self, strategy: Strategy, body: list[Any], sight: Sight) -> None:
        self.strategy, self.body, self.sight = strategy, body, sight
        self.cls = type(strategy)
        self.function = self.cls.next
        self.size = sight.size
        self.over = False
        broker = strategy.cerebro._broker
        self._broker, self._own_pass = vars(broker), type(broker).next is BackBroker.next
        self.steady = self._steady()
        #: By what was asked: the questions, and by their answers the outcome.
        self._shapes: dict[Any, tuple[Callable[[], Any], dict[Any, _Outcome]]] = {}
        self._credit = CREDIT
        #: When `due` was asked last, and what it said.
        self._asked = self._due = 0

    def due(self, t: int) -> int:
        """The first time from `t` on at which `next` is called, if nothing happens before it."""
        self._credit += min(t, self._due) - self._asked - QUESTION_COST
        self._asked = self._due = t
        cls, sight = self.cls, self.sight
        if (
            self._credit < 0
            # `next` is not the one that was read any more, or somebody watches its calls.
            or type(self.strategy) is not cls
            or cls.next is not self.function
            or "next" in sight.space
            or sys.gettrace() is not None
            or sys.getprofile() is not None
        ):
            self.over = True
            return t
        if not sight.valid():
            sight.forget()
            self._shapes.clear()
        self.steady = self._steady()
        while t < self.size:
            outcome = self._outcome(t)
            acts = outcome.acts
            place = bisect_left(acts, t)
            if place < len(acts):
                t = acts[place]
                break
            t = outcome.stop
        self._due = t
        return t

    def _steady(self) -> bool:
        broker = self._broker
        # In the instance: attributes of a class with `__getattr__` are slow to read.
        return self._own_pass and not (
            broker["_pricings"] or broker["_userhist"] or broker["_fundhist"] or "next" in broker
        )

    def _outcome(self, t: int) -> _Outcome:
        """What `next` does from a time on, with what is there now."""
        width = FIRST_LOOK
        for ask, outcomes in self._shapes.values():
            outcome = outcomes.get(ask())
            if outcome is not None:
                if outcome.start <= t < outcome.stop:
                    return outcome
                # It comes back: the further it is looked ahead.
                width = max(width, outcome.width)
        self._credit -= LOOK_COST
        return self._look(t, min(t + width, self.size), width * GROWTH)

    def _look(self, start: int, stop: int, width: int) -> _Outcome:
        """Walk through `next` at the times from `start` to `stop`."""
        walk = Walk(self.sight, start, stop)
        walk.body(self.body, True)
        acts = (walk.acts.nonzero()[0] + start).tolist()
        shape = tuple(walk.asked)
        if shape not in self._shapes:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            self._shapes[shape] = (_asking([getattr(slot, name) for slot, name in shape]), {})
        outcomes = self._shapes[shape][1]
        if len(outcomes) >= _MOST_OUTCOMES:
            outcomes.clear()
        outcome = _Outcome(start, stop, acts, width)
        answers = tuple(walk.asked.values())
        outcomes[answers[0] if len(answers) == 1 else answers] = outcome
        return outcome

    def end(self) -> None:
        """After the bars: nobody wrote into an array whose values were taken as they were."""
        if self.sight.altered():
            raise unsupported(
                "writing into the array of a line while the bars are played",
                "Write by index (line[0] = value), or set FILLPROOF_QUIET=0.",
            )


class Guards:
    """The guards of the strategies of a run, in sequence. over: none of them is of use any more."""

    def __init__(self, cerebro: Any, strategies: list[Strategy], first: int) -> None:
        self.guards = [guard_of(cerebro, strategy, first) for strategy in strategies]
        self._known = [guard for guard in self.guards if guard is not None]
        self.over = not self._known
        #: Whether the broker's pass runs nobody else's code.
        self.steady = not self.over and self._known[0].steady
        #: Whether anything has run since this was made False.
        self.stirred = True
        #: Whether bars at which nothing is called need not be visited.
        self._leaps = len(self._known) == len(strategies)
        self._leaps = self._leaps and not any(strategy._late for strategy in strategies)
        #: By strategy: the time at which `next` is called, as long as nothing happens; -1: unknown.
        self._due = [-1] * len(strategies)

    def stir(self) -> None:
        """Code of the script has run, or orders have been executed."""
        self._due = [-1] * len(self._due)
        self.stirred = True

    def nothing(self, number: int, t: int) -> bool:
        """Whether `next` of a strategy does nothing at a time; if not, it is called."""
        guard = self.guards[number]
        if guard is not None and not guard.over:
            if self._due[number] < 0:
                self._due[number] = guard.due(t)
                self.steady = guard.steady
            if t < self._due[number]:
                return True
            if guard.over:
                self._leaps = False
                self.over = all(one.over for one in self._known)
        self.stir()
        return False

    def until(self) -> int:
        """The next time at which any `next` is called, as far as that is known; else -1."""
        return min(self._due) if self._leaps else -1

    def end(self) -> None:
        """See `Guard.end`."""
        for guard in self._known:
            guard.end()


def guard_of(cerebro: Any, strategy: Strategy, first: int) -> Guard | None:
    """The guard of a strategy's `next`, which is called from time `first` on.

    None where its source or the times at which lines change are not known, where somebody watches
    the calls, and where there are too few of them.
    """
    clock, cls = cerebro._clock, type(strategy)
    size = len(clock)
    if os.environ.get("FILLPROOF_QUIET") == "0" or bar_by_bar():
        return None
    if clock.show is not None or clock.lengths is not None or clock.uneven or clock.growing:
        return None
    if "next" in strategy.__dict__ or watched():
        return None
    function = next((b.__dict__["next"] for b in cls.__mro__ if "next" in b.__dict__), None)
    node = definition(function)
    if node is None or writes_arrays(cls):
        return None
    every = np.arange(size)
    rows: dict[int, Any] = {id(strategy._standing): None, id(cerebro._cursor): None}
    for feed, row in zip(cerebro.datas, clock.rows, strict=True):
        if (row[1:] < row[:-1]).any() or (row[first:] < 0).any():
            return None
        rows[id(feed.cursor)] = None if np.array_equal(row, every) else row
    for feed, cursor in strategy._apart:
        rows[id(cursor)] = rows[id(feed.cursor)]
    return Guard(strategy, node.body, Sight(strategy, function, rows, first, size))

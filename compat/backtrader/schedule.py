"""Before the bar loop: evaluate a strategy's lines, then tie each to the clock it follows.

While lines are evaluated each has a cursor of its own, as indicators that are written as `next()`
walk over their datas. In the bar loop what a strategy made follows its data; what an indicator
made for itself stays where the evaluation left it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .failing import Failing
from .lines import Cursor, Line, ReadAhead, bar_by_bar
from .ticks import Changing, Ticks, set_ticks
from .unsupported import unsupported


def _lines_of(obj: Any) -> list[Line]:
    return [obj] if isinstance(obj, Line) else list(obj.lines)


def follow_clocks(strategy: Any, clock: Any, master: Cursor, early: bool) -> None:
    """Evaluate the lines of `strategy` and give its indicators the cursors of their datas.

    early: strategies are called before indicators move (cheat-on-open), so indicators get cursors
    of their own. Indicators whose clock is not a data are moved bar by bar (`strategy._late`).
    """
    datas = strategy.datas
    shared = [data.cursor for data in datas]
    for data in datas:
        for line in data.lines:
            line.cursor = Cursor()
    now = None
    if bar_by_bar():
        from .rounds import Rounds

        played = isinstance(clock, Rounds)
        preloaded = strategy.cerebro._dopreload and not played
        now = Ticks(strategy, datas, _rows_of(strategy, clock), preloaded, played)
        if clock.lengths is not None:
            now._rows[id(strategy)] = clock.lengths - 1
        if clock.uneven:
            _check_steps(strategy, now)
    own = strategy._indicators
    if now is not None:
        strategy._indicators = own + _lent(strategy, now, clock)
    set_ticks(now)
    try:
        strategy._once()
    finally:
        set_ticks(None)
        strategy._indicators = own
    for data, cursor in zip(datas, shared, strict=True):
        for line in data.lines:
            line.cursor = cursor
    for cursor in shared:
        cursor.idx = -1
    master.idx = -1
    moving = {id(cursor): (Cursor() if early else cursor) for cursor in shared}
    strategy._apart = list(zip(datas, moving.values(), strict=True)) if early else []
    known = {id(cursor) for cursor in (*shared, *moving.values())}
    strategy._late = []
    for child in _tied(strategy):
        lead = _lines_of(child._clock)[0].cursor
        if id(lead) in known:
            follow = moving.get(id(lead), lead)
            for line in _lines_of(child):
                line.cursor = follow
        else:
            strategy._late.append(child)
    if now is not None and now.changing:
        strategy._late.append(Changing(now.changing))
    if now is not None and now.failure is not None:
        strategy._late.append(Failing(*now.failure))
    if now is not None:
        _grow(strategy, now, clock, master)
        for observer in strategy._observers:
            _place(observer)
    time = strategy.lines.datetime
    # A child that follows the strategy must still see its previous length.
    apart = early or strategy._late or clock.lengths is not None or clock.show is not None
    time.cursor = Cursor() if apart else master
    time.set_column(clock.times)
    strategy._places = None
    if clock.lengths is not None:
        time._seen = clock.times
        places = clock.lengths - 1
        strategy._places = places.tolist()
        strategy._late.append(Changing([(time, places)]))
    for line in strategy.lines:
        if line is not time:
            line.allocate(len(clock))
            line.cursor = time.cursor
    strategy._standing = time.cursor


def _lent(strategy: Any, now: Ticks, clock: Any) -> list[Any]:
    """The indicators of observers: they are evaluated with those of the strategy."""
    lent = [child for observer in strategy._observers for child in observer._lend()]
    if lent and (now.mixed or clock.uneven):
        raise unsupported(
            "indicators of an observer with runonce=False and datas of different times",
            "Make them in the strategy's __init__.",
        )
    return lent


def _place(observer: Any) -> None:
    """Its indicators move when it is called, which is after the strategy."""
    for child in _tied(observer):
        observer._followed = observer._followed or Cursor()
        for line in _lines_of(child):
            line.cursor = observer._followed
            line.grow()


def _grow(strategy: Any, now: Ticks, clock: Any, master: Cursor) -> None:
    """Let lines be read up to their current bar only, as they grow there."""
    for child in _tied(strategy):
        for line in _lines_of(child):
            line.grow()
    if now.preloaded:
        return
    read = clock.read()
    if strategy.cerebro._exactbars >= 1 and (read > clock.rows + 1).any():
        raise unsupported(
            "exactbars=1 with datas of different times",
            "Use -1 or -2: its short buffers lose step when a bar is read before its time.",
            "reference cannot",
        )
    sizes = dict(zip(strategy.cerebro.datas, read.tolist(), strict=True))
    for data in strategy.datas:
        for line in data.lines:
            line.array = ReadAhead(line.array, line, sizes[data], master)


def _check_steps(strategy: Any, now: Ticks) -> None:
    """Refuse indicators on feeds that go back or leap: they lose step with them there."""
    for child in _tied(strategy):
        for source in (child._clock, *getattr(child, "datas", ())):
            steps = np.diff(now.rows(source), prepend=-1)
            if ((steps < 0) | (steps > 1)).any():
                raise unsupported(
                    f"{type(child).__name__} over a feed that takes back a bar or shows several "
                    "new ones at once",
                    "Compute it in next(), or give the feed alone.",
                )


def _tied(parent: Any) -> Iterator[Any]:
    """What moves bar by bar: the children, and their own children with `runonce=False`."""
    for child in parent._indicators:
        if hasattr(child, "_clock"):
            if bar_by_bar() and hasattr(child, "_indicators"):
                yield from _tied(child)
            yield child


def _rows_of(strategy: Any, clock: Any) -> Any:
    """The rows of the strategy's own datas, in its sequence."""
    feeds = strategy.cerebro.datas
    places = [next(i for i, f in enumerate(feeds) if f is data) for data in strategy.datas]
    return clock.rows[places]


def advance(strategy: Any, tick: int) -> None:
    """Move what does not share a data's cursor: called once per bar in the general loop."""
    for data, cursor in strategy._apart:
        cursor.idx = data.cursor.idx
    standing, late = strategy._standing, strategy._late
    if strategy._places is not None:
        tick = strategy._places[tick]
    if late:
        if bar_by_bar():
            # Then the strategy moves before its children, and those that follow it keep up.
            standing.idx = tick
        for child in late:
            if len(child._clock) > len(child):
                child.advance()
    standing.idx = tick

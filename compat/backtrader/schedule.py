"""Before the bar loop: evaluate a strategy's lines, then tie each to the clock it follows.

While lines are evaluated each has a cursor of its own, as indicators that are written as `next()`
walk over their datas. In the bar loop what a strategy made follows its data; what an indicator
made for itself stays where the evaluation left it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .lines import Cursor, Line, SingleLine, bar_by_bar
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
    strategy._once()
    for data, cursor in zip(datas, shared, strict=True):
        for line in data.lines:
            line.cursor = cursor
    for cursor in shared:
        cursor.idx = -1
    master.idx = -1
    moving = {id(cursor): (Cursor() if early else cursor) for cursor in shared}
    strategy._followers = list(zip(datas, moving.values(), strict=True)) if early else []
    if bar_by_bar() and (clock.rows != clock.rows[0]).any():
        _check_times(strategy)
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
    own = strategy.lines.datetime
    # A child that follows the strategy must still see its previous length.
    own.cursor = Cursor() if early or strategy._late else master
    own.set_column(clock.times)
    for line in strategy.lines:
        if line is not own:
            line.allocate(len(clock))
            line.cursor = own.cursor


def _tied(parent: Any) -> Iterator[Any]:
    """What moves bar by bar: the children, and their own children with `runonce=False`."""
    for child in parent._indicators:
        if hasattr(child, "_clock"):
            if bar_by_bar() and hasattr(child, "_indicators"):
                yield from _tied(child)
            yield child


def _feed_of(source: Any) -> Any:
    """The feed whose bars a line or an object with lines follows."""
    passed: list[Any] = []
    while not any(source is other for other in passed):
        passed.append(source)
        if isinstance(source, SingleLine):
            source = source.lines[0]
        leads = getattr(source, "_clock", None), getattr(source, "_owner", None)
        source = next((lead for lead in leads if lead is not None), source)
    return source


def _check_times(strategy: Any) -> None:
    """With `runonce=False` datas meet by time, which columns cannot tell: refuse to mix them."""
    for child in _tied(strategy):
        if len({id(_feed_of(data)) for data in child.datas}) > 1:
            raise unsupported(
                f"Cerebro(runonce=False) with {type(child).__name__} over datas of different times",
                "Leave runonce and preload True, or compute it in next().",
            )


def advance(strategy: Any, tick: int) -> None:
    """Move what does not share a data's cursor: called once per bar in the general loop."""
    for data, cursor in strategy._followers:
        cursor.idx = data.cursor.idx
    if bar_by_bar():
        # Then the strategy moves before its children, and those that follow it keep up.
        strategy.lines.datetime.cursor.idx = tick
    for child in strategy._late:
        if len(child._clock) > len(child):
            child.advance()
    strategy.lines.datetime.cursor.idx = tick

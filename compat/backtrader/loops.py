"""The bar loops: at each time, who is moved and called, and in which sequence."""

from __future__ import annotations

import operator
from itertools import repeat
from typing import Any

import numpy as np

from ..collector import rare_collections
from .observer import JOIN
from .schedule import advance
from .strategy import Strategy

#: Runs with fewer bars are over before looking ahead has paid.
_WORTH_WHILE = 1_000


def play(cerebro: Any, strategies: list[Strategy]) -> None:
    """Play every bar to the strategies."""
    first = strategies[0]
    simple = (
        cerebro._single
        and len(strategies) == 1
        and not first._hears_value
        and not first._bar_ears
        and not first._bar_observers
        and not first._late
        and not cerebro.p.cheat_on_open
        and not cerebro.p.quicknotify
        and not (cerebro._opening or cerebro._passed or cerebro._played)
    )
    if len(cerebro._clock) >= _WORTH_WHILE:
        from .unheard import skips_of

        for strategy in strategies:
            strategy._skips = skips_of(cerebro, strategy)
    cerebro._looping = True
    cerebro._alone = simple
    for feed in cerebro.datas:
        feed._growing = cerebro._clock.growing
    try:
        with rare_collections():
            if simple:
                play_one(cerebro, first)
                if cerebro._event_stop == JOIN:
                    # Somebody reads observers while the bars run: from now on they are called.
                    cerebro._event_stop = cerebro._alone = False
                    status = first._minperiods[0] - len(first.datas[0])
                    for observer in first._bar_observers:
                        observer._bar(status)
                    first.clear()
                    play_all(cerebro, strategies, cerebro._cursor.idx + 1)
            else:
                play_all(cerebro, strategies)
        if cerebro._clock.failure is not None and not cerebro._event_stop:
            raise cerebro._clock.failure
        if not cerebro._event_stop:
            for feed, end in zip(cerebro.datas, cerebro._clock.ends, strict=False):
                feed.cursor.idx = end
    finally:
        cerebro._looping = False
        cerebro._hearing = None
        for feed in cerebro.datas:
            feed._growing = False


def play_one(cerebro: Any, strategy: Strategy) -> None:
    """One data, one strategy, nobody else who hears each bar."""
    broker = cerebro._broker
    cursor = cerebro._cursor
    size = len(cerebro._clock)
    period = strategy._minperiods[0]
    calls = [
        ("prenext", 0, min(period - 1, size)),
        ("nextstart", period - 1, min(period, size)),
        ("next", period, size),
    ]
    for name, start, stop in calls:
        call = getattr(strategy, name)
        if getattr(call, "__func__", None) is Strategy.prenext and not broker.busy:
            # Nothing can happen in these bars.
            cursor.idx = max(cursor.idx, stop - 1)
            continue
        if start == period and stop - start >= _WORTH_WHILE:
            start = _play_one_quietly(cerebro, strategy, start)
        # Looked up each time: a script may give the strategy another one.
        for t in range(start, stop):
            cursor.idx = t
            if broker.busy:
                broker.next()
                if broker._notifs:
                    deliver(cerebro)
                    strategy._notify()
                    getattr(strategy, name)()
                    if cerebro._event_stop != JOIN:
                        strategy.clear()
                    if cerebro._event_stop:
                        return
                    continue
            getattr(strategy, name)()
            if cerebro._event_stop:
                return


def _play_one_quietly(cerebro: Any, strategy: Strategy, start: int) -> int:
    """The same from bar `start` on, where it can be told beforehand when `next` does something.

    Returns the bar at which to go on as usual.
    """
    from .quiet import guard_of

    guard = guard_of(cerebro, strategy, start)
    if guard is None:
        return start
    broker, cursor, notifs = cerebro._broker, cerebro._cursor, cerebro._broker._notifs
    size = len(cerebro._clock)
    t = start
    #: The bar at which `next` does something; -1: not known.
    due = -1
    while t < size and not guard.over:
        cursor.idx = t
        heard = False
        if broker.busy:
            broker.next()
            if notifs:
                heard = True
                deliver(cerebro)
                strategy._notify()
                due = -1
            elif not guard.steady:
                due = -1
        if due < 0:
            due = guard.due(t)
        if t == due:
            strategy.next()
            due = -1
        if heard and cerebro._event_stop != JOIN:
            strategy.clear()
        if cerebro._event_stop:
            t = size
        elif due < 0:
            t += 1
        elif broker.busy:
            t += 1
            if guard.steady:
                t = broker._leap(t, min(due, size - 1))
        else:
            # Until something happens, bars at which nothing is called need not be visited.
            t = due
            cursor.idx = due - 1
    guard.end()
    return t


def deliver(cerebro: Any) -> None:
    """Hand the broker's notifications to the strategies that sent the orders."""
    notifs = cerebro._broker._notifs
    if cerebro.p.quicknotify:
        while notifs:
            order = notifs.popleft()
            order.owner._addnotification(order, quicknotify=True)
        return
    for order in notifs:
        if order.__class__ is tuple:
            order[0].owner._queued.append(order)
        else:
            order.owner._addnotification(order)
    notifs.clear()


def play_all(cerebro: Any, strategies: list[Strategy], start: int = 0) -> None:
    """The general case, from bar `start` on."""
    turns = [(strategy, _bars_missing(strategy, cerebro._clock)) for strategy in strategies]
    guards, first = _guards(cerebro, turns, start)
    _play_bars(cerebro, turns, start, guards, first)
    if guards is not None:
        guards.end()


def _play_bars(
    cerebro: Any, turns: list[tuple[Strategy, list[int]]], start: int, guards: Any, first: int
) -> None:
    """guards: what tells from bar `first` on when `next` does nothing, or None."""
    broker = cerebro._broker
    cursor = cerebro._cursor
    places: list[tuple[Any, list[int]]] = []
    if not cerebro._single:
        rows = cerebro._clock.rows.tolist()
        places = [(feed.cursor, row) for feed, row in zip(cerebro.datas, rows, strict=True)]
    opening, passed, played = cerebro._opening, cerebro._passed, cerebro._played
    times = cerebro._clock.times.tolist() if opening or passed else ()
    early = bool(cerebro.p.cheat_on_open) and not cerebro.p.oldsync
    strategies = [strategy for strategy, _ in turns]
    show = cerebro._clock.show
    size = len(cerebro._clock)
    t = start
    while t < size:
        quiet = guards if t >= first else None
        cursor.idx = t
        for place, row in places:
            place.idx = row[t]
        if show is not None:
            show(t)
        if early or opening:
            broker.early = True
            for call in opening:
                call(times[t])
            for strategy, missing in turns if early else ():
                status = missing[t - 1] if t else 1
                if status < 0:
                    strategy.next_open()
                elif status == 0:
                    strategy.nextstart_open()
                else:
                    strategy.prenext_open()
                if cerebro._event_stop:
                    return
            broker.early = False
        if broker.busy:
            broker.next()
            heard = bool(broker._notifs)
            if heard:
                deliver(cerebro)
            if quiet is not None and (heard or not quiet.steady):
                quiet.stir()
        if cerebro._event_stop:
            return
        for call in passed:
            call(times[t])
        for number, (strategy, missing) in enumerate(turns):
            advance(strategy, t)
            if strategy._queued:
                strategy._notify()
                if quiet is not None:
                    quiet.stir()
            if strategy._hears_value:
                strategy._notify_account()
            status = missing[t]
            if quiet is not None and quiet.nothing(number, t):
                pass
            elif status < 0:
                strategy.next()
            elif status == 0:
                strategy.nextstart()
            else:
                strategy.prenext()
            for analyzer in strategy._bar_ears:
                cerebro._hearing = analyzer
                if status < 0:
                    analyzer._next()
                elif status == 0:
                    analyzer._nextstart()
                else:
                    analyzer._prenext()
            cerebro._hearing = None
            for observer in strategy._bar_observers:
                observer._bar(status)
            if strategy._queued:
                strategy.clear()
            if cerebro._event_stop:
                return
            for call in played:
                call()
        t += 1
        if quiet is not None:
            if quiet.stirred:
                quiet.stirred = False
                if quiet.over or not _calm(cerebro, strategies):
                    guards = None
                    continue
            leap = quiet.until()
            if leap > t and broker.busy:
                leap = broker._leap(t, min(leap, size - 1)) if quiet.steady else t
            if leap > t:
                t = leap
                if t == size:
                    # It ends as if each bar had been visited.
                    cursor.idx = t - 1
                    for place, row in places:
                        place.idx = row[t - 1]
                    for strategy in strategies:
                        advance(strategy, t - 1)


def _calm(cerebro: Any, strategies: list[Strategy]) -> bool:
    """Whether nobody is called at each bar but the strategies' `next`."""
    if cerebro._opening or cerebro._passed or cerebro._played or cerebro.p.cheat_on_open:
        return False
    for strategy in strategies:
        if strategy._hears_value or strategy._bar_ears or strategy._bar_observers:
            return False
    return True


def _guards(cerebro: Any, turns: list[tuple[Strategy, list[int]]], start: int) -> Any:
    """What tells when the strategies' `next` does nothing, or None; and from which bar on."""
    strategies = [strategy for strategy, _ in turns]
    first = max(start, *(sum(map(operator.ge, missing, repeat(0))) for _, missing in turns))
    if len(cerebro._clock) - first < _WORTH_WHILE or not _calm(cerebro, strategies):
        return None, first
    from .quiet import Guards

    guards = Guards(cerebro, strategies, first)
    return (None if guards.over else guards), first


def _bars_missing(strategy: Strategy, clock: Any) -> list[int]:
    """At each time: how many bars the data that is furthest behind lacks; below 0: more than
    enough."""
    periods = np.array(strategy._minperiods)[:, np.newaxis]
    return (periods - 1 - clock.rows).max(axis=0).tolist()

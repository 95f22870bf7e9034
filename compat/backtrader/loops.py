"""The bar loops: at each time, who is moved and called, and in which sequence."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..collector import frozen_heap
from .observer import JOIN
from .schedule import advance
from .strategy import Strategy


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
    cerebro._looping = True
    cerebro._alone = simple
    for feed in cerebro.datas:
        feed._growing = cerebro._clock.growing
    try:
        with frozen_heap():
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
        (strategy.prenext, 0, min(period - 1, size)),
        (strategy.nextstart, period - 1, min(period, size)),
        (strategy.next, period, size),
    ]
    for call, start, stop in calls:
        if getattr(call, "__func__", None) is Strategy.prenext and not broker.busy:
            # Nothing can happen in these bars.
            cursor.idx = max(cursor.idx, stop - 1)
            continue
        for t in range(start, stop):
            cursor.idx = t
            if broker.busy:
                broker.next()
                if broker.notifs:
                    deliver(cerebro)
                    strategy._notify()
                    call()
                    if cerebro._event_stop != JOIN:
                        strategy.clear()
                    if cerebro._event_stop:
                        return
                    continue
            call()
            if cerebro._event_stop:
                return


def deliver(cerebro: Any) -> None:
    """Hand the broker's notifications to the strategies that sent the orders."""
    notifs = cerebro._broker.notifs
    quick = cerebro.p.quicknotify
    while notifs:
        order = notifs.popleft()
        order.owner._addnotification(order, quicknotify=quick)


def play_all(cerebro: Any, strategies: list[Strategy], start: int = 0) -> None:
    """The general case, from bar `start` on."""
    broker = cerebro._broker
    cursor = cerebro._cursor
    places: list[tuple[Any, list[int]]] = []
    if not cerebro._single:
        rows = cerebro._clock.rows.tolist()
        places = [(feed.cursor, row) for feed, row in zip(cerebro.datas, rows, strict=True)]
    opening, passed, played = cerebro._opening, cerebro._passed, cerebro._played
    times = cerebro._clock.times.tolist() if opening or passed else ()
    early = bool(cerebro.p.cheat_on_open) and not cerebro.p.oldsync
    turns = [(strategy, _bars_missing(strategy, cerebro._clock)) for strategy in strategies]
    show = cerebro._clock.show
    for t in range(start, len(cerebro._clock)):
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
            if broker.notifs:
                deliver(cerebro)
        if cerebro._event_stop:
            return
        for call in passed:
            call(times[t])
        for strategy, missing in turns:
            advance(strategy, t)
            if strategy._orderspending:
                strategy._notify()
            if strategy._hears_value:
                strategy._notify_account()
            status = missing[t]
            if status < 0:
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
            if strategy._orderspending:
                strategy.clear()
            if cerebro._event_stop:
                return
            for call in played:
                call()


def _bars_missing(strategy: Strategy, clock: Any) -> list[int]:
    """At each time: how many bars the data that is furthest behind lacks; below 0: more than
    enough."""
    periods = np.array(strategy._minperiods)[:, np.newaxis]
    return (periods - 1 - clock.rows).max(axis=0).tolist()

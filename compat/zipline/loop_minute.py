"""The loop over the minutes of a run with minute bars.

A bar at which nothing can happen costs a call of `handle_data` and little else: the market is not
met while no order waits, times become Timestamps only when they are asked for, and without a
`handle_data` the loop goes from one scheduled function to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from .looks import MinuteLook, MorningLook
from .market import MinuteMarket
from .trading import Trading

if TYPE_CHECKING:
    from .algorithm import Algorithm


def play_minutes(algorithm: Algorithm, trading: Trading) -> Iterator[None]:
    """Play all sessions; a step ends with a session, or where packets can be ready before."""
    market = algorithm.market
    assert isinstance(market, MinuteMarket)
    loop = _Loop(algorithm, market, trading)
    for session in range(len(market.labels)):
        yield from loop.play(session)
        yield


class _Loop:
    """The sessions of a run, one after the other."""

    def __init__(self, algorithm: Algorithm, market: MinuteMarket, trading: Trading) -> None:
        self._algorithm = algorithm
        self._market = market
        self._sim = trading.sim
        self._trading = trading
        self._minutes = MinuteLook(market)
        self._morning = MorningLook(market)
        self._mornings = algorithm.parameters.mornings

    def play(self, session: int) -> Iterator[None]:
        """One session: what is due before it, its bars, and what its end brings."""
        algorithm, market, trading = self._algorithm, self._market, self._trading
        ledger, orders = algorithm.ledger, algorithm.orders
        market.open_session(session)
        first, end = market.first_bars[session : session + 2]
        trading.begin_session(session)
        if trading.talks:
            yield
        before, morning = first, self._mornings[session]
        callback = algorithm.callbacks.before_trading_start
        if callback is not None:
            # On a market that opens the evening before, it comes between two bars.
            time = morning.value
            before = first + int(market.times[first:end].searchsorted(time))
            if before < end:
                yield from self._bars(first, before, first)
                self._before_trading(callback, morning, time, max(before - 1, 0))
        yield from self._bars(before if before < end else first, end, first)
        last = end - 1
        algorithm.at(last)
        orders.t = self._sim.bar = last
        algorithm.data._t = last - first
        ledger.at(None, last)
        trading.end_session(session, last)

    def _before_trading(self, callback: Callable, morning, time: int, last: int) -> None:
        """before_trading_start: `data` is as of the minute before, `last` the bar before."""
        algorithm, market = self._algorithm, self._market
        data, orders = algorithm.data, algorithm.orders
        algorithm.now = morning
        self._trading.set_date(morning)
        before = market.before(time)
        following = int(market.times.searchsorted(time))
        if following < len(market.times) and market.times[following] == time:
            # Between two bars the account is worth what it is at the close of the later one.
            algorithm.ledger.at(morning, following)
        else:
            algorithm.ledger.at(
                morning, last, lambda number: market.price_at(market.assets[number], before, time)
            )
        self._morning.open(time)
        data._look(self._morning)
        orders.before_trading_start(True)
        callback(algorithm.context, data)
        orders.before_trading_start(False)
        data._look(self._minutes)

    def _bars(self, begin: int, end: int, first: int) -> Iterator[None]:
        """Bars from `begin` to before `end` of the session whose first bar is `first`."""
        algorithm, sim, trading = self._algorithm, self._sim, self._trading
        ledger, orders = algorithm.ledger, algorithm.orders
        handle_data = algorithm.callbacks.handle_data
        context, data, schedule = algorithm.context, algorithm.data, algorithm.schedule
        due, clock, talks = schedule.due, algorithm.clock, trading.talks
        t = begin
        while t < end:
            if handle_data is None and trading.idle:
                t = due.find(1, t, end)
                if t < 0:
                    return
            algorithm.at(t)
            orders.t = sim.bar = t
            data._t = t - first
            if not trading.idle:
                trading.meet_bar(t, None)
            ledger.at(None, t)
            if handle_data is not None:
                handle_data(context, data)
            if due[t]:
                schedule.run(t, context, data, clock)
            trading.end_bar()
            if talks:
                yield
            t += 1

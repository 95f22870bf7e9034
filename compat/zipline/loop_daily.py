"""The loop over the sessions of a run with daily bars: one bar for each session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .trading import Trading

if TYPE_CHECKING:
    from .algorithm import Algorithm


def play_days(algorithm: Algorithm, trading: Trading) -> Iterator[None]:
    """Play all sessions; a step ends with a session, or where packets can be ready before."""
    ledger, orders, sim = algorithm.ledger, algorithm.orders, trading.sim
    handle_data = algorithm.callbacks.handle_data
    before = algorithm.callbacks.before_trading_start
    context, data, schedule = algorithm.context, algorithm.data, algorithm.schedule
    due, clock, talks = schedule.due, algorithm.clock, trading.talks
    for t in range(len(algorithm.dates)):
        orders.t = data._t = t
        trading.begin_session(t)
        if talks:
            yield
        if before is not None:
            # With daily bars this call already sees the prices of the day to come.
            algorithm.at(t)
            algorithm.now = morning = algorithm.parameters.mornings[t]
            trading.set_date(morning)
            ledger.at(morning, t)
            orders.before_trading_start(True)
            before(context, data)
            orders.before_trading_start(False)
        algorithm.at(t)
        if not trading.idle:
            trading.meet_bar(t, None)
        sim.bar = t  # only now: what is ordered before the open meets this bar
        ledger.at(None, t)
        if handle_data is not None:
            handle_data(context, data)
        if due[t]:
            schedule.run(t, context, data, clock)
        trading.end_bar()
        trading.end_session(t, t)
        yield

"""The loop over the sessions of a run with daily bars: one bar for each session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.simulation import Simulation
from .finance.cancel_policy import EODCancel
from .performance import Recorder
from .rules import RULES
from .terms import terms_of
from .trading import Trading, latest_last

if TYPE_CHECKING:
    from .algorithm import Algorithm


def run_daily(algorithm: Algorithm) -> Recorder:
    """Play all sessions; returns what each of them left behind."""
    market, ledger, orders = algorithm.market, algorithm.ledger, algorithm.orders
    sim = Simulation(
        market.bars(),
        RULES,
        cash=float(algorithm.parameters.capital_base),
        **terms_of(algorithm),
    )
    ledger.open(sim, algorithm.dates, market.last_bars)
    orders.open(sim)
    recorder = Recorder(sim, market, ledger)
    trading = Trading(algorithm, sim, recorder)
    handle_data = algorithm.callbacks.handle_data
    before = algorithm.callbacks.before_trading_start
    cancels_daily = isinstance(algorithm.cancel_policy, EODCancel)
    context, data, schedule = algorithm.context, algorithm.data, algorithm.schedule
    due, clock = schedule.due, algorithm.clock
    mornings = algorithm.parameters.mornings
    for t, now in enumerate(algorithm.dates):
        algorithm.bar = orders.t = data._t = t
        trading.begin_session(t)
        if before is not None:
            # With daily bars this call already sees the prices of the day to come.
            sim.bar = t
            algorithm.now = mornings[t]
            ledger.at(algorithm.now, t)
            orders.before_trading_start(True)
            before(context, data)
            orders.before_trading_start(False)
        algorithm.now = now
        touched = trading.meet_bar(t, now)
        ledger.at(now, t)
        if handle_data is not None:
            handle_data(context, data)
        if due[t]:
            schedule.run(t, context, data, clock)
        touched = latest_last(touched, orders.new)
        orders.new = []
        touched = trading.close_out(t, touched)
        if cancels_daily:
            for numbers in orders.open_by_asset().values():
                if len(numbers) > 1:
                    orders.cancel_number(numbers[0])
        ledger.sync()
        algorithm.test_account()
        trading.end_session(t, touched, algorithm.recorded)
    return recorder

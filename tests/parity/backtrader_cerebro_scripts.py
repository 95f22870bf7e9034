"""Scripts about what Cerebro adds: signals, timers, optimisation, calendars, ready strategies.

Some play many random cases; FILLPROOF_CASES says how many (default: what each asks for).
"""

# ruff: noqa: RUF012 - class attributes as scripts write them

import datetime
import os
import random
from typing import Any

from backtrader_setting import frame, script, show


def cases(usual):
    return int(os.environ.get("FILLPROOF_CASES", usual))


def daily(bt, count=90, **kwargs):
    return bt.feeds.PandasData(dataname=frame(count, **kwargs))


# Signals


def tellers(bt):
    """A strategy that tells of orders and positions, as a mix-in, and some signals."""

    class Telling:
        broker: Any
        positions: Any
        __len__: Any

        def notify_order(self, order):
            print(
                len(self), order.getstatusname(), order.data._name, order.size, order.executed.price
            )

        def notify_trade(self, trade):
            if trade.isclosed:
                print(len(self), "trade", trade.data._name, show(trade.pnlcomm))

        def stop(self):
            print("end", show(self.broker.getvalue()), [p.size for p in self.positions.values()])

    class AboveAverage(bt.Indicator):
        lines = ("signal",)
        params = (("period", 6),)

        def __init__(self):
            self.lines.signal = self.data - bt.ind.SMA(period=self.p.period)

    class Pattern(bt.Indicator):
        """-1, 0 or 1 by the digits of the prices."""

        lines = ("signal",)
        params = (("mod", 7), ("up", 1), ("down", 4), ("line", 0))

        def next(self):
            digit = int(self.data.lines[self.p.line][0] * 4) % self.p.mod
            self.lines.signal[0] = float((digit == self.p.up) - (digit == self.p.down))

    return Telling, AboveAverage, Pattern


@script
def signals_by_name(bt):
    telling, above, _ = tellers(bt)
    print(bt.SignalTypes, bt.SIGNAL_LONG, bt.SIGNAL_SHORTEXIT_ANY, bt.signal.SIGNAL_LONGEXIT)
    print(bt.Signal.SignalTypes == bt.signal.SignalTypes, bt.Signal.__name__)

    class Told(telling, bt.SignalStrategy):
        pass

    for kinds in (
        (bt.SIGNAL_LONGSHORT,),
        (bt.SIGNAL_LONG, bt.SIGNAL_LONGEXIT),
        (bt.SIGNAL_SHORT, bt.SIGNAL_SHORTEXIT_INV),
        (bt.SIGNAL_LONG_INV, bt.SIGNAL_SHORT_ANY),
    ):
        cerebro = bt.Cerebro()
        cerebro.adddata(daily(bt, 60), name="d0")
        cerebro.signal_strategy(Told)
        for n, kind in enumerate(kinds):
            cerebro.add_signal(kind, above, period=5 + n)
        cerebro.addsizer(bt.sizers.FixedSize, stake=7)
        print(kinds, len(cerebro.run()))


@script
def signals_of_the_strategy(bt):
    telling, _, pattern = tellers(bt)

    class Own(telling, bt.SignalStrategy):
        params = dict(period=8)  # noqa: C408

        def __init__(self):
            average = bt.ind.EMA(period=self.p.period)
            cross = bt.ind.CrossOver(self.data, average)
            self.signal_add(bt.SIGNAL_LONG, cross)
            self.signal_add(bt.SIGNAL_LONGEXIT, bt.Signal(self.data - average))
            self.count = 0

        def next(self):
            self.count += 1
            if self.count % 20 == 0:
                print("own", len(self), self.count, self._sentinel is None, self.position.size)

    cerebro = bt.Cerebro()
    cerebro.adddata(daily(bt, 90, seed=3), name="d0")
    cerebro.addstrategy(Own, period=5)
    cerebro.run()

    class Plain(bt.SignalStrategy):
        def __init__(self):
            pass

    cerebro = bt.Cerebro()
    cerebro.adddata(daily(bt, 40, seed=3), name="d0")
    cerebro.add_signal(bt.SIGNAL_LONG, pattern)
    cerebro.addstrategy(Plain)
    try:
        cerebro.run()
    except ValueError as error:
        print("ValueError", error)
    print(len(cerebro.strats))

    # Nothing but signals; the second run adds the strategy again.
    cerebro = bt.Cerebro()
    cerebro.adddata(daily(bt, 40, seed=3), name="d0")
    cerebro.add_signal(bt.SIGNAL_LONGSHORT, pattern)
    print([type(s).__name__ for s in cerebro.run()], show(cerebro.broker.getvalue()))
    try:
        cerebro.run()
    except ValueError as error:
        print("again", error)


@script
def signals_at_random(bt):
    telling, above, pattern = tellers(bt)

    class Told(telling, bt.SignalStrategy):
        pass

    class Custom(telling, bt.SignalStrategy):
        def next(self):
            if len(self) % 17 == 0:
                self.order_target_size(target=3)

    for seed in range(cases(60)):
        rng = random.Random(seed)
        cerebro = bt.Cerebro(stdstats=False, runonce=rng.random() < 0.8)
        for k in range(rng.choice([1, 1, 2])):
            cerebro.adddata(daily(bt, rng.choice([25, 60]), seed=seed * 3 + k), name=f"d{k}")
        target = rng.choice([None, 0, len(cerebro.datas) - 1, "d0", 2.5])
        print("case", seed, target)
        cerebro.signal_strategy(rng.choice([Told, Custom]), _data=target)
        for _ in range(rng.randint(1, 5)):
            kind = rng.choice(bt.SignalTypes)
            if rng.random() < 0.3:
                cerebro.add_signal(kind, above, period=rng.randint(1, 9))
            else:
                mod = rng.randint(2, 9)
                cerebro.add_signal(
                    kind,
                    pattern,
                    mod=mod,
                    up=rng.randint(0, mod),
                    down=rng.randint(0, mod),
                    line=rng.randint(0, 4),
                )
        cerebro.signal_accumulate(rng.random() < 0.4)
        cerebro.signal_concurrent(rng.random() < 0.4)
        if rng.random() < 0.3:
            cerebro.addsizer(bt.sizers.PercentSizer, percents=rng.choice([10, 60, 150]))
        cerebro.broker.setcommission(commission=0.001)
        cerebro.run(cheat_on_open=rng.random() < 0.1)


# Ready strategies


@script
def ready_strategies(bt):
    telling = tellers(bt)[0]
    print(bt.strategies.MA_CrossOver.__name__, bt.strategies.SMA_CrossOver.__name__)
    print(bt.strats is bt.strategies, issubclass(bt.strats.SMA_CrossOver, bt.strats.MA_CrossOver))

    class Told(telling, bt.strategies.SMA_CrossOver):
        params = (("fast", 4),)

    for cls in (bt.strategies.MA_CrossOver, Told):
        cerebro = bt.Cerebro()
        cerebro.adddata(daily(bt, 200, seed=6), name="d0")
        cerebro.addstrategy(cls, slow=15, _movav=bt.ind.EMA)
        strategy = cerebro.run()[0]
        print(strategy.p.fast, strategy.p.slow, strategy.p._movav.__name__)
        print(show(strategy.broker.getvalue()))


# Timers


def intraday(bt, count=300, start="2022-06-20 07:40", freq="37min", seed=1, **kwargs):
    return bt.feeds.PandasData(
        dataname=frame(count, start=start, freq=freq, seed=seed),
        timeframe=bt.TimeFrame.Minutes,
        compression=37,
        **kwargs,
    )


def calls(bt):
    """A strategy that prints each call of its timers, as a mix-in."""

    class Called:
        def notify_timer(self, timer, when, *args, **kwargs):
            print(
                "strategy",
                self._id,
                timer.p.tid,
                len(self),
                len(self.data),
                self.data.datetime.datetime(),
                when,
                timer.lastwhen == when,
                args,
                kwargs,
                show(self.broker.getvalue()),
            )

    return Called


@script
def timers_in_a_session(bt):
    class Session(calls(bt), bt.Strategy):
        def __init__(self):
            bt.ind.SMA(period=3)
            self.timer = self.add_timer(bt.timer.SESSION_START, name="start")
            self.add_timer(bt.Timer.SESSION_END, offset=datetime.timedelta(minutes=-90), end=True)
            self.add_timer(datetime.time(9, 15), repeat=datetime.timedelta(hours=2), cheat=True)
            self.add_timer(when=bt.SESSION_START, weekdays=[1, 3], weekcarry=True)
            self.add_timer(when=bt.timer.SESSION_START, monthdays=[2, 25], monthcarry=False)
            self.add_timer(datetime.time(12), allow=lambda day: day.day % 2 == 0, odd=False)

        def next(self):
            if len(self) < 4:
                print("next", len(self))

        def stop(self):
            print(type(self.timer).__name__, self.timer.p.tid, self.timer.p.owner is self)
            print(self.timer.args, self.timer.kwargs, self.timer.lastwhen)

    class Run(bt.Cerebro):
        def notify_timer(self, timer, when, *args, **kwargs):
            print("cerebro", timer.p.tid, when, args, kwargs, timer.p.owner is self)

    for runonce in (True, False):
        cerebro = Run(stdstats=False, runonce=runonce)
        data = intraday(bt, sessionstart=datetime.time(8, 30), sessionend=datetime.time(17, 30))
        cerebro.adddata(data)
        cerebro.addstrategy(Session)
        cerebro.addstrategy(Session)
        cerebro.add_timer(bt.timer.SESSION_END, strats=True, both=1)
        cerebro.add_timer(
            datetime.time(23, 50), datetime.timedelta(minutes=25), datetime.timedelta(minutes=50)
        )
        cerebro.run()
        print(bt.timer.SESSION_TIME, bt.timer.SESSION_START, bt.timer.SESSION_END)


@script
def timers_that_order(bt):
    class Rebalance(bt.Strategy):
        params = dict(cheat=False)  # noqa: C408

        def __init__(self):
            self.add_timer(bt.timer.SESSION_START, weekdays=[2], weekcarry=True, cheat=self.p.cheat)

        def notify_timer(self, timer, when, *args, **kwargs):
            held = self.position.size
            print("timer", len(self), when, held, show(self.broker.getcash()))
            self.order_target_size(target=0 if held else 10)

        def notify_order(self, order):
            print(len(self), order.getstatusname(), order.executed.price, order.executed.dt)

        def next(self):
            print("next", len(self), self.position.size, show(self.broker.getvalue()))

        def next_open(self):
            print("open", len(self))

    for cheat in (False, True):
        for settings in ({}, {"cheat_on_open": True}, {"runonce": False}):
            cerebro = bt.Cerebro(stdstats=False, **settings)
            cerebro.adddata(daily(bt, 40))
            cerebro.addstrategy(Rebalance, cheat=cheat)
            if cheat and not settings:
                cerebro.broker.set_coo(True)
            cerebro.run()


@script
def timers_at_random(bt):
    class Drawn(calls(bt), bt.Strategy):
        params = dict(draw=None)  # noqa: C408

        def __init__(self):
            for timer in self.p.draw:
                self.add_timer(**timer)

    def draw(rng):
        minutes = datetime.timedelta(minutes=1)
        timer = {"when": rng.choice([bt.timer.SESSION_START, bt.timer.SESSION_END, None])}
        if timer["when"] is None:
            timer["when"] = datetime.time(rng.randint(0, 23), rng.randint(0, 59))
        if rng.random() < 0.4:
            timer["offset"] = rng.randint(-200, 200) * minutes
        if rng.random() < 0.5:
            timer["repeat"] = rng.randint(10, 600) * minutes
        if rng.random() < 0.5:
            timer["weekdays"] = sorted(rng.sample(range(1, 8), rng.randint(1, 5)))
            timer["weekcarry"] = rng.random() < 0.5
        if rng.random() < 0.5:
            timer["monthdays"] = sorted(rng.sample(range(1, 32), rng.randint(1, 9)))
            timer["monthcarry"] = rng.random() < 0.5
        if rng.random() < 0.2:
            rest = rng.randint(2, 5)
            timer["allow"] = lambda day: day.toordinal() % rest
        timer["cheat"] = rng.random() < 0.3
        return timer

    for seed in range(cases(60)):
        rng = random.Random(seed)
        cerebro = bt.Cerebro(stdstats=False)
        for k in range(rng.choice([1, 1, 2])):
            session = {}
            if rng.random() < 0.6:
                session["sessionstart"] = datetime.time(rng.randint(0, 10), rng.randint(0, 59))
            if rng.random() < 0.6:
                session["sessionend"] = datetime.time(rng.randint(11, 23), rng.randint(0, 59))
            freq = rng.choice(["23min", "61min", "5h", "B", "29h"])
            start = f"2022-0{rng.randint(1, 9)}-{rng.randint(10, 28)} {rng.randint(10, 20)}:07"
            cerebro.adddata(intraday(bt, 120, start, freq, seed=seed + k, **session))
        print("case", seed)
        drawn = [draw(rng) for _ in range(rng.randint(1, 4))]
        for timer in drawn:
            if rng.random() < 0.2:
                timer["tzdata"] = cerebro.datas[-1]
        cerebro.addstrategy(Drawn, draw=drawn)
        if rng.random() < 0.5:
            cerebro.addstrategy(Drawn, draw=[draw(rng)])
        if rng.random() < 0.5:
            cerebro.add_timer(strats=True, **draw(rng))
        cerebro.run()

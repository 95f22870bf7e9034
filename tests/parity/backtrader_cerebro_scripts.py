"""Scripts about what Cerebro adds: signals, timers, optimisation, calendars, ready strategies.

Some play many random cases; FILLPROOF_CASES says how many (default: what each asks for).
"""

# ruff: noqa: RUF012 - class attributes as scripts write them

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

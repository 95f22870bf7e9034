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


# Optimisation


class Noted(list):
    """Outcomes that an optcallback has heard of."""

    def __call__(self, outcome):
        self.append([item.p.fast for item in outcome])


@script
def optimised_in_one_process(bt):
    class Crossing(bt.Strategy):
        params = (("fast", 3), ("slow", 10), ("kind", "sma"), ("sizes", (1, 2)))

        def __init__(self):
            average = bt.ind.SMA if self.p.kind == "sma" else bt.ind.EMA
            self.cross = bt.ind.CrossOver(average(period=self.p.fast), average(period=self.p.slow))
            if self.p.fast == 7:
                raise bt.StrategySkipError

        def next(self):
            if self.cross > 0:
                self.buy(size=self.p.sizes[0])
            elif self.cross < 0:
                self.close()

        def stop(self):
            print(self._id, list(self.p._getvalues()), show(self.broker.getvalue()))

    class Other(bt.Strategy):
        params = dict(every=5)  # noqa: C408

        def next(self):
            if len(self) % self.p.every == 0:
                self.order_target_size(data=self.data, target=len(self) % 2)

    for optreturn in (True, False):
        cerebro = bt.Cerebro(maxcpus=1, optreturn=optreturn, stdstats=not optreturn)
        cerebro.adddata(daily(bt, 60), name="d0")
        cerebro.optstrategy(
            Crossing, fast=range(3, 8, 2), slow=[8, 12], kind=["sma", "ema"], sizes=((3, 4),)
        )
        cerebro.optstrategy(Other, every=(4, 9))
        cerebro.addstrategy(Other)
        cerebro.addanalyzer(bt.analyzers.Returns, _name="r")
        cerebro.addanalyzer(bt.analyzers.Transactions)
        cerebro.addanalyzer(bt.analyzers.SharpeRatio, timeframe=bt.TimeFrame.Weeks)
        cerebro.addanalyzer(bt.analyzers.DrawDown)
        heard = []
        cerebro.optcallback(heard.append)
        cerebro.optcallback(lambda outcome: print("outcome", len(outcome)))
        found = cerebro.run()
        print(len(found), len(heard), heard[3] is found[3], cerebro.runstrats is found)
        for outcome in found:
            for item in outcome:
                print(type(item).__name__, show(item.p._getkwargs()), item.params is item.p)
                if optreturn:
                    print(item.strategycls.__name__, item.analyzers.getnames())
                    print(item.analyzers[0].strategy, item.analyzers.r.data)
                else:
                    print(len(item), show(item.broker.getvalue()), show(item.position.size))
                for analyzer in item.analyzers:
                    print(show(analyzer.get_analysis()))
    print(bt.Cerebro.iterize([1, "ab", [2, 3], (4,), {"k": 1}.keys()]))


@script
def optimised_by_position(bt):
    class Given(bt.Strategy):
        params = (("fast", 1),)

        def __init__(self, first, *rest):
            print("made", first, rest, self.p.fast, len(self.data), len(self.datas))

    cerebro = bt.Cerebro(maxcpus=1)
    cerebro.adddata(daily(bt, 5))
    cerebro.optstrategy(Given, Given, (1, 2), "text", fast=3)
    print([[type(item).__name__ for item in outcome] for outcome in cerebro.run()])
    print(cerebro.run())
    cerebro = bt.Cerebro()
    cerebro.adddata(daily(bt, 5))
    print(cerebro.strats, cerebro.optcbs, bt.OptReturn.__name__)


class Counting:
    """What a strategy changes outside itself stays in its own process."""

    total = 0


@script
def optimised_in_processes(bt):
    # Classes that are sent between processes must be found by their names.
    module = globals()

    class Growing(bt.Strategy):
        params = (("fast", 3), ("slow", 10))

        def __init__(self):
            self.cross = bt.ind.CrossOver(
                bt.ind.SMA(period=self.p.fast), bt.ind.SMA(period=self.p.slow)
            )

        def next(self):
            if self.cross:
                self.order_target_size(target=2 if self.cross > 0 else -2)

        def stop(self):
            Counting.total += 1

    class Lengths(bt.Analyzer):
        params = (("factor", 2.0),)

        def next(self):
            self.rets["bars"] = len(self) * self.p.factor
            self.rets["cash"] = self.strategy.broker.getcash()

    for cls in (Growing, Lengths):
        cls.__qualname__ = cls.__name__
        cls.__module__ = __name__
        module[cls.__name__] = cls
    for maxcpus in (2, None):
        cerebro = bt.Cerebro(maxcpus=maxcpus)
        cerebro.adddata(daily(bt, 70), name="d0")
        cerebro.optstrategy(Growing, fast=range(2, 6), slow=[8, 12])
        cerebro.addanalyzer(Lengths, factor=3.0)
        cerebro.addanalyzer(bt.analyzers.TradeAnalyzer)
        cerebro.addanalyzer(bt.analyzers.TimeReturn, timeframe=bt.TimeFrame.Weeks)
        noted = Noted()
        cerebro.optcallback(noted)
        found = cerebro.run()
        print(len(found), Counting.total, len(noted))
        for (item,) in found:
            print(type(item).__name__, item.strategycls.__name__, show(item.p._getkwargs()))
            print(item.p.isdefault("slow"), item.p._getdefaults(), item.analyzers.getnames())
            for analyzer in item.analyzers:
                print(type(analyzer).__name__, show(analyzer.get_analysis()))
            print(item.analyzers.lengths.p.factor, item.analyzers[0].strategy)


# Calendars


@script
def calendars(bt):
    day = datetime.datetime
    print(bt.TradingCalendarBase.__name__, bt.PandasMarketCalendar.__name__)
    holidays = [day(2021, 4, 2), day(2021, 4, 5)]
    early = [(datetime.date(2021, 4, 1), datetime.time(9), datetime.time(13))]
    cal = bt.TradingCalendar(
        open=datetime.time(9, 30),
        close=datetime.time(16),
        holidays=holidays,
        earlydays=early,
    )
    print(cal.p.offdays, cal.p.open, bt.TradingCalendar().p.close)
    for when in (day(2021, 3, 31, 10), day(2021, 4, 1, 13, 30), day(2021, 4, 2), day(2021, 12, 31)):
        print(when, cal.schedule(when), cal.nextday(when), cal.nextday_week(when))
        print(cal.last_weekday(when), cal.last_monthday(when), cal.last_yearday(when))
    for when in [*holidays, day(2021, 4, 4), day(2021, 4, 1)]:
        print(cal.nextday(when), cal.last_weekday(when))

    class Own(bt.TradingCalendarBase):
        def _nextday(self, day):
            following = day + datetime.timedelta(days=1)
            return following, following.isocalendar()

        def schedule(self, day, tz=None):
            opening = day.replace(hour=8, minute=0)
            return opening, opening + datetime.timedelta(hours=6)

    class Like:
        """What pandas_market_calendars gives, in short."""

        def valid_days(self, start, end):
            import pandas as pd

            return pd.bdate_range(start.date(), end.date())

        def schedule(self, start, end):
            import pandas as pd

            days = pd.bdate_range(start.date(), end.date(), tz="UTC")
            opening, closing = pd.Timedelta(hours=9), pd.Timedelta(hours=15)
            frame = {"market_open": days + opening, "market_close": days + closing}
            return pd.DataFrame(frame, index=days.tz_localize(None))

    for given in (cal, Own, Own(), Like(), bt.TradingCalendar):
        cerebro = bt.Cerebro()
        cerebro.addcalendar(given)
        calendar = cerebro._tradingcal
        print(type(calendar).__name__)
        when = day(2021, 4, 1, 11, 5)
        print(calendar.nextday(when), calendar.last_weekday(when))
        try:
            print(calendar.schedule(when))
        except TypeError as error:
            # Of pandas 3, which does not compare dates with times.
            print("TypeError", error)

    class Timed(calls(bt), bt.Strategy):
        def __init__(self):
            self.add_timer(bt.timer.SESSION_END, offset=datetime.timedelta(hours=-7))
            self.add_timer(datetime.time(11), repeat=datetime.timedelta(hours=1))

    # A bar after the closing would never find its session.
    cal = bt.TradingCalendar(
        open=datetime.time(9, 30), close=datetime.time(23, 59), holidays=holidays
    )
    for own in (False, True):
        cerebro = bt.Cerebro()
        keywords = {"calendar": cal} if own else {}
        cerebro.adddata(intraday(bt, 150, "2021-03-29 08:00", "53min", **keywords))
        if not own:
            cerebro.addcalendar(cal)
        cerebro.addstrategy(Timed)
        cerebro.run()

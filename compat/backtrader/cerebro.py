"""`Cerebro`: collects feeds, strategies and settings, and runs them bar by bar."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from . import lines as _lines
from . import strategy as _strategy
from .broker import BackBroker
from .clock import FirstClock
from .dates import tzparse
from .errors import StrategySkipError
from .lines import Cursor
from .loading import hardly_meet, load
from .loops import play
from .observer import Observers
from .params import ParamsBase
from .places import ask
from .plotting import Plotting
from .resampling import Resampling
from .schedule import follow_clocks
from .sharing import clock_of
from .strategy import Strategy
from .unsupported import missing, unsupported
from .writing import Writing


def __getattr__(name: str) -> Any:
    if name == "OptReturn":
        from .optimisation import OptReturn

        return OptReturn
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class Cerebro(Resampling, Plotting, Writing, ParamsBase):
    """A run: `adddata`, `addstrategy`, … then `run()`, which returns the strategies."""

    params = (
        ("preload", True),
        ("runonce", True),
        ("maxcpus", None),
        ("stdstats", True),
        ("oldbuysell", False),
        ("oldtrades", False),
        ("lookahead", 0),
        ("exactbars", False),
        ("optdatas", True),
        ("optreturn", True),
        ("objcache", False),
        ("live", False),
        ("writer", False),
        ("tradehistory", False),
        ("oldsync", False),
        ("tz", None),
        ("cheat_on_open", False),
        ("broker_coo", True),
        ("quicknotify", False),
    )

    def __init__(self) -> None:
        self.stores: list[Any] = []
        self.feeds: list[Any] = []
        self.datas: list[Any] = []
        self.datasbyname: OrderedDict[str, Any] = OrderedDict()
        #: For each `addstrategy` the (class, arguments, keywords) that it may run as.
        self.strats: list[Any] = []
        self.optcbs: list[Any] = []
        self.observers: list[Any] = []
        self.analyzers: list[Any] = []
        self.indicators: list[Any] = []
        self.sizers: dict[int | None, Any] = {}
        self.writers: list[Any] = []
        self.storecbs: list[Any] = []
        self.datacbs: list[Any] = []
        self.signals: list[Any] = []
        self._ohistory: list[tuple[Any, bool]] = []
        self._fhistory: Any = None
        self.runstrats: list[Any] = []
        self.runningstrats: list[Strategy] = []
        self._signal_strat: Any = (None, None, None)
        self._signal_concurrent = self._signal_accumulate = False
        self._pretimers: list[Any] = []
        self._tradingcal: Any = None
        self._dataid = itertools.count(1)
        self._event_stop = False
        self._dolive = self._doreplay = self._dooptimize = False
        self._dorunonce = self._dopreload = True
        self._exactbars = 0
        self._hook()
        #: What analyzers have heard so far: see `_bars_heard`.
        self._looping = False
        self._hearing: Any = None
        self._broker: Any = None
        self.broker = BackBroker()

    def _hook(self) -> None:
        """Who else is called in the bar loop; empty again before each run.

        All lists stay empty for a script that needs nobody, which costs nothing then.
        """
        #: Called with the time of each bar, before strategies may order at its open.
        self._opening: list[Callable[[float], None]] = []
        #: Called with the time of each bar, after the broker's pass.
        self._passed: list[Callable[[float], None]] = []
        #: Called after each strategy has had its turn at a bar.
        self._played: list[Callable[[], None]] = []

    def __getattr__(self, name: str) -> Any:
        raise missing("Cerebro", name)

    @staticmethod
    def iterize(iterable: Any) -> list[Any]:
        """Each element as something to iterate over; a string is one value."""
        return [
            (one,) if isinstance(one, str) or not isinstance(one, Iterable) else one
            for one in iterable
        ]

    # What is run

    def adddata(self, data: Any, name: str | None = None) -> Any:
        if name is not None:
            data._name = name
        data._id = next(self._dataid)
        data.setenvironment(self)
        self.datas.append(data)
        self.datasbyname[data._name] = data
        feed = data.getfeed()
        if feed is not None and feed not in self.feeds:
            self.feeds.append(feed)
        if data.islive():
            self._dolive = True
        return data

    def addstrategy(self, strategy: type, *args: Any, **kwargs: Any) -> int:
        ask(strategy, kwargs)
        self.strats.append([(strategy, args, kwargs)])
        return len(self.strats) - 1

    def optstrategy(self, strategy: type, *args: Any, **kwargs: Any) -> None:
        """Add a strategy that runs with each combination of the values of its arguments."""
        from .optimisation import combinations

        ask(strategy, kwargs)
        self._dooptimize = True
        self.strats.append(combinations(strategy, args, kwargs))

    def optcallback(self, cb: Callable[[Any], Any]) -> None:
        """Call `cb` with the outcome of each combination."""
        self.optcbs.append(cb)

    def add_signal(self, sigtype: int, sigcls: Any, *sigargs: Any, **sigkwargs: Any) -> None:
        """A line that every run obeys: see `signal.SignalStrategy`."""
        ask(sigcls, sigkwargs)
        self.signals.append((sigtype, sigcls, sigargs, sigkwargs))

    def signal_strategy(self, stratcls: Any, *args: Any, **kwargs: Any) -> None:
        """The class that obeys the signals, instead of `SignalStrategy`."""
        ask(stratcls, kwargs)
        self._signal_strat = (stratcls, args, kwargs)

    def signal_concurrent(self, onoff: bool) -> None:
        """Whether signals are obeyed while an order is pending."""
        self._signal_concurrent = onoff

    def signal_accumulate(self, onoff: bool) -> None:
        """Whether signals add to a position."""
        self._signal_accumulate = onoff

    def add_timer(self, when: Any, *args: Any, **kwargs: Any) -> Any:
        """A timer that calls this object's `notify_timer`: see `timer.add_timer`."""
        return self._add_timer(self, when, *args, **kwargs)

    def _add_timer(self, owner: Any, when: Any, *args: Any, **kwargs: Any) -> Any:
        from .timer import add_timer

        return add_timer(self, owner, when, *args, **kwargs)

    def addcalendar(self, cal: Any) -> None:
        """The calendar of feeds that have none: a name, a class or an object."""
        from .tradingcal import calendar_of

        self._tradingcal = calendar_of(cal)

    def addsizer(self, sizercls: type, *args: Any, **kwargs: Any) -> None:
        ask(sizercls, kwargs)
        self.sizers[None] = (sizercls, args, kwargs)

    def addsizer_byidx(self, idx: int, sizercls: type, *args: Any, **kwargs: Any) -> None:
        ask(sizercls, kwargs)
        self.sizers[idx] = (sizercls, args, kwargs)

    def addanalyzer(self, ancls: type, *args: Any, **kwargs: Any) -> None:
        ask(ancls, kwargs)
        self.analyzers.append((ancls, args, kwargs))

    def addobserver(self, obscls: type, *args: Any, **kwargs: Any) -> None:
        ask(obscls, kwargs)
        self.observers.append((False, obscls, args, kwargs))

    def addobservermulti(self, obscls: type, *args: Any, **kwargs: Any) -> None:
        ask(obscls, kwargs)
        self.observers.append((True, obscls, args, kwargs))

    def addindicator(self, indcls: type, *args: Any, **kwargs: Any) -> None:
        """An indicator that every strategy gets."""
        ask(indcls, kwargs)
        self.indicators.append((indcls, args, kwargs))

    def addtz(self, tz: Any) -> None:
        """The time zone of the strategies' clock: a name, an object, or the number of a data."""
        self.p.tz = tz

    def addstorecb(self, callback: Any) -> None:
        """Called with the messages of stores; files have none."""
        self.storecbs.append(callback)

    def adddatacb(self, callback: Any) -> None:
        """Called with what datas notify."""
        self.datacbs.append(callback)

    def setbroker(self, broker: Any) -> Any:
        if not isinstance(broker, BackBroker):
            raise unsupported(f"the broker {type(broker).__name__}", "Use the simulated one.")
        self._broker = broker
        broker.cerebro = self
        return broker

    def getbroker(self) -> Any:
        return self._broker

    broker = property(getbroker, setbroker)

    def add_order_history(self, orders: Any, notify: bool = True) -> None:
        """Play orders that were executed elsewhere: (time, size, price[, data]) in their sequence.

        Each is executed at its price in the first bar that is not before its time. notify: the
        first strategy, which owns them, hears of them; analyzers always do.
        """
        self._ohistory.append((orders, notify))

    def set_fund_history(self, fund: Any) -> None:
        """What a fund was worth: see `BackBroker.set_fund_history`."""
        self._fhistory = fund

    def notify_data(self, data: Any, status: int, *args: Any, **kwargs: Any) -> None:
        pass

    def notify_store(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        pass

    def notify_timer(self, timer: Any, when: Any, *args: Any, **kwargs: Any) -> None:
        pass

    def runstop(self) -> None:
        """End the run after the current bar."""
        self._event_stop = True

    def _next_stid(self) -> int:
        return next(self.stcount)

    # Run

    def run(self, **kwargs: Any) -> list[Any]:
        """Run the strategies over the datas; keywords set parameters."""
        self._event_stop = False
        if not self.datas:
            return []
        for key, value in kwargs.items():
            if key in self.params._getkeys():
                setattr(self.params, key, value)
            else:
                from .explaining import ignored_of_run

                ignored_of_run(self, key)
        self._choose_lane()
        self._make_writers()
        if self.signals:
            from .signal import add_strategy

            add_strategy(self)
        if not self.strats:
            self.addstrategy(Strategy)
        if self._dooptimize:
            from .optimisation import run_all

            self.runstrats = run_all(self)
            return self.runstrats
        self.runstrats = []
        for chosen in itertools.product(*self.strats):
            self.runstrats.append(self.runstrategies(chosen))
        return self.runstrats[0]

    def _choose_lane(self) -> None:
        """Whether lines are computed before the bars are played, or bar by bar."""
        self._dorunonce, self._dopreload = bool(self.p.runonce), bool(self.p.preload)
        self._exactbars = int(self.p.exactbars)
        if self._exactbars:
            self._dorunonce = False
            self._dopreload = self._dopreload and self._exactbars < 1
        self._doreplay = self._doreplay or any(data.replaying for data in self.datas)
        if self._doreplay:
            self._dopreload = False
        if self._dolive or self.p.live:
            self._dorunonce = self._dopreload = False

    def runstrategies(self, iterstrat: Any, predata: bool = False) -> list[Strategy]:
        """One run: of the (class, arguments, keywords) in `iterstrat`, over all datas.

        predata: the datas are loaded already.
        """
        self.stcount = itertools.count(0)
        self._hook()
        broker = self._broker
        if self.p.cheat_on_open and self.p.broker_coo:
            broker.set_coo(True)
        if self._fhistory is not None:
            broker.set_fund_history(self._fhistory)
        for orders, notify in self._ohistory:
            broker.add_order_history(orders, notify)
        broker.start()
        self._head_datas()
        read = predata or self._load()
        if read:
            old = self.p.oldsync and len(self.datas) > 1
            self._clock = clock = FirstClock(self.datas) if old else clock_of(self.datas)
        else:
            from .rounds import Rounds

            self._clock = clock = Rounds(self.datas, self._dopreload)
            if clock.failure is None:
                self._look_at_rows()
        self._single = clock.single
        self._cursor = self.datas[0].cursor if self._single else Cursor()
        broker._stand_on(self.datas, clock, self._cursor)
        self.runningstrats = strategies = self._make_strategies(iterstrat)
        try:
            if strategies:
                for index, strategy in enumerate(strategies):
                    self._equip(strategy, index)
                    self._start(strategy)
                broker._begin()
                self._start_writers(strategies)
                self._play(strategies)
        finally:
            _lines.set_running(False)
            _lines.set_bar_by_bar(False)
        broker.stop()
        if not predata:
            for data in self.datas:
                data.stop()
            for feed in self.feeds:
                feed.stop()
        if self.runwriters:
            self.stop_writers(strategies)
        return strategies

    def _load(self) -> bool:
        """Read the datas; False: they have to be played in rounds."""
        for feed in self.feeds:
            feed.start()
        read = load(self)
        if self.p.lookahead and self._exactbars < 1:
            # There is room behind the last bar, for who reads ahead.
            for line in (line for data in self.datas for line in data.lines):
                line.array.extend([float("nan")] * self.p.lookahead)
        if read:
            self._look_at_rows()
        return read

    def _look_at_rows(self) -> None:
        """Say it when feeds have no rows, or hardly a time in common."""
        if not all(data.buflen() for data in self.datas):
            from .shortages import without_rows

            without_rows(self.datas)
        if len(self.datas) > 1 and hardly_meet(self.datas):
            from .shortages import apart

            apart(self.datas)

    def _play(self, strategies: list[Strategy]) -> None:
        if not len(self._clock) and self._clock.failure is not None:
            raise self._clock.failure
        bar_by_bar = not (self._dorunonce and self._dopreload)
        if bar_by_bar and self.p.oldsync and len(self.datas) > 1:
            raise unsupported("Cerebro(oldsync=True) with several datas, bar by bar")
        _lines.set_running(True)
        _lines.set_bar_by_bar(bar_by_bar)
        if self._pretimers and not self.p.oldsync:
            from .timer import start_timers

            start_timers(self)
        # Whether strategies are called while their own length is still that of the bar before.
        early = bool(self.p.cheat_on_open or self.p.quicknotify or self._opening or self._passed)
        # So is a strategy whose values are written when another one has had its turn.
        early = early or (self.writers_csv and len(strategies) > 1)
        for strategy in strategies:
            follow_clocks(strategy, self._clock, self._cursor, early)
        play(self, strategies)
        for strategy in strategies:
            if any(p > d.buflen() for p, d in zip(strategy._minperiods, self.datas, strict=True)):
                from .shortages import never_reached

                never_reached(strategy)
            strategy.stop()
            for analyzer in strategy._all_analyzers():
                analyzer._stop()

    def _disable_runonce(self) -> None:
        """Go bar by bar: an indicator cannot be computed otherwise."""
        self._dorunonce = False

    def _make_strategies(self, iterstrat: Any) -> list[Strategy]:
        strategies = []
        _strategy._environments.append(self)
        try:
            for cls, args, kwargs in iterstrat:
                try:
                    strategy = cls(*self.datas, *args, **kwargs)
                except StrategySkipError:
                    continue
                if self.p.tradehistory:
                    strategy.set_tradehistory()
                strategies.append(strategy)
        finally:
            _strategy._environments.pop()
        return strategies

    def _equip(self, strategy: Strategy, index: int) -> None:
        strategy.stats = strategy.observers = stats = Observers(strategy)
        if self.p.stdstats:
            trades = "Trades" if self.p.oldtrades or len(self.datas) == 1 else "DataTrades"
            bars = {} if self.p.oldbuysell else {"barplot": True}
            stats._standard = [(False, "Broker", {}), (True, "BuySell", bars), (False, trades, {})]
        for multi, cls, args, kwargs in self.observers:
            strategy._addobserver(multi, cls, *args, **kwargs)
        for cls, args, kwargs in self.indicators:
            strategy._addindicator(cls, *args, **kwargs)
        for cls, args, kwargs in self.analyzers:
            strategy._addanalyzer(cls, *args, **kwargs)
        sizer = self.sizers.get(index, self.sizers.get(None))
        if sizer is not None:
            cls, args, kwargs = sizer
            strategy._addsizer(cls, *args, **kwargs)
        tz = self.p.tz
        if tz is not None:
            strategy._settz(self.datas[tz]._tz if isinstance(tz, int) else tzparse(tz))

    def _start(self, strategy: Strategy) -> None:
        strategy._periodset()
        strategy._listen()
        for analyzer in strategy._all_analyzers():
            analyzer._start()
        several = len(self.datas) > 1 and not (self._dorunonce and self._dopreload)
        if several or self._clock.show is not None:
            # Only who hears the bars of several datas one by one, or every tick of a bar, knows
            # what is in which: the standard observers have to be there.
            strategy.getobservers()
        strategy._start_observers(strategy.stats._items, strategy._observers)
        strategy._started = True
        _lines.set_running(True)
        strategy.start()
        _lines.set_running(False)

    # What analyzers read

    def _bars_heard(self, analyzer: Any) -> int:
        """The number of bars that an analyzer has heard.

        Analyzers hear a bar in their sequence, after the strategy: who asks one earlier gets its
        results up to the previous bar.
        """
        bars = self._cursor.idx + 1
        if not self._looping:
            return bars
        if self._hearing is None or self._hearing.strategy is not analyzer.strategy:
            return bars - 1
        while analyzer._parent is not None:
            analyzer = analyzer._parent
        order = list(analyzer.strategy.analyzers)
        return bars - (order.index(analyzer) > order.index(self._hearing))

    def _curve(self, analyzer: Any) -> np.ndarray:
        """The portfolio's value after each bar that the analyzer has heard."""
        return self._broker.notified_curves()[1][: self._bars_heard(analyzer)]

    def _times_heard(self, analyzer: Any) -> np.ndarray:
        return self._clock.times[: self._bars_heard(analyzer)]

    def _closes_heard(self, analyzer: Any, data: Any) -> np.ndarray:
        """The data's latest close after each bar heard; NaN before its first."""
        # Not `index()`: lines answer `==` with their values.
        place = [one is data for one in self.datas].index(True)
        rows = self._clock.rows[place][: self._bars_heard(analyzer)]
        closes = data.lines[0].column()[rows]
        closes[rows < 0] = np.nan
        return closes

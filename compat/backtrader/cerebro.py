"""`Cerebro`: collects feeds, strategies and settings, and runs them bar by bar."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from typing import Any

import numpy as np

from . import lines as _lines
from . import strategy as _strategy
from .broker import BackBroker
from .data import Clock
from .errors import StrategySkipError
from .lines import Cursor
from .loops import play
from .params import ParamsBase
from .schedule import follow_clocks
from .strategy import Strategy
from .unsupported import missing, unsupported

#: Parameters that cannot change results, and those that would.
_REFUSED = {
    "lookahead": 0,
    "exactbars": False,
    "objcache": False,
    "live": False,
    "writer": False,
    "tradehistory": False,
    "oldsync": False,
    "tz": None,
    "quicknotify": False,
}


class Cerebro(ParamsBase):
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
        self.datas: list[Any] = []
        self.datasbyname: OrderedDict[str, Any] = OrderedDict()
        self.strats: list[Any] = []
        self.observers: list[Any] = []
        self.analyzers: list[Any] = []
        self.sizers: dict[int | None, Any] = {}
        self.runstrats: list[list[Strategy]] = []
        self.runningstrats: list[Strategy] = []
        self._dataid = itertools.count(1)
        self._inside = False
        self._event_stop = False
        #: What analyzers have heard so far: see `_bars_heard`.
        self._looping = False
        self._hearing: Any = None
        self._broker: Any = None
        self.broker = BackBroker()

    def __getattr__(self, name: str) -> Any:
        raise missing("Cerebro", name)

    # What is run

    def adddata(self, data: Any, name: str | None = None) -> Any:
        if name is not None:
            data._name = name
        data._id = next(self._dataid)
        data.setenvironment(self)
        self.datas.append(data)
        self.datasbyname[data._name] = data
        return data

    def addstrategy(self, strategy: type, *args: Any, **kwargs: Any) -> int:
        self.strats.append((strategy, args, kwargs))
        return len(self.strats) - 1

    def addsizer(self, sizercls: type, *args: Any, **kwargs: Any) -> None:
        self.sizers[None] = (sizercls, args, kwargs)

    def addsizer_byidx(self, idx: int, sizercls: type, *args: Any, **kwargs: Any) -> None:
        self.sizers[idx] = (sizercls, args, kwargs)

    def addanalyzer(self, ancls: type, *args: Any, **kwargs: Any) -> None:
        self.analyzers.append((ancls, args, kwargs))

    def addobserver(self, obscls: type, *args: Any, **kwargs: Any) -> None:
        self.observers.append((obscls, args, kwargs))

    def addobservermulti(self, obscls: type, *args: Any, **kwargs: Any) -> None:
        self.observers.append((obscls, args, kwargs))

    def setbroker(self, broker: Any) -> Any:
        if not isinstance(broker, BackBroker):
            raise unsupported(f"the broker {type(broker).__name__}", "Use the simulated one.")
        self._broker = broker
        broker.cerebro = self
        return broker

    def getbroker(self) -> Any:
        return self._broker

    broker = property(getbroker, setbroker)

    def notify_data(self, data: Any, status: int, *args: Any, **kwargs: Any) -> None:
        pass

    def notify_store(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        pass

    def runstop(self) -> None:
        """End the run after the current bar."""
        self._event_stop = True

    def _next_stid(self) -> int:
        return next(self._stcount)

    # Run

    def run(self, **kwargs: Any) -> list[Any]:
        """Run the strategies over the datas; keywords set parameters."""
        self._event_stop = False
        if not self.datas:
            return []
        for key, value in kwargs.items():
            if key in self.params._getkeys():
                setattr(self.params, key, value)
        for name, value in _REFUSED.items():
            if getattr(self.p, name) != value:
                raise unsupported(f"Cerebro({name}={getattr(self.p, name)!r})")
        if self.p.cheat_on_open and self.p.broker_coo:
            self._broker.set_coo(True)
        if not self.strats:
            self.addstrategy(Strategy)
        self._stcount = itertools.count(0)
        self.runstrats = [self._run()]
        return self.runstrats[0]

    def _run(self) -> list[Strategy]:
        for data in self.datas:
            data.reset()
            data._start()
            data.preload()
        self._clock = clock = Clock(self.datas)
        self._single = len(self.datas) == 1
        self._cursor = self.datas[0].cursor if self._single else Cursor()
        self._broker._stand_on(self.datas, clock, self._cursor)
        self._broker.start()
        self.runningstrats = strategies = self._make_strategies()
        if not strategies:
            return strategies
        self._inside = True
        try:
            for index, strategy in enumerate(strategies):
                self._equip(strategy, index)
                self._start(strategy)
            self._broker._begin()
            _lines.set_running(True)
            _lines.set_bar_by_bar(not (self.p.runonce and self.p.preload))
            for strategy in strategies:
                follow_clocks(strategy, clock, self._cursor, bool(self.p.cheat_on_open))
            play(self, strategies)
            for strategy in strategies:
                strategy.stop()
                for analyzer in strategy.analyzers:
                    analyzer._stop()
        finally:
            _lines.set_running(False)
            _lines.set_bar_by_bar(False)
            self._inside = False
        self._broker.stop()
        for data in self.datas:
            data.stop()
        return strategies

    def _make_strategies(self) -> list[Strategy]:
        strategies = []
        _strategy._environments.append(self)
        try:
            for cls, args, kwargs in self.strats:
                try:
                    strategies.append(cls(*self.datas, *args, **kwargs))
                except StrategySkipError:
                    continue
        finally:
            _strategy._environments.pop()
        return strategies

    def _equip(self, strategy: Strategy, index: int) -> None:
        for cls, args, kwargs in self.analyzers:
            strategy._addanalyzer(cls, *args, **kwargs)
        sizer = self.sizers.get(index, self.sizers.get(None))
        if sizer is not None:
            cls, args, kwargs = sizer
            strategy._addsizer(cls, *args, **kwargs)

    def _start(self, strategy: Strategy) -> None:
        strategy._periodset()
        strategy._listen()
        for analyzer in strategy.analyzers:
            analyzer._start()
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
        return self._broker.account_curves()[1][: self._bars_heard(analyzer)]

    def _times_heard(self, analyzer: Any) -> np.ndarray:
        return self._clock.times[: self._bars_heard(analyzer)]

    def _closes_heard(self, analyzer: Any, data: Any) -> np.ndarray:
        """The data's latest close after each bar heard; NaN before its first."""
        rows = self._clock.rows[self.datas.index(data)][: self._bars_heard(analyzer)]
        closes = data.lines[0].column()[rows]
        closes[rows < 0] = np.nan
        return closes

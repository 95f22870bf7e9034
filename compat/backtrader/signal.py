"""Signals: lines whose sign says when to enter and to leave, and the strategy that obeys them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from .iterators import Indicator
from .lines import LineRoot, _building
from .strategy import MetaStrategy, Strategy

SignalTypes = list(range(14))
(
    SIGNAL_NONE,
    SIGNAL_LONGSHORT,
    SIGNAL_LONG,
    SIGNAL_LONG_INV,
    SIGNAL_LONG_ANY,
    SIGNAL_SHORT,
    SIGNAL_SHORT_INV,
    SIGNAL_SHORT_ANY,
    SIGNAL_LONGEXIT,
    SIGNAL_LONGEXIT_INV,
    SIGNAL_LONGEXIT_ANY,
    SIGNAL_SHORTEXIT,
    SIGNAL_SHORTEXIT_INV,
    SIGNAL_SHORTEXIT_ANY,
) = SignalTypes


class Signal(Indicator):
    """The first line of a data, as a signal."""

    SignalTypes = SignalTypes

    lines = ("signal",)

    def __init__(self) -> None:
        self.lines.signal = self.data.lines[0]
        self.plotinfo.plotmaster = getattr(self.data, "_clock", self.data)


class MetaSigStrategy(MetaStrategy):
    """Makes the signals after `__init__`; what a class calls `next` is called after the signals."""

    def __new__(mcs, name, bases, namespace, **kwargs):
        if "next" in namespace:
            namespace["_next_custom"] = namespace.pop("next")
        cls: Any = super().__new__(mcs, name, bases, namespace, **kwargs)
        cls.next = cls._next_catch
        return cls

    def _before_init(cls, obj, args, kwargs):
        args, kwargs = super()._before_init(obj, args, kwargs)
        obj._signals = defaultdict(list)
        target = obj.p._data
        if isinstance(target, int):
            target = obj.datas[target]
        elif isinstance(target, str):
            target = obj.getdatabyname(target)
        elif not isinstance(target, LineRoot):
            target = obj.datas[0]
        obj._dtarget = target
        return args, kwargs

    def _after_init(cls, obj):
        super()._after_init(obj)
        _building.append(obj)
        try:
            for kind, signal, args, kwargs in obj.p.signals:
                obj._signals[kind].append(signal(*args, **kwargs))
        finally:
            _building.pop()
        obj._longexit = bool(obj._signals[SIGNAL_LONGEXIT])
        obj._shortexit = bool(obj._signals[SIGNAL_SHORTEXIT])


class SignalStrategy(Strategy, metaclass=MetaSigStrategy):
    """Enters and leaves by signals: those of `signals`, and those of `signal_add`."""

    params = (("signals", []), ("_accumulate", False), ("_concurrent", False), ("_data", None))

    #: The order that must have ended before signals are looked at again.
    _sentinel: Any = None

    _signals: dict[int, list[Any]]
    _dtarget: Any
    _longexit: bool
    _shortexit: bool

    def signal_add(self, sigtype: int, signal: Any) -> None:
        self._signals[sigtype].append(signal)

    def _listen(self) -> None:
        super()._listen()
        self._sentinel = None
        # The end of an order without a fill counts too.
        self._hears_orders = True

    def _notify(self, qorders: Any = (), qtrades: Any = ()) -> None:
        if self._sentinel is not None:
            for order in qorders or self._orderspending:
                if order == self._sentinel and not order.alive():
                    self._sentinel = None
                    break
        if qorders or qtrades:
            super()._notify(qorders, qtrades)  # pyright: ignore[reportCallIssue]
        else:
            super()._notify()

    def _next_catch(self) -> None:
        self._next_signal()
        custom = getattr(type(self), "_next_custom", None)
        if custom is not None:
            custom(self)

    def _next_signal(self) -> None:
        if self._sentinel is not None and not self.p._concurrent:
            return
        above, below, some = set(), set(), set()
        for kind, signals in self._signals.items():
            values = [signal[0] for signal in signals]
            if values:
                if all(value > 0.0 for value in values):
                    above.add(kind)
                if all(value < 0.0 for value in values):
                    below.add(kind)
                if all(values):
                    some.add(kind)
        size = self.getposition(self._dtarget).size
        if not (above or below or some):
            return
        both_long, both_short = SIGNAL_LONGSHORT in above, SIGNAL_LONGSHORT in below
        any_long, any_short = SIGNAL_LONG_ANY in some, SIGNAL_SHORT_ANY in some
        enter_long = SIGNAL_LONG in above or SIGNAL_LONG_INV in below or any_long
        enter_short = SIGNAL_SHORT in below or SIGNAL_SHORT_INV in above or any_short
        if not size:
            if both_long or enter_long:
                self._sentinel = self.buy(self._dtarget)
            elif both_short or enter_short:
                self._sentinel = self.sell(self._dtarget)
        elif size > 0:
            reverse = not self._longexit and enter_short
            leave = not self._longexit and (
                SIGNAL_LONG in below or SIGNAL_LONG_INV in above or any_long
            )
            leave = leave or (
                SIGNAL_LONGEXIT in below
                or SIGNAL_LONGEXIT_INV in above
                or SIGNAL_LONGEXIT_ANY in some
            )
            if both_short or reverse or leave:
                self.close(self._dtarget)
            if both_short or reverse:
                self._sentinel = self.sell(self._dtarget)
            if (both_long or enter_long) and self.p._accumulate:
                self._sentinel = self.buy(self._dtarget)
        else:
            reverse = not self._shortexit and enter_long
            leave = not self._shortexit and (
                SIGNAL_SHORT in above or SIGNAL_SHORT_INV in below or any_short
            )
            leave = leave or (
                SIGNAL_SHORTEXIT in above
                or SIGNAL_SHORTEXIT_INV in below
                or SIGNAL_SHORTEXIT_ANY in some
            )
            if both_long or reverse or leave:
                self.close(self._dtarget)
            if both_long or reverse:
                self._sentinel = self.buy(self._dtarget)
            if (both_short or enter_short) and self.p._accumulate:
                self._sentinel = self.sell(self._dtarget)


def add_strategy(cerebro: Any) -> None:
    """Add the strategy that obeys the signals of `cerebro`."""
    cls, args, kwargs = cerebro._signal_strat
    if cls is None:
        cls, args, kwargs = SignalStrategy, (), {}
        if cerebro.strats:
            # Fails, as there, unless the entry happens to have three parts.
            first = cerebro.strats.pop(0)
            one, two, three = first
            cerebro.strats.insert(0, (one, two, three))
    cerebro.addstrategy(
        cls,
        *args,
        _accumulate=cerebro._signal_accumulate,
        _concurrent=cerebro._signal_concurrent,
        signals=cerebro.signals,
        **kwargs,
    )

"""`Observer`: lines that are written at each bar, after the strategy and its analyzers.

Two lanes give the same values. *Heard*: the observer is called at each bar; so are those of the
user's. *Quiet*: nothing happens per bar; who reads its lines gets them from the account's curve and
the notified orders, up to the bars that it would have heard. Who reads them while the bars run
turns it into a heard one from that bar on.
"""

from __future__ import annotations

from array import array as float_array
from typing import Any, ClassVar

from .iterators import LineIterator, MetaLineIterator
from .lines import NAN, Cursor, Line, LineRoot, _building, bar_by_bar, current_owner
from .unsupported import missing, unsupported

#: What stops the loop for a single strategy, which calls no observers: `loops.play` goes on.
JOIN = "join"

_PACKAGE = __name__.rpartition(".")[0]


class _Heard:
    """The cursor of a quiet observer."""

    __slots__ = ("observer",)

    def __init__(self, observer: Any) -> None:
        self.observer = observer

    @property
    def idx(self) -> int:
        return self.observer._heard() - 1


class QuietLine(Line):
    """A line of a quiet observer: it gets its values when somebody reads them."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name == "array":
            self._owner._join()
            return self.array
        return super().__getattr__(name)


class MetaObserver(MetaLineIterator):
    """An observer belongs to a strategy, and may follow its clock instead of its data's."""

    _stclock: bool

    def _before_init(cls, obj, args, kwargs):
        args, kwargs = super()._before_init(obj, args, kwargs)
        obj._analyzers = []
        obj._bound = []
        if obj._stclock:
            obj._clock = obj._owner
        return args, kwargs

    def _find_owner(cls, obj) -> Any:
        owner = current_owner()
        while owner is not None and not owner._is_strategy:
            owner = owner._owner
        return owner

    def _after_init(cls, obj):
        _building.pop()
        obj._minperiod = max(line._minperiod for line in obj.lines)
        if obj._indicators:
            obj.updateminperiod(max(child._minperiod for child in obj._indicators))
        owner = obj._owner
        owner._observers.append(obj)
        if owner._started and not _building:
            # Not one that was added: the strategy makes it by itself, in `start` or later.
            if owner.cerebro._looping:
                obj._set_lane(late=True)
            elif owner.cerebro._cursor.idx < 0:
                obj._set_lane()


class Observer(LineIterator, metaclass=MetaObserver):
    """The base of observers: a subclass has `lines` and writes them in `next`.

    `self._owner` is the strategy; its `broker`, `_orderspending` (the orders of which it was
    notified at this bar) and `_tradespending` are what there is to observe.
    """

    _stclock = False
    _ltype = LineRoot.ObsType
    csv = True
    plotinfo: ClassVar[Any] = {"plot": False, "subplot": True}

    _owner: Any
    _analyzers: list[Any]
    #: Bar by bar: where its indicators stand, and (a line of one, the line bound to it).
    _followed: Any = None
    _bound: list[tuple[Line, Line]]
    #: The methods of the quiet lane's class that make it possible; a subclass with own ones hears.
    _quiet = False
    _joining = False

    def prenext(self) -> None:
        self.next()

    def start(self) -> None:
        """Called before the bars are played."""

    def _start(self) -> None:
        self.start()

    def _register_analyzer(self, analyzer: Any) -> None:
        self._analyzers.append(analyzer)

    # Lanes

    def _columns(self, bars: int) -> list[list[float]]:
        """The values of each line at the first `bars` bars (quiet lane)."""
        raise NotImplementedError

    def _reads_account(self) -> bool:
        """Whether its values can be had without hearing bars."""
        return False

    def _has_own_methods(self) -> bool:
        """Whether a class of the user's has methods."""
        return any(
            callable(value)
            for cls in type(self).__mro__
            if not cls.__module__.startswith(_PACKAGE) and cls is not object
            for value in vars(cls).values()
            if not isinstance(value, type)
        )

    def _set_lane(self, late: bool = False) -> None:
        """Before the bars: decide whether it hears them. late: from the current one on it does."""
        owner = self._owner
        cerebro = owner.cerebro
        self._once_only = cerebro._dorunonce and cerebro._dopreload
        # There, the arrays have room for all bars before the first is observed: it stays NaN.
        self._room = owner.data.buflen() if self._once_only and not late else 0
        # A writer of bars reads all of them.
        quiet = not late and self._reads_account() and not self._has_own_methods()
        # The account's curve has a value per tick: of a bar that is shown in several, only the
        # last one counts.
        quiet = quiet and cerebro._clock.show is None
        self._quiet = quiet and not cerebro.writers_csv
        if self._quiet:
            for line in self.lines:
                line.reset()
                line.__class__ = QuietLine
                line.cursor = _Heard(self)
        else:
            self._lay([[] for _ in self.lines])
            self._hear()

    def _hear(self) -> None:
        """Be called at each bar from now on."""
        owner = self._owner
        owner._bar_observers.append(self)
        owner._hears_trades = True
        if owner.cerebro._looping and owner.cerebro._alone:
            owner.cerebro._event_stop = owner.cerebro._event_stop or JOIN

    def _heard(self) -> int:
        """The number of bars it has heard, or would have."""
        cerebro = self._owner.cerebro
        return cerebro._cursor.idx + (not cerebro._looping)

    def _lay(self, columns: list[list[float]]) -> None:
        """Make `columns` the values of the lines."""
        cursor = Cursor()
        room = self._room
        for line, values in zip(self.lines, columns, strict=True):
            line.__class__ = Line
            cursor.idx = len(values) - 1
            if self._owner.cerebro.p.oldsync:
                room = self._room - len(values)
            line.array = float_array("d", [*values, *[NAN] * room])
            line.cursor = cursor

    def _join(self) -> None:
        """Somebody reads the lines of a quiet observer."""
        self._lay(self._columns(max(self._heard(), 0)))
        if self._owner.cerebro._looping:
            self._joining = True
            self._hear()

    # One bar

    def _bar(self, status: int) -> None:
        """Observe a bar. status: below 0 the strategy's `next` was called, at 0 `nextstart`."""
        if self._joining:
            self._joining = False
            self._lay(self._columns(self._heard() + 1))
            return
        for analyzer in self._analyzers:
            if status < 0:
                analyzer._next()
            elif status == 0:
                analyzer._nextstart()
            else:
                analyzer._prenext()
        if not self._once_only:
            self._bar_by_bar()
            return
        if len(self._owner) > len(self):
            self._forward()
        if status < 0:
            self.next()
        elif status == 0:
            self.nextstart()
        elif len(self):
            self.prenext()

    def _forward(self) -> None:
        lines = self.lines._lines
        lines[0].cursor.idx += 1
        if not self._owner.cerebro.p.oldsync or not self._once_only:
            for line in lines:
                line.array.append(NAN)

    def _bar_by_bar(self) -> None:
        """With `runonce=False` it follows its clock, and counts its own minimum period."""
        length = len(self._clock)
        if length != len(self):
            self._forward()
        if self._followed is not None:
            self._followed.idx = self._owner.datas[0].cursor.idx
            for line, own in self._bound:
                own[0] = line[0]
        if length > self._minperiod:
            self.next()
        elif length == self._minperiod:
            self.nextstart()
        elif length:
            self.prenext()

    # Indicators of its own; with `runonce=True` they have no values

    def addindicator(self, indicator: Any) -> None:
        if bar_by_bar() and self._owner.cerebro._looping:
            raise unsupported(
                f"{type(self).__name__} with indicators, made in next() with runonce=False",
                "Add it to Cerebro.",
            )
        super().addindicator(indicator)

    def _lend(self) -> list[Any]:
        """Its indicators, to be evaluated; what is bound to its lines it takes bar by bar."""
        for line in (line for child in self._indicators for line in child.lines):
            mine = [own for own in line.bindings if own._owner is self]
            self._bound += [(line, own) for own in mine]
            line.bindings = [own for own in line.bindings if own._owner is not self]
        return self._indicators


class Observers:
    """`strategy.stats`: observers by position and by name.

    The standard ones are made when somebody asks: few scripts read them.
    """

    def __init__(self, strategy: Any) -> None:
        self._strategy = strategy
        self._items: list[Any] = []
        self._names: list[str] = []
        #: What `_addobserver` gets for each standard observer that is not made yet.
        self._standard: list[tuple[bool, str, dict[str, Any]]] = []

    def _make(self) -> None:
        standard, self._standard = self._standard, []
        if not standard:
            return
        from . import observers

        # They come first; one of the same name that was added has the name.
        strategy = self._strategy
        added = {name: value for name, value in vars(self).items() if not name.startswith("_")}
        more, strategy._observers = strategy._observers, []
        items, self._items = self._items, []
        names, self._names = self._names, []
        for multi, name, kwargs in standard:
            strategy._addobserver(multi, getattr(observers, name), **kwargs)
        if strategy._started:
            strategy._start_observers(self._items, strategy._observers)
        strategy._observers += more
        self._items += items
        self._names += names
        vars(self).update(added)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("__") and self.__dict__.get("_standard"):
            self._make()
            if name in self.__dict__:
                return self.__dict__[name]
        raise AttributeError(f"'ItemCollection' object has no attribute {name!r}")

    def append(self, item: Any, name: str | None = None) -> None:
        setattr(self, str(name), item)
        self._items.append(item)
        if name:
            self._names.append(name)

    def __len__(self) -> int:
        self._make()
        return len(self._items)

    def __getitem__(self, key: Any) -> Any:
        self._make()
        return self._items[key]

    def getnames(self) -> list[str]:
        self._make()
        return self._names

    def getitems(self):
        self._make()
        return zip(self._names, self._items, strict=False)

    def getbyname(self, name: str) -> Any:
        self._make()
        return self._items[self._names.index(name)]


def __getattr__(name: str) -> Any:
    raise missing("observer", name)

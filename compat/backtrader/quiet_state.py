"""What the names in a strategy's `next` stand for, looked up without running any code.

What is found is noted: the objects that must stay where they are (`Sight.valid`), and numbers that
may change (`Slot`), each with the questions that were asked about it.
"""

from __future__ import annotations

import builtins
import math
import operator
from itertools import repeat
from typing import Any

import numpy as np

from . import broker as _broker
from . import lines as _lines
from . import position as _position
from . import strategy as _strategy
from .broker import BackBroker, _Positions
from .lines import Line, LineRoot, Lines, LineSeries
from .order import BuyOrder, Order, SellOrder
from .params import Params
from .position import Position

MISSING: Any = object()
#: A value that is not known: where it is needed, `next` is called.
UNKNOWN: Any = object()

NUMBERS = (int, float, bool)
_PLAIN = (*NUMBERS, str, type(None))
_HAVE_LENGTH = (list, tuple, dict, set)
_ORDERS = (Order, BuyOrder, SellOrder)
#: Whole numbers up to here are the same as floats.
EXACT = 2**53

#: What has attributes that are looked up, and what is an object of which there is only one.
_NAMED = (Lines, LineSeries, Params)
_OBJECTS = (LineRoot, Lines, Params, BackBroker, Position)

_OPERATORS = [
    *("__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__truediv__"),
    *("__rtruediv__", "__lt__", "__gt__", "__le__", "__ge__", "__eq__", "__ne__", "__abs__"),
    *("__neg__", "__bool__", "__getitem__", "__len__"),
]
_call: Any = operator.call
_column_of = operator.attrgetter("_column")
_PURE = {function.__name__: function for function in (abs, bool, enumerate, float, len, max, min)}
_ISNAN = {id(math): math.isnan, id(np): np.isnan}


class Held:
    """An object that stays where it is; slot: the place, where its truth value can change."""

    __slots__ = ("obj", "slot")

    def __init__(self, obj: Any, slot: Slot | None = None) -> None:
        self.obj = obj
        self.slot = slot


class Slot:
    """A place whose content may change between two calls, and the questions about it.

    An answer is a plain value, the same as long as the content means the same for the question.
    """

    __slots__ = ("name", "of")

    def __init__(self, of: Any, name: Any) -> None:
        self.of, self.name = of, name

    def content(self) -> Any:
        return self.of.get(self.name, MISSING)

    def number(self) -> Any:
        """Type and value of a number, a text or None."""
        value = self.content()
        kind = type(value)
        if kind is float or kind is bool or kind is str or value is None:
            return kind, value
        if kind is int and -EXACT <= value <= EXACT:
            return kind, value
        return UNKNOWN

    def truth(self) -> Any:
        value = self.content()
        kind = type(value)
        if kind in _PLAIN or kind in _HAVE_LENGTH:
            return bool(value)
        return True if kind in _ORDERS else UNKNOWN

    def nothing(self) -> Any:
        """Whether it is None."""
        value = self.content()
        return UNKNOWN if value is MISSING else value is None

    def sign(self) -> Any:
        value = self.content()
        if type(value) not in NUMBERS or value != value:
            return UNKNOWN
        return (value > 0) - (value < 0)


class Attribute(Slot):
    """A number of a position: fills change it."""

    __slots__ = ()

    def content(self) -> Any:
        return getattr(self.of, self.name)

    def truth(self) -> Any:
        value = getattr(self.of, self.name)
        return bool(value) if type(value) in NUMBERS else super().truth()


class Column:
    """A value at every time of the run.

    values: float64, int64 or bool [T]; bad: bool[T], where nothing is known and `next` is called,
    or None.
    """

    __slots__ = ("bad", "made", "truth", "values")

    def __init__(self, values: np.ndarray, bad: np.ndarray | None = None) -> None:
        self.values, self.bad = values, bad
        self.truth: Any = None
        #: What was computed of it, by operation and other operand.
        self.made: dict[Any, Any] = {}


def _static(cls: type, name: str) -> tuple[Any, Any]:
    """What a class has under a name, as it stands there, and the class that has it."""
    for base in cls.__mro__:
        if name in base.__dict__:
            return base.__dict__[name], base
    return MISSING, None


def _ours(cls: type, names: list[str], module: Any) -> bool:
    """Whether methods of a class are those of a module of this package."""
    if cls.__getattribute__ is not object.__getattribute__:
        return False
    return all(
        getattr(getattr(cls, name, None), "__globals__", None) is vars(module) for name in names
    )


class Sight:
    """What is known of the objects of a run, as seen from the strategy's `next`.

    rows: by cursor, int64[T] where it stands at each time, None where that is the time's own
    number. first: the first time at which `next` may be called.
    """

    def __init__(self, strategy: Any, function: Any, rows: dict[int, Any], first: int, size: int):
        self.strategy, self.function = strategy, function
        self.space = strategy.__dict__
        self.rows, self.first, self.size = rows, first, size
        self.own_lines = {id(line) for line in strategy.lines}
        self.slots: dict[Any, Slot] = {}
        #: Cursors are compared by identity: they must not be replaced by others.
        self.alive: list[Any] = []
        #: Lines that got a column here, of the values in their array.
        self.lent: list[tuple[Line, np.ndarray]] = []
        #: The lines that were read, and the columns that they had.
        self.read: dict[int, tuple[Line, np.ndarray]] = {}
        self._types: dict[Any, bool] = {}
        self.forget()

    def forget(self) -> None:
        """Look anew at everything."""
        #: What is asked for what it has under a name, the names, and what has to be there.
        self.checks: tuple[list[Any], list[Any], list[Any]] = [], [], []
        self._expected: dict[Any, Any] = {}
        self.sequences: list[tuple[Any, tuple[Any, ...]]] = []
        self._items: dict[int, list[Held] | None] = {}
        #: Lines, and the columns that they have to have.
        self.lines: tuple[list[Line], list[Any]] = [], []
        self._found: dict[Any, Any] = {}
        #: By expression: what it is throughout the run.
        self.settled: dict[Any, Any] = {}
        self._columns: dict[Any, Any] = {}

    def valid(self) -> bool:
        """Whether everything that was seen is still where it was."""
        # Asked after every call of the script: without a step of the interpreter for each of them.
        gets, names, expected = self.checks
        found = map(_call, gets, names, repeat(MISSING))
        if not all(map(operator.is_, found, expected)):
            return False
        lines, columns = self.lines
        if not all(map(operator.is_, map(_column_of, lines), columns)):
            return False
        for sequence, items in self.sequences:
            if len(sequence) != len(items) or not all(map(operator.is_, sequence, items)):
                return False
        return True

    def expect(self, mapping: Any, name: Any) -> Any:
        """What a mapping has under a name, which has to stay so."""
        key = (id(mapping), id(name) if isinstance(name, LineRoot) else name)
        if key not in self._expected:
            # The mapping and the name live as long as the check.
            self._expected[key] = value = mapping.get(name, MISSING)
            for kept, one in zip(self.checks, (mapping.get, name, value), strict=True):
                kept.append(one)
        return self._expected[key]

    def slot(self, of: Any, name: Any, key: Any = None, kind: type[Slot] = Slot) -> Slot:
        key = (id(of) if key is None else key, name)
        if key not in self.slots:
            self.slots[key] = kind(of, name)
            self.alive.append(of)
        return self.slots[key]

    # Names

    def known_name(self, name: str) -> Any:
        """A global name of the function: a number of the module, or a module."""
        space = self.function.__globals__
        value = self._found.get(name, MISSING)
        if value is not MISSING:
            return value
        value = space.get(name, MISSING)
        if type(value) in _PLAIN:
            value = self.slot(space, name)
        else:
            value = self.expect(space, name)
            value = Held(value) if value is math or value is np else UNKNOWN
        self._found[name] = value
        return value

    def builtin(self, name: str) -> bool:
        """Whether a name is that of one of the built-in functions that are known here."""
        known = _PURE.get(name)
        if known is None or known is not vars(builtins)[name]:
            return False
        if self.expect(self.function.__globals__, name) is not MISSING:
            return False
        return self.expect(self.function.__builtins__, name) is known

    def isnan(self, module: Any) -> bool:
        """Whether an object is a module whose `isnan` is known here."""
        known = _ISNAN.get(id(module))
        return known is not None and self.expect(vars(module), "isnan") is known

    # Attributes

    def attribute(self, obj: Any, name: str) -> Any:
        """`obj.name`: Held, Slot or UNKNOWN."""
        key = (id(obj), name)
        found = self._found.get(key, MISSING)
        if found is MISSING:
            self.alive.append(obj)
            found = self._found[key] = self._attribute(obj, name)
        return found

    def _attribute(self, obj: Any, name: str) -> Any:
        if name.startswith("__"):
            return UNKNOWN
        cls = type(obj)
        if cls is Position:
            return self.slot(obj, name, kind=Attribute) if name in ("size", "price") else UNKNOWN
        if not issubclass(cls, _NAMED):
            return UNKNOWN
        if cls.__getattribute__ is not object.__getattribute__:
            return UNKNOWN
        static, home = _static(cls, name)
        if hasattr(type(static), "__set__") or hasattr(type(static), "__delete__"):
            return UNKNOWN
        value = obj.__dict__.get(name, MISSING)
        if value is not MISSING:
            return self._content(obj.__dict__, name, value)
        self.expect(obj.__dict__, name)
        if static is MISSING or hasattr(type(static), "__get__"):
            return UNKNOWN
        return self._content(home.__dict__, name, static, key=home)

    def _content(self, mapping: Any, name: Any, value: Any, key: Any = None) -> Any:
        """What stands in a mapping: an object that stays, or a place."""
        cls = type(value)
        if issubclass(cls, _OBJECTS):
            self.expect(mapping, name)
            return Held(value)
        if cls in (list, tuple, dict):
            self.expect(mapping, name)
            return Held(value, self.slot(mapping, name, key))
        return self.slot(mapping, name, key)

    def item(self, obj: Any, index: Any) -> Any:
        """An element of a list, a tuple or a dictionary."""
        cls = type(obj)
        if cls is dict:
            value = obj.get(index, MISSING)
            if value is MISSING:
                self.expect(obj, index)
                return UNKNOWN
            return self._content(obj, index, value)
        if type(index) is not int:
            return UNKNOWN
        items = self.items(obj.__dict__["_lines"] if cls is Lines else obj)
        if items is None or not -len(items) <= index < len(items):
            return UNKNOWN
        return items[index]

    def items(self, obj: Any) -> list[Any] | None:
        """The elements of a list or tuple of objects that stay."""
        if id(obj) not in self._items:
            items = None
            if type(obj) in (list, tuple):
                self.sequences.append((obj, tuple(obj)))
                if all(issubclass(type(one), LineRoot) for one in obj):
                    items = [Held(one) for one in obj]
            else:
                self.alive.append(obj)
            self._items[id(obj)] = items
        return self._items[id(obj)]

    # Positions

    def position_of(self, broker: Any, data: Any) -> Any:
        """`broker.getposition(data)`, of a position that was asked for before."""
        if not self._is_ours(type(broker), ["getposition"], _broker):
            return UNKNOWN
        if self.expect(broker.__dict__, "getposition") is not MISSING:
            return UNKNOWN
        positions = self.expect(broker.__dict__, "positions")
        if type(positions) is not _Positions or not isinstance(data, LineSeries):
            return UNKNOWN
        position = self.expect(positions, data)
        return Held(position) if type(position) is Position else UNKNOWN

    def strategy_position(self, data: Any) -> Any:
        """`self.getposition(data)`."""
        cls = type(self.strategy)
        if not self._is_ours(cls, ["getposition"], _strategy):
            return UNKNOWN
        if self.expect(self.space, "getposition") is not MISSING:
            return UNKNOWN
        broker = self.expect(self.space, "broker")
        if not isinstance(broker, BackBroker):
            return UNKNOWN
        if data is None:
            first = self.attribute(self.strategy, "datas")
            data = UNKNOWN if type(first) is not Held else self.item(first.obj, 0)
            if data is UNKNOWN:
                return UNKNOWN
            data = data.obj
        return self.position_of(broker, data)

    def whether_held(self, position: Any) -> Any:
        """The place that says whether a position is held; UNKNOWN if it is not one of ours."""
        if not self._is_ours(type(position), ["__bool__"], _position):
            return UNKNOWN
        return self.slot(position, "size", kind=Attribute)

    def _is_ours(self, cls: type, names: list[str], module: Any) -> bool:
        key = (cls, module)
        if key not in self._types:
            self._types[key] = _ours(cls, names, module)
        return self._types[key]

    # Lines

    def line_of(self, obj: Any) -> Any:
        """The line whose value an object is; UNKNOWN where that is not certain."""
        if not self._is_ours(type(obj), _OPERATORS, _lines):
            return UNKNOWN
        if isinstance(obj, Line):
            return obj
        line = obj.__dict__.get("_line0", UNKNOWN) if isinstance(obj, LineSeries) else UNKNOWN
        return line if line is UNKNOWN or self._is_ours(type(line), _OPERATORS, _lines) else UNKNOWN

    def values(self, line: Any, ago: int) -> Any:
        """`line[ago]` at each time: a Column or UNKNOWN."""
        key = (id(line), ago)
        found = self._columns.get(key, MISSING)
        if found is MISSING:
            self.alive.append(line)
            found = self._columns[key] = self._values(line, ago)
        return found

    def _values(self, line: Line, ago: int) -> Any:
        rows = self.rows.get(id(line.cursor), MISSING)
        column = self._column(line)
        self.lines[0].append(line)
        self.lines[1].append(line._column)
        if rows is MISSING or column is None or ago > 0:
            return UNKNOWN
        if rows is None and not ago and len(column) == self.size:
            return Column(column)
        places = (np.arange(self.size) if rows is None else rows) + ago
        bad = (places < 0) | (places >= len(column))
        if not len(column) or bad.all():
            return UNKNOWN
        values = column[np.clip(places, 0, len(column) - 1)]
        return Column(values, bad if bad[self.first :].any() else None)

    def _column(self, line: Line) -> np.ndarray | None:
        """The values of a line, if it is known when they change."""
        if line._seen is not None or line.extension or id(line) in self.own_lines:
            return None
        if line._column is None:
            try:
                values = object.__getattribute__(line, "array")
            except AttributeError:
                return None
            if type(values) is not _lines.float_array or values.typecode != "d":
                return None
            # Who writes a value by index takes the column away.
            self.lent.append((line, line.settle()))
        column: Any = line._column
        if column.dtype != np.float64 or column.ndim != 1 or _written(line, column):
            return None
        self.read[id(line)] = (line, column)
        return column

    def altered(self) -> bool:
        """At the end: whether anybody wrote into the array of a line that was read."""
        found = any(line._column is c and _written(line, c) for line, c in self.read.values())
        for line, column in self.lent:
            if line._column is column:
                line._column = None
        return found

    def length(self, obj: Any) -> Any:
        """`len(obj)` at each time, of a strategy, a data, an indicator or a line."""
        line = self.line_of(obj)
        if line is UNKNOWN:
            return UNKNOWN
        key = (id(line), "length")
        if key not in self._columns:
            self.alive.append(line)
            rows = self.rows.get(id(line.cursor), MISSING)
            if rows is MISSING:
                self._columns[key] = UNKNOWN
            else:
                self._columns[key] = Column((np.arange(self.size) if rows is None else rows) + 1)
        return self._columns[key]


def _written(line: Line, column: np.ndarray) -> bool:
    """Whether the array of a line has other values than its column."""
    try:
        values = object.__getattribute__(line, "array")
    except AttributeError:
        return False
    if len(values) < len(column):
        return True
    now = np.frombuffer(values, dtype=np.int64, count=len(column)) if len(column) else column
    return not np.array_equal(now, column.view(now.dtype))

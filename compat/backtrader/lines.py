"""Lines: columns of values with a cursor, and the objects that hold several of them.

Before a run, operators on lines build new lines (`operations.py`). During a run they compare the
current values. `line[0]` is the value at the cursor, `line[-1]` the one before it.
"""

from __future__ import annotations

import contextlib
import operator
import sys
from array import array as float_array
from collections.abc import Callable, Iterator
from typing import Any, Self

import numpy as np

from . import ticks as _ticks
from .autodict import DotDict
from .info import ClassOptions, lines_name
from .line_times import LineTimes
from .naming import shown
from .params import MetaParams
from .unsupported import unsupported

NAN = float("nan")

#: True while strategies are being called: operators give values instead of building lines.
_running = False

#: True while lines are evaluated as `Cerebro(runonce=False)` does: by `next` alone, and a line
#: whose minimum period is never met stays NaN instead of failing.
_bar_by_bar = False

#: The objects whose `__init__` is running, innermost last: the owner of what is built now.
_building: list[Any] = []


class _Build:
    """How operators build lines: set by operations.py, which needs the classes of this module."""

    operation: Callable[..., Any]
    own_operation: Callable[..., Any]
    delay: Callable[..., Any]

    @staticmethod
    def coupler(line: Any, clock: Any = None) -> Any:
        """Couplers are used rarely: their module is loaded, and takes this place, when needed."""
        from . import couplers

        return couplers.LinesCoupler(line, clock)


build: Any = _Build


def set_running(value: bool) -> None:
    """Operators give values from now on (True) or build lines (False)."""
    global _running
    _running = value


def is_running() -> bool:
    return _running


def set_bar_by_bar(value: bool) -> None:
    """Whether lines are evaluated as with `runonce=False`."""
    global _bar_by_bar
    _bar_by_bar = value


def bar_by_bar() -> bool:
    return _bar_by_bar


def too_short(owner: Any, minperiod: int, size: int) -> bool:
    """Whether there are fewer bars than `owner` needs; with `runonce` that is an error."""
    if minperiod > size and not _bar_by_bar:
        from .explaining import too_few

        raise too_few(owner, minperiod, size)
    return minperiod > size


def _out_of_range(line: Line, ago: Any, writes: bool = False) -> IndexError:
    from .explaining import out_of_range

    return out_of_range(line, ago, writes)


def current_owner() -> Any:
    """The strategy or indicator whose `__init__`, `start` or `next` is running."""
    if _building:
        return _building[-1]
    frame = sys._getframe(1)
    while frame is not None:
        # Whose method it is: the first argument, whatever its name.
        caller = frame.f_locals.get(next(iter(frame.f_code.co_varnames), ""))
        if frame.f_globals is not globals() and hasattr(type(caller), "_is_strategy"):
            return caller
        frame = frame.f_back
    raise unsupported(
        "an indicator or line operation outside of a strategy",
        "Build indicators in the strategy's __init__.",
    )


class Cursor:
    """Where the owners of the lines that share it stand; -1 before the first value."""

    __slots__ = ("idx",)

    def __init__(self) -> None:
        self.idx = -1


class Behind:
    """The cursor of what is made while the bars run: it begins then, and no values follow."""

    __slots__ = ("_lead", "_start")

    def __init__(self, lead: Any) -> None:
        self._lead = lead
        self._start = lead.idx

    @property
    def idx(self) -> int:
        return self._lead.idx - self._start - 1

    @idx.setter
    def idx(self, value: int) -> None:
        self._start = self._lead.idx - value - 1


def _binary(op: Callable, reverse: bool = False) -> Callable:
    def method(self, other):
        if not _running:
            return build.operation(self, other, op, reverse)
        if isinstance(other, LineRoot):
            other = other[0]
        return op(other, self[0]) if reverse else op(self[0], other)

    return method


def _unary(op: Callable) -> Callable:
    def method(self):
        if not _running:
            return build.own_operation(self, op)
        return op(self[0])

    return method


def _compare(op: Callable) -> Callable:
    """`_binary` for objects with lines, without a call for the value: scripts compare per bar."""

    def method(self, other):
        if not _running:
            return build.operation(self, other, op, False)
        line = self._line0
        # Another line answers the comparison from its side, with its own value.
        try:
            return op(line.array[line.cursor.idx], other)
        except IndexError:
            return op(line[0], other)

    return method


class LineRoot:
    """What single lines and objects with lines have in common: operators, a minimum period."""

    __slots__ = ()

    _minperiod: int

    IndType, StratType, ObsType = range(3)

    #: Whether it is a line that an operation makes.
    is_action = False

    __add__ = _binary(operator.add)
    __radd__ = _binary(operator.add, True)
    __sub__ = _binary(operator.sub)
    __rsub__ = _binary(operator.sub, True)
    __mul__ = _binary(operator.mul)
    __rmul__ = _binary(operator.mul, True)
    __truediv__ = _binary(operator.truediv)
    __rtruediv__ = _binary(operator.truediv, True)
    __floordiv__ = _binary(operator.floordiv)
    __rfloordiv__ = _binary(operator.floordiv, True)
    __pow__ = _binary(operator.pow)
    __rpow__ = _binary(operator.pow, True)
    __lt__ = _binary(operator.lt)
    __gt__ = _binary(operator.gt)
    __le__ = _binary(operator.le)
    __ge__ = _binary(operator.ge)
    __eq__ = _binary(operator.eq)
    __ne__ = _binary(operator.ne)
    __abs__ = _unary(operator.abs)
    __neg__ = _unary(operator.neg)
    __bool__ = _unary(bool)
    __hash__ = object.__hash__
    __repr__ = shown

    def __getitem__(self, ago: int) -> float:
        raise NotImplementedError

    def setminperiod(self, minperiod: int) -> None:
        self._minperiod = minperiod

    def updateminperiod(self, minperiod: int) -> None:
        self._minperiod = max(self._minperiod, minperiod)

    def buflen(self) -> int:
        """The number of values."""
        raise NotImplementedError


class Grown(float_array):
    """The values of a line as a run bar by bar has them: those up to its current bar.

    An index is counted from the current end, or is out of range; there is no way to the bars that
    are still to come.
    """

    line: Line

    def __new__(cls, values: float_array[float], line: Line) -> Self:
        new: Any = super().__new__(cls, "d", values)
        new.line = line
        return new

    def __getitem__(self, index: Any) -> Any:
        size = self._size()
        if index.__class__ is int:
            if index < 0:
                index += size
            if not 0 <= index < size:
                raise IndexError("array index out of range")
        elif index.__class__ is slice:
            index = slice(*index.indices(size))
        return super().__getitem__(index)

    def _size(self) -> int:
        return self.line.cursor.idx + 1


class ReadAhead(Grown):
    """The same of a feed whose next bar may have been read: it counts then, and can be read.

    sizes: how many values there are at each time; clock: stands at the current time.
    """

    sizes: list[int]
    clock: Cursor

    def __new__(
        cls, values: float_array[float], line: Line, sizes: list[int], clock: Cursor
    ) -> Self:
        new = super().__new__(cls, values, line)
        new.sizes, new.clock = sizes, clock
        return new

    def _size(self) -> int:
        return self.sizes[self.clock.idx]


class Line(LineTimes, LineRoot):
    """One line.

    The values are a column (float64[T]) until they are read one by one: then `array` is an array
    of doubles. A line that is written one by one has only that.
    """

    __slots__ = (
        "_blank",
        "_clock",
        "_column",
        "_minperiod",
        "_owner",
        "_seen",
        "_tz",
        "array",
        "bindings",
        "cursor",
        "extension",
    )

    array: float_array[float]

    def __init__(self, owner: Any = None) -> None:
        self._owner = owner
        self._clock = None
        self._minperiod = 1
        self._column: np.ndarray | None = None
        #: How many NaN values it has where there is neither a column nor an array; -1: there are
        #: both.
        self._blank = 0
        #: What it shows at each tick, if its current value changes between its bars (`ticks.py`).
        self._seen: np.ndarray | None = None
        self._tz = None
        self.extension = 0
        self.bindings: list[Line] = []
        self.cursor: Any = Cursor()

    def __getattr__(self, name: str) -> Any:
        if name == "array":
            if self._column is None:
                self.array = values = float_array("d", [NAN]) * self._blank
                return values
            self.array = values = float_array("d")
            self._blank = -1
            if len(self._column):
                values.frombytes(np.ascontiguousarray(self._column, np.float64).data.cast("B"))
            return values
        kind = "LineBuffer" if type(self) is Line else type(self).__name__
        text = f"{kind!r} object has no attribute {name!r}"
        raise AttributeError(text, name=name, obj=self)

    @property
    def lines(self) -> list[Line]:
        return [self]

    # Values

    def column(self) -> np.ndarray:
        """The values as float64[T]."""
        give = _ticks._reading
        return self._own_column() if give is None else give(self)

    def _own_column(self) -> np.ndarray:
        if self._column is None:
            return np.array(self.array, dtype=np.float64)
        if not self._column.flags.c_contiguous:
            # One value at all times, which takes no memory: kernels read others.
            self._column = np.ascontiguousarray(self._column)
        return self._column

    def set_column(self, column: np.ndarray) -> None:
        self._column = column
        self._blank = 0
        # The array, if there is one, is made anew when it is read.
        with contextlib.suppress(AttributeError):
            del self.array

    def settle(self) -> np.ndarray:
        """Make a column of the array, which stays."""
        self._column = column = np.array(self.array, dtype=np.float64)
        self._blank = -1
        return column

    def allocate(self, size: int) -> None:
        """NaN values to be written one by one."""
        self._column = None
        self._blank = size
        with contextlib.suppress(AttributeError):
            del self.array

    def __getitem__(self, ago: int) -> float:
        try:
            return self.array[self.cursor.idx + ago]
        except IndexError:
            raise _out_of_range(self, ago) from None

    def at(self, row: int) -> float:
        """The value in a row, wherever the line stands; no array is made for it."""
        if self._column is None or self._blank < 0:
            return self.array[row]
        return self._column.item(row)

    def grow(self) -> None:
        """From now on only the values up to the current bar can be read by index."""
        self.array = Grown(self.array, self)

    def __setitem__(self, ago: int, value: float) -> None:
        try:
            self.array[self.cursor.idx + ago] = value
        except IndexError:
            raise _out_of_range(self, ago, writes=True) from None
        self._column = None
        for binding in self.bindings:
            binding[ago] = value

    def set(self, value: float, ago: int = 0) -> None:
        self[ago] = value

    def get(self, ago: int = 0, size: int = 1) -> float_array:
        """The last `size` values up to `ago`."""
        stop = self.cursor.idx + ago + 1
        return self.array[stop - size : stop]

    def getzero(self, idx: int = 0, size: int = 1) -> float_array:
        return self.array[idx : idx + size]

    def getzeroval(self, idx: int = 0) -> float:
        return self[idx - self.cursor.idx]

    def plot(self, idx: int = 0, size: int | None = None) -> float_array:
        return self.getzero(idx, size or len(self))

    def plotrange(self, start: int, end: int) -> float_array:
        return self.array[start:end]

    # Place

    def __len__(self) -> int:
        return self.cursor.idx + 1

    def buflen(self) -> int:
        return (len(self.array) if self._column is None else len(self._column)) - self.extension

    def home(self) -> None:
        self.cursor.idx = -1

    def advance(self, size: int = 1) -> None:
        self.cursor.idx += size

    def rewind(self, size: int = 1) -> None:
        self.cursor.idx -= size

    def forward(self, value: float = NAN, size: int = 1) -> None:
        """Append values and go to the last of them."""
        self.cursor.idx += size
        self.array.extend([value] * size)
        self._column = None

    def backwards(self, size: int = 1, force: bool = False) -> None:
        """Take back the last values."""
        self.cursor.idx -= size
        del self.array[len(self.array) - size :]
        self._column = None

    def extend(self, value: float = NAN, size: int = 0) -> None:
        """Append values that do not count as bars."""
        self.extension += size
        self.array.extend([value] * size)
        self._column = None

    def reset(self) -> None:
        self.allocate(0)
        self.extension = 0
        self.cursor.idx = -1

    def get_idx(self) -> int:
        return self.cursor.idx

    def set_idx(self, idx: int, force: bool = False) -> None:
        self.cursor.idx = idx

    idx = property(get_idx, set_idx)
    lencount = property(__len__)

    UnBounded, QBuffer = 0, 1
    mode = UnBounded

    def qbuffer(self, savemem: int = 0, extrasize: int = 0) -> None:
        """Accepted: all values are kept."""

    def minbuffer(self, size: int) -> None:
        """Accepted: all values are kept."""

    def getindicators(self) -> list[Any]:
        return []

    # Building

    def addminperiod(self, minperiod: int) -> None:
        self._minperiod += minperiod - 1

    def incminperiod(self, minperiod: int) -> None:
        self._minperiod += minperiod

    def addbinding(self, binding: Line) -> None:
        """`binding` takes the values of this line."""
        self.bindings.append(binding)
        binding.updateminperiod(self._minperiod)

    def oncebinding(self) -> None:
        for binding in self.bindings:
            if binding.buflen() in (0, self.buflen()):
                binding.set_column(self.column())
            else:
                values = binding.array
                values[0 : self.buflen()] = self.array
                binding._column = None

    def bind2lines(self, binding: int | str = 0) -> Line:
        lines = self._owner.lines
        self.addbinding(getattr(lines, binding) if isinstance(binding, str) else lines[binding])
        return self

    bind2line = bind2lines

    def __call__(self, ago: Any = None) -> Line:
        if ago is None or isinstance(ago, LineRoot):
            return build.coupler(self, ago)
        return build.delay(self, ago)


def bind(value: Any, line: Line) -> None:
    """`self.lines.name = value`: the line takes the values of `value`."""
    if isinstance(value, LineSeries):
        value = value.lines[0]
    if not getattr(value, "is_action", False):
        value = value(0)
    value.addbinding(line)


class Lines:
    """The lines of one object, by index and by name; assigning to a name binds."""

    def __init__(self, owner: Any, names: tuple, aliases: dict[str, str], extra: int = 0) -> None:
        space = self.__dict__
        space["_owner"] = owner
        space["_names"] = names
        space["_extra"] = extra
        space["_lines"] = space["lines"] = [Line(owner) for _ in range(len(names) + extra)]
        for name, line in zip(names, space["_lines"], strict=False):
            space[name if isinstance(name, str) else name[0]] = line
        for alias, name in aliases.items():
            if name in space:
                space[alias] = space[name]

    def __setattr__(self, name: str, value: Any) -> None:
        line = self.__dict__.get(name)
        if isinstance(line, Line):
            bind(value, line)
        else:
            if isinstance(value, LineRoot) and name not in self.__dict__:
                from .explaining import unbound_line

                unbound_line(self._owner, name)
            self.__dict__[name] = value

    def __getitem__(self, index: int) -> Line:
        try:
            return self._lines[index]
        except (IndexError, TypeError) as error:
            from .explaining import numbered_lines

            error.add_note(numbered_lines(self._owner))
            raise

    def __setitem__(self, index: int, value: Any) -> None:
        bind(value, self._lines[index])

    def __iter__(self) -> Iterator[Line]:
        return iter(self._lines)

    def itersize(self) -> Iterator[Line]:
        """The lines that have names."""
        return iter(self._lines[: self.size()])

    def __len__(self) -> int:
        return len(self._lines[0])

    def __getattr__(self, name: str) -> Any:
        owner = self.__dict__.get("_owner")
        kind = "Lines" if owner is None else lines_name(type(owner))
        text = f"{kind[:50]!r} object has no attribute {name!r}"
        # Python looks for a name that it can suggest: in a strategy's attributes, or in the lines.
        among = owner if getattr(type(owner), "_is_strategy", False) else self
        error = AttributeError(text, name=name, obj=among)
        if owner is not None and not name.startswith("_"):
            from .explaining import missing_line

            error.add_note(missing_line(owner, name))
        raise error

    def size(self) -> int:
        return len(self._lines) - self._extra

    def fullsize(self) -> int:
        return len(self._lines)

    def extrasize(self) -> int:
        return self._extra

    def _getlines(self) -> tuple[str, ...]:
        return tuple(self._names)

    def getlinealiases(self) -> tuple[str, ...]:
        return tuple(self._names)

    def _getlinealias(self, index: int) -> str:
        return self._names[index] if index < len(self._names) else ""

    def get(self, ago: int = 0, size: int = 1, line: int = 0) -> float_array:
        return self._lines[line].get(ago, size)

    def buflen(self, line: int = 0) -> int:
        return self._lines[line].buflen()

    def home(self) -> None:
        for line in self._lines:
            line.cursor.idx = -1

    def advance(self, size: int = 1) -> None:
        for line in self._lines:
            line.cursor.idx += size

    def rewind(self, size: int = 1) -> None:
        for line in self._lines:
            line.rewind(size)

    def forward(self, value: float = NAN, size: int = 1) -> None:
        for cursor in {id(line.cursor): line.cursor for line in self._lines}.values():
            cursor.idx += size
        for line in self._lines:
            line.forward(value, size)
            line.cursor.idx -= size

    def backwards(self, size: int = 1, force: bool = False) -> None:
        for cursor in {id(line.cursor): line.cursor for line in self._lines}.values():
            cursor.idx -= size
        for line in self._lines:
            line.backwards(size, force)
            line.cursor.idx += size

    def extend(self, value: float = NAN, size: int = 0) -> None:
        for line in self._lines:
            line.extend(value, size)

    def reset(self) -> None:
        for line in self._lines:
            line.reset()


class _OwnPlotlines:
    """`plotlines` of an object, made of its class's when somebody asks.

    It stands in the class, so that the plain options of a class that is joined to it come later.
    """

    def __get__(self, obj: Any, cls: Any = None) -> Any:
        obj.plotlines = plotlines = type(obj).plotlines()
        return plotlines


def _plotnames(**more: Any) -> dict[str, Any]:
    return {"plot": True, "plotmaster": None, "legendloc": None, **more}


class MetaLineSeries(ClassOptions, MetaParams):
    """Collects the names of the lines of a class."""

    _line_names: tuple[str, ...]
    _line_aliases: dict[str, str]
    _line_extra: int

    def __new__(mcs, name, bases, namespace, **kwargs):
        override = namespace.pop("linesoverride", False)
        new = namespace.pop("lines", ())
        aliases = namespace.pop("alias", ())
        namespace.setdefault("aliased", "")
        extra = namespace.pop("extralines", 0)
        linealias = dict(namespace.pop("linealias", {}))
        namespace["alias"] = aliases
        namespace["_own_info"] = {
            "lines": new,
            "override": override,
            "linealias": linealias,
            "plotinfo": dict(namespace.pop("plotinfo", {})),
            "plotlines": dict(namespace.pop("plotlines", {})),
        }
        namespace["plotlines"] = _OwnPlotlines()
        cls = super().__new__(mcs, name, bases, namespace, **kwargs)
        inherited = () if override else getattr(cls, "_line_names", ())
        more = 0 if override else getattr(cls, "_line_extra", 0)
        for other in () if override else bases[1:]:
            # A class that is joined to others may be a plain one, with names.
            names = getattr(other, "_line_names", None)
            inherited += tuple(getattr(other, "lines", ()) if names is None else names)
            more += getattr(other, "_line_extra", 0)
        cls._line_names = inherited + tuple(new)
        cls._line_extra = more + extra
        known = dict(getattr(cls, "_line_aliases", {}))
        for line, others in linealias.items():
            for alias in [others] if isinstance(others, str) else others:
                known[alias] = line
        cls._line_aliases = known
        for known_as in aliases:
            space = {"__module__": cls.__module__, "__doc__": cls.__doc__, "aliased": name}
            other = known_as
            if not isinstance(other, str):
                # The name and how plots call it.
                other, space["plotinfo"] = known_as[0], {"plotname": known_as[1]}
            also = mcs(other, (cls,), space)
            setattr(sys.modules[cls.__module__], other, also)
        return cls

    def _before_init(cls, obj, args, kwargs):
        obj.plotinfo = plotinfo = cls.plotinfo()
        for name, default in plotinfo._pairs.items():
            setattr(plotinfo, name, kwargs.pop(name, default))
        space: Any = obj.__dict__
        space["lines"] = space["l"] = lines = Lines(
            obj, cls._line_names, cls._line_aliases, cls._line_extra
        )
        obj._minperiod = 1
        if lines._lines:
            space["line"] = space["_line0"] = lines._lines[0]
        for i, line in enumerate(lines._lines):
            space[f"line{i}"] = space[f"line_{i}"] = line
        for name in (*lines._names, *cls._line_aliases):
            # Instance attributes are found at once; a class attribute of the name goes first.
            if not hasattr(cls, name) and name in lines.__dict__:
                space[name] = lines.__dict__[name]
        return args, kwargs


class LineSeries(LineRoot, metaclass=MetaLineSeries):
    """An object with lines; as a value it is its first line."""

    plotinfo: Any = _plotnames()
    plotlines: Any
    csv = True
    aliased = ""
    alias: tuple = ()

    lines: Any
    l: Any  # noqa: E741
    line: Line
    params: Any
    p: Any
    _line0: Line
    _line_names: tuple
    _line_aliases: dict[str, str]
    _clock: Any = None
    _owner: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if args or kwargs:
            from .explaining import ignored_arguments

            ignored_arguments(self, args, kwargs)
        # A class that is joined to this one comes next.
        super().__init__()

    def __getattr__(self, name: str) -> Any:
        if name == "linealias":
            return type(self).linealias
        lines = self.__dict__.get("lines")
        if lines is None:
            raise AttributeError(name)
        return getattr(lines, name)

    def __getitem__(self, ago: int) -> float:
        line = self._line0
        try:
            return line.array[line.cursor.idx + ago]
        except IndexError:
            raise _out_of_range(line, ago) from None

    __lt__ = _compare(operator.lt)
    __gt__ = _compare(operator.gt)
    __le__ = _compare(operator.le)
    __ge__ = _compare(operator.ge)
    __eq__ = _compare(operator.eq)
    __ne__ = _compare(operator.ne)
    __hash__ = object.__hash__

    def __setitem__(self, index: int, value: Any) -> None:
        bind(value, self.lines[index])

    def __len__(self) -> int:
        return self._line0.cursor.idx + 1

    @property
    def array(self) -> float_array[float]:
        return self._line0.array

    def __call__(self, ago: Any = None, line: int | str = -1) -> Any:
        one = getattr(self.lines, line) if isinstance(line, str) else self.lines[max(line, 0)]
        if ago is not None and not isinstance(ago, LineRoot):
            return build.delay(one, ago)
        if line == -1:
            return build.coupler(self, ago)
        # This object becomes the owner of the coupler of one of its lines, there as here.
        if not hasattr(self, "addindicator"):
            kind = lines_name(type(self))[:50]
            raise AttributeError(f"{kind!r} object has no attribute 'addindicator'")
        _building.append(self)
        try:
            return build.coupler(one, ago)
        finally:
            _building.pop()

    def plotlabel(self) -> str:
        """How plots call it: its name, and what tells it from others (`_plotlabel`)."""
        label = self.plotinfo.plotname or type(self).__name__
        parts = [
            (getattr(part.plotinfo, "plotname", "") or part.__name__)
            if hasattr(part, "plotinfo")
            else part
            for part in self._plotlabel()
        ]
        return f"{label} ({', '.join(map(str, parts))})" if parts else label

    def _plotlabel(self) -> list[Any]:
        return self.params._getvalues()

    @classmethod
    def _getlinealias(cls, index: int) -> str:
        names = cls._line_names
        return names[index] if index < len(names) else ""

    @classmethod
    def getlinealiases(cls) -> tuple:
        return cls._line_names

    def get(self, ago: int = 0, size: int = 1, line: int = 0) -> float_array:
        return self.lines[line].get(ago, size)

    def buflen(self) -> int:
        return self._line0.buflen()

    def home(self) -> None:
        self.lines.home()

    def advance(self, size: int = 1) -> None:
        self.lines.advance(size)

    def rewind(self, size: int = 1) -> None:
        self.lines.rewind(size)

    def forward(self, value: float = NAN, size: int = 1) -> None:
        self.lines.forward(value, size)

    def backwards(self, size: int = 1, force: bool = False) -> None:
        self.lines.backwards(size, force=force)

    def extend(self, value: float = NAN, size: int = 0) -> None:
        self.lines.extend(value, size)

    def reset(self) -> None:
        self.lines.reset()

    def qbuffer(self, savemem: int = 0, replaying: bool = False) -> None:
        """Accepted: all values are kept."""

    def minbuffer(self, size: int) -> None:
        """Accepted: all values are kept."""

    def addminperiod(self, minperiod: int) -> None:
        for line in self.lines:
            line.addminperiod(minperiod)

    def incminperiod(self, minperiod: int) -> None:
        for line in self.lines:
            line.incminperiod(minperiod)


# As the original names it, whose root of all lines has parameters too.
LineSeries.params.__name__ = "AutoInfoClass_LineRoot_LineMultiple_LineSeries"


class SingleLine(LineSeries):
    """One line of another object (or an operation) in the place of an object with lines."""

    is_single = True

    def __init__(self, line: Line) -> None:
        space = vars(self)
        space["lines"] = space["l"] = lines = Lines(self, (), {})
        lines._lines.append(line)
        space["line"] = space["_line0"] = line
        space["line0"] = space["line_0"] = line
        self._owner = line._owner
        self._minperiod = line._minperiod


def as_series(value: Any) -> LineSeries:
    """`value` itself, or a single line as an object with lines."""
    return value if isinstance(value, LineSeries) else SingleLine(value)


def set_datas(obj: Any, datas: list[Any]) -> None:
    """The attributes `data`, `data0`, `data1`, … and `dnames` of `obj`."""
    space = obj.__dict__
    for d, data in enumerate(datas):
        space[f"data{d}"] = data
    if datas:
        space["data"] = datas[0]
    space["dnames"] = DotDict((d._name, d) for d in datas if getattr(d, "_name", ""))


def set_data_lines(obj: Any, datas: list[Any]) -> None:
    """The attributes `data_close`, `data0_close`, `data1_0`, … of `obj`."""
    space = obj.__dict__
    for d, data in enumerate(datas):
        for i, line in enumerate(data.lines):
            alias = data._getlinealias(i)
            for name in (str(i), alias) if alias else (str(i),):
                space[f"data{d}_{name}"] = line
                if d == 0:
                    space[f"data_{name}"] = line

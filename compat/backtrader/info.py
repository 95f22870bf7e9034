"""Options of a class: `plotinfo`, `plotlines` and `linealias`, and the class behind `lines`.

Each is a class whose attributes are the options, derived from that of the base class; objects have
an instance of it. They are made when they are first asked for: few scripts look at them.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, ClassVar


class AutoInfoClass:
    """Named options with defaults; `_getrecurse()` tells whether each option is such a class."""

    _pairs: ClassVar[OrderedDict[str, Any]] = OrderedDict()
    _base_pairs: ClassVar[OrderedDict[str, Any]] = OrderedDict()
    _recurse: ClassVar[bool] = False

    def __init__(self) -> None:
        if self._recurse:
            for name in self._pairs:
                setattr(self, name, getattr(type(self), name)())

    @classmethod
    def _derive(cls, name: str, info: Any, others: Any, recurse: bool = False) -> Any:
        """A class with the options of this one, of `others`, and of `info`; the last one wins."""
        more: OrderedDict[str, Any] = OrderedDict()
        for other in others:
            more.update(other if isinstance(other, tuple | list | dict) else other._getpairs())
        base = OrderedDict(cls._pairs)
        base.update(more)
        more.update(info)
        pairs = OrderedDict(base)
        pairs.update(info)
        space: dict[str, Any] = {"_pairs": pairs, "_base_pairs": base, "_recurse": recurse}
        for option, value in more.items():
            if recurse:
                kind = getattr(cls, option, AutoInfoClass)
                value = kind._derive(f"{name}_{option}", value, [])
            space[option] = value
        return type(f"{cls.__name__}_{name}", (cls,), space)

    @classmethod
    def _getpairs(cls) -> OrderedDict[str, Any]:
        return cls._pairs.copy()

    _getkwargsdefault = _getpairs

    @classmethod
    def _getpairsbase(cls) -> OrderedDict[str, Any]:
        return cls._base_pairs.copy()

    @classmethod
    def _getrecurse(cls) -> bool:
        return cls._recurse

    @classmethod
    def _getkeys(cls):
        return cls._pairs.keys()

    @classmethod
    def _getdefaults(cls) -> list:
        return list(cls._pairs.values())

    @classmethod
    def _getitems(cls):
        return cls._pairs.items()

    @classmethod
    def _gettuple(cls) -> tuple:
        return tuple(cls._pairs.items())

    def _get(self, name: str, default: Any = None) -> Any:
        return getattr(self, name, default)

    def _getvalues(self) -> list:
        return [getattr(self, name) for name in self._pairs]

    def _getkwargs(self, skip_: bool = False) -> OrderedDict[str, Any]:
        return OrderedDict(
            (name, getattr(self, name))
            for name in self._pairs
            if not skip_ or not name.startswith("_")
        )

    def isdefault(self, pname: str) -> bool:
        return self._get(pname) == self._pairs[pname]

    def notdefault(self, pname: str) -> bool:
        return self._get(pname) != self._pairs[pname]


class LinesOfClass:
    """What `SomeIndicator.lines` is: the names of the lines, without values."""

    _names: ClassVar[tuple] = ()
    _base_names: ClassVar[tuple] = ()
    _extra: ClassVar[int] = 0

    @classmethod
    def _getlines(cls) -> tuple:
        return cls._names

    getlinealiases = _getlines

    @classmethod
    def _getlinesbase(cls) -> tuple:
        return cls._base_names

    @classmethod
    def _getlinesextra(cls) -> int:
        return cls._extra

    @classmethod
    def _getlinealias(cls, i: int) -> str:
        return cls._names[i] if i < len(cls._names) else ""


class LineAlias:
    """A line by its name; only an object has one."""

    def __init__(self, line: int) -> None:
        self.line = line

    def __get__(self, obj: Any, cls: Any = None) -> Any:
        return obj.lines[self.line]

    def __set__(self, obj: Any, value: Any) -> None:
        obj.lines[self.line] = value


def _merged(cls: Any, which: str, root: type) -> Any:
    """The bases' classes of options: the first one's, and those of the classes joined to it."""
    bases = cls.__bases__
    first = getattr(bases[0], which, root)
    return first, [getattr(other, which) for other in bases[1:] if hasattr(other, which)]


def _option_name(prefix: str, cls: Any) -> str:
    """What a class adds to the name of its class of options, as messages show it."""
    own = cls.__module__.startswith(__package__)
    between = _BETWEEN.get(cls.__name__, "").split("_") if own else []
    return "_".join(f"{prefix}_{name}" for name in [*between, cls.__name__] if name)


def plotinfo_of(cls: Any) -> Any:
    first, others = _merged(cls, "plotinfo", AutoInfoClass)
    return first._derive(_option_name("pi", cls), cls._own_info["plotinfo"], others)


def plotlines_of(cls: Any) -> Any:
    own = dict(cls._own_info["plotlines"])
    for line in cls._own_info["lines"]:
        own.setdefault(line if isinstance(line, str) else line[0], {})
    first, others = _merged(cls, "plotlines", AutoInfoClass)
    return first._derive(_option_name("pl", cls), own, others, recurse=True)


def linealias_of(cls: Any) -> Any:
    first, others = _merged(cls, "linealias", AutoInfoClass)
    return first._derive(f"la_{cls.__name__}", cls._own_info["linealias"], others)


def lines_of(cls: Any) -> Any:
    own = cls._own_info
    first = getattr(cls.__bases__[0], "lines", LinesOfClass)
    base = LinesOfClass if own["override"] else first
    start = len(cls._line_names) - len(own["lines"])
    space: dict[str, Any] = {
        "_names": cls._line_names,
        "_base_names": cls._line_names[:start],
        "_extra": cls._line_extra,
        "__module__": cls.__module__,
    }
    for i, line in enumerate(cls._line_names):
        space[line if isinstance(line, str) else line[0]] = LineAlias(i)
    for alias, line in cls._line_aliases.items():
        if line in cls._line_names:
            space[alias] = space[line]
    return type(lines_name(cls), (base,), space)


#: Classes that stand between others in the original, and so in the names of its `Lines` classes.
_BETWEEN = {"Indicator": "DataAccessor_IndicatorBase", "Observer": "DataAccessor_ObserverBase"}
_BETWEEN["StrategyBase"] = "DataAccessor"
#: Classes that the original does not have.
_OURS = {"Computed", "Rows"}


def lines_name(cls: Any) -> str:
    """The name of the class of the lines of `cls`, as messages show it."""
    names: list[str] = []
    while hasattr(cls, "_own_info"):
        name = cls.__name__
        own = cls.__module__.startswith(__package__)
        if own and name == "AbstractDataBase":
            names.append("DataBase")
        if not (own and (name in _OURS or name.startswith("_"))):
            names.append(name)
        if own and name in _BETWEEN:
            names.append(_BETWEEN[name])
        cls = cls.__bases__[0]
    return "_".join(["Lines", *reversed(names)])


def _name(options: Any, cls: Any, place: str) -> None:
    """Give a class of options the name under which pickle finds it: an attribute of `cls`."""
    options.__module__, options.__qualname__ = cls.__module__, f"{cls.__qualname__}.{place}"
    if getattr(options, "_recurse", False):
        for option, inner in vars(options).items():
            if isinstance(inner, type):
                _name(inner, options, option)


class ClassOptions(type):
    """The options of a class, made when they are first asked for."""

    _own_info: dict[str, Any]

    def _option(cls, name: str, make: Any) -> Any:
        found = cls.__dict__.get(f"_made_{name}")
        if found is None:
            found = make(cls)
            _name(found, cls, name)
            setattr(cls, f"_made_{name}", found)
        return found

    lines: Any = property(
        lambda cls: cls._option("lines", lines_of),
        lambda cls, value: setattr(cls, "_made_lines", value),
    )
    plotinfo: Any = property(
        lambda cls: cls._option("plotinfo", plotinfo_of),
        lambda cls, value: setattr(cls, "_made_plotinfo", value),
    )
    plotlines: Any = property(
        lambda cls: cls._option("plotlines", plotlines_of),
        lambda cls, value: setattr(cls, "_made_plotlines", value),
    )
    linealias: Any = property(
        lambda cls: cls._option("linealias", linealias_of),
        lambda cls, value: setattr(cls, "_made_linealias", value),
    )

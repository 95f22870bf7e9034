"""What errors say beyond the original's words: what was wrong, where, and what there is instead.

Scripts may print or compare an error's text, so it stays that of the original. What is said here
comes as a note, which a traceback shows below the text, or as a line on standard error where the
original says nothing. This module is imported when there is something to say.
"""

from __future__ import annotations

import inspect
from array import array
from collections.abc import Iterable
from functools import cache
from typing import Any

from ..explaining import nearest, say
from .lines import Line
from .places import asked, caller

_PACKAGE = __name__.rpartition(".")[0]


def _listed(names: Iterable[Any]) -> str:
    return ", ".join(map(str, names)) or "none"


# Parameters


def _public(params: Any) -> list[str]:
    return [name for name in params._getkeys() if not name.startswith("_")]


def _no_parameter(kind: str, params: Any, name: str, more: str = "") -> str:
    """That `kind` has no parameter `name`, `more` about it, and which there are."""
    names = _public(params)
    near = nearest(name, names)
    return f"{kind} has no parameter {name!r}{near}{more}. Its parameters: {_listed(names)}."


def _by_keyword(cls: Any) -> str:
    return f"{cls.__name__} takes its parameters by keyword: {_listed(_public(cls.params))}."


def explain_call(error: TypeError, cls: Any, kwargs: dict[str, Any]) -> None:
    """Explain that `__init__` of `cls` does not take its arguments."""
    trace = error.__traceback__
    if trace is None or trace.tb_next is not None:
        return  # `__init__` took its arguments, and failed later.
    taken = inspect.signature(cls.__init__).parameters
    wrong = [name for name in kwargs if name not in taken]
    if "__init__" in str(error):
        home = next(base for base in cls.__mro__ if "__init__" in vars(base))
        if home.__module__.startswith(_PACKAGE):
            text = str(error).replace(f"{home.__name__}.", f"{_name_of_init(cls, home)}.", 1)
            error.args = (text,)
    if "positional argument" in str(error) and "given" in str(error):
        error.add_note(_by_keyword(cls))
    for name in wrong:
        place = asked(cls, name)
        where = f"{place}: " if place else ""
        error.add_note(where + _no_parameter(cls.__name__, cls.params, name))


#: What a class defines that says how its lines are computed.
_COMPUTES = {"_columns", "_express", "_fits", "_kernel", "_kind", "_levels", "_periods"}

#: Whose `__init__` the original calls for classes that have none there.
_INITS = {
    "CrossDown": "_CrossBase",
    "CrossUp": "_CrossBase",
    "LaguerreFilter": "PeriodN",
    "LaguerreRSI": "PeriodN",
    "ParabolicSAR": "PeriodN",
    "WeightedAverage": "WeightedAverage",
    "_Difference": "_PriceOscBase",
    "_Pair": "PeriodN",
}


def _name_of_init(cls: Any, home: Any) -> str:
    """The class whose `__init__` the original calls, where ours has the one of `home`."""
    for base in cls.__mro__[: cls.__mro__.index(home) + 1]:
        if base.__name__ in _INITS:
            return _INITS[base.__name__]
        own = base.__module__.startswith(_PACKAGE) and not getattr(base, "aliased", "")
        if own and (base is home or _COMPUTES & set(vars(base))):
            return base.__name__
    return home.__name__


_DROPPED = ", and ignores it as Backtrader does"


def ignored_arguments(obj: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Say which arguments the original drops without a word."""
    cls = type(obj)
    if args:
        say(f"{caller()}: {_by_keyword(cls)} It ignores {_listed(args)}, as Backtrader does.")
    for name in kwargs:
        place = asked(cls, name) or caller()
        say(f"{place}: {_no_parameter(cls.__name__, cls.params, name, _DROPPED)}")


def ignored_of_run(cerebro: Any, name: str) -> None:
    """Say that `Cerebro.run` drops a keyword without a word."""
    say(f"{caller()}: {_no_parameter('Cerebro.run()', type(cerebro).params, name, _DROPPED)}")


@cache
def missing_parameter(params: Any, name: str) -> str:
    """That a class, whose parameters are `params`, has no parameter `name`."""
    return _no_parameter(params._owner_name, params, name)


# Lines


def called(obj: Any) -> str:
    """A line or an object with lines in words: its class, and the name of a feed."""
    if isinstance(obj, Line):
        return line_called(obj)
    # Nothing is asked of the object that it may not have: it would have to explain that.
    if getattr(type(obj), "is_single", False):
        return line_called(obj.lines[0])
    name = vars(obj).get("_name", "")
    return f"{type(obj).__name__} {name!r}" if name else type(obj).__name__


def line_called(line: Any) -> str:
    """A line in words: its name, and the object that it belongs to."""
    owner = line._owner
    if line.is_action or owner is None:
        return type(line).__name__
    lines = owner.lines
    for name, other in zip(lines._names, lines._lines, strict=False):
        if other is line:
            return f"line {name!r} of {called(owner)}"
    return f"a line of {called(owner)}"


def _line_names(owner: Any) -> list[str]:
    return [name if isinstance(name, str) else name[0] for name in owner.lines._names]


def _no_line(owner: Any, name: str, more: str = "") -> str:
    """That an object has no line `name`, `more` about it, and which there are."""
    names = _line_names(owner)
    near = nearest(name, names)
    return f"{called(owner)} has no line {name!r}{near}{more}. Its lines: {_listed(names)}."


def numbered_lines(owner: Any) -> str:
    """Which lines an object has, for an index that none of them has."""
    pairs = ", ".join(f"{i} {name}" for i, name in enumerate(_line_names(owner)))
    return f"{called(owner)} has the lines {pairs}; by name they are attributes of `lines`."


def missing_line(owner: Any, name: str) -> str:
    """That an object has no line, nor an attribute, `name`."""
    # Scripts may ask at every bar whether something is there.
    known = vars(owner).setdefault("_missing", {})
    if name not in known:
        of_strategy = getattr(type(owner), "_is_strategy", False)
        known[name] = _no_attribute(owner, name) if of_strategy else _no_line(owner, name)
    return known[name]


def _no_attribute(strategy: Any, name: str) -> str:
    """The same for a strategy: it is asked for attributes rather than for lines."""
    if name in strategy.params._getkeys():
        near = f", but a parameter: self.p.{name}"
    elif name.startswith("data") and name[4:].isdigit():
        last = len(strategy.datas) - 1
        near = f": it has data0 to data{last}" if last else ": it has data0 only"
    else:
        known = [n for n in (*vars(strategy), *dir(type(strategy))) if not n.startswith("_")]
        near = nearest(name, known)
    return f"{called(strategy)} has no attribute or line {name!r}{near}."


def unbound_line(owner: Any, name: str) -> None:
    """Say that a line was assigned to a name that is no line."""
    say(f"{caller()}: {_no_line(owner, name, ': assigning to it fills none, as in Backtrader')}")


# Bars


def out_of_range(line: Any, ago: Any, writes: bool = False) -> IndexError:
    """The error of an index of a line at which there is no value."""
    error = IndexError(f"array {'assignment ' if writes else ''}index out of range")
    bar = line.cursor.idx + 1
    # Bar by bar there is nothing behind the current one.
    size = line.buflen() if type(line.array) is array else bar
    if not size:
        where = "has no bar yet"
    elif bar:
        where = f"stands on bar {bar}: its first is [{1 - bar}], its last [{size - bar}]"
    else:
        where = f"has not begun: its bars are [1] to [{size}]"
    error.add_note(f"[{ago}] of {line_called(line)}, which {where}.")
    return error


def too_few(owner: Any, minperiod: int, size: int) -> IndexError:
    """The error of lines that need more bars than there are."""
    error = IndexError("array assignment index out of range")
    source = owner._clock
    error.add_note(
        f"{called(owner)} needs {minperiod} bars, and {called(source)} has {size}. Give it more "
        "bars or a shorter period, or look at the feed's fromdate and todate."
    )
    return error


def ends_first(line: Any, end: int) -> IndexError:
    """The error of an operation that asks for more values of a line than there are."""
    error = IndexError("array index out of range")
    error.add_note(
        f"{line_called(line)} has {line.buflen()} bars, and a line that is computed with it bar by "
        f"bar asks for bar {end}. Datas of different calendars are joined by time in a run with "
        "runonce=False, by a line that is called: close0 - close1()."
    )
    return error


def not_begun(line: Any) -> IndexError:
    """The error of an operation that reads a line before its first bar."""
    error = IndexError("array index out of range")
    error.add_note(f"{line_called(line)} has no bar yet, and a line is computed with it.")
    return error

"""What the surface page of Backtrader lists, and how its names are found here; see `surface`."""

from __future__ import annotations

import contextlib
import datetime
import importlib
import inspect
import io
import pkgutil
from typing import Any

import surface
from surface import Page, States, advice, argument_state, arguments, by_state, shown, status

ADAPTER = "fillproof.compat.backtrader"

#: Connections to brokers, with libraries of their own: their contents are not listed.
LIVE = (
    "stores.ibstore",
    "stores.oandastore",
    "stores.vcstore",
    "brokers.ibbroker",
    "brokers.oandabroker",
    "brokers.vcbroker",
    "feeds.ibdata",
    "feeds.oanda",
    "feeds.vcdata",
)
#: Not for import: the command line of the package.
SKIPPED = ("btrun", "btrun.btrun")
#: Made from the library that is installed, one class for each of its functions.
GENERATED = ("talib",)

#: Attributes that carry the original's own way of evaluating lines; scripts have no use for them.
_EVALUATION = "next nextstart once oncestart prenext preonce useislice p params"
INTERNAL = {
    "data.close object": _EVALUATION,
    "line operation object": f"{_EVALUATION} a arrayize b bfloat bline btime operation r",
    "data object": "nextstart once oncestart prenext preonce",
    "indicator object": "once_via_next oncestart_via_nextstart preonce_via_prenext",
    # How the original names the base in each class derived from it.
    "broker object": "BrokerBase",
}


# Listing: runs where the real package is, and on the adapter's objects


def listing(bt: Any) -> dict[str, Any]:
    """The public names of the package, by module, and those of the objects of a run."""
    modules: dict[str, Any] = {"": module_entry(bt, bt.__name__)}
    for found in pkgutil.walk_packages(bt.__path__, f"{bt.__name__}."):
        name = found.name.partition(".")[2]
        if name in SKIPPED:
            continue
        if name in LIVE:
            modules[name] = {}
            continue
        module = importlib.import_module(found.name)
        modules[name] = module_entry(module, bt.__name__)
    things = {name: members(thing) for name, thing in objects(bt).items()}
    return {
        "version": bt.__version__,
        "modules": dict(sorted(modules.items())),
        "objects": things,
    }


def module_entry(module: Any, package: str) -> dict[str, Any]:
    """What a module defines, and what a package hands on: entries by name."""
    entries = {}
    short = module.__name__.partition(".")[2]
    for name, value in sorted(vars(module).items()):
        if name.startswith("_") or inspect.ismodule(value):
            continue
        home = str(getattr(value, "__module__", ""))
        if leftover(module, name, value):
            continue
        if inspect.isclass(value) or inspect.isfunction(value):
            own = home == module.__name__
            handed_on = hasattr(module, "__path__") and home.startswith(f"{package}.")
            if short in GENERATED and not name.startswith("FUNC") and name.isupper():
                continue
            if (own or handed_on) and not made_by_metaclass(name, value):
                entries[name] = entry(value, "" if own else home.partition(".")[2])
        elif isinstance(value, int | float | str | tuple) and name.isupper():
            entries[name] = {"value": True}
    return entries


def leftover(module: Any, name: str, value: Any) -> bool:
    """Whether a name is no one's purpose: a loop's variable, a tool for writing the module."""
    package = module.__name__.partition(".")[2]
    if inspect.isclass(value) and issubclass(value, type):
        return value.__name__ != "MetaParams"
    if inspect.isclass(value) and name[0].islower():
        return value.__name__ != name
    home = str(getattr(value, "__module__", module.__name__))
    if package and home != module.__name__ and inspect.isfunction(value):
        return True
    return name == "MAXINT" and package not in ("", "utils.py3")


def made_by_metaclass(name: str, value: Any) -> bool:
    """Whether a class is one of those that hold a class's params, lines or plotinfo."""
    bases = {base.__name__ for base in value.__mro__[1:]} if inspect.isclass(value) else set()
    return "AutoInfoClass" in bases or ("Lines" in bases and name.startswith("Lines_"))


def entry(value: Any, home: str) -> dict[str, Any]:
    """What a script can rely on in a class or a function."""
    if home:
        return {"also": f"{home}.{value.__name__}"}
    if inspect.isfunction(value):
        return {"arguments": arguments(value)}
    if getattr(value, "aliased", "") and value.__mro__[1].__name__ == value.aliased:
        return {"also": f"{value.__module__.partition('.')[2]}.{value.aliased}"}
    found: dict[str, Any] = {}
    pairs = getattr(getattr(value, "params", None), "_getpairs", dict)
    if pairs():
        found["params"] = {name: plain(default) for name, default in pairs().items()}
    names = lines_of(value)
    if names:
        found["lines"] = names
    return found


def lines_of(value: Any) -> list[str]:
    lines = getattr(value, "lines", None)
    names = getattr(lines, "_getlines", None)
    return [str(name) for name in names()] if names is not None else []


def plain(value: Any) -> str:
    """A default as text; what has no lasting text gives its kind."""
    if inspect.isclass(value):
        return getattr(value, "aliased", "") or value.__name__
    if inspect.isfunction(value):
        return "function" if value.__name__[0] in "_<" else value.__name__
    simple = (bool, int, float, str, datetime.date, datetime.time, datetime.timedelta)
    if value is None or isinstance(value, simple):
        return repr(value)
    if isinstance(value, list | tuple):
        inner = ", ".join(plain(item) for item in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner})"
    return type(value).__name__


def members(thing: Any) -> dict[str, Any]:
    def is_method(value: Any) -> bool:
        return inspect.ismethod(value) or inspect.isfunction(value)

    return surface.members(thing, is_method, ("packages", "frompackages"))


def objects(bt: Any) -> dict[str, Any]:
    """One object of each kind that a script meets, after a small run."""
    import pandas as pd

    met: dict[str, Any] = {}

    class Meeting(bt.Strategy):
        params = (("period", 2),)

        def __init__(self):
            self.sma = bt.ind.SMA(self.data, period=self.p.period)
            self.sum = self.data.close + 1.0

        def notify_order(self, order):
            if order.status == order.Completed:
                met["order"], met["order.executed"] = order, order.executed
                met["order.executed.exbits[0]"] = order.executed.exbits[0]

        def notify_trade(self, trade):
            met["trade"] = trade

        def next(self):
            if len(self) == 3:
                self.buy(size=2)
            elif len(self) == 5:
                self.close()
            met["position"] = self.position

    index = pd.date_range("2020-01-01", periods=8, freq="D")
    close = [4.0, 5.0, 6.0, 5.0, 7.0, 8.0, 6.0, 9.0]
    frame = pd.DataFrame(dict.fromkeys(("open", "high", "low", "close"), close), index=index)
    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.PandasData(dataname=frame), name="stock")
    cerebro.addstrategy(Meeting)
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer, _name="trades")
    cerebro.addsizer(bt.sizers.FixedSize)
    with contextlib.redirect_stdout(io.StringIO()):
        strategy = cerebro.run()[0]
    data = strategy.data
    with contextlib.suppress(TypeError):
        met["observer"] = strategy.stats[0]
    return {
        "cerebro": cerebro,
        "strategy": strategy,
        "strategy.p": strategy.p,
        "strategy.stats": strategy.stats,
        "strategy.analyzers": strategy.analyzers,
        "data": data,
        "data.lines": data.lines,
        "data.close": data.close,
        "data.plotinfo": data.plotinfo,
        "indicator": strategy.sma,
        "line operation": strategy.sum,
        "analyzer": strategy.analyzers[0],
        "sizer": strategy.getsizer(),
        "broker": cerebro.broker,
        "comminfo": cerebro.broker.getcommissioninfo(data),
        **met,
    }


# The state here


def module_state(name: str, names: dict[str, Any]) -> States:
    """(state, remark) of every name of a module; of "" alone where the module is not here."""
    from fillproof.compat.backtrader.unsupported import GAPS
    from fillproof.compat.unsupported import UnsupportedFeature

    path = f"{ADAPTER}.{name}" if name else ADAPTER
    try:
        module = importlib.import_module(path)
    except UnsupportedFeature as error:
        return {"": ("gap", advice(error))}
    except ModuleNotFoundError as error:
        if not str(error.name).startswith(ADAPTER):
            raise
        parts = name.split(".")
        for depth in range(len(parts), 0, -1):
            gap = GAPS.get(".".join(parts[:depth]))
            if gap is not None:
                return {"": ("gap", advice(gap.error()))}
        return {"": ("missing", "the module")}
    return {key: name_state(module, key, wanted) for key, wanted in names.items()}


def name_state(module: Any, name: str, wanted: dict[str, Any]) -> tuple[str, str]:
    state, reason, value = status(module, name)
    if state != "here":
        return state, reason
    if "also" in wanted or "value" in wanted:
        return "here", ""
    if "arguments" not in wanted:
        if not inspect.isclass(value):
            return "missing", "a class there"
        return class_state(value, wanted)
    return argument_state(value, wanted["arguments"])


def class_state(value: Any, wanted: dict[str, Any]) -> tuple[str, str]:
    pairs = getattr(getattr(value, "params", None), "_getpairs", dict)
    params = pairs()
    remarks = []
    for name, default in wanted.get("params", {}).items():
        if name not in params:
            remarks.append(f"param {name}")
        elif plain(params[name]) != default:
            remarks.append(f"default of {name}: {default}, here {plain(params[name])}")
    if lines_of(value) != wanted.get("lines", []):
        remarks.append(f"lines {', '.join(wanted.get('lines', [])) or 'none'}")
    return ("missing", "; ".join(remarks)) if remarks else ("here", "")


def states(listed: dict[str, Any]) -> dict[str, States]:
    """(state, remark) of every name: by module ("indicators.sma") and by object ("data object")."""
    bt = importlib.import_module(ADAPTER)
    found = {name: module_state(name, names) for name, names in listed["modules"].items()}
    have = objects(bt)
    for name, names in listed["objects"].items():
        place = f"{name} object"
        internal = INTERNAL.get(place, "").split()
        found[place] = {"": ("missing", "the object")}
        if name in have:
            found[place] = surface.object_state(have[name], names, internal)
    return found


# The page


def page(listed: dict[str, Any]) -> str:
    """The text of surface-backtrader.md."""
    return Page(
        title="Backtrader",
        package=f"backtrader {listed['version']}",
        here="works as there. Parameters and lines of the name are those of the original.",
        internal="how the original evaluates lines; not here, as lines are columns.",
        notes=(
            "Names that begin with an underscore, metaclasses and the command `btrun` are not",
            "counted.",
            "`backtrader.talib` has a class for every function of the TA-Lib that is installed.",
        ),
        listed=listed,
        found=states(listed),
        module_text=_module_text,
    ).text()


def _module_text(place: str, names: dict, found: dict) -> list[str]:
    text = []
    if "" in found:
        state, remark = found[""]
        listed = ", ".join(f"`{name}`" for name in names)
        return [*text, f"The module: **{state}**. {remark} {listed}".rstrip()]
    also: dict[str, list[str]] = {}
    for name, wanted in names.items():
        home, _, first = wanted.get("also", "").rpartition(".")
        if home == place and place:
            also.setdefault(first, []).append(name)
    rows = []
    for name, wanted in names.items():
        others = also.get(name, [])
        if "also" in wanted or "value" in wanted:
            continue
        label = ", ".join(f"`{n}`" for n in (name, *others))
        rows.append(f"| {label} | {_signature(wanted)} | {shown(found[name])} |")
    if rows:
        text += ["| name | parameters, lines | state |", "| --- | --- | --- |", *rows, ""]
    text += _handed_on(place, names, found)
    return text


def _handed_on(place: str, names: dict, found: dict) -> list[str]:
    """The names that stand in other modules, and plain values, by state."""
    rest = {
        name: found[name] for name, wanted in names.items() if "also" in wanted or "value" in wanted
    }
    return by_state(rest, "Names of other modules, aliases and values")


def _signature(wanted: dict[str, Any]) -> str:
    if "arguments" in wanted:
        return f"`({', '.join(wanted['arguments'])})`"
    params = ", ".join(f"{k}={v}" for k, v in wanted.get("params", {}).items())
    parts = [f"`{params}`"] if params else []
    if wanted.get("lines"):
        parts.append("lines " + ", ".join(f"`{line}`" for line in wanted["lines"]))
    return "; ".join(parts).replace("|", "\\|")

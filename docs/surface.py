"""The surface pages: every public name of a framework, and what this project has of it.

`surface-backtrader.json` lists the real package, so that the page can be made without it. A listing
is made by the interpreter that has the package:

    python docs/surface.py list surface-backtrader.json   (in an environment with backtrader)
    python docs/surface.py                                (the pages, from the listings)
"""

from __future__ import annotations

import contextlib
import datetime
import importlib
import inspect
import io
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
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


def arguments(function: Any) -> list[str]:
    """The names of a function's arguments that can be given by keyword."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return []
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [p.name for p in signature.parameters.values() if p.kind in kinds and p.name != "self"]


def members(thing: Any) -> dict[str, Any]:
    """The public attributes of an object: arguments of methods, None for the others."""
    found: dict[str, Any] = {}
    for name in sorted(dir(thing)):
        if name.startswith("_") or name in ("packages", "frompackages"):
            continue
        try:
            value = getattr(thing, name)
        except Exception:
            continue
        method = inspect.ismethod(value) or inspect.isfunction(value)
        found[name] = arguments(value) if method else None
    return found


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


def status(found: Any, name: str) -> tuple[str, str, Any]:
    """("here" | "gap" | "missing", reason, value) for one name of a module or an object."""
    from fillproof.compat.unsupported import UnsupportedFeature

    try:
        return "here", "", getattr(found, name)
    except UnsupportedFeature as error:
        return "gap", _advice(error), None
    except AttributeError:
        return "missing", "", None


def _advice(error: Any) -> str:
    return error.alternative or ("Never." if error.kind == "never" else "Not yet.")


def module_state(name: str, names: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """(state, remark) of every name of a module; of "" alone where the module is not here."""
    from fillproof.compat.backtrader.unsupported import GAPS
    from fillproof.compat.unsupported import UnsupportedFeature

    path = f"{ADAPTER}.{name}" if name else ADAPTER
    try:
        module = importlib.import_module(path)
    except UnsupportedFeature as error:
        return {"": ("gap", _advice(error))}
    except ModuleNotFoundError as error:
        if not str(error.name).startswith(ADAPTER):
            raise
        parts = name.split(".")
        for depth in range(len(parts), 0, -1):
            gap = GAPS.get(".".join(parts[:depth]))
            if gap is not None:
                return {"": ("gap", _advice(gap.error()))}
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
    absent = refused(value, wanted["arguments"])
    return ("missing", "argument " + ", ".join(absent)) if absent else ("here", "")


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


def refused(function: Any, wanted: list[str]) -> list[str]:
    """The arguments that a function here does not take."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return []
    if any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values()):
        return []
    return [name for name in wanted if name not in signature.parameters]


def object_state(thing: Any, names: dict[str, Any]) -> dict[str, tuple[str, str]]:
    states = {}
    for name, wanted in names.items():
        state, reason, value = status(thing, name)
        if state == "here" and wanted is not None:
            if not callable(value):
                state, reason = "missing", "a method there"
            elif absent := refused(value, wanted):
                state, reason = "missing", "argument " + ", ".join(absent)
        states[name] = state, reason
    return states


def states(listed: dict[str, Any]) -> dict[str, dict[str, tuple[str, str]]]:
    """(state, remark) of every name: by module ("indicators.sma") and by object ("data object")."""
    bt = importlib.import_module(ADAPTER)
    found = {name: module_state(name, names) for name, names in listed["modules"].items()}
    have = objects(bt)
    for name, names in listed["objects"].items():
        state = object_state(have[name], names) if name in have else {"": ("missing", "the object")}
        for internal in INTERNAL.get(f"{name} object", "").split():
            if state.get(internal, ("here",))[0] == "missing":
                state[internal] = "internal", ""
        found[f"{name} object"] = state
    return found


def absent(found: dict[str, dict[str, tuple[str, str]]]) -> dict[str, str]:
    """The names that are neither here nor a gap, with what is absent: {"place: name": remark}.

    "place: *" stands for all of a module or an object.
    """
    return {
        f"{place}: {name or '*'}": remark
        for place, names in found.items()
        for name, (state, remark) in names.items()
        if state == "missing"
    }


# The page


def page(listed: dict[str, Any]) -> str:
    """The text of surface-backtrader.md."""
    found = states(listed)
    counts = {place: count(names.values()) for place, names in found.items()}
    total = {state: sum(c[state] for c in counts.values()) for state in ("here", "gap", "missing")}
    text = [
        "# Backtrader: every public name",
        "",
        f"What the package backtrader {listed['version']} has, and what of it is here. The page is",
        "made from the code by `python docs/surface.py`; a test compares both with the package.",
        "",
        "- **here**: works as there. Parameters and lines of the name are those of the original.",
        "- **gap**: raises `UnsupportedFeature` where it is used, with the advice shown.",
        "- **missing**: not here, or not in full; the remark says what is absent.",
        "- **internal**: how the original evaluates lines; not here, as lines are columns.",
        "",
        f"{total['here']} names are here, {total['gap']} are gaps, {total['missing']} are missing.",
        "Names that begin with an underscore, metaclasses and the command `btrun` are not counted.",
        "`backtrader.talib` has a class for every function of the TA-Lib that is installed.",
        "",
        "| module | here | gap | missing |",
        "| --- | ---: | ---: | ---: |",
    ]
    for place in listed["modules"]:
        c = counts[place]
        text.append(f"| `{_path(place)}` | {c['here']} | {c['gap']} | {c['missing']} |")
    text += ["", "| object | here | gap | missing |", "| --- | ---: | ---: | ---: |"]
    for place in listed["objects"]:
        c = counts[f"{place} object"]
        text.append(f"| {place} | {c['here']} | {c['gap']} | {c['missing']} |")
    for place, names in listed["modules"].items():
        text += _module_text(place, names, found[place])
    text += ["", "## Attributes of objects", ""]
    for place in listed["objects"]:
        text += _object_text(place, found[f"{place} object"])
    return "\n".join(text).rstrip() + "\n"


def _path(place: str) -> str:
    return f"backtrader.{place}" if place else "backtrader"


def count(values: Any) -> dict[str, int]:
    listed = [state for state, _ in values]
    return {state: listed.count(state) for state in ("here", "gap", "missing")}


def _module_text(place: str, names: dict, found: dict) -> list[str]:
    if not names and not found:
        return []
    text = ["", f"## {_path(place)}", ""]
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


def by_state(found: dict[str, tuple[str, str]], title: str) -> list[str]:
    here = [f"`{name}`" for name, (state, _) in found.items() if state == "here"]
    text = [f"{title}: {', '.join(here)}.", ""] if here else []
    rows = [
        f"- `{name}`: {shown((state, remark))}"
        for name, (state, remark) in found.items()
        if state != "here"
    ]
    return [*text, *rows, ""] if rows else text


def _object_text(place: str, found: dict[str, tuple[str, str]]) -> list[str]:
    return [f"### {place}", "", *by_state(found, "Here")]


def _signature(wanted: dict[str, Any]) -> str:
    if "arguments" in wanted:
        return f"`({', '.join(wanted['arguments'])})`"
    params = ", ".join(f"{k}={v}" for k, v in wanted.get("params", {}).items())
    parts = [f"`{params}`"] if params else []
    if wanted.get("lines"):
        parts.append("lines " + ", ".join(f"`{line}`" for line in wanted["lines"]))
    return "; ".join(parts).replace("|", "\\|")


def shown(state: tuple[str, str]) -> str:
    word, remark = state
    if word == "here":
        return "here"
    return f"**{word}**" + (f" ({remark.rstrip('.')})" if remark else "")


def written(listed: dict[str, Any]) -> str:
    """A listing as JSON, one name a line."""
    text = [f'{{"version": {json.dumps(listed["version"])}']
    for part in ("modules", "objects"):
        text[-1] += f',\n"{part}": {{'
        for place, names in listed[part].items():
            lines = (f"{json.dumps(name)}: {json.dumps(value)}" for name, value in names.items())
            text.append(json.dumps(place) + ": {\n " + ",\n ".join(lines) + "},")
        text[-1] = text[-1][:-1] + "}"
    return "\n".join(text) + "}\n"


def read(framework: str = "backtrader") -> dict[str, Any]:
    return json.loads((HERE / f"surface-{framework}.json").read_text(encoding="utf-8"))


def main(*args: str) -> None:
    if args[:1] == ("list",):
        import backtrader

        Path(args[1]).write_text(written(listing(backtrader)), encoding="utf-8")
        return
    (HERE / "surface-backtrader.md").write_text(page(read()), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

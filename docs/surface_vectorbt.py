"""What the surface page of VectorBT lists, and how its names are found here; see `surface`."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import textwrap
from typing import Any, TypeVar

import surface
from surface import Page, States, advice, argument_state, arguments, refused, status

ADAPTER = "fillproof.compat.vectorbt"
PACKAGE = "vectorbt"

#: They need libraries that are not dependencies of the package, and are not listed.
OPTIONAL = ("messaging.telegram", "returns.qs_adapter")

#: How the original is built. Scripts have no use for these; a name is here where it costs nothing.
INTERNAL = (
    "generic.decorators",
    "generic.dispatch",
    "indicators.dispatch",
    "labels.dispatch",
    "portfolio.decorators",
    "portfolio.dispatch",
    "records.dispatch",
    "returns.dispatch",
    "signals.dispatch",
    "utils.requests_",
)
#: Names within other modules that serve the original's own code.
INTERNAL_NAMES = {
    "generic.accessors": "nb_config transform_config",
    "portfolio.base": "returns_acc_config",
    "portfolio.enums": "field",
    "portfolio.nb": (
        "copy_trade_record_nb fill_entry_trades_in_position_nb fill_position_record_nb "
        "fill_trade_record_nb get_free_cash_diff_nb get_long_size_nb get_short_size_nb "
        "group_mean_reduce_nb i_group_any_reduce_nb price_zero_neg_err size_zero_neg_err"
    ),
    "utils.decorators": "cached_methodT custom_methodT custom_propertyT",
    "signals.generators": (
        "ohlcstx_config ohlcstx_func_config rprobx_config rprobx_func_config stx_config "
        "stx_func_config"
    ),
}
#: What a class of the original calls itself, with arguments by position.
INTERNAL_MEMBERS = ("custom_func",)

#: The kinds of objects that scripts meet, by what they call them.
OBJECTS = {
    "ArrayWrapper": "base.array_wrapper.ArrayWrapper",
    "Data": "data.base.Data",
    "MappedArray": "records.mapped_array.MappedArray",
    "Records": "records.base.Records",
    "Ranges": "generic.ranges.Ranges",
    "Drawdowns": "generic.drawdowns.Drawdowns",
    "Portfolio": "portfolio.base.Portfolio",
    "Orders": "portfolio.orders.Orders",
    "Logs": "portfolio.logs.Logs",
    "ExitTrades": "portfolio.trades.ExitTrades",
    "Positions": "portfolio.trades.Positions",
    "MA": "indicators.basic.MA",
    "BBANDS": "indicators.basic.BBANDS",
    "OHLCSTCX": "signals.generators.OHLCSTCX",
    "TRENDLB": "labels.generators.TRENDLB",
    "series.vbt": "root_accessors.Vbt_SRAccessor",
    "frame.vbt": "root_accessors.Vbt_DFAccessor",
    "frame.vbt.ohlcv": "ohlcv_accessors.OHLCVDFAccessor",
    "series.vbt.signals": "signals.accessors.SignalsSRAccessor",
    "frame.vbt.signals": "signals.accessors.SignalsDFAccessor",
    "series.vbt.returns": "returns.accessors.ReturnsSRAccessor",
    "frame.vbt.returns": "returns.accessors.ReturnsDFAccessor",
}


# Listing: runs where the real package is, and on the adapter's classes


def listing(vbt: Any) -> dict[str, Any]:
    """The public names of the package, by module, and those of the objects that scripts meet."""
    modules: dict[str, Any] = {"": module_entry(vbt)}
    for found in pkgutil.walk_packages(vbt.__path__, f"{PACKAGE}."):
        name = found.name.partition(".")[2]
        if name not in OPTIONAL and not any(part[0] == "_" for part in name.split(".")):
            modules[name] = module_entry(importlib.import_module(found.name))
    return {
        "version": vbt.__version__,
        "modules": dict(sorted(modules.items())),
        "objects": {name: members(kind) for name, kind in objects(PACKAGE).items()},
    }


def module_entry(module: Any) -> dict[str, Any]:
    """What a module defines, and what a package hands on: entries by name."""
    entries = {}
    package = hasattr(module, "__path__")
    for name, value in sorted(vars(module).items()):
        if name.startswith("_") or inspect.ismodule(value) or is_type_name(name, value):
            continue
        home = str(getattr(value, "__module__", None) or "")
        if inspect.isclass(value) or (callable(value) and hasattr(value, "__name__")):
            # Overloads of compiled functions are reached by another name.
            if home == module.__name__ and not name.startswith("ol_"):
                entries[name] = entry(value)
            elif home.startswith(PACKAGE) and package:
                entries[name] = {"also": home.partition(".")[2]}
        elif name in assigned(module):
            entries[name] = {"value": True}
    return entries


def is_type_name(name: str, value: Any) -> bool:
    """Whether a name is one for type checkers."""
    special = isinstance(value, TypeVar) or hasattr(value, "__origin__")
    return special or (name[-1] == "T" and getattr(value, "_is_protocol", False))


def assigned(module: Any) -> set[str]:
    """The names to which the module's own text gives a value."""
    names = set()
    for node in ast.parse(inspect.getsource(module)).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def entry(value: Any) -> dict[str, Any]:
    """What a script can rely on in a class or a function."""
    if not inspect.isclass(value):
        return {"arguments": arguments(value)}
    return {
        "members": {name: member(value, name) for name in sorted(vars(value)) if name[0] != "_"}
    }


def members(kind: type) -> dict[str, Any]:
    return {name: member(kind, name) for name in sorted(dir(kind)) if name[0] != "_"}


def member(kind: type, name: str) -> list[str] | None:
    """The arguments of a method, by keyword; None for what is no method.

    Properties are not asked for their values: these take a simulation.
    """
    found = inspect.getattr_static(kind, name)
    found = getattr(found, "__func__", getattr(found, "func", found))
    if isinstance(found, property) or not inspect.isroutine(found):
        return None
    return [name for name in arguments(found) if name not in ("cls", "cls_or_self")]


def objects(package: str) -> dict[str, Any]:
    found = {}
    for name, path in OBJECTS.items():
        module, _, kind = path.rpartition(".")
        found[name] = getattr(importlib.import_module(f"{package}.{module}"), kind)
    return found


# The state here


def module_state(name: str, names: dict[str, Any]) -> States:
    """(state, remark) of every name of a module."""
    from fillproof.compat.unsupported import UnsupportedFeature

    path = f"{ADAPTER}.{name}" if name else ADAPTER
    module = None
    try:
        # The first name of a gap is found in the package: `vbt.plotting`.
        status_of_root = status(importlib.import_module(ADAPTER), name.partition(".")[0])
        if name and status_of_root[0] == "gap":
            return dict.fromkeys(names, status_of_root[:2])
        module = importlib.import_module(path)
    except UnsupportedFeature as error:
        return dict.fromkeys(names, ("gap", advice(error)))
    except ModuleNotFoundError as error:
        if not str(error.name).startswith(ADAPTER):
            raise
    states = {}
    for key, wanted in names.items():
        state = ("missing", "the module") if module is None else name_state(module, key, wanted)
        internal = name in INTERNAL or key in INTERNAL_NAMES.get(name, "").split()
        if state[0] != "here" and internal:
            state = "internal", ""
        states[key] = state
    return states


def name_state(module: Any, name: str, wanted: dict[str, Any]) -> tuple[str, str]:
    """(state, remark) of one name of a module that is here."""
    state, reason, value = status(module, name)
    if state != "here" or "also" in wanted or "value" in wanted:
        return state, reason
    if "arguments" in wanted:
        if module.__name__.rpartition(".")[2] == "nb":
            return positions_state(value, len(wanted["arguments"]))
        return argument_state(value, wanted["arguments"])
    if not inspect.isclass(value):
        return "missing", "a class there"
    found = class_state(value, wanted["members"])
    lacking = [
        name if not remark else f"{name}: {remark}"
        for name, (state, remark) in found.items()
        if state == "missing"
    ]
    gaps = [name for name, (state, _) in found.items() if state == "gap"]
    if lacking:
        return "missing", ", ".join(lacking)
    return ("here", "") if not gaps else ("gap", "only " + ", ".join(gaps))


def positions_state(function: Any, count: int) -> tuple[str, str]:
    """Whether a compiled function takes so many arguments by position."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return "here", ""
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return "here", ""
    least = sum(p.default is p.empty for p in parameters)
    if least <= count <= len(parameters):
        return "here", ""
    return "missing", f"takes {least} to {len(parameters)} arguments, not {count}"


def class_state(kind: Any, names: dict[str, Any]) -> States:
    """(state, remark) of the attributes of a class."""
    states = {}
    for name, wanted in names.items():
        try:
            found = inspect.getattr_static(kind, name)
        except AttributeError:
            state, reason, _ = status(kind, name)
            if state == "missing" and name in INTERNAL_MEMBERS:
                state = "internal"
            states[name] = state, reason
            continue
        refusal = refusal_of(getattr(found, "__func__", getattr(found, "fget", found)))
        value = getattr(kind, name, None)
        lacking = refused(value, wanted) if wanted and callable(value) else []
        if refusal is not None:
            states[name] = "gap", refusal
        elif lacking and name in INTERNAL_MEMBERS:
            states[name] = "internal", ""
        elif lacking:
            states[name] = "missing", "argument " + ", ".join(lacking)
        else:
            states[name] = "here", ""
    return states


def refusal_of(function: Any) -> str | None:
    """The advice of a function that does nothing but raise UnsupportedFeature; None for others."""
    if not inspect.isfunction(function):
        return None
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, SyntaxError):
        return None
    if not isinstance(tree, ast.FunctionDef):
        return None
    body = [node for node in tree.body if not isinstance(node, ast.Expr)]
    if len(body) != 1 or not isinstance(body[0], ast.Raise):
        return None
    call = body[0].exc
    if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in ("missing", "refusal"):
        return None
    texts = [arg.value for arg in call.args[1:] if isinstance(arg, ast.Constant)]
    return str(texts[0]) if texts else "Not yet."


def states(listed: dict[str, Any]) -> dict[str, States]:
    """(state, remark) of every name: by module ("portfolio.base") and by object ("MA object")."""
    found = {name: module_state(name, names) for name, names in listed["modules"].items()}
    have = objects(ADAPTER)
    for name, names in listed["objects"].items():
        found[f"{name} object"] = class_state(have[name], names)
    return found


# The page


def page(listed: dict[str, Any]) -> str:
    """The text of surface-vectorbt.md."""
    return Page(
        title="VectorBT",
        package=f"vectorbt {listed['version']}",
        here="works as there; functions and methods take the same arguments.",
        internal="how the original is built; scripts have no use for it.",
        notes=(
            "Names and modules that begin with an underscore, type variables, and the modules that",
            "need Telegram or quantstats are not counted. Functions of the modules `nb` take the",
            "arguments of the original in its order; not all of them have its names for them.",
        ),
        listed=listed,
        found=states(listed),
        module_text=surface.classes_and_functions,
        hidden=INTERNAL,
    ).text()

"""What fillproof has of a framework's name, asked of the adapters themselves."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any, Literal

from ..unsupported import UnsupportedFeature
from .names import Use

Word = Literal["supported", "partial", "unsupported", "unknown"]

#: `.vbt` of a Series and of a DataFrame: a name of one of them is there.
_ACCESSORS = ("Vbt_SRAccessor", "Vbt_DFAccessor")


@dataclass(frozen=True)
class State:
    """Whether a name runs: `unknown` is one that the adapter has never heard of.

    remark: what of it is absent, why, and what to do instead.
    """

    word: Word
    remark: str = ""


def state_of(use: Use) -> State:
    """The state of a name as a script uses it."""
    try:
        value = _resolved(use.name)
    except UnsupportedFeature as error:
        return State("unsupported", error.alternative or f"{error.name} ({error.kind})")
    except _Unknown as error:
        return State("unknown", str(error))
    refused = [name for name in use.arguments if not _takes(value, name)]
    if refused:
        return State("partial", f"does not take {', '.join(refused)}=")
    return State("supported")


def makes(name: str) -> str | None:
    """The class of what calling a name gives: of a class itself, and of its class methods."""
    try:
        value = _resolved(name)
    except (UnsupportedFeature, _Unknown):
        return None
    if inspect.isclass(value):
        return name
    owner = getattr(value, "__self__", None)
    return name.rpartition(".")[0] if inspect.isclass(owner) else None


def has(kind: str, attribute: str) -> bool:
    """Whether objects of a class have an attribute, or it is a gap by that name."""
    if attribute.startswith("_"):
        return False
    try:
        value = _resolved(kind)
        getattr(value, attribute)
    except UnsupportedFeature:
        return True
    except (_Unknown, AttributeError):
        return False
    return True


def public(module: str) -> Collection[str]:
    """What `from MODULE import *` binds."""
    try:
        found = _resolved(module)
    except (UnsupportedFeature, _Unknown):
        return ()
    names = getattr(found, "__all__", None)
    return names if names is not None else [n for n in vars(found) if not n.startswith("_")]


class _Unknown(LookupError):
    """A name that an adapter does not have."""


@cache
def _resolved(name: str) -> Any:
    """The adapter's object. Raises UnsupportedFeature for a gap, _Unknown for no such name."""
    from ..imports import install

    install()
    framework, *parts = name.split(".")
    try:
        value = importlib.import_module(framework)
    except ImportError as error:
        raise _Unknown(f"{framework} cannot be loaded: {error}") from None
    if parts[:1] == ["vbt"] and framework == "vectorbt":
        return _accessor(value, parts[1:])
    path = framework
    for part in parts:
        path = f"{path}.{part}"
        if inspect.ismodule(value):
            value = _member(value, path, part)
        elif inspect.isclass(value):
            try:
                value = getattr(value, part)
            except AttributeError:
                raise _Unknown(f"{path} is no name of {framework}") from None
        else:
            break  # an attribute of an object: nobody knows before it runs
    return value


def _member(module: Any, path: str, name: str) -> Any:
    try:
        return getattr(module, name)
    except AttributeError:
        pass
    package = _adapter(path.rpartition(".")[0])
    if hasattr(package, "__path__") and find_spec(f"{package.__name__}.{name}") is not None:
        return importlib.import_module(path)
    raise _Unknown(f"{path} is no name of {path.partition('.')[0]}")


def _adapter(path: str) -> Any:
    """The adapter's own module behind a framework's name: all of those look like packages."""
    return importlib.import_module(f"{__name__.split('.porting')[0]}.{path}")


def _accessor(package: Any, parts: list[str]) -> Any:
    from importlib import import_module

    roots = import_module(f"{package.__name__}.root_accessors")
    for root in _ACCESSORS:
        value = getattr(roots, root)
        for part in parts:
            value = getattr(value, part, None)
            if not inspect.isclass(value):
                break
        if value is not None:
            return value
    raise _Unknown(f".vbt.{'.'.join(parts)} is no accessor")


def _takes(value: Any, argument: str) -> bool:
    """Whether a call takes an argument by keyword; True where that cannot be told."""
    try:
        parameters = inspect.signature(value).parameters
    except (TypeError, ValueError):
        return True
    if any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
        return True
    return argument in parameters

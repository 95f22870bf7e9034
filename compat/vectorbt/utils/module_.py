"""Modules: what they define, and those below them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from types import ModuleType


def is_from_module(obj, module: ModuleType) -> bool:
    """Whether `obj` was defined in `module`."""
    own = inspect.getmodule(inspect.unwrap(obj))
    return own is None or own.__name__ == module.__name__


def list_module_keys(module_name: str, whitelist=None, blacklist=None) -> list[str]:
    """The public functions and classes of a module, without `blacklist`, and `whitelist`."""
    module = sys.modules[module_name]
    return [
        name
        for name, obj in inspect.getmembers(module)
        if name in (whitelist or ())
        or (
            not name.startswith("_")
            and name not in (blacklist or ())
            and (inspect.isclass(obj) or (inspect.isroutine(obj) and callable(obj)))
            and is_from_module(obj, module)
        )
    ]


def import_submodules(package) -> dict[str, ModuleType]:
    """Import all modules below a package, except for those in its `__blacklist__`."""
    package = importlib.import_module(package) if isinstance(package, str) else package
    skipped = getattr(package, "__blacklist__", ())
    found = {}
    for _, name, is_package in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if name.rpartition(".")[2] in skipped:
            continue
        found[name] = importlib.import_module(name)
        if is_package:
            found.update(import_submodules(name))
    return found

"""Resolve `import backtrader`, `import zipline` and `import vectorbt` to the adapters.

`install()` puts a finder in front of Python's own, so that a script written for a real framework
runs unedited: `backtrader.indicators` becomes the very module `fillproof.compat.backtrader.
indicators`, under both names. What an adapter lacks fails at the import, with its name.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from .unsupported import UnsupportedFeature

FRAMEWORKS = ("backtrader", "zipline", "vectorbt")
_ADAPTERS = __name__.rpartition(".")[0]


def install() -> None:
    """Resolve the frameworks' names to the adapters, from now on in this process."""
    if not any(isinstance(finder, AdapterFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, AdapterFinder())


class AdapterFinder:
    """A finder for `sys.meta_path` that knows the frameworks' names and nothing else."""

    @staticmethod
    def find_spec(fullname: str, path=None, target=None) -> ModuleSpec | None:
        framework = fullname.partition(".")[0]
        if framework not in FRAMEWORKS:
            return None
        adapter = f"{_ADAPTERS}.{fullname}"
        if adapter not in sys.modules and find_spec(adapter) is None:
            raise UnsupportedFeature(framework, f"the module {fullname}")
        # Every module counts as a package, so that what is missing below it comes here as well.
        loader: Any = _AdapterLoader(adapter)
        return ModuleSpec(fullname, loader, is_package=True)


class _AdapterLoader:
    """Hands over the adapter's own module object instead of creating a second one."""

    def __init__(self, adapter: str) -> None:
        self.adapter = adapter

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self.adapter)
        # The import system is about to overwrite it, and relative imports inside need it.
        self.own_spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self.own_spec
        _name_what_is_missing(module, self.adapter[len(_ADAPTERS) + 1 :])


def _name_what_is_missing(module: ModuleType, public_name: str) -> None:
    """Make `from backtrader import Nothing` raise UnsupportedFeature instead of ImportError."""
    framework = public_name.partition(".")[0]
    complete = "_complete" in vars(sys.modules[f"{_ADAPTERS}.{framework}"])
    own = module.__dict__.get("__getattr__")

    def __getattr__(name: str):
        if own is not None:
            try:
                return own(name)
            except AttributeError:
                pass
        # A complete package lacks only what the original lacks as well.
        if name.startswith("__") or complete:
            raise AttributeError(f"module {public_name!r} has no attribute {name!r}")
        if find_spec(f"{module.__name__}.{name}") is not None:
            # A submodule that nobody has imported yet. `from package import submodule` asks for
            # the attribute first; an AttributeError sends the import system to look for it.
            raise AttributeError(f"module {public_name!r} has no attribute {name!r}")
        raise UnsupportedFeature(framework, f"{public_name}.{name}")

    module.__dict__["__getattr__"] = __getattr__

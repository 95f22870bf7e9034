"""What extension scripts register: classes of their own under a name, for an interface."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

__all__ = [
    "Namespace",
    "Registry",
    "clear",
    "create_args",
    "create_registry",
    "custom_types",
    "extensible",
    "get_registry",
    "load",
    "register",
    "unregister",
]

_ARGUMENT = re.compile(r"^(([^\d\W]\w*)(\.[^\d\W]\w*)*)=(.*)$")


class Namespace:
    """Attributes from arguments `-x a.b=1` of the command line."""


def create_args(args: Iterable[str], root) -> None:
    """Set arguments of the form `a.b=value` as attributes of `root`, shorter names first."""
    values: dict[str, str] = {}
    for argument in args:
        parse_extension_arg(argument, values)
    for name in sorted(values, key=len):
        update_namespace(root, name.split("."), values[name])


def parse_extension_arg(arg: str, arg_dict: dict[str, str]) -> None:
    """Note one argument `name=value`; ValueError for any other form."""
    found = _ARGUMENT.match(arg)
    if found is None:
        raise ValueError(
            f"invalid extension argument '{arg}', must be in key=value form: -x name=value."
        )
    arg_dict[found.group(1)] = found.group(4)


def update_namespace(namespace, path: list[str], name) -> None:
    """Set the attribute that a path of names leads to, with the namespaces on the way."""
    first, *rest = path
    if not rest:
        setattr(namespace, first, name)
        return
    inner = getattr(namespace, first, None)
    if inner is None:
        inner = Namespace()
        setattr(namespace, first, inner)
    elif isinstance(inner, str):
        raise ValueError(
            f"Conflicting assignments at namespace level '{first}': it is {inner!r} as well."
        )
    update_namespace(inner, rest, name)


class Registry:
    """Factories by name, of objects that serve an interface (a class)."""

    def __init__(self, interface: type) -> None:
        self.interface = interface
        self._factories: dict[str, Callable[[], Any]] = {}

    def load(self, name: str) -> Any:
        """A new object of the factory; ValueError when there is none of that name."""
        if name not in self._factories:
            raise ValueError(
                f"no {self.interface.__name__} factory registered under name {name!r}, "
                f"options are: {sorted(self._factories)!r}"
            )
        return self._factories[name]()

    def is_registered(self, name: str) -> bool:
        return name in self._factories

    def register(self, name: str, factory: Callable[[], Any] | None = None) -> Any:
        """Give a factory a name; without a factory, a decorator that does so."""
        if factory is None:
            return partial(self.register, name)
        if name in self._factories:
            raise ValueError(
                f"{self.interface.__name__} factory with name {name!r} is already registered"
            )
        self._factories[name] = factory
        return factory

    def unregister(self, name: str) -> None:
        if name not in self._factories:
            raise ValueError(
                f"{self.interface.__name__} factory {name!r} was not already registered"
            )
        del self._factories[name]

    def clear(self) -> None:
        self._factories.clear()


#: The registry of each interface.
custom_types: dict[type, Registry] = {}


def get_registry(interface: type) -> Registry:
    if interface not in custom_types:
        raise ValueError(f"class specified is not an extendable type, but {interface!r}")
    return custom_types[interface]


def load(interface: type, name: str) -> Any:
    """A new object of the factory `name`."""
    return get_registry(interface).load(name)


def register(interface: type, name: str | None = None, custom_class=None) -> Any:
    """Give a class or another factory a name; with fewer arguments, what takes the rest."""
    if name is None:
        return partial(register, interface)
    return get_registry(interface).register(name, custom_class)


def unregister(interface: type, name: str) -> None:
    get_registry(interface).unregister(name)


def clear(interface: type) -> None:
    get_registry(interface).clear()


def create_registry(interface: type) -> type:
    """Make a class an interface that can be extended; usable as a decorator."""
    if interface in custom_types:
        raise ValueError("there is already a Registry instance for the specified type")
    custom_types[interface] = Registry(interface)
    return interface


extensible = create_registry

"""Parameters: `params` of a class, inherited, and given per object by keyword."""

from __future__ import annotations

import sys
from collections import OrderedDict
from typing import Any, ClassVar

from .naming import shown, shown_class


class Params:
    """The parameters of a class; an object's own values stand in an instance.

    The class holds the defaults as attributes, so `cls.params.period` reads as `self.p.period`.
    """

    _defaults: ClassVar[OrderedDict[str, Any]] = OrderedDict()
    #: The name of the class whose parameters these are.
    _owner_name: ClassVar[str] = ""

    @classmethod
    def _derive(cls, name: str, new: Any, others: list[type[Params]]) -> type[Params]:
        pairs = OrderedDict(cls._defaults)
        for other in others:
            # A class that is joined to others may be a plain one, with pairs.
            given: Any = getattr(other, "_defaults", other)
            pairs.update(given)
        pairs.update(new)
        space = {**pairs, "_defaults": pairs, "_owner_name": name}
        return type(f"{cls.__name__}_{name}", (cls,), space)

    def __getattr__(self, name: str) -> Any:
        text = f"{type(self).__name__[:50]!r} object has no attribute {name!r}"
        error = AttributeError(text, name=name, obj=self)
        if not name.startswith("_"):
            from .explaining import missing_parameter

            error.add_note(missing_parameter(type(self), name))
        raise error

    @classmethod
    def _getpairs(cls) -> OrderedDict[str, Any]:
        return cls._defaults.copy()

    _getkwargsdefault = _getpairs

    @classmethod
    def _getkeys(cls):
        return cls._defaults.keys()

    @classmethod
    def _getdefaults(cls) -> list:
        return list(cls._defaults.values())

    @classmethod
    def _getitems(cls):
        return cls._defaults.items()

    @classmethod
    def _gettuple(cls) -> tuple:
        return tuple(cls._defaults.items())

    def _get(self, name: str, default: Any = None) -> Any:
        return getattr(self, name, default)

    def _getvalues(self) -> list:
        return [getattr(self, name) for name in self._defaults]

    def _getkwargs(self, skip_: bool = False) -> OrderedDict[str, Any]:
        return OrderedDict(
            (name, getattr(self, name))
            for name in self._defaults
            if not skip_ or not name.startswith("_")
        )

    def isdefault(self, pname: str) -> bool:
        return getattr(self, pname) == self._defaults[pname]

    def notdefault(self, pname: str) -> bool:
        return getattr(self, pname) != self._defaults[pname]


def _import_for(cls: Any) -> None:
    """Import what a class lists in `packages` and `frompackages` as globals of its module."""
    module = sys.modules[cls.__module__]
    for package in cls.packages:
        name, alias = (package, package) if isinstance(package, str) else package
        found = __import__(name)
        if name == alias:
            alias = found.__name__
        else:
            for level in name.split(".")[1:]:
                found = getattr(found, level)
        setattr(module, alias, found)
    for package, names in cls.frompackages:
        for entry in (names,) if isinstance(names, str) else names:
            name, alias = (entry, entry) if isinstance(entry, str) else entry
            found = getattr(__import__(package, fromlist=[name]), name)
            setattr(module, alias, found)
            for base in cls.__bases__:
                # The methods of a base class use it too.
                if base.__module__ != "builtins" and not base.__module__.startswith(__package__):
                    setattr(sys.modules[base.__module__], alias, found)


class MetaParams(type):
    """Collects `params` of a class, and takes them out of the keywords of each call."""

    params: Any
    packages: tuple
    frompackages: tuple

    def __new__(mcs, name, bases, namespace, **kwargs):
        own = {place: tuple(namespace.pop(place, ())) for place in ("packages", "frompackages")}
        new = namespace.pop("params", ())
        cls = super().__new__(mcs, name, bases, namespace, **kwargs)
        base = getattr(cls, "params", Params)
        others = [other.params for other in bases[1:] if hasattr(other, "params")]
        cls.params = params = base._derive(name, new, others)
        # Where pickle finds the class.
        params.__module__, params.__qualname__ = cls.__module__, f"{cls.__qualname__}.params"
        for place, listed in own.items():
            known = tuple(getattr(cls, place, ()))
            for other in bases[1:]:
                known += tuple(getattr(other, place, ()))
            setattr(cls, place, known + listed)
        return cls

    def __call__(cls: Any, *args: Any, **kwargs: Any) -> Any:
        if cls.packages or cls.frompackages:
            _import_for(cls)
        params = cls.params()
        for name, default in cls.params._defaults.items():
            setattr(params, name, kwargs.pop(name, default))
        try:
            obj = cls.__new__(cls, *args, **kwargs)
            obj.params = obj.p = params
            args, kwargs = cls._before_init(obj, args, kwargs)
            obj.__init__(*args, **kwargs)
        except TypeError as error:
            if args or kwargs:
                from .explaining import explain_call

                explain_call(error, cls, kwargs)
            raise
        cls._after_init(obj)
        return obj

    __repr__ = shown_class

    def _before_init(
        cls, obj: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """What is set up between the parameters and `__init__`; returns what `__init__` gets."""
        return args, kwargs

    def _after_init(cls, obj: Any) -> None:
        """What is set up after `__init__`."""


class ParamsBase(metaclass=MetaParams):
    """An object with parameters and nothing else."""

    params: Any
    p: Any

    __repr__ = shown


# Messages show the names of these classes: they are called as in the original.
Params.__name__ = ParamsBase.params.__name__ = "AutoInfoClass"

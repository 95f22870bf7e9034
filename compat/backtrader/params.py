"""Parameters: `params` of a class, inherited, and given per object by keyword."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, ClassVar

from ..unsupported import UnsupportedFeature


class Params:
    """The parameters of a class; an object's own values stand in an instance.

    The class holds the defaults as attributes, so `cls.params.period` reads as `self.p.period`.
    """

    _defaults: ClassVar[OrderedDict[str, Any]] = OrderedDict()

    @classmethod
    def _derive(cls, name: str, new: Any, others: list[type[Params]]) -> type[Params]:
        pairs = OrderedDict(cls._defaults)
        for other in others:
            # A class that is joined to others may be a plain one, with pairs.
            pairs.update(getattr(other, "_defaults", other))
        pairs.update(new)
        return type(name, (cls,), {**pairs, "_defaults": pairs})

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


class MetaParams(type):
    """Collects `params` of a class, and takes them out of the keywords of each call."""

    params: Any

    def __new__(mcs, name, bases, namespace, **kwargs):
        for unknown in ("packages", "frompackages"):
            if unknown in namespace:
                raise UnsupportedFeature(
                    "backtrader", f"{name}.{unknown}", "Import at the top of the script."
                )
        new = namespace.pop("params", ())
        cls = super().__new__(mcs, name, bases, namespace, **kwargs)
        base = getattr(cls, "params", Params)
        others = [other.params for other in bases[1:] if hasattr(other, "params")]
        cls.params = base._derive(name, new, others)
        return cls

    def __call__(cls: Any, *args: Any, **kwargs: Any) -> Any:
        params = cls.params()
        for name, default in cls.params._defaults.items():
            setattr(params, name, kwargs.pop(name, default))
        obj = cls.__new__(cls)
        obj.params = obj.p = params
        args, kwargs = cls._before_init(obj, args, kwargs)
        obj.__init__(*args, **kwargs)
        cls._after_init(obj)
        return obj

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

"""Properties and methods that keep results, belong to class and instance, or carry flags."""

from __future__ import annotations

import functools
import inspect
from typing import Any, NamedTuple

import numpy as np

from . import checks
from .config import Config


class class_or_instancemethod(classmethod):
    """A method that gets the instance, or the class where there is none."""

    def __init__(self, func: Any) -> None:
        super().__init__(func)

    def __get__(self, instance, owner=None):
        if instance is None:
            return super().__get__(instance, owner)
        return self.__func__.__get__(instance, owner)


class _ReadOnly:
    def __set__(self, instance, value) -> None:
        raise AttributeError("can't set attribute")


class classproperty(_ReadOnly):
    """A property of the class."""

    def __init__(self, func) -> None:
        self.func = func
        self.__doc__ = func.__doc__

    def __get__(self, instance, owner=None):
        return self.func(owner)


class class_or_instanceproperty(classproperty):
    """A property of the instance, and of the class where there is none."""

    def __get__(self, instance, owner=None):
        return self.func(owner if instance is None else instance)


class custom_property(_ReadOnly):
    """A property with flags: `@custom_property` or `@custom_property(flag=1)`."""

    def __new__(cls, *args, **flags):
        if not args:
            return lambda func: cls(func, **flags)
        if len(args) > 1:
            raise ValueError("pass the function, or flags by name")
        return super().__new__(cls)

    def __init__(self, func, **flags) -> None:
        self.func = func
        self.name = func.__name__
        self.flags = flags
        self.__doc__ = func.__doc__

    def __get__(self, instance, owner=None) -> Any:
        return self if instance is None else self.func(instance)

    def __call__(self, *args, **kwargs) -> Any:
        pass


class CacheCondition(NamedTuple):
    """Which results `settings["caching"]` means: all fields that are given must fit."""

    instance: object = None
    func: Any = None
    cls: Any = None
    base_cls: Any = None
    flags: Any = None
    rank: int | None = None


# From the narrowest condition to the widest: what a condition must name.
_RANKS = tuple(
    fields
    for owner in (("instance",), ("cls",), ("base_cls",), ())
    for fields in (
        ((*owner, "func"), (*owner, "flags"), owner)
        if owner
        else (("func", "flags"), ("func",), ("flags",))
    )
)
_NEVER = 100


def _rank(cond: CacheCondition, name: str, instance, func, flags: dict) -> int:
    """How narrowly a condition fits; `_NEVER` if it does not."""
    checks.assert_instance_of(cond, CacheCondition)
    if cond.instance is not None and instance is not cond.instance:
        return _NEVER
    if cond.func is not None:
        if isinstance(cond.func, cached_property):
            fits = func == cond.func.func
        elif isinstance(cond.func, str):
            fits = name == cond.func
        elif callable(cond.func) and hasattr(func, "func") and hasattr(cond.func, "func"):
            fits = func.func == cond.func.func
        else:
            raise TypeError(f"{cond}: func must be a cached method, a cached property or a name")
        if not fits:
            return _NEVER
    for kind, field in ((cond.cls, "cls"), (cond.base_cls, "base_cls")):
        if kind is None:
            continue
        if not (inspect.isclass(kind) or isinstance(kind, str)):
            raise TypeError(f"{cond}: {field} must be a class or the name of one")
        if field == "base_cls":
            fits = checks.is_instance_of(instance, kind)
        else:
            own = type(instance)
            fits = own.__name__ == kind if isinstance(kind, str) else own is kind
        if not fits:
            return _NEVER
    if cond.flags is not None:
        if not isinstance(cond.flags, dict):
            raise TypeError(f"{cond}: flags must be a dict")
        if any(k not in flags or flags[k] != v for k, v in cond.flags.items()):
            return _NEVER
    if cond.rank is not None and not isinstance(cond.rank, int):
        raise TypeError(f"{cond}: rank must be an integer")
    for rank, fields in enumerate(_RANKS):
        if all(getattr(cond, field) is not None for field in fields):
            return rank if cond.rank is None else cond.rank
    return _NEVER


def should_cache(func_name: str, instance, func=None, **flags) -> bool:
    """Whether a result is kept: the narrowest condition of the white and the black list in
    `settings["caching"]` decides, and `enabled` where both have none or the same.
    """
    from .._settings import settings

    caching = settings["caching"]
    whitelist, blacklist = caching["whitelist"], caching["blacklist"]
    if caching["enabled"] and not blacklist:
        return True
    best = [
        min((_rank(cond, func_name, instance, func, flags) for cond in conditions), default=_NEVER)
        for conditions in (whitelist, blacklist)
    ]
    white, black = (min(rank, _NEVER) for rank in best)
    return caching["enabled"] if white == black else white < black


_NOTHING = object()


class cached_property(custom_property):
    """A property whose result the instance keeps, where `should_cache` agrees."""

    def __set_name__(self, owner, name: str) -> None:
        self.name = name

    @property
    def attrname(self) -> str:
        return "__cached_" + self.name

    def clear_cache(self, instance) -> None:
        """Forget the result of `instance`."""
        instance.__dict__.pop(self.attrname, None)

    def __get__(self, instance, owner=None) -> Any:
        if instance is None:
            return self
        if not should_cache(self.name, instance, func=self.func, **self.flags):
            return self.func(instance)
        kept = instance.__dict__
        value = kept.get(self.attrname, _NOTHING)
        if value is _NOTHING:
            value = kept[self.attrname] = self.func(instance)
        return value


def custom_method(*args, **flags) -> Any:
    """A method with flags: `@custom_method` or `@custom_method(flag=1)`."""

    def decorator(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            return func(*args, **kwargs)

        vars(wrapper).update(func=func, flags=flags)
        return wrapper

    return _decorated(decorator, args)


def cached_method(*args, maxsize: int = 128, typed: bool = False, **flags) -> Any:
    """A method whose results the instance keeps by arguments (the last `maxsize`), where these
    can be hashed and `should_cache` agrees.
    """

    def decorator(func):
        name = func.__name__
        attrname = "__cached_" + name

        @functools.wraps(func)
        def wrapper(instance, *args, **kwargs):
            bound = getattr(instance, name, None)
            if not should_cache(name, instance, func=bound, **flags):
                return func(instance, *args, **kwargs)
            key = args, tuple(kwargs.items())
            if typed:
                key = (*key, tuple(map(type, args)), tuple(map(type, kwargs.values())))
            kept = instance.__dict__.setdefault(attrname, {})
            try:
                value = kept.get(key, _NOTHING)
            except TypeError:  # an argument without a hash
                return func(instance, *args, **kwargs)
            if value is _NOTHING:
                value = func(instance, *args, **kwargs)
                while maxsize is not None and len(kept) >= max(maxsize, 1):
                    kept.pop(next(iter(kept)))
                kept[key] = value
            return value

        def clear_cache(instance) -> None:
            instance.__dict__.pop(attrname, None)

        vars(wrapper).update(
            func=func,
            flags=flags,
            maxsize=maxsize,
            typed=typed,
            name=name,
            attrname=attrname,
            clear_cache=clear_cache,
        )
        return wrapper

    return _decorated(decorator, args)


def _decorated(decorator, args: tuple) -> Any:
    if not args:
        return decorator
    if len(args) > 1:
        raise ValueError("pass the function, or flags by name")
    return decorator(*args)


# Operators


def _swapped(func):
    return lambda x, y: func(y, x)


_BINARY = {
    "eq": np.equal, "ne": np.not_equal, "lt": np.less, "gt": np.greater, "le": np.less_equal,
    "ge": np.greater_equal,
}  # fmt: skip
_ARITHMETIC = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "pow": np.power, "mod": np.mod,
    "floordiv": np.floor_divide, "truediv": np.true_divide,
}  # fmt: skip
_MASKS = {"and": np.bitwise_and, "or": np.bitwise_or, "xor": np.bitwise_xor}

binary_magic_config = Config(
    {
        **{f"__{name}__": {"func": func} for name, func in _BINARY.items()},
        **{
            f"__{side}{name}__": {"func": _swapped(func) if side else func}
            for group in (_ARITHMETIC, _MASKS)
            for side in ("", "r")
            for name, func in group.items()
        },
    },
    readonly=True,
    as_attrs=False,
)

unary_magic_config = Config(
    {
        "__neg__": {"func": np.negative},
        "__pos__": {"func": np.positive},
        "__abs__": {"func": np.absolute},
        "__invert__": {"func": np.invert},
    },
    readonly=True,
    as_attrs=False,
)


def attach_binary_magic_methods(translate_func, config: Config | None = None):
    """Give a class the operators of two arrays: `translate_func(self, other, np_func)`."""
    return _attach(config or binary_magic_config, lambda func: (
        lambda self, other: translate_func(self, other, func)
    ))  # fmt: skip


def attach_unary_magic_methods(translate_func, config: Config | None = None):
    """Give a class the operators of one array: `translate_func(self, np_func)`."""
    return _attach(config or unary_magic_config, lambda func: (
        lambda self: translate_func(self, func)
    ))  # fmt: skip


def _attach(config: Config, make):
    def decorator(cls):
        for name, operation in config.items():
            method = make(operation["func"])
            method.__name__ = name
            method.__qualname__ = f"{cls.__name__}.{name}"
            setattr(cls, name, method)
        return cls

    return decorator

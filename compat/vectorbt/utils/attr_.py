"""Attributes by path, and objects that resolve their own attributes for statistics and plots."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

from . import checks
from .config import get_func_arg_names, merge_dicts


def get_dict_attr(obj, attr: str):
    """What stands under `attr` in the object or its classes, descriptors not called."""
    classes = (obj if inspect.isclass(obj) else type(obj)).mro()
    for place in (obj, *classes):
        if attr in vars(place):
            return vars(place)[attr]
    raise AttributeError(attr)


def default_getattr_func(obj, attr: str, args=None, kwargs=None, call_attr: bool = True):
    """The attribute, called if it can be called."""
    out = getattr(obj, attr)
    if callable(out) and call_attr:
        return out(*(args or ()), **(kwargs or {}))
    return out


def deep_getattr(obj, attr_chain, getattr_func=default_getattr_func, call_last_attr: bool = True):
    """Follow a path of attributes: "a.b.c", or a sequence of steps.

    A step is a name, `(name,)`, `(name, args)`, `(name, args, kwargs)`, or a path of its own.
    What can be called is called, the last one where `call_last_attr` says so.
    """
    checks.assert_instance_of(attr_chain, (str, tuple, Iterable))
    if isinstance(attr_chain, str):
        if "." not in attr_chain:
            return getattr_func(obj, attr_chain, call_attr=call_last_attr)
        attr_chain = attr_chain.split(".")
    elif _is_call(attr_chain):
        names = ("args", "kwargs")
        given = dict(zip(names, attr_chain[1:], strict=False))
        return getattr_func(obj, attr_chain[0], **given)
    steps = list(attr_chain)
    for n, step in enumerate(steps):
        last = n == len(steps) - 1
        obj = deep_getattr(
            obj, step, getattr_func=getattr_func, call_last_attr=call_last_attr if last else True
        )
    return obj


def _is_call(chain) -> bool:
    """Whether a step of a path is a name with arguments (and not a path of names)."""
    kinds = (str, tuple, dict)
    return (
        isinstance(chain, tuple)
        and 1 <= len(chain) <= 3
        and all(isinstance(x, kind) for x, kind in zip(chain, kinds, strict=False))
    )


class AttrResolver:
    """An object whose statistics name its attributes; see `resolve_attr`."""

    @property
    def self_aliases(self) -> set[str]:
        """Names of arguments that stand for this object."""
        return {"self"}

    def resolve_self(
        self,
        cond_kwargs: dict | None = None,
        custom_arg_names: set[str] | None = None,
        impacts_caching: bool = True,
        silence_warnings: bool | None = False,
    ):
        """This object, or another one as `cond_kwargs` demand (which may be changed)."""
        return self

    def pre_resolve_attr(self, attr: str, final_kwargs: dict | None = None) -> str:
        """The attribute to take instead of `attr`."""
        return attr

    def post_resolve_attr(self, attr: str, out: Any, final_kwargs: dict | None = None) -> Any:
        """What to give for what was found."""
        return out

    def resolve_attr(
        self,
        attr: str,
        args=None,
        cond_kwargs: dict | None = None,
        kwargs: dict | None = None,
        custom_arg_names=None,
        cache_dct: dict | None = None,
        use_caching: bool = True,
        passed_kwargs_out: dict | None = None,
    ):
        """An attribute, with what of the arguments it takes.

        A method gets `args`, `kwargs` and those of `cond_kwargs` that it names; `get_X` is
        preferred to a property `X`. What was found is kept in `cache_dct`, unless an argument
        named in `custom_arg_names` was passed. `passed_kwargs_out` receives what was passed.
        """
        cache_dct = {} if cache_dct is None else cache_dct
        kwargs = {} if kwargs is None else kwargs
        wanted = merge_dicts(cond_kwargs, kwargs)
        name = self.pre_resolve_attr(attr, final_kwargs=wanted)
        if any(f"get_{attr}" in vars(cls) for cls in type(self).__mro__):
            name = f"get_{attr}"
        member = getattr(type(self), name)
        passed = {}
        if is_method := inspect.ismethod(member) or inspect.isfunction(member):
            names = get_func_arg_names(getattr(self, name))
            passed = {k: v for k, v in wanted.items() if k in names or k in kwargs}
            if passed_kwargs_out is not None:
                passed_kwargs_out.update(passed)
        use_caching = use_caching and not any(k in (custom_arg_names or ()) for k in passed)
        if use_caching and attr in cache_dct:
            out = cache_dct[attr]
        else:
            out = getattr(self, name)
            if is_method:
                out = out(*(args or ()), **passed)
            if use_caching:
                cache_dct[attr] = out
        return self.post_resolve_attr(attr, out, final_kwargs=wanted)

    def deep_getattr(self, *args, **kwargs):
        """See `deep_getattr` of this module."""
        return deep_getattr(self, *args, **kwargs)

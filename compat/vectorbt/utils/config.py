"""Dictionaries that configure: merging, freezing, resetting, saving; objects that know their
arguments and can be replaced by others with some of them changed.
"""

from __future__ import annotations

import inspect
import pickle
import sys
from collections import namedtuple
from copy import copy, deepcopy
from typing import Any, ClassVar, TypeVar

from . import checks
from .docs import Documented, to_doc


class Default:
    """A value that stands for "as by default"."""

    def __init__(self, value) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"Default({self.value!r})"


def resolve_dict(dct, i: int | None = None) -> dict:
    """The dict itself, or element `i` of a sequence of dicts; None is an empty one."""
    if dct is not None and not isinstance(dct, dict):
        if i is None:
            raise ValueError("a sequence of dicts was given where one dict is expected")
        dct = dct[i]
    return dict(dct or {})


def get_func_kwargs(func) -> dict[str, Any]:
    """The parameters of `func` that have defaults, with them."""
    parameters = inspect.signature(func).parameters.items()
    return {name: p.default for name, p in parameters if p.default is not p.empty}


def get_func_arg_names(func, arg_kind=None) -> list[str]:
    """The names of the parameters of `func`, without `*args` and `**kwargs`."""
    parameters = inspect.signature(func).parameters.values()
    if arg_kind is None:
        return [p.name for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    kinds = (arg_kind,) if isinstance(arg_kind, int) else arg_kind
    return [p.name for p in parameters if p.kind in kinds]


class atomic_dict(dict):
    """A dict that merging takes as one value."""


def convert_to_dict(dct, nested: bool = True) -> dict:
    """A plain dict of the same items (an `atomic_dict` of one), and of those inside."""
    out = atomic_dict(dct) if isinstance(dct, atomic_dict) else dict(dct or {})
    if nested:
        for key, value in out.items():
            if isinstance(value, dict):
                out[key] = convert_to_dict(value, nested=True)
    return out


def set_dict_item(dct: dict, k, v, force: bool = False) -> None:
    """Set an item; `force`: of a frozen or read-only `Config` too."""
    if isinstance(dct, Config):
        dct.__setitem__(k, v, force=force)
    else:
        dct[k] = v


def copy_dict(dct, copy_mode: str = "shallow", nested: bool = True) -> Any:
    """A copy of the dict ("shallow"), of its values too ("hybrid"), or of all ("deep"), and
    of the dicts inside.
    """
    checks.assert_instance_of(copy_mode, str)
    mode = copy_mode.lower()
    if mode not in ("shallow", "hybrid", "deep"):
        raise ValueError(f"copy_mode={copy_mode!r} is unknown; choose from shallow, hybrid, deep")
    if dct is None:
        return {}
    if mode == "deep":
        return deepcopy(dct)
    if isinstance(dct, Config):
        return dct.copy(copy_mode=mode, nested=nested)
    out = copy(dct)
    for key, value in out.items():
        if nested and isinstance(value, dict):
            value = copy_dict(value, copy_mode=mode, nested=True)
        elif mode == "hybrid":
            value = copy(value)
        set_dict_item(out, key, value, force=True)
    return out


def update_dict(x, y, nested: bool = True, force: bool = False, same_keys: bool = False) -> None:
    """Put the items of `y` into `x`: dicts inside are updated in turn, unless atomic."""
    if x is None or y is None:
        return
    for one in (x, y):
        if not isinstance(one, dict):
            checks.assert_instance_of(one, dict)
    for key, value in y.items():
        if (
            nested
            and key in x
            and isinstance(x[key], dict)
            and isinstance(value, dict)
            and not isinstance(value, atomic_dict)
        ):
            update_dict(x[key], value, force=force)
        elif not same_keys or key in x:
            set_dict_item(x, key, value, force=force)


def merge_dicts(
    *dicts,
    to_dict: bool = True,
    copy_mode: str | None = "shallow",
    nested: bool = True,
    same_keys: bool = False,
) -> Any:
    """One dict of all: later ones win, dicts inside are merged too, an `atomic_dict` replaces.

    `to_dict`: a plain dict whatever came; `copy_mode`: see `copy_dict`, None changes the first;
    `same_keys`: only keys that the first has.
    """
    if to_dict:
        dicts = tuple(convert_to_dict(one, nested=nested) for one in dicts)
    if copy_mode is not None and not (to_dict and copy_mode == "shallow"):
        dicts = tuple(copy_dict(one, copy_mode=copy_mode, nested=nested) for one in dicts)
    merged = dicts[0]
    for other in dicts[1:]:
        atomic = isinstance(merged, atomic_dict) or isinstance(other, atomic_dict)
        if atomic or (type(merged) is dict and type(other) is dict and not merged):
            merged = other
        else:
            update_dict(merged, other, nested=nested, force=True, same_keys=same_keys)
    return merged


# Saving

DumpTuple = namedtuple("DumpTuple", ("cls", "dumps"))


def dump_object(obj, **kwargs) -> bytes:
    """`obj` as bytes that `pickle` reads, functions of scripts included.

    kwargs: `protocol`; others are for another pickler and change nothing.
    """
    import cloudpickle

    return cloudpickle.dumps(obj, protocol=kwargs.get("protocol", pickle.HIGHEST_PROTOCOL))


P = TypeVar("P", bound="Pickleable")


class Pickleable:
    """What can be saved to bytes and files."""

    def dumps(self, **kwargs) -> bytes:
        return dump_object(self, **kwargs)

    @classmethod
    def loads(cls: type[P], dumps: bytes, **kwargs) -> P:
        return pickle.loads(dumps)

    def save(self, fname, **kwargs) -> None:
        """Write `dumps` to a file."""
        dumps = self.dumps(**kwargs)
        with open(fname, "wb") as file:
            file.write(dumps)

    @classmethod
    def load(cls: type[P], fname, **kwargs) -> P:
        """What `save` wrote."""
        with open(fname, "rb") as file:
            return cls.loads(file.read(), **kwargs)


class PickleableDict(Pickleable, dict):
    """A dict whose values know how to save themselves."""

    def dumps(self, **kwargs) -> bytes:
        return dump_object(
            {
                k: DumpTuple(type(v), v.dumps(**kwargs)) if isinstance(v, Pickleable) else v
                for k, v in self.items()
            },
            **kwargs,
        )

    @classmethod
    def loads(cls, dumps: bytes, **kwargs):
        return cls(_loaded_items(dumps, kwargs))

    def load_update(self, fname, **kwargs) -> None:
        """Become what the file holds."""
        loaded = self.load(fname, **kwargs)
        self.clear()
        self.update(loaded)


def _loaded_items(dumps: bytes, kwargs: dict) -> dict:
    items = pickle.loads(dumps)
    return {
        k: v.cls.loads(v.dumps, **kwargs) if isinstance(v, DumpTuple) else v
        for k, v in items.items()
    }


# Configuration

_NOTHING = object()
_PARAMETERS = ("copy_kwargs", "reset_dct", "reset_dct_copy_kwargs", "frozen_keys", "readonly",
               "nested", "convert_dicts", "as_attrs")  # fmt: skip
_C = TypeVar("_C", bound="Config")


def _default_parameters() -> dict:
    """Section `config` of the settings; nothing while the settings are being made."""
    module = sys.modules.get(__name__.rpartition(".")[0].rpartition(".")[0] + "._settings")
    settings = getattr(module, "settings", None)
    return {} if settings is None else settings["config"]


class Config(PickleableDict, Documented):
    """A dict that can be frozen, reset, copied as it was set up, and saved.

    dct: its items. A `Config` hands down its parameters as well.
    copy_kwargs, reset_dct_copy_kwargs: for `copy_dict`, of `dct` and of `reset_dct`; by default
    "hybrid", or "shallow" where `readonly`.
    reset_dct: what `reset` goes back to; by default `dct`.
    frozen_keys: no keys come or go. readonly: no values change either.
    nested: copies, updates and merges go into the dicts inside.
    convert_dicts: make those a `Config` (or the class given here) of the same parameters.
    as_attrs: keys are attributes too; by default where `frozen_keys` or `readonly`.
    """

    copy_kwargs_ = property(lambda self: self.__dict__["_copy_kwargs_"])
    reset_dct_ = property(lambda self: self.__dict__["_reset_dct_"])
    reset_dct_copy_kwargs_ = property(lambda self: self.__dict__["_reset_dct_copy_kwargs_"])
    frozen_keys_ = property(lambda self: self.__dict__["_frozen_keys_"])
    readonly_ = property(lambda self: self.__dict__["_readonly_"])
    nested_ = property(lambda self: self.__dict__["_nested_"])
    convert_dicts_ = property(lambda self: self.__dict__["_convert_dicts_"])
    as_attrs_ = property(lambda self: self.__dict__["_as_attrs_"])

    def __init__(
        self,
        dct=None,
        copy_kwargs=None,
        reset_dct=None,
        reset_dct_copy_kwargs=None,
        frozen_keys: bool | None = None,
        readonly: bool | None = None,
        nested: bool | None = None,
        convert_dicts=None,
        as_attrs: bool | None = None,
    ) -> None:
        defaults = _default_parameters()
        source = dct if isinstance(dct, Config) else None

        def candidates(name: str, given) -> list:
            """From the strongest to the weakest; None is no answer."""
            inherited = None if source is None else source.__dict__[f"_{name}_"]
            return [given, inherited, defaults.get(name)]

        def chosen(name: str, given, default):
            return next((v for v in candidates(name, given) if v is not None), default)

        reset_dct = chosen("reset_dct", reset_dct, None)
        frozen_keys = chosen("frozen_keys", frozen_keys, False)
        readonly = chosen("readonly", readonly, False)
        nested = chosen("nested", nested, False)
        convert_dicts = chosen("convert_dicts", convert_dicts, False)
        as_attrs = chosen("as_attrs", as_attrs, frozen_keys or readonly)
        how = {"copy_mode": "shallow" if readonly else "hybrid", "nested": nested}
        reset_copy = merge_dicts(copy_kwargs, reset_dct_copy_kwargs)
        copy_kwargs = merge_dicts(how, *candidates("copy_kwargs", copy_kwargs)[::-1])
        reset_copy = merge_dicts(how, *candidates("reset_dct_copy_kwargs", reset_copy)[::-1])
        for value in (frozen_keys, readonly, nested, as_attrs):
            checks.assert_instance_of(value, bool)
        checks.assert_instance_of(convert_dicts, (bool, type))

        items = copy_dict(dict(dct or {}), **copy_kwargs)
        if convert_dicts:
            if not nested:
                raise ValueError("convert_dicts needs nested=True")
            kind = type(self) if convert_dicts is True else convert_dicts
            if not issubclass(kind, Config):
                raise TypeError(f"convert_dicts must be True, False or a Config, not {kind}")
            for key, value in items.items():
                if isinstance(value, dict) and not isinstance(value, Config):
                    items[key] = kind(
                        value,
                        copy_kwargs=copy_kwargs,
                        reset_dct_copy_kwargs=reset_copy,
                        frozen_keys=frozen_keys,
                        readonly=readonly,
                        nested=nested,
                        convert_dicts=convert_dicts,
                        as_attrs=as_attrs,
                    )
        reset_dct = copy_dict(dict(items if reset_dct is None else reset_dct), **reset_copy)
        dict.__init__(self, items)
        values = (copy_kwargs, reset_dct, reset_copy, frozen_keys, readonly, nested,
                  convert_dicts, as_attrs)  # fmt: skip
        for name, value in zip(_PARAMETERS, values, strict=True):
            self.__dict__[f"_{name}_"] = value
        if as_attrs:
            for key, value in self.items():
                if hasattr(type(self), key) or key in self.__dict__:
                    raise _no_attribute(key)
                self.__dict__[key] = value

    @classmethod
    def _of_arguments(cls, items: dict):
        """What `Config(items, readonly=True)` is, in a fraction of the time: objects are made by
        the thousand.
        """
        new = cls.__new__(cls)
        dict.update(new, items)
        own = new.__dict__
        own.update(
            _copy_kwargs_={"copy_mode": "shallow", "nested": False},
            _reset_dct_=dict(items),
            _reset_dct_copy_kwargs_={"copy_mode": "shallow", "nested": False},
            _frozen_keys_=False,
            _readonly_=True,
            _nested_=False,
            _convert_dicts_=False,
            _as_attrs_=True,
        )
        for key, value in items.items():
            if key in own or hasattr(cls, key):
                raise _no_attribute(key)
            own[key] = value
        return new

    def _guard(self, force: bool, key=_NOTHING) -> None:
        """Raise unless items may be removed, or (with `key`) that one may be set."""
        if force:
            return
        if self.readonly_:
            raise TypeError("this Config is read-only")
        if self.frozen_keys_ and (key is _NOTHING or key not in self):
            raise KeyError("the keys of this Config are frozen" + (
                "" if key is _NOTHING else f", and {key!r} is none of them"
            ))  # fmt: skip

    def __setattr__(self, k, v) -> None:
        if self.as_attrs_:
            self[k] = v

    def __delattr__(self, k) -> None:
        if self.as_attrs_:
            del self[k]

    def __setitem__(self, k, v, force: bool = False) -> None:
        self._guard(force, k)
        dict.__setitem__(self, k, v)
        if self.as_attrs_:
            self.__dict__[k] = v

    def __delitem__(self, k, force: bool = False) -> None:
        self._guard(force)
        dict.__delitem__(self, k)
        if self.as_attrs_:
            del self.__dict__[k]

    def pop(self, k, v=_NOTHING, force: bool = False):
        self._guard(force)
        out = dict.pop(self, k) if v is _NOTHING else dict.pop(self, k, v)
        if self.as_attrs_:
            self.__dict__.pop(k, None)
        return out

    def popitem(self, force: bool = False):
        self._guard(force)
        key, value = dict.popitem(self)
        if self.as_attrs_:
            self.__dict__.pop(key, None)
        return key, value

    def clear(self, force: bool = False) -> None:
        self._guard(force)
        if self.as_attrs_:
            for key in self:
                self.__dict__.pop(key, None)
        dict.clear(self)

    def update(self, *args, nested: bool | None = None, force: bool = False, **kwargs) -> None:
        """Take over items; `nested` (by default as this Config): update dicts inside."""
        update_dict(
            self,
            dict(*args, **kwargs),
            nested=self.nested_ if nested is None else nested,
            force=force,
        )

    def _like(self, items: dict, parameters: dict):
        new = type(self).__new__(type(self))
        for name in _PARAMETERS:
            new.__dict__[f"_{name}_"] = parameters[f"_{name}_"]
        new.update(items, nested=False, force=True)
        return new

    def __copy__(self):
        return self._like(dict(self), self.__dict__)

    def __deepcopy__(self, memo=None):
        memo = {} if memo is None else memo
        new = type(self).__new__(type(self))
        memo[id(self)] = new
        for name in _PARAMETERS:
            new.__dict__[f"_{name}_"] = deepcopy(self.__dict__[f"_{name}_"], memo)
        new.update(deepcopy(dict(self), memo), nested=False, force=True)
        return new

    def __reduce__(self):
        # Items are set before attributes otherwise, and setting asks the attributes.
        parameters = {f"_{name}_": self.__dict__[f"_{name}_"] for name in _PARAMETERS}
        return _restored, (type(self), dict(self), parameters)

    def copy(self: _C, reset_dct_copy_kwargs=None, **copy_kwargs) -> _C:
        """A copy made the way that this Config copied its items."""
        how = merge_dicts(self.copy_kwargs_, copy_kwargs)
        how_reset = merge_dicts(self.reset_dct_copy_kwargs_, copy_kwargs, reset_dct_copy_kwargs)
        new = self._like(copy_dict(dict(self), **how), self.__dict__)
        # The copy gets the original's; where items are shared, that decides what `reset` finds.
        self.__dict__["_reset_dct_"] = copy_dict(dict(self.reset_dct_), **how_reset)
        return new

    def merge_with(self, other, nested: bool | None = None, **kwargs):
        """See `merge_dicts`."""
        return merge_dicts(self, other, nested=self.nested_ if nested is None else nested, **kwargs)

    def to_dict(self, nested: bool | None = None) -> dict:
        return convert_to_dict(self, nested=bool(nested))

    def reset(self, force: bool = False, **reset_dct_copy_kwargs) -> None:
        """Go back to the items at the start, or at the last checkpoint."""
        if not force and self.readonly_:
            raise TypeError("this Config is read-only")
        how = merge_dicts(self.reset_dct_copy_kwargs_, reset_dct_copy_kwargs)
        kept = copy_dict(dict(self.reset_dct_), **how)
        self.clear(force=True)
        self.update(self.reset_dct_, nested=False, force=True)
        self.__dict__["_reset_dct_"] = kept

    def make_checkpoint(self, force: bool = False, **reset_dct_copy_kwargs) -> None:
        """Let `reset` come back to the items of now."""
        if not force and self.readonly_:
            raise TypeError("this Config is read-only")
        how = merge_dicts(self.reset_dct_copy_kwargs_, reset_dct_copy_kwargs)
        self.__dict__["_reset_dct_"] = copy_dict(dict(self), **how)

    def dumps(self, **kwargs) -> bytes:
        parameters = {name: self.__dict__[f"_{name}_"] for name in _PARAMETERS}
        parameters["reset_dct"] = PickleableDict(self.reset_dct_).dumps(**kwargs)
        return dump_object({"dct": PickleableDict(self).dumps(**kwargs), **parameters}, **kwargs)

    @classmethod
    def loads(cls, dumps: bytes, **kwargs):
        saved = pickle.loads(dumps)
        for name in ("dct", "reset_dct"):
            saved[name] = _loaded_items(saved[name], kwargs)
        return cls(**saved)

    def load_update(self, fname, **kwargs) -> None:
        """Become what the file holds, parameters included."""
        loaded = self.load(fname, **kwargs)
        self.clear(force=True)
        self.__dict__.clear()
        self.__dict__.update(loaded.__dict__)
        self.update(loaded, nested=False, force=True)

    def __eq__(self, other) -> bool:
        return checks.is_deep_equal(dict(self), dict(other))

    __hash__: ClassVar[None] = None  # pyright: ignore[reportIncompatibleMethodOverride]

    def to_doc(self, with_params: bool = False, **kwargs) -> str:
        doc = f"{type(self).__name__}({to_doc(dict(self), **kwargs)})"
        if with_params:
            parameters = {name: self.__dict__[f"_{name}_"] for name in _PARAMETERS}
            doc += f" with params {to_doc(parameters, **kwargs)}"
        return doc


def _no_attribute(key) -> ValueError:
    return ValueError(
        f"the key {key!r} cannot be an attribute: it is one already; pass as_attrs=False"
    )


def _restored(cls, items: dict, parameters: dict):
    new = cls.__new__(cls)
    new.__dict__.update(parameters)
    new.update(items, nested=False, force=True)
    return new


class AtomicConfig(Config, atomic_dict):
    """A `Config` that merging takes as one value."""


_D = TypeVar("_D", bound="Configured")


class Configured(Pickleable, Documented):
    """An object that keeps the arguments that it was made of, in `config`.

    `replace` makes another one with some of them changed; saving saves them. What else is saved
    and handed over: `writeable_attrs`.
    """

    def __init__(self, **config) -> None:
        from .._settings import settings

        how = settings["configured"]["config"]
        if settings["config"] or dict.__ne__(how, {"readonly": True}):
            self._config = Config(config, **how)
        else:
            self._config = Config._of_arguments(config)

    @property
    def config(self) -> Config:
        """The arguments that this object was made of."""
        return self._config

    @property
    def writeable_attrs(self) -> set[str]:
        """Names of attributes that copies and files get in addition to the arguments."""
        return set()

    def replace(
        self: _D,
        copy_mode_: str | None = "shallow",
        nested_: bool | None = None,
        cls_: type | None = None,
        **new_config,
    ) -> _D:
        """A new object of the same arguments, except for those given here.

        copy_mode_: see `copy_dict`; nested_: merge dicts inside; cls_: of another class.
        """
        arguments = self.config.merge_with(new_config, copy_mode=copy_mode_, nested=nested_)
        new = (cls_ or type(self))(**arguments)
        for name in self.writeable_attrs:
            value = getattr(self, name)
            if isinstance(value, Config):
                how = {} if copy_mode_ is None else {"copy_mode": copy_mode_}
                value = value.copy(nested=nested_, **how)
            elif copy_mode_ == "hybrid":
                value = copy(value)
            elif copy_mode_ == "deep":
                value = deepcopy(value)
            setattr(new, name, value)
        return new

    def copy(
        self: _D,
        copy_mode: str | None = "shallow",
        nested: bool | None = None,
        cls: type | None = None,
    ) -> _D:
        """A new object of the same arguments; see `replace`."""
        return self.replace(copy_mode_=copy_mode, nested_=nested, cls_=cls)

    def dumps(self, **kwargs) -> bytes:
        attributes = PickleableDict({name: getattr(self, name) for name in self.writeable_attrs})
        parts = self.config.dumps(**kwargs), attributes.dumps(**kwargs)
        return dump_object(parts, **kwargs)

    @classmethod
    def loads(cls: type[_D], dumps: bytes, **kwargs) -> _D:
        config, attributes = pickle.loads(dumps)
        new = cls(**Config.loads(config, **kwargs))
        for name, value in _loaded_items(attributes, kwargs).items():
            setattr(new, name, value)
        return new

    def __eq__(self, other) -> bool:
        if type(self) is not type(other) or self.writeable_attrs != other.writeable_attrs:
            return False
        return self.config == other.config and all(
            checks.is_deep_equal(getattr(self, name), getattr(other, name))
            for name in self.writeable_attrs
        )

    __hash__: ClassVar[None] = None  # pyright: ignore[reportIncompatibleMethodOverride]

    def update_config(self, *args, **kwargs) -> None:
        """Change the arguments that are kept, though they are read-only."""
        self.config.update(*args, **kwargs, force=True)

    def to_doc(self, **kwargs) -> str:
        return f"{type(self).__name__}(**{self.config.to_doc(**kwargs)})"

"""Class decorators that give a subclass of `Records` its fields."""

from __future__ import annotations

import keyword
import re
from functools import cached_property, partial

from ..utils import checks
from ..utils.config import Config, merge_dicts
from ..utils.mapping import to_mapping


def _decorate(change, arguments):
    """Both forms of a decorator: `@d`, `@d(config)`, `d(cls)` and `d(cls, config)`."""
    if len(arguments) == 0:
        return change
    if len(arguments) == 1:
        if isinstance(arguments[0], type):
            return change(arguments[0])
        return partial(change, config=arguments[0])
    if len(arguments) == 2:
        return change(arguments[0], config=arguments[1])
    raise ValueError("pass a class, a config, or a class and a config")


def override_field_config(*args, merge_configs=True):
    """Set the `field_config` of a class; merged with those of its bases by default."""

    def change(cls, config=None):
        checks.assert_subclass_of(cls, "Records")
        config = cls.field_config if config is None else config
        if not isinstance(config, Config):
            config = Config(config, readonly=True, as_attrs=False)
        if merge_configs:
            bases = [
                base.field_config
                for base in reversed(cls.mro()[1:])
                if checks.is_subclass_of(base, "Records")
            ]
            config = merge_dicts(*bases, config, to_dict=False)
        cls._field_config = config
        return cls

    return _decorate(change, args)


def _attribute_name(name: str) -> str:
    """The name of a field or a status as that of an attribute: lower case, with underscores."""
    checks.assert_instance_of(name, str)
    name = name.replace("NaN", "Nan")
    out = re.sub("([A-Z])", r"_\1", name)
    if out.startswith("_") and not name.startswith("_"):
        out = out[1:]
    out = out.lower()
    return out + "_" if keyword.iskeyword(out) else out


def _check_name(cls, name: str, on_conflict: str) -> None:
    if name in cls.field_config.get("settings", {}) or not hasattr(cls, name):
        return
    if on_conflict.lower() == "raise":
        raise ValueError(
            f"{cls.__name__} has an attribute {name!r} already; choose another name with attach "
            "or say on_conflict='override'"
        )
    if on_conflict.lower() not in ("ignore", "override"):
        raise ValueError(
            f"on_conflict={on_conflict!r} is unknown; choose from raise, ignore, override"
        )


def _set_property(cls, name: str, function, doc: str) -> None:
    function.__name__ = name
    function.__doc__ = doc
    attribute = cached_property(function)
    setattr(cls, name, attribute)
    attribute.__set_name__(cls, name)


def _attach_field(cls, field: str, name: str, defaults: dict) -> None:
    def mapped(self):
        return self.get_map_field(field, **defaults)

    _set_property(cls, name, mapped, f"The field `{field}` as a mapped array.")


def _attach_filter(cls, field: str, value, name: str, defaults: dict) -> None:
    def chosen(self):
        return self.apply_mask(self.get_field_arr(field) == value, **defaults)

    _set_property(cls, name, chosen, f"The records with `{field} == {value}`.")


def attach_fields(*args, on_conflict="raise"):
    """Give a class an attribute for each field of its dtype, and for the words that it maps to.

    The config has, by field, `attach` (False, or another name), `defaults` (arguments of
    `get_map_field`), `attach_filters` (True, or a mapping), `filter_defaults` and `on_conflict`
    ("raise", "ignore" or "override").
    """

    def change(cls, config=None):
        checks.assert_subclass_of(cls, "Records")
        dtype = cls.field_config.get("dtype", None)
        checks.assert_not_none(dtype.fields)
        for field in dtype.names:
            settings = (config or {}).get(field, {})
            conflict = settings.get("on_conflict", on_conflict)
            attach = settings.get("attach", True)
            if attach or not isinstance(attach, bool):
                name = _attribute_name(field if isinstance(attach, bool) else attach)
                _check_name(cls, name, conflict)
                _attach_field(cls, field, name, settings.get("defaults") or {})
            filters = settings.get("attach_filters", False)
            if filters is False:
                continue
            mapping = filters
            if filters is True:
                mapping = cls.field_config.get("settings", {}).get(field, {}).get("mapping", None)
            if mapping is None:
                raise ValueError(f"the field {field!r} has no mapping to make filters of")
            defaults = settings.get("filter_defaults") or {}
            for value, word in to_mapping(mapping).items():
                if word is None:
                    continue
                name = _attribute_name(word)
                _check_name(cls, name, conflict)
                _attach_filter(cls, field, value, name, defaults.get(name, defaults))
        return cls

    return _decorate(change, args)

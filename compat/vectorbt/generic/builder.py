"""What tables of statistics and pages of plots have in common: parts by name, with settings.

A part (a metric, a subplot) is a dict of settings. It is kept by its tags and filters, its
templates are filled in, and its function, a callable or a path of attributes of the object, is
called with those settings that it takes.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..utils.config import get_func_arg_names, merge_dicts
from ..utils.tags import match_tags
from ..utils.template import deep_substitute


class PerObject:
    """A dict in a class of which each object has a copy, made when it is first looked at."""

    def __init__(self, name: str, config: dict) -> None:
        self.name = name
        self.config = config

    def __get__(self, instance, owner=None) -> Any:
        if instance is None:
            return self.config
        own = instance.__dict__
        if self.name not in own:
            own[self.name] = self.config.copy()
        return own[self.name]


class OwnConfig(type):
    """Classes with `_metrics` and `_subplots`, of which each object has its own copy."""

    def __init__(cls, name, bases, namespace, **kwargs) -> None:
        super().__init__(name, bases, namespace, **kwargs)
        for key in ("_metrics", "_subplots"):
            if key in namespace:
                setattr(cls, key, namespace[key])

    def __setattr__(cls, key: str, value) -> None:
        if key in ("_metrics", "_subplots") and isinstance(value, dict):
            value = PerObject(key, value)
        super().__setattr__(key, value)


@dataclass
class Part:
    """A metric or subplot that is going to be made.

    settings: all that apply, templates filled in. optional: names that a function gets only if
    it has them as parameters. custom: names that are set for this part alone. obj: what the
    part is about. mapping: for templates.
    """

    name: str
    settings: dict
    optional: set[str]
    custom: set[str]
    obj: Any
    mapping: dict


@dataclass
class Request:
    """What was asked for. kind: "metric" or "subplot"; given: settings by name of part."""

    kind: str
    obj: Any
    wanted: Any
    tags: Any
    known: Callable[[], dict]
    given: dict
    template_mapping: dict
    filters: dict
    late_templates: bool = False

    def parts(self, optional: Callable[[str], dict]) -> list[Part]:
        """The parts that pass tags and filters; `optional`: common settings of one of a name."""
        listed = self._listed()
        unknown = set(self.given) - set(listed)
        if unknown:
            raise ValueError(
                f"{self.kind}_settings name {sorted(map(str, unknown))}, which are none of the "
                f"{self.kind}s: {', '.join(map(str, listed))}"
            )
        found = (self._resolved(name, own, optional(name)) for name, own in listed.items())
        tagged = [part for part in found if part is not None]
        return [part for part in tagged if self._passes(part)]

    def _listed(self) -> dict[str, dict]:
        """The parts' own settings by name; of several with one name each gets a number."""
        wanted = self.wanted
        if isinstance(wanted, str) and wanted == "all":
            wanted = self.known()
        if isinstance(wanted, dict):
            wanted = list(wanted.items())
        if isinstance(wanted, (str, tuple)):
            wanted = [wanted]
        pairs = []
        for n, one in enumerate(wanted):
            one = (one, self.known()[one]) if isinstance(one, str) else one
            if not isinstance(one, tuple):
                raise TypeError(
                    f"the {self.kind} at position {n} is neither a name nor a pair of a name "
                    f"and settings: {one!r}"
                )
            pairs.append(one)
        counts, seen = Counter(name for name, _ in pairs), Counter()
        out = {}
        for name, own in pairs:
            if counts[name] > 1:
                seen[name] += 1
                name = f"{name}_{seen[name] - 1}"
            out[name] = own
        return out

    def _resolved(self, name: str, own: dict, optional: dict) -> Part | None:
        own, given = own.copy(), self.given.get(name, {})
        settings = merge_dicts(optional, own, given)
        mapping = merge_dicts(self.template_mapping, settings.pop("template_mapping", {}))
        mapping = merge_dicts(deep_substitute(mapping, mapping=settings), settings)
        settings = deep_substitute(settings, mapping=mapping, safe=self.late_templates)
        if self.tags is not None:
            tags = settings.get("tags")
            if tags is None or not match_tags(self.tags, tags):
                return None
        custom = {*own, *given}
        obj = self.obj.resolve_self(
            cond_kwargs=settings,
            custom_arg_names=custom,
            impacts_caching=True,
            silence_warnings=settings["silence_warnings"],
        )
        return Part(name, settings, set(optional), custom, obj, mapping)

    def _passes(self, part: Part) -> bool:
        settings = part.settings
        names = {
            key.removeprefix("inv_").removeprefix("check_"): None
            for key in settings
            if key.startswith(("check_", "inv_check_"))
        }
        for name in names:
            if name not in self.filters:
                raise ValueError(f"{self.kind} {part.name!r} asks for the filter {name!r}, "
                                 f"which is none of {', '.join(self.filters)}")  # fmt: skip
        for name in names:
            wanted = settings.get(f"check_{name}", False)
            unwanted = settings.get(f"inv_check_{name}", False)
            if not wanted and not unwanted:
                continue
            rule = deep_substitute(self.filters[name], mapping=part.mapping)
            fits = rule["filter_func"](part.obj, settings)
            if (wanted and not fits) or (unwanted and fits):
                silent = settings.get("silence_warnings")
                for applies, key in (
                    (wanted, "warning_message"),
                    (unwanted, "inv_warning_message"),
                ):
                    if applies and rule.get(key) is not None and not silent:
                        warnings.warn(rule[key], stacklevel=5)
                return False
        return True


def without_marks(settings: dict) -> dict:
    """Settings without tags and filters."""
    return {
        k: v
        for k, v in settings.items()
        if k != "tags" and not k.startswith(("check_", "inv_check_"))
    }


def found_by_path(part: Part, path, settings: dict, cache: dict, use_caching: bool):
    """What a path of attributes leads to, the last one not called.

    The first attribute is resolved by the object itself, with the optional settings, and kept
    in `cache`. `settings` loses `group_by` where that got it.
    """
    obj, passed = part.obj, {}

    def attribute(of, name: str, args=None, kwargs=None, call_attr: bool = True):
        if name in settings:
            return settings[name]
        if of is obj and settings.pop(f"resolve_path_{name}", True) and call_attr:
            return obj.resolve_attr(
                name,
                args=args or (),
                cond_kwargs={k: v for k, v in settings.items() if k in part.optional},
                kwargs=kwargs or {},
                custom_arg_names=part.custom,
                cache_dct=cache,
                use_caching=use_caching,
                passed_kwargs_out=passed,
            )
        out = getattr(of, name)
        # The last attribute of the object itself is called with all settings, by the caller.
        if callable(out) and call_attr:
            return out(*(args or ()), **(kwargs or {}))
        return out

    found = obj.deep_getattr(path, getattr_func=attribute, call_last_attr=False)
    if "group_by" in passed and "pass_group_by" not in settings:
        settings.pop("group_by", None)
    return found


def arguments_of(part: Part, function, settings: dict, cache: dict, use_caching: bool) -> dict:
    """The settings that `function` is called with."""
    names = get_func_arg_names(function)
    settings = dict(settings)
    for name in names:
        if name not in settings and settings.pop(f"resolve_{name}", False):
            try:
                settings[name] = part.obj.resolve_attr(
                    name,
                    cond_kwargs=settings,
                    custom_arg_names=part.custom,
                    cache_dct=cache,
                    use_caching=use_caching,
                )
            except AttributeError:
                continue
    return {
        k: v
        for k, v in settings.items()
        if not k.startswith(("pass_", "resolve_"))
        and (k not in part.optional or settings.get(f"pass_{k}", k in names))
    }

"""Templates: places in arguments that are filled in later, from a mapping of names."""

from __future__ import annotations

from copy import copy
from string import Template
from typing import Any

from . import checks
from .config import get_func_arg_names, merge_dicts, set_dict_item
from .docs import SafeToStr, prepare_for_doc


class _Template(SafeToStr):
    """What is filled in by `_fill`; names of its own mapping count less than those passed."""

    _what = "template"

    def __init__(self, given, mapping=None) -> None:
        self._given = given
        self._mapping = mapping

    @property
    def mapping(self):
        return {} if self._mapping is None else self._mapping

    def _fill(self, mapping=None):
        raise NotImplementedError

    def _shown(self) -> str:
        return f'{self._what}="{self._given}"'

    def __str__(self) -> str:
        return f"{type(self).__name__}({self._shown()}, mapping={prepare_for_doc(self.mapping)})"


class Sub(_Template):
    """A text with `$names`."""

    def __init__(self, template, mapping=None) -> None:
        super().__init__(template, mapping)

    @property
    def template(self) -> Template:
        return self._given if isinstance(self._given, Template) else Template(self._given)

    def substitute(self, mapping=None) -> str:
        """The text with the names' values in it."""
        return self.template.substitute(merge_dicts(self.mapping, mapping))

    _fill = substitute

    def _shown(self) -> str:
        return f'template="{self.template.template}"'


class Rep(_Template):
    """A name: its value, as it is."""

    def __init__(self, key, mapping=None) -> None:
        super().__init__(key, mapping)

    @property
    def key(self):
        return self._given

    def replace(self, mapping=None):
        """The value of the name."""
        return merge_dicts(self.mapping, mapping)[self.key]

    _fill = replace

    def _shown(self) -> str:
        return f"key='{self.key}'"


class RepEval(_Template):
    """An expression over the names."""

    _what = "expression"

    def __init__(self, expression: str, mapping=None) -> None:
        super().__init__(expression, mapping)

    @property
    def expression(self) -> str:
        return self._given

    def eval(self, mapping=None):
        """The value of the expression."""
        return eval(self.expression, {}, merge_dicts(self.mapping, mapping))

    _fill = eval


class RepFunc(_Template):
    """A function of those names that its parameters have."""

    def __init__(self, func, mapping=None) -> None:
        super().__init__(func, mapping)

    @property
    def func(self):
        return self._given

    def call(self, mapping=None):
        """What the function returns."""
        mapping = merge_dicts(self.mapping, mapping)
        names = get_func_arg_names(self.func)
        return self.func(**{k: v for k, v in mapping.items() if k in names})

    _fill = call

    def _shown(self) -> str:
        return f"func={self.func}"


def has_templates(obj) -> bool:
    """Whether there is a template in `obj`: itself, a value, or an element."""
    if isinstance(obj, (_Template, Template)):
        return True
    if isinstance(obj, dict):
        return any(has_templates(value) for value in obj.values())
    if isinstance(obj, (tuple, list, set, frozenset)):
        return any(has_templates(value) for value in obj)
    return False


def deep_substitute(obj, mapping=None, safe: bool = False, make_copy: bool = True) -> Any:
    """`obj` with all templates in it filled in from `mapping`; keys of dicts are left alone.

    safe: a template that cannot be filled in stays. make_copy: lists and dicts that hold
    templates are copied, not changed.
    """
    if not has_templates(obj):
        return obj
    mapping = {} if mapping is None else mapping
    try:
        return _substituted(obj, mapping, safe, make_copy)
    except Exception:
        if not safe:
            raise
    return obj


def _substituted(obj, mapping, safe: bool, make_copy: bool):
    if isinstance(obj, _Template):
        return obj._fill(mapping)
    if isinstance(obj, Template):
        return obj.substitute(mapping)
    if isinstance(obj, dict):
        obj = copy(obj) if make_copy else obj
        for key, value in obj.items():
            set_dict_item(obj, key, deep_substitute(value, mapping, safe=safe), force=True)
        return obj
    if isinstance(obj, list):
        obj = copy(obj) if make_copy else obj
        obj[:] = [deep_substitute(value, mapping, safe=safe) for value in obj]
        return obj
    values = [deep_substitute(value, mapping, safe=safe) for value in obj]
    return type(obj)(*values) if checks.is_namedtuple(obj) else type(obj)(values)

"""Where a script said something: file and line, for messages."""

from __future__ import annotations

import sys
from typing import Any
from weakref import WeakKeyDictionary

_PACKAGE = __name__.rpartition(".")[0]

#: Where a script asked for objects that are made later: by class, then by the keywords' names.
_asked: WeakKeyDictionary[Any, dict[frozenset[str], str]] = WeakKeyDictionary()


def caller() -> str:
    """The file and the line that called into this package."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(_PACKAGE):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def ask(cls: Any, kwargs: dict[str, Any]) -> None:
    """Note where a script asks for an object of `cls` with these keywords, made in the run."""
    if kwargs and isinstance(cls, type):
        _asked.setdefault(cls, {})[frozenset(kwargs)] = caller()


def asked(cls: Any, keyword: str) -> str:
    """Where a script asked for an object of `cls` with this keyword; empty where it did not."""
    found = _asked.get(cls, {})
    return next((place for names, place in found.items() if keyword in names), "")

"""Objects that stand for "nothing was given" where None is a possible value."""

from __future__ import annotations

from typing import Any

_known: dict[str, Sentinel] = {}


class Sentinel:
    """Compares by identity; copies and pickles to itself."""

    def __init__(self, name: str, doc: str | None) -> None:
        self.__name__ = name
        self.__doc__ = doc

    def __repr__(self) -> str:
        return f"sentinel({self.__name__!r})"

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        return (sentinel, (self.__name__, self.__doc__))


def sentinel(name: str, doc: str | None = None) -> Any:
    """The one sentinel of a name.

    Raises ValueError when the name is taken with another text.
    """
    one = _known.setdefault(name, Sentinel(name, doc))
    if one.__doc__ != doc:
        raise ValueError(f"The sentinel {name!r} exists with another text: {one.__doc__!r}.")
    return one


def is_sentinel(value) -> bool:
    """Whether an object is a sentinel."""
    return isinstance(value, Sentinel)

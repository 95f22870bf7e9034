"""Dictionaries that make their own branches: the results of analyzers and `Order.info`."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any


class AutoDictList(dict):
    """A missing key becomes an empty list."""

    def __missing__(self, key):
        value = self[key] = []
        return value


class DotDict(dict):
    """A dictionary whose keys are attributes too."""

    def __getattr__(self, key: str) -> Any:
        if key.startswith("__"):
            raise AttributeError(key)
        return self[key]


class AutoDict(dict):
    """A missing key becomes another `AutoDict`, until it is closed; keys are attributes."""

    _closed = False

    def _close(self) -> None:
        self.__dict__["_closed"] = True
        for value in self.values():
            if isinstance(value, AutoDict | AutoOrderedDict):
                value._close()

    def _open(self) -> None:
        self.__dict__["_closed"] = False

    def __missing__(self, key):
        if self._closed:
            raise KeyError
        value = self[key] = AutoDict()
        return value

    def __getattr__(self, key: str) -> Any:
        if key.startswith("__"):
            raise AttributeError(key)
        return self[key]

    def __setattr__(self, key: str, value: Any) -> None:
        self[key] = value


class AutoOrderedDict(OrderedDict):
    """`AutoDict` that keeps order and counts: an empty branch takes `+= 1` as a zero would."""

    _closed = False

    def _close(self) -> None:
        self._closed = True
        for value in self.values():
            if isinstance(value, AutoDict | AutoOrderedDict):
                value._close()

    def _open(self) -> None:
        self._closed = False

    def __missing__(self, key):
        if self._closed:
            raise KeyError
        value = self[key] = AutoOrderedDict()
        return value

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        return self[key]

    def __setattr__(self, key: str, value: Any) -> None:
        if key.startswith("_"):
            self.__dict__[key] = value
        else:
            self[key] = value

    def __iadd__(self, other):
        return type(other)() + other

    def __isub__(self, other):
        return type(other)() - other

    def __imul__(self, other):
        return type(other)() * other

    def lvalues(self) -> list:
        return list(self.values())

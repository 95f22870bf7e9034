"""A dictionary with a default that keeps its order."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any


class OrderedDefaultdict(OrderedDict):
    """The first argument makes what a missing key gets; None: nothing does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        factory, *rest = args or (None,)
        if not (factory is None or callable(factory)):
            raise TypeError("first argument must be callable or None")
        self.default_factory = factory
        super().__init__(*rest, **kwargs)

    def __missing__(self, key: Any) -> Any:
        if self.default_factory is None:
            raise KeyError(key)
        self[key] = value = self.default_factory()
        return value

    def __reduce__(self) -> Any:
        args = (self.default_factory,) if self.default_factory else ()
        return type(self), args, None, None, iter(self.items())

"""What commission and slippage models have in common: the assets they price, who reads them."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["AllowedAssetMarker", "FinancialModelMeta"]


class FinancialModelMeta(ABCMeta):
    """Of models: a class that names no `allowed_asset_types` takes those of its markers."""

    def __new__(mcls, name, bases, dict_):
        marked = [kind for base in bases if isinstance(base, AllowedAssetMarker)
                  for kind in base.allowed_asset_types]  # fmt: skip
        if marked:
            dict_.setdefault("allowed_asset_types", tuple(marked))
        return super().__new__(mcls, name, bases, dict_)


class AllowedAssetMarker(FinancialModelMeta):
    """Of the bases that stand for a kind of asset."""

    allowed_asset_types: tuple


#: Models whose parameters a run has read once, and what the run does when one of them changes.
_followed: list[tuple[Any, Callable[[], object]]] = []


class Followed:
    """A model that tells who has read its parameters when a script sets one of them."""

    def __setattr__(self, name: str, value) -> None:
        super().__setattr__(name, value)
        for model, changed in _followed[:]:
            if model is self:
                changed()


@contextmanager
def following(models: Iterable, changed: Callable[[], object]) -> Iterator[None]:
    """While it lasts: call `changed` after a parameter of one of the models was set."""
    entries = [(model, changed) for model in models]
    _followed.extend(entries)
    try:
        yield
    finally:
        for entry in entries:
            _followed.remove(entry)

"""Studies: what marks bars, for looking at rather than for trading."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..iterators import Indicator


def __getattr__(name: str) -> Any:
    if name == "Fractal":
        return import_module(".contrib.fractal", __name__).Fractal
    raise AttributeError(f"module 'backtrader.studies' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), "Fractal"]


__all__ = ["Fractal", "Indicator"]  # pyright: ignore[reportUnsupportedDunderAll]

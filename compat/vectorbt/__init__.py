"""VectorBT's names on the array engine: what `import vectorbt as vbt` gives a script.

`Portfolio` with its records and statistics, `MA`, and `settings`. Every other public name of
VectorBT raises UnsupportedFeature when it is imported or used.
"""

from __future__ import annotations

from . import portfolio
from .portfolio import Portfolio
from ._settings import settings
from .unsupported import TOP_LEVEL, missing

__version__ = "1.2.0"

__all__ = ["Portfolio", "portfolio", "settings"]


def __getattr__(name: str):
    if name.startswith("__"):
        raise AttributeError(name)
    if name in TOP_LEVEL:
        raise TOP_LEVEL[name].error()
    raise missing(name)

"""The public face of Zipline, on the array engine: `from zipline import run_algorithm`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .unsupported import module_gaps

if TYPE_CHECKING:
    from . import api, data, finance, utils
    from .context import TradingAlgorithm
    from .run import run_algorithm
    from .utils.calendar_utils import get_calendar

#: The version whose behaviour this adapter reproduces.
__version__ = "3.2.1"

__all__ = ["TradingAlgorithm", "api", "data", "finance", "get_calendar", "run_algorithm", "utils"]

_gaps = module_gaps("zipline")
_PARTS = frozenset(
    (
        "algorithm", "api", "assets", "data", "errors", "finance", "pipeline", "protocol", "utils",
    )
)  # fmt: skip


def __getattr__(name: str):
    # Each part is imported when it is first asked for.
    if name == "run_algorithm":
        from .run import run_algorithm

        return run_algorithm
    if name == "TradingAlgorithm":
        from .context import TradingAlgorithm

        return TradingAlgorithm
    if name == "Blotter":
        from .finance.blotter import Blotter

        return Blotter
    if name == "extension_args":
        from .extensions import Namespace

        return globals().setdefault("extension_args", Namespace())
    if name == "get_calendar":
        from .utils.calendar_utils import get_calendar

        return get_calendar
    if name in _PARTS:
        from importlib import import_module

        return import_module(f".{name}", __name__)
    return _gaps(name)

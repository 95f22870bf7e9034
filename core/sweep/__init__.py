"""Sweeps: one strategy under many thousand parameter sets, without storing what it did.

    from fillproof.core import sweep

    @njit
    def cross(data, p, entries, exits):
        ...                         # of one asset and one parameter set; sets entries[i], exits[i]

    found = sweep.run(
        close, cross, sweep.grid({"fast": range(2, 50), "slow": range(10, 200)}),
        fees=0.001, memory="64 MB",
    )
    found.table                     # a row per parameter set and asset, a column per statistic
    found.best("sharpe_ratio")      # with the deflated Sharpe ratio beside it

Signals become orders in the kernel of `core.signals`, orders become statistics in one pass; both
in parts that fit into the memory allowed. `search` looks for good sets instead of trying all of
them, `cross_validate` trains and tests on `walk_forward` or `purged_folds`.
"""

from .cross_validation import CrossValidation, cross_validate
from .parameters import Floats, Integers, grid, sample, table
from .result import Best, Sweep
from .run import run
from .search import search
from .settings import SETTINGS
from .source import Signals
from .splits import Split, purged_folds, walk_forward
from .statistics import DEFAULT, STATISTICS

__all__ = [
    "DEFAULT",
    "SETTINGS",
    "STATISTICS",
    "Best",
    "CrossValidation",
    "Floats",
    "Integers",
    "Signals",
    "Split",
    "Sweep",
    "cross_validate",
    "grid",
    "purged_folds",
    "run",
    "sample",
    "search",
    "table",
    "walk_forward",
]

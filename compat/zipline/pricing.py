"""Which lane prices the orders of a run, and the core's terms of one model for a single order.

Built-in models are rows of `core.costs`: the core matches. As soon as a model is of a script's own
class, its methods are called order by order, and the core books what they say.
"""

from __future__ import annotations

import functools

import numpy as np

from ...core.costs import Commission, Slippage, terms


@functools.lru_cache(maxsize=64)
def row_of(model: Commission | Slippage) -> np.void:
    """One row of `core.costs.TERMS`, with these terms and else the defaults."""
    if isinstance(model, Commission):
        return terms(1, commission=model)[0]
    return terms(1, slippage=model)[0]


#: The methods that price, see `finance.commission` and `finance.slippage`.
_METHODS = ("calculate", "process_order", "simulate", "get_txn_volume", "get_simulated_impact")


def is_built_in(model) -> bool:
    """Whether the core prices exactly as a model does: nothing of it is of a script's own."""
    own = __package__ or ""
    kind = type(model)
    return (
        kind.__module__.startswith(own)
        and not any(map(callable, vars(model).values()))
        # A script can also put functions of its own into our classes.
        and all(getattr(kind, name, is_built_in).__module__.startswith(own) for name in _METHODS)
        and model.terms() is not None
    )

"""The generators that come with VectorBT: RAND and its kin, RPROB, STX, OHLCSTX.

Names end in X where exits follow given entries, in NX where both are made, and in CX where they
are a chain: an entry, its exit, the next entry behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..indicators.configs import flex_col_param_config, flex_elem_param_config
from . import dispatch
from .enums import StopType
from .factory import SignalFactory
from .plots import plotting_with_bars

__all__ = [
    "OHLCSTCX",
    "OHLCSTX",
    "RAND",
    "RANDNX",
    "RANDX",
    "RPROB",
    "RPROBCX",
    "RPROBNX",
    "RPROBX",
    "STCX",
    "STX",
]

_CELL, _COLUMN = flex_elem_param_config, flex_col_param_config


def _generator(
    name: str,
    mode: str,
    apply_func: Callable[..., Any],
    doc: str,
    names: dict[str, Any] | None = None,
    params: dict[str, Any] | None = None,
    **how: Any,
) -> Any:
    """A class of generators; params: settings by name."""
    params = params or {}
    factory = SignalFactory(
        class_name=name,
        class_docstring=doc,
        module_name=__name__,
        short_name=name.lower(),
        mode=mode,
        param_names=list(params) or None,
        **(names or {}),
    )
    if params:
        how["param_settings"] = params
    return factory.from_apply_func(apply_func, **how)


_AFTER = {"wait": 1, "until_next": True, "skip_until_exit": False}
_SEED = {"pass_seed": True, "seed": None}
_CELLS = {"pass_flex_2d": True}

RAND = _generator(
    "RAND",
    "entries",
    dispatch.rand_apply,
    "`n` entries at random.",
    params={"n": _COLUMN},
    require_input_shape=True,
    **_SEED,
)

RANDX = _generator(
    "RANDX", "exits", dispatch.rand_ex_apply, "An exit at random after each entry.",
    **_AFTER, **_SEED,
)  # fmt: skip

RANDNX = _generator(
    "RANDNX",
    "both",
    dispatch.rand_enex_apply,
    "`n` entries and as many exits at random, by turns.",
    params={"n": _COLUMN},
    require_input_shape=True,
    entry_wait=1,
    exit_wait=1,
    **_SEED,
)

RPROB = _generator(
    "RPROB",
    "entries",
    dispatch.rand_by_prob_apply,
    "An entry in each bar with probability `prob`.",
    params={"prob": _CELL},
    require_input_shape=True,
    pick_first=False,
    **_CELLS,
    **_SEED,
)

RPROBX = _generator(
    "RPROBX",
    "exits",
    dispatch.rand_ex_by_prob_apply,
    "An exit after each entry, in each bar with probability `prob`.",
    params={"prob": _CELL},
    **_AFTER,
    **_CELLS,
    **_SEED,
)

RPROBCX = _generator(
    "RPROBCX",
    "chain",
    dispatch.rand_chain_by_prob_apply,
    "A chain of entries, and exits in each bar with probability `prob`.",
    params={"prob": _CELL},
    **_AFTER,
    **_CELLS,
    **_SEED,
)

RPROBNX = _generator(
    "RPROBNX",
    "both",
    dispatch.rand_enex_by_prob_apply,
    "Entries and exits by turns, with probabilities `entry_prob` and `exit_prob` in each bar.",
    params={"entry_prob": _CELL, "exit_prob": _CELL},
    require_input_shape=True,
    entry_wait=1,
    exit_wait=1,
    entry_pick_first=True,
    exit_pick_first=True,
    **_CELLS,
    **_SEED,
)

_STOPS = {
    "names": {"input_names": ["ts"]},
    "params": {"stop": _CELL, "trailing": _CELL},
    "trailing": False,
    "pick_first": True,
    **_AFTER,
    **_CELLS,
}

STX = _generator(
    "STX",
    "exits",
    dispatch.stop_ex_apply,
    "An exit where `ts` has moved by `stop` since the entry, or since its best (`trailing`).",
    **_STOPS,
)

STCX = _generator(
    "STCX",
    "chain",
    dispatch.stop_enex_apply,
    "A chain of entries, and exits as those of `STX`.",
    **_STOPS,
)


def _bar_stops() -> dict[str, Any]:
    return {
        "names": {
            "input_names": ["open", "high", "low", "close"],
            "in_output_names": ["stop_price", "stop_type"],
            "attr_settings": {"stop_type": {"dtype": StopType}},
        },
        "params": dict.fromkeys(("sl_stop", "sl_trail", "tp_stop", "reverse"), _CELL),
        "in_output_settings": {
            "stop_price": {"dtype": np.float64},
            "stop_type": {"dtype": np.int64},
        },
        "sl_stop": np.nan,
        "sl_trail": False,
        "tp_stop": np.nan,
        "reverse": False,
        "stop_price": np.nan,
        "stop_type": -1,
        "is_open_safe": True,
        "pick_first": True,
        **_AFTER,
        **_CELLS,
    }


OHLCSTX = _generator(
    "OHLCSTX",
    "exits",
    dispatch.ohlc_stop_ex_apply,
    "An exit where a bar reaches a stop loss (trailing or not) or a take profit.",
    **_bar_stops(),
)

OHLCSTCX = _generator(
    "OHLCSTCX",
    "chain",
    dispatch.ohlc_stop_enex_apply,
    "A chain of entries, and exits as those of `OHLCSTX`.",
    **_bar_stops(),
)

for _cls in (OHLCSTX, OHLCSTCX):
    _cls.plot = plotting_with_bars(_cls.plot)

"""`Portfolio.from_order_func`: its arguments in terms of the engine."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base import reshape_fns
from . import nb, rules, simulation
from .nb.simulate import run_functions
from .simulation import Pooling, Simulated

_PLACES = ("sim", "group", "row", "segment")


def _segments(mask, shape: tuple[int, int]) -> np.ndarray:
    """Where orders are asked for, rows x groups: every n-th row, or an array that broadcasts."""
    if isinstance(mask, int) and not isinstance(mask, bool):
        out = np.full(shape, False)
        out[::mask] = True
        return out
    return reshape_fns.broadcast(
        mask, to_shape=shape, to_pd=False, require_kwargs={"requirements": "W"}
    )


def from_order_func(arguments: dict[str, Any]) -> Simulated:
    """Simulate what `Portfolio.from_order_func` was given."""
    switches = {
        name: rules.default(name, arguments[name])
        for name in ("flexible", "call_pre_segment", "call_post_segment", "ffill_val_price",
                     "update_value", "fill_pos_record", "init_temp_records", "row_wise",
                     "use_numba")
    }  # fmt: skip
    flexible = bool(switches["flexible"])
    order = None
    value = rules.default("call_seq", arguments["call_seq"])
    if not flexible and rules.is_automatic(value):
        raise ValueError(
            "call_seq='auto' is not for order functions: sort the calls in pre_segment_func_nb "
            "with nb.sort_call_seq_nb"
        )
    simulation.seed(arguments)
    own = [f"{side}_{place}_args" for place in _PLACES for side in ("pre", "post")]
    own += ["order_args", "post_order_args"]
    values = {"close": reshape_fns.to_pd_array(arguments["close"])}
    gathered = simulation.gather(values, arguments, tuple(arguments[name] for name in own))
    wrapper = gathered.wrapper
    shape = wrapper.shape_2d
    cash_sharing, _ = simulation.sharing_of(arguments)
    pooling = Pooling.of(wrapper, arguments["init_cash"], cash_sharing)
    lengths = pooling.group_lengths
    mask = _segments(
        True if arguments["segment_mask"] is None else arguments["segment_mask"],
        (shape[0], len(lengths)),
    )
    sequence = None
    if not flexible:
        order = rules.call_sequence_of(value, lengths, shape)
        sequence = simulation.call_sequence(order, lengths, shape)
    close = np.require(gathered.close, requirements="W")
    functions = {name: arguments[name] for name in arguments if name.endswith("_func_nb")}
    mapping = _mapping(arguments, switches, gathered, pooling, mask)
    functions |= {name: simulation.passed(arguments[name], mapping) for name in own}
    compiled = bool(switches["use_numba"])
    if compiled:
        simulation.check_functions({k: f for k, f in functions.items() if k.endswith("_nb")})
    cells = shape[0] * shape[1]
    room = {
        name: cells if arguments[name] is None else arguments[name]
        for name in ("max_orders", "max_logs")
    }
    records, logs = simulation.run(
        lambda: run_functions(
            shape, lengths, pooling.cash, cash_sharing, sequence, mask, close, gathered.flex_2d,
            functions, row_wise=bool(switches["row_wise"]), flexible=flexible, compiled=compiled,
            call_before_segment=bool(switches["call_pre_segment"]),
            call_after_segment=bool(switches["call_post_segment"]),
            keep_val_price=bool(switches["ffill_val_price"]),
            update_value=bool(switches["update_value"]),
            follow_positions=bool(switches["fill_pos_record"]),
            clear_records=bool(switches["init_temp_records"]), **room,
        ),
        "numba",
    )  # fmt: skip
    attach = bool(rules.default("attach_call_seq", arguments["attach_call_seq"]))
    return Simulated(wrapper, close, pooling, records, logs, call_seq=sequence if attach else None)


def _mapping(
    arguments: dict[str, Any], switches: dict[str, Any], gathered: simulation.Gathered,
    pooling: Pooling, mask: np.ndarray,
) -> dict[str, Any]:  # fmt: skip
    """What templates in the arguments of call-backs may name."""
    rows, columns = gathered.wrapper.shape_2d
    named = [
        f"{side}_{place}_{what}"
        for place in (*_PLACES, "order")
        for side in ("pre", "post")
        for what in ("func_nb", "args")
        if (side, place) != ("pre", "order")
    ]
    return {
        **gathered.named,
        **{name: arguments[name] for name in named},
        **{name: switches[name] for name in ("call_pre_segment", "call_post_segment",
           "ffill_val_price", "update_value", "fill_pos_record", "init_temp_records")},
        **{name: rows * columns if arguments[name] is None else arguments[name]
           for name in ("max_orders", "max_logs")},
        "flex_order_func_nb": arguments["order_func_nb"],
        "flex_order_args": arguments["order_args"],
        "target_shape": (rows, columns),
        "group_lens": pooling.group_lengths,
        "init_cash": pooling.cash,
        "cash_sharing": pooling.shared,
        "segment_mask": mask,
        "flex_2d": gathered.flex_2d,
        "wrapper": gathered.wrapper,
        **(arguments["template_mapping"] or {}),
    }  # fmt: skip


__all__ = ["from_order_func", "nb"]

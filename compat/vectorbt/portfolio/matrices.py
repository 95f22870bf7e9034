"""`Portfolio.from_orders` and `Portfolio.from_signals`: their arguments in terms of the engine."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ....core import matrix as m
from ....core.order_matrix import simulate_orders
from ....core.pending_signals import simulate_pending_signals
from ....core.signals import simulate_signals
from ....core.traced_orders import trace_orders
from ....core.traced_signals import trace_signals
from ..unsupported import missing
from . import extensions, nb, rules, simulation
from .nb.simulate import jitted
from .simulation import Gathered, Pooling, Simulated

_ORDER_VALUES = (
    "size", "price", "size_type", "fees", "fixed_fees", "slippage", "min_size", "max_size",
    "size_granularity", "reject_prob", "lock_cash", "allow_partial", "raise_reject", "log",
    "val_price",
)  # fmt: skip

_SIGNAL_VALUES = (
    "accumulate", "upon_long_conflict", "upon_short_conflict", "upon_dir_conflict",
    "upon_opposite_entry", "sl_stop", "sl_trail", "tp_stop", "stop_entry_price",
    "stop_exit_price", "upon_stop_exit", "upon_stop_update",
)  # fmt: skip


def _values(arguments: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {
        name: _price(arguments["price"]) if name == "price" else rules.default(name, given)
        for name, given in ((name, arguments[name]) for name in names)
    }


def _price(value):
    return np.inf if value is None else value


def _engine(
    where: str, arguments: dict[str, Any], values: dict[str, Any], gathered: Gathered,
    inputs: m.Inputs, calls: bool = False,
) -> str:  # fmt: skip
    """Which of the original's engines it would take: rust or numba; they differ in places."""
    engine = simulation.default_engine(arguments["engine"])
    if calls:
        return "numba"
    if bool(np.any(inputs.everywhere(m.REJECT_PROB) > 0)):
        if engine == "rust":
            raise missing(
                f"{where}(engine='rust', reject_prob=...)",
                "Leave engine out: random numbers then are those of Numba.",
            )
        return "numba"
    if engine == "numba":
        return engine
    unfit = rules.unfit_for_rust(values, gathered.arrays)
    if unfit and engine == "rust":
        raise ValueError(f"{where}: {unfit}; use engine='numba'")
    return "numba" if unfit else "rust"


def _run(
    arguments: dict[str, Any],
    gathered: Gathered,
    inputs: m.Inputs,
    engine: str,
    quick: Callable[..., np.ndarray],
    traced: Callable[..., tuple[np.ndarray, np.ndarray]],
    calls: Callable[[Pooling, np.ndarray], dict[str, Any]] | None = None,
) -> Simulated:
    """Simulate with the quick kernel, or with that which visits every cell where that is needed.

    calls: where there are call-backs, returns the arguments about them.
    """
    cash_sharing, _ = simulation.sharing_of(arguments)
    pooling = Pooling.of(gathered.wrapper, arguments["init_cash"], cash_sharing)
    value = rules.default("call_seq", arguments["call_seq"])
    attach = bool(rules.default("attach_call_seq", arguments["attach_call_seq"]))
    order = rules.call_sequence_of(value, pooling.group_lengths, inputs.shape)
    automatic = isinstance(order, str) and order != rules.RANDOM
    visits_all = (
        calls is not None or simulation.draws(inputs) or simulation.logs(inputs)
        or (attach and automatic and cash_sharing)
    )  # fmt: skip
    sequence = None
    if visits_all or attach or order is rules.RANDOM:
        sequence = simulation.call_sequence(order, pooling.group_lengths, inputs.shape)
        order = order if automatic else sequence
    pools = m.Pools(pooling.lengths, pooling.cash, order)
    switches: dict[str, Any] = {
        "keep_val_price": bool(rules.default("ffill_val_price", arguments["ffill_val_price"])),
        "update_value": bool(rules.default("update_value", arguments["update_value"])),
        **rules.switches_of(engine),
    }
    max_orders = arguments["max_orders"]
    out = Simulated(
        gathered.wrapper, gathered.close, pooling, np.empty(0, m.ORDER_RECORD),
        call_seq=sequence if attach else None, engine=arguments["engine"],
    )  # fmt: skip
    if visits_all and sequence is not None:
        switches |= {"max_orders": max_orders, "max_logs": arguments["max_logs"]}
        if calls is not None:
            switches |= calls(pooling, sequence)
        out.order_records, out.log_records = simulation.run(
            lambda: traced(inputs, pools, sequence, **switches), engine
        )
    else:
        out.order_records = simulation.run(
            lambda: simulation.fitting(quick(inputs, pools, **switches), max_orders), engine
        )
    return out


def from_orders(arguments: dict[str, Any]) -> Simulated:
    """Simulate what `Portfolio.from_orders` was given."""
    where = "Portfolio.from_orders"
    values = _values(arguments, _ORDER_VALUES[:3])
    # The sequence counts where labels are stacked.
    values["direction"] = rules.default("direction", arguments["direction"], "order_direction")
    values |= _values(arguments, _ORDER_VALUES[3:])
    values["close"] = arguments["close"]
    table = {**rules.ORDER_ARGUMENTS, "close": (m.CLOSE, None)}
    values = simulation.numbers_of(values, table)
    simulation.seed(arguments)
    gathered = simulation.gather(values, arguments)
    inputs = simulation.laid_out(gathered, table)
    engine = _engine(where, arguments, values, gathered, inputs)
    return _run(arguments, gathered, inputs, engine, simulate_orders, trace_orders)


def _signals(arguments: dict[str, Any], calls: bool) -> dict[str, Any]:
    """The arrays of signals, and the side of each where there are two of them."""
    names = ("entries", "exits", "short_entries", "short_exits")
    given = {name: arguments[name] for name in names}
    four_arrays = given["short_entries"] is not None or given["short_exits"] is not None
    if calls:
        if any(value is not None for value in given.values()):
            raise ValueError("give signals as arrays or by signal_func_nb, not both")
        return {}
    if arguments["direction"] is not None and four_arrays:
        warnings.warn(
            "direction has no effect where short_entries or short_exits are given",
            stacklevel=4,
        )
    if given["entries"] is None:
        given["entries"] = given["exits"] is None and not four_arrays
    values = {name: False if value is None else value for name, value in given.items()}
    if four_arrays:
        return values
    direction = rules.default("direction", arguments["direction"], "signal_direction")
    return {"entries": values["entries"], "exits": values["exits"], "direction": direction}


def from_signals(arguments: dict[str, Any]) -> Simulated:
    """Simulate what `Portfolio.from_signals` was given."""
    where = "Portfolio.from_signals"
    functions = {
        name: None if arguments[name] in (None, default) else arguments[name]
        for name, default in (
            ("signal_func_nb", nb.no_signal_func_nb),
            ("adjust_sl_func_nb", nb.no_adjust_sl_func_nb),
            ("adjust_tp_func_nb", nb.no_adjust_tp_func_nb),
        )
    }
    calls = any(function is not None for function in functions.values())
    signals = _signals(arguments, functions["signal_func_nb"] is not None)
    values = {
        **_values(arguments, _ORDER_VALUES[:-1] + _SIGNAL_VALUES[:5] + _ORDER_VALUES[-1:]),
        **{name: _unknown(arguments[name]) for name in ("open", "high", "low")},
        "close": arguments["close"],
        **_values(arguments, _SIGNAL_VALUES[5:]),
        **signals,
    }
    beyond = extensions.given(arguments)
    stops = functions["adjust_sl_func_nb"], functions["adjust_tp_func_nb"]
    use_stops = rules.default("use_stops", arguments["use_stops"])
    if use_stops is None:
        use_stops = not (
            _is_scalar_nan(values["sl_stop"])
            and _is_scalar_nan(values["tp_stop"])
            and stops == (None, None)
            and "tsl_stop" not in beyond
        )
    values = simulation.numbers_of(values, rules.SIGNAL_ARGUMENTS)
    simulation.seed(arguments)
    own = ("signal_args", "adjust_sl_args", "adjust_tp_args")
    passed = tuple(arguments[name] for name in own)
    if beyond:
        gathered = simulation.gather({**values, **extensions.numbers_of(beyond)}, arguments, passed)
        inputs = extensions.inputs_of(gathered, arguments["entry_expiry"])
        extensions.check(arguments, beyond, inputs, calls)
    else:
        gathered = simulation.gather(values, arguments, passed)
        inputs = simulation.laid_out(gathered, rules.SIGNAL_ARGUMENTS)
    simulation.check_functions({k: f for k, f in functions.items() if f is not None})
    engine = _engine(where, arguments, values, gathered, inputs, calls)
    switches = {"four_arrays": "short_entries" in signals, "use_stops": bool(use_stops)}

    def about_calls(pooling: Pooling, sequence: np.ndarray) -> dict[str, Any]:
        mapping = _mapping(arguments, gathered, pooling, sequence, bool(use_stops))
        signal, sl, tp = (simulation.passed(arguments[name], mapping) for name in own)
        return {
            "signal_function": jitted(functions["signal_func_nb"]),
            "signal_arguments": signal,
            "sl_function": jitted(stops[0]),
            "sl_arguments": sl,
            "tp_function": jitted(stops[1]),
            "tp_arguments": tp,
            "rows_are_columns": gathered.flex_2d,
        }

    simulate = simulate_pending_signals if beyond else simulate_signals
    simulated = _run(
        arguments, gathered, inputs, engine,
        lambda inputs, pools, **more: simulate(inputs, pools, **switches, **more),
        lambda inputs, pools, sequence, **more: trace_signals(
            inputs, pools, sequence, **switches, **more
        ),
        about_calls if calls else None,
    )  # fmt: skip
    return extensions.attach(simulated, inputs) if beyond else simulated


def _mapping(
    arguments: dict[str, Any], gathered: Gathered, pooling: Pooling, sequence: np.ndarray,
    use_stops: bool,
) -> dict[str, Any]:  # fmt: skip
    """What templates in the arguments of call-backs may name."""
    rows, columns = gathered.wrapper.shape_2d
    cells = rows * columns
    value = rules.default("call_seq", arguments["call_seq"])
    names = ("adjust_sl_func_nb", "adjust_sl_args", "adjust_tp_func_nb", "adjust_tp_args")
    room = {
        name: cells if arguments[name] is None else arguments[name]
        for name in ("max_orders", "max_logs")
    }
    defaults = ("ffill_val_price", "update_value", "init_temp_records")
    return {
        **gathered.named,
        **{name: arguments[name] for name in names},
        **{name: rules.default(name, arguments[name]) for name in defaults},
        **room,
        "target_shape": (rows, columns),
        "group_lens": pooling.lengths,
        "init_cash": pooling.cash,
        "call_seq": sequence,
        "auto_call_seq": rules.is_automatic(value),
        "use_stops": use_stops,
        "flex_2d": gathered.flex_2d,
        "wrapper": gathered.wrapper,
        **(arguments["template_mapping"] or {}),
    }


def _unknown(value):
    return np.nan if value is None else value


def _is_scalar_nan(value) -> bool:
    return np.ndim(value) == 0 and not isinstance(value, str) and bool(np.isnan(value))

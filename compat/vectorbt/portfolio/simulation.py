"""What all constructors of a portfolio share: labels, cash, call sequence, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....core import matrix as m
from ....core.execution import PERCENT_REVERSAL, InvalidOrder, OrderRejected, RecordsFull
from ....core.order_log import LOG_RECORD
from ....core.traced import shuffle_sequence
from .._settings import settings
from ..base import reshape_fns
from ..base.array_wrapper import ArrayWrapper
from ..unsupported import missing
from ..utils import checks
from ..utils.random_ import set_seed
from ..utils.template import deep_substitute, has_templates
from . import enums, rules
from .nb.simulate import jitted


@dataclass
class Pooling:
    """Groups and cash of a simulation, from its arguments and labels.

    lengths: columns per pool of cash. group_lengths: columns per group, cash shared or not.
    mode: of `InitCashMode`, where cash follows from the orders.
    """

    lengths: np.ndarray
    group_lengths: np.ndarray
    cash: np.ndarray
    mode: int | None
    shared: bool

    @classmethod
    def of(cls, wrapper: ArrayWrapper, init_cash, cash_sharing: bool) -> Pooling:
        lengths = wrapper.grouper.get_group_lens(group_by=None if cash_sharing else False)
        amount, mode = rules.init_cash_of(rules.default("init_cash", init_cash))
        cash = np.broadcast_to(np.asarray(amount, dtype=float), (len(lengths),)).copy()
        return cls(lengths, wrapper.grouper.get_group_lens(), cash, mode, cash_sharing)


@dataclass
class Simulated:
    """What a simulation leaves; `close` and `call_seq` have rows x columns (or broadcast to it).

    call_seq is None where it was not asked for, log_records where nothing was logged, extensions
    where there are none.
    """

    wrapper: ArrayWrapper
    close: np.ndarray
    pooling: Pooling
    order_records: np.ndarray
    log_records: np.ndarray | None = None
    call_seq: np.ndarray | None = None
    engine: str | None = None
    extensions: Any = None

    def portfolio(self, kind, others: dict[str, Any]) -> Any:
        """The portfolio of class `kind`, which also gets its own arguments `others`."""
        pooling = self.pooling
        return kind(
            self.wrapper,
            self.close,
            self.order_records,
            np.empty(0, LOG_RECORD) if self.log_records is None else self.log_records,
            pooling.cash if pooling.mode is None else pooling.mode,
            pooling.shared,
            call_seq=self.call_seq,
            engine=self.engine,
            extensions=self.extensions,
            **others,
        )


def sharing_of(arguments: dict[str, Any]) -> tuple[bool, Any]:
    """Whether cash is shared, and the groups: one group where sharing is all that was said."""
    cash_sharing = bool(rules.default("cash_sharing", arguments["cash_sharing"]))
    group_by = arguments["group_by"]
    return cash_sharing, True if cash_sharing and group_by is None else group_by


def seed(arguments: dict[str, Any]) -> int | None:
    """Seed every generator, where that was asked for: later draws of a script follow from it."""
    number = rules.default("seed", arguments["seed"])
    if number is not None:
        set_seed(number)
    return number


def call_sequence(order, lengths: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The places of the columns within their groups, rows x columns, to be changed in place.

    order: what `rules.call_sequence_of` returns. A random sequence is drawn here; an automatic
    one begins in order.
    """
    sequence = np.empty(shape, np.int64)
    if isinstance(order, np.ndarray):
        sequence[...] = order
        return sequence
    sequence[...] = np.concatenate([np.arange(n) for n in lengths])
    if order is rules.RANDOM:
        shuffle_sequence(sequence, np.asarray(lengths, np.int64))
    return sequence


def passed(arguments, mapping: Mapping[str, Any]) -> tuple:
    """Arguments of a call-back with templates filled in."""
    return tuple(map(jitted, deep_substitute(tuple(arguments), mapping)))


@dataclass
class Gathered:
    """Arguments that broadcast, and the labels that they have together.

    arrays: for the engine, scalars or two-dimensional. named: as call-backs get them, where
    something asked for that (else empty): NumPy arrays of the dimensions that they had.
    """

    wrapper: ArrayWrapper
    arrays: dict[str, Any]
    named: dict[str, Any]

    @property
    def flex_2d(self) -> bool:
        return self.wrapper.ndim == 2

    @property
    def close(self) -> np.ndarray:
        return np.atleast_2d(np.asarray(self.arrays["close"]))


def gather(
    values: dict[str, Any], arguments: dict[str, Any], callback_arguments: tuple = ()
) -> Gathered:
    """Broadcast `values`; `arguments` are all of a constructor, for its named arrays and labels."""
    cash_sharing, group_by = sharing_of(arguments)
    about_labels = dict(arguments["wrapper_kwargs"] or {})
    if cash_sharing and not about_labels.get("group_select", True):
        raise ValueError("with cash_sharing=True groups are selected: leave out group_select")
    about_labels |= {"freq": rules.default("freq", arguments["freq"]), "group_by": group_by}
    more = arguments.get("broadcast_named_args") or {}
    options = dict(arguments["broadcast_kwargs"] or {})
    unusual = set(options) - _KEPT_BY_LAYOUT
    if not (more or unusual or has_templates(callback_arguments)):
        arrays, ndim, index, columns = reshape_fns.laid_out(values, **options)
        return Gathered(ArrayWrapper(index, columns, ndim, **about_labels), arrays, {})
    named = {**values, **more}
    options = {
        "keep_raw": [name != "close" for name in named],
        **options,
        "require_kwargs": {"requirements": "W", **(options.get("require_kwargs") or {})},
    }
    results = reshape_fns.broadcast(*named.values(), **options)
    out = dict(zip(named, results if isinstance(results, tuple) else (results,), strict=True))
    close = reshape_fns.to_pd_array(out["close"])
    wrapper = ArrayWrapper.from_obj(close, **about_labels)
    out = {name: np.asarray(value) for name, value in out.items()}
    out["close"] = reshape_fns.to_2d_array(close)
    arrays = {name: out[name] for name in values}
    if close.ndim == 1:
        arrays = {n: a[:, None] if a.ndim == 1 else a for n, a in arrays.items()}
    return Gathered(wrapper, arrays, out)


#: Options of broadcasting that need no table to be made.
_KEPT_BY_LAYOUT = {
    "to_shape", "to_frame", "align_index", "align_columns", "index_from", "columns_from",
    "ignore_sr_names", "index_stack_kwargs", "drop_duplicates", "keep", "drop_redundant",
}  # fmt: skip


def laid_out(
    gathered: Gathered, table: Mapping[str, tuple[int, object]], count: int = m.N_INPUTS
) -> m.Inputs:
    """The `count` inputs of the engine; `table`: argument to (input, enumeration of its words)."""
    arrays = {**gathered.arrays, "close": gathered.close}
    inputs = m.Inputs.of(
        gathered.wrapper.shape_2d,
        {table[name][0]: v for name, v in arrays.items() if name in table},
        count,
    )
    for name, (number, words) in table.items():
        if name in arrays:
            rules.check_modes(name, words, inputs.everywhere(number))
    return inputs


def numbers_of(values: dict[str, Any], table: Mapping[str, tuple[int, object]]) -> dict[str, Any]:
    """Words of modes as numbers."""
    return {
        name: rules.number_of(name, table[name][1], value) if name in table else value
        for name, value in values.items()
    }


def draws(inputs: m.Inputs) -> bool:
    """Whether orders may be rejected at random (or have a probability that is an error)."""
    return bool(np.any(inputs.everywhere(m.REJECT_PROB) != 0))


def logs(inputs: m.Inputs) -> bool:
    return bool(np.any(inputs.everywhere(m.LOG)))


def fitting(records: np.ndarray, max_orders: int | None) -> np.ndarray:
    """The records, unless the script made less room for them than they take."""
    if max_orders is not None and len(records) > max_orders:
        row = records[max_orders]
        raise RecordsFull("orders", f"row {row['idx']}, column {row['col']}")
    return records


def run(simulate: Callable[[], Any], engine: str) -> Any:
    """Call a simulation; its errors are those of the original."""
    try:
        return simulate()
    except RecordsFull as error:
        raise IndexError(str(error)) from None
    except OrderRejected as error:
        raise enums.RejectedOrderError(str(error)) from None
    except InvalidOrder as error:
        # The original's default engine reports this one fault as a rejection.
        if error.fault == PERCENT_REVERSAL and engine == "rust":
            raise enums.RejectedOrderError(str(error)) from None
        raise


def check_functions(functions: dict[str, Any]) -> None:
    """Call-backs must be compiled functions."""
    for function in functions.values():
        checks.assert_numba_func(function)


def options_of_portfolio(where: str, others: dict[str, Any]) -> dict[str, Any]:
    """The keyword arguments of the portfolio itself."""
    known = ("fillna_close", "trades_type")
    for name in others:
        if name not in known:
            raise missing(f"{where}({name}=...)")
    return others


def default_engine(engine: str | None) -> str:
    """The engine that was named, or that of the settings."""
    engine = settings["engine"] if engine is None else engine
    if engine not in ("auto", "numba", "rust"):
        raise ValueError(f"engine={engine!r} is unknown; choose from auto, numba, rust")
    return engine

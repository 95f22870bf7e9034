"""How portfolios are made: arguments to inputs of the engine, its records to a `Portfolio`."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ....core import matrix as m
from ....core.execution import PERCENT_REVERSAL, InvalidOrder, OrderRejected
from ....core.order_matrix import simulate_orders
from ....core.signals import simulate_signals
from ..base.array_wrapper import ArrayWrapper
from ..base.reshape_fns import laid_out
from ..unsupported import missing, refuse
from . import enums, rules


class Constructors:
    """The class methods of `Portfolio` that simulate."""

    @classmethod
    def from_signals(
        cls,
        close,
        entries=None,
        exits=None,
        short_entries=None,
        short_exits=None,
        signal_func_nb=None,
        signal_args=(),
        size=None,
        size_type=None,
        price=None,
        fees=None,
        fixed_fees=None,
        slippage=None,
        min_size=None,
        max_size=None,
        size_granularity=None,
        reject_prob=None,
        lock_cash=None,
        allow_partial=None,
        raise_reject=None,
        log=None,
        accumulate=None,
        upon_long_conflict=None,
        upon_short_conflict=None,
        upon_dir_conflict=None,
        upon_opposite_entry=None,
        direction=None,
        val_price=None,
        open=None,
        high=None,
        low=None,
        sl_stop=None,
        sl_trail=None,
        tp_stop=None,
        stop_entry_price=None,
        stop_exit_price=None,
        upon_stop_exit=None,
        upon_stop_update=None,
        adjust_sl_func_nb=None,
        adjust_sl_args=(),
        adjust_tp_func_nb=None,
        adjust_tp_args=(),
        use_stops=None,
        init_cash=None,
        cash_sharing=None,
        call_seq=None,
        ffill_val_price=None,
        update_value=None,
        max_orders=None,
        max_logs=None,
        init_temp_records=None,
        seed=None,
        group_by=None,
        broadcast_named_args=None,
        broadcast_kwargs=None,
        template_mapping=None,
        wrapper_kwargs=None,
        freq=None,
        attach_call_seq=None,
        engine=None,
        **kwargs,
    ) -> Any:
        """Trade entry and exit signals; see VectorBT's documentation for the arguments.

        Callback functions, logs, random rejections and a random call sequence raise
        UnsupportedFeature. `max_orders`, `max_logs`, `init_temp_records` and `seed` only size or
        seed what this engine does not need, and change no result.
        """
        where = "Portfolio.from_signals"
        refuse(
            where,
            {
                "signal_func_nb": signal_func_nb,
                "signal_args": signal_args or None,
                "adjust_sl_func_nb": adjust_sl_func_nb,
                "adjust_sl_args": adjust_sl_args or None,
                "adjust_tp_func_nb": adjust_tp_func_nb,
                "adjust_tp_args": adjust_tp_args or None,
                "broadcast_named_args": broadcast_named_args,
                "template_mapping": template_mapping,
            },
        )
        four_arrays = short_entries is not None or short_exits is not None
        if entries is None:
            entries = exits is None and not four_arrays
        if direction is not None and four_arrays:
            warnings.warn(
                "direction has no effect where short_entries or short_exits are given",
                stacklevel=2,
            )
        sl_stop = rules.default("sl_stop", sl_stop)
        tp_stop = rules.default("tp_stop", tp_stop)
        use_stops = rules.default("use_stops", use_stops)
        if use_stops is None:
            use_stops = not (_is_scalar_nan(sl_stop) and _is_scalar_nan(tp_stop))
        values = {
            "size": rules.default("size", size),
            "price": np.inf if price is None else price,
            "size_type": rules.default("size_type", size_type),
            "fees": rules.default("fees", fees),
            "fixed_fees": rules.default("fixed_fees", fixed_fees),
            "slippage": rules.default("slippage", slippage),
            "min_size": rules.default("min_size", min_size),
            "max_size": rules.default("max_size", max_size),
            "size_granularity": rules.default("size_granularity", size_granularity),
            "reject_prob": rules.default("reject_prob", reject_prob),
            "lock_cash": rules.default("lock_cash", lock_cash),
            "allow_partial": rules.default("allow_partial", allow_partial),
            "raise_reject": rules.default("raise_reject", raise_reject),
            "log": rules.default("log", log),
            "accumulate": rules.default("accumulate", accumulate),
            "upon_long_conflict": rules.default("upon_long_conflict", upon_long_conflict),
            "upon_short_conflict": rules.default("upon_short_conflict", upon_short_conflict),
            "upon_dir_conflict": rules.default("upon_dir_conflict", upon_dir_conflict),
            "upon_opposite_entry": rules.default("upon_opposite_entry", upon_opposite_entry),
            "val_price": rules.default("val_price", val_price),
            "open": np.nan if open is None else open,
            "high": np.nan if high is None else high,
            "low": np.nan if low is None else low,
            "close": close,
            "sl_stop": sl_stop,
            "sl_trail": rules.default("sl_trail", sl_trail),
            "tp_stop": tp_stop,
            "stop_entry_price": rules.default("stop_entry_price", stop_entry_price),
            "stop_exit_price": rules.default("stop_exit_price", stop_exit_price),
            "upon_stop_exit": rules.default("upon_stop_exit", upon_stop_exit),
            "upon_stop_update": rules.default("upon_stop_update", upon_stop_update),
            "entries": entries,
            "exits": False if exits is None else exits,
        }
        if four_arrays:
            values["short_entries"] = False if short_entries is None else short_entries
            values["short_exits"] = False if short_exits is None else short_exits
        else:
            values["direction"] = rules.default("direction", direction, "signal_direction")
        return cls._simulate(
            where,
            values,
            rules.SIGNAL_ARGUMENTS,
            lambda inputs, pools, **switches: simulate_signals(
                inputs, pools, four_arrays=four_arrays, use_stops=bool(use_stops), **switches
            ),
            init_cash,
            cash_sharing,
            call_seq,
            ffill_val_price,
            update_value,
            group_by,
            broadcast_kwargs,
            wrapper_kwargs,
            freq,
            attach_call_seq,
            engine,
            kwargs,
        )

    @classmethod
    def from_orders(
        cls,
        close,
        size=None,
        size_type=None,
        direction=None,
        price=None,
        fees=None,
        fixed_fees=None,
        slippage=None,
        min_size=None,
        max_size=None,
        size_granularity=None,
        reject_prob=None,
        lock_cash=None,
        allow_partial=None,
        raise_reject=None,
        log=None,
        val_price=None,
        init_cash=None,
        cash_sharing=None,
        call_seq=None,
        ffill_val_price=None,
        update_value=None,
        max_orders=None,
        max_logs=None,
        init_temp_records=None,
        seed=None,
        group_by=None,
        broadcast_kwargs=None,
        wrapper_kwargs=None,
        freq=None,
        attach_call_seq=None,
        engine=None,
        **kwargs,
    ) -> Any:
        """Trade matrices of orders; see VectorBT's documentation for the arguments.

        What raises UnsupportedFeature is the same as in `from_signals`.
        """
        where = "Portfolio.from_orders"
        values = {
            "size": rules.default("size", size),
            "price": np.inf if price is None else price,
            "size_type": rules.default("size_type", size_type),
            "direction": rules.default("direction", direction, "order_direction"),
            "fees": rules.default("fees", fees),
            "fixed_fees": rules.default("fixed_fees", fixed_fees),
            "slippage": rules.default("slippage", slippage),
            "min_size": rules.default("min_size", min_size),
            "max_size": rules.default("max_size", max_size),
            "size_granularity": rules.default("size_granularity", size_granularity),
            "reject_prob": rules.default("reject_prob", reject_prob),
            "lock_cash": rules.default("lock_cash", lock_cash),
            "allow_partial": rules.default("allow_partial", allow_partial),
            "raise_reject": rules.default("raise_reject", raise_reject),
            "log": rules.default("log", log),
            "val_price": rules.default("val_price", val_price),
            "close": close,
        }
        return cls._simulate(
            where,
            values,
            {**rules.ORDER_ARGUMENTS, "close": (m.CLOSE, None)},
            simulate_orders,
            init_cash,
            cash_sharing,
            call_seq,
            ffill_val_price,
            update_value,
            group_by,
            broadcast_kwargs,
            wrapper_kwargs,
            freq,
            attach_call_seq,
            engine,
            kwargs,
        )

    @classmethod
    def from_holding(cls, close, **kwargs) -> Any:
        """Buy in the first row and hold."""
        return cls.from_signals(close, entries=True, exits=False, **kwargs)

    @classmethod
    def _simulate(
        cls,
        where,
        values,
        arguments,
        simulate,
        init_cash,
        cash_sharing,
        call_seq,
        ffill_val_price,
        update_value,
        group_by,
        broadcast_kwargs,
        wrapper_kwargs,
        freq,
        attach_call_seq,
        engine,
        others,
    ) -> Any:
        wrapper_kwargs = {} if wrapper_kwargs is None else wrapper_kwargs
        for name in others:
            if name not in ("fillna_close", "trades_type"):
                raise missing(f"{where}({name}=...)")
        if rules.default("attach_call_seq", attach_call_seq):
            raise missing(f"{where}(attach_call_seq=True)")
        if rules.any_true(values["log"]):
            raise missing(f"{where}(log=True)", "The order records say what was filled.")
        if np.any(np.asarray(values["reject_prob"], dtype=float) > 0):
            raise missing(f"{where}(reject_prob=...)", "Random rejections cannot be reproduced.")
        cash_sharing = bool(rules.default("cash_sharing", cash_sharing))
        if cash_sharing and group_by is None:
            group_by = True
        if cash_sharing and not wrapper_kwargs.get("group_select", True):
            raise ValueError("with cash_sharing=True groups are selected: leave out group_select")
        values = {
            name: rules.number_of(name, arguments[name][1], value) if name in arguments else value
            for name, value in values.items()
        }
        values = {"close": values.pop("close"), **values}
        arrays, ndim, index, columns = laid_out(values, **(broadcast_kwargs or {}))
        freq = rules.default("freq", freq)
        wrapper = ArrayWrapper(index, columns, ndim, freq=freq, group_by=group_by, **wrapper_kwargs)
        shape = wrapper.shape_2d
        close = np.atleast_2d(np.asarray(arrays["close"]))
        arrays["close"] = close
        inputs = m.Inputs.of(
            shape, {arguments[name][0]: v for name, v in arrays.items() if name in arguments}
        )
        for name, (number, words) in arguments.items():
            if name in values:
                rules.check_modes(name, words, inputs.everywhere(number))
        lengths = wrapper.grouper.get_group_lens(group_by=None if cash_sharing else False)
        amount, mode = rules.init_cash_of(rules.default("init_cash", init_cash))
        cash = np.broadcast_to(np.asarray(amount, dtype=float), (len(lengths),)).copy()
        sequence = rules.call_sequence_of(
            rules.default("call_seq", call_seq), wrapper.grouper.get_group_lens(), shape
        )
        try:
            order_records = simulate(
                inputs,
                m.Pools(lengths, cash, sequence),
                keep_val_price=bool(rules.default("ffill_val_price", ffill_val_price)),
                update_value=bool(rules.default("update_value", update_value)),
                **rules.switches_of(engine),
            )
        except OrderRejected as error:
            raise enums.RejectedOrderError(str(error)) from None
        except InvalidOrder as error:
            # The original's default engine reports this one fault as a rejection.
            if error.fault == PERCENT_REVERSAL and engine != "numba":
                raise enums.RejectedOrderError(str(error)) from None
            raise
        return cls(  # pyright: ignore[reportCallIssue] - `Portfolio` it is
            wrapper,
            close,
            order_records,
            None,
            cash if mode is None else mode,
            cash_sharing,
            engine=engine,
            **others,
        )


def _is_scalar_nan(value) -> bool:
    return np.ndim(value) == 0 and not isinstance(value, str) and bool(np.isnan(value))

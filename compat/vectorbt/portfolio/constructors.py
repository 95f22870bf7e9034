"""How portfolios are made: the class methods, each of which hands its arguments on."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..base.array_wrapper import ArrayWrapper
from ..base.reshape_fns import to_pd_array
from ..unsupported import missing
from . import matrices, nb, order_functions, rules


class Constructors:
    """The class methods of `Portfolio` that simulate.

    Arguments that are None are taken from `settings["portfolio"]`; see VectorBT's documentation
    for all of them. `kwargs` go to the portfolio itself.
    """

    @classmethod
    def from_signals(
        cls,
        close,
        entries=None,
        exits=None,
        short_entries=None,
        short_exits=None,
        signal_func_nb=nb.no_signal_func_nb,
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
        adjust_sl_func_nb=nb.no_adjust_sl_func_nb,
        adjust_sl_args=(),
        adjust_tp_func_nb=nb.no_adjust_tp_func_nb,
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
        entry_type=None,
        entry_price=None,
        entry_delta=None,
        entry_expiry=None,
        upon_waiting_entry=None,
        fill_bar_stops=None,
        tsl_stop=None,
        tsl_th=None,
        leverage=None,
        maintenance_margin=None,
        **kwargs,
    ) -> Any:
        """Trade signals: arrays of entries and exits, or a function that returns them.

        The arguments from `entry_type` on are extensions, which VectorBT lacks; without them
        orders are VectorBT's to the last bit. They broadcast as all others do. docs/signals.md has
        examples, docs/semantics.md ("Extensions") every rule.

        entry_type: of `EntryType`; a limit or stop entry waits from the row after its signal on.
        It trades at its level, or at the open of a bar that opens at or beyond it. Exits trade as
        ever, and cancel an entry of their side that waits.
        entry_price: the level, by default the row's order price. entry_delta: its distance from
        that as a fraction: better for a limit, worse for a stop.
        entry_expiry: the bars that an entry meets, a duration, or "day"; by default it waits until
        it is cancelled.
        upon_waiting_entry: of `WaitingEntryMode`: what a further entry of the same side does.
        fill_bar_stops: of `FillBarStops`: what a waiting entry that fills inside a bar meets in the
        rest of it. By default the stop loss (liquidation too) but not the target, as the bar's
        extremes may have come before the fill. The loss comes before the target.
        tsl_stop: trailing stop as a fraction of the best price, beside `sl_stop`: the nearer of the
        two counts. tsl_th: the gain as a fraction at which it begins.
        leverage: 1 or more; position value over leverage plus fees is at most equity when an order
        opens. maintenance_margin: fraction of the position's value; it is closed in full where the
        bar reaches the price at which equity is no more than that.
        """
        arguments = {k: v for k, v in locals().items() if k not in ("cls", "kwargs")}
        return matrices.from_signals(arguments).portfolio(cls, kwargs)

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
        """Trade a matrix of orders."""
        arguments = {k: v for k, v in locals().items() if k not in ("cls", "kwargs")}
        return matrices.from_orders(arguments).portfolio(cls, kwargs)

    @classmethod
    def from_holding(cls, close, **kwargs) -> Any:
        """Buy in the first row and hold."""
        return cls.from_signals(close, entries=True, exits=False, **kwargs)

    @classmethod
    def from_random_signals(
        cls,
        close,
        n=None,
        prob=None,
        entry_prob=None,
        exit_prob=None,
        param_product=False,
        seed=None,
        run_kwargs=None,
        **kwargs,
    ) -> Any:
        """Trade random entries and exits.

        n: how many of each, for every number a column. prob: probability of both in a bar, unless
        `entry_prob` or `exit_prob` say otherwise; `param_product` combines all of them.
        run_kwargs: for `RANDNX.run` or `RPROBNX.run`.
        """
        try:
            generators: Any = import_module("...signals.generators", __name__)
        except ImportError:
            raise missing(
                "Portfolio.from_random_signals", "Draw the signals and use from_signals."
            ) from None
        close = to_pd_array(close)
        labels = ArrayWrapper.from_obj(close)
        entry_prob = prob if entry_prob is None else entry_prob
        exit_prob = prob if exit_prob is None else exit_prob
        seed = rules.default("seed", seed)
        shape = {
            "input_shape": close.shape,
            "input_index": labels.index,
            "input_columns": labels.columns,
            "seed": seed,
            **(run_kwargs or {}),
        }
        if n is not None and (entry_prob is not None or exit_prob is not None):
            raise ValueError("give either n, or entry_prob and exit_prob")
        if n is not None:
            drawn = generators.RANDNX.run(n=n, **shape)
        elif entry_prob is not None and exit_prob is not None:
            drawn = generators.RPROBNX.run(
                entry_prob=entry_prob, exit_prob=exit_prob, param_product=param_product, **shape
            )
        else:
            raise ValueError("give n, or prob, or entry_prob and exit_prob")
        return cls.from_signals(close, drawn.entries, drawn.exits, seed=seed, **kwargs)

    @classmethod
    def from_order_func(
        cls,
        close,
        order_func_nb,
        *order_args,
        flexible=None,
        init_cash=None,
        cash_sharing=None,
        call_seq=None,
        segment_mask=None,
        call_pre_segment=None,
        call_post_segment=None,
        pre_sim_func_nb=nb.no_pre_func_nb,
        pre_sim_args=(),
        post_sim_func_nb=nb.no_post_func_nb,
        post_sim_args=(),
        pre_group_func_nb=nb.no_pre_func_nb,
        pre_group_args=(),
        post_group_func_nb=nb.no_post_func_nb,
        post_group_args=(),
        pre_row_func_nb=nb.no_pre_func_nb,
        pre_row_args=(),
        post_row_func_nb=nb.no_post_func_nb,
        post_row_args=(),
        pre_segment_func_nb=nb.no_pre_func_nb,
        pre_segment_args=(),
        post_segment_func_nb=nb.no_post_func_nb,
        post_segment_args=(),
        post_order_func_nb=nb.no_post_func_nb,
        post_order_args=(),
        ffill_val_price=None,
        update_value=None,
        fill_pos_record=None,
        init_temp_records=None,
        row_wise=None,
        use_numba=None,
        max_orders=None,
        max_logs=None,
        seed=None,
        group_by=None,
        broadcast_named_args=None,
        broadcast_kwargs=None,
        template_mapping=None,
        wrapper_kwargs=None,
        freq=None,
        attach_call_seq=None,
        **kwargs,
    ) -> Any:
        """Trade the orders that a function returns, called for every cell or segment.

        Functions are compiled ones, unless `use_numba` is false. See `nb` for what they may call,
        and `enums` for the contexts that they get.
        """
        arguments = {k: v for k, v in locals().items() if k not in ("cls", "kwargs")}
        return order_functions.from_order_func(arguments).portfolio(cls, kwargs)

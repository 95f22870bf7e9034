"""`vectorbt.Portfolio`: from signals or orders to the account, its records and its statistics."""

from __future__ import annotations

import warnings
from functools import cached_property

import numpy as np

from ....core import matrix as m
from ....core import metrics, records
from ....core.execution import PERCENT_REVERSAL, InvalidOrder, OrderRejected
from ....core.order_matrix import simulate_orders
from ....core.signals import simulate_signals
from .._settings import settings
from ..axes import Labels, broadcast, frequency
from ..tables import Drawdowns, EntryTrades, Orders, Positions, Trades
from ..unsupported import PORTFOLIO, missing, refuse
from . import enums, rules


class _Surface(type):
    """Names of the class that the adapter lacks raise UnsupportedFeature."""

    def __getattr__(cls, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        if name in PORTFOLIO:
            raise PORTFOLIO[name].error()
        raise AttributeError(f"vectorbt's Portfolio has no attribute {name!r}")


class Portfolio(metaclass=_Surface):
    """The account that a matrix of signals or orders leaves, column by column or by group.

    Made by `from_signals`, `from_orders` and `from_holding`. Everything else is computed when it
    is asked for: pandas objects with the labels of the inputs.
    """

    def __init__(
        self,
        labels: Labels,
        inputs: m.Inputs,
        order_records: np.ndarray,
        init_cash: np.ndarray,
        init_cash_mode: int | None,
        cash_sharing: bool,
        fillna_close: bool,
        trades_type: int,
    ) -> None:
        self._labels = labels
        self._inputs = inputs
        self.order_records = order_records
        self._init_cash = init_cash
        self._init_cash_mode = init_cash_mode
        self.cash_sharing = cash_sharing
        self.fillna_close = fillna_close
        self.trades_type = trades_type

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
    ) -> Portfolio:
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
                "broadcast_kwargs": broadcast_kwargs,
                "template_mapping": template_mapping,
                "wrapper_kwargs": wrapper_kwargs,
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
    ) -> Portfolio:
        """Trade matrices of orders; see VectorBT's documentation for the arguments.

        What raises UnsupportedFeature is the same as in `from_signals`.
        """
        where = "Portfolio.from_orders"
        refuse(where, {"broadcast_kwargs": broadcast_kwargs, "wrapper_kwargs": wrapper_kwargs})
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
            freq,
            attach_call_seq,
            engine,
            kwargs,
        )

    @classmethod
    def from_holding(cls, close, **kwargs) -> Portfolio:
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
        freq,
        attach_call_seq,
        engine,
        others,
    ) -> Portfolio:
        fillna_close = rules.default("fillna_close", others.pop("fillna_close", None))
        trades_type = rules.default("trades_type", others.pop("trades_type", None))
        trades_type = rules.number_of("trades_type", enums.TradesType, trades_type)
        for name in others:
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
        values = {
            name: rules.number_of(name, arguments[name][1], value) if name in arguments else value
            for name, value in values.items()
        }
        labels, arrays = broadcast(values, rules.default("freq", freq), group_by)
        shape = labels.shape
        close_array = np.broadcast_to(arrays["close"], shape)
        if np.ndim(arrays["close"]) == 2 and arrays["close"].shape != shape:
            arrays["close"] = close_array
        inputs = m.Inputs.of(
            shape, {arguments[name][0]: v for name, v in arrays.items() if name in arguments}
        )
        for name, (number, words) in arguments.items():
            if name in values:
                rules.check_modes(name, words, inputs.everywhere(number))
        lengths = labels.lengths if cash_sharing else np.ones(shape[1], np.int64)
        amount, mode = rules.init_cash_of(rules.default("init_cash", init_cash))
        cash = np.broadcast_to(np.asarray(amount, dtype=float), (len(lengths),)).copy()
        sequence = rules.call_sequence_of(
            rules.default("call_seq", call_seq), labels.lengths, shape
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
        return cls(
            labels, inputs, order_records, cash, mode, cash_sharing, fillna_close, trades_type
        )

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(type(self), name)

    @property
    def wrapper(self) -> Labels:
        """Labels and shape of the results."""
        return self._labels

    # Prices

    @cached_property
    def _close(self) -> np.ndarray:
        inputs = self._inputs
        rows, columns = inputs.shape
        row_step, column_step = inputs.layout[m.CLOSE, 1:]
        flat = inputs.arrays[m.CLOSE]
        if row_step and column_step:
            return (
                flat.reshape(columns, rows).T
                if row_step == 1 < rows and column_step == rows
                else (flat.reshape(rows, columns))
            )
        if row_step:
            return np.broadcast_to(flat[:, None], (rows, columns))
        return np.broadcast_to(flat[None, :], (rows, columns))

    @cached_property
    def _filled_close(self) -> np.ndarray:
        return metrics.fill_gaps(self._close) if self.fillna_close else self._close

    @cached_property
    def _last_close(self) -> np.ndarray:
        if not self.fillna_close:
            return np.array(self._close[-1], dtype=float)
        return metrics.last_known(self._close)

    @property
    def close(self):
        return self._labels.wrap(np.array(self._close))

    # Records

    @cached_property
    def _columns(self) -> records.ColumnMap:
        return records.map_columns(self.order_records["col"], self._labels.shape[1])

    @cached_property
    def orders(self) -> Orders:
        return Orders(self.order_records, self._labels, self._is_grouped(None))

    def _trade_arguments(self) -> tuple:
        last = np.array(self._close[-1], dtype=float)
        return self.order_records, self._columns, last, self._labels.shape[0]

    @cached_property
    def exit_trades(self) -> Trades:
        out = records.exit_trades(*self._trade_arguments())
        return Trades(out, self._labels, self._is_grouped(None))

    @cached_property
    def entry_trades(self) -> EntryTrades:
        out = records.entry_trades(*self._trade_arguments())
        return EntryTrades(out, self._labels, self._is_grouped(None))

    @cached_property
    def positions(self) -> Positions:
        out = records.positions(self.exit_trades.values)
        return Positions(out, self._labels, self._is_grouped(None))

    @property
    def trades(self) -> Trades:
        """Exit trades, entry trades or positions, as `trades_type` says."""
        if self.trades_type == enums.TradesType.EntryTrades:
            return self.entry_trades
        if self.trades_type == enums.TradesType.Positions:
            return self.positions
        return self.exit_trades

    @cached_property
    def drawdowns(self) -> Drawdowns:
        grouped = self._is_grouped(None)
        return Drawdowns(records.drawdowns(self._value(grouped)), self._labels, grouped)

    # The account

    def _is_grouped(self, group_by) -> bool:
        if group_by is None:
            return self._labels.groups is not None
        if group_by is False:
            return False
        raise missing(f"group_by={group_by!r}", "Pass group_by to from_signals or from_orders.")

    def _by_unit(self, matrix: np.ndarray, grouped: bool) -> np.ndarray:
        return metrics.sum_columns(matrix, self._labels.lengths) if grouped else matrix

    def _cash_flow(self, grouped: bool, free: bool = False) -> np.ndarray:
        rows = self._labels.shape[0]
        flow = metrics.cash_flow(self.order_records, self._columns, rows, free)
        return self._by_unit(flow, grouped)

    def _initial(self, grouped: bool) -> np.ndarray:
        """Initial cash of each unit."""
        if self._init_cash_mode is not None:
            needed = metrics.needed_cash(self._cash_flow(grouped))
            if self._init_cash_mode == enums.InitCashMode.AutoAlign:
                return np.full(needed.shape, needed.max())
            return needed
        lengths = self._labels.lengths
        if grouped and not self.cash_sharing:
            return np.add.reduceat(self._init_cash, np.cumsum(lengths) - lengths)
        if not grouped and self.cash_sharing:
            return np.repeat(self._init_cash, lengths)
        return self._init_cash

    @cached_property
    def _assets(self) -> np.ndarray:
        flow = metrics.asset_flow(self.order_records, self._columns, self._labels.shape[0])
        return metrics.running_sum(flow, np.zeros(flow.shape[1]))

    def _cash(self, grouped: bool, free: bool = False) -> np.ndarray:
        return metrics.running_sum(self._cash_flow(grouped, free), self._initial(grouped))

    def _asset_value(self) -> np.ndarray:
        assets = self._assets
        return np.where(assets == 0, 0.0, self._filled_close * assets)

    def _value(self, grouped: bool) -> np.ndarray:
        key = f"_value_{grouped}"
        cache = vars(self)
        if key not in cache:
            assets = self._by_unit(self._asset_value(), grouped)
            cache[key] = self._cash(grouped) + assets
        return cache[key]

    def _returns(self, grouped: bool) -> np.ndarray:
        return metrics.returns(self._value(grouped), self._initial(grouped))

    def _profit(self, grouped: bool) -> np.ndarray:
        out = metrics.total_profit(self.order_records, self._columns, self._last_close)
        return self._by_unit(out[None, :], grouped)[0]

    @property
    def init_cash(self):
        return self.get_init_cash()

    def get_init_cash(self, group_by=None):
        """Cash before the first row."""
        grouped = self._is_grouped(group_by)
        return self._labels.wrap_reduced(self._initial(grouped), "init_cash", grouped)

    def asset_flow(self, direction="both"):
        """Units bought (sold: negative) in each row."""
        self._both_directions("asset_flow", direction)
        flow = metrics.asset_flow(self.order_records, self._columns, self._labels.shape[0])
        return self._labels.wrap(flow)

    def assets(self, direction="both"):
        """Units held after each row."""
        number = rules.number_of("direction", enums.Direction, direction)
        held = self._assets
        if number == enums.Direction.LongOnly:
            held = np.where(held > 0, held, 0.0)
        elif number == enums.Direction.ShortOnly:
            held = np.where(held < 0, -held, 0.0)
        return self._labels.wrap(held)

    def asset_value(self, direction="both", group_by=None):
        """Market value of the units held after each row."""
        self._both_directions("asset_value", direction)
        grouped = self._is_grouped(group_by)
        return self._labels.wrap(self._by_unit(self._asset_value(), grouped), grouped)

    def _both_directions(self, name: str, direction) -> None:
        if rules.number_of("direction", enums.Direction, direction) != enums.Direction.Both:
            raise missing(f"Portfolio.{name}(direction={direction!r})", "Use `assets(direction)`.")

    def cash_flow(self, group_by=None, free=False):
        """Cash received (paid: negative) in each row; `free`: without what shorts lock."""
        grouped = self._is_grouped(group_by)
        return self._labels.wrap(self._cash_flow(grouped, free), grouped)

    def cash(self, group_by=None, in_sim_order=False, free=False):
        """Cash after each row."""
        self._not_in_sim_order(in_sim_order)
        grouped = self._is_grouped(group_by)
        return self._labels.wrap(self._cash(grouped, free), grouped)

    def value(self, group_by=None, in_sim_order=False):
        """Cash plus market value after each row."""
        self._not_in_sim_order(in_sim_order)
        grouped = self._is_grouped(group_by)
        return self._labels.wrap(self._value(grouped).copy(), grouped)

    def returns(self, group_by=None, in_sim_order=False):
        """Simple returns of the value, row by row; the first counts from the initial cash."""
        self._not_in_sim_order(in_sim_order)
        grouped = self._is_grouped(group_by)
        return self._labels.wrap(self._returns(grouped), grouped)

    def _not_in_sim_order(self, in_sim_order) -> None:
        if in_sim_order:
            raise missing("in_sim_order=True")

    def total_profit(self, group_by=None):
        """Profit over all rows, what is held valued at the last known close."""
        grouped = self._is_grouped(group_by)
        return self._labels.wrap_reduced(self._profit(grouped), "total_profit", grouped)

    def final_value(self, group_by=None):
        grouped = self._is_grouped(group_by)
        out = self._profit(grouped) + self._initial(grouped)
        return self._labels.wrap_reduced(out, "final_value", grouped)

    def total_return(self, group_by=None):
        """Total profit as a part of the initial cash."""
        grouped = self._is_grouped(group_by)
        with np.errstate(divide="ignore", invalid="ignore"):
            out = self._profit(grouped) / self._initial(grouped)
        return self._labels.wrap_reduced(out, "total_return", grouped)

    def gross_exposure(self, direction="both", group_by=None):
        """Absolute market value as a part of itself plus free cash."""
        self._both_directions("gross_exposure", direction)
        grouped = self._is_grouped(group_by)
        return self._labels.wrap(self._gross_exposure(grouped), grouped)

    def _gross_exposure(self, grouped: bool) -> np.ndarray:
        held = self._by_unit(np.abs(self._asset_value()), grouped)
        return metrics.exposure(held, self._cash(grouped, free=True))

    def _benchmark(self, grouped: bool) -> np.ndarray:
        close = self._filled_close
        with np.errstate(divide="ignore", invalid="ignore"):
            growth = close / close[0]
        if not grouped:
            return growth * self._initial(False)
        share = self._initial(True) / self._labels.lengths
        return share * metrics.sum_columns(growth, self._labels.lengths)

    def benchmark_value(self, group_by=None):
        """Value of the initial cash split equally over the columns in the first row."""
        grouped = self._is_grouped(group_by)
        return self._labels.wrap(self._benchmark(grouped), grouped)

    def benchmark_returns(self, group_by=None):
        grouped = self._is_grouped(group_by)
        out = metrics.returns(self._benchmark(grouped), self._initial(grouped))
        return self._labels.wrap(out, grouped)

    def total_benchmark_return(self, group_by=None):
        grouped = self._is_grouped(group_by)
        value = self._benchmark(grouped)
        out = metrics.returns(value[-1:], value[0])[0]
        return self._labels.wrap_reduced(out, "total_benchmark_return", grouped)

    # Ratios of the returns

    def _sums(self, grouped: bool, required: float = 0.0, threshold: float = 0.0) -> np.ndarray:
        key = ("_sums", grouped, required, threshold)
        cache = vars(self).setdefault("_sums_cache", {})
        if key not in cache:
            if grouped or self._has_value(grouped):
                out = metrics.return_statistics(self._returns(grouped), required, threshold)
            else:
                inputs = self._inputs
                close = inputs.arrays[m.CLOSE], *inputs.layout[m.CLOSE, 1:]
                out = metrics.stream_statistics(
                    self.order_records,
                    self._columns,
                    close,
                    inputs.shape[0],
                    self._initial(False),
                    self.fillna_close,
                    required,
                    threshold,
                )
            cache[key] = out
        return cache[key]

    def _has_value(self, grouped: bool) -> bool:
        return f"_value_{grouped}" in self.__dict__

    def _annual_factor(self, freq, year_freq) -> float:
        row = self._labels.freq if freq is None else frequency(freq)
        year = frequency(settings["returns"]["year_freq"] if year_freq is None else year_freq)
        if row is None:
            raise ValueError(
                "the index has no frequency: pass freq=... (for example freq='D') or set "
                "settings.array_wrapper['freq']"
            )
        if year is None:
            raise ValueError("pass year_freq=... or set settings.returns['year_freq']")
        return year / row

    def _ratio(self, name, calculation, group_by, others):
        for key in others:
            raise missing(f"Portfolio.{name}({key}=...)")
        grouped = self._is_grouped(group_by)
        return self._labels.wrap_reduced(calculation(grouped), name, grouped)

    def sharpe_ratio(
        self, risk_free=None, ddof=None, freq=None, year_freq=None, group_by=None, **others
    ):
        factor = self._annual_factor(freq, year_freq)
        risk_free = _return_default("risk_free", risk_free)
        ddof = _return_default("ddof", ddof)
        return self._ratio(
            "sharpe_ratio",
            lambda grouped: metrics.sharpe_ratio(self._sums(grouped), factor, risk_free, ddof),
            group_by,
            others,
        )

    def sortino_ratio(
        self, required_return=None, freq=None, year_freq=None, group_by=None, **others
    ):
        factor = self._annual_factor(freq, year_freq)
        required = _return_default("required_return", required_return)
        return self._ratio(
            "sortino_ratio",
            lambda grouped: metrics.sortino_ratio(self._sums(grouped, required), factor, required),
            group_by,
            others,
        )

    def omega_ratio(
        self,
        risk_free=None,
        required_return=None,
        freq=None,
        year_freq=None,
        group_by=None,
        **others,
    ):
        threshold = metrics.omega_threshold(
            self._annual_factor(freq, year_freq),
            _return_default("risk_free", risk_free),
            _return_default("required_return", required_return),
        )
        return self._ratio(
            "omega_ratio",
            lambda grouped: metrics.omega_ratio(self._sums(grouped, threshold=threshold)),
            group_by,
            others,
        )

    def calmar_ratio(self, freq=None, year_freq=None, group_by=None, **others):
        factor = self._annual_factor(freq, year_freq)
        return self._ratio(
            "calmar_ratio",
            lambda grouped: metrics.calmar_ratio(self._sums(grouped), factor),
            group_by,
            others,
        )

    def annualized_return(self, freq=None, year_freq=None, group_by=None, **others):
        factor = self._annual_factor(freq, year_freq)
        return self._ratio(
            "annualized_return",
            lambda grouped: metrics.annualized_return(self._sums(grouped), factor),
            group_by,
            others,
        )

    def annualized_volatility(
        self, levy_alpha=None, ddof=None, freq=None, year_freq=None, group_by=None, **others
    ):
        factor = self._annual_factor(freq, year_freq)
        alpha = _return_default("levy_alpha", levy_alpha)
        ddof = _return_default("ddof", ddof)
        return self._ratio(
            "annualized_volatility",
            lambda grouped: metrics.annualized_volatility(self._sums(grouped), factor, ddof, alpha),
            group_by,
            others,
        )

    def downside_risk(
        self, required_return=None, freq=None, year_freq=None, group_by=None, **others
    ):
        factor = self._annual_factor(freq, year_freq)
        required = _return_default("required_return", required_return)
        return self._ratio(
            "downside_risk",
            lambda grouped: metrics.downside_risk(self._sums(grouped, required), factor),
            group_by,
            others,
        )

    def max_drawdown(self, group_by=None, **others):
        """Deepest fall of the compounded returns, negative."""
        return self._ratio(
            "max_drawdown",
            lambda grouped: metrics.max_drawdown(self._sums(grouped)),
            group_by,
            others,
        )

    def stats(self, *args, **kwargs):
        """The table of statistics; see `stats.stats`."""
        from .stats import stats

        return stats(self, *args, **kwargs)


def _return_default(name: str, value):
    return settings["returns"]["defaults"][name] if value is None else value


def _is_scalar_nan(value) -> bool:
    return np.ndim(value) == 0 and not isinstance(value, str) and bool(np.isnan(value))

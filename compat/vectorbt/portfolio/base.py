"""`vectorbt.Portfolio`: from signals or orders to the account, its records and its statistics."""

from __future__ import annotations

from functools import cached_property as kept
from typing import Any

import numpy as np
import pandas as pd

from ....core import metrics
from .._settings import settings
from ..base.array_wrapper import ArrayWrapper, Wrapping
from ..base.reshape_fns import to_2d_array
from ..generic.drawdowns import Drawdowns
from ..generic.plots_builder import PlotsBuilderMixin
from ..generic.stats_builder import StatsBuilderMixin
from ..unsupported import missing
from ..utils.config import merge_dicts
from ..utils.datetime_ import freq_to_timedelta
from ..utils.decorators import cached_property
from . import enums, rules
from .account import Account, Lengths
from .by_returns import of_returns, or_of_assets
from .constructors import Constructors
from .extensions import ARGUMENTS, Extensions, OrderOrigins
from .logs import Logs
from .metrics import METRICS
from .orders import Orders
from .plots import SUBPLOTS, PortfolioPlots
from .trades import EntryTrades, ExitTrades, Positions, Trades


class MetaPortfolio(type(StatsBuilderMixin), type(PlotsBuilderMixin)):
    """The class of `Portfolio`, with metrics and subplots of its own."""

    def __getattr__(cls, name: str):
        raise AttributeError(f"vectorbt's {cls.__name__} has no attribute {name!r}")


class Portfolio(
    PortfolioPlots,
    Wrapping,
    StatsBuilderMixin,
    PlotsBuilderMixin,
    Constructors,
    metaclass=MetaPortfolio,
):
    """The account that a matrix of signals or orders leaves, column by column or by group.

    Made by the class methods `from_*`. Everything else is computed when it is asked for: pandas
    objects with the labels of the inputs. Indexing selects columns, or groups where there are
    some.

    wrapper: the labels. close: last prices, an array or table that broadcasts to them.
    order_records, log_records: structured arrays (no logs: None). init_cash: per column, or per
    group with `cash_sharing`; a Python int is a mode of `InitCashMode`. call_seq: places within
    the groups in the order in which they traded. fillna_close: missing prices count as the last
    known. trades_type: what `trades` are. engine: see the original. extensions: see
    `extensions.py`.
    """

    def __init__(
        self,
        wrapper: ArrayWrapper,
        close,
        order_records: np.ndarray,
        log_records: np.ndarray | None,
        init_cash,
        cash_sharing: bool,
        call_seq=None,
        fillna_close: bool | None = None,
        trades_type=None,
        engine: str | None = None,
        extensions: Extensions | None = None,
    ) -> None:
        Wrapping.__init__(
            self,
            wrapper,
            close=close,
            order_records=order_records,
            log_records=log_records,
            init_cash=init_cash,
            cash_sharing=cash_sharing,
            call_seq=call_seq,
            fillna_close=fillna_close,
            trades_type=trades_type,
            engine=engine,
            extensions=extensions,
        )
        StatsBuilderMixin.__init__(self)
        PlotsBuilderMixin.__init__(self)
        self._given_close = _as_table(close, wrapper)
        self._order_records = order_records
        self._log_records = log_records
        self._init_cash = init_cash
        self._cash_sharing = cash_sharing
        self._call_seq = call_seq
        self._fillna_close = bool(rules.default("fillna_close", fillna_close))
        trades_type = rules.default("trades_type", trades_type)
        self._trades_type = rules.number_of("trades_type", enums.TradesType, trades_type)
        self._engine = engine
        self._extensions = extensions

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(type(self), name)

    def indexing_func(self, pd_indexing_func, **kwargs) -> Any:
        wrapper, _, group_idxs, col_idxs = self.wrapper.indexing_func_meta(
            pd_indexing_func, column_only_select=True, **kwargs
        )
        chosen = np.atleast_1d(col_idxs)
        close = self._given_close
        logs = self._log_records
        if logs is not None:
            logs = self.get_logs().get_by_col_idxs(col_idxs)
        extensions = self._extensions
        if extensions is not None:
            origins = self.get_order_origins().get_by_col_idxs(col_idxs)
            extensions = extensions.columns(origins, chosen)
        init_cash = self._init_cash
        if not isinstance(init_cash, int):
            cash = np.atleast_1d(np.asarray(init_cash))
            init_cash = cash[group_idxs if self.cash_sharing else col_idxs]
        return self.replace(
            wrapper=wrapper,
            close=close[:, chosen] if close.shape[1] > 1 else close,
            order_records=self.get_orders().get_by_col_idxs(col_idxs),
            log_records=None
            if self._log_records is None
            else self.get_logs().get_by_col_idxs(col_idxs),
            init_cash=init_cash,
            call_seq=None if self._call_seq is None else np.asarray(self._call_seq)[:, chosen],
            extensions=extensions,
        )

    @property
    def wrapper(self) -> ArrayWrapper:
        """Labels, groups and shape; groups that share cash can only be dissolved."""
        return self._guarded_wrapper if self._cash_sharing else self._wrapper

    @kept
    def _guarded_wrapper(self) -> ArrayWrapper:
        return self._wrapper.replace(allow_enable=False, allow_modify=False)

    def regroup(self, group_by, **kwargs) -> Any:
        """With other groups, where they do not share cash; itself where nothing changes."""
        if self.cash_sharing and self.wrapper.grouper.is_grouping_modified(group_by=group_by):
            raise ValueError("groups that share cash cannot be changed: simulate them anew")
        return Wrapping.regroup(self, group_by, **kwargs)

    @property
    def engine(self) -> str | None:
        return self._engine

    @property
    def cash_sharing(self) -> bool:
        return self._cash_sharing

    @property
    def call_seq(self):
        """The order in which the columns of each group traded, row by row; None if not kept."""
        if self._call_seq is None:
            return None
        return self.wrapper.wrap(np.asarray(self._call_seq), group_by=False)

    @property
    def fillna_close(self) -> bool:
        return self._fillna_close

    @property
    def trades_type(self) -> int:
        return self._trades_type

    # Prices

    @kept
    def _account(self) -> Account:
        wrapper = self._wrapper
        return Account(
            wrapper.shape_2d,
            self._given_close,
            self._order_records,
            self._init_cash,
            wrapper.grouper.get_group_lens() if self._cash_sharing else None,
            self._fillna_close,
        )

    @kept
    def close(self):
        """Last prices; not to be written to."""
        wrapper = self._wrapper
        close = np.broadcast_to(self._given_close, wrapper.shape_2d)
        if wrapper.ndim == 1:
            return pd.Series(close[:, 0], index=wrapper.index, name=wrapper.name, copy=False)
        return pd.DataFrame(close, index=wrapper.index, columns=wrapper.columns, copy=False)

    def get_filled_close(self, wrap_kwargs=None):
        """Last prices, missing ones as the last known, the first ones as the first known."""
        close = metrics.fill_gaps(self._account.close)
        return self.wrapper.wrap(close, group_by=False, **(wrap_kwargs or {}))

    # Records

    @property
    def order_records(self) -> np.ndarray:
        return self._order_records

    @cached_property
    def orders(self) -> Any:
        return self.get_orders()

    def get_orders(self, group_by=None, **kwargs) -> Any:
        """Filled orders."""
        orders = Orders(
            self.wrapper, self._order_records, close=self.close, engine=self.engine, **kwargs
        )
        return orders.regroup(group_by)

    @cached_property
    def order_origins(self) -> OrderOrigins:
        return self.get_order_origins()

    def get_order_origins(self, group_by=None, **kwargs) -> Any:
        """An extension: what made each order, with the ids of `orders`."""
        origins = self._extended().origins
        return OrderOrigins(self.wrapper, origins, engine=self.engine, **kwargs).regroup(group_by)

    def _extended(self) -> Extensions:
        if self._extensions is None:
            raise ValueError(
                "this portfolio was made without extensions, which alone tell what made its orders "
                "and when it is liquidated: give from_signals one of " + ", ".join(ARGUMENTS)
            )
        return self._extensions

    @property
    def log_records(self) -> np.ndarray:
        if self._log_records is None:
            return np.empty(0, enums.log_dt)
        return self._log_records

    @cached_property
    def logs(self) -> Any:
        return self.get_logs()

    def get_logs(self, group_by=None, **kwargs) -> Any:
        """What became of every order, where logs were asked for."""
        return Logs(self.wrapper, self.log_records, **kwargs).regroup(group_by)

    @cached_property
    def entry_trades(self) -> EntryTrades:
        return self.get_entry_trades()

    def get_entry_trades(self, group_by=None, **kwargs) -> Any:
        """A trade for every order that opens or increases a position."""
        made = EntryTrades.from_orders(self.orders, engine=self.engine, **kwargs)
        return made.regroup(group_by)

    @cached_property
    def exit_trades(self) -> ExitTrades:
        return self.get_exit_trades()

    def get_exit_trades(self, group_by=None, **kwargs) -> Any:
        """A trade for every order that reduces a position, and for every open position."""
        made = ExitTrades.from_orders(self.orders, engine=self.engine, **kwargs)
        return made.regroup(group_by)

    @cached_property
    def positions(self) -> Positions:
        return self.get_positions()

    def get_positions(self, group_by=None, **kwargs) -> Any:
        """Positions from flat to flat."""
        made = Positions.from_trades(self.exit_trades, engine=self.engine, **kwargs)
        return made.regroup(group_by)

    @property
    def trades(self) -> Trades:
        """Exit trades, entry trades or positions, as `trades_type` says."""
        return getattr(self, self._trades_name(self.trades_type))

    def get_trades(self, group_by=None, **kwargs) -> Any:
        """Exit trades, entry trades or positions, as `trades_type` says."""
        make = getattr(self, f"get_{self._trades_name(self.trades_type)}")
        return make(group_by=group_by, **kwargs)

    @staticmethod
    def _trades_name(trades_type: int) -> str:
        if trades_type == enums.TradesType.EntryTrades:
            return "entry_trades"
        return "exit_trades" if trades_type == enums.TradesType.ExitTrades else "positions"

    @cached_property
    def drawdowns(self) -> Drawdowns:
        return self.get_drawdowns()

    def get_drawdowns(
        self, group_by=None, wrap_kwargs=None, wrapper_kwargs=None, **kwargs
    ) -> Drawdowns:
        """Falls of the value below a peak."""
        value = self.value(group_by=group_by, wrap_kwargs=wrap_kwargs)
        wrapper_kwargs = merge_dicts(self.wrapper.config, wrapper_kwargs, {"group_by": None})
        return Drawdowns.from_ts(value, wrapper_kwargs=wrapper_kwargs, engine=self.engine, **kwargs)

    # The account

    def _lengths(self, group_by) -> Lengths:
        """Columns per group; None where there are no groups. ValueError where `group_by` is not
        allowed.
        """
        grouper = self.wrapper.grouper
        if grouper.is_grouped(group_by=group_by):
            return grouper.get_group_lens(group_by=group_by)
        grouper.check_group_by(group_by=group_by)
        return None

    def _wrap(self, matrix: np.ndarray, group_by, wrap_kwargs=None) -> Any:
        return self.wrapper.wrap(matrix, group_by=group_by, **(wrap_kwargs or {}))

    def _wrap_reduced(self, array: np.ndarray, name: str, group_by, wrap_kwargs=None) -> Any:
        how = {"name_or_index": name, **(wrap_kwargs or {})}
        return self.wrapper.wrap_reduced(array, group_by=group_by, **how)

    @cached_property
    def init_cash(self):
        return self.get_init_cash()

    def get_init_cash(self, group_by=None, wrap_kwargs=None, engine=None):
        """Cash before the first row."""
        cash = self._account.initial(self._lengths(group_by))
        return self._wrap_reduced(cash, "init_cash", group_by, wrap_kwargs)

    def asset_flow(self, direction="both", wrap_kwargs=None, engine=None):
        """Units bought (sold: negative) in each row."""
        flow = self._account.asset_flow(_direction(direction))
        return self._wrap(flow, False, wrap_kwargs)

    def assets(self, direction="both", wrap_kwargs=None, engine=None):
        """Units held after each row."""
        return self._wrap(self._account.held(_direction(direction)).copy(), False, wrap_kwargs)

    def position_mask(self, direction="both", group_by=None, wrap_kwargs=None):
        """Whether anything is held after each row."""
        held = self._account.held(_direction(direction)) != 0
        together = self._account.together(held.astype(float), self._lengths(group_by)) > 0
        return self._wrap(together, group_by, wrap_kwargs)

    def position_coverage(self, direction="both", group_by=None, wrap_kwargs=None):
        """Share of the rows (and of a group's columns) in which anything is held."""
        held = self._account.held(_direction(direction)) != 0
        lengths = self._lengths(group_by)
        share = held.mean(axis=0)
        if lengths is not None:
            share = self._account.together(share[None, :], lengths)[0] / lengths
        return self._wrap_reduced(share, "position_coverage", group_by, wrap_kwargs)

    def asset_value(self, direction="both", group_by=None, wrap_kwargs=None, engine=None):
        """Market value of the units held after each row."""
        account = self._account
        value = account.asset_value(_direction(direction))
        return self._wrap(account.together(value, self._lengths(group_by)), group_by, wrap_kwargs)

    def cash_flow(self, group_by=None, free=False, wrap_kwargs=None, engine=None):
        """Cash received (paid: negative) in each row; `free`: without what shorts lock."""
        flow = self._account.cash_flow(self._lengths(group_by), free)
        return self._wrap(flow, group_by, wrap_kwargs)

    def cash(self, group_by=None, in_sim_order=False, free=False, wrap_kwargs=None, engine=None):
        """Cash after each row."""
        if self._in_sequence(group_by, in_sim_order):
            cash = self._account.cash_in_sequence(self._call_seq, free)
        else:
            cash = self._account.cash(self._lengths(group_by), free)
        return self._wrap(cash, group_by, wrap_kwargs)

    def liquidation_price(self, wrap_kwargs=None):
        """An extension: the price at which the position after each row is liquidated.

        NaN where there is no position, no maintenance margin, or no such price.
        """
        account = self._account
        price = self._extended().liquidation_price(account.cash(None), account.assets)
        return self._wrap(price, False, wrap_kwargs)

    def value(self, group_by=None, in_sim_order=False, wrap_kwargs=None, engine=None):
        """Cash plus market value after each row."""
        if self._in_sequence(group_by, in_sim_order):
            value = self._account.value_in_sequence(self._call_seq)
        else:
            value = self._account.value(self._lengths(group_by)).copy()
        return self._wrap(value, group_by, wrap_kwargs)

    def returns(self, group_by=None, in_sim_order=False, wrap_kwargs=None, engine=None):
        """Simple returns of the value, row by row; the first counts from the initial cash."""
        if self._in_sequence(group_by, in_sim_order):
            returns = self._account.returns_in_sequence(self._call_seq)
        else:
            returns = self._account.returns(self._lengths(group_by))
        return self._wrap(returns, group_by, wrap_kwargs)

    def asset_returns(self, group_by=None, wrap_kwargs=None, engine=None):
        """Returns of what is held alone, whatever cash there is."""
        returns = self._account.asset_returns(self._lengths(group_by))
        return self._wrap(returns, group_by, wrap_kwargs)

    def _in_sequence(self, group_by, in_sim_order) -> bool:
        """Whether columns are shown as they traded: only where groups are taken apart."""
        if not in_sim_order:
            return False
        if not self.cash_sharing:
            raise ValueError("in_sim_order=True needs cash_sharing=True")
        if not self.wrapper.grouper.is_grouping_disabled(group_by=group_by):
            return False
        if self._call_seq is None:
            raise ValueError(
                "in_sim_order=True needs the call sequence: simulate with attach_call_seq=True"
            )
        return True

    def total_profit(self, group_by=None, wrap_kwargs=None, engine=None):
        """Profit over all rows, what is held valued at the last known close."""
        profit = self._account.profit(self._lengths(group_by))
        return self._wrap_reduced(profit, "total_profit", group_by, wrap_kwargs)

    def final_value(self, group_by=None, wrap_kwargs=None, engine=None):
        account, lengths = self._account, self._lengths(group_by)
        out = account.profit(lengths) + account.initial(lengths)
        return self._wrap_reduced(out, "final_value", group_by, wrap_kwargs)

    def total_return(self, group_by=None, wrap_kwargs=None, engine=None):
        """Total profit as a part of the initial cash."""
        account, lengths = self._account, self._lengths(group_by)
        with np.errstate(divide="ignore", invalid="ignore"):
            out = account.profit(lengths) / account.initial(lengths)
        return self._wrap_reduced(out, "total_return", group_by, wrap_kwargs)

    def gross_exposure(self, direction="both", group_by=None, wrap_kwargs=None, engine=None):
        """Absolute market value as a part of itself plus free cash."""
        lengths = self._lengths(group_by)
        exposure = self._account.gross_exposure(lengths, _direction(direction))
        return self._wrap(exposure, group_by, wrap_kwargs)

    def net_exposure(self, group_by=None, wrap_kwargs=None):
        """Gross exposure of what is held long less that of what is held short."""
        lengths = self._lengths(group_by)
        long, short = (
            self._account.gross_exposure(lengths, direction)
            for direction in (enums.Direction.LongOnly, enums.Direction.ShortOnly)
        )
        return self._wrap(long - short, group_by, wrap_kwargs)

    def benchmark_value(self, group_by=None, wrap_kwargs=None, engine=None):
        """Value of the initial cash split equally over the columns in the first row."""
        value = self._account.benchmark(self._lengths(group_by))
        return self._wrap(value, group_by, wrap_kwargs)

    def _benchmark_returns(self, group_by) -> np.ndarray:
        lengths = self._lengths(group_by)
        return metrics.returns(self._account.benchmark(lengths), self._account.initial(lengths))

    def benchmark_returns(self, group_by=None, wrap_kwargs=None, engine=None):
        return self._wrap(self._benchmark_returns(group_by), group_by, wrap_kwargs)

    benchmark_rets = benchmark_returns

    def total_benchmark_return(self, group_by=None, wrap_kwargs=None, engine=None):
        value = self._account.benchmark(self._lengths(group_by))
        out = metrics.returns(value[-1:], value[0])[0]
        return self._wrap_reduced(out, "total_benchmark_return", group_by, wrap_kwargs)

    # Ratios of the returns

    def _annual_factor(self, freq, year_freq) -> float:
        row = self.wrapper.freq if freq is None else freq_to_timedelta(freq)
        year = settings["returns"]["year_freq"] if year_freq is None else year_freq
        if row is None:
            raise ValueError(
                "the index has no frequency: pass freq=... (for example freq='D') or set "
                "settings.array_wrapper['freq']"
            )
        if year is None:
            raise ValueError("pass year_freq=... or set settings.returns['year_freq']")
        return freq_to_timedelta(year) / row

    def _ratio(self, name: str, calculation, group_by, others: dict):
        wrap_kwargs = others.pop("wrap_kwargs", None)
        others.pop("benchmark_rets", None)
        for key in others:
            raise missing(f"Portfolio.{name}({key}=...)")
        out = calculation(self._lengths(group_by))
        return self._wrap_reduced(out, name, group_by, wrap_kwargs)

    @or_of_assets("sharpe_ratio")
    def sharpe_ratio(
        self, risk_free=None, ddof=None, freq=None, year_freq=None, group_by=None, **others
    ):
        factor = self._annual_factor(freq, year_freq)
        risk_free = _return_default("risk_free", risk_free)
        ddof = _return_default("ddof", ddof)
        sums = self._account.sums
        return self._ratio(
            "sharpe_ratio",
            lambda lengths: metrics.sharpe_ratio(sums(lengths), factor, risk_free, ddof),
            group_by,
            others,
        )

    @or_of_assets("sortino_ratio")
    def sortino_ratio(
        self, required_return=None, freq=None, year_freq=None, group_by=None, **others
    ):
        factor = self._annual_factor(freq, year_freq)
        required = _return_default("required_return", required_return)
        sums = self._account.sums
        return self._ratio(
            "sortino_ratio",
            lambda lengths: metrics.sortino_ratio(sums(lengths, required), factor, required),
            group_by,
            others,
        )

    @or_of_assets("omega_ratio")
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
        sums = self._account.sums
        return self._ratio(
            "omega_ratio",
            lambda lengths: metrics.omega_ratio(sums(lengths, threshold=threshold)),
            group_by,
            others,
        )

    @or_of_assets("calmar_ratio")
    def calmar_ratio(self, freq=None, year_freq=None, group_by=None, **others):
        factor = self._annual_factor(freq, year_freq)
        sums = self._account.sums
        return self._ratio(
            "calmar_ratio",
            lambda lengths: metrics.calmar_ratio(sums(lengths), factor),
            group_by,
            others,
        )

    @or_of_assets("annualized")
    def annualized_return(self, freq=None, year_freq=None, group_by=None, **others):
        factor = self._annual_factor(freq, year_freq)
        sums = self._account.sums
        return self._ratio(
            "annualized_return",
            lambda lengths: metrics.annualized_return(sums(lengths), factor),
            group_by,
            others,
        )

    @or_of_assets("annualized_volatility")
    def annualized_volatility(
        self, levy_alpha=None, ddof=None, freq=None, year_freq=None, group_by=None, **others
    ):
        factor = self._annual_factor(freq, year_freq)
        alpha = _return_default("levy_alpha", levy_alpha)
        ddof = _return_default("ddof", ddof)
        sums = self._account.sums
        return self._ratio(
            "annualized_volatility",
            lambda lengths: metrics.annualized_volatility(sums(lengths), factor, ddof, alpha),
            group_by,
            others,
        )

    @or_of_assets("downside_risk")
    def downside_risk(
        self, required_return=None, freq=None, year_freq=None, group_by=None, **others
    ):
        factor = self._annual_factor(freq, year_freq)
        required = _return_default("required_return", required_return)
        sums = self._account.sums
        return self._ratio(
            "downside_risk",
            lambda lengths: metrics.downside_risk(sums(lengths, required), factor),
            group_by,
            others,
        )

    @or_of_assets("max_drawdown")
    def max_drawdown(self, group_by=None, **others):
        """Deepest fall of the compounded returns, negative."""
        others.pop("freq", None)
        others.pop("year_freq", None)
        sums = self._account.sums
        return self._ratio(
            "max_drawdown",
            lambda lengths: metrics.max_drawdown(sums(lengths)),
            group_by,
            others,
        )

    daily_returns = of_returns("daily_returns", "daily")
    annual_returns = of_returns("annual_returns", "annual")
    cumulative_returns = of_returns("cumulative_returns", "cumulative")
    deflated_sharpe_ratio = of_returns("deflated_sharpe_ratio")
    information_ratio = of_returns("information_ratio")
    beta = of_returns("beta")
    alpha = of_returns("alpha")
    tail_ratio = of_returns("tail_ratio")
    value_at_risk = of_returns("value_at_risk")
    cond_value_at_risk = of_returns("cond_value_at_risk")
    capture = of_returns("capture")
    up_capture = of_returns("up_capture")
    down_capture = of_returns("down_capture")
    drawdown = of_returns("drawdown")

    @property
    def returns_acc(self) -> Any:
        """The accessor of the returns; see `get_returns_acc`."""
        return self.get_returns_acc()

    def get_returns_acc(
        self,
        group_by=None,
        benchmark_rets=None,
        freq=None,
        year_freq=None,
        use_asset_returns=False,
        defaults=None,
        **kwargs,
    ) -> Any:
        """`.vbt.returns` of the returns, with those of the benchmark.

        use_asset_returns: of what is held alone. The rest as for `ReturnsAccessor`.
        """
        of = self.asset_returns if use_asset_returns else self.returns
        if benchmark_rets is None:
            benchmark_rets = self.benchmark_returns(group_by=group_by)
        return of(group_by=group_by).vbt.returns(
            benchmark_rets=benchmark_rets,
            freq=self.wrapper.freq if freq is None else freq,
            year_freq=year_freq,
            defaults=defaults,
            **kwargs,
        )

    @property
    def qs(self) -> Any:
        """quantstats on the returns; see `get_qs`."""
        return self.get_qs()

    def get_qs(
        self,
        group_by=None,
        benchmark_rets=None,
        freq=None,
        year_freq=None,
        use_asset_returns=False,
        **kwargs,
    ) -> Any:
        """The functions of quantstats on the returns; kwargs go to `QSAdapter`."""
        from ..returns.qs_adapter import QSAdapter

        accessor = self.get_returns_acc(
            group_by, benchmark_rets, freq, year_freq, use_asset_returns
        )
        return QSAdapter(accessor, **kwargs)

    def returns_stats(
        self,
        group_by=None,
        benchmark_rets=None,
        freq=None,
        year_freq=None,
        use_asset_returns=False,
        defaults=None,
        **kwargs,
    ) -> Any:
        """The table of statistics of the returns; kwargs go to `ReturnsAccessor.stats`."""
        accessor = self.get_returns_acc(
            group_by, benchmark_rets, freq, year_freq, use_asset_returns, defaults
        )
        return accessor.stats(**kwargs)

    # Statistics

    @property
    def self_aliases(self) -> set[str]:
        return {"self", "portfolio", "pf"}

    def pre_resolve_attr(self, attr: str, final_kwargs: dict | None = None) -> str:
        """`returns` and `trades` of the kind that the settings name."""
        wanted = final_kwargs or {}
        if attr == "returns" and wanted.get("use_asset_returns"):
            return "asset_returns"
        if attr == "trades" and "trades_type" in wanted:
            kind = rules.number_of("trades_type", enums.TradesType, wanted["trades_type"])
            return attr if kind == self.trades_type else self._trades_name(kind)
        return attr

    def post_resolve_attr(self, attr: str, out: Any, final_kwargs: dict | None = None) -> Any:
        """Trades without the open ones, unless the settings have `incl_open`."""
        wanted = final_kwargs or {}
        if isinstance(out, Trades) and not wanted.get("incl_open", True):
            return out.closed  # pyright: ignore[reportAttributeAccessIssue] - attached
        return out

    @property
    def stats_defaults(self) -> dict:
        own = {
            "year_freq": settings["returns"]["year_freq"],
            "trades_type": self.trades_type,
        }
        return merge_dicts(
            StatsBuilderMixin.stats_defaults.__get__(self),  # pyright: ignore
            {"settings": own},
            settings["portfolio"]["stats"],
        )

    _metrics = METRICS

    def _total_benchmark(self, benchmark_rets=None, group_by=None):
        """Compound return of the benchmark, or of the returns that the settings give for it."""
        if benchmark_rets is not None:
            return benchmark_rets.vbt.returns.total()
        sums = metrics.return_statistics(self._benchmark_returns(group_by))
        return self._wrap_reduced(metrics.compound_return(sums), "total_return", group_by)

    def _max_gross_exposure(self, group_by=None):
        exposure = self._account.gross_exposure(self._lengths(group_by))
        empty = np.isnan(exposure).all(axis=0)
        highest = np.where(empty, np.nan, np.nanmax(np.where(empty, 0.0, exposure), axis=0))
        return self._wrap_reduced(highest, "max", group_by)

    @property
    def plots_defaults(self) -> dict:
        return merge_dicts(
            PlotsBuilderMixin.plots_defaults.__get__(self),  # pyright: ignore
            {
                "settings": {
                    "year_freq": settings["returns"]["year_freq"],
                    "trades_type": self.trades_type,
                }
            },
            settings["portfolio"]["plots"],
        )

    _subplots = SUBPLOTS

    plot = PlotsBuilderMixin.plots


def _as_table(close, wrapper: ArrayWrapper) -> np.ndarray:
    """Prices as a matrix of all rows or one, all columns or one."""
    column = isinstance(close, pd.Series) or wrapper.ndim == 1
    array = to_2d_array(close, expand_axis=1 if column else 0)
    np.broadcast_shapes(array.shape, wrapper.shape_2d)
    return array


def _direction(direction) -> int:
    return rules.number_of("direction", enums.Direction, direction)


def _return_default(name: str, value):
    return settings["returns"]["defaults"][name] if value is None else value

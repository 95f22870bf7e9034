"""Trades: entry trades, exit trades and positions, made of orders."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from ....core import metrics, record_columns, records
from .._settings import settings
from ..base.reshape_fns import to_2d_array
from ..generic.ranges import METRICS_OF_COVERAGE, Ranges, chosen_columns
from ..records.decorators import attach_fields, override_field_config
from ..records.mapped_array import MappedArray
from ..records.metrics import METRICS_OF_ROWS, in_percent, metric
from ..utils.array_ import max_rel_rescale, min_rel_rescale
from ..utils.config import Config, merge_dicts
from ..utils.template import RepEval
from .enums import TradeDirection, TradeStatus, trade_dt

trades_field_config = Config(
    {
        "dtype": trade_dt,
        "settings": {
            "id": {"title": "Trade Id"},
            "idx": {"name": "exit_idx"},
            "start_idx": {"name": "entry_idx"},
            "end_idx": {"name": "exit_idx"},
            "size": {"title": "Size"},
            "entry_idx": {"title": "Entry Timestamp", "mapping": "index"},
            "entry_price": {"title": "Avg Entry Price"},
            "entry_fees": {"title": "Entry Fees"},
            "exit_idx": {"title": "Exit Timestamp", "mapping": "index"},
            "exit_price": {"title": "Avg Exit Price"},
            "exit_fees": {"title": "Exit Fees"},
            "pnl": {"title": "PnL"},
            "return": {"title": "Return"},
            "direction": {"title": "Direction", "mapping": TradeDirection},
            "status": {"title": "Status", "mapping": TradeStatus},
            "parent_id": {"title": "Position Id"},
        },
    },
    readonly=True,
    as_attrs=False,
)

trades_attach_field_config = Config(
    {
        "return": {"attach": "returns"},
        "direction": {"attach_filters": True},
        # `Ranges` have the name `closed` for their own status.
        "status": {"attach_filters": True, "on_conflict": "ignore"},
    },
    readonly=True,
    as_attrs=False,
)


def _of_closed(title: str, calculation: str, *more: str, **settings) -> dict:
    """A line over the closed trades, over all with the setting `incl_open`."""
    return metric(
        title,
        RepEval(f"'{calculation}' if incl_open else 'closed.{calculation}'"),
        RepEval(f"['trades', *incl_open_tags{''.join(f', {tag!r}' for tag in more)}]"),
        **settings,
    )


@attach_fields(trades_attach_field_config)
@override_field_config(trades_field_config)
class Trades(Ranges):
    """Trades; `close` holds the prices that open ones are valued at, if it is known."""

    def __init__(self, wrapper, records_arr, close, **kwargs) -> None:
        Ranges.__init__(self, wrapper, records_arr, close=close, **kwargs)
        self._close = close

    def indexing_func(self, pd_indexing_func, **kwargs):
        wrapper, records_arr, _, col_idxs = self.indexing_func_meta(pd_indexing_func, **kwargs)
        close = chosen_columns(self.close, wrapper, col_idxs)
        return self.replace(wrapper=wrapper, records_arr=records_arr, close=close)

    @property
    def close(self):
        return self._close

    @classmethod
    def from_ts(cls, *args, **kwargs):
        raise NotImplementedError("trades are made of orders: see from_orders")

    @cached_property
    def winning(self):
        """Trades with a profit."""
        return self.apply_mask(self.values["pnl"] > 0.0)

    @cached_property
    def losing(self):
        """Trades with a loss."""
        return self.apply_mask(self.values["pnl"] < 0.0)

    @cached_property
    def winning_streak(self) -> MappedArray:
        """How many trades in a row, up to this one, won."""
        hit = self.values["pnl"] > 0.0
        return self.map_array(record_columns.streaks(hit, self.col_mapper.by_column))

    @cached_property
    def losing_streak(self) -> MappedArray:
        """How many trades in a row, up to this one, lost."""
        hit = self.values["pnl"] < 0.0
        return self.map_array(record_columns.streaks(hit, self.col_mapper.by_column))

    # Ratios

    def _ratio(self, name: str, calculation, group_by, wrap_kwargs):
        columns = self.col_mapper.get_col_arr(group_by)
        n_columns = len(self.wrapper.get_columns(group_by=group_by))
        out = calculation(np.ascontiguousarray(self.values["pnl"]), columns, n_columns)
        how = {"name_or_index": name, **(wrap_kwargs or {})}
        return self.wrapper.wrap_reduced(out, group_by=group_by, **how)

    def win_rate(self, group_by=None, wrap_kwargs=None):
        """Share of the trades with a profit."""
        return self._ratio("win_rate", metrics.win_rate, group_by, wrap_kwargs)

    def profit_factor(self, group_by=None, wrap_kwargs=None):
        """Sum of the profits as a multiple of the sum of the losses."""
        return self._ratio("profit_factor", metrics.profit_factor, group_by, wrap_kwargs)

    def expectancy(self, group_by=None, wrap_kwargs=None):
        """Expected profit of a trade."""
        return self._ratio("expectancy", metrics.expectancy, group_by, wrap_kwargs)

    def sqn(self, group_by=None, wrap_kwargs=None):
        """System quality number: root of the count x mean profit / standard deviation."""
        return self._ratio("sqn", metrics.system_quality, group_by, wrap_kwargs)

    @property
    def stats_defaults(self):
        return merge_dicts(
            Ranges.stats_defaults.__get__(self),  # pyright: ignore
            settings["trades"]["stats"],
        )

    _metrics = Config(
        dict(
            **METRICS_OF_ROWS,
            first_trade_start=metric(
                "First Trade Start",
                "entry_idx.nth",
                ["trades", "index"],
                n=0,
                wrap_kwargs={"to_index": True},
            ),
            last_trade_end=metric(
                "Last Trade End",
                "exit_idx.nth",
                ["trades", "index"],
                n=-1,
                wrap_kwargs={"to_index": True},
            ),
            **METRICS_OF_COVERAGE,
            total_records=metric("Total Records", "count", "records"),
            **{
                f"total_{kind}_trades": metric(
                    f"Total {kind.title()} Trades", f"{kind}.count", ["trades", kind]
                )
                for kind in ("long", "short", "closed", "open")
            },
            open_trade_pnl=metric("Open Trade PnL", "open.pnl.sum", ["trades", "open"]),
            win_rate=metric(
                "Win Rate [%]",
                "closed.win_rate",
                RepEval("['trades', *incl_open_tags]"),
                post_calc_func=in_percent,
            ),
            **{
                f"{kind}_streak": _of_closed(
                    f"Max {word} Streak",
                    f"{kind}_streak.max",
                    "streak",
                    wrap_kwargs={"dtype": pd.Int64Dtype()},
                )
                for kind, word in (("winning", "Win"), ("losing", "Loss"))
            },
            best_trade=_of_closed("Best Trade [%]", "returns.max", post_calc_func=in_percent),
            worst_trade=_of_closed("Worst Trade [%]", "returns.min", post_calc_func=in_percent),
            **{
                f"avg_{kind}_trade": _of_closed(
                    f"Avg {kind.title()} Trade [%]",
                    f"{kind}.returns.mean",
                    kind,
                    post_calc_func=in_percent,
                )
                for kind in ("winning", "losing")
            },
            **{
                f"avg_{kind}_trade_duration": _of_closed(
                    f"Avg {kind.title()} Trade Duration",
                    f"{kind}.avg_duration",
                    kind,
                    "duration",
                    fill_wrap_kwargs=True,
                )
                for kind in ("winning", "losing")
            },
            profit_factor=_of_closed("Profit Factor", "profit_factor"),
            expectancy=_of_closed("Expectancy", "expectancy"),
            sqn=_of_closed("SQN", "sqn"),
        ),
        copy_kwargs={"copy_mode": "deep"},
    )

    def _details(self, chosen, fields: dict):
        """What is shown at points of chosen trades.

        fields: how numbers are written by field ("" plainly, "x" and "y" where the axis has it).
        """
        shown = {"id": "", "parent_id": "", **fields}
        if self.get_field_setting("parent_id", "ignore", False):
            del shown["parent_id"]
        details = []
        for field, written in shown.items():
            title = self.get_field_title(field)
            if written in ("x", "y"):
                details.append((title, written))
                continue
            words = field == "direction"
            values = self.get_apply_mapping_arr(field) if words else self.get_field_arr(field)
            details.append((title, values[chosen], *filter(None, [written])))
        return details

    def plot_pnl(
        self,
        column=None,
        pct_scale: bool = True,
        marker_size_range: tuple[float, float] = (7, 14),
        opacity_range: tuple[float, float] = (0.75, 0.9),
        closed_profit_trace_kwargs: dict | None = None,
        closed_loss_trace_kwargs: dict | None = None,
        open_trace_kwargs: dict | None = None,
        hline_shape_kwargs: dict | None = None,
        add_trace_kwargs: dict | None = None,
        xref: str = "x",
        yref: str = "y",
        fig=None,
        **layout_kwargs,
    ):
        """A circle for each trade at its exit, as high as its return, the larger the higher.

        pct_scale: False for the profit in money. marker_size_range, opacity_range: of the trades
        with the smallest and with the largest return. *_trace_kwargs, hline_shape_kwargs: of the
        traces and of the level of Plotly; xref, yref: the axes.
        """
        from ..generic.canvas import Canvas, contrast, marker

        own = self.select_one(column=column, group_by=False)
        canvas = Canvas(fig, add_trace_kwargs, None, xref, yref)
        if pct_scale:
            canvas.layout_axis("y", tickformat=".2%")
        canvas.fig.update_layout(**layout_kwargs)
        pnl, returns = own.get_field_arr("pnl"), own.get_field_arr("return")
        size, opacity = _by_return(np.abs(returns), tuple(marker_size_range), opacity_range)
        exits = own.get_map_field_to_index("exit_idx")
        is_open = own.get_field_arr("status") == TradeStatus.Open
        for name, chosen, hue, given in (
            ("Closed - Profit", ~is_open & (pnl > 0), "green", closed_profit_trace_kwargs),
            ("Closed - Loss", ~is_open & (pnl < 0), "red", closed_loss_trace_kwargs),
            ("Open", is_open & (pnl != 0), "orange", open_trace_kwargs),
        ):
            if chosen.any():
                height = (returns if pct_scale else pnl)[chosen]
                style = marker("circle", contrast(hue), size=size[chosen], opacity=opacity[chosen])
                details = own._details(chosen, {"exit_idx": "x", "pnl": ".6f", "return": ".2%"})
                canvas.points(name, exits[chosen], height, style, details, given)
        canvas.level(0, hline_shape_kwargs)
        return canvas.fig

    def plot(
        self,
        column=None,
        plot_zones: bool = True,
        close_trace_kwargs: dict | None = None,
        entry_trace_kwargs: dict | None = None,
        exit_trace_kwargs: dict | None = None,
        exit_profit_trace_kwargs: dict | None = None,
        exit_loss_trace_kwargs: dict | None = None,
        active_trace_kwargs: dict | None = None,
        profit_shape_kwargs: dict | None = None,
        loss_shape_kwargs: dict | None = None,
        add_trace_kwargs: dict | None = None,
        xref: str = "x",
        yref: str = "y",
        fig=None,
        **layout_kwargs,
    ):
        """Prices, and a square where each trade begins and ends; plot_zones: profits and losses
        are shaded.

        *_trace_kwargs, *_shape_kwargs: of the traces and shapes of Plotly; xref, yref: the axes.
        """
        from ..generic.canvas import Canvas, color, contrast, marker

        own = self.select_one(column=column, group_by=False)
        canvas = Canvas(fig, add_trace_kwargs, layout_kwargs, xref, yref)
        if own.close is not None:
            canvas.line(own.close, close_trace_kwargs, name="Close", line={"color": color("blue")})
        if not len(own.values):
            return canvas.fig
        entries, exits = (own.get_map_field_to_index(f"{end}_idx") for end in ("entry", "exit"))
        entry_price, exit_price = (own.get_field_arr(f"{end}_price") for end in ("entry", "exit"))
        pnl = own.get_field_arr("pnl")
        shown = {
            "size": ".6f",
            "entry_idx": "x",
            "entry_price": "y",
            "entry_fees": ".6f",
            "direction": "",
        }
        style = marker("square", contrast("blue"))
        details = own._details(slice(None), shown)
        canvas.points("Entry", entries, entry_price, style, details, entry_trace_kwargs)
        shown = {
            "size": ".6f",
            "exit_idx": "x",
            "exit_price": "y",
            "exit_fees": ".6f",
            "pnl": ".6f",
            "return": ".2%",
            "direction": "",
        }
        duration = own._as_text(own.duration.values)
        is_open = own.get_field_arr("status") == TradeStatus.Open
        for name, chosen, hue, given in (
            ("Exit", ~is_open & (pnl == 0), "gray", exit_trace_kwargs),
            ("Exit - Profit", ~is_open & (pnl > 0), "green", exit_profit_trace_kwargs),
            ("Exit - Loss", ~is_open & (pnl < 0), "red", exit_loss_trace_kwargs),
            ("Active", is_open, "orange", active_trace_kwargs),
        ):
            if chosen.any():
                style = marker("square", contrast(hue))
                details = [*own._details(chosen, shown), ("Duration", duration[chosen])]
                canvas.points(name, exits[chosen], exit_price[chosen], style, details, given)
        if plot_zones:
            for chosen, fillcolor, given in (
                (pnl > 0, "green", profit_shape_kwargs),
                (pnl < 0, "red", loss_shape_kwargs),
            ):
                sides = entries[chosen], exits[chosen]
                heights = entry_price[chosen], exit_price[chosen]
                canvas.zones(sides, fillcolor, given, heights)
        return canvas.fig

    @property
    def plots_defaults(self):
        return merge_dicts(
            Ranges.plots_defaults.__get__(self),  # pyright: ignore
            settings["trades"]["plots"],
        )

    _subplots = Config(
        {
            name: {
                "title": title,
                "yaxis_kwargs": {"title": axis},
                "check_is_not_grouped": True,
                "plot_func": name,
                "tags": "trades",
            }
            for name, title, axis in (
                ("plot", "Trades", "Price"),
                ("plot_pnl", "Trade PnL", "Trade PnL"),
            )
        },
        copy_kwargs={"copy_mode": "deep"},
    )


def _by_return(returns: np.ndarray, size_range, opacity_range) -> tuple[np.ndarray, np.ndarray]:
    """Size and opacity of markers by absolute returns; those of unknown ones are the smallest."""
    known = np.isfinite(returns)
    size, opacity = (np.full(returns.shape, ends[0], float) for ends in (size_range, opacity_range))
    if known.any():
        size[known] = min_rel_rescale(returns[known], size_range)
        opacity[known] = max_rel_rescale(returns[known], opacity_range)
    return size, opacity


def _check_ids(table) -> None:
    """Trades are made of records in the sequence of their ids within each column."""
    index, start = table.col_mapper.by_column
    ids = table.id_arr[index]
    first = np.zeros(len(ids) + 1, np.bool_)
    first[start] = True
    wrong = np.flatnonzero((ids[1:] < ids[:-1]) & ~first[1:-1])
    if len(wrong):
        raise ValueError(
            f"record {ids[wrong[0] + 1]} comes after record {ids[wrong[0]]} of the same column; "
            "sort(incl_id=True) brings them into the sequence of their ids"
        )


def _made_of_orders(cls, make, orders, close, attach_close, engine, kwargs):
    if close is None:
        close = orders.close
    if close is None:
        raise ValueError("the orders do not know their prices: pass close=...")
    _check_ids(orders)
    prices = to_2d_array(close)
    records_arr = make(orders.values, orders.col_mapper.by_column, prices[-1], len(prices))
    return cls(
        orders.wrapper,
        records_arr,
        close=close if attach_close else None,
        engine=engine,
        **kwargs,
    )


entry_trades_field_config = Config(
    {"settings": {"id": {"title": "Entry Trade Id"}, "idx": {"name": "entry_idx"}}},
    readonly=True,
    as_attrs=False,
)


@override_field_config(entry_trades_field_config)
class EntryTrades(Trades):
    """One trade per order that opens or increases a position."""

    @classmethod
    def from_orders(cls, orders, close=None, attach_close=True, engine=None, **kwargs):
        make = records.entry_trades
        return _made_of_orders(cls, make, orders, close, attach_close, engine, kwargs)


exit_trades_field_config = Config(
    {"settings": {"id": {"title": "Exit Trade Id"}}}, readonly=True, as_attrs=False
)


@override_field_config(exit_trades_field_config)
class ExitTrades(Trades):
    """One trade per order that reduces a position, and per position that is still open."""

    @classmethod
    def from_orders(cls, orders, close=None, attach_close=True, engine=None, **kwargs):
        make = records.exit_trades
        return _made_of_orders(cls, make, orders, close, attach_close, engine, kwargs)


positions_field_config = Config(
    {
        "settings": {
            "id": {"title": "Position Id"},
            "parent_id": {"title": "Parent Id", "ignore": True},
        }
    },
    readonly=True,
    as_attrs=False,
)


@override_field_config(positions_field_config)
class Positions(Trades):
    """Trades of the same position summed up: from flat to flat."""

    @classmethod
    def from_trades(cls, trades, close=None, attach_close=True, engine=None, **kwargs):
        if close is None:
            close = trades.close
        _check_ids(trades)
        values = trades.values
        if not trades.is_sorted():
            values = values[trades.col_mapper.by_column[0]]
        return cls(
            trades.wrapper,
            records.positions(values),
            close=close if attach_close else None,
            engine=engine,
            **kwargs,
        )

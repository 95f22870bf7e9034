"""What a portfolio draws: its records, and its account row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..base.reshape_fns import broadcast_to
from ..utils.config import Config, merge_dicts


def _subplot(title: str, axis: str, function: str, *tags: str, **more: Any) -> dict[str, Any]:
    return {
        "title": title,
        "yaxis_kwargs": {"title": axis},
        "plot_func": function,
        "tags": ["portfolio", *tags],
        **more,
    }


# Methods of the portfolio pass the place of their traces on.
_OWN = {"pass_add_trace_kwargs": True}
_PLACED = {**_OWN, "pass_xref": True, "pass_yref": True}
_SINGLE = {"check_is_not_grouped": True}

SUBPLOTS = Config(
    {
        "orders": _subplot("Orders", "Price", "orders.plot", "orders", **_SINGLE),
        "trades": _subplot("Trades", "Price", "trades.plot", "trades", **_SINGLE),
        "trade_pnl": _subplot("Trade PnL", "Trade PnL", "trades.plot_pnl", "trades", **_SINGLE),
        "asset_flow": _subplot(
            "Asset Flow", "Asset flow", "plot_asset_flow", "assets", **_SINGLE, **_OWN
        ),
        "cash_flow": _subplot("Cash Flow", "Cash flow", "plot_cash_flow", "cash", **_OWN),
        "assets": _subplot("Assets", "Assets", "plot_assets", "assets", **_SINGLE, **_OWN),
        "cash": _subplot("Cash", "Cash", "plot_cash", "cash", **_OWN),
        "asset_value": _subplot(
            "Asset Value", "Asset value", "plot_asset_value", "assets", "value", **_OWN
        ),
        "value": _subplot("Value", "Value", "plot_value", "value", **_OWN),
        "cum_returns": _subplot(
            "Cumulative Returns",
            "Cumulative returns",
            "plot_cum_returns",
            "returns",
            **_PLACED,
            pass_hline_shape_kwargs=True,
        ),
        "drawdowns": _subplot(
            "Drawdowns", "Value", "plot_drawdowns", "value", "drawdowns", **_PLACED
        ),
        "underwater": _subplot(
            "Underwater", "Drawdown", "plot_underwater", "value", "drawdowns", **_OWN
        ),
        "gross_exposure": _subplot(
            "Gross Exposure", "Gross exposure", "plot_gross_exposure", "exposure", **_OWN
        ),
        "net_exposure": _subplot(
            "Net Exposure", "Net exposure", "plot_net_exposure", "exposure", **_OWN
        ),
    },
    copy_kwargs={"copy_mode": "deep"},
)


class _Level(NamedTuple):
    """A dashed line at a height, in a place; given: what its shape is given further."""

    height: float
    xref: str
    yref: str
    given: dict | None

    def draw(self, fig: Any) -> None:
        from ..generic.canvas import Canvas

        Canvas(fig, xref=self.xref, yref=self.yref).level(self.height, self.given)


def _drawn(values: Any, style: dict, level: _Level, kwargs: dict) -> Any:
    """A line of values, and the level."""
    fig = values.vbt.plot(**merge_dicts({"trace_kwargs": style}, kwargs))
    level.draw(fig)
    return fig


def _drawn_against(
    values: Any,
    name: str,
    hue: str,
    areas: tuple[str, str] | None,
    level: _Level,
    kwargs: dict,
) -> Any:
    """A line of values, the level, and areas between them; areas: colors above and below."""
    from ..generic.canvas import color
    from ..utils.colors import adjust_opacity

    style: dict[str, Any] = {
        "trace_kwargs": {"line": {"color": color(hue)}, "name": name},
        "other_trace_kwargs": "hidden",
    }
    for side, area in zip(("pos", "neg"), areas or (), strict=False):
        style[f"{side}_trace_kwargs"] = {"fillcolor": adjust_opacity(color(area), 0.3)}
    fig = values.vbt.plot_against(level.height, **merge_dicts(style, kwargs))
    level.draw(fig)
    return fig


class PortfolioPlots:
    """Plots of one column or group of a portfolio.

    Arguments of all: column, the label of the column or group, where there are several; group_by,
    other groups; xref and yref, the axes; hline_shape_kwargs, of the dashed level; kwargs, for
    the plot of the records or of the Series, so also `fig`, `add_trace_kwargs`, `trace_kwargs`
    and the figure's layout.
    """

    wrapper: Any
    orders: Any
    trades: Any
    positions: Any
    get_drawdowns: Callable[..., Any]
    get_init_cash: Callable[..., Any]
    select_one_from_obj: Callable[..., Any]

    def _one(self, obj: Any, column, group_by: Any = False) -> Any:
        """The column or group of what the portfolio has computed."""
        return self.select_one_from_obj(obj, self.wrapper.regroup(group_by), column=column)

    def plot_orders(self, column=None, **kwargs) -> Any:
        """See `Orders.plot`."""
        return self.orders.regroup(False).plot(column=column, **kwargs)

    def plot_trades(self, column=None, **kwargs) -> Any:
        """See `Trades.plot`."""
        return self.trades.regroup(False).plot(column=column, **kwargs)

    def plot_trade_pnl(self, column=None, **kwargs) -> Any:
        """See `Trades.plot_pnl`."""
        return self.trades.regroup(False).plot_pnl(column=column, **kwargs)

    def plot_positions(self, column=None, **kwargs) -> Any:
        """See `Trades.plot`."""
        return self.positions.regroup(False).plot(column=column, **kwargs)

    def plot_position_pnl(self, column=None, **kwargs) -> Any:
        """See `Trades.plot_pnl`."""
        return self.positions.regroup(False).plot_pnl(column=column, **kwargs)

    def plot_asset_flow(
        self,
        column=None,
        direction="both",
        xref: str = "x",
        yref: str = "y",
        hline_shape_kwargs: dict | None = None,
        **kwargs,
    ) -> Any:
        """Units bought and sold in each row."""
        from ..generic.canvas import color

        flow = self._one(self.asset_flow(direction=direction), column)  # pyright: ignore
        style = {"line": {"color": color("brown")}, "name": "Assets"}
        return _drawn(flow, style, _Level(0, xref, yref, hline_shape_kwargs), kwargs)

    def plot_cash_flow(
        self,
        column=None,
        group_by=None,
        free: bool = False,
        xref: str = "x",
        yref: str = "y",
        hline_shape_kwargs: dict | None = None,
        **kwargs,
    ) -> Any:
        """Cash that comes and goes in each row; free: without what short positions hold."""
        from ..generic.canvas import color

        flow = self.cash_flow(group_by=group_by, free=free)  # pyright: ignore
        flow = self._one(flow, column, group_by)
        style = {"line": {"color": color("green")}, "name": "Cash"}
        return _drawn(flow, style, _Level(0, xref, yref, hline_shape_kwargs), kwargs)

    def plot_assets(
        self,
        column=None,
        direction="both",
        xref: str = "x",
        yref: str = "y",
        hline_shape_kwargs: dict | None = None,
        **kwargs,
    ) -> Any:
        """Units held after each row."""
        held = self._one(self.assets(direction=direction), column)  # pyright: ignore
        areas = "brown", "orange"
        level = _Level(0, xref, yref, hline_shape_kwargs)
        return _drawn_against(held, "Assets", "brown", areas, level, kwargs)

    def plot_cash(
        self,
        column=None,
        group_by=None,
        free: bool = False,
        xref: str = "x",
        yref: str = "y",
        hline_shape_kwargs: dict | None = None,
        **kwargs,
    ) -> Any:
        """Cash after each row, and the initial cash; free: without what short positions hold."""
        before = self._one(self.get_init_cash(group_by=group_by), column, group_by)
        cash = self.cash(group_by=group_by, free=free)  # pyright: ignore
        cash = self._one(cash, column, group_by)
        areas = "green", "red"
        level = _Level(before, xref, yref, hline_shape_kwargs)
        return _drawn_against(cash, "Cash", "green", areas, level, kwargs)

    def plot_asset_value(
        self,
        column=None,
        group_by=None,
        direction="both",
        xref: str = "x",
        yref: str = "y",
        hline_shape_kwargs: dict | None = None,
        **kwargs,
    ) -> Any:
        """Market value of what is held after each row."""
        value = self.asset_value(direction=direction, group_by=group_by)  # pyright: ignore
        value = self._one(value, column, group_by)
        areas = "cyan", "orange"
        level = _Level(0, xref, yref, hline_shape_kwargs)
        return _drawn_against(value, "Asset Value", "cyan", areas, level, kwargs)

    def plot_value(
        self,
        column=None,
        group_by=None,
        xref: str = "x",
        yref: str = "y",
        hline_shape_kwargs: dict | None = None,
        **kwargs,
    ) -> Any:
        """Cash and market value after each row, and the initial cash."""
        before = self._one(self.get_init_cash(group_by=group_by), column, group_by)
        value = self._one(self.value(group_by=group_by), column, group_by)  # pyright: ignore
        level = _Level(before, xref, yref, hline_shape_kwargs)
        return _drawn_against(value, "Value", "purple", None, level, kwargs)

    def plot_cum_returns(
        self,
        column=None,
        group_by=None,
        benchmark_rets=None,
        use_asset_returns: bool = False,
        **kwargs,
    ) -> Any:
        """What 1 grows to, and what it grows to with the benchmark.

        benchmark_rets: other returns than `benchmark_returns`. use_asset_returns: of what is held
        alone. kwargs: of `.vbt.returns.plot_cumulative`.
        """
        from ..generic.canvas import color

        if benchmark_rets is None:
            benchmark_rets = self.benchmark_returns(group_by=group_by)  # pyright: ignore
        else:
            benchmark_rets = broadcast_to(benchmark_rets, self.wrapper.dummy(group_by=group_by))
        of: Any = getattr(self, "asset_returns" if use_asset_returns else "returns")
        style = {
            "benchmark_rets": self._one(benchmark_rets, column, group_by),
            "main_kwargs": {"trace_kwargs": {"line": {"color": color("purple")}, "name": "Value"}},
        }
        returns = self._one(of(group_by=group_by), column, group_by)
        return returns.vbt.returns.plot_cumulative(**merge_dicts(style, kwargs))

    def plot_drawdowns(self, column=None, group_by=None, **kwargs) -> Any:
        """Drawdowns of the value; see `Drawdowns.plot`."""
        from ..generic.canvas import color

        style = {"ts_trace_kwargs": {"line": {"color": color("purple")}, "name": "Value"}}
        drawdowns = self.get_drawdowns(group_by=group_by)
        return drawdowns.plot(column=column, **merge_dicts(style, kwargs))

    def plot_underwater(
        self,
        column=None,
        group_by=None,
        xref: str = "x",
        yref: str = "y",
        hline_shape_kwargs: dict | None = None,
        **kwargs,
    ) -> Any:
        """How far the value is below its peak."""
        from ..generic.canvas import Canvas, color
        from ..utils.colors import adjust_opacity

        fall = self._one(self.drawdown(group_by=group_by), column, group_by)  # pyright: ignore
        style = {
            "line": {"color": color("red")},
            "fillcolor": adjust_opacity(color("red"), 0.3),
            "fill": "tozeroy",
            "name": "Drawdown",
        }
        fig = _drawn(fall, style, _Level(0, xref, yref, hline_shape_kwargs), kwargs)
        Canvas(fig, yref=yref).layout_axis("y", tickformat="%")
        return fig

    def plot_gross_exposure(
        self,
        column=None,
        group_by=None,
        direction="both",
        xref: str = "x",
        yref: str = "y",
        hline_shape_kwargs: dict | None = None,
        **kwargs,
    ) -> Any:
        """Absolute market value as a part of the value."""
        exposure = self.gross_exposure(direction=direction, group_by=group_by)  # pyright: ignore
        exposure = self._one(exposure, column, group_by)
        areas = "orange", "pink"
        level = _Level(1, xref, yref, hline_shape_kwargs)
        return _drawn_against(exposure, "Exposure", "pink", areas, level, kwargs)

    def plot_net_exposure(
        self,
        column=None,
        group_by=None,
        xref: str = "x",
        yref: str = "y",
        hline_shape_kwargs: dict | None = None,
        **kwargs,
    ) -> Any:
        """Market value, that of short positions negative, as a part of the value."""
        exposure = self.net_exposure(group_by=group_by)  # pyright: ignore
        exposure = self._one(exposure, column, group_by)
        areas = "pink", "orange"
        level = _Level(0, xref, yref, hline_shape_kwargs)
        return _drawn_against(exposure, "Exposure", "pink", areas, level, kwargs)

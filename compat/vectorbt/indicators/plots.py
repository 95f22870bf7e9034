"""`plot` of the indicators that come with VectorBT.

Arguments of all: column, the label of the column, where there are several; NAME_trace_kwargs, of
the trace of Plotly; add_trace_kwargs, where traces go in the figure; fig, the figure to draw
into, else a new one; layout_kwargs, of its layout.
"""

from __future__ import annotations

from typing import Any

import numpy as np

#: Ends of the range of an oscillator, with room for the line.
_FROM_0_TO_100 = [-5, 105]


def plot_ma(
    self,
    column=None,
    plot_close: bool = True,
    close_trace_kwargs: dict | None = None,
    ma_trace_kwargs: dict | None = None,
    add_trace_kwargs: dict | None = None,
    fig: Any = None,
    **layout_kwargs,
) -> Any:
    """The average, and prices unless `plot_close=False`."""
    from ..generic.canvas import Canvas

    own = self.select_one(column=column)
    canvas = Canvas(fig, add_trace_kwargs, layout_kwargs)
    if plot_close:
        _close(canvas, own, close_trace_kwargs)
    canvas.line(own.ma, ma_trace_kwargs, name="MA")
    return canvas.fig


def plot_mstd(
    self,
    column=None,
    mstd_trace_kwargs: dict | None = None,
    add_trace_kwargs: dict | None = None,
    fig: Any = None,
    **layout_kwargs,
) -> Any:
    """The standard deviation."""
    from ..generic.canvas import Canvas

    canvas = Canvas(fig, add_trace_kwargs, layout_kwargs)
    canvas.line(self.select_one(column=column).mstd, mstd_trace_kwargs, name="MSTD")
    return canvas.fig


def plot_bbands(
    self,
    column=None,
    plot_close: bool = True,
    close_trace_kwargs: dict | None = None,
    middle_trace_kwargs: dict | None = None,
    upper_trace_kwargs: dict | None = None,
    lower_trace_kwargs: dict | None = None,
    add_trace_kwargs: dict | None = None,
    fig: Any = None,
    **layout_kwargs,
) -> Any:
    """The bands and what is between them, and prices unless `plot_close=False`."""
    from ..generic.canvas import Canvas, color
    from ..utils.colors import adjust_opacity

    own = self.select_one(column=column)
    canvas = Canvas(fig, add_trace_kwargs, layout_kwargs)
    band = {"line": {"color": adjust_opacity(color("gray"), 0.75)}}
    area = {"fill": "tonexty", "fillcolor": "rgba(128, 128, 128, 0.2)"}
    canvas.line(own.lower, lower_trace_kwargs, name="Lower Band", **band)
    canvas.line(own.upper, upper_trace_kwargs, name="Upper Band", **band, **area)
    canvas.line(own.middle, middle_trace_kwargs, name="Middle Band")
    if plot_close:
        _close(canvas, own, close_trace_kwargs)
    return canvas.fig


def plot_rsi(
    self,
    column=None,
    levels: tuple[float, float] = (30, 70),
    rsi_trace_kwargs: dict | None = None,
    add_trace_kwargs: dict | None = None,
    xref: str = "x",
    yref: str = "y",
    fig: Any = None,
    **layout_kwargs,
) -> Any:
    """The index, and the zone between two levels; xref, yref: the axes."""
    canvas = _oscillator(fig, add_trace_kwargs, xref, yref, layout_kwargs)
    rsi = self.select_one(column=column).rsi
    canvas.line(rsi, rsi_trace_kwargs, name="RSI")
    _zone(canvas, rsi, levels)
    return canvas.fig


def plot_stoch(
    self,
    column=None,
    levels: tuple[float, float] = (30, 70),
    percent_k_trace_kwargs: dict | None = None,
    percent_d_trace_kwargs: dict | None = None,
    shape_kwargs: dict | None = None,
    add_trace_kwargs: dict | None = None,
    xref: str = "x",
    yref: str = "y",
    fig: Any = None,
    **layout_kwargs,
) -> Any:
    """Both lines, and the zone (shape_kwargs) between two levels; xref, yref: the axes."""
    own = self.select_one(column=column)
    canvas = _oscillator(fig, add_trace_kwargs, xref, yref, layout_kwargs)
    canvas.line(own.percent_k, percent_k_trace_kwargs, name="%K")
    canvas.line(own.percent_d, percent_d_trace_kwargs, name="%D")
    _zone(canvas, own.percent_k, levels, shape_kwargs)
    return canvas.fig


def plot_macd(
    self,
    column=None,
    macd_trace_kwargs: dict | None = None,
    signal_trace_kwargs: dict | None = None,
    hist_trace_kwargs: dict | None = None,
    add_trace_kwargs: dict | None = None,
    fig: Any = None,
    engine: str | None = None,
    **layout_kwargs,
) -> Any:
    """Both lines, and their difference as bars: paler where it comes closer to 0."""
    from ..generic.canvas import Canvas
    from ..utils.figure import go

    own = self.select_one(column=column)
    canvas = Canvas(fig, add_trace_kwargs, layout_kwargs, new_layout={"bargap": 0})
    canvas.line(own.macd, macd_trace_kwargs, name="MACD")
    canvas.line(own.signal, signal_trace_kwargs, name="Signal")
    hist = own.hist
    style = {"color": _colors_of_bars(hist.to_numpy()), "line": {"width": 0}}
    bars = go.Bar(x=hist.index, y=hist.to_numpy(), name="Histogram", marker=style)
    canvas.add(bars, hist_trace_kwargs)
    return canvas.fig


def plot_atr(
    self,
    column=None,
    tr_trace_kwargs: dict | None = None,
    atr_trace_kwargs: dict | None = None,
    add_trace_kwargs: dict | None = None,
    fig: Any = None,
    **layout_kwargs,
) -> Any:
    """The true range and its average."""
    from ..generic.canvas import Canvas

    own = self.select_one(column=column)
    canvas = Canvas(fig, add_trace_kwargs, layout_kwargs)
    canvas.line(own.tr, tr_trace_kwargs, name="TR")
    canvas.line(own.atr, atr_trace_kwargs, name="ATR")
    return canvas.fig


def plot_obv(
    self,
    column=None,
    obv_trace_kwargs: dict | None = None,
    add_trace_kwargs: dict | None = None,
    fig: Any = None,
    **layout_kwargs,
) -> Any:
    """The volume added up."""
    from ..generic.canvas import Canvas

    canvas = Canvas(fig, add_trace_kwargs, layout_kwargs)
    canvas.line(self.select_one(column=column).obv, obv_trace_kwargs, name="OBV")
    return canvas.fig


def _close(canvas: Any, own: Any, given: dict | None) -> None:
    from ..generic.canvas import color

    canvas.line(own.close, given, name="Close", line={"color": color("blue")})


def _oscillator(fig, add_trace_kwargs, xref: str, yref: str, layout: dict) -> Any:
    """A canvas whose y axis goes from 0 to 100, unless the layout says otherwise."""
    from ..generic.canvas import Canvas

    canvas = Canvas(fig, add_trace_kwargs, None, xref, yref)
    canvas.layout_axis("y", range=_FROM_0_TO_100)
    canvas.fig.update_layout(**layout)
    return canvas


def _zone(canvas: Any, line: Any, levels: tuple[float, float], given: dict | None = None) -> None:
    """What is between two levels, as long as the line."""
    low, high = levels
    canvas.zones(([line.index[0]], [line.index[-1]]), "purple", given, ([low], [high]))


def _colors_of_bars(values: np.ndarray) -> np.ndarray:
    """Green above 0 and red below, pale where the bar before was further away."""
    from ..utils.colors import adjust_opacity

    change = np.diff(values, prepend=np.nan)
    out = np.full(values.shape, adjust_opacity("silver", 0.75), dtype=object)
    for where, name in (
        ((values > 0) & (change > 0), "green"),
        ((values > 0) & (change <= 0), "lightgreen"),
        ((values < 0) & (change < 0), "red"),
        ((values < 0) & (change >= 0), "lightcoral"),
    ):
        out[where] = adjust_opacity(name, 0.75)
    return out

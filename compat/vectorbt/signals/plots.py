"""`plot` of the generators of stops: their markers over the bars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def plotting_with_bars(plot_markers: Callable[..., Any]) -> Callable[..., Any]:
    """`plot` of stops by bars; plot_markers: of signals alone."""

    def plot(
        self,
        plot_type: Any = None,
        ohlc_kwargs: dict | None = None,
        entry_trace_kwargs: dict | None = None,
        exit_trace_kwargs: dict | None = None,
        add_trace_kwargs: dict | None = None,
        fig: Any = None,
        **layout_kwargs,
    ) -> Any:
        """Bars, entries at their open, exits at the price of the stop with its kind.

        plot_type: "OHLC", "Candlestick" or a trace of Plotly, by default that of the settings;
        ohlc_kwargs: of that trace.
        """
        from ..generic.canvas import Canvas
        from ..ohlcv_accessors import BARS_LAYOUT, trace_of_bars

        if self.wrapper.ndim > 1:
            raise TypeError("there are several columns: select one by indexing first")
        canvas = Canvas(fig, add_trace_kwargs, layout_kwargs, new_layout=BARS_LAYOUT)
        index = self.wrapper.index
        bars = trace_of_bars(plot_type, index, self.open, self.high, self.low, self.close)
        canvas.add(bars, ohlc_kwargs)
        plot_markers(
            self,
            entry_y=self.open,
            exit_y=self.stop_price,
            exit_types=self.stop_type_readable,
            entry_trace_kwargs=entry_trace_kwargs,
            exit_trace_kwargs=exit_trace_kwargs,
            add_trace_kwargs=add_trace_kwargs,
            fig=canvas.fig,
        )
        return canvas.fig

    return plot

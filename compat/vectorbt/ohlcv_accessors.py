"""`DataFrame.vbt.ohlcv` (and `.ohlc`): bars in columns that have names."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ...core import array_columns as columns
from ._settings import settings
from .generic.accessors import GenericAccessor, GenericDFAccessor
from .root_accessors import register_dataframe_vbt_accessor
from .utils.config import Config, merge_dicts

#: Layout of new figures of bars.
BARS_LAYOUT = {
    "showlegend": True,
    "xaxis": {"rangeslider_visible": False, "showgrid": True},
    "yaxis": {"showgrid": True},
}


def trace_of_bars(plot_type: Any, index: pd.Index, open, high, low, close) -> Any:
    """Bars as a trace of Plotly.

    plot_type: "OHLC", "Candlestick" or the class of another trace; None is that of the settings.
    """
    from .utils.figure import go

    kinds = {"OHLC": go.Ohlc, "Candlestick": go.Candlestick}
    kind = settings["ohlcv"]["plot_type"] if plot_type is None else plot_type
    name: Any = kind
    if isinstance(kind, str):
        name = {known.lower(): known for known in kinds}.get(kind.lower())
        if name is None:
            raise ValueError(f"plot_type is {kind!r}: bars are 'OHLC' or 'Candlestick'")
        kind = kinds[name]
    colors = settings["plotting"]["color_schema"]
    return kind(
        x=index,
        open=open,
        high=high,
        low=low,
        close=close,
        name=name,
        **{way: {"line": {"color": colors[way]}} for way in ("increasing", "decreasing")},
    )


def _first_known(values: np.ndarray) -> Any:
    """The first value that is not NaN, row by row."""
    return columns.fill_backward(np.asarray(values, np.float64).reshape(-1, 1))[0, 0]


def _last_known(values: np.ndarray) -> Any:
    return columns.fill_forward(np.asarray(values, np.float64).reshape(-1, 1))[-1, 0]


_CALCULATIONS = {
    "first": ("First", _first_known),
    "lowest": ("Lowest", np.min),
    "highest": ("Highest", np.max),
    "last": ("Last", _last_known),
}


def _metrics_of(attribute: str, word: str) -> dict[str, dict]:
    """Lines of `stats` about an attribute of the accessor."""

    def line(title: str, calculation: Any) -> dict:
        return {
            "title": f"{title} {word}",
            "calc_func": lambda self: calculation(getattr(self, attribute).to_numpy()),
            "tags": ["ohlcv", attribute],
        }

    return {f"{name}_{word.lower()}": line(*how) for name, how in _CALCULATIONS.items()}


@register_dataframe_vbt_accessor("ohlc")
@register_dataframe_vbt_accessor("ohlcv")
class OHLCVDFAccessor(GenericDFAccessor):
    """Bars in a table. column_names: of `open`, `high`, `low`, `close` and `volume`, where they
    are others than those of the settings; upper and lower case are the same.
    """

    def __init__(self, obj, column_names: dict | None = None, **kwargs) -> None:
        self._column_names = column_names
        GenericDFAccessor.__init__(self, obj, column_names=column_names, **kwargs)

    @property
    def column_names(self) -> dict:
        return merge_dicts(settings["ohlcv"]["column_names"], self._column_names)

    def get_column(self, col_name: str) -> pd.Series | None:
        """A column by what it is ("open", ...); None where there is none."""
        names = self.obj.columns.str.lower().tolist()
        wanted = self.column_names[col_name].lower()
        return self.obj.iloc[:, names.index(wanted)] if wanted in names else None

    open = property(lambda self: self.get_column("open"))
    high = property(lambda self: self.get_column("high"))
    low = property(lambda self: self.get_column("low"))
    close = property(lambda self: self.get_column("close"))
    volume = property(lambda self: self.get_column("volume"))

    @property
    def ohlc(self) -> pd.DataFrame | None:
        """The columns of prices that are there."""
        found = [self.get_column(name) for name in ("open", "high", "low", "close")]
        found = [column for column in found if column is not None]
        return pd.concat(found, axis=1) if found else None

    @property
    def stats_defaults(self) -> dict:
        """Arguments of `stats` that are left out."""
        return merge_dicts(GenericAccessor.stats_defaults.__get__(self), settings["ohlcv"]["stats"])

    _metrics: ClassVar[Config] = Config(
        {
            **{name: GenericAccessor._metrics[name] for name in ("start", "end", "period")},
            **_metrics_of("ohlc", "Price"),
            **_metrics_of("volume", "Volume"),
        },
        copy_kwargs={"copy_mode": "deep"},
    )

    @property
    def metrics(self) -> Config:
        return self._metrics

    def plot(
        self,
        plot_type: Any = None,
        show_volume: bool | None = None,
        ohlc_kwargs: dict | None = None,
        volume_kwargs: dict | None = None,
        ohlc_add_trace_kwargs: dict | None = None,
        volume_add_trace_kwargs: dict | None = None,
        fig: Any = None,
        **layout_kwargs,
    ) -> Any:
        """Bars, and below them the volume where there is one, unless `show_volume=False`.

        plot_type: see `trace_of_bars`. ohlc_kwargs, volume_kwargs: of the traces of Plotly;
        *_add_trace_kwargs: where they go in the figure.
        """
        from .utils.figure import go, make_figure, make_subplots

        volume = self.volume
        if show_volume is None:
            show_volume = volume is not None
        if fig is None:
            fig = make_figure()
            if show_volume:
                fig = make_subplots(
                    rows=2, cols=1, shared_xaxes=True, vertical_spacing=0, row_heights=[0.7, 0.3]
                )
                below = {"showgrid": True}
                fig.update_layout(xaxis2=below, yaxis2=below, bargap=0)
            fig.update_layout(**BARS_LAYOUT)
        fig.update_layout(**layout_kwargs)
        bars = trace_of_bars(
            plot_type, self.wrapper.index, self.open, self.high, self.low, self.close
        )
        above = {"row": 1, "col": 1} if show_volume else {}
        fig.add_trace(
            bars.update(**(ohlc_kwargs or {})), **merge_dicts(above, ohlc_add_trace_kwargs)
        )
        if show_volume:
            colors = settings["plotting"]["color_schema"]
            rise = np.sign(self.close.to_numpy() - self.open.to_numpy())
            hues = np.full(rise.shape, None, object)
            for sign, name in ((1, "increasing"), (0, "gray"), (-1, "decreasing")):
                hues[rise == sign] = colors[name]
            trace = go.Bar(
                x=self.wrapper.index,
                y=volume,
                marker={"color": hues, "line": {"width": 0}},
                opacity=0.5,
                name="Volume",
            )
            place = merge_dicts({"row": 2, "col": 1}, volume_add_trace_kwargs)
            fig.add_trace(trace.update(**(volume_kwargs or {})), **place)
        return fig

    @property
    def plots_defaults(self) -> dict:
        """Arguments of `plots` that are left out."""
        return merge_dicts(GenericAccessor.plots_defaults.__get__(self), settings["ohlcv"]["plots"])

    _subplots: ClassVar[Config] = Config(
        {
            "plot": {
                "title": "OHLC",
                "xaxis_kwargs": {"showgrid": True, "rangeslider_visible": False},
                "yaxis_kwargs": {"showgrid": True},
                "check_is_not_grouped": True,
                "plot_func": "plot",
                "show_volume": False,
                "tags": "ohlcv",
            }
        },
        copy_kwargs={"copy_mode": "deep"},
    )

    @property
    def subplots(self) -> Config:
        return self._subplots

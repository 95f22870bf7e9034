"""`.vbt.ohlcv` and `.vbt.ohlc`: tables whose columns are those of bars."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ...core import array_columns as columns
from ._settings import settings
from .generic.accessors import GenericAccessor, GenericDFAccessor
from .records.metrics import METRICS_OF_ROWS, metric
from .root_accessors import register_dataframe_vbt_accessor
from .utils.config import Config, merge_dicts

__all__ = ["OHLCVDFAccessor", "first_price", "first_volume", "last_price", "last_volume"]

_PRICES = ("open", "high", "low", "close")

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


def first_price(ohlc: pd.DataFrame, engine: str | None = None) -> float:
    """The first price that is known, reading rows from the left."""
    return columns.fill_backward_series(ohlc.values.flatten())[0]


def last_price(ohlc: pd.DataFrame, engine: str | None = None) -> float:
    """The last price that is known."""
    return columns.fill_forward_series(ohlc.values.flatten())[-1]


def first_volume(volume: pd.Series, engine: str | None = None) -> float:
    """The first volume that is known."""
    return columns.fill_backward_series(np.asarray(volume.values))[0]


def last_volume(volume: pd.Series, engine: str | None = None) -> float:
    """The last volume that is known."""
    return columns.fill_forward_series(np.asarray(volume.values))[-1]


def _price(title: str, calc_func: Any) -> dict:
    return metric(title, calc_func, ["ohlcv", "ohlc"], resolve_ohlc=True)


def _volume(title: str, calc_func: Any) -> dict:
    return metric(title, calc_func, ["ohlcv", "volume"], resolve_volume=True)


@register_dataframe_vbt_accessor("ohlc")
@register_dataframe_vbt_accessor("ohlcv")
class OHLCVDFAccessor(GenericDFAccessor):
    """What `.vbt.ohlcv` does with a table of bars.

    column_names: what its columns are called, by open, high, low, close and volume, where it is
    not as in `settings["ohlcv"]["column_names"]`; upper and lower case are the same.
    """

    def __init__(self, obj, column_names: dict | None = None, **kwargs) -> None:
        self._column_names = column_names
        GenericDFAccessor.__init__(self, obj, column_names=column_names, **kwargs)

    @property
    def column_names(self) -> dict:
        return merge_dicts(settings["ohlcv"]["column_names"], self._column_names)

    def get_column(self, col_name: str) -> Any:
        """One of open, high, low, close and volume; None if the table has no such column."""
        known = self.obj.columns.str.lower().tolist()
        name = self.column_names[col_name].lower()
        return self.obj.iloc[:, known.index(name)] if name in known else None

    @property
    def open(self) -> Any:
        return self.get_column("open")

    @property
    def high(self) -> Any:
        return self.get_column("high")

    @property
    def low(self) -> Any:
        return self.get_column("low")

    @property
    def close(self) -> Any:
        return self.get_column("close")

    @property
    def ohlc(self) -> Any:
        """The columns of prices that there are; None without any."""
        found = [column for column in map(self.get_column, _PRICES) if column is not None]
        return pd.concat(found, axis=1) if found else None

    @property
    def volume(self) -> Any:
        return self.get_column("volume")

    @property
    def stats_defaults(self) -> dict:
        """Arguments of `stats` that are left out."""
        return merge_dicts(GenericAccessor.stats_defaults.__get__(self), settings["ohlcv"]["stats"])

    _metrics: ClassVar[Config] = Config(
        {
            **METRICS_OF_ROWS,
            "first_price": _price("First Price", first_price),
            "lowest_price": _price("Lowest Price", lambda ohlc: ohlc.values.min()),
            "highest_price": _price("Highest Price", lambda ohlc: ohlc.values.max()),
            "last_price": _price("Last Price", last_price),
            "first_volume": _volume("First Volume", first_volume),
            "lowest_volume": _volume("Lowest Volume", lambda volume: volume.values.min()),
            "highest_volume": _volume("Highest Volume", lambda volume: volume.values.max()),
            "last_volume": _volume("Last Volume", last_volume),
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

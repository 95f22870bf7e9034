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
from .unsupported import missing
from .utils.config import Config, merge_dicts

__all__ = ["OHLCVDFAccessor", "first_price", "first_volume", "last_price", "last_volume"]

_PRICES = ("open", "high", "low", "close")


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

    def plot(self, *args, **kwargs) -> Any:
        raise missing("OHLCVDFAccessor.plot", "Plot the columns with a library of your choice.")

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

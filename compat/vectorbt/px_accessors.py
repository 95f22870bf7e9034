"""`.vbt.px`: the functions of Plotly Express with a Series or DataFrame as their data."""

from __future__ import annotations

import functools
import inspect
from importlib import import_module
from typing import Any

import pandas as pd

from ._settings import settings
from .base.accessors import BaseAccessor, BaseDFAccessor, BaseSRAccessor
from .base.reshape_fns import to_2d_array
from .root_accessors import register_dataframe_vbt_accessor, register_series_vbt_accessor
from .utils.config import merge_dicts


def _function(express: Any, name: str) -> Any:
    """A function of Plotly Express that draws data; None if there is none of that name."""
    found = getattr(express, name, None)
    if not inspect.isfunction(found):
        return None
    return (
        found if name == "imshow" or "data_frame" in inspect.signature(found).parameters else None
    )


class PXAccessor(BaseAccessor):
    """`.vbt.px.NAME(...)` is `plotly.express.NAME(obj, ...)` with the layout of the settings."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        from .utils import figure  # noqa: F401 - says what to do where Plotly is missing

        function = _function(import_module("plotly.express"), name)
        if function is None:
            raise AttributeError(f"Plotly Express has no function {name!r} that draws data")
        return functools.partial(self._draw, function)

    def _draw(self, function: Any, *args, **kwargs) -> Any:
        from .utils.figure import make_figure

        known = settings["plotting"]["layout"]
        layout = {key: kwargs.pop(key, known.get(key)) for key in ("template", "width", "height")}
        color = kwargs.get("color")
        if isinstance(color, str) and self.obj.ndim == 2 and color in self.obj.columns:
            order = {"category_orders": {color: sorted(self.obj[color].unique())}}
            kwargs = merge_dicts(order, kwargs)
        data = self._data()
        data = to_2d_array(data) if function.__name__ == "imshow" else data
        return make_figure(function(data, *args, **layout, **kwargs), layout=layout)

    def _data(self) -> Any:
        """The object with labels that Plotly knows."""
        from .generic.plotting import clean_labels

        data = self.obj.copy(deep=False)
        if isinstance(data, pd.DataFrame):
            data.columns = clean_labels(data.columns)
        elif data.name is not None:
            data = data.rename(str(data.name))
        data.index = clean_labels(data.index)
        return data


@register_series_vbt_accessor("px")
class PXSRAccessor(PXAccessor, BaseSRAccessor):
    """`Series.vbt.px`."""

    def __init__(self, obj, **kwargs) -> None:
        BaseSRAccessor.__init__(self, obj, **kwargs)
        PXAccessor.__init__(self, obj, **kwargs)


@register_dataframe_vbt_accessor("px")
class PXDFAccessor(PXAccessor, BaseDFAccessor):
    """`DataFrame.vbt.px`."""

    def __init__(self, obj, **kwargs) -> None:
        BaseDFAccessor.__init__(self, obj, **kwargs)
        PXAccessor.__init__(self, obj, **kwargs)

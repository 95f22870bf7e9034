"""`vectorbt.plotting`: figures of plain arrays, whose values can be replaced (`update`).

Arguments of all of them: trace_kwargs, what the trace of Plotly is given further (where there is
a trace per column, also a sequence of them); add_trace_kwargs, where traces go in the figure;
fig, a figure to draw into, else a new one; layout_kwargs, of the figure's layout.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from .._settings import settings
from ..base.reshape_fns import to_2d_array
from ..utils import checks
from ..utils.array_ import renormalize
from ..utils.colors import rgb_from_cmap
from ..utils.config import Configured, resolve_dict
from ..utils.figure import go, make_figure

__all__ = ["Bar", "Box", "Gauge", "Heatmap", "Histogram", "Scatter", "TraceUpdater", "Volume"]


def clean_labels(labels: Any) -> Any:
    """Labels of one level, which is what Plotly knows: tuples as text."""
    if isinstance(labels, pd.MultiIndex):
        labels = labels.to_flat_index()
    if len(labels) and isinstance(labels[0], tuple):
        return [str(label) for label in labels]
    return labels


def _default_width() -> float | None:
    return settings["plotting"]["layout"].get("width")


class TraceUpdater:
    """Traces of a figure."""

    def __init__(self, fig: Any, traces: Sequence[Any]) -> None:
        self._fig = fig
        self._traces = tuple(traces)

    @property
    def fig(self) -> Any:
        return self._fig

    @property
    def traces(self) -> tuple:
        return self._traces

    def update(self, *args, **kwargs) -> None:
        """Replace the values."""
        raise NotImplementedError


class Gauge(Configured, TraceUpdater):
    """One number on a dial. value_range: its ends, moved by values beyond them; cmap_name: the
    color map (of Matplotlib) of the bar.
    """

    def __init__(
        self,
        value: float | None = None,
        label: str | None = None,
        value_range: tuple[float, float] | None = None,
        cmap_name: str = "Spectral",
        trace_kwargs: dict | None = None,
        add_trace_kwargs: dict | None = None,
        fig: Any = None,
        **layout_kwargs,
    ) -> None:
        Configured.__init__(
            self,
            value=value,
            label=label,
            value_range=value_range,
            cmap_name=cmap_name,
            trace_kwargs=trace_kwargs,
            add_trace_kwargs=add_trace_kwargs,
            fig=fig,
            **layout_kwargs,
        )
        if fig is None:
            fig = make_figure()
            width = _default_width()
            if width is not None:
                fig.update_layout(width=0.7 * width, height=0.5 * width, margin={"t": 80})
        fig.update_layout(**layout_kwargs)
        dial = go.Indicator(
            domain={"x": [0, 1], "y": [0, 1]}, mode="gauge+number+delta", title={"text": label}
        )
        fig.add_trace(dial.update(**(trace_kwargs or {})), **(add_trace_kwargs or {}))
        TraceUpdater.__init__(self, fig, fig.data[-1:])
        self._value_range = value_range
        self._cmap_name = cmap_name
        if value is not None:
            self.update(value)

    @property
    def value_range(self) -> tuple[float, float] | None:
        return self._value_range

    @property
    def cmap_name(self) -> str:
        return self._cmap_name

    def update(self, value: float) -> None:
        """Show another value, and how far it is from the one before."""
        ends = self.value_range or (value, value)
        self._value_range = ends = min(ends[0], value), max(ends[1], value)
        dial = self.traces[0]
        with self.fig.batch_update():
            dial.gauge.axis.range = ends
            if self.cmap_name is not None:
                dial.gauge.bar.color = rgb_from_cmap(self.cmap_name, value, ends)
            dial.delta.reference = dial.value
            dial.value = value


class _PerColumn(Configured, TraceUpdater):
    """One trace for each column of the data, or for each name where values come later."""

    #: Layout of new figures.
    _new_layout: dict = {}  # noqa: RUF012

    def _new_trace(self, n_traces: int, **common) -> Any:
        """A trace without values; common: name and `showlegend`."""
        raise NotImplementedError

    def _set_values(self, trace: Any, values: np.ndarray) -> None:
        raise NotImplementedError

    def _draw(self, data, trace_names, trace_kwargs, add_trace_kwargs, fig, layout) -> None:
        if isinstance(trace_names, str):
            trace_names = [trace_names]
        if data is not None:
            data = to_2d_array(data)
            if trace_names is None:
                trace_names = [None] * data.shape[1]
            checks.assert_shape_equal(data, trace_names, (1, 0))
        elif trace_names is None:
            raise ValueError("pass data, or the names of traces that get their values later")
        if fig is None:
            fig = make_figure()
            fig.update_layout(**self._new_layout)
        fig.update_layout(**layout)
        for n, trace_name in enumerate(trace_names):
            own = resolve_dict(trace_kwargs, i=n)
            name = own.pop("name", trace_name)
            name = None if name is None else str(name)
            trace = self._new_trace(len(trace_names), name=name, showlegend=name is not None)
            fig.add_trace(trace.update(**own), **(add_trace_kwargs or {}))
        TraceUpdater.__init__(self, fig, fig.data[len(fig.data) - len(trace_names) :])
        if data is not None:
            self.update(data)

    def update(self, data) -> None:
        """Replace the values; data: one column per trace."""
        data = to_2d_array(data)
        with self.fig.batch_update():
            for n, trace in enumerate(self.traces):
                self._set_values(trace, data[:, n])


class _OverLabels(_PerColumn):
    """Values over labels. data: rows x columns; trace_names: of the columns; x_labels: of rows."""

    def __init__(
        self,
        data=None,
        trace_names=None,
        x_labels=None,
        trace_kwargs=None,
        add_trace_kwargs: dict | None = None,
        fig: Any = None,
        **layout_kwargs,
    ) -> None:
        Configured.__init__(
            self,
            data=data,
            trace_names=trace_names,
            x_labels=x_labels,
            trace_kwargs=trace_kwargs,
            add_trace_kwargs=add_trace_kwargs,
            fig=fig,
            **layout_kwargs,
        )
        self._labels = None if x_labels is None else clean_labels(x_labels)
        self._draw(data, trace_names, trace_kwargs, add_trace_kwargs, fig, layout_kwargs)


class Bar(_OverLabels):
    """Bars."""

    def _new_trace(self, n_traces, **common):
        return go.Bar(x=self._labels, **common)

    def _set_values(self, trace, values):
        trace.y = values
        if trace.marker.colorscale is not None:
            trace.marker.color = values


class Scatter(_OverLabels):
    """Lines or points (`mode` in `trace_kwargs`)."""

    def _new_trace(self, n_traces, **common):
        return go.Scatter(x=self._labels, **common)

    def _set_values(self, trace, values):
        trace.y = values


class _Distribution(_PerColumn):
    """How the values of each column are spread.

    horizontal: values go up, not to the right (of boxes: the other way). remove_nan: without
    unknown values. from_quantile, to_quantile: without those below and above.
    """

    def __init__(
        self,
        data=None,
        trace_names=None,
        horizontal: bool = False,
        remove_nan: bool = True,
        from_quantile: float | None = None,
        to_quantile: float | None = None,
        trace_kwargs=None,
        add_trace_kwargs: dict | None = None,
        fig: Any = None,
        **layout_kwargs,
    ) -> None:
        Configured.__init__(
            self,
            data=data,
            trace_names=trace_names,
            horizontal=horizontal,
            remove_nan=remove_nan,
            from_quantile=from_quantile,
            to_quantile=to_quantile,
            trace_kwargs=trace_kwargs,
            add_trace_kwargs=add_trace_kwargs,
            fig=fig,
            **layout_kwargs,
        )
        self._horizontal = horizontal
        self._remove_nan = remove_nan
        self._quantiles = from_quantile, to_quantile
        self._draw(data, trace_names, trace_kwargs, add_trace_kwargs, fig, layout_kwargs)

    @property
    def horizontal(self) -> bool:
        return self._horizontal

    @property
    def remove_nan(self) -> bool:
        return self._remove_nan

    @property
    def from_quantile(self) -> float | None:
        return self._quantiles[0]

    @property
    def to_quantile(self) -> float | None:
        return self._quantiles[1]

    def _chosen(self, values: np.ndarray) -> np.ndarray:
        if self._remove_nan:
            values = values[~np.isnan(values)]
        low, high = (None if q is None else np.quantile(values, q) for q in self._quantiles)
        chosen = np.ones(values.shape, np.bool_)
        if low is not None:
            chosen &= values >= low
        if high is not None:
            chosen &= values <= high
        return values[chosen]


class Histogram(_Distribution):
    """Counts of values."""

    _new_layout = {"barmode": "overlay"}  # noqa: RUF012

    def _new_trace(self, n_traces, **common):
        return go.Histogram(opacity=0.75 if n_traces > 1 else 1, **common)

    def _set_values(self, trace, values):
        values = self._chosen(values)
        trace.x, trace.y = (None, values) if self._horizontal else (values, None)


class Box(_Distribution):
    """Quartiles and ends of values."""

    def _new_trace(self, n_traces, **common):
        return go.Box(**common)

    def _set_values(self, trace, values):
        values = self._chosen(values)
        trace.x, trace.y = (values, None) if self._horizontal else (None, values)


class Heatmap(Configured, TraceUpdater):
    """A table in colors. data: y_labels x x_labels; is_x_category, is_y_category: labels stand at
    equal distances, whatever they are.
    """

    def __init__(
        self,
        data=None,
        x_labels=None,
        y_labels=None,
        is_x_category: bool = False,
        is_y_category: bool = False,
        trace_kwargs: dict | None = None,
        add_trace_kwargs: dict | None = None,
        fig: Any = None,
        **layout_kwargs,
    ) -> None:
        Configured.__init__(
            self,
            data=data,
            x_labels=x_labels,
            y_labels=y_labels,
            is_x_category=is_x_category,
            is_y_category=is_y_category,
            trace_kwargs=trace_kwargs,
            add_trace_kwargs=add_trace_kwargs,
            fig=fig,
            **layout_kwargs,
        )
        data = None if data is None else to_2d_array(data)
        (height, width), (y_labels, x_labels) = _lengths(data, {"y": y_labels, "x": x_labels})
        if fig is None:
            fig = make_figure()
            fig.update_layout(**_size_of_table(height, width))
        table = go.Heatmap(hoverongaps=False, colorscale="Plasma", x=x_labels, y=y_labels)
        fig.add_trace(table.update(**(trace_kwargs or {})), **(add_trace_kwargs or {}))
        TraceUpdater.__init__(self, fig, fig.data[-1:])
        for letter, is_category in (("x", is_x_category), ("y", is_y_category)):
            if is_category:
                number = (self.traces[0][f"{letter}axis"] or letter)[1:]
                fig.update_layout({f"{letter}axis{number}": {"type": "category"}})
        fig.update_layout(**layout_kwargs)
        if data is not None:
            self.update(data)

    def update(self, data) -> None:
        with self.fig.batch_update():
            self.traces[0].z = to_2d_array(data)


def _lengths(data: np.ndarray | None, labels: dict[str, Any]) -> tuple[tuple[int, ...], list]:
    """Lengths of the axes, and labels that Plotly knows; labels: by axis of the data."""
    if data is None and any(own is None for own in labels.values()):
        raise ValueError("pass data, or " + " and ".join(f"{name}_labels" for name in labels))
    if data is not None:
        for axis, own in enumerate(labels.values()):
            if own is not None:
                checks.assert_shape_equal(data, own, (axis, 0))
    shape = tuple(len(own) for own in labels.values()) if data is None else data.shape
    return shape, [None if own is None else clean_labels(own) for own in labels.values()]


def _size_of_table(height: int, width: int) -> dict[str, float]:
    """Pixels of the figure of a table, by its shape."""
    most = _default_width()
    if most is None:
        return {}

    def pixels(cells: int) -> int:
        return math.ceil(renormalize(cells / (height + width), (0, 1), (0.3 * most, most)))

    # The scale of colors is beside the table.
    return {"width": min(pixels(width) + 150, most), "height": min(pixels(height), 0.7 * most)}


class Volume(Configured, TraceUpdater):
    """Values in space. data: x_labels x y_labels x z_labels; scene_name: of the figure's scene."""

    def __init__(
        self,
        data=None,
        x_labels=None,
        y_labels=None,
        z_labels=None,
        trace_kwargs: dict | None = None,
        add_trace_kwargs: dict | None = None,
        scene_name: str = "scene",
        fig: Any = None,
        **layout_kwargs,
    ) -> None:
        Configured.__init__(
            self,
            data=data,
            x_labels=x_labels,
            y_labels=y_labels,
            z_labels=z_labels,
            trace_kwargs=trace_kwargs,
            add_trace_kwargs=add_trace_kwargs,
            scene_name=scene_name,
            fig=fig,
            **layout_kwargs,
        )
        if data is not None:
            checks.assert_ndim(data, 3)
            data = np.asarray(data)
        shape, labels = _lengths(data, {"x": x_labels, "y": y_labels, "z": z_labels})
        if fig is None:
            fig = make_figure()
            width = _default_width()
            if width is not None:
                fig.update_layout(width=width, height=0.7 * width)
        scene: dict[str, Any] = {}
        places = []
        for letter, length, own in zip("xyz", shape, labels, strict=True):
            own = np.arange(length) if own is None else np.asarray(own)
            if not np.issubdtype(own.dtype, np.number):
                # Plotly's volumes have numbers for places, words beside them. Of several axes
                # of words, the last one alone has them, as in the original.
                ticks = {"ticktext": own, "tickvals": np.arange(length), "tickmode": "array"}
                scene = {f"{letter}axis": ticks}
                own = np.arange(length)
            places.append(own)
        if scene:
            fig.update_layout({scene_name: scene})
        fig.update_layout(**layout_kwargs)
        x, y, z = (grid.ravel() for grid in np.meshgrid(*places, indexing="ij"))
        # Few surfaces: each of them costs the browser much.
        space = go.Volume(x=x, y=y, z=z, opacity=0.2, surface_count=15, colorscale="Plasma")
        fig.add_trace(space.update(**(trace_kwargs or {})), **(add_trace_kwargs or {}))
        TraceUpdater.__init__(self, fig, fig.data[-1:])
        if data is not None:
            self.update(data)

    def update(self, data) -> None:
        with self.fig.batch_update():
            self.traces[0].value = np.asarray(data).ravel()

"""What `.vbt` draws of Series and DataFrames."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from ..base import index_fns, reshape_fns
from ..utils import checks
from ..utils.config import merge_dicts, resolve_dict

# Arguments that all have: return_fig, False for the object of `vectorbt.plotting` instead of its
# figure; kwargs, for that object.


def _result(drawn: Any, return_fig: bool) -> Any:
    return drawn.fig if return_fig else drawn


class PlotMethods:
    """Plots of Series and DataFrames."""

    obj: Any
    wrapper: Any
    to_2d_array: Callable[[], np.ndarray]
    flatten_grouped: Callable[..., Any]

    def _trace_names(self, given: Any) -> Any:
        if given is None and (self.obj.ndim == 2 or self.wrapper.name is not None):
            return self.wrapper.columns
        return given

    def _over_index(self, kind: str, trace_names, x_labels, return_fig, kwargs) -> Any:
        from . import plotting

        drawn = getattr(plotting, kind)(
            data=self.to_2d_array(),
            trace_names=self._trace_names(trace_names),
            x_labels=self.wrapper.index if x_labels is None else x_labels,
            **kwargs,
        )
        return _result(drawn, return_fig)

    def plot(self, trace_names=None, x_labels=None, return_fig: bool = True, **kwargs) -> Any:
        """Lines over the index; see `plotting.Scatter`."""
        return self._over_index("Scatter", trace_names, x_labels, return_fig, kwargs)

    def lineplot(self, **kwargs) -> Any:
        """`plot` of lines without markers, however short they are."""
        return self.plot(**merge_dicts({"trace_kwargs": {"mode": "lines"}}, kwargs))

    def scatterplot(self, **kwargs) -> Any:
        """`plot` of points."""
        return self.plot(**merge_dicts({"trace_kwargs": {"mode": "markers"}}, kwargs))

    def barplot(self, trace_names=None, x_labels=None, return_fig: bool = True, **kwargs) -> Any:
        """Bars over the index; see `plotting.Bar`."""
        return self._over_index("Bar", trace_names, x_labels, return_fig, kwargs)

    def _distribution(self, kind: str, trace_names, group_by, return_fig, kwargs) -> Any:
        from . import plotting

        if self.wrapper.grouper.is_grouped(group_by=group_by):
            whole = self.flatten_grouped(group_by=group_by).vbt
            return whole._distribution(kind, trace_names, None, True, kwargs)
        drawn = getattr(plotting, kind)(
            data=self.to_2d_array(), trace_names=self._trace_names(trace_names), **kwargs
        )
        return _result(drawn, return_fig)

    def histplot(self, trace_names=None, group_by=None, return_fig: bool = True, **kwargs) -> Any:
        """How often values are there, by column or group; see `plotting.Histogram`."""
        return self._distribution("Histogram", trace_names, group_by, return_fig, kwargs)

    def boxplot(self, trace_names=None, group_by=None, return_fig: bool = True, **kwargs) -> Any:
        """Quartiles by column or group; see `plotting.Box`."""
        return self._distribution("Box", trace_names, group_by, return_fig, kwargs)


class SeriesPlotMethods(PlotMethods):
    """Plots of Series."""

    def plot_against(
        self,
        other,
        trace_kwargs: dict | None = None,
        other_trace_kwargs: str | dict | None = None,
        pos_trace_kwargs: dict | None = None,
        neg_trace_kwargs: dict | None = None,
        hidden_trace_kwargs: dict | None = None,
        add_trace_kwargs: dict | None = None,
        fig: Any = None,
        **layout_kwargs,
    ) -> Any:
        """A line against another one, and the areas between them: green where this is higher.

        other_trace_kwargs: of the other line, "hidden" for none. pos_trace_kwargs and
        neg_trace_kwargs: of the areas; hidden_trace_kwargs: of the lines that they reach to.
        """
        from .canvas import HIDDEN, Canvas

        own, other = reshape_fns.broadcast(self.obj, other, columns_from="keep")
        checks.assert_instance_of(other, pd.Series)
        canvas = Canvas(fig, add_trace_kwargs, layout_kwargs)
        area = {**HIDDEN, "fill": "tonexty", "connectgaps": False}
        for inside, fillcolor, given in (
            (own > other, "rgba(0, 128, 0, 0.3)", pos_trace_kwargs),
            (own < other, "rgba(255, 0, 0, 0.3)", neg_trace_kwargs),
        ):
            if inside.any():
                edge = pd.Series(np.where(inside, own, other), own.index, name=own.name)
                canvas.line(other, hidden_trace_kwargs, **HIDDEN)
                canvas.line(edge, given, **area, fillcolor=fillcolor)
        canvas.draw(own, trace_kwargs or {})
        if isinstance(other_trace_kwargs, str) and other_trace_kwargs == "hidden":
            other_trace_kwargs = HIDDEN
        canvas.draw(other, other_trace_kwargs or {})  # pyright: ignore[reportArgumentType]
        return canvas.fig

    def overlay_with_heatmap(
        self,
        other,
        trace_kwargs: dict | None = None,
        heatmap_kwargs: dict | None = None,
        add_trace_kwargs: dict | None = None,
        fig: Any = None,
        **layout_kwargs,
    ) -> Any:
        """A line over the colors of another series; heatmap_kwargs: for those."""
        from .._settings import settings
        from ..utils.figure import make_subplots
        from .canvas import color

        own, other = reshape_fns.broadcast(self.obj, other, columns_from="keep")
        checks.assert_instance_of(other, pd.Series)
        if fig is None:
            fig = make_subplots(specs=[[{"secondary_y": True}]])
            width = settings["plotting"]["layout"].get("width")
            if width is not None:
                fig.update_layout(width=width + 100)
        fig.update_layout(**layout_kwargs)
        other.vbt.ts_heatmap(**(heatmap_kwargs or {}), add_trace_kwargs=add_trace_kwargs, fig=fig)
        return own.vbt.plot(
            trace_kwargs=merge_dicts({"line": {"color": color("blue")}}, trace_kwargs),
            add_trace_kwargs=merge_dicts({"secondary_y": True}, add_trace_kwargs),
            fig=fig,
        )

    def heatmap(
        self,
        x_level=None,
        y_level=None,
        symmetric: bool = False,
        sort: bool = True,
        x_labels=None,
        y_labels=None,
        slider_level=None,
        active: int = 0,
        slider_labels=None,
        return_fig: bool = True,
        fig: Any = None,
        **kwargs,
    ) -> Any:
        """Two levels of the index as a table in colors; see `plotting.Heatmap`.

        x_level, y_level: names or numbers of levels, needed where there are more than two.
        symmetric: each value on both sides of the diagonal. slider_level: a table for each value
        of another level, of which a slider shows one, first number `active`; slider_labels: what
        it is labelled with. A Series without levels is a table of one column.
        """
        index = self.wrapper.index
        if not isinstance(index, pd.MultiIndex):
            return self.obj.to_frame().vbt.heatmap(
                x_labels=x_labels, y_labels=y_labels, return_fig=return_fig, fig=fig, **kwargs
            )
        (x_level, y_level), (slider_level,) = index_fns.pick_levels(
            index, required_levels=(x_level, y_level), optional_levels=(slider_level,)
        )
        x_name, y_name = index.names[x_level], index.names[y_level]
        known = {
            "trace_kwargs": _told({"x": x_name, "y": y_name}, "z"),
            "xaxis_title": x_name,
            "yaxis_title": y_name,
        }
        kwargs = merge_dicts(known, kwargs)

        def draw(series: pd.Series, fig: Any, kwargs: dict, return_fig: bool = True) -> Any:
            table = series.vbt.unstack_to_df(
                index_levels=y_level, column_levels=x_level, symmetric=symmetric, sort=sort
            )
            return table.vbt.heatmap(
                x_labels=x_labels, y_labels=y_labels, return_fig=return_fig, fig=fig, **kwargs
            )

        if slider_level is None:
            return draw(self.obj, fig, kwargs, return_fig)
        _no_object(return_fig)
        return _slides(self.obj, slider_level, slider_labels, active, draw, fig, kwargs)

    def ts_heatmap(self, **kwargs) -> Any:
        """The values in colors, along the index."""
        return self.obj.to_frame().vbt.ts_heatmap(**kwargs)

    def volume(
        self,
        x_level=None,
        y_level=None,
        z_level=None,
        x_labels=None,
        y_labels=None,
        z_labels=None,
        slider_level=None,
        slider_labels=None,
        active: int = 0,
        scene_name: str = "scene",
        fillna: float | None = None,
        fig: Any = None,
        return_fig: bool = True,
        **kwargs,
    ) -> Any:
        """Three levels of the index as values in space; see `plotting.Volume`, and `heatmap`.

        fillna: instead of NaN, which widgets draw badly.
        """
        from . import plotting

        index = self.wrapper.index
        levels, (slider_level,) = index_fns.pick_levels(
            index, required_levels=(x_level, y_level, z_level), optional_levels=(slider_level,)
        )
        names = [index.names[level] for level in levels]
        labels = {
            f"{letter}_labels": np.unique(index.get_level_values(level)) if own is None else own
            for letter, level, own in zip(
                "xyz", levels, (x_labels, y_labels, z_labels), strict=True
            )
        }
        known = {
            "trace_kwargs": _told(dict(zip("xyz", names, strict=True)), "value"),
            scene_name: {f"{x}axis_title": name for x, name in zip("xyz", names, strict=True)},
            "scene_name": scene_name,
        }
        kwargs = merge_dicts(known, kwargs)
        gaps = []

        def draw(series: pd.Series, fig: Any, kwargs: dict, return_fig: bool = True) -> Any:
            values = series.vbt.unstack_to_array(levels=tuple(levels))
            if fillna is not None:
                values = np.nan_to_num(values, nan=fillna)
            gaps.append(np.isnan(values).any())
            return _result(plotting.Volume(values, **labels, fig=fig, **kwargs), return_fig)

        if slider_level is None:
            out = draw(self.obj, fig, kwargs, return_fig)
        else:
            _no_object(return_fig)
            out = _slides(self.obj, slider_level, slider_labels, active, draw, fig, kwargs)
        if any(gaps):
            warnings.warn(
                "there are values that are NaN: where a widget draws them badly, use `show()` or "
                "pass fillna",
                stacklevel=2,
            )
        return out

    def qqplot(
        self,
        sparams: Iterable | None = (),
        dist: Any = "norm",
        plot_line: bool = True,
        line_shape_kwargs: dict | None = None,
        xref: str = "x",
        yref: str = "y",
        fig: Any = None,
        **kwargs,
    ) -> Any:
        """Quantiles against those of a distribution (`dist`, `sparams`: see SciPy's `probplot`),
        and the line that fits them best; kwargs: of `scatterplot`.
        """
        try:
            from scipy.stats import probplot
        except ImportError as error:
            raise ImportError("qqplot needs SciPy: pip install scipy") from error
        from .canvas import Canvas

        fitted: Any = probplot(self.obj, sparams=sparams, dist=dist)
        (expected, ordered), (slope, intercept, _) = fitted
        fig = pd.Series(ordered, index=expected).vbt.scatterplot(fig=fig, **kwargs)
        if plot_line:
            ends = expected[[0, -1]]
            line = {
                "type": "line",
                "xref": xref,
                "yref": yref,
                **dict(zip(("x0", "x1"), ends, strict=True)),
                **dict(zip(("y0", "y1"), intercept + slope * ends, strict=True)),
                "line": {"color": "red"},
            }
            Canvas(fig).shapes([merge_dicts(line, line_shape_kwargs)])
        return fig


class FramePlotMethods(PlotMethods):
    """Plots of DataFrames."""

    def heatmap(self, x_labels=None, y_labels=None, return_fig: bool = True, **kwargs) -> Any:
        """The table in colors; see `plotting.Heatmap`."""
        from . import plotting

        drawn = plotting.Heatmap(
            data=self.to_2d_array(),
            x_labels=self.wrapper.columns if x_labels is None else x_labels,
            y_labels=self.wrapper.index if y_labels is None else y_labels,
            **kwargs,
        )
        return _result(drawn, return_fig)

    def ts_heatmap(self, is_y_category: bool = True, **kwargs) -> Any:
        """The table in colors with the index to the right, the first column on top."""
        lying = self.obj.transpose().iloc[::-1]
        return lying.vbt.heatmap(is_y_category=is_y_category, **kwargs)


def plot_splits(
    index: pd.Index,
    sets: list[list[pd.Index]],
    trace_names: Any = None,
    heatmap_kwargs: Any = None,
) -> Any:
    """Stretches of an index as bars, one row each; those of each set in a color of its own.

    heatmap_kwargs: for `ts_heatmap`, or a sequence of them, one for each set.
    """
    if isinstance(trace_names, str):
        trace_names = [trace_names]
    names = range(len(sets)) if trace_names is None else trace_names
    fig: Any = None
    for n, stretches in enumerate(sets):
        covered = pd.DataFrame(np.nan, index=index, columns=pd.RangeIndex(len(sets[0])))
        for row, stretch in enumerate(stretches):
            covered.loc[stretch, row] = n
        own = resolve_dict(heatmap_kwargs, i=n)
        shown = {"showscale": False, "name": str(names[n]), "showlegend": True}
        fig = covered.vbt.ts_heatmap(fig=fig, **merge_dicts({"trace_kwargs": shown}, own))
        colors = fig.layout.colorway or fig.layout.template.layout.colorway
        if "colorscale" not in own:
            fig.data[-1].update(colorscale=[colors[n], colors[n]])
    return fig


def _told(names: dict[str, Any], value: str) -> dict[str, str]:
    """What is shown of a point: its places, named after levels if they have names, and value."""
    lines = [f"{letter if name is None else name}: %{{{letter}}}" for letter, name in names.items()]
    return {"hovertemplate": "<br>".join([*lines, f"value: %{{{value}}}<extra></extra>"])}


def _no_object(return_fig: bool) -> None:
    if not return_fig:
        raise ValueError(
            "with slider_level there is a figure of several plots: no return_fig=False"
        )


_SLIDER_HEIGHT = 100


def _slides(series, level, labels, active: int, draw: Callable, fig: Any, kwargs: dict) -> Any:
    """A plot for each value of a level, of which a slider shows one.

    draw: `draw(series, fig, kwargs)` adds one trace and returns the figure.
    """
    shown = []
    for n, (value, part) in enumerate(series.groupby(level=level)):
        label = value if labels is None else labels[n]
        label = None if label is None else str(label)
        shown.append(label)
        hidden = {"trace_kwargs": {"name": label, "visible": False}}
        own = merge_dicts(hidden, kwargs)
        makes_room = fig is None and "height" not in own
        fig = draw(part, fig, own)
        if makes_room:
            fig.layout.height += _SLIDER_HEIGHT
    fig.data[active].visible = True
    count = len(fig.data)
    steps = [
        {
            "method": "update",
            "args": [{"visible": [other == n for other in range(count)]}, {}],
            "label": shown[n],
        }
        for n in range(count)
    ]
    name = series.index.names[level]
    slider = {
        "active": active,
        "currentvalue": {"prefix": None if name is None else f"{name}: "},
        "pad": {"t": 50},
        "steps": steps,
    }
    fig.update_layout(sliders=[slider])
    return fig

"""Where plots of records and accounts are drawn: lines, points, zones and levels in a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from .._settings import settings
from ..utils.colors import adjust_lightness
from ..utils.config import merge_dicts
from ..utils.figure import get_domain, go, make_figure

#: Lines that are there only for areas to reach to.
HIDDEN = {
    "line": {"color": "rgba(0, 0, 0, 0)", "width": 0},
    "opacity": 0,
    "hoverinfo": "skip",
    "showlegend": False,
    "name": None,
}


def color(name: str) -> str:
    """The color of lines that settings have under a name."""
    return settings["plotting"]["color_schema"][name]


def contrast(name: str) -> str:
    """The color of markers that settings have under a name: they stand out from lines."""
    return settings["plotting"]["contrast_color_schema"][name]


def marker(symbol: str, color: Any, size: Any = 7, **more) -> dict:
    """A marker with a darker border."""
    border = {"width": 1, "color": adjust_lightness(color)}
    return {"symbol": symbol, "color": color, "size": size, "line": border, **more}


#: A line of what is shown at a point: its title, and the values or the axis ("x", "y"), and how
#: numbers are written.
Detail = tuple[str, Any] | tuple[str, Any, str]


def hover(details: Sequence[Detail]) -> dict:
    """What is shown at points, as `customdata` (one column per array) and `hovertemplate`."""
    arrays, lines = [], []
    for title, values, *written in details:
        what = values
        if not isinstance(values, str):
            what = f"customdata[{len(arrays)}]"
            arrays.append(values)
        lines.append(f"{title}: %{{{':'.join([what, *written])}}}")
    return {"customdata": np.stack(arrays, axis=1), "hovertemplate": "<br>".join(lines)}


class Canvas:
    """A figure and a place in it.

    fig: None makes a new one. add_trace_kwargs: where traces go (row, column, which y axis);
    xref, yref: the axes of that place, for shapes; layout: of the figure, by name; new_layout:
    of a new figure.
    """

    def __init__(
        self,
        fig: Any = None,
        add_trace_kwargs: dict | None = None,
        layout: dict | None = None,
        xref: str = "x",
        yref: str = "y",
        new_layout: dict | None = None,
    ) -> None:
        if fig is None:
            fig = make_figure()
            fig.update_layout(**(new_layout or {}))
        fig.update_layout(**(layout or {}))
        self.fig = fig
        self.add_trace_kwargs = add_trace_kwargs
        self.xref = xref
        self.yref = yref

    def layout_axis(self, letter: str, **options) -> None:
        """Options of the x or y axis of this place."""
        ref = self.xref if letter == "x" else self.yref
        self.fig.update_layout({f"{letter}axis{ref[1:]}": options})

    def add(self, trace: Any, given: dict | None = None) -> None:
        """Put a trace there; given: what the caller wants otherwise."""
        self.fig.add_trace(trace.update(**(given or {})), **(self.add_trace_kwargs or {}))

    def line(self, series: pd.Series, given: dict | None = None, **style) -> None:
        """A line of a series under its own name, unless `style` has one."""
        self.draw(series, merge_dicts(style, given))

    def draw(self, series: Any, trace_kwargs: dict) -> None:
        """`series.vbt.plot` there."""
        series.vbt.plot(
            trace_kwargs=trace_kwargs, add_trace_kwargs=self.add_trace_kwargs, fig=self.fig
        )

    def points(
        self,
        name: str,
        x: Any,
        y: Any,
        style: dict,
        details: Sequence[Detail],
        given: dict | None = None,
    ) -> None:
        """Markers of a style; details: see `hover`."""
        trace = go.Scatter(x=x, y=y, mode="markers", marker=style, name=name, **hover(details))
        self.add(trace, given)

    def zones(
        self,
        x: tuple[Sequence, Sequence],
        fillcolor: str,
        given: dict | None = None,
        y: tuple[Sequence, Sequence] | None = None,
    ) -> None:
        """Rectangles from x[0] to x[1], from y[0] to y[1]; without `y` as high as the place."""
        bottom, top = get_domain(self.yref, self.fig) if y is None else (0, 0)
        common = {
            "type": "rect",
            "xref": self.xref,
            "yref": "paper" if y is None else self.yref,
            "fillcolor": fillcolor,
            "opacity": 0.2,
            "layer": "below",
            "line_width": 0,
        }
        count = len(x[0])
        sides = y or ([bottom] * count, [top] * count)
        corners = zip(x[0], sides[0], x[1], sides[1], strict=True)
        names = ("x0", "y0", "x1", "y1")
        self.shapes(
            merge_dicts(common, dict(zip(names, corner, strict=True)), given) for corner in corners
        )

    def level(self, y: float, given: dict | None = None) -> None:
        """A dashed line from side to side of the place."""
        left, right = get_domain(self.xref, self.fig)
        line = {
            "type": "line",
            "xref": "paper",
            "yref": self.yref,
            "x0": left,
            "y0": y,
            "x1": right,
            "y1": y,
            "line": {"color": "gray", "dash": "dash"},
        }
        self.shapes([merge_dicts(line, given)])

    def shapes(self, made: Any) -> None:
        """Put shapes there, all at once: Plotly copies those that are there each time."""
        new = [go.layout.Shape(**shape) for shape in made]
        if new:
            self.fig.layout.shapes = (*self.fig.layout.shapes, *new)

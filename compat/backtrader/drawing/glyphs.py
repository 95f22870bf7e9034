"""The artists of a pane as Bokeh's glyphs."""

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource, Dodge, LinearColorMapper

from ..unsupported import unsupported
from .scheme import PlotScheme
from .sheet import Artist, Curve, Fill, LogScale, Prices, Volume
from .styles import POINT, color_of, dash_of, marker_of, rgb, shaded

#: Bars of prices and volume are a bit narrower than the distance of two.
_WIDTH = 0.9

_STEPS = {"pre": "before", "post": "after", "mid": "center"}
_DRAWSTYLES = {"steps": "pre", "steps-pre": "pre", "steps-post": "post", "steps-mid": "mid"}

_PRICES = "0,0.00[0000]"
_VOLUMES = "0,0.[00]"


class Table:
    """The values of a figure: a column of all bars for each, whatever bars its data has.

    Glyphs read it where their line has all bars; `shown` lists (label, column, format) of what is
    told under the mouse.
    """

    def __init__(self, bars: int) -> None:
        self.bars = bars
        xs = np.arange(bars, dtype=float)
        self.source = ColumnDataSource({"x": xs, "one": np.ones(bars)})
        self.shown: list[tuple[str, str, str]] = []

    def add(self, xs: Any, **columns: Any) -> tuple[ColumnDataSource, dict[str, str]]:
        """(the source that glyphs read, the names that the columns have there)."""
        data: Any = self.source.data
        number = len(data)
        names = {name: f"{name}{number}" for name in columns}
        where = np.asarray(xs, dtype=int)
        own: Any = {"x": where.astype(float)}
        for name, values in columns.items():
            own[names[name]] = np.asarray(values, dtype=float)
            spread = np.full(self.bars, np.nan)
            spread[where] = own[names[name]]
            data[names[name]] = spread
        complete = len(where) == self.bars
        return (self.source if complete else ColumnDataSource(own)), names

    def show(self, label: str, column: str, form: str) -> None:
        self.shown.append((label, column, form))


class Glyphs:
    """Draws artists into a figure, with the y range of this name.

    `fills`, `levels` and `lines` are the renderers in the order of drawing, `of` those of an
    artist; `limiting` those that the y range follows (None: all).
    """

    def __init__(self, figure: Any, table: Table, scheme: PlotScheme, y_range: str) -> None:
        self.figure = figure
        self.table = table
        self.scheme = scheme
        self.options = {"y_range_name": y_range}
        self.fills: list[Any] = []
        self.levels: list[Any] = []
        self.lines: list[list[Any]] = []
        self.of: dict[Artist, list[Any]] = {}
        self.limiting: list[Any] | None = None

    def draw(self, artist: Artist) -> None:
        if isinstance(artist, Curve):
            made = self._curve(artist)
            self.fills += [self._fill(fill) for fill in artist.fills]
        elif isinstance(artist, Prices):
            made = self._prices(artist)
            if artist.holds_limits:
                self.limiting = made
        elif isinstance(artist, Volume):
            made = self._volume(artist) if artist.most else []
        else:
            assert isinstance(artist, LogScale)
            return
        self.of[artist] = made
        self.lines.append(made)

    def draw_levels(self, levels: Any) -> None:
        scheme, ends = self.scheme, (-0.5, self.table.bars - 0.5)
        if levels:
            made = self.figure.segment(
                x0=[ends[0]] * len(levels),
                x1=[ends[1]] * len(levels),
                y0=list(levels),
                y1=list(levels),
                line_color=color_of(scheme.hlinescolor),
                line_dash=dash_of(scheme.hlinesstyle) or "solid",
                line_width=scheme.hlineswidth,
                **self.options,
            )
            self.levels.append(made)

    def renderers(self) -> list[Any]:
        """All, from the lowest to the uppermost."""
        lines = reversed(self.lines) if self.scheme.zdown else self.lines
        return [*self.fills, *self.levels, *(renderer for made in lines for renderer in made)]

    # Curves

    def _curve(self, curve: Curve) -> list[Any]:
        draw = getattr(self, f"_as_{curve.method}", None)
        if draw is None:
            raise unsupported(
                f"plotlines with _method={curve.method!r} in a plot with Bokeh",
                "Draw with Matplotlib, or by plot, step, bar, scatter or fill_between.",
            )
        source, names = self.table.add(curve.xs, y=curve.ys)
        self.table.show(curve.name, names["y"], _PRICES)
        return draw(source, names["y"], dict(curve.style))

    def _as_plot(self, source: Any, y: str, style: dict[str, Any]) -> list[Any]:
        made = []
        color = color_of(style.get("color"), 1.0)
        dash = dash_of(style.get("ls", style.get("linestyle", "-")))
        if dash is not None:
            width = style.get("lw", style.get("linewidth", 1.5))
            look = {"line_color": color, "line_width": width, "line_dash": dash}
            look["line_alpha"] = _alpha(style)
            step = _DRAWSTYLES.get(style.get("drawstyle", ""))
            if step is None:
                made.append(self.figure.line("x", y, source=source, **look, **self.options))
            else:
                made.append(self._step(source, y, step, look))
        return made + self._markers(source, y, style, color)

    def _markers(self, source: Any, y: str, style: dict[str, Any], color: str) -> list[Any]:
        marker = marker_of(style.get("marker"))
        if marker is None:
            return []
        face = style.get("mfc", style.get("markerfacecolor"))
        edge = style.get("mec", style.get("markeredgecolor"))
        empty = style.get("fillstyle") == "none"
        made = self.figure.scatter(
            "x",
            y,
            source=source,
            marker=marker.name,
            angle=np.deg2rad(marker.angle),
            size=float(style.get("ms", style.get("markersize", 6.0))) * POINT,
            fill_color=None if empty else color_of(face) if face else color,
            line_color=color_of(edge) if edge else color,
            line_width=style.get("mew", style.get("markeredgewidth", 1.0)),
            alpha=_alpha(style),
            **self.options,
        )
        return [made]

    def _as_scatter(self, source: Any, y: str, style: dict[str, Any]) -> list[Any]:
        # There the size is an area.
        style = {"marker": "o", "markersize": style.get("s", 36.0) ** 0.5, **style}
        return self._markers(source, y, style, color_of(style.get("color")))

    def _as_step(self, source: Any, y: str, style: dict[str, Any]) -> list[Any]:
        style["drawstyle"] = "steps-" + style.get("where", "pre")
        return self._as_plot(source, y, style)

    def _step(self, source: Any, y: str, mode: str, look: dict[str, Any]) -> Any:
        mode = _STEPS[mode]
        return self.figure.step("x", y, source=source, mode=mode, **look, **self.options)

    def _as_bar(self, source: Any, y: str, style: dict[str, Any]) -> list[Any]:
        width = style.get("width", 0.8)
        color = color_of(style.get("color"))
        edge = style.get("ec", style.get("edgecolor"))
        bars = self.figure.vbar(
            "x",
            top=y,
            bottom=style.get("bottom") or 0.0,
            width=width,
            source=source,
            fill_color=color,
            line_color=color_of(edge) if edge else None,
            alpha=_alpha(style),
            **self.options,
        )
        if style.get("align", "center") == "edge":
            bars.glyph.x = {"field": "x", "transform": _moved(width / 2)}
        return [bars]

    def _as_fill_between(self, source: Any, y: str, style: dict[str, Any]) -> list[Any]:
        color = color_of(style.get("color"))
        look = {"fill_color": color, "fill_alpha": _alpha(style)}
        return [self.figure.varea("x", 0.0, y, source=source, **look, **self.options)]

    def _fill(self, fill: Fill) -> Any:
        areas = regions(fill)
        return self.figure.patches(
            xs=[xs for xs, _ in areas],
            ys=[ys for _, ys in areas],
            fill_color=color_of(fill.color),
            fill_alpha=fill.alpha,
            line_color=None,
            **self.options,
        )

    # Prices and volume

    def _prices(self, prices: Prices) -> list[Any]:
        columns = {"close": prices.closes}
        if prices.style != "line":
            columns = {"open": prices.opens, "high": prices.highs, "low": prices.lows, **columns}
            columns["up"] = _rising(prices)
        source, names = self.table.add(prices.xs, **columns)
        name = prices.label.partition(" (")[0]
        for column in ("open", "high", "low", "close"):
            if column in names:
                self.table.show(f"{name} {column}".strip(), names[column], _PRICES)
        if prices.style == "line":
            color = color_of(prices.color)
            options = {"color": color, "line_width": 1.5, **self.options}
            return [self.figure.line("x", names["close"], source=source, **options)]
        draw = self._candles if prices.style == "candle" else self._bars
        return draw(source, names)

    def _candles(self, source: Any, names: dict[str, str]) -> list[Any]:
        scheme, figure = self.scheme, self.figure
        up, down = rgb(scheme.barup), rgb(scheme.bardown)
        bodies = (
            color_of(up) if scheme.barupfill else "#00000000",
            (color_of(down) if scheme.bardownfill else "#00000000"),
        )
        edges = _by_direction(names["up"], *(color_of(shaded(one, -10)) for one in (up, down)))
        alpha = scheme.baralpha
        options = {"source": source, "line_color": edges, **self.options}
        wicks = figure.segment(
            "x", names["low"], "x", names["high"], line_width=1.25, line_alpha=alpha, **options
        )
        boxes = figure.vbar(
            "x",
            top=names["close"],
            bottom=names["open"],
            width=_WIDTH,
            fill_color=_by_direction(names["up"], *bodies),
            alpha=alpha,
            **options,
        )
        return [wicks, boxes]

    def _bars(self, source: Any, names: dict[str, str]) -> list[Any]:
        scheme, figure = self.scheme, self.figure
        colors = _by_direction(names["up"], color_of(scheme.barup), color_of(scheme.bardown))
        options = {"source": source, "line_color": colors, **self.options}
        left, right = ({"field": "x", "transform": _moved(by)} for by in (-0.5, 0.5))
        opens, closes = names["open"], names["close"]
        return [
            figure.segment("x", names["low"], "x", names["high"], line_width=1.5, **options),
            figure.segment(left, opens, "x", opens, line_width=1.0, **options),
            figure.segment("x", closes, right, closes, line_width=1.0, **options),
        ]

    def _volume(self, volume: Volume) -> list[Any]:
        scheme = self.scheme
        columns = {"volume": volume.volumes, "up": _rising(volume)}
        source, names = self.table.add(volume.xs, **columns)
        self.table.show(volume.label, names["volume"], _VOLUMES)
        bodies = rgb(scheme.volup), rgb(scheme.voldown)
        edges = (color_of(shaded(body, -5)) for body in bodies)
        drawn = self.figure.vbar(
            "x",
            top=names["volume"],
            bottom=0.0,
            width=_WIDTH,
            source=source,
            fill_color=_by_direction(names["up"], *(color_of(body) for body in bodies)),
            line_color=_by_direction(names["up"], *edges),
            line_width=0.5,
            alpha=scheme.voltrans if volume.overlay else 1.0,
            **self.options,
        )
        return [drawn]


def _alpha(style: dict[str, Any]) -> float:
    alpha = style.get("alpha")
    return 1.0 if alpha is None else alpha


def _rising(artist: Prices | Volume) -> Any:
    """1 for each bar that closed above its open, 0 for the others."""
    return np.asarray(artist.closes) > np.asarray(artist.opens)


def _moved(by: float) -> Dodge:
    """The transform that moves what is drawn along x."""
    return Dodge(value=by)


def _by_direction(column: str, up: str, down: str) -> dict[str, Any]:
    """The color of each bar, by whether it closed above its open."""
    return {"field": column, "transform": LinearColorMapper(palette=[down, up], low=0, high=1)}


def regions(fill: Fill) -> list[tuple[list[float], list[float]]]:
    """The outlines (xs, ys) of an area: one for each stretch of bars where it is filled.

    A stretch begins and ends where the two lines cross.
    """
    xs = np.asarray(fill.xs, dtype=float)
    first, second = (np.asarray(line, dtype=float) for line in (fill.first, fill.second))
    filled = np.isfinite(first) & np.isfinite(second)
    if fill.where is not None:
        filled &= fill.where
    edges = np.flatnonzero(np.diff(np.concatenate(([False], filled, [False]))))
    found = []
    for begin, end in edges.reshape(-1, 2):
        left = _crossing(xs, first, second, begin - 1)
        right = _crossing(xs, first, second, end - 1)
        middle = slice(begin, end)
        forth = [left, *zip(xs[middle], first[middle], strict=True), right]
        back = [*zip(xs[middle], second[middle], strict=True)][::-1]
        points = [point for point in (*forth, *back) if point is not None]
        found.append(([float(x) for x, _ in points], [float(y) for _, y in points]))
    return found


def _crossing(xs: Any, first: Any, second: Any, bar: int) -> tuple[float, float] | None:
    """Where two lines cross between a bar and the next one, if they do."""
    if not 0 <= bar < len(xs) - 1:
        return None
    before, after = (first - second)[bar : bar + 2]
    if not before * after < 0:
        return None
    part = before / (before - after)
    x = xs[bar] + part * (xs[bar + 1] - xs[bar])
    return float(x), float(first[bar] + part * (first[bar + 1] - first[bar]))

"""Drawing a strategy with Bokeh: a page that needs no server, with a chart for each sheet."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path
from typing import Any

try:
    import bokeh
except ImportError as missing:
    raise ImportError(
        "Bokeh seems to be missing. Needed for plots with it: pip install 'fillproof[report]'"
    ) from missing

from bokeh.embed import file_html
from bokeh.layouts import gridplot
from bokeh.models import (
    BasicTicker,
    ColumnDataSource,
    CrosshairTool,
    CustomJSHover,
    CustomJSTickFormatter,
    DataRange1d,
    FixedTicker,
    HoverTool,
    Label,
    LegendItem,
    LinearAxis,
    LinearScale,
    LogAxis,
    LogScale,
    NumeralTickFormatter,
    Range1d,
    Span,
    TabPanel,
    Tabs,
)
from bokeh.models import Legend as BokehLegend
from bokeh.plotting import figure
from bokeh.resources import INLINE

from ..dates import num2date
from .glyphs import Glyphs, Table
from .layout import lay_out
from .plotter import Plotter
from .scheme import PlotScheme
from .sheet import Legend, Pane, Prices, Sheet, Tag, Volume
from .sheet import LogScale as Logarithms
from .styles import color_of, place_of

assert bokeh.__version__

#: Height in pixels of a row, and of the axis of times.
_ROW = 100
_TIMES = 50
#: Space for the numbers beside the panes: the same for all, so that bars stand below each other.
_SIDES = 70

#: The names of the pages that this process has written.
_written: set[Path] = set()


class Chart:
    """One sheet drawn: `layout` is Bokeh's, for pages and notebooks of one's own."""

    def __init__(self, layout: Any, title: str) -> None:
        self.layout = layout
        self.title = title

    def savefig(self, filename: Any, **kwargs: Any) -> None:
        """Write this chart alone, as HTML whatever the name's ending; keywords of pictures are
        left out."""
        _write([self], Path(filename).with_suffix(".html"))


class BokehPlot(Plotter):
    """Draws strategies with Bokeh; keywords are settings of the scheme.

    filename: of the page; by default that of the script with `-plot.html`. browser: whether the
    page is opened in the browser; by default where there is a display and somebody at a terminal.
    """

    def __init__(self, filename: Any = None, browser: bool | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.filename = filename
        self.browser = browser
        self.charts: list[Chart] = []
        self._file: Path | None = None

    def plot(
        self,
        strategy: Any,
        figid: int = 0,
        numfigs: int = 1,
        iplot: bool = True,
        start: Any = None,
        end: Any = None,
        **kwargs: Any,
    ) -> list[Chart] | None:
        """Draw a strategy that has run; returns the charts, or None where there is no bar."""
        if not strategy.datas or not len(strategy):
            return None
        charts = []
        for number, sheet in enumerate(lay_out(strategy, self.p.scheme, start, end, numfigs), 1):
            title = type(strategy).__name__
            if numfigs > 1:
                title += f" {number} of {numfigs}"
            charts.append(Chart(_draw(sheet), title))
        self.charts += charts
        return charts

    def show(self) -> None:
        """Write the page with all charts, say where it is, and open it if there is a display."""
        if not self.charts:
            return
        first = self._file is None
        self._file = self._file or _chosen(self.filename)
        _write(self.charts, self._file, tell=first)
        if self.browser if self.browser is not None else _can_show():
            import webbrowser

            webbrowser.open(self._file.absolute().as_uri())

    def savefig(self, fig: Chart, filename: Any, *args: Any, **kwargs: Any) -> None:
        """Write one chart."""
        fig.savefig(filename)


def _can_show() -> bool:
    """Whether a browser can be opened, and somebody would see it."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return False
    return sys.stderr is not None and sys.stderr.isatty()


def _chosen(filename: Any) -> Path:
    """The name of a page; without one, that of the script, numbered from the second on."""
    if filename is not None:
        return Path(filename)
    script = Path(sys.argv[0]).stem if sys.argv and sys.argv[0] not in ("", "-c") else "backtrader"
    file, number = Path(f"{script}-plot.html"), 1
    while file.absolute() in _written:
        number += 1
        file = Path(f"{script}-plot-{number}.html")
    return file


def _write(charts: list[Chart], file: Path, tell: bool = True) -> None:
    _written.add(file.absolute())
    if len(charts) == 1:
        page = charts[0].layout
    else:
        panels = [TabPanel(child=chart.layout, title=chart.title) for chart in charts]
        page = Tabs(tabs=panels, sizing_mode="stretch_width")
    file.write_text(file_html(page, INLINE, charts[0].title), encoding="utf-8")
    if tell:
        print(f"fillproof: the plot is in {file}", file=sys.stderr)


# Sheets


def _draw(sheet: Sheet) -> Any:
    """The layout of a sheet: a figure for each pane, with one axis of time."""
    bars = len(sheet.times)
    # The bars' own times are told, x counts bars: there are no gaps for nights.
    told = _texts(sheet.times, sheet.mouse)
    ticks = sheet.scheme.fmt_x_ticks
    times = ColumnDataSource(
        {"mouse": told, "tick": told if ticks is None else _texts(sheet.times, ticks)}
    )
    # On the right there is space for the tags.
    x_range = Range1d(start=-1, end=bars + max(1.0, 0.04 * bars))
    vertical = Span(dimension="height", line_dash="dotted", line_width=1)
    figures = []
    bases = [pane for pane in sheet.panes if pane.below is None]
    for base in bases:
        guests = [pane for pane in sheet.panes if pane.base is base and pane is not base]
        drawn = _figure(sheet, base, guests, x_range, times)
        horizontal = Span(dimension="width", line_dash="dotted", line_width=1)
        drawn.add_tools(CrosshairTool(overlay=(horizontal, vertical)))
        drawn.xaxis.visible = base is bases[-1]
        figures.append(drawn)
    axis = figures[-1].xaxis[0]
    figures[-1].height += _TIMES
    axis.ticker = BasicTicker(min_interval=1, num_minor_ticks=0)
    axis.formatter = CustomJSTickFormatter(
        args={"times": times}, code="return times.data.tick[tick] ?? ''"
    )
    axis.major_label_orientation = math.radians(sheet.scheme.tickrotation)
    return gridplot(
        [[drawn] for drawn in figures],
        merge_tools=True,
        toolbar_location="right",
        toolbar_options={"logo": None},
        sizing_mode="stretch_width",
    )


def _texts(times: Any, form: str) -> list[str]:
    return [num2date(time).strftime(form) for time in times]


def _figure(sheet: Sheet, pane: Pane, guests: list[Pane], x_range: Any, times: Any) -> Any:
    """The figure of a pane and of what is laid over it."""
    drawn = figure(
        height=_ROW * pane.span,
        sizing_mode="stretch_width",
        x_range=x_range,
        y_range=DataRange1d(),
        y_axis_type="log" if _is_log(pane) else "linear",
        y_axis_location="left" if guests else "right",
        window_axis="x",
        tools="xpan,xwheel_zoom,xbox_zoom,reset,save",
        active_scroll="xwheel_zoom",
        min_border_left=_SIDES,
        min_border_right=_SIDES,
        min_border_top=2,
        min_border_bottom=2,
    )
    table = Table(len(sheet.times))
    made: dict[Pane, Glyphs] = {}
    for number, part in enumerate([pane, *guests]):
        name = f"y{number}" if number else "default"
        if number:
            drawn.extra_y_ranges[name] = DataRange1d()
            drawn.extra_y_scales[name] = LogScale() if _is_log(part) else LinearScale()
            axis = LogAxis if _is_log(part) else LinearAxis
            drawn.add_layout(axis(y_range_name=name), "right")
        made[part] = _draw_pane(drawn, part, sheet, table, name)
    drawn.renderers = [one for glyphs in made.values() for one in glyphs.renderers()]
    drawn.grid.visible = sheet.scheme.grid
    # With volume below prices the levels of the prices are those that are looked for.
    drawn.ygrid[0].axis = drawn.yaxis[-1]
    artists = {artist: found for glyphs in made.values() for artist, found in glyphs.of.items()}
    for part in made:
        if part.legend is not None:
            drawn.add_layout(_legend(part.legend, artists, sheet))
    _add_hover(drawn, table, times)
    return drawn


def _is_log(pane: Pane) -> bool:
    return any(isinstance(artist, Logarithms) for artist in pane.artists)


def _draw_pane(drawn: Any, pane: Pane, sheet: Sheet, table: Table, name: str) -> Glyphs:
    """Draw what a pane holds, and set its range and ticks."""
    scheme = sheet.scheme
    glyphs = Glyphs(drawn, table, scheme, name)
    for artist in pane.artists:
        glyphs.draw(artist)
        tag = getattr(artist, "tag", None)
        if tag is not None:
            face = scheme.locbg if isinstance(artist, Prices) else scheme.locbgother
            drawn.add_layout(_tag(tag, len(sheet.times), face, scheme, name))
    axis = next(one for one in drawn.yaxis if one.y_range_name == name)
    dress = pane.dress
    if dress is not None:
        glyphs.draw_levels(dress.levels)
        ticks = dress.ticks
        axis.ticker = FixedTicker(ticks=ticks) if ticks else BasicTicker(desired_num_ticks=4)
    y_range = drawn.y_range if name == "default" else drawn.extra_y_ranges[name]
    limiting = glyphs.limiting
    y_range.renderers = limiting if limiting is not None else glyphs.renderers()
    # There the margin is that of each side.
    y_range.range_padding = 2 * (dress.margin if dress and dress.margin else 0.05)
    for artist in pane.artists:
        if isinstance(artist, Volume):
            _set_volume(drawn, axis, y_range, artist, scheme)
        elif isinstance(artist, Prices) and artist.pushup:
            low, high = min(artist.lows), max(artist.highs)
            margin = 0.05 * (high - low)
            y_range.start = (low - margin) * (1.0 - artist.pushup)
            y_range.end = high + margin
    return glyphs


def _set_volume(drawn: Any, axis: Any, y_range: Any, volume: Volume, scheme: PlotScheme) -> None:
    """The range of volumes: below the prices they take a part of the height."""
    y_range.start = 0
    if not volume.most:
        axis.visible = False
        y_range.end = 1
        return
    axis.formatter = NumeralTickFormatter(format="0.[0]a")
    if volume.overlay:
        y_range.end = volume.most / scheme.volscaling
        # Only of what can be: the levels above are the prices'.
        axis.bounds = (0, volume.most * 1.2)


def _tag(tag: Tag, bars: int, face: Any, scheme: PlotScheme, y_range: str) -> Label:
    """A value beside its line, behind the last bar."""
    return Label(
        x=bars - 0.5,
        y=tag.value,
        text=f"{tag.value:.2f}",
        text_baseline="middle",
        text_font_size=f"{scheme.subtxtsize}pt",
        background_fill_color=color_of(face),
        background_fill_alpha=0.9,
        border_line_color=color_of(tag.edge),
        padding=2,  # pyright: ignore[reportArgumentType]
        y_range_name=y_range,
    )


def _legend(legend: Legend, artists: Any, sheet: Sheet) -> BokehLegend:
    """A legend; a click on an entry mutes what it names."""
    items = [LegendItem(label=label, renderers=artists[artist]) for label, artist in legend.entries]
    return BokehLegend(
        items=items,
        location=place_of(legend.place),  # pyright: ignore[reportArgumentType]
        click_policy="mute",
        label_text_font_size=f"{sheet.scheme.subtxtsize}pt",
        background_fill_alpha=0.5,
        border_line_color=None,
        padding=2,  # pyright: ignore[reportArgumentType]
        margin=4,
        spacing=0,
        glyph_height=14,
        label_height=14,
    )


def _add_hover(drawn: Any, table: Table, times: ColumnDataSource) -> None:
    """What stands under the mouse: time and values of the bar."""
    if not table.shown:
        return
    # Nothing to see: it only says which bar is meant.
    bars = drawn.line("x", "one", source=table.source, line_alpha=0.0, level="underlay")
    told = CustomJSHover(args={"times": times}, code="return times.data.mouse[value]")
    rows = [("time", "$index{custom}")]
    rows += [(label, f"@{{{column}}}{{{form}}}") for label, column, form in table.shown]
    drawn.add_tools(
        HoverTool(
            renderers=[bars],
            mode="vline",
            tooltips=rows,
            formatters={"$index": told},
            point_policy="follow_mouse",
        )
    )

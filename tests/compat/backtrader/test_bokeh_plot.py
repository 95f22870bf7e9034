"""Plots with Bokeh show what those with Matplotlib show: panes, glyphs, data, legends, tags."""

from __future__ import annotations

import re
import subprocess
import sys
import webbrowser

import fillproof.compat.backtrader as bt
import numpy as np
import pytest
from backtrader_plots import CASES
from bokeh.document import Document
from bokeh.models import HoverTool, Label, Legend, LogScale, Plot
from fillproof.compat.backtrader import plotting
from fillproof.compat.backtrader.drawing.glyphs import regions
from fillproof.compat.backtrader.drawing.page import BokehPlot
from fillproof.compat.backtrader.drawing.sheet import Fill
from fillproof.compat.backtrader.drawing.styles import color_of, dash_of, marker_of
from fillproof.compat.unsupported import UnsupportedFeature
from matplotlib import colors

#: Of a figure: one row is so high, and the axis of times.
ROW, TIMES = 100, 50

DRAWN = (
    "candles",
    "bars",
    "scheme_by_itself",
    "volume_below",
    "from_date_to_date",
    "datas_of_other_lengths",
    "data_over_data",
    "data_over_data_with_volume",
    "options_of_a_data",
    "options_of_lines",
    "observers",
)


class Both:
    """Draws with both libraries: pairs of a Matplotlib figure and the Bokeh document."""

    def __init__(self, plotter=None, **settings):
        import fillproof.compat.backtrader.plot as plot

        self.one = plotter or plot.Plot(**settings)
        self.other = BokehPlot(scheme=self.one.p.scheme)

    def plot(self, *args, **kwargs):
        figures, charts = self.one.plot(*args, **kwargs), self.other.plot(*args, **kwargs)
        return [
            (figure, document(chart), self.one.p.scheme)
            for figure, chart in zip(figures, charts, strict=True)
        ]

    def show(self):
        pass


def document(chart):
    """The chart as a browser gets it: from the document's JSON."""
    whole = Document()
    whole.add_root(chart.layout)
    return Document.from_json(whole.to_json())


@pytest.fixture
def drawn(monkeypatch):
    """What a case draws with both."""
    import matplotlib

    matplotlib.use("Agg")
    import fillproof.compat.backtrader.plot as plot
    import matplotlib.pyplot as plt

    plot.Plot.params.scheme.__init__()
    monkeypatch.setitem(sys.modules, "backtrader", bt)
    real = plotting.Plotting.plot

    def with_both(self, plotter=None, **settings):
        kept = {
            name: settings.pop(name) for name in ("start", "end", "numfigs") if name in settings
        }
        return real(self, Both(plotter, **settings), **kept)

    monkeypatch.setattr(plotting.Plotting, "plot", with_both)
    yield lambda name: [pair for pairs in CASES[name](bt) for pair in pairs]
    plt.close("all")
    plot.Plot.params.scheme.__init__()


def field_of(renderer, name):
    """The column that a glyph reads for one of its properties; None for a constant."""
    found = getattr(renderer.glyph, name)
    return found if isinstance(found, str) else getattr(found, "field", None)


def column(renderer, name):
    return np.asarray(renderer.data_source.data[field_of(renderer, name)], dtype=float)


def constant(renderer, name):
    found = getattr(renderer.glyph, name)
    return getattr(found, "value", found)


def kind(renderer):
    return type(renderer.glyph).__name__


def same(ours, theirs):
    np.testing.assert_array_equal(np.asarray(ours, float), np.asarray(theirs, float))


def area(points):
    x, y = np.asarray(points, dtype=float).T
    return abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2


def check_lines(ax, renderers):
    """Curves and markers: their points and colors."""
    curves = [line for line in ax.lines if len(line.get_xdata()) != 2]
    left = [r for r in renderers if kind(r) in ("Line", "Scatter")]
    assert bool(curves) == bool(left)
    for line in curves:
        wanted = "Scatter" if line.get_linestyle() == "None" else "Line"
        found = left.pop(0)
        assert kind(found) == wanted
        same(column(found, "x"), line.get_xdata())
        same(column(found, "y"), line.get_ydata())
        color = "fill_color" if wanted == "Scatter" else "line_color"
        assert constant(found, color) == colors.to_hex(line.get_color())
        if wanted == "Scatter":
            points = float(line.get_markersize())
            assert constant(found, "size") == pytest.approx(points * 4 / 3)
        else:
            assert constant(found, "line_width") == line.get_linewidth()
    assert not left


def check_bars(ax, renderers, segments):
    """Candles, bars of prices, columns of volume and of indicators: by their corners."""
    columns = [r for r in renderers if kind(r) == "VBar"]
    segments = [r for r in segments if field_of(r, "line_color")]
    bars = [r for r in columns if constant(r, "line_color") is None]
    assert len(bars) == len(ax.containers)
    for container, found in zip(ax.containers, bars, strict=True):
        same(column(found, "top"), [patch.get_height() for patch in container])
        assert constant(found, "width") == pytest.approx(container[0].get_width())
    boxes = [r for r in columns if r not in bars]
    named = [c for c in ax.collections if not c.get_label().startswith("_child")]
    for collection in named:
        corners = np.array([path.vertices for path in collection.get_paths()])
        if type(collection).__name__ == "PolyCollection":
            found = boxes.pop(0)
            width = corners[0, 2, 0] - corners[0, 1, 0]
            assert constant(found, "width") == pytest.approx(width)
            same(column(found, "x") - width / 2, corners[:, 0, 0])
            same(column(found, "top"), corners[:, 1, 1])
            if field_of(found, "bottom"):
                same(column(found, "bottom"), corners[:, 0, 1])
        else:
            found = segments.pop(0)
            same(column(found, "y0"), corners[:, 0, 1])
            same(column(found, "y1"), corners[:, 1, 1])
        shown = collection.get_edgecolor()
        palette = found.glyph.line_color.transform.palette
        assert [palette[int(up)] for up in column(found, "line_color")] == [
            colors.to_hex(color) for color in shown
        ]
    assert not boxes


def check_areas(ax, renderers):
    theirs = [
        sum(area(path.vertices) for path in collection.get_paths())
        for collection in ax.collections
        if type(collection).__name__ == "FillBetweenPolyCollection"
    ]
    ours = [
        sum(area(np.transpose(outline)) for outline in outlines(renderer))
        for renderer in renderers
        if kind(renderer) == "Patches"
    ]
    assert ours == pytest.approx(theirs)


def outlines(renderer):
    data = renderer.data_source.data
    return zip(data["xs"], data["ys"], strict=True)


def check_rest(ax, figure, name):
    """Tags, levels, legend and scale."""
    tags = [t for t in figure.center if isinstance(t, Label) and t.y_range_name == name]
    assert [(tag.text, tag.y) for tag in tags] == [
        (text.get_text(), text.get_position()[1]) for text in ax.texts
    ]
    # Dotted ones are the cursor's.
    lines = [line for line in ax.lines if line.get_linestyle() != ":"]
    levels = [line.get_ydata()[0] for line in lines if list(line.get_xdata()) == [0, 1]]
    found = [
        list(column(renderer, "y0"))
        for renderer in figure.renderers
        if kind(renderer) == "Segment" and renderer.y_range_name == name
        if constant(renderer, "line_color") == colors.to_hex("0.66")
    ]
    assert found == ([levels] if levels else [])
    scale = figure.y_scale if name == "default" else figure.extra_y_scales[name]
    assert isinstance(scale, LogScale) == (ax.get_yscale() == "log")


@pytest.mark.parametrize("name", DRAWN)
def test_the_page_shows_what_the_figure_shows(drawn, name):
    for figure, page, scheme in drawn(name):
        panes = list(page.select({"type": Plot}))
        places: dict = {}
        for ax in figure.axes:
            rows = ax.get_subplotspec().rowspan
            places.setdefault((rows.start, rows.stop), []).append(ax)
        assert len(panes) == len(places)
        panes.sort(key=lambda pane: page_order(page, pane))
        for pane, ((start, stop), axes) in zip(panes, places.items(), strict=True):
            last = pane is panes[-1]
            assert pane.height == ROW * (stop - start) + TIMES * last
            assert pane.x_range is panes[0].x_range
            assert pane.xaxis.visible == last
            names = ["default", *sorted(pane.extra_y_ranges)]
            legends = []
            for y_range, ax in zip(names, axes, strict=True):
                mine = [
                    r for r in pane.renderers if r.y_range_name == y_range and r.level != "underlay"
                ]
                in_order = mine[::-1] if scheme.zdown else mine
                check_lines(ax, in_order)
                check_bars(ax, in_order, [r for r in mine if kind(r) == "Segment"])
                check_areas(ax, mine)
                check_rest(ax, pane, y_range)
                if ax.get_legend():
                    legends.append([text.get_text() for text in ax.get_legend().get_texts()])
            found = [one for one in pane.center if isinstance(one, Legend)]
            assert [[item.label.value for item in one.items] for one in found] == legends
            assert all(one.click_policy == "mute" for one in found)
            (hover,) = pane.select({"type": HoverTool})
            assert hover.mode == "vline"


def page_order(page, pane):
    """The row of a figure in the grid."""
    grid = page.roots[0]
    return next(row for child, row, _ in grid.children if child is pane)


# Files, choices, errors


@pytest.fixture
def ran(cerebro_of, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["/somewhere/cross.py"])
    opened = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    cerebro = cerebro_of([10.0, 11.0, 12.0, 11.0])
    cerebro.addstrategy(bt.Strategy)
    cerebro.run()
    cerebro.opened = opened
    return cerebro


def test_a_page_by_the_name_of_the_script(ran, tmp_path, capsys):
    ran.plot(backend="bokeh")
    ran.plot(backend="bokeh")
    ran.plot(backend="bokeh", filename="own.html")
    told = "fillproof: the plot is in {}\n"
    names = ["cross-plot.html", "cross-plot-2.html", "own.html"]
    assert capsys.readouterr().err == "".join(told.format(name) for name in names)
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(names)
    page = (tmp_path / "own.html").read_text()
    assert "Volume" in page
    # Nothing is fetched, and nothing opened where nobody looks.
    assert not re.search(r'<(script|link|img)[^>]+(src|href)="http', page)
    assert ran.opened == []


def test_a_browser_is_opened_on_demand(ran):
    ran.plot(backend="bokeh", browser=True)
    (address,) = ran.opened
    assert address.endswith("/cross-plot.html")


def test_charts_are_saved_as_figures_are(ran, tmp_path):
    ((chart,),) = ran.plot(backend="bokeh")
    chart.savefig("picture.png", dpi=300)
    assert "<html" in (tmp_path / "picture.html").read_text()


def test_several_charts_stand_in_tabs_of_one_page(ran, tmp_path, capsys):
    (charts,) = ran.plot(backend="bokeh", numfigs=2)
    assert [chart.title for chart in charts] == ["Strategy 1 of 2", "Strategy 2 of 2"]
    assert "Strategy 2 of 2" in (tmp_path / "cross-plot.html").read_text()
    assert capsys.readouterr().err.count("\n") == 1


def test_the_environment_chooses_for_scripts(ran, tmp_path, monkeypatch):
    monkeypatch.setenv("FILLPROOF_PLOT", "bokeh")
    ran.plot(style="candle")
    assert (tmp_path / "cross-plot.html").exists()
    monkeypatch.setenv("FILLPROOF_PLOT", "gnuplot")
    with pytest.raises(ValueError, match="FILLPROOF_PLOT is 'matplotlib' or 'bokeh', not 'gnu"):
        ran.plot()
    with pytest.raises(ValueError, match="backend"):
        ran.plot(backend="plotly")


def test_run_has_an_option_for_it(tmp_path):
    script = tmp_path / "cross.py"
    script.write_text("import os, sys; print(os.environ['FILLPROOF_PLOT'], sys.argv[1:])")
    command = [sys.executable, "-m", "fillproof.cli", "run"]
    done = subprocess.run(
        [*command, "--plot", "bokeh", script, "--plot", "x"], capture_output=True, text=True
    )
    assert (done.stdout, done.returncode) == ("bokeh ['--plot', 'x']\n", 0), done.stderr
    done = subprocess.run([*command, "--plot", "x", script], capture_output=True, text=True)
    assert done.returncode == 2
    assert "bokeh" in done.stderr


def test_without_bokeh_it_says_what_to_install(ran, monkeypatch):
    monkeypatch.setitem(sys.modules, "bokeh", None)
    monkeypatch.delitem(sys.modules, "fillproof.compat.backtrader.drawing.page")
    with pytest.raises(ImportError, match=r"Bokeh seems to be missing.*fillproof\[report\]"):
        ran.plot(backend="bokeh")


def test_words_of_matplotlib():
    assert [color_of(c) for c in ("r", "0.5", "C1", "tab:red", "lime", "#abc")] == [
        "#ff0000",
        "#808080",
        "#ff7f0e",
        "#d62728",
        "#00ff00",
        "#aabbcc",
    ]
    assert color_of((1.0, 0.0, 0.0, 0.5)) == "#ff000080"
    with pytest.raises(ValueError, match="'reddish' is no color that Bokeh knows"):
        color_of("reddish")
    assert [dash_of(s) for s in ("--", "", "None", (0, (3, 6)))] == ["dashed", None, None, [4, 8]]
    with pytest.raises(UnsupportedFeature, match=r"the marker '\$x\$' in a plot with Bokeh"):
        marker_of("$x$")


def test_areas_end_where_lines_cross():
    one, other = np.array([1.0, 3.0, 1.0, np.nan, 5.0]), np.array([2.0, 2.0, 2.0, 2.0, 2.0])
    fill = Fill([0, 1, 2, 3, 4], one, other, one > other, "red", 0.5)
    assert regions(fill) == [
        ([0.5, 1.0, 1.5, 1.0], [2.0, 3.0, 2.0, 2.0]),
        ([4.0, 4.0], [5.0, 2.0]),
    ]


def test_what_cannot_be_drawn_is_named(cerebro_of):
    class Stems(bt.Strategy):
        def __init__(self):
            line = bt.ind.SMA(period=2, subplot=True)
            line.plotlines.sma._method = "hexbin"

    cerebro = cerebro_of([10.0, 11.0, 12.0, 11.0])
    cerebro.addstrategy(Stems)
    cerebro.run()
    with pytest.raises(UnsupportedFeature, match="_method='hexbin' in a plot with Bokeh"):
        cerebro.plot(backend="bokeh")

"""Figures: what they need, widgets, themes, values that are replaced, arguments."""

from __future__ import annotations

import subprocess
import sys

import fillproof.compat.vectorbt as vbt
import numpy as np
import pandas as pd
import pytest

INDEX = pd.date_range("2024-01-01", periods=8, freq="D")
CLOSE = pd.Series([10.0, 11, 12, 11, 13, 12, 10, 14], INDEX, name="X")
TABLE = pd.DataFrame({"a": CLOSE, "b": CLOSE[::-1].to_numpy()})


@pytest.fixture(autouse=True)
def settings():
    yield
    vbt.settings.reset()
    vbt.settings.register_templates()  # Plotly keeps those that a test has changed


@pytest.fixture
def pf():
    size = pd.Series([1.0, 0, -1, 2, 0, -2, 1, 0], INDEX)
    return vbt.Portfolio.from_orders(CLOSE, size, fees=0.01)


class TestPlotly:
    def run(self, code: str) -> str:
        out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        return out.stdout + out.stderr

    def test_it_is_imported_with_the_first_figure(self):
        code = (
            "import sys, pandas as pd, fillproof.compat.vectorbt as vbt\n"
            "pf = vbt.Portfolio.from_holding(pd.Series([1.0, 2.0, 3.0]))\n"
            "pd.Series([1.0]).vbt.rebase(1), vbt.MA, vbt.OHLCSTX, pf.trades.records, pf.stats\n"
            "print(sorted({'plotly', 'matplotlib'} & set(sys.modules)))\n"
            "pf.plot_orders()\n"
            "print('plotly' in sys.modules)"
        )
        assert self.run(code).split("\n")[:2] == ["[]", "True"]

    @pytest.mark.parametrize(
        "plot",
        ["vbt.Portfolio.from_holding(x).plot()", "x.vbt.plot()", "vbt.plotting", "x.vbt.px.bar()"],
    )
    def test_where_it_is_missing_the_error_names_the_extra(self, plot):
        code = (
            "import sys, pandas as pd, fillproof.compat.vectorbt as vbt\n"
            f"sys.modules['plotly'] = None; x = pd.Series([1.0, 2.0])\n{plot}"
        )
        last = self.run(code).strip().split("\n")[-1]
        assert last.startswith("ImportError")
        assert "pip install 'fillproof[plot]'" in last


class TestFigures:
    def test_widgets_where_they_can_be(self, monkeypatch):
        from fillproof.compat.vectorbt.utils import figure

        class Missing:
            def __init__(self, *args, **kwargs):
                raise ImportError("anywidget")

        monkeypatch.setattr(figure, "FigureWidget", Missing)
        assert type(CLOSE.vbt.plot()) is vbt.Figure
        assert type(vbt.make_subplots(rows=2)) is vbt.Figure
        monkeypatch.setattr(figure, "FigureWidget", lambda **kwargs: "widget")
        assert vbt.make_figure() == "widget"
        vbt.settings.plotting["use_widgets"] = False
        assert type(vbt.make_figure()) is vbt.Figure

    def test_the_layout_of_the_settings(self):
        vbt.settings.plotting["layout"]["width"] = 444
        assert vbt.make_figure().layout.width == 444
        assert vbt.make_figure(layout={"width": 100}).layout.width == 100
        assert vbt.make_figure(vbt.make_figure(layout={"width": 99})).layout.width == 444
        assert vbt.make_subplots(rows=2, cols=1).layout.width == 444

    def test_themes(self):
        light = vbt.make_figure().layout.template.layout
        assert (light.paper_bgcolor, light.colorway[0]) == ("white", "#1f77b4")
        vbt.settings.set_theme("dark")
        dark = vbt.make_figure().layout.template.layout
        assert (dark.paper_bgcolor, dark.font.color) == ("#1f2536", "#d6dfef")
        vbt.settings.plotting["themes"]["dark"]["template"]["layout"] = {"paper_bgcolor": "black"}
        vbt.settings.set_theme("dark")
        assert vbt.make_figure().layout.template.layout.paper_bgcolor == "black"

    def test_a_figure_is_written_as_a_page(self, pf, tmp_path):
        pf.plot().write_html(tmp_path / "page.html", include_plotlyjs="cdn")
        assert "Cumulative Returns" in (tmp_path / "page.html").read_text()


class TestPlotting:
    def test_values_are_replaced(self):
        lines = TABLE.vbt.plot(return_fig=False)
        lines.update(TABLE * 2)
        assert [list(trace.y) for trace in lines.fig.data] == (TABLE * 2).T.to_numpy().tolist()
        boxes = vbt.plotting.Box(trace_names=["a"], from_quantile=0.5)
        boxes.update([[1.0], [2.0], [np.nan], [3.0]])
        assert list(boxes.traces[0].y) == [2.0, 3.0]

    def test_only_the_traces_of_a_plot_are_its_own(self):
        fig = CLOSE.vbt.plot()
        lines = TABLE.vbt.plot(fig=fig, return_fig=False)
        assert [trace.name for trace in lines.traces] == ["a", "b"]
        assert [trace.name for trace in fig.data] == ["X", "a", "b"]

    @pytest.mark.parametrize(
        ("make", "error"),
        [
            (lambda: vbt.plotting.Scatter(), "data"),
            (lambda: vbt.plotting.Heatmap(x_labels=[1]), "y_labels"),
            (lambda: TABLE.vbt.ohlcv.plot(plot_type="lines"), "'lines'"),
        ],
    )
    def test_errors_say_what_is_needed(self, make, error):
        with pytest.raises(ValueError, match=error):
            make()


class TestPortfolio:
    def test_zones_and_levels_stand_in_their_subplot(self, pf):
        fig = pf.plots(subplots=["trades", "trade_pnl"], make_subplots_kwargs={"rows": 2})
        kinds = [(shape.type, shape.xref, shape.yref) for shape in fig.layout.shapes]
        assert kinds == [("rect", "x", "y")] * 3 + [("line", "paper", "y2")]

    def test_many_zones_are_drawn_at_once(self):
        rows = 2000
        close = pd.Series(np.arange(1.0, rows + 1))
        size = np.tile([1.0, -1.0], rows // 2)
        pf = vbt.Portfolio.from_orders(close, size, init_cash=1e6)
        assert len(pf.trades.plot().layout.shapes) == rows // 2

    def test_own_subplots(self, pf):
        class Own(vbt.Portfolio):
            _subplots = vbt.Portfolio.subplots.copy()

        Own.subplots["size"] = {"title": "Size", "plot_func": "orders.size.to_pd.vbt.barplot"}
        own = pf.replace(cls_=Own)
        fig = own.plots(subplots=["size", "value"])
        assert fig.data[0].type == "bar"
        assert "size" not in vbt.Portfolio.subplots


def test_themes_are_those_of_the_package_whatever_others_make_of_its_templates(monkeypatch):
    import plotly.io as pio
    from fillproof.compat.vectorbt.utils.themes import template

    monkeypatch.setattr(pio.templates["plotly_dark"].layout, "paper_bgcolor", "black")
    assert template("dark", ["red"])["layout"]["paper_bgcolor"] == "#1f2536"

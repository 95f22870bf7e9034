"""The HTML report: one file that needs nothing else, with the verdict first."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..explain import date, explain
from ..hooks.tables import OUTCOME
from ..ledger import known
from ..summary import headline, release
from ..trace import Trace
from ..validate import Validation
from .terminal import row as table_row
from .terminal import seconds

MOST_POINTS = 3_000  # of one line in a chart
MOST_ORDERS = 500  # rows of one table of orders
MOST_FILLS = 3_000  # markers in one chart
MOST_ASSETS = 6  # charts of prices for one run
MOST_RUNS = 5  # runs drawn for one script


class ReportError(RuntimeError):
    """The report cannot be written; the message says what to install."""


def check_libraries() -> None:
    """Raise ReportError when the libraries of the `report` extra are not installed."""
    for name in ("bokeh", "jinja2"):
        if find_spec(name) is None:
            raise ReportError(f"Reports need {name}: run `pip install 'fillproof[report]'`.")


def write_report(results: list[Validation], file: Path) -> None:
    """Write the report of one or more validations to `file`, creating its folder.

    Raises ReportError when the libraries of the `report` extra are not installed.
    """
    check_libraries()
    from bokeh.embed import components
    from bokeh.resources import INLINE
    from jinja2 import Environment, FileSystemLoader, select_autoescape

    plots: dict[str, Any] = {}
    sections = [_section(number, result, plots) for number, result in enumerate(results)]
    script, divs = components(plots) if plots else ("", {})
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("report.html").render(
        sections=sections,
        rows=[(result.verdict, table_row(result)) for result in results],
        divs=divs,
        script=script,
        resources=INLINE.render() if plots else "",
        written=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        platform=platform.platform(),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, encoding="utf-8")


def _section(number: int, result: Validation, plots: dict[str, Any]) -> dict[str, Any]:
    theirs, ours, comparison = result.theirs, result.ours, result.comparison
    section: dict[str, Any] = {
        "name": f"s{number}",
        "result": result,
        "headline": headline(result),
        "release": release(result),
        "explanation": [],
        "known": known(result.framework),
        "charts": [],
        "orders": [],
        "counts": {},
        "versions": [],
        "times": [
            ("whole process", seconds(result.theirs_s), seconds(result.ours_s)),
            ("inside the run", seconds(result.theirs_inside_s), seconds(result.ours_inside_s)),
        ],
    }
    if theirs is None:
        return section
    section["versions"] = _versions(theirs, ours)
    if comparison is None or ours is None:
        return section
    section["explanation"] = explain(comparison, theirs, ours, result.framework)
    section["counts"] = {
        name: (*pair, comparison.counts.get(name, 0))
        for name, pair in comparison.rows.items()
        if sum(pair)
    }
    for run in range(min(len(theirs.runs), MOST_RUNS)):
        title = f"Run {run + 1}: {theirs.runs[run]['name']}" if len(theirs.runs) > 1 else ""
        keys = []
        for kind, plot in _charts(run, theirs, ours, result.framework):
            key = f"s{number}r{run}{kind}"
            plots[key] = plot
            keys.append(key)
        section["charts"].append({"title": title, "keys": keys})
        section["orders"].append({"title": title, **_orders(run, theirs, ours)})
    section["runs_left_out"] = max(0, len(theirs.runs) - MOST_RUNS)
    return section


def _charts(run: int, theirs: Trace, ours: Trace, framework: str):
    from bokeh.models import BasicTickFormatter
    from bokeh.plotting import figure

    mine, yours = _equity(theirs, run), _equity(ours, run)
    timed = bool(mine.height) and _is_time(mine["time"])
    axis = "datetime" if timed else "linear"

    def new_figure(title: str, height: int, **more):
        plot = figure(
            title=title,
            height=height,
            sizing_mode="stretch_width",
            x_axis_type=axis,
            tools="pan,xwheel_zoom,box_zoom,reset,save",
            **more,
        )
        plot.toolbar.logo = None
        return plot

    if mine.height or yours.height:
        plot = new_figure("Equity", 260)
        for frame, label, style in (
            (mine, framework, {"color": "#1f77b4", "line_width": 4, "alpha": 0.45}),
            (yours, "fillproof", {"color": "#d62728", "line_width": 1.2}),
        ):
            x, y = thin(_x(frame["time"], timed), frame["equity"].to_numpy())
            plot.line(x, y, legend_label=label, **style)
        _legend_above(plot)
        plot.yaxis.formatter = BasicTickFormatter(use_scientific=False)
        yield "equity", plot
        both = mine.join(yours, on="time", suffix="_ours").sort("time")
        difference = new_figure("Equity here minus equity there", 150, x_range=plot.x_range)
        x, y = thin(_x(both["time"], timed), (both["equity_ours"] - both["equity"]).to_numpy())
        difference.line(x, y, color="#444444")
        yield "difference", difference
    fills = theirs.tables["fills"].filter(pl.col("run") == run)
    busy = fills.group_by("asset").len().sort(["len", "asset"], descending=[True, False])["asset"]
    for place, asset in enumerate(busy.head(MOST_ASSETS)):
        yield f"fills{place}", _fills_chart(run, asset, theirs, ours, timed, new_figure)


def _fills_chart(run: int, asset: str, theirs: Trace, ours: Trace, timed: bool, new_figure):
    plot = new_figure(f"Fills: {asset}", 260)
    wanted = (pl.col("run") == run) & (pl.col("asset") == asset)
    prices = theirs.prices.filter(wanted).sort("time")
    if prices.height:
        x, y = thin(_x(prices["time"], timed), prices["close"].to_numpy())
        plot.line(x, y, color="#999999", legend_label="close")
    for trace, size, fill in ((theirs, 13, None), (ours, 6, "full")):
        name = "there" if trace is theirs else "here"
        for side, marker, colour in (
            ("buy", "triangle", "#2ca02c"),
            ("sell", "inverted_triangle", "#d62728"),
        ):
            chosen = trace.tables["fills"].filter(wanted & (pl.col("side") == side))
            chosen = chosen.head(MOST_FILLS)
            plot.scatter(
                _x(chosen["time"], timed),
                chosen["price"].to_numpy(),
                marker=marker,
                size=size,
                line_color=colour,
                fill_color=colour if fill else None,
                legend_label=f"{side} {name}",
            )
    _legend_above(plot)
    return plot


def _legend_above(plot) -> None:
    """Out of the way of what is drawn."""
    legend = plot.legend[0]
    legend.orientation = "horizontal"
    legend.click_policy = "hide"
    legend.border_line_color = None
    plot.add_layout(legend, "above")


def _equity(trace: Trace, run: int) -> pl.DataFrame:
    """Time and equity of one run, all groups together."""
    bars = trace.tables["bars"].filter(pl.col("run") == run)
    return bars.group_by("time", maintain_order=True).agg(pl.col("equity").sum())


def _is_time(times: pl.Series) -> bool:
    """Whether the numbers are nanoseconds since 1970, or the positions of an index without time."""
    largest = times.max()
    return isinstance(largest, int) and largest > 10**15


def _x(times: pl.Series, timed: bool) -> np.ndarray:
    return times.to_numpy() / 1e6 if timed else times.to_numpy().astype(float)


def thin(x: np.ndarray, y: np.ndarray, most: int = MOST_POINTS) -> tuple[np.ndarray, np.ndarray]:
    """At most about `most` points that look the same: of each stretch the lowest and highest."""
    if len(x) <= most:
        return x, y
    edges = np.linspace(0, len(x), most // 2 + 1).astype(int)
    kept = []
    for start, stop in pairwise(edges):
        part = y[start:stop]
        if np.isnan(part).all():
            continue
        kept += sorted({start + int(np.nanargmin(part)), start + int(np.nanargmax(part))})
    chosen = np.array([0, *kept, len(x) - 1])
    return x[chosen], y[chosen]


def _orders(run: int, theirs: Trace, ours: Trace) -> dict[str, Any]:
    """The table of orders: both sides in one row, with the differing cells marked."""
    mine, yours = (trace.tables["orders"].filter(pl.col("run") == run) for trace in (theirs, ours))
    total = max(mine.height, yours.height)
    columns = ["order", "bar", "time", "asset", "side", "size", "kind", "price", "limit", *OUTCOME]
    shown = []
    for place in range(min(total, MOST_ORDERS)):
        left = mine.row(place, named=True) if place < mine.height else None
        right = yours.row(place, named=True) if place < yours.height else None
        cells = []
        for column in columns:
            there = _cell(column, left)
            here = _cell(column, right)
            cells.append((there, here, there != here))
        shown.append(cells)
    return {"columns": columns, "rows": shown, "total": total, "left_out": total - len(shown)}


def _cell(column: str, order: dict[str, Any] | None) -> str:
    if order is None:
        return "nothing"
    value = order[column]
    if column == "time":
        return date(value)
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.10g}"
    return str(value)


def _versions(theirs: Trace, ours: Trace | None) -> list[tuple[str, str, str]]:
    here = ours.versions if ours else {}
    names = list(dict.fromkeys([*theirs.versions, *here]))
    rows = [("Python", theirs.python, ours.python if ours else "")]
    return rows + [(name, theirs.versions.get(name, ""), here.get(name, "")) for name in names]

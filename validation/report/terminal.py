"""The verdict on a terminal."""

from __future__ import annotations

import math
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from ..explain import explain, place
from ..ledger import known
from ..summary import headline
from ..validate import Validation

NUMBERS = ("bars", "orders", "fills", "time there", "time here", "ratio")
ENTRY = {
    "backtrader": "Cerebro.run",
    "zipline": "run_algorithm",
    "vectorbt": "Portfolio.from_…",
}
COLOURS = {"identical": "green", "divergent": "red", "could not run": "yellow"}


def show(result: Validation, report: Path | None = None, console: Console | None = None) -> None:
    """Print the verdict of one validation: the headline, the first divergence, the times."""
    console = console or new_console()
    say = lambda text, style="": console.print(Text(text, style=style), soft_wrap=True)  # noqa: E731
    say(headline(result), f"bold {COLOURS[result.verdict]}")
    if result.comparison is not None and result.theirs and result.ours:
        for line in explain(result.comparison, result.theirs, result.ours, result.framework):
            say(line)
        if result.comparison.rounding:
            count = result.comparison.rounding
            say(f"Standard output: {count} line(s) differ in digits below 1e-9 relative only.")
    for note in result.notes:
        say(f"Note: {note}", "yellow")
    ledger = known(result.framework)
    if ledger:
        say(
            f"Known divergences of {result.framework} in the ledger: {len(ledger)} "
            f"({', '.join(one.id for one in ledger)})."
        )
    if not math.isnan(result.theirs_s):
        say(
            f"Whole process, without the recorder: {seconds(result.theirs_s)} there, "
            f"{seconds(result.ours_s)} here, ratio {result.ratio:.2f}."
        )
    if report is not None:
        say(f"Report: {report}")


def show_table(
    results: list[Validation], report: Path | None = None, console: Console | None = None
) -> None:
    """Print one row for each validation, and the explanation of those that diverge."""
    console = console or new_console()
    right = [Column(name, justify="right", no_wrap=True) for name in NUMBERS]
    table = Table("framework", *right[:3], "result", *right[3:])
    for result in results:
        style = COLOURS[result.verdict]
        cells = row(result)
        table.add_row(*(Text(c, style=style if n == 4 else "") for n, c in enumerate(cells)))
    console.print(table)
    console.print(Text("Times are those of the whole process, without the recorder."))
    for result in results:
        if not math.isnan(result.theirs_inside_s):
            there, here, ratio = inside(result)
            text = f"Inside {ENTRY[result.framework]}: {there} there, {here} here, {ratio}."
            console.print(Text(text), soft_wrap=True)
    for result in results:
        if result.verdict != "identical" or result.notes:
            console.print(Text(f"\n{result.script}", style="bold"))
            show(result, console=console)
    if report is not None:
        console.print(Text(f"Report: {report}"), soft_wrap=True)


def new_console() -> Console:
    """As wide as the terminal; without one, wide enough that nothing is cut off."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=140)


def row(result: Validation) -> list[str]:
    """The cells of one validation in the table."""
    rows = result.comparison.rows if result.comparison else {}
    return [
        result.framework or Path(result.script).name,
        f"{result.theirs.bars:,}" if result.theirs else "-",
        _pair(rows.get("orders")),
        _pair(rows.get("fills")),
        verdict(result),
        seconds(result.theirs_s),
        seconds(result.ours_s),
        _ratio(result.ratio),
    ]


def inside(result: Validation) -> tuple[str, str, str]:
    """The time inside the framework's entry point: there, here, ratio."""
    there, here = result.theirs_inside_s, result.ours_inside_s
    return seconds(there), seconds(here), _ratio(there / here if here else math.nan)


def verdict(result: Validation) -> str:
    """`identical`, or where the first divergence is, or that it could not run."""
    one = result.comparison.first if result.comparison else None
    if one is None or result.theirs is None:
        return result.verdict
    where = place(one, result.theirs)
    return f"first divergence: {where}{one.kind} {', '.join(one.fields)}".strip()


def seconds(value: float) -> str:
    """A duration with three figures that matter."""
    if math.isnan(value):
        return "-"
    if value >= 0.9995:
        return f"{value:.2f} s"
    return f"{value * 1000:.3g} ms"


def _ratio(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.1f} x"


def _pair(counts: tuple[int, int] | None) -> str:
    """One number when both sides have the same, else both."""
    if counts is None:
        return "-"
    there, here = counts
    return f"{there:,}" if there == here else f"{there:,} / {here:,}"

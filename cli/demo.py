"""`fillproof demo`: the three examples on both sides, one table and one report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .extras import require_report
from .progress import progress

REPORT = Path("build/demo/report.html")
EXAMPLES = ("backtrader_sma_cross.py", "zipline_momentum.py", "vectorbt_signals.py")


def command(
    examples: Annotated[Path, typer.Option(help="The folder of the examples.")] = Path("examples"),
    report: Annotated[Path, typer.Option(help="Where the report goes.")] = REPORT,
) -> None:
    """Run the three examples on the real frameworks and on fillproof, and compare.

    The exit status is 0 when all are identical, 1 when one diverges, 2 when one could not run.
    """
    missing = [name for name in EXAMPLES if not (examples / name).exists()]
    if missing:
        typer.echo(
            f"fillproof: {examples.resolve()} lacks {', '.join(missing)}; start the demo where "
            "fillproof's examples are, or give their folder with --examples.",
            err=True,
        )
        raise typer.Exit(2)
    require_report()
    from ..validation.report.html import write_report
    from ..validation.report.terminal import show_table
    from ..validation.validate import validate

    results = []
    with progress("demo") as tell:
        for name in EXAMPLES:

            def step(text: str, name: str = name) -> None:
                tell(f"{name}: {text}")

            results.append(validate(examples / name, timing="inside", progress=step))
        tell("writing the report")
        write_report(results, report)
    show_table(results, report)
    raise typer.Exit(max(result.status for result in results))

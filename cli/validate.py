"""`fillproof validate SCRIPT [args…]`: run it on both sides and compare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .extras import require_report
from .progress import progress


def command(
    context: typer.Context,
    script: Annotated[str, typer.Argument(help="A script written for one of the frameworks.")],
    report: Annotated[
        Path | None, typer.Option("--report", help="Write the HTML report here.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the result as JSON here.")
    ] = None,
    timing: Annotated[
        bool, typer.Option(help="Also time both sides, without the recorder.")
    ] = True,
) -> None:
    """Run SCRIPT on the real framework and on fillproof, and compare order by order.

    Options of fillproof's own may stand before or after SCRIPT; everything else is the script's,
    and everything after `--`. The exit status is 0 when both sides are identical, 1 when they
    diverge and 2 when the script could not run.
    """
    from ..validation.validate import validate

    if report is not None:
        require_report()
    with progress(f"validate {script}") as tell:
        result = validate(
            script, context.args, timing="process" if timing else "none", progress=tell
        )
        if report is not None:
            tell("writing the report")
            from ..validation.report.html import write_report

            write_report([result], report)
    if json_file is not None:
        import json

        from ..validation.summary import summary

        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps(summary(result), indent=1) + "\n")
    from ..validation.report.terminal import show

    show(result, report)
    raise typer.Exit(result.status)

"""`fillproof lookahead SCRIPT [args…]`: does it use prices that it could not know?"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from .failing import fail
from .progress import progress


def command(
    context: typer.Context,
    script: Annotated[str, typer.Argument(help="A script written for one of the frameworks.")],
    cuts: Annotated[int, typer.Option(min=1, help="At how many places the data end early.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON in place of text.")] = False,
) -> None:
    """Run SCRIPT again on data that end early, and name the indicator or signal that changes.

    Half of the cuts are at bars at which it sent orders. The exit status is 0 when nothing that was
    decided before a cut changes, 1 when something does, and 2 when the script cannot be checked.
    """
    from ..validation.lookahead import LookaheadError, check_lookahead

    try:
        with progress(f"lookahead {script}") as tell:
            found = check_lookahead(script, context.args, cuts, tell)
    except LookaheadError as error:
        fail(str(error))
    if as_json:
        typer.echo(json.dumps({
            "clean": found.clean,
            "decisions": found.decisions,
            "runs": found.runs,
            "cuts": list(found.cuts),
            "names": list(found.names),
            "changes": [change._asdict() for change in found.changes],
            "left_out": found.left_out,
        }, indent=1))  # fmt: skip
    else:
        typer.echo(str(found))
    if not found.changes and not found.decisions:
        raise typer.Exit(2)
    raise typer.Exit(0 if found.clean else 1)

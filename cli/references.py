"""`fillproof references install|list`: the real frameworks, each in an environment of its own."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(
    help="The real frameworks that results are compared with.",
    no_args_is_help=True,
)


@app.command("install")
def install(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]…", help="backtrader, zipline, vectorbt; all of them by default."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Build anew what is there.")] = False,
) -> None:
    """Build the environments of the real frameworks in the user's cache folder."""
    from ..validation import references

    try:
        references.install(names or [], force=force)
    except (ValueError, references.ReferenceInstallError) as error:
        typer.echo(f"fillproof: {error}", err=True)
        raise typer.Exit(2) from None


@app.command("list")
def list_() -> None:
    """Show name, version, Python and path of each reference."""
    from rich.table import Column, Table

    from ..validation.references import list_references
    from ..validation.report.terminal import new_console

    path = Column("path", overflow="fold")
    table = Table("reference", "version", "Python", path, "state")
    for one in list_references():
        name = f"{one.name} ({one.distribution})" if one.name != one.distribution else one.name
        state = "ready" if one.installed else "not installed"
        table.add_row(name, one.version, one.python or "-", str(one.path), state)
    new_console().print(table)

"""How a command ends that cannot do what it was asked for."""

from __future__ import annotations

from typing import NoReturn

import typer


def fail(text: str) -> NoReturn:
    """Say why on standard error and end the command with status 2."""
    typer.echo(f"fillproof: {text}", err=True)
    raise typer.Exit(2)

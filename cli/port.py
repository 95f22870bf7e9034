"""`fillproof port SCRIPT [-o OUT]`: what a script uses of its framework, and new imports."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from .failing import fail


def command(
    script: Annotated[
        Path, typer.Argument(help="A script, a notebook, or a folder with scripts and notebooks.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", help="Write the file with new imports here; for a folder, all."
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; status 1 unless every name is supported."),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="List the names that are supported as well.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON in place of text.")] = False,
) -> None:
    """List the framework names that SCRIPT uses, with their state here, and port its imports.

    Nothing is run. `supported`: works as there. `partial`: an argument is not taken.
    `unsupported`: raises UnsupportedFeature when it is used. `unknown`: no name of the framework
    that fillproof knows. The exit status is 0; with --check 1 when a name is not supported; 2 when
    a file cannot be read.
    """
    try:
        from ..compat.porting.assess import PortError, assess, files
        from ..compat.porting.report import lines
    except ModuleNotFoundError as error:
        if error.name != "libcst":
            raise
        fail("porting needs LibCST: pip install 'fillproof[port]'")
    found = []
    failed = False
    try:
        listed = list(files(script))
    except PortError as error:
        fail(str(error))
    for path in listed:
        try:
            found.append(assess(path))
        except PortError as error:
            print(f"fillproof: {error}", file=sys.stderr)
            failed = True
    if as_json:
        typer.echo(json.dumps([one.as_json() for one in found], indent=1))
    else:
        for one in found:
            for line in lines(one, everything):
                typer.echo(line)
    if out is not None and not check:
        for one in found:
            to = out / one.path.relative_to(script) if script.is_dir() else out
            if to.is_dir():
                to = to / one.path.name
            to.parent.mkdir(parents=True, exist_ok=True)
            # Line ends as they were: text mode would change them.
            to.write_bytes(one.text.encode("utf-8"))
    ready = all(one.ready for one in found)
    raise typer.Exit(2 if failed else int(check and not ready))

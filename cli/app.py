"""The commands that have help pages; each stands in a file of its own."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated

import typer

from . import data, demo, lookahead, port, references, validate, warmup

app = typer.Typer(
    name="fillproof",
    help="Run Backtrader, Zipline and VectorBT scripts unedited on one array engine, and prove "
    "that they trade the same.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"fillproof {version('fillproof')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and end."
        ),
    ] = False,
) -> None:
    pass


class PlotBackend(StrEnum):
    """The libraries that draw what `cerebro.plot()` of a Backtrader script shows."""

    matplotlib = "matplotlib"
    bokeh = "bokeh"


@app.command("run", context_settings={**_PASS_ON, "allow_interspersed_args": False})
def run(
    context: typer.Context,
    script: Annotated[str, typer.Argument(help="A script written for one of the frameworks.")],
    plot: Annotated[
        PlotBackend | None,
        typer.Option(
            "--plot", help="What draws Backtrader's cerebro.plot(); bokeh writes an HTML page."
        ),
    ] = None,
) -> None:
    """Run SCRIPT, unedited, with its framework's names resolved to fillproof.

    Everything after SCRIPT is the script's own.
    """
    from .run import run_script

    if plot is not None:
        os.environ["FILLPROOF_PLOT"] = plot.value
    raise typer.Exit(run_script(script, context.args))


@app.command("btrun", context_settings={**_PASS_ON, "help_option_names": []})
def btrun(context: typer.Context) -> None:
    """Run what the options of Backtrader's own command `btrun` say; -h lists them."""
    from .btrun import run

    raise typer.Exit(run(context.args))


app.command("validate", context_settings=_PASS_ON)(validate.command)
app.command("lookahead", context_settings=_PASS_ON)(lookahead.command)
app.command("port")(port.command)
app.command("demo")(demo.command)
app.command("warmup")(warmup.command)
app.add_typer(data.app, name="data")
app.add_typer(references.app, name="references")
